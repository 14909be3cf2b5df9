//! Telling libpurple's files by name and content.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::places::{
    ACCOUNTS, BUDDIES, CERTIFICATE, FILE_NAMES, LEFTOVER, OMEMO_DEVICES, OMEMO_KEYS, OTR_FINGERPRINTS, OTR_KEYS,
    POUNCES, PREFERENCES, STATUSES, TLS_PEERS,
};
use crate::clients::dotfiles;
use crate::model::FileKind;
use crate::source::sqlite::MAGIC;
use crate::syntax::xml;
use crate::syntax::xml::gmarkup::{self, Tag};
use crate::syntax::{certificate, contains};

/// What the name of a renamed copy would still have in it.
const HINTS: [&[u8]; 10] =
    [b"account", b"blist", b"pref", b"purple", b"pidgin", b"finch", b"gaim", b"buddy", b"buddies", b"roster"];

/// The ends of the names of copies that libpurple leaves behind.
const LEFTOVER_ENDS: [&str; 2] = ["~", ".save"];

/// The databases of lurch, by the ends of their names.
const DATABASES: [(&str, FileKind); 2] = [("_axc_db.sqlite", OMEMO_KEYS), ("_omemo_db.sqlite", OMEMO_DEVICES)];

/// Pieces one of which stands in every name that is worth a look.
pub(super) const NAME_PARTS: &[&str] = &[
    "otr.private_key",
    "otr.fingerprints",
    "_axc_db.sqlite",
    "_omemo_db.sqlite",
    "account",
    "blist",
    "pref",
    "purple",
    "pidgin",
    "finch",
    "gaim",
    "buddy",
    "buddies",
    "roster",
    "status.xml",
    "pounces.xml",
];

/// Whether a file of that name is worth a look.
pub(super) fn may_be_named(name: &[u8]) -> bool {
    let name = name.to_ascii_lowercase();
    let has = |part: &[u8]| contains(&name, part);
    name.ends_with(b"otr.private_key")
        || name.ends_with(b"otr.fingerprints")
        || DATABASES.iter().any(|(end, _)| name.ends_with(end.as_bytes()))
        || (has(b".xml") && (has(b"status.xml") || has(b"pounces.xml") || HINTS.iter().any(|hint| has(hint))))
}

/// What the file at `path` is to libpurple, by its path and its first bytes.
pub(super) fn recognise(path: &Path, head: &[u8]) -> Option<FileKind> {
    if is_adiums(path) {
        return None;
    }
    let name = dotfiles::Name::of(path);
    if name.is_encrypted {
        return None;
    }
    let plain = name.plain.as_str();
    if let Some(kind) = recognise_store(path, plain, head) {
        return Some(kind);
    }
    let folder = Folder::of(path);
    if let Some(copied) = leftover_of(plain) {
        let looks_right = folder != Folder::Other || content_of(head).is_some() || mentions_protocol(head);
        let worth_it = folder == Folder::Purple || matches!(copied, ACCOUNTS | BUDDIES | PREFERENCES);
        return (worth_it && looks_right).then_some(LEFTOVER);
    }
    let named = FILE_NAMES.iter().find(|(known, _)| *known == plain).map(|(_, kind)| *kind);
    match (named, folder) {
        (Some(kind), Folder::Gaim) => matches!(kind, ACCOUNTS | BUDDIES | PREFERENCES).then_some(LEFTOVER),
        // What stands here is read by libpurple whatever it is; only a template need not be XML at all.
        (Some(kind), Folder::Purple) if !name.is_template => Some(kind),
        (Some(kind @ (STATUSES | POUNCES)), _) => root_fits(kind, head).then_some(kind),
        _ => content_of(head),
    }
}

/// Files of one folder belong together if they bear libpurple's names; a renamed copy stands for itself.
pub(super) fn profile_key(path: &Path, kind: FileKind) -> PathBuf {
    let plain = dotfiles::Name::of(path).plain;
    let is_copy = matches!(kind, ACCOUNTS | BUDDIES | PREFERENCES)
        && !FILE_NAMES.iter().any(|(known, named)| *known == plain && *named == kind);
    let levels = if kind == CERTIFICATE { TLS_PEERS.len() + 1 } else { 1 };
    let folder = path.ancestors().nth(levels);
    if is_copy { path.to_owned() } else { folder.unwrap_or(path).to_owned() }
}

/// Key stores and accepted certificates.
fn recognise_store(path: &Path, name: &str, head: &[u8]) -> Option<FileKind> {
    let at_home = Folder::of(path) != Folder::Other;
    if name == "otr.private_key" {
        return (at_home || head.trim_ascii_start().starts_with(b"(privkeys")).then_some(OTR_KEYS);
    }
    if name == "otr.fingerprints" {
        return (at_home || contains(head, b"\tprpl-")).then_some(OTR_FINGERPRINTS);
    }
    if let Some((_, kind)) = DATABASES.iter().find(|(end, _)| name.ends_with(end)) {
        return (at_home || head.starts_with(MAGIC)).then_some(*kind);
    }
    let mut above = path.ancestors().skip(1).map(Path::file_name);
    let in_peers = TLS_PEERS.iter().rev().all(|part| above.next().flatten() == Some(OsStr::new(part)));
    (in_peers && head.trim_ascii_start().starts_with(certificate::BEGIN)).then_some(CERTIFICATE)
}

/// The folder that a file lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Folder {
    /// One that can only be libpurple's.
    Purple,
    /// That of Gaim, as Pidgin was called until 2007.
    Gaim,
    /// Any other.
    Other,
}

impl Folder {
    fn of(path: &Path) -> Self {
        let name = |level| path.ancestors().nth(level).map(dotfiles::Name::of).unwrap_or_default().plain;
        match (name(1).as_str(), name(2).as_str()) {
            (".purple", _) | ("purple", ".config") => Self::Purple,
            (".gaim", _) => Self::Gaim,
            _ => Self::Other,
        }
    }
}

/// Adium keeps libpurple's files, but its security settings stand elsewhere (`AccountPrefs.plist`).
fn is_adiums(path: &Path) -> bool {
    path.components().any(|part| part.as_os_str() == "Adium 2.0")
}

/// What a file of that name is a leftover copy of.
fn leftover_of(name: &str) -> Option<FileKind> {
    let original = LEFTOVER_ENDS.iter().find_map(|end| name.strip_suffix(end))?;
    FILE_NAMES.iter().find(|(known, _)| *known == original).map(|(_, kind)| *kind)
}

fn mentions_protocol(head: &[u8]) -> bool {
    contains(head, b">prpl-")
}

/// What a file is by its content alone. Of a head that is cut off, or of a file that is broken further on, what
/// stands before counts.
fn content_of(head: &[u8]) -> Option<FileKind> {
    if !head.contains(&b'<') {
        return None;
    }
    let decoded = xml::decode(Zeroizing::new(head.to_vec()));
    let document = xml::parse(&decoded);
    let root = document.root()?;
    let kind = match root.name() {
        "account" if root.child("account").is_some_and(|account| account.child("protocol").is_some()) => ACCOUNTS,
        "purple" if root.child("blist").is_some() => BUDDIES,
        "pref" if root.value("name").is_some_and(|name| name.as_str() == "/") => PREFERENCES,
        _ => return None,
    };
    Some(kind)
}

fn root_fits(kind: FileKind, head: &[u8]) -> bool {
    let decoded = gmarkup::decode(Zeroizing::new(head.to_vec()));
    let markup = gmarkup::parse(&decoded);
    let Some(Tag::Start { name, .. }) = markup.tags().first() else { return false };
    markup.slice(*name) == if kind == STATUSES { "statuses" } else { "pounces" }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACCOUNT: &str = "<?xml version='1.0' encoding='UTF-8' ?>\n\n<account version='1.0'>\n\t<account>\n\t\t\
                           <protocol>prpl-jabber</protocol>";

    fn of(path: &str, head: &str) -> Option<FileKind> {
        let name = Path::new(path).file_name().unwrap().as_encoded_bytes();
        if !may_be_named(name) && !path.contains("tls_peers") {
            return None;
        }
        recognise(Path::new(path), head.as_bytes())
    }

    #[test]
    fn finds_files_by_their_place_whatever_is_in_them() {
        for (path, kind) in [
            ("/home/a/.purple/accounts.xml", ACCOUNTS),
            ("/home/a/.purple/blist.xml", BUDDIES),
            ("/home/a/.purple/prefs.xml", PREFERENCES),
            ("/home/a/.purple/status.xml", STATUSES),
            ("/home/a/.purple/pounces.xml", POUNCES),
            ("/home/a/.purple/accounts.xml~", LEFTOVER),
            ("/home/a/.purple/accounts.xml.save", LEFTOVER),
            ("/home/a/.gaim/accounts.xml", LEFTOVER),
            ("/home/a/.purple/otr.private_key", OTR_KEYS),
            ("/home/a/.purple/alice@example.org_axc_db.sqlite", OMEMO_KEYS),
            ("/home/a/.purple/alice@example.org_omemo_db.sqlite", OMEMO_DEVICES),
            ("/home/a/.purple/otr.fingerprints", OTR_FINGERPRINTS),
            ("/home/a/.purple/pounces.xml~", LEFTOVER),
            ("/home/a/.config/purple/accounts.xml", ACCOUNTS),
            ("dotfiles/dot_purple/private_accounts.xml", ACCOUNTS),
            ("dotfiles/private_dot_purple/private_blist.xml", BUDDIES),
            ("dotfiles/.purple/accounts.xml##os.Linux", ACCOUNTS),
        ] {
            assert_eq!(of(path, ""), Some(kind), "{path}");
        }
    }

    #[test]
    fn finds_renamed_copies_by_their_content() {
        for path in
            ["accounts-gui-defaults.xml", "old-accounts.xml.bak", "purple/accounts.xml", "pidgin/accounts.xml"]
        {
            assert_eq!(of(path, ACCOUNT), Some(ACCOUNTS), "{path}");
        }
        assert_eq!(of("blist-written-by-client.xml", "<purple version='1.0'><blist>"), Some(BUDDIES));
        assert_eq!(of("prefs-defaults.xml", "<pref version='1' name='/'><pref"), Some(PREFERENCES));
        assert_eq!(of("pidgin/status.xml", "<statuses version='1.0'>"), Some(STATUSES));
        assert_eq!(of("old/accounts.xml~", ACCOUNT), Some(LEFTOVER));
        assert_eq!(of("old/accounts.xml~", "<x><protocol>prpl-jabber</protocol></x>"), Some(LEFTOVER));
        assert_eq!(
            of("old/otr.fingerprints", "bob@x.test\talice@x.test/\tprpl-jabber\t00ab"),
            Some(OTR_FINGERPRINTS)
        );
        assert_eq!(of("dot_purple/accounts.xml.tmpl", ACCOUNT), Some(ACCOUNTS));
    }

    #[test]
    fn leaves_strangers_alone() {
        for (path, head) in [
            ("accounts.xml", "<accounts><account id='1'/></accounts>"),
            ("accounts.xml", "<account><name>x</name></account>"),
            ("accounts.xml", ""),
            ("prefs.xml", "<preferences/>"),
            ("prefs.xml", "<pref name='x'/>"),
            ("blist.xml", "<purple><other/></purple>"),
            ("status.xml", "<status/>"),
            ("pom.xml", ACCOUNT),
            ("accounts.xml~", "<x/>"),
            ("dot_purple/accounts.xml.tmpl", "{{ if true }}"),
            (".purple/encrypted_private_accounts.xml", "-----BEGIN AGE ENCRYPTED FILE-----"),
            ("dot_purple/encrypted_private_otr.private_key.asc", "-----BEGIN AGE ENCRYPTED FILE-----"),
            ("dot_purple/symlink_accounts.xml", "/srv/accounts.xml"),
            ("otr.private_key", "something"),
            ("otr.fingerprints", "something"),
            ("x_omemo_db.sqlite", "something"),
            ("old/pounces.xml~", ACCOUNT),
            ("Library/Application Support/Adium 2.0/Users/Default/libpurple/accounts.xml", ACCOUNT),
        ] {
            assert_eq!(of(path, head), None, "{path} {head}");
        }
    }

    #[test]
    fn finds_accepted_certificates_by_their_folder() {
        let peer = "/home/a/.purple/certificates/x509/tls_peers/riseup.net";
        assert_eq!(of(peer, "-----BEGIN CERTIFICATE-----\n"), Some(CERTIFICATE));
        assert_eq!(of(peer, "something"), None);
        assert_eq!(profile_key(Path::new(peer), CERTIFICATE), Path::new("/home/a/.purple"));
    }

    #[test]
    fn reads_files_of_one_folder_together() {
        let key = |path: &str, kind| profile_key(Path::new(path), kind).to_string_lossy().into_owned();
        assert_eq!(key("/h/.purple/accounts.xml", ACCOUNTS), "/h/.purple");
        assert_eq!(key("/h/.purple/prefs.xml", PREFERENCES), "/h/.purple");
        assert_eq!(key("/h/.purple/accounts.xml~", LEFTOVER), "/h/.purple");
        assert_eq!(key("/h/.purple/otr.private_key", OTR_KEYS), "/h/.purple");
        assert_eq!(key("/h/dot_purple/private_accounts.xml", ACCOUNTS), "/h/dot_purple");
        assert_eq!(key("/h/.purple/accounts.xml.bak", ACCOUNTS), "/h/.purple/accounts.xml.bak");
        assert_eq!(key("/h/blist.xml", ACCOUNTS), "/h/blist.xml");
    }
}
