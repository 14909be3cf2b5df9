//! Which stores lie in a folder of Gajim's: keys, messages, plugins' settings, logs, received files.
//!
//! Of each kind a bounded number; of what comes in great numbers and is alike, only the most open one.

use std::path::{Path, PathBuf};

use super::kinds::{
    CERTIFICATE, DEBUG_LOG, DOWNLOAD, HISTORY, OMEMO, OPENPGP, OPENPGP_CONTACTS, OTR, PLUGIN_SETTINGS, SESSIONS,
    TRANSFER_KEY,
};
use super::names;
use crate::clients::{Base, KnownPlace};
use crate::model::{FileKind, ProfileFile};
use crate::source::Reader;
use crate::source::sqlite::COMPANIONS;

/// Where private keys lie that nothing but their place tells.
pub(super) const KEY_STORES: &[KnownPlace] = &[
    KnownPlace::new(Base::Data, "gajim/localcerts/*.pkey", TRANSFER_KEY),
    KnownPlace::new(Base::Data, "gajim/openpgp/*/secring.gpg", OPENPGP),
    KnownPlace::new(Base::Data, "gajim/openpgp/*/private-keys-v1.d/*.key", OPENPGP),
];

/// How many files of a folder are looked at.
const BOUND: usize = 256;
/// How many files of a folder are listed one by one.
const LISTED: usize = 32;

/// The stores of a profile in a folder.
pub(super) fn in_folder(folder: &Path, profile_name: &str, reader: &Reader) -> Vec<(PathBuf, FileKind)> {
    reader.list(folder).into_iter().flat_map(|path| stores_at(path, profile_name, reader)).collect()
}

/// Of what comes in great numbers in a folder, the most open file of each kind.
pub(super) fn crowds(folder: &Path, profile_name: &str, reader: &Reader) -> Vec<ProfileFile> {
    let kind_of_crowd = |path: &Path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let is_downloads = names::store_suffix(&name) == profile_name && names::plain(&name) == "downloads";
        let is_debug = names::suffix_behind(path, "debug").is_some_and(|suffix| suffix == profile_name);
        if is_debug { Some(DEBUG_LOG) } else { is_downloads.then_some(DOWNLOAD) }
    };
    let crowds = reader.list(folder).into_iter().filter_map(|path| Some((kind_of_crowd(&path)?, path)));
    crowds.filter_map(|(kind, path)| reader.most_open(reader.list(&path).into_iter().take(BOUND), kind)).collect()
}

fn stores_at(path: PathBuf, profile_name: &str, reader: &Reader) -> Vec<(PathBuf, FileKind)> {
    let is_of_profile = |stem: &str| names::suffix_behind(&path, stem).is_some_and(|suffix| suffix == profile_name);
    if is_of_profile("cert_store") {
        return all_in(&path, CERTIFICATE, reader, |_| true);
    }
    if is_of_profile("localcerts") {
        // Of the keys for file transfers only the private ones matter.
        return all_in(&path, TRANSFER_KEY, reader, |file| has_extension(file, "pkey"));
    }
    if is_of_profile("pluginsconfig") {
        return listed(all_in(&path, PLUGIN_SETTINGS, reader, |_| true));
    }
    if is_of_profile("plugins_data") {
        return contacts_of_openpgp(&path.join("pgplegacy"), reader);
    }
    of_every_profile(path, profile_name, reader)
}

/// What all profiles share belongs to the usual one.
fn of_every_profile(path: PathBuf, profile_name: &str, reader: &Reader) -> Vec<(PathBuf, FileKind)> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    if names::store_suffix(&name) != profile_name {
        return Vec::new();
    }
    let plain = names::plain(&name);
    match kind_of(&plain) {
        Some(kind) => vec![(path, kind)],
        None if !profile_name.is_empty() => Vec::new(),
        None if plain == "openpgp" => keys_of_openpgp(&path, reader),
        None => Vec::new(),
    }
}

fn kind_of(name: &str) -> Option<FileKind> {
    if COMPANIONS.iter().any(|companion| name.ends_with(companion)) {
        return None;
    }
    match name {
        "cacerts.pem" => Some(CERTIFICATE),
        "openpgp.db" => Some(OPENPGP),
        _ if name == "logs.db" || name.starts_with("logs.db.") => Some(HISTORY),
        _ if name == "secrets" || name.starts_with("secrets.") => Some(SESSIONS),
        _ if name.ends_with(".key3") => Some(OTR),
        _ if name.starts_with("omemo_") && name.ends_with(".db") => Some(OMEMO),
        _ => None,
    }
}

fn all_in(
    folder: &Path,
    kind: FileKind,
    reader: &Reader,
    wanted: impl Fn(&Path) -> bool,
) -> Vec<(PathBuf, FileKind)> {
    reader.list(folder).into_iter().filter(|file| wanted(file)).map(|file| (file, kind)).collect()
}

fn listed(mut files: Vec<(PathBuf, FileKind)>) -> Vec<(PathBuf, FileKind)> {
    files.truncate(LISTED);
    files
}

/// The private keys below `openpgp/ADDRESS/`, which are those of GnuPG: the old ring, or one file a key.
fn keys_of_openpgp(folder: &Path, reader: &Reader) -> Vec<(PathBuf, FileKind)> {
    let rings = reader.list(folder).into_iter().take(LISTED);
    let keys = rings.flat_map(|ring| {
        let old = ring.join("secring.gpg");
        let old = reader.exists(&old).then_some((old, OPENPGP));
        let new = all_in(&ring.join("private-keys-v1.d"), OPENPGP, reader, |file| has_extension(file, "key"));
        old.into_iter().chain(new)
    });
    keys.take(LISTED).collect()
}

fn contacts_of_openpgp(folder: &Path, reader: &Reader) -> Vec<(PathBuf, FileKind)> {
    let of_accounts = reader.list(folder).into_iter().take(LISTED);
    listed(of_accounts.flat_map(|account| all_in(&account, OPENPGP_CONTACTS, reader, |_| true)).collect())
}

fn has_extension(path: &Path, wanted: &str) -> bool {
    path.extension().is_some_and(|extension| extension == wanted)
}
