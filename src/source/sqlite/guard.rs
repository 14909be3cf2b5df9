//! What keeps a hostile database from doing harm: to the machine, or to our time.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;

use crate::model::limits;

/// How many operations of SQLite's virtual machine pass between two looks at the budget.
const STEP: u16 = 10_000;

/// Limits as SQLite's own page on hostile databases proposes them (<https://www.sqlite.org/security.html>),
/// somewhat wider: a client's tables and settings fit in easily.
const LIMITS: [(Limit, i32); 12] = [
    (Limit::SQLITE_LIMIT_LENGTH, 4 << 20),
    (Limit::SQLITE_LIMIT_SQL_LENGTH, 1 << 20),
    (Limit::SQLITE_LIMIT_COLUMN, 500),
    (Limit::SQLITE_LIMIT_EXPR_DEPTH, 50),
    (Limit::SQLITE_LIMIT_COMPOUND_SELECT, 10),
    (Limit::SQLITE_LIMIT_VDBE_OP, 25_000),
    (Limit::SQLITE_LIMIT_FUNCTION_ARG, 16),
    (Limit::SQLITE_LIMIT_ATTACHED, 0),
    (Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 200),
    (Limit::SQLITE_LIMIT_VARIABLE_NUMBER, 50),
    (Limit::SQLITE_LIMIT_TRIGGER_DEPTH, 10),
    (Limit::SQLITE_LIMIT_WORKER_THREADS, 0),
];

/// Switches. No client's own tables need views or triggers to be read, so what they would run is not run.
const SWITCHES: [(DbConfig, bool); 5] = [
    (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
    (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
    (DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false),
    (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false),
    (DbConfig::SQLITE_DBCONFIG_DQS_DML, false),
];

/// How much work reading one database may make.
#[derive(Debug)]
pub(super) struct Budget {
    operations: u64,
    /// When the thread that reads has used up its time.
    until: Duration,
    spent: AtomicU64,
}

impl Default for Budget {
    /// 100 million operations or 5 seconds of the reading thread's own time, whichever is reached first: a history of a
    /// million messages takes a tenth of it. What else the machine has to do must not change what is said.
    fn default() -> Self {
        Self::new(100_000_000, Duration::from_secs(5))
    }
}

/// How long this thread has been running, not counting while it waits.
#[cfg(unix)]
fn own_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    let (seconds, nanoseconds) = (u64::try_from(time.tv_sec), u32::try_from(time.tv_nsec));
    Duration::new(seconds.unwrap_or_default(), nanoseconds.unwrap_or_default())
}

/// How long the process has been running, as far as it has been asked.
#[cfg(not(unix))]
fn own_time() -> Duration {
    static START: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    START.get_or_init(std::time::Instant::now).elapsed()
}

impl Budget {
    pub(super) fn new(operations: u64, time: Duration) -> Self {
        Self { operations, until: own_time() + time, spent: AtomicU64::new(0) }
    }

    /// Whether nothing is left of it.
    pub(super) fn is_spent(&self) -> bool {
        self.spent.load(Ordering::Relaxed) > self.operations
    }

    /// Takes one step from it; says whether that was one too many.
    fn take_step(&self) -> bool {
        if own_time() > self.until {
            self.spent.fetch_max(self.operations.saturating_add(1), Ordering::Relaxed);
        } else if !self.is_spent() {
            self.spent.fetch_add(u64::from(STEP), Ordering::Relaxed);
        }
        self.is_spent()
    }
}

/// Puts a connection under guard and reads its schema.
///
/// # Errors
/// SQLite's, where the database makes no sense.
pub(super) fn guard(connection: &mut Connection, budget: &Arc<Budget>) -> rusqlite::Result<()> {
    for (limit, value) in LIMITS {
        connection.set_limit(limit, value)?;
    }
    for (switch, value) in SWITCHES {
        connection.set_db_config(switch, value)?;
    }
    let watched = Arc::clone(budget);
    connection.progress_handler(i32::from(STEP), Some(move || watched.take_step()))?;
    // Sorting in memory: the system's folder for temporary files is no place for other people's messages.
    connection.execute_batch(&format!(
        "PRAGMA temp_store = MEMORY; PRAGMA query_only = 1; PRAGMA cell_size_check = 1; PRAGMA mmap_size = 0;
         PRAGMA hard_heap_limit = {};",
        limits::SQLITE
    ))?;
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))
}

/// Puts a connection that writes to a database in its place under the same guard, and has it leave no trace of what it
/// replaces: neither in the database nor, beyond its own transactions, beside it.
///
/// # Errors
/// SQLite's.
pub fn guard_writer(connection: &Connection) -> rusqlite::Result<()> {
    for (limit, value) in LIMITS {
        connection.set_limit(limit, value)?;
    }
    for (switch, value) in SWITCHES {
        connection.set_db_config(switch, value)?;
    }
    // Foreign keys as the clients have them: a change of one row must never reach others.
    connection.execute_batch(&format!(
        "PRAGMA temp_store = MEMORY; PRAGMA cell_size_check = 1; PRAGMA mmap_size = 0; PRAGMA foreign_keys = 0;
         PRAGMA secure_delete = 1; PRAGMA synchronous = FULL; PRAGMA hard_heap_limit = {};",
        limits::SQLITE
    ))
}

/// Has a connection under guard rebuild its database, for which SQLite attaches another one for itself and copies rows
/// of any length.
///
/// # Errors
/// SQLite's; the database is then as it was.
pub fn rebuild(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 1)?;
    connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, i32::MAX)?;
    let done = connection.execute_batch("VACUUM");
    for (limit, value) in LIMITS {
        connection.set_limit(limit, value)?;
    }
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guarded(budget: Budget) -> (Connection, Arc<Budget>) {
        let mut connection = Connection::open_in_memory().unwrap();
        connection
            .execute_batch(
                "CREATE TABLE t (a TEXT); INSERT INTO t VALUES ('x');
                 CREATE VIEW v AS WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT n FROM c;",
            )
            .unwrap();
        let budget = Arc::new(budget);
        guard(&mut connection, &budget).unwrap();
        (connection, budget)
    }

    const ENDLESS: &str = "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c";

    #[test]
    fn ends_a_query_without_end() {
        let (connection, budget) = guarded(Budget::new(100_000, Duration::from_secs(60)));
        assert!(connection.query_row("SELECT a FROM t", [], |_| Ok(())).is_ok());
        assert!(!budget.is_spent());
        assert!(connection.query_row(ENDLESS, [], |_| Ok(())).is_err());
        assert!(budget.is_spent());
        assert!(connection.query_row(ENDLESS, [], |_| Ok(())).is_err());
    }

    #[test]
    fn ends_a_slow_query_by_the_clock() {
        let (connection, budget) = guarded(Budget::new(u64::MAX / 2, Duration::from_millis(20)));
        assert!(connection.query_row(ENDLESS, [], |_| Ok(())).is_err());
        assert!(budget.is_spent());
    }

    #[test]
    fn runs_nothing_that_the_database_brings_along_and_writes_nothing() {
        let (connection, _) = guarded(Budget::default());
        let fails = |sql: &str| connection.execute_batch(sql).is_err();
        assert!(connection.query_row("SELECT n FROM v", [], |_| Ok(())).is_err());
        assert!(fails("INSERT INTO t VALUES ('y')"));
        assert!(fails("ATTACH ':memory:' AS other"));
        assert!(fails("SELECT load_extension('x')"));
        assert!(fails("CREATE TABLE u (a)"));
    }
}
