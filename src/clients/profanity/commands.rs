//! The rooms that commands name, in aliases and scripts. Source: `cmd_join` and `cmd_bookmark` of
//! `src/command/cmd_funcs.c`, 0.18.2.

use std::ops::Range;

use super::secrets;
use super::words::words_of_command;

/// A room that a command names.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NamedRoom {
    /// The room's address, as the client will understand it.
    pub address: String,
    /// Where it stands in the command.
    pub range: Range<usize>,
    /// Where its password stands in the command, if it has one.
    pub password: Option<Range<usize>>,
}

/// The commands that name a room, and how many words stand before it.
const ROOM_COMMANDS: &[(&[&str], usize)] = &[
    (&["/join"], 1),
    (&["/bookmark", "add"], 2),
    (&["/bookmark", "join"], 2),
    (&["/bookmark", "update"], 2),
    (&["/bookmark", "ignore", "add"], 3),
];

/// The room that a command joins or remembers. One that is named without its service is none: its service is
/// decided elsewhere.
pub(super) fn room_of(command: &str) -> Option<NamedRoom> {
    let words = words_of_command(command);
    let starts_with = |known: &[&str]| {
        words.len() > known.len() && known.iter().zip(&words).all(|(known, word)| **known == **word.text)
    };
    let (_, position) = ROOM_COMMANDS.iter().find(|(known, _)| starts_with(known))?;
    let room = words.get(*position)?;
    // Since 0.18: `/join xmpp:room@service?join;password=...`.
    let (scheme, address) = match room.text.split_at_checked("xmpp:".len()) {
        Some((scheme, address)) if scheme.eq_ignore_ascii_case("xmpp:") => (scheme.len(), address),
        _ => (0, room.text.as_str()),
    };
    let address = if scheme > 0 { address.split('?').next().unwrap_or_default() } else { address };
    // A whole command in quotes is an address to the client, and a password may stand in it.
    if !address.contains('@') || secrets::behind_a_word(address.as_bytes()).is_some() {
        return None;
    }
    let start = room.range.start + scheme;
    let end = if scheme > 0 { start + address.len() } else { room.range.end };
    let range = start..end.min(room.range.end).max(start);
    let mut options = words.get(position + 1..).unwrap_or_default().chunks_exact(2);
    let password = options.find_map(|option| match option {
        [key, value] if *key.text == "password" => Some(value.range.clone()),
        _ => None,
    });
    let in_address = || room.text.find(";password=").map(|at| room.range.start + at + ";password=".len());
    let password = password.or_else(|| in_address().map(|start| start..room.range.end));
    Some(NamedRoom { address: address.to_owned(), range, password })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room(command: &str) -> Option<(&str, Option<&str>)> {
        let room = room_of(command)?;
        let at = |range: Range<usize>| command.get(range).unwrap();
        let written = at(room.range);
        assert_eq!(room.address, written.replace('\\', ""));
        Some((written, room.password.map(at)))
    }

    #[test]
    fn finds_the_room_of_a_command() {
        assert_eq!(room("/join talk@riseup.net"), Some(("talk@riseup.net", None)));
        assert_eq!(room("/join  \"talk@riseup.net\" nick me"), Some(("talk@riseup.net", None)));
        assert_eq!(room("/join a@b password hunter2"), Some(("a@b", Some("hunter2"))));
        assert_eq!(room("/join a@b nick me password \"hunter 2\""), Some(("a@b", Some("hunter 2"))));
        assert_eq!(room("/bookmark add a@b nick me autojoin on"), Some(("a@b", None)));
        assert_eq!(room("/bookmark ignore add a@b"), Some(("a@b", None)));
        assert_eq!(room("/join xmpp:a@b?join;password=hunter2"), Some(("a@b", Some("hunter2"))));
        assert_eq!(room("/join a\\@b"), Some(("a\\@b", None)));
    }

    #[test]
    fn other_commands_name_none() {
        for command in [
            "/join",
            "/join talk",
            "/msg talk@riseup.net hello",
            "/invite send alice@riseup.net",
            "/joined a@b",
            "join a@b",
            " /join a@b",
            "/bookmark list a@b",
            "",
            "\"",
            "\\",
            "/join \"",
            "/join \"a@b password hunter2\"",
        ] {
            assert_eq!(room(command), None, "{command}");
        }
    }
}
