//! The reader of Gajim's old line format against the client's own expression, and against any bytes.
#![allow(clippy::unwrap_used)]

use std::sync::LazyLock;

use proptest::prelude::*;
use regex::bytes::Regex;
use xmpp_audit::model::Span;
use xmpp_audit::syntax::gajim_text::{LineEnds, lines, match_line, parse};

/// The client's own expression. Python's `\s` knows four more characters than Rust's.
static ORACLE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?s-u)^([^.=]+)(?:(?:\.([^\n]+))?\.([^.=]+))?(?u:[\s\x1c-\x1f])=(?u:[\s\x1c-\x1f])([^\n]*)")
        .unwrap()
});

/// Lines made of what matters to the grammar.
fn line() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        4 => Just(b".".to_vec()),
        4 => Just(b"=".to_vec()),
        4 => Just(b" ".to_vec()),
        3 => Just(b" = ".to_vec()),
        3 => Just(b"a".to_vec()),
        2 => Just(b"password".to_vec()),
        1 => Just(b"\t".to_vec()),
        1 => Just(b"\x1d".to_vec()),
        1 => Just("\u{a0}".as_bytes().to_vec()),
        1 => Just("\u{2003}".as_bytes().to_vec()),
        1 => Just("\u{e9}".as_bytes().to_vec()),
        1 => Just(b"\xff".to_vec()),
    ];
    prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    #[test]
    fn lines_match_as_the_clients_expression_does(line in line(), terminated: bool) {
        let mut subject = line.clone();
        if terminated {
            subject.push(b'\n');
        }
        let span = |found: regex::bytes::Match| Span::new(found.start().min(line.len()), found.end().min(line.len()));
        let expected = ORACLE.captures(&subject).map(|captures| {
            (captures.get(1).map(span), captures.get(2).map(span), captures.get(3).map(span), captures.get(4).map(span))
        });
        let found = match_line(&line, terminated)
            .map(|found| (Some(found.section), found.key, found.option, Some(found.value)));
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn every_line_is_found_once(text in prop::collection::vec(any::<u8>(), 0..300), universal: bool) {
        let ends = if universal { LineEnds::Universal } else { LineEnds::LineFeed };
        let mut at = 0;
        for (span, _) in lines(&text, ends) {
            prop_assert!(at <= span.start && span.start <= span.end && span.end <= text.len());
            at = span.end;
        }
        for line in parse(&text, ends) {
            prop_assert!(line.section.start < line.section.end && line.value.end <= text.len());
        }
    }
}
