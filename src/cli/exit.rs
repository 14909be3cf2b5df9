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
    /// Something was to be put right, and could not be.
    NotFixed,
    /// Something could not be looked at, and nothing was found in the rest.
    Incomplete,
    /// There was nothing to audit.
    NothingToAudit,
    /// Everything was looked at, and nothing was found.
    Clean,
}

impl Exit {
    /// Whether only an audit, or a repair, ends so.
    #[must_use]
    pub const fn is_of_audits(self) -> bool {
        matches!(self, Self::Findings | Self::NotFixed | Self::Incomplete | Self::NothingToAudit)
    }

    /// The number that the process ends with.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Findings => 1,
            Self::Usage => 2,
            Self::NothingToAudit => 3,
            Self::Incomplete => 4,
            Self::NotFixed => 5,
            Self::InternalError => 70,
        }
    }

    /// How an audit ends.
    #[must_use]
    pub fn of(audit: &Audit, fail_on: Severity, accepted: Accepted) -> Self {
        if audit.worst.is_some_and(|worst| worst >= fail_on) && !accepted.findings {
            Self::Findings
        } else {
            let is_empty = audit.inputs.is_empty() && audit.looked_back.iter().all(|past| past.versions == 0);
            Self::of_search(audit.is_complete(), is_empty, accepted)
        }
    }

    /// How a run ends that judged nothing, or had nothing against what it judged.
    #[must_use]
    pub const fn of_search(is_complete: bool, is_empty: bool, accepted: Accepted) -> Self {
        if !is_complete && !accepted.incomplete {
            Self::Incomplete
        } else if is_empty && !accepted.empty {
            Self::NothingToAudit
        } else {
            Self::Clean
        }
    }
}

/// What a run may come across and still end as if nothing were the matter, because its user said so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Accepted {
    /// Findings, however bad.
    pub findings: bool,
    /// That something could not be looked at.
    pub incomplete: bool,
    /// That there was nothing to audit.
    pub empty: bool,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.number())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_accepted_is_passed_over() {
        let accepted = |incomplete, empty| Accepted { incomplete, empty, findings: true };
        for (is_complete, is_empty, accepts, ends) in [
            (true, false, accepted(false, false), Exit::Clean),
            (false, true, accepted(false, false), Exit::Incomplete),
            (false, true, accepted(false, true), Exit::Incomplete),
            (false, true, accepted(true, false), Exit::NothingToAudit),
            (false, true, accepted(true, true), Exit::Clean),
            (true, true, accepted(true, false), Exit::NothingToAudit),
        ] {
            assert_eq!(
                Exit::of_search(is_complete, is_empty, accepts),
                ends,
                "{is_complete} {is_empty} {accepts:?}"
            );
        }
    }
}
