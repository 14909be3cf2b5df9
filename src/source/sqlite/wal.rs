//! The write-ahead log of a SQLite database, replayed as SQLite does when it recovers one
//! (<https://www.sqlite.org/walformat.html>; `walIndexRecover` in `wal.c`, SQLite 3.40).

use std::collections::HashMap;

/// Length of the log's header in bytes.
pub(super) const HEADER: usize = 32;
/// Length of the header of each frame in bytes.
const FRAME_HEADER: usize = 24;
/// The lowest bit of the magic says in which byte order the checksums read their words.
const MAGIC: u32 = 0x377f_0682;
/// The only format version that there ever was.
const VERSION: u32 = 3_007_000;
/// Page sizes that SQLite knows, in bytes: powers of two.
const PAGE_SIZES: std::ops::RangeInclusive<usize> = 512..=65536;

/// The pages that a write-ahead log holds, up to its last valid commit.
#[derive(Debug)]
pub(super) struct Wal<'a> {
    /// In bytes.
    pub page_size: usize,
    /// The size of the database after the last commit, in pages.
    pub page_count: u32,
    pages: HashMap<u32, &'a [u8]>,
}

impl<'a> Wal<'a> {
    /// Replays a log. None where it holds no commit: it is empty, foreign, or left over from before the last
    /// checkpoint.
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let header = Header::read(bytes)?;
        let mut checksum = header.checksum;
        let mut log = Self { page_size: header.page_size, page_count: 0, pages: HashMap::new() };
        let mut pending = Vec::new();
        for frame in bytes.get(HEADER..)?.chunks_exact(FRAME_HEADER + header.page_size) {
            let Some((page_number, page_count, page)) = header.check_frame(frame, &mut checksum) else { break };
            pending.push((page_number, page));
            if page_count > 0 {
                log.page_count = page_count;
                log.pages.extend(pending.drain(..));
            }
        }
        (log.page_count > 0).then_some(log)
    }

    /// The content of the page of that number, counted from 1, if the log holds it.
    pub(super) fn page(&self, number: u32) -> Option<&'a [u8]> {
        self.pages.get(&number).copied()
    }
}

/// The header of a log, found valid.
struct Header<'a> {
    page_size: usize,
    salt: &'a [u8],
    checksum: Checksum,
}

impl<'a> Header<'a> {
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let magic = word(bytes, 0)?;
        let page_size = usize::try_from(word(bytes, 8)?).ok()?;
        if magic & !1 != MAGIC || !PAGE_SIZES.contains(&page_size) || !page_size.is_power_of_two() {
            return None;
        }
        let mut checksum = Checksum { first: 0, second: 0, big_endian: magic & 1 == 1 };
        checksum.add(bytes.get(..24)?);
        let valid = checksum.is(word(bytes, 24)?, word(bytes, 28)?) && word(bytes, 4)? == VERSION;
        valid.then_some(Self { page_size, salt: bytes.get(16..24)?, checksum })
    }

    /// Page number, size of the database in pages if the frame ends a transaction (else 0), and content.
    fn check_frame<'f>(&self, frame: &'f [u8], checksum: &mut Checksum) -> Option<(u32, u32, &'f [u8])> {
        let (head, page) = frame.split_at_checked(FRAME_HEADER)?;
        let page_number = word(head, 0)?;
        if head.get(8..16)? != self.salt || page_number == 0 {
            return None;
        }
        checksum.add(head.get(..8)?);
        checksum.add(page);
        checksum.is(word(head, 16)?, word(head, 20)?).then_some((page_number, word(head, 4)?, page))
    }
}

/// The running checksum over a log: each frame's continues that of the frame before.
#[derive(Clone, Copy)]
struct Checksum {
    first: u32,
    second: u32,
    big_endian: bool,
}

impl Checksum {
    /// Adds bytes, a multiple of eight of them.
    fn add(&mut self, bytes: &[u8]) {
        let (pairs, _) = bytes.as_chunks::<8>();
        for &[a, b, c, d, e, f, g, h] in pairs {
            self.first = self.first.wrapping_add(self.word([a, b, c, d])).wrapping_add(self.second);
            self.second = self.second.wrapping_add(self.word([e, f, g, h])).wrapping_add(self.first);
        }
    }

    const fn word(self, bytes: [u8; 4]) -> u32 {
        if self.big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) }
    }

    const fn is(self, first: u32, second: u32) -> bool {
        self.first == first && self.second == second
    }
}

/// The big-endian number of four bytes at `at`.
fn word(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().copied().map(u32::from_be_bytes)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A log as SQLite would write it, in either byte order: frames are page number, size at commit, filling.
    pub(in super::super) fn log(page_size: usize, big_endian: bool, frames: &[(u32, u32, u8)]) -> Vec<u8> {
        let mut log = Vec::new();
        let magic = MAGIC + u32::from(big_endian);
        for word in [magic, VERSION, u32::try_from(page_size).unwrap(), 7, 0x5a17_0001, 0x5a17_0002] {
            log.extend(word.to_be_bytes());
        }
        let mut checksum = Checksum { first: 0, second: 0, big_endian };
        checksum.add(&log.clone());
        push_checksum(&mut log, checksum);
        for (number, page_count, filling) in frames {
            let page = vec![*filling; page_size];
            let head = [number.to_be_bytes(), page_count.to_be_bytes()].concat();
            checksum.add(&head);
            checksum.add(&page);
            log.extend(head);
            log.extend(log.get(16..24).unwrap().to_vec());
            push_checksum(&mut log, checksum);
            log.extend(page);
        }
        log
    }

    fn push_checksum(log: &mut Vec<u8>, checksum: Checksum) {
        log.extend(checksum.first.to_be_bytes());
        log.extend(checksum.second.to_be_bytes());
    }

    fn first_bytes(log: &[u8]) -> Option<(u32, Vec<Option<u8>>)> {
        let wal = Wal::read(log)?;
        Some((wal.page_count, (1..=3).map(|number| wal.page(number).map(|page| page[0])).collect()))
    }

    #[test]
    fn replays_up_to_the_last_commit_in_both_byte_orders() {
        for big_endian in [false, true] {
            let bytes = log(512, big_endian, &[(1, 0, 1), (2, 2, 2), (2, 2, 3), (3, 0, 4)]);
            assert_eq!(first_bytes(&bytes), Some((2, vec![Some(1), Some(3), None])));
        }
    }

    #[test]
    fn stops_at_the_first_frame_that_is_not_valid() {
        let frame = FRAME_HEADER + 512;
        let frames = [(1, 1, 1), (2, 2, 2), (3, 3, 3)];
        let whole = log(512, false, &frames);
        assert_eq!(first_bytes(&whole), Some((3, vec![Some(1), Some(2), Some(3)])));
        assert_eq!(first_bytes(&whole[..whole.len() - 1]), Some((2, vec![Some(1), Some(2), None])));
        // Page number, salt, checksum, content of the second frame.
        for offset in [3, 9, 17, 100] {
            let mut changed = whole.clone();
            changed[HEADER + frame + offset] ^= 1;
            assert_eq!(first_bytes(&changed), Some((1, vec![Some(1), None, None])), "{offset}");
        }
    }

    #[test]
    fn takes_no_log_without_commit_or_with_a_false_header() {
        let good = log(512, false, &[(1, 1, 1)]);
        assert!(Wal::read(&[]).is_none());
        assert!(Wal::read(&good[..HEADER]).is_none());
        assert!(Wal::read(&log(512, false, &[(1, 0, 1)])).is_none());
        // Magic, version, page size, salt, checksum.
        for offset in [0, 7, 10, 17, 25] {
            let mut changed = good.clone();
            changed[offset] ^= 1;
            assert!(Wal::read(&changed).is_none(), "{offset}");
        }
        assert!(Wal::read(&log(768, false, &[(1, 1, 1)])).is_none());
    }
}
