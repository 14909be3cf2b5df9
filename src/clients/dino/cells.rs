//! Places in a database: a row, shown column by column.

use crate::model::{Cell, Excerpt, FileNumber, Imprint, Place, Span, limits};

/// What is shown of one value at most, in characters.
const WIDTH: usize = 160;

/// What is shown instead of a secret, however long that is.
pub(super) const MASK: &str = "********";

/// A row of a table, as it may be shown: no secret is in it.
pub(super) struct ShownRow {
    file: FileNumber,
    table: &'static str,
    /// What tells the row from others in the eyes of SQL.
    row: String,
    /// What tells the row from others in the eyes of its owner.
    name: String,
    /// Names of columns, and their values; of columns that refer to another table, that table's value.
    columns: Vec<(&'static str, String)>,
    /// The imprints of secrets that are not shown, by column.
    imprints: Vec<(&'static str, Imprint)>,
}

impl ShownRow {
    pub(super) fn new(file: FileNumber, table: &'static str, id: i64, name: String) -> Self {
        let columns = vec![("id", id.to_string())];
        let name = limits::shortened(&name).into_owned();
        Self { file, table, row: format!("id={id}"), name, columns, imprints: Vec::new() }
    }

    /// A row of a table without an `id`.
    pub(super) fn keyed(file: FileNumber, table: &'static str, row: impl Into<String>, name: String) -> Self {
        let row = limits::shortened(&row.into()).into_owned();
        let name = limits::shortened(&name).into_owned();
        Self { file, table, row, name, columns: Vec::new(), imprints: Vec::new() }
    }

    /// The number of the row that a cell of this kind stands in; none where its table has no such numbers.
    pub(super) fn id_of(cell: &Cell) -> Option<i64> {
        cell.row.strip_prefix("id=")?.parse().ok()
    }

    /// Adds a column. Its value must be no secret.
    pub(super) fn with(mut self, column: &'static str, value: Option<&str>) -> Self {
        self.columns.push((column, value.map_or_else(|| "NULL".to_owned(), shown)));
        self
    }

    /// Remembers the imprint of a column whose value is not shown.
    pub(super) fn with_imprint(mut self, column: &'static str, imprint: Option<Imprint>) -> Self {
        self.imprints.extend(imprint.map(|imprint| (column, imprint)));
        self
    }

    /// The place of a column, marked where it is shown.
    pub(super) fn place(&self, column: &'static str) -> Place {
        self.place_from(column, 0)
    }

    /// The place of the end of a column's value, from the byte at `start` of what is shown.
    pub(super) fn place_from(&self, column: &'static str, start: usize) -> Place {
        let cell = Cell {
            table: self.table.to_owned(),
            row: self.row.clone(),
            column: column.to_owned(),
            pointer: None,
            excerpt: Some(self.excerpt(column, start)),
            imprint: self.imprints.iter().find(|(of, _)| *of == column).map(|(_, imprint)| *imprint),
        };
        Place::in_cell(self.file, cell, format!("{}[{}] / {column}", self.table, self.name))
    }

    fn excerpt(&self, marked: &str, start: usize) -> Excerpt {
        let mut text = String::new();
        let mut mark = Span::at(0);
        for (column, value) in &self.columns {
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(column);
            text.push_str(" = ");
            if *column == marked {
                mark = Span::new(text.len() + start.min(value.len()), text.len() + value.len());
            }
            text.push_str(value);
        }
        Excerpt { text, mark, first_line: None }
    }
}

/// A value on one line.
fn shown(value: &str) -> String {
    let mut text: String = value
        .chars()
        .take(WIDTH)
        .map(|character| if character.is_control() { '\u{fffd}' } else { character })
        .collect();
    if value.chars().nth(WIDTH).is_some() {
        text.push('…');
    }
    text
}

/// A text as a C program sees it: up to the first NUL.
pub(super) fn c_string(text: &str) -> &str {
    text.split('\0').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Spot;

    fn marked(place: &Place) -> String {
        let Spot::Cell(cell) = &place.spot else { panic!("{place:?}") };
        let excerpt = cell.excerpt.as_ref().unwrap();
        excerpt.text.get(excerpt.mark.start..excerpt.mark.end).unwrap().to_owned()
    }

    #[test]
    fn shows_a_row_line_by_line() {
        let row = ShownRow::new(FileNumber(0), "conversation", 6, "room@riseup.net".to_owned())
            .with("jid", Some("room@riseup.net"))
            .with("resource", None);
        let place = row.place("jid");
        assert_eq!(place.words, "conversation[room@riseup.net] / jid");
        assert_eq!(marked(&place), "room@riseup.net");
        assert_eq!(marked(&row.place_from("jid", 5)), "riseup.net");
        assert_eq!(marked(&row.place("resource")), "NULL");
        let Spot::Cell(cell) = place.spot else { unreachable!() };
        assert_eq!(cell.excerpt.as_ref().unwrap().text, "id = 6\njid = room@riseup.net\nresource = NULL");
    }

    #[test]
    fn keeps_every_value_on_its_line() {
        let long = "ä".repeat(500);
        let row =
            ShownRow::new(FileNumber(0), "t", 1, String::new()).with("a", Some("x\ny")).with("b", Some(&long));
        assert_eq!(marked(&row.place("a")), "x\u{fffd}y");
        assert_eq!(marked(&row.place_from("a", 99)), "");
        assert_eq!(marked(&row.place("b")).chars().count(), WIDTH + 1);
    }
}
