//! Pages of a database as they would be, laid over those that there are.

use std::collections::BTreeMap;

use zeroize::Zeroizing;

/// How much is kept together, in bytes: the smallest page that a database can have. SQLite writes whole pages.
const PIECE: usize = 512;

/// Pages of a database as they would be: only those that would be different.
#[derive(Clone, Default)]
pub struct Overlay {
    /// By what their offset is a multiple of.
    pieces: BTreeMap<u64, Zeroizing<Vec<u8>>>,
    /// How long the database would be; none if that stays as it is.
    length: Option<u64>,
}

impl std::fmt::Debug for Overlay {
    /// Never its content.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Overlay").field("pieces", &self.pieces.len()).finish_non_exhaustive()
    }
}

impl Overlay {
    pub(super) const fn length(&self) -> Option<u64> {
        self.length
    }

    /// Lays what would be different over what was read from this offset on.
    pub(super) fn lay_over(&self, buffer: &mut [u8], offset: u64) {
        let end = offset.saturating_add(buffer.len() as u64);
        let first = offset / PIECE as u64;
        for (number, piece) in self.pieces.range(first..end.div_ceil(PIECE as u64)) {
            let start = number * PIECE as u64;
            // What of the piece lies in the buffer, and where.
            let (skipped, at) = (offset.saturating_sub(start), start.saturating_sub(offset));
            let (Ok(skipped), Ok(at)) = (usize::try_from(skipped), usize::try_from(at)) else { continue };
            let from = piece.get(skipped..).unwrap_or_default();
            let to = buffer.get_mut(at..).unwrap_or_default();
            for (to, from) in to.iter_mut().zip(from) {
                *to = *from;
            }
        }
    }

    /// Takes what is written at an offset, a multiple of the size of a piece, to a database that is so long.
    pub(super) fn write(&mut self, bytes: &[u8], offset: u64, length: u64) {
        let first = offset / PIECE as u64;
        for (number, piece) in (first..).zip(bytes.chunks(PIECE)) {
            self.pieces.insert(number, Zeroizing::new(piece.to_vec()));
        }
        let end = offset.saturating_add(bytes.len() as u64);
        if end > self.length.unwrap_or(length) {
            self.length = Some(end);
        }
    }

    pub(super) fn set_length(&mut self, length: u64) {
        self.pieces.split_off(&length.div_ceil(PIECE as u64));
        self.length = Some(length);
    }
}
