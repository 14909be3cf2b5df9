//! What can be wrong with a rule.

use thiserror::Error;

/// A fault in a rule page. The rule is refused: one that cannot fire would look like a clean home.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{path}:{line}: {message}")]
pub struct RuleError {
    /// The page.
    pub path: String,
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong, and what would be right.
    pub message: String,
}

impl RuleError {
    pub(super) fn new(path: &str, line: usize, message: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, message: message.into() }
    }
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
