//! Lines of prose as wide as the terminal.

use std::borrow::Cow;

use unicode_width::UnicodeWidthStr;

/// The most that is set aside for a line, in bytes.
const WIDEST: usize = 128;

/// Something that is not broken over lines: painted already, with the columns that it takes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Word<'a> {
    /// What is written, escape sequences included.
    pub shown: Cow<'a, str>,
    /// How many columns that takes.
    pub width: usize,
}

impl<'a> Word<'a> {
    /// A word without any paint.
    pub fn plain(text: &'a str) -> Self {
        Self { shown: Cow::Borrowed(text), width: columns(text) }
    }

    /// Appends what is shown as `painted` and takes so many columns.
    pub fn push(&mut self, width: usize, painted: Cow<'a, str>) {
        if self.shown.is_empty() {
            self.shown = painted;
        } else {
            self.shown.to_mut().push_str(&painted);
        }
        self.width += width;
    }
}

/// How many columns a text without escape sequences takes.
pub fn columns(text: &str) -> usize {
    let is_plain = text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    if is_plain { text.len() } else { text.width() }
}

/// The text in lines of at most `width` columns, broken at blanks only: a path, an address or a rule's name that
/// is broken at a hyphen or slash can be neither copied nor searched for. What is too wide by itself stays whole.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    fill(text.split(' ').filter(|word| !word.is_empty()).map(Word::plain), width)
}

/// The words in lines of at most `width` columns.
pub fn fill<'a>(words: impl IntoIterator<Item = Word<'a>>, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut line_width = 0;
    for word in glue(words) {
        if line_width > 0 && line_width + 1 + word.width > width {
            lines.push(std::mem::take(&mut line));
            line_width = 0;
        }
        if line_width > 0 {
            line.push(' ');
            line_width += 1;
        } else {
            line.reserve(width.min(WIDEST));
        }
        line.push_str(&word.shown);
        line_width += word.width;
    }
    if line_width > 0 {
        lines.push(line);
    }
    lines
}

/// Joins what may not be parted: French sets a blank before high punctuation and inside quotation marks, and the
/// arrow of a menu path belongs to what it leads away from.
fn glue<'a>(words: impl IntoIterator<Item = Word<'a>>) -> Vec<Word<'a>> {
    const NOT_FIRST: [&str; 6] = [":", ";", "?", "!", "»", "›"];
    let mut glued: Vec<Word> = Vec::new();
    let mut open = false;
    for word in words {
        let first = word.shown.trim_end_matches([',', '.', ')']);
        let joins = open || NOT_FIRST.contains(&first);
        open = word.shown.ends_with('«');
        match glued.last_mut() {
            Some(last) if joins => {
                last.push(1, Cow::Borrowed(" "));
                last.push(word.width, word.shown);
            }
            _ => glued.push(word),
        }
    }
    glued
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn breaks_at_blanks_only() {
        assert_eq!(wrap("see /a/very-long/path now", 10), ["see", "/a/very-long/path", "now"]);
        assert_eq!(wrap("", 10), Vec::<String>::new());
        assert_eq!(wrap("one two  three", 7), ["one two", "three"]);
    }

    #[test]
    fn counts_columns_not_characters() {
        assert_eq!(wrap("秘密 秘密 e\u{301}t", 8), ["秘密", "秘密 e\u{301}t"]);
    }

    #[test]
    fn keeps_punctuation_with_its_word() {
        assert_eq!(wrap("le mot :", 6), ["le", "mot :"]);
        assert_eq!(wrap("a « bc », d", 7), ["a", "« bc »,", "d"]);
        assert_eq!(wrap("Menu › Edit › Go", 9), ["Menu ›", "Edit › Go"]);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_no_line_too_wide(text in "[a-z :»«/-]{0,80}", width in 1usize..40) {
            let lines = wrap(&text, width);
            let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            prop_assert_eq!(words(&lines.join(" ")), words(&text));
            for line in lines {
                let glued = glue(line.split(' ').map(Word::plain));
                prop_assert!(columns(&line) <= width || glued.len() == 1);
            }
        }
    }
}
