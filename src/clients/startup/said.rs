//! What was said about variables, and about a file as a whole.

use super::profanity::Typed;
use super::variables::{HEEDED_PROXIES, VARIABLES, Variables};
use super::verdict::Verdict;
use crate::model::LaunchEffect;

/// A variable is set.
#[derive(Clone, Debug)]
pub(super) enum Said {
    Harmless,
    Betrays(Verdict),
}

/// What is to be said about a file.
#[derive(Debug, Default)]
pub(super) struct Judged {
    /// Everything that betrays the user, in the order of the file.
    pub verdicts: Vec<Verdict>,
    /// What commands do that Profanity is started with.
    pub typed: Vec<Typed>,
    /// Whether everything that is started later has a proxy that Dino heeds.
    pub has_proxy: bool,
    /// Whether Dino is started so that it goes through Tor, whatever variables say.
    pub sends_dino_to_tor: bool,
}

impl Said {
    pub(super) fn into_verdict(self) -> Option<Verdict> {
        match self {
            Self::Harmless => None,
            Self::Betrays(verdict) => Some(verdict),
        }
    }
}

/// Whether a proxy is set that Dino heeds.
pub(super) fn has_proxy(variables: &Variables<Said>) -> bool {
    VARIABLES.iter().zip(variables).any(|(name, said)| HEEDED_PROXIES.contains(name) && said.is_some())
}

/// The verdicts in the order of the file, of those about proxies the first only: people write all of them, and mean
/// one thing.
pub(super) fn in_order(verdicts: impl Iterator<Item = Verdict>) -> Vec<Verdict> {
    let mut verdicts: Vec<Verdict> = verdicts.collect();
    verdicts.sort_by_key(|verdict| verdict.span);
    let mut seen = false;
    verdicts.retain(|verdict| verdict.effect != LaunchEffect::ProxyIgnored || !std::mem::replace(&mut seen, true));
    verdicts
}
