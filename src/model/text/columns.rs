//! Columns in very long lines, without counting from the beginning of the line each time.

use std::sync::OnceLock;

/// After how many bytes the characters before are remembered.
const STEP: usize = 4096;

/// How many characters stand before every so many bytes of a text; found out when it is first asked.
#[derive(Clone, Debug, Default)]
pub(super) struct Columns(OnceLock<Vec<(usize, usize)>>);

impl Columns {
    /// How many characters stand between two offsets of a text: at neither is a character cut.
    pub(super) fn between(&self, bytes: &[u8], start: usize, end: usize) -> usize {
        if end.saturating_sub(start) <= STEP {
            return bytes.get(start..end).map_or(0, count_characters);
        }
        let steps = self.0.get_or_init(|| steps(bytes));
        let before = |offset: usize| {
            let passed = steps.partition_point(|(at, _)| *at <= offset);
            let (at, count) = passed.checked_sub(1).and_then(|last| steps.get(last)).copied().unwrap_or_default();
            count + bytes.get(at..offset).map_or(0, count_characters)
        };
        before(end).saturating_sub(before(start))
    }
}

/// Offsets at which no character is cut, and how many characters stand before each.
fn steps(bytes: &[u8]) -> Vec<(usize, usize)> {
    let mut steps = Vec::new();
    let (mut from, mut count) = (0, 0);
    for at in (STEP..bytes.len()).step_by(STEP) {
        let at = super::forward_to_boundary(bytes, at);
        count += bytes.get(from..at).map_or(0, count_characters);
        from = at;
        steps.push((at, count));
    }
    steps
}

/// How many characters the bytes make, invalid ones counting as one each.
fn count_characters(bytes: &[u8]) -> usize {
    bytes.utf8_chunks().map(|chunk| chunk.valid().chars().count() + chunk.invalid().len()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_the_same_from_wherever_it_begins() {
        for piece in ["a", "ä", "€x", "😀", "\u{1}ö"] {
            let mut bytes = piece.repeat(5 * STEP / piece.len()).into_bytes();
            for invalid in [10, STEP - 1, 2 * STEP, 3 * STEP + 2] {
                bytes.splice(invalid..invalid, [0xff, 0xc3]);
            }
            let columns = Columns::default();
            let is_cut = |at: usize| bytes.get(at).is_some_and(|byte| byte & 0b1100_0000 == 0b1000_0000);
            let offsets = (0..bytes.len()).filter(|at| !is_cut(*at));
            for (start, end) in offsets.clone().step_by(97).zip(offsets.skip(STEP).step_by(89)) {
                assert_eq!(
                    columns.between(&bytes, start, end),
                    count_characters(&bytes[start..end]),
                    "{start} {end}"
                );
            }
        }
    }
}
