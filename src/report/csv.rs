//! A table for spreadsheets and data frames: RFC 4180 in UTF-8, one row a finding; its lines end as all others do
//! that this program writes.
//!
//! What somebody has accepted and what could not be read have rows, too; the column `status` tells them apart: a
//! table that left them out would look like a clean home. A cell that a spreadsheet would take for a formula gets
//! an apostrophe in front, which spreadsheets take for “this is text”.

use std::borrow::Cow;
use std::io::{self, Write};

use csv::{ErrorKind, Writer};

use super::overview::{baseline_word, unseen};
use super::{Format, Options, Shown, phrases};
use crate::finding::{Finding, Suppression};
use crate::model::{Language, Position};

/// The format `csv`.
pub struct Csv;

/// What a row is about.
#[derive(Clone, Copy)]
struct Row<'a> {
    status: &'static str,
    path: &'a str,
    finding: Option<&'a Finding>,
    accepted: Option<&'a Suppression>,
    /// Why it was accepted, or could not be read.
    reason: &'a str,
}

/// What stands in a cell.
type Cell = for<'a> fn(&Row<'a>) -> Cow<'a, str>;

/// The columns, whose names are the same in every language, and what stands in them.
const COLUMNS: [(&str, Cell); 22] = [
    ("status", |row| Cow::Borrowed(row.status)),
    ("rule", |row| text(row, |finding| &finding.rule)),
    ("severity", |row| text(row, |finding| finding.severity.word())),
    ("confidence", |row| text(row, |finding| finding.confidence.word())),
    ("client", |row| text(row, |finding| finding.client.0)),
    ("subject", |row| text(row, |finding| finding.subject)),
    ("account", |row| text(row, |finding| finding.account.as_deref().unwrap_or_default())),
    ("room", |row| text(row, |finding| finding.room.as_deref().unwrap_or_default())),
    ("path", |row| Cow::Borrowed(row.path)),
    ("line", |row| number(row, |position| position.line)),
    ("column", |row| number(row, |position| position.column)),
    ("place", |row| text(row, |finding| &finding.place)),
    ("title", |row| text(row, |finding| &finding.title)),
    ("message", |row| text(row, |finding| &finding.message)),
    ("remedy", |row| Cow::Owned(text(row, |finding| &finding.remedy).replace('\t', "    "))),
    // Nothing is repaired yet.
    ("automatic_fix", |row| text(row, |_| "none")),
    ("fingerprint", |row| text(row, |finding| &finding.fingerprint)),
    ("baseline", |row| text(row, |finding| finding.baseline.map_or("", baseline_word))),
    ("commit", |row| text(row, |finding| finding.commit.as_deref().unwrap_or_default())),
    ("reason", |row| Cow::Borrowed(row.reason)),
    ("accepted_in", |row| row.accepted.map_or(Cow::Borrowed(""), |by| by.file.to_string_lossy())),
    ("accepted_until", |row| Cow::Borrowed(row.accepted.and_then(|by| by.expires.as_deref()).unwrap_or_default())),
];

/// What a cell may not begin with: what Excel, `LibreOffice` and Google Sheets take for the beginning of a formula
/// (OWASP, “CSV Injection”), its full-width forms included.
const FORMULA: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

impl Format for Csv {
    fn name(&self) -> &'static str {
        "csv"
    }

    fn about(&self, language: Language) -> &'static str {
        phrases::ABOUT_CSV.text(language)
    }

    fn write(&self, audit: &Shown, options: &Options, out: &mut dyn Write) -> io::Result<()> {
        let mut table = Writer::from_writer(out);
        record(&mut table, COLUMNS.map(|(name, _)| Cow::Borrowed(name)))?;
        for finding in &audit.findings {
            let path = audit.relative(&finding.path);
            let row = Row {
                status: "open",
                path: &path.to_string_lossy(),
                finding: Some(finding),
                accepted: None,
                reason: "",
            };
            record(&mut table, COLUMNS.map(|(_, cell)| cell(&row)))?;
        }
        for suppressed in &audit.suppressed {
            let path = audit.relative(&suppressed.finding.path);
            let file = audit.relative(&suppressed.by.file);
            let by = Suppression { file, ..suppressed.by.clone() };
            let row = Row {
                status: "accepted",
                path: &path.to_string_lossy(),
                finding: Some(&suppressed.finding),
                accepted: Some(&by),
                reason: &by.reason,
            };
            record(&mut table, COLUMNS.map(|(_, cell)| cell(&row)))?;
        }
        for unseen in unseen(audit, options.language) {
            let path = audit.relative(unseen.path);
            let row = Row {
                status: if unseen.missing { "unread" } else { "passed_over" },
                path: &path.to_string_lossy(),
                finding: None,
                accepted: None,
                reason: &unseen.sentence,
            };
            record(&mut table, COLUMNS.map(|(_, cell)| cell(&row)))?;
        }
        table.flush()
    }
}

fn text<'a>(row: &Row<'a>, field: impl Fn(&'a Finding) -> &'a str) -> Cow<'a, str> {
    Cow::Borrowed(row.finding.map_or("", field))
}

fn number<'a>(row: &Row<'a>, field: impl Fn(Position) -> usize) -> Cow<'a, str> {
    let position = row.finding.and_then(|finding| finding.position);
    position.map_or(Cow::Borrowed(""), |position| Cow::Owned(field(position).to_string()))
}

fn record(table: &mut Writer<impl Write>, cells: [Cow<'_, str>; COLUMNS.len()]) -> io::Result<()> {
    let cells = cells.map(no_formula);
    table.write_record(cells.iter().map(|cell| cell.as_bytes())).map_err(|error| match error.into_kind() {
        ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    })
}

/// The cell with an apostrophe in front if a spreadsheet would take it for a formula.
fn no_formula(cell: Cow<'_, str>) -> Cow<'_, str> {
    if cell.starts_with(FORMULA) { Cow::Owned(format!("'{cell}")) } else { cell }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_become_text() {
        for (cell, shown) in [
            ("=cmd|'/c calc'!A1", "'=cmd|'/c calc'!A1"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("＝1", "'＝1"),
            ("a=1", "a=1"),
            ("'=1", "'=1"),
            ("", ""),
        ] {
            assert_eq!(no_formula(Cow::Borrowed(cell)), shown);
        }
    }
}
