//! What an audit goes by, all sources put together.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::glob::Glob;
use super::ignore::Ignore;
use super::layer::{Chosen, Layer, Mention, Origin};
use crate::finding::{Confidence, Severity};
use crate::model::ClientName;
use crate::rules::{Page, RuleError, RuleSet, nearest_of};

/// What an audit goes by, and where each value comes from.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The policy's name, or the path of its file; none for the rules as they are.
    pub policy: Chosen<Option<String>>,
    /// The baseline to compare with, if any.
    pub baseline: Chosen<Option<PathBuf>>,
    /// Folders with further rule pages.
    pub rules: Chosen<Vec<PathBuf>>,
    /// Files about further providers.
    pub provider_files: Chosen<Vec<PathBuf>>,
    /// The rules or tags to judge by; all if empty.
    pub select: Chosen<Vec<String>>,
    /// The rules or tags not to judge by.
    pub ignore: Chosen<Vec<String>>,
    /// The clients to look at; all if empty.
    pub clients: Chosen<Vec<ClientName>>,
    /// The files not to look at.
    pub exclude: Chosen<Vec<Glob>>,
    /// The least severity that is shown.
    pub min_severity: Chosen<Severity>,
    /// The least confidence that counts.
    pub min_confidence: Chosen<Confidence>,
    /// The least severity that fails.
    pub fail_on: Chosen<Severity>,
    /// How bad rules are, other things being equal, by their ids.
    pub severity: BTreeMap<String, Chosen<Severity>>,
    /// How sure rules are, other things being equal, by their ids.
    pub confidence: BTreeMap<String, Chosen<Confidence>>,
    /// The findings that are accepted.
    pub accepted: Vec<Ignore>,
    mentions: Vec<Mention>,
}

impl Default for Settings {
    fn default() -> Self {
        Self::of(Layer::default())
    }
}

impl Settings {
    /// The settings of a layer, with the defaults for what it does not say.
    #[must_use]
    pub fn of(layer: Layer) -> Self {
        Self {
            policy: optional(layer.policy),
            baseline: optional(layer.baseline),
            rules: or_default(layer.rules),
            provider_files: or_default(layer.provider_files),
            select: or_default(layer.select),
            ignore: or_default(layer.ignore),
            clients: or_default(layer.clients),
            exclude: or_default(layer.exclude),
            min_severity: layer.min_severity.unwrap_or_else(|| default(Severity::Low)),
            min_confidence: layer.min_confidence.unwrap_or_else(|| default(Confidence::Low)),
            fail_on: layer.fail_on.unwrap_or_else(|| default(Severity::Low)),
            severity: layer.severity,
            confidence: layer.confidence,
            accepted: layer.accepted,
            mentions: layer.mentions,
        }
    }

    /// Forgets everything that is accepted.
    pub fn accept_nothing(&mut self) {
        self.accepted.clear();
        self.baseline = default(None);
    }

    /// Whether rules are needed to see that the settings are sound.
    #[must_use]
    pub fn need_rules(&self) -> bool {
        !self.mentions.is_empty()
            || !self.rules.value.is_empty()
            || !self.provider_files.value.is_empty()
            || self.policy.value.is_some()
    }

    /// Sees that every rule and tag that configurations name exists.
    ///
    /// # Errors
    /// Says which does not, and where it stands.
    pub fn check_names(&self, rules: &RuleSet) -> Result<(), RuleError> {
        self.mentions.iter().try_for_each(|mention| mention.check(rules))
    }

    /// How bad rules are, where that is not as their pages or the policy say.
    #[must_use]
    pub fn severities(&self) -> BTreeMap<String, Severity> {
        self.severity.iter().map(|(rule, severity)| (rule.clone(), severity.value)).collect()
    }

    /// How sure rules are, where that is not as their pages say.
    #[must_use]
    pub fn confidences(&self) -> BTreeMap<String, Confidence> {
        self.confidence.iter().map(|(rule, confidence)| (rule.clone(), confidence.value)).collect()
    }
}

impl Mention {
    fn check(&self, rules: &RuleSet) -> Result<(), RuleError> {
        let (name, pages) = (self.name.as_str(), rules.pages());
        let is_known = |page: &Page| if self.may_be_tag { page.is_meant_by(name) } else { page.id == name };
        if pages.iter().any(is_known) {
            return Ok(());
        }
        let tags = pages.iter().filter(|_| self.may_be_tag).flat_map(|page| &page.tags);
        let known = pages.iter().map(|page| &page.id).chain(tags);
        let near = nearest_of(name, known.map(String::as_str));
        let nothing = if self.may_be_tag { "no rule and no tag" } else { "no rule" };
        let message = format!("there is {nothing} “{name}”{near}");
        Err(RuleError::new(&self.path.display().to_string(), self.line, message))
    }
}

const fn default<T>(value: T) -> Chosen<T> {
    Chosen { value, origin: Origin::Default }
}

fn or_default<T: Default>(said: Option<Chosen<T>>) -> Chosen<T> {
    said.unwrap_or_else(|| default(T::default()))
}

fn optional<T>(said: Option<Chosen<T>>) -> Chosen<Option<T>> {
    said.map_or_else(|| default(None), |said| Chosen { value: Some(said.value), origin: said.origin })
}
