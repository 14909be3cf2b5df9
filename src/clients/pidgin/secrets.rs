//! Where secrets stand in libpurple's files, so that none is ever shown.
//!
//! Every document is searched twice: element by element, which sees through CDATA and references, and as plain
//! text, which also sees what stands in comments and behind the place at which a parser gives up.

use memchr::{memchr, memchr2};

use super::secret_commands;
use crate::model::{Secret, Span, is_loopback};
use crate::syntax::contains_in_any_case;
use crate::syntax::xml::gmarkup::{Markup, Tag};
use crate::syntax::xml::{Document, Element};

/// Parts of the names of elements, settings and preferences that hold secrets: `password`, `turn_password`, and
/// the `token` of many a third-party protocol.
const WORDS: [&str; 6] = ["password", "passwd", "passphrase", "token", "secret", "cookie"];

/// Elements that have the name of what they hold in an attribute.
const NAMED_BY_ATTRIBUTE: [&str; 4] = ["setting", "component", "pref", "item"];

/// A place where a secret stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// The place.
    pub span: Span,
    /// What stands there.
    pub secret: Secret,
}

/// Every secret among the elements of a document.
pub(super) fn in_document(document: &Document) -> Vec<Found> {
    document
        .elements()
        .filter_map(|element| {
            let is_secret = is_secret_name(element.name())
                || (NAMED_BY_ATTRIBUTE.contains(&element.name())
                    && element.value("name").is_some_and(|name| is_secret_name(&name)));
            is_secret.then(|| Found { span: element.inner_span(), secret: of_element(element) })
        })
        .chain(document.elements().filter_map(in_url))
        .chain(document.elements().filter_map(secret_commands::disguised))
        .collect()
}

/// What stands in a `<password>` or the like (`account.c` of libpurple 2.14; the attributes are Pidgin 3's).
pub(super) fn of_element(element: Element) -> Secret {
    let Some(text) = element.text() else { return Secret::Empty };
    if !is_readable(
        element.value("keyring_id").as_deref().map_or("", String::as_str),
        element.value("mode").as_deref().map_or("", String::as_str),
    ) {
        return Secret::Opaque;
    }
    match Secret::classify(&text) {
        Secret::Clear if element.parent().is_some_and(is_loopback_socks) => Secret::MadeUp,
        secret => secret,
    }
}

/// Every secret among the attributes of preferences.
pub(super) fn in_markup(markup: &Markup) -> Vec<Found> {
    let mut found = Vec::new();
    for tag in markup.tags() {
        let Tag::Start { attributes, .. } = tag else { continue };
        let value_of = |wanted: &str| {
            attributes.iter().rev().find(|(name, _)| markup.slice(*name) == wanted).map(|(_, value)| *value)
        };
        let (Some(name), Some(value)) = (value_of("name"), value_of("value")) else { continue };
        let name = markup.value(name);
        if is_secret_name(&name) {
            found.push(Found { span: value, secret: Secret::classify(&markup.value(value)) });
        } else if secret_commands::is_name(&name) {
            found.extend(secret_commands::hidden(value, markup.slice(value)));
        }
    }
    found
}

/// Everything in a text that looks like a secret, whatever a parser would say. Each is taken to reach as far as it
/// can: to the end of the text, if nothing ends it.
pub(super) fn in_text(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some((start, tag)) = next_tag(text, at) {
        at = start + tag.len();
        if !is_secret_tag(tag) {
            found.extend(cut_off(text, start, tag));
            continue;
        }
        let (value, content) = secrets_of_tag(text, start, tag);
        at = [value, content].iter().flatten().map(|secret| secret.span.end).fold(at, usize::max);
        found.extend([value, content].into_iter().flatten());
    }
    found.extend(urls(text, 0));
    found.extend(secret_commands::in_text(text));
    found
}

/// The tag that begins next, from `at` on: where it stands, and what there is between `<` and the next `<` or `>`.
pub(super) fn next_tag(text: &str, at: usize) -> Option<(usize, &str)> {
    let start = at + memchr(b'<', text.as_bytes().get(at..)?)? + 1;
    let body = text.get(start..)?;
    let length = memchr2(b'<', b'>', body.as_bytes()).unwrap_or(body.len());
    Some((start, body.get(..length)?))
}

/// Takes away those of `further` that are among `known` under another guise: what a parser understood counts.
pub(super) fn drop_known(further: &mut Vec<Found>, known: &[Found]) {
    let mut known: Vec<Span> = known.iter().map(|found| found.span).collect();
    known.sort_unstable();
    let mut reach = 0;
    let reaches: Vec<usize> = known
        .iter()
        .map(|span| {
            reach = reach.max(span.end);
            reach
        })
        .collect();
    further.retain(|found| {
        let before = known.partition_point(|span| span.start < found.span.end);
        let reach = before.checked_sub(1).and_then(|last| reaches.get(last));
        !found.secret.is_clear() || reach.is_none_or(|reach| *reach <= found.span.start)
    });
}

/// What may be a secret because the text ends, or the tag breaks off, before it could be told: the value of a tag
/// whose name may be what is missing, and the text of the last setting, which may be a URL with a login.
fn cut_off(text: &str, start: usize, tag: &str) -> Option<Found> {
    if !NAMED_BY_ATTRIBUTE.contains(&local_name(tag)) {
        return None;
    }
    let rest = text.get(start + tag.len()..)?;
    let Some(content) = rest.strip_prefix('>') else {
        return attribute(text, start, tag, "value").map(|value| Found { secret: Secret::Opaque, ..value });
    };
    let is_last = !content.contains('<') && !content.trim().is_empty();
    is_last.then(|| Found { span: Span::new(text.len() - content.len(), text.len()), secret: Secret::Opaque })
}

/// Whether whoever reads the text has the password: Pidgin 3 names a keyring that makes it something else.
fn is_readable(keyring: &str, mode: &str) -> bool {
    keyring.is_empty() || (keyring == "keyring-internal" && matches!(mode, "" | "cleartext"))
}

fn is_secret_name(name: &str) -> bool {
    WORDS.iter().any(|word| contains_in_any_case(name.as_bytes(), word.as_bytes()))
}

/// Tor takes any login to its SOCKS port and uses it to keep streams apart.
fn is_loopback_socks(proxy: Element) -> bool {
    let is_socks = |kind: &str| matches!(kind, "tor" | "socks5");
    proxy.name() == "proxy"
        && proxy.child("type").and_then(Element::text).is_some_and(|kind| is_socks(&kind))
        && proxy.child("host").and_then(Element::text).is_some_and(|host| is_loopback(&host))
}

/// The login in the URL that a setting holds, with or without a scheme.
fn in_url(element: Element) -> Option<Found> {
    if element.value("name").is_none_or(|name| name.as_str() != "bosh_url") {
        return None;
    }
    let text = element.text()?;
    let authority = text.split_once("://").map_or(text.as_str(), |(_, rest)| rest);
    let authority = authority.split(['/', '?', '#']).next().unwrap_or_default();
    let (login, _) = authority.rsplit_once('@')?;
    // References make the login hard to find again in the text as written, so that the whole of it is hidden.
    let span = element.inner_span();
    Some(Found { span, secret: if login.contains(':') { Secret::Clear } else { Secret::Opaque } })
}

/// The logins of all URLs of a text that begins at `start`.
fn urls(text: &str, start: usize) -> Vec<Found> {
    const ENDS: [char; 11] = ['/', '?', '#', '<', '>', '"', '\'', ' ', '\t', '\r', '\n'];
    let mut found = Vec::new();
    for (index, _) in text.match_indices("://") {
        let from = index + "://".len();
        let rest = text.get(from..).unwrap_or_default();
        let authority = rest.split(ENDS).next().unwrap_or_default();
        let Some((login, _)) = authority.rsplit_once('@') else { continue };
        let secret = if login.contains(':') { Secret::Clear } else { Secret::Opaque };
        found.push(Found { span: Span::new(from, from + login.len()).moved_by(start), secret });
    }
    found
}

/// `tag` is what stands between `<` and the next `<` or `>`.
fn is_secret_tag(tag: &str) -> bool {
    let name = local_name(tag);
    is_secret_name(name) || (NAMED_BY_ATTRIBUTE.contains(&name) && is_secret_name(tag))
}

pub(super) fn local_name(tag: &str) -> &str {
    let name = qualified_name(tag);
    name.rsplit(':').next().unwrap_or(name)
}

fn qualified_name(tag: &str) -> &str {
    tag.split(|character: char| character.is_whitespace() || character == '/').next().unwrap_or_default()
}

/// The secrets of the tag `tag` that stands at `start`: the value of its attribute `value`, and what follows it up
/// to its end tag.
fn secrets_of_tag(text: &str, start: usize, tag: &str) -> (Option<Found>, Option<Found>) {
    let value = attribute(text, start, tag, "value");
    if matches!(local_name(tag), "pref" | "item") {
        return (value, None);
    }
    let from = start + tag.len() + 1;
    if tag.ends_with('/') || text.as_bytes().get(from - 1) != Some(&b'>') {
        return (value, None);
    }
    let rest = text.get(from..).unwrap_or_default();
    let end_tag = format!("</{}", qualified_name(tag));
    let content = rest.find(&end_tag).and_then(|length| rest.get(..length)).unwrap_or(rest);
    let word =
        |name| attribute(text, start, tag, name).and_then(|found| text.get(found.span.start..found.span.end));
    let secret = if is_readable(word("keyring_id").unwrap_or_default(), word("mode").unwrap_or_default()) {
        Secret::classify(content)
    } else {
        Secret::Opaque
    };
    (value, Some(Found { span: Span::new(from, from + content.len()), secret }))
}

/// The value of an attribute of the tag `tag` that stands at `start`; up to the end of the text if no quote ends it.
pub(super) fn attribute(text: &str, start: usize, tag: &str, name: &str) -> Option<Found> {
    let at = tag.match_indices(name).map(|(at, _)| at).find(|at| {
        let before = tag.get(..*at).and_then(|before| before.chars().next_back());
        before.is_some_and(|before| before.is_whitespace() || matches!(before, '"' | '\'' | ':'))
    })?;
    let after = text.get(start + at + name.len()..)?;
    let opened = after.trim_start().strip_prefix('=')?.trim_start();
    let quote = opened.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let from = text.len() - opened.len() + 1;
    let rest = text.get(from..)?;
    let content = rest.split(quote).next().unwrap_or_default();
    Some(Found { span: Span::new(from, from + content.len()), secret: Secret::classify(content) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::xml;
    use zeroize::Zeroizing;

    fn in_plain_text(text: &str) -> Vec<(&str, Secret)> {
        in_text(text)
            .iter()
            .map(|found| (text.get(found.span.start..found.span.end).unwrap(), found.secret))
            .collect()
    }

    fn in_elements(text: &str) -> Vec<Secret> {
        let decoded = xml::decode(Zeroizing::new(text.as_bytes().to_vec()));
        let found = in_document(&xml::parse(&decoded));
        found.iter().map(|found| found.secret).collect()
    }

    #[test]
    fn sees_secrets_in_plain_text() {
        for (text, secrets) in [
            ("<password>hunter2</password>", vec![("hunter2", Secret::Clear)]),
            ("<!-- <password>hunter2</password> -->", vec![("hunter2", Secret::Clear)]),
            ("<x:password>hunter2", vec![("hunter2", Secret::Clear)]),
            ("<password>hun<b>ter</b>2</password>", vec![("hun<b>ter</b>2", Secret::Clear)]),
            ("<setting name='token' type='string'>hunter2</setting>", vec![("hunter2", Secret::Clear)]),
            ("<component name=\"password\">hunter2</component>", vec![("hunter2", Secret::Clear)]),
            ("<pref name='turn_password' type='string' value='hun>ter2'/>", vec![("hun>ter2", Secret::Clear)]),
            ("<pref name='turn_password' value='hunter2", vec![("hunter2", Secret::Clear)]),
            ("<setting name='password' value='hunter2'/>", vec![("hunter2", Secret::Clear)]),
            ("<setting name='bosh_url'>alice:hunter2", vec![("alice:hunter2", Secret::Opaque)]),
            ("<pref value='hunter2'", vec![("hunter2", Secret::Opaque)]),
            ("<a>http://alice:hunter2@example.org/</a>", vec![("alice:hunter2", Secret::Clear)]),
            ("<password keyring_id='keyring-x' mode='y'>hunter2</password>", vec![("hunter2", Secret::Opaque)]),
            ("<password keyring_id='keyring-internal'>hunter2</password>", vec![("hunter2", Secret::Clear)]),
            ("<password/><password></password>", vec![("", Secret::Empty)]),
            ("<group name='password club'><chat/></group>", vec![]),
            ("<name>token@example.org</name>", vec![]),
        ] {
            assert_eq!(in_plain_text(text), secrets, "{text}");
        }
    }

    #[test]
    fn knows_names_of_secrets_in_whatever_case() {
        for word in WORDS {
            assert!(is_secret_name(word) && is_secret_name(&format!("x_{}é", word.to_uppercase())), "{word}");
            let end = word.split_at(1).1;
            let without_last = word.split_at(word.len() - 1).0;
            assert!(!is_secret_name(end), "{word}");
            assert!(!is_secret_name(without_last), "{word}");
        }
    }

    #[test]
    fn knows_passwords_by_their_keyring() {
        for (attributes, secret) in [
            ("", Secret::Clear),
            ("keyring_id=''", Secret::Clear),
            ("keyring_id='keyring-internal'", Secret::Clear),
            ("keyring_id='keyring-internal' mode=''", Secret::Clear),
            ("keyring_id='keyring-internal' mode='cleartext'", Secret::Clear),
            ("keyring_id='keyring-internal' mode='ciphertext'", Secret::Opaque),
            ("keyring_id='keyring-gnome'", Secret::Opaque),
        ] {
            assert_eq!(
                in_elements(&format!("<a><password {attributes}>x</password></a>")),
                [secret],
                "{attributes}"
            );
        }
        assert_eq!(in_elements("<a><password/></a>"), [Secret::Empty]);
        assert_eq!(in_elements("<a><password> </password></a>"), [Secret::Clear]);
        assert_eq!(in_elements("<a><password><![CDATA[<password>]]></password></a>"), [Secret::Clear]);
        assert_eq!(in_elements("<a><setting name='p&#97;ssword'>x</setting></a>"), [Secret::Clear]);
    }

    #[test]
    fn a_login_to_the_own_tor_is_no_secret() {
        let proxy = |kind: &str, host: &str| {
            in_elements(&format!("<proxy><type>{kind}</type><host>{host}</host><password>x</password></proxy>"))
        };
        assert_eq!(proxy("tor", "127.0.0.1"), [Secret::MadeUp]);
        assert_eq!(proxy("socks5", "localhost"), [Secret::MadeUp]);
        assert_eq!(proxy("http", "127.0.0.1"), [Secret::Clear]);
        assert_eq!(proxy("tor", "proxy.example.org"), [Secret::Clear]);
    }

    #[test]
    fn takes_linear_time() {
        let start = std::time::Instant::now();
        in_text(&"<password".repeat(200_000));
        in_text(&"<password>".repeat(200_000));
        in_text(&"<pref name='password' value='".repeat(100_000));
        in_text(&"<setting name='x".repeat(100_000));
        in_text(&"://a".repeat(300_000));
        assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
    }
}
