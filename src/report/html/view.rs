//! Everything that the templates show, ready to be written.

use std::collections::BTreeMap;

use serde::Serialize;

use super::super::overview::{self, Reasons, Unseen, client_title, status_word};
use super::super::phrases::{self, ATTACKERS, OUTCOMES, html as words};
use super::choices::Choices;
use super::content_policy::content_policy;
use super::problem::{Level, Place, Problem, problems};
use super::prose::{Inline, glued, inline};
use super::rules::Rules;
use super::{SCRIPT, STYLE};
use crate::finding::{
    AccountGrade, AccountSummary, Audit, Gone, Input, InputStatus, Severity, Suppressed, SuppressionKind,
};
use crate::model::{Language, Outcome};

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
        let (missing, passed_over) = unseen.iter().partition::<Vec<_>, _>(|unseen| unseen.missing);
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

/// The first screen.
#[derive(Debug, Serialize)]
struct Summary<'a> {
    headline: String,
    /// What to do where nothing was audited.
    advice: Vec<Inline>,
    /// The worst severity's word; `good`, or `unknown` where nothing was audited.
    mood: &'static str,
    counts: Vec<Count>,
    things: String,
    files: String,
    policy: Option<&'a str>,
    hidden: Option<String>,
    complete: bool,
}

#[derive(Debug, Serialize)]
struct Count {
    level: Level,
    count: usize,
}

impl<'a> Summary<'a> {
    fn new(audit: &'a Audit, language: Language) -> Self {
        let nothing = overview::nothing_audited(audit, language);
        let advice = nothing.as_ref().map(|_| inline(phrases::HOW_TO_LOOK.text(language))).unwrap_or_default();
        let worst = audit.findings.first().map(|finding| finding.severity);
        let mood = match (&nothing, worst) {
            (Some(_), _) => "unknown",
            (None, Some(severity)) => severity.word(),
            (None, None) => {
                if audit.is_complete() {
                    "good"
                } else {
                    "unknown"
                }
            }
        };
        let count = |severity| Count { level: Level::new(severity, language), count: audit.count(severity) };
        let asked = |count: &Count| count.count > 0 || count.level.key != Severity::Info.word();
        Self {
            headline: nothing.unwrap_or_else(|| headline(audit, worst, language).to_owned()),
            advice,
            mood,
            counts: Severity::ALL.iter().rev().map(|severity| count(*severity)).filter(asked).collect(),
            things: overview::things(audit, language),
            files: overview::statuses(audit, language),
            policy: audit.policy.as_deref(),
            hidden: (audit.below_severity > 0).then(|| phrases::MILDER.count(language, audit.below_severity)),
            complete: audit.is_complete(),
        }
    }
}

/// What the whole report comes to, in a sentence.
fn headline(audit: &Audit, worst: Option<Severity>, language: Language) -> &'static str {
    let phrase = match (worst, audit.is_complete(), audit.below_severity) {
        (Some(severity), _, _) => words::headline(severity),
        (None, false, _) => words::CLEAN_BUT_INCOMPLETE,
        (None, true, 0) => phrases::CLEAN,
        (None, true, _) => phrases::CLEAN_BUT_HIDDEN,
    };
    phrase.text(language)
}

/// How well an account is kept over all clients of its user.
#[derive(Debug, Serialize)]
struct Grade<'a> {
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
    fn new(grade: &'a AccountGrade, audit: &Audit, problems: &[Problem<'a>], language: Language) -> Self {
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
struct Password<'a> {
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
    fn new(account: &'a AccountSummary, audit: &Audit, language: Language) -> Self {
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
struct Term {
    word: &'static str,
    meaning: &'static str,
}

impl Term {
    fn new(word: &'static str, meaning: phrases::Phrase, language: Language) -> Self {
        Self { word, meaning: meaning.text(language) }
    }
}

/// The outcomes that occur, worst first.
fn outcomes(audit: &Audit, language: Language) -> Vec<Term> {
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
    sentence: String,
}

impl NotSeen {
    fn new(unseen: &Unseen<'_>, audit: &Audit) -> Self {
        let path = audit.relative(unseen.path).display().to_string();
        Self { path, sentence: unseen.sentence.clone() }
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
    reason: Option<String>,
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
            reason: reasons.reason(input, language).filter(|_| *status != InputStatus::Audited),
        }
    }
}
