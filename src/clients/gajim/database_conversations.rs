//! The conversations in `settings.sqlite`: those that a workspace shows, and those whose encryption was chosen.

use std::collections::HashMap;

use super::cell::Cell;
use super::conversations::{Chat, Gathering};
use super::database::cell_words;
use super::end_to_end::DEFAULT;
use super::habits::Uses;
use super::rooms::{Sighting, What, bare_and_domain};
use super::secrets;
use crate::model::{Place, Profile};
use crate::syntax::json::{Value, pointer_to};

/// Gathers them into the profile. `shown` are those of the workspaces; `numbers` says which account each cell became.
/// Says for each account which encryption it uses.
pub(super) fn gather(
    profile: &mut Profile,
    shown: Vec<Sighting>,
    accounts: &[Cell],
    numbers: &[Option<usize>],
) -> HashMap<usize, Uses> {
    let mut gathering = Gathering::default();
    let mut uses: HashMap<usize, Uses> = HashMap::new();
    let mut chosen = HashMap::new();
    let mut order = Vec::new();
    for (cell, number) in accounts.iter().zip(numbers) {
        let Some(account) = *number else { continue };
        let known = uses.entry(account).or_default();
        *known = known.and(default_of(cell));
        for (key, what) in [("contact", What::Contact), ("group_chat", What::Room)] {
            for chat in of_account(cell, key, what, account) {
                *known = known.and(chat.encryption.as_deref().unwrap_or_default());
                order.push(id(&chat));
                chosen.insert(id(&chat), chat);
            }
        }
    }
    for Sighting { what, account, address, place, .. } in shown {
        let Some(account) = account else { continue };
        let shown = Chat { what, account, address, encryption: None, place };
        let chat = chosen.remove(&id(&shown)).unwrap_or(shown);
        gathering.add(profile, chat);
    }
    for id in order {
        if let Some(chat) = chosen.remove(&id) {
            gathering.add(profile, chat);
        }
    }
    uses
}

fn id(chat: &Chat) -> (What, usize, String) {
    (chat.what, chat.account, chat.address.to_lowercase())
}

fn default_of(cell: &Cell) -> &str {
    let account = cell.document.root.get("account");
    account.and_then(|account| account.get(DEFAULT)).and_then(Value::as_str).unwrap_or_default()
}

/// The conversations of an account whose encryption is written down.
fn of_account(cell: &Cell, group: &str, what: What, account: usize) -> Vec<Chat> {
    let members = cell.document.root.get(group).map(Value::effective_members).unwrap_or_default();
    let pointer = pointer_to("", group);
    let chats = members.into_iter().filter_map(|member| {
        let encryption = member.value.member("encryption")?;
        let (end, _) = bare_and_domain(&member.key);
        Some(Chat {
            what,
            account,
            address: member.key.clone(),
            encryption: Some(encryption.value.as_str().unwrap_or_default().to_owned()),
            place: place_of(cell, group, member.key.get(..end)?, &pointer_to(&pointer, &member.key), encryption),
        })
    });
    chats.collect()
}

fn place_of(cell: &Cell, group: &str, address: &str, pointer: &str, member: &crate::syntax::json::Member) -> Place {
    let words = cell_words(cell.table, &cell.key);
    let words = format!("{words} / {group} / {} / encryption", secrets::shown_name(address));
    cell.place_of(member.value.span, Some(pointer_to(pointer, &member.key)), words)
}
