//! The secrets in a version of a file, and how each is known again in another.

use crate::model::{
    Account, ClientName, CommandEffect, FileNumber, HabitKind, Imprint, PasswordCommand, Place, Profile,
    PublishedSecret, Purpose, Spot,
};

/// A secret in a file.
#[derive(Clone, Debug)]
pub struct Planted {
    /// What it is.
    pub what: PublishedSecret,
    /// Where it stands.
    pub place: Place,
    /// The number of the account that it belongs to.
    pub account: Option<usize>,
    /// The number of the room that it belongs to.
    pub room: Option<usize>,
    /// How it is known again.
    pub key: Key,
}

/// What two versions of one secret have in common.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    client: ClientName,
    what: PublishedSecret,
    /// Whose it is: the address of the account or room, the host of the proxy. Of files that are secret as a whole,
    /// nothing: those are known by their paths.
    owner: String,
    /// The secret itself; of files that are secret as a whole, nothing: they change with every message.
    imprint: Option<Imprint>,
}

impl Key {
    /// Whether it is a whole file that is secret.
    pub const fn is_file(&self) -> bool {
        matches!(self.what, PublishedSecret::PrivateKey | PublishedSecret::ForgottenCopy)
    }
}

/// The secrets that stand in the files of a profile in the clear.
#[must_use]
pub fn planted(profile: &Profile) -> Vec<Planted> {
    let mut found = Vec::new();
    for (number, account) in profile.accounts.iter().enumerate() {
        let mut add = |what, place: &Place| {
            let mut planted = secret(profile, what, place, bare(account));
            planted.account = Some(number);
            found.push(planted);
        };
        if account.password.value.is_clear() {
            add(PublishedSecret::AccountPassword, account.password.place());
        }
        if account.password_command.value == PasswordCommand::HoldsSecret {
            add(PublishedSecret::PasswordCommand, account.password_command.place());
        }
    }
    for (number, room) in profile.rooms.iter().enumerate().filter(|(_, room)| room.password.value.is_clear()) {
        let planted = secret(profile, PublishedSecret::RoomPassword, room.password.place(), room.address.bare());
        found.push(Planted { room: Some(number), account: room.account, ..planted });
    }
    for proxy in profile.proxies.iter().filter(|proxy| proxy.password.value.is_clear()) {
        let owner = proxy.host.clone().unwrap_or_default();
        found.push(secret(profile, PublishedSecret::ProxyPassword, proxy.password.place(), owner));
    }
    for habit in profile.habits.iter().filter(|habit| habit.what.value == HabitKind::HelperPassword) {
        let owner = habit.detail.clone().unwrap_or_default();
        found.push(secret(profile, PublishedSecret::HelperPassword, habit.what.place(), owner));
    }
    let holds = [CommandEffect::HoldsPassword, CommandEffect::HoldsRoomPassword];
    for command in profile.commands.iter().filter(|command| holds.contains(&command.effect)) {
        found.push(secret(profile, PublishedSecret::InCommand, &command.place, command.name.clone()));
    }
    for (number, file) in profile.files.iter().enumerate() {
        let what = match file.kind.1 {
            Purpose::Keys => PublishedSecret::PrivateKey,
            Purpose::Leftover if file.holds_secret => PublishedSecret::ForgottenCopy,
            _ => continue,
        };
        found.push(secret(profile, what, &file.place(FileNumber(number)), String::new()));
    }
    found
}

fn secret(profile: &Profile, what: PublishedSecret, place: &Place, owner: String) -> Planted {
    let mut key = Key { client: profile.client, what, owner, imprint: None };
    if !key.is_file() {
        key.imprint = imprint(profile, place);
    }
    Planted { what, place: place.clone(), account: None, room: None, key }
}

/// The imprint of what stands at a place.
fn imprint(profile: &Profile, place: &Place) -> Option<Imprint> {
    match &place.spot {
        Spot::File => None,
        Spot::Cell(cell) => cell.imprint,
        Spot::Text(span) => {
            let text = profile.file(place.file)?.text.as_ref()?;
            text.bytes().get(span.start..span.end).map(Imprint::of)
        }
    }
}

fn bare(account: &Account) -> String {
    account.address.value.bare()
}
