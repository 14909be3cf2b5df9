//! Reading SQLite databases: nothing beside them changes, and hostile ones do no harm.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rusqlite::Connection;
use xmpp_audit::model::{FileKind, Purpose, Trouble, limits};
use xmpp_audit::source::sqlite::{Beside, Database, Image, Unreadable};
use xmpp_audit::source::{Bounds, Reader};
use zeroize::Zeroizing;

const KIND: FileKind = FileKind("test", Purpose::Other);

fn open(path: &Path) -> Database {
    open_with(&Reader::default(), path)
}

fn open_with(reader: &Reader, path: &Path) -> Database {
    match Database::open(reader, path, KIND).unwrap().1 {
        Image::Open(database) => database,
        other => panic!("{other:?}"),
    }
}

fn texts(database: &Database) -> Vec<String> {
    let mut texts = Vec::new();
    database.select("t", &["a"], |row| texts.push(row.text("a").unwrap().into_owned())).unwrap();
    texts
}

/// Leaves a database in `folder` as a crashed writer leaves it: one row in the main file, one in the log.
fn crashed(folder: &Path) -> PathBuf {
    let live = tempfile::tempdir().unwrap();
    let path = live.path().join("test.db");
    let writer = Connection::open(&path).unwrap();
    writer.pragma_update(None, "journal_mode", "WAL").unwrap();
    writer.execute_batch("CREATE TABLE t (a TEXT); INSERT INTO t VALUES ('main');").unwrap();
    writer.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    writer.execute_batch("INSERT INTO t VALUES ('log');").unwrap();
    for entry in fs::read_dir(live.path()).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), folder.join(entry.file_name())).unwrap();
    }
    folder.join("test.db")
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    PathBuf::from(format!("{}{suffix}", path.display()))
}

/// Name, size, times (changed, and changed in its entry) and mode.
#[cfg(unix)]
type Entry = (PathBuf, u64, SystemTime, (i64, i64), u32);

/// Everything in a folder, and the folder itself.
#[cfg(unix)]
fn listing(folder: &Path) -> Vec<Entry> {
    use std::os::unix::fs::MetadataExt;
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.push(folder.to_owned());
    paths.sort();
    let entry = |path: PathBuf| {
        let data = fs::symlink_metadata(&path).unwrap();
        (path, data.len(), data.modified().unwrap(), (data.ctime(), data.ctime_nsec()), data.mode())
    };
    paths.into_iter().map(entry).collect()
}

#[cfg(unix)]
#[test]
fn leaves_everything_as_it_is() {
    use std::os::unix::fs::PermissionsExt;
    type Prepare = fn(&Path);
    let states: [(&str, Prepare, &[&str]); 6] = [
        (
            "db only",
            |path| {
                fs::remove_file(beside(path, "-wal")).unwrap();
                fs::remove_file(beside(path, "-shm")).unwrap();
            },
            &["main"],
        ),
        ("db, wal and shm", |_| (), &["main", "log"]),
        ("db and wal", |path| fs::remove_file(beside(path, "-shm")).unwrap(), &["main", "log"]),
        ("empty wal", |path| fs::write(beside(path, "-wal"), "").unwrap(), &["main"]),
        (
            "rollback journal",
            |path| {
                drop(Connection::open(path).unwrap().query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(())));
                fs::write(beside(path, "-journal"), "").unwrap();
            },
            &["main", "log"],
        ),
        (
            "read-only folder",
            |path| fs::set_permissions(path.parent().unwrap(), fs::Permissions::from_mode(0o555)).unwrap(),
            &["main", "log"],
        ),
    ];
    for (name, prepare, expected) in states {
        for bounds in [Bounds::default(), Bounds { memory: 100, ..Bounds::default() }] {
            let folder = tempfile::tempdir().unwrap();
            let path = crashed(folder.path());
            prepare(&path);
            let before = listing(folder.path());
            let database = open_with(&Reader::new(bounds), &path);
            assert_eq!(texts(&database), expected, "{name}");
            assert_eq!(database.beside(), [], "{name}");
            assert_eq!(database.lacks_log(), name == "db only", "{name}");
            assert_eq!(listing(folder.path()), before, "{name}, while open");
            drop(database);
            assert_eq!(listing(folder.path()), before, "{name}, after closing");
            fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        }
    }
}

#[cfg(unix)]
#[test]
fn reads_large_databases_where_they_stand() {
    let folder = tempfile::tempdir().unwrap();
    let path = crashed(folder.path());
    let reader = Reader::new(Bounds { memory: 100, ..Bounds::default() });
    let database = open_with(&reader, &path);
    assert!(!database.is_in_memory());
    assert!(!database.connection().path().unwrap().contains(folder.path().to_str().unwrap()));
    assert_eq!(texts(&database), ["main", "log"]);
    drop(database);
    assert_eq!(reader.take_unsettled(), []);
}

#[cfg(unix)]
#[test]
fn a_large_database_that_changes_meanwhile_counts_for_nothing() {
    type Change = fn(&Path);
    let changes: [(&str, Change); 3] = [
        ("main file", |path| {
            let mut bytes = fs::read(path).unwrap();
            bytes.extend([0; 4096]);
            fs::write(path, bytes).unwrap();
        }),
        ("log begun anew", |path| {
            let mut log = fs::read(beside(path, "-wal")).unwrap();
            let salt = 32 + 8;
            log[salt] ^= 1;
            fs::write(beside(path, "-wal"), log).unwrap();
        }),
        ("log cut off", |path| fs::write(beside(path, "-wal"), "").unwrap()),
    ];
    for (name, change) in changes {
        let folder = tempfile::tempdir().unwrap();
        let path = crashed(folder.path());
        let reader = Reader::new(Bounds { memory: 100, ..Bounds::default() });
        let database = open_with(&reader, &path);
        // So that nothing is remembered.
        database.connection().execute_batch("PRAGMA cache_size = 0; PRAGMA shrink_memory").unwrap();
        change(&path);
        assert_eq!(database.select("t", &["a"], |_| ()), Err(Unreadable::Damaged), "{name}");
        drop(database);
        assert_eq!(reader.take_unsettled(), [(path, Trouble::KeepsChanging)], "{name}");
        assert_eq!(reader.take_unsettled(), []);
    }
}

#[test]
fn a_log_may_claim_any_size() {
    let folder = tempfile::tempdir().unwrap();
    let path = crashed(folder.path());
    let size = fs::metadata(&path).unwrap().len() + fs::metadata(beside(&path, "-wal")).unwrap().len();
    for memory in [size - 1, size, size + 1] {
        let database = open_with(&Reader::new(Bounds { memory, ..Bounds::default() }), &path);
        assert_eq!(texts(&database), ["main", "log"]);
        assert_eq!(database.is_in_memory(), memory >= size);
    }
}

#[test]
fn says_what_a_file_is() {
    let folder = tempfile::tempdir().unwrap();
    let image = |content: &[u8]| {
        let path = folder.path().join("file");
        fs::write(&path, content).unwrap();
        Database::open(&Reader::default(), &path, KIND).unwrap().1
    };
    assert!(matches!(image(b""), Image::NotSqlite));
    assert!(matches!(image(b"SQLite format 3"), Image::NotSqlite));
    assert!(matches!(image(b"SQLite format 3\0"), Image::Broken));
    assert!(matches!(image(&[&b"SQLite format 3\0"[..], &[0x5a; 9000]].concat()), Image::Broken));
    let path = folder.path().join("none");
    assert_eq!(Database::open(&Reader::default(), &path, KIND).unwrap_err(), Trouble::Missing);
    assert_eq!(Database::open(&Reader::default(), folder.path(), KIND).unwrap_err(), Trouble::NotRegular);
    let path = crashed(folder.path());
    let small = Reader::new(Bounds { database: 4096, ..Bounds::default() });
    assert!(matches!(Database::open(&small, &path, KIND).unwrap_err(), Trouble::TooLarge { bound: 4096, .. }));
}

#[test]
fn says_that_a_write_did_not_end() {
    let folder = tempfile::tempdir().unwrap();
    let path = crashed(folder.path());
    let journal = beside(&path, "-journal");
    fs::write(&journal, [&[0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7][..], &[0; 600]].concat()).unwrap();
    let journal = fs::canonicalize(journal).unwrap();
    assert_eq!(open(&path).beside(), [Beside { path: journal, trouble: Trouble::HotJournal }]);
    // What PRAGMA journal_mode = PERSIST leaves after a write that did end.
    fs::write(beside(&path, "-journal"), [0; 600]).unwrap();
    assert_eq!(open(&path).beside(), []);
}

#[cfg(unix)]
#[test]
fn follows_no_log_out_of_the_folder() {
    use std::os::unix::fs::symlink;
    let elsewhere = tempfile::tempdir().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = crashed(folder.path());
    let log = beside(&path, "-wal");
    fs::rename(&log, elsewhere.path().join("wal")).unwrap();
    symlink(elsewhere.path().join("wal"), &log).unwrap();
    let database = open(&path);
    assert_eq!(texts(&database), ["main"]);
    let log = fs::canonicalize(folder.path()).unwrap().join("test.db-wal");
    assert_eq!(database.beside(), [Beside { path: log.clone(), trouble: Trouble::NotRegular }]);
    fs::remove_file(&log).unwrap();
    fs::create_dir(&log).unwrap();
    assert_eq!(open(&path).beside(), [Beside { path: log, trouble: Trouble::NotRegular }]);
}

#[cfg(unix)]
#[test]
fn finds_the_log_beside_the_file_that_a_link_leads_to() {
    let folder = tempfile::tempdir().unwrap();
    let path = crashed(folder.path());
    let links = tempfile::tempdir().unwrap();
    let link = links.path().join("other-name.db");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    assert_eq!(texts(&open(&link)), ["main", "log"]);
}

#[test]
fn reads_standard_input_without_a_log() {
    let folder = tempfile::tempdir().unwrap();
    let path = crashed(folder.path());
    let bytes = Zeroizing::new(fs::read(&path).unwrap());
    let reader = Reader::of_standard_input(Bounds::default(), path.clone(), bytes);
    assert_eq!(texts(&open_with(&reader, &path)), ["main"]);
    let other = folder.path().join("other.db");
    assert_eq!(Database::open(&reader, &other, KIND).unwrap_err(), Trouble::Missing);
}

/// A database made by these statements.
fn database(sql: &str) -> Database {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.db");
    Connection::open(&path).unwrap().execute_batch(sql).unwrap();
    open(&path)
}

#[test]
fn reads_databases_in_utf_16() {
    for encoding in ["UTF-16le", "UTF-16be"] {
        let database = database(&format!(
            "PRAGMA encoding = '{encoding}'; CREATE TABLE t (\"a\" TEXT); INSERT INTO t VALUES ('größer €');"
        ));
        assert_eq!(texts(&database), ["größer €"]);
    }
}

#[test]
fn gives_values_of_any_storage_class() {
    let database = database(
        "CREATE TABLE t (a); INSERT INTO t VALUES (NULL), (7), (1.5), ('12x'), (x'3133ff'), (CAST(x'ff' AS TEXT)),
         ('-9999999999999999999'), ('');",
    );
    let mut values = Vec::new();
    database
        .select("t", &["a", "no such column"], |row| {
            let text = row.text("a").map(|text| text.into_owned());
            assert_eq!((row.text("no such column"), row.integer("no such column")), (None, None));
            values.push((text, row.integer("a"), row.is_text("a")));
        })
        .unwrap();
    let expected = [
        (None, None, false),
        (Some("7"), Some(7), false),
        (Some("1.5"), Some(1), false),
        (Some("12x"), Some(12), true),
        (Some("13\u{fffd}"), Some(13), false),
        (Some("\u{fffd}"), Some(0), true),
        (Some("-9999999999999999999"), Some(i64::MIN), true),
        (Some(""), Some(0), true),
    ];
    assert_eq!(values, expected.map(|(text, number, is_text)| (text.map(str::to_owned), number, is_text)));
}

#[test]
fn runs_no_code_of_the_database() {
    let database = database(
        "CREATE TABLE plain (a TEXT, \"odd \"\" name\" TEXT, computed TEXT AS (upper(a)));
         CREATE VIEW view AS SELECT a FROM plain;
         CREATE VIRTUAL TABLE virtual USING fts4(a);
         INSERT INTO plain VALUES ('x', 'y');",
    );
    let tables = database.tables().unwrap();
    assert!(tables.contains(&"plain".to_owned()));
    assert!(!tables.contains(&"view".to_owned()) && !tables.contains(&"virtual".to_owned()), "{tables:?}");
    assert_eq!(*database.columns("PLAIN").unwrap(), ["a", "odd \" name"]);
    assert_eq!(*database.columns("view").unwrap(), [""; 0]);
    let mut rows = Vec::new();
    database
        .select("Plain", &["A", "odd \" name", "computed"], |row| {
            rows.push(
                ["A", "odd \" name", "computed"].map(|column| row.text(column).map(|text| text.into_owned())),
            );
        })
        .unwrap();
    assert_eq!(rows, [[Some("x".to_owned()), Some("y".to_owned()), None]]);
    assert_eq!(database.query("SELECT a FROM view", [], |_| ()), Err(Unreadable::Damaged));
    assert!(!database.was_interrupted());
}

/// A page can claim to hold far more than the file does, and what is made of it takes a multiple of that.
#[test]
fn no_value_is_longer_than_any_client_writes() {
    let database = database(
        "CREATE TABLE t (a); INSERT INTO t VALUES ('before'), (CAST(zeroblob(3000000) AS TEXT)), (zeroblob(5000000));",
    );
    let mut lengths = Vec::new();
    let read = database.select("t", &["a"], |row| lengths.push(row.text("a").unwrap().len()));
    assert_eq!((lengths.as_slice(), read), (&[6, 3_000_000][..], Err(Unreadable::Damaged)));
}

/// Before it looks at what a row claims, SQLite makes a list of the pages that such a row would lie in: found by fuzzing.
#[test]
fn a_row_that_claims_four_gigabytes_takes_no_memory() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.db");
    let writer = Connection::open(&path).unwrap();
    writer
        .execute_batch(
            "PRAGMA page_size = 512; CREATE TABLE t (a TEXT); INSERT INTO t VALUES (printf('%.*c', 5000, 'x'));",
        )
        .unwrap();
    drop(writer);
    let mut bytes = fs::read(&path).unwrap();
    // The second page is the root of the table, and its only cell begins with the row's length: 5003, in two bytes, and
    // the rowid. Longer by three bytes, the length may be anything.
    let page = 512;
    let cell = usize::from(u16::from_be_bytes([bytes[page + 8], bytes[page + 9]]));
    assert_eq!(bytes[page + cell..page + cell + 3], [0xa7, 0x0b, 1]);
    bytes.copy_within(page + cell..page + cell + 2, page + cell - 3);
    bytes[page + cell - 3..page + cell + 2].copy_from_slice(&[0x8f, 0xff, 0xff, 0xff, 0x7f]);
    let start = u16::try_from(cell - 3).unwrap().to_be_bytes();
    bytes[page + 8..page + 10].copy_from_slice(&start);
    bytes[page + 5..page + 7].copy_from_slice(&start);
    fs::write(&path, bytes).unwrap();
    let database = open(&path);
    assert!(database.select("t", &["a"], |_| ()).is_err());
    let limit: i64 = database.connection().query_row("PRAGMA hard_heap_limit", [], |row| row.get(0)).unwrap();
    assert_eq!(limit, i64::try_from(limits::SQLITE).unwrap());
}

#[test]
fn a_database_that_has_to_lie_in_memory_may_not_fill_it() {
    let path = PathBuf::from("large.db");
    let mut bytes = b"SQLite format 3\0".to_vec();
    bytes.resize(usize::try_from(limits::VERSION).unwrap() + 1, 0);
    let reader = Reader::of_files(Bounds::default(), [(path.clone(), Zeroizing::new(bytes))]);
    assert!(matches!(Database::open(&reader, &path, KIND).unwrap_err(), Trouble::TooLarge { .. }));
}

#[test]
fn survives_any_damage() {
    let folder = tempfile::tempdir().unwrap();
    let path = crashed(folder.path());
    let (main, log) = (fs::read(&path).unwrap(), fs::read(beside(&path, "-wal")).unwrap());
    let mut state = 1_u64;
    let mut random = move |bound: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % bound
    };
    for round in 0..300 {
        let (mut main, mut log) = (main.clone(), log.clone());
        for _ in 0..=random(4) {
            let (in_main, in_log) = (random(main.len().min(200)) + 16, random(log.len()));
            main[in_main] = random(256).try_into().unwrap();
            log[in_log] = random(256).try_into().unwrap();
        }
        main.truncate(if round % 5 == 0 { random(main.len()) } else { main.len() });
        log.truncate(if round % 7 == 0 { random(log.len()) } else { log.len() });
        fs::write(&path, main).unwrap();
        fs::write(beside(&path, "-wal"), log).unwrap();
        for bounds in [Bounds::default(), Bounds { memory: 100, ..Bounds::default() }] {
            if let (_, Image::Open(database)) = Database::open(&Reader::new(bounds), &path, KIND).unwrap() {
                let mut length = 0;
                let _any = database.select("t", &["a"], |row| length += row.text("a").map_or(0, |text| text.len()));
            }
        }
    }
}
