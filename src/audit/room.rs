//! How much is read at the same time: what an audit takes of memory must not depend on how many threads it has.

use std::fs;
use std::path::Path;
use std::sync::{Condvar, Mutex, PoisonError};

use crate::discover::Group;

/// So many bytes of files are read by all threads together, and judged before others are read; what is larger is read
/// alone. What becomes of a file in memory is some ten times as large as the file.
const ROOM: u64 = 4 << 20;

/// What is read of a file takes no less, whatever its size.
const LEAST: u64 = 16 << 10;

/// Room for what is being read, shared by all threads.
#[derive(Default)]
pub(super) struct Room {
    taken: Mutex<u64>,
    change: Condvar,
}

/// Some of the room, until this is dropped.
pub(super) struct Taken<'a> {
    room: &'a Room,
    size: u64,
}

impl Room {
    /// Waits until there is room for so much; for what is too large for all of it, until nobody else has any.
    pub(super) fn take(&self, size: u64) -> Taken<'_> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        while *taken > 0 && *taken + size > ROOM {
            taken = self.change.wait(taken).unwrap_or_else(PoisonError::into_inner);
        }
        *taken += size;
        Taken { room: self, size }
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        *self.room.taken.lock().unwrap_or_else(PoisonError::into_inner) -= self.size;
        self.room.change.notify_all();
    }
}

/// How much room files take. Of large databases only some pages are read, and of a file of which nothing is known, all
/// that may be read.
pub(super) fn size_of(groups: &[&Group]) -> u64 {
    let size = |path: &Path| fs::metadata(path).map_or(ROOM, |metadata| metadata.len().clamp(LEAST, ROOM));
    groups.iter().flat_map(|group| &group.files).map(|file| size(&file.path)).sum()
}

/// Whether several threads may share what takes so much.
pub(super) const fn may_be_shared(size: u64) -> bool {
    size <= ROOM
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::thread;

    #[test]
    fn no_more_is_taken_than_there_is_and_what_is_larger_is_alone() {
        let (room, taken) = (Room::default(), AtomicU64::new(0));
        let sizes = [ROOM / 2, LEAST, 3 * ROOM, ROOM, ROOM / 3, LEAST];
        thread::scope(|scope| {
            for first in 0..8 {
                let (room, taken) = (&room, &taken);
                scope.spawn(move || {
                    for number in 0..60 {
                        let size = sizes[(first + number) % sizes.len()];
                        let _some = room.take(size);
                        let all = taken.fetch_add(size, Ordering::SeqCst) + size;
                        assert!(all <= ROOM || all == size, "{all}");
                        thread::yield_now();
                        taken.fetch_sub(size, Ordering::SeqCst);
                    }
                });
            }
        });
        assert_eq!(*room.taken.lock().unwrap(), 0);
    }
}
