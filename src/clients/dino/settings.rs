//! What Dino tells others, as the table `settings` says (`libdino/src/entity/settings.vala`).

use std::collections::HashMap;

use super::cells::ShownRow;
use super::schema::Schema;
use crate::model::{FileNumber, Format, Habit, HabitKind, Profile, Setting};
use crate::source::sqlite::{Database, Unreadable};

/// Settings for the client as a whole, the first schema of a version that has them, and what they make it do.
/// All are true where nothing is written.
const SETTINGS: [(&str, i64, HabitKind); 3] = [
    ("send_typing", 0, HabitKind::TypingShown),
    ("send_marker", 0, HabitKind::ReceiptsSent),
    ("share_time", 31, HabitKind::LocalTimeShown),
];

/// The setting that makes it do this; none where none does.
pub(super) fn key_of(habit: HabitKind) -> Option<&'static str> {
    SETTINGS.iter().find(|(.., kind)| *kind == habit).map(|(key, ..)| *key)
}

/// Adds what is told to others, if any account is in use.
pub(super) fn add(
    profile: &mut Profile,
    file: FileNumber,
    database: &Database,
    schema: Schema,
) -> Result<(), Unreadable> {
    if !profile.accounts.iter().any(|account| account.enabled.value) {
        return Ok(());
    }
    let mut written = HashMap::new();
    database.select("settings", &["id", "key", "value"], |row| {
        if let (Some(key), Some(value)) = (row.text("key"), row.text("value"))
            && SETTINGS.iter().any(|(known, ..)| *known == key)
        {
            written.insert(key.into_owned(), (row.integer("id").unwrap_or(0), value.into_owned()));
        }
    })?;
    for (key, since, kind) in SETTINGS {
        if !has_setting(schema, since) {
            continue;
        }
        let what = match written.get(key) {
            // Everything but this word is false to Vala.
            Some((row, value)) if value == "true" => {
                let row = ShownRow::new(file, "settings", *row, key.to_owned());
                let row = row.with("key", Some(key)).with("value", Some(value));
                Setting::written(kind, row.place("value"))
            }
            Some(_) => continue,
            None => {
                let row = ShownRow::keyed(file, "settings", format!("key={key}"), String::new());
                let mut place = row.with(key, None).place(key);
                place.words = format!("settings / {key}");
                Setting::default(kind, "true", place)
            }
        };
        profile.habits.push(Habit::of_client(what));
    }
    Ok(())
}

/// Whether the version that writes such a database has the setting. The fork counts on its own, and has the old
/// ones.
fn has_setting(schema: Schema, since: i64) -> bool {
    since == 0 || schema.format == Format::Known && schema.version.is_some_and(|version| version >= since)
}
