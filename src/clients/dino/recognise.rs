//! Telling Dino's databases from everybody else's.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::{DATABASE, LEFTOVER, OMEMO, OPENPGP, dump};
use crate::clients::dotfiles;
use crate::model::FileKind;
use crate::source::sqlite::{COMPANIONS, MAGIC};
use crate::syntax::{contains, contains_in_any_case};

/// The folders that Dino and DinoX keep their databases in.
const FOLDERS: [&str; 2] = ["dino", "dinox"];

/// Dino's own names for its databases.
const NAMES: [(&str, FileKind); 3] = [("dino.db", DATABASE), ("omemo.db", OMEMO), ("pgp.db", OPENPGP)];

/// What the schema of each database says, where it stands in the first pages. All words of a row must be there.
const SCHEMAS: [(&[&[u8]], FileKind); 3] = [
    (&[b"CREATE TABLE account ", b"bare_jid", b"resourcepart"], DATABASE),
    (&[b"identity_meta", b"signed_pre_key", b"trusted_when_received"], OMEMO),
    (&[b"CREATE TABLE contact_key ", b"CREATE TABLE account_setting "], OPENPGP),
];

/// Endings of database files and of copies that people make of them.
const ENDINGS: [&str; 11] =
    [".db", ".sqlite", ".sqlite3", ".db3", ".bak", ".backup", ".old", ".orig", ".copy", ".save", "~"];

/// Endings of dumps.
const DUMPS: [&str; 2] = [".sql", ".dump"];

/// Endings of encrypted copies.
const ENCRYPTED: [&[u8]; 3] = [b".age", b".gpg", b".asc"];

/// Pieces one of which stands in every name that is worth a look.
pub(super) const NAME_PARTS: &[&str] =
    &["dino", ".db", ".sqlite", ".bak", ".backup", ".old", ".orig", ".copy", ".save", "~", ".sql", ".dump"];

pub(super) fn may_be_named(name: &[u8]) -> bool {
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending.as_bytes()));
    !ends(&COMPANIONS) && (ends(&ENDINGS) || ends(&DUMPS) || names_dino(name))
}

/// The kind of the file at `path`, which begins with `head`. What a file with Dino's name in its own really
/// is shows when it is read: the tables of a large schema stand too far behind.
pub(super) fn kind_of(path: &Path, head: &[u8]) -> Option<FileKind> {
    let name = path.file_name()?.as_encoded_bytes();
    if !may_be_named(name) {
        return None;
    }
    if dump::is_dump(head) || head.starts_with(MAGIC) && is_beside(path) {
        return Some(LEFTOVER);
    }
    if !head.starts_with(MAGIC) {
        let certain = own_name(path).filter(|_| is_in_own_folder(path));
        return certain.or_else(|| is_encrypted_copy(path).then_some(DATABASE));
    }
    let told = SCHEMAS.iter().find(|(words, _)| words.iter().all(|word| contains(head, word)));
    let told = told.map(|(_, kind)| *kind);
    told.or_else(|| own_name(path).filter(|kind| *kind == DATABASE || is_in_own_folder(path)))
        .or_else(|| names_dino(name).then_some(DATABASE))
}

/// Files under their own names belong together, with what was left behind beside them; a copy under another name
/// stands for itself.
pub(super) fn profile_key(path: &Path, kind: FileKind) -> PathBuf {
    match (own_name(path), path.parent()) {
        (own, Some(parent)) if (own.is_some() || kind == LEFTOVER) && !parent.as_os_str().is_empty() => {
            parent.to_owned()
        }
        _ => path.to_owned(),
    }
}

/// Whether the file at `path` can be nobody else's: Dino's own name in a folder of Dino's.
pub(super) fn is_certain(path: &Path) -> bool {
    own_name(path).is_some() && is_in_own_folder(path)
}

/// Whether it is a copy of the main database, encrypted by its owner.
pub(super) fn is_encrypted_copy(path: &Path) -> bool {
    path.file_name().map(OsStr::as_encoded_bytes).is_some_and(|name| {
        ENCRYPTED.iter().any(|ending| name.strip_suffix(*ending).is_some_and(|plain| plain.ends_with(b"dino.db")))
    })
}

/// Whether it is named as a copy of the main database in Dino's own folder, which Dino does not read.
fn is_beside(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().as_encoded_bytes();
    name.strip_prefix(b"dino.db").is_some_and(|rest| !rest.is_empty()) && is_in_own_folder(path)
}

fn own_name(path: &Path) -> Option<FileKind> {
    let name = path.file_name()?;
    NAMES.iter().find(|(own, _)| name == *own).map(|(_, kind)| *kind)
}

/// Whether the folder is Dino's own, as it is or as chezmoi names it.
fn is_in_own_folder(path: &Path) -> bool {
    path.parent().is_some_and(|folder| FOLDERS.contains(&dotfiles::Name::of(folder).plain.as_str()))
}

fn names_dino(name: &[u8]) -> bool {
    contains_in_any_case(name, b"dino")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: &[u8] = b"SQLite format 3\0...";

    fn kind(path: &str, head: &[u8]) -> Option<FileKind> {
        kind_of(Path::new(path), head)
    }

    #[test]
    fn knows_its_own_by_name_and_content() {
        assert_eq!(kind("/h/.local/share/dino/dino.db", PLAIN), Some(DATABASE));
        assert_eq!(kind("/backup/dino.db", PLAIN), Some(DATABASE));
        assert_eq!(kind("/backup/old-dino.sqlite", PLAIN), Some(DATABASE));
        assert_eq!(kind("/h/.local/share/dino/omemo.db", PLAIN), Some(OMEMO));
        assert_eq!(kind("/h/dot_local/private_share/private_dino/pgp.db", PLAIN), Some(OPENPGP));
        assert_eq!(kind("/dotfiles/exact_private_dino/omemo.db", PLAIN), Some(OMEMO));
        let told = [PLAIN, b"CREATE TABLE account ( id, bare_jid TEXT, resourcepart TEXT)"].concat();
        assert_eq!(kind("/backup/chat.db", &told), Some(DATABASE));
        assert_eq!(kind("/backup/chat.db~", &told), Some(DATABASE));
        assert_eq!(kind("/backup/dino.db.bak", &told), Some(DATABASE));
    }

    #[test]
    fn knows_copies_beside_and_dumps() {
        assert_eq!(kind("/h/.local/share/dino/dino.db.bak", PLAIN), Some(LEFTOVER));
        assert_eq!(kind("/h/private_dino/dino.db~", PLAIN), Some(LEFTOVER));
        assert_eq!(kind("/h/.local/share/dino/dino.db.txt", b"notes"), None);
        let dump =
            b"CREATE TABLE account ( id, bare_jid TEXT, resourcepart TEXT);\nINSERT INTO account VALUES(1,'a@b.c'";
        assert_eq!(kind("/backup/chat.sql", dump), Some(LEFTOVER));
        assert_eq!(kind("/backup/chat.dump", dump), Some(LEFTOVER));
        assert_eq!(kind("/backup/chat.txt", dump), None);
        assert_eq!(kind("/backup/chat.sql", b"CREATE TABLE account (id, owner);"), None);
    }

    #[test]
    fn takes_no_strangers() {
        assert_eq!(kind("/h/.local/share/other/omemo.db", PLAIN), None);
        assert_eq!(kind("/h/chat.db", PLAIN), None);
        assert_eq!(kind("/h/dino.png", b"PNG"), None);
        assert_eq!(kind("/h/.local/share/dino/dino.db-wal", PLAIN), None);
        assert_eq!(kind("/h/other/dino.db", b"text"), None);
        assert!(!may_be_named(b"dino.db-journal") && !may_be_named(b"accounts.xml"));
    }

    #[test]
    fn takes_what_can_be_nobody_elses_though_it_is_damaged_or_encrypted() {
        assert_eq!(kind("/h/.local/share/dino/dino.db", b""), Some(DATABASE));
        assert_eq!(kind("/h/.local/share/dinox/dino.db", &[0x5a; 100]), Some(DATABASE));
        assert_eq!(kind("/dotfiles/encrypted_dino.db.age", b"age-encryption.org/v1"), Some(DATABASE));
    }

    #[test]
    fn keeps_copies_apart() {
        let key = |path: &str, kind| profile_key(Path::new(path), kind);
        assert_eq!(key("/h/dino/dino.db", DATABASE), key("/h/dino/omemo.db", OMEMO));
        assert_eq!(key("/h/dino/dino.db", DATABASE), key("/h/dino/dino.db.bak", LEFTOVER));
        assert_ne!(key("/h/dino.db", DATABASE), key("/h/dino.db.bak", DATABASE));
        assert_eq!(key("dino.db", DATABASE), Path::new("dino.db"));
        assert_eq!(key("dino.sql", LEFTOVER), Path::new("dino.sql"));
    }
}
