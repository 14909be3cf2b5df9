//! A database and its write-ahead log, read so that they belong together.
//!
//! The log is read to its end after the database, and both must then still be what they were: a checkpoint
//! meanwhile copies pages that the log still holds, so laying the log over them makes it good; only a log that
//! was begun anew does not, and its header is another then.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use zeroize::Zeroizing;

use super::MAGIC;
use super::wal::HEADER;
use crate::model::Trouble;
use crate::source::Bounds;
use crate::source::access::Permissions;
use crate::source::reader::{ATTEMPTS, Open, open, read_bounded, same_state, trouble};

/// What a rollback journal begins with.
const JOURNAL_MAGIC: [u8; 8] = [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7];

/// The end of the two bytes of a database's header that say in which format it is written and read.
const FORMATS_END: usize = 20;

/// A file beside a database that belongs to it and could not be taken into account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beside {
    /// The file.
    pub path: PathBuf,
    /// Why. [`Trouble::HotJournal`] for a journal of a write that did not end: the client would first undo it.
    pub trouble: Trouble,
}

/// A database file as it was at one moment.
pub(super) struct Snapshot {
    pub content: Content,
    pub permissions: Option<Permissions>,
    pub beside: Vec<Beside>,
    /// Whether it is written with a write-ahead log and none lies beside it.
    pub lacks_log: bool,
}

pub(super) enum Content {
    NotSqlite,
    /// The bytes of the database and of its log.
    Memory {
        database: Zeroizing<Vec<u8>>,
        log: Option<Zeroizing<Vec<u8>>>,
    },
    /// A copy of both in a private folder, at this path in it.
    Folder {
        folder: TempDir,
        database: PathBuf,
    },
}

impl Snapshot {
    /// A database of which nothing is known but its bytes, and those of its write-ahead log.
    pub(super) fn of_bytes(database: Zeroizing<Vec<u8>>, log: Option<Zeroizing<Vec<u8>>>) -> Self {
        let lacks_log = log.is_none() && is_logged(&database);
        let content =
            if database.starts_with(MAGIC) { Content::Memory { database, log } } else { Content::NotSqlite };
        Self { content, permissions: None, beside: Vec::new(), lacks_log }
    }
}

/// Reads the database at `path`, and its write-ahead log where it has one.
///
/// # Errors
/// Says why the database could not be read.
pub(super) fn take(path: &Path, bounds: Bounds) -> Result<Snapshot, Trouble> {
    for _ in 0..ATTEMPTS {
        let before = Files::open(path)?;
        let permissions = Permissions::of(&before.database.metadata);
        if !before.is_sqlite() {
            let content = Content::NotSqlite;
            return Ok(Snapshot { content, permissions, beside: Vec::new(), lacks_log: false });
        }
        let lacks_log = before.lacks_log();
        let mut beside = before.beside.clone();
        let content = before.copy(bounds, &mut beside)?;
        let after = Files::open(path)?;
        if before.is_still(&after) {
            beside.extend(after.beside.into_iter().filter(|new| !before.beside.contains(new)));
            return Ok(Snapshot { content, permissions, beside, lacks_log });
        }
    }
    Err(Trouble::KeepsChanging)
}

/// A database and its log, open.
struct Files {
    path: PathBuf,
    database: Open,
    log: Option<Log>,
    beside: Vec<Beside>,
}

/// A write-ahead log, open.
struct Log {
    path: PathBuf,
    open: Open,
    header: Vec<u8>,
}

impl Files {
    fn open(path: &Path) -> Result<Self, Trouble> {
        // The log lies beside the file itself, not beside a link to it: SQLite resolves links first.
        let real = fs::canonicalize(path).map_err(|error| trouble(&error, path))?;
        let database = open(&real)?;
        let mut beside = Vec::new();
        let log = match Log::open(&real) {
            Ok(log) => Some(log),
            Err(Trouble::Missing) => None,
            Err(trouble) => {
                beside.push(Beside { path: log_of(&real), trouble });
                None
            }
        };
        let journal = sibling(&real, "-journal");
        if is_hot(&journal) {
            beside.push(Beside { path: journal, trouble: Trouble::HotJournal });
        }
        Ok(Self { path: real, database, log, beside })
    }

    fn is_sqlite(&self) -> bool {
        first_bytes(&self.database.file, MAGIC.len()).is_ok_and(|bytes| bytes == MAGIC)
    }

    /// Whether it is written with a write-ahead log and nothing of that name is there.
    fn lacks_log(&self) -> bool {
        let is_there = self.log.is_some() || self.beside.iter().any(|file| file.path == log_of(&self.path));
        !is_there && first_bytes(&self.database.file, FORMATS_END).is_ok_and(|head| is_logged(&head))
    }

    /// Copies both files to memory, or to a private folder where they are large.
    fn copy(&self, bounds: Bounds, beside: &mut Vec<Beside>) -> Result<Content, Trouble> {
        let log_length = self.log.as_ref().map_or(0, |log| log.open.metadata.len());
        if self.database.metadata.len().saturating_add(log_length) > bounds.memory {
            return self.copy_to_folder(bounds, beside);
        }
        let database = read_bounded(&rewound(&self.database)?, bounds.database);
        let database = database.map_err(|failure| failure.into_trouble(&self.path))?;
        let log = self.log_or_beside(beside, |log| {
            let open = rewound(&log.open)?;
            read_bounded(&open, bounds.database).map_err(|failure| failure.into_trouble(&log.path))
        });
        Ok(Content::Memory { database, log })
    }

    fn copy_to_folder(&self, bounds: Bounds, beside: &mut Vec<Beside>) -> Result<Content, Trouble> {
        let folder = private_folder().map_err(|error| trouble(&error, &self.path))?;
        let database = folder.path().join("database");
        copy_file(&rewound(&self.database)?, &database, bounds.database)?;
        // SQLite merges the log itself here: in this folder it may write what it likes.
        self.log_or_beside(beside, |log| copy_file(&rewound(&log.open)?, &log_of(&database), bounds.database));
        Ok(Content::Folder { folder, database })
    }

    /// What `read` makes of the log; where that fails, the log is one that could not be taken into account.
    fn log_or_beside<T>(
        &self,
        beside: &mut Vec<Beside>,
        read: impl FnOnce(&Log) -> Result<T, Trouble>,
    ) -> Option<T> {
        let log = self.log.as_ref()?;
        read(log).map_err(|trouble| beside.push(Beside { path: log.path.clone(), trouble })).ok()
    }

    /// Whether the files opened later are these, unchanged but for new frames at the end of the log.
    fn is_still(&self, later: &Self) -> bool {
        let same_log = match (&self.log, &later.log) {
            (None, None) => true,
            (Some(log), Some(later)) => same_file(&log.open, &later.open) && log.header == later.header,
            _ => false,
        };
        same_log
            && same_file(&self.database, &later.database)
            && same_state(&self.database.metadata, &later.database.metadata)
    }
}

impl Log {
    fn open(database: &Path) -> Result<Self, Trouble> {
        let path = log_of(database);
        let open = open_beside(&path)?;
        let header = first_bytes(&open.file, HEADER).map_err(|error| trouble(&error, &path))?;
        Ok(Self { path, open, header })
    }
}

/// Whether the header of a database says that it is written with a write-ahead log.
fn is_logged(head: &[u8]) -> bool {
    head.starts_with(MAGIC) && head.get(FORMATS_END - 2..FORMATS_END) == Some(&[2, 2])
}

/// Opens a regular file at `path`. A link counts only if it leads to a file of the same folder: whoever
/// wrote it must not make us read other people's files.
fn open_beside(path: &Path) -> Result<Open, Trouble> {
    let real = fs::canonicalize(path).map_err(|error| trouble(&error, path))?;
    if real.parent() == path.parent() { open(path) } else { Err(Trouble::NotRegular) }
}

/// Whether there is a rollback journal with the beginnings of a write that did not end.
fn is_hot(journal: &Path) -> bool {
    open_beside(journal)
        .and_then(|open| first_bytes(&open.file, JOURNAL_MAGIC.len()).map_err(|error| trouble(&error, journal)))
        .is_ok_and(|bytes| bytes == JOURNAL_MAGIC)
}

/// Where the write-ahead log of the database at `path` lies.
pub(super) fn log_of(path: &Path) -> PathBuf {
    sibling(path, "-wal")
}

/// `path` with something at the end of its name.
fn sibling(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}

/// The file from its beginning, with its length of now.
fn rewound(open: &Open) -> Result<Open, Trouble> {
    let again = || -> io::Result<Open> {
        let mut file = open.file.try_clone()?;
        file.seek(SeekFrom::Start(0))?;
        Ok(Open { metadata: file.metadata()?, file })
    };
    again().map_err(|error| Trouble::System(error.kind().to_string()))
}

fn first_bytes(mut file: &File, length: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    file.take(length as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn copy_file(from: &Open, to: &Path, bound: u64) -> Result<(), Trouble> {
    let size = from.metadata.len();
    if size > bound {
        return Err(Trouble::TooLarge { size, bound });
    }
    let copy = || -> io::Result<u64> { io::copy(&mut (&from.file).take(size), &mut private_file(to)?) };
    copy().map(|_| ()).map_err(|error| Trouble::System(error.kind().to_string()))
}

/// A new folder that only its owner can enter.
fn private_folder() -> io::Result<TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix("xmpp-audit-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o700));
    }
    builder.tempdir()
}

fn private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}

#[cfg(unix)]
fn same_file(one: &Open, other: &Open) -> bool {
    use std::os::unix::fs::MetadataExt;
    one.metadata.dev() == other.metadata.dev() && one.metadata.ino() == other.metadata.ino()
}

#[cfg(not(unix))]
const fn same_file(_: &Open, _: &Open) -> bool {
    true
}
