//! Where the bytes of a database, or of its write-ahead log, are read from.

use std::fs::{File, Metadata};
use std::io::{self, ErrorKind};

use zeroize::Zeroizing;

use crate::source::reader::{Open, same_state};

/// Bytes that can be read from any offset on.
pub(super) enum Store {
    /// Those of a file, where they stand, and what the file was when it was opened.
    File(File, Metadata),
    /// A copy.
    Memory(Zeroizing<Vec<u8>>),
}

impl std::fmt::Debug for Store {
    /// Never its content.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Store").field("length", &self.length()).finish_non_exhaustive()
    }
}

impl Drop for Store {
    /// What is left of an emptied vector is wiped in one go, and not byte by byte.
    fn drop(&mut self) {
        if let Self::Memory(bytes) = self {
            bytes.clear();
        }
    }
}

impl From<Open> for Store {
    fn from(open: Open) -> Self {
        Self::File(open.file, open.metadata)
    }
}

impl From<Zeroizing<Vec<u8>>> for Store {
    fn from(bytes: Zeroizing<Vec<u8>>) -> Self {
        Self::Memory(bytes)
    }
}

impl Store {
    /// How many bytes there are, or were when the file was opened.
    pub(super) fn length(&self) -> u64 {
        match self {
            Self::File(_, as_it_was) => as_it_was.len(),
            Self::Memory(bytes) => bytes.len() as u64,
        }
    }

    /// Whether it is still what it was. New frames at the end of a log are not looked for.
    pub(super) fn is_unchanged(&self) -> io::Result<bool> {
        match self {
            Self::File(file, as_it_was) => Ok(same_state(as_it_was, &file.metadata()?)),
            Self::Memory(_) => Ok(true),
        }
    }

    /// Fills the buffer with what stands from this offset on, as far as there is something; says how much that was.
    pub(super) fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        match self {
            Self::File(file, _) => read_at(file, buffer, offset),
            Self::Memory(bytes) => {
                let start = usize::try_from(offset).unwrap_or(usize::MAX);
                let there = bytes.get(start..).unwrap_or_default();
                let count = there.len().min(buffer.len());
                if let (Some(to), Some(from)) = (buffer.get_mut(..count), there.get(..count)) {
                    to.copy_from_slice(from);
                }
                Ok(count)
            }
        }
    }
}

/// Fills the buffer with what stands in a file from this offset on, as far as there is something; says how much that
/// was.
pub(super) fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match read_once(file, rest, offset.saturating_add(filled as u64)) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

#[cfg(unix)]
fn read_once(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

#[cfg(not(unix))]
fn read_once(mut file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    use std::io::{Read, Seek, SeekFrom};
    file.seek(SeekFrom::Start(offset))?;
    file.read(buffer)
}
