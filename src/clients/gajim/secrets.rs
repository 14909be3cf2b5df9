//! Where secrets stand, and what kind of secret they are.

use crate::model::{Secret, Span, limits};
use crate::syntax::json::{Kind, Value};

/// What a name shows instead of a secret inside it.
const MASK: &str = "********";

/// What stands in the password of an account that really is in a keyring.
///
/// 0.x wrote the first four, 1.0 and 1.1 the last; they survive every migration.
const MARKERS: &[&str] = &["gnomekeyring:", "libsecret:", "<kwallet>", "winvault:", "keyring:"];

/// What the password of an account is.
pub(super) fn of_password(text: &str) -> Secret {
    if MARKERS.iter().any(|marker| text.starts_with(marker)) {
        return Secret::KeyringMarker;
    }
    // The constant of every account for the local network.
    if text == "zeroconf" { Secret::MadeUp } else { Secret::classify(text) }
}

/// Whether a value under this key is a secret, in the files of Gajim and its plugins.
pub(super) fn is_secret_key(key: &str) -> bool {
    const WORDS: &[&str] = &["pass", "passwd", "passphrase", "token", "secret", "api_key", "apikey"];
    const ENDS: &[&str] = &["_pass", "_passwd", "_passphrase", "_token", "_secret"];
    let key = key.to_ascii_lowercase();
    // `warn_when_insecure_password` and its like are booleans.
    (key.contains("password") && !key.starts_with("warn"))
        || WORDS.contains(&key.as_str())
        || ENDS.iter().any(|end| key.ends_with(end))
}

/// Where in a line a secret begins that reaches to its end, whether or not the client honours the line:
/// behind the first `=` that follows a secret's key, and one blank.
pub(super) fn secret_start(line: &[u8]) -> Option<usize> {
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let mut word_start = 0;
    let mut word_end = 0;
    for (at, byte) in line.iter().enumerate() {
        match byte {
            b'=' => {
                let word = line.get(word_start..word_end).unwrap_or_default();
                if is_secret_key(&String::from_utf8_lossy(word)) {
                    return Some(at + 1 + usize::from(line.get(at + 1).is_some_and(is_blank)));
                }
                (word_start, word_end) = (at + 1, at + 1);
            }
            b'.' | b'#' | b';' | b'"' | b'\'' => (word_start, word_end) = (at + 1, at + 1),
            byte if is_blank(byte) => {}
            _ => {
                // A word ends at blanks, and begins anew behind them.
                if word_end < at {
                    word_start = at;
                }
                word_end = at + 1;
            }
        }
    }
    None
}

/// Where in JSON that breaks at `offset` that begins which cannot be told apart any more: at the last string before,
/// which may be a password that lost its end, or its key.
pub(super) fn start_of_fault(text: &str, offset: usize) -> usize {
    let (mut last, mut inside, mut escaped) = (offset, false, false);
    for (at, byte) in text.bytes().enumerate().take(offset) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if inside => escaped = true,
            b'"' => {
                inside = !inside;
                last = if inside { at } else { last };
            }
            _ => {}
        }
    }
    last
}

/// What the worst secret is in a text that is no JSON, judged by its quotes alone.
pub(super) fn in_broken_json(text: &str) -> Secret {
    let pieces: Vec<&str> = text.split('"').collect();
    let secrets = pieces.windows(3).filter_map(|window| match window {
        [key, colon, value] if is_secret_key(key) && colon.trim() == ":" && !value.is_empty() => {
            Some(of_password(value))
        }
        _ => None,
    });
    secrets.max().unwrap_or(Secret::Absent)
}

/// Where the password stands in an address such as `http://user:password@host/`.
pub(super) fn in_uri(text: &[u8]) -> Option<Span> {
    let scheme = text.windows(3).position(|window| window == b"://")? + 3;
    let rest = text.get(scheme..)?;
    let end = rest.iter().position(|byte| matches!(byte, b'/' | b'?' | b'#' | b' ' | b'"')).unwrap_or(rest.len());
    let user = rest.get(..end)?.iter().rposition(|byte| *byte == b'@')?;
    let colon = rest.get(..user)?.iter().position(|byte| *byte == b':')?;
    (colon + 1 < user).then_some(Span::new(scheme + colon + 1, scheme + user))
}

/// The name of an account or proxy as it may be shown. The client misreads a password with `.word = ` in it
/// so that a part of it becomes the name of an account.
pub(super) fn shown_name(name: &str) -> String {
    let name = &*limits::shortened(name);
    match secret_start(name.as_bytes()).and_then(|at| name.get(..at)) {
        Some(front) => format!("{front}{MASK}"),
        None => name.to_owned(),
    }
}

/// Every secret in a JSON value: its place, and what it is.
///
/// Secrets lie one behind the other: what stands inside another is left out.
pub(super) fn in_json(root: &Value) -> Vec<(Span, Secret)> {
    let mut found = Vec::new();
    let mut waiting = vec![root];
    while let Some(value) = waiting.pop() {
        let text = value.as_str().unwrap_or_default().as_bytes();
        if secret_start(text).is_some() || in_uri(text).is_some() {
            found.push((value.span, Secret::Clear));
        }
        waiting.extend(value.elements());
        for member in value.members() {
            // A phantom account's name in a key, see `shown_name`.
            if secret_start(member.key.as_bytes()).is_some() {
                found.push((member.key_span, Secret::Clear));
            }
            if !is_secret_key(&member.key) {
                waiting.push(&member.value);
                continue;
            }
            match &member.value.kind {
                Kind::Null | Kind::Bool(_) => {}
                Kind::String(text) if text.is_empty() => {}
                Kind::String(text) => found.push((member.value.span, of_password(text))),
                Kind::Number(_) | Kind::Array(_) | Kind::Object(_) => {
                    found.push((member.value.span, Secret::Clear))
                }
            }
        }
    }
    found.sort_unstable_by_key(|(span, _)| *span);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_begins_with_the_string_before_it() {
        let begins = |text: &str| text.get(start_of_fault(text, text.len())..).unwrap().to_owned();
        assert_eq!(begins(r#"{"a": 1, "SECRET"#), "\"SECRET");
        assert_eq!(begins(r#"{"a": 1, "SEC\"RET" "#), "\"SEC\\\"RET\" ");
        assert_eq!(begins("{1"), "");
        assert_eq!(start_of_fault(r#"["x"]"#, 1), 1);
        // Outside a string a backslash is only one more fault.
        assert_eq!(begins(r#"{\"SECRET"#), "\"SECRET");
    }

    #[test]
    fn tells_markers_from_passwords() {
        for text in ["gnomekeyring:", "gnomekeyring:12", "libsecret:", "<kwallet>", "winvault:", "keyring:"] {
            assert_eq!(of_password(text), Secret::KeyringMarker, "{text}");
        }
        assert_eq!(of_password("zeroconf"), Secret::MadeUp);
        assert_eq!(of_password(""), Secret::Empty);
        assert_eq!(of_password("{{ pass }}"), Secret::TemplatePlaceholder);
        assert_eq!(of_password(" "), Secret::Clear);
    }

    #[test]
    fn finds_secrets_in_lines_that_the_client_ignores() {
        let start = |line: &str| secret_start(line.as_bytes()).map(|at| line.get(at..).unwrap().to_owned());
        for line in [
            "accounts.x.password = SECRET = b",
            "# accounts.x.password = SECRET = b",
            "accounts.x.password=SECRET = b",
            "accounts.x.password\t=\tSECRET = b",
            "  proxies.Corp.pass = SECRET = b",
            "accounts.x.oauth2_refresh_token = SECRET = b",
            "password = SECRET = b",
            "accounts.x.Password   = SECRET = b",
            "accounts.x.password =SECRET = b",
            "my password = SECRET = b",
            "name=pass=SECRET = b",
            "my token = SECRET = b",
        ] {
            assert_eq!(start(line).as_deref(), Some("SECRET = b"), "{line}");
        }
        for line in [
            "accounts.x.savepass = True",
            "accounts.x.warn_when_insecure_password = False",
            "accounts.x.name = password",
            "proxies.Corp.useauth = True",
        ] {
            assert_eq!(start(line), None, "{line}");
        }
    }

    #[test]
    fn finds_secrets_anywhere_in_json() {
        for (text, expected) in [
            (r#"{"password": "SECRET"}"#, &[r#""SECRET""#][..]),
            (r#"{"password": ["SECRET"]}"#, &[r#"["SECRET"]"#]),
            (r#"{"host": "ws://alice:SECRET@h.test/ws"}"#, &[r#""ws://alice:SECRET@h.test/ws""#]),
            (r#"{"note": "accounts.x.password = SECRET"}"#, &[r#""accounts.x.password = SECRET""#]),
            (r#"{"password": "", "pass": null, "name": "password", "host": "ws://h.test/ws"}"#, &[]),
        ] {
            let document = crate::syntax::json::parse(text);
            let found: Vec<_> = in_json(&document.root)
                .into_iter()
                .map(|(span, _)| text.get(span.start..span.end).unwrap())
                .collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn finds_secrets_behind_a_fault() {
        assert_eq!(in_broken_json(r#"} x, "password" : "SECRET"#), Secret::Clear);
        assert_eq!(in_broken_json(r#""password": "keyring:", "pass": """#), Secret::KeyringMarker);
        assert_eq!(in_broken_json(r#""password", "x""#), Secret::Absent);
    }

    #[test]
    fn finds_passwords_in_addresses() {
        let found = |text: &'static str| in_uri(text.as_bytes()).and_then(|span| text.get(span.start..span.end));
        assert_eq!(found("custom_host = ws://alice:SECRET@h.test:80/ws"), Some("SECRET"));
        for text in ["ws://h.test:80/a:b@c", "ws://alice@h.test", "ws://alice:@h.test", "a:b@c", "://"] {
            assert_eq!(found(text), None, "{text}");
        }
    }

    #[test]
    fn names_never_show_a_secret() {
        assert_eq!(shown_name("tricky.password = SECRET"), "tricky.password = ********");
        assert_eq!(shown_name("My Account.v2"), "My Account.v2");
    }
}
