//! Opening folders and asking what they are.

use std::ffi::{CStr, CString};
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, ResolveFlags, Stat, fstat, openat, openat2, statat};
use rustix::io::Errno;

use super::Kind;
use crate::discover::identity::Identity;
use crate::model::Trouble;

const FLAGS: OFlags =
    OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC).union(OFlags::NONBLOCK).union(OFlags::NOCTTY);

/// Opens the folder that a walk begins with. It may be a link to one.
pub(super) fn open_root(path: &Path) -> Result<OwnedFd, Errno> {
    let path = CString::new(path.as_os_str().as_bytes()).map_err(|_| Errno::INVAL)?;
    openat(CWD, path, FLAGS, Mode::empty())
}

/// Opens a folder that lies in another. A link that has taken its place meanwhile is not followed.
pub(super) fn open(above: BorrowedFd<'_>, name: &CStr) -> Result<OwnedFd, Errno> {
    openat(above, name, FLAGS.union(OFlags::NOFOLLOW), Mode::empty())
}

/// The file system that a walk stays in.
#[derive(Debug)]
pub(super) struct FileSystem {
    device: u64,
    /// Whether the kernel can be asked not to cross the border at all, which costs nothing.
    knows_borders: AtomicBool,
}

impl FileSystem {
    pub(super) fn of(folder: &OwnedFd) -> Result<Self, Errno> {
        Ok(Self { device: fstat(folder)?.st_dev, knows_borders: AtomicBool::new(true) })
    }

    /// As [`open`]; none if the folder belongs to another file system. What is only mounted at another place as well,
    /// or a volume within the same mount, belongs to this one.
    pub(super) fn open(&self, above: BorrowedFd<'_>, name: &CStr) -> Result<Option<OwnedFd>, Errno> {
        if self.knows_borders.load(Ordering::Relaxed) {
            let flags = FLAGS.union(OFlags::NOFOLLOW);
            match openat2(above, name, flags, Mode::empty(), ResolveFlags::NO_XDEV) {
                Ok(folder) => return Ok(Some(folder)),
                Err(Errno::XDEV) => {}
                // Kernels before 5.6, and boxes that know no newer one.
                Err(Errno::NOSYS | Errno::PERM | Errno::INVAL) => {
                    self.knows_borders.store(false, Ordering::Relaxed)
                }
                Err(error) => return Err(error),
            }
        }
        let folder = open(above, name)?;
        let is_same = fstat(&folder)?.st_dev == self.device;
        Ok(is_same.then_some(folder))
    }
}

/// What an entry is, if the listing does not say.
pub(super) fn kind_of(folder: BorrowedFd<'_>, name: &CStr, listed: FileType) -> Option<Kind> {
    match listed {
        FileType::RegularFile => Some(Kind::File),
        FileType::Directory => Some(Kind::Folder),
        FileType::Symlink => Some(Kind::Link),
        FileType::Unknown => {
            let told = FileType::from_raw_mode(stat(folder, name).ok()?.st_mode);
            if told == FileType::Unknown { Some(Kind::Other) } else { kind_of(folder, name, told) }
        }
        _ => Some(Kind::Other),
    }
}

/// What an open folder is.
pub(super) fn identity_of(folder: impl AsFd) -> Option<Identity> {
    fstat(folder).ok().map(|stat| Identity::inode(stat.st_dev, stat.st_ino))
}

fn stat(folder: BorrowedFd<'_>, name: &CStr) -> Result<Stat, Errno> {
    statat(folder, name, AtFlags::SYMLINK_NOFOLLOW)
}

/// Why a folder could not be looked into; nothing where it has vanished, or become something else, meanwhile.
pub(super) fn trouble(error: Errno) -> Option<Trouble> {
    match error {
        Errno::ACCESS | Errno::PERM => Some(Trouble::PermissionDenied),
        Errno::NOENT | Errno::NOTDIR | Errno::LOOP => None,
        error => Some(Trouble::System(io::Error::from(error).kind().to_string())),
    }
}

/// Whether the process or the machine has as many files open as it may.
pub(super) fn is_out_of_descriptors(error: Errno) -> bool {
    matches!(error, Errno::MFILE | Errno::NFILE)
}
