//! Stress, code and links within a line of Markdown.

use super::super::paint::{Ink, Paint};
use super::super::wrap::{Word, columns};

/// A stretch of text of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece<'a> {
    Text(String),
    Strong(String),
    Code(&'a str),
    Link { text: &'a str, address: &'a str },
}

/// The words of a line of Markdown, painted. Code is one word, blanks and all, as long as it fits into `width`: a
/// command that is broken over two lines cannot be copied.
pub fn inline_words(source: &str, paint: Paint, width: usize) -> Vec<Word> {
    let mut writer = Writer { words: Vec::new(), word: Word::default(), paint };
    for piece in pieces(source) {
        match piece {
            Piece::Text(text) => writer.text(Ink::Plain, &text),
            Piece::Strong(text) => writer.text(Ink::Strong, &text),
            Piece::Code(code) => writer.code(code, width),
            Piece::Link { text, address } => writer.link(text, address),
        }
    }
    writer.end_word();
    writer.words
}

struct Writer {
    words: Vec<Word>,
    word: Word,
    paint: Paint,
}

impl Writer {
    fn end_word(&mut self) {
        if self.word.width > 0 {
            self.words.push(std::mem::take(&mut self.word));
        }
    }

    /// Appends to the word that is being written; a blank begins a new one.
    fn text(&mut self, ink: Ink, text: &str) {
        for (number, part) in text.split([' ', '\t']).enumerate() {
            if number > 0 {
                self.end_word();
            }
            self.word.push(part, &self.paint.ink(ink, part));
        }
    }

    /// Without colours the marks stay: they show where a command begins and ends.
    fn code(&mut self, code: &str, width: usize) {
        let code = if self.paint.colour { code.to_owned() } else { format!("`{code}`") };
        if columns(&code) > width {
            return self.text(Ink::Code, &code);
        }
        self.word.push(&code, &self.paint.ink(Ink::Code, &code));
    }

    /// Behind its text if the terminal can do that and knows the scheme; otherwise with the address after it.
    fn link(&mut self, text: &str, address: &str) {
        let text = text.replace(['*', '`'], "");
        if self.paint.links && (address.starts_with("https://") || address.starts_with("http://")) {
            for (number, part) in text.split(' ').enumerate() {
                if number > 0 {
                    self.end_word();
                }
                self.word.push(part, &self.paint.link(address, part));
            }
            return;
        }
        self.text(Ink::Plain, &text);
        if text != address {
            self.end_word();
            self.word.push("(", "(");
            self.word.push(address, &self.paint.ink(Ink::Link, address));
            self.word.push(")", ")");
        }
    }
}

/// Cuts a line into its pieces. Marks without a partner are text.
fn pieces(source: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut text = String::new();
    let mut strong = false;
    let mut rest = source;
    while let Some(next) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("**")
            && (strong || after.contains("**"))
        {
            flush(&mut pieces, &mut text, strong);
            strong = !strong;
            rest = after;
            continue;
        }
        if let Some((piece, after)) = marked(rest) {
            flush(&mut pieces, &mut text, strong);
            pieces.push(piece);
            rest = after;
            continue;
        }
        let after = rest.get(next.len_utf8()..).unwrap_or_default();
        rest = match after.chars().next() {
            Some(escaped) if next == '\\' && escaped.is_ascii_punctuation() => {
                text.push(escaped);
                after.get(1..).unwrap_or_default()
            }
            _ => {
                text.push(next);
                after
            }
        };
    }
    flush(&mut pieces, &mut text, strong);
    pieces
}

fn flush(pieces: &mut Vec<Piece<'_>>, text: &mut String, strong: bool) {
    if !text.is_empty() {
        let text = std::mem::take(text);
        pieces.push(if strong { Piece::Strong(text) } else { Piece::Text(text) });
    }
}

/// Code, a link or light stress at the beginning of `rest`, and what follows it.
fn marked(rest: &str) -> Option<(Piece<'_>, &str)> {
    if let Some(after) = rest.strip_prefix("``") {
        let (code, after) = after.split_once("``")?;
        return Some((Piece::Code(code.trim()), after));
    }
    if let Some(after) = rest.strip_prefix('`') {
        let (code, after) = after.split_once('`')?;
        return Some((Piece::Code(code), after));
    }
    if let Some(after) = rest.strip_prefix('[') {
        let (text, after) = after.split_once("](")?;
        let (address, after) = after.split_once(')')?;
        let plausible = !text.contains(['[', ']']) && !address.contains(' ');
        return plausible.then_some((Piece::Link { text, address }, after));
    }
    if let Some(after) = rest.strip_prefix('<') {
        let (address, after) = after.split_once('>')?;
        let plausible = address.contains("://") && !address.contains(' ');
        return plausible.then_some((Piece::Link { text: address, address }, after));
    }
    if let Some(after) = rest.strip_prefix('*') {
        let (stressed, after) = after.split_once('*')?;
        let plausible = !stressed.is_empty() && stressed.trim() == stressed;
        return plausible.then(|| (Piece::Strong(stressed.to_owned()), after));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(source: &str) -> Vec<String> {
        let paint = Paint { colour: false, links: false };
        inline_words(source, paint, 30).into_iter().map(|word| word.shown).collect()
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
        let shown = |source| inline_words(source, paint, 30).into_iter().map(|word| word.shown).collect::<String>();
        assert_eq!(shown("[a](https://x.test/)"), "\x1b]8;;https://x.test/\x1b\\a\x1b]8;;\x1b\\");
        assert_eq!(shown("[a](file:///etc)"), "a(file:///etc)");
    }
}
