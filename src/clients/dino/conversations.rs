//! Rooms, contacts and conversations: what the rows of `conversation` stand for.
//!
//! A row proves little. Dino makes one for the account itself, keeps those of closed chats and of accounts
//! that were removed, and takes whatever address is opened while it is offline, as a room or as a person.

use std::collections::HashSet;

use super::end_to_end;
use super::keys::Keys;
use super::rows::{CHAT, Chat, GROUPCHAT, Rows};
use super::signs::{Received, Signs};
use crate::model::{
    Address, AddressFault, Conversation, ConversationEncryption, FileNumber, Profile, Room, RoomFault, Secret,
    Setting,
};
use crate::source::sqlite::{Database, Unreadable};

/// Labels that room services have before the domain of their server.
const ROOM_LABELS: [&str; 5] = ["conference", "muc", "rooms", "chat", "groups"];

/// Adds the rooms, contacts and conversations to the profile, as far as they can be read. Its accounts are those
/// that the rows belong to; `keys` tells to whom could be encrypted.
pub(super) fn add(
    profile: &mut Profile,
    file: FileNumber,
    database: &Database,
    rows: &Rows<'_>,
    keys: &Keys,
) -> Result<(), Unreadable> {
    let (signs, signs_read) = Signs::read(database, &rows.chats);
    let received = Received::new(database)?;
    let rooms: HashSet<(i64, &str, &str)> =
        rows.chats.iter().filter(|row| row.kind == GROUPCHAT).filter_map(Chat::key).collect();
    let mut seen = HashSet::new();
    let mut result = signs_read;
    for row in rows.chats.iter().filter(|row| row.is_active && !row.is_own()) {
        if !seen.insert((row.owner.id, row.jid_id, row.kind)) {
            continue;
        }
        profile.conversations.extend(row.conversation(file, keys));
        let has_answered = received.any(row).unwrap_or_else(|failure| {
            result = result.and(Err(failure));
            // What cannot be read must not become an accusation.
            true
        });
        match row.kind {
            GROUPCHAT => profile.rooms.push(row.room(file, has_answered || signs.tell_of_room(row))),
            CHAT if !has_answered && !signs.tell_of_person(row) && row.is_named_as_one_of(&rooms) => {
                profile.rooms.push(row.room(file, false));
            }
            CHAT => profile.contacts.push(row.room(file, has_answered)),
            _ => {}
        }
    }
    result
}

impl Chat<'_> {
    /// Whether a room of the same name is known at a room service of the same domain: then this is that room,
    /// opened as if it were a person.
    fn is_named_as_one_of(&self, rooms: &HashSet<(i64, &str, &str)>) -> bool {
        self.key().is_some_and(|(account, local, domain)| {
            ROOM_LABELS.iter().any(|label| rooms.contains(&(account, local, &format!("{label}.{domain}"))))
        })
    }

    fn room(&self, file: FileNumber, answered: bool) -> Room {
        let shown = self.shown(file);
        let service = self.jid.rfind('@').map_or(0, |at| at + 1);
        Room {
            address: self.address.clone(),
            place: shown.place("jid"),
            service_place: shown.place_from("jid", service),
            fault: room_fault(&self.address, answered),
            account: Some(self.owner_number),
            account_address: Some(self.owner.account.address.value.clone()),
            password: Setting::default(Secret::Absent, "built in", shown.place("jid")),
            autojoin: self.kind == GROUPCHAT,
            answered,
        }
    }

    /// The conversation, if it is one that could be encrypted: not with an occupant of a room, nor with a server
    /// or a gateway.
    fn conversation(&self, file: FileNumber, keys: &Keys) -> Option<Conversation> {
        let group = match self.kind {
            CHAT => false,
            GROUPCHAT => true,
            _ => return None,
        };
        self.address.local.as_ref()?;
        Some(Conversation {
            address: self.address.clone(),
            place: self.shown(file).place("encryption"),
            account: Some(self.owner_number),
            group,
            encryption: self.end_to_end(keys),
        })
    }

    /// Nothing tells of a row whether somebody chose what it says: those made before Dino 0.5 say 0 because there
    /// was no default, and go on saying so.
    fn end_to_end(&self, keys: &Keys) -> ConversationEncryption {
        match self.encryption {
            Some(end_to_end::OPENPGP | end_to_end::OMEMO) => ConversationEncryption::Encrypted,
            // Whether a room is one that could be encrypted, the database does not say.
            Some(end_to_end::NONE) if self.kind == GROUPCHAT => ConversationEncryption::Undecided,
            Some(end_to_end::NONE) if keys.can_encrypt_to(self.owner.id, &self.address.bare()) => {
                ConversationEncryption::ClearThoughPossible
            }
            Some(end_to_end::NONE) => ConversationEncryption::Clear,
            _ => ConversationEncryption::Undecided,
        }
    }
}

/// An address that answered is good, however odd it looks.
const fn room_fault(address: &Address, answered: bool) -> RoomFault {
    match address.fault {
        _ if answered => RoomFault::Sound,
        AddressFault::Sound => RoomFault::Sound,
        AddressFault::Blank => RoomFault::Blank,
        AddressFault::NoLocalPart => RoomFault::NoName,
        AddressFault::NoDomain => RoomFault::NoService,
        _ => RoomFault::NotAnAddress,
    }
}
