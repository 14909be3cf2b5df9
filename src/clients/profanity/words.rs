//! The words of a command, as the client reads them. Source: `src/tools/parser.c`, 0.18.2.

use std::ops::Range;

use zeroize::Zeroizing;

/// A word of a command, quotes and backslashes decoded. It may be a secret.
pub(super) struct Word {
    pub text: Zeroizing<String>,
    /// Where it stands in the command, without its quotes.
    pub range: Range<usize>,
}

/// The words of a command: split at spaces, `"` quotes, a backslash takes the next character as it is.
pub(super) fn words(command: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut characters = command.char_indices().peekable();
    while let Some((start, character)) = characters.next() {
        if character == ' ' {
            continue;
        }
        let quoted = character == '"';
        let mut text = Zeroizing::new(String::new());
        let mut pending = if quoted { None } else { Some((start, character)) };
        let start = if quoted { start + 1 } else { start };
        let mut end = command.len();
        while let Some((at, character)) = pending.take().or_else(|| characters.next()) {
            if (quoted && character == '"') || (!quoted && character == ' ') {
                end = at;
                break;
            }
            if character == '\\' {
                text.extend(characters.next().map(|(_, escaped)| escaped));
            } else {
                text.push(character);
            }
        }
        words.push(Word { text, range: start..end });
    }
    words
}

/// The words of a line that the client takes for a command; none of one that it sends as a message: since 0.5.0 a
/// command begins with the first character of the line.
pub(super) fn words_of_command(line: &str) -> Vec<Word> {
    if line.starts_with('/') { words(line.trim_ascii_end()) } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(words: Vec<Word>) -> Vec<String> {
        words.iter().map(|word| word.text.to_string()).collect()
    }

    #[test]
    fn words_keep_their_places() {
        let command = "/a  \"b c\" d\\ e \"\"";
        assert_eq!(texts(words(command)), ["/a", "b c", "d e", ""]);
        let ranges: Vec<_> = words(command).into_iter().map(|word| command.get(word.range).unwrap()).collect();
        assert_eq!(ranges, ["/a", "b c", "d\\ e", ""]);
    }

    #[test]
    fn a_command_begins_with_its_line() {
        assert_eq!(texts(words_of_command("/a b \r\n")), ["/a", "b"]);
        assert!(words_of_command(" /a b").is_empty());
        assert!(words_of_command("a /b").is_empty());
        assert!(words_of_command("").is_empty());
    }
}
