//! Commands that a client keeps for its user: aliases, scripts, macros.

use super::words::words;
use super::{ClientName, Place};

words! {
    /// What a command does that an attacker would like.
    CommandEffect {
        /// It connects with TLS only if the server offers it.
        ConnectsOptional = "connects_optional",
        /// It connects without TLS.
        ConnectsNever = "connects_never",
        /// It connects without checking the certificate.
        ConnectsUnchecked = "connects_unchecked",
        /// It connects with `jabber:iq:auth` (XEP-0078).
        ConnectsLegacy = "connects_legacy",
        /// It registers an account, for which no TLS is insisted on.
        Registers = "registers",
        /// It holds the password of an account.
        HoldsPassword = "holds_password",
        /// It holds the password of a room.
        HoldsRoomPassword = "holds_room_password",
    }
}

/// A command that betrays its user when it is run, or by standing there.
#[derive(Clone, Debug)]
pub struct Command {
    /// The client that runs it.
    pub client: ClientName,
    /// What it does.
    pub effect: CommandEffect,
    /// Whether the account keeps that afterwards; otherwise it is for one connection.
    pub stores: bool,
    /// Where the word stands that does it, or the secret.
    pub place: Place,
    /// The alias, the script's file name, the key that is bound.
    pub name: String,
}
