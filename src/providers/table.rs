//! The table of providers as it is written: `rules/providers.toml`, and files of the same shape.
//!
//! The build reads the table that is part of the program, the program reads the others: this file belongs to both.

use std::borrow::Cow;

use serde::Deserialize;

/// Text that is part of the program, or was read from a file.
pub type Text = Cow<'static, str>;

/// Several of them.
pub type List = Vec<Text>;

/// A table of providers. A file of an organisation's own needs nothing of its head.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    #[serde(default)]
    #[expect(dead_code, reason = "for those who read the table")]
    schema: u32,
    #[serde(default)]
    #[expect(dead_code, reason = "for those who read the table")]
    as_of: String,
    /// The providers.
    pub provider: Vec<Provider>,
}

/// Whether a service is there.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It was, when somebody last looked.
    #[default]
    Alive,
    /// It has ended.
    Retired,
    /// Nobody says.
    Unknown,
}

/// A public service.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// The domain of its accounts, or of its rooms for a project without accounts.
    pub domain: Text,
    /// Its name, if it has one besides the domain.
    pub name: Option<Text>,
    /// Further domains of accounts of the same operator.
    #[serde(default)]
    pub aliases: List,
    /// What it is known for: `rooms` if only for rooms.
    pub kind: Option<Text>,
    /// Its room services; empty if none is known.
    #[serde(default)]
    pub muc: List,
    /// Room services that it once documented.
    #[serde(default)]
    pub muc_old: List,
    /// Whether its rooms live on the very domain of its accounts.
    #[serde(default)]
    pub muc_on_bare_domain: bool,
    /// Hosts to connect to.
    #[serde(default)]
    pub hosts: List,
    /// Documented ports.
    #[serde(default)]
    pub ports: Vec<u16>,
    /// Living onion services.
    #[serde(default)]
    pub onion: List,
    /// Onion services that are gone.
    #[serde(default)]
    pub onion_dead: List,
    /// Whether it is there.
    #[serde(default)]
    pub status: Status,
    /// When it ended, where a source says so.
    pub retired: Option<Text>,
    /// Where all this is from.
    #[serde(default)]
    pub source: List,
    /// How well founded it is.
    pub confidence: Option<Text>,
    /// Something worth knowing.
    pub note: Option<Text>,
    /// All that the provider itself advises its users, in English: one sentence without its full stop.
    pub advice_en: Option<Text>,
    /// The same in French.
    pub advice_fr: Option<Text>,
}
