//! The tables of `settings.sqlite`, as cells.

use rusqlite::types::ValueRef;
use zeroize::Zeroizing;

use super::cell::{self, Cell};
use super::database::cell_words;
use crate::model::{Fault, FileNumber, Place, limits};
use crate::source::sqlite::Database;

/// A table of cells with JSON in the column `settings`.
#[derive(Clone, Copy)]
pub(super) struct Table {
    /// Its name.
    pub name: &'static str,
    /// The column that tells its rows apart.
    pub key: &'static str,
}

/// Every cell of the database, and what is wrong with some.
pub(super) struct Cells {
    /// The file.
    pub file: FileNumber,
    /// Those of the client.
    pub client: Vec<Cell>,
    /// Those of accounts.
    pub accounts: Vec<Cell>,
    /// What is wrong with some.
    pub faults: Vec<(Fault, Option<Place>)>,
    /// Whether there is more in a table than is looked at.
    pub is_cut: bool,
}

/// What may still be read of a table.
struct Rest {
    rows: usize,
    bytes: usize,
}

impl Cells {
    /// Loads a table.
    pub(super) fn load(&mut self, database: &Database, table: Table) {
        let columns = database.columns(table.name).unwrap_or_default();
        let has = |wanted: &str| columns.iter().any(|column| column.eq_ignore_ascii_case(wanted));
        if !has(table.key) || !has("settings") {
            self.faults.push((Fault::MissingTables, None));
            return;
        }
        let mut rest = Rest { rows: limits::ACCOUNTS, bytes: limits::CELLS };
        let read = database.select(table.name, &[table.key, "settings"], |row| {
            let value = bytes_of(row.value("settings"));
            let key = bytes_of(row.value(table.key));
            let fits = rest.rows > 0 && value.len() + key.len() <= rest.bytes;
            if !fits {
                self.is_cut = true;
                return;
            }
            rest = Rest { rows: rest.rows - 1, bytes: rest.bytes - value.len() - key.len() };
            let key = row.text(table.key).unwrap_or_default().into_owned();
            self.add(table, key, value);
        });
        if read.is_err() {
            self.faults.push((Fault::BrokenDatabase, None));
        }
    }

    fn add(&mut self, table: Table, key: String, bytes: &[u8]) {
        let words = cell_words(table.name, &key);
        let Ok(text) = str::from_utf8(bytes) else {
            let place = cell::bare_place(self.file, table.name, table.key, &key, words);
            self.faults.push((Fault::WrongEncoding, Some(place)));
            return;
        };
        let cell = Cell::new(self.file, table.name, table.key, key, Zeroizing::new(text.to_owned()));
        if cell.document.error.is_some() {
            self.faults.push((Fault::BrokenJson, Some(cell.place(words))));
        }
        if table.name == "settings" { self.client.push(cell) } else { self.accounts.push(cell) }
    }
}

const fn bytes_of(value: ValueRef<'_>) -> &[u8] {
    match value {
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes,
        _ => &[],
    }
}
