//! The line of a file that a finding points at.

use serde::Serialize;

use crate::model::Excerpt;

/// A line, cut at what is marked in it.
#[derive(Debug, Serialize)]
pub struct Line {
    /// Its number in the file; none for a cell of a database.
    number: Option<usize>,
    before: String,
    marked: String,
    after: String,
}

impl Line {
    /// Without the blanks at both ends: how deep a line is indented helps nobody where it stands alone.
    pub fn new(excerpt: &Excerpt) -> Self {
        let Excerpt { text, mark, first_line } = excerpt;
        let part = |range: std::ops::Range<usize>| text.get(range).unwrap_or_default().replace(['\t', '\n'], " ");
        Self {
            number: *first_line,
            before: part(0..mark.start).trim_start().to_owned(),
            marked: part(mark.start..mark.end),
            after: part(mark.end..text.len()).trim_end().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Span;

    #[test]
    fn cuts_at_the_mark() {
        let text = "\t\t<a>b</a>\t ".to_owned();
        let line = Line::new(&Excerpt { text, mark: Span::new(5, 6), first_line: Some(7) });
        assert_eq!((line.number, &*line.before, &*line.marked, &*line.after), (Some(7), "<a>", "b", "</a>"));
    }
}
