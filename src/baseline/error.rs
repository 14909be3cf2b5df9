//! What can be wrong with a baseline.

use std::path::{Path, PathBuf};

use thiserror::Error;

/// A baseline cannot be read, understood or written.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{}{message}", place(.path, *.line))]
pub struct BaselineError {
    /// The baseline.
    pub path: PathBuf,
    /// The line, counted from 1; none where the file as a whole is meant, which the message then names.
    pub line: Option<usize>,
    /// What is wrong.
    pub message: String,
}

impl BaselineError {
    pub(super) fn new(path: &Path, line: usize, message: String) -> Self {
        Self { path: path.to_owned(), line: Some(line), message }
    }

    pub(super) fn of_file(path: &Path, what: &str, why: &str) -> Self {
        let message = format!("the baseline {} cannot be {what}: {}", path.display(), why.trim_end_matches('.'));
        Self { path: path.to_owned(), line: None, message }
    }
}

fn place(path: &Path, line: Option<usize>) -> String {
    line.map_or_else(String::new, |line| format!("{}:{line}: ", path.display()))
}
