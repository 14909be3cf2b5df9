//! Facts about rooms and contacts.

use super::FactKind::{Text, Truth, Word};
use super::{Fact, Mark, SubjectKind, View};
use crate::model::{Room, RoomFault, Secret, normal_domain};
use crate::providers::{RoomService, Standing};

/// First labels by which a contact's host is taken for a room service. Fewer than for rooms: `chat.` and others
/// are account domains as well.
const SURE_LABELS: [&str; 6] = ["conference", "conf", "muc", "rooms", "groups", "groupchat"];

/// The facts.
pub(super) const FACTS: &[Fact] = &[
    Fact::new("room.address", Text, "The room's address as the client builds it", |view| {
        Some(room(view)?.address.bare().into())
    })
    .at(|view| Some(Mark::at(&room(view)?.place))),
    Fact::new("room.service", Text, "The host on which the client looks for it", |view| {
        Some(room(view)?.address.domain.clone().into())
    })
    .at(|view| Some(Mark::at(&room(view)?.service_place))),
    Fact::new("room.fault", Word(RoomFault::WORDS), "What is wrong with the way it is written", |view| {
        Some(room(view)?.fault.word().into())
    })
    .at(|view| Some(Mark::at(&room(view)?.place))),
    Fact::new("room.standing", Word(Standing::WORDS), "What is known about that host", |view| {
        Some(room_service(view)?.standing.word().into())
    })
    .at(|view| Some(Mark::at(&room(view)?.service_place))),
    Fact::new("room.instead", Text, "The room's address on the right host, if one is known", |view| {
        let instead = room_service(view)?.instead?;
        Some(match &room(view)?.address.local {
            Some(local) => format!("{local}@{instead}").into(),
            None => instead.into(),
        })
    }),
    Fact::new("room.instead_service", Text, "The right host, if one is known", |view| {
        Some(room_service(view)?.instead?.into())
    }),
    Fact::new("room.documented", Truth, "Whether the right host is documented, and not only likely", |view| {
        Some(room_service(view)?.documented.into())
    }),
    Fact::new("room.provider", Text, "The provider's name, if one is known", |view| {
        Some(room_service(view)?.provider?.into())
    }),
    Fact::new("room.account", Text, "The JID of the account that it belongs to", |view| {
        Some(account_of(view, room(view)?).into())
    }),
    Fact::new("room.autojoin", Truth, "Whether the client joins it by itself", |view| {
        Some(room(view)?.autojoin.into())
    }),
    Fact::new("room.answered", Truth, "Whether something proves that the room exists", |view| {
        Some(room(view)?.answered.into())
    }),
    Fact::new("room.password", Word(Secret::WORDS), "What is stored as the room's password", |view| {
        Some(room(view)?.password.value.word().into())
    })
    .at(|view| Some(Mark::of(&room(view)?.password))),
    Fact::new("room.password_tracked", Truth, "Whether git keeps the file in which the password stands", |view| {
        Some(view.is_tracked(room(view)?.password.place()).into())
    }),
    Fact::new("contact.address", Text, "The contact's bare JID", |view| Some(contact(view)?.address.bare().into()))
        .at(|view| Some(Mark::at(&contact(view)?.place))),
    Fact::new("contact.account", Text, "The JID of the account that it belongs to", |view| {
        Some(account_of(view, contact(view)?).into())
    }),
    Fact::new("contact.is_room", Truth, "Whether its host is one on which rooms live, and no people", |view| {
        Some(is_room(view, contact(view)?).into())
    })
    .at(|view| Some(Mark::at(&contact(view)?.place))),
];

fn room(view: &View) -> Option<&Room> {
    if view.kind != SubjectKind::Room {
        return None;
    }
    view.profile.rooms.get(view.number)
}

fn contact(view: &View) -> Option<&Room> {
    if view.kind != SubjectKind::Contact {
        return None;
    }
    view.profile.contacts.get(view.number)
}

fn account_of(view: &View, room: &Room) -> String {
    view.account_jid(room.account)
        .or_else(|| room.account_address.as_ref().map(crate::model::Address::bare))
        .unwrap_or_default()
}

fn room_service(view: &View) -> Option<RoomService> {
    let room = room(view)?;
    let of_account = room.account_address.as_ref().map(|address| normal_domain(&address.domain));
    let is_own = |host: &str| of_account.as_deref() == Some(host) || view.is_own_domain(host);
    Some(view.providers().judge_room(room.address.local.as_deref(), &room.address.domain, &is_own))
}

/// Whether a contact's address is that of a room: on a documented room service, on one that the same profile
/// has rooms on, or on a host that is called like one. Never on a domain on which accounts live.
fn is_room(view: &View, contact: &Room) -> bool {
    let host = &contact.address.domain;
    let providers = view.providers();
    if contact.address.local.is_none() || providers.of_account_domain(host).is_some() || view.is_own_domain(host) {
        return false;
    }
    let gateway =
        providers.judge_room(contact.address.local.as_deref(), host, &|_| false).standing == Standing::Gateway;
    let named_like_one =
        || host.split_once('.').is_some_and(|(label, rest)| SURE_LABELS.contains(&label) && rest.contains('.'));
    let in_use = || view.whole.has_room_on(&view.profile, host);
    !gateway && (providers.of_room_service(host).is_some() || named_like_one() || in_use())
}
