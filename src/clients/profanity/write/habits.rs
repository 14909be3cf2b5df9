//! Having the client leave off what it does.

use super::{Opened, version};
use crate::clients::profanity::effective::Effective;
use crate::clients::profanity::{ACCOUNTS, SETTINGS, kept};
use crate::model::{Edit, Habit, HabitKind, Profile, Unrepairable};
use crate::syntax::keyfile::{self, Wanted};

/// The keys of the preferences by which the client does something, and the values for which it does not.
const STRICT: &[(HabitKind, &str, &str, &str)] = &[
    (HabitKind::ReceiptsSent, "connection", "receipts.send", "false"),
    (HabitKind::SystemShown, "connection", "reveal.os", "false"),
    (HabitKind::IdleTimeShown, "presence", "lastactivity", "false"),
    (HabitKind::TypingShown, "chatstates", "outtype", "false"),
    (HabitKind::ProjectAsked, "ui", "vercheck", "false"),
    (HabitKind::WarningOff, "ui", "enc.warn", "true"),
    (HabitKind::FilesSentClear, "otr", "sendfile", "false"),
    (HabitKind::FilesSentClear, "pgp", "sendfile", "false"),
    (HabitKind::KeysImported, "pgp", "pgp.pubkey.autoimport", "false"),
    (HabitKind::NewKeysTrusted, "omemo", "trustmode", "manual"),
    (HabitKind::FirstKeyTrusted, "omemo", "trustmode", "manual"),
    (HabitKind::HistoryKept, "logging", "chlog", "false"),
    (HabitKind::HistoryKept, "logging", "grlog", "false"),
    (HabitKind::DecryptedKept, "logging", "dblog", "redact"),
    (HabitKind::DecryptedKept, "omemo", "log", "redact"),
    (HabitKind::DecryptedKept, "otr", "log", "redact"),
    (HabitKind::DecryptedKept, "pgp", "log", "redact"),
    (HabitKind::DecryptedKept, "ox", "log", "redact"),
];

/// Writes the value for which the client does not do it; where it does it by default, in a line of its own.
pub(super) fn stop(profile: &Profile, number: usize) -> Result<Vec<Edit>, Unrepairable> {
    let habit = profile.habits.get(number).ok_or(Unrepairable::Gone)?;
    match habit.account {
        Some(account) => of_account(profile, habit, account),
        None => of_client(profile, habit),
    }
}

fn of_client(profile: &Profile, habit: &Habit) -> Result<Vec<Edit>, Unrepairable> {
    let place = habit.what.place();
    let (group, key) = in_preferences(&place.words).ok_or(Unrepairable::Unwritten)?;
    let kind = profile.file(place.file).ok_or(Unrepairable::Gone)?.kind;
    if kind != SETTINGS {
        // It is the default of a file that does not exist.
        return Err(Unrepairable::NotMade);
    }
    if (group, key) == ("logging", "dblog") && version(profile).is_before(14, 0) {
        return Err(Unrepairable::Outdated);
    }
    let preferences = Opened::of(profile, place.file)?;
    if (habit.what.value, group, key) == (HabitKind::DecryptedKept, "logging", "chlog") {
        return silence_logs(profile, &preferences);
    }
    let strict = STRICT.iter().find(|(what, of, name, _)| (*what, *of, *name) == (habit.what.value, group, key));
    let (.., value) = strict.ok_or(Unrepairable::Unwritten)?;
    preferences.set(&[Wanted { group: group.as_bytes(), key, value }])
}

/// The group and the key that the words of a place name: `profrc[ui] / enc.warn`.
fn in_preferences(words: &str) -> Option<(&str, &str)> {
    words.strip_prefix("profrc[")?.split_once("] / ")
}

/// Has what was encrypted on its way be left out of the text files of all kinds of chats that say nothing about it.
fn silence_logs(profile: &Profile, preferences: &Opened<'_>) -> Result<Vec<Edit>, Unrepairable> {
    let source = &preferences.source;
    let effective = Effective { source: Some(source), fallback: source, version: version(profile) };
    let silent = kept::silent_logs(effective);
    let wanted: Vec<_> =
        silent.iter().map(|group| Wanted { group: group.as_bytes(), key: "log", value: "redact" }).collect();
    preferences.set(&wanted)
}

fn of_account(profile: &Profile, habit: &Habit, number: usize) -> Result<Vec<Edit>, Unrepairable> {
    let account = profile.accounts.get(number).ok_or(Unrepairable::Gone)?;
    let file = Opened::of(profile, account.place.file)?;
    if file.source.kind != ACCOUNTS {
        return Err(Unrepairable::Gone);
    }
    let group = file.group_at(&account.place)?;
    match habit.what.value {
        HabitKind::KeyShown => Ok(file.without(group, "pgp.keyid")),
        HabitKind::ClientShown => {
            if version(profile).is_before(16, 0) {
                return Err(Unrepairable::Outdated);
            }
            // The name stands there already, under a key that 0.16.0 and later write and do not read.
            let entry = file.source.keys.entry(group, b"client.name").ok_or(Unrepairable::Gone)?;
            let name = keyfile::string(file.source.keys.raw(entry.value)).map_err(|_| Unrepairable::Encoding)?;
            file.set(&[Wanted { group, key: "client.account_name", value: &name }])
        }
        _ => Err(Unrepairable::Unwritten),
    }
}
