//! Files beside `accounts` that nobody else should see: keys, messages, logs, code. They are looked at, not read.

use std::path::{Path, PathBuf};

use crate::clients::{Base, KnownPlace, dotfiles};
use crate::model::{FileKind, ProfileFile, Purpose};
use crate::source::Reader;

/// Private keys of OTR.
const OTR_KEYS: FileKind = FileKind("OTR keys", Purpose::Keys);
/// The identity key of OMEMO, and the keys of its sessions.
const OMEMO_KEYS: FileKind = FileKind("OMEMO keys", Purpose::Keys);
/// Which devices of which contacts are trusted.
const OMEMO_TRUST: FileKind = FileKind("OMEMO trust", Purpose::Other);
/// Every message, decrypted.
const MESSAGES: FileKind = FileKind("messages", Purpose::History);
/// A text file of a chat.
const CHAT_LOG: FileKind = FileKind("chat log", Purpose::History);
/// What the client did; with `-l DEBUG` every stanza.
const LOG: FileKind = FileKind("log", Purpose::Log);
/// What plug-ins keep.
const PLUGIN_SETTINGS: FileKind = FileKind("plug-in settings", Purpose::Settings);
/// A plug-in.
pub(super) const PLUGIN: FileKind = FileKind("plug-in", Purpose::Code);
/// A text file of a chat with 0.1.9 or before.
const OLD_CHAT_LOG: FileKind = FileKind("old chat log", Purpose::History);
/// The log of 0.1.9 and before.
const OLD_LOG: FileKind = FileKind("old log", Purpose::Log);

/// A store: the folder, in which each account has one of its own, and the file in that.
const STORES: &[(&str, &str, FileKind)] = &[
    ("otr", "keys.txt", OTR_KEYS),
    ("omemo", "identity.txt", OMEMO_KEYS),
    ("omemo", "sessions.txt", OMEMO_KEYS),
    ("omemo", "trust.txt", OMEMO_TRUST),
    ("omemo", "known_devices.txt", OMEMO_TRUST),
    ("database", "chatlog.db", MESSAGES),
];

/// Where those that hold private keys lie.
pub(super) const KEY_STORES: &[KnownPlace] = &[
    KnownPlace::new(Base::Data, "profanity/otr/*/keys.txt", OTR_KEYS),
    KnownPlace::new(Base::Data, "profanity/omemo/*/identity.txt", OMEMO_KEYS),
    KnownPlace::new(Base::Data, "profanity/omemo/*/sessions.txt", OMEMO_KEYS),
];

/// How many entries of one folder, and how many logs of one kind, are looked at.
const MOST: usize = 2_000;

/// Whether a store of that kind holds secrets in the clear.
pub(super) fn holds_secret(kind: FileKind) -> bool {
    matches!(kind, OTR_KEYS | OMEMO_KEYS)
}

/// The stores of a folder of data, each of which matters.
pub(super) fn beside(data: &Path, reader: &Reader) -> Vec<(PathBuf, FileKind)> {
    let mut stores = Vec::new();
    for entry in list(data, reader) {
        let name = dotfiles::Name::of(&entry).plain;
        if name == "plugin_settings" {
            stores.push((entry, PLUGIN_SETTINGS));
            continue;
        }
        let known: Vec<_> = STORES.iter().filter(|(folder, ..)| *folder == name).collect();
        if known.is_empty() {
            continue;
        }
        for file in list(&entry, reader).into_iter().flat_map(|account| list(&account, reader)) {
            let name = dotfiles::Name::of(&file).plain;
            let kind = known.iter().find(|(_, known, _)| *known == name).map(|(.., kind)| *kind);
            stores.extend(kind.map(|kind| (file, kind)));
        }
    }
    stores
}

/// Of the many logs of a folder of data, the most open one of each kind.
pub(super) fn logs(data: &Path, reader: &Reader) -> Vec<ProfileFile> {
    let chats = child(data, "chatlogs", reader).map(|folder| below(&folder, 4, reader)).unwrap_or_default();
    let own = child(data, "logs", reader).map(|folder| below(&folder, 1, reader)).unwrap_or_default();
    let is_own = |path: &PathBuf| dotfiles::Name::of(path).plain.starts_with("profanity");
    let own = own.into_iter().filter(is_own);
    [reader.most_open(chats, CHAT_LOG), reader.most_open(own, LOG)].into_iter().flatten().collect()
}

/// The same for the folder that 0.1.9 and before had, `~/.profanity`.
pub(super) fn old_logs(folder: &Path, reader: &Reader) -> Vec<ProfileFile> {
    let Some(folder) = child(folder, "log", reader) else { return Vec::new() };
    let all = below(&folder, 3, reader);
    let (own, chats): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|path: &PathBuf| path.parent() == Some(folder.as_path()));
    [reader.most_open(chats, OLD_CHAT_LOG), reader.most_open(own, OLD_LOG)].into_iter().flatten().collect()
}

/// The scripts of a folder of data.
pub(super) fn scripts(data: &Path, reader: &Reader) -> Vec<PathBuf> {
    let folders = reader.list(data).into_iter().filter(|entry| dotfiles::Name::of(entry).plain == "scripts");
    folders.flat_map(|folder| list(&folder, reader)).collect()
}

fn list(folder: &Path, reader: &Reader) -> Vec<PathBuf> {
    let mut entries = reader.list(folder);
    entries.truncate(MOST);
    entries
}

fn child(folder: &Path, name: &str, reader: &Reader) -> Option<PathBuf> {
    reader.list(folder).into_iter().find(|entry| dotfiles::Name::of(entry).plain == name)
}

/// The logs in a folder and in those below it, `depth` of them deep.
fn below(folder: &Path, depth: usize, reader: &Reader) -> Vec<PathBuf> {
    let mut logs = Vec::new();
    let mut folders = vec![folder.to_owned()];
    for _ in 0..depth {
        let entries: Vec<_> = folders.iter().flat_map(|folder| list(folder, reader)).take(MOST).collect();
        let (found, others) =
            entries.into_iter().partition(|path| dotfiles::Name::of(path).plain.ends_with(".log"));
        logs.extend::<Vec<_>>(found);
        folders = others;
    }
    logs.truncate(MOST);
    logs
}
