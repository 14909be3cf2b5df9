//! The headings of a page, and what stands under each.

use std::ops::Range;

use super::source::{cut, line_of};

/// A part of a page under its heading. What stands under headings below that one is part of it.
#[derive(Debug)]
pub(super) struct Part {
    /// Whether the heading stands below another, as `###` and not `##`.
    pub is_lower: bool,
    /// The words of the heading.
    pub title: String,
    /// The line of the heading, counted from 1.
    pub line: usize,
    /// Where the line of the heading begins, in bytes from the start of the page.
    pub start: usize,
    /// What stands under it, in bytes from the start of the page.
    pub text: Range<usize>,
}

/// The parts of a page, in the order of their headings; what looks like a heading in a fenced block is none.
pub(super) fn parts(page: &str) -> Vec<Part> {
    let prose_start = cut(page).map_or(page.len(), |(.., prose_start)| prose_start);
    let mut parts: Vec<Part> = Vec::new();
    let mut fence: Option<&str> = None;
    let mut start = prose_start;
    let first_line = line_of(page, prose_start);
    for (number, line) in page.get(prose_start..).unwrap_or_default().split_inclusive('\n').enumerate() {
        let end = start + line.len();
        match fence {
            Some(open) if line.trim_end() == open => fence = None,
            Some(_) => {}
            None if line.starts_with("~~~") => fence = Some("~~~"),
            None if line.starts_with("```") => fence = Some("```"),
            None => {
                let lower = line.strip_prefix("### ");
                if let Some(title) = lower.or_else(|| line.strip_prefix("## ")) {
                    let is_lower = lower.is_some();
                    close(&mut parts, is_lower, start);
                    let title = title.trim().to_owned();
                    parts.push(Part { is_lower, title, line: first_line + number, start, text: end..page.len() });
                }
            }
        }
        start = end;
    }
    parts
}

/// Ends the parts that a heading ends: a lower one the part before it if that is lower, too, another all of them.
fn close(parts: &mut [Part], is_lower: bool, at: usize) {
    for part in parts.iter_mut().rev() {
        if part.is_lower || !is_lower {
            part.text.end = part.text.end.min(at);
        }
        if !part.is_lower {
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_between_fences_is_no_heading() {
        let page =
            "+++\nx = 1\n+++\n## One\n~~~\n## no\n```\n## no\n~~~\n### Two\n```sh\n## no\n~~~\n```\n## Three\n";
        let parts = parts(page);
        let parts: Vec<_> = parts
            .iter()
            .map(|part| (part.is_lower, part.title.as_str(), part.line, page.get(part.start..part.text.start)))
            .collect();
        assert_eq!(
            parts,
            [
                (false, "One", 4, Some("## One\n")),
                (true, "Two", 10, Some("### Two\n")),
                (false, "Three", 15, Some("## Three\n")),
            ]
        );
    }

    #[test]
    fn a_part_ends_where_the_next_one_begins_that_is_not_below_it() {
        let page = "+++\n+++\n## One\na\n### Two\nb\n### Three\nc\n## Four\nd\n";
        let texts: Vec<_> = parts(page).into_iter().map(|part| page.get(part.text).unwrap()).collect();
        assert_eq!(texts, ["a\n### Two\nb\n### Three\nc\n", "b\n", "c\n", "d\n"]);
        assert!(parts("no page").is_empty());
    }
}
