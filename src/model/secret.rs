//! What may be known about a password: everything but the password.

use super::words::words;

words! {
    /// What stands where a password would stand.
    ///
    /// The text itself is looked at once, by [`Secret::classify`], and not kept: what is not there cannot be
    /// displayed, logged or serialised. The bytes of the file are wiped with [`Text`](super::Text).
    Secret {
        /// Nothing is stored.
        Absent = "absent",
        /// An empty text: nothing that an attacker could take.
        Empty = "empty",
        /// A marker that says where the password really is: `keyring:`, `libsecret:`.
        KeyringMarker = "keyring_marker",
        /// A placeholder of a dotfiles manager or of a shell: `{{ ... }}`, `$(pass ...)`.
        TemplatePlaceholder = "placeholder",
        /// Text that only its own client can turn into a password.
        Opaque = "opaque",
        /// A constant that everybody knows: the login of a loopback Tor proxy, Gajim's `zeroconf`.
        MadeUp = "made_up",
        /// A password in the clear.
        Clear = "clear",
    }
}

impl Secret {
    /// Judges `text` as every client would that stores passwords in the clear and knows no markers.
    #[must_use]
    pub fn classify(text: &str) -> Self {
        if text.is_empty() {
            Self::Empty
        } else if is_template(text) {
            Self::TemplatePlaceholder
        } else {
            Self::Clear
        }
    }

    /// Whether whoever reads the file has the password.
    #[must_use]
    pub const fn is_clear(self) -> bool {
        matches!(self, Self::Clear)
    }
}

/// Whether the whole text is one expression of a dotfiles manager's or build tool's template language.
fn is_template(text: &str) -> bool {
    const FRAMES: [(&str, &str); 6] =
        [("{{", "}}"), ("{%", "%}"), ("$(", ")"), ("${", "}"), ("@@", "@@"), ("<%", "%>")];
    let text = text.trim();
    is_variable(text)
        || FRAMES.iter().any(|(open, close)| {
            text.len() > open.len() + close.len() && text.starts_with(open) && text.ends_with(close)
        })
}

/// Whether the whole text is the name of a variable as shells, Windows and people who write examples mark them:
/// `$XMPP_PASSWORD`, `%XMPP_PASSWORD%`, `<PASSWORD>`. Capitals only: with small letters it may well be a password.
fn is_variable(text: &str) -> bool {
    let name = text
        .strip_prefix('$')
        .or_else(|| text.strip_prefix('%').and_then(|rest| rest.strip_suffix('%')))
        .or_else(|| text.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')));
    name.is_some_and(|name| {
        name.len() > 2
            && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_passwords_from_placeholders() {
        assert_eq!(Secret::classify(""), Secret::Empty);
        assert_eq!(Secret::classify(" "), Secret::Clear);
        assert_eq!(Secret::classify("{{ pass \"xmpp\" }}"), Secret::TemplatePlaceholder);
        assert_eq!(Secret::classify("$(pass xmpp)"), Secret::TemplatePlaceholder);
        assert_eq!(Secret::classify("${XMPP_PASSWORD}"), Secret::TemplatePlaceholder);
        assert_eq!(Secret::classify("{{"), Secret::Clear);
        assert_eq!(Secret::classify("$XMPP_PASSWORD"), Secret::TemplatePlaceholder);
        assert_eq!(Secret::classify("%PASSWORD%"), Secret::TemplatePlaceholder);
        assert_eq!(Secret::classify("<PASSWORD>"), Secret::TemplatePlaceholder);
        assert_eq!(Secret::classify("$ecret"), Secret::Clear);
        assert_eq!(Secret::classify("<3 you>"), Secret::Clear);
        assert_eq!(Secret::classify("$A"), Secret::Clear);
        assert_eq!(Secret::classify("$AB"), Secret::Clear);
        // An end without its beginning, or nothing between the two.
        for password in ["hunter2}}", "{{}}", "{{hunter2", "$()", "@@@"] {
            assert_eq!(Secret::classify(password), Secret::Clear, "{password}");
        }
    }

    #[test]
    fn only_a_password_in_the_clear_is_one() {
        let clear: Vec<_> = Secret::ALL.iter().filter(|secret| secret.is_clear()).collect();
        assert_eq!(clear, [&Secret::Clear]);
    }
}
