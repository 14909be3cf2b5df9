//! The elements of a list, `a;b;`, each with its place.

use std::ops::Range;

use crate::syntax::keyfile;

/// Every element that is not empty, and where it stands in the value as written. Nothing of a list that GLib
/// cannot read.
pub(super) fn elements(raw: &[u8]) -> Vec<(String, Range<usize>)> {
    if keyfile::string_list(raw).is_err() {
        return Vec::new();
    }
    let mut elements = Vec::new();
    let mut start = 0;
    let mut is_escaped = false;
    for (at, byte) in raw.iter().chain([&b';']).enumerate() {
        if *byte == b';' && !is_escaped {
            elements.extend(element(raw, start..at));
            start = at + 1;
        }
        is_escaped = *byte == b'\\' && !is_escaped;
    }
    elements
}

fn element(raw: &[u8], range: Range<usize>) -> Option<(String, Range<usize>)> {
    let text = keyfile::string_list(raw.get(range.clone())?).ok()?.into_iter().next()?;
    (!text.is_empty()).then_some((text, range))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_keep_their_places() {
        let read = |raw: &[u8]| {
            let elements = elements(raw).into_iter();
            elements.map(|(text, range)| (text, raw[range].to_vec())).collect::<Vec<_>>()
        };
        let pair = |text: &str, raw: &str| (text.to_owned(), raw.as_bytes().to_vec());
        assert_eq!(read(b"a;b"), [pair("a", "a"), pair("b", "b")]);
        assert_eq!(read(b"a;;b;"), [pair("a", "a"), pair("b", "b")]);
        assert_eq!(read(br"a\;b;\sc;"), [pair("a;b", r"a\;b"), pair(" c", r"\sc")]);
        assert!(read(br"a;\q").is_empty());
        assert!(read(b"a;\xff").is_empty());
        assert!(read(b"").is_empty());
    }
}
