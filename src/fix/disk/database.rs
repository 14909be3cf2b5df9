//! Changing rows of a database where it lies, in one transaction of SQLite's, and leaving no trace of what was replaced.

use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use rustix::fs::{OFlags, Stat};
use zeroize::Zeroizing;

use super::delta;
use super::record::{RowChange, RowRecord, scalars};
use super::replace::{content, give_up};
use super::spot::{Identity, Spot};
use super::trouble::{FileError, FileTrouble};
use crate::fix::rows::{RowError, change_rows, count, put_text, text_in};
use crate::model::{RowEdit, Scalar};
use crate::source::sqlite::{MAGIC, guard_writer, rebuild};

/// How long another program may keep the database busy.
const PATIENCE: Duration = Duration::from_secs(2);

/// The largest database that is rebuilt in memory to get rid of a secret, in bytes: somewhat less than half of what
/// SQLite may take.
const REBUILT_IN_MEMORY: u64 = 24 << 20;

/// The largest database that is rebuilt to get rid of a secret, in bytes.
const REBUILT: u64 = 1 << 30;

/// How much of the unused pages is overwritten at once, in bytes.
const FILLED_AT_ONCE: i64 = 1 << 20;

/// The shortest text that can be looked for, in bytes: shorter ones stand anywhere.
const SHORTEST: usize = 4;

/// What becomes of a write that did not end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HotJournal {
    /// It is somebody else's: nothing is touched.
    Refused,
    /// It is our own: SQLite takes it back, as the client would when it starts.
    RolledBack,
}

/// A database, open for changes.
pub(super) struct Writer {
    connection: Connection,
    spot: Spot,
    /// Whether it is written with a write-ahead log.
    is_logged: bool,
    /// Dropped after the connection: whoever closes any descriptor of a file gives up all locks that the process has
    /// on it, SQLite's among them.
    file: File,
    stat: Stat,
}

/// In which state the rows are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// As the repair found them.
    Old,
    /// As it left them.
    New,
}

impl Writer {
    /// Opens a database and keeps others from writing to it.
    pub(super) fn begin(spot: &Spot, hot: HotJournal) -> Result<Self, FileError> {
        let (mut file, stat) = spot.open(OFlags::RDONLY)?;
        if stat.st_nlink != 1 {
            return Err(spot.error(FileTrouble::HardLinked(stat.st_nlink as _)));
        }
        let mut header = [0; 20];
        let is_sqlite = file.read_exact(&mut header).is_ok() && header.starts_with(MAGIC);
        if !is_sqlite {
            return Err(spot.error(FileTrouble::Changed));
        }
        if hot == HotJournal::Refused && is_hot(&spot.beside("-journal")) {
            return Err(spot.error(FileTrouble::HotJournal));
        }
        // SQLite goes by a log that lies there, whatever the header says.
        let is_logged = header.ends_with(&[2, 2]) || spot.beside("-wal").is_there();
        let flags =
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_NOFOLLOW;
        let connection = Connection::open_with_flags(spot.path(), flags).map_err(|error| spot.error(error))?;
        let writer = Self { connection, spot: spot.clone(), is_logged, file, stat };
        writer.prepare().map_err(|error| writer.refused(error))?;
        writer.is_still_there()?;
        Ok(writer)
    }

    fn prepare(&self) -> Result<(), rusqlite::Error> {
        self.connection.busy_timeout(PATIENCE)?;
        guard_writer(&self.connection)?;
        if !self.is_logged {
            // So that nobody writes before it is known what has become of the file, and so that the journal is ours
            // until it was overwritten.
            self.connection.execute_batch("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = PERSIST")?;
        }
        self.connection.execute_batch("BEGIN IMMEDIATE")
    }

    /// SQLite finds the file by its path: it must be the one that is held.
    fn is_still_there(&self) -> Result<(), FileError> {
        let found = Spot::hold(self.spot.path())?.stat()?;
        let is_it = |stat: &Stat| Identity::of(stat) == Identity::of(&self.stat);
        if is_it(&found) && is_it(&self.spot.stat()?) { Ok(()) } else { Err(self.spot.error(FileTrouble::Changed)) }
    }

    fn refused(&self, error: rusqlite::Error) -> FileError {
        let trouble = FileTrouble::from(error);
        if matches!(trouble, FileTrouble::ReadOnly) {
            // SQLite does not tell a file system from permissions.
            return self.spot.open(OFlags::RDWR).err().unwrap_or_else(|| self.spot.error(FileTrouble::Denied));
        }
        self.spot.error(trouble)
    }

    fn row(&self, error: RowError) -> FileError {
        match error {
            RowError::Sqlite(error) => self.refused(error),
            RowError::Changed => self.spot.error(FileTrouble::Changed),
        }
    }

    /// The bytes of the file; none if it is too large to be compared.
    pub(super) fn bytes(&mut self) -> Option<Zeroizing<Vec<u8>>> {
        let size = rustix::fs::fstat(&self.file).ok().and_then(|stat| u64::try_from(stat.st_size).ok())?;
        if self.is_logged || size > delta::LARGEST {
            return None;
        }
        content(&mut self.file, usize::try_from(size).ok()?, &self.spot).ok()
    }

    pub(super) const fn stat(&self) -> &Stat {
        &self.stat
    }

    pub(super) const fn file(&self) -> &File {
        &self.file
    }

    /// Whether a table is an ordinary one, and nothing is run when it is changed.
    pub(super) fn check_table(&self, table: &str) -> Result<(), FileError> {
        let query = |condition: &str| {
            let query = format!("SELECT count(*) FROM sqlite_schema WHERE {condition}");
            self.connection.query_row(&query, [table], |row| row.get::<_, i64>(0))
        };
        let tables = query("type = 'table' AND rootpage > 0 AND name = ?1 COLLATE NOCASE");
        let triggers = query("type = 'trigger' AND tbl_name = ?1 COLLATE NOCASE");
        match (tables.map_err(|error| self.refused(error))?, triggers.map_err(|error| self.refused(error))?) {
            (1, 0) => Ok(()),
            _ => Err(self.spot.error(FileTrouble::Schema(table.to_owned()))),
        }
    }

    /// The text in a cell.
    pub(super) fn text(
        &self,
        table: &str,
        key: &[(String, Scalar)],
        column: &str,
    ) -> Result<Zeroizing<Vec<u8>>, FileError> {
        let text = text_in(&self.connection, table, key, column).map_err(|error| self.row(error))?;
        text.ok_or_else(|| self.spot.error(FileTrouble::Changed))
    }

    /// Changes rows; nothing stands in the file before [`Self::commit`].
    pub(super) fn change(&self, rounds: &[Vec<RowEdit>]) -> Result<(), FileError> {
        rounds.iter().try_for_each(|round| change_rows(&self.connection, round)).map_err(|error| self.row(error))
    }

    /// Has the changes stand in the file. If that fails, it is as it was.
    pub(super) fn commit(&self) -> Result<(), FileError> {
        self.connection.execute_batch("COMMIT").map_err(|error| {
            let _ = self.connection.execute_batch("ROLLBACK");
            self.refused(error)
        })
    }

    /// Takes back what was not committed, and leaves nothing of it beside.
    pub(super) fn give_up(self) {
        let _ = self.connection.execute_batch("ROLLBACK");
        self.remove_journal(true);
    }

    /// Removes the journal, which is ours as long as the database is locked. Says whether it is gone.
    fn remove_journal(&self, forgets: bool) -> bool {
        let journal = self.spot.beside("-journal");
        // One that is hot is needed still.
        self.is_logged || !journal.is_there() || !is_hot(&journal) && give_up(&journal, forgets).is_ok()
    }

    /// Ends a transaction in which nothing is to be changed, after SQLite has taken back one that was stopped.
    pub(super) fn see_through(&self, forgets: bool) -> Result<(), FileError> {
        self.commit()?;
        self.settle(forgets);
        Ok(())
    }

    /// Takes away what SQLite keeps of what was replaced: in its log and its journal and, where a secret is to be
    /// forgotten, in unused parts of the database. Says whether all of that could be done.
    pub(super) fn settle(&self, forgets: bool) -> bool {
        let rebuilt = !forgets || self.rebuild();
        if !rebuilt {
            // The next best: pages that are in use may have old copies between their rows.
            let _ = self.fill_free_pages();
        }
        let written = !self.is_logged || self.write_log();
        let removed = self.remove_journal(forgets);
        rebuilt && written && removed
    }

    /// Writes the whole database anew, in memory or, where that would take too much of it, by way of a file without a
    /// name in the same folder. Says whether that could be done.
    fn rebuild(&self) -> bool {
        let size = u64::try_from(self.stat.st_size).unwrap_or(u64::MAX);
        if size <= REBUILT_IN_MEMORY {
            return rebuild(&self.connection).is_ok();
        }
        size <= REBUILT && self.keep_temporary_files_beside() && rebuild(&self.connection).is_ok()
    }

    /// Has SQLite put its temporary files into the folder of the database, and not among everybody's: where the one is
    /// encrypted, the other may not be. SQLite takes the name of such a file away as soon as it is open.
    fn keep_temporary_files_beside(&self) -> bool {
        let Some(folder) = self.spot.path().parent().and_then(Path::to_str) else { return false };
        let set =
            format!("PRAGMA temp_store_directory = '{}'; PRAGMA temp_store = FILE", folder.replace('\'', "''"));
        let asked = || self.connection.query_row("PRAGMA temp_store_directory", [], |row| row.get::<_, String>(0));
        self.connection.execute_batch(&set).is_ok() && asked().is_ok_and(|is| is == folder)
    }

    /// Writes zeros to all pages that are not in use, by putting something into them and taking it away.
    fn fill_free_pages(&self) -> Result<(), rusqlite::Error> {
        let number =
            |pragma: &str| self.connection.query_row(&format!("PRAGMA {pragma}"), [], |row| row.get::<_, i64>(0));
        self.connection.execute_batch("BEGIN IMMEDIATE; CREATE TABLE xmpp_audit_zeros (zeros BLOB)")?;
        let page = number("page_size")?;
        let filled = (|| {
            loop {
                let free = number("freelist_count")?;
                if free == 0 {
                    return Ok(());
                }
                // Somewhat less than there is, so that the database hardly grows.
                let length = (free - 1).min(FILLED_AT_ONCE / page.max(1)).max(1) * (page - 64).max(1);
                self.connection.execute("INSERT INTO xmpp_audit_zeros VALUES (zeroblob(?))", [length])?;
            }
        })();
        let end = if filled.is_ok() { "DROP TABLE xmpp_audit_zeros; COMMIT" } else { "ROLLBACK" };
        self.connection.execute_batch(end)?;
        filled
    }

    /// Whether one of these texts stands anywhere in the file, in use or not, or in its log.
    pub(super) fn may_hold(&mut self, texts: &[Zeroizing<Vec<u8>>]) -> bool {
        let log = self.spot.beside("-wal");
        let in_log = || match log.open(OFlags::RDONLY) {
            Ok((mut file, _)) => stands_in(&mut file, texts),
            Err(error) => !matches!(error.trouble, FileTrouble::Missing),
        };
        texts.iter().any(|text| text.len() < SHORTEST) || stands_in(&mut self.file, texts) || in_log()
    }

    /// Has everything that stands in the log stand in the database, and empties the log.
    fn write_log(&self) -> bool {
        let busy = self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0));
        busy.is_ok_and(|busy| busy == 0)
    }

    /// Which of its two states the rows are in.
    pub(super) fn standing(&self, rows: &[RowRecord]) -> Result<Standing, FileError> {
        let mut standing = None;
        for row in rows.iter().rev() {
            let Some(this) = self.standing_of(row).map_err(|error| self.row(error))? else {
                return Err(self.spot.error(FileTrouble::ChangedSince));
            };
            // The last change tells: those before it may have been of the same row.
            standing = standing.or(Some(this));
        }
        Ok(standing.unwrap_or(Standing::Old))
    }

    fn standing_of(&self, row: &RowRecord) -> Result<Option<Standing>, RowError> {
        let key = scalars(&row.key);
        let are_there = |values: &[(String, Scalar)]| {
            let all: Vec<_> = key.iter().chain(values).cloned().collect();
            count(&self.connection, &row.table, &all)
        };
        Ok(match &row.change {
            RowChange::Text { column, way } => match text_in(&self.connection, &row.table, &key, column)? {
                Some(text) if way.is_new(&text) => Some(Standing::New),
                Some(text) if way.is_restored(&text) || way.is_old(&text) => Some(Standing::Old),
                _ => None,
            },
            RowChange::Set { column, old, new } => {
                if are_there(&[(column.clone(), new.into())])? == 1 {
                    Some(Standing::New)
                } else if are_there(&[(column.clone(), old.into())])? == 1 {
                    Some(Standing::Old)
                } else {
                    None
                }
            }
            RowChange::Inserted { values } => {
                Some(if are_there(&scalars(values))? > 0 { Standing::New } else { Standing::Old })
            }
            RowChange::Deleted { values } => {
                Some(if are_there(&scalars(values))? > 0 { Standing::Old } else { Standing::New })
            }
        })
    }

    /// Puts rows back, within the transaction.
    pub(super) fn put_back(&self, rows: &[RowRecord]) -> Result<(), FileError> {
        for row in rows.iter().rev() {
            self.put_back_one(row).map_err(|error| match error {
                RowError::Changed => self.spot.error(FileTrouble::ChangedSince),
                error => self.row(error),
            })?;
        }
        Ok(())
    }

    fn put_back_one(&self, row: &RowRecord) -> Result<(), RowError> {
        use crate::model::RowChange as Change;
        let key = scalars(&row.key);
        let (key, change) = match &row.change {
            RowChange::Text { column, way } => {
                let text = text_in(&self.connection, &row.table, &key, column)?.ok_or(RowError::Changed)?;
                let back = way.back(&text).ok_or(RowError::Changed)?;
                return put_text(&self.connection, &row.table, &key, column, &back);
            }
            RowChange::Set { column, old, new } => {
                (key, Change::Set { column: column.clone(), old: new.into(), new: old.into() })
            }
            RowChange::Inserted { values } => (key, Change::Delete { values: scalars(values) }),
            RowChange::Deleted { values } => {
                let whole = key.into_iter().chain(scalars(values)).collect();
                (Vec::new(), Change::Insert { values: whole })
            }
        };
        change_rows(&self.connection, &[RowEdit { table: row.table.clone(), key, change }])
    }
}

/// Whether there is a rollback journal with the beginnings of a write that did not end. SQLite itself looks at no more
/// than whether the first byte is none.
pub(super) fn is_hot(journal: &Spot) -> bool {
    let mut first = [0];
    journal.is_there()
        && journal.open(OFlags::RDONLY).map_or(true, |(mut file, stat)| {
            stat.st_size > 0 && file.read_exact(&mut first).is_ok() && first != [0]
        })
}

/// Whether one of these texts stands in a file. One that cannot be read may hold anything.
fn stands_in(file: &mut File, texts: &[Zeroizing<Vec<u8>>]) -> bool {
    let longest = texts.iter().map(|text| text.len()).max().unwrap_or_default();
    let mut window = Zeroizing::new(vec![0; longest + (1 << 20)]);
    let mut kept = 0;
    if file.rewind().is_err() {
        return true;
    }
    loop {
        let Some(rest) = window.get_mut(kept..) else { return true };
        let Ok(read) = file.read(rest) else { return true };
        let filled = window.get(..kept + read).unwrap_or_default();
        if texts.iter().any(|text| memchr::memmem::find(filled, text).is_some()) {
            return true;
        }
        if read == 0 {
            return false;
        }
        // A text may stand across the border.
        let end = kept + read;
        kept = end.min(longest);
        window.copy_within(end - kept..end, 0);
    }
}
