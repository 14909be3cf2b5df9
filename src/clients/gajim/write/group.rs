//! Options that stand together, and what they are to be.

use super::super::cell::CellOptions;
use super::super::options::Options;
use super::text::TextGroup;

/// What an option is to be.
#[derive(Clone, Debug)]
pub(super) enum Value {
    /// On or off.
    Flag(bool),
    /// A text.
    Word(String),
    /// A whole number.
    Number(u16),
    /// JSON as it is; only in databases.
    Json(&'static str),
    /// What it is where nothing is written.
    Default,
    /// Empty, and what stood there is a secret.
    Forgotten,
    /// What it is now, with a piece put in so many bytes behind its beginning.
    With(usize, &'static str),
}

/// An option and what it is to be.
pub(super) type Order = (&'static str, Value);

/// The options of an account, of a proxy or of the client.
pub(super) enum Group<'a> {
    /// Lines of a text file.
    Text(TextGroup<'a>),
    /// Members of an object in a database.
    Cell(CellOptions<'a>),
}

impl Group<'_> {
    /// The options.
    pub(super) fn options(&self) -> &dyn Options {
        match self {
            Self::Text(group) => &group.options,
            Self::Cell(options) => options,
        }
    }

    /// The client's own name of the account.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Text(group) => group.section.map_or("", |section| &section.name),
            Self::Cell(options) => &options.cell.key,
        }
    }
}
