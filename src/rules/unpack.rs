//! The front matter of the pages that are part of the program, as the build has packed it: field by field, in the
//! order of `src/build.rs`.

use super::source::{At, FixSource, FrontMatter, Overlay, Text, Word};
use crate::model::packed::Packed;

impl FrontMatter {
    /// The next page's.
    pub(super) fn unpack(packed: &mut Packed) -> Self {
        Self {
            subject: word(packed),
            clients: packed.list(word),
            when: word(packed),
            severity: word(packed),
            raise: packed.list(pair),
            step_down: packed.option(word),
            lower: packed.list(pair),
            confidence: word(packed),
            confidence_when: packed.list(pair),
            mark: packed.option(word),
            fix: packed.list(fix),
            title: text(packed),
            message: word(packed),
            tags: packed.list(text),
        }
    }
}

impl Overlay {
    /// The next overlay's.
    pub(super) fn unpack(packed: &mut Packed) -> Self {
        Self { title: text(packed), message: word(packed) }
    }
}

fn fix(packed: &mut Packed) -> FixSource {
    FixSource {
        clients: packed.list(word),
        when: packed.option(word),
        safety: word(packed),
        set: packed.list(pair),
        remove: packed.number() != 0,
    }
}

fn pair(packed: &mut Packed) -> (Word, Word) {
    (word(packed), word(packed))
}

fn word(packed: &mut Packed) -> Word {
    Word { text: text(packed), at: At::Line(packed.number()) }
}

fn text(packed: &mut Packed) -> Text {
    packed.text().into()
}
