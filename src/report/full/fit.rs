//! A source line as wide as the terminal: what is too long is cut to a part around the mark.

use unicode_width::UnicodeWidthChar;

use crate::model::Span;

/// Columns from one tab stop to the next.
const TAB: usize = 4;

/// A line that fits, and what is marked in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fitted {
    /// The line, without tabs; `…` where something was cut off.
    pub text: String,
    /// The mark within `text`, in bytes.
    pub mark: Span,
    /// The column of the mark's first character, counted from 0.
    pub column: usize,
    /// How many columns the mark takes.
    pub marked: usize,
}

/// A character, the columns that it takes, and its offset in the line.
#[derive(Clone, Copy)]
struct Glyph {
    character: char,
    width: usize,
    offset: usize,
}

/// Cuts a line to `columns`. Leading blanks go first; then what stands behind the mark, as far as it must; then what
/// stands before it, since the name of a setting stands before its value.
pub fn fit(line: &str, mark: Span, columns: usize, ellipsis: char) -> Fitted {
    let glyphs = glyphs(line);
    let index_of = |offset| glyphs.iter().position(|glyph| glyph.offset >= offset).unwrap_or(glyphs.len());
    let (first, last) = (index_of(mark.start), index_of(mark.end));
    let (from, to) = part(&glyphs, first, last, columns);
    let blanks = glyphs.iter().take(from).all(|glyph| glyph.character == ' ');

    let mut text = String::new();
    let mut column = 0;
    if from > 0 && !blanks {
        text.push(ellipsis);
        column += 1;
    }
    let (mut start, mut end, mut marked) = (None, None, 0);
    let mut mark_column = column;
    for (index, glyph) in glyphs.iter().enumerate().take(to).skip(from) {
        if index >= first && start.is_none() {
            start = Some(text.len());
            mark_column = column;
        }
        if index >= last && end.is_none() {
            end = Some(text.len());
        }
        if (first..last).contains(&index) {
            marked += glyph.width;
        }
        text.push(glyph.character);
        column += glyph.width;
    }
    let start = start.unwrap_or_else(|| {
        mark_column = column;
        text.len()
    });
    let end = end.unwrap_or(text.len()).max(start);
    if to < glyphs.len() {
        text.push(ellipsis);
    }
    Fitted { text, mark: Span::new(start, end), column: mark_column, marked }
}

fn glyphs(line: &str) -> Vec<Glyph> {
    let mut glyphs = Vec::with_capacity(line.len());
    let mut column = 0;
    for (offset, character) in line.char_indices() {
        let (character, count) = if character == '\t' { (' ', TAB - column % TAB) } else { (character, 1) };
        let width = character.width().unwrap_or(0);
        glyphs.extend(std::iter::repeat_n(Glyph { character, width, offset }, count));
        column += width * count;
    }
    glyphs
}

/// From which glyph up to, not including, which one is shown.
fn part(glyphs: &[Glyph], first: usize, last: usize, columns: usize) -> (usize, usize) {
    let width = |from: usize, to: usize| glyphs.iter().take(to).skip(from).map(|glyph| glyph.width).sum::<usize>();
    if width(0, glyphs.len()) <= columns {
        return (0, glyphs.len());
    }
    let blanks = glyphs.iter().take(first).take_while(|glyph| glyph.character == ' ').count();
    if width(blanks, glyphs.len()) <= columns {
        return (blanks, glyphs.len());
    }
    // One column at each end for what says that something is missing.
    let budget = columns.saturating_sub(2);
    if width(blanks, last) <= budget {
        return (blanks, forward(glyphs, blanks, budget));
    }
    let behind = width(last, glyphs.len()).min(budget / 6);
    let marked = match width(first, last) {
        fits if fits <= budget - behind => fits,
        _ => budget / 2,
    };
    let before = budget - behind - marked;
    let from = backward(glyphs, first, before).max(blanks);
    (from, forward(glyphs, from, budget))
}

/// The glyph up to which `columns` reach from `from`.
fn forward(glyphs: &[Glyph], from: usize, columns: usize) -> usize {
    from + reach(glyphs.iter().skip(from), columns)
}

/// The glyph from which `columns` reach up to `to`.
fn backward(glyphs: &[Glyph], to: usize, columns: usize) -> usize {
    to - reach(glyphs.iter().take(to).rev(), columns)
}

fn reach<'a>(glyphs: impl Iterator<Item = &'a Glyph>, columns: usize) -> usize {
    let mut left = columns;
    glyphs
        .take_while(|glyph| {
            let fits = glyph.width <= left;
            left = left.saturating_sub(glyph.width);
            fits
        })
        .count()
}

#[cfg(test)]
#[allow(clippy::string_slice, reason = "a test may fail")]
mod tests {
    use proptest::prelude::*;
    use unicode_width::UnicodeWidthStr;

    use super::*;

    fn shown(line: &str, marked: &str, columns: usize) -> (String, String) {
        let start = line.find(marked).unwrap();
        let fitted = fit(line, Span::new(start, start + marked.len()), columns, '…');
        (fitted.text[fitted.mark.start..fitted.mark.end].to_owned(), fitted.text)
    }

    #[test]
    fn what_fits_is_not_touched() {
        assert_eq!(shown("  key = value", "value", 13), ("value".to_owned(), "  key = value".to_owned()));
        assert_eq!(shown("\tkey\t= value", "value", 40).1, "    key = value");
    }

    #[test]
    fn blanks_go_first_then_the_tail_then_the_head() {
        assert_eq!(shown("\t\tkey = value", "value", 11).1, "key = value");
        assert_eq!(shown("\tkey = value and so on", "value", 14).1, "key = value …");
        let line = format!("{}key='needle'{}", "a".repeat(100), "b".repeat(100));
        let (marked, text) = shown(&line, "needle", 30);
        assert_eq!((marked.as_str(), text.width()), ("needle", 30));
        assert!(text.starts_with('…') && text.ends_with('…') && text.contains("key='needle'bbb"), "{text}");
    }

    #[test]
    fn a_mark_that_is_too_long_keeps_its_beginning() {
        let line = format!("key={}", "v".repeat(200));
        let fitted = fit(&line, Span::new(4, 204), 20, '…');
        assert_eq!(fitted.text, format!("key={}…", "v".repeat(14)));
        assert_eq!(fitted.mark, Span::new(4, 18));
    }

    #[test]
    fn wide_characters_count_as_wide() {
        let fitted = fit("秘密=値", Span::new(7, 10), 80, '…');
        assert_eq!((fitted.column, fitted.marked), (5, 2));
    }

    proptest! {
        #[test]
        fn fits_and_marks_what_was_marked(line in "[a é密\t]{0,90}", a in 0usize..100, b in 0usize..100, columns in 12usize..70) {
            let boundary = |offset: usize| (offset.min(line.len())..=line.len()).find(|at| line.is_char_boundary(*at)).unwrap();
            let mark = Span::new(boundary(a.min(b)), boundary(a.max(b)));
            let fitted = fit(&line, mark, columns, '…');
            prop_assert!(fitted.text.width() <= columns);
            prop_assert!(!fitted.text.contains('\t'));
            let marked = &fitted.text[fitted.mark.start..fitted.mark.end];
            prop_assert_eq!(marked.width(), fitted.marked);
            prop_assert_eq!(fitted.text[..fitted.mark.start].width(), fitted.column);
            let wanted: String = line[mark.start..mark.end].chars().filter(|c| *c != '\t' && *c != ' ').collect();
            let got: String = marked.chars().filter(|c| *c != ' ').collect();
            prop_assert!(wanted.starts_with(&got), "{wanted:?} {got:?}");
            prop_assert!(got == wanted || fitted.text.ends_with('…'));
        }
    }
}
