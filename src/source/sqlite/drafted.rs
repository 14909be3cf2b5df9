//! A database that is changed in memory, to be judged before anything is written.

use std::path::Path;
use std::sync::{Arc, PoisonError};

use rusqlite::Connection;

use super::guard::guard_writer;
use super::overlay::Overlay;
use super::pages::Pages;
use super::snapshot;
use crate::model::Trouble;
use crate::source::Reader;

/// A database that is changed in memory: of whatever size, since only the pages that would be different are kept.
pub struct Drafted {
    /// What lies on the disk.
    pages: Pages,
    overlay: Arc<Overlay>,
}

impl std::fmt::Debug for Drafted {
    /// Never its content.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Drafted").finish_non_exhaustive()
    }
}

impl Drafted {
    /// Opens the database at `path`, its log included.
    ///
    /// # Errors
    /// Says why it could not be read.
    pub fn open(reader: &Reader, path: &Path) -> Result<Self, Trouble> {
        let pages = snapshot::pages(path, reader)?;
        let overlay = pages.overlay().lock().unwrap_or_else(PoisonError::into_inner).clone();
        Ok(Self { pages, overlay: Arc::new(overlay) })
    }

    /// What would be different.
    #[must_use]
    pub fn overlay(&self) -> Arc<Overlay> {
        Arc::clone(&self.overlay)
    }

    /// The database as it would be after a change, which is made in one transaction.
    ///
    /// # Errors
    /// If it cannot be changed so.
    pub fn changed<T, E: From<rusqlite::Error>>(
        &self,
        change: impl FnOnce(&Connection) -> Result<T, E>,
    ) -> Result<(Self, T), E> {
        let pages = self.pages.under((*self.overlay).clone()).taking_changes();
        let overlay = pages.overlay();
        let mut connection = pages.connect()?;
        guard_writer(&connection)?;
        connection.execute_batch("PRAGMA journal_mode = MEMORY")?;
        let transaction = connection.transaction()?;
        let made = change(&transaction)?;
        transaction.commit()?;
        drop(connection);
        let overlay = Arc::new(overlay.lock().unwrap_or_else(PoisonError::into_inner).clone());
        Ok((Self { pages: self.pages.clone(), overlay }, made))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::model::{FileKind, Purpose};
    use crate::source::sqlite::{Database, Image};
    use crate::source::{Alterations, Altered};

    const KIND: FileKind = FileKind("test", Purpose::Other);

    fn count(reader: &Reader, path: &Path, condition: &str) -> i64 {
        let (_, image) = Database::open(reader, path, KIND).unwrap();
        let Image::Open(database) = image else { panic!() };
        let query = format!("SELECT count(*) FROM t WHERE {condition}");
        database.connection().query_row(&query, [], |row| row.get(0)).unwrap()
    }

    /// Several times what SQLite may take of memory, and with a log or without one; grown, shrunk, changed again.
    #[test]
    fn a_large_database_is_changed_in_memory_only() {
        for mode in ["DELETE", "WAL"] {
            let folder = tempfile::tempdir().unwrap();
            let path = fs::canonicalize(folder.path()).unwrap().join("large.sqlite");
            let connection = Connection::open(&path).unwrap();
            connection
                .execute_batch(&format!(
                    "PRAGMA journal_mode = {mode}; PRAGMA synchronous = OFF; CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT);
                     WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 140)
                     INSERT INTO t SELECT i, hex(zeroblob(500000)) FROM n;"
                ))
                .unwrap();
            connection.execute("UPDATE t SET b = 'in the log' WHERE a = 1", []).unwrap();
            let before = fs::read(&path).unwrap();
            assert!(before.len() > 100 << 20 || mode == "WAL");
            let reader = Reader::default();
            let database = Drafted::open(&reader, &path).unwrap();
            let change = |database: &Drafted, sql: &str| {
                database.changed(|connection| connection.execute_batch(sql)).unwrap().0
            };
            let altered = |database: &Drafted| {
                let pages = Some(database.overlay());
                reader.altered_by(Alterations::from_iter([(path.clone(), Altered { pages, ..Altered::default() })]))
            };
            let once = change(&database, "UPDATE t SET b = b || 'changed' WHERE a IN (1, 70)");
            assert_eq!(count(&altered(&once), &path, "b LIKE '%changed'"), 2);
            let twice = change(&once, "DELETE FROM t WHERE a > 130; UPDATE t SET b = 'again' WHERE a = 1");
            assert_eq!(count(&altered(&twice), &path, "1"), 130);
            assert_eq!(count(&altered(&twice), &path, "b = 'again' OR b LIKE '%changed'"), 2);
            let grown = change(&twice, "INSERT INTO t (b) SELECT hex(zeroblob(400000)) || a FROM t WHERE a < 20");
            assert_eq!(count(&altered(&grown), &path, "1"), 149);
            assert_eq!(count(&altered(&Drafted::open(&altered(&grown), &path).unwrap()), &path, "1"), 149);
            // One that cannot be made changes nothing.
            let failed = grown.changed(|connection| {
                connection.execute_batch("DELETE FROM t")?;
                Err::<(), _>(rusqlite::Error::InvalidQuery)
            });
            assert!(failed.is_err());
            assert_eq!((count(&reader, &path, "1"), count(&altered(&grown), &path, "1")), (140, 149));
            assert!(fs::read(&path).unwrap() == before);
        }
    }
}
