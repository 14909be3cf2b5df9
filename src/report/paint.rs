//! Colours and links of a terminal.

use std::borrow::Cow;

use super::Options;
use crate::finding::Severity;
use crate::model::Outcome;

/// What a piece of text is, for the eye.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// Ordinary text.
    Plain,
    /// Stressed.
    Strong,
    /// Of less weight than what stands around it.
    Faint,
    /// To be typed or looked for as it stands.
    Code,
    /// A heading.
    Heading,
    /// An address to go to, or a path.
    Link,
    /// Nothing to worry about.
    Good,
    /// Worth a look.
    Doubtful,
    /// A danger.
    Bad,
    /// The worst.
    Worst,
}

impl Ink {
    /// The parameters of the escape sequence (ECMA-48, SGR). Only the sixteen colours that terminal themes choose
    /// themselves: fixed ones cannot be read on every background.
    const fn parameters(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Strong | Self::Heading => "1",
            Self::Faint => "2",
            Self::Code | Self::Link => "36",
            Self::Good => "32",
            Self::Doubtful => "33",
            Self::Bad => "31",
            Self::Worst => "1;31",
        }
    }

    /// The ink of a severity.
    pub const fn of_severity(severity: Severity) -> Self {
        match severity {
            Severity::Info => Self::Faint,
            Severity::Low => Self::Code,
            Severity::Medium => Self::Doubtful,
            Severity::High => Self::Bad,
            Severity::Critical => Self::Worst,
        }
    }

    /// The ink of what becomes of a password.
    pub const fn of_outcome(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Safe => Self::Good,
            Outcome::Asks => Self::Doubtful,
            Outcome::Hash => Self::Bad,
            Outcome::Sent => Self::Worst,
        }
    }
}

/// What the terminal can do.
#[derive(Clone, Copy, Debug)]
pub struct Paint {
    /// Colours and weights.
    pub colour: bool,
    /// Links behind text.
    pub links: bool,
}

impl Paint {
    /// As the options say.
    pub const fn new(options: &Options) -> Self {
        Self { colour: options.colour, links: options.links }
    }

    /// The text in that ink. It must not hold a line break.
    pub fn ink<'a>(self, ink: Ink, text: &'a str) -> Cow<'a, str> {
        if !self.colour || ink == Ink::Plain || text.is_empty() {
            return Cow::Borrowed(text);
        }
        Cow::Owned(format!("\x1b[{}m{text}\x1b[0m", ink.parameters()))
    }

    /// The text as a link to `address` (OSC 8).
    pub fn link(self, address: &str, text: &str) -> String {
        format!("\x1b]8;;{address}\x1b\\{}\x1b]8;;\x1b\\", self.ink(Ink::Link, text))
    }
}
