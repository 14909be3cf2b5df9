//! What was different in older versions of libpurple, as their source has it (`jabber.c` of 2.5.9 to 2.7.3).

use crate::model::{ClientVersion, Place, Version, VersionSource};

/// The first version with `connection_security`, and with the migration to it.
const MIGRATES: Version = Version::new(2, 7, 4);
/// The first version in which a missing `require_tls` is true.
const REQUIRES: Version = Version::new(2, 6, 4);
/// The first version with BOSH.
const KNOWS_BOSH: Version = Version::new(2, 6, 0);

/// How a version reads the settings of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Era {
    /// What decides about the encryption.
    pub switch: Switch,
    /// Whether `bosh_url` is looked at.
    pub knows_bosh: bool,
}

/// What decides about the encryption.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Switch {
    /// The string `connection_security`, and what the migration makes of the booleans.
    ConnectionSecurity,
    /// The booleans `old_ssl` and `require_tls`; the latter has this default.
    RequireTls(bool),
}

impl Era {
    /// That of today's versions.
    pub(super) const TODAY: Self = Self { switch: Switch::ConnectionSecurity, knows_bosh: true };

    /// That of a version, as far as it certainly is another than today's.
    pub(super) fn of(version: Option<&ClientVersion>) -> Self {
        let Some(version) = version else { return Self::TODAY };
        let switch = if version.is_before(REQUIRES) {
            Switch::RequireTls(false)
        } else if version.is_within(REQUIRES, MIGRATES) {
            Switch::RequireTls(true)
        } else {
            Switch::ConnectionSecurity
        };
        Self { switch, knows_bosh: !version.is_before(KNOWS_BOSH) }
    }
}

/// The version of a client that wrote `connection_security` at `place`, if it is not the one that was assumed.
pub(super) fn contradicted(assumed: Option<&ClientVersion>, place: Place) -> Option<ClientVersion> {
    assumed.filter(|assumed| assumed.is_before(MIGRATES))?;
    Some(ClientVersion { at_least: MIGRATES, at_most: None, source: VersionSource::File, place: Some(place) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(at_least: &str, at_most: Option<&str>) -> Era {
        let version = ClientVersion {
            at_least: Version::parse(at_least).unwrap(),
            at_most: at_most.and_then(Version::parse),
            source: VersionSource::Told,
            place: None,
        };
        Era::of(Some(&version))
    }

    #[test]
    fn only_a_version_that_is_certainly_older_reads_otherwise() {
        let booleans = |default, knows_bosh| Era { switch: Switch::RequireTls(default), knows_bosh };
        for (version, era) in [
            ("2.5.9", booleans(false, false)),
            ("2.6.0", booleans(false, true)),
            ("2.6.3", booleans(false, true)),
            ("2.6.4", booleans(true, true)),
            ("2.7.3", booleans(true, true)),
            ("2.7.4", Era::TODAY),
            ("2.14.12", Era::TODAY),
        ] {
            assert_eq!(of(version, Some(version)), era, "{version}");
        }
        assert_eq!(of("2.5.0", Some("2.6.2")), booleans(false, true));
        assert_eq!(of("2.6.3", Some("2.7.0")), Era::TODAY);
        assert_eq!(of("2.7.0", None), Era::TODAY);
        assert_eq!(Era::of(None), Era::TODAY);
    }
}
