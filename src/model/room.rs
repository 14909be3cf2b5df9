//! Rooms (multi-user chats, XEP-0045) and contacts that a client remembers.

use super::words::words;
use super::{Address, Place, Secret, Setting};

words! {
    /// What is wrong with the way in which a room's address is written down.
    RoomFault {
        /// Nothing.
        Sound = "sound",
        /// The whole `room@service` stands in the field for the room's name.
        WholeAddressInName = "whole_address_in_name",
        /// A field begins or ends with a blank.
        Blank = "blank",
        /// The room's name is missing.
        NoName = "no_name",
        /// The service is missing.
        NoService = "no_service",
        /// The service holds an `@` or a `/`.
        ServiceNotHost = "service_not_host",
        /// The address is not a valid JID for another reason.
        NotAnAddress = "not_an_address",
    }
}

/// A room that a client remembers, or a contact.
#[derive(Clone, Debug)]
pub struct Room {
    /// The address as the client will build it.
    pub address: Address,
    /// The element or row that holds the room.
    pub place: Place,
    /// Where the part stands that names the service.
    pub service_place: Place,
    /// What is wrong with the way it is written.
    pub fault: RoomFault,
    /// The number of the account in the profile that it belongs to, where the client says so.
    pub account: Option<usize>,
    /// The account's JID as the entry names it, also where no such account is in the profile.
    pub account_address: Option<Address>,
    /// A password for the room.
    pub password: Setting<Secret>,
    /// Whether the client joins it by itself.
    pub autojoin: bool,
    /// Whether something in the files proves that the room exists: messages were received from it.
    pub answered: bool,
}
