//! The Content-Security-Policy of the page.

use sha2::{Digest, Sha256};

/// A policy under which a browser loads nothing, sends nothing, and takes no style and no script but these two.
pub fn content_policy(style: &str, script: &str) -> String {
    format!(
        "default-src 'none'; style-src '{}'; script-src '{}'; base-uri 'none'; form-action 'none'",
        source(style),
        source(script)
    )
}

/// The hash of an inline text, as Content Security Policy Level 3, section 2.3.1, writes it.
fn source(text: &str) -> String {
    format!("sha256-{}", base64(&Sha256::digest(text.as_bytes())))
}

/// RFC 4648, section 4.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut encoded = String::new();
    for chunk in bytes.chunks(3) {
        let byte = |number: usize| u32::from(chunk.get(number).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for number in 0..4_usize {
            let letter = LETTERS.get((bits >> (18 - 6 * number)) as usize & 63).copied().map(char::from);
            encoded.extend(letter.filter(|_| number <= chunk.len()).or(Some('=')));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn hashes_as_the_specification_shows() {
        // The example of Content Security Policy Level 2, section 7.17.
        assert_eq!(source("alert('Hello, world.');"), "sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng=");
    }

    proptest! {
        #[test]
        fn encodes_as_others_do(bytes in any::<Vec<u8>>()) {
            prop_assert_eq!(super::base64(&bytes), STANDARD.encode(&bytes));
        }
    }
}
