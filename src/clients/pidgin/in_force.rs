//! The preferences that are in force: those that are written, and the defaults of those that are not.

use super::preferences::Preferences;
use super::source::Source;
use crate::model::{Place, Setting, Span};

/// What the words of a preference's place begin with.
const WORDS: &str = "preferences / ";

/// The path of the preference that a place was made for.
pub(super) fn path_at(place: &Place) -> Option<&str> {
    place.words.strip_prefix(WORDS).filter(|path| path.starts_with('/'))
}

/// The preferences of a file.
#[derive(Debug)]
pub(super) struct InForce {
    /// What is written.
    pub preferences: Preferences,
    source: Source,
    /// Whether the file was read in full, so that what was not found is not written.
    is_whole: bool,
}

impl InForce {
    /// The preferences of the file `source`.
    pub(super) const fn new(preferences: Preferences, source: Source, is_whole: bool) -> Self {
        Self { preferences, source, is_whole }
    }

    /// The place of a preference that stands at `span`.
    pub(super) fn place(&self, span: Span, path: &str) -> Place {
        self.source.place(span, format!("{WORDS}{path}"))
    }

    /// Whether the file was read in full.
    pub(super) const fn is_whole(&self) -> bool {
        self.is_whole
    }

    /// The file.
    pub(super) const fn source(&self) -> Source {
        self.source
    }

    /// The default of a preference that is not written; none where that cannot be said.
    pub(super) fn default<T>(&self, path: &str, value: T, written_as: &'static str) -> Option<Setting<T>> {
        self.is_whole.then(|| Setting::default(value, written_as, self.place(self.preferences.root, path)))
    }

    /// A truth value. One of another type reads as false, whatever the default is.
    pub(super) fn truth(&self, path: &str, default: &'static str) -> Option<Setting<bool>> {
        match (self.preferences.truth(path), self.preferences.any(path)) {
            (Some((value, span)), _) => Some(Setting::written(value, self.place(span, path))),
            (None, Some(span)) => Some(Setting::written(false, self.place(span, path))),
            (None, None) => self.default(path, default != "0", default),
        }
    }

    /// A string. One of another type reads as none, which is here empty.
    pub(super) fn word(&self, path: &str, default: &'static str) -> Option<Setting<String>> {
        match (self.preferences.string(path), self.preferences.any(path)) {
            (Some((word, span)), _) => Some(Setting::written(word.to_owned(), self.place(span, path))),
            (None, Some(span)) => Some(Setting::written(String::new(), self.place(span, path))),
            (None, None) => self.default(path, default.to_owned(), default),
        }
    }
}
