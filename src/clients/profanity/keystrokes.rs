//! The keys that a macro of readline types. Source: `rl_translate_keyseq`, `bind.c` of readline 8.2.

/// The next key that is typed, and how many bytes stand for it.
pub(super) fn stroke(text: &str) -> Option<(char, usize)> {
    let first = text.chars().next()?;
    let Some(escape) = text.strip_prefix('\\') else { return Some((first, first.len_utf8())) };
    let control = escape.strip_prefix("C-").or_else(|| escape.strip_prefix("c-"));
    if let Some(behind) = control {
        // The key itself may be escaped: `\C-\\`.
        let key = behind.strip_prefix('\\').unwrap_or(behind);
        let length = text.len() - key.len();
        return Some(match key.chars().next() {
            Some(character) => (controlled(character), length + character.len_utf8()),
            None => ('\0', length),
        });
    }
    if let Some(behind) = escape.strip_prefix("M-").or_else(|| escape.strip_prefix("m-")) {
        let key = behind.chars().next().filter(|key| *key != '\\');
        return Some(('\0', 3 + key.map_or(0, char::len_utf8)));
    }
    let Some(letter) = escape.chars().next() else { return Some(('\\', 1)) };
    if let Some(stroke) = numbered(escape) {
        return Some(stroke);
    }
    let typed = match letter {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'a' | 'b' | 'd' | 'e' | 'f' | 'v' => '\0',
        plain => plain,
    };
    Some((typed, 1 + letter.len_utf8()))
}

/// `\C-m` and `\C-j` are the key that sends a line off.
fn controlled(character: char) -> char {
    match character.to_ascii_lowercase() {
        'm' => '\r',
        'j' => '\n',
        _ => '\0',
    }
}

/// `\101` and `\x41`.
fn numbered(escape: &str) -> Option<(char, usize)> {
    let (digits, radix, most, prefix) = match escape.strip_prefix('x') {
        Some(digits) => (digits, 16, 2, 2),
        None => (escape, 8, 3, 1),
    };
    let count = digits.chars().take(most).take_while(|digit| digit.is_digit(radix)).count();
    let number = u32::from_str_radix(digits.get(..count)?, radix).ok()?;
    // A byte beyond ASCII is part of a character that cannot be put together here.
    let character = char::from_u32(number).filter(char::is_ascii).unwrap_or('\u{fffd}');
    Some((character, prefix + count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_keys() {
        for (text, expected) in [
            ("", None),
            ("a", Some(('a', 1))),
            ("é", Some(('é', 2))),
            (r"\n", Some(('\n', 2))),
            (r"\t", Some(('\t', 2))),
            (r"\e", Some(('\0', 2))),
            (r"\\", Some(('\\', 2))),
            (r"\C-m", Some(('\r', 4))),
            (r"\C-J", Some(('\n', 4))),
            (r"\C-é", Some(('\0', 5))),
            (r"\C-\\", Some(('\0', 5))),
            (r"\C-", Some(('\0', 3))),
            (r"\M-a", Some(('\0', 4))),
            (r"\M-\C-m", Some(('\0', 3))),
            (r"\101b", Some(('A', 4))),
            (r"\x41b", Some(('A', 4))),
            (r"\xzz", Some(('x', 2))),
            (r"\377", Some(('\u{fffd}', 4))),
            (r"\", Some(('\\', 1))),
        ] {
            assert_eq!(stroke(text), expected, "{text}");
        }
    }
}
