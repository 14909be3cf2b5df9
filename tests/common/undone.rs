//! Homes before a repair and after it was taken back.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use rusqlite::types::Value;
use xmpp_audit::fix::{Options, Restored, undo};

/// Every file of a home, with its mode and its bytes; what git keeps is left out.
pub type Listing = BTreeMap<PathBuf, (u32, Vec<u8>)>;

/// What is in a home.
pub fn listing(home: &Path) -> Listing {
    let entries = walkdir::WalkDir::new(home).into_iter().filter_entry(|entry| entry.file_name() != ".git");
    let files = entries.map(Result::unwrap).filter(|entry| entry.file_type().is_file());
    files.map(|file| (file.path().to_owned(), (mode(file.path()), fs::read(file.path()).unwrap()))).collect()
}

/// Takes the last repair back, and says what is different from before: not a byte may be, but in databases whose content
/// is said to be restored and not their bytes; and those must say the same.
pub fn taken_back(home: &Path, before: &Listing, options: &Options) -> Vec<String> {
    let undone = match undo(None, options) {
        Ok(undone) => undone,
        Err(error) => return vec![format!("it cannot be taken back: {error}")],
    };
    let after = listing(home);
    let mut different = Vec::new();
    for path in before.keys().chain(after.keys()).collect::<BTreeSet<_>>() {
        if before.get(path) == after.get(path) {
            continue;
        }
        let is_restored = |database: &Path| {
            undone.files.iter().any(|(file, how)| file == database && *how == Restored::InContent)
        };
        let is_same = match database_of(path) {
            Some(database) => is_restored(&database),
            None => is_restored(path) && before[path].0 == mode(path) && dump_of(before, path) == dump(path),
        };
        if !is_same {
            let how = undone.files.iter().find(|(file, _)| file == path).map(|(_, how)| *how);
            different.push(format!("{}: taken back ({how:?}), it is not as it was", path.display()));
        }
    }
    different
}

/// The database of a log, or of what belongs to it.
fn database_of(path: &Path) -> Option<PathBuf> {
    let path = path.to_str().unwrap();
    let database = path.strip_suffix("-wal").or_else(|| path.strip_suffix("-shm"));
    database.map(PathBuf::from)
}

/// The permission bits of a file.
pub fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// What a database said before, its log included.
fn dump_of(before: &Listing, path: &Path) -> Vec<(String, Vec<Vec<Value>>)> {
    let folder = tempfile::tempdir().unwrap();
    for ending in ["", "-wal"] {
        let of = PathBuf::from(format!("{}{ending}", path.display()));
        if let Some((_, bytes)) = before.get(&of) {
            fs::write(folder.path().join(format!("copy{ending}")), bytes).unwrap();
        }
    }
    dump(&folder.path().join("copy"))
}

/// Every row of every table, and what makes the tables; SQLite's own counters are left out.
pub fn dump(path: &Path) -> Vec<(String, Vec<Vec<Value>>)> {
    let connection = Connection::open(path).unwrap();
    let query = "SELECT name, sql FROM sqlite_schema WHERE name <> 'sqlite_sequence' ORDER BY name";
    let mut tables = connection.prepare(query).unwrap();
    let tables: Vec<(String, Option<String>)> =
        tables.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect();
    let version = connection.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
    let mut dump = vec![("user_version".to_owned(), vec![vec![version]])];
    for (table, sql) in tables.into_iter().filter(|(_, sql)| sql.as_ref().is_some_and(|sql| sql.contains("TABLE")))
    {
        // What a module would have to make sense of is left to it.
        let Ok(mut statement) = connection.prepare(&format!("SELECT * FROM \"{table}\"")) else { continue };
        let columns = statement.column_count();
        let rows = statement.query_map([], |row| (0..columns).map(|column| row.get(column)).collect()).unwrap();
        dump.push((format!("{table} {}", sql.unwrap()), rows.map(Result::unwrap).collect()));
    }
    dump
}
