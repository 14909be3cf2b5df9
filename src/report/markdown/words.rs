//! A line of Markdown as words for a terminal.

use std::borrow::Cow;

use super::super::paint::{Ink, Paint};
use super::super::wrap::{Word, columns};
use super::{Piece, pieces};

/// The words of a line of Markdown, painted. Code is one word, blanks and all, as long as it fits into `width`: a
/// command that is broken over two lines cannot be copied.
pub fn inline_words(source: &str, paint: Paint, width: usize) -> Vec<Word<'_>> {
    let mut writer = Writer { words: Vec::new(), word: Word::default(), paint };
    for piece in pieces(source) {
        match piece {
            Piece::Text(text) => writer.text(Ink::Plain, text),
            Piece::Strong(text) => writer.text(Ink::Strong, text),
            Piece::Code(code) => writer.code(code, width),
            Piece::Link { text, address } => writer.link(text, address),
        }
    }
    writer.end_word();
    writer.words
}

struct Writer<'a> {
    words: Vec<Word<'a>>,
    word: Word<'a>,
    paint: Paint,
}

impl<'a> Writer<'a> {
    fn end_word(&mut self) {
        if self.word.width > 0 {
            self.words.push(std::mem::take(&mut self.word));
        }
    }

    /// Appends to the word that is being written; a blank begins a new one.
    fn text(&mut self, ink: Ink, text: Cow<'a, str>) {
        match text {
            Cow::Borrowed(text) => self.parts(text, &[' ', '\t'], |paint, part| paint.ink(ink, part)),
            Cow::Owned(text) => self.parts(&text, &[' ', '\t'], |paint, part| owned(paint.ink(ink, part))),
        }
    }

    /// Appends what stands between blanks, painted.
    fn parts<'p>(&mut self, text: &'p str, blanks: &[char], paint: impl Fn(Paint, &'p str) -> Cow<'a, str>) {
        for (number, part) in text.split(blanks).enumerate() {
            if number > 0 {
                self.end_word();
            }
            self.word.push(columns(part), paint(self.paint, part));
        }
    }

    /// Without colours the marks stay: they show where a command begins and ends.
    fn code(&mut self, code: &'a str, width: usize) {
        let code = if self.paint.colour { Cow::Borrowed(code) } else { Cow::Owned(format!("`{code}`")) };
        let taken = columns(&code);
        if taken > width {
            return self.text(Ink::Code, code);
        }
        let painted = owned(self.paint.ink(Ink::Code, &code));
        self.word.push(taken, painted);
    }

    /// Behind its text if the terminal can do that and knows the scheme; otherwise with the address after it.
    fn link(&mut self, text: String, address: &'a str) {
        if self.paint.links && (address.starts_with("https://") || address.starts_with("http://")) {
            return self.parts(&text, &[' '], |paint, part| Cow::Owned(paint.link(address, part)));
        }
        let is_its_own_text = text == address;
        self.text(Ink::Plain, Cow::Owned(text));
        if !is_its_own_text {
            self.end_word();
            self.word.push(1, Cow::Borrowed("("));
            self.word.push(columns(address), self.paint.ink(Ink::Link, address));
            self.word.push(1, Cow::Borrowed(")"));
        }
    }
}

fn owned(painted: Cow<'_, str>) -> Cow<'static, str> {
    Cow::Owned(painted.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(source: &str) -> Vec<String> {
        let paint = Paint { colour: false, links: false };
        inline_words(source, paint, 30).into_iter().map(|word| word.shown.into_owned()).collect()
    }

    #[test]
    fn marks_go_and_words_stay() {
        assert_eq!(plain("a **b c**, *d* e_f_g"), ["a", "b", "c,", "d", "e_f_g"]);
        assert_eq!(plain("2 * 3 ** 4 ` [x] \\* \\n"), ["2", "*", "3", "**", "4", "`", "[x]", "*", "\\n"]);
        assert_eq!(plain("**`a b`**"), ["`a b`"]);
    }

    #[test]
    fn code_is_not_broken_unless_it_must() {
        assert_eq!(plain("type `/account set A`, now"), ["type", "`/account set A`,", "now"]);
        assert_eq!(plain("`0123456789 0123456789 0123456789`"), ["`0123456789", "0123456789", "0123456789`"]);
        assert_eq!(plain("``a`b``"), ["`a`b`"]);
    }

    #[test]
    fn addresses_are_written_out() {
        assert_eq!(plain("[the RFC](https://x.test/a_b)."), ["the", "RFC", "(https://x.test/a_b)."]);
        assert_eq!(plain("<https://x.test/>"), ["https://x.test/"]);
        assert_eq!(plain("<account>"), ["<account>"]);
    }

    #[test]
    fn only_web_addresses_become_links() {
        let paint = Paint { colour: false, links: true };
        let shown = |source| {
            inline_words(source, paint, 30).into_iter().map(|word| word.shown.into_owned()).collect::<String>()
        };
        assert_eq!(shown("[a](https://x.test/)"), "\x1b]8;;https://x.test/\x1b\\a\x1b]8;;\x1b\\");
        assert_eq!(shown("[a](file:///etc)"), "a(file:///etc)");
    }
}
