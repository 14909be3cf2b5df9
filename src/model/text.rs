//! The text of a file: positions in it, and excerpts from it without its secrets.

mod hidden;
mod milestone;

use hidden::Hidden;
use memchr::{memchr, memchr_iter, memrchr};
pub use milestone::TextPart;
use milestone::{Milestone, count_characters};
pub(crate) use milestone::{count_in_text, whole_characters};
use zeroize::Zeroizing;

use super::{Excerpt, Span};

/// What an excerpt shows instead of a secret. Always of one length: how long a password is, is a secret too.
pub const MASK: &str = "********";

/// The longest excerpt of one line, in bytes; of longer lines a part around the mark is shown.
const WINDOW: usize = 160;

/// What stands where something is left out.
const LEFT_OUT: char = '…';

/// The text of a file, wiped from memory when dropped.
///
/// It is UTF-8 as far as possible: readers of other encodings convert first. Invalid bytes count as one
/// character each.
#[derive(Clone)]
pub struct Text {
    bytes: Zeroizing<Vec<u8>>,
    secrets: Hidden,
    milestones: Vec<Milestone>,
    /// The parts of the file that are kept, where that is not all of it.
    parts: Vec<TextPart>,
}

impl Drop for Text {
    /// What is left of an emptied vector is wiped in one go, and not byte by byte.
    fn drop(&mut self) {
        self.bytes.clear();
    }
}

impl std::fmt::Debug for Text {
    /// Never the text itself.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Text({} bytes, {} secrets)", self.bytes.len(), self.secrets.count())
    }
}

/// A range in lines and columns, both counted from 1, columns in characters; the end is exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line of the first character.
    pub line: usize,
    /// The column of the first character.
    pub column: usize,
    /// The line of the last character.
    pub end_line: usize,
    /// The column behind the last character.
    pub end_column: usize,
}

impl Text {
    /// Takes over the bytes of a file.
    #[must_use]
    pub fn new(bytes: Zeroizing<Vec<u8>>) -> Self {
        let milestones = Milestone::START.all(&bytes);
        Self { bytes, secrets: Hidden::default(), milestones, parts: Vec::new() }
    }

    /// Takes over parts of a file, which stand one behind the other in `bytes`. Lines and columns are those of the file;
    /// spans are those of what is kept.
    #[must_use]
    pub fn of_parts(bytes: Zeroizing<Vec<u8>>, parts: Vec<TextPart>) -> Self {
        let ends = parts.iter().skip(1).map(|part| part.at).chain([bytes.len()]);
        let of_part = |(part, end): (&TextPart, usize)| {
            Milestone::from(*part).all(bytes.get(part.at..end).unwrap_or_default())
        };
        let milestones = parts.iter().zip(ends).flat_map(of_part).collect();
        Self { bytes, secrets: Hidden::default(), milestones, parts }
    }

    /// Whether it is all of the file. Otherwise a span says nothing about where something stands in the file.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        self.parts.is_empty()
    }

    /// The bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Marks a range as a secret: no excerpt will show it.
    pub fn hide(&mut self, span: Span) {
        if span.start < span.end {
            self.secrets.add(span);
        }
    }

    /// Whether a secret stands in a range, or a part of one.
    #[must_use]
    pub fn holds_secret_in(&self, span: Span) -> bool {
        self.secrets.near(span).iter().any(|secret| secret.overlaps(span))
    }

    /// The lines and columns of a range.
    #[must_use]
    pub fn position(&self, span: Span) -> Position {
        let (line, column) = self.line_and_column(span.start);
        let (end_line, end_column) = self.line_and_column(span.end.max(span.start));
        Position { line, column, end_line, end_column }
    }

    /// The same with columns in bytes.
    #[must_use]
    pub fn position_in_bytes(&self, span: Span) -> Position {
        let place = |offset: usize| {
            let offset = offset.min(self.bytes.len());
            let (line, start) = self.line_of(offset);
            (line, offset - start + 1)
        };
        let ((line, column), (end_line, end_column)) = (place(span.start), place(span.end.max(span.start)));
        Position { line, column, end_line, end_column }
    }

    /// The line in which a range begins, with the range marked and every secret masked.
    ///
    /// Only that line: what stands around it may be a secret that no client would know as one.
    #[must_use]
    pub fn excerpt(&self, span: Span) -> Excerpt {
        let offset = span.start.min(self.bytes.len());
        let part = self.part_around(offset);
        let (line, start) = self.line_of(offset);
        let end = self.end_of_line(offset).min(part.end);
        let is_cut_behind = end == part.end && end < self.bytes.len() && self.bytes.get(end - 1) != Some(&b'\n');
        let end = if end > start && self.bytes.get(end - 1) == Some(&b'\r') { end - 1 } else { end };
        let line_span = Span::new(start, end);
        let mut excerpt = masked(&self.bytes, line_span, span, |shown| self.secrets.near(shown));
        excerpt.first_line = Some(line);
        if start == part.start && self.column_of(start) > 1 && !excerpt.text.starts_with(LEFT_OUT) {
            excerpt.text.insert(0, LEFT_OUT);
            excerpt.mark = excerpt.mark.moved_by(LEFT_OUT.len_utf8());
        }
        if is_cut_behind && !excerpt.text.ends_with(LEFT_OUT) {
            excerpt.text.push(LEFT_OUT);
        }
        excerpt
    }

    /// All of it, with every secret masked and every byte that is no text as `?`.
    #[must_use]
    pub fn masked(&self) -> String {
        let mut text = String::new();
        let mut at = 0;
        let nothing = || Offsets { wanted: Span::at(0), start: None, end: None };
        for secret in self.secrets.near(Span::new(0, self.bytes.len())) {
            if secret.end <= at {
                continue;
            }
            push_plain(&mut text, &self.bytes, Span::new(at, secret.start.max(at)), &mut nothing());
            text.push_str(MASK);
            at = secret.end;
        }
        push_plain(&mut text, &self.bytes, Span::new(at, self.bytes.len()), &mut nothing());
        text
    }

    /// The part of the file that an offset lies in.
    fn part_around(&self, offset: usize) -> Span {
        let behind = self.parts.partition_point(|part| part.at <= offset);
        let start = behind.checked_sub(1).and_then(|last| self.parts.get(last)).map_or(0, |part| part.at);
        Span::new(start, self.parts.get(behind).map_or(self.bytes.len(), |part| part.at))
    }

    /// Line and column of a byte offset, counted from 1. Offsets beyond the end count as the end.
    fn line_and_column(&self, offset: usize) -> (usize, usize) {
        let offset = offset.min(self.bytes.len());
        (self.line_of(offset).0, self.column_of(offset))
    }

    /// The number of the line in which an offset lies, counted from 1, and where that line begins.
    fn line_of(&self, offset: usize) -> (usize, usize) {
        let known = self.milestone(offset);
        let since = self.bytes.get(known.at..offset).unwrap_or_default();
        let ends = memchr_iter(b'\n', since).count();
        let last = memrchr(b'\n', since);
        (known.lines + ends + 1, last.map_or(known.line_start, |at| known.at + at + 1))
    }

    fn column_of(&self, offset: usize) -> usize {
        let known = self.milestone(offset);
        let since = self.bytes.get(known.at..offset).unwrap_or_default();
        match memrchr(b'\n', since) {
            Some(last) => count_characters(since.get(last + 1..).unwrap_or_default()) + 1,
            None => known.characters.saturating_sub(known.before_line) + count_characters(since) + 1,
        }
    }

    /// Where the line ends in which an offset lies, or a place so far behind the offset that nobody sees the
    /// difference.
    fn end_of_line(&self, offset: usize) -> usize {
        let far = offset.saturating_add(4 * WINDOW).min(self.bytes.len());
        let behind = self.bytes.get(offset..far).unwrap_or_default();
        memchr(b'\n', behind).map_or(far, |at| offset + at)
    }

    /// The last milestone that does not lie behind an offset.
    fn milestone(&self, offset: usize) -> Milestone {
        let behind = self.milestones.partition_point(|known| known.at <= offset);
        behind.checked_sub(1).and_then(|last| self.milestones.get(last)).copied().unwrap_or(Milestone::START)
    }
}

/// An excerpt of the cell or line `whole` of `bytes`, with `mark` marked and the secrets masked that `near` names: at
/// least those that overlap a range.
///
/// What is longer than can be shown is cut to a part around the mark, with `…` where something is left out.
pub(crate) fn masked<'s>(bytes: &[u8], whole: Span, mark: Span, near: impl FnOnce(Span) -> &'s [Span]) -> Excerpt {
    let whole = Span::new(whole.start.min(bytes.len()), whole.end.min(bytes.len()));
    let mark = Span::new(mark.start.clamp(whole.start, whole.end), mark.end.clamp(whole.start, whole.end));
    let shown = window(bytes, whole, mark);
    let mut secrets: Vec<Span> = near(shown).iter().copied().filter(|secret| secret.overlaps(shown)).collect();
    secrets.sort_unstable();

    let mut text = String::new();
    let mut offsets = Offsets { wanted: mark, start: None, end: None };
    if shown.start > whole.start {
        text.push(LEFT_OUT);
    }
    let mut at = shown.start;
    for secret in secrets {
        if secret.end <= at {
            continue;
        }
        push_plain(&mut text, bytes, Span::new(at, secret.start.max(at)), &mut offsets);
        text.push_str(MASK);
        offsets.note_mask(secret.end, text.len());
        at = secret.end.min(shown.end);
    }
    push_plain(&mut text, bytes, Span::new(at, shown.end), &mut offsets);
    let end = text.len();
    if shown.end < whole.end {
        text.push(LEFT_OUT);
    }
    let start = offsets.start.unwrap_or(end);
    Excerpt { text, mark: Span::new(start, offsets.end.unwrap_or(end).max(start)), first_line: None }
}

/// Where the wanted range comes to stand in the masked text.
struct Offsets {
    wanted: Span,
    start: Option<usize>,
    end: Option<usize>,
}

impl Offsets {
    /// What was written so far, `length` bytes, goes up to byte `at` of the source.
    fn note(&mut self, at: usize, length: usize) {
        if self.start.is_none() && self.wanted.start <= at {
            self.start = Some(length);
        }
        if self.end.is_none() && self.wanted.end <= at {
            self.end = Some(length);
        }
    }

    /// What follows those `length` bytes is `text`, which stands at byte `at` of the source.
    fn note_text(&mut self, at: usize, length: usize, text: &str) {
        let first_behind = |wanted: usize| {
            let mut offsets = wanted.saturating_sub(at)..text.len();
            offsets.find(|offset| text.is_char_boundary(*offset)).map(|offset| length + offset)
        };
        self.start = self.start.or_else(|| first_behind(self.wanted.start));
        self.end = self.end.or_else(|| first_behind(self.wanted.end));
    }

    /// A mask that ends at `length` was written for everything up to byte `at` of the source: what begins within it
    /// begins with the mask.
    fn note_mask(&mut self, at: usize, length: usize) {
        if self.start.is_none() && self.wanted.start < at {
            self.start = Some(length - MASK.len());
        }
    }
}

/// Writes what stands in the span, each byte that is no text as `?`.
fn push_plain(text: &mut String, bytes: &[u8], span: Span, offsets: &mut Offsets) {
    let mut at = span.start;
    for chunk in bytes.get(span.start..span.end).unwrap_or_default().utf8_chunks() {
        offsets.note_text(at, text.len(), chunk.valid());
        text.push_str(chunk.valid());
        at += chunk.valid().len();
        for _ in chunk.invalid() {
            offsets.note(at, text.len());
            text.push('?');
            at += 1;
        }
    }
    offsets.note(at, text.len());
}

/// The part of `whole` that is shown: all of it, or [`WINDOW`] bytes with the mark in the middle.
fn window(bytes: &[u8], whole: Span, mark: Span) -> Span {
    if whole.end - whole.start <= WINDOW {
        return whole;
    }
    let marked = (mark.end - mark.start).min(WINDOW / 2);
    let before = (WINDOW - marked) / 2;
    let start = mark.start.saturating_sub(before).max(whole.start);
    let end = (start + WINDOW).min(whole.end);
    Span::new(forward_to_boundary(bytes, start), forward_to_boundary(bytes, end))
}

/// The next offset at which no UTF-8 character is cut.
fn forward_to_boundary(bytes: &[u8], offset: usize) -> usize {
    let continuation = |byte: &&u8| (**byte & 0b1100_0000) == 0b1000_0000;
    offset + bytes.get(offset..).unwrap_or_default().iter().take(3).take_while(continuation).count()
}

#[cfg(test)]
mod tests {
    use super::milestone::APART;
    use super::*;

    fn text(content: &str) -> Text {
        Text::new(Zeroizing::new(content.as_bytes().to_vec()))
    }

    fn marked(excerpt: &Excerpt) -> &str {
        excerpt.text.get(excerpt.mark.start..excerpt.mark.end).unwrap_or("(not on a boundary)")
    }

    #[test]
    fn counts_lines_and_characters_from_one() {
        let text = text("a\nüb\r\nc");
        assert_eq!(text.bytes(), "a\nüb\r\nc".as_bytes());
        assert_eq!(text.position(Span::new(0, 1)), Position { line: 1, column: 1, end_line: 1, end_column: 2 });
        assert_eq!(text.position(Span::new(4, 5)), Position { line: 2, column: 2, end_line: 2, end_column: 3 });
        assert_eq!(text.position(Span::at(7)), Position { line: 3, column: 1, end_line: 3, end_column: 1 });
        assert_eq!(text.position(Span::at(99)).line, 3);
    }

    #[test]
    fn debugging_shows_no_content() {
        let mut source = text("password=hunter2");
        source.hide(Span::new(9, 16));
        source.hide(Span::at(3));
        assert_eq!(format!("{source:?}"), "Text(16 bytes, 1 secrets)");
    }

    #[test]
    fn shows_the_marked_line_only() {
        let excerpt = text("one\ntwo three\r\nfour").excerpt(Span::new(8, 13));
        assert_eq!(excerpt.text, "two three");
        assert_eq!(marked(&excerpt), "three");
        assert_eq!(excerpt.first_line, Some(2));
    }

    #[test]
    fn masks_secrets_before_at_and_behind_the_mark() {
        let mut source = text("key=SECRET other=VALUE end");
        source.hide(Span::new(4, 10));
        assert_eq!(source.excerpt(Span::new(11, 16)).text, "key=******** other=VALUE end");
        assert_eq!(marked(&source.excerpt(Span::new(11, 16))), "other");
        assert_eq!(marked(&source.excerpt(Span::new(0, 3))), "key");
        assert_eq!(marked(&source.excerpt(Span::new(4, 10))), MASK);
        assert_eq!(marked(&source.excerpt(Span::new(5, 7))), MASK);
        assert_eq!(marked(&source.excerpt(Span::new(0, 16))), "key=******** other");
        assert_eq!(marked(&source.excerpt(Span::at(26))), "");
        assert_eq!(marked(&source.excerpt(Span::new(10, 16))), " other");
        assert_eq!(marked(&source.excerpt(Span::new(6, 16))), "******** other");
    }

    #[test]
    fn masks_once_what_is_hidden_more_than_once() {
        // One reader hides the whole value, another the password in it, a third the value again.
        for (hidden, shown) in [
            ([(4, 10), (6, 8), (4, 10)], "key=******** end"),
            ([(6, 8), (4, 10), (8, 10)], "key=******** end"),
            ([(4, 7), (6, 10), (6, 8)], "key=************************ end"),
        ] {
            let mut source = text("key=SECRET end");
            for (start, end) in hidden {
                source.hide(Span::new(start, end));
            }
            assert_eq!(source.excerpt(Span::new(11, 14)).text, shown);
        }
        let mut source = text("SECRET");
        source.hide(Span::new(0, 6));
        source.hide(Span::new(0, 6));
        assert_eq!(source.excerpt(Span::at(0)).text, MASK);
    }

    #[test]
    fn masks_a_secret_that_spans_lines() {
        let mut source = text("<password>SEC\nRET</password>\n");
        source.hide(Span::new(10, 17));
        assert_eq!(source.excerpt(Span::at(0)).text, "<password>********");
        assert_eq!(source.excerpt(Span::at(20)).text, "********</password>");
    }

    #[test]
    fn an_empty_line_is_shown_as_one() {
        assert_eq!(text("\nx").excerpt(Span::at(0)).text, "");
        assert_eq!(text("x\r\n\r\ny").excerpt(Span::at(3)).text, "");
    }

    #[test]
    fn cuts_long_lines_around_the_mark() {
        let (before, behind) = ("a".repeat(500), "b".repeat(500));
        let excerpt = text(&format!("first\n{before}needle{behind}\nlast")).excerpt(Span::new(506, 512));
        assert_eq!(marked(&excerpt), "needle");
        assert_eq!(excerpt.text, format!("…{}needle{}…", "a".repeat(77), "b".repeat(77)));
        let excerpt = text(&format!("{before}{behind}")).excerpt(Span::new(500, 1000));
        assert_eq!(
            excerpt.text,
            format!("…{}{}…", "a".repeat(40), "b".repeat(120)),
            "the beginning of a long mark"
        );
        assert_eq!(marked(&excerpt), "b".repeat(120));
    }

    /// What lies beyond a milestone is counted from there, as it would be from the beginning.
    #[test]
    fn lines_and_columns_are_the_same_wherever_they_are_counted_from() {
        let parts: [&[u8]; 5] = [b"a\n", "ä€😀".as_bytes(), b"\xff\xe2\x82", b"\r\n", &[b'x'; 300]];
        let bytes: Vec<u8> = (0..400).flat_map(|number| parts[number * number % 5]).copied().collect();
        let source = Text::new(Zeroizing::new(bytes.clone()));
        assert!(source.milestones.len() > 3);
        for offset in (0..=bytes.len()).step_by(7) {
            let start = bytes[..offset].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
            let lines = bytes[..offset].iter().filter(|byte| **byte == b'\n').count() + 1;
            let position = source.position(Span::at(offset));
            assert_eq!(
                (position.line, position.column),
                (lines, count_characters(&bytes[start..offset]) + 1),
                "{offset}"
            );
        }
    }

    #[test]
    fn parts_of_a_file_have_the_lines_and_columns_of_the_file() {
        let whole = "first\n\tüb one\n\tdropped\n  a<b>c</b>d\nlast\n";
        let kept = ["\tüb one\n", "<b>c</b>"];
        let mut parts = Vec::new();
        let mut bytes = Vec::new();
        for part in kept {
            let (before, _) = whole.split_once(part).unwrap();
            let lines = before.rsplit_once('\n').map_or(String::new(), |(lines, _)| format!("{lines}\n"));
            parts.push(TextPart {
                at: bytes.len(),
                lines: before.matches('\n').count(),
                characters: before.chars().count(),
                before_line: lines.chars().count(),
            });
            bytes.extend_from_slice(part.as_bytes());
        }
        let mut some = Text::of_parts(Zeroizing::new(bytes.clone()), parts);
        let all = text(whole);
        assert!(all.is_whole() && !some.is_whole());
        for word in ["üb", "one", "<b>", "c", "</b"] {
            let span = |text: &str| Span::at(text.find(word).unwrap());
            let here = span(std::str::from_utf8(&bytes).unwrap());
            assert_eq!(some.position(here), all.position(span(whole)), "{word}");
        }
        assert_eq!(some.excerpt(Span::new(4, 7)), all.excerpt(Span::new(10, 13)));
        some.hide(Span::new(12, 13));
        let excerpt = some.excerpt(Span::new(9, 12));
        assert_eq!((excerpt.text.as_str(), marked(&excerpt)), ("…<b>********</b>", "<b>"));
        assert_eq!(excerpt.first_line, Some(4));
    }

    #[test]
    fn what_stands_beside_a_gap_is_not_shown_as_one_line() {
        let part = |at, characters| TextPart { at, lines: 0, characters, before_line: 0 };
        let source =
            Text::of_parts(Zeroizing::new(b"<a><b><c>".to_vec()), vec![part(0, 0), part(3, 40), part(6, 90)]);
        assert_eq!(source.excerpt(Span::new(0, 1)).text, "<a>…");
        assert_eq!(source.excerpt(Span::new(4, 5)).text, "…<b>…");
        assert_eq!(source.excerpt(Span::new(6, 7)).text, "…<c>");
        assert_eq!(source.position(Span::at(4)).column, 42);
    }

    #[test]
    fn a_text_of_line_ends_or_of_one_line_needs_little_memory() {
        for byte in [b'\n', b'x', 0xff] {
            let source = Text::new(Zeroizing::new(vec![byte; 1 << 20]));
            assert!(source.milestones.len() <= (1 << 20) / APART + 1, "{byte}");
        }
    }

    #[test]
    fn cuts_only_what_is_too_long() {
        let short = "a".repeat(WINDOW);
        assert_eq!(text(&short).excerpt(Span::new(158, 160)).text, short);
        assert_eq!(text(&format!("{short}\n{short}")).excerpt(Span::new(319, 321)).text, short);
        let long = "a".repeat(WINDOW + 1);
        assert_eq!(text(&long).excerpt(Span::new(0, 1)).text, format!("{short}…"));
    }

    #[test]
    fn cuts_no_character_in_two() {
        let umlauts = "ä".repeat(500);
        let excerpt = text(&format!("{umlauts}needle{umlauts}")).excerpt(Span::new(1000, 1006));
        assert_eq!(excerpt.text, format!("…{}needle{}…", "ä".repeat(38), "ä".repeat(39)));
        assert_eq!(marked(&excerpt), "needle");
    }

    #[test]
    fn survives_bytes_that_are_not_text() {
        let source = Text::new(Zeroizing::new(b"a\xffb=\xfe\n".to_vec()));
        let excerpt = source.excerpt(Span::new(2, 3));
        assert_eq!(excerpt.text, "a?b=?");
        assert_eq!(marked(&excerpt), "b");
        assert_eq!(source.position(Span::new(2, 3)).column, 3);
    }
}
