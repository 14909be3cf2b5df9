//! What a file is, whatever its name.

use std::fs;
use std::path::Path;

use crate::source::Reader;

/// What a file or folder is, whatever its name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(unix, derive(Copy))]
pub(super) enum Identity {
    #[cfg(unix)]
    Inode(u64, u64),
    #[cfg(not(unix))]
    Path(std::path::PathBuf),
}

impl Identity {
    #[cfg(unix)]
    pub(super) const fn inode(device: u64, inode: u64) -> Self {
        Self::Inode(device, inode)
    }
}

/// What a path leads to.
#[cfg(unix)]
pub(super) fn of(path: &Path, reader: &Reader) -> Option<Identity> {
    reader.identity(path).map(|(device, inode)| Identity::inode(device, inode))
}

/// What a path leads to.
#[cfg(not(unix))]
pub(super) fn of(path: &Path, reader: &Reader) -> Option<Identity> {
    reader.real_path_of(path).map(Identity::Path)
}

/// What a folder is.
#[cfg(all(unix, any(not(target_os = "linux"), test)))]
pub(super) fn of_folder(path: &Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(path).ok().map(|metadata| Identity::inode(metadata.dev(), metadata.ino()))
}

/// What a folder is.
#[cfg(not(unix))]
pub(super) fn of_folder(path: &Path) -> Option<Identity> {
    fs::canonicalize(path).ok().map(Identity::Path)
}

/// The file system on which a path leads to something.
#[cfg(unix)]
pub(super) fn device(path: &Path) -> Option<u64> {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(path).ok().map(|metadata| metadata.dev())
}

/// Nothing is known about file systems here.
#[cfg(not(unix))]
pub(super) fn device(_: &Path) -> Option<u64> {
    None
}
