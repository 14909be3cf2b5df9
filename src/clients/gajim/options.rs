//! The options that matter, with the default of each version, and how an account's are asked for.

use crate::model::Version;
use crate::model::{Place, Setting};

/// The options of one account, proxy or client, as its file and its version have them.
///
/// A name that the version does not know is never written, and its default is empty, false or zero.
pub(super) trait Options {
    /// A text.
    fn text(&self, name: &'static str) -> Setting<String>;
    /// A boolean.
    fn flag(&self, name: &'static str) -> Setting<bool>;
    /// A whole number.
    fn number(&self, name: &'static str) -> Setting<i64>;
    /// The group, object or row that holds them.
    fn near(&self) -> &Place;
}

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
];

/// Options of the client as a whole in text files.
pub(super) const CLIENT: &[TextOption] = &[
    option("version", Kind::Text, &[(V0, "")], V1_3),
    option("global_proxy", Kind::Text, &[(V0_15, "")], V1_3),
    option("recently_groupchat", Kind::Text, &[(V0, "")], V1_0),
    option("confirm_close_muc_rooms", Kind::Text, &[(V0, "")], V1_2),
    option("noconfirm_close_muc_rooms", Kind::Text, &[(V0, "")], V1_2),
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

/// Options that decide over TLS and the password: whoever writes one that his version does not know
/// believes something wrong.
pub(super) const GUARDS: &[&str] = &[
    "usessl",
    "connection_types",
    "warn_when_plaintext_connection",
    "action_when_plaintext_connection",
    "warn_when_insecure_password",
    "warn_when_insecure_ssl_connection",
    "allow_plaintext_connection",
    "authentication_mechanisms",
    "ignore_ssl_errors",
    "tls_version",
    "cipher_list",
    "custom_type",
    "use_plain_connection",
    "action_when_plain_connection",
    "confirm_unencrypted_connection",
];

/// The defaults of an account in a database: before and from `user_version` 3, which is 1.5.3.
/// Source: `common/setting_values.py` of each release.
const DATABASE_ACCOUNT: &[(&str, &str, &str)] = &[
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
const DATABASE_OTHER: &[(&str, &str)] = &[
    ("global_proxy", ""),
    ("type", "socks5"),
    ("host", ""),
    ("port", "0"),
    ("useauth", "false"),
    ("user", ""),
    ("pass", ""),
];

/// The account options of a database that are booleans.
pub(super) const DATABASE_FLAGS: &[&str] = &[
    "active",
    "anonymous_auth",
    "enable_gssapi",
    "is_zeroconf",
    "savepass",
    "use_custom_host",
    "use_plain_connection",
    "confirm_unencrypted_connection",
];

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

/// The default of an option in a database; none if no version of it has the option.
pub(super) fn database_default(name: &str, user_version: i64) -> Option<&'static str> {
    let account = DATABASE_ACCOUNT
        .iter()
        .find(|(known, ..)| *known == name)
        .map(|(_, before, since)| if user_version < 3 { *before } else { *since });
    account.or_else(|| DATABASE_OTHER.iter().find(|(known, _)| *known == name).map(|(_, default)| *default))
}

/// Reads a boolean as the text versions do; none if they would ignore the line.
pub(super) fn python_flag(text: &str) -> Option<bool> {
    match text {
        "True" => Some(true),
        "False" => Some(false),
        _ => python_int(text).map(|number| number != 0),
    }
}

/// Reads a number as Python's `int()` does: blanks around it, a sign and single `_` between digits are
/// accepted. Numbers too big for us become the biggest.
pub(super) fn python_int(text: &str) -> Option<i64> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c));
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let is_number =
        digits.split('_').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    if !is_number {
        return None;
    }
    let number = digits
        .bytes()
        .filter(u8::is_ascii_digit)
        .fold(0_i64, |number, digit| number.saturating_mul(10).saturating_add(i64::from(digit - b'0')));
    Some(if negative { -number } else { number })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_values_as_python_does() {
        for (text, value) in [
            ("True", Some(true)),
            ("False", Some(false)),
            ("0", Some(false)),
            ("1", Some(true)),
            (" 2 ", Some(true)),
        ] {
            assert_eq!(python_flag(text), value, "{text}");
        }
        for text in ["true", "yes", "on", "True ", "True\r", ""] {
            assert_eq!(python_flag(text), None, "{text}");
        }
        assert_eq!(python_int(" +5_222\r"), Some(5222));
        assert_eq!(python_int("-1"), Some(-1));
        assert_eq!(python_int("9".repeat(99).as_str()), Some(i64::MAX));
        for text in ["", "_1", "1_", "1__2", "5222.0", "0x10", "+-1"] {
            assert_eq!(python_int(text), None, "{text}");
        }
    }

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
        assert_eq!(database_default("active", 2), Some("true"));
        assert_eq!(database_default("active", 3), Some("false"));
        assert_eq!(database_default("savepass", 2), Some("false"));
        assert_eq!(database_default("savepass", 3), Some("true"));
        assert_eq!(database_default("type", 5), Some("socks5"));
        assert_eq!(database_default("ignore_ssl_errors", 5), None);
    }
}
