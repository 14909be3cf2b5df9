//! Where a value stands, so that a finding can point at it.

use std::borrow::Cow;
use std::sync::Arc;

use super::Imprint;
use super::limits::shortened;

/// A byte range of a text, end exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset behind the last byte.
    pub end: usize,
}

impl Span {
    /// A range from `start` up to, not including, `end`.
    #[must_use]
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// An empty range at `offset`: a place where nothing stands.
    #[must_use]
    pub const fn at(offset: usize) -> Self {
        Self { start: offset, end: offset }
    }

    /// The same range in a text that begins `offset` bytes earlier.
    #[must_use]
    pub const fn moved_by(self, offset: usize) -> Self {
        Self { start: self.start + offset, end: self.end + offset }
    }

    /// Whether the two ranges have a byte in common.
    #[must_use]
    pub const fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// The number of a file within its profile: an index into [`Profile::files`](super::Profile::files).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileNumber(pub usize);

/// Where a value stands. It can always be named in words, and never holds a secret.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// The file of the profile.
    pub file: FileNumber,
    /// Where in the file.
    pub spot: Spot,
    /// The place in words: `accounts[alice@example.org] / connection_security`.
    pub words: String,
}

/// Where in a file a value stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Spot {
    /// The file as a whole: its mode, its existence.
    File,
    /// A byte range of the file's text (see [`Text`](super::Text)).
    Text(Span),
    /// A cell of a SQLite database. Many settings that are not written stand at one.
    Cell(Arc<Cell>),
}

/// A cell of a SQLite database, or a value inside the JSON of one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cell {
    /// The table's name.
    pub table: String,
    /// What tells the row from others, in words: `account=riseup.net`, `id=6`.
    pub row: String,
    /// The column's name.
    pub column: String,
    /// RFC 6901 pointer into the JSON of the cell, where the cell holds JSON.
    pub pointer: Option<String>,
    /// What stands around the value, ready to be shown.
    pub excerpt: Option<Excerpt>,
    /// The imprint of the value itself, where that is a secret that may have to be known again.
    pub imprint: Option<Imprint>,
}

/// A few lines of a file around a value, with every secret already masked.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Excerpt {
    /// The lines. Not yet made harmless for a terminal: see `report::harmless`.
    pub text: String,
    /// The value within `text`.
    pub mark: Span,
    /// Number of the first line of `text` in the file, counted from 1; none for a cell.
    pub first_line: Option<usize>,
}

impl Place {
    /// The file itself.
    #[must_use]
    pub fn of_file(file: FileNumber, words: impl Into<String>) -> Self {
        Self { file, spot: Spot::File, words: remembered(words.into()) }
    }

    /// A byte range of a text file.
    #[must_use]
    pub fn in_text(file: FileNumber, span: Span, words: impl Into<String>) -> Self {
        Self { file, spot: Spot::Text(span), words: remembered(words.into()) }
    }

    /// A cell of a database.
    #[must_use]
    pub fn in_cell(file: FileNumber, cell: Cell, words: impl Into<String>) -> Self {
        Self { file, spot: Spot::Cell(Arc::new(cell)), words: remembered(words.into()) }
    }
}

/// The words, if they are not very long, else their beginning.
fn remembered(words: String) -> String {
    match shortened(&words) {
        Cow::Borrowed(_) => words,
        Cow::Owned(short) => short,
    }
}

#[cfg(test)]
mod tests {
    use super::Span;

    #[test]
    fn ranges_overlap_where_they_share_a_byte() {
        let range = Span::new(3, 6);
        for other in [Span::new(0, 4), Span::new(5, 9), Span::new(4, 5), Span::new(0, 9), range] {
            assert!(range.overlaps(other) && other.overlaps(range), "{other:?}");
        }
        for other in [Span::new(0, 2), Span::new(0, 3), Span::new(6, 9), Span::new(8, 9), Span::at(3), Span::at(6)]
        {
            assert!(!range.overlaps(other) && !other.overlaps(range), "{other:?}");
        }
    }

    #[test]
    fn a_range_moves_as_a_whole() {
        assert_eq!(Span::new(3, 6).moved_by(10), Span::new(13, 16));
        assert_eq!(Span::at(2).moved_by(2), Span::new(4, 4));
    }
}
