//! Findings with the same reason and remedy, told once with every place that they are true of.

use std::collections::HashMap;

use serde::Serialize;

use super::super::overview::client_title;
use super::super::phrases::{self, html as words};
use super::excerpt::Line;
use super::prose::{Inline, Part, inline, parts, sentence};
use crate::clients::Client;
use crate::clients::startup::Startup;
use crate::finding::{Audit, BaselineState, Expected, Finding, Severity};
use crate::model::Language;

/// A severity: its word for programs, and the one for people.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Level {
    /// The same in every language.
    pub key: &'static str,
    /// In the report's language.
    pub word: &'static str,
}

impl Level {
    /// The words of a severity.
    pub const fn new(severity: Severity, language: Language) -> Self {
        Self { key: severity.word(), word: phrases::severity(severity).0.text(language) }
    }
}

/// What is wrong, why that is bad, and what to do: the same for all its places.
#[derive(Debug, Serialize)]
pub struct Problem<'a> {
    /// Its number in the report, counted from 1.
    pub number: usize,
    /// How bad it is.
    pub level: Level,
    /// The rule's id.
    pub rule: &'a str,
    /// The problem in a few words.
    pub title: &'a str,
    /// The client's name for programs.
    pub client: &'static str,
    /// The client's name for people.
    pub client_title: &'static str,
    /// How many places there are, in words.
    count: String,
    doubt: Option<&'static str>,
    /// Whether the report holds the rule's page.
    has_page: bool,
    why: Vec<Part>,
    remedy_heading: String,
    remedy: Vec<Part>,
    /// Where it is.
    pub places: Vec<Place<'a>>,
}

/// A finding of a problem.
#[derive(Debug, Serialize)]
pub struct Place<'a> {
    /// Its number in the report, counted from 1.
    number: usize,
    message: Vec<Inline>,
    /// The JID of the account; empty where it is about none.
    pub account: &'a str,
    path: String,
    /// Line and column, in words.
    position: Option<String>,
    words: &'a str,
    excerpt: Option<Line>,
    not_written: Vec<Inline>,
    expected: Option<Expectation<'a>>,
    baseline: Option<Baseline>,
    commit: Option<&'a str>,
    fingerprint: &'a str,
}

#[derive(Debug, Serialize)]
struct Expectation<'a> {
    wanted: String,
    actual: &'a str,
    policy: &'a str,
    fact: &'static str,
}

#[derive(Debug, Serialize)]
struct Baseline {
    key: &'static str,
    word: &'static str,
}

/// What two findings must share to be places of one problem.
#[derive(PartialEq, Eq, Hash)]
struct Shared<'a> {
    severity: Severity,
    rule: &'a str,
    title: &'a str,
    client: &'static str,
    doubt: Option<&'static str>,
    why: &'a str,
    remedy: &'a str,
}

impl<'a> Shared<'a> {
    fn of(finding: &'a Finding, language: Language) -> Self {
        Self {
            severity: finding.severity,
            rule: &finding.rule,
            title: &finding.title,
            client: finding.client.0,
            doubt: phrases::doubt(finding.confidence).map(|phrase| phrase.text(language)),
            why: finding.why.trim(),
            remedy: finding.remedy.trim(),
        }
    }
}

/// The problems, in the order of their first findings: worst first.
pub fn problems(audit: &Audit, language: Language) -> Vec<Problem<'_>> {
    let mut problems: Vec<Problem<'_>> = Vec::new();
    let mut known = HashMap::new();
    for (number, finding) in audit.findings.iter().enumerate() {
        let place = Place::new(number + 1, finding, audit, language);
        let next = problems.len();
        let index = *known.entry(Shared::of(finding, language)).or_insert(next);
        match problems.get_mut(index) {
            Some(problem) => problem.places.push(place),
            None => problems.push(Problem::new(next + 1, finding, place, language)),
        }
    }
    for problem in &mut problems {
        problem.has_page = audit.rules.iter().any(|rule| rule.id == problem.rule);
        problem.count = phrases::FINDING.count(language, problem.places.len());
    }
    problems
}

impl<'a> Problem<'a> {
    fn new(number: usize, finding: &'a Finding, place: Place<'a>, language: Language) -> Self {
        Self {
            number,
            level: Level::new(finding.severity, language),
            rule: &finding.rule,
            title: &finding.title,
            client: finding.client.0,
            client_title: client_title(finding.client),
            count: String::new(),
            doubt: phrases::doubt(finding.confidence).map(|phrase| phrase.text(language)),
            has_page: false,
            why: parts(finding.why.trim()),
            remedy_heading: remedy_heading(finding, language),
            remedy: parts(finding.remedy.trim()),
            places: vec![place],
        }
    }
}

fn remedy_heading(finding: &Finding, language: Language) -> String {
    if finding.client == Startup.name() {
        return phrases::REMEDY.text(language).to_owned();
    }
    phrases::REMEDY_IN.with(language, [client_title(finding.client)])
}

impl<'a> Place<'a> {
    /// Where and what a finding is.
    pub fn new(number: usize, finding: &'a Finding, audit: &Audit, language: Language) -> Self {
        let position = finding.position.map(|position| {
            words::POSITION.with(language, [&position.line.to_string(), &position.column.to_string()])
        });
        let not_written = finding
            .default_word
            .map(|word| inline(&phrases::NOT_WRITTEN.with(language, [client_title(finding.client), word])));
        Self {
            number,
            message: sentence(&finding.message),
            account: finding.account.as_deref().unwrap_or_default(),
            path: audit.relative(&finding.path).display().to_string(),
            position,
            words: place_words(finding),
            excerpt: finding.excerpt.as_ref().map(Line::new),
            not_written: not_written.unwrap_or_default(),
            expected: finding.expected.as_ref().map(|expected| expectation(expected, language)),
            baseline: finding.baseline.map(|state| baseline(state, language)),
            commit: finding.commit.as_deref(),
            fingerprint: &finding.fingerprint,
        }
    }
}

/// The place in words, unless it is the file as a whole.
fn place_words(finding: &Finding) -> &str {
    let whole_file = finding.position.is_none() && finding.excerpt.is_none() && finding.subject == "file";
    if whole_file { "" } else { &finding.place }
}

fn expectation(expected: &Expected, language: Language) -> Expectation<'_> {
    Expectation {
        wanted: expected.wanted.phrase(language),
        actual: expected.actual(language),
        policy: &expected.policy,
        fact: expected.fact,
    }
}

const fn baseline(state: BaselineState, language: Language) -> Baseline {
    match state {
        BaselineState::New => Baseline { key: "new", word: words::NEW.text(language) },
        BaselineState::Unchanged => Baseline { key: "unchanged", word: words::UNCHANGED.text(language) },
    }
}
