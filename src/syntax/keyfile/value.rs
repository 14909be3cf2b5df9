//! Values of a key file: `g_key_file_get_string`, `_boolean`, `_integer` and `_string_list`.

use super::Code;

/// A value as text, and where each of its bytes comes from. It may be a password, so it cannot be debugged.
#[derive(Default)]
pub struct Decoded {
    /// The text.
    pub text: String,
    /// For every byte of `text`, and for its end, the offset in the value as written.
    pub offsets: Vec<usize>,
}

/// The value as text, escapes decoded. Escapes that GLib does not know stay as they are, which it reports as an
/// error and returns the text all the same; a single backslash at the end is dropped.
///
/// # Errors
/// [`Code::UnknownEncoding`] if it is not UTF-8: GLib then returns nothing.
pub fn string(raw: &[u8]) -> Result<String, Code> {
    decode(raw).map(|decoded| decoded.text)
}

/// Like [`string`], keeping the way back to the file.
///
/// # Errors
/// As [`string`].
pub fn decode(raw: &[u8]) -> Result<Decoded, Code> {
    let raw = std::str::from_utf8(raw).map_err(|_| Code::UnknownEncoding)?;
    let mut decoded = Decoded::default();
    let mut characters = raw.char_indices();
    while let Some((at, character)) = characters.next() {
        if character != '\\' {
            decoded.push(at, character);
            continue;
        }
        let Some((_, escaped)) = characters.next() else { break };
        match unescape(escaped) {
            Some(plain) => decoded.push(at, plain),
            None => {
                decoded.push(at, '\\');
                decoded.push(at + 1, escaped);
            }
        }
    }
    decoded.offsets.push(raw.len());
    Ok(decoded)
}

impl Decoded {
    fn push(&mut self, at: usize, character: char) {
        self.text.push(character);
        self.offsets.extend((0..character.len_utf8()).map(|byte| at + byte));
    }
}

const fn unescape(character: char) -> Option<char> {
    match character {
        's' => Some(' '),
        'n' => Some('\n'),
        't' => Some('\t'),
        'r' => Some('\r'),
        '\\' => Some('\\'),
        _ => None,
    }
}

/// The value as a truth value: exactly `true`, `1`, `false` or `0`, blanks behind it aside.
///
/// # Errors
/// [`Code::InvalidValue`] if it is anything else; what GLib then returns is false.
pub fn boolean(raw: &[u8]) -> Result<bool, Code> {
    match raw.trim_ascii_end() {
        b"true" | b"1" => Ok(true),
        b"false" | b"0" => Ok(false),
        _ => Err(Code::InvalidValue),
    }
}

/// The value as a decimal number, read by `strtol`: what follows a blank is ignored.
///
/// # Errors
/// [`Code::InvalidValue`] if it is none, or does not fit 32 bits; what GLib then returns is 0.
pub fn integer(raw: &[u8]) -> Result<i32, Code> {
    const VERTICAL_TAB: u8 = 11;
    let blanks = raw.iter().take_while(|byte| byte.is_ascii_whitespace() || **byte == VERTICAL_TAB).count();
    let text = raw.get(blanks..).unwrap_or_default();
    let (negative, digits) = match text.first() {
        Some(b'-') => (true, text.get(1..).unwrap_or_default()),
        Some(b'+') => (false, text.get(1..).unwrap_or_default()),
        _ => (false, text),
    };
    let length = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if length == 0 || digits.get(length).is_some_and(|byte| !byte.is_ascii_whitespace()) {
        return Err(Code::InvalidValue);
    }
    let size = digits
        .iter()
        .take(length)
        .fold(0_i64, |size, digit| size.saturating_mul(10).saturating_add(i64::from(digit - b'0')));
    i32::try_from(if negative { -size } else { size }).map_err(|_| Code::InvalidValue)
}

/// The value as a list: `;` separates and may end it, `\;` is a semicolon.
///
/// # Errors
/// [`Code::UnknownEncoding`] if it is not UTF-8, [`Code::InvalidValue`] if an escape is not known.
pub fn string_list(raw: &[u8]) -> Result<Vec<String>, Code> {
    let raw = std::str::from_utf8(raw).map_err(|_| Code::UnknownEncoding)?;
    let mut list = Vec::new();
    let mut piece = String::new();
    let mut characters = raw.chars();
    while let Some(character) = characters.next() {
        match character {
            ';' => list.push(std::mem::take(&mut piece)),
            '\\' => match characters.next() {
                Some(';') => piece.push(';'),
                Some(escaped) => piece.push(unescape(escaped).ok_or(Code::InvalidValue)?),
                None => return Err(Code::InvalidValue),
            },
            plain => piece.push(plain),
        }
    }
    if !piece.is_empty() {
        list.push(piece);
    }
    Ok(list)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decoded_text_knows_where_it_comes_from() {
        let decoded = decode(br"a\sb\qc\").unwrap();
        assert_eq!(decoded.text, r"a b\qc");
        assert_eq!(decoded.offsets, [0, 1, 3, 4, 5, 6, 8]);
        assert_eq!(decode("é=".as_bytes()).unwrap().offsets, [0, 1, 2, 3]);
    }

    #[test]
    fn numbers_are_read_as_strtol_does() {
        assert_eq!(integer(b"52 22"), Ok(52));
        assert_eq!(integer(b"\x0b52"), Ok(52));
        assert_eq!(integer(b"-2147483648"), Ok(i32::MIN));
        for bad in ["", "+", "-", "\x0b", "5\x0b", "0x10", "2147483648", "99999999999999999999999"] {
            assert_eq!(integer(bad.as_bytes()), Err(Code::InvalidValue), "{bad}");
        }
    }
}
