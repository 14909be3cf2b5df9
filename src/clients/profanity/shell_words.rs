//! How a POSIX shell cuts a command line, as far as it tells whether a shell is needed at all.

use zeroize::Zeroizing;

/// A word of a command.
#[derive(Default)]
pub(super) struct Word {
    pub text: Zeroizing<String>,
    /// Whether something stands in it that only a shell would replace.
    pub is_dynamic: bool,
    /// Whether that stands outside quotes, or is no word at all.
    pub needs_shell_outside_quotes: bool,
}

/// One simple command, up to what separates it from the next.
#[derive(Default)]
pub(super) struct Segment {
    pub words: Vec<Word>,
    /// Whether a shell is needed to run it as it is meant.
    pub needs_shell: bool,
    /// Whether its output goes to the next one.
    pub is_piped: bool,
}

/// How the shell would cut the command: at `|`, `;`, `&` and line ends, each part into words.
pub(super) fn segments(command: &str) -> Vec<Segment> {
    let mut cutter = Cutter { segments: vec![Segment::default()], word: None };
    let mut characters = command.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\'' => {
                let word = cutter.word();
                word.text.extend(characters.by_ref().take_while(|next| *next != '\''));
            }
            '"' => cutter.quoted(&mut characters),
            '\\' => {
                let escaped = characters.next();
                cutter.word().text.extend(escaped);
            }
            ' ' | '\t' => cutter.end_word(),
            '|' | ';' | '&' | '\n' => cutter.end_segment(character == '|' && characters.peek() != Some(&'|')),
            _ => cutter.plain(character, characters.peek().copied()),
        }
    }
    cutter.end_word();
    cutter.segments.retain(|segment| !segment.words.is_empty());
    cutter.segments
}

struct Cutter {
    segments: Vec<Segment>,
    word: Option<Word>,
}

impl Cutter {
    fn word(&mut self) -> &mut Word {
        self.word.get_or_insert_default()
    }

    fn segment(&mut self) -> Option<&mut Segment> {
        self.segments.last_mut()
    }

    /// What stands in double quotes: a shell replaces variables in it and runs commands.
    fn quoted(&mut self, characters: &mut std::iter::Peekable<std::str::Chars<'_>>) {
        let word = self.word();
        let mut is_dynamic = false;
        while let Some(character) = characters.next().filter(|character| *character != '"') {
            if character == '\\' {
                let escaped = characters.next_if(|next| "\"\\$`".contains(*next));
                word.text.push(escaped.unwrap_or('\\'));
                continue;
            }
            is_dynamic |= is_replaced(character, characters.peek().copied());
            word.text.push(character);
        }
        word.is_dynamic |= is_dynamic;
        if let Some(segment) = self.segment() {
            segment.needs_shell |= is_dynamic;
        }
    }

    fn plain(&mut self, character: char, next: Option<char>) {
        let is_home = character == '~' && self.word.is_none() && matches!(next, None | Some('/' | ' '));
        let is_sign = "<>()".contains(character);
        let assigns = character == '='
            && self.segment().is_some_and(|segment| segment.words.is_empty())
            && self.word.as_ref().is_some_and(|word| is_name(&word.text));
        let word = self.word();
        word.text.push(character);
        if is_home || is_sign || is_replaced(character, next) {
            word.is_dynamic = true;
        }
        if word.is_dynamic || assigns {
            word.needs_shell_outside_quotes = true;
            if let Some(segment) = self.segment() {
                segment.needs_shell = true;
            }
        }
    }

    fn end_word(&mut self) {
        let word = self.word.take();
        if let Some(segment) = self.segment() {
            segment.words.extend(word);
        }
    }

    fn end_segment(&mut self, is_piped: bool) {
        self.end_word();
        if let Some(segment) = self.segment() {
            segment.is_piped = is_piped;
            segment.needs_shell = true;
        }
        self.segments.push(Segment::default());
    }
}

/// Whether a shell would replace what begins here.
fn is_replaced(character: char, next: Option<char>) -> bool {
    let begins = |next: char| next.is_ascii_alphanumeric() || "_{(@*#?$!-".contains(next);
    character == '`' || (character == '$' && next.is_some_and(begins))
}

fn is_name(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    text.bytes().all(is_part) && text.bytes().next().is_some_and(|first| !first.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(command: &str) -> Vec<Vec<String>> {
        let words = |segment: Segment| segment.words.iter().map(|word| word.text.to_string()).collect();
        segments(command).into_iter().map(words).collect()
    }

    #[test]
    fn commands_are_cut_into_words() {
        assert_eq!(cut("a 'b c'\"d\"e\\ f"), [["a", "b cde f"]]);
        assert_eq!(cut("a|b;c&&d||e"), [["a"], ["b"], ["c"], ["d"], ["e"]]);
        assert_eq!(cut(r#""a\"b\c""#), [[r#"a"b\c"#]]);
        assert!(cut("  ").is_empty());
    }

    #[test]
    fn only_a_pipe_hands_its_output_on() {
        let piped = |command: &str| segments(command).first().map(|segment| segment.is_piped);
        assert_eq!(piped("a | b"), Some(true));
        assert_eq!(piped("a || b"), Some(false));
        assert_eq!(piped("a; b"), Some(false));
        assert_eq!(piped("a"), Some(false));
    }
}
