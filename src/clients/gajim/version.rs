//! Versions of Gajim, and the two kinds of files that they write.

use crate::model::Version;

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

/// The newest that writes text files.
pub(super) const LAST_TEXT: Version = Version::new(1, 2, 2);

/// The release that a version belongs to by its options: Gajim numbers its previews 0.98, 1.1.93 and so on, and
/// they know the options of the release that they lead to.
pub(super) const fn release(version: Version) -> Version {
    match version.numbers() {
        [0, 90..=u32::MAX, ..] => Version::new(1, 0, 0),
        [major, minor, 90..=u32::MAX, _] => Version::new(major, minor + 1, 0),
        _ => version,
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
    fn previews_belong_to_the_release_they_lead_to() {
        let release = |text| Version::parse(text).map(release);
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
