//! What can go wrong with a file that is put right.

use std::path::{Path, PathBuf};

use rustix::io::Errno;
use thiserror::Error;

use crate::fix::rows::RowError;

/// What went wrong with a file. It holds then what it held before.
#[derive(Debug, Error)]
#[error("{}: {trouble}", path.display())]
pub struct FileError {
    /// The file.
    pub path: PathBuf,
    /// What went wrong.
    pub trouble: FileTrouble,
}

impl FileError {
    pub(super) fn new(path: &Path, trouble: impl Into<FileTrouble>) -> Self {
        Self { path: path.to_owned(), trouble: trouble.into() }
    }
}

/// What went wrong with a file, as the end of a sentence. Nothing is said of what stands in it.
#[derive(Debug, Error)]
pub enum FileTrouble {
    /// There is nothing of that name any more.
    #[error("it is not there any more")]
    Missing,
    /// Something else stands there.
    #[error("it has changed since it was audited; audit it again")]
    Changed,
    /// What the repair wrote does not stand there any more.
    #[error("it has changed since it was put right, so what stood there before cannot be put back by itself")]
    ChangedSince,
    /// A folder on the way, or the file, has become a link, or a folder something else.
    #[error("a link, or something else, has come into its place or into that of a folder on the way")]
    Link,
    /// It is a folder, a pipe, a device.
    #[error("it is not a regular file")]
    NotRegular,
    /// It has other names.
    #[error(
        "it has {0} names (hard links), and putting a new file into the place of one would part it from the others; \
         edit it by hand, or remove the other names"
    )]
    HardLinked(u64),
    /// The file system takes no changes.
    #[error("its file system is read-only")]
    ReadOnly,
    /// The file or its folder was made immutable.
    #[error("it, or its folder, was made immutable (see lsattr)")]
    Immutable,
    /// There is no space.
    #[error("there is no space left on its file system")]
    Full,
    /// There is no space for this user.
    #[error("the quota on its file system is used up")]
    Quota,
    /// It may not be changed.
    #[error("the permission to change it is missing")]
    Denied,
    /// The new file cannot belong to whom the old one belongs.
    #[error("it belongs to another user or group, and a new file in its place would not")]
    Owner,
    /// What is attached to the file cannot be attached to a new one.
    #[error("the attribute {0} of the file cannot be kept")]
    Attribute(String),
    /// Another repair is being made in its folder.
    #[error("another repair is under way in its folder")]
    Underway,
    /// Another program is using the database.
    #[error("another program is using the database")]
    InUse,
    /// The client did not end a write.
    #[error(
        "a write of its client did not end, and a journal of it lies beside; start the client and quit it first"
    )]
    HotJournal,
    /// It is a database that would run something.
    #[error("the table {0} is not one that can be changed without the database running something of its own")]
    Schema(String),
    /// A row of a database cannot be changed.
    #[error(transparent)]
    Row(#[from] RowError),
    /// The file was deleted, and no copy kept.
    #[error("it was deleted, and no copy of it was kept")]
    NotKept,
    /// Something else.
    #[error("the system refuses to {0}: {1}")]
    System(&'static str, Errno),
}

impl FileTrouble {
    /// What an error of the system means, while it was asked to do something.
    pub(super) const fn of(asked: &'static str, error: Errno) -> Self {
        match error {
            Errno::NOENT => Self::Missing,
            Errno::LOOP | Errno::NOTDIR => Self::Link,
            Errno::ROFS => Self::ReadOnly,
            Errno::NOSPC => Self::Full,
            Errno::DQUOT => Self::Quota,
            Errno::ACCESS | Errno::PERM => Self::Denied,
            other => Self::System(asked, other),
        }
    }

    /// The same for an error of the standard library.
    pub(super) fn of_io(asked: &'static str, error: &std::io::Error) -> Self {
        Self::of(asked, Errno::from_io_error(error).unwrap_or(Errno::IO))
    }
}

impl From<rusqlite::Error> for FileTrouble {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::InUse,
            Some(ErrorCode::ReadOnly) => Self::ReadOnly,
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::PermissionDenied) => Self::Denied,
            _ => Self::Row(RowError::Sqlite(error)),
        }
    }
}
