//! The folder of the journal: one file for each repair, that nobody but its owner can read.

use std::fs::{DirBuilder, File};
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, Dir, FileType, FlockOperation, Mode, OFlags};
use rustix::io::Errno;
use thiserror::Error;
use zeroize::Zeroizing;

use super::record::{FORMAT, Record};

/// The largest entry that is read, in bytes.
const LARGEST: u64 = 64 << 20;

/// What the name of an entry ends in.
const ENDING: &str = ".json";

/// What is wrong with the journal.
#[derive(Debug, Error)]
pub enum JournalError {
    /// Another repair is being made.
    #[error("{}: another repair is under way", .0.display())]
    Underway(PathBuf),
    /// The folder is a link, or no folder.
    #[error("{}: this is no folder of its own, so no journal is kept there, and nothing is repaired", .0.display())]
    NoFolder(PathBuf),
    /// The folder belongs to somebody else.
    #[error("{}: this folder belongs to another user, so no journal is kept there, and nothing is repaired", .0.display())]
    Foreign(PathBuf),
    /// Others can write to the folder.
    #[error("{}: other users can write to this folder, so no journal is kept there, and nothing is repaired", .0.display())]
    Open(PathBuf),
    /// An entry makes no sense.
    #[error("{}: this entry of the journal cannot be read", .0.display())]
    Damaged(PathBuf),
    /// An entry was written by a later version.
    #[error("{}: this entry of the journal was written by a later version of xmpp-audit", .0.display())]
    Later(PathBuf),
    /// There is no such entry.
    #[error("the journal has no entry {0}")]
    Unknown(String),
    /// There is nothing that could be taken back.
    #[error("the journal has nothing that could be taken back")]
    Nothing,
    /// The system refuses.
    #[error("{}: the journal cannot be kept: {error}", path.display())]
    System {
        /// What it was about.
        path: PathBuf,
        /// What the system says.
        error: Errno,
    },
}

/// The folder of the journal, locked: as long as this lives, no other repair is made with it.
#[derive(Debug)]
pub(super) struct StateFolder {
    path: PathBuf,
    handle: OwnedFd,
}

impl StateFolder {
    /// Opens the folder, creates it if need be, and locks it.
    pub(super) fn locked(path: &Path) -> Result<Self, JournalError> {
        DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(|error| {
            if std::fs::symlink_metadata(path).is_ok() {
                return JournalError::NoFolder(path.to_owned());
            }
            system(path)(Errno::from_io_error(&error).unwrap_or(Errno::IO))
        })?;
        let folder = Self::open(path)?.ok_or_else(|| JournalError::NoFolder(path.to_owned()))?;
        match rustix::fs::flock(&folder.handle, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(folder),
            Err(Errno::WOULDBLOCK) => Err(JournalError::Underway(path.to_owned())),
            Err(error) => Err(system(path)(error)),
        }
    }

    /// Opens the folder to look at it; none if there is none.
    pub(super) fn open(path: &Path) -> Result<Option<Self>, JournalError> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let handle = match rustix::fs::open(path, flags, Mode::empty()) {
            Ok(handle) => handle,
            Err(Errno::NOENT) => return Ok(None),
            Err(Errno::NOTDIR | Errno::LOOP) => return Err(JournalError::NoFolder(path.to_owned())),
            Err(error) => return Err(system(path)(error)),
        };
        let stat = rustix::fs::fstat(&handle).map_err(system(path))?;
        if stat.st_uid != rustix::process::geteuid().as_raw() {
            return Err(JournalError::Foreign(path.to_owned()));
        }
        if stat.st_mode & 0o022 != 0 {
            return Err(JournalError::Open(path.to_owned()));
        }
        if stat.st_mode & 0o077 != 0 {
            rustix::fs::fchmod(&handle, Mode::RWXU).map_err(system(path))?;
        }
        Ok(Some(Self { path: path.to_owned(), handle }))
    }

    /// The ids of all entries, in the order of their time.
    pub(super) fn ids(&self) -> Result<Vec<String>, JournalError> {
        let listing = Dir::read_from(&self.handle).map_err(system(&self.path))?;
        let names = listing.flatten().filter_map(|entry| entry.file_name().to_str().ok().map(str::to_owned));
        let mut ids: Vec<_> =
            names.filter_map(|name| name.strip_suffix(ENDING).filter(|id| is_id(id)).map(str::to_owned)).collect();
        ids.sort_unstable();
        Ok(ids)
    }

    /// Reads an entry.
    pub(super) fn read(&self, id: &str) -> Result<Record, JournalError> {
        if !is_id(id) {
            return Err(JournalError::Unknown(id.to_owned()));
        }
        let name = format!("{id}{ENDING}");
        let path = self.path.join(&name);
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let file = match rustix::fs::openat(&self.handle, &name, flags, Mode::empty()) {
            Ok(file) => file,
            Err(Errno::NOENT) => return Err(JournalError::Unknown(id.to_owned())),
            Err(_) => return Err(JournalError::Damaged(path)),
        };
        let stat = rustix::fs::fstat(&file).map_err(system(&path))?;
        let is_own = FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile
            && stat.st_uid == rustix::process::geteuid().as_raw()
            && stat.st_mode & 0o022 == 0
            && u64::try_from(stat.st_size).is_ok_and(|size| size <= LARGEST);
        if !is_own {
            return Err(JournalError::Damaged(path));
        }
        let mut text = Zeroizing::new(Vec::with_capacity(usize::try_from(stat.st_size).unwrap_or_default() + 64));
        File::from(file).take(LARGEST).read_to_end(&mut text).map_err(|_| JournalError::Damaged(path.clone()))?;
        let format = serde_json::from_slice::<Format>(&text).map_err(|_| JournalError::Damaged(path.clone()))?;
        if format.format > FORMAT {
            return Err(JournalError::Later(path));
        }
        let record: Record = serde_json::from_slice(&text).map_err(|_| JournalError::Damaged(path.clone()))?;
        if record.id == id { Ok(record) } else { Err(JournalError::Damaged(path)) }
    }

    /// Writes an entry, so that it outlasts a loss of power; the one before it stands there until then.
    pub(super) fn write(&self, record: &Record) -> Result<(), JournalError> {
        let (name, part) = (format!("{}{ENDING}", record.id), format!("{}.part", record.id));
        let path = self.path.join(&name);
        let text = Zeroizing::new(serde_json::to_vec(record).map_err(|_| JournalError::Damaged(path.clone()))?);
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        // Left behind by somebody who was stopped: the folder is locked.
        let _ = rustix::fs::unlinkat(&self.handle, &part, AtFlags::empty());
        let written = (|| {
            let file = rustix::fs::openat(&self.handle, &part, flags, Mode::RUSR | Mode::WUSR)?;
            let mut file = File::from(file);
            let errno = |error: std::io::Error| Errno::from_io_error(&error).unwrap_or(Errno::IO);
            file.write_all(&text).map_err(errno)?;
            file.sync_all().map_err(errno)?;
            rustix::fs::renameat(&self.handle, &part, &self.handle, &name)?;
            rustix::fs::fsync(&self.handle)
        })();
        written.map_err(|error| {
            let _ = rustix::fs::unlinkat(&self.handle, &part, AtFlags::empty());
            system(&path)(error)
        })
    }

    /// Removes what somebody who was stopped has left behind of an entry.
    pub(super) fn tidy(&self) {
        let Ok(listing) = Dir::read_from(&self.handle) else { return };
        for name in listing.flatten().filter_map(|entry| entry.file_name().to_str().ok().map(str::to_owned)) {
            if name.strip_suffix(".part").is_some_and(is_id) {
                let _ = rustix::fs::unlinkat(&self.handle, &name, AtFlags::empty());
            }
        }
    }
}

impl Drop for StateFolder {
    /// Closing alone would not do where a process that is just being started has the descriptor as well.
    fn drop(&mut self) {
        let _ = rustix::fs::flock(&self.handle, FlockOperation::Unlock);
    }
}

/// What every version of an entry says.
#[derive(serde::Deserialize)]
struct Format {
    format: u32,
}

/// Whether a text can be an id: nothing that leads anywhere.
fn is_id(text: &str) -> bool {
    !text.is_empty() && text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn system(path: &Path) -> impl Fn(Errno) -> JournalError {
    let path = path.to_owned();
    move |error| JournalError::System { path: path.clone(), error }
}
