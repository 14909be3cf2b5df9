//! Exit codes: what a run promises, the same for every format.

use std::process::ExitCode;

use crate::finding::{Audit, Severity};

/// How a run ends. Of several, the one that comes first here is what is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// The program itself is at fault.
    InternalError,
    /// Wrong arguments, or a rule that is not sound.
    Usage,
    /// There are findings at or above `--fail-on`.
    Findings,
    /// Something could not be looked at, and nothing was found in the rest.
    Incomplete,
    /// There was nothing to audit.
    NothingToAudit,
    /// Everything was looked at, and nothing was found.
    Clean,
}

impl Exit {
    /// The number that the process ends with.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Findings => 1,
            Self::Usage => 2,
            Self::NothingToAudit => 3,
            Self::Incomplete => 4,
            Self::InternalError => 70,
        }
    }

    /// How an audit ends.
    #[must_use]
    pub fn of(audit: &Audit, fail_on: Severity) -> Self {
        if audit.worst.is_some_and(|worst| worst >= fail_on) {
            Self::Findings
        } else if !audit.is_complete() {
            Self::Incomplete
        } else if audit.inputs.is_empty() && audit.looked_back.iter().all(|past| past.versions == 0) {
            Self::NothingToAudit
        } else {
            Self::Clean
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.number())
    }
}
