//! The rules that were judged by.

use std::collections::BTreeSet;

use serde::Serialize;

use super::super::overview::client_title;
use super::problem::Level;
use super::prose::{Part, parts};
use crate::finding::{Audit, RuleSummary};
use crate::model::Language;

/// The rules, by whether they found something.
#[derive(Debug, Default, Serialize)]
pub struct Rules<'a> {
    /// Those with findings, with the whole page of each.
    found: Vec<Rule<'a>>,
    /// Those without, with the reason for each.
    quiet: Vec<Rule<'a>>,
}

#[derive(Debug, Serialize)]
struct Rule<'a> {
    id: &'a str,
    title: &'a str,
    worst: Level,
    clients: Vec<&'static str>,
    tags: &'a [String],
    text: Vec<Part>,
}

impl<'a> Rules<'a> {
    /// Rules whose findings were all accepted have found something, too.
    pub fn of(audit: &'a Audit, language: Language) -> Self {
        let accepted = audit.suppressed.iter().map(|suppressed| &suppressed.finding);
        let found: BTreeSet<&str> =
            audit.findings.iter().chain(accepted).map(|finding| finding.rule.as_str()).collect();
        let mut rules = Self::default();
        for rule in &audit.rules {
            match found.contains(rule.id.as_str()) {
                true => rules.found.push(shown(rule, &rule.help, language)),
                false => rules.quiet.push(shown(rule, &rule.reason, language)),
            }
        }
        rules
    }
}

fn shown<'a>(rule: &'a RuleSummary, text: &str, language: Language) -> Rule<'a> {
    Rule {
        id: &rule.id,
        title: &rule.title,
        worst: Level::new(rule.worst, language),
        clients: rule.clients.iter().map(|client| client_title(*client)).collect(),
        tags: &rule.tags,
        text: parts(text),
    }
}
