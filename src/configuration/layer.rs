//! Settings, and where each of them comes from.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use super::glob::Glob;
use super::ignore::Ignore;
use crate::finding::{Confidence, Severity};
use crate::model::ClientName;

/// A value, and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen<T> {
    /// The value.
    pub value: T,
    /// Where it comes from.
    pub origin: Origin,
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nobody said anything.
    Default,
    /// A configuration.
    File {
        /// Its path.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
    },
    /// A variable of the environment.
    Variable(String),
    /// The command line.
    CommandLine,
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => formatter.write_str("default"),
            Self::File { path, line } => write!(formatter, "{}:{line}", path.display()),
            Self::Variable(name) => write!(formatter, "${name}"),
            Self::CommandLine => formatter.write_str("command line"),
        }
    }
}

/// What one source says: a configuration with the ones that it extends, or what was typed.
#[derive(Clone, Debug, Default)]
pub struct Layer {
    /// The policy's name, or the path of its file.
    pub policy: Option<Chosen<String>>,
    /// The baseline to compare with.
    pub baseline: Option<Chosen<PathBuf>>,
    /// Folders with further rule pages.
    pub rules: Option<Chosen<Vec<PathBuf>>>,
    /// Files about further providers.
    pub provider_files: Option<Chosen<Vec<PathBuf>>>,
    /// The rules or tags to judge by.
    pub select: Option<Chosen<Vec<String>>>,
    /// The rules or tags not to judge by.
    pub ignore: Option<Chosen<Vec<String>>>,
    /// The clients to look at.
    pub clients: Option<Chosen<Vec<ClientName>>>,
    /// The files not to look at.
    pub exclude: Option<Chosen<Vec<Glob>>>,
    /// The least severity that is shown.
    pub min_severity: Option<Chosen<Severity>>,
    /// The least confidence that counts.
    pub min_confidence: Option<Chosen<Confidence>>,
    /// The least severity that fails.
    pub fail_on: Option<Chosen<Severity>>,
    /// How bad rules are, other things being equal, by their ids.
    pub severity: BTreeMap<String, Chosen<Severity>>,
    /// How sure rules are, other things being equal, by their ids.
    pub confidence: BTreeMap<String, Chosen<Confidence>>,
    /// The findings that are accepted.
    pub accepted: Vec<Ignore>,
    /// Every rule and tag that is named, to be looked up once the rules are known.
    pub mentions: Vec<Mention>,
}

/// A rule or tag that a configuration names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// The configuration.
    pub path: PathBuf,
    /// The line, counted from 1.
    pub line: usize,
    /// The name.
    pub name: String,
    /// Whether it may be a tag.
    pub may_be_tag: bool,
}

impl Layer {
    /// This layer with another one upon it, which has the last word: a value or list that the upper one has takes the
    /// place of the lower one's; of tables, each row does. What is accepted adds up.
    #[must_use]
    pub fn under(mut self, upper: Self) -> Self {
        self.severity.extend(upper.severity);
        self.confidence.extend(upper.confidence);
        self.accepted.extend(upper.accepted);
        self.mentions.extend(upper.mentions);
        Self {
            policy: upper.policy.or(self.policy),
            baseline: upper.baseline.or(self.baseline),
            rules: upper.rules.or(self.rules),
            provider_files: upper.provider_files.or(self.provider_files),
            select: upper.select.or(self.select),
            ignore: upper.ignore.or(self.ignore),
            clients: upper.clients.or(self.clients),
            exclude: upper.exclude.or(self.exclude),
            min_severity: upper.min_severity.or(self.min_severity),
            min_confidence: upper.min_confidence.or(self.min_confidence),
            fail_on: upper.fail_on.or(self.fail_on),
            severity: self.severity,
            confidence: self.confidence,
            accepted: self.accepted,
            mentions: self.mentions,
        }
    }
}
