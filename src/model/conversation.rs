//! Conversations: with whom a client chats, and whether end-to-end encrypted.

use super::words::words;
use super::{Address, Place};

words! {
    /// Whether a conversation is end-to-end encrypted.
    ConversationEncryption {
        /// It is.
        Encrypted = "encrypted",
        /// The user turned it off, although the default is on.
        ChosenClear = "chosen_clear",
        /// It is not, although the contact has devices that could be encrypted to.
        ClearThoughPossible = "clear_though_possible",
        /// It is not, and whether it could be is not known.
        Clear = "clear",
        /// It cannot be said.
        Undecided = "undecided",
    }
}

/// A conversation that is open in a client.
#[derive(Clone, Debug)]
pub struct Conversation {
    /// With whom, or in which room.
    pub address: Address,
    /// The element or row that says whether it is encrypted.
    pub place: Place,
    /// The number of the account that it belongs to.
    pub account: Option<usize>,
    /// Whether it is a room.
    pub group: bool,
    /// Whether it is end-to-end encrypted.
    pub encryption: ConversationEncryption,
}
