//! A place in a text of which only parts are kept.

use crate::model::count_in_text;

/// A place, and what stands before it: whoever keeps a part of a text from there on can still say on which line and in
/// which column everything stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// Its offset.
    pub offset: usize,
    /// How many lines end before it.
    pub lines: usize,
    /// How many characters stand before it.
    pub characters: usize,
    /// How many characters stand before its line.
    pub before_line: usize,
}

impl Mark {
    /// The mark behind a text that begins here.
    #[must_use]
    pub fn behind(mut self, text: &str) -> Self {
        self.advance(text);
        self
    }

    /// Goes on by that text.
    pub(super) fn advance(&mut self, text: &str) {
        let bytes = text.as_bytes();
        self.offset += bytes.len();
        match memchr::memrchr(b'\n', bytes) {
            None => self.characters += count_in_text(bytes),
            Some(last) => {
                let (lines, line) = bytes.split_at_checked(last + 1).unwrap_or((bytes, &[]));
                self.lines += memchr::memchr_iter(b'\n', lines).count();
                self.before_line = self.characters + count_in_text(lines);
                self.characters = self.before_line + count_in_text(line);
            }
        }
    }

    /// The mark in front of that text, which ends here; `before` is what is known of what stands before it.
    pub(super) fn retreat(self, text: &str, before: &str) -> Self {
        let bytes = text.as_bytes();
        let ends = memchr::memchr_iter(b'\n', bytes).count();
        let characters = self.characters - count_in_text(bytes).min(self.characters);
        let before_line = if ends == 0 {
            self.before_line
        } else {
            let line =
                memchr::memrchr(b'\n', before.as_bytes()).map_or(before, |at| before.get(at + 1..).unwrap_or(""));
            characters - count_in_text(line.as_bytes()).min(characters)
        };
        Self {
            offset: self.offset - bytes.len().min(self.offset),
            lines: self.lines - ends.min(self.lines),
            characters,
            before_line,
        }
    }
}
