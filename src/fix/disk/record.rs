//! What the journal says of a repair: enough to take it back, and no more of anybody's files than that.

use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::delta::Delta;
use super::way::{Bytes, Way};
use crate::model;

/// The form of the records that this program writes, and the only one that it reads.
pub(super) const FORMAT: u32 = 1;

/// What one entry of the journal is about, for people. No secret may stand in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// The rule that found something.
    pub rule: String,
    /// The file in which it was found.
    pub path: String,
    /// What was found, in a few words.
    pub words: String,
}

/// How far a repair has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It was begun and did not come to its end: whoever made it was stopped, or still is at work.
    Begun,
    /// It was made.
    Done,
    /// Taking it back was begun and did not come to its end.
    Undoing,
    /// It was taken back.
    Undone,
}

/// A repair as it stands in the journal.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Record {
    pub format: u32,
    pub id: String,
    pub state: State,
    /// When it was made, as RFC 3339 writes it.
    pub made: String,
    /// The version of the program that made it.
    pub program: String,
    pub about: Vec<Note>,
    pub files: Vec<FileRecord>,
}

/// What was done to one file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct FileRecord {
    /// The file itself: a path without links.
    pub real: Location,
    /// The path that it was found under.
    pub found: Location,
    /// What the names of temporary files in its folder begin with.
    pub stem: String,
    /// The permission bits before and after, where they change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<(u32, u32)>,
    pub content: ContentRecord,
}

/// What was done to the content of a file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ContentRecord {
    /// Nothing.
    Same,
    /// Another text was put there.
    Text {
        way: Way,
        /// Whether a secret was taken away.
        forgets: bool,
    },
    /// Rows of a database were changed.
    Rows {
        /// What was done, in its order.
        steps: Vec<RowRecord>,
        /// The way back to the first bytes, where nothing but what was replaced stands in it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        exact: Option<Delta>,
        /// Whether a secret was taken away.
        forgets: bool,
    },
    /// The file was deleted.
    Gone {
        /// What it was, if that was to be kept.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        kept: Option<Kept>,
    },
}

/// A deleted file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Kept {
    pub bytes: Bytes,
    pub mode: u32,
    pub owner: u32,
    pub group: u32,
}

/// One change of a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct RowRecord {
    pub table: String,
    /// What tells the row from all others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub key: Vec<(String, Value)>,
    pub change: RowChange,
}

/// What was done to a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum RowChange {
    /// The text in one of its cells was changed.
    Text { column: String, way: Way },
    /// One of its cells got another value.
    Set { column: String, old: Value, new: Value },
    /// It was put in.
    Inserted { values: Vec<(String, Value)> },
    /// It was taken away.
    Deleted { values: Vec<(String, Value)> },
}

/// A value of a cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Value {
    Null,
    Integer(i64),
    Text(String),
}

impl From<&model::Scalar> for Value {
    fn from(scalar: &model::Scalar) -> Self {
        match scalar {
            model::Scalar::Null => Self::Null,
            model::Scalar::Integer(number) => Self::Integer(*number),
            model::Scalar::Text(text) => Self::Text(text.clone()),
        }
    }
}

impl From<&Value> for model::Scalar {
    fn from(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Integer(number) => Self::Integer(*number),
            Value::Text(text) => Self::Text(text.clone()),
        }
    }
}

/// Values of columns, as the journal writes them.
pub(super) fn values(values: &[(String, model::Scalar)]) -> Vec<(String, Value)> {
    values.iter().map(|(column, value)| (column.clone(), value.into())).collect()
}

/// Values of columns, as changes of rows want them.
pub(super) fn scalars(values: &[(String, Value)]) -> Vec<(String, model::Scalar)> {
    values.iter().map(|(column, value)| (column.clone(), value.into())).collect()
}

/// A path, whatever bytes it is made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Location {
    Text(String),
    Bytes { base64: Bytes },
}

impl Location {
    pub(super) fn of(path: &Path) -> Self {
        path.to_str().map_or_else(
            || Self::Bytes { base64: Bytes::of(path.as_os_str().as_bytes()) },
            |text| Self::Text(text.to_owned()),
        )
    }

    pub(super) fn path(&self) -> PathBuf {
        match self {
            Self::Text(text) => PathBuf::from(text),
            Self::Bytes { base64 } => PathBuf::from(OsString::from_vec(base64.0.to_vec())),
        }
    }
}
