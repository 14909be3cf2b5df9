//! What GLib's parser takes for a name, a blank, a reference.

use memchr::memchr;

use crate::syntax::unicode::is_letter;
use crate::syntax::xml::XmlFaultKind;

/// GLib's `IS_COMMON_NAME_END_CHAR`.
pub(super) const fn ends_name(byte: u8) -> bool {
    matches!(byte, b'=' | b'/' | b'>' | b' ')
}

/// GLib's `xml_isspace`.
pub(super) const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// Whether a passage that is passed over ends with the `>` behind `passage`.
pub(super) fn ends_passage(passage: &[u8], balance: usize) -> bool {
    (passage.get(1) == Some(&b'?') && passage.ends_with(b"?"))
        || (passage.starts_with(b"<!--") && passage.ends_with(b"--"))
        || (passage.starts_with(b"<![CDATA[") && passage.ends_with(b"]]"))
        || (passage.starts_with(b"<!DOCTYPE") && balance == 0)
}

/// GLib's `name_validate`.
pub(super) fn is_name(name: &str) -> bool {
    let mut characters = name.chars();
    let starts = |character: char| matches!(character, '_' | ':') || is_letter(character);
    let goes_on =
        |character: char| starts(character) || character.is_ascii_digit() || matches!(character, '.' | '-');
    characters.next().is_some_and(starts) && characters.all(goes_on)
}

/// What a parser written for C sees of a text.
pub(super) fn before_nul(text: &str) -> &str {
    memchr(b'\0', text.as_bytes()).and_then(|end| text.get(..end)).unwrap_or(text)
}

/// Reads the reference at the beginning of `text`, which begins with `&` (GLib's `unescape_gstring_inplace`): its
/// length in bytes, and the character.
pub(super) fn read_reference(text: &str) -> Result<(usize, char), XmlFaultKind> {
    const PREDEFINED: [(&str, char); 5] =
        [("&lt;", '<'), ("&gt;", '>'), ("&amp;", '&'), ("&quot;", '"'), ("&apos;", '\'')];
    if let Some((known, character)) = PREDEFINED.iter().find(|(known, _)| text.starts_with(known)) {
        return Ok((known.len(), *character));
    }
    let end = text.find(';').ok_or(XmlFaultKind::BareAmpersand)?;
    let Some(number) = text.get(..end).and_then(|text| text.strip_prefix("&#")) else {
        return Err(XmlFaultKind::UnknownEntity);
    };
    match read_number(number).and_then(char::from_u32) {
        Some('\0' | '\u{FFFE}' | '\u{FFFF}') | None => Err(XmlFaultKind::Character),
        Some(character) => Ok((end + 1, character)),
    }
}

/// A number as C's `strtoul` reads it: blanks and a plus sign may stand before it, and `0x` before a hexadecimal
/// one.
fn read_number(text: &str) -> Option<u32> {
    let (radix, digits) = text.strip_prefix('x').map_or((10, text), |digits| (16, digits));
    let digits = digits.trim_start_matches([' ', '\t', '\n', '\u{b}', '\u{c}', '\r']);
    let digits = digits.strip_prefix('+').unwrap_or(digits);
    let digits = if radix == 16 { without_prefix(digits) } else { digits };
    if digits.starts_with(['+', '-']) {
        return None;
    }
    u32::from_str_radix(digits, radix).ok()
}

fn without_prefix(digits: &str) -> &str {
    digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")).unwrap_or(digits)
}
