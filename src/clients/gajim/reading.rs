//! What the readers of both formats are given, and what they give back beside the profile.

use super::account::Conduct;
use super::overrides::Overrides;
use super::plugins::Plugin;
use crate::model::ClientVersion;
use crate::source::Reader;

/// What is known before a file of settings is read.
#[derive(Clone, Copy)]
pub(super) struct Around<'a> {
    /// What reads files.
    pub reader: &'a Reader,
    /// What the system lays over the client's options.
    pub overrides: Option<&'a Overrides>,
    /// The version that the client is believed to have.
    pub assumed: Option<&'a ClientVersion>,
}

/// What a file of settings says besides what goes into the profile at once.
#[derive(Default)]
pub(super) struct Read {
    /// What decides over the password of each account, in their order.
    pub conducts: Vec<Conduct>,
    /// The plugins that it names.
    pub plugins: Vec<Plugin>,
}

impl Read {
    /// Adds what another file says.
    pub(super) fn add(&mut self, other: Self) {
        self.conducts.extend(other.conducts);
        self.plugins.extend(other.plugins);
    }
}
