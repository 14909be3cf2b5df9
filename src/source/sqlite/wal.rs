//! The write-ahead log of a SQLite database, replayed as SQLite does when it recovers one
//! (<https://www.sqlite.org/walformat.html>; `walIndexRecover` in `wal.c`, SQLite 3.40).

use std::collections::HashMap;
use std::io::{self, Read};

/// Length of the log's header in bytes.
pub(super) const HEADER: usize = 32;
/// Length of the header of each frame in bytes.
pub(super) const FRAME_HEADER: usize = 24;
/// The lowest bit of the magic says in which byte order the checksums read their words.
const MAGIC: u32 = 0x377f_0682;
/// The only format version that there ever was.
const VERSION: u32 = 3_007_000;
/// Page sizes that SQLite knows, in bytes: powers of two.
const PAGE_SIZES: std::ops::RangeInclusive<usize> = 512..=65536;

/// Where the pages of a write-ahead log stand in it, up to its last valid commit.
#[derive(Debug)]
pub(super) struct Wal {
    /// In bytes.
    pub page_size: usize,
    /// The size of the database after the last commit, in pages.
    pub page_count: u32,
    /// What marks the frames of this log, and those of no earlier or later one.
    salt: [u8; 8],
    /// Page number to the offset of its frame, in bytes.
    frames: HashMap<u32, u64>,
}

impl Wal {
    /// Replays a log from its beginning. None where it holds no commit: it is empty, foreign, or left over from before
    /// the last checkpoint.
    ///
    /// # Errors
    /// Those of reading.
    pub(super) fn read(mut log: impl Read) -> io::Result<Option<Self>> {
        let mut head = [0; HEADER];
        if !filled(&mut log, &mut head)? {
            return Ok(None);
        }
        let Some(header) = Header::read(&head) else { return Ok(None) };
        let mut checksum = header.checksum;
        let mut wal =
            Self { page_size: header.page_size, page_count: 0, salt: header.salt, frames: HashMap::new() };
        let mut pending = Vec::new();
        let mut frame = vec![0; FRAME_HEADER + header.page_size];
        let mut offset = HEADER as u64;
        while filled(&mut log, &mut frame)? {
            let Some((page_number, page_count)) = header.check_frame(&frame, &mut checksum) else { break };
            pending.push((page_number, offset));
            offset = offset.saturating_add(frame.len() as u64);
            if page_count > 0 {
                wal.page_count = page_count;
                wal.frames.extend(pending.drain(..));
            }
        }
        Ok((wal.page_count > 0).then_some(wal))
    }

    /// The length of the database after the last commit, in bytes.
    pub(super) fn length(&self) -> u64 {
        u64::from(self.page_count).saturating_mul(self.page_size as u64)
    }

    /// Where the frame with the page of that number begins, counted from 1, if the log holds it.
    pub(super) fn frame(&self, number: u32) -> Option<u64> {
        self.frames.get(&number).copied()
    }

    /// Whether the head of a frame is still that of this page in this log.
    pub(super) fn is_frame_of(&self, head: &[u8; FRAME_HEADER], number: u32) -> bool {
        word(head, 0) == Some(number) && head.get(8..16) == Some(&self.salt[..])
    }
}

/// Fills the buffer; says whether there was enough for that.
fn filled(log: &mut impl Read, buffer: &mut [u8]) -> io::Result<bool> {
    match log.read_exact(buffer) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        read => read.map(|()| true),
    }
}

/// The header of a log, found valid.
struct Header {
    page_size: usize,
    salt: [u8; 8],
    checksum: Checksum,
}

impl Header {
    fn read(bytes: &[u8]) -> Option<Self> {
        let magic = word(bytes, 0)?;
        let page_size = usize::try_from(word(bytes, 8)?).ok()?;
        if magic & !1 != MAGIC || !PAGE_SIZES.contains(&page_size) || !page_size.is_power_of_two() {
            return None;
        }
        let mut checksum = Checksum { first: 0, second: 0, big_endian: magic & 1 == 1 };
        checksum.add(bytes.get(..24)?);
        let valid = checksum.is(word(bytes, 24)?, word(bytes, 28)?) && word(bytes, 4)? == VERSION;
        valid.then_some(Self { page_size, salt: *bytes.get(16..)?.first_chunk()?, checksum })
    }

    /// Page number, and size of the database in pages if the frame ends a transaction (else 0).
    fn check_frame(&self, frame: &[u8], checksum: &mut Checksum) -> Option<(u32, u32)> {
        let (head, page) = frame.split_at_checked(FRAME_HEADER)?;
        let page_number = word(head, 0)?;
        if head.get(8..16)? != &self.salt[..] || page_number == 0 {
            return None;
        }
        checksum.add(head.get(..8)?);
        checksum.add(page);
        checksum.is(word(head, 16)?, word(head, 20)?).then_some((page_number, word(head, 4)?))
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
        let wal = Wal::read(log).unwrap()?;
        let first = |number| Some(log[usize::try_from(wal.frame(number)?).unwrap() + FRAME_HEADER]);
        Some((wal.page_count, (1..=3).map(first).collect()))
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
        let taken = |bytes: &[u8]| Wal::read(bytes).unwrap();
        assert!(taken(&[]).is_none());
        assert!(taken(&good[..HEADER]).is_none());
        assert!(taken(&log(512, false, &[(1, 0, 1)])).is_none());
        // Magic, version, page size, salt, checksum.
        for offset in [0, 7, 10, 17, 25] {
            let mut changed = good.clone();
            changed[offset] ^= 1;
            assert!(taken(&changed).is_none(), "{offset}");
        }
        assert!(taken(&log(768, false, &[(1, 1, 1)])).is_none());
    }
}
