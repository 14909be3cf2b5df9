//! What tells a finding from every other, run after run.

use sha2::{Digest, Sha256};

/// The fingerprint of a finding: 32 hexadecimal digits.
///
/// It is made of what does not change when lines move or a home is copied elsewhere: the rule, the client, the
/// part that the file plays, the account or room, the setting, and the class of its value; `ordinal` tells true
/// duplicates apart. Never of a line number, and never of a secret: a hash of a password gives it away to anybody
/// with a list of words.
#[must_use]
pub fn fingerprint(parts: &[&str], ordinal: usize) -> String {
    let mut hash = Sha256::new();
    hash.update(b"xmpp-audit/fingerprint/1");
    for part in parts {
        // Lengths keep ("ab", "c") from being the same as ("a", "bc").
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.update((ordinal as u64).to_be_bytes());
    let digest: [u8; 32] = hash.finalize().into();
    let first_half = digest.first_chunk().copied().map(u128::from_be_bytes);
    format!("{:032x}", first_half.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::fingerprint;

    #[test]
    fn depends_on_every_part() {
        let first = fingerprint(&["ab", "c"], 0);
        assert_eq!(first.len(), 32);
        assert_eq!(first, fingerprint(&["ab", "c"], 0));
        assert_ne!(first, fingerprint(&["a", "bc"], 0));
        assert_ne!(first, fingerprint(&["ab", "c"], 1));
    }
}
