//! Changing rows of a database, and knowing how to change them back.

use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{Connection, ToSql, params_from_iter};
use thiserror::Error;
use zeroize::Zeroizing;

use super::splice::spliced;
use crate::model::{Imprint, MASK, RowChange, RowEdit, Scalar, Splice};

/// Why rows could not be changed. Nothing is said of what stands in them.
#[derive(Debug, Error)]
pub enum RowError {
    /// SQLite refuses.
    #[error("SQLite refuses: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// There is not exactly one row, or something else stands in it.
    #[error("the row is not what it was when it was looked at")]
    Changed,
}

/// Changes rows, within a transaction that the caller has begun.
///
/// # Errors
/// If a row is not as the edits expect it; what was changed until then is to be rolled back.
pub fn change_rows(connection: &Connection, edits: &[RowEdit]) -> Result<(), RowError> {
    let mut done = vec![false; edits.len()];
    for (number, edit) in edits.iter().enumerate() {
        if done.get(number).copied().unwrap_or(true) {
            continue;
        }
        match &edit.change {
            RowChange::Splice { column, .. } => {
                let mut splices = Vec::new();
                for (other, done) in edits.iter().zip(&mut done) {
                    if let Some(splice) = splice_of(other, edit, column) {
                        splices.push(splice.clone());
                        *done = true;
                    }
                }
                splice_cell(connection, edit, column, &splices)?;
            }
            RowChange::Set { column, old, new } => set_cell(connection, edit, column, old, new)?,
            RowChange::Insert { values } => insert_row(connection, &edit.table, values)?,
            RowChange::Delete { values } => delete_row(connection, edit, values)?,
        }
    }
    Ok(())
}

/// The imprints of the texts in which edits replace ranges, as they stand there; none for the other edits.
///
/// # Errors
/// If there is no such text.
pub(super) fn imprints(connection: &Connection, edits: &[RowEdit]) -> Result<Vec<Option<Imprint>>, RowError> {
    let imprint = |edit: &RowEdit| match &edit.change {
        RowChange::Splice { column, .. } => {
            let text = text_in(connection, &edit.table, &edit.key, column)?.ok_or(RowError::Changed)?;
            Ok(Some(Imprint::of(&text)))
        }
        _ => Ok(None),
    };
    edits.iter().map(imprint).collect()
}

/// The splice of an edit, if it is of the same cell.
fn splice_of<'e>(edit: &'e RowEdit, like: &RowEdit, in_column: &str) -> Option<&'e Splice> {
    match &edit.change {
        RowChange::Splice { column, splice }
            if column == in_column && edit.table == like.table && edit.key == like.key =>
        {
            Some(splice)
        }
        _ => None,
    }
}

fn splice_cell(connection: &Connection, edit: &RowEdit, column: &str, splices: &[Splice]) -> Result<(), RowError> {
    let old = text_in(connection, &edit.table, &edit.key, column)?.ok_or(RowError::Changed)?;
    let new = spliced(&old, splices).map_err(|_| RowError::Changed)?;
    put_text(connection, &edit.table, &edit.key, column, &new)
}

/// The text in a cell; none if there is no such row, more than one, or no text in it.
pub(super) fn text_in(
    connection: &Connection,
    table: &str,
    key: &[(String, Scalar)],
    column: &str,
) -> Result<Option<Zeroizing<Vec<u8>>>, RowError> {
    let (condition, values) = condition(key);
    let mut statement =
        connection.prepare(&format!("SELECT {} FROM {} WHERE {condition}", name(column), name(table)))?;
    let mut rows = statement.query(params_from_iter(values))?;
    let text = match rows.next()?.map(|row| row.get_ref(0)).transpose()? {
        Some(ValueRef::Text(text)) => Some(Zeroizing::new(text.to_vec())),
        _ => None,
    };
    Ok(if rows.next()?.is_some() { None } else { text })
}

/// Puts a text into a cell.
pub(super) fn put_text(
    connection: &Connection,
    table: &str,
    key: &[(String, Scalar)],
    column: &str,
    text: &[u8],
) -> Result<(), RowError> {
    let text = std::str::from_utf8(text).map_err(|_| RowError::Changed)?;
    let (condition, values) = condition(key);
    let update = format!("UPDATE {} SET {} = ? WHERE {condition}", name(table), name(column));
    let values: Vec<&dyn ToSql> =
        std::iter::once(&text as &dyn ToSql).chain(values.into_iter().map(|value| value as &dyn ToSql)).collect();
    one(connection.execute(&update, params_from_iter(values))?)
}

/// How many rows have these values.
pub(super) fn count(connection: &Connection, table: &str, values: &[(String, Scalar)]) -> Result<i64, RowError> {
    let (condition, values) = condition(values);
    let query = format!("SELECT count(*) FROM {} WHERE {condition}", name(table));
    Ok(connection.query_row(&query, params_from_iter(values), |row| row.get(0))?)
}

/// What an edit takes away and what it puts there, for people: never a secret.
pub(super) fn shown(connection: &Connection, edit: &RowEdit) -> Result<(String, String), RowError> {
    let row = |values: &[(String, Scalar)]| {
        let parts: Vec<_> = values.iter().map(|(column, value)| format!("{column} = {value}")).collect();
        parts.join(", ")
    };
    Ok(match &edit.change {
        RowChange::Splice { splice, .. } if splice.forgets => (MASK.to_owned(), splice.new.clone()),
        RowChange::Splice { column, splice } => {
            let text = text_in(connection, &edit.table, &edit.key, column)?.ok_or(RowError::Changed)?;
            let old = text.get(splice.span.start..splice.span.end).ok_or(RowError::Changed)?;
            (String::from_utf8_lossy(old).into_owned(), splice.new.clone())
        }
        RowChange::Set { column, old, new } => (format!("{column} = {old}"), format!("{column} = {new}")),
        RowChange::Insert { values } => (String::new(), row(values)),
        RowChange::Delete { values } => (row(values), String::new()),
    })
}

fn set_cell(
    connection: &Connection,
    edit: &RowEdit,
    column: &str,
    old: &Scalar,
    new: &Scalar,
) -> Result<(), RowError> {
    let (condition, values) = condition(&edit.key);
    let column = name(column);
    let update = format!("UPDATE {} SET {column} = ? WHERE {condition} AND {column} IS ?", name(&edit.table));
    let values: Vec<&Scalar> = std::iter::once(new).chain(values).chain(std::iter::once(old)).collect();
    one(connection.execute(&update, params_from_iter(values))?)
}

fn insert_row(connection: &Connection, table: &str, values: &[(String, Scalar)]) -> Result<(), RowError> {
    let columns: Vec<_> = values.iter().map(|(column, _)| name(column)).collect();
    let marks = vec!["?"; values.len()].join(", ");
    let insert = format!("INSERT INTO {} ({}) VALUES ({marks})", name(table), columns.join(", "));
    one(connection.execute(&insert, params_from_iter(values.iter().map(|(_, value)| value)))?)
}

fn delete_row(connection: &Connection, edit: &RowEdit, values: &[(String, Scalar)]) -> Result<(), RowError> {
    let whole: Vec<_> = edit.key.iter().chain(values).cloned().collect();
    let (condition, values) = condition(&whole);
    one(connection
        .execute(&format!("DELETE FROM {} WHERE {condition}", name(&edit.table)), params_from_iter(values))?)
}

/// Exactly one row is meant, never more.
const fn one(changed: usize) -> Result<(), RowError> {
    if changed == 1 { Ok(()) } else { Err(RowError::Changed) }
}

/// What tells a row from others, as SQL, and the values for its marks.
fn condition(key: &[(String, Scalar)]) -> (String, Vec<&Scalar>) {
    let parts: Vec<_> = key.iter().map(|(column, _)| format!("{} IS ?", name(column))).collect();
    (parts.join(" AND "), key.iter().map(|(_, value)| value).collect())
}

/// A name, quoted for SQL.
fn name(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

impl ToSql for Scalar {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Null => ToSqlOutput::Owned(Value::Null),
            Self::Integer(number) => ToSqlOutput::Owned(Value::Integer(*number)),
            Self::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
        })
    }
}
