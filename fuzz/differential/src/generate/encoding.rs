//! Encodings of XML files: what a declaration names, and what the bytes are.

use fastrand::Rng;

use super::draft::pick;

/// How characters become bytes.
#[derive(Clone, Copy, Debug)]
enum Bytes {
    Utf8,
    Latin1,
    Latin9,
    Windows1252,
    Utf16Little,
    Utf16Big,
    Utf32Little,
    Utf32Big,
}

/// What a declaration names and what fits it, more often than not.
const PLANS: [(&str, Bytes); 40] = [
    ("UTF-8", Bytes::Utf8),
    ("utf-8", Bytes::Utf8),
    ("UTF8", Bytes::Utf8),
    ("Utf-8", Bytes::Utf8),
    ("ISO-8859-1", Bytes::Latin1),
    ("iso-8859-1", Bytes::Latin1),
    ("ISO_8859-1", Bytes::Latin1),
    ("ISO8859-1", Bytes::Latin1),
    ("ISO-LATIN-1", Bytes::Latin1),
    ("ISO Latin 1", Bytes::Latin1),
    ("latin1", Bytes::Latin1),
    ("l1", Bytes::Latin1),
    ("ISO-8859-15", Bytes::Latin9),
    ("latin-9", Bytes::Latin9),
    ("ISO-8859-2", Bytes::Latin1),
    ("windows-1252", Bytes::Windows1252),
    ("cp1252", Bytes::Windows1252),
    ("windows-1251", Bytes::Latin1),
    ("koi8-r", Bytes::Latin1),
    ("US-ASCII", Bytes::Utf8),
    ("ascii", Bytes::Utf8),
    ("HTML", Bytes::Utf8),
    ("UTF-16", Bytes::Utf16Little),
    ("UTF-16", Bytes::Utf16Big),
    ("utf-16", Bytes::Utf16Little),
    ("UTF16", Bytes::Utf16Little),
    ("UTF-16LE", Bytes::Utf16Little),
    ("UTF-16BE", Bytes::Utf16Big),
    ("UCS-2", Bytes::Utf16Little),
    ("ISO-10646-UCS-2", Bytes::Utf16Big),
    ("UCS-4", Bytes::Utf32Big),
    ("UCS4", Bytes::Utf32Little),
    ("UTF-32", Bytes::Utf32Little),
    ("UTF-7", Bytes::Utf8),
    ("EBCDIC", Bytes::Utf8),
    ("Shift_JIS", Bytes::Utf8),
    ("EUC-JP", Bytes::Utf8),
    ("nope", Bytes::Utf8),
    ("", Bytes::Utf8),
    ("x y", Bytes::Utf8),
];

/// The encoding of a file.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// What its declaration names, if it has one and that names any.
    pub declared: Option<&'static str>,
    bytes: Bytes,
    mark: bool,
}

impl Plan {
    /// Most often UTF-8.
    pub fn new(rng: &mut Rng) -> Self {
        let mark = rng.u8(..30) == 0;
        if rng.u8(..3) > 0 {
            let declared = pick(rng, &[None, Some("UTF-8"), Some("utf-8")]);
            return Self { declared, bytes: Bytes::Utf8, mark };
        }
        let (name, fitting) = if rng.bool() { pick(rng, &PLANS[..29]) } else { pick(rng, &PLANS) };
        let bytes = if rng.u8(..8) == 0 { pick(rng, &PLANS).1 } else { fitting };
        let is_wide = !matches!(bytes, Bytes::Utf8 | Bytes::Latin1 | Bytes::Latin9 | Bytes::Windows1252);
        let declared = (rng.u8(..10) > 0).then_some(name);
        Self { declared, bytes, mark: mark || (is_wide && rng.bool()) }
    }

    /// The bytes of a text. One that is no UTF-8 stays as it is.
    pub fn encode(self, text: Vec<u8>) -> Vec<u8> {
        let mut bytes = match std::str::from_utf8(&text) {
            Ok(sound) => sound.chars().flat_map(|character| self.character(character)).collect(),
            Err(_) => text,
        };
        if self.mark {
            bytes.splice(..0, self.character('\u{feff}'));
        }
        bytes
    }

    fn character(self, character: char) -> Vec<u8> {
        let mut units = [0; 2];
        let code = u32::from(character);
        match self.bytes {
            Bytes::Latin1 => one_byte(character),
            Bytes::Latin9 if character == '€' => vec![0xA4],
            Bytes::Latin9 => one_byte(character),
            Bytes::Windows1252 if character == '€' => vec![0x80],
            Bytes::Windows1252 => one_byte(character),
            Bytes::Utf8 => character.encode_utf8(&mut [0; 4]).as_bytes().to_vec(),
            Bytes::Utf16Little => {
                character.encode_utf16(&mut units).iter().flat_map(|unit| unit.to_le_bytes()).collect()
            }
            Bytes::Utf16Big => {
                character.encode_utf16(&mut units).iter().flat_map(|unit| unit.to_be_bytes()).collect()
            }
            Bytes::Utf32Little => code.to_le_bytes().to_vec(),
            Bytes::Utf32Big => code.to_be_bytes().to_vec(),
        }
    }
}

/// The byte of a character of ISO-8859-1; UTF-8 for others, which then are several wrong ones.
fn one_byte(character: char) -> Vec<u8> {
    match u8::try_from(u32::from(character)) {
        Ok(byte) => vec![byte],
        Err(_) => character.encode_utf8(&mut [0; 4]).as_bytes().to_vec(),
    }
}
