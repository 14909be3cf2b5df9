//! Names and characters of XML 1.0, fifth edition.

/// Whether XML allows the character in a document (production 2, `Char`).
pub(super) const fn is_allowed(character: char) -> bool {
    matches!(character,
        '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..='\u{10FFFF}')
}

/// Whether a byte is one of XML's four blanks (production 3, `S`).
pub(super) const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// The length of the blanks at the beginning of `text`, in bytes.
pub(super) fn blank_length(text: &str) -> usize {
    text.bytes().take_while(|byte| is_blank(*byte)).count()
}

/// The length of the name (production 5, `Name`) at the beginning of `text`, in bytes; 0 where there is none.
pub(super) fn name_length(text: &str) -> usize {
    let mut characters = text.char_indices();
    match characters.next() {
        Some((_, first)) if is_name_start(first) => {}
        _ => return 0,
    }
    characters.find(|(_, character)| !is_name_character(*character)).map_or(text.len(), |(index, _)| index)
}

/// The longest name that libxml2 takes, in bytes, its prefix apart (`XML_MAX_NAME_LENGTH`).
pub(super) const LONGEST_NAME: usize = 50_000;

/// The length of what is made of the characters of names at the beginning of `text`, in bytes.
pub(super) fn token_length(text: &str) -> usize {
    text.find(|character| !is_name_character(character)).unwrap_or(text.len())
}

/// Splits a qualified name at its colon: the prefix, if any, and the local part. None where the name is not a
/// qualified one (`:a`, `a:`, `a:b:c`).
pub(super) fn split_qualified(name: &str) -> Option<(Option<&str>, &str)> {
    let Some((prefix, local)) = name.split_once(':') else { return Some((None, name)) };
    let sound = !prefix.is_empty() && !local.contains(':') && local.starts_with(is_name_start);
    sound.then_some((Some(prefix), local))
}

const fn is_name_start(character: char) -> bool {
    matches!(character,
        ':' | '_' | 'A'..='Z' | 'a'..='z' | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}'
        | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}'
        | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}'
        | '\u{10000}'..='\u{EFFFF}')
}

const fn is_name_character(character: char) -> bool {
    is_name_start(character)
        || matches!(character,
            '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_names() {
        assert_eq!(name_length("account>"), 7);
        assert_eq!(name_length("a:b='x'"), 3);
        assert_eq!(name_length("é "), 2);
        assert_eq!(name_length("1a"), 0);
        assert_eq!(name_length("-a"), 0);
        assert_eq!(name_length(""), 0);
    }

    #[test]
    fn splits_at_one_colon_only() {
        assert_eq!(split_qualified("a"), Some((None, "a")));
        assert_eq!(split_qualified("x:a"), Some((Some("x"), "a")));
        for name in [":a", "a:", "a:b:c", "a::b", "a:1"] {
            assert_eq!(split_qualified(name), None, "{name}");
        }
    }

    #[test]
    fn knows_what_is_allowed() {
        for character in ['\t', ' ', '\u{7f}', '\u{80}', '\u{FFFD}', '\u{1F600}'] {
            assert!(is_allowed(character), "{character:?}");
        }
        for character in ['\0', '\u{1}', '\u{b}', '\u{1f}', '\u{FFFE}', '\u{FFFF}'] {
            assert!(!is_allowed(character), "{character:?}");
        }
    }
}
