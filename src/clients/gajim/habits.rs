//! What Gajim does beside logging in, because of an option or because none tells it not to.

use std::path::Path;

use super::options::{self, Options};
use crate::model::{CleartextLogin, Habit, HabitKind, Origin, Place, Profile, Setting};

/// When an option makes the client do something.
#[derive(Clone, Copy)]
enum When {
    /// It is on.
    On,
    /// It is off.
    Off,
    /// It is any word but `disabled`.
    NotDisabled,
}

/// An option, when it counts, and what the client then does.
type Row = (&'static str, When, HabitKind);

/// The options of an account.
const OF_ACCOUNT: &[Row] = &[
    ("send_os_info", When::On, HabitKind::SystemShown),
    ("send_time_info", When::On, HabitKind::LocalTimeShown),
    ("send_idle_time", When::On, HabitKind::IdleTimeShown),
    ("send_chatstate_default", When::NotDisabled, HabitKind::TypingShown),
    ("answer_receipts", When::On, HabitKind::ReceiptsSent),
    ("send_marker_default", When::On, HabitKind::ReceiptsSent),
    ("publish_tune", When::On, HabitKind::TuneShown),
    ("publish_location", When::On, HabitKind::PlaceShown),
    ("ft_send_local_ips", When::On, HabitKind::AddressesShown),
    ("httpupload_verify", When::Off, HabitKind::UploadUnverified),
    ("omemo_blind_trust", When::On, HabitKind::NewKeysTrusted),
    ("openpgp_blind_trust", When::On, HabitKind::NewKeysTrusted),
    ("warn_when_insecure_ssl_connection", When::Off, HabitKind::WarningOff),
];

/// The options of the client in text files that accounts have in databases.
const OF_TEXT_CLIENT: &[Row] = &[
    ("send_os_info", When::On, HabitKind::SystemShown),
    ("outgoing_chat_state_notifications", When::NotDisabled, HabitKind::TypingShown),
    ("send_chatstate_default", When::NotDisabled, HabitKind::TypingShown),
];

/// The options of the client.
const OF_CLIENT: &[Row] = &[
    ("remote_control", When::On, HabitKind::RemoteControlled),
    ("preview_allow_all_images", When::On, HabitKind::MediaFetched),
    ("preview_anonymous_muc", When::On, HabitKind::MediaFetched),
    ("preview_verify_https", When::Off, HabitKind::PreviewUnverified),
];

const KEYRING: Row = ("use_keyring", When::Off, HabitKind::KeyringOff);
const REPOSITORY: Row = ("plugins_repository_enabled", When::On, HabitKind::ProjectAsked);
const SIGNATURE: Row = ("gpg_sign_presence", When::On, HabitKind::KeyShown);
const INSECURE_PASSWORD: Row = ("warn_when_insecure_password", When::Off, HabitKind::WarningOff);

/// Notes what the client does as a whole. `settings` is the file of its settings.
pub(super) fn of_client(profile: &mut Profile, options: &dyn Options, settings: &Path) {
    profile.habits.extend(OF_CLIENT.iter().filter_map(|row| in_effect(options, row)).map(Habit::of_client));
    let keyring = in_effect(options, &KEYRING);
    if !is_portable(settings) {
        profile.habits.extend(keyring.map(Habit::of_client));
    }
    // The default is another one in what distributions pack.
    let asked = in_effect(options, &REPOSITORY);
    profile.habits.extend(asked.filter(is_written).map(Habit::of_client));
}

/// Notes what the client does as a whole in the versions of the text files, and accounts do since.
pub(super) fn of_text_client(profile: &mut Profile, options: &dyn Options) {
    profile.habits.extend(OF_TEXT_CLIENT.iter().filter_map(|row| in_effect(options, row)).map(Habit::of_client));
}

/// Notes what an account does, unless it is switched off.
pub(super) fn of_account(profile: &mut Profile, options: &dyn Options, number: usize, name: &str) {
    let Some(account) = profile.accounts.get(number).filter(|account| account.enabled.value) else { return };
    let mut found: Vec<Setting<HabitKind>> = OF_ACCOUNT.iter().filter_map(|row| in_effect(options, row)).collect();
    found.extend(history(options, name));
    if !options.text("keyid").value.is_empty() {
        found.extend(in_effect(options, &SIGNATURE));
    }
    // Without a way into the clear there is nothing to warn of, and where nothing else asks that is worse than this.
    if account.cleartext_login.value == CleartextLogin::Asks {
        found.extend(in_effect(options, &INSECURE_PASSWORD));
    }
    profile.habits.extend(found.into_iter().map(|what| Habit::of_account(what, number)));
}

/// What only shows once the conversations are known: messages that came encrypted are kept decrypted, and the key of
/// OpenPGP is kept on the server.
pub(super) fn of_encryption(profile: &mut Profile, options: &dyn Options, number: usize, name: &str, uses: Uses) {
    if !profile.accounts.get(number).is_some_and(|account| account.enabled.value) {
        return;
    }
    if uses.any && history(options, name).is_some() {
        let near = Place { words: options.words("logs.db"), ..options.near().clone() };
        let what = Setting::default(HabitKind::DecryptedKept, "", near);
        profile.habits.push(Habit::of_account(what, number));
    }
    if uses.openpgp {
        let backup = in_effect(options, &("openpgp_backup_secret_key", When::On, HabitKind::KeyBackedUp));
        profile.habits.extend(backup.map(|what| Habit::of_account(what, number)));
    }
}

/// Which encryption an account uses, by default or in one of its conversations.
#[derive(Clone, Copy, Default)]
pub(super) struct Uses {
    /// Any.
    pub any: bool,
    /// OpenPGP.
    pub openpgp: bool,
}

impl Uses {
    /// The same and what the word of a default or a conversation stands for.
    pub(super) fn and(self, word: &str) -> Self {
        Self { any: self.any || !word.is_empty(), openpgp: self.openpgp || word == "OpenPGP" }
    }
}

/// Whether messages are written down: always, unless an account is left out by name (up to 1.4.1) or everything is
/// deleted again when Gajim ends (since 1.3).
fn history(options: &dyn Options, name: &str) -> Option<Setting<HabitKind>> {
    let left_out = options.text("no_log_for");
    if left_out.value.split_whitespace().any(|word| word == name) {
        return None;
    }
    let age = options.number("chat_history_max_age");
    let (option, setting) = match options::counts(options, "chat_history_max_age", &age) {
        true if age.value == 0 => return None,
        true => ("chat_history_max_age", age.map(|_| HabitKind::HistoryKept)),
        false => ("no_log_for", left_out.map(|_| HabitKind::HistoryKept)),
    };
    Some(options::named(options, option, setting))
}

fn in_effect(options: &dyn Options, row: &Row) -> Option<Setting<HabitKind>> {
    let (name, _, kind) = row;
    let setting = state(options, row);
    if !setting.value || !options::counts(options, name, &setting) {
        return None;
    }
    Some(options::named(options, name, setting.map(|_| *kind)))
}

/// Whether the option makes the client do it, if the version knows the option.
fn state(options: &dyn Options, (name, when, _): &Row) -> Setting<bool> {
    match when {
        When::On => options.flag(name),
        When::Off => options.flag(name).map(|flag| !flag),
        When::NotDisabled => options.text(name).map(|word| word != "disabled"),
    }
}

/// What ends a habit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// This option, on or off.
    Flag(&'static str, bool),
    /// This option with this word.
    Word(&'static str, &'static str),
    /// The account's name in the list that is this option.
    LeftOut(&'static str),
    /// That what is kept is deleted after a time.
    Deleted,
}

/// What ends a habit that these options have brought about; none where nothing is known that does.
pub(super) fn ending(options: &dyn Options, what: &Setting<HabitKind>) -> Option<Ending> {
    let stands_at =
        |name: &'static str, setting: Setting<()>| *options::named(options, name, setting).place() == *what.place();
    if what.value == HabitKind::HistoryKept {
        return match stands_at("no_log_for", options.text("no_log_for").map(|_| ())) {
            true => Some(Ending::LeftOut("no_log_for")),
            false => Some(Ending::Deleted),
        };
    }
    let others = [KEYRING, REPOSITORY, SIGNATURE, INSECURE_PASSWORD];
    let mut rows = [OF_ACCOUNT, OF_TEXT_CLIENT, OF_CLIENT, &others].into_iter().flatten();
    let (name, when, _) = rows.find(|row| {
        let setting = state(options, row);
        row.2 == what.value && setting.value && stands_at(row.0, setting.map(|_| ()))
    })?;
    Some(match when {
        When::On => Ending::Flag(name, false),
        When::Off => Ending::Flag(name, true),
        When::NotDisabled => Ending::Word(name, "disabled"),
    })
}

/// Whether these options of the client keep it from using the system's keyring.
pub(super) fn is_keyring_off(options: &dyn Options) -> bool {
    in_effect(options, &KEYRING).is_some()
}

const fn is_written<T>(setting: &Setting<T>) -> bool {
    matches!(setting.origin, Origin::Written(_))
}

/// Whether the settings are those of the portable edition for Windows, which knows no keyring.
pub(super) fn is_portable(settings: &Path) -> bool {
    let folder = settings.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy();
    let folder = folder.to_ascii_lowercase();
    folder == "userdata" || folder.starts_with("userdata.")
}
