//! Versions of Gajim, and the two kinds of files that they write.

/// A version of Gajim, as the `version` line of a text file names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version([u32; 4]);

/// Who wrote the file that an account stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Era {
    /// A text file of 0.11 to 1.2.
    Text(Version),
    /// A database of 1.3 or later, by its `user_version`.
    Database(i64),
}

/// The newest `user_version` that is known: 7, of 2.0.3 to 2.5.0.
pub(super) const NEWEST_DATABASE: i64 = 7;

impl Version {
    /// Before everything.
    pub(super) const ZERO: Self = Self::new(0, 0, 0);
    /// The newest that writes text files.
    pub(super) const LAST_TEXT: Self = Self::new(1, 2, 2);

    pub(super) const fn new(major: u32, minor: u32, patch: u32) -> Self {
        Self([major, minor, patch, 0])
    }

    pub(super) const fn with_build(self, build: u32) -> Self {
        let [major, minor, patch, _] = self.0;
        Self([major, minor, patch, build])
    }

    /// Reads `0.16.8-5b7...` or `1.1.3+...`; what follows the numbers does not matter.
    pub(super) fn parse(text: &str) -> Option<Self> {
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

    /// The release that a version belongs to by its options: Gajim numbers its previews 0.98, 1.1.93 and so
    /// on, and they know the options of the release that they lead to.
    pub(super) const fn release(self) -> Self {
        match self.0 {
            [0, 90..=u32::MAX, ..] => Self::new(1, 0, 0),
            [major, minor, 90..=u32::MAX, _] => Self::new(major, minor + 1, 0),
            _ => self,
        }
    }
}

impl Era {
    /// Whether it is 1.2 or later, strict by default, with `custom_type` and `use_plain_connection`.
    pub(super) fn is_strict(self) -> bool {
        match self {
            Self::Text(version) => version >= Version::new(1, 2, 0),
            Self::Database(_) => true,
        }
    }

    /// Whether the global proxy counts for accounts without one of their own: since 0.15, but not in 1.2.0 to
    /// 1.3.3.
    pub(super) fn honours_global_proxy(self) -> bool {
        match self {
            Self::Text(version) => version >= Version::new(0, 15, 0) && version < Version::new(1, 2, 0),
            Self::Database(user_version) => user_version > 0,
        }
    }

    /// Whether the proxy name `no-proxy` means a direct connection: since 1.9.2, `user_version` 6.
    pub(super) const fn knows_no_proxy(self) -> bool {
        matches!(self, Self::Database(6..))
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
        assert_eq!(Version::parse("0.11"), Some(Version::new(0, 11, 0)));
        assert_eq!(Version::parse(""), None);
        assert_eq!(Version::parse("none"), None);
        assert_eq!(Version::parse("99999999999999.1"), None);
    }

    #[test]
    fn previews_belong_to_the_release_they_lead_to() {
        let release = |text| Version::parse(text).map(Version::release);
        assert_eq!(release("0.98.3"), Some(Version::new(1, 0, 0)));
        assert_eq!(release("0.15.90"), Some(Version::new(0, 16, 0)));
        assert_eq!(release("1.1.93"), Some(Version::new(1, 2, 0)));
        assert_eq!(release("0.16.9"), Some(Version::new(0, 16, 9)));
    }

    #[test]
    fn the_global_proxy_was_ignored_for_a_while() {
        for (text, honoured) in
            [("0.14.4", false), ("0.15", true), ("1.1.3", true), ("1.2.0", false), ("1.2.2", false)]
        {
            let version = Version::parse(text).unwrap();
            assert_eq!(Era::Text(version).honours_global_proxy(), honoured, "{text}");
        }
        assert!(!Era::Database(0).honours_global_proxy());
        assert!(Era::Database(1).honours_global_proxy());
    }
}
