//! Settings that stand in a file and do nothing.

use super::source::Source;
use crate::model::{Idle, IdleSetting, Span};

/// A setting that does nothing, before its account has a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// Its name, in libpurple's spelling.
    pub name: String,
    /// Where its value stands.
    pub span: Span,
    /// Why it does nothing.
    pub reason: Idle,
}

impl Found {
    /// A setting of this name at this place.
    pub(super) fn new(name: &str, span: Span, reason: Idle) -> Self {
        Self { name: name.to_owned(), span, reason }
    }

    /// The setting for the profile; `owner` is what the words of its place begin with.
    pub(super) fn into_setting(self, source: Source, owner: &str, account: Option<usize>) -> IdleSetting {
        let place = source.place(self.span, format!("{owner} / {}", self.name));
        IdleSetting { name: self.name, place, account, reason: self.reason }
    }
}
