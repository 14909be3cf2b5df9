//! Which messages Profanity writes to the disk.
//!
//! Two stores keep them: text files (`chlog`, `grlog`) and, since 0.9.0, a database of everything (`dblog`, a switch
//! since 0.14.0). Source: `src/chatlog.c`, `src/database.c`, 0.13.1 to 0.18.2.

use super::effective::Effective;
use super::version::Known;
use crate::model::{Habit, HabitKind, Setting};

/// Kinds of encryption whose messages go to the text files in the clear if `log` is `on`, and the release (0.X.0)
/// since which there is such a key.
const LOGS: &[(&str, u32)] = &[("omemo", 7), ("otr", 4), ("pgp", 4), ("ox", 13)];

/// What is kept, and what of it was encrypted on its way.
pub(super) fn habits(preferences: Effective<'_, '_>) -> Vec<Habit> {
    let database = database(preferences);
    let is_redacted = database.as_ref().is_some_and(|database| database.value == Database::Redacted);
    let chats = preferences.boolean("logging", "chlog", false);
    let rooms = preferences.boolean("logging", "grlog", false);
    let mut habits = Vec::new();
    if chats.value {
        habits.extend(decrypted_in_files(preferences, &chats, is_redacted));
        // Where the database is redacted, so are the files of chats, those of rooms are not.
        if !is_redacted {
            habits.push(Habit::of_client(chats.map(|_| HabitKind::HistoryKept)));
        }
    }
    if rooms.value {
        habits.push(Habit::of_client(rooms.map(|_| HabitKind::HistoryKept)));
    }
    let full = database.filter(|database| database.value == Database::Full);
    habits.extend(full.map(|database| Habit::of_client(database.map(|_| HabitKind::DecryptedKept))));
    habits
}

/// What the database keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Database {
    Full,
    Redacted,
    Nothing,
}

fn database(preferences: Effective<'_, '_>) -> Option<Setting<Database>> {
    let version = preferences.version;
    if version.is_before(9, 0) {
        return None;
    }
    if version.is_before(14, 0) {
        return Some(Setting::default(Database::Full, "", preferences.near("logging", "dblog")));
    }
    let word = preferences.word("logging", "dblog", "on");
    // Any other word is as good as `on`.
    Some(word.map(|word| match word.as_str() {
        "off" => Database::Nothing,
        "redact" => Database::Redacted,
        _ => Database::Full,
    }))
}

/// The groups whose `log` decides about the text files of encrypted chats.
fn logs(version: Known<'_>, is_redacted: bool) -> impl Iterator<Item = &'static str> {
    // What is said in rooms with OMEMO is not redacted along with the database.
    let counts =
        move |(group, since): &(&str, u32)| !version.is_before(*since, 0) && (!is_redacted || *group == "omemo");
    LOGS.iter().copied().filter(counts).map(|(group, _)| group)
}

/// The groups that say nothing about the text files of encrypted chats, so that these are kept decrypted where text
/// files are kept.
pub(super) fn silent_logs(preferences: Effective<'_, '_>) -> Vec<&'static str> {
    let is_redacted = database(preferences).is_some_and(|database| database.value == Database::Redacted);
    let is_silent = |group: &&str| preferences.word(group, "log", "").default_word().is_some();
    logs(preferences.version, is_redacted).filter(is_silent).collect()
}

/// The text files of encrypted chats. A key that is written stands for itself, those that are not for `chlog`.
fn decrypted_in_files(preferences: Effective<'_, '_>, chats: &Setting<bool>, is_redacted: bool) -> Vec<Habit> {
    let version = preferences.version;
    let default = if version.is_before(13, 0) { "redact" } else { "on" };
    let mut habits = Vec::new();
    let mut by_default = false;
    for group in logs(version, is_redacted) {
        let log = preferences.word(group, "log", default);
        if log.value != "on" {
            continue;
        }
        if log.default_word().is_some() {
            by_default = true;
        } else {
            habits.push(Habit::of_client(log.map(|_| HabitKind::DecryptedKept)));
        }
    }
    if by_default {
        habits.push(Habit::of_client(chats.clone().map(|_| HabitKind::DecryptedKept)));
    }
    habits
}
