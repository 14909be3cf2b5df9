//! What the version of the client decides. Its files do not name it: it is told, or not known.

use crate::model::{ClientVersion, Version, VersionSource};

/// The releases that read the same word of `tls.policy` differently.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Release {
    /// 0.9.0 to 0.15.1.
    Before0_16,
    /// Later ones, and whatever is not known: `direct` is a word for direct TLS.
    #[default]
    Since0_16,
}

impl Release {
    /// The versions that it stands for; none where nothing is to be assumed.
    pub(super) const fn version(self) -> Option<ClientVersion> {
        match self {
            Self::Before0_16 => Some(ClientVersion {
                at_least: Version::new(0, 9, 0),
                at_most: Some(Version::new(0, 15, 1)),
                source: VersionSource::Told,
                place: None,
            }),
            Self::Since0_16 => None,
        }
    }
}

/// What is known about the version that reads the files. Where it is not, the newest is meant, and nothing is
/// certain.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Known<'v>(pub Option<&'v ClientVersion>);

impl Known<'_> {
    /// Whether it is certainly older than 0.`minor`.`patch`.
    pub(super) fn is_before(self, minor: u32, patch: u32) -> bool {
        self.0.is_some_and(|version| version.is_before(Version::new(0, minor, patch)))
    }

    /// Whether it is certainly 0.`minor`.`patch` or newer.
    pub(super) fn is_since(self, minor: u32, patch: u32) -> bool {
        self.0.is_some_and(|version| version.is_since(Version::new(0, minor, patch)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_certain_of_a_version_that_is_not_known() {
        let unknown = Known::default();
        assert!(!unknown.is_before(99, 0) && !unknown.is_since(0, 1));
        let told = ClientVersion::exactly(Version::new(0, 13, 1), VersionSource::Told);
        let told = Known(Some(&told));
        assert!(told.is_before(14, 0) && told.is_since(13, 0));
        assert!(!told.is_before(13, 1) && !told.is_since(13, 2));
        assert!(Known(Release::Before0_16.version().as_ref()).is_before(16, 0));
    }
}
