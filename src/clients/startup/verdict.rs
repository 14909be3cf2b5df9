//! What is said about a file, and the variables that it is about.

use super::programs::{DINO, PROFANITY};
use super::scan::Word;
use crate::model::{LaunchEffect, Span};

/// Something that betrays the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    pub client: &'static str,
    pub effect: LaunchEffect,
    /// The variable or option.
    pub word: String,
    /// Where its value stands.
    pub span: Span,
    /// The place in words.
    pub place: String,
}

/// A variable that is given a value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Assignment<'a> {
    pub name: &'a str,
    pub value: &'a str,
    /// Whether a part of the value is known only when it is run.
    pub is_dynamic: bool,
    /// Where the value stands.
    pub span: Span,
}

/// Profanity takes `-l LEVEL`, `-lLEVEL`, `--log LEVEL` and `--log=LEVEL`.
pub(super) fn debug_log(arguments: &[Word], place: &str) -> Option<Verdict> {
    let joined = arguments.iter().find(|word| matches!(word.text.as_str(), "-lDEBUG" | "--log=DEBUG"));
    let following = || {
        let pair = arguments.windows(2).find(|pair| {
            matches!(pair, [option, level] if matches!(option.text.as_str(), "-l" | "--log") && level.text == "DEBUG")
        });
        pair.and_then(<[Word]>::last)
    };
    let word = joined.or_else(following)?;
    Some(stanzas_logged(PROFANITY, word, "-l DEBUG", place))
}

pub(super) fn stanzas_logged(client: &'static str, word: &Word, option: &str, place: &str) -> Verdict {
    Verdict {
        client,
        effect: LaunchEffect::StanzasLogged,
        word: option.to_owned(),
        span: word.span_from(0),
        place: format!("{place} / {option}"),
    }
}

pub(super) fn tls_verdict(assignment: Assignment<'_>, place: &str) -> Verdict {
    Verdict {
        client: DINO,
        effect: LaunchEffect::TlsOff,
        word: assignment.name.to_owned(),
        span: assignment.span,
        place: format!("{place} / {}", assignment.name),
    }
}

/// `NAME=VALUE` or `NAME+=VALUE`
pub(super) fn assignment(word: &Word) -> Option<Assignment<'_>> {
    assignment_from(word, 0)
}

pub(super) fn assignment_from(word: &Word, start: usize) -> Option<Assignment<'_>> {
    let (name, value) = word.text.get(start..)?.split_once('=')?;
    let is_name = |name: &str| {
        !name.is_empty()
            && !name.starts_with(|character: char| character.is_ascii_digit())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    let span = word.span_from(word.text.len() - value.len());
    let name = name.strip_suffix('+').unwrap_or(name);
    is_name(name).then_some(Assignment { name, value, is_dynamic: word.is_dynamic, span })
}

/// Variables that take GLib's TLS away.
pub(super) const VARIABLES: [&str; 2] = ["GIO_USE_TLS", "GIO_MODULE_DIR"];

/// What a command is given of [`VARIABLES`], the last value of each.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Environment<'a>([Option<Assignment<'a>>; 2]);

impl<'a> Environment<'a> {
    pub(super) fn add(&mut self, assignment: Assignment<'a>) {
        self.put(assignment.name, Some(assignment));
    }

    pub(super) fn remove(&mut self, name: &str) {
        self.put(name, None);
    }

    pub(super) fn get(&self, name: &str) -> Option<Assignment<'a>> {
        self.assignments().find(|assignment| assignment.name == name)
    }

    pub(super) fn assignments(&self) -> impl Iterator<Item = Assignment<'a>> {
        self.0.into_iter().flatten()
    }

    fn put(&mut self, name: &str, assignment: Option<Assignment<'a>>) {
        for (variable, slot) in VARIABLES.iter().zip(&mut self.0) {
            if *variable == name {
                *slot = assignment;
            }
        }
    }
}
