//! Conversations, and whether they are end-to-end encrypted.

use std::collections::HashSet;

use super::rooms::What;
use super::secrets;
use crate::model::{Address, AddressFault, Conversation, ConversationEncryption, EndToEnd, Place, Profile};

/// A conversation that stands in a file.
pub(super) struct Chat {
    /// Whether it is a room.
    pub what: What,
    /// Its account.
    pub account: usize,
    /// Its address as written.
    pub address: String,
    /// What is written about its encryption: a word, empty for none; nothing where the account's default counts.
    pub encryption: Option<String>,
    /// Where that stands, or the conversation.
    pub place: Place,
}

/// Gathers conversations, the first place of each.
#[derive(Default)]
pub(super) struct Gathering(HashSet<(What, usize, String)>);

impl Gathering {
    /// Adds a conversation of an account that is in use, unless it is there already or one with oneself.
    pub(super) fn add(&mut self, profile: &mut Profile, chat: Chat) {
        let Chat { what, account, address, encryption, place } = chat;
        let address = Address::parse(&address);
        let Some(owner) = profile.accounts.get(account).filter(|owner| owner.enabled.value) else { return };
        let is_hidden = secrets::secret_start(address.raw.as_bytes()).is_some();
        // What has a resource is a private conversation in a room.
        if address.fault != AddressFault::Sound || address.raw.contains('/') || is_hidden {
            return;
        }
        let bare = address.bare();
        if bare == owner.address.value.bare() {
            return;
        }
        let by_default = owner.end_to_end.value == EndToEnd::DefaultOn;
        if !self.0.insert((what, account, bare)) {
            return;
        }
        profile.conversations.push(Conversation {
            address,
            place,
            account: Some(account),
            group: what == What::Room,
            encryption: judge(what, encryption.as_deref(), by_default),
        });
    }
}

/// Where the default is on, Gajim itself writes that a public room is not encrypted, because it cannot be: nobody
/// chose that, and without a word the room may be either.
fn judge(what: What, written: Option<&str>, by_default: bool) -> ConversationEncryption {
    match (written, what) {
        (Some(word), _) if !word.is_empty() => ConversationEncryption::Encrypted,
        (_, What::Room) if by_default => ConversationEncryption::Undecided,
        (Some(_), What::Contact) if by_default => ConversationEncryption::ChosenClear,
        (None, What::Contact) if by_default => ConversationEncryption::Encrypted,
        _ => ConversationEncryption::Clear,
    }
}
