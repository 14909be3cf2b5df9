//! The options of the text files, with the default of each version.

use crate::model::Version;

/// How a text file spells the values of an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `True`, `False`, or a number.
    Flag,
    /// A whole number.
    Number,
    /// Anything.
    Text,
}

/// An option of the text files.
pub(super) struct TextOption {
    /// Its name.
    pub name: &'static str,
    /// How it is spelled.
    pub kind: Kind,
    /// Its default from each version on.
    pub defaults: &'static [(Version, &'static str)],
    /// The first version that does not know it.
    pub gone: Version,
}

const V0: Version = Version::ZERO;
const V0_12: Version = Version::new(0, 12, 0);
const V0_12_2: Version = Version::new(0, 12, 2);
const V0_13: Version = Version::new(0, 13, 0);
const V0_14: Version = Version::new(0, 14, 0);
const V0_15: Version = Version::new(0, 15, 0);
const V0_16: Version = Version::new(0, 16, 0);
const V0_16_6: Version = Version::new(0, 16, 6);
const V1_0: Version = Version::new(1, 0, 0);
const V1_1: Version = Version::new(1, 1, 0);
const V1_2: Version = Version::new(1, 2, 0);
const V1_2_2: Version = Version::new(1, 2, 2);
/// No text file is of this version or a later one.
const V1_3: Version = Version::new(1, 3, 0);

const fn option(
    name: &'static str,
    kind: Kind,
    defaults: &'static [(Version, &'static str)],
    gone: Version,
) -> TextOption {
    TextOption { name, kind, defaults, gone }
}

/// Options of an account in text files. Source: `common/config.py` of each release.
pub(super) const ACCOUNT: &[TextOption] = &[
    option("active", Kind::Flag, &[(V0, "True")], V1_3),
    option("name", Kind::Text, &[(V0, "")], V1_3),
    option("hostname", Kind::Text, &[(V0, "")], V1_3),
    option("anonymous_auth", Kind::Flag, &[(V0_13, "False")], V1_3),
    option("autoconnect", Kind::Flag, &[(V0, "False")], V1_3),
    option("is_zeroconf", Kind::Flag, &[(V0, "False")], V1_3),
    option("savepass", Kind::Flag, &[(V0, "False")], V1_3),
    option("password", Kind::Text, &[(V0, "")], V1_3),
    option("proxy", Kind::Text, &[(V0, "")], V1_3),
    option("use_env_http_proxy", Kind::Flag, &[(V0_12, "False")], V1_2),
    option("use_custom_host", Kind::Flag, &[(V0, "False")], V1_3),
    option("custom_host", Kind::Text, &[(V0, "")], V1_3),
    option("custom_port", Kind::Number, &[(V0, "5222")], V1_3),
    option("usessl", Kind::Flag, &[(V0, "False")], V0_12),
    option("connection_types", Kind::Text, &[(V0_12, "tls ssl plain"), (V0_16_6, "tls")], V1_0),
    option("warn_when_plaintext_connection", Kind::Flag, &[(V0_12, "True")], V0_15),
    option("action_when_plaintext_connection", Kind::Text, &[(V0_15, "warn")], V1_2),
    option("warn_when_insecure_password", Kind::Flag, &[(V0_14, "True")], V1_2),
    option("warn_when_insecure_ssl_connection", Kind::Flag, &[(V0_12, "True")], V1_2),
    option("allow_plaintext_connection", Kind::Flag, &[(V1_0, "False")], V1_2),
    option("authentication_mechanisms", Kind::Text, &[(V0_16, "")], V1_2),
    option("ignore_ssl_errors", Kind::Text, &[(V0_12, "")], V1_2_2),
    option("tls_version", Kind::Text, &[(V0_16, "1.0"), (V1_0, "1.2")], V1_2),
    option("cipher_list", Kind::Text, &[(V0_16, "HIGH:!aNULL:RC4-SHA"), (V1_1, "HIGH:!aNULL")], V1_2),
    option("use_srv", Kind::Flag, &[(V0, "True")], V1_2),
    option("custom_type", Kind::Text, &[(V1_2, "START TLS")], V1_3),
    option("use_plain_connection", Kind::Flag, &[(V1_2, "False")], V1_3),
    option("action_when_plain_connection", Kind::Text, &[(V1_2, "warn")], V1_3),
    option("confirm_unencrypted_connection", Kind::Flag, &[(V1_3, "True")], V1_3),
    option("minimized_gc", Kind::Text, &[(V0, "")], V1_0),
    option("non_minimized_gc", Kind::Text, &[(V1_0, "")], V1_2),
    option("recent_groupchats", Kind::Text, &[(V1_0, "")], V1_3),
    option("keyid", Kind::Text, &[(V0, "")], V1_3),
    option("gpg_sign_presence", Kind::Flag, &[(V0, "True")], V1_2),
    option("no_log_for", Kind::Text, &[(V0, "")], V1_3),
    option("answer_receipts", Kind::Flag, &[(V0_12, "True")], V1_3),
    option("send_os_info", Kind::Flag, &[(V0_12_2, "True")], V1_3),
    option("send_idle_time", Kind::Flag, &[(V0_14, "True")], V1_3),
    option("send_time_info", Kind::Flag, &[(V0_15, "True")], V1_3),
    option("publish_tune", Kind::Flag, &[(V0_12, "False")], V1_3),
    option("publish_location", Kind::Flag, &[(V0_14, "False")], V1_3),
    option("ft_send_local_ips", Kind::Flag, &[(V0_15, "True")], V1_3),
    option("httpupload_verify", Kind::Flag, &[(V1_0, "True")], V1_2),
];

/// Options of the client as a whole in text files.
pub(super) const CLIENT: &[TextOption] = &[
    option("version", Kind::Text, &[(V0, "")], V1_3),
    option("global_proxy", Kind::Text, &[(V0_15, "")], V1_3),
    option("recently_groupchat", Kind::Text, &[(V0, "")], V1_0),
    option("confirm_close_muc_rooms", Kind::Text, &[(V0, "")], V1_2),
    option("noconfirm_close_muc_rooms", Kind::Text, &[(V0, "")], V1_2),
    option("use_keyring", Kind::Flag, &[(V1_0, "True")], V1_3),
    option("remote_control", Kind::Flag, &[(V0, "True"), (V0_16, "False")], V1_3),
    option("send_os_info", Kind::Flag, &[(V0, "True")], V0_12_2),
    option("outgoing_chat_state_notifications", Kind::Text, &[(V0, "all")], V1_2),
    option("send_chatstate_default", Kind::Text, &[(V1_2, "composing_only")], V1_3),
];

/// Options of a proxy in text files.
pub(super) const PROXY: &[TextOption] = &[
    option("type", Kind::Text, &[(V0, "http")], V1_3),
    option("host", Kind::Text, &[(V0, "")], V1_3),
    option("port", Kind::Number, &[(V0, "3128")], V1_3),
    option("useauth", Kind::Flag, &[(V0, "False")], V1_3),
    option("user", Kind::Text, &[(V0, "")], V1_3),
    option("pass", Kind::Text, &[(V0, "")], V1_3),
    option("bosh_uri", Kind::Text, &[(V0_13, "")], V1_2),
];

/// Options of a plugin in text files.
pub(super) const PLUGIN: &[TextOption] = &[option("active", Kind::Flag, &[(V0_15, "False")], V1_3)];

/// Options of a chat in text files, in the section `encryption`.
pub(super) const CHAT: &[TextOption] = &[option("encryption", Kind::Text, &[(V1_0, "")], V1_3)];

/// The option of that name, if this version knows it, with its default.
pub(super) fn of_text(
    table: &'static [TextOption],
    name: &str,
    version: Version,
) -> Option<(&'static TextOption, &'static str)> {
    let option = table.iter().find(|option| option.name == name)?;
    let (_, default) = option.defaults.iter().rev().find(|(since, _)| *since <= version)?;
    (version < option.gone).then_some((option, *default))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_follow_the_version() {
        let default =
            |name, text| of_text(ACCOUNT, name, Version::parse(text).unwrap()).map(|(_, default)| default);
        for (name, version, expected) in [
            ("usessl", "0.11.4", Some("False")),
            ("usessl", "0.12", None),
            ("connection_types", "0.11", None),
            ("connection_types", "0.12", Some("tls ssl plain")),
            ("connection_types", "0.16.5", Some("tls ssl plain")),
            ("connection_types", "0.16.6", Some("tls")),
            ("connection_types", "1.0", None),
            ("warn_when_plaintext_connection", "0.14.4", Some("True")),
            ("warn_when_plaintext_connection", "0.15", None),
            ("action_when_plaintext_connection", "0.15", Some("warn")),
            ("action_when_plaintext_connection", "1.2.0", None),
            ("warn_when_insecure_password", "0.13.4", None),
            ("warn_when_insecure_password", "0.14", Some("True")),
            ("tls_version", "0.15.4", None),
            ("tls_version", "0.16.9", Some("1.0")),
            ("tls_version", "1.1.3", Some("1.2")),
            ("cipher_list", "1.0.3", Some("HIGH:!aNULL:RC4-SHA")),
            ("cipher_list", "1.1.0", Some("HIGH:!aNULL")),
            ("ignore_ssl_errors", "0.11.4", None),
            ("ignore_ssl_errors", "1.2.1", Some("")),
            ("ignore_ssl_errors", "1.2.2", None),
            ("allow_plaintext_connection", "1.1.3", Some("False")),
            ("custom_type", "1.1.3", None),
            ("custom_type", "1.2.0", Some("START TLS")),
            ("confirm_unencrypted_connection", "1.2.2", None),
            ("no_such_key", "1.2.2", None),
        ] {
            assert_eq!(default(name, version), expected, "{name} in {version}");
        }
    }
}
