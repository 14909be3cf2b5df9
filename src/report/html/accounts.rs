//! The accounts: how well each is kept, and what becomes of its password.

use serde::Serialize;

use super::super::overview::client_title;
use super::super::phrases::{self, OUTCOMES};
use super::problem::{Level, Problem};
use crate::finding::{AccountGrade, AccountSummary, Audit, Severity};
use crate::model::{Language, Outcome};

/// How well an account is kept over all clients of its user.
#[derive(Debug, Serialize)]
pub struct Grade<'a> {
    letter: &'static str,
    jid: &'a str,
    clients: Vec<&'static str>,
    worst: Option<Worst<'a>>,
    /// The files in which it stands.
    files: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Worst<'a> {
    level: Level,
    rule: &'a str,
    /// The problem of the report that tells of it; none if that was left out.
    title: Option<&'a str>,
    number: Option<usize>,
}

impl<'a> Grade<'a> {
    /// The grade, with the problem that tells why it is no better.
    pub fn new(grade: &'a AccountGrade, audit: &Audit, problems: &[Problem<'a>], language: Language) -> Self {
        let stands_in = audit
            .accounts
            .iter()
            .filter(|account| account.jid == grade.jid && account.path.starts_with(&grade.owner))
            .map(|account| audit.relative(&account.path).display().to_string());
        let mut files: Vec<_> = stands_in.collect();
        files.dedup();
        Self {
            letter: grade.grade.word(),
            jid: &grade.jid,
            clients: grade.clients.iter().map(|client| client_title(*client)).collect(),
            worst: grade.worst.as_ref().map(|(severity, rule)| {
                let told = told_of(grade, *severity, rule, problems);
                Worst {
                    level: Level::new(*severity, language),
                    rule,
                    title: told.map(|problem| problem.title),
                    number: told.map(|problem| problem.number),
                }
            }),
            files,
        }
    }
}

/// The problem that tells of an account's worst finding: one with the account in it, if there is one.
fn told_of<'p, 'a>(
    grade: &AccountGrade,
    severity: Severity,
    rule: &str,
    problems: &'p [Problem<'a>],
) -> Option<&'p Problem<'a>> {
    let mut fitting = problems
        .iter()
        .filter(|problem| problem.rule == rule && problem.level.key == severity.word())
        .filter(|problem| grade.clients.iter().any(|client| client.0 == problem.client));
    let first = fitting.clone().next();
    fitting.find(|problem| problem.places.iter().any(|place| place.account == grade.jid)).or(first)
}

/// What becomes of an account's password in a client.
#[derive(Debug, Serialize)]
pub struct Password<'a> {
    jid: &'a str,
    enabled: bool,
    client: &'static str,
    path: String,
    encryption: &'static str,
    outcomes: Vec<Fate>,
}

#[derive(Debug, Serialize)]
struct Fate {
    key: &'static str,
    word: &'static str,
}

impl<'a> Password<'a> {
    /// What the four attackers get.
    pub fn new(account: &'a AccountSummary, audit: &Audit, language: Language) -> Self {
        let exposure = account.exposure;
        let outcomes = [exposure.listens, exposure.strips, exposure.strips_legacy, exposure.forges];
        let fate = |of: Outcome| Fate { key: of.word(), word: phrases::outcome(of).text(language) };
        Self {
            jid: &account.jid,
            enabled: account.enabled,
            client: client_title(account.client),
            path: audit.relative(&account.path).display().to_string(),
            encryption: phrases::encryption(account.encryption, language),
            outcomes: outcomes.into_iter().map(fate).collect(),
        }
    }
}

/// A word and what it means.
#[derive(Debug, Serialize)]
pub struct Term {
    word: &'static str,
    meaning: &'static str,
}

impl Term {
    /// A word with its meaning in that language.
    pub fn new(word: &'static str, meaning: phrases::Phrase, language: Language) -> Self {
        Self { word, meaning: meaning.text(language) }
    }
}

/// The outcomes that occur, worst first.
pub fn outcomes(audit: &Audit, language: Language) -> Vec<Term> {
    let occurs = |outcome: Outcome| {
        audit.accounts.iter().map(|account| account.exposure).any(|exposure| {
            [exposure.listens, exposure.strips, exposure.strips_legacy, exposure.forges].contains(&outcome)
        })
    };
    let occurring = OUTCOMES.into_iter().filter(|(outcome, _)| occurs(*outcome));
    occurring
        .map(|(outcome, meaning)| Term::new(phrases::outcome(outcome).text(language), meaning, language))
        .collect()
}
