//! `blist.xml`: the rooms and contacts that libpurple remembers.

use std::collections::HashMap;

use super::accounts::{PROTOCOL, key_of};
use super::node_settings::NodeSettings;
use super::numbers::numeric_truth;
use super::source::Source;
use crate::model::{Address, AddressFault, Bounded, Place, Room, RoomFault, Secret, Setting, Span, limits};
use crate::syntax::xml::{Document, Element};

/// What makes a client join a room by itself: Pidgin's word, Finch's word.
const AUTOJOIN: [&str; 2] = ["gtk-autojoin", "gnt-autojoin"];

/// The number of each account in the profile, by its key.
pub(super) type Numbers = HashMap<String, usize>;

/// The rooms and contacts of a file, of each one more than a profile holds, so that it notices.
#[derive(Debug)]
pub(super) struct Buddies {
    /// The rooms.
    pub rooms: Bounded<Room>,
    /// The contacts.
    pub contacts: Bounded<Room>,
    /// What entries of accounts that exist keep for themselves.
    pub settings: Vec<NodeSettings>,
}

impl Buddies {
    /// Reads the elements as libpurple's `blist.c` does. Entries of accounts that do not exist are kept here, though
    /// the client drops them: whoever audits a copy of the list alone has no accounts.
    pub(super) fn read(document: &Document, source: Source, accounts: &Numbers) -> Self {
        let (rooms, contacts) = (Bounded::new(limits::ROOMS + 1), Bounded::new(limits::CONTACTS + 1));
        let mut buddies = Self { rooms, contacts, settings: Vec::new() };
        let list = document.root().and_then(|root| root.child("blist"));
        for group in list.into_iter().flat_map(|list| list.twins("group")) {
            for child in group.children() {
                match child.name() {
                    "chat" => buddies.add_room(child, source, accounts),
                    "contact" | "person" => {
                        for buddy in child.children().filter(|child| child.name() == "buddy") {
                            buddies.add_contact(buddy, child, source, accounts);
                        }
                    }
                    _ => {}
                }
            }
        }
        buddies
    }

    fn add_room(&mut self, chat: Element, source: Source, accounts: &Numbers) {
        let Some(room) = room(chat, source, accounts) else { return };
        if let (Some(account), RoomFault::Sound) = (room.account, room.fault) {
            self.keep(NodeSettings::of_room(chat, room.address.clone(), account));
        }
        self.rooms.push(room);
    }

    fn add_contact(&mut self, buddy: Element, around: Element, source: Source, accounts: &Numbers) {
        let Some(contact) = contact(buddy, source, accounts) else { return };
        if let (Some(account), AddressFault::Sound | AddressFault::NoLocalPart) =
            (contact.account, contact.address.fault)
        {
            self.keep(NodeSettings::of_buddy(buddy, around, contact.address.clone(), account));
        }
        self.contacts.push(contact);
    }

    fn keep(&mut self, settings: NodeSettings) {
        if !settings.is_empty() && self.settings.len() < limits::CONTACTS + limits::ROOMS {
            self.settings.push(settings);
        }
    }
}

/// A part of a room's address: what is written, and where.
struct Component<'d> {
    text: String,
    span: Span,
    element: Element<'d>,
}

fn room(chat: Element, source: Source, accounts: &Numbers) -> Option<Room> {
    let (account, account_address) = owner(chat, accounts)?;
    let part = |name| component(chat, name);
    let (name, service) = (part("room"), part("server"));
    let text = |part: &Option<Component>| part.as_ref().map(|part| part.text.clone()).unwrap_or_default();
    let (name_text, service_text) = (text(&name), text(&service));
    let address = Address::parse(&format!("{name_text}@{service_text}"));
    let words = format!("rooms[{}]", address.raw);
    let place = |span: Option<Span>, part: &str| match span {
        Some(span) => source.place(span, format!("{words} / {part}")),
        None => source.place(chat.name_span(), words.clone()),
    };
    let password = match part("password") {
        Some(password) => Setting::written(
            super::secrets::of_element(password.element),
            source.place(password.span, format!("{words} / password")),
        ),
        None => Setting::default(Secret::Absent, "", place(None, "")),
    };
    Some(Room {
        place: place(name.as_ref().map(|name| name.span), "room"),
        service_place: place(service.as_ref().map(|service| service.span), "server"),
        fault: fault(&name_text, &service_text, &address),
        address,
        account,
        account_address: Some(account_address),
        password,
        autojoin: AUTOJOIN.iter().any(|name| is_set(chat, name)),
        answered: false,
    })
}

/// What keeps libpurple from joining: it then sends nothing, silently or with a dialog (observed).
pub(super) fn fault(name: &str, service: &str, address: &Address) -> RoomFault {
    let is_padded = |text: &str| text.trim() != text;
    if service.trim().is_empty() {
        RoomFault::NoService
    } else if name.trim().is_empty() {
        RoomFault::NoName
    } else if name.contains('@') {
        RoomFault::WholeAddressInName
    } else if is_padded(name) || is_padded(service) {
        RoomFault::Blank
    } else if service.contains(['@', '/']) {
        RoomFault::ServiceNotHost
    } else if address.fault != AddressFault::Sound {
        RoomFault::NotAnAddress
    } else {
        RoomFault::Sound
    }
}

fn contact(buddy: Element, source: Source, accounts: &Numbers) -> Option<Room> {
    let (account, account_address) = owner(buddy, accounts)?;
    let name = buddy.child("name")?;
    let address = Address::parse(&name.text()?);
    let place: Place = source.place(name.inner_span(), format!("contacts[{}]", address.bare()));
    Some(Room {
        address,
        service_place: place.clone(),
        password: Setting::default(Secret::Absent, "", place.clone()),
        place,
        fault: RoomFault::Sound,
        account,
        account_address: Some(account_address),
        autojoin: false,
        answered: false,
    })
}

/// The account that an entry belongs to, if it is one of XMPP; entries without an account or a protocol are dropped.
fn owner(entry: Element, accounts: &Numbers) -> Option<(Option<usize>, Address)> {
    let name = entry.value("account")?;
    let protocol = entry.value("proto").or_else(|| entry.value("protocol"))?;
    if protocol.as_str() != PROTOCOL {
        return None;
    }
    Some((accounts.get(&key_of(&name)).copied(), Address::parse(&name)))
}

/// A component of that name; the last one counts, and one without text is as if it were missing.
fn component<'d>(chat: Element<'d>, name: &str) -> Option<Component<'d>> {
    let element = chat
        .twins("component")
        .filter(|component| component.value("name").is_some_and(|value| value.as_str() == name))
        .last()?;
    let text = element.text()?.as_str().to_owned();
    Some(Component { text, span: element.inner_span(), element })
}

/// Whether a truth value of an entry is set; the last one counts.
fn is_set(entry: Element, name: &str) -> bool {
    entry
        .twins("setting")
        .filter(|setting| setting.value("name").is_some_and(|value| value.as_str() == name))
        .last()
        .is_some_and(|setting| {
            setting.value("type").is_some_and(|kind| kind.as_str() == "bool")
                && setting.text().is_some_and(|text| numeric_truth(&text))
        })
}
