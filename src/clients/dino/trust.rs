//! What Dino does with the devices of others, and with what removed accounts left behind.

use std::collections::HashMap;

use super::cells::ShownRow;
use super::keys::{Holder, Keys};
use crate::model::{FileNumber, Habit, HabitKind, Place, Profile, Setting, limits};

/// How many habits of one kind are listed: a thousand of the same help nobody.
const MOST: usize = 20;

/// The accounts of a profile, by their rows.
#[derive(Debug, Default)]
pub(super) struct Owners {
    /// The number of each account in the profile, by its row.
    pub numbers: HashMap<i64, usize>,
    /// Whether these are all that there are: an account that is not among them was removed.
    pub are_all: bool,
}

/// Adds what the devices and identities in `omemo.db` say.
pub(super) fn add(profile: &mut Profile, file: FileNumber, keys: &Keys, owners: &Owners) {
    let source = Source { file, keys, owners };
    let blind = source.blind_trust(profile);
    let undecided = source.undecided(profile);
    let removed = source.removed();
    profile.habits.extend(blind.into_iter().chain(undecided).chain(removed));
}

/// Adds one habit for each removed account whose conversations are still there. `orphans` are their rows in
/// `account`, each with a row of `conversation`.
pub(super) fn add_orphans<'a>(
    profile: &mut Profile,
    file: FileNumber,
    orphans: impl IntoIterator<Item = (&'a i64, &'a i64)>,
) {
    let kept = orphans.into_iter().take(MOST).map(|(account, row)| removed("conversation", *row, *account, file));
    profile.habits.extend(kept);
}

/// What tells the row of a contact from others, as it is shown.
pub(super) fn row_of((identity, address): &Holder) -> String {
    let row = format!("identity_id={identity}, address_name={address}");
    limits::shortened(&row).into_owned()
}

fn removed(table: &'static str, row: i64, account: i64, file: FileNumber) -> Habit {
    let row = ShownRow::new(file, table, row, format!("removed account {account}"))
        .with("account_id", Some(&account.to_string()));
    Habit::of_client(Setting::written(HabitKind::RemovedAccountKept, row.place("account_id")))
}

struct Source<'a> {
    file: FileNumber,
    keys: &'a Keys,
    owners: &'a Owners,
}

impl Source<'_> {
    /// Contacts of whom a device was verified, and whose next device is trusted unseen all the same: where
    /// nothing is written, it is.
    fn blind_trust(&self, profile: &Profile) -> Vec<Habit> {
        let verified = self.keys.devices.iter().filter(|(_, devices)| devices.is_verified);
        let habits = verified.filter_map(|(holder, _)| {
            let (account, owner) = self.enabled_account(holder.0, profile)?;
            let written = self.keys.blind_trust.get(holder).copied();
            let place =
                self.place("trust", "blind_trust", holder, &owner, if written.is_some() { "1" } else { "" });
            let what = match written {
                Some(false) => return None,
                Some(true) => Setting::written(HabitKind::NewKeysTrusted, place),
                None => Setting::default(HabitKind::NewKeysTrusted, "1", place),
            };
            Some(Habit::of_account(what, account).with_detail(&holder.1))
        });
        habits.take(MOST).collect()
    }

    fn undecided(&self, profile: &Profile) -> Vec<Habit> {
        let habits = self.keys.devices.iter().filter_map(|(holder, devices)| {
            devices.undecided?;
            let (account, owner) = self.enabled_account(holder.0, profile)?;
            let place = self.place("identity_meta", "trust_level", holder, &owner, "3");
            let what = Setting::written(HabitKind::DeviceUndecided, place);
            Some(Habit::of_account(what, account).with_detail(&holder.1))
        });
        habits.take(MOST).collect()
    }

    fn removed(&self) -> Vec<Habit> {
        let gone = |account: &i64| self.owners.are_all && !self.owners.numbers.contains_key(account);
        let identities = self.keys.identities.iter().filter(|(_, account)| gone(account));
        identities.take(MOST).map(|(row, account)| removed("identity", *row, *account, self.file)).collect()
    }

    /// The account that an identity belongs to, if it is one that is in use: its number and its JID.
    fn enabled_account(&self, identity: i64, profile: &Profile) -> Option<(usize, String)> {
        let number = *self.owners.numbers.get(self.keys.identities.get(&identity)?)?;
        let account = profile.accounts.get(number).filter(|account| account.enabled.value)?;
        Some((number, account.address.value.raw.clone()))
    }

    /// A place in the row of a contact; `value` is what stands there, empty where there is no such row.
    fn place(
        &self,
        table: &'static str,
        column: &'static str,
        (identity, address): &Holder,
        owner: &str,
        value: &str,
    ) -> Place {
        ShownRow::keyed(self.file, table, row_of(&(*identity, address.clone())), format!("{owner}, {address}"))
            .with("account", Some(owner))
            .with("address_name", Some(address))
            .with(column, Some(value).filter(|value| !value.is_empty()))
            .place(column)
    }
}
