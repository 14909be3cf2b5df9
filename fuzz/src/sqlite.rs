//! Databases as such, with their write-ahead logs.

use std::path::{Path, PathBuf};

use xmpp_audit::model::{FileKind, Purpose};
use xmpp_audit::source::sqlite::{Database, Image};
use xmpp_audit::source::{Bounds, Reader};
use zeroize::Zeroizing;

use crate::bundle;

const KIND: FileKind = FileKind("database", Purpose::Settings);

/// A database, and in the bundle’s second file its log.
pub fn sqlite(input: &[u8]) {
    let path = Path::new("database");
    let contents = bundle::files(input).into_iter().map(|file| Zeroizing::new(file.bytes.to_vec()));
    let paths = ["database", "database-wal"].map(PathBuf::from);
    let reader = Reader::of_files(Bounds::default(), paths.into_iter().zip(contents));
    let Ok((_, Image::Open(database))) = Database::open(&reader, path, KIND) else { return };
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
