//! What can be wrong with a rule.

use std::path::Path;

use thiserror::Error;

/// A fault in a rule page or a policy. It is refused: a rule that cannot fire would look like a clean home.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{}{message}", place(.path, *.line))]
pub struct RuleError {
    /// The page, the folder of pages, or the policy.
    pub path: String,
    /// The line, counted from 1; none where no page or policy is at fault.
    pub line: Option<usize>,
    /// What is wrong, and what would be right.
    pub message: String,
}

impl RuleError {
    pub(crate) fn new(path: &str, line: usize, message: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line: Some(line), message: message.into() }
    }

    /// An error about a whole file or folder, which `message` names.
    pub(crate) fn of_path(path: &Path, message: String) -> Self {
        Self { path: path.display().to_string(), line: None, message }
    }
}

/// `rules/page.md:7: `, where a line is at fault.
fn place(path: &str, line: Option<usize>) -> String {
    line.map_or_else(String::new, |line| format!("{path}:{line}: "))
}

/// A rule failed while it was judging. That is never "no finding".
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("the rule {rule} failed: {message}")]
pub struct JudgeError {
    /// The rule's id.
    pub rule: String,
    /// What happened, without any value of the audited file.
    pub message: String,
}
