//! Text of which nobody can say that it is no secret: behind a misspelt `<pasword>`, in a stray line, in place of a
//! word that a setting should have.
//!
//! A file that is sound is shown as it is, but for its secrets. In one that is not, whatever libpurple itself would
//! not write is hidden, since a finding that points at the fault shows the line around it.

use super::secrets::Found;
use crate::model::{Secret, Span};

/// Every element that libpurple writes into its files, and whether its text may be shown.
const ELEMENTS: [(&str, bool); 41] = [
    ("account", false),
    ("protocol", true),
    ("name", true),
    ("username", true),
    ("alias", true),
    ("statuses", false),
    ("status", false),
    ("attributes", false),
    ("attribute", false),
    ("substatus", false),
    ("state", true),
    ("message", false),
    ("settings", false),
    ("setting", true),
    ("proxy", false),
    ("type", true),
    ("host", true),
    ("port", true),
    ("password", false),
    ("current_error", false),
    ("description", false),
    ("userinfo", false),
    ("buddyicon", true),
    ("purple", false),
    ("blist", false),
    ("privacy", false),
    ("group", false),
    ("contact", false),
    ("person", false),
    ("buddy", false),
    ("chat", false),
    ("component", true),
    ("permit", true),
    ("block", true),
    ("pref", false),
    ("item", false),
    ("pounces", false),
    ("pounce", false),
    ("event", false),
    ("action", false),
    ("option", false),
];

/// What a text holds that libpurple would not write: tags of other names, and text outside the elements that have
/// some.
pub(super) fn in_damaged(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    let mut at = 0;
    let mut may_show_text = false;
    while at < text.len() {
        let rest = text.get(at..).unwrap_or_default();
        if rest.starts_with('<') {
            let tag = tag_at(rest);
            match element(tag) {
                Some((_, has_text)) => may_show_text = *has_text && !tag.starts_with("</"),
                None => hide(&mut found, text, Span::new(at + 1, at + tag.len())),
            }
            at += tag.len();
            continue;
        }
        let length = rest.find('<').unwrap_or(rest.len());
        if !may_show_text {
            hide(&mut found, text, Span::new(at, at + length));
        }
        may_show_text = false;
        at += length;
    }
    found
}

/// Whether the value of a setting that does nothing may be shown: it is a number, a word of the kind that such a
/// setting has, or what people read aloud anyway.
pub(super) fn is_harmless(setting: &str, value: &str) -> bool {
    const WORDS: [&str; 14] = [
        "true", "false", "yes", "no", "on", "off", "none", "global", "http", "socks4", "socks5", "tor", "envvar",
        "system",
    ];
    const PUBLIC: [&str; 4] = ["name", "account", "connect_server", "/purple/proxy/host"];
    let value = value.trim().to_ascii_lowercase();
    let is_policy = ["require_tls", "opportunistic_tls", "old_ssl", "require_starttls"].contains(&value.as_str());
    let is_number = value.len() < 6 && value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    PUBLIC.contains(&setting) || is_policy || is_number || WORDS.contains(&value.as_str())
}

/// From `<` up to and with `>`, or up to what comes before the next `<`.
fn tag_at(rest: &str) -> &str {
    let body = rest.get(1..).unwrap_or_default();
    let length = match body.find(['<', '>']) {
        Some(end) if body.get(end..).is_some_and(|rest| rest.starts_with('>')) => end + 2,
        Some(end) => end + 1,
        None => rest.len(),
    };
    rest.get(..length).unwrap_or(rest)
}

/// The entry of a tag that libpurple would write. The XML declaration is one.
fn element(tag: &str) -> Option<&'static (&'static str, bool)> {
    const DECLARATION: (&str, bool) = ("?xml", false);
    let name = tag.trim_start_matches(['<', '/']);
    let name = name.split(|c: char| c.is_whitespace() || matches!(c, '/' | '>')).next().unwrap_or_default();
    if name == DECLARATION.0 {
        return Some(&DECLARATION);
    }
    ELEMENTS.iter().find(|(known, _)| *known == name)
}

fn hide(found: &mut Vec<Found>, text: &str, span: Span) {
    let is_blank =
        text.get(span.start..span.end).is_none_or(|text| text.trim_matches('\u{FEFF}').trim().is_empty());
    if !is_blank {
        found.push(Found { span, secret: Secret::Opaque });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(text: &str) -> Vec<&str> {
        in_damaged(text).iter().map(|found| text.get(found.span.start..found.span.end).unwrap()).collect()
    }

    #[test]
    fn hides_what_libpurple_would_not_write() {
        assert_eq!(hidden("hunter2\n<?xml version='1.0'?><account>"), ["hunter2\n"]);
        assert_eq!(hidden("<name>a@x.test</name><setting name='port'>1</setting>"), [""; 0]);
        assert_eq!(hidden("<pasword>hunter2</pasword>"), ["pasword>", "hunter2", "/pasword>"]);
        assert_eq!(hidden("<name>a</name>hunter2<account/>"), ["hunter2"]);
        assert_eq!(hidden("<hunter2"), ["hunter2"]);
        assert_eq!(hidden("<account <hunter2><name>a"), ["hunter2>"]);
        assert_eq!(hidden("<name <hunter2>"), ["hunter2>"]);
        assert_eq!(hidden("<!-- hunter2 -->"), ["!-- hunter2 -->"]);
    }

    #[test]
    fn shows_the_usual_words_only() {
        for (setting, value) in [
            ("connection_security", "require_tls"),
            ("require_tls", "0"),
            ("port", "5223"),
            ("connect_server", "xmpp.example.org"),
        ] {
            assert!(is_harmless(setting, value), "{setting} {value}");
        }
        for value in ["hunter2", "hunt", "-a1", "require_tls2", "1234567", "123456"] {
            assert!(!is_harmless("connection_security", value), "{value}");
        }
    }
}
