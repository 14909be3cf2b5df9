//! What commands do that an attacker would like. Source: `cmd_connect`, `cmd_account_set`, `cmd_register`,
//! `cmd_join`, `cmd_bookmark` and `cmd_alias` of `src/command/cmd_funcs.c`, 0.13.1 and 0.18.2.

use std::ops::Range;

use zeroize::Zeroizing;

use super::words::{Word, words_of_command};
use crate::model::{Address, CommandEffect, Secret, is_loopback};

/// Commands that define commands that define commands: nobody writes more.
const DEPTH: usize = 4;

/// The words behind `tls` that betray.
const TLS: &[(&str, CommandEffect)] = &[
    ("allow", CommandEffect::ConnectsOptional),
    ("disable", CommandEffect::ConnectsNever),
    ("trust", CommandEffect::ConnectsUnchecked),
];

/// The words behind `tls` that the client knows besides. A command with any other is refused as a whole.
const SAFE_TLS: &[&str] = &["force", "legacy", "direct"];

/// The words behind `auth`.
const AUTH: &[&str] = &["default", "legacy"];

/// The options of `/connect` and `/register`. Before an unknown one the client refuses the whole command.
const CONNECT_OPTIONS: &[&str] = &["server", "port", "tls", "auth"];

/// An effect; whether the account keeps it afterwards; where the word stands that does it, or the secret.
type Found = (CommandEffect, bool, Range<usize>);

/// What the command in `line` does that an attacker would like: each effect, whether the account keeps it
/// afterwards, and the bytes of the word that does it, or of the secret. Nothing for a line that the client sends
/// as a message, or refuses.
pub(crate) fn effects_of_command(line: &str) -> Vec<(CommandEffect, bool, Range<usize>)> {
    let mut found = Vec::new();
    let mut command = line;
    let mut start = 0;
    for _ in 0..DEPTH {
        let words = words_of_command(command);
        let moved = |range: Range<usize>| range.start + start..range.end + start;
        found.extend(effects(&words).into_iter().map(|(effect, stores, range)| (effect, stores, moved(range))));
        let Some(inner) = defined_command(command, &words) else { break };
        start += inner.start;
        command = command.get(inner).unwrap_or_default();
    }
    found
}

fn effects(words: &[Word]) -> Vec<Found> {
    let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    match texts.as_slice() {
        ["/connect", user, ..] => connect(user, words.get(2..).unwrap_or_default()),
        ["/register", _, _, ..] => register(words),
        ["/account", "set", _, property, _, ..] => account(property, words.get(4..).unwrap_or_default()),
        ["/join", ..] => room(words.get(1..).unwrap_or_default()),
        ["/bookmark", "add" | "update", ..] => room(words.get(2..).unwrap_or_default()),
        _ => Vec::new(),
    }
}

/// The command that `/alias add NAME COMMAND` defines: what stands in quotes, or the rest of the line.
fn defined_command(line: &str, words: &[Word]) -> Option<Range<usize>> {
    let [alias, add, _, command, ..] = words else { return None };
    let is_quoted = line.get(..command.range.start).is_some_and(|before| before.ends_with('"'));
    let end = if is_quoted { command.range.end } else { line.len() };
    (*alias.text == "/alias" && *add.text == "add").then_some(command.range.start..end)
}

/// `/connect USER [server HOST] [port PORT] [tls POLICY] [auth POLICY]`.
fn connect(user: &str, options: &[Word]) -> Vec<Found> {
    // No version knows the option, but whoever wrote it has left his password there.
    let mut found: Vec<_> = password(CommandEffect::HoldsPassword, option(options, "password"));
    if !are_known(options) {
        return found;
    }
    let host = option(options, "server").map(|word| word.text.to_string());
    if is_loopback(&host.unwrap_or_else(|| Address::parse(user).domain)) {
        return found;
    }
    found.extend(option(options, "tls").and_then(|word| policy(word, false)));
    found.extend(option(options, "auth").and_then(|word| legacy(word, false)));
    found
}

/// `/register USER HOST [port PORT] [tls POLICY]`. Whatever the policy, STARTTLS is not insisted on (observed with
/// 0.13.1 and 0.18.2).
fn register(words: &[Word]) -> Vec<Found> {
    let [command, _, host, options @ ..] = words else { return Vec::new() };
    if !are_known(options) || is_loopback(&host.text) {
        return Vec::new();
    }
    vec![(CommandEffect::Registers, false, command.range.clone())]
}

/// `/account set NAME PROPERTY VALUE`.
fn account(property: &str, values: &[Word]) -> Vec<Found> {
    let found = match (property, values) {
        ("password", values) => kept_password(values),
        ("tls", [word]) => policy(word, true),
        ("auth", [word]) => legacy(word, true),
        _ => None,
    };
    found.into_iter().collect()
}

/// With more than one word in place of the password the command is refused, but all of them stand there.
fn kept_password(values: &[Word]) -> Option<Found> {
    let (first, last) = (values.first()?, values.last()?);
    let text = Zeroizing::new(values.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" "));
    let range = first.range.start..last.range.end;
    Secret::classify(&text).is_clear().then_some((CommandEffect::HoldsPassword, true, range))
}

/// `ROOM [nick NICK] [password PASSWORD] ...`; since 0.18 also `xmpp:ROOM?join;password=PASSWORD`.
fn room(words: &[Word]) -> Vec<Found> {
    const IN_ADDRESS: &str = ";password=";
    let Some((address, options)) = words.split_first() else { return Vec::new() };
    let mut found = password(CommandEffect::HoldsRoomPassword, option(options, "password"));
    let is_uri = address.text.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("xmpp:"));
    // Where nothing is escaped, what stands in the word stands in the line as well.
    let is_plain = address.text.len() == address.range.end.saturating_sub(address.range.start);
    if let Some(at) = address.text.find(IN_ADDRESS).filter(|_| is_uri && is_plain) {
        let start = at + IN_ADDRESS.len();
        let text = address.text.get(start..).unwrap_or_default();
        if Secret::classify(text).is_clear() {
            found.push((CommandEffect::HoldsRoomPassword, false, address.range.start + start..address.range.end));
        }
    }
    found
}

/// The value of an option among pairs of names and values.
fn option<'w>(options: &'w [Word], name: &str) -> Option<&'w Word> {
    options.chunks_exact(2).find_map(|pair| match pair {
        [key, value] if *key.text == name => Some(value),
        _ => None,
    })
}

/// Whether the client takes all of the options: it knows each, and each stands there once. The last may lack its
/// value: it can be typed behind an alias.
fn are_known(options: &[Word]) -> bool {
    let names: Vec<&str> = options.iter().step_by(2).map(|word| word.text.as_str()).collect();
    let fits = |name: &str, known: &dyn Fn(&str) -> bool| {
        option(options, name).is_none_or(|word| known(word.text.as_str()))
    };
    names.len() <= CONNECT_OPTIONS.len()
        && names.iter().all(|name| CONNECT_OPTIONS.contains(name))
        && names.iter().enumerate().all(|(at, name)| !names.iter().skip(at + 1).any(|other| other == name))
        && fits("tls", &|word| SAFE_TLS.contains(&word) || TLS.iter().any(|(known, _)| *known == word))
        && fits("auth", &|word| AUTH.contains(&word))
        && fits("port", &|port| port.parse::<u16>().is_ok_and(|port| port > 0))
}

fn policy(word: &Word, stores: bool) -> Option<Found> {
    let (_, effect) = TLS.iter().find(|(known, _)| *known == *word.text)?;
    Some((*effect, stores, word.range.clone()))
}

fn legacy(word: &Word, stores: bool) -> Option<Found> {
    (*word.text == "legacy").then(|| (CommandEffect::ConnectsLegacy, stores, word.range.clone()))
}

fn password(effect: CommandEffect, word: Option<&Word>) -> Vec<Found> {
    let word = word.filter(|word| Secret::classify(&word.text).is_clear());
    word.map(|word| (effect, false, word.range.clone())).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(line: &str) -> Vec<(CommandEffect, bool, &str)> {
        let found = effects_of_command(line).into_iter();
        found.map(|(effect, stores, range)| (effect, stores, line.get(range).unwrap())).collect()
    }

    #[test]
    fn what_betrays() {
        use CommandEffect::{
            ConnectsLegacy, ConnectsNever, ConnectsOptional, ConnectsUnchecked, HoldsPassword, HoldsRoomPassword,
            Registers,
        };
        for (line, expected) in [
            ("/connect alice@x.test tls disable", vec![(ConnectsNever, false, "disable")]),
            ("/connect alice tls allow", vec![(ConnectsOptional, false, "allow")]),
            (
                "/connect alice server xmpp.x.test port 5223 tls \"trust\" auth legacy\r\n",
                vec![(ConnectsUnchecked, false, "trust"), (ConnectsLegacy, false, "legacy")],
            ),
            ("/connect alice tls force auth legacy", vec![(ConnectsLegacy, false, "legacy")]),
            ("/connect alice tls disable server", vec![(ConnectsNever, false, "disable")]),
            ("/connect alice password hunter2", vec![(HoldsPassword, false, "hunter2")]),
            ("/account set work tls allow", vec![(ConnectsOptional, true, "allow")]),
            ("/account set \"my work\" auth legacy", vec![(ConnectsLegacy, true, "legacy")]),
            ("/account set work password hunter2", vec![(HoldsPassword, true, "hunter2")]),
            ("/account set work password \"hunter 2\"", vec![(HoldsPassword, true, "hunter 2")]),
            ("/account set work password hunter 2", vec![(HoldsPassword, true, "hunter 2")]),
            ("/join a@b password hunter2", vec![(HoldsRoomPassword, false, "hunter2")]),
            ("/join room nick me password hunter2", vec![(HoldsRoomPassword, false, "hunter2")]),
            ("/join XMPP:a@b?join;password=hunter2", vec![(HoldsRoomPassword, false, "hunter2")]),
            ("/bookmark add a@b password hunter2 autojoin on", vec![(HoldsRoomPassword, false, "hunter2")]),
            ("/bookmark update a@b nick é password hunter2", vec![(HoldsRoomPassword, false, "hunter2")]),
            ("/register bob x.test", vec![(Registers, false, "/register")]),
            ("/register bob x.test tls force", vec![(Registers, false, "/register")]),
            ("/alias add w /connect alice tls disable", vec![(ConnectsNever, false, "disable")]),
            ("/alias add w \"/connect alice tls disable\"", vec![(ConnectsNever, false, "disable")]),
        ] {
            assert_eq!(found(line), expected, "{line}");
        }
    }

    #[test]
    fn what_does_not() {
        for line in [
            "",
            "/",
            "/connect",
            "/connect alice",
            "/connect alice tls",
            "/connect alice tls force",
            "/connect alice tls legacy",
            "/connect alice tls direct auth default",
            // The client refuses these as a whole.
            "/connect alice tls DISABLE",
            "/connect alice TLS disable",
            "/connect alice tls disable tls force",
            "/connect alice tls disable auth LEGACY",
            "/connect alice tls disable port 99999",
            "/connect alice tls disable color blue",
            "/connect alice tls bogus auth legacy",
            "/connect alice port 0 auth legacy",
            "/Connect alice tls disable",
            "/connection alice tls disable",
            // Messages.
            " /connect alice tls disable",
            "type /connect alice tls disable",
            "//connect alice tls disable",
            "/msg bob /connect alice tls disable",
            // No network in between.
            "/connect alice server 127.0.0.1 tls disable",
            "/connect alice@localhost tls disable",
            "/register bob localhost",
            "/account show alice",
            "/account set alice tls force",
            "/account set alice tls",
            "/account set alice tls allow now",
            "/account set alice muc legacy",
            "/account set alice password {{ .secret }}",
            "/account set alice password \"\"",
            "/account clear alice password",
            "/join a@b",
            "/join a@b nick password",
            "/join a@b?password=x",
            // Only what begins with `xmpp:` has its password in the address.
            "/join a@b;password=hunter2",
            "/register",
            "/register bob",
            "/tls allow",
            "/tls trust",
            "/alias add w /connect alice tls force",
            "/alias remove w",
            "/alias remove w \"/connect alice tls disable\"",
            "/roster add bob@x.test \"/connect alice tls disable\"",
            "/alias add w",
        ] {
            assert_eq!(found(line), [], "{line}");
        }
    }

    #[test]
    fn commands_in_commands_end() {
        let line = "/alias add a ".repeat(1000) + "/connect alice tls disable";
        assert_eq!(found(&line), []);
    }
}
