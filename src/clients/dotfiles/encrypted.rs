//! Files that a dotfiles manager or git keeps encrypted: known by their first bytes, or by their names.

use std::path::{Path, PathBuf};

use super::Name;
use crate::syntax::contains;

/// How encrypted files begin, and what wrote them.
///
/// Sources: git-crypt 0.7 `doc/`, age 1.2 (age-encryption.org/v1), RFC 9580 section 6.2, transcrypt 2.2 and OpenSSL
/// `enc` ("Salted__", in Base64 "U2FsdGVkX1"), Ansible Vault 1.1 and 1.2.
const BEGINNINGS: [(&[u8], &str); 8] = [
    (b"\0GITCRYPT\0", "git-crypt"),
    (b"age-encryption.org/v1", "age"),
    (b"-----BEGIN AGE ENCRYPTED FILE-----", "age"),
    (b"-----BEGIN PGP MESSAGE-----", "OpenPGP"),
    (b"U2FsdGVkX1", "transcrypt"),
    (b"Salted__", "OpenSSL"),
    (b"$ANSIBLE_VAULT;", "Ansible Vault"),
    (b"GPG symmetric encrypted data", "OpenPGP"),
];

/// What sops 3 makes of a value, or of a file of a kind that it does not know.
const SOPS: &[u8] = b"ENC[AES256_GCM,";

/// What encrypted the file at `path` that begins with these bytes; none if it is not encrypted.
pub(crate) fn encrypted_by(path: &Path, head: &[u8]) -> Option<&'static str> {
    let beginning = BEGINNINGS.iter().find(|(beginning, _)| head.starts_with(beginning)).map(|(_, by)| *by);
    let by_content = beginning.or_else(|| contains(head, SOPS).then_some("sops"));
    by_content.or_else(|| Name::of(path).is_encrypted.then_some("age / OpenPGP"))
}

/// The path with the name that the file has where the client looks for it.
pub(crate) fn plain_path(path: &Path) -> PathBuf {
    path.with_file_name(Name::of(path).plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_what_encrypted_a_file() {
        let by = |path: &str, head: &[u8]| encrypted_by(Path::new(path), head);
        assert_eq!(by(".purple/accounts.xml", b"\0GITCRYPT\0\x12\x34"), Some("git-crypt"));
        assert_eq!(by("dot_purple/encrypted_accounts.xml.age", b"age-encryption.org/v1\n"), Some("age"));
        assert_eq!(by("encrypted_private_accounts", b"\x85\x01"), Some("age / OpenPGP"));
        assert_eq!(by(".purple/prefs.xml", b"{\"data\": \"ENC[AES256_GCM,data:x\"}"), Some("sops"));
        assert_eq!(by(".purple/accounts.xml", b"<?xml version='1.0'?>"), None);
        assert_eq!(by(".purple/accounts.xml", b""), None);
    }

    #[test]
    fn names_are_read_without_their_marks() {
        let plain = plain_path(Path::new("dot_purple/encrypted_private_accounts.xml.age"));
        assert_eq!(plain, Path::new("dot_purple/accounts.xml"));
    }
}
