//! The commands and words of a shell script: as much of the language as it takes to tell what is set and what
//! is started, and no more. Nothing is expanded or run.

use std::ops::Range;

use crate::model::Span;

/// An opening quote whose closing one does not come within this many lines is thought to be an apostrophe.
const QUOTED_LINES: usize = 40;

/// The family of a shell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shell {
    /// sh, bash, zsh.
    Posix,
    /// fish: the same words, but a quote can be escaped inside single quotes.
    Fish,
}

/// A character, and where it stands in the file.
pub(super) type Character = (usize, char);

/// A word of a command, without its quotes.
#[derive(Clone, Debug, Default)]
pub(super) struct Word {
    characters: Vec<Character>,
    /// The same, for comparisons.
    pub text: String,
    /// Whether a part of it is known only when it is run.
    pub is_dynamic: bool,
}

impl Word {
    /// Where the word stands, from the byte at `start` of its text.
    pub(super) fn span_from(&self, start: usize) -> Span {
        let from = self.characters_from(start);
        let end = self.characters.last().map_or(0, |(offset, character)| offset + character.len_utf8());
        Span::new(from.first().map_or(end, |(offset, _)| *offset), end)
    }

    /// Where a part of the word stands, given by bytes of its text.
    pub(super) fn span_of(&self, part: Range<usize>) -> Span {
        let (start, behind) = (self.span_from(part.start), self.characters_from(part.end));
        let count = self.characters_from(part.start).len().saturating_sub(behind.len());
        let last = self.characters_from(part.start).get(..count).and_then(<[Character]>::last);
        Span::new(start.start, last.map_or(start.start, |(offset, character)| offset + character.len_utf8()))
    }

    /// Its characters from the byte at `start` of its text.
    pub(super) fn characters_from(&self, start: usize) -> &[Character] {
        let index = self.text.get(..start).map_or(self.characters.len(), |before| before.chars().count());
        self.characters.get(index..).unwrap_or_default()
    }

    fn push(&mut self, character: Character) {
        self.text.push(character.1);
        self.characters.push(character);
    }
}

/// The characters of a part of a file that begins at byte `start` of it.
pub(super) fn characters(text: &str, start: usize) -> Vec<Character> {
    text.char_indices().map(|(offset, character)| (start + offset, character)).collect()
}

/// The simple commands in a script, in their order: each a list of words, never empty.
pub(super) fn commands(script: &[Character], shell: Shell) -> Vec<Vec<Word>> {
    let mut scanner = Scanner::new(script, shell);
    while let Some(character) = scanner.peek(0) {
        scanner.step(character);
    }
    scanner.end_command();
    scanner.commands
}

struct Scanner<'a> {
    script: &'a [Character],
    shell: Shell,
    at: usize,
    word: Option<Word>,
    words: Vec<Word>,
    commands: Vec<Vec<Word>>,
    /// The next word names a file that is read or written.
    after_redirection: bool,
    /// The next word ends a here-document.
    after_here: bool,
    /// Words that end the here-documents that begin with the next line.
    here_ends: Vec<String>,
    /// A here-document without end was seen: then it was none, and others may be none as well.
    trusts_here: bool,
}

impl<'a> Scanner<'a> {
    const fn new(script: &'a [Character], shell: Shell) -> Self {
        Self {
            script,
            shell,
            at: 0,
            word: None,
            words: Vec::new(),
            commands: Vec::new(),
            after_redirection: false,
            after_here: false,
            here_ends: Vec::new(),
            trusts_here: true,
        }
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.script.get(self.at + ahead).map(|(_, character)| *character)
    }

    fn step(&mut self, character: char) {
        match character {
            '\n' => self.end_line(),
            ' ' | '\t' | '\r' => self.skip_after(Self::end_word),
            '>' | '<' => self.redirect(),
            '&' if self.peek(1) == Some('>') => self.redirect(),
            ';' | '&' | '|' | '(' | ')' | '`' => self.skip_after(Self::end_command),
            '#' if self.word.is_none() => self.skip_comment(),
            '\\' => self.escape(),
            '\'' | '"' => self.quote(character),
            '$' => {
                self.word.get_or_insert_default().is_dynamic = true;
                self.push();
            }
            _ => self.push(),
        }
    }

    /// Adds the character to the word.
    fn push(&mut self) {
        if let Some(character) = self.script.get(self.at) {
            self.word.get_or_insert_default().push(*character);
        }
        self.at += 1;
    }

    fn skip_after(&mut self, end: impl Fn(&mut Self)) {
        end(self);
        self.at += 1;
    }

    fn end_word(&mut self) {
        let Some(word) = self.word.take() else { return };
        if std::mem::take(&mut self.after_here) {
            self.here_ends.push(word.text);
        } else if !std::mem::take(&mut self.after_redirection) {
            self.words.push(word);
        }
    }

    fn end_command(&mut self) {
        self.end_word();
        self.after_redirection = false;
        self.after_here = false;
        if !self.words.is_empty() {
            self.commands.push(std::mem::take(&mut self.words));
        }
    }

    fn end_line(&mut self) {
        self.skip_after(Self::end_command);
        for end in std::mem::take(&mut self.here_ends) {
            self.skip_here_document(&end);
        }
    }

    fn skip_comment(&mut self) {
        while self.peek(0).is_some_and(|character| character != '\n') {
            self.at += 1;
        }
    }

    /// `>`, `>>`, `>&`, `&>`, `<`, `<<<`: the next word is no argument. `<<`: it ends a here-document.
    fn redirect(&mut self) {
        // A number directly before it is the stream that is redirected.
        if self.word.as_ref().is_some_and(|word| word.text.bytes().all(|byte| byte.is_ascii_digit())) {
            self.word = None;
        }
        self.end_word();
        let start = self.at;
        while self.peek(0).is_some_and(|character| matches!(character, '<' | '>' | '&')) {
            self.at += 1;
        }
        let sign: String =
            self.script.get(start..self.at).unwrap_or_default().iter().map(|(_, character)| character).collect();
        self.after_here = sign == "<<";
        self.after_redirection = !self.after_here;
        if self.after_here && self.peek(0) == Some('-') {
            self.at += 1;
        }
    }

    fn escape(&mut self) {
        self.at += 1;
        match self.peek(0) {
            Some('\n') => self.at += 1,
            Some(_) => self.push(),
            None => {}
        }
    }

    fn quote(&mut self, quote: char) {
        let Some(end) = self.closing(quote) else { return self.push() };
        self.at += 1;
        self.word.get_or_insert_default();
        while self.at < end {
            self.step_quoted(quote);
        }
        self.at = end + 1;
    }

    fn step_quoted(&mut self, quote: char) {
        match self.peek(0) {
            Some('\\') if self.is_escape(quote, self.peek(1)) => self.escape(),
            Some('$' | '`') if quote == '"' => {
                self.word.get_or_insert_default().is_dynamic = true;
                self.push();
            }
            _ => self.push(),
        }
    }

    /// Whether a backslash before `next` is one that quotes it.
    fn is_escape(&self, quote: char, next: Option<char>) -> bool {
        match (quote, next) {
            ('"', Some('"' | '\\' | '$' | '`' | '\n')) => true,
            ('\'', Some('\'' | '\\')) => self.shell == Shell::Fish,
            _ => false,
        }
    }

    /// The index of the quote that closes the one here.
    fn closing(&self, quote: char) -> Option<usize> {
        let mut lines = 0;
        let mut index = self.at + 1;
        while lines <= QUOTED_LINES {
            let (_, character) = *self.script.get(index)?;
            let next = self.script.get(index + 1).map(|(_, next)| *next);
            match character {
                _ if character == quote => return Some(index),
                '\\' if self.is_escape(quote, next) => index += 1,
                '\n' => lines += 1,
                _ => {}
            }
            index += 1;
        }
        None
    }

    fn skip_here_document(&mut self, end: &str) {
        let mut at = self.at;
        while self.trusts_here {
            let rest = self.script.get(at..).unwrap_or_default();
            let length = rest.iter().position(|(_, character)| *character == '\n');
            let line = rest.get(..length.unwrap_or(rest.len())).unwrap_or_default();
            let line = line.iter().map(|(_, character)| *character).skip_while(|character| *character == '\t');
            if line.eq(end.chars()) {
                self.at = length.map_or(self.script.len(), |length| at + length + 1);
                return;
            }
            match length {
                Some(length) => at += length + 1,
                None => self.trusts_here = false,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(script: &str, shell: Shell) -> Vec<Vec<String>> {
        commands(&characters(script, 0), shell)
            .into_iter()
            .map(|command| command.into_iter().map(|word| word.text).collect())
            .collect()
    }

    fn posix(script: &str) -> Vec<Vec<String>> {
        words(script, Shell::Posix)
    }

    #[test]
    fn splits_commands_and_words() {
        assert_eq!(
            posix("a b;c&&d|e\nf # g; h\n\n i\\\n j"),
            [vec!["a", "b"], vec!["c"], vec!["d"], vec!["e"], vec!["f"], vec!["i", "j"]]
        );
        assert_eq!(posix("f() { g; }"), [vec!["f"], vec!["{", "g"], vec!["}"]]);
        assert_eq!(posix("a#b #c"), [["a#b"]]);
        assert_eq!(posix("A=$(b c) d"), [vec!["A=$"], vec!["b", "c"], vec!["d"]]);
    }

    #[test]
    fn takes_quotes_away() {
        assert_eq!(posix(r#"a 'b c'd "e \"f\" \g" h\ i ''"#), [["a", "b cd", r#"e "f" \g"#, "h i", ""]]);
        assert_eq!(posix(r"a 'b\' c"), [["a", r"b\", "c"]]);
        assert_eq!(words(r"a 'b\' c'", Shell::Fish), [["a", "b' c"]]);
        assert_eq!(posix("a 'b\nc'"), [["a", "b\nc"]]);
    }

    #[test]
    fn an_apostrophe_without_end_swallows_nothing() {
        let script = format!("echo don't\nexport A=1\n{}", "b\n".repeat(50));
        assert_eq!(posix(&script).get(1).unwrap(), &["export", "A=1"]);
        // Nobody quotes as many lines as lie between this one and the next.
        assert_eq!(posix(&format!("{script}it's")).get(1).unwrap(), &["export", "A=1"]);
    }

    #[test]
    fn leaves_redirections_and_here_documents_out() {
        assert_eq!(posix("a >b 2>&1 c <<< d e &>f g"), [["a", "c", "e", "g"]]);
        assert_eq!(posix("cat > f <<'E' b\nA=1\n\tE\nc"), [vec!["cat", "b"], vec!["c"]]);
        assert_eq!(posix("cat <<-E\nA=1\n"), [vec!["cat"], vec!["A=1"]]);
        assert_eq!(posix("cat <<-E\nA=1\n\tE\nc"), [vec!["cat"], vec!["c"]]);
    }

    #[test]
    fn knows_what_only_the_shell_knows() {
        for (script, is_dynamic) in [
            ("A", false),
            ("$A", true),
            ("a$A", true),
            ("\"$A\"", true),
            ("\"`a`\"", true),
            ("'$A'", false),
            ("'`a`'", false),
            ("\\$A", false),
            ("\"\\$A\"", false),
        ] {
            let word = commands(&characters(script, 0), Shell::Posix).remove(0).remove(0);
            assert_eq!(word.is_dynamic, is_dynamic, "{script}");
        }
    }

    #[test]
    fn knows_where_words_stand() {
        let script = "x  \"A=b c\"d";
        let word = commands(&characters(script, 100), Shell::Posix).remove(0).remove(1);
        assert_eq!(word.text, "A=b cd");
        assert_eq!(word.span_from(0), Span::new(104, 111));
        assert_eq!(word.span_from(2), Span::new(106, 111));
        assert_eq!(word.span_from(6), Span::at(111));
        assert_eq!(word.span_of(2..3), Span::new(106, 107));
        assert_eq!(word.span_of(2..6), Span::new(106, 111));
        assert_eq!(word.span_of(5..6), Span::new(110, 111));
        assert_eq!(word.span_of(6..6), Span::at(111));
    }

    #[test]
    fn takes_linear_time() {
        for part in ["'", "\"\n", "<<A\n", "a<<A ", "\\", "$(", "'\n\n"] {
            let script = part.repeat(100_000);
            commands(&characters(&script, 0), Shell::Posix);
        }
    }
}
