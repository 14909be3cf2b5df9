//! What is known about versions of clients: which are old, which have a hole.
//!
//! The facts stand in `rules/releases.toml`, each with its source.

use std::sync::OnceLock;

use serde::Deserialize;

use crate::model::words::words;
use crate::model::{ClientName, ClientVersion, Language, Version};

/// The facts that are part of the program.
const EMBEDDED: &str = include_str!("../../rules/releases.toml");

words! {
    /// What is known about the version of a client.
    VersionStanding {
        /// The version is not known.
        Unknown = "unknown",
        /// Nothing is known against it.
        Current = "current",
        /// It is no longer maintained, or lacks protections that are usual now.
        Old = "old",
        /// It may have a known hole: the version is known only roughly.
        MaybeHoled = "maybe_holed",
        /// It has a known hole.
        Holed = "holed",
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Releases {
    #[serde(rename = "schema")]
    _schema: u32,
    release: Vec<Release>,
}

/// Something known about a range of versions.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Release {
    client: String,
    #[serde(default, deserialize_with = "optional_version")]
    from: Option<Version>,
    #[serde(deserialize_with = "version")]
    fixed: Version,
    kind: Kind,
    id: Option<String>,
    en: String,
    fr: String,
    source: String,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Hole,
    Old,
}

impl Release {
    /// What it is, as the end of a sentence, behind its CVE number if it has one.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        let text = language.choose(self.en.as_str(), self.fr.as_str());
        match (&self.id, language) {
            (Some(id), Language::French) => format!("{id} : {text}"),
            (Some(id), Language::English) => format!("{id}: {text}"),
            (None, _) => text.to_owned(),
        }
    }

    /// The first version without it.
    #[must_use]
    pub const fn fixed(&self) -> Version {
        self.fixed
    }

    /// Where that is from.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    fn standing(&self, version: &ClientVersion) -> Option<VersionStanding> {
        let from = self.from.unwrap_or(Version::ZERO);
        let certain = version.is_within(from, self.fixed);
        match self.kind {
            Kind::Hole if certain => Some(VersionStanding::Holed),
            Kind::Hole if version.may_be_within(from, self.fixed) => Some(VersionStanding::MaybeHoled),
            Kind::Old if certain => Some(VersionStanding::Old),
            Kind::Hole | Kind::Old => None,
        }
    }
}

/// What is known about a client's version, and the worst that is known against it.
#[must_use]
pub fn judge(client: ClientName, version: Option<&ClientVersion>) -> (VersionStanding, Option<&'static Release>) {
    let Some(version) = version else { return (VersionStanding::Unknown, None) };
    let known = releases().iter().filter(|release| release.client == client.0);
    let judged = known.filter_map(|release| Some((release.standing(version)?, release)));
    judged
        .max_by_key(|(standing, _)| *standing)
        .map_or((VersionStanding::Current, None), |(standing, release)| (standing, Some(release)))
}

fn releases() -> &'static [Release] {
    static RELEASES: OnceLock<Vec<Release>> = OnceLock::new();
    // What is embedded is checked by a test; without it nothing would be known, and nothing claimed.
    RELEASES.get_or_init(|| read(EMBEDDED).unwrap_or_default())
}

fn read(text: &str) -> Result<Vec<Release>, toml::de::Error> {
    toml::from_str::<Releases>(text).map(|releases| releases.release)
}

fn version<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Version, D::Error> {
    let text = String::deserialize(deserializer)?;
    Version::parse(&text).ok_or_else(|| serde::de::Error::custom("no version number"))
}

fn optional_version<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Version>, D::Error> {
    version(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clients::CLIENTS;
    use crate::model::VersionSource;

    fn standing(client: &'static str, version: &str) -> VersionStanding {
        let version = ClientVersion::exactly(Version::parse(version).unwrap(), VersionSource::Told);
        judge(ClientName(client), Some(&version)).0
    }

    #[test]
    fn every_release_is_of_a_client() {
        for release in read(EMBEDDED).unwrap() {
            assert!(CLIENTS.iter().any(|client| client.name().0 == release.client), "{}", release.client);
            assert!(release.from.is_none_or(|from| from < release.fixed), "{}", release.en);
            assert!(!release.text(Language::French).is_empty() && !release.source().is_empty());
        }
    }

    #[test]
    fn versions_are_judged_by_their_numbers() {
        assert_eq!(standing("pidgin", "2.14.8"), VersionStanding::Holed);
        assert_eq!(standing("pidgin", "2.14.9"), VersionStanding::Current);
        assert_eq!(standing("pidgin", "2.14.12"), VersionStanding::Current);
        assert_eq!(standing("gajim", "1.1.3"), VersionStanding::Old);
        assert_eq!(standing("gajim", "1.5.4"), VersionStanding::Old);
        assert_eq!(standing("gajim", "1.6.0"), VersionStanding::Current);
        for (version, is_holed) in [
            ("0.1.1", true),
            ("0.2.2", true),
            ("0.2.3", false),
            ("0.3.1", true),
            ("0.3.2", false),
            ("0.4.1", true),
            ("0.4.2", false),
            ("0.5.1", false),
        ] {
            assert_eq!(standing("dino", version) == VersionStanding::Holed, is_holed, "{version}");
        }
        assert_eq!(standing("profanity", "0.4.7"), VersionStanding::Holed);
        assert_eq!(standing("profanity", "0.8.1"), VersionStanding::Old);
        assert_eq!(standing("profanity", "0.9.0"), VersionStanding::Current);
        assert_eq!(judge(ClientName("pidgin"), None).0, VersionStanding::Unknown);
    }
}
