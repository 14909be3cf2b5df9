//! A page as it is written: its text, cut at the fences, and its front matter, whose words nobody has looked up yet.
//!
//! The build reads the pages that are part of the program, the program reads the others: this file belongs to both.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use toml::Spanned;

/// The line that begins and ends the front matter.
const FENCE: &str = "+++";

/// Text that is part of the program, or was read from a file.
pub type Text = Cow<'static, str>;

/// A page, or its overlay for another language, with its front matter.
pub struct Source<T> {
    /// Its path; only named in errors.
    pub path: Text,
    /// All of it.
    pub text: Text,
    /// Where the front matter begins, in bytes from the start of the text.
    front_start: usize,
    /// The front matter.
    pub front: T,
}

/// The front matter of a page.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrontMatter {
    pub subject: Word,
    pub clients: Vec<Word>,
    pub when: Word,
    pub severity: Word,
    #[serde(default, deserialize_with = "pairs")]
    pub raise: Pairs,
    pub step_down: Option<Word>,
    #[serde(default, deserialize_with = "pairs")]
    pub lower: Pairs,
    pub confidence: Word,
    #[serde(default, deserialize_with = "pairs")]
    pub confidence_when: Pairs,
    pub mark: Option<Word>,
    #[serde(default)]
    pub fix: Vec<FixSource>,
    pub title: Text,
    pub message: Word,
    pub tags: Vec<Text>,
}

/// A way to put it right; of several the first that applies counts.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FixSource {
    /// The clients in whose files it is written; all of the page's where none is named.
    #[serde(default)]
    pub clients: Vec<Word>,
    /// When it applies; always, where nothing is said.
    pub when: Option<Word>,
    pub safety: Word,
    /// Facts, and templates of the values that they are to have.
    #[serde(default, deserialize_with = "pairs")]
    pub set: Pairs,
    /// Whether the subject is to be gone.
    #[serde(default)]
    pub remove: bool,
}

/// The front matter of an overlay.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Overlay {
    pub title: Text,
    pub message: Word,
}

/// A text of the front matter.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Word {
    /// The text.
    pub text: Text,
    /// Where it stands.
    pub at: At,
}

/// Where a text of the front matter stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum At {
    /// In bytes from the start of the front matter.
    Byte(usize),
    /// On this line of the page, counted from 1. Of the pages that are part of the program, the build has looked it up.
    Line(usize),
}

impl<'de> Deserialize<'de> for Word {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<String>::deserialize(deserializer)?;
        Ok(Self { at: At::Byte(spanned.span().start), text: Cow::Owned(spanned.into_inner()) })
    }
}

/// Conditions by the word that each leads to, in the order of the words.
pub type Pairs = Vec<(Word, Word)>;

fn pairs<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Pairs, D::Error> {
    let map = BTreeMap::<Word, Word>::deserialize(deserializer)?;
    Ok(map.into_iter().collect())
}

/// What is wrong with the text of a page.
pub struct Fault {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

impl<T: DeserializeOwned> Source<T> {
    /// Reads a page or an overlay.
    ///
    /// # Errors
    /// Says what is wrong with its fences or with its front matter, and on which line.
    pub fn read(path: Text, text: Text) -> Result<Self, Fault> {
        let (front_start, front_end, _) = cut(&text).ok_or_else(|| Fault {
            line: 1,
            message: "the page must begin with front matter between two lines “+++”".to_owned(),
        })?;
        let front = toml::from_str(text.get(front_start..front_end).unwrap_or_default()).map_err(|error| {
            let offset = error.span().map_or(0, |span| span.start);
            Fault { line: line_of(&text, front_start + offset), message: error.message().to_owned() }
        })?;
        Ok(Self { path, text, front_start, front })
    }
}

impl<T> Source<T> {
    /// A page that the build has read, with the lines of the words of its front matter.
    pub const fn known(path: Text, text: Text, front: T) -> Self {
        Self { path, text, front_start: 0, front }
    }

    /// The line of the page on which a word of the front matter stands.
    pub fn line(&self, word: &Word) -> usize {
        match word.at {
            At::Line(line) => line,
            At::Byte(at) => line_of(&self.text, self.front_start + at),
        }
    }
}

/// Where the front matter begins and ends, and where the prose begins.
pub fn cut(text: &str) -> Option<(usize, usize, usize)> {
    let front_start = text.find('\n')? + 1;
    if text.get(..front_start)?.trim_end() != FENCE {
        return None;
    }
    let mut at = front_start;
    for line in text.get(front_start..)?.split_inclusive('\n') {
        if line.trim_end() == FENCE {
            return Some((front_start, at, at + line.len()));
        }
        at += line.len();
    }
    None
}

/// The line, counted from 1, on which a byte offset stands.
pub fn line_of(text: &str, offset: usize) -> usize {
    1 + text.as_bytes().iter().take(offset).filter(|byte| **byte == b'\n').count()
}
