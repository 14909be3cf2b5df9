//! The options of the databases, with the default of each version.

use super::version::Knows;
use crate::model::{ClientVersion, Version};

/// The defaults of an account in a database: before and from `user_version` 3, which is 1.5.3.
/// Source: `common/setting_values.py` of each release.
const ACCOUNT: &[(&str, &str, &str)] = &[
    ("active", "true", "false"),
    ("name", "", ""),
    ("hostname", "", ""),
    ("address", "", ""),
    ("anonymous_auth", "false", "false"),
    ("enable_gssapi", "false", "false"),
    ("is_zeroconf", "false", "false"),
    ("savepass", "false", "true"),
    ("password", "", ""),
    ("proxy", "", ""),
    ("use_custom_host", "false", "false"),
    ("custom_host", "", ""),
    ("custom_port", "5222", "5222"),
    ("custom_type", "START TLS", "START TLS"),
    ("use_plain_connection", "false", "false"),
    ("confirm_unencrypted_connection", "true", "true"),
    ("recent_groupchats", "", ""),
];

/// The defaults of the client and of a proxy in a database.
const OTHER: &[(&str, &str)] = &[
    ("global_proxy", ""),
    ("type", "socks5"),
    ("host", ""),
    ("port", "0"),
    ("useauth", "false"),
    ("user", ""),
    ("pass", ""),
];

/// The account options that are booleans.
pub(super) const FLAGS: &[&str] = &[
    "active",
    "anonymous_auth",
    "enable_gssapi",
    "is_zeroconf",
    "savepass",
    "use_custom_host",
    "use_plain_connection",
    "confirm_unencrypted_connection",
];

const V1_3: Version = Version::new(1, 3, 0);
const V1_4: Version = Version::new(1, 4, 0);
const V1_4_2: Version = Version::new(1, 4, 2);
const V1_8: Version = Version::new(1, 8, 0);
const V1_8_1: Version = Version::new(1, 8, 1);
const V2_3_5: Version = Version::new(2, 3, 5);
const V2_4: Version = Version::new(2, 4, 0);
const V2_4_4: Version = Version::new(2, 4, 4);
const V2_4_7: Version = Version::new(2, 4, 7);

/// Options that not every version with databases goes by: the default, the first version that does, and the first
/// that no longer does. Source: `common/setting_values.py` of each release, and what still asks for the option.
const OF_SOME: &[(&str, &str, Version, Option<Version>)] = &[
    // Of accounts.
    ("keyid", "", V1_3, Some(V2_4_4)),
    ("no_log_for", "", V1_3, Some(V1_4_2)),
    ("chat_history_max_age", "-1", V1_3, None),
    ("answer_receipts", "true", V1_3, None),
    ("send_marker_default", "true", V1_3, None),
    ("send_chatstate_default", "composing_only", V1_3, None),
    ("send_os_info", "true", V1_3, None),
    ("send_idle_time", "true", V1_3, None),
    ("send_time_info", "true", V1_3, Some(V2_3_5)),
    ("publish_tune", "false", V1_3, None),
    ("publish_location", "false", V1_3, None),
    ("ft_send_local_ips", "true", V1_3, None),
    ("encryption_default", "", V1_8_1, None),
    ("omemo_blind_trust", "true", V1_8, None),
    ("openpgp_blind_trust", "true", V2_4_7, None),
    ("openpgp_backup_secret_key", "true", V2_4_7, None),
    // Of the client.
    ("use_keyring", "true", V1_3, None),
    ("remote_control", "false", V1_3, None),
    ("preview_allow_all_images", "false", V1_4, None),
    ("preview_anonymous_muc", "false", V1_4, None),
    ("preview_verify_https", "true", V1_4, Some(V2_4)),
    ("plugins_repository_enabled", "true", V1_4, None),
];

/// The default of an option in a database; none if no version of it has the option.
pub(super) fn default_of(name: &str, user_version: i64) -> Option<&'static str> {
    let account = ACCOUNT
        .iter()
        .find(|(known, ..)| *known == name)
        .map(|(_, before, since)| if user_version < 3 { *before } else { *since });
    account
        .or_else(|| OTHER.iter().find(|(known, _)| *known == name).map(|(_, default)| *default))
        .or_else(|| OF_SOME.iter().find(|(known, ..)| *known == name).map(|(_, default, ..)| *default))
}

/// Whether this version goes by the option.
pub(super) fn knows(name: &str, user_version: i64, version: &ClientVersion) -> Knows {
    match OF_SOME.iter().find(|(known, ..)| *known == name) {
        Some((_, _, from, gone)) => Knows::between(version, *from, *gone),
        None if default_of(name, user_version).is_some() => Knows::Surely,
        None => Knows::No,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::VersionSource;

    #[test]
    fn defaults_follow_the_version() {
        assert_eq!(default_of("active", 2), Some("true"));
        assert_eq!(default_of("active", 3), Some("false"));
        assert_eq!(default_of("savepass", 2), Some("false"));
        assert_eq!(default_of("savepass", 3), Some("true"));
        assert_eq!(default_of("type", 5), Some("socks5"));
        assert_eq!(default_of("ignore_ssl_errors", 5), None);
    }

    #[test]
    fn a_range_of_versions_may_know_an_option_in_part() {
        let range = |first: &str, last: Option<&str>| ClientVersion {
            at_least: Version::parse(first).unwrap(),
            at_most: last.and_then(Version::parse),
            source: VersionSource::File,
            place: None,
        };
        for (name, first, last, expected) in [
            ("encryption_default", "1.5.3", Some("1.5.4"), Knows::No),
            ("encryption_default", "1.6.0", Some("1.9.0"), Knows::Perhaps),
            ("encryption_default", "1.9.1", Some("2.0.2"), Knows::Surely),
            ("send_time_info", "1.9.1", Some("2.0.2"), Knows::Surely),
            ("send_time_info", "2.0.3", None, Knows::Perhaps),
            ("send_time_info", "2.5.0", Some("2.5.0"), Knows::No),
            ("openpgp_backup_secret_key", "2.0.3", None, Knows::Perhaps),
            ("preview_verify_https", "1.3.0", Some("1.3.3"), Knows::No),
            ("custom_type", "2.0.3", None, Knows::Surely),
            ("connection_types", "2.0.3", None, Knows::No),
        ] {
            assert_eq!(knows(name, 5, &range(first, last)), expected, "{name} {first}");
        }
    }
}
