//! What libpurple does for all accounts because of `prefs.xml`, or because nothing in it says otherwise.

use super::end_to_end;
use super::in_force::InForce;
use super::otr::Otr;
use super::plugins;
use super::secrets::Found as FoundSecret;
use crate::model::{Habit, HabitKind, Setting};

/// Whether conversations are logged; none where that cannot be said.
#[derive(Clone, Debug, Default)]
pub(super) struct Logging {
    /// Those with contacts.
    pub contacts: Option<bool>,
    /// Those in rooms.
    pub rooms: Option<bool>,
    /// The plugin that encrypts and may keep what it encrypts out of the logs.
    pub otr: Option<Otr>,
    /// Whether the plugin is loaded by which a contact's files may be accepted unasked.
    pub accepts_files: bool,
}

const LOG_CONTACTS: &str = "/purple/logging/log_ims";
const LOG_ROOMS: &str = "/purple/logging/log_chats";

impl Logging {
    /// What the preferences say.
    pub(super) fn read(preferences: &InForce) -> Self {
        let value = |path| preferences.truth(path, "1").map(|setting| setting.value);
        Self {
            contacts: value(LOG_CONTACTS),
            rooms: value(LOG_ROOMS),
            otr: end_to_end::otr(preferences),
            accepts_files: plugins::is_loaded(&preferences.preferences, AUTOACCEPT),
        }
    }

    /// Whether encrypted conversations with contacts that have no settings of their own are logged.
    pub(super) fn keeps_decrypted(&self) -> bool {
        self.contacts == Some(true) && self.otr.as_ref().is_some_and(Otr::is_logged)
    }
}

/// The plugin `autoaccept.c`.
const AUTOACCEPT: &str = "autoaccept";

/// What it takes for "accept".
pub(super) const ACCEPT: i32 = 1;

/// Everything that is told to others, kept or taken.
pub(super) fn of(preferences: &InForce, logging: &Logging) -> Vec<Habit> {
    let mut habits: Vec<Habit> = [
        is_on(preferences, "/purple/conversations/im/send_typing", HabitKind::TypingShown),
        idle_time(preferences),
        is_on(preferences, LOG_CONTACTS, HabitKind::HistoryKept),
        is_on(preferences, LOG_ROOMS, HabitKind::HistoryKept),
        decrypted(logging),
        strangers_files(preferences, logging),
    ]
    .into_iter()
    .flatten()
    .map(Habit::of_client)
    .collect();
    habits.extend(end_to_end::habit(preferences));
    habits
}

/// Whether it also matters to whoever uses other networks only.
pub(super) const fn is_about_any_network(kind: HabitKind) -> bool {
    matches!(
        kind,
        HabitKind::PluginLoaded | HabitKind::CommandRun | HabitKind::ShellRun | HabitKind::HelperPassword
    )
}

/// A preference that is on by default.
fn is_on(preferences: &InForce, path: &'static str, kind: HabitKind) -> Option<Setting<HabitKind>> {
    preferences.truth(path, "1").filter(|setting| setting.value).map(|setting| setting.map(|_| kind))
}

/// `check_idleness`: `purple` counts what is done in the client, `system` what is done at all. `gaim` is the old word
/// for the former.
fn idle_time(preferences: &InForce) -> Option<Setting<HabitKind>> {
    preferences
        .word("/purple/away/idle_reporting", "system")
        .filter(|word| matches!(word.value.as_str(), "system" | "purple" | "gaim"))
        .map(|word| word.map(|_| HabitKind::IdleTimeShown))
}

fn decrypted(logging: &Logging) -> Option<Setting<HabitKind>> {
    let otr = logging.otr.as_ref().filter(|_| logging.keeps_decrypted())?;
    Some(otr.avoids_logging.clone().map(|_| HabitKind::DecryptedKept))
}

fn strangers_files(preferences: &InForce, logging: &Logging) -> Option<Setting<HabitKind>> {
    const PATH: &str = "/plugins/core/core-plugin_pack-autoaccept/stranger";
    let (_, span) =
        preferences.preferences.number(PATH).filter(|(choice, _)| logging.accepts_files && *choice == ACCEPT)?;
    Some(Setting::written(HabitKind::FilesTakenUnasked, preferences.place(span, PATH)))
}

/// The password of the relay for calls, where it stands in the clear.
pub(super) fn relay_password(preferences: &InForce, secrets: &[FoundSecret]) -> Option<Habit> {
    const PATH: &str = "/purple/network/turn_password";
    let (_, span) = preferences.preferences.string(PATH)?;
    secrets.iter().find(|found| found.span == span && found.secret.is_clear())?;
    let habit = Habit::of_client(Setting::written(HabitKind::HelperPassword, preferences.place(span, PATH)));
    let server = preferences.preferences.string("/purple/network/turn_server").map(|(server, _)| server);
    Some(match server.filter(|server| is_host(server)) {
        Some(server) => habit.with_detail(server),
        None => habit,
    })
}

/// Whether a text is nothing but the name or address of a host.
fn is_host(text: &str) -> bool {
    let is_of_host = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':' | b'[' | b']');
    text.contains(['.', ':']) && text.bytes().all(is_of_host)
}

#[cfg(test)]
mod tests {
    use super::is_host;

    #[test]
    fn a_host_is_no_login() {
        for host in ["turn.example.org", "192.0.2.1", "[2001:db8::1]"] {
            assert!(is_host(host), "{host}");
        }
        for text in ["", "hunter2", "alice:hunter2@turn.example.org", "turn.example.org hunter2"] {
            assert!(!is_host(text), "{text}");
        }
    }
}
