//! Asking a database that may hold anything: absent tables and columns, values of any storage class.

use std::borrow::Cow;
use std::rc::Rc;

use rusqlite::types::ValueRef;
use rusqlite::{ErrorCode, Params};

use super::Database;

/// Why a query gave no answer, or not all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It was ended: see [`Database::was_interrupted`].
    #[error("the query took too long")]
    Interrupted,
    /// A page, the schema or the query makes no sense to SQLite.
    #[error("the database is damaged")]
    Damaged,
}

impl From<rusqlite::Error> for Unreadable {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::OperationInterrupted) => Self::Interrupted,
            _ => Self::Damaged,
        }
    }
}

/// A row of an answer. Its values can be asked for whatever their storage class.
#[derive(Debug)]
pub struct Row<'a>(&'a rusqlite::Row<'a>);

impl Row<'_> {
    /// The value as it is stored; NULL where there is no such column.
    #[must_use]
    pub fn value(&self, column: &str) -> ValueRef<'_> {
        self.0.get_ref(column).unwrap_or(ValueRef::Null)
    }

    /// The value as text, as `sqlite3_column_text` converts it: numbers in decimal, a BLOB's bytes as they
    /// are. None for NULL. Bytes that are not UTF-8 are replaced.
    #[must_use]
    pub fn text(&self, column: &str) -> Option<Cow<'_, str>> {
        match self.value(column) {
            ValueRef::Null => None,
            ValueRef::Integer(number) => Some(Cow::Owned(number.to_string())),
            ValueRef::Real(number) => Some(Cow::Owned(format!("{number:?}"))),
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => Some(String::from_utf8_lossy(bytes)),
        }
    }

    /// The value as a whole number, as `sqlite3_column_int64` converts it: text counts as far as it is a
    /// number, and as 0 where it is none. None for NULL.
    #[must_use]
    pub fn integer(&self, column: &str) -> Option<i64> {
        match self.value(column) {
            ValueRef::Null => None,
            ValueRef::Integer(number) => Some(number),
            #[expect(clippy::cast_possible_truncation, reason = "this is how SQLite converts")]
            ValueRef::Real(number) => Some(number as i64),
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => Some(leading_integer(bytes)),
        }
    }

    /// Whether the value is stored as text.
    #[must_use]
    pub fn is_text(&self, column: &str) -> bool {
        matches!(self.value(column), ValueRef::Text(_))
    }
}

impl Database {
    /// The names of the ordinary tables, SQLite's own excepted. Views and virtual tables, which run code of
    /// the database's choice, are none.
    ///
    /// # Errors
    /// Says why they could not be listed.
    pub fn tables(&self) -> Result<&[String], Unreadable> {
        if let Some(names) = self.tables.get() {
            return Ok(names);
        }
        let mut names = Vec::new();
        self.query(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0 AND substr(name, 1, 7) <> 'sqlite_'",
            [],
            |row| names.extend(row.text("name").map(Cow::into_owned)),
        )?;
        Ok(self.tables.get_or_init(|| names))
    }

    /// Whether there is an ordinary table of that name. Like SQLite, in whatever case.
    #[must_use]
    pub fn has_table(&self, table: &str) -> bool {
        self.tables().is_ok_and(|tables| lists(tables, table))
    }

    /// The names of the stored columns of an ordinary table; none where there is no such table. Computed
    /// columns, whose values are code of the database's choice, are left out.
    ///
    /// # Errors
    /// Says why they could not be listed.
    pub fn columns(&self, table: &str) -> Result<Rc<[String]>, Unreadable> {
        if let Some(known) = self.columns.borrow().get(table) {
            return Ok(Rc::clone(known));
        }
        let mut names = Vec::new();
        if lists(self.tables()?, table) {
            self.query("SELECT name FROM pragma_table_xinfo(?1) WHERE hidden = 0", [table], |row| {
                names.extend(row.text("name").map(Cow::into_owned));
            })?;
        }
        let names: Rc<[String]> = names.into();
        self.columns.borrow_mut().insert(table.to_owned(), Rc::clone(&names));
        Ok(names)
    }

    /// Reads columns of all rows of a table, in the order in which they are stored. Columns that the table
    /// does not have are NULL in every row; a table that does not exist has no rows.
    ///
    /// # Errors
    /// Says why not all rows could be read; `then` has seen those before.
    pub fn select(&self, table: &str, columns: &[&str], then: impl FnMut(&Row<'_>)) -> Result<(), Unreadable> {
        let present = self.columns(table)?;
        if present.is_empty() {
            return Ok(());
        }
        let asked: Vec<String> = columns
            .iter()
            .map(|column| {
                let stored = present.iter().any(|name| name.eq_ignore_ascii_case(column));
                format!("{} AS {}", if stored { quoted(column) } else { "NULL".to_owned() }, quoted(column))
            })
            .collect();
        self.query(&format!("SELECT {} FROM {}", asked.join(", "), quoted(table)), [], then)
    }

    /// Runs a query and shows `then` every row of its answer.
    ///
    /// # Errors
    /// Says why the answer is not complete; `then` has seen the rows before.
    pub fn query(&self, sql: &str, parameters: impl Params, then: impl FnMut(&Row<'_>)) -> Result<(), Unreadable> {
        self.run(sql, parameters, then).inspect_err(|_| self.unsettled.note_failure()).map_err(Into::into)
    }

    fn run(
        &self,
        sql: &str,
        parameters: impl Params,
        mut then: impl FnMut(&Row<'_>),
    ) -> Result<(), rusqlite::Error> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(parameters)?;
        while let Some(row) = rows.next()? {
            then(&Row(row));
        }
        Ok(())
    }
}

fn lists(tables: &[String], table: &str) -> bool {
    tables.iter().any(|name| name.eq_ignore_ascii_case(table))
}

/// A name as SQL writes it, whatever characters it has.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The number that a text begins with, 0 where it begins with none; the largest where it is larger.
fn leading_integer(bytes: &[u8]) -> i64 {
    let text = bytes.trim_ascii_start();
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    digits.iter().take_while(|byte| byte.is_ascii_digit()).fold(0_i64, |number, byte| {
        let digit = i64::from(byte - b'0');
        let shifted = number.saturating_mul(10);
        if negative { shifted.saturating_sub(digit) } else { shifted.saturating_add(digit) }
    })
}
