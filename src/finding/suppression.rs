//! Findings that somebody has accepted, and what an earlier audit knew of them.

use std::path::PathBuf;

use super::Finding;
use crate::model::ClientName;

/// A finding that is not told among the others, because somebody has accepted it.
#[derive(Clone, Debug)]
pub struct Suppressed {
    /// What was found all the same.
    pub finding: Finding,
    /// Who accepted it, and why.
    pub by: Suppression,
}

/// Who accepted a finding, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// What says so.
    pub kind: SuppressionKind,
    /// Why.
    pub reason: String,
    /// The last day on which it holds, `2027-01-31`; none if it holds for ever.
    pub expires: Option<String>,
    /// The file in which it stands.
    pub file: PathBuf,
}

/// What says that a finding is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SuppressionKind {
    /// An `[[ignore]]` of the configuration.
    Ignore,
    /// The baseline: it had been there before.
    Baseline,
}

/// What a finding is to the baseline that the audit was compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BaselineState {
    /// The baseline does not know it, or knew it when it was less bad.
    New,
    /// The baseline knows it.
    Unchanged,
}

/// What the baseline knows and the audit did not find again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gone {
    /// The rule's id.
    pub rule: String,
    /// The client whose file it was.
    pub client: ClientName,
    /// The file, from the folder that [`super::Audit::relative`] starts from.
    pub path: PathBuf,
    /// The place in words.
    pub place: String,
    /// The finding's fingerprint.
    pub fingerprint: String,
}
