//! The Markdown of rule pages: what its lines are, and how they look on a terminal.
//!
//! Only what rule pages use: paragraphs, lists, fenced code, headings, quotes; stress, code and links within a line.
//! What is not understood stays as it stands.

mod inline;
mod terminal;
mod words;

pub use inline::{Piece, pieces};
pub use terminal::render;

/// A part of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block<'a> {
    /// Lines of prose, joined to one.
    Paragraph(String),
    /// An item of a list.
    Item {
        /// The blanks before its mark.
        indent: usize,
        /// `-`, `*` or `+`; or a number with what follows it: `1.`.
        mark: &'a str,
        /// Its lines, joined to one.
        text: String,
    },
    /// A heading.
    Heading {
        /// 1 for the highest.
        level: usize,
        /// Its text.
        text: &'a str,
    },
    /// The lines of a block of code, as they stand.
    Code(Vec<&'a str>),
    /// One or more empty lines.
    Gap,
}

/// Cuts a page's part into its blocks.
#[must_use]
pub fn blocks(source: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut open = Open::default();
    let mut fence: Option<(&str, Vec<&str>)> = None;
    for line in source.lines() {
        let line = line.trim_end();
        let trimmed = line.trim_start();
        if let Some((mark, mut code)) = fence.take() {
            if trimmed == mark {
                blocks.push(Block::Code(code));
            } else {
                code.push(line);
                fence = Some((mark, code));
            }
        } else if let Some(mark) = fence_mark(trimmed) {
            open.close(&mut blocks);
            fence = Some((mark, Vec::new()));
        } else if trimmed.is_empty() {
            open.close(&mut blocks);
            if blocks.last() != Some(&Block::Gap) {
                blocks.push(Block::Gap);
            }
        } else if let Some((level, text)) = heading(trimmed) {
            open.close(&mut blocks);
            blocks.push(Block::Heading { level, text });
        } else if let Some((mark, text)) = list_item(trimmed) {
            open.close(&mut blocks);
            open = Open { item: Some((line.len() - trimmed.len(), mark)), text: text.replace('\t', " ") };
        } else {
            open.append(trimmed.strip_prefix("> ").unwrap_or(trimmed));
        }
    }
    open.close(&mut blocks);
    // Code that is never closed goes up to the end.
    blocks.extend(fence.map(|(_, code)| Block::Code(code)));
    blocks
}

/// A paragraph or an item of a list, as far as it has been read.
#[derive(Default)]
struct Open<'a> {
    /// The indent and the mark of an item.
    item: Option<(usize, &'a str)>,
    text: String,
}

impl<'a> Open<'a> {
    fn append(&mut self, text: &str) {
        if !self.text.is_empty() {
            self.text.push(' ');
        }
        self.text.push_str(&text.replace('\t', " "));
    }

    fn close(&mut self, blocks: &mut Vec<Block<'a>>) {
        let Self { item, text } = std::mem::take(self);
        match item {
            _ if text.is_empty() => {}
            Some((indent, mark)) => blocks.push(Block::Item { indent, mark, text }),
            None => blocks.push(Block::Paragraph(text)),
        }
    }
}

/// The marks that open and close a block of code.
fn fence_mark(line: &str) -> Option<&'static str> {
    ["```", "~~~"].into_iter().find(|mark| line.starts_with(mark))
}

/// The level of a heading, and its text.
fn heading(line: &str) -> Option<(usize, &str)> {
    let text = line.trim_start_matches('#');
    let level = line.len() - text.len();
    (level > 0).then_some(text).and_then(|text| text.strip_prefix(' ')).map(|text| (level, text.trim()))
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
    use super::*;

    #[test]
    fn cuts_into_blocks() {
        let paragraph = |text: &str| Block::Paragraph(text.to_owned());
        let item = |indent, mark, text: &str| Block::Item { indent, mark, text: text.to_owned() };
        assert_eq!(
            blocks("# A\none\n\n\ntwo\n> three\n- four\n  five\n  12. six\n~~~ini\n x=1\n\n~~~\nseven"),
            [
                Block::Heading { level: 1, text: "A" },
                paragraph("one"),
                Block::Gap,
                paragraph("two three"),
                item(0, "-", "four five"),
                item(2, "12.", "six"),
                Block::Code(vec![" x=1", ""]),
                paragraph("seven"),
            ]
        );
        assert_eq!(
            blocks("#a\n#### b\n1234. c"),
            [paragraph("#a"), Block::Heading { level: 4, text: "b" }, paragraph("1234. c")]
        );
    }

    #[test]
    fn code_that_is_not_closed_goes_to_the_end() {
        assert_eq!(blocks("```\na\n~~~\n"), [Block::Code(vec!["a", "~~~"])]);
    }
}
