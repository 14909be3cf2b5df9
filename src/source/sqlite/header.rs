//! What stands in the header of a database that whoever reads it has to know.

/// Where the header says in which format the file is to be written and read: 1 for rollback journals, 2 for
/// write-ahead logs.
const FORMAT_BYTES: [usize; 2] = [18, 19];

/// Has a header, of which these bytes from this offset on are a part, say that there is no write-ahead log: SQLite would
/// look for it.
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
