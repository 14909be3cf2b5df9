//! Where a rule's subject stands, and what it is called.

use super::facts::{SubjectKind, View};
use crate::model::{Account, Excerpt, FileNumber, Place, Position, Profile, Spot};

/// Lines, columns and excerpt of a place.
pub(super) fn show(profile: &Profile, place: &Place) -> (Option<Position>, Option<Excerpt>) {
    match &place.spot {
        Spot::File => (None, None),
        Spot::Cell(cell) => (None, cell.excerpt.clone()),
        Spot::Text(span) => match profile.file(place.file).and_then(|file| file.text.as_ref()) {
            Some(text) => (Some(text.position(*span)), Some(text.excerpt(*span))),
            None => (None, None),
        },
    }
}

/// Where the subject itself stands.
pub(super) fn place(view: &View) -> Option<Place> {
    let profile = &view.profile;
    match view.kind {
        SubjectKind::Account => profile.accounts.get(view.number).map(|account| account.place.clone()),
        SubjectKind::Room => profile.rooms.get(view.number).map(|room| room.place.clone()),
        SubjectKind::Contact => profile.contacts.get(view.number).map(|contact| contact.place.clone()),
        SubjectKind::Proxy => profile.proxies.get(view.number).map(|proxy| proxy.place.clone()),
        SubjectKind::Setting => profile.idle_settings.get(view.number).map(|setting| setting.place.clone()),
        SubjectKind::Launch => profile.launches.get(view.number).map(|launch| launch.place.clone()),
        SubjectKind::Habit => profile.habits.get(view.number).map(|habit| habit.what.place().clone()),
        SubjectKind::Command => profile.commands.get(view.number).map(|command| command.place.clone()),
        SubjectKind::Conversation => {
            profile.conversations.get(view.number).map(|conversation| conversation.place.clone())
        }
        SubjectKind::Published => profile.published.get(view.number).map(|published| published.place.clone()),
        SubjectKind::File => profile.files.get(view.number).map(|file| file.place(FileNumber(view.number))),
        SubjectKind::Profile => profile.files.first().map(|file| file.place(FileNumber(0))),
    }
}

/// What the subject is called where no rule has a sentence about it.
pub(super) fn name(view: &View) -> String {
    let file = || {
        let file = view.profile.files.get(view.number).filter(|_| view.kind == SubjectKind::File);
        Some(file?.path.file_name()?.to_string_lossy().into_owned())
    };
    let (account, room) = names(view);
    let own = room.or_else(file).or(account).filter(|name| !name.is_empty());
    own.unwrap_or_else(|| view.client_title().to_owned())
}

/// The account and the room that the subject is about, by address.
pub(super) fn names(view: &View) -> (Option<String>, Option<String>) {
    let profile = &view.profile;
    let jid = |number: Option<usize>| {
        number.and_then(|number| profile.accounts.get(number)).map(|account: &Account| account.address.value.bare())
    };
    match view.kind {
        SubjectKind::Account => (jid(Some(view.number)), None),
        SubjectKind::Room | SubjectKind::Contact => {
            let list = if view.kind == SubjectKind::Room { &profile.rooms } else { &profile.contacts };
            let room = list.get(view.number);
            let account = room.and_then(|room| {
                jid(room.account).or_else(|| room.account_address.as_ref().map(crate::model::Address::bare))
            });
            (account, room.map(|room| room.address.bare()))
        }
        SubjectKind::Proxy => (jid(profile.proxies.get(view.number).and_then(|proxy| proxy.account)), None),
        SubjectKind::Setting => {
            (jid(profile.idle_settings.get(view.number).and_then(|setting| setting.account)), None)
        }
        SubjectKind::Habit => (jid(profile.habits.get(view.number).and_then(|habit| habit.account)), None),
        SubjectKind::Conversation => {
            let conversation = profile.conversations.get(view.number);
            let account = jid(conversation.and_then(|conversation| conversation.account));
            (account, conversation.map(|conversation| conversation.address.bare()))
        }
        SubjectKind::Published => {
            let published = profile.published.get(view.number);
            let room = published.and_then(|published| profile.rooms.get(published.room?));
            (jid(published.and_then(|published| published.account)), room.map(|room| room.address.bare()))
        }
        SubjectKind::Profile | SubjectKind::File | SubjectKind::Launch | SubjectKind::Command => (None, None),
    }
}
