//! How bad, and how sure.

use crate::model::words::words;

words! {
    /// What an attacker gains, in the account's real situation.
    Severity {
        /// Worth knowing.
        Info = "info",
        /// Hygiene.
        Low = "low",
        /// A protection is off, and one more thing must go wrong.
        Medium = "medium",
        /// An active attacker gets the secret, or one click gives it away, or the thing silently does not
        /// work as its user believes for his protection.
        High = "high",
        /// The secret is gone without its owner noticing.
        Critical = "critical",
    }
}

impl Severity {
    /// The severity of that name.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|severity| severity.word() == word)
    }

    /// One step milder; the mildest stays.
    #[must_use]
    pub const fn step_down(self) -> Self {
        match self {
            Self::Info | Self::Low => Self::Info,
            Self::Medium => Self::Low,
            Self::High => Self::Medium,
            Self::Critical => Self::High,
        }
    }
}

words! {
    /// How sure a rule is of its condition.
    Confidence {
        /// A hint.
        Low = "low",
        /// Likely.
        Medium = "medium",
        /// Observed, or read in the client's source.
        High = "high",
    }
}

impl Confidence {
    /// The confidence of that name.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|confidence| confidence.word() == word)
    }
}
