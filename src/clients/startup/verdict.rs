//! What is said about a file, and the variables that it is about.

use super::programs::DINO;
use super::scan::Word;
use super::variables::{VARIABLES, Variables};
use crate::model::{ClientName, FileNumber, Launch, LaunchEffect, Place, Span};

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

/// What the places of what is set for everything that is started later begin with.
pub(super) const SESSION: &str = "environment";

impl Verdict {
    /// Whether it is about everything that is started later.
    pub(super) fn is_of_session(&self) -> bool {
        self.place.starts_with(SESSION)
    }

    pub(super) fn into_launch(self, file: FileNumber) -> Launch {
        Launch {
            client: ClientName(self.client),
            place: Place::in_text(file, self.span, self.place),
            word: self.word,
            effect: self.effect,
            client_used: None,
        }
    }
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

pub(super) fn stanzas_logged(client: &'static str, word: &Word, option: &str, place: &str) -> Verdict {
    Verdict {
        client,
        effect: LaunchEffect::StanzasLogged,
        word: option.to_owned(),
        span: word.span_from(0),
        place: format!("{place} / {option}"),
    }
}

pub(super) fn variable_verdict(effect: LaunchEffect, assignment: Assignment<'_>, place: &str) -> Verdict {
    Verdict {
        client: DINO,
        effect,
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

/// What a command is given of [`VARIABLES`], the last value of each.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Environment<'a>(Variables<Assignment<'a>>);

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
