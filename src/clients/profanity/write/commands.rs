//! Taking passwords out of commands that are kept: aliases, scripts, macros.

use super::{Opened, removed, text_of};
use crate::clients::profanity::{KEY_BINDINGS, SCRIPT, SETTINGS, macros};
use crate::model::{CommandEffect, Edit, FileNumber, Profile, Span, Spot, Text, Unrepairable};
use crate::syntax::keyfile::{self, Entry};

/// Takes the password of a room out of its command, which goes on joining the room. A command that only hands an
/// account's password over goes as a whole.
pub(super) fn remove(profile: &Profile, number: usize) -> Result<Vec<Edit>, Unrepairable> {
    let command = profile.commands.get(number).ok_or(Unrepairable::Gone)?;
    let Spot::Text(secret) = command.place.spot else { return Err(Unrepairable::Gone) };
    let file = command.place.file;
    let (kind, text) = text_of(profile, file)?;
    match (command.effect, kind) {
        (CommandEffect::HoldsRoomPassword, SETTINGS) => {
            let preferences = Opened::of(profile, file)?;
            without_option(file, preferences.text, secret)
        }
        (CommandEffect::HoldsRoomPassword, SCRIPT | KEY_BINDINGS) => without_option(file, text, secret),
        (CommandEffect::HoldsPassword, SETTINGS) => without_alias(&Opened::of(profile, file)?, secret),
        (CommandEffect::HoldsPassword, SCRIPT) => {
            Ok(vec![removed(file, text, keyfile::line_at(text.bytes(), secret.start))])
        }
        (CommandEffect::HoldsPassword, KEY_BINDINGS) => without_binding(file, text, secret),
        _ => Err(Unrepairable::Unwritten),
    }
}

fn without_option(file: FileNumber, text: &Text, secret: Span) -> Result<Vec<Edit>, Unrepairable> {
    let option = option_of(text.bytes(), secret).ok_or(Unrepairable::Choice)?;
    Ok(vec![removed(file, text, option)])
}

/// Takes an alias away, in all of its lines: the client would go by the one before.
fn without_alias(preferences: &Opened<'_>, secret: Span) -> Result<Vec<Edit>, Unrepairable> {
    let keys = &preferences.source.keys;
    let group = keys.group(b"alias").ok_or(Unrepairable::Gone)?;
    let holds = |entry: &Entry| entry.value.start <= secret.start && secret.end <= entry.value.end;
    let entry = group.entries().find(holds).ok_or(Unrepairable::Gone)?;
    let lines = keys.lines_of(b"alias", keys.raw(entry.key));
    Ok(lines.into_iter().map(|line| preferences.removed(line)).collect())
}

/// Takes a binding away that does nothing else, and that is the only one of its key: readline would go by the one
/// before.
fn without_binding(file: FileNumber, text: &Text, secret: Span) -> Result<Vec<Edit>, Unrepairable> {
    let line = keyfile::line_at(text.bytes(), secret.start);
    let typed = macros::lines(text.bytes());
    let stands_there = |typed: &&macros::Line| {
        typed.offsets.first().is_some_and(|start| line.start <= *start && *start < line.end)
    };
    let binding = typed.iter().find(stands_there).ok_or(Unrepairable::Gone)?;
    let others = typed.iter().filter(|other| other.key == binding.key).count();
    if others == 1 { Ok(vec![removed(file, text, line)]) } else { Err(Unrepairable::Choice) }
}

/// The option of a command for Profanity that hands over the secret: ` password SECRET`, or `;password=SECRET` in the
/// address of a room. None where it is not written plainly.
pub(crate) fn option_of(text: &[u8], secret: Span) -> Option<Span> {
    const NAME: &[u8] = b"password";
    let before = text.get(..secret.start)?;
    if before.ends_with(b";password=") {
        let is_last = !text.get(secret.start..secret.end)?.iter().any(|byte| b";&".contains(byte));
        return is_last.then_some(Span::new(secret.start - NAME.len() - 2, secret.end));
    }
    let (before, end) = match before.strip_suffix(b"\"") {
        Some(before) => (before, secret.end + 1),
        None => (before, secret.end),
    };
    let is_quoted = end > secret.end;
    if is_quoted && text.get(secret.end) != Some(&b'"') {
        return None;
    }
    let ends_word = text.get(end).is_none_or(|byte| b" \r\n\"'\\".contains(byte));
    let blanks = |bytes: &[u8]| bytes.iter().rev().take_while(|byte| **byte == b' ').count();
    let named = before.get(..before.len() - blanks(before))?;
    let rest = named.strip_suffix(NAME)?;
    let start = rest.len() - blanks(rest);
    let is_plain = named.len() < before.len() && start < rest.len();
    (is_plain && ends_word).then_some(Span::new(start, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn without(text: &str, secret: &str) -> Option<String> {
        let start = text.find(secret).unwrap();
        let option = option_of(text.as_bytes(), Span::new(start, start + secret.len()))?;
        let mut text = text.to_owned();
        text.replace_range(option.start..option.end, "");
        Some(text)
    }

    #[test]
    fn the_option_goes_and_the_command_stays() {
        for (text, expected) in [
            ("g=/join a@b password hunter2\n", "g=/join a@b\n"),
            ("g=/join a@b  password  hunter2 nick me", "g=/join a@b nick me"),
            ("/join a@b password \"hunter2\"\r\n", "/join a@b\r\n"),
            ("/join xmpp:a@b?join;password=hunter2\n", "/join xmpp:a@b?join\n"),
            ("\"x\": \"/join a@b password hunter2\\n\"", "\"x\": \"/join a@b\\n\""),
            ("profanity -r '/join a@b password hunter2'", "profanity -r '/join a@b'"),
        ] {
            assert_eq!(without(text, "hunter2").as_deref(), Some(expected), "{text}");
        }
        assert_eq!(without("/join a@b password \"hunter 2\"", "hunter 2").as_deref(), Some("/join a@b"));
    }

    #[test]
    fn what_is_not_written_plainly_is_left_alone() {
        for text in [
            "/join a@b \"password\" hunter2",
            r"/join a@b\spassword\shunter2",
            r#""x": "/join a@b password \"hunter2\"""#,
            "/join a@b pass\\word hunter2",
            "/join a@b password \"hunter2",
            "/join a@b password hunter2x",
            "/join a@b;password=hunter2;more",
            "password hunter2",
            "hunter2",
        ] {
            let secret = if text.contains(';') { "hunter2;more" } else { "hunter2" };
            assert_eq!(without(text, secret), None, "{text}");
        }
    }
}
