//! Makes text from a scanned file safe to show: nothing in it can steer a terminal, reorder or hide what is read.
//!
//! A configuration file is written by whoever wrote it. An escape sequence in it could clear the screen and say
//! “no problems found”; a bidirectional override could turn an address round; a line break could forge a line of
//! a report. Every such character is replaced by a visible one of the same length in UTF-8, so that the spans of
//! an excerpt stay right.

use std::path::Path;

/// Stands for a forbidden character of one byte.
const ONE_BYTE: char = '.';
/// Stands for a forbidden character of two bytes.
const TWO_BYTES: char = '\u{BF}';
/// Stands for a forbidden character of three bytes.
const THREE_BYTES: char = char::REPLACEMENT_CHARACTER;
/// Stands for a forbidden character of four bytes: NEGATIVE SQUARED QUESTION MARK.
const FOUR_BYTES: char = '\u{1FBC4}';

/// Characters that do something, or cannot be seen, in the order of their numbers.
///
/// Unicode 16: the general categories Cc, Cf, Zl and Zp, and `Default_Ignorable_Code_Point`. What is no character at
/// all (U+FDD0 to U+FDEF, the last two code points of every plane) is found by arithmetic.
const FORBIDDEN: [(char, char); 27] = [
    ('\0', '\u{1F}'),           // C0: ESC, BEL, newline, tab and their like
    ('\u{7F}', '\u{9F}'),       // DEL and C1: U+009B begins an escape sequence of its own
    ('\u{AD}', '\u{AD}'),       // soft hyphen
    ('\u{34F}', '\u{34F}'),     // combining grapheme joiner
    ('\u{600}', '\u{605}'),     // Arabic signs that reach over what follows
    ('\u{61C}', '\u{61C}'),     // Arabic letter mark
    ('\u{6DD}', '\u{6DD}'),     // Arabic end of ayah
    ('\u{70F}', '\u{70F}'),     // Syriac abbreviation mark
    ('\u{890}', '\u{891}'),     // Arabic signs of money
    ('\u{8E2}', '\u{8E2}'),     // Arabic disputed end of ayah
    ('\u{115F}', '\u{1160}'),   // Hangul fillers
    ('\u{17B4}', '\u{17B5}'),   // Khmer inherent vowels
    ('\u{180B}', '\u{180F}'),   // Mongolian variation selectors and vowel separator
    ('\u{200B}', '\u{200F}'),   // zero-width space and joiners, direction marks
    ('\u{2028}', '\u{202E}'),   // line and paragraph separators, bidirectional embeddings and overrides
    ('\u{2060}', '\u{206F}'),   // word joiner, invisible operators, bidirectional isolates
    ('\u{3164}', '\u{3164}'),   // Hangul filler
    ('\u{FE00}', '\u{FE0F}'),   // variation selectors
    ('\u{FEFF}', '\u{FEFF}'),   // byte-order mark
    ('\u{FFA0}', '\u{FFA0}'),   // halfwidth Hangul filler
    ('\u{FFF0}', '\u{FFFB}'),   // unassigned and ignorable, interlinear annotation
    ('\u{110BD}', '\u{110BD}'), // Kaithi number sign
    ('\u{110CD}', '\u{110CD}'), // Kaithi number sign above
    ('\u{13430}', '\u{1343F}'), // Egyptian hieroglyph joiners
    ('\u{1BCA0}', '\u{1BCA3}'), // shorthand format controls
    ('\u{1D173}', '\u{1D17A}'), // musical beams and slurs
    ('\u{E0000}', '\u{E0FFF}'), // tags, further variation selectors
];

/// Whether a character may not be shown: it does something to what stands around it, or cannot be seen.
#[must_use]
pub fn is_forbidden(character: char) -> bool {
    if matches!(character, ' '..='~') {
        return false;
    }
    let behind = FORBIDDEN.partition_point(|(first, _)| *first <= character);
    let listed = behind.checked_sub(1).and_then(|index| FORBIDDEN.get(index));
    listed.is_some_and(|(_, last)| character <= *last) || is_noncharacter(character)
}

const fn is_noncharacter(character: char) -> bool {
    matches!(character, '\u{FDD0}'..='\u{FDEF}') || (character as u32 & 0xFFFE) == 0xFFFE
}

const fn substitute(character: char) -> char {
    match character.len_utf8() {
        1 => ONE_BYTE,
        2 => TWO_BYTES,
        3 => THREE_BYTES,
        _ => FOUR_BYTES,
    }
}

/// Text for a place where no line may break: names, addresses, titles, messages. Line breaks and tabs go, too.
#[must_use]
pub fn line(text: &str) -> String {
    harmless(text, |_, _| None)
}

/// Text that is meant to have lines: an excerpt, an instruction. Line breaks and tabs stay; the carriage return of
/// a line that ends as on Windows becomes a blank.
#[must_use]
pub fn lines(text: &str) -> String {
    harmless(text, |character, rest| match character {
        '\n' | '\t' => Some(character),
        '\r' if rest.starts_with('\n') => Some(' '),
        _ => None,
    })
}

/// The text with everything forbidden replaced, unless `exempt` says what becomes of a character, given what follows it.
fn harmless(text: &str, exempt: impl Fn(char, &str) -> Option<char>) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    loop {
        let plain_length = rest.bytes().position(|byte| !matches!(byte, b' '..=b'~')).unwrap_or(rest.len());
        let (plain, other) = rest.split_at_checked(plain_length).unwrap_or((rest, ""));
        shown.push_str(plain);
        let mut characters = other.chars();
        let Some(character) = characters.next() else { return shown };
        rest = characters.as_str();
        let substituted = || if is_forbidden(character) { substitute(character) } else { character };
        shown.push(exempt(character, rest).unwrap_or_else(substituted));
    }
}

/// A path as it may be shown. What is not UTF-8 in it is shown as U+FFFD.
#[must_use]
pub fn path(path: &Path) -> String {
    line(&path.to_string_lossy())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use regex::Regex;

    use super::*;

    #[test]
    fn forbids_exactly_what_unicode_calls_control_format_separator_or_ignorable() {
        let properties =
            Regex::new(r"^[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]$")
                .unwrap();
        for character in '\0'..=char::MAX {
            let mut buffer = [0; 4];
            let expected = properties.is_match(character.encode_utf8(&mut buffer));
            assert_eq!(is_forbidden(character), expected, "U+{:04X}", character as u32);
        }
    }

    #[test]
    fn the_table_is_in_order() {
        assert!(FORBIDDEN.iter().all(|(first, last)| first <= last));
        assert!(FORBIDDEN.windows(2).all(|pair| pair[0].1 < pair[1].0));
    }

    #[test]
    fn substitutes_have_the_same_length_and_are_seen() {
        for character in ['\x1b', '\u{9B}', '\u{202E}', '\u{E0041}'] {
            assert_eq!(substitute(character).len_utf8(), character.len_utf8());
            assert!(!is_forbidden(substitute(character)));
        }
    }

    #[test]
    fn one_line_stays_one_line() {
        assert_eq!(
            line("a\n\tb\r\x1b[2Jc\u{9b}d\u{202e}e\u{2028}f\u{e0041}g"),
            "a..b..[2Jc¿d\u{FFFD}e\u{FFFD}f\u{1FBC4}g"
        );
        assert_eq!(line("chiffré : « œuvre » 秘密 🙂"), "chiffré : « œuvre » 秘密 🙂");
    }

    #[test]
    fn lines_keep_their_breaks() {
        assert_eq!(lines("a\r\n\tb\rc\x0b"), "a \n\tb.c.");
    }

    #[cfg(unix)]
    #[test]
    fn paths_need_not_be_text() {
        use std::os::unix::ffi::OsStrExt;
        let raw = std::ffi::OsStr::from_bytes(b"/home/\xff\x1b]0;x\x07/a\nb");
        assert_eq!(path(Path::new(raw)), "/home/\u{FFFD}.]0;x./a.b");
    }

    proptest! {
        #[test]
        fn length_is_kept_and_nothing_forbidden_left(text in any::<String>(), hostile in "[\\x00-\\x1f\\x7f-\\x9f\u{200b}-\u{202e}\u{2066}\u{feff}\u{e0020}a\r\n]{0,40}") {
            let text = format!("{text}{hostile}");
            let (one, many) = (line(&text), lines(&text));
            prop_assert_eq!(one.len(), text.len());
            prop_assert_eq!(many.len(), text.len());
            prop_assert!(!one.chars().any(is_forbidden));
            prop_assert!(!many.chars().any(|c| is_forbidden(c) && !matches!(c, '\n' | '\t')));
            prop_assert_eq!(line(&one), one);
            prop_assert_eq!(lines(&many), many);
        }

        #[test]
        fn every_span_means_the_same_characters(text in any::<String>()) {
            let boundaries = |text: &str| text.char_indices().map(|(at, _)| at).collect::<Vec<_>>();
            prop_assert_eq!(boundaries(&line(&text)), boundaries(&text));
            prop_assert_eq!(boundaries(&lines(&text)), boundaries(&text));
        }
    }
}
