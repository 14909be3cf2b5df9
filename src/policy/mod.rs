//! Policies: what somebody wants beyond, or short of, what the rules say by themselves.
//!
//! A policy is a TOML file. It can extend another one, take other severities than those of the pages, turn rules
//! off, and require facts to have certain values. Everything in it is checked when it is loaded, against the rules
//! that it is loaded for.

mod chain;
mod read;
mod shape;

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::Severity;
use crate::model::Language;
use crate::rules::{Requirement, RuleError, RuleSet};

/// The policy that changes nothing: what is judged by where none is named.
pub const BASELINE: &str = "baseline";

include!(concat!(env!("OUT_DIR"), "/policies.rs"));

/// The names of the policies that are part of the program, the baseline first.
pub fn names() -> impl Iterator<Item = &'static str> {
    let others = POLICIES.iter().map(|(name, _)| *name).filter(|name| *name != BASELINE);
    std::iter::once(BASELINE).chain(others)
}

/// A policy with everything that it has from the ones that it extends.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Its name, or the path of its file as it was given.
    pub name: String,
    /// The names of the policies that it extends, the nearest first.
    pub extends: Vec<String>,
    /// How bad rules are, other things being equal, by their ids, where that is not as their pages say.
    pub severities: BTreeMap<String, Severity>,
    /// The ids of the rules that are not judged by.
    pub off: BTreeSet<String>,
    /// What facts are to be.
    pub requirements: Vec<Requirement>,
    title: Text,
    about: Text,
}

/// A text in every language.
#[derive(Clone, Debug, Default)]
struct Text {
    english: String,
    french: Option<String>,
}

impl Policy {
    /// The policy of that name, or in that file: a name with a `/` in it, or one that ends in `.toml`, is a path;
    /// any other is one only if no policy is called so.
    ///
    /// # Errors
    /// Says what is wrong with the policy or one that it extends, and on which line.
    pub fn load(name: &str, rules: &RuleSet) -> Result<Self, RuleError> {
        chain::load(name, rules)
    }

    /// Its title, in English where there is no translation.
    #[must_use]
    pub fn title(&self, language: Language) -> &str {
        self.title.in_language(language)
    }

    /// What it is for, in English where there is no translation.
    #[must_use]
    pub fn about(&self, language: Language) -> &str {
        self.about.in_language(language)
    }

    /// Whether it wants nothing but the rules as they are.
    #[must_use]
    pub fn changes_nothing(&self) -> bool {
        self.severities.is_empty() && self.off.is_empty() && self.requirements.is_empty()
    }

    /// Whether a rule is not judged by.
    #[must_use]
    pub fn turns_off(&self, rule: &str) -> bool {
        self.off.contains(rule)
    }
}

impl Text {
    fn in_language(&self, language: Language) -> &str {
        match language {
            Language::French => self.french.as_deref().unwrap_or(&self.english),
            Language::English => &self.english,
        }
    }
}
