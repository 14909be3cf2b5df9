//! Making and reading Dino's files in a temporary folder.
#![allow(clippy::unwrap_used, clippy::panic, dead_code, reason = "helpers of tests")]

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use tempfile::TempDir;
use xmpp_audit::clients::dino::{DATABASE, Dino, OMEMO};
use xmpp_audit::clients::{Client, Found};
use xmpp_audit::model::{Address, FileKind, Place, Profile, Room, Spot};
use xmpp_audit::source::Reader;

/// The tables of Dino 0.4.2.
pub const SCHEMA_26: &str = include_str!("../../fixtures/dino/schema-26.sql");

/// Makes a `dino.db` by these statements, in a folder of Dino's.
pub fn made_by(sql: &str) -> (TempDir, PathBuf) {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("dino");
    fs::create_dir(&folder).unwrap();
    let path = folder.join("dino.db");
    Connection::open(&path).unwrap().execute_batch(sql).unwrap();
    (home, path)
}

/// Makes a `dino.db` of Dino 0.4.2 and adds rows by these statements.
pub fn schema_26_with(rows: &str) -> (TempDir, PathBuf) {
    made_by(&format!("{SCHEMA_26}{rows}"))
}

/// What is found at `path`, as the kind that it is recognised as.
pub fn found(path: &Path) -> Found {
    let head = Reader::default().head(path, xmpp_audit::clients::HEAD).unwrap();
    let kind = Dino.recognise(path, &head).unwrap_or_else(|| panic!("{} is not Dino's", path.display()));
    Found { path: path.to_owned(), kind, home: None }
}

pub fn found_as(path: &Path, kind: FileKind) -> Found {
    Found { path: path.to_owned(), kind, home: None }
}

pub fn read(path: &Path) -> Profile {
    Dino.read(&[found_as(path, DATABASE)], &Reader::default())
}

pub fn addresses(rooms: &[Room]) -> Vec<String> {
    rooms.iter().map(|room| room.address.bare()).collect()
}

/// What is shown of the row at a place, and the part of it that is marked.
pub fn excerpt(place: &Place) -> (String, String) {
    let Spot::Cell(cell) = &place.spot else { panic!("not in a database: {place:?}") };
    let excerpt = cell.excerpt.clone().unwrap();
    let marked = excerpt.text.get(excerpt.mark.start..excerpt.mark.end).unwrap().to_owned();
    (excerpt.text, marked)
}

pub fn address(jid: &str) -> Address {
    Address::parse(jid)
}

/// The tables of `omemo.db` as Dino 0.4.2 makes them.
pub const OMEMO_5: &str = include_str!("../../fixtures/dino/omemo-5.sql");

/// Makes an `omemo.db` beside a `dino.db` by these statements.
pub fn make_omemo(database: &Path, rows: &str) -> PathBuf {
    let path = database.with_file_name("omemo.db");
    let _ = fs::remove_file(&path);
    Connection::open(&path).unwrap().execute_batch(&format!("{OMEMO_5}{rows}")).unwrap();
    path
}

/// Reads both databases as one profile.
pub fn read_both(database: &Path) -> Profile {
    let omemo = database.with_file_name("omemo.db");
    Dino.read(&[found_as(database, DATABASE), found_as(&omemo, OMEMO)], &Reader::default())
}

/// The database of a sample, changed by these statements.
pub fn sample_with(sample: &str, sql: &str) -> (TempDir, PathBuf) {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/dino/samples").join(sample).join("dino.db");
    let (home, path) = made_by("");
    fs::write(&path, fs::read(fixture).unwrap()).unwrap();
    Connection::open(&path).unwrap().execute_batch(sql).unwrap();
    (home, path)
}
