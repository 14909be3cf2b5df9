//! What Profanity does beside logging in, by its preferences.
//!
//! Source: `src/config/preferences.c` of every release from 0.5.0 to 0.18.2.

use super::effective::Effective;
use super::source::Source;
use super::version::Known;
use crate::model::{Habit, HabitKind, Setting};
use crate::syntax::keyfile::{self, Group};

/// A preference that is true or false, and what the client does for one of the two.
struct Switch {
    group: &'static str,
    key: &'static str,
    /// The release (0.X.0) since which it is looked at.
    since: u32,
    /// The release (0.X.0) since which it is true where nothing is written; none where it is false to this day.
    default_on_since: Option<u32>,
    /// For which of its values the client does it.
    does_it_for: bool,
    habit: HabitKind,
}

impl Switch {
    const fn on(group: &'static str, key: &'static str, since: u32, habit: HabitKind) -> Self {
        Self { group, key, since, default_on_since: None, does_it_for: true, habit }
    }

    const fn on_by_default(self, since: u32) -> Self {
        Self { default_on_since: Some(since), ..self }
    }
}

const SWITCHES: &[Switch] = &[
    Switch::on("connection", "receipts.send", 5, HabitKind::ReceiptsSent).on_by_default(9),
    Switch::on("connection", "reveal.os", 8, HabitKind::SystemShown).on_by_default(8),
    Switch::on("presence", "lastactivity", 5, HabitKind::IdleTimeShown).on_by_default(5),
    Switch::on("ui", "vercheck", 1, HabitKind::ProjectAsked),
    Switch { does_it_for: false, ..Switch::on("ui", "enc.warn", 4, HabitKind::WarningOff).on_by_default(4) },
    Switch::on("otr", "sendfile", 9, HabitKind::FilesSentClear),
    Switch::on("pgp", "sendfile", 9, HabitKind::FilesSentClear),
    Switch::on("pgp", "pgp.pubkey.autoimport", 14, HabitKind::KeysImported),
];

/// Words of `[omemo] trustmode` by which keys are trusted that nobody has compared.
const TRUST: &[(&str, HabitKind)] =
    &[("blind", HabitKind::NewKeysTrusted), ("firstusage", HabitKind::FirstKeyTrusted)];

/// What the preferences make the client do, for all accounts.
pub(super) fn of_client(preferences: Effective<'_, '_>) -> Vec<Habit> {
    let version = preferences.version;
    let mut habits: Vec<_> =
        SWITCHES.iter().filter_map(|switch| switch.habit(preferences)).map(Habit::of_client).collect();
    habits.extend(typing(preferences));
    if !version.is_before(11, 0) {
        let mode = preferences.word("omemo", "trustmode", "manual");
        let found = TRUST.iter().find(|(word, _)| *word == mode.value);
        habits.extend(found.map(|(_, kind)| Habit::of_client(mode.map(|_| *kind))));
    }
    habits
}

impl Switch {
    fn habit(&self, preferences: Effective<'_, '_>) -> Option<Setting<HabitKind>> {
        let version = preferences.version;
        if version.is_before(self.since, 0) {
            return None;
        }
        let default = self.default_on_since.is_some_and(|since| !version.is_before(since, 0));
        let setting = preferences.boolean(self.group, self.key, default);
        (setting.value == self.does_it_for).then(|| setting.map(|_| self.habit))
    }
}

/// That somebody is typing is told if both the chat states and the typing notifications are on.
/// Source: `chat_state_handle_typing`, `src/xmpp/chat_state.c`.
fn typing(preferences: Effective<'_, '_>) -> Option<Habit> {
    let default = !preferences.version.is_before(9, 0);
    let states = preferences.boolean("chatstates", "enabled", default);
    let typing = preferences.boolean("chatstates", "outtype", default);
    (states.value && typing.value).then(|| Habit::of_client(typing.map(|_| HabitKind::TypingShown)))
}

/// What the settings of an account make the client do.
pub(super) fn of_account(source: &Source<'_>, group: &Group, number: usize, version: Known<'_>) -> Vec<Habit> {
    let written = |key: &str, kind| {
        let entry = source.keys.effective(group, key.as_bytes())?;
        let is_set = keyfile::string(source.keys.raw(entry.value)).is_ok_and(|text| !text.is_empty());
        is_set.then(|| Habit::of_account(Setting::written(kind, source.value_place(group, entry)), number))
    };
    let mut habits = Vec::new();
    habits.extend(written("pgp.keyid", HabitKind::KeyShown));
    if !hides_its_name(source, group, version) {
        habits.extend(written("client.name", HabitKind::ClientShown));
    }
    habits
}

/// Whether the name that an account gives out instead of the client's own is really given out. 0.16.0 and later write
/// `client.name` and read `client.account_name` (`src/config/accounts.c`, 0.14.0 to 0.18.2).
pub(super) fn hides_its_name(source: &Source<'_>, group: &Group, version: Known<'_>) -> bool {
    let is_written = |key: &str| source.keys.effective(group, key.as_bytes()).is_some();
    if version.is_since(14, 0) && version.is_before(16, 0) {
        is_written("client.name")
    } else {
        is_written("client.account_name") && !version.is_before(16, 0)
    }
}
