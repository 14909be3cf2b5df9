//! A key file of a profile, while it is being read.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::ACCOUNTS;
use crate::model::{FileKind, FileNumber, Place, Span, limits};
use crate::syntax::keyfile::{Entry, Group, KeyFile, Translations};

/// A file that was read, before it is understood.
pub(super) struct Loaded {
    pub number: FileNumber,
    pub path: PathBuf,
    pub kind: FileKind,
    pub bytes: Zeroizing<Vec<u8>>,
    /// Whether it lies in a home, not in a repository or on standard input.
    pub in_home: bool,
}

/// A key file with its number in the profile.
pub(super) struct Source<'a> {
    pub number: FileNumber,
    pub path: &'a Path,
    pub kind: FileKind,
    pub keys: KeyFile<'a>,
    /// Whether it lies in a home, not in a repository or on standard input.
    pub in_home: bool,
    /// What its places are called by: the name of the file in its own place.
    title: &'static str,
}

/// How many groups of a file are looked at: in one it is accounts, in others rooms or certificates.
pub(super) fn most_groups(kind: FileKind) -> usize {
    if kind == ACCOUNTS { limits::ACCOUNTS } else { limits::ROOMS }
}

impl<'a> Source<'a> {
    pub(super) fn of(loaded: &'a Loaded) -> Self {
        Self {
            number: loaded.number,
            path: &loaded.path,
            kind: loaded.kind,
            keys: KeyFile::parse_up_to(&loaded.bytes, Translations::Keep, most_groups(loaded.kind), limits::KEYS),
            in_home: loaded.in_home,
            title: super::title_of(loaded.kind),
        }
    }

    /// A file that was read before, as far as the client reads it.
    pub(super) fn again(number: FileNumber, path: &'a Path, kind: FileKind, bytes: &'a [u8]) -> Self {
        let keys = KeyFile::parse(bytes, Translations::Keep);
        Self { number, path, kind, keys, in_home: false, title: super::title_of(kind) }
    }

    pub(super) fn group_place(&self, group: &Group) -> Place {
        self.place(group.name, &self.group_words(group))
    }

    pub(super) fn group_words(&self, group: &Group) -> String {
        self.words_of(group.name)
    }

    /// The words for a group with that name.
    pub(super) fn words_of(&self, name: Span) -> String {
        // Asked for of every key, so that the name itself must not be a long text.
        let short = Span::new(name.start, name.end.min(name.start + limits::NAME));
        let more = if short == name { "" } else { "…" };
        format!("{}[{}{more}]", self.title, self.keys.lossy(short))
    }

    /// The place of a value.
    pub(super) fn value_place(&self, group: &Group, entry: Entry) -> Place {
        self.place(entry.value, &format!("{} / {}", self.group_words(group), self.keys.lossy(entry.key)))
    }

    pub(super) fn place(&self, span: Span, words: &str) -> Place {
        Place::in_text(self.number, span, words)
    }

    /// The name of the file in its own place.
    pub(super) const fn title(&self) -> &'static str {
        self.title
    }
}
