//! How the options of an account, of a proxy and of the client are asked for.

use super::version::Knows;
use crate::model::{Origin, Place, Setting};

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
    /// Whether the version goes by an option of that name.
    fn knows(&self, name: &'static str) -> Knows;
    /// An option in words: `accounts[riseup.net] / proxy`.
    fn words(&self, name: &str) -> String;
}

/// Whether a setting is one that the client really goes by: written, it is if the version may know it, because
/// Gajim writes none that it does not know; a default must be one of every version that it may be.
pub(super) fn counts<T>(options: &dyn Options, name: &'static str, setting: &Setting<T>) -> bool {
    match options.knows(name) {
        Knows::Surely => true,
        Knows::Perhaps => matches!(setting.origin, Origin::Written(_)),
        Knows::No => false,
    }
}

/// The same with the words of the option itself where it is a default, so that no two defaults are at one place.
pub(super) fn named<T>(options: &dyn Options, name: &'static str, setting: Setting<T>) -> Setting<T> {
    match setting.origin {
        Origin::Default { written_as, near } => {
            Setting::default(setting.value, written_as, Place { words: options.words(name), ..near })
        }
        origin @ Origin::Written(_) => Setting { value: setting.value, origin },
    }
}

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
}
