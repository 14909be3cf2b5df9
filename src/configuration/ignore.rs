//! Findings that the configuration accepts.

use std::fs;
use std::path::PathBuf;

use super::glob::{FilePath, Glob};
use crate::finding::{Day, Finding, Suppression, SuppressionKind};
use crate::model::{ClientName, Remark};

/// An `[[ignore]]`: what is accepted, why, and how long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ignore {
    /// The id of the rule.
    pub rule: String,
    /// Only of this client.
    pub client: Option<ClientName>,
    /// Only of this account, a bare JID.
    pub account: Option<String>,
    /// Only of this room or contact.
    pub room: Option<String>,
    /// Only of these files.
    pub path: Option<Glob>,
    /// Why.
    pub reason: String,
    /// The last day on which it holds.
    pub expires: Option<Day>,
    /// The file in which it stands.
    pub file: PathBuf,
    /// The line on which it begins, counted from 1.
    pub line: usize,
    /// The folder whose files it can be about, an absolute path.
    pub folder: PathBuf,
}

impl Ignore {
    /// Whether a finding is accepted, as long as this holds.
    #[must_use]
    pub fn is_about(&self, finding: &Finding) -> bool {
        let same = |wanted: &Option<String>, actual: &Option<String>| {
            wanted.as_ref().is_none_or(|wanted| {
                actual.as_ref().is_some_and(|actual| wanted.to_lowercase() == actual.to_lowercase())
            })
        };
        self.rule == finding.rule
            && self.client.is_none_or(|client| client == finding.client)
            && same(&self.account, &finding.account)
            && same(&self.room, &finding.room)
            && self.path.as_ref().is_none_or(|path| path.fits(&FilePath::of(&finding.path)))
    }

    /// Whether it still holds on a day.
    #[must_use]
    pub fn holds_on(&self, day: &Day) -> bool {
        self.expires.as_ref().is_none_or(|expires| day <= expires)
    }

    /// What is told of a finding that is accepted.
    #[must_use]
    pub fn suppression(&self) -> Suppression {
        Suppression {
            kind: SuppressionKind::Ignore,
            reason: self.reason.clone(),
            expires: self.expires.as_ref().map(|day| day.word().to_owned()),
            file: self.file.clone(),
        }
    }

    /// That it hides nothing, or holds no longer.
    #[must_use]
    pub fn remark(&self, day: &Day) -> Remark {
        let (line, rule) = (self.line, self.rule.clone());
        match self.expires.as_ref().filter(|_| !self.holds_on(day)) {
            Some(expires) => Remark::IgnoreExpired { line, rule, expires: expires.word().to_owned() },
            None => Remark::IgnoreUnused { line, rule },
        }
    }

    /// Whether everything that it can be about was searched. What was not looked for may well be there.
    #[must_use]
    pub fn is_covered_by(&self, searched: &[PathBuf]) -> bool {
        let holds_all =
            |searched: &PathBuf| fs::canonicalize(searched).is_ok_and(|real| self.folder.starts_with(real));
        searched.iter().any(holds_all)
    }
}
