//! RPM's database in SQLite (RPM 4.16 and later): a package is a header, a list of tagged values (rpm's `header.c`).

use std::path::Path;

use super::{KIND, Package, upstream};
use crate::source::Reader;
use crate::source::sqlite::{Database, Image};

/// Where distributions keep it.
const PATHS: [&str; 2] = ["usr/lib/sysimage/rpm/rpmdb.sqlite", "var/lib/rpm/rpmdb.sqlite"];

/// The tag of a package's version.
const VERSION: u32 = 1001;

/// Bytes of an entry in a header's index: tag, type, offset and count, big-endian.
const ENTRY: usize = 16;

/// The packages of those names that are installed.
pub(super) fn installed(root: &Path, reader: &Reader, names: &[&str]) -> Vec<Package> {
    PATHS
        .iter()
        .find_map(|path| match Database::open(reader, &root.join(path), KIND) {
            Ok((_, Image::Open(database))) => Some(packages(&database, names)),
            _ => None,
        })
        .unwrap_or_default()
}

fn packages(database: &Database, names: &[&str]) -> Vec<Package> {
    const QUERY: &str = "SELECT blob FROM Packages WHERE hnum IN (SELECT hnum FROM Name WHERE key = ?1)";
    let mut packages = Vec::new();
    for name in names {
        // What cannot be asked for is not known.
        let _ = database.query(QUERY, [name], |row| {
            if let rusqlite::types::ValueRef::Blob(header) = row.value("blob") {
                packages.extend(version(header).and_then(upstream).map(|version| ((*name).to_owned(), version)));
            }
        });
    }
    packages
}

/// The version that a header names.
fn version(header: &[u8]) -> Option<&str> {
    let entries = usize::try_from(number(header, 0)?).ok()?;
    let index = header.get(8..8usize.checked_add(entries.checked_mul(ENTRY)?)?)?;
    let data = header.get(8 + index.len()..)?;
    let entry = index.chunks_exact(ENTRY).find(|entry| number(entry, 0) == Some(VERSION))?;
    let text = data.get(usize::try_from(number(entry, 8)?).ok()?..)?;
    let end = text.iter().position(|byte| *byte == 0)?;
    std::str::from_utf8(text.get(..end)?).ok()
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at.checked_add(4)?)?.try_into().ok().map(u32::from_be_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Version;

    /// A header with a name and a version, as rpm writes it.
    fn header(version: &str) -> Vec<u8> {
        let data = [b"profanity\0".as_slice(), version.as_bytes(), b"\0"].concat();
        let mut header = [2_u32.to_be_bytes(), u32::try_from(data.len()).unwrap().to_be_bytes()].concat();
        for (tag, offset) in [(1000_u32, 0_u32), (1001, 10)] {
            for part in [tag, 6, offset, 1] {
                header.extend(part.to_be_bytes());
            }
        }
        [header, data].concat()
    }

    #[test]
    fn the_version_stands_in_the_header() {
        assert_eq!(version(&header("0.13.1")), Some("0.13.1"));
        let whole = header("0.13.1");
        for length in 0..whole.len() {
            assert_eq!(version(&whole[..length]), None, "{length}");
        }
        assert_eq!(version(&[0xff; 64]), None);
    }

    #[test]
    fn the_database_is_asked_by_name() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("usr/lib/sysimage/rpm");
        std::fs::create_dir_all(&folder).unwrap();
        let database = rusqlite::Connection::open(folder.join("rpmdb.sqlite")).unwrap();
        database
            .execute_batch(
                "CREATE TABLE Packages (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL);
                 CREATE TABLE Name (key TEXT NOT NULL, hnum INTEGER NOT NULL, idx INTEGER NOT NULL);
                 INSERT INTO Name VALUES ('profanity', 7, 0), ('bash', 8, 0);",
            )
            .unwrap();
        database.execute("INSERT INTO Packages VALUES (7, ?1)", [header("0.15.1")]).unwrap();
        drop(database);
        let found = installed(root.path(), &Reader::default(), &["profanity", "pidgin"]);
        assert_eq!(found, [("profanity".to_owned(), Version::new(0, 15, 1))]);
    }
}
