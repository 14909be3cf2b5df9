//! A database and its write-ahead log, read so that they belong together.
//!
//! The log is read to its end after the database, and both must then still be what they were: a checkpoint
//! meanwhile copies pages that the log still holds, so laying the log over them makes it good; only a log that
//! was begun anew does not, and its header is another then.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::MAGIC;
use super::header::page_size;
use super::pages::Pages;
use super::store::{Store, read_at};
use super::wal::{HEADER, Wal};
use crate::model::Trouble;
use crate::source::Reader;
use crate::source::access::Permissions;
use crate::source::locate::Located;
use crate::source::reader::{Open, read_bounded, same_state, settled, trouble, with_mode};

/// The largest write-ahead log of which pages are read where they stand, in bytes. SQLite begins one anew after 4 MiB;
/// a busy reader makes it grow. Where each of its pages stands is kept in memory.
const LARGEST_LOG: u64 = 256 << 20;

/// What a rollback journal begins with.
const JOURNAL_MAGIC: [u8; 8] = [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7];

/// What the name of a write-ahead log ends in.
const LOG: &str = "-wal";

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
    /// The folder that it really lies in.
    pub folder: Option<PathBuf>,
    pub beside: Vec<Beside>,
    /// Whether it is written with a write-ahead log and none lies beside it.
    pub lacks_log: bool,
}

pub(super) enum Content {
    NotSqlite,
    /// The pages of the database and of its log: copied, or where they stand.
    Pages(Pages),
}

impl Snapshot {
    /// A database of which nothing is known but its bytes, and those of its write-ahead log.
    pub(super) fn of_bytes(database: Zeroizing<Vec<u8>>, log: Option<Zeroizing<Vec<u8>>>) -> Self {
        let lacks_log = log.is_none() && is_logged(&database);
        let content = if database.starts_with(MAGIC) {
            Content::Pages(Pages::in_memory(database, log))
        } else {
            Content::NotSqlite
        };
        Self { content, permissions: None, folder: None, beside: Vec::new(), lacks_log }
    }
}

/// Reads the database at `path`, and its write-ahead log where it has one.
///
/// # Errors
/// Says why the database could not be read.
pub(super) fn take(path: &Path, reader: &Reader) -> Result<Snapshot, Trouble> {
    let located = reader.locate(path)?;
    let altered = reader.altered(&located)?;
    if let Some(overlay) = altered.and_then(|altered| altered.pages.as_ref()) {
        let before = Files::open(located, path)?;
        let permissions = with_mode(Permissions::of(&before.database.metadata), altered);
        let folder = Some(before.located.folder().to_owned());
        let content = Content::Pages(before.into_pages(&mut Vec::new()).under((**overlay).clone()));
        return Ok(Snapshot { content, permissions, folder, beside: Vec::new(), lacks_log: false });
    }
    if let Some(bytes) = altered.and_then(|altered| altered.bytes.as_ref()) {
        let permissions = with_mode(located.permissions(), altered);
        let folder = Some(located.folder().to_owned());
        // What stood in a log stands in the database then.
        return Ok(Snapshot { permissions, folder, lacks_log: false, ..Snapshot::of_bytes(bytes.clone(), None) });
    }
    let mut located = Some(located);
    settled(|| {
        // At a further attempt something else may be there.
        let before = Files::open(located.take().map_or_else(|| reader.locate(path), Ok)?, path)?;
        let permissions = with_mode(Permissions::of(&before.database.metadata), altered);
        let folder = Some(before.located.folder().to_owned());
        let lacks_log = before.lacks_log();
        let mut beside = before.beside.clone();
        if !before.head.starts_with(MAGIC) {
            let content = Content::NotSqlite;
            return Ok(Snapshot { content, permissions, folder, beside: Vec::new(), lacks_log: false });
        }
        let (size, bound) = (before.database.metadata.len(), reader.bounds().database);
        if size > bound {
            return Err(Trouble::TooLarge { size, bound });
        }
        let bound = reader.bounds().memory;
        let copied = if before.length() > bound { None } else { before.copy(bound, &mut beside)? };
        let Some(copied) = copied else {
            let content = Content::Pages(before.into_pages(&mut beside));
            return Ok(Snapshot { content, permissions, folder, beside, lacks_log });
        };
        let after = Files::open(reader.locate(path)?, path)?;
        if !before.is_still(&after) {
            return Err(Trouble::KeepsChanging);
        }
        beside.extend(after.beside.into_iter().filter(|new| !before.beside.contains(new)));
        Ok(Snapshot { content: Content::Pages(copied), permissions, folder, beside, lacks_log })
    })
}

/// The pages of the database at `path`, whatever its size, as they would be after the repairs that the reader knows of.
///
/// # Errors
/// Says why the database could not be read.
pub(super) fn pages(path: &Path, reader: &Reader) -> Result<Pages, Trouble> {
    let located = reader.locate(path)?;
    let overlay = reader.altered(&located)?.and_then(|altered| altered.pages.as_ref());
    let files = Files::open(located, path)?;
    let (size, bound) = (files.database.metadata.len(), reader.bounds().database);
    if size > bound {
        return Err(Trouble::TooLarge { size, bound });
    }
    if !files.head.starts_with(MAGIC) {
        return Err(Trouble::Missing);
    }
    let pages = files.into_pages(&mut Vec::new());
    Ok(overlay.map_or_else(|| pages.clone(), |overlay| pages.under((**overlay).clone())))
}

/// A database and its log, open.
struct Files {
    located: Located,
    database: Open,
    /// The first bytes of the database: as much of its header as is looked at.
    head: Vec<u8>,
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
    /// What is located was asked for by that path.
    fn open(located: Located, path: &Path) -> Result<Self, Trouble> {
        // The log lies beside the file itself, not beside a link to it: SQLite resolves links first.
        let database = located.open()?;
        let head = first_bytes(&database.file, FORMATS_END).map_err(|error| trouble(&error, path))?;
        let real = located.real();
        let mut beside = Vec::new();
        let log = match Log::open(&located) {
            Ok(log) => Some(log),
            Err(Trouble::Missing) => None,
            Err(trouble) => {
                beside.push(Beside { path: log_of(&real), trouble });
                None
            }
        };
        if is_hot(&located) {
            beside.push(Beside { path: sibling(&real, "-journal"), trouble: Trouble::HotJournal });
        }
        Ok(Self { located, database, head, log, beside })
    }

    /// The length of both, in bytes.
    fn length(&self) -> u64 {
        let log = self.log.as_ref().map_or(0, |log| log.open.metadata.len());
        self.database.metadata.len().saturating_add(log)
    }

    /// Whether it is written with a write-ahead log and nothing of that name is there.
    fn lacks_log(&self) -> bool {
        let path = log_of(&self.located.real());
        let is_there = self.log.is_some() || self.beside.iter().any(|file| file.path == path);
        !is_there && is_logged(&self.head)
    }

    /// Copies both files to memory. None where the log claims a database that is larger than the bound.
    fn copy(&self, bound: u64, beside: &mut Vec<Beside>) -> Result<Option<Pages>, Trouble> {
        let whole = |open: &Open, path: &Path| {
            read_bounded(open, open.metadata.len()).map_err(|failure| failure.into_trouble(path))
        };
        (&self.database.file)
            .seek(SeekFrom::Start(0))
            .map_err(|error| Trouble::System(error.kind().to_string()))?;
        let database = whole(&self.database, &self.located.real())?;
        let log = self.log.as_ref().and_then(|log| {
            let read = rewound(&log.open).and_then(|open| whole(&open, &log.path));
            log.or_beside(beside, read)
        });
        Ok(Some(Pages::in_memory(database, log)).filter(|pages| pages.length() <= bound))
    }

    /// Has pages of both files read where they stand.
    fn into_pages(self, beside: &mut Vec<Beside>) -> Pages {
        let log = self.log.and_then(|log| {
            let replayed = log.replay();
            let wal = log.or_beside(beside, replayed)??;
            Some((Store::from(log.open), wal))
        });
        Pages::new(Store::from(self.database), page_size(&self.head), log)
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
    fn open(database: &Located) -> Result<Self, Trouble> {
        let located = database.beside(LOG)?;
        let (path, open) = (log_of(&database.real()), located.open()?);
        let header = first_bytes(&open.file, HEADER).map_err(|error| trouble(&error, &path))?;
        Ok(Self { path, open, header })
    }

    /// Where its pages stand; none where it holds no commit.
    fn replay(&self) -> Result<Option<Wal>, Trouble> {
        let open = rewound(&self.open)?;
        let (size, bound) = (open.metadata.len(), LARGEST_LOG);
        if size > bound {
            return Err(Trouble::TooLarge { size, bound });
        }
        Wal::read(BufReader::new(open.file.take(size))).map_err(|error| trouble(&error, &self.path))
    }

    /// What was made of it; if that failed, it is one that could not be taken into account.
    fn or_beside<T>(&self, beside: &mut Vec<Beside>, made: Result<T, Trouble>) -> Option<T> {
        made.map_err(|trouble| beside.push(Beside { path: self.path.clone(), trouble })).ok()
    }
}

/// Whether the header of a database says that it is written with a write-ahead log.
fn is_logged(head: &[u8]) -> bool {
    head.starts_with(MAGIC) && head.get(FORMATS_END - 2..FORMATS_END) == Some(&[2, 2])
}

/// Whether there is a rollback journal with the beginnings of a write that did not end.
fn is_hot(database: &Located) -> bool {
    let first = |open: Open| first_bytes(&open.file, JOURNAL_MAGIC.len()).ok();
    database
        .beside("-journal")
        .and_then(|located| located.open())
        .ok()
        .and_then(first)
        .is_some_and(|bytes| bytes == JOURNAL_MAGIC)
}

/// Where the write-ahead log of the database at `path` lies.
pub(super) fn log_of(path: &Path) -> PathBuf {
    sibling(path, LOG)
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

fn first_bytes(file: &File, length: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; length];
    let count = read_at(file, &mut bytes, 0)?;
    bytes.truncate(count);
    Ok(bytes)
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
