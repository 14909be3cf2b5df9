//! Which files are Profanity's, by their path and their first bytes.

use std::path::{Path, PathBuf};

use super::{ACCOUNTS, BOOKMARKS, CERTIFICATES, KEY_BINDINGS, OLD_SETTINGS, SETTINGS, certificates, folders, keys};
use crate::clients::{Found, dotfiles};
use crate::model::FileKind;
use crate::syntax::contains;
use crate::syntax::keyfile::{self, KeyFile, Line, Translations};

/// Parts of a name by which a file is worth opening.
pub(super) const NAME_PARTS: &[&str] =
    &["account", "profrc", "tlscerts", "profanity", "bookmark_ignore", "inputrc", OLD_NAME];

/// What the settings were called in 0.1.9 and before: as a whole name only, since every program has such files.
const OLD_NAME: &str = "config";

/// What the file is called in its own place.
const CANONICAL: &[(&str, FileKind)] = &[
    ("accounts", ACCOUNTS),
    ("profrc", SETTINGS),
    ("tlscerts", CERTIFICATES),
    ("bookmark_ignore", BOOKMARKS),
    ("inputrc", KEY_BINDINGS),
];

/// Whether a file of that name may be one of Profanity's.
pub(super) fn may_be_named(name: &[u8]) -> bool {
    let has = |part: &&str| *part != OLD_NAME && contains(name, part.as_bytes());
    name == OLD_NAME.as_bytes() || NAME_PARTS.iter().any(has)
}

/// What the file at `path` with these first bytes is to Profanity.
pub(super) fn recognise(path: &Path, head: &[u8]) -> Option<FileKind> {
    let name = dotfiles::Name::of(path);
    if name.is_other_content {
        return None;
    }
    let folder = folders::folder_of(path);
    let legacy = || path.parent().is_some_and(|parent| dotfiles::Name::of(parent).plain == ".profanity");
    if name.plain == "config" {
        return legacy().then_some(OLD_SETTINGS);
    }
    let canonical = CANONICAL.iter().find(|(known, _)| *known == name.plain).map(|(_, kind)| *kind);
    match (canonical, folder) {
        (Some(kind), Some(folder)) if folder.certain || name.is_encrypted => Some(kind),
        // `bookmark_ignore` has nothing in it that other files do not have, and `inputrc` is every program's.
        (Some(kind @ (BOOKMARKS | KEY_BINDINGS)), folder) => folder.map(|_| kind),
        // A project may be called profanity as well, and keep accounts of another kind.
        (Some(kind), Some(_)) if head.is_empty() || has_group(head) => Some(kind),
        (Some(SETTINGS), None) if head.is_empty() => Some(SETTINGS),
        _ => by_content(&name.plain, head),
    }
}

fn has_group(head: &[u8]) -> bool {
    keyfile::lines(head).any(|(line, _)| matches!(keyfile::read_line(head, line), Line::Group(_)))
}

/// A renamed copy: part of the name must fit, and the content must be such as only Profanity writes.
fn by_content(name: &str, head: &[u8]) -> Option<FileKind> {
    let named = |part: &str| name.contains(part) || name.contains("profanity");
    if named("tlscert") && has_fingerprint(head) {
        Some(CERTIFICATES)
    } else if named("account") && has_key_of_accounts(head) {
        Some(ACCOUNTS)
    } else if named("profrc") && has_preference(head) {
        Some(SETTINGS)
    } else {
        None
    }
}

/// Looks at lines, not at the parsed file: a copy may be damaged in its first line.
fn has_key_of_accounts(head: &[u8]) -> bool {
    keyfile::lines(head).any(|(line, _)| match keyfile::read_line(head, line) {
        Line::Entry(entry) => head
            .get(entry.key.start..entry.key.end)
            .is_some_and(|key| keys::contains(keys::TYPICAL_OF_ACCOUNTS, key)),
        _ => false,
    })
}

fn has_preference(head: &[u8]) -> bool {
    let file = KeyFile::parse(head, Translations::Keep);
    file.groups().iter().any(|group| {
        keys::preferences(file.raw(group.name))
            .is_some_and(|known| group.entries().any(|entry| known.knows(file.raw(entry.key))))
    })
}

fn has_fingerprint(head: &[u8]) -> bool {
    let file = KeyFile::parse(head, Translations::Keep);
    file.groups().iter().any(|group| certificates::is_fingerprint(file.raw(group.name)))
}

/// What the files of one user have in common.
pub(super) fn profile_key(found: &Found) -> PathBuf {
    let name = dotfiles::Name::of(&found.path).plain;
    let canonical = CANONICAL.iter().any(|(known, _)| *known == name) || name == "config";
    if !canonical {
        return found.path.clone();
    }
    let folder = folders::folder_of(&found.path);
    if let (Some(home), Some(_)) = (&found.home, &folder) {
        // A sandboxed client below the same home has a home of its own.
        let sandboxed = [".var/app", "snap"].iter().any(|place| found.path.starts_with(home.join(place)));
        if !sandboxed {
            return home.clone();
        }
    }
    folder.map_or_else(|| found.path.parent().unwrap_or(&found.path).to_owned(), |folder| folder.base)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(path: &str, head: &str) -> Option<FileKind> {
        let name = Path::new(path).file_name().unwrap().as_encoded_bytes();
        assert!(may_be_named(name) || recognise(Path::new(path), head.as_bytes()).is_none(), "{path}");
        recognise(Path::new(path), head.as_bytes())
    }

    #[test]
    fn knows_its_own_places_whatever_is_in_them() {
        for damaged in ["", "\u{feff}[a]\n", "<<<<<<< HEAD\n", "garbage"] {
            assert_eq!(kind("/home/a/.local/share/profanity/accounts", damaged), Some(ACCOUNTS));
            assert_eq!(kind("/home/a/.config/profanity/profrc", damaged), Some(SETTINGS));
            assert_eq!(kind("/home/a/.local/share/profanity/tlscerts", damaged), Some(CERTIFICATES));
            assert_eq!(kind("/home/a/.local/share/profanity/bookmark_ignore", damaged), Some(BOOKMARKS));
            assert_eq!(kind("/home/a/.config/profanity/inputrc", damaged), Some(KEY_BINDINGS));
            assert_eq!(kind("/home/a/.profanity/config", damaged), Some(OLD_SETTINGS));
        }
        assert_eq!(kind("d/dot_local/share/profanity/encrypted_private_accounts.age", "age-"), Some(ACCOUNTS));
    }

    #[test]
    fn knows_renamed_copies_by_their_content() {
        assert_eq!(kind("accounts-0.13.1-insecure", "[a@x]\nenabled=true\nmuc.nick=a\n"), Some(ACCOUNTS));
        assert_eq!(kind("b/accounts.bak", "\u{feff}[a@x]\ntls.policy=allow\n"), Some(ACCOUNTS));
        assert_eq!(kind("my-profanity-backup", "[a@x]\ntls.policy = allow\n"), Some(ACCOUNTS));
        assert_eq!(kind("profrc-0.18.2-many-settings", "[connection]\ncarbons=false\n"), Some(SETTINGS));
        assert_eq!(kind("profanity.conf", "[omemo]\ntrustmode=blind\n"), Some(SETTINGS));
        let fingerprint = format!("[{}]\nversion=3\n", "0a".repeat(20));
        assert_eq!(kind("tlscerts-0.13.1-after-tls-always", &fingerprint), Some(CERTIFICATES));
        assert_eq!(kind("x/profrc", ""), Some(SETTINGS));
    }

    #[test]
    fn a_folder_of_its_name_is_enough_for_a_file_of_groups() {
        assert_eq!(kind("src/profanity/accounts", "[alice@example.org]\nnote=new\n"), Some(ACCOUNTS));
        assert_eq!(kind("src/profanity/profrc", "# mine\n[ui]\n"), Some(SETTINGS));
        assert_eq!(kind("src/profanity/tlscerts", ""), Some(CERTIFICATES));
        assert_eq!(kind("src/profanity/bookmark_ignore", "garbage"), Some(BOOKMARKS));
        assert_eq!(kind("src/profanity/inputrc", "garbage"), Some(KEY_BINDINGS));
    }

    #[test]
    fn opens_files_by_parts_of_their_names_only() {
        use crate::clients::{Client, profanity::Profanity};
        for name in ["accounts", "accounts.bak", "profrc-old", "tlscerts", "inputrc", "config", "my-profanity"] {
            assert!(Profanity.may_be_named(name.as_bytes()), "{name}");
        }
        for name in ["photo.jpg", "config.toml", "rc", ""] {
            assert!(!Profanity.may_be_named(name.as_bytes()), "{name}");
        }
    }

    #[test]
    fn leaves_strangers_alone() {
        assert_eq!(kind("/etc/accounts", "[alice]\nname=Alice\n"), None);
        assert_eq!(kind("/srv/accounts", ""), None);
        assert_eq!(kind("src/profanity/accounts", "id,name\n1,alice\n"), None);
        assert_eq!(kind(".purple/accounts.xml", "<?xml version='1.0'?><account/>"), None);
        assert_eq!(kind("profrc-notes.txt", "how I set up my profrc\n"), None);
        assert_eq!(kind("tlscerts.ini", "[server]\nkey=value\n"), None);
        assert_eq!(kind(".git/config", "[core]\nbare=false\n"), None);
        assert_eq!(kind("d/dot_local/share/profanity/modify_private_accounts", "#!/bin/sh\n"), None);
        assert_eq!(kind("bookmark_ignore", "[a@x]\nroom@y=true\n"), None);
        assert_eq!(kind("/home/a/.inputrc", "\"\\C-x\": \"/quit\""), None);
        assert_eq!(kind("bash/inputrc", "\"\\C-x\": \"/quit\""), None);
        assert_eq!(kind("NetworkManager/profanity", "[connection]\nid=home\n"), None);
    }

    #[test]
    fn files_of_one_user_are_one_profile() {
        let key = |path: &str, home: Option<&str>| {
            profile_key(&Found { path: path.into(), kind: ACCOUNTS, home: home.map(PathBuf::from) })
        };
        let native = key("/home/a/.local/share/profanity/accounts", Some("/home/a"));
        assert_eq!(native, key("/mnt/xdg/profanity/profrc", Some("/home/a")));
        assert_eq!(native, key("/home/a/.config/profanity/profrc", None));
        let boxed = key("/home/a/.var/app/im.x/data/profanity/accounts", Some("/home/a"));
        assert_ne!(native, boxed);
        assert_eq!(boxed, key("/home/a/.var/app/im.x/config/profanity/profrc", Some("/home/a")));
        assert_eq!(key("b/accounts", None), key("b/profrc", None));
        assert_ne!(key("b/accounts-old", None), key("b/accounts-new", None));
        assert_ne!(key("/home/a/accounts-old", Some("/home/a")), native);
    }
}
