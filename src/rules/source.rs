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
    pub front_start: usize,
    /// The headings of the prose, in their order.
    pub headings: Cow<'static, [Heading]>,
    /// The front matter.
    pub front: T,
}

/// A heading of the prose.
#[derive(Clone)]
pub struct Heading {
    /// Whether it stands below another, as `###` and not `##`.
    pub is_lower: bool,
    /// Its words.
    pub title: Text,
    /// Its line, counted from 1.
    pub line: usize,
    /// Where its line begins, in bytes from the start of the text.
    pub start: usize,
    /// Where its line ends.
    pub end: usize,
}

/// The front matter of a page.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrontMatter {
    pub subject: Word,
    pub clients: Cow<'static, [Word]>,
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
    pub fix: Cow<'static, [FixSource]>,
    pub title: Text,
    pub message: Word,
    pub tags: Cow<'static, [Text]>,
}

/// A way to put it right; of several the first that applies counts.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FixSource {
    /// The clients in whose files it is written; all of the page's where none is named.
    #[serde(default)]
    pub clients: Cow<'static, [Word]>,
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
    /// Where it stands, in bytes from the start of the front matter.
    pub at: usize,
}

impl<'de> Deserialize<'de> for Word {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<String>::deserialize(deserializer)?;
        Ok(Self { at: spanned.span().start, text: Cow::Owned(spanned.into_inner()) })
    }
}

/// Conditions by the word that each leads to, in the order of the words.
pub type Pairs = Cow<'static, [(Word, Word)]>;

fn pairs<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Pairs, D::Error> {
    let map = BTreeMap::<Word, Word>::deserialize(deserializer)?;
    Ok(map.into_iter().collect::<Vec<_>>().into())
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
        let (front_start, front_end, prose_start) = cut(&text).ok_or_else(|| Fault {
            line: 1,
            message: "the page must begin with front matter between two lines “+++”".to_owned(),
        })?;
        let front = toml::from_str(text.get(front_start..front_end).unwrap_or_default()).map_err(|error| {
            let offset = error.span().map_or(0, |span| span.start);
            Fault { line: line_of(&text, front_start + offset), message: error.message().to_owned() }
        })?;
        let headings = headings(&text, prose_start).into();
        Ok(Self { path, text, front_start, headings, front })
    }
}

/// Where the front matter begins and ends, and where the prose begins.
fn cut(text: &str) -> Option<(usize, usize, usize)> {
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

/// The headings of the prose; what looks like one in a fenced block does not count.
fn headings(text: &str, prose_start: usize) -> Vec<Heading> {
    let mut headings = Vec::new();
    let mut fence: Option<&str> = None;
    let mut start = prose_start;
    let first_line = line_of(text, prose_start);
    for (number, line) in text.get(prose_start..).unwrap_or_default().split_inclusive('\n').enumerate() {
        let end = start + line.len();
        match fence {
            Some(open) if line.trim_end() == open => fence = None,
            Some(_) => {}
            None if line.starts_with("~~~") => fence = Some("~~~"),
            None if line.starts_with("```") => fence = Some("```"),
            None => {
                let lower = line.strip_prefix("### ");
                if let Some(title) = lower.or_else(|| line.strip_prefix("## ")) {
                    let title = Cow::Owned(title.trim().to_owned());
                    headings.push(Heading {
                        is_lower: lower.is_some(),
                        title,
                        line: first_line + number,
                        start,
                        end,
                    });
                }
            }
        }
        start = end;
    }
    headings
}

/// The line, counted from 1, on which a byte offset stands.
pub fn line_of(text: &str, offset: usize) -> usize {
    1 + text.as_bytes().iter().take(offset).filter(|byte| **byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Front {
        x: i64,
    }

    #[test]
    fn what_stands_between_fences_is_no_heading() {
        let text =
            "+++\nx = 1\n+++\n## One\n~~~\n## no\n```\n## no\n~~~\n### Two\n```sh\n## no\n~~~\n```\n## Three\n";
        let Ok(page) = Source::<Front>::read("x.md".into(), text.into()) else { panic!("{text}") };
        assert_eq!((page.front.x, page.text.get(page.front_start..)), (1, text.get(4..)));
        let headings: Vec<_> = page
            .headings
            .iter()
            .map(|heading| (heading.is_lower, &*heading.title, heading.line, text.get(heading.start..heading.end)))
            .collect();
        assert_eq!(
            headings,
            [
                (false, "One", 4, Some("## One\n")),
                (true, "Two", 10, Some("### Two\n")),
                (false, "Three", 15, Some("## Three\n")),
            ]
        );
    }
}
