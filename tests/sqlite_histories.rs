//! Random histories of a database: what we read is what SQLite itself reads from the same files.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::fs;
use std::path::Path;

use rusqlite::Connection;
use xmpp_audit::model::{FileKind, Purpose};
use xmpp_audit::source::sqlite::{Database, Image};
use xmpp_audit::source::{Bounds, Reader};

const HISTORIES: u64 = 200;
const STEPS: u64 = 24;
const PAGE_SIZES: [u32; 4] = [512, 1024, 4096, 65536];

/// A row of the test's table.
type Rows = Vec<(i64, Vec<u8>)>;

/// Xorshift: the same histories in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}

#[test]
fn reads_what_sqlite_reads() {
    let mut from_log: u64 = 0;
    for seed in 1..=HISTORIES {
        from_log += u64::from(play(seed));
    }
    assert!(from_log > HISTORIES, "only {from_log} times did something stand in the log alone");
}

/// Plays one history, comparing after every step. Says how often the main file alone told another story.
fn play(seed: u64) -> u32 {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.db");
    let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let page_size = PAGE_SIZES[usize::try_from(random.below(4)).unwrap()];
    let writer = Connection::open(&path).unwrap();
    let auto_vacuum = random.below(3);
    writer
        .execute_batch(&format!(
            "PRAGMA page_size = {page_size}; PRAGMA auto_vacuum = {auto_vacuum}; PRAGMA journal_mode = WAL;
             PRAGMA synchronous = OFF; PRAGMA cache_size = 5; PRAGMA cache_spill = 5;
             PRAGMA wal_autocheckpoint = {};
             CREATE TABLE t (id INTEGER PRIMARY KEY, body BLOB); CREATE INDEX i ON t (body);",
            random.below(40)
        ))
        .unwrap();
    let mut from_log = 0;
    for _ in 0..STEPS {
        step(&writer, &mut random);
        let expected = as_sqlite_reads(&path);
        let (rows, sound) = as_we_read(&path, Bounds::default());
        assert_eq!(rows, expected, "history {seed}");
        assert!(sound, "history {seed}");
        if random.below(8) == 0 {
            let (rows, sound) = as_we_read(&path, Bounds { memory: 100, ..Bounds::default() });
            assert_eq!(rows, expected, "history {seed}, in a folder");
            assert!(sound, "history {seed}, in a folder");
        }
        from_log += u32::from(main_file_alone(&path) != Some(expected));
    }
    from_log
}

fn step(writer: &Connection, random: &mut Random) {
    let id = random.below(60);
    let length = random.below(3000);
    let sql = match random.below(12) {
        0..=3 => format!("INSERT OR REPLACE INTO t VALUES ({id}, randomblob({length}))"),
        4 => format!("DELETE FROM t WHERE id % 7 = {}", id % 7),
        5 => format!("UPDATE t SET body = zeroblob({length}) WHERE id < {id}"),
        6 => "BEGIN".to_owned(),
        7 => "COMMIT".to_owned(),
        8 => "ROLLBACK".to_owned(),
        9 => "VACUUM".to_owned(),
        10 => "PRAGMA wal_checkpoint(PASSIVE)".to_owned(),
        _ => "PRAGMA wal_checkpoint(TRUNCATE)".to_owned(),
    };
    // Some of them are not allowed at that moment: that is part of the game.
    let _refused = writer.execute_batch(&sql);
}

/// Rows as SQLite reads them from a copy of the files: what is not committed is not there.
fn as_sqlite_reads(path: &Path) -> Rows {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("test.db");
    fs::copy(path, &copy).unwrap();
    let log = path.with_extension("db-wal");
    if log.exists() {
        fs::copy(log, copy.with_extension("db-wal")).unwrap();
    }
    rows(&Connection::open(copy).unwrap())
}

fn as_we_read(path: &Path, bounds: Bounds) -> (Rows, bool) {
    let (_, image) = Database::open(&Reader::new(bounds), path, FileKind("test", Purpose::Other)).unwrap();
    let Image::Open(database) = image else { panic!("no image") };
    assert_eq!(database.is_in_memory(), bounds.memory > 100);
    let verdict: String = database.connection().query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    (rows(database.connection()), verdict == "ok")
}

/// Rows of the main file without its log; none where that is not even a database yet.
fn main_file_alone(path: &Path) -> Option<Rows> {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("test.db");
    fs::copy(path, &copy).unwrap();
    let connection = Connection::open(copy).unwrap();
    connection.query_row("SELECT count(*) FROM t", [], |_| Ok(())).ok()?;
    Some(rows(&connection))
}

fn rows(connection: &Connection) -> Rows {
    // A copy is checkpointed when it is closed; nobody needs that to be on disk.
    let _in_image = connection.pragma_update(None, "synchronous", "OFF");
    let mut statement = connection.prepare("SELECT id, body FROM t ORDER BY id").unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}
