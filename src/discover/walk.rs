//! Everything below a folder.

use std::path::Path;

use walkdir::WalkDir;

use crate::model::{Notice, Trouble};

/// What a walk comes across.
pub(super) enum Event<'a> {
    /// A file, or a link that may lead to one, with its name as bytes.
    File(&'a Path, &'a [u8]),
    /// Something that could not be looked into.
    Trouble(Notice),
}

/// Walks through everything below `root`, in the order of the names. Links to folders are not followed.
pub(super) fn walk(root: &Path, mut meet: impl FnMut(Event<'_>)) {
    for entry in WalkDir::new(root).follow_links(false).follow_root_links(true).sort_by_file_name() {
        match entry {
            Ok(entry) if entry.file_type().is_dir() => {}
            Ok(entry) if entry.file_type().is_file() || entry.file_type().is_symlink() => {
                meet(Event::File(entry.path(), entry.file_name().as_encoded_bytes()));
            }
            Ok(_) => {}
            Err(error) => {
                let trouble = match error.io_error() {
                    Some(io) if io.kind() == std::io::ErrorKind::PermissionDenied => Trouble::PermissionDenied,
                    // What vanished while it was looked for has nothing to say.
                    Some(io) if io.kind() == std::io::ErrorKind::NotFound => continue,
                    Some(io) => Trouble::System(io.kind().to_string()),
                    None => Trouble::LinkLoop,
                };
                let path = error.path().unwrap_or(root).to_owned();
                meet(Event::Trouble(Notice { path, kind: None, trouble }));
            }
        }
    }
}
