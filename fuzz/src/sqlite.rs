//! Databases as such, with their write-ahead logs.

use std::path::{Path, PathBuf};

use xmpp_audit::model::{FileKind, Purpose};
use xmpp_audit::source::sqlite::{Database, Image};
use xmpp_audit::source::{Bounds, Reader};
use zeroize::Zeroizing;

use crate::bundle;
use crate::disk::Folder;

const KIND: FileKind = FileKind("database", Purpose::Settings);

const FILES: [(&str, &str); 2] = [("database", "database"), ("log", "database-wal")];

thread_local! {
    static FOLDER: Folder = Folder::new(&FILES);
}

/// A database, and in the bundle’s second file its log.
pub fn sqlite(input: &[u8]) {
    let path = Path::new("database");
    let contents = bundle::files(input).into_iter().map(|file| Zeroizing::new(file.bytes.to_vec()));
    let paths = ["database", "database-wal"].map(PathBuf::from);
    let reader = Reader::of_files(Bounds::default(), paths.into_iter().zip(contents));
    look_at(&reader, path);
}

/// The same on a disk, where SQLite is given page by page.
pub fn sqlite_pages(input: &[u8]) {
    FOLDER.with(|folder| {
        let files = bundle::files(input);
        let named: Vec<u8> = files
            .iter()
            .zip(FILES)
            .flat_map(|(file, (name, _))| [b"%%", name.as_bytes(), b"\n", file.bytes, b"\n"].concat())
            .collect();
        let reader = Reader::new(Bounds { memory: 0, ..Bounds::default() });
        folder.with(&named, |_| Vec::new(), || look_at(&reader, &folder.at("database")));
    });
}

fn look_at(reader: &Reader, path: &Path) {
    let Ok((_, Image::Open(database))) = Database::open(reader, path, KIND) else { return };
    let tables = database.tables().map(<[String]>::to_vec).unwrap_or_default();
    for table in tables {
        let columns = database.columns(&table).unwrap_or_default();
        let asked: Vec<&str> = columns.iter().map(String::as_str).take(20).chain(["password"]).collect();
        let _ = database.select(&table, &asked, |row| {
            for column in &asked {
                let _ = (row.text(column), row.integer(column), row.is_text(column));
            }
        });
        assert!(database.has_table(&table));
    }
}
