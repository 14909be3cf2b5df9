//! A rule that was judged by, as reports tell of it.

use super::{Confidence, Severity};
use crate::model::ClientName;

/// What reports tell of a rule, whether or not it found anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleSummary {
    /// Its id.
    pub id: String,
    /// The problem in a few words.
    pub title: String,
    /// What an attacker gains, in a paragraph of Markdown.
    pub reason: String,
    /// The whole page, Markdown with headings, without its samples.
    pub help: String,
    /// How bad it is, other things being equal.
    pub severity: Severity,
    /// The worst that it can be.
    pub worst: Severity,
    /// How sure it is, other things being equal.
    pub confidence: Confidence,
    /// Words to find it by, CWE numbers among them: `cwe-319`.
    pub tags: Vec<String>,
    /// The clients that it can be true of.
    pub clients: Vec<ClientName>,
}
