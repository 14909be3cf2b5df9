//! Rooms and contacts, each once for an account.

use std::collections::HashSet;

use super::secrets;
use crate::model::{Address, AddressFault, Place, Profile, Room, RoomFault, Secret, Setting, Span};

/// What an address is the address of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum What {
    /// A room.
    Room,
    /// A contact.
    Contact,
}

/// An address that was found in a file.
pub(super) struct Sighting {
    /// What it is.
    pub what: What,
    /// The account that it belongs to, where the file says so.
    pub account: Option<usize>,
    /// The address as written, perhaps with a nickname behind it.
    pub address: String,
    /// Where it stands.
    pub place: Place,
    /// Where its domain stands.
    pub service_place: Place,
}

/// Gathers addresses, the first place of each.
#[derive(Default)]
pub(super) struct Gathering {
    of_accounts: HashSet<(What, usize, String)>,
    anywhere: HashSet<(What, String)>,
}

impl Gathering {
    /// Adds an address to the profile unless it is there already, for the same account or for any if the file
    /// names none.
    pub(super) fn add(&mut self, profile: &mut Profile, sighting: Sighting) {
        let Sighting { what, account, address, place, service_place } = sighting;
        let (start, _) = bare_and_domain(&address);
        let address = Address::parse(address.get(..start).unwrap_or_default());
        if address.fault == AddressFault::Empty || secrets::secret_start(address.raw.as_bytes()).is_some() {
            return;
        }
        let known = address.bare();
        let first_anywhere = self.anywhere.insert((what, known.clone()));
        let first = match account {
            Some(account) => self.of_accounts.insert((what, account, known)),
            None => first_anywhere,
        };
        if !first {
            return;
        }
        let account_address =
            account.and_then(|number| profile.accounts.get(number)).map(|account| account.address.value.clone());
        let room = Room {
            fault: fault(address.fault),
            address,
            password: Setting::default(Secret::Absent, "", place.clone()),
            place,
            service_place,
            account,
            account_address,
            autojoin: false,
            answered: false,
        };
        match what {
            What::Room => profile.rooms.push(room),
            What::Contact => profile.contacts.push(room),
        }
    }
}

const fn fault(fault: AddressFault) -> RoomFault {
    match fault {
        AddressFault::Sound => RoomFault::Sound,
        AddressFault::NoLocalPart => RoomFault::NoName,
        AddressFault::NoDomain => RoomFault::NoService,
        AddressFault::Blank => RoomFault::Blank,
        AddressFault::DomainTwice | AddressFault::PortOrScheme => RoomFault::ServiceNotHost,
        AddressFault::Empty | AddressFault::NotAllowed => RoomFault::NotAnAddress,
    }
}

/// Where the bare address ends, and where its domain begins.
pub(super) fn bare_and_domain(address: &str) -> (usize, usize) {
    let end = address.find('/').unwrap_or(address.len());
    let domain = address.get(..end).and_then(|bare| bare.rfind('@')).map_or(0, |at| at + 1);
    (end, domain)
}

/// The addresses of a list that blanks separate, each with its place in the list.
pub(super) fn list(text: &str) -> impl Iterator<Item = (Span, &str)> {
    let mut at = 0;
    text.split([' ', '\t', '\r', '\n']).filter_map(move |word| {
        let span = Span::new(at, at + word.len());
        at = span.end + 1;
        (!word.is_empty()).then_some((span, word))
    })
}

/// Whether the address lies on a service that Gajim's migration takes for one of rooms, by its first label.
pub(super) fn has_room_label(address: &str) -> bool {
    const LABELS: [&str; 6] = ["muc", "conference", "conf", "rooms", "room", "chat"];
    let (end, domain) = bare_and_domain(address);
    let label = address.get(domain..end).and_then(|domain| domain.split('.').next());
    label.is_some_and(|label| LABELS.contains(&label))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_lists_apart() {
        let text = " a@b/nick  c@d ";
        let found: Vec<_> =
            list(text).map(|(span, word)| (text.get(span.start..span.end).unwrap(), word)).collect();
        assert_eq!(found, [("a@b/nick", "a@b/nick"), ("c@d", "c@d")]);
        assert_eq!(bare_and_domain("garden@riseup.net/alice@home"), (17, 7));
        assert_eq!(bare_and_domain("riseup.net"), (10, 0));
    }

    #[test]
    fn knows_the_labels_of_the_migration() {
        assert!(has_room_label("kitchen@conference.riseup.net"));
        assert!(has_room_label("kitchen@muc.example.org"));
        assert!(!has_room_label("garden@riseup.net"));
        assert!(!has_room_label("garden@groups.example.org"));
    }
}
