//! The first screen: what the report comes to, and how much there is of what.

use serde::Serialize;

use super::super::overview;
use super::super::phrases::{self, html as words};
use super::problem::Level;
use super::prose::{Inline, inline};
use crate::finding::{Audit, Severity};
use crate::model::Language;

/// The first screen.
#[derive(Debug, Serialize)]
pub struct Summary<'a> {
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
    /// What there is to say on the first screen.
    pub fn new(audit: &'a Audit, language: Language) -> Self {
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
