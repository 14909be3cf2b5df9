//! SQLite databases, read as they stand on disk, write-ahead log included, without opening them in place.
//!
//! Every way in which SQLite itself opens a database in use either leaves files beside it, deletes files, or
//! misses what stands only in the write-ahead log. So both files are read as bytes, merged in memory up to
//! the last valid commit, and handed to SQLite as a read-only image. Of what is too large for that SQLite is given the
//! pages that it asks for. No copy is written anywhere.

mod drafted;
mod guard;
mod merged;
mod overlay;
mod pages;
mod rows;
mod snapshot;
mod wal;

use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rusqlite::{Connection, OpenFlags};

pub use drafted::Drafted;
pub(crate) use guard::{guard_writer, rebuild};
pub use overlay::Overlay;
pub use rows::{Row, Unreadable};
pub use snapshot::Beside;

use super::Reader;
use super::reader::Unsettled;
use crate::model::{FileKind, ProfileFile, Trouble, limits};
use guard::Budget;
use merged::Merged;
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
        let is_in_memory = matches!(content, Content::Memory { .. });
        let mut changed = Arc::default();
        let connection = match content {
            Content::NotSqlite => return Ok((file, Image::NotSqlite)),
            Content::Memory { database, log } => {
                deserialised(Merged::new(&database, log.as_deref().map(Vec::as_slice)), reader.bounds().memory)
            }
            Content::Pages(pages) => {
                changed = pages.changed();
                pages.connect().ok()
            }
        };
        let budget = Arc::new(Budget::default());
        let tables = OnceCell::new();
        let database = connection.map(|connection| Self {
            connection,
            budget,
            changed,
            is_in_memory,
            path: path.to_owned(),
            unsettled: reader.unsettled(),
            beside,
            lacks_log,
            tables,
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

/// A connection to a read-only image in memory; none where SQLite does not take it.
fn deserialised(merged: Merged<'_>, bound: u64) -> Option<Connection> {
    // The files are within the bound already, but a log may claim any size for its database.
    if merged.length() > bound.max(merged.main_length()) {
        return None;
    }
    let length = usize::try_from(merged.length()).ok()?;
    let mut connection = Connection::open_in_memory_with_flags(flags()).ok()?;
    connection.deserialize_read_exact(rusqlite::MAIN_DB, merged, length, true).ok()?;
    Some(connection)
}

fn flags() -> OpenFlags {
    OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX
}
