//! The rooms and contacts in `settings.sqlite`.

use std::collections::HashMap;

use super::cell::Cell;
use super::database::cell_words;
use super::rooms::{Gathering, Sighting, What, bare_and_domain, list};
use super::secrets;
use crate::model::{Profile, Span, limits};
use crate::syntax::json::{Member, Value, pointer_to};

/// Gathers them into the profile, those of the workspaces first: there the type is said. `numbers` says which
/// account each cell of `accounts` became.
pub(super) fn gather(
    profile: &mut Profile,
    workspaces: Option<&Cell>,
    accounts: &[Cell],
    numbers: &[Option<usize>],
    user_version: i64,
) {
    let mut gathering = Gathering::default();
    for sighting in shown(workspaces, accounts, numbers, user_version) {
        gathering.add(profile, sighting);
    }
    for (cell, number) in accounts.iter().zip(numbers) {
        let Some(number) = *number else { continue };
        for (key, what) in [("group_chat", What::Room), ("contact", What::Contact)] {
            for sighting in keys_of(cell, key, what, number) {
                gathering.add(profile, sighting);
            }
        }
        // The key stays for ever, but 1.5.3 and later do not read it.
        if user_version <= 2 {
            for sighting in recent(cell, number) {
                gathering.add(profile, sighting);
            }
        }
    }
}

/// What the workspaces show, in their order.
pub(super) fn shown(
    workspaces: Option<&Cell>,
    accounts: &[Cell],
    numbers: &[Option<usize>],
    user_version: i64,
) -> Vec<Sighting> {
    let Some(cell) = workspaces else { return Vec::new() };
    let names = accounts.iter().map(|account| account.key.as_str());
    let by_name = names.zip(numbers).filter_map(|(name, number)| Some((name, (*number)?))).collect();
    in_workspaces(cell, &by_name, user_version)
}

fn in_workspaces(cell: &Cell, accounts: &HashMap<&str, usize>, user_version: i64) -> Vec<Sighting> {
    let list = if user_version == 1 { "open_chats" } else { "chats" };
    let mut sightings = Vec::new();
    for workspace in cell.document.root.effective_members() {
        let pointer = pointer_to(&pointer_to("", &workspace.key), list);
        let chats = workspace.value.get(list).map(Value::elements).unwrap_or_default();
        for (number, chat) in chats.iter().enumerate() {
            let Some(chat) = chat_of(chat) else { continue };
            // One more than a profile holds, so that it notices.
            if sightings.len() > limits::CONTACTS {
                return sightings;
            }
            let pointer = format!("{}{}", pointer_to(&pointer, &number.to_string()), chat.pointer);
            sightings.push(Sighting {
                what: chat.what,
                account: accounts.get(chat.account).copied(),
                ..sighting(cell, chat.address, Some(pointer), "workspaces")
            });
        }
    }
    sightings
}

/// A conversation that a workspace shows.
struct Chat<'a> {
    what: What,
    account: &'a str,
    address: &'a Value,
    /// The pointer from the conversation to the address.
    pointer: &'static str,
}

/// Reads a conversation: an object since 1.5, a list in 1.4. Rooms' private conversations are neither.
fn chat_of(value: &Value) -> Option<Chat<'_>> {
    let (account, jid, kind, pointer) = match value.elements() {
        [] => (value.get("account")?, value.get("jid")?, value.get("type")?, "/jid"),
        [account, jid, kind, ..] => (account, jid, kind, "/1"),
        _ => return None,
    };
    let what = match kind.as_str()? {
        "groupchat" => What::Room,
        "chat" => What::Contact,
        _ => return None,
    };
    let (address, pointer) = match (jid.get("value"), pointer) {
        (Some(inner), "/jid") => (inner, "/jid/value"),
        (Some(inner), _) => (inner, "/1/value"),
        (None, pointer) => (jid, pointer),
    };
    Some(Chat { what, account: account.as_str()?, address, pointer })
}

/// An address that stands in a string of its own.
fn sighting(cell: &Cell, value: &Value, pointer: Option<String>, words: &str) -> Sighting {
    let text = value.as_str().unwrap_or_default();
    in_string(cell, value.span, text, Span::new(0, text.len()), pointer, words)
}

/// The address that `part` of the string `text` is.
fn in_string(cell: &Cell, string: Span, text: &str, part: Span, pointer: Option<String>, words: &str) -> Sighting {
    let address = text.get(part.start..part.end).unwrap_or_default();
    let (end, domain) = bare_and_domain(address);
    let bare = address.get(..end).unwrap_or_default();
    let words = format!("{words} / {}", secrets::shown_name(bare));
    let place = |from: usize| {
        let span = cell.part_of_string(string, text, Span::new(part.start + from, part.start + end.max(from)));
        cell.place_of(span, pointer.clone(), words.clone())
    };
    Sighting {
        what: What::Room,
        account: None,
        address: bare.to_owned(),
        place: place(0),
        service_place: place(domain),
    }
}

/// The addresses that are keys of the object `group` of an account.
fn keys_of<'a>(cell: &'a Cell, group: &str, what: What, account: usize) -> impl Iterator<Item = Sighting> + 'a {
    let words = format!("{} / {group}", cell_words(cell.table, &cell.key));
    let pointer = pointer_to("", group);
    let members: Vec<&Member> = cell.document.root.get(group).map(Value::effective_members).unwrap_or_default();
    members.into_iter().map(move |member| {
        let pointer = Some(pointer_to(&pointer, &member.key));
        let whole = Span::new(0, member.key.len());
        let found = in_string(cell, member.key_span, &member.key, whole, pointer, &words);
        Sighting { what, account: Some(account), ..found }
    })
}

/// The rooms last used, in 1.3 to 1.5.2.
fn recent(cell: &Cell, account: usize) -> Vec<Sighting> {
    const NAME: &str = "recent_groupchats";
    let words = format!("{} / {NAME}", cell_words(cell.table, &cell.key));
    let value = cell.document.root.get("account").and_then(|options| options.get(NAME));
    let Some((value, text)) = value.and_then(|value| Some((value, value.as_str()?))) else { return Vec::new() };
    let pointer = Some(format!("/account/{NAME}"));
    list(text)
        .map(|(part, _)| Sighting {
            account: Some(account),
            ..in_string(cell, value.span, text, part, pointer.clone(), &words)
        })
        .collect()
}
