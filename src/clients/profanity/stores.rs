//! Files beside `accounts` that nobody else should see: keys and messages. They are looked at, not read.

use std::path::{Path, PathBuf};

use crate::clients::dotfiles;
use crate::model::{FileKind, Purpose};
use crate::source::Reader;

/// Private keys of OTR.
const OTR_KEYS: FileKind = FileKind("OTR keys", Purpose::Keys);
/// The identity key of OMEMO.
const OMEMO_KEYS: FileKind = FileKind("OMEMO keys", Purpose::Keys);
/// Every message, decrypted.
const MESSAGES: FileKind = FileKind("messages", Purpose::History);
/// What plug-ins keep.
const PLUGIN_SETTINGS: FileKind = FileKind("plug-in settings", Purpose::Settings);

/// A store: the folder, in which each account has one of its own, and the file in that.
const STORES: &[(&str, &str, FileKind)] =
    &[("otr", "keys.txt", OTR_KEYS), ("omemo", "identity.txt", OMEMO_KEYS), ("database", "chatlog.db", MESSAGES)];

/// Whether a store of that kind holds secrets in the clear.
pub(super) fn holds_secret(kind: FileKind) -> bool {
    matches!(kind, OTR_KEYS | OMEMO_KEYS)
}

/// The stores of a folder of data.
pub(super) fn beside(data: &Path, reader: &Reader) -> Vec<(PathBuf, FileKind)> {
    let mut stores = Vec::new();
    for entry in reader.list(data) {
        let name = dotfiles::Name::of(&entry).plain;
        if name == "plugin_settings" {
            stores.push((entry, PLUGIN_SETTINGS));
            continue;
        }
        let Some((_, file, kind)) = STORES.iter().find(|(folder, ..)| *folder == name) else { continue };
        for account in reader.list(&entry) {
            let files = reader.list(&account).into_iter();
            stores.extend(files.filter(|path| dotfiles::Name::of(path).plain == *file).map(|path| (path, *kind)));
        }
    }
    stores
}

/// The scripts of a folder of data.
pub(super) fn scripts(data: &Path, reader: &Reader) -> Vec<PathBuf> {
    let folders = reader.list(data).into_iter().filter(|entry| dotfiles::Name::of(entry).plain == "scripts");
    folders.flat_map(|folder| reader.list(&folder)).collect()
}
