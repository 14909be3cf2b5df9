//! Where links in a home lead.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::Metadata;
use std::path::{Path, PathBuf};

use super::Home;
use crate::clients::CLIENTS;
use crate::source::Reader;
use crate::source::sqlite::COMPANIONS;

impl Home {
    /// What links on the way to known places lead to, with what belongs to a file under its name. Of folders only those
    /// of the home's owner: a link to the root of the file system must not open all of it.
    #[must_use]
    pub fn linked(&self, reader: &Reader) -> BTreeSet<PathBuf> {
        let mut linked = BTreeSet::new();
        for link in self.links() {
            let Some(real) = reader.real_path_of(&link) else { continue };
            if real.is_dir() && !have_one_owner(&real, &self.root) {
                continue;
            }
            linked.extend(with_companions(&real));
        }
        linked
    }

    /// The links on the way to known places. Behind a `*` lie the folders of sandboxes, which keep their files there.
    fn links(&self) -> Vec<PathBuf> {
        let mut links = Vec::new();
        // The folders on the way are few and the places many, so each is asked about once.
        let mut seen: BTreeMap<PathBuf, bool> = BTreeMap::new();
        for place in CLIENTS.iter().flat_map(|client| client.known_places().iter().chain(client.key_stores())) {
            let mut path = self.base(place.base).to_owned();
            for part in place.path.split('/').take_while(|part| !part.contains('*')) {
                path.push(part);
                let is_there = *seen.entry(path.clone()).or_insert_with(|| {
                    let metadata = path.symlink_metadata();
                    links.extend(metadata.as_ref().is_ok_and(Metadata::is_symlink).then(|| path.clone()));
                    metadata.is_ok()
                });
                if !is_there {
                    break;
                }
            }
        }
        links
    }
}

/// Whether both belong to one user.
#[cfg(unix)]
#[must_use]
pub fn have_one_owner(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let owner = |path: &Path| path.metadata().map(|metadata| metadata.uid());
    matches!((owner(one), owner(other)), (Ok(one), Ok(other)) if one == other)
}

/// Where nobody owns anything, always.
#[cfg(not(unix))]
#[must_use]
pub const fn have_one_owner(_: &Path, _: &Path) -> bool {
    true
}

/// A path, and those of what belongs to a database by its name.
#[must_use]
pub fn with_companions(path: &Path) -> Vec<PathBuf> {
    let named = |suffix: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        PathBuf::from(name)
    };
    let suffixes = if path.is_file() { &COMPANIONS[..] } else { &[] };
    [&[""], suffixes].concat().into_iter().map(named).collect()
}
