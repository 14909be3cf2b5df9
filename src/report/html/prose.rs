//! The Markdown of rule pages as values for the templates, which write and escape them.

use serde::Serialize;

use super::super::markdown::{Block, Piece, blocks, pieces};

/// A part of a page.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Part {
    /// A paragraph.
    Paragraph {
        /// What it says.
        text: Vec<Inline>,
    },
    /// A heading.
    Heading {
        /// The level in the whole page, where findings and rules stand at level 3.
        level: usize,
        /// What it says.
        text: Vec<Inline>,
    },
    /// A list. Rule pages have none within another.
    List {
        /// The number of its first item; none for a list without numbers.
        first: Option<usize>,
        /// Its items.
        items: Vec<Vec<Inline>>,
    },
    /// Lines that are to be typed or looked for as they stand.
    Code {
        /// The lines.
        text: String,
    },
}

/// A stretch of text of one kind.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Inline {
    /// Ordinary text.
    Text {
        /// What it says.
        text: String,
    },
    /// Stressed text.
    Strong {
        /// What it says.
        text: String,
    },
    /// What is to be typed or looked for as it stands.
    Code {
        /// What it says.
        text: String,
    },
    /// A link.
    Link {
        /// What stands for it.
        text: String,
        /// Where it leads.
        address: String,
    },
}

/// The parts of a page.
pub fn parts(source: &str) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for block in blocks(source) {
        let part = match block {
            Block::Gap => continue,
            Block::Paragraph(text) => Part::Paragraph { text: inline(&text) },
            Block::Heading { level, text } => Part::Heading { level: level.clamp(2, 4) + 2, text: inline(text) },
            Block::Code(lines) => Part::Code { text: lines.join("\n").replace('\t', "    ") },
            Block::Item { mark, text, .. } => {
                let number = mark.trim_end_matches(['.', ')']).parse().ok();
                match parts.last_mut() {
                    Some(Part::List { first, items }) if first.is_some() == number.is_some() => {
                        items.push(inline(&text));
                        continue;
                    }
                    _ => Part::List { first: number, items: vec![inline(&text)] },
                }
            }
        };
        parts.push(part);
    }
    parts
}

/// The pieces of a line.
pub fn inline(source: &str) -> Vec<Inline> {
    let mut shown = Vec::new();
    for piece in pieces(source) {
        match piece {
            Piece::Text(text) => shown.push(Inline::Text { text: glued(&text) }),
            Piece::Strong(text) => shown.push(Inline::Strong { text: glued(&text) }),
            Piece::Code(code) => shown.push(Inline::Code { text: code.to_owned() }),
            Piece::Link { text, address } if can_be_followed(address) => {
                shown.push(Inline::Link { text, address: address.to_owned() });
            }
            Piece::Link { text, address } if text == address => shown.push(Inline::Text { text }),
            Piece::Link { text, address } => shown.push(Inline::Text { text: format!("{text} ({address})") }),
        }
    }
    shown
}

/// The pieces of a sentence about a scanned file. It may stress what is to be typed, but the file has a say in it: no
/// mark but that one means anything, and nothing makes a link.
pub fn sentence(source: &str) -> Vec<Inline> {
    let parts: Vec<&str> = source.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return vec![Inline::Text { text: glued(source) }];
    }
    let shown = parts.into_iter().enumerate().map(|(number, part)| match number % 2 {
        0 => Inline::Text { text: glued(part) },
        _ => Inline::Code { text: part.to_owned() },
    });
    shown.filter(|piece| !matches!(piece, Inline::Text { text } if text.is_empty())).collect()
}

/// Keeps a line from beginning or ending where it may not: French sets a blank before high punctuation and inside
/// quotation marks, and the arrow of a menu path belongs to what it leads away from.
pub fn glued(text: &str) -> String {
    const PARTED: [(&str, &str); 7] = [
        (" :", "\u{A0}:"),
        (" ;", "\u{A0};"),
        (" !", "\u{A0}!"),
        (" ?", "\u{A0}?"),
        (" »", "\u{A0}»"),
        ("« ", "«\u{A0}"),
        (" ›", "\u{A0}›"),
    ];
    PARTED.iter().fold(text.to_owned(), |text, (parted, glued)| text.replace(parted, glued))
}

/// Only encrypted web addresses, and only what RFC 3986 lets stand in one.
fn can_be_followed(address: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte);
    address.strip_prefix("https://").is_some_and(|rest| !rest.is_empty() && rest.bytes().all(allowed))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Vec<Inline> {
        vec![Inline::Text { text: text.to_owned() }]
    }

    #[test]
    fn items_make_a_list_until_another_kind_begins() {
        assert_eq!(
            parts("a\n- b\n\n- c\n3. d\n4) e\n\n## f\n~~~\n\tg\n\nh\n~~~"),
            [
                Part::Paragraph { text: text("a") },
                Part::List { first: None, items: vec![text("b"), text("c")] },
                Part::List { first: Some(3), items: vec![text("d"), text("e")] },
                Part::Heading { level: 4, text: text("f") },
                Part::Code { text: "    g\n\nh".to_owned() },
            ]
        );
    }

    #[test]
    fn headings_never_stand_above_what_they_are_in() {
        let levels: Vec<_> = parts("# a\n## b\n### c\n##### d")
            .into_iter()
            .map(|part| match part {
                Part::Heading { level, .. } => level,
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(levels, [4, 4, 5, 6]);
    }

    #[test]
    fn punctuation_stays_with_its_word() {
        assert_eq!(
            inline("« A » › **b :** c ; `d : e` ?"),
            [
                Inline::Text { text: "«\u{A0}A\u{A0}»\u{A0}› ".to_owned() },
                Inline::Strong { text: "b\u{A0}:".to_owned() },
                Inline::Text { text: " c\u{A0}; ".to_owned() },
                Inline::Code { text: "d : e".to_owned() },
                Inline::Text { text: "\u{A0}?".to_owned() },
            ]
        );
    }

    #[test]
    fn sentences_about_files_make_no_links() {
        let code = Inline::Code { text: "a b".to_owned() };
        assert_eq!(
            sentence("`a b` is **x** [y](https://z.test/)"),
            [code, Inline::Text { text: " is **x** [y](https://z.test/)".to_owned() }]
        );
        assert_eq!(sentence("a `b"), text("a `b"));
        assert_eq!(sentence(""), []);
    }

    #[test]
    fn only_encrypted_web_addresses_become_links() {
        let link = Inline::Link { text: "a b".to_owned(), address: "https://x.test/?a=b#c".to_owned() };
        assert_eq!(inline("[a `b`](https://x.test/?a=b#c)"), [link]);
        for (source, shown) in [
            ("[a](http://x.test/)", "a (http://x.test/)"),
            ("[a](javascript:alert)", "a (javascript:alert)"),
            ("[a](https://)", "a (https://)"),
            ("[a](https://x\"onclick=y)", "a (https://x\"onclick=y)"),
            ("<file://etc>", "file://etc"),
        ] {
            assert_eq!(inline(source), text(shown));
        }
    }
}
