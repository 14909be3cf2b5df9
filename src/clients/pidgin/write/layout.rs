//! Lines and their indentation: what is put in looks as if it had always been there.

use crate::model::Span;

/// Something that is put in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum New {
    /// An element on one line.
    Leaf(String),
    /// An element with others inside.
    Block {
        /// Its start tag.
        open: String,
        /// Its end tag.
        close: String,
        /// What stands inside.
        inside: Vec<New>,
    },
}

impl New {
    /// Its text, at this indentation.
    pub(super) fn text(&self, at: &Indentation) -> String {
        match self {
            Self::Leaf(text) => text.clone(),
            Self::Block { open, close, inside } => {
                let deeper = at.deeper();
                let inside: String =
                    inside.iter().map(|new| format!("{}{}", deeper.own, new.text(&deeper))).collect();
                format!("{open}{inside}{}{close}", at.own)
            }
        }
    }
}

/// How far something is indented.
#[derive(Clone, Debug)]
pub(super) struct Indentation {
    /// The line end before it and the blanks behind that; empty where it shares its line with others.
    pub own: String,
    /// What is added for each level.
    level: String,
}

impl Indentation {
    /// That of what stands at `at`, in something that stands at `around`.
    pub(super) fn of(text: &str, at: usize, around: Option<usize>) -> Self {
        let own = separator(text, at);
        let outer = around.map(|around| separator(text, around)).filter(|outer| !outer.is_empty());
        let level = outer.and_then(|outer| own.strip_prefix(outer)).filter(|level| !level.is_empty());
        Self { own: own.to_owned(), level: level.unwrap_or("\t").to_owned() }
    }

    /// One level deeper; where there are no lines there stay none.
    pub(super) fn deeper(&self) -> Self {
        let own = if self.own.is_empty() { String::new() } else { format!("{}{}", self.own, self.level) };
        Self { own, level: self.level.clone() }
    }
}

/// The line end and the blanks before what stands at `at`, if nothing else stands before it on its line.
fn separator(text: &str, at: usize) -> &str {
    let before = text.get(..at).unwrap_or_default();
    let kept = before.trim_end_matches([' ', '\t']);
    let Some(line) = kept.strip_suffix('\n') else { return "" };
    let line = line.strip_suffix('\r').unwrap_or(line);
    before.get(line.len()..).unwrap_or_default()
}

/// What is taken away with an element: its lines, if nothing else stands on them.
pub(super) fn with_lines(text: &str, span: Span) -> Span {
    let before = text.get(..span.start).unwrap_or_default().trim_end_matches([' ', '\t']);
    let behind = text.get(span.end..).unwrap_or_default();
    let blanks = behind.len() - behind.trim_start_matches([' ', '\t']).len();
    let end = behind.get(blanks..).and_then(|rest| {
        let length = if rest.starts_with("\r\n") { 2 } else { 1 };
        (rest.starts_with('\n') || length == 2).then_some(span.end + blanks + length)
    });
    match end {
        Some(end) if before.ends_with('\n') => Span::new(before.len(), end),
        _ => span,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_go_with_what_stands_alone_on_them() {
        for (text, expected) in [
            ("<a>\n\t<b/>\n</a>", "<a>\n</a>"),
            ("<a>\r\n\t<b/> \r\n</a>", "<a>\r\n</a>"),
            ("<a>\n<b/></a>", "<a>\n</a>"),
            ("<a><b/>\n</a>", "<a>\n</a>"),
            ("<a>\n\t<b/><!-- b -->\n</a>", "<a>\n\t<!-- b -->\n</a>"),
            ("<a>\n<b/>\r</a>", "<a>\n\r</a>"),
        ] {
            let start = text.find("<b/>").unwrap();
            let span = with_lines(text, Span::new(start, start + 4));
            let mut left = text.to_owned();
            left.replace_range(span.start..span.end, "");
            assert_eq!(left, expected, "{text:?}");
        }
    }

    #[test]
    fn what_is_put_in_is_indented_like_its_neighbours() {
        let new = New::Block {
            open: "<b>".to_owned(),
            close: "</b>".to_owned(),
            inside: vec![New::Leaf("<c/>".to_owned())],
        };
        for (text, expected) in [
            ("<a>\n\t<x/></a>", "<b>\n\t\t<c/>\n\t</b>"),
            ("  <a>\r\n    <x/></a>", "<b>\r\n    \t<c/>\r\n    </b>"),
            ("\n  <a>\n    <x/></a>", "<b>\n      <c/>\n    </b>"),
            ("<a><x/></a>", "<b><c/></b>"),
        ] {
            let at = Indentation::of(text, text.find("<x/>").unwrap(), text.find("<a>"));
            assert_eq!(new.text(&at), expected, "{text:?}");
        }
    }
}
