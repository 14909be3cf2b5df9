//! Rooms that Profanity's files name. Bookmarks are on the server; what is here is what a user typed.

use super::commands;
use super::keys;
use super::source::Source;
use super::typed::{self, Typed};
use crate::model::{
    Account, Address, AddressFault, FileNumber, Place, Room, RoomFault, Secret, Setting, Span, limits,
};
use crate::syntax::keyfile::Group;

/// Rooms with notification settings of their own, and rooms that aliases join.
pub(super) fn in_preferences(source: &Source<'_>) -> Vec<Room> {
    let groups = source.keys.groups().iter().filter(|group| is_room(source, group));
    let with_settings = groups.map(|group| of_group(source, group));
    let joined = typed::in_aliases(source).filter_map(|typed| of_typed(&typed));
    // One more than a profile holds, so that it notices.
    with_settings.chain(joined).take(limits::ROOMS + 1).collect()
}

/// Whether a group of `profrc` is a room: an address, with nothing in it but what `/notify room` writes.
fn is_room(source: &Source<'_>, group: &Group) -> bool {
    let name = source.keys.raw(group.name);
    name.contains(&b'@') && group.entries().all(|entry| keys::contains(keys::ROOM, source.keys.raw(entry.key)))
}

fn of_group(source: &Source<'_>, group: &Group) -> Room {
    let name = source.keys.lossy(group.name);
    room(&name, Written { place: source.group_place(group), span: group.name, file: source.number })
}

/// The room that a kept command joins or remembers.
pub(super) fn of_typed(typed: &Typed) -> Option<Room> {
    let named = commands::room_of(&typed.text)?;
    let words =
        if typed.shares_words { format!("{} / {}", typed.words, named.address) } else { typed.words.clone() };
    let span = typed.span(&named.range);
    let place = Place::in_text(typed.file, span, words.as_str());
    let mut room = room(&named.address, Written { place, span, file: typed.file });
    if let Some(range) = &named.password {
        let secret = Secret::classify(typed.text.get(range.clone()).unwrap_or_default());
        let words = format!("{words} / password");
        room.password = Setting::written(secret, Place::in_text(typed.file, typed.span(range), words));
    }
    Some(room)
}

/// Rooms that are not joined although they are bookmarked: a group is an account, a key is a room.
pub(super) fn ignored(source: &Source<'_>, accounts: &[Account]) -> Vec<Room> {
    let mut rooms = Vec::new();
    for group in source.keys.groups() {
        let owner = Address::parse(&source.keys.lossy(group.name));
        let account = accounts.iter().position(|account| account.address.value.same_bare(&owner));
        for entry in group.entries().filter(|entry| source.keys.raw(entry.key).contains(&b'@')) {
            let name = source.keys.lossy(entry.key);
            let place = source.place(entry.key, &format!("{} / {name}", source.group_words(group)));
            rooms.push(Room {
                account,
                account_address: Some(owner.clone()),
                ..room(&name, Written { place, span: entry.key, file: source.number })
            });
            // One more than a profile holds, so that it notices.
            if rooms.len() > limits::ROOMS {
                return rooms;
            }
        }
    }
    rooms
}

/// An address as it stands in a file.
struct Written {
    place: Place,
    span: Span,
    file: FileNumber,
}

fn room(address: &str, written: Written) -> Room {
    let address = Address::parse(address);
    let Written { place, span, file } = written;
    Room {
        fault: fault(&address),
        service_place: Place::in_text(file, service(&address, span), place.words.clone()),
        password: Setting::default(Secret::Absent, "", place.clone()),
        address,
        place,
        account: None,
        account_address: None,
        autojoin: false,
        answered: false,
    }
}

/// The part behind the `@`. If escapes make the text longer in the file than it is, the whole address.
fn service(address: &Address, span: Span) -> Span {
    let bare = address.raw.split('/').next().unwrap_or_default();
    match bare.rfind('@') {
        Some(at) if address.raw.len() == span.end - span.start => {
            Span::new(span.start + at + 1, span.start + bare.len())
        }
        _ => span,
    }
}

const fn fault(address: &Address) -> RoomFault {
    match address.fault {
        AddressFault::Sound => RoomFault::Sound,
        AddressFault::NoLocalPart => RoomFault::NoName,
        AddressFault::NoDomain => RoomFault::NoService,
        AddressFault::Blank => RoomFault::Blank,
        AddressFault::DomainTwice => RoomFault::ServiceNotHost,
        AddressFault::Empty | AddressFault::PortOrScheme | AddressFault::NotAllowed => RoomFault::NotAnAddress,
    }
}
