//! SQLite databases, read as they stand on disk, write-ahead log included, without opening them in place.
//!
//! Every way in which SQLite itself opens a database in use either leaves files beside it, deletes files, or
//! misses what stands only in the write-ahead log. So both files are read as bytes, and SQLite is given the pages that it
//! asks for, those of the log up to its last valid commit laid over those of the database. Of what is too large for
//! memory they are read where they stand. No copy is written anywhere.

mod drafted;
mod guard;
mod header;
mod overlay;
mod pages;
mod rows;
mod snapshot;
mod store;
mod wal;

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rusqlite::Connection;

pub use drafted::Drafted;
pub(crate) use guard::{guard_writer, rebuild};
pub use overlay::Overlay;
pub use rows::{Row, Unreadable};
pub use snapshot::Beside;

use super::Reader;
use super::reader::Unsettled;
use crate::model::{FileKind, ProfileFile, Trouble, limits};
use guard::Budget;
use snapshot::{Content, Snapshot};

/// What every SQLite database begins with.
pub const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// What the names of the files end in that SQLite writes beside a database: read with it, never alone.
pub(crate) const COMPANIONS: [&str; 3] = ["-wal", "-shm", "-journal"];

/// What became of a database file that could be read.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "few are open at the same time")]
pub enum Image {
    /// A private, read-only image of it.
    Open(Database),
    /// It does not begin as a SQLite database does: encrypted, empty, or something else.
    NotSqlite,
    /// It begins as one, and SQLite cannot make sense of it.
    Broken,
}

/// A private, read-only image of a database.
pub struct Database {
    connection: Connection,
    budget: Arc<Budget>,
    /// Whether it changed while it was being read.
    changed: Arc<AtomicBool>,
    is_in_memory: bool,
    path: PathBuf,
    unsettled: Arc<Unsettled>,
    beside: Vec<Beside>,
    lacks_log: bool,
    /// Names of the ordinary tables, once they were asked for.
    tables: OnceCell<Vec<String>>,
    /// Names of the columns of tables that were asked about.
    columns: RefCell<BTreeMap<String, Rc<[String]>>>,
}

impl Drop for Database {
    /// What was read of it counts for nothing if it took too long, or if it changed meanwhile.
    fn drop(&mut self) {
        if self.was_interrupted() {
            self.unsettled.note(&self.path, Trouble::TakesTooLong);
        } else if self.changed.load(Ordering::Relaxed) {
            self.unsettled.note(&self.path, Trouble::KeepsChanging);
        }
    }
}

impl std::fmt::Debug for Database {
    /// Never its content.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Database").field("beside", &self.beside).finish_non_exhaustive()
    }
}

impl Database {
    /// Takes an image of the database at `path`, content of the write-ahead log included. Says what is known
    /// about the file as well.
    ///
    /// # Errors
    /// Says why the file could not be read.
    pub fn open(reader: &Reader, path: &Path, kind: FileKind) -> Result<(ProfileFile, Image), Trouble> {
        let snapshot = match reader.given(path) {
            Some(bytes) => {
                let (size, bound) = (bytes.as_ref().map_or(0, |bytes| bytes.len() as u64), limits::VERSION);
                if size > bound {
                    return Err(Trouble::TooLarge { size, bound });
                }
                let log = reader.given(&snapshot::log_of(path)).and_then(Result::ok);
                Snapshot::of_bytes(bytes?.clone(), log.cloned())
            }
            None => snapshot::take(path, reader)?,
        };
        let file = reader.describe(path, kind, snapshot.permissions, snapshot.folder.as_deref());
        let Snapshot { content, beside, lacks_log, .. } = snapshot;
        let Content::Pages(pages) = content else { return Ok((file, Image::NotSqlite)) };
        let (changed, is_in_memory) = (pages.changed(), pages.are_in_memory());
        let database = pages.connect().ok().map(|connection| Self {
            connection,
            budget: Arc::default(),
            changed,
            is_in_memory,
            path: path.to_owned(),
            unsettled: reader.unsettled(),
            beside,
            lacks_log,
            tables: OnceCell::new(),
            columns: RefCell::default(),
        });
        let guarded = database.and_then(|mut database| {
            guard::guard(&mut database.connection, &database.budget).ok().map(|()| database)
        });
        if guarded.is_none() {
            reader.unsettled().note_failure();
        }
        Ok((file, guarded.map_or(Image::Broken, Image::Open)))
    }

    /// The connection to the image, for queries. Its operations are counted: see [`Self::was_interrupted`].
    #[must_use]
    pub const fn connection(&self) -> &Connection {
        &self.connection
    }

    /// What stands beside the database and could not be taken into account: the image may be out of date.
    #[must_use]
    pub fn beside(&self) -> &[Beside] {
        &self.beside
    }

    /// Whether it is written with a write-ahead log and none lies beside it: what was written last may stand there.
    #[must_use]
    pub const fn lacks_log(&self) -> bool {
        self.lacks_log
    }

    /// Whether a query took so long that it was ended: the database was made to keep its reader busy, or is
    /// larger than anybody's. Every query fails from then on.
    #[must_use]
    pub fn was_interrupted(&self) -> bool {
        self.budget.is_spent()
    }

    /// Whether it is held in memory as a whole.
    #[must_use]
    pub const fn is_in_memory(&self) -> bool {
        self.is_in_memory
    }
}
