//! Onion addresses.

use crate::model::words::words;

words! {
    /// What kind of onion address a host is.
    Onion {
        /// It is none.
        Absent = "absent",
        /// Version 2, 16 letters: none has worked since Tor dropped them in 2021.
        Version2 = "version_2",
        /// Version 3, 56 letters.
        Version3 = "version_3",
        /// It ends in `.onion` and is neither.
        Malformed = "malformed",
    }
}

words! {
    /// Whose onion service a host is.
    OnionOwner {
        /// It is none.
        Absent = "absent",
        /// It is one that the account's provider names as its own, once or now.
        Own = "own",
        /// It is one of another provider.
        Stranger = "stranger",
        /// The account's provider has onion services, and this is none of them.
        Unlisted = "unlisted",
        /// Nothing is known about it.
        Unknown = "unknown",
    }
}

impl Onion {
    /// The kind of onion address that `host` is, sub-domains allowed.
    #[must_use]
    pub fn of(host: &str) -> Self {
        let host = host.trim().trim_end_matches('.').to_ascii_lowercase();
        let Some(name) = host.strip_suffix(".onion") else { return Self::Absent };
        let name = name.rsplit('.').next().unwrap_or(name);
        let base32 = name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'2'..=b'7'));
        match name.len() {
            16 if base32 => Self::Version2,
            56 if base32 => Self::Version3,
            _ => Self::Malformed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Onion;

    #[test]
    fn tells_the_versions_apart() {
        let version3 = "jukrlvyhgguiedqswc5lehrag2fjunfktouuhi4wozxhb6heyzvshuyd.onion";
        assert_eq!(Onion::of("4cjw6cwpeaeppfqz.onion"), Onion::Version2);
        assert_eq!(Onion::of("JABBERthelv5p7qv.onion."), Onion::Version2);
        assert_eq!(Onion::of(version3), Onion::Version3);
        assert_eq!(Onion::of(&format!("chat.{version3}")), Onion::Version3);
        assert_eq!(Onion::of("4cjw6cwpeaeppfq1.onion"), Onion::Malformed);
        assert_eq!(Onion::of("short.onion"), Onion::Malformed);
        assert_eq!(Onion::of("onion"), Onion::Absent);
        assert_eq!(Onion::of("onion.example.org"), Onion::Absent);
    }
}
