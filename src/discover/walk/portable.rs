//! The walk where the system is none that is known better: one thread, by paths.

use std::path::Path;

use walkdir::{DirEntry, WalkDir};

use super::{Entry, Kind, Manner, Visit, Walked, is_pruned};
use crate::discover::identity::{self, Identity};
use crate::model::Trouble;

/// Walks through everything below `root`.
pub(super) fn walk<V: Visit>(root: &Path, manner: Manner<'_>, visit: &V) -> Walked {
    let mut walked = Walked::default();
    let walk = WalkDir::new(root).max_depth(manner.max_depth).same_file_system(manner.one_file_system);
    let mut entries = walk.into_iter();
    while let Some(entry) = entries.next() {
        match entry {
            Ok(entry) => {
                if stays_out(&entry, manner, &mut walked) {
                    entries.skip_current_dir();
                }
                meet(&entry, visit);
            }
            Err(error) => closed(&error, root, visit),
        }
    }
    walked
}

fn meet<V: Visit>(entry: &DirEntry, visit: &V) {
    let kind = kind_of(entry);
    if entry.depth() == 0 || !visit.wants(entry.file_name().as_encoded_bytes(), kind) {
        return;
    }
    visit.meet(&Entry { path: entry.path().to_owned(), kind, peek: &|_| None });
}

fn kind_of(entry: &DirEntry) -> Kind {
    match entry.file_type() {
        kind if kind.is_dir() => Kind::Folder,
        kind if kind.is_file() => Kind::File,
        kind if kind.is_symlink() => Kind::Link,
        _ => Kind::Other,
    }
}

/// Whether the walk does not go into a folder.
fn stays_out(entry: &DirEntry, manner: Manner<'_>, walked: &mut Walked) -> bool {
    if !entry.path().is_dir() || entry.depth() > 0 && !entry.file_type().is_dir() {
        return false;
    }
    let name =
        |path: Option<&Path>| path.and_then(Path::file_name).unwrap_or_default().as_encoded_bytes().to_owned();
    let (above, own) = (name(entry.path().parent()), name(Some(entry.path())));
    if entry.depth() > 0 && entry.depth() < manner.max_depth && is_pruned(manner, &above, &own) {
        walked.pruned += 1;
        return true;
    }
    let Some(been_in) = manner.been_in else { return false };
    let identity: Option<Identity> = identity::of_folder(entry.path());
    let has_been = identity.as_ref().is_some_and(|identity| been_in.contains(identity));
    walked.folders.extend(identity.filter(|_| !has_been));
    has_been
}

fn closed<V: Visit>(error: &walkdir::Error, root: &Path, visit: &V) {
    let trouble = match error.io_error().map(std::io::Error::kind) {
        Some(std::io::ErrorKind::PermissionDenied) => Trouble::PermissionDenied,
        // What vanished while it was looked for has nothing to say.
        Some(std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory) | None => return,
        Some(kind) => Trouble::System(kind.to_string()),
    };
    visit.closed(error.path().unwrap_or(root).to_owned(), trouble);
}
