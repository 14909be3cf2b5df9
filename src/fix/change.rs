//! What is to become of a file.

use std::path::PathBuf;

use zeroize::Zeroizing;

use crate::model::{FileKind, Imprint, RowEdit, Splice};
use crate::source::Stamp;

/// What is to become of a file.
#[derive(Clone, Debug)]
pub struct FileChange {
    /// The file itself: a path without links.
    pub real: PathBuf,
    /// The path that it was found under.
    pub path: PathBuf,
    /// What it is to its client.
    pub kind: FileKind,
    /// What is to stand in it.
    pub content: Content,
    /// What told its state from others when the repair was planned; none where that is not known.
    pub stamp: Option<Stamp>,
    /// Its permission bits before and after, where they change.
    pub mode: Option<(u32, u32)>,
}

/// What is to stand in a file.
#[derive(Clone)]
pub enum Content {
    /// What stands there now.
    Same,
    /// Another text.
    Text {
        /// All that stands in it now.
        old: Zeroizing<Vec<u8>>,
        /// All that is to stand in it.
        new: Zeroizing<Vec<u8>>,
        /// The way from the old one to the new one: rounds, each of which begins with what the one before it has made.
        /// The ranges of a round are in their order and share no byte.
        rounds: Vec<Vec<Splice>>,
    },
    /// Other rows in a database.
    Rows {
        /// The changes of rows, round by round. All splices of one cell in one round speak of the same text.
        rounds: Vec<Vec<RowEdit>>,
        /// For each change of a range of a text, the imprint of that text before its round.
        imprints: Vec<Vec<Option<Imprint>>>,
    },
    /// Nothing: the file is to be deleted.
    Gone,
}

impl std::fmt::Debug for Content {
    /// Never a text.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Same => "Same",
            Self::Text { .. } => "Text",
            Self::Rows { .. } => "Rows",
            Self::Gone => "Gone",
        })
    }
}

impl Content {
    /// Whether a secret is taken away that must not be kept anywhere.
    #[must_use]
    pub fn forgets(&self) -> bool {
        use crate::model::RowChange;
        match self {
            Self::Same => false,
            // A file that a client has left behind may hold any secret.
            Self::Gone => true,
            Self::Text { rounds, .. } => rounds.iter().flatten().any(|splice| splice.forgets),
            Self::Rows { rounds, .. } => rounds
                .iter()
                .flatten()
                .any(|row| matches!(&row.change, RowChange::Splice { splice, .. } if splice.forgets)),
        }
    }
}
