//! The smallest part of a file that still shows something.

use std::io::Result;

/// In files that are shorter than that, every part of up to [`LONGEST`] bytes is tried.
const SMALL: usize = 600;
const LONGEST: usize = 40;
/// Larger files stay as they are: it would take hours.
const LARGEST: usize = 1_000_000;

/// Leaves out of a file, and replaces by `a`, what `holds` does without.
pub fn minimise(file: &[u8], mut holds: impl FnMut(&[u8]) -> Result<bool>) -> Result<Vec<u8>> {
    let mut small = file.to_vec();
    if small.len() > LARGEST {
        return Ok(small);
    }
    loop {
        let before = small.len();
        let mut size = small.len().next_power_of_two();
        while size > 0 {
            small = without_parts(small, size, size, &mut holds)?;
            size /= 2;
        }
        if small.len() < SMALL {
            for size in (1..=LONGEST).rev() {
                small = without_parts(small, size, 1, &mut holds)?;
            }
        }
        if small.len() == before {
            return plain(small, &mut holds);
        }
    }
}

/// Leaves out parts of so many bytes, from the end on, each so many before the last.
fn without_parts(
    mut small: Vec<u8>,
    size: usize,
    step: usize,
    holds: &mut impl FnMut(&[u8]) -> Result<bool>,
) -> Result<Vec<u8>> {
    let mut start = small.len();
    while start > 0 {
        start = start.saturating_sub(step);
        let end = (start + size).min(small.len());
        let candidate = [&small[..start], &small[end..]].concat();
        if candidate.len() < small.len() && holds(&candidate)? {
            small = candidate;
        }
    }
    Ok(small)
}

/// Puts an `a` wherever it makes no difference.
fn plain(mut small: Vec<u8>, holds: &mut impl FnMut(&[u8]) -> Result<bool>) -> Result<Vec<u8>> {
    for at in 0..small.len() {
        let was = std::mem::replace(&mut small[at], b'a');
        if was != b'a' && !holds(&small)? {
            small[at] = was;
        }
    }
    Ok(small)
}
