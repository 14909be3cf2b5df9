//! References: `&amp;`, `&#95;`, `&#x5f;`.

use super::XmlFaultKind;
use super::names::{is_allowed, name_length};

/// The entities that XML itself knows.
const PREDEFINED: [(&str, char); 5] = [("amp", '&'), ("lt", '<'), ("gt", '>'), ("quot", '"'), ("apos", '\'')];

/// Reads the reference at the beginning of `text`, which begins with `&`: its length in bytes and the character
/// that it stands for.
///
/// An entity that the document declares itself is refused, since libpurple's parser has no place to keep it
/// (Pidgin 2.14.12, observed).
pub(super) fn read(text: &str) -> Result<(usize, char), (usize, XmlFaultKind)> {
    let body = text.strip_prefix('&').unwrap_or_default();
    if let Some(number) = body.strip_prefix('#') {
        return read_number(number).map(|(length, character)| (length + 2, character)).map_err(|fault| (2, fault));
    }
    let length = name_length(body);
    let (Some(name), Some(b';')) = (body.get(..length), body.as_bytes().get(length)) else {
        return Err((1, XmlFaultKind::BareAmpersand));
    };
    if name.is_empty() {
        return Err((1, XmlFaultKind::BareAmpersand));
    }
    let length = length + 2;
    PREDEFINED
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, character)| (length, *character))
        .ok_or((length, XmlFaultKind::UnknownEntity))
}

/// Reads what follows `&#`.
fn read_number(text: &str) -> Result<(usize, char), XmlFaultKind> {
    let (radix, digits, prefix) = match text.strip_prefix('x') {
        Some(digits) => (16, digits, 1),
        None => (10, text, 0),
    };
    let length = digits.bytes().take_while(|byte| char::from(*byte).is_digit(radix)).count();
    if digits.as_bytes().get(length) != Some(&b';') {
        return Err(XmlFaultKind::BareAmpersand);
    }
    let character = digits
        .get(..length)
        .and_then(|number| u32::from_str_radix(number.trim_start_matches('0'), radix).ok())
        .and_then(char::from_u32)
        .filter(|character| is_allowed(*character))
        .ok_or(XmlFaultKind::Character)?;
    Ok((prefix + length + 1, character))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_libxml2_reads() {
        assert_eq!(read("&amp; b"), Ok((5, '&')));
        assert_eq!(read("&#95;tls"), Ok((5, '_')));
        assert_eq!(read("&#x5f;tls"), Ok((6, '_')));
        assert_eq!(read("&#x000000000000005F;"), Ok((20, '_')));
    }

    #[test]
    fn refuses_what_libxml2_refuses() {
        assert_eq!(read("& b"), Err((1, XmlFaultKind::BareAmpersand)));
        assert_eq!(read("&;"), Err((1, XmlFaultKind::BareAmpersand)));
        assert_eq!(read("&lt b;"), Err((1, XmlFaultKind::BareAmpersand)));
        assert_eq!(read("&o;"), Err((3, XmlFaultKind::UnknownEntity)));
        assert_eq!(read("&#0;"), Err((2, XmlFaultKind::Character)));
        assert_eq!(read("&#x110000;"), Err((2, XmlFaultKind::Character)));
        assert_eq!(read("&#xD800;"), Err((2, XmlFaultKind::Character)));
        assert_eq!(read("&#;"), Err((2, XmlFaultKind::Character)));
        assert_eq!(read("&#X41;"), Err((2, XmlFaultKind::BareAmpersand)));
        assert_eq!(read("&#99999999999999999999;"), Err((2, XmlFaultKind::Character)));
    }
}
