//! Flatpak's applications: the newest release that their AppStream metadata names.

use std::path::{Path, PathBuf};

use quick_xml::Reader as XmlReader;
use quick_xml::events::Event;

use super::{KIND, upstream};
use crate::model::Version;
use crate::source::Reader;

/// Where the metadata lies in an application, by its id.
const METADATA: [&str; 3] = [
    "files/share/metainfo/ID.metainfo.xml",
    "files/share/appdata/ID.appdata.xml",
    "files/share/metainfo/ID.appdata.xml",
];

/// The version of an application, for the whole system or for the user of one of the homes.
pub(super) fn installed(root: &Path, homes: &[PathBuf], id: &str, reader: &Reader) -> Option<Version> {
    let system = root.join("var/lib/flatpak");
    let users = homes.iter().map(|home| home.join(".local/share/flatpak"));
    users.chain([system]).find_map(|installation| {
        let active = installation.join("app").join(id).join("current/active");
        METADATA.iter().find_map(|path| {
            let (_, bytes) = reader.read(&active.join(path.replace("ID", id)), KIND).ok()?;
            newest_release(&bytes)
        })
    })
}

/// The first `<release version="...">`: releases are listed newest first.
fn newest_release(bytes: &[u8]) -> Option<Version> {
    let mut xml = XmlReader::from_reader(bytes);
    loop {
        match xml.read_event().ok()? {
            Event::Start(tag) | Event::Empty(tag) if tag.local_name().as_ref() == "release" => {
                let version = tag.try_get_attribute("version").ok()??;
                return upstream(&version.value);
            }
            Event::Eof => return None,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_release_is_the_newest() {
        let text = b"<?xml version='1.0'?><component><id>x</id><releases>\
                     <release date='2025-01-01' version='2.1'><description/></release>\
                     <release version='2.0'/></releases></component>";
        assert_eq!(newest_release(text), Some(Version::new(2, 1, 0)));
        assert_eq!(newest_release(b"<component/>"), None);
        assert_eq!(newest_release(b"<component><release/>"), None);
        assert_eq!(newest_release(b"<component"), None);
        assert_eq!(newest_release(b"\xff\xfe"), None);
    }
}
