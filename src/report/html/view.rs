//! Everything that the templates show, ready to be written.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::super::overview::{self, Reasons, Unseen, client_title, status_word};
use super::super::phrases::{self, ATTACKERS, html as words};
use super::accounts::{Grade, Password, Term, outcomes};
use super::choices::Choices;
use super::content_policy::content_policy;
use super::problem::{Level, Place, Problem, problems};
use super::prose::{Inline, glued, sentence};
use super::rules::Rules;
use super::summary::Summary;
use super::{SCRIPT, STYLE};
use crate::finding::{Audit, Gone, Input, Suppressed, SuppressionKind};
use crate::model::Language;

/// The page.
#[derive(Debug, Serialize)]
pub struct Page<'a> {
    language: &'static str,
    words: BTreeMap<&'static str, String>,
    style: &'static str,
    script: &'static str,
    content_policy: String,
    version: &'static str,
    summary: Summary<'a>,
    grades: Vec<Grade<'a>>,
    passwords: Vec<Password<'a>>,
    attackers: Vec<Term>,
    outcomes: Vec<Term>,
    choices: Choices<'a>,
    problems: Vec<Problem<'a>>,
    accepted: Vec<Accepted<'a>>,
    gone: Vec<Vanished<'a>>,
    missing: Vec<NotSeen>,
    passed_over: Vec<NotSeen>,
    inputs: Vec<Seen>,
    rules: Rules<'a>,
}

impl<'a> Page<'a> {
    /// What there is to show of an audit.
    pub fn new(audit: &'a Audit, language: Language) -> Self {
        let problems = problems(audit, language);
        let unseen = overview::unseen(audit, language);
        let (missing, mut passed_over) = unseen.iter().partition::<Vec<_>, _>(|unseen| unseen.missing);
        // The list of the files says so already.
        let listed: BTreeSet<_> = audit.inputs.iter().map(|input| input.path.as_path()).collect();
        passed_over.retain(|unseen| !listed.contains(unseen.path));
        let not_seen = |unseen: Vec<&Unseen<'_>>| unseen.into_iter().map(|one| NotSeen::new(one, audit)).collect();
        let reasons = Reasons::of(audit);
        let mut grades: Vec<_> = audit.grades.iter().collect();
        grades.sort_by_key(|grade| std::cmp::Reverse(grade.grade));
        Self {
            language: language.word(),
            words: words::WORDS.iter().map(|(key, phrase)| (*key, glued(phrase.text(language)))).collect(),
            style: STYLE,
            script: SCRIPT,
            content_policy: content_policy(STYLE, SCRIPT),
            version: env!("CARGO_PKG_VERSION"),
            summary: Summary::new(audit, language),
            grades: grades.into_iter().map(|grade| Grade::new(grade, audit, &problems, language)).collect(),
            passwords: audit.accounts.iter().map(|account| Password::new(account, audit, language)).collect(),
            attackers: ATTACKERS.iter().map(|(name, act)| Term::new(name.text(language), *act, language)).collect(),
            outcomes: outcomes(audit, language),
            choices: Choices::of(audit, &problems, language),
            problems,
            accepted: audit.suppressed.iter().map(|one| Accepted::new(one, audit, language)).collect(),
            gone: audit.gone.iter().map(Vanished::new).collect(),
            missing: not_seen(missing),
            passed_over: not_seen(passed_over),
            inputs: audit.inputs.iter().map(|input| Seen::new(input, &reasons, audit, language)).collect(),
            rules: Rules::of(audit, language),
        }
    }
}

/// A finding that somebody has accepted.
#[derive(Debug, Serialize)]
struct Accepted<'a> {
    level: Level,
    rule: &'a str,
    title: &'a str,
    client: &'static str,
    place: Place<'a>,
    by: &'static str,
    reason: &'a str,
    expires: Option<&'a str>,
    file: String,
}

impl<'a> Accepted<'a> {
    fn new(suppressed: &'a Suppressed, audit: &Audit, language: Language) -> Self {
        let Suppressed { finding, by } = suppressed;
        let kind = match by.kind {
            SuppressionKind::Ignore => words::BY_CONFIGURATION,
            SuppressionKind::Baseline => words::BY_BASELINE,
        };
        Self {
            level: Level::new(finding.severity, language),
            rule: &finding.rule,
            title: &finding.title,
            client: client_title(finding.client),
            // Those that are told have the numbers.
            place: Place::new(0, finding, audit, language),
            by: kind.text(language),
            reason: &by.reason,
            expires: by.expires.as_deref(),
            file: audit.relative(&by.file).display().to_string(),
        }
    }
}

/// What the baseline knows and was not found again.
#[derive(Debug, Serialize)]
struct Vanished<'a> {
    rule: &'a str,
    client: &'static str,
    path: String,
    place: &'a str,
}

impl<'a> Vanished<'a> {
    fn new(gone: &'a Gone) -> Self {
        Self {
            rule: &gone.rule,
            client: client_title(gone.client),
            path: gone.path.display().to_string(),
            place: &gone.place,
        }
    }
}

/// Something that was not looked at, or not in full.
#[derive(Debug, Serialize)]
struct NotSeen {
    path: String,
    sentence: Vec<Inline>,
}

impl NotSeen {
    fn new(unseen: &Unseen<'_>, audit: &Audit) -> Self {
        let path = audit.relative(unseen.path).display().to_string();
        Self { path, sentence: sentence(&unseen.sentence) }
    }
}

/// A file with what became of it.
#[derive(Debug, Serialize)]
struct Seen {
    path: String,
    client: &'static str,
    kind: &'static str,
    key: &'static str,
    status: &'static str,
    reason: Vec<Inline>,
}

impl Seen {
    fn new(input: &Input, reasons: &Reasons<'_>, audit: &Audit, language: Language) -> Self {
        let Input { path, client, kind, status } = input;
        Self {
            path: audit.relative(path).display().to_string(),
            client: client_title(*client),
            kind: kind.0,
            key: status_word(*status),
            status: phrases::status(*status).0.text(language),
            reason: reasons.reason(input, language).map(|reason| sentence(&reason)).unwrap_or_default(),
        }
    }
}
