//! One line of a key file.

use super::FaultKind;
use crate::model::Span;
use crate::syntax::unicode::is_letter_or_number;

/// A key and its value. Offsets count from the start of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The key's name, a locale in brackets included.
    pub key: Span,
    /// The value, blanks before it cut, blanks behind it kept, escapes not yet decoded.
    pub value: Span,
}

/// What a line is by itself, wherever it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// A comment or a blank line.
    Comment(Span),
    /// The start of a group: its name without the brackets.
    Group(Span),
    /// A key and its value.
    Entry(Entry),
    /// Nothing that GLib takes.
    Malformed(FaultKind),
}

/// Every line without its end, and the offset of the next.
///
/// Lines end at a line feed; one carriage return before it goes with it. At the end of the file it stays.
pub fn lines(bytes: &[u8]) -> impl Iterator<Item = (Span, usize)> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = bytes.get(at..)?;
        if rest.is_empty() {
            return None;
        }
        let start = at;
        let Some(length) = rest.iter().position(|byte| *byte == b'\n') else {
            at = bytes.len();
            return Some((Span::new(start, at), at));
        };
        at = start + length + 1;
        let line = rest.get(..length).unwrap_or_default();
        let end = start + line.strip_suffix(b"\r").unwrap_or(line).len();
        Some((Span::new(start, end), at))
    })
}

/// Reads the line that stands at `span`.
#[must_use]
pub fn read_line(bytes: &[u8], span: Span) -> Line {
    let whole = bytes.get(span.start..span.end).unwrap_or_default();
    // GLib works on C strings: a NUL ends the line.
    let (line, behind) = match whole.iter().position(|byte| *byte == 0) {
        Some(nul) => whole.split_at(nul),
        None => (whole, [].as_slice()),
    };
    let text = line.trim_ascii_start();
    let start = span.start + line.len() - text.len();
    match text.first() {
        None | Some(b'#') => Line::Comment(Span::new(span.start, span.start + line.len())),
        Some(b'[') if is_group(text) => read_group(text, behind, start),
        Some(_) => match text.iter().position(|byte| *byte == b'=') {
            Some(equals) if equals > 0 => read_entry(text, equals, start),
            _ => Line::Malformed(FaultKind::NotAnEntry),
        },
    }
}

/// Whether the text up to the first `]` is followed by nothing but spaces and tabs.
fn is_group(text: &[u8]) -> bool {
    let Some(close) = text.iter().position(|byte| *byte == b']') else { return false };
    text.iter().skip(close + 1).all(|byte| matches!(byte, b' ' | b'\t') || continues_character(*byte))
}

/// Whether GLib passes over the byte on its way to the next character, wherever it stands.
const fn continues_character(byte: u8) -> bool {
    matches!(byte, 0x80..=0xBF)
}

fn read_group(text: &[u8], behind: &[u8], start: usize) -> Line {
    let name: &[u8] = text.get(1..).unwrap_or_default();
    let length = name.iter().position(|byte| *byte == b']').unwrap_or_default();
    let name = name.get(..length).unwrap_or_default();
    let allowed = |byte: &u8| *byte != b'[' && !byte.is_ascii_control();
    // GLib looks for the end of the name from the end of the line, behind a NUL too.
    if name.is_empty() || !name.iter().all(allowed) || behind.contains(&b']') {
        return Line::Malformed(FaultKind::GroupName);
    }
    Line::Group(Span::new(start + 1, start + 1 + length))
}

fn read_entry(text: &[u8], equals: usize, start: usize) -> Line {
    let (key, value) = text.split_at(equals);
    let key = key.trim_ascii_end();
    if !is_key_name(key) {
        return Line::Malformed(FaultKind::KeyName);
    }
    let value = value.get(1..).unwrap_or_default().trim_ascii_start();
    let end = start + text.len();
    Line::Entry(Entry { key: Span::new(start, start + key.len()), value: Span::new(end - value.len(), end) })
}

fn is_key_name(key: &[u8]) -> bool {
    let Some(length) = key.iter().position(|byte| matches!(byte, b'[' | b']')) else { return !key.is_empty() };
    let (name, locale) = key.split_at(length);
    if name.is_empty() || name.ends_with(b" ") {
        return false;
    }
    locale.strip_prefix(b"[").and_then(|locale| locale.strip_suffix(b"]")).is_some_and(is_locale)
}

fn is_locale(locale: &[u8]) -> bool {
    let mut rest = locale;
    while !rest.is_empty() {
        let Some(character) = first_character(rest).filter(|character| is_of_locale(*character)) else {
            return false;
        };
        rest = rest.get(character.len_utf8()..).unwrap_or_default();
        let passed = rest.iter().take_while(|byte| continues_character(**byte)).count();
        rest = rest.get(passed..).unwrap_or_default();
    }
    true
}

fn is_of_locale(character: char) -> bool {
    is_letter_or_number(character) || "-_.@".contains(character)
}

/// The character at the beginning of `bytes`, if they begin with one.
fn first_character(bytes: &[u8]) -> Option<char> {
    const LONGEST: usize = 4;
    let head = bytes.get(..LONGEST).unwrap_or(bytes);
    head.utf8_chunks().next()?.valid().chars().next()
}

/// The locale of a translated key. `key[]` counts as not translated.
pub(super) fn locale(key: &[u8]) -> Option<&[u8]> {
    let start = key.iter().rposition(|byte| *byte == b'[')?;
    let locale = key.get(start + 1..)?.strip_suffix(b"]")?;
    (!locale.is_empty()).then_some(locale)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(line: &[u8]) -> Line {
        read_line(line, Span::new(0, line.len()))
    }

    #[test]
    fn a_last_line_keeps_its_carriage_return() {
        let all: Vec<_> = lines(b"a\r\nb\r").collect();
        assert_eq!(all, [(Span::new(0, 1), 3), (Span::new(3, 5), 5)]);
        assert_eq!(lines(b"\n\n").count(), 2);
        assert_eq!(lines(b"").count(), 0);
    }

    #[test]
    fn a_nul_ends_the_line() {
        assert_eq!(kind(b"k=ab\0cd"), Line::Entry(Entry { key: Span::new(0, 1), value: Span::new(2, 4) }));
        assert_eq!(kind(b"k\0=v"), Line::Malformed(FaultKind::NotAnEntry));
        assert_eq!(kind(b"\0junk"), Line::Comment(Span::at(0)));
        assert_eq!(kind(b"[a]\0junk"), Line::Group(Span::new(1, 2)));
        assert_eq!(kind(b"[a]\0]"), Line::Malformed(FaultKind::GroupName));
    }

    #[test]
    fn a_line_without_a_key_is_no_entry() {
        for line in ["=v", " =v", "=", "key", "[a", "[a] x"] {
            assert_eq!(kind(line.as_bytes()), Line::Malformed(FaultKind::NotAnEntry), "{line}");
        }
    }

    #[test]
    fn a_blank_value_is_an_empty_one_at_the_end() {
        assert_eq!(kind(b"k=  "), Line::Entry(Entry { key: Span::new(0, 1), value: Span::at(4) }));
    }

    /// GLib goes from character to character without looking at what continues one.
    #[test]
    fn stray_bytes_behind_a_character_are_passed_over() {
        assert_eq!(kind(b"[a]\x80 \xbf\x80\t"), Line::Group(Span::new(1, 2)));
        assert_eq!(kind(b"[a]\xc3"), Line::Malformed(FaultKind::NotAnEntry));
        assert!(is_key_name(b"k[a\xb0\x80]"));
        assert!(!is_key_name(b"k[\xb0a]") && !is_key_name(b"k[a\xc3]"));
    }

    #[test]
    fn names_of_keys() {
        for good in ["k", "a b", "k[de]", "k[]", "k[de_DE.UTF-8@euro]", ";k", "é", "k[é]", "k[٥Ⅷ]"] {
            assert!(is_key_name(good.as_bytes()), "{good}");
        }
        for bad in ["", "[de]", "]k", "k [de]", "k[de", "k[d e]", "k[de]x", "k[a][b]", "k[\u{8dc}]"] {
            assert!(!is_key_name(bad.as_bytes()), "{bad}");
        }
        assert_eq!(locale(b"k[de]"), Some(b"de".as_slice()));
        assert_eq!(locale(b"k[]"), None);
        assert_eq!(locale(b"k"), None);
    }
}
