//! Bytes to text, in the encodings that these files come in.

use zeroize::{Zeroize, Zeroizing};

use super::prolog::declared_encoding;
use super::{XmlFault, XmlFaultKind};
use crate::model::Span;

/// The text of a document, and what its bytes have to say against it. Wiped from memory when dropped.
pub struct Decoded {
    text: Zeroizing<String>,
    start: usize,
    fault: Option<XmlFault>,
    invalid: Vec<Span>,
    ends_at_fault: bool,
}

impl std::fmt::Debug for Decoded {
    /// Never the text itself.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Decoded({} bytes, {:?})", self.text.len(), self.fault)
    }
}

impl Decoded {
    const fn new(text: Zeroizing<String>, fault: Option<XmlFault>) -> Self {
        Self { text, start: 0, fault, invalid: Vec::new(), ends_at_fault: false }
    }

    /// A text that was decoded elsewhere, and in which there is nothing wrong; a byte-order mark at its beginning is one.
    #[must_use]
    pub fn of_text(text: Zeroizing<String>) -> Self {
        let start = if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
        Self { start, ..Self::new(text, None) }
    }

    /// The text, a byte-order mark included. For each byte that is no text there stands a substitute of one byte, so
    /// that every offset of a UTF-8 file is that of its bytes.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text as bytes, for [`Text`](crate::model::Text).
    #[must_use]
    pub fn into_bytes(mut self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(std::mem::take(&mut *self.text).into_bytes())
    }

    /// Where the document begins: behind the byte-order mark.
    pub(super) const fn start(&self) -> usize {
        self.start
    }

    /// The fault that lies in the encoding, if any.
    pub(super) const fn fault(&self) -> Option<XmlFault> {
        self.fault
    }

    /// Whether the text merely ends where the fault is: libxml2 hears nothing of it from its decoders, UTF-8 aside.
    pub(super) const fn ends_at_fault(&self) -> bool {
        self.ends_at_fault
    }

    /// The first bytes of the range that were no text.
    pub(super) fn first_invalid(&self, span: Span) -> Option<Span> {
        let next = self.invalid.partition_point(|invalid| invalid.end <= span.start);
        self.invalid.get(next).copied().filter(|invalid| invalid.overlaps(span))
    }
}

/// What stands for a byte that is no text: ASCII's own character for that, which no markup is made of.
pub(super) const SUBSTITUTE: char = '\u{1A}';

/// How the bytes of a document become characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    Ascii,
    Latin1,
    Latin9,
    Windows1252,
}

/// Names of encodings whose bytes below 128 are ASCII, lower case. libxml2 asks iconv for any other; those are
/// not read here.
const ENCODINGS: [(&str, Encoding); 21] = [
    ("utf-8", Encoding::Utf8),
    ("utf8", Encoding::Utf8),
    ("us-ascii", Encoding::Ascii),
    ("ascii", Encoding::Ascii),
    ("ansi_x3.4-1968", Encoding::Ascii),
    ("iso646-us", Encoding::Ascii),
    ("iso-8859-1", Encoding::Latin1),
    ("iso8859-1", Encoding::Latin1),
    ("iso_8859-1", Encoding::Latin1),
    ("iso88591", Encoding::Latin1),
    ("latin1", Encoding::Latin1),
    ("l1", Encoding::Latin1),
    ("cp819", Encoding::Latin1),
    ("ibm819", Encoding::Latin1),
    ("iso-8859-15", Encoding::Latin9),
    ("iso8859-15", Encoding::Latin9),
    ("iso_8859-15", Encoding::Latin9),
    ("latin-9", Encoding::Latin9),
    ("windows-1252", Encoding::Windows1252),
    ("cp1252", Encoding::Windows1252),
    ("ms-ansi", Encoding::Windows1252),
];

/// What windows-1252 has at 0x80 to 0x9F; NUL where it has nothing.
const WINDOWS_1252: [char; 32] = [
    '€', '\0', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\0', 'Ž', '\0', '\0', '‘', '’', '“', '”',
    '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\0', 'ž', 'Ÿ',
];

/// Where ISO-8859-15 differs from ISO-8859-1.
const LATIN_9: [(u8, char); 8] =
    [(0xA4, '€'), (0xA6, 'Š'), (0xA8, 'š'), (0xB4, 'Ž'), (0xB8, 'ž'), (0xBC, 'Œ'), (0xBD, 'œ'), (0xBE, 'Ÿ')];

/// What makes a unit of UTF-16 of two bytes.
pub(super) type Join = fn([u8; 2]) -> u16;

/// How libxml2 goes about turning the bytes of a document into text.
#[derive(Clone, Copy, Debug)]
pub(super) enum Manner {
    /// UTF-16, most significant byte first or last; `skip` bytes of byte-order mark stand before it.
    Wide { join: Join, name: &'static str, skip: usize },
    /// UCS-4 and EBCDIC, which libxml2 leaves to iconv.
    Foreign,
    /// An encoding in which ASCII is ASCII, behind `start` bytes of byte-order mark; the fault is that of a name that
    /// is not known.
    Bytes { encoding: Encoding, start: usize, fault: Option<XmlFault> },
}

impl Manner {
    /// By the byte-order mark, by the first four bytes, and by the encoding that the declaration names.
    pub(super) fn of(bytes: &[u8]) -> Self {
        let (be, le): (Join, Join) = (u16::from_be_bytes, u16::from_le_bytes);
        match bytes {
            [0xFE, 0xFF, ..] => Self::Wide { join: be, name: "utf-16be", skip: 2 },
            [0xFF, 0xFE, ..] => Self::Wide { join: le, name: "utf-16le", skip: 2 },
            [0, b'<', 0, b'?', ..] => Self::Wide { join: be, name: "utf-16be", skip: 0 },
            [b'<', 0, b'?', 0, ..] => Self::Wide { join: le, name: "utf-16le", skip: 0 },
            [0, 0, 0, b'<', ..] | [0x4C, 0x6F, 0xA7, 0x94, ..] => Self::Foreign,
            [0xEF, 0xBB, 0xBF, ..] => Self::by_declaration(bytes, 3),
            _ => Self::by_declaration(bytes, 0),
        }
    }

    fn by_declaration(bytes: &[u8], start: usize) -> Self {
        let (encoding, fault) = match declared_encoding(bytes.get(start..).unwrap_or_default()) {
            None => (Encoding::Utf8, None),
            Some((name, span)) => match ENCODINGS.iter().find(|(known, _)| name.eq_ignore_ascii_case(known)) {
                Some((_, encoding)) => (*encoding, None),
                None => (Encoding::Utf8, Some(XmlFault::new(XmlFaultKind::UnknownEncoding, span.moved_by(start)))),
            },
        };
        Self::Bytes { encoding, start, fault }
    }
}

/// Turns the bytes of a file into text as libxml2 does.
#[must_use]
pub fn decode(bytes: Zeroizing<Vec<u8>>) -> Decoded {
    match Manner::of(&bytes) {
        Manner::Wide { join, name, skip } => decode_utf16(bytes.get(skip..).unwrap_or_default(), join, name),
        Manner::Foreign => decode_foreign(bytes),
        Manner::Bytes { encoding, start, fault } => {
            let mut decoded = match encoding {
                Encoding::Utf8 => decode_utf8(bytes),
                one_byte => decode_one_byte(&bytes, start, one_byte),
            };
            decoded.start = start;
            decoded.fault = fault.or(decoded.fault);
            decoded
        }
    }
}

/// Turns the bytes of a file into text as GLib does, which knows UTF-8 and nothing else.
#[must_use]
pub(super) fn decode_utf8(mut bytes: Zeroizing<Vec<u8>>) -> Decoded {
    match String::from_utf8(std::mem::take(&mut *bytes)) {
        Ok(text) => Decoded::new(Zeroizing::new(text), None),
        Err(error) => decode_damaged(Zeroizing::new(error.into_bytes())),
    }
}

/// Bytes of an encoding that is not read here.
fn decode_foreign(bytes: Zeroizing<Vec<u8>>) -> Decoded {
    Decoded { fault: Some(FOREIGN), ..decode_utf8(bytes) }
}

/// What is wrong with them.
pub(super) const FOREIGN: XmlFault = XmlFault::new(XmlFaultKind::UnknownEncoding, Span::new(0, 1));

/// UTF-8 with bytes in it that are not.
fn decode_damaged(bytes: Zeroizing<Vec<u8>>) -> Decoded {
    let mut text = Zeroizing::new(String::with_capacity(bytes.len()));
    let mut invalid = Vec::new();
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if chunk.invalid().is_empty() {
            continue;
        }
        invalid.push(Span::new(text.len(), text.len() + chunk.invalid().len()));
        text.extend(chunk.invalid().iter().map(|_| SUBSTITUTE));
    }
    let fault = invalid.first().map(|span| XmlFault::new(XmlFaultKind::NotInEncoding, *span));
    Decoded { invalid, ..Decoded::new(text, fault) }
}

fn decode_one_byte(bytes: &[u8], start: usize, encoding: Encoding) -> Decoded {
    // No character of these encodings takes more than three bytes of UTF-8; the text is never moved, which would
    // leave a copy of a password behind.
    let mut text = Zeroizing::new(String::with_capacity(bytes.len() * 3));
    let mut fault = None;
    if start > 0 {
        text.push('\u{FEFF}');
    }
    for byte in bytes.iter().skip(start) {
        let character = character_of(*byte, encoding);
        if character.is_none() && fault.is_none() {
            fault = Some(XmlFault::new(XmlFaultKind::NotInEncoding, Span::new(text.len(), text.len() + 1)));
        }
        text.push(character.unwrap_or(SUBSTITUTE));
    }
    Decoded { ends_at_fault: true, ..Decoded::new(text, fault) }
}

/// The character that a byte stands for in an encoding of one byte each.
pub(super) fn character_of(byte: u8, encoding: Encoding) -> Option<char> {
    match encoding {
        _ if byte < 0x80 => Some(char::from(byte)),
        Encoding::Utf8 | Encoding::Ascii => None,
        Encoding::Latin1 => Some(char::from(byte)),
        Encoding::Latin9 => Some(
            LATIN_9.iter().find(|(other, _)| *other == byte).map_or_else(|| char::from(byte), |(_, there)| *there),
        ),
        Encoding::Windows1252 if byte < 0xA0 => {
            WINDOWS_1252.get(usize::from(byte - 0x80)).copied().filter(|character| *character != '\0')
        }
        Encoding::Windows1252 => Some(char::from(byte)),
    }
}

/// UTF-16 without its byte-order mark. The declaration may then say UTF-16, `name` or, wrongly, UTF-8: libxml2 has made
/// up its mind before it reads that; any other name makes it convert the text a second time, and fail.
fn decode_utf16(bytes: &[u8], join: Join, name: &str) -> Decoded {
    let mut units: Vec<u16> =
        bytes.chunks_exact(2).filter_map(|pair| <[u8; 2]>::try_from(pair).ok()).map(join).collect();
    if units.last().is_some_and(|last| (0xD800..0xDC00).contains(last)) {
        // Half a character at the very end is passed over.
        units.pop();
    }
    let mut text = Zeroizing::new(String::with_capacity(units.len() * 3));
    let (mut fault, mut ends_at_fault) = (None, false);
    for character in char::decode_utf16(units.iter().copied()) {
        if let Err(error) = &character
            && fault.is_none()
        {
            fault = Some(XmlFault::new(XmlFaultKind::NotInEncoding, Span::new(text.len(), text.len() + 1)));
            // The second half of a character alone is handed on.
            ends_at_fault = error.unpaired_surrogate() < 0xDC00;
        }
        text.push(character.unwrap_or(SUBSTITUTE));
    }
    units.zeroize();
    let contradicted = contradicted_by(&text, name);
    Decoded { ends_at_fault, ..Decoded::new(text, contradicted.or(fault)) }
}

/// The fault of a declaration in UTF-16 that names anything else.
pub(super) fn contradicted_by(text: &str, name: &str) -> Option<XmlFault> {
    let (declared, span) = declared_encoding(text.as_bytes())?;
    let may_be =
        ["utf-16", "utf16", "utf-8", "utf8", name].iter().any(|known| declared.eq_ignore_ascii_case(known));
    (!may_be).then(|| XmlFault::new(XmlFaultKind::UnknownEncoding, span))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(bytes: &[u8]) -> Decoded {
        decode(Zeroizing::new(bytes.to_vec()))
    }

    #[test]
    fn keeps_offsets_of_utf8() {
        let decoded = of(b"\xEF\xBB\xBF<a/>");
        assert_eq!((decoded.text(), decoded.start()), ("\u{FEFF}<a/>", 3));
        let decoded = of(b"<a>\xe9\xff</a>");
        assert_eq!(decoded.text(), "<a>\u{1A}\u{1A}</a>");
        assert_eq!(decoded.fault().map(|fault| fault.span), Some(Span::new(3, 4)));
        assert_eq!(decoded.first_invalid(Span::new(4, 9)), Some(Span::new(4, 5)));
        assert_eq!(decoded.first_invalid(Span::new(5, 9)), None);
    }

    #[test]
    fn reads_what_the_declaration_names() {
        let named = |name: &str, byte: u8| {
            let mut bytes = format!("<?xml version='1.0' encoding='{name}'?><a>").into_bytes();
            bytes.push(byte);
            let decoded = of(&bytes);
            (decoded.text().chars().last(), decoded.fault().map(|fault| fault.kind))
        };
        assert_eq!(named("ISO-8859-1", 0xE9), (Some('é'), None));
        assert_eq!(named("windows-1252", 0x80), (Some('€'), None));
        assert_eq!(named("windows-1252", 0x81).1, Some(XmlFaultKind::NotInEncoding));
        assert_eq!(named("windows-1252", 0xA0), (Some('\u{A0}'), None));
        assert_eq!(named("windows-1252", 0xE9), (Some('é'), None));
        assert_eq!(named("ISO-8859-15", 0xA4), (Some('€'), None));
        assert_eq!(named("ISO-8859-15", 0xA5), (Some('¥'), None));
        assert_eq!(named("US-ASCII", 0xE9).1, Some(XmlFaultKind::NotInEncoding));
        assert_eq!(named("UTF-16", b'x').1, Some(XmlFaultKind::UnknownEncoding));
        assert_eq!(named("nope", b'x').1, Some(XmlFaultKind::UnknownEncoding));
    }

    #[test]
    fn reads_utf16() {
        let little: Vec<u8> = "<a>é😀</a>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(of(&[&[0xFF, 0xFE], little.as_slice()].concat()).text(), "<a>é😀</a>");
        let big: Vec<u8> = "<?xml version='1.0'?><a/>".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(of(&big).text(), "<?xml version='1.0'?><a/>");
        assert_eq!(
            of(&[0xFF, 0xFE, 0x00, 0xDC]).fault().map(|fault| fault.kind),
            Some(XmlFaultKind::NotInEncoding)
        );
    }

    #[test]
    fn utf16_may_be_called_so_and_by_its_full_name() {
        let declared = |name: &str| {
            let text = format!("<?xml version='1.0' encoding='{name}'?><a/>");
            let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            of(&bytes).fault().map(|fault| fault.kind)
        };
        for name in ["UTF-16", "utf16", "UTF-8", "UTF-16LE"] {
            assert_eq!(declared(name), None, "{name}");
        }
        assert_eq!(declared("UTF-16BE"), Some(XmlFaultKind::UnknownEncoding));
    }

    #[test]
    fn leaves_what_only_iconv_knows() {
        for bytes in [b"\0\0\0<\0\0\0a".as_slice(), b"\x4C\x6F\xA7\x94\x93"] {
            assert_eq!(of(bytes).fault().map(|fault| fault.kind), Some(XmlFaultKind::UnknownEncoding));
        }
    }

    #[test]
    fn says_which_character_is_none() {
        let place = |bytes: &[u8]| of(bytes).fault().map(|fault| (fault.span.start, fault.span.end));
        assert_eq!(place(b"<?xml version='1.0' encoding='ascii'?><a>\xE9\xE9"), Some((41, 42)));
        let units = [0x3C, 0xE9, 0xDC00, 0x61, 0xDC00];
        let bytes: Vec<u8> = units.into_iter().flat_map(u16::to_le_bytes).collect();
        assert_eq!(place(&[&[0xFF, 0xFE], bytes.as_slice()].concat()), Some((3, 4)));
    }

    #[test]
    fn says_where_the_text_merely_ends() {
        let wide =
            |unit: u16| of(&[0x3C, 0x3F, unit, 0x61].into_iter().flat_map(u16::to_le_bytes).collect::<Vec<_>>());
        assert!(wide(0xD800).ends_at_fault() && !wide(0xDC00).ends_at_fault());
        assert!(of(b"<?xml version='1.0' encoding='ascii'?><a>\xE9").ends_at_fault());
        assert!(!of(b"<a>\xE9").ends_at_fault());
    }

    #[test]
    fn gives_up_its_bytes_with_the_substitutes() {
        assert_eq!(of(b"<a>\xE9</a>").into_bytes().as_slice(), b"<a>\x1A</a>");
    }

    #[test]
    fn never_shows_the_text() {
        assert_eq!(format!("{:?}", of(b"hunter2")), "Decoded(7 bytes, None)");
    }
}
