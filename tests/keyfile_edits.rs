//! What holds of changes of key files, whatever the file.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use proptest::prelude::*;
use xmpp_audit::fix::spliced;
use xmpp_audit::model::Splice;
use xmpp_audit::syntax::keyfile::{self, KeyFile, Line, Translations, Wanted, line_at, lines, read_line};

/// A file of plausible lines, most of which GLib takes.
fn key_file() -> impl Strategy<Value = Vec<u8>> {
    let line = prop_oneof![
        60 => prop::sample::select(vec![
            "[a]", "[a]", "[b]", " [b]\t", "[c c]", "", "  ", "# k=1", "\t# c", "k=1", "k=x", " k = 2", "k\t=3 ",
            "k=", "k =  ", "l=1", "m = x\\sy", "\tn=é", "k[de]=4", "K=5", "k.l=6", "password=hunter2", "k=a\0b",
            "[a]\0c", "k=1\r", "k=\r", "Encoding=UTF-8",
        ]).prop_map(|line| line.as_bytes().to_vec()),
        1 => prop::sample::select(vec!["stray", "=x", "[", "k [de]=1", "Encoding=latin1"])
            .prop_map(|line| line.as_bytes().to_vec()),
        1 => proptest::collection::vec(any::<u8>(), 0..4),
    ];
    let end = prop::sample::select(vec!["\n", "\n", "\n", "\r\n", "\r\r\n"]);
    let lines = proptest::collection::vec((line, end), 0..14);
    (prop::bool::weighted(0.95), lines, prop::sample::select(vec!["", "\n", "\r"])).prop_map(
        |(has_group, lines, last)| {
            let mut bytes = if has_group { b"[a]\n".to_vec() } else { Vec::new() };
            let count = lines.len();
            for (number, (line, end)) in lines.into_iter().enumerate() {
                bytes.extend(line);
                bytes.extend_from_slice(if number + 1 == count { last.as_bytes() } else { end.as_bytes() });
            }
            bytes
        },
    )
}

/// Group, key and value as they are written.
type Written = (Vec<u8>, Vec<u8>, Vec<u8>);

/// Every entry and comment but those of one key of one group, in their order within each group.
fn others(bytes: &[u8], group: &str, key: &str) -> (Vec<Written>, Vec<Vec<u8>>) {
    let mut entries = Vec::new();
    let mut comments = Vec::new();
    let mut current = Vec::new();
    for (line, _) in lines(bytes) {
        let raw = |span: xmpp_audit::model::Span| bytes[span.start..span.end].to_vec();
        match read_line(bytes, line) {
            Line::Group(name) => current = raw(name),
            Line::Entry(entry) => {
                if current != group.as_bytes() || raw(entry.key) != key.as_bytes() {
                    entries.push((current.clone(), raw(entry.key), raw(entry.value)));
                }
            }
            // A blank line may be put before a new group.
            Line::Comment(text) if raw(text).trim_ascii().is_empty() => {}
            Line::Comment(text) => comments.push(raw(text).trim_ascii_end().to_vec()),
            Line::Malformed(_) => break,
        }
    }
    (entries, comments)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(3000) })]

    #[test]
    fn what_is_set_is_read_and_nothing_else_is_different(
        bytes in key_file(),
        group in prop::sample::select(vec!["a", "b", "c c", "new"]),
        key in prop::sample::select(vec!["k", "l", "k.l", "new"]),
        value in prop::sample::select(vec!["force", "x", "", " a \\b\n", "é;", "1", "\t\r "]),
    ) {
        let file = KeyFile::parse(&bytes, Translations::Keep);
        let wanted = [Wanted { group: group.as_bytes(), key, value }];
        let Some(splices) = file.set(&wanted) else {
            prop_assert!(file.fault().is_some());
            return Ok(());
        };
        let changed = spliced(&bytes, &splices).unwrap();
        let after = KeyFile::parse(&changed, Translations::Keep);
        prop_assert!(after.fault().is_none());
        let entry = after.entry(group.as_bytes(), key.as_bytes()).unwrap();
        prop_assert_eq!(keyfile::string(after.raw(entry.value)).unwrap(), value);
        prop_assert_eq!(others(&changed, group, key), others(&bytes, group, key));
        if splices.is_empty() {
            prop_assert_eq!(&*changed, &bytes);
        } else {
            prop_assert_eq!(after.lines_of(group.as_bytes(), key.as_bytes()).len(), 1);
        }
        prop_assert_eq!(after.set(&wanted), Some(Vec::new()));
    }

    #[test]
    fn what_is_taken_away_is_gone_and_nothing_else(
        bytes in key_file(),
        group in prop::sample::select(vec!["a", "b", "c c"]),
        key in prop::sample::select(vec!["k", "l", "k[de]"]),
    ) {
        let file = KeyFile::parse(&bytes, Translations::Keep);
        if file.fault().is_some() {
            return Ok(());
        }
        let lines = file.lines_of(group.as_bytes(), key.as_bytes());
        prop_assert_eq!(lines.is_empty(), file.entry(group.as_bytes(), key.as_bytes()).is_none());
        for line in &lines {
            prop_assert_eq!(line_at(&bytes, line.start), *line);
        }
        let splices: Vec<_> = lines.into_iter().map(Splice::remove).collect();
        let changed = spliced(&bytes, &splices).unwrap();
        let after = KeyFile::parse(&changed, Translations::Keep);
        prop_assert!(after.fault().is_none());
        prop_assert!(after.entry(group.as_bytes(), key.as_bytes()).is_none());
        prop_assert_eq!(others(&changed, group, key), others(&bytes, group, key));
    }
}
