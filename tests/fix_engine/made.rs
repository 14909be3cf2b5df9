//! Changes of files, made by hand.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use xmpp_audit::fix::{Content, FileChange, Note, Options, spliced};
use xmpp_audit::model::{FileKind, Imprint, Purpose, RowChange, RowEdit, Scalar, Span, Splice};
use xmpp_audit::source::Stamp;
use zeroize::Zeroizing;

pub const SECRET: &str = "correct-horse-battery";

/// A second secret, that no repair touches: it must not get into the journal either.
pub const OTHER_SECRET: &str = "tr0ub4dor-and-three";

pub const KIND: FileKind = FileKind("test", Purpose::Other);

/// A folder of files, and one for the journal beside it.
pub struct Home {
    pub folder: tempfile::TempDir,
}

impl Home {
    pub fn new() -> Self {
        Self::of(tempfile::tempdir().unwrap())
    }

    /// In memory, where that can be had: waiting for the disk is not what is tested.
    pub fn in_memory() -> Self {
        Self::of(tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap())
    }

    fn of(folder: tempfile::TempDir) -> Self {
        fs::create_dir(folder.path().join("home")).unwrap();
        Self { folder }
    }

    pub fn at(&self, name: &str) -> PathBuf {
        fs::canonicalize(self.folder.path()).unwrap().join("home").join(name)
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        fs::write(self.at(name), content).unwrap();
        self.at(name)
    }

    pub fn state(&self) -> PathBuf {
        self.folder.path().join("state/xmpp-audit")
    }

    pub fn options(&self) -> Options {
        Options { state_folder: self.state(), keep_secrets: false }
    }

    pub fn keeping(&self) -> Options {
        Options { keep_secrets: true, ..self.options() }
    }

    /// The names of everything in the home.
    pub fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.at("")).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// Everything that stands in the journal.
    pub fn journal(&self) -> Vec<u8> {
        let entries = fs::read_dir(self.state()).unwrap();
        entries.flat_map(|entry| fs::read(entry.unwrap().path()).unwrap()).collect()
    }
}

pub fn note() -> Note {
    Note { rule: "password-stored".into(), path: "accounts.xml".into(), words: "the password is stored".into() }
}

pub fn holds(bytes: &[u8], text: &str) -> bool {
    memchr::memmem::find(bytes, text.as_bytes()).is_some()
}

/// Whether Base64 of a text stands in bytes, at any of the three offsets it can have.
pub fn holds_encoded(bytes: &[u8], text: &str) -> bool {
    use base64::Engine as _;
    (0..3).any(|offset| {
        let padded = [vec![b' '; offset], text.as_bytes().to_vec()].concat();
        let encoded = base64::engine::general_purpose::STANDARD_NO_PAD.encode(padded);
        // The first and the last characters depend on what stands around.
        let encoded = encoded.as_bytes();
        let inner = &encoded[4.min(encoded.len())..encoded.len().saturating_sub(4)];
        memchr::memmem::find(bytes, inner).is_some()
    })
}

pub fn change(path: &Path, content: Content) -> FileChange {
    let stamp = fs::metadata(path).ok().as_ref().map(Stamp::of);
    FileChange { real: path.to_owned(), path: path.to_owned(), kind: KIND, content, stamp, mode: None }
}

pub fn text(path: &Path, rounds: Vec<Vec<Splice>>) -> FileChange {
    let old = Zeroizing::new(fs::read(path).unwrap());
    let new = rounds.iter().fold(old.clone(), |text, round| spliced(&text, round).unwrap());
    change(path, Content::Text { old, new, rounds })
}

/// Where a piece stands in a text.
pub fn span(text: impl AsRef<[u8]>, piece: &str) -> Span {
    let at = memchr::memmem::find(text.as_ref(), piece.as_bytes()).unwrap();
    Span::new(at, at + piece.len())
}

pub fn rows(path: &Path, rounds: Vec<Vec<RowEdit>>) -> FileChange {
    let connection = Connection::open_in_memory().unwrap();
    connection.execute("ATTACH ? AS other", [path.to_str().unwrap()]).unwrap();
    let imprint = |edit: &RowEdit| match &edit.change {
        RowChange::Splice { column, .. } => {
            let (key, value) = &edit.key[0];
            let query = format!("SELECT {column} FROM other.{} WHERE {key} IS ?", edit.table);
            let value = match value {
                Scalar::Text(text) => rusqlite::types::Value::Text(text.clone()),
                Scalar::Integer(number) => rusqlite::types::Value::Integer(*number),
                Scalar::Null => rusqlite::types::Value::Null,
            };
            let text: String = connection.query_row(&query, [value], |row| row.get(0)).unwrap();
            Some(Imprint::of(text.as_bytes()))
        }
        _ => None,
    };
    let imprints = rounds.iter().map(|round| round.iter().map(imprint).collect()).collect();
    change(path, Content::Rows { rounds, imprints })
}

pub fn in_cell(table: &str, key: (&str, Scalar), column: &str, splice: Splice) -> RowEdit {
    let change = RowChange::Splice { column: column.into(), splice };
    RowEdit { table: table.into(), key: vec![(key.0.into(), key.1)], change }
}

pub const ACCOUNTS: &str = "<accounts>\r\n\t<account>\r\n\t\t<name>me@example.org</name>\r\n\t\t<password>correct-horse-battery</password>\r\n\t\t<setting name='encryption'>opportunistic</setting>\r\n\t</account>\r\n\t<account>\r\n\t\t<password>tr0ub4dor-and-three</password>\r\n\t</account>\r\n</accounts>";

/// Settings as Gajim keeps them: JSON in a cell, two passwords among them.
pub fn settings() -> String {
    format!(
        r#"{{"name": "me@example.org", "savepass": true, "password": "{SECRET}", "proxy_password": "{OTHER_SECRET}", "encryption": "optional", "x": "{}"}}"#,
        "filler ".repeat(300)
    )
}

/// A database with settings, other rows, a free list and a version.
pub fn database(path: &Path, logged: bool) {
    let connection = Connection::open(path).unwrap();
    connection
        .execute_batch(&format!(
            "PRAGMA page_size = 4096; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA secure_delete = 0;
             PRAGMA journal_mode = {};
             PRAGMA user_version = 7; PRAGMA application_id = 99;
             PRAGMA synchronous = OFF;
             CREATE TABLE account_settings (account TEXT PRIMARY KEY, settings TEXT NOT NULL, flag INTEGER);
             CREATE TABLE message (id INTEGER PRIMARY KEY, body TEXT);",
            if logged { "WAL" } else { "DELETE" }
        ))
        .unwrap();
    for number in 0..300 {
        connection
            .execute("INSERT INTO message (body) VALUES (?)", [format!("message {number} {}", "x".repeat(200))])
            .unwrap();
    }
    // Saved many times, so that old copies of the password lie about.
    for account in ["me@example.org", "other@example.org"] {
        connection.execute("INSERT INTO account_settings VALUES (?, ?, 1)", [account, &settings()]).unwrap();
        for number in 0..5 {
            connection
                .execute(
                    "UPDATE account_settings SET settings = ? || ? WHERE account = ?",
                    [settings(), " ".repeat(number * 700), account.to_owned()],
                )
                .unwrap();
        }
        connection
            .execute("UPDATE account_settings SET settings = ? WHERE account = ?", [&settings(), account])
            .unwrap();
    }
    connection
        .execute("UPDATE account_settings SET settings = '{}' WHERE account = 'other@example.org'", [])
        .unwrap();
    connection.execute("DELETE FROM message WHERE id % 3 = 0", []).unwrap();
}

/// Everything that a database says.
pub fn dump(path: &Path) -> String {
    let connection = Connection::open(path).unwrap();
    let pragma =
        |name: &str| -> i64 { connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get(0)).unwrap() };
    let mut dump = format!(
        "{} {} {} {} {}\n",
        pragma("user_version"),
        pragma("application_id"),
        pragma("page_size"),
        pragma("auto_vacuum"),
        connection.query_row("PRAGMA journal_mode", [], |row| row.get::<_, String>(0)).unwrap(),
    );
    assert_eq!(connection.query_row("PRAGMA integrity_check", [], |row| row.get::<_, String>(0)).unwrap(), "ok");
    for table in ["account_settings", "message"] {
        let mut statement = connection.prepare(&format!("SELECT * FROM {table} ORDER BY 1")).unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            for column in 0..columns {
                let value: rusqlite::types::Value = row.get(column).unwrap();
                dump += &format!("{value:?} ");
            }
            dump += "\n";
        }
    }
    dump
}
