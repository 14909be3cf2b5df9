//! Start tags and end tags.

use super::names::{LONGEST_NAME, blank_length, is_allowed, name_length};
use super::{XmlFaultKind, reference};
use crate::model::{Span, limits};

/// The longest attribute value, comment or CDATA section that libxml2 takes, in bytes (`XML_MAX_TEXT_LENGTH`).
pub(super) const LONGEST: usize = 10_000_000;

/// The parts of a start tag; spans count from its `<`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct StartTag {
    pub name: Span,
    /// Name and value of each attribute.
    pub attributes: Vec<(Span, Span)>,
    /// Whether it ends with `/>`.
    pub is_empty: bool,
    /// Its length up to and with the `>`.
    pub length: usize,
}

type Fault = (usize, XmlFaultKind);

/// Reads the start tag at the beginning of `text`, which begins with `<`.
pub(super) fn read_start(text: &str) -> Result<StartTag, Fault> {
    let mut at = 1;
    let name = read_name(text, at, XmlFaultKind::Tag)?;
    at = name.end;
    let mut attributes = Vec::new();
    loop {
        let blanks = blank_length(tail(text, at));
        at += blanks;
        let rest = tail(text, at);
        if rest.starts_with('>') {
            return Ok(StartTag { name, attributes, is_empty: false, length: at + 1 });
        }
        if rest.starts_with("/>") {
            return Ok(StartTag { name, attributes, is_empty: true, length: at + 2 });
        }
        if rest.is_empty() || rest == "/" {
            return Err((text.len(), XmlFaultKind::Truncated));
        }
        if blanks == 0 {
            let kind = if attributes.is_empty() { XmlFaultKind::Tag } else { XmlFaultKind::Attribute };
            return Err((at, kind));
        }
        if attributes.len() >= limits::ATTRIBUTES_OF_ELEMENT {
            return Err((at, XmlFaultKind::TooMany));
        }
        let (attribute, value) = read_attribute(text, at)?;
        at = value.end + 1;
        attributes.push((attribute, value));
    }
}

/// Reads the end tag at the beginning of `text`, which begins with `</`: where the name stands.
pub(super) fn read_end(text: &str) -> Result<Span, Fault> {
    let name = read_name(text, 2, XmlFaultKind::Tag)?;
    let at = name.end + blank_length(tail(text, name.end));
    match tail(text, at) {
        "" => Err((text.len(), XmlFaultKind::Truncated)),
        rest if rest.starts_with('>') => Ok(name),
        _ => Err((at, XmlFaultKind::Tag)),
    }
}

fn read_attribute(text: &str, at: usize) -> Result<(Span, Span), Fault> {
    let name = read_name(text, at, XmlFaultKind::Attribute)?;
    let mut at = name.end + blank_length(tail(text, name.end));
    if !tail(text, at).starts_with('=') {
        return Err((at, broken(text, at)));
    }
    at += 1;
    at += blank_length(tail(text, at));
    let value = read_quoted(tail(text, at)).map_err(|(index, kind)| (at + index, kind))?;
    Ok((name, value.moved_by(at)))
}

/// Reads the value of an attribute at the beginning of `text`, which its quotes stand around.
pub(super) fn read_quoted(text: &str) -> Result<Span, Fault> {
    match text.chars().next() {
        Some(quote @ ('"' | '\'')) => read_value(text, 1, quote, LONGEST),
        _ => Err((0, broken(text, 0))),
    }
}

/// Reads an attribute's value up to its closing quote, if it has no more bytes than `longest`.
fn read_value(text: &str, start: usize, quote: char, longest: usize) -> Result<Span, Fault> {
    let mut at = start;
    loop {
        let rest = tail(text, at);
        let Some((index, character)) =
            rest.char_indices().find(|(_, character)| *character == quote || is_notable(*character))
        else {
            return Err((text.len(), XmlFaultKind::Truncated));
        };
        at += index;
        if at - start > longest {
            return Err((start, XmlFaultKind::TooLong));
        }
        if character == quote {
            return Ok(Span::new(start, at));
        }
        at += match character {
            '&' => reference::read(tail(text, at)).map_err(|(_, kind)| (at, kind))?.0,
            '<' => return Err((at, XmlFaultKind::Attribute)),
            _ => return Err((at, XmlFaultKind::Character)),
        };
    }
}

/// Whether a character needs a look inside an attribute's value.
const fn is_notable(character: char) -> bool {
    matches!(character, '&' | '<') || !is_allowed(character)
}

fn read_name(text: &str, at: usize, otherwise: XmlFaultKind) -> Result<Span, Fault> {
    match name_length(tail(text, at)) {
        0 if tail(text, at).is_empty() => Err((at, XmlFaultKind::Truncated)),
        0 => Err((at, otherwise)),
        length if has_long_part(text, at, length) => Err((at, XmlFaultKind::TooLong)),
        length => Ok(Span::new(at, at + length)),
    }
}

/// Whether prefix or local part of a name are longer than libxml2 allows.
fn has_long_part(text: &str, at: usize, length: usize) -> bool {
    let name = tail(text, at).get(..length).unwrap_or_default();
    length > LONGEST_NAME && name.split(':').any(|part| part.len() > LONGEST_NAME)
}

fn broken(text: &str, at: usize) -> XmlFaultKind {
    if tail(text, at).is_empty() { XmlFaultKind::Truncated } else { XmlFaultKind::Attribute }
}

fn tail(text: &str, at: usize) -> &str {
    text.get(at..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_start_tags() {
        let text = "<x:a b = 'x>y' c=\"&lt;\"\n/>";
        let tag = read_start(text).unwrap();
        let of = |span: Span| text.get(span.start..span.end).unwrap();
        assert_eq!(of(tag.name), "x:a");
        assert_eq!(
            tag.attributes.iter().map(|(name, value)| (of(*name), of(*value))).collect::<Vec<_>>(),
            [("b", "x>y"), ("c", "&lt;")]
        );
        assert!(tag.is_empty && tag.length == text.len());
        assert!(!read_start("<a ></a>").unwrap().is_empty);
    }

    #[test]
    fn refuses_what_libxml2_refuses() {
        use XmlFaultKind::{Attribute, BareAmpersand, Character, Tag, Truncated, UnknownEntity};
        for (text, fault) in [
            ("< a/>", (1, Tag)),
            ("<1a/>", (1, Tag)),
            ("<!x>", (1, Tag)),
            ("<a//>", (2, Tag)),
            ("<a b/>", (4, Attribute)),
            ("<a b=x/>", (5, Attribute)),
            ("<a b='<'/>", (6, Attribute)),
            ("<a b='1'c='2'/>", (8, Attribute)),
            ("<a b='&'/>", (6, BareAmpersand)),
            ("<a b='&o;'/>", (6, UnknownEntity)),
            ("<a b='\u{1}'/>", (6, Character)),
            ("<", (1, Truncated)),
            ("<a b='", (6, Truncated)),
            ("<a b", (4, Truncated)),
            ("<a", (2, Truncated)),
            ("<a/", (3, Truncated)),
        ] {
            assert_eq!(read_start(text), Err(fault), "{text}");
        }
    }

    #[test]
    fn refuses_values_that_are_too_long() {
        let text = "<a b='1234'/>";
        assert_eq!(read_value(text, 6, '\'', 4), Ok(Span::new(6, 10)));
        assert_eq!(read_value(text, 6, '\'', 3), Err((6, XmlFaultKind::TooLong)));
        assert_eq!(read_value(text, 6, '\'', 1), Err((6, XmlFaultKind::TooLong)));
    }

    #[test]
    fn refuses_names_that_are_too_long() {
        let name = "n".repeat(LONGEST_NAME);
        assert!(read_start(&format!("<{name}:{name} {name}=''/>")).is_ok());
        assert_eq!(read_start(&format!("<{name}n/>")), Err((1, XmlFaultKind::TooLong)));
        assert_eq!(read_start(&format!("<a {name}n=''/>")), Err((3, XmlFaultKind::TooLong)));
        assert_eq!(read_end(&format!("</{name}n>")), Err((2, XmlFaultKind::TooLong)));
    }

    #[test]
    fn reads_end_tags() {
        assert_eq!(read_end("</"), Err((2, XmlFaultKind::Truncated)));
        assert_eq!(read_end("</a\n>"), Ok(Span::new(2, 3)));
        assert_eq!(read_end("</ a>"), Err((2, XmlFaultKind::Tag)));
        assert_eq!(read_end("</a b>"), Err((4, XmlFaultKind::Tag)));
        assert_eq!(read_end("</a"), Err((3, XmlFaultKind::Truncated)));
    }
}
