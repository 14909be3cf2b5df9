//! The image of a database: the main file with the pages of its write-ahead log laid over it.

use std::io::{self, Read};

use super::wal::Wal;

/// A page that stands neither in the database nor in its log: one that SQLite once freed.
static BLANK: [u8; 65536] = [0; 65536];

/// Where the header says in which format the file is to be written and read: 1 for rollback journals, 2 for
/// write-ahead logs.
const FORMAT_BYTES: [usize; 2] = [18, 19];

/// The merged image, to be read from its beginning to its end.
///
/// Its header says that there is no write-ahead log, since SQLite takes no image in memory that has one.
#[derive(Debug)]
pub(super) struct Merged<'a> {
    database: &'a [u8],
    log: Option<Log<'a>>,
    /// The number of the page to come, counted from 1.
    next_page: u32,
    piece: &'a [u8],
    position: usize,
}

/// A log and where its pages stand.
#[derive(Debug)]
struct Log<'a> {
    bytes: &'a [u8],
    wal: Wal,
}

impl<'a> Merged<'a> {
    /// Lays the log over `database`, if it holds a commit and is one of its page size: no other can be its own.
    pub(super) fn new(database: &'a [u8], log: Option<&'a [u8]>) -> Self {
        let log = log.and_then(|bytes| Some(Log { bytes, wal: Wal::read(bytes).ok()?? }));
        let log = log.filter(|log| page_size(database) == Some(log.wal.page_size));
        let piece = if log.is_none() { database } else { &[] };
        Self { database, log, next_page: 1, piece, position: 0 }
    }

    /// The length of the image in bytes.
    pub(super) fn length(&self) -> u64 {
        self.log.as_ref().map_or(self.main_length(), |log| log.wal.length())
    }

    /// The length of the main file in bytes.
    pub(super) const fn main_length(&self) -> u64 {
        self.database.len() as u64
    }

    /// The next page; none behind the last.
    fn turn_page(&mut self) -> Option<&'a [u8]> {
        let log = self.log.as_ref().filter(|log| self.next_page <= log.wal.page_count)?;
        let (number, size) = (self.next_page, log.wal.page_size);
        self.next_page = number.checked_add(1)?;
        let in_log = || piece(log.bytes, usize::try_from(log.wal.content(number)?).ok()?, size);
        let in_database = || piece(self.database, usize::try_from(number - 1).ok()?.checked_mul(size)?, size);
        in_log().or_else(in_database).or_else(|| BLANK.get(..size))
    }
}

impl Read for Merged<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.piece.is_empty() {
            self.piece = self.turn_page().unwrap_or_default();
        }
        let count = self.piece.read(buffer)?;
        hide_log(buffer.get_mut(..count).unwrap_or_default(), self.position);
        self.position = self.position.saturating_add(count);
        Ok(count)
    }
}

fn piece(bytes: &[u8], start: usize, length: usize) -> Option<&[u8]> {
    bytes.get(start..start.checked_add(length)?)
}

/// Has a header, of which these bytes from this offset on are a part, say that there is no write-ahead log.
pub(super) fn hide_log(bytes: &mut [u8], offset: usize) {
    for at in FORMAT_BYTES {
        if let Some(byte) = at.checked_sub(offset).and_then(|at| bytes.get_mut(at)) {
            *byte = if *byte == 2 { 1 } else { *byte };
        }
    }
}

/// The page size that a database's header names, in bytes.
pub(super) fn page_size(database: &[u8]) -> Option<usize> {
    match database.get(16..)?.first_chunk().copied().map(u16::from_be_bytes)? {
        1 => Some(65536),
        size => Some(usize::from(size)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::wal::tests::log;
    use super::*;

    /// A database of pages filled with 10, 20, 30 ..., whose header names the page size.
    fn database(page_size: u16, pages: u8) -> Vec<u8> {
        let mut bytes: Vec<u8> = (1..=pages).flat_map(|page| vec![page * 10; usize::from(page_size)]).collect();
        bytes[16..18].copy_from_slice(&page_size.to_be_bytes());
        bytes[18..20].copy_from_slice(&[2, 2]);
        bytes
    }

    fn read(mut merged: Merged<'_>) -> Vec<u8> {
        let expected = merged.length();
        let mut bytes = Vec::new();
        // In small bites, so that the header is cut.
        let mut bite = [0; 19];
        loop {
            let count = merged.read(&mut bite).unwrap();
            if count == 0 {
                break;
            }
            bytes.extend(&bite[..count]);
        }
        assert_eq!(bytes.len() as u64, expected);
        bytes
    }

    #[test]
    fn is_the_database_where_there_is_no_log() {
        let database = database(512, 3);
        let image = read(Merged::new(&database[..1000], None));
        assert_eq!(image[18..20], [1, 1]);
        assert_eq!(image[20..], database[20..1000]);
    }

    #[test]
    fn lays_pages_over_and_takes_the_size_of_the_last_commit() {
        let database = database(512, 3);
        let firsts = |frames: &[(u32, u32, u8)]| {
            let log = log(512, true, frames);
            let image = read(Merged::new(&database, Some(&log)));
            image.chunks(512).map(|page| page[100]).collect::<Vec<u8>>()
        };
        assert_eq!(firsts(&[(2, 3, 1)]), [10, 1, 30]);
        assert_eq!(firsts(&[(2, 2, 1)]), [10, 1]);
        assert_eq!(firsts(&[(6, 6, 1)]), [10, 20, 30, 0, 0, 1]);
        assert_eq!(firsts(&[(2, 3, 1), (2, 3, 2), (2, 0, 3)]), [10, 2, 30]);
    }

    #[test]
    fn ignores_the_log_of_another_database() {
        let database = database(1024, 1);
        let log = log(512, true, &[(1, 1, 9)]);
        assert_eq!(read(Merged::new(&database, Some(&log)))[100], 10);
    }
}
