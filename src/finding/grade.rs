//! The grade of an account over all clients that keep it.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::Severity;
use crate::model::ClientName;
use crate::model::words::words;

words! {
    /// How well an account is kept. The worst finding decides: one hole is enough for an attacker, however good the
    /// rest is.
    Grade {
        /// Nothing is wrong.
        A = "A",
        /// The worst finding is low.
        B = "B",
        /// The worst finding is medium.
        C = "C",
        /// The worst finding is high.
        D = "D",
        /// There is a critical finding.
        F = "F",
    }
}

impl Grade {
    /// The grade that a worst finding leaves.
    #[must_use]
    pub const fn of(worst: Option<Severity>) -> Self {
        match worst {
            None | Some(Severity::Info) => Self::A,
            Some(Severity::Low) => Self::B,
            Some(Severity::Medium) => Self::C,
            Some(Severity::High) => Self::D,
            Some(Severity::Critical) => Self::F,
        }
    }
}

/// An account with the grade that it has over all clients of one user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountGrade {
    /// The bare JID.
    pub jid: String,
    /// The user's folder: the home, or the folder that holds the clients' files.
    pub owner: PathBuf,
    /// What the user is called, where the home was found by his name.
    pub user: Option<String>,
    /// The clients that keep it.
    pub clients: BTreeSet<ClientName>,
    /// The grade.
    pub grade: Grade,
    /// The rule of the worst finding, and how bad that is; none for the best grade.
    pub worst: Option<(Severity, String)>,
}
