//! Where a file stands: its folder, held, and its name there. No link is followed on the way.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::os::fd::OwnedFd;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use rustix::fs::{AtFlags, FileType, FlockOperation, Mode, OFlags, RenameFlags, Stat};
use rustix::io::Errno;

use super::trouble::{FileError, FileTrouble};

/// Only to lead on.
const LEAD: OFlags = OFlags::PATH.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

const NEVER_WAIT: OFlags = OFlags::NOFOLLOW.union(OFlags::NONBLOCK).union(OFlags::CLOEXEC).union(OFlags::NOCTTY);

/// Where a file stands.
#[derive(Clone, Debug)]
pub(super) struct Spot {
    path: PathBuf,
    folder: Arc<OwnedFd>,
    name: OsString,
}

/// A folder that is locked as long as this lives.
#[derive(Debug)]
pub(super) struct Lock(OwnedFd);

impl Drop for Lock {
    /// Closing alone would not do where a process that is just being started has the descriptor as well.
    fn drop(&mut self) {
        let _ = rustix::fs::flock(&self.0, FlockOperation::Unlock);
    }
}

/// What tells one state of a file from another, without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Identity {
    device: u64,
    inode: u64,
}

impl Identity {
    #[allow(clippy::unnecessary_cast, clippy::useless_conversion, reason = "the widths differ between machines")]
    pub(super) fn of(stat: &Stat) -> Self {
        Self { device: stat.st_dev as u64, inode: stat.st_ino as u64 }
    }
}

impl Spot {
    /// Holds the folder of a file, by a path without links.
    pub(super) fn hold(path: &Path) -> Result<Self, FileError> {
        let wrong = |error| FileError::new(path, FileTrouble::of("open its folder", error));
        let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else {
            return Err(FileError::new(path, FileTrouble::NotRegular));
        };
        let mut folder = rustix::fs::open("/", LEAD, Mode::empty()).map_err(wrong)?;
        for part in parent.components() {
            match part {
                Component::RootDir => {}
                Component::Normal(name) => {
                    folder = rustix::fs::openat(&folder, name, LEAD, Mode::empty()).map_err(wrong)?;
                }
                _ => return Err(FileError::new(path, FileTrouble::Link)),
            }
        }
        let open = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let folder = rustix::fs::openat(&folder, ".", open, Mode::empty()).map_err(wrong)?;
        Ok(Self { path: path.to_owned(), folder: Arc::new(folder), name: name.to_owned() })
    }

    /// Something else in the same folder.
    pub(super) fn sibling(&self, name: impl AsRef<OsStr>) -> Self {
        let name = name.as_ref().to_owned();
        Self { path: self.path.with_file_name(&name), folder: Arc::clone(&self.folder), name }
    }

    /// What lies beside it under its name with something at the end.
    pub(super) fn beside(&self, suffix: &str) -> Self {
        let mut name = self.name.clone();
        name.push(suffix);
        self.sibling(name)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn error(&self, trouble: impl Into<FileTrouble>) -> FileError {
        FileError::new(&self.path, trouble)
    }

    /// An error of the system while it was asked to do something, in this place.
    pub(super) fn wrong(&self, asked: &'static str) -> impl Fn(Errno) -> FileError + '_ {
        move |error| self.error(FileTrouble::of(asked, error))
    }

    /// What is known about what stands there, which may be a link.
    pub(super) fn stat(&self) -> Result<Stat, FileError> {
        rustix::fs::statat(&*self.folder, &self.name, AtFlags::SYMLINK_NOFOLLOW).map_err(self.wrong("look at it"))
    }

    /// Whether anything stands there.
    pub(super) fn is_there(&self) -> bool {
        self.stat().is_ok()
    }

    /// Opens a regular file.
    pub(super) fn open(&self, flags: OFlags) -> Result<(File, Stat), FileError> {
        let file = rustix::fs::openat(&*self.folder, &self.name, flags | NEVER_WAIT, Mode::empty())
            .map_err(self.wrong("open it"))?;
        let stat = rustix::fs::fstat(&file).map_err(self.wrong("look at it"))?;
        if FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile {
            Ok((file.into(), stat))
        } else {
            Err(self.error(FileTrouble::NotRegular))
        }
    }

    /// Creates a file that nobody but its owner can get at, where nothing is.
    pub(super) fn create(&self) -> Result<File, FileError> {
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | NEVER_WAIT;
        rustix::fs::openat(&*self.folder, &self.name, flags, Mode::RUSR | Mode::WUSR)
            .map(File::from)
            .map_err(|error| self.denied("create a file beside it", error))
    }

    /// Gives it another name in the same folder, where nothing is.
    pub(super) fn rename(&self, to: &Self) -> Result<(), FileError> {
        self.rename_with(to, RenameFlags::NOREPLACE).map_err(|error| self.denied("rename it", error))
    }

    pub(super) fn rename_with(&self, to: &Self, flags: RenameFlags) -> Result<(), Errno> {
        let plain = || match rustix::fs::statat(&*to.folder, &to.name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(_) => Err(Errno::EXIST),
            Err(_) => rustix::fs::renameat(&*self.folder, &self.name, &*to.folder, &to.name),
        };
        match rustix::fs::renameat_with(&*self.folder, &self.name, &*to.folder, &to.name, flags) {
            Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) if flags == RenameFlags::NOREPLACE => plain(),
            done => done,
        }
    }

    /// Puts it into the place of something else in the same folder.
    pub(super) fn rename_over(&self, to: &Self) -> Result<(), FileError> {
        rustix::fs::renameat(&*self.folder, &self.name, &*to.folder, &to.name)
            .map_err(|error| to.denied("replace it", error))
    }

    pub(super) fn unlink(&self) -> Result<(), FileError> {
        rustix::fs::unlinkat(&*self.folder, &self.name, AtFlags::empty())
            .map_err(|error| self.denied("delete it", error))
    }

    /// Has the names in the folder outlast a loss of power. Not every file system can do it for folders.
    pub(super) fn sync_folder(&self) -> Result<(), FileError> {
        match rustix::fs::fsync(&*self.folder) {
            Ok(()) | Err(Errno::INVAL | Errno::OPNOTSUPP) => Ok(()),
            Err(error) => Err(self.wrong("write its folder to the disk")(error)),
        }
    }

    /// Keeps other repairs out of the folder until this is dropped. The lock leaves no file behind.
    pub(super) fn lock_folder(&self) -> Result<Lock, FileError> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        // Opened anew: a lock belongs to what was opened, and must not be that of another spot.
        let folder =
            rustix::fs::openat(&*self.folder, ".", flags, Mode::empty()).map_err(self.wrong("open its folder"))?;
        match rustix::fs::flock(&folder, FlockOperation::NonBlockingLockExclusive) {
            // Some network file systems lock no folders; the folder of the journal is locked in any case.
            Ok(()) | Err(Errno::BADF | Errno::INVAL | Errno::NOLCK | Errno::OPNOTSUPP | Errno::NOSYS) => {
                Ok(Lock(folder))
            }
            Err(Errno::WOULDBLOCK) => Err(self.error(FileTrouble::Underway)),
            Err(error) => Err(self.wrong("lock its folder")(error)),
        }
    }

    pub(super) fn folder_identity(&self) -> Option<Identity> {
        rustix::fs::fstat(&*self.folder).ok().as_ref().map(Identity::of)
    }

    /// Tells a missing permission from an attribute that forbids any change.
    pub(super) fn denied(&self, asked: &'static str, error: Errno) -> FileError {
        if error == Errno::PERM && self.is_immutable() {
            return self.error(FileTrouble::Immutable);
        }
        self.wrong(asked)(error)
    }

    fn is_immutable(&self) -> bool {
        use rustix::fs::{IFlags, ioctl_getflags};
        let frozen = |flags: IFlags| flags.intersects(IFlags::IMMUTABLE | IFlags::APPEND);
        let file = || self.open(OFlags::RDONLY).ok().and_then(|(file, _)| ioctl_getflags(file).ok());
        ioctl_getflags(&*self.folder).is_ok_and(frozen) || file().is_some_and(frozen)
    }
}
