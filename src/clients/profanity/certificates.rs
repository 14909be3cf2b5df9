//! `tlscerts`: certificates that are accepted for ever, for every account and every host name.

use super::source::Source;
use super::version::Known;
use crate::model::CertificateException;

/// Hexadecimal digits of SHA-1, used up to Profanity 0.15.1, and of SHA-256, used since 0.16.0.
const LENGTHS: [usize; 2] = [40, 64];

/// Whether a group's name is a fingerprint that the client compares with: lower case only.
pub(super) fn is_fingerprint(name: &[u8]) -> bool {
    LENGTHS.contains(&name.len()) && name.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// The certificates. The group's name alone decides: neither its keys nor the host are looked at.
///
/// What was written by a version that used another hash is compared with nothing any more.
pub(super) fn exceptions(source: &Source<'_>, version: Known<'_>) -> Vec<CertificateException> {
    let [sha1, sha256] = LENGTHS;
    let counts = |name: &[u8]| {
        let is_dead =
            (name.len() == sha1 && version.is_since(16, 0)) || (name.len() == sha256 && version.is_before(16, 0));
        is_fingerprint(name) && !is_dead
    };
    let groups = source.keys.groups().iter();
    groups
        .filter(|group| counts(source.keys.raw(group.name)))
        .map(|group| CertificateException {
            place: source.group_place(group),
            name: source.keys.lossy(group.name),
            every_host: true,
            self_signed: None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::is_fingerprint;

    #[test]
    fn a_fingerprint_is_lower_case_and_of_one_of_two_lengths() {
        assert!(is_fingerprint("0a".repeat(20).as_bytes()));
        assert!(is_fingerprint("0a".repeat(32).as_bytes()));
        assert!(!is_fingerprint("0A".repeat(20).as_bytes()));
        assert!(!is_fingerprint("0a".repeat(21).as_bytes()));
        assert!(!is_fingerprint(b""));
    }
}
