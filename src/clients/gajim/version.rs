//! Versions of Gajim, and the two kinds of files that they write.

use crate::model::{ClientVersion, Place, Version, VersionSource};

/// Who wrote the file that an account stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Era {
    /// A text file of 0.11 to 1.2.
    Text(Version),
    /// A database of 1.3 or later, by its `user_version`.
    Database(i64),
}

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

/// The releases that leave a database with each `user_version`: the first, and the last that does.
const DATABASES: &[(i64, Version, Option<Version>)] = &[
    (0, Version::new(1, 3, 0), Some(Version::new(1, 3, 3))),
    (1, Version::new(1, 4, 0), Some(Version::new(1, 4, 7))),
    (2, Version::new(1, 5, 0), Some(Version::new(1, 5, 2))),
    (3, Version::new(1, 5, 3), Some(Version::new(1, 5, 4))),
    // Only between two releases.
    (4, Version::new(1, 5, 4), Some(Version::new(1, 6, 0))),
    (5, Version::new(1, 6, 0), Some(Version::new(1, 9, 0))),
    (6, Version::new(1, 9, 1), Some(Version::new(2, 0, 2))),
    // 2.5.0 is the newest that is known.
    (7, Version::new(2, 0, 3), None),
];

/// The versions that a `user_version` speaks for; none where it is not known.
pub(super) fn of_database(user_version: i64, place: Place) -> Option<ClientVersion> {
    let (_, at_least, at_most) = DATABASES.iter().find(|(known, ..)| *known == user_version)?;
    Some(ClientVersion { at_least: *at_least, at_most: *at_most, source: VersionSource::File, place: Some(place) })
}

/// What a file tells about the version, made more exact by what is otherwise known, unless the two disagree.
pub(super) fn narrowed(told: &ClientVersion, assumed: Option<&ClientVersion>) -> ClientVersion {
    let fits = |assumed: &&ClientVersion| {
        let ends_inside = match (told.at_most, assumed.at_most) {
            (None, _) => true,
            (Some(newest), Some(assumed)) => assumed <= newest,
            (Some(_), None) => false,
        };
        assumed.at_least >= told.at_least && ends_inside
    };
    assumed.filter(fits).unwrap_or(told).clone()
}

/// Whether a version goes by an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Knows {
    /// It does.
    Surely,
    /// Some versions that it may be do, and some do not.
    Perhaps,
    /// It does not.
    No,
}

impl Knows {
    /// Whether a version goes by what came with `from` and went with `gone`.
    pub(super) fn between(version: &ClientVersion, from: Version, gone: Option<Version>) -> Self {
        let is_there = |gone| version.is_before(gone);
        let may_be_there = |gone| version.at_least < gone;
        if version.is_since(from) && gone.is_none_or(is_there) {
            Self::Surely
        } else if !version.is_before(from) && gone.is_none_or(may_be_there) {
            Self::Perhaps
        } else {
            Self::No
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
    fn what_is_otherwise_known_counts_where_it_fits() {
        let place = || Place::of_file(crate::model::FileNumber(0), "user_version");
        let told = of_database(5, place()).unwrap();
        assert_eq!(told.text(), "1.6.0 – 1.9.0");
        let judged = |version: &str| {
            let assumed = ClientVersion::exactly(Version::parse(version).unwrap(), VersionSource::Told);
            narrowed(&told, Some(&assumed)).text()
        };
        assert_eq!(judged("1.8.4"), "1.8.4");
        for disagreeing in ["1.5.4", "1.9.1", "2.5.0"] {
            assert_eq!(judged(disagreeing), "1.6.0 – 1.9.0", "{disagreeing}");
        }
        let open = of_database(7, place()).unwrap();
        assert_eq!(narrowed(&told, Some(&open)), told, "an open range is not more exact");
        assert_eq!(narrowed(&told, None), told);
        assert!(of_database(8, place()).is_none() && of_database(-1, place()).is_none());
        for user_version in 0..=7 {
            assert!(of_database(user_version, place()).is_some(), "{user_version}");
        }
    }

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
