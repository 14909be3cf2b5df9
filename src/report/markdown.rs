//! The Markdown of rule pages, lightly rendered for a terminal.
//!
//! Only what rule pages use: paragraphs, lists, fenced code, headings, quotes; stress, code and links within a line.
//! What is not understood stays as it stands.

mod inline;

use super::paint::{Ink, Paint};
use super::wrap::fill;
use inline::inline_words;

/// The lines of a page's part, at most `width` columns wide unless something cannot be broken.
pub fn render(source: &str, paint: Paint, width: usize) -> Vec<String> {
    let mut page = Page { lines: Vec::new(), paint, width };
    let mut block = Block::default();
    let mut fence: Option<&str> = None;
    for line in source.lines() {
        let line = line.trim_end();
        let trimmed = line.trim_start();
        if let Some(mark) = fence {
            if trimmed == mark {
                fence = None;
            } else {
                page.code(line);
            }
            continue;
        }
        if let Some(mark) = fence_mark(trimmed) {
            page.finish(&mut block);
            page.blank();
            fence = Some(mark);
        } else if trimmed.is_empty() {
            page.finish(&mut block);
            page.blank();
        } else if let Some(heading) = heading(trimmed) {
            page.finish(&mut block);
            page.heading(heading);
        } else if let Some((mark, text)) = list_item(trimmed) {
            page.finish(&mut block);
            block = Block::item(line.len() - trimmed.len(), mark, text);
        } else {
            block.append(trimmed.strip_prefix("> ").unwrap_or(trimmed));
        }
    }
    page.finish(&mut block);
    while page.lines.last().is_some_and(String::is_empty) {
        page.lines.pop();
    }
    page.lines
}

/// A paragraph or an item of a list, as far as it has been read.
#[derive(Default)]
struct Block {
    /// What stands before its first line: blanks and the item's mark.
    mark: String,
    text: String,
}

impl Block {
    fn item(indent: usize, mark: &str, text: &str) -> Self {
        let mark = if mark.len() == 1 { "-" } else { mark };
        Self { mark: format!("{}{mark} ", " ".repeat(indent.min(8))), text: text.replace('\t', " ") }
    }

    fn append(&mut self, text: &str) {
        if !self.text.is_empty() {
            self.text.push(' ');
        }
        self.text.push_str(&text.replace('\t', " "));
    }
}

struct Page {
    lines: Vec<String>,
    paint: Paint,
    width: usize,
}

impl Page {
    fn finish(&mut self, block: &mut Block) {
        let Block { mark, text } = std::mem::take(block);
        let indent = mark.len();
        let words = inline_words(&text, self.paint, self.width.saturating_sub(indent));
        for (number, line) in fill(words, self.width.saturating_sub(indent)).into_iter().enumerate() {
            let before = if number == 0 { mark.clone() } else { " ".repeat(indent) };
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

/// The marks that open and close a block of code.
fn fence_mark(line: &str) -> Option<&'static str> {
    ["```", "~~~"].into_iter().find(|mark| line.starts_with(mark))
}

fn heading(line: &str) -> Option<&str> {
    let text = line.trim_start_matches('#');
    (text.len() < line.len()).then_some(text).and_then(|text| text.strip_prefix(' ')).map(str::trim)
}

/// The mark of a list's item, and what follows.
fn list_item(line: &str) -> Option<(&str, &str)> {
    let (mark, text) = line.split_once(' ')?;
    let numbered = mark.strip_suffix(['.', ')']).is_some_and(|number| {
        !number.is_empty() && number.len() < 4 && number.bytes().all(|byte| byte.is_ascii_digit())
    });
    (numbered || matches!(mark, "-" | "*" | "+")).then_some((mark, text.trim_start()))
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
