//! What the findings can be filtered by: only what would tell some of them from others.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::super::overview::client_title;
use super::problem::{Level, Problem};
use crate::finding::{Audit, Severity};
use crate::model::Language;

/// The choices.
#[derive(Debug, Serialize)]
pub struct Choices<'a> {
    severities: Vec<Choice<'a>>,
    clients: Vec<Choice<'a>>,
    accounts: BTreeSet<&'a str>,
    rules: BTreeMap<&'a str, &'a str>,
}

/// A value, what it is called, and how many findings have it.
#[derive(Debug, Serialize)]
struct Choice<'a> {
    key: &'a str,
    word: &'a str,
    count: usize,
}

impl<'a> Choices<'a> {
    /// The values that the findings have.
    pub fn of(audit: &'a Audit, problems: &[Problem<'a>], language: Language) -> Self {
        let clients: BTreeSet<_> = audit.findings.iter().map(|finding| finding.client).collect();
        let client = |client| Choice {
            key: client,
            word: client_title(crate::model::ClientName(client)),
            count: audit.findings.iter().filter(|finding| finding.client.0 == client).count(),
        };
        let severity = |severity| {
            let Level { key, word } = Level::new(severity, language);
            Choice { key, word, count: audit.count(severity) }
        };
        Self {
            severities: Severity::ALL
                .iter()
                .rev()
                .map(|of| severity(*of))
                .filter(|choice| choice.count > 0)
                .collect(),
            clients: clients.into_iter().map(|name| client(name.0)).collect(),
            accounts: audit.findings.iter().filter_map(|finding| finding.account.as_deref()).collect(),
            rules: problems.iter().map(|problem| (problem.rule, problem.title)).collect(),
        }
    }
}
