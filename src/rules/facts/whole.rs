//! What is known about a profile as a whole, found out once: a file may hold a hundred thousand accounts and rooms, and
//! a rule that went through all of them for each would take hours.

use std::collections::HashSet;
use std::sync::OnceLock;

use super::account::connects_to;
use crate::model::{Profile, RoomFault, normal_domain};
use crate::providers::Onion;

/// What was found out about a profile.
#[derive(Debug, Default)]
pub struct Whole {
    domains: OnceLock<HashSet<String>>,
    room_hosts: OnceLock<HashSet<String>>,
    reaches_onion: OnceLock<bool>,
}

impl Whole {
    /// Whether an account of the profile lives on a host, given in its normal form.
    pub(super) fn has_account_on(&self, profile: &Profile, host: &str) -> bool {
        let domains =
            || profile.accounts.iter().map(|account| normal_domain(&account.address.value.domain)).collect();
        self.domains.get_or_init(domains).contains(host)
    }

    /// Whether a sound room of the profile lies on a host.
    pub(super) fn has_room_on(&self, profile: &Profile, host: &str) -> bool {
        let hosts = || {
            let sound = profile.rooms.iter().filter(|room| room.fault == RoomFault::Sound);
            sound.map(|room| room.address.domain.clone()).collect()
        };
        self.room_hosts.get_or_init(hosts).contains(host)
    }

    /// Whether an account of the profile connects to an onion address.
    pub(super) fn reaches_onion(&self, profile: &Profile) -> bool {
        let reaches = || profile.accounts.iter().any(|account| Onion::of(connects_to(account)) != Onion::Absent);
        *self.reaches_onion.get_or_init(reaches)
    }
}
