//! Which versions of the clients this machine has, as its package databases say. Files are read, nothing is run.

mod dpkg;
mod flatpak;
mod rpm;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::clients::{CLIENTS, Packages};
use crate::model::{ClientName, ClientVersion, FileKind, Purpose, Version, VersionSource};
use crate::source::{Bounds, Reader};

/// What the files are that are read here. None of them is ever reported.
const KIND: FileKind = FileKind("package database", Purpose::Other);

/// The versions of the clients that are installed.
#[derive(Clone, Debug, Default)]
pub struct Installed {
    /// The oldest and the newest of a client's packages.
    packages: BTreeMap<ClientName, (Version, Version)>,
    /// By the application's id: the part of a path that its files lie below.
    flatpaks: BTreeMap<&'static str, Version>,
}

/// A package and its version, without what the distribution has added to it.
type Package = (String, Version);

impl Installed {
    /// Looks the package databases of the system through whose root folder is `root`: `/`, or where a disk is
    /// mounted. A database that is not there, or not readable, tells nothing.
    #[must_use]
    pub fn below(root: &Path, homes: &[PathBuf]) -> Self {
        let reader = Reader::new(Bounds::default());
        let names: Vec<&str> = packages().flat_map(|(_, packages)| packages.names).copied().collect();
        let mut found = dpkg::installed(root, &reader, &names);
        found.extend(rpm::installed(root, &reader, &names));
        let mut installed = Self::default();
        for (client, packages) in packages() {
            for (_, version) in found.iter().filter(|(name, _)| packages.names.contains(&name.as_str())) {
                let range = installed.packages.entry(client).or_insert((*version, *version));
                *range = (range.0.min(*version), range.1.max(*version));
            }
            for id in packages.flatpaks {
                if let Some(version) = flatpak::installed(root, homes, id, &reader) {
                    installed.flatpaks.insert(id, version);
                }
            }
        }
        installed
    }

    /// The version of the client that reads the files at `path`: a Flatpak's lie below a folder of its own.
    #[must_use]
    pub fn version_of(&self, client: ClientName, path: &Path) -> Option<ClientVersion> {
        let sandboxed = path.components().any(|part| part.as_os_str() == "app")
            && path.components().any(|part| part.as_os_str() == ".var");
        if sandboxed {
            let id = path.components().find_map(|part| self.flatpaks.get(part.as_os_str().to_str()?))?;
            return Some(ClientVersion::exactly(*id, VersionSource::Package));
        }
        let (oldest, newest) = *self.packages.get(&client)?;
        let at_most = Some(newest);
        Some(ClientVersion { at_least: oldest, at_most, source: VersionSource::Package, place: None })
    }
}

fn packages() -> impl Iterator<Item = (ClientName, Packages)> {
    CLIENTS.into_iter().map(|client| (client.name(), client.packages()))
}

/// The version that a package's version begins with: `2.14.12` of `1:2.14.12-1+deb12u1`.
fn upstream(version: &str) -> Option<Version> {
    let (_, without_epoch) = version.split_once(':').unwrap_or(("", version));
    Version::parse(without_epoch)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn what_a_distribution_adds_does_not_count() {
        for (written, version) in [
            ("2.14.12-1", Some(Version::new(2, 14, 12))),
            ("1:0.13.1-2+deb12u1", Some(Version::new(0, 13, 1))),
            ("0.4.2~rc1-1", Some(Version::new(0, 4, 2))),
            ("unknown", None),
            ("", None),
        ] {
            assert_eq!(upstream(written), version, "{written}");
        }
    }

    #[test]
    fn a_machine_without_package_databases_tells_nothing() {
        let root = tempfile::tempdir().unwrap();
        let installed = Installed::below(root.path(), &[]);
        assert_eq!(installed.version_of(ClientName("pidgin"), Path::new("/home/alice/.purple")), None);
    }

    #[test]
    fn a_sandboxed_profile_belongs_to_the_flatpak() {
        let root = tempfile::tempdir().unwrap();
        let status = root.path().join("var/lib/dpkg");
        fs::create_dir_all(&status).unwrap();
        let stanza = "Package: gajim\nStatus: install ok installed\nVersion: 1.7.3-1\n\n";
        fs::write(status.join("status"), stanza).unwrap();
        let metainfo = root.path().join("var/lib/flatpak/app/org.gajim.Gajim/current/active/files/share/metainfo");
        fs::create_dir_all(&metainfo).unwrap();
        let text =
            "<component><releases><release version=\"2.4.0\"/><release version=\"2.3.0\"/></releases></component>";
        fs::write(metainfo.join("org.gajim.Gajim.metainfo.xml"), text).unwrap();
        let installed = Installed::below(root.path(), &[]);
        let version = |path| installed.version_of(ClientName("gajim"), Path::new(path)).map(|known| known.text());
        assert_eq!(version("/home/alice/.config/gajim").as_deref(), Some("1.7.3"));
        assert_eq!(version("/home/alice/.var/app/org.gajim.Gajim/config/gajim").as_deref(), Some("2.4.0"));
        assert_eq!(version("/home/alice/.var/app/org.gajim.Gajim.Devel/config/gajim"), None);
    }

    #[test]
    fn packages_are_known_by_the_names_that_distributions_give_them() {
        for (name, client) in [
            ("pidgin", "pidgin"),
            ("finch", "pidgin"),
            ("gajim", "gajim"),
            // Of Debian, and of Fedora.
            ("dino-im", "dino"),
            ("dino", "dino"),
            ("profanity", "profanity"),
            ("profanity-light", "profanity"),
        ] {
            let root = tempfile::tempdir().unwrap();
            let folder = root.path().join("var/lib/dpkg");
            fs::create_dir_all(&folder).unwrap();
            let stanza = format!("Package: {name}\nStatus: install ok installed\nVersion: 1.2.3-1\n\n");
            fs::write(folder.join("status"), stanza).unwrap();
            let installed = Installed::below(root.path(), &[]);
            for known in CLIENTS {
                let version = installed.version_of(known.name(), Path::new("x")).map(|version| version.text());
                let expected = (known.name().0 == client).then(|| "1.2.3".to_owned());
                assert_eq!(version, expected, "{name} {}", known.name().0);
            }
        }
    }

    #[test]
    fn two_packages_of_one_client_make_a_range() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("var/lib/dpkg");
        fs::create_dir_all(&folder).unwrap();
        let stanza =
            |name, version| format!("Package: {name}\nStatus: install ok installed\nVersion: {version}\n\n");
        fs::write(folder.join("status"), stanza("pidgin", "2.14.12-1") + &stanza("finch", "2.13.0-1")).unwrap();
        let known = Installed::below(root.path(), &[]).version_of(ClientName("pidgin"), Path::new("x")).unwrap();
        assert_eq!(known.text(), "2.13.0 – 2.14.12");
        assert_eq!(known.source, VersionSource::Package);
    }
}
