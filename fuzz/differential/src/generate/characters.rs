//! Characters and bytes at which readers differ.

use fastrand::Rng;

use super::draft::pick;

/// Characters that some reader takes for a blank, a letter, a digit or nothing at all.
const NOTABLE: [char; 48] = [
    '\0',
    '\u{1}',
    '\u{8}',
    '\t',
    '\n',
    '\u{b}',
    '\u{c}',
    '\r',
    '\u{1a}',
    '\u{1f}',
    '\u{7f}',
    '\u{80}',
    '\u{85}',
    '\u{a0}',
    'ª',
    'µ',
    '·',
    'À',
    '×',
    'é',
    '÷',
    'ÿ',
    '\u{300}',
    '\u{345}',
    '\u{37e}',
    '\u{37f}',
    '٥',
    '٭',
    '\u{200b}',
    '\u{200c}',
    '\u{200e}',
    '\u{2028}',
    '\u{203f}',
    '‐',
    '②',
    'Ⅷ',
    '⒜',
    '\u{3000}',
    '一',
    '\u{d7ff}',
    '\u{e000}',
    '\u{fdd0}',
    '\u{feff}',
    '\u{fffd}',
    '\u{fffe}',
    '\u{ffff}',
    '\u{10000}',
    '😀',
];

/// Bytes that are no UTF-8, or not to everybody.
pub const BAD_BYTES: [&[u8]; 18] = [
    b"\x80",
    b"\xbf",
    b"\xe9",
    b"\xff",
    b"\xfe",
    b"\xc0\x80",
    b"\xc1\xbf",
    b"\xc3",
    b"\xe0\x80\xaf",
    b"\xe2\x82",
    b"\xed\xa0\x80",
    b"\xed\xbf\xbf",
    b"\xef\xbf",
    b"\xf0\x80\x80\xaf",
    b"\xf0\x9f\x98",
    b"\xf4\x90\x80\x80",
    b"\xf5\x80\x80\x80",
    b"\xf8\x88\x80\x80\x80",
];

/// Bytes that are no text to one encoding or another, for the end of a file.
pub const BAD_ENDS: [&[u8]; 10] = [
    b"\x81",
    b"\xe9",
    b"\xff\xff",
    b"\x00",
    b"\x00\xd8",
    b"\xd8\x00",
    b"\x00\xdc",
    b"\x00\xd8\x20\x00",
    b"\xd8\x00\x00\x20",
    b"\xdc\x00\x00\x20",
];

/// Any character, the notable ones more often.
pub fn any(rng: &mut Rng) -> char {
    match rng.u8(..4) {
        0 => rng.char(' '..='~'),
        1 => pick(rng, &NOTABLE),
        2 => rng.char('\0'..='\u{2fff}'),
        _ => rng.char(..),
    }
}
