//! SQLite databases, read as they stand on disk, write-ahead log included, without opening them in place.
//!
//! Every way in which SQLite itself opens a database in use either leaves files beside it, deletes files, or
//! misses what stands only in the write-ahead log. So both files are read as bytes, merged in memory up to
//! the last valid commit, and handed to SQLite as a read-only image. What is too large for that is copied to
//! a private folder, which is removed again.

mod guard;
mod merged;
mod rows;
mod snapshot;
mod wal;

use std::cell::OnceCell;
use std::path::Path;
use std::sync::Arc;

use rusqlite::{Connection, OpenFlags};
use tempfile::TempDir;

pub use rows::{Row, Unreadable};
pub use snapshot::Beside;

use super::Reader;
use crate::model::{FileKind, ProfileFile, Trouble};
use guard::Budget;
use merged::Merged;
use snapshot::{Content, Snapshot};
use wal::Wal;

/// What every SQLite database begins with.
pub const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// What the names of the files end in that SQLite writes beside a database: read with it, never alone.
pub(crate) const COMPANIONS: [&str; 3] = ["-wal", "-shm", "-journal"];

/// What became of a database file that could be read.
#[derive(Debug)]
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
    // Before `folder`, so that it is closed when the folder is removed.
    connection: Connection,
    budget: Arc<Budget>,
    beside: Vec<Beside>,
    lacks_log: bool,
    /// Names of the ordinary tables, once they were asked for.
    tables: OnceCell<Vec<String>>,
    folder: Option<TempDir>,
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
                let log = reader.given(&snapshot::log_of(path)).and_then(Result::ok);
                Snapshot::of_bytes(bytes?.clone(), log.cloned())
            }
            None => snapshot::take(path, reader.bounds())?,
        };
        let file = reader.describe(path, kind, snapshot.permissions);
        let mut image = match snapshot.content {
            Content::NotSqlite => Image::NotSqlite,
            Content::Memory { database, log } => {
                let merged = Merged::new(&database, log.as_deref().and_then(|log| Wal::read(log)));
                deserialised(merged, reader.bounds().memory)
                    .map_or(Image::Broken, |connection| Self::guarded(connection, None))
            }
            Content::Folder { folder, database } => match opened(&database) {
                Ok(connection) => Self::guarded(connection, Some(folder)),
                Err(_) => Image::Broken,
            },
        };
        if let Image::Open(database) = &mut image {
            database.beside = snapshot.beside;
            database.lacks_log = snapshot.lacks_log;
        }
        Ok((file, image))
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

    /// Whether no byte of the database was written anywhere.
    #[must_use]
    pub const fn is_in_memory(&self) -> bool {
        self.folder.is_none()
    }

    fn guarded(mut connection: Connection, folder: Option<TempDir>) -> Image {
        let budget = Arc::new(Budget::default());
        if guard::guard(&mut connection, &budget).is_err() {
            return Image::Broken;
        }
        let (beside, tables) = (Vec::new(), OnceCell::new());
        Image::Open(Self { connection, budget, beside, lacks_log: false, tables, folder })
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

/// A connection to a private copy. SQLite merges the log itself, and may write beside the copy.
fn opened(copy: &Path) -> rusqlite::Result<Connection> {
    Connection::open_with_flags(copy, flags())
}

fn flags() -> OpenFlags {
    OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX
}
