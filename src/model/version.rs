//! Versions of clients, and how they came to be known.

use std::fmt;

use super::Place;
use super::words::words;

/// A version as clients number theirs: up to four numbers, compared one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version([u32; 4]);

impl Version {
    /// Before everything.
    pub const ZERO: Self = Self::new(0, 0, 0);

    /// A version of three numbers.
    #[must_use]
    pub const fn new(major: u32, minor: u32, patch: u32) -> Self {
        Self([major, minor, patch, 0])
    }

    /// The same with a fourth number.
    #[must_use]
    pub const fn with_build(self, build: u32) -> Self {
        let [major, minor, patch, _] = self.0;
        Self([major, minor, patch, build])
    }

    /// Its numbers.
    #[must_use]
    pub const fn numbers(self) -> [u32; 4] {
        self.0
    }

    /// Reads `0.16.8-5b7...` or `1.1.3+...`; what follows the numbers does not matter.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let mut parts = [0; 4];
        let mut numbers = text.get(..end)?.split('.');
        *parts.first_mut()? = numbers.next()?.parse().ok()?;
        for (part, number) in parts.iter_mut().skip(1).zip(numbers) {
            *part = number.parse().unwrap_or(0);
        }
        Some(Self(parts))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [major, minor, patch, build] = self.0;
        write!(formatter, "{major}.{minor}.{patch}")?;
        if build > 0 { write!(formatter, ".{build}") } else { Ok(()) }
    }
}

words! {
    /// Where it is from that a client has a version.
    VersionSource {
        /// One of its files names it, or gives it away.
        File = "from_file",
        /// The package database of this machine.
        Package = "from_package",
        /// Whoever asked for the audit said so.
        Told = "told",
    }
}

/// The version of a client, as far as it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientVersion {
    /// The oldest that it can be.
    pub at_least: Version,
    /// The newest that it can be; none where the newest that writes such files is not known.
    pub at_most: Option<Version>,
    /// Where that is from.
    pub source: VersionSource,
    /// Where it stands in a file, if it does.
    pub place: Option<Place>,
}

impl ClientVersion {
    /// Exactly that version.
    #[must_use]
    pub const fn exactly(version: Version, source: VersionSource) -> Self {
        Self { at_least: version, at_most: Some(version), source, place: None }
    }

    /// Whether it is certainly older than `version`.
    #[must_use]
    pub fn is_before(&self, version: Version) -> bool {
        self.at_most.is_some_and(|newest| newest < version)
    }

    /// Whether it is certainly `version` or newer.
    #[must_use]
    pub fn is_since(&self, version: Version) -> bool {
        self.at_least >= version
    }

    /// Whether it certainly lies between the two, the latter excluded.
    #[must_use]
    pub fn is_within(&self, first: Version, fixed: Version) -> bool {
        self.is_since(first) && self.is_before(fixed)
    }

    /// Whether it may lie between the two, the latter excluded.
    #[must_use]
    pub fn may_be_within(&self, first: Version, fixed: Version) -> bool {
        self.at_least < fixed && self.at_most.is_none_or(|newest| newest >= first)
    }

    /// What is known, in words that are the same in every language: `2.14.12`, `0.4.2 – 0.4.5`, `≥ 2.0.3`.
    #[must_use]
    pub fn text(&self) -> String {
        match self.at_most {
            Some(newest) if newest == self.at_least => newest.to_string(),
            Some(newest) => format!("{} – {newest}", self.at_least),
            None => format!("≥ {}", self.at_least),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_versions_with_their_suffixes() {
        assert_eq!(Version::parse("0.16.8-5b7d2c"), Some(Version::new(0, 16, 8)));
        assert_eq!(Version::parse("1.1.3+4a5b"), Some(Version::new(1, 1, 3)));
        assert_eq!(Version::parse("0.16.4.1"), Some(Version::new(0, 16, 4).with_build(1)));
        assert_eq!(Version::parse("0.16.4.1").unwrap().to_string(), "0.16.4.1");
        assert_eq!(Version::parse("0.16.4.1").unwrap().numbers(), [0, 16, 4, 1]);
        assert_eq!(Version::parse("0.11"), Some(Version::new(0, 11, 0)));
        assert_eq!(Version::parse(""), None);
        assert_eq!(Version::parse("none"), None);
        assert_eq!(Version::parse("99999999999999.1"), None);
    }

    #[test]
    fn a_range_is_within_another_only_if_it_certainly_is() {
        let version = |text| Version::parse(text).unwrap();
        let range = ClientVersion {
            at_least: version("0.4.0"),
            at_most: Some(version("0.4.2")),
            source: VersionSource::File,
            place: None,
        };
        assert!(range.is_within(version("0.4.0"), version("0.4.3")));
        assert!(!range.is_within(version("0.4.0"), version("0.4.2")));
        assert!(!range.is_within(version("0.4.1"), version("0.4.3")));
        assert!(range.may_be_within(version("0.4.1"), version("0.4.2")));
        assert!(range.may_be_within(version("0.4.2"), version("0.5")));
        assert!(!range.may_be_within(version("0.3"), version("0.4.0")));
        assert!(!range.may_be_within(version("0.4.3"), version("0.5")));
        assert_eq!(range.text(), "0.4.0 – 0.4.2");
        let open = ClientVersion { at_most: None, ..range };
        assert!(!open.is_before(version("9.0")));
        assert!(open.may_be_within(version("7.0"), version("8.0")));
        assert_eq!(open.text(), "≥ 0.4.0");
        assert_eq!(ClientVersion::exactly(version("2.14.12"), VersionSource::Told).text(), "2.14.12");
    }
}
