//! Several ranges of one text, replaced at once.

use thiserror::Error;
use zeroize::Zeroizing;

use crate::model::{Span, Splice};

/// Two edits want the same bytes to be different things, or bytes that are not there.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("two repairs want to change the same place")]
pub struct Overlap;

/// The text with the ranges replaced, whatever their order.
///
/// # Errors
/// If two of them share a byte, or one lies outside of the text.
pub fn spliced(text: &[u8], splices: &[Splice]) -> Result<Zeroizing<Vec<u8>>, Overlap> {
    let mut ordered: Vec<&Splice> = splices.iter().collect();
    ordered.sort_by_key(|splice| splice.span);
    let added: usize = ordered.iter().map(|splice| splice.new.len()).sum();
    // The buffer is never moved: that would leave a copy of a secret behind.
    let mut result = Zeroizing::new(Vec::with_capacity(text.len() + added));
    let mut at = 0;
    for splice in ordered {
        result.extend_from_slice(text.get(at..splice.span.start).ok_or(Overlap)?);
        result.extend_from_slice(splice.new.as_bytes());
        at = splice.span.end;
    }
    result.extend_from_slice(text.get(at..).ok_or(Overlap)?);
    Ok(result)
}

/// Whether two edits of one text can be made together.
pub(super) fn agree(one: &Splice, other: &Splice) -> bool {
    let touches = |point: Span, range: Span| range.start < point.start && point.start < range.end;
    if one.span == other.span {
        // Two texts put in at one place: nobody knows which comes first.
        return one == other;
    }
    !one.span.overlaps(other.span) && !touches(one.span, other.span) && !touches(other.span, one.span)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn splice(start: usize, end: usize, new: &str) -> Splice {
        Splice::replace(Span::new(start, end), new)
    }

    #[test]
    fn ranges_are_replaced_whatever_their_order() {
        let splices = [splice(6, 11, "there"), splice(0, 1, "J"), splice(5, 5, ","), splice(11, 11, "!")];
        assert_eq!(spliced(b"hello world", &splices).unwrap().as_slice(), b"Jello, there!");
        assert_eq!(spliced(b"same", &[]).unwrap().as_slice(), b"same");
    }

    #[test]
    fn what_cannot_be_is_refused() {
        assert_eq!(spliced(b"abc", &[splice(0, 2, "x"), splice(1, 3, "y")]), Err(Overlap));
        assert_eq!(spliced(b"abc", &[splice(0, 4, "x")]), Err(Overlap));
        assert_eq!(spliced(b"abc", &[splice(7, 8, "x")]), Err(Overlap));
    }

    #[test]
    fn edits_agree_unless_they_want_the_same_bytes() {
        let one = splice(2, 5, "x");
        for other in [splice(0, 2, "y"), splice(5, 6, "y"), splice(2, 2, "y"), splice(5, 5, "y"), one.clone()] {
            assert!(agree(&one, &other) && agree(&other, &one), "{other:?}");
        }
        for other in [splice(2, 5, "y"), splice(3, 3, "y"), splice(4, 6, "y"), splice(0, 9, "y")] {
            assert!(!agree(&one, &other) && !agree(&other, &one), "{other:?}");
        }
        assert!(!agree(&splice(3, 3, "a"), &splice(3, 3, "b")));
    }
}
