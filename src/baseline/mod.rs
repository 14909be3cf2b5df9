//! Baselines: what had been found before somebody began to look, and was accepted, so that only what is new fails.
//!
//! A baseline is a JSON file, sorted so that changes to it read well. It knows findings by their fingerprints, which
//! are made of no line, no path and no value, but of the class of a value: a setting that got worse is another finding.
//! What got worse without changing its class, say since its file is now open to others, is new as well, since the
//! severity stands beside the fingerprint.

mod compare;
mod document;
mod error;
mod save;

use std::path::{Path, PathBuf};

use crate::finding::{Audit, Day, Finding, Gone, Severity, Suppression, SuppressionKind};
use crate::model::{ClientName, Remark};

pub use error::BaselineError;

/// What a baseline is called where nobody says otherwise, in the current folder.
pub const DEFAULT_NAME: &str = "xmpp-audit-baseline.json";

/// The JSON Schema (draft 2020-12) of a baseline.
pub const SCHEMA: &str = include_str!("baseline.schema.json");

/// Findings that are accepted, in the order of their files, rules and places.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    entries: Vec<Entry>,
}

/// A finding that is accepted. Nothing of it is a secret, nor the value of a setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The file, from the folder that [`Audit::relative`] starts from.
    pub path: PathBuf,
    /// The rule's id.
    pub rule: String,
    /// The place in words.
    pub place: String,
    /// The client whose file it is.
    pub client: ClientName,
    /// The JID of the account, where it is about one.
    pub account: Option<String>,
    /// How bad it was.
    pub severity: Severity,
    /// Why it is accepted.
    pub reason: String,
    /// Who looks after it.
    pub owner: Option<String>,
    /// The day on which it was accepted.
    pub added: Day,
    /// The last day on which it holds.
    pub expires: Option<Day>,
    /// The finding's fingerprint.
    pub fingerprint: String,
}

/// Why, by whom and how long findings are accepted.
#[derive(Clone, Debug)]
pub struct Acceptance {
    /// Why; none where nobody said.
    pub reason: Option<String>,
    /// Who looks after it.
    pub owner: Option<String>,
    /// The day on which it is accepted.
    pub today: Day,
    /// The last day on which it holds.
    pub expires: Option<Day>,
}

/// The reason where nobody gave one.
const DEFAULT_REASON: &str = "It was there before the baseline was made.";

/// What an update did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// How many findings are accepted that were not.
    pub added: usize,
    /// How many are accepted as they are now: worse or milder than they were, or anew.
    pub changed: usize,
    /// How many hold no longer, since their last day has passed.
    pub expired: usize,
    /// How many stayed as they were.
    pub kept: usize,
}

impl Baseline {
    /// Every entry, in order.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Accepts what an audit found that is at least so bad and that no entry knows yet, and takes over how bad the known ones are now. An entry that
    /// holds no longer is accepted anew only with a new last day. Entries whose findings are gone stay.
    pub fn update(&mut self, audit: &Audit, least: Severity, acceptance: &Acceptance) -> Changes {
        let found: Vec<(&Finding, PathBuf)> =
            audit.findings.iter().map(|finding| (finding, audit.relative(&finding.path))).collect();
        let matched = compare::matches(&self.entries, &compare::keys(audit));
        let mut changes = Changes::default();
        let mut added = Vec::new();
        for ((finding, path), entry) in found.into_iter().zip(&matched) {
            match entry.and_then(|number| self.entries.get_mut(number)) {
                None if finding.severity < least => {}
                None => added.push(Entry::new(finding, path, acceptance)),
                Some(entry) if !entry.holds_on(&acceptance.today) && acceptance.expires.is_none() => {
                    changes.expired += 1;
                }
                Some(entry) => changes.changed += usize::from(entry.take_over(finding, path, acceptance)),
            }
        }
        changes.added = added.len();
        changes.kept = self.entries.len() - changes.changed - changes.expired;
        self.entries.append(&mut added);
        self.sort();
        changes
    }

    /// Takes out what an audit did not find again, and says how much that is.
    pub fn prune(&mut self, audit: &Audit) -> usize {
        let before = self.entries.len();
        let is_gone = |entry: &Entry| {
            audit.gone.iter().any(|gone| gone.fingerprint == entry.fingerprint && gone.path == entry.path)
        };
        self.entries.retain(|entry| !is_gone(entry));
        before - self.entries.len()
    }

    fn sort(&mut self) {
        self.entries.sort_by(|left, right| left.order().cmp(&right.order()));
    }
}

impl Entry {
    fn new(finding: &Finding, path: PathBuf, acceptance: &Acceptance) -> Self {
        Self {
            path,
            rule: finding.rule.clone(),
            place: finding.place.clone(),
            client: finding.client,
            account: finding.account.clone(),
            severity: finding.severity,
            reason: acceptance.reason.clone().unwrap_or_else(|| DEFAULT_REASON.to_owned()),
            owner: acceptance.owner.clone(),
            added: acceptance.today.clone(),
            expires: acceptance.expires.clone(),
            fingerprint: finding.fingerprint.clone(),
        }
    }

    /// Takes over how a finding is now; whether that changed anything. What got worse, or had run out, is accepted as of
    /// today; the reason stays, unless there is a new one.
    fn take_over(&mut self, finding: &Finding, path: PathBuf, acceptance: &Acceptance) -> bool {
        let before = self.clone();
        let is_accepted_anew = finding.severity > self.severity || !self.holds_on(&acceptance.today);
        (self.path, self.severity) = (path, finding.severity);
        self.place.clone_from(&finding.place);
        if is_accepted_anew {
            self.added = acceptance.today.clone();
            self.reason = acceptance.reason.clone().unwrap_or_else(|| self.reason.clone());
            self.owner = acceptance.owner.clone().or_else(|| self.owner.clone());
            self.expires = acceptance.expires.clone().or_else(|| self.expires.clone());
        }
        *self != before
    }

    /// Whether a finding that has this entry's fingerprint is no worse than it was.
    #[must_use]
    pub fn covers(&self, finding: &Finding) -> bool {
        finding.severity <= self.severity
    }

    /// Whether it still holds on a day.
    #[must_use]
    pub fn holds_on(&self, day: &Day) -> bool {
        self.expires.as_ref().is_none_or(|expires| day <= expires)
    }

    /// What is told of a finding that is accepted by this entry of the baseline at `file`.
    #[must_use]
    pub fn suppression(&self, file: &Path) -> Suppression {
        Suppression {
            kind: SuppressionKind::Baseline,
            reason: self.reason.clone(),
            expires: self.expires.as_ref().map(|day| day.word().to_owned()),
            file: file.to_owned(),
        }
    }

    /// That it holds no longer.
    #[must_use]
    pub fn remark(&self) -> Remark {
        let expires = self.expires.as_ref().map_or_else(String::new, |day| day.word().to_owned());
        Remark::BaselineExpired { rule: self.rule.clone(), place: self.place.clone(), expires }
    }

    /// That it was not found again.
    #[must_use]
    pub fn gone(&self) -> Gone {
        Gone {
            rule: self.rule.clone(),
            client: self.client,
            path: self.path.clone(),
            place: self.place.clone(),
            fingerprint: self.fingerprint.clone(),
        }
    }

    fn order(&self) -> impl Ord + use<'_> {
        (&self.path, &self.rule, &self.place, self.client, &self.account, &self.fingerprint, &self.added)
    }
}

pub use compare::{keys, matches};
