//! Markdown, lightly rendered for a terminal.

use super::super::paint::{Ink, Paint};
use super::super::wrap::fill;
use super::words::inline_words;
use super::{Block, blocks};

/// The lines of a page's part, at most `width` columns wide unless something cannot be broken.
pub fn render(source: &str, paint: Paint, width: usize) -> Vec<String> {
    let mut page = Page { lines: Vec::new(), paint, width };
    for block in blocks(source) {
        match block {
            Block::Paragraph(text) => page.prose("", &text),
            Block::Item { indent, mark, text } => {
                let mark = if mark.len() == 1 { "-" } else { mark };
                page.prose(&format!("{}{mark} ", " ".repeat(indent.min(8))), &text);
            }
            Block::Heading { text, .. } => page.heading(text),
            Block::Code(lines) => {
                page.blank();
                lines.into_iter().for_each(|line| page.code(line));
            }
            Block::Gap => page.blank(),
        }
    }
    while page.lines.last().is_some_and(String::is_empty) {
        page.lines.pop();
    }
    page.lines
}

struct Page {
    lines: Vec<String>,
    paint: Paint,
    width: usize,
}

impl Page {
    /// A paragraph or an item of a list, behind what stands before its first line: blanks and the item's mark.
    fn prose(&mut self, mark: &str, text: &str) {
        let indent = mark.len();
        let words = inline_words(text, self.paint, self.width.saturating_sub(indent));
        for (number, line) in fill(words, self.width.saturating_sub(indent)).into_iter().enumerate() {
            let before = if number == 0 { mark.to_owned() } else { " ".repeat(indent) };
            self.lines.push(before + &line);
        }
    }

    fn heading(&mut self, text: &str) {
        self.blank();
        self.lines.push(self.paint.ink(Ink::Heading, text).into_owned());
    }

    fn code(&mut self, line: &str) {
        let line = line.replace('\t', "    ");
        self.lines.push(format!("    {}", self.paint.ink(Ink::Code, &line)).trim_end().to_owned());
    }

    /// One empty line, never two, and none at the top.
    fn blank(&mut self) {
        if self.lines.last().is_some_and(|line| !line.is_empty()) {
            self.lines.push(String::new());
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PLAIN: Paint = Paint { colour: false, links: false };

    fn plain(source: &str, width: usize) -> Vec<String> {
        render(source, PLAIN, width)
    }

    #[test]
    fn wraps_paragraphs() {
        assert_eq!(plain("one two\nthree **four**\n\n\nfive", 13), ["one two three", "four", "", "five"]);
    }

    #[test]
    fn hangs_the_lines_of_an_item() {
        assert_eq!(
            plain("Then:\n- one two\n  three\n* four\n12. five six seven", 11),
            ["Then:", "- one two", "  three", "- four", "12. five", "    six", "    seven"]
        );
    }

    #[test]
    fn keeps_code_as_it_stands() {
        assert_eq!(
            plain("Write:\n~~~ini\n[a  b]\n\tx=**1**\n\n# y\n~~~\nand save", 10),
            ["Write:", "", "    [a  b]", "        x=**1**", "", "    # y", "and save"]
        );
    }

    #[test]
    fn knows_headings_and_quotes() {
        assert_eq!(plain("- a\t`b\tc`\td", 40), ["- a `b c` d"]);
        assert_eq!(plain("a\n### Next\n> said\n#channel", 40), ["a", "", "Next", "said #channel"]);
    }

    #[test]
    fn paints() {
        let colour = Paint { colour: true, links: true };
        assert_eq!(
            render("**a** `b` [c d](https://e.test/)", colour, 40),
            ["\x1b[1ma\x1b[0m \x1b[36mb\x1b[0m \x1b]8;;https://e.test/\x1b\\\x1b[36mc\x1b[0m\x1b]8;;\x1b\\ \
              \x1b]8;;https://e.test/\x1b\\\x1b[36md\x1b[0m\x1b]8;;\x1b\\"]
        );
    }

    proptest! {
        #[test]
        fn never_fails(source in "[-a*_`~#>\\[\\]()<\\\\ \n\t1.é]{0,120}", width in 0usize..60) {
            let lines = plain(&source, width);
            prop_assert!(lines.iter().all(|line| !line.contains('\n')));
        }
    }
}
