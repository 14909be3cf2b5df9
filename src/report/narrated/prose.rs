//! The Markdown of rule pages as it is read out: no marks, and code in quotation marks, which tell the ear where it
//! begins and ends.

use super::super::markdown::{Block, Piece, blocks, pieces};
use crate::model::Language;

/// The lines of a page's part: one a paragraph, item or line of code.
pub fn lines(source: &str, language: Language) -> Vec<String> {
    let mut lines = Vec::new();
    for block in blocks(source) {
        match block {
            Block::Paragraph(text) => lines.push(spoken(&text, language)),
            Block::Heading { text, .. } => lines.push(spoken(text, language)),
            Block::Item { mark, text, .. } if mark.len() == 1 => lines.push(spoken(&text, language)),
            Block::Item { mark, text, .. } => lines.push(format!("{mark} {}", spoken(&text, language))),
            Block::Code(code) => lines.extend(code.iter().map(|line| line.trim().replace('\t', " "))),
            Block::Gap => {}
        }
    }
    lines.retain(|line| !line.is_empty());
    lines
}

/// A line of Markdown without its marks.
pub fn spoken(source: &str, language: Language) -> String {
    let mut spoken = String::new();
    for piece in pieces(source) {
        match piece {
            Piece::Text(text) | Piece::Strong(text) => spoken.push_str(&text),
            Piece::Code(code) => {
                let (open, close) = (language.choose("“", "« "), language.choose("”", " »"));
                spoken.push_str(&format!("{open}{code}{close}"));
            }
            Piece::Link { text, address } if text == address => spoken.push_str(address),
            Piece::Link { text, address } => spoken.push_str(&format!("{text}, {address}")),
        }
    }
    spoken.replace('\t', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_not_read_out() {
        assert_eq!(
            lines("Type `a b`,\nthen **c**:\n\n1. one\n- two\n~~~sh\n  chmod 600 x\n~~~", Language::English),
            ["Type “a b”, then c:", "1. one", "two", "chmod 600 x"]
        );
        assert_eq!(spoken("`a` [b](https://e.test)", Language::French), "« a » b, https://e.test");
    }
}
