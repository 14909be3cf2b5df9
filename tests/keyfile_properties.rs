//! What holds of the key file reader whatever it is given.

#![allow(clippy::indexing_slicing)]

use proptest::prelude::*;
use xmpp_audit::model::Span;
use xmpp_audit::syntax::keyfile::{self, KeyFile, Translations};

/// Bytes that are often close to a key file.
fn nearly_a_key_file() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(b"[alice@example.org]\n".to_vec()),
        Just(b"[".to_vec()),
        Just(b"]".to_vec()),
        Just(b"=".to_vec()),
        Just(b"\\".to_vec()),
        Just(b";".to_vec()),
        Just(b"\r\n".to_vec()),
        Just(b"\n".to_vec()),
        Just(b"\0".to_vec()),
        Just(b"\xef\xbb\xbf".to_vec()),
        Just(b"Encoding=".to_vec()),
        Just(b"tls.policy[de]=allow\n".to_vec()),
        "[a-z .]{0,6}".prop_map(String::into_bytes),
        proptest::collection::vec(any::<u8>(), 0..4),
    ];
    proptest::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

fn within(span: Span, bytes: &[u8]) -> bool {
    span.start <= span.end && span.end <= bytes.len()
}

proptest! {
    #[test]
    fn every_span_lies_in_the_file_and_holds_what_it_says(bytes in nearly_a_key_file()) {
        let file = KeyFile::parse(&bytes, Translations::Keep);
        for group in file.groups() {
            prop_assert!(within(group.name, &bytes) && group.name.start > 0);
            prop_assert_eq!(bytes[group.name.start - 1], b'[');
            prop_assert_eq!(bytes[group.name.end], b']');
            for entry in group.entries() {
                prop_assert!(within(entry.key, &bytes) && within(entry.value, &bytes));
                prop_assert!(bytes[entry.key.end..entry.value.start].contains(&b'='));
                let raw = file.raw(entry.value);
                let _ = (keyfile::boolean(raw), keyfile::integer(raw), keyfile::string_list(raw));
                if let Ok(decoded) = keyfile::decode(raw) {
                    prop_assert_eq!(decoded.offsets.len(), decoded.text.len() + 1);
                    prop_assert!(decoded.offsets.is_sorted());
                }
            }
        }
        if let Some(fault) = file.fault() {
            prop_assert!(within(fault.line, &bytes) && fault.rest <= bytes.len());
        }
    }

    #[test]
    fn lines_cover_the_file(bytes in nearly_a_key_file()) {
        let mut at = 0;
        for (line, next) in keyfile::lines(&bytes) {
            prop_assert_eq!(line.start, at);
            prop_assert!(line.end <= next);
            at = next;
        }
        prop_assert_eq!(at, bytes.len());
    }

    #[test]
    fn what_glib_saves_it_loads_again(bytes in nearly_a_key_file()) {
        let once = KeyFile::parse(&bytes, Translations::Keep).rewritten();
        let again = KeyFile::parse(&once, Translations::Keep);
        prop_assert_eq!(again.fault(), None);
        // Whenever GLib loads a line it takes one carriage return before the line feed away.
        let ends_line = |at: usize| once[at] == b'\r' && once.get(at + 1) == Some(&b'\n');
        let expected: Vec<u8> = (0..once.len()).filter(|at| !ends_line(*at)).map(|at| once[at]).collect();
        prop_assert_eq!(again.rewritten(), expected);
    }

    #[test]
    fn any_bytes_at_all(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        let _ = KeyFile::parse(&bytes, Translations::Only(&["de"])).rewritten();
    }
}
