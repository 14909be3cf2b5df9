//! The line format of Gajim 0.11 to 1.2.
//!
//! One line is one option. The client matches each line, from its first character, against
//!
//! ```text
//! ([^.=]+)(?:(?:\.(.+))?\.([^.=]+))?\s=\s(.*)
//! ```
//!
//! with greedy repetition. Lines that do not match are ignored. Source: Gajim `common/optparser.py`, unchanged
//! from 0.16 to 1.9.5. The matching is written out here because it must be linear and know its places; a
//! property test holds it against the expression.

use crate::model::Span;

/// What ends a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineEnds {
    /// Line feed only: Python 2 on Unix, where a carriage return stays in the value.
    LineFeed,
    /// Line feed, carriage return, or both: Python 3, and Python 2 on Windows.
    Universal,
}

/// A line that the client honours. Offsets count from the start of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// The first name: `accounts`, or a top-level option.
    pub section: Span,
    /// What stands between the first and the last name: `My Account.v2`.
    pub key: Option<Span>,
    /// The last name: `password`. A section may be followed by one without a key; that is malformed.
    pub option: Option<Span>,
    /// The value, to the end of the line, blanks included.
    pub value: Span,
}

/// Every line that matches, in order.
#[must_use]
pub fn parse(text: &[u8], ends: LineEnds) -> Vec<Line> {
    lines(text, ends)
        .filter_map(|(span, terminated)| {
            let line = text.get(span.start..span.end)?;
            match_line(line, terminated).map(|found| found.moved_by(span.start))
        })
        .collect()
}

/// Every line without its end, and whether it has one.
pub fn lines(text: &[u8], ends: LineEnds) -> impl Iterator<Item = (Span, bool)> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..)?;
        if rest.is_empty() {
            return None;
        }
        let is_end = |byte: &u8| *byte == b'\n' || (*byte == b'\r' && ends == LineEnds::Universal);
        let length = rest.iter().position(is_end);
        let span = Span::new(at, at + length.unwrap_or(rest.len()));
        let both = ends == LineEnds::Universal
            && length.is_some_and(|length| rest.get(length..length + 2) == Some(b"\r\n"));
        at = span.end + usize::from(length.is_some()) + usize::from(both);
        Some((span, length.is_some()))
    })
}

impl Line {
    fn moved_by(self, offset: usize) -> Self {
        Self {
            section: self.section.moved_by(offset),
            key: self.key.map(|span| span.moved_by(offset)),
            option: self.option.map(|span| span.moved_by(offset)),
            value: self.value.moved_by(offset),
        }
    }
}

/// Matches one line, given without its end.
///
/// `terminated` says whether it has one: the client matches the line feed too, so it serves as the blank
/// behind the `=` where no other stands there.
#[must_use]
pub fn match_line(line: &[u8], terminated: bool) -> Option<Line> {
    let first = line.iter().position(|byte| matches!(byte, b'.' | b'='))?;
    if first == 0 {
        return None;
    }
    if line.get(first) == Some(&b'=') {
        let (name_end, value) = around_equals(line, first, terminated)?;
        return (name_end > 0).then_some(Line { section: Span::new(0, name_end), key: None, option: None, value });
    }
    let section = Span::new(0, first);
    // The key is greedy: the last dot counts behind which a name, ` = ` and a value stand.
    let mut next_equals = None;
    for (at, byte) in line.iter().enumerate().skip(first).rev() {
        match byte {
            b'=' => next_equals = Some(at),
            b'.' => {
                let found = next_equals.take().and_then(|equals| around_equals(line, equals, terminated));
                // A key has at least one character.
                if let Some((name_end, value)) = found
                    && name_end > at + 1
                    && at != first + 1
                {
                    let key = (at > first).then_some(Span::new(first + 1, at));
                    let option = Some(Span::new(at + 1, name_end));
                    return Some(Line { section, key, option, value });
                }
            }
            _ => {}
        }
    }
    None
}

/// Where the name before an equals sign ends and which value stands behind it, if there is a blank on each side.
fn around_equals(line: &[u8], equals: usize, terminated: bool) -> Option<(usize, Span)> {
    let before = line.get(..equals)?;
    let name_end = equals - last_blank(before)?;
    let behind = line.get(equals + 1..)?;
    if behind.is_empty() {
        return terminated.then_some((name_end, Span::at(line.len())));
    }
    let value = equals + 1 + first_blank(behind)?;
    Some((name_end, Span::new(value, line.len())))
}

/// The length of the blank at the end, in bytes.
fn last_blank(bytes: &[u8]) -> Option<usize> {
    (1..=3).find(|length| {
        let character = bytes.len().checked_sub(*length).and_then(|start| bytes.get(start..));
        character.is_some_and(is_blank)
    })
}

/// The length of the blank at the front, in bytes.
fn first_blank(bytes: &[u8]) -> Option<usize> {
    (1..=3).find(|length| bytes.get(..*length).is_some_and(is_blank))
}

/// Whether the bytes are one character that Python's `\s` matches.
fn is_blank(bytes: &[u8]) -> bool {
    let mut characters = str::from_utf8(bytes).unwrap_or_default().chars();
    match (characters.next(), characters.next()) {
        (Some(character), None) => character.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&character),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(line: &str) -> Option<(&str, Option<&str>, Option<&str>, &str)> {
        let slice = |span: Span| line.get(span.start..span.end).unwrap();
        match_line(line.as_bytes(), true)
            .map(|found| (slice(found.section), found.key.map(slice), found.option.map(slice), slice(found.value)))
    }

    #[test]
    fn reads_each_row_of_the_table() {
        let account = |key, option, value| Some(("accounts", Some(key), Some(option), value));
        assert_eq!(parts("version = 1.2.2"), Some(("version", None, None, "1.2.2")));
        assert_eq!(parts("accounts.My Account.v2.name = bob"), account("My Account.v2", "name", "bob"));
        assert_eq!(parts("accounts.x.password = a = b"), account("x", "password", "a = b"));
        assert_eq!(
            parts("accounts.tricky.password = pw.x = y"),
            account("tricky.password = pw", "x", "y"),
            "the key is greedy"
        );
        assert_eq!(parts("accounts.nospace.name=zed"), None);
        assert_eq!(parts("accounts.x.name =zed"), None);
        assert_eq!(parts("accounts.x.name= zed"), None);
        assert_eq!(parts("accounts.x.name\t=\tzed"), account("x", "name", "zed"));
        assert_eq!(parts("# accounts.x.name = y"), Some(("# accounts", Some("x"), Some("name"), "y")));
        assert_eq!(parts(" accounts.x.name = y"), Some((" accounts", Some("x"), Some("name"), "y")));
        assert_eq!(parts("accounts.x.password = "), account("x", "password", ""));
        assert_eq!(parts("accounts.x.password =  y "), account("x", "password", " y "));
        assert_eq!(parts("accounts.c = z"), Some(("accounts", None, Some("c"), "z")));
        assert_eq!(parts("rooms.a@b.example.org.x = y"), Some(("rooms", Some("a@b.example.org"), Some("x"), "y")));
        assert_eq!(parts("accounts..name = y"), None);
        assert_eq!(parts("accounts.x. = y"), None);
        assert_eq!(parts(". = y"), None);
        assert_eq!(parts("= y"), None);
        assert_eq!(parts(" = y"), None);
        assert_eq!(parts(""), None);
        assert_eq!(parts("<<<<<<< HEAD"), None);
        assert_eq!(parts("======="), None);
    }

    #[test]
    fn the_line_feed_serves_as_the_second_blank() {
        let line = b"accounts.x.password =";
        assert_eq!(match_line(line, true).unwrap().value, Span::at(line.len()));
        assert_eq!(match_line(line, false), None);
    }

    #[test]
    fn ends_lines_as_the_python_of_the_client_does() {
        let spans =
            |text: &[u8], ends| lines(text, ends).map(|(span, _)| (span.start, span.end)).collect::<Vec<_>>();
        assert_eq!(spans(b"a\r\nb\rc\n\nd", LineEnds::Universal), [(0, 1), (3, 4), (5, 6), (7, 7), (8, 9)]);
        assert_eq!(spans(b"a\r\nb\rc\n", LineEnds::LineFeed), [(0, 2), (3, 6)]);
        assert_eq!(parse(b"x = 1\r\n", LineEnds::LineFeed)[0].value, Span::new(4, 6));
        assert_eq!(parse(b"x = 1\r\n", LineEnds::Universal)[0].value, Span::new(4, 5));
    }

    #[test]
    fn long_lines_take_linear_time() {
        let hostile = ".a =".repeat(500_000);
        assert_eq!(match_line(format!("x{hostile}").as_bytes(), false), None);
        assert!(match_line(format!("x{}", ".a = ".repeat(400_000)).as_bytes(), false).is_some());
    }
}
