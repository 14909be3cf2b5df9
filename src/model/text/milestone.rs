//! What is known about places in a text, so that lines and characters need not be counted from its beginning.

/// A part of a file that is kept, where not all of it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextPart {
    /// Where it begins in what is kept.
    pub at: usize,
    /// How many lines of the file end before it.
    pub lines: usize,
    /// How many characters of the file stand before it.
    pub characters: usize,
    /// How many characters of the file stand before the line in which it begins.
    pub before_line: usize,
}

/// How far apart milestones are, in bytes.
pub(super) const APART: usize = 4096;

/// What is known about a place in a text, so that lines and characters need not be counted from its beginning. A list
/// of all lines would be eight times as long as a text of nothing but line ends.
#[derive(Clone, Copy, Debug)]
pub(super) struct Milestone {
    /// Its offset, at the beginning of a character.
    pub at: usize,
    /// How many lines end before it.
    pub lines: usize,
    /// Where the line begins in which it stands.
    pub line_start: usize,
    /// How many characters stand before it.
    pub characters: usize,
    /// How many characters stand before that line.
    pub before_line: usize,
}

impl Milestone {
    pub(super) const START: Self = Self { at: 0, lines: 0, line_start: 0, characters: 0, before_line: 0 };

    /// The milestones of a text that begins here, in order.
    pub(super) fn all(self, bytes: &[u8]) -> Vec<Self> {
        let mut milestones = vec![self];
        let mut here = self;
        let mut pass = |here: Self| {
            if milestones.last().is_none_or(|last| here.at >= last.at + APART) {
                milestones.push(here);
            }
        };
        for chunk in bytes.utf8_chunks() {
            let mut rest = chunk.valid();
            while !rest.is_empty() {
                pass(here);
                let (piece, behind) = rest.split_at_checked(whole_characters(rest, APART)).unwrap_or((rest, ""));
                here.advance(piece.as_bytes());
                rest = behind;
            }
            pass(here);
            here.at += chunk.invalid().len();
            here.characters += chunk.invalid().len();
        }
        milestones
    }

    /// Goes on by that text.
    fn advance(&mut self, text: &[u8]) {
        if let Some(last) = memchr::memrchr(b'\n', text) {
            let (lines, line) = text.split_at_checked(last + 1).unwrap_or((text, &[]));
            self.lines += memchr::memchr_iter(b'\n', lines).count();
            self.line_start = self.at + lines.len();
            self.before_line = self.characters + count_in_text(lines);
            self.characters = self.before_line + count_in_text(line);
        } else {
            self.characters += count_in_text(text);
        }
        self.at += text.len();
    }
}

/// How many characters these bytes of UTF-8 make: as many as there are bytes that do not continue one. Added up in bytes,
/// of which a processor takes many at once.
pub(crate) fn count_in_text(bytes: &[u8]) -> usize {
    let of_some = |some: &[u8]| some.iter().map(|byte| u8::from(byte & 0b1100_0000 != 0b1000_0000)).sum::<u8>();
    bytes.chunks(usize::from(u8::MAX)).map(|some| usize::from(of_some(some))).sum()
}

/// The length of so many bytes of a text, or of a few less, that cut no character in two.
pub(crate) fn whole_characters(text: &str, length: usize) -> usize {
    let length = length.min(text.len());
    (length.saturating_sub(3)..=length).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(length)
}

impl From<TextPart> for Milestone {
    fn from(TextPart { at, lines, characters, before_line }: TextPart) -> Self {
        Self { at, lines, line_start: at, characters, before_line }
    }
}

/// How many characters the bytes make, invalid ones counting as one each.
pub(super) fn count_characters(bytes: &[u8]) -> usize {
    bytes.utf8_chunks().map(|chunk| count_in_text(chunk.valid().as_bytes()) + chunk.invalid().len()).sum()
}
