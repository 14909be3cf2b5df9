//! How a finding can be put right by the program itself.

use std::path::PathBuf;

use crate::model::{FileKind, Position, Safety, Step, Unrepairable, Wish};

/// How a finding can be put right by the program itself.
#[derive(Clone, Debug)]
pub struct Repair {
    /// Whether it needs its user.
    pub safety: Safety,
    /// What is wanted of the profile.
    pub wishes: Vec<Wish>,
    /// What is to be done to its files, or why that cannot be done; none where nobody asked.
    pub plan: Option<Result<Vec<FileEdit>, Unrepairable>>,
}

impl Repair {
    /// What is to be done to the files, if that was asked and can be done.
    #[must_use]
    pub fn edits(&self) -> Option<&[FileEdit]> {
        self.plan.as_ref()?.as_deref().ok().filter(|edits| !edits.is_empty())
    }
}

/// What is to be done to a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileEdit {
    /// The file, by the path that it was found under.
    pub path: PathBuf,
    /// What it is to its client.
    pub kind: FileKind,
    /// What is to be done.
    pub step: Step,
    /// Lines and columns of what is replaced, in a text.
    pub position: Option<Position>,
    /// The same with columns in bytes of UTF-8.
    pub position_in_bytes: Option<Position>,
}
