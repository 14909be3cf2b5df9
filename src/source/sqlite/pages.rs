//! How SQLite gets to see a database: it is given those pages that it asks for, and no others.
//!
//! SQLite cannot read from a descriptor, only from a name, and a name may lead elsewhere a moment later. So it is given
//! a file system of its own, which holds nothing but what was opened and looked at, and in which nothing can be written,
//! locked or created. Whether the bytes were copied to memory before or still stand on the disk is all the same to it;
//! neither memory nor disk is needed for a further copy.

use std::io::{self, ErrorKind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use sqlite_vfs::{DatabaseHandle, LockKind, OpenOptions, Vfs, WalDisabled};

use zeroize::Zeroizing;

use super::header::{hide_log, page_size};
use super::overlay::Overlay;
use super::store::Store;
use super::wal::{FRAME_HEADER, Wal};

/// What SQLite knows the file system by.
const NAME: &str = "xmpp-audit-pages";

/// A database and its write-ahead log, of which pages can be read.
///
/// What is written stands in memory, laid over both, if that was wanted: on the disk nothing is ever changed.
#[derive(Clone, Debug)]
pub(super) struct Pages {
    database: Arc<Store>,
    log: Option<Arc<(Store, Wal)>>,
    changed: Arc<AtomicBool>,
    overlay: Arc<Mutex<Overlay>>,
    takes_changes: bool,
}

impl Pages {
    /// Lays the log over the database, if it is one of its page size: no other can be its own.
    pub(super) fn new(database: Store, page_size: Option<usize>, log: Option<(Store, Wal)>) -> Self {
        let log = log.filter(|(_, wal)| page_size == Some(wal.page_size));
        Self {
            database: Arc::new(database),
            log: log.map(Arc::new),
            changed: Arc::default(),
            overlay: Arc::default(),
            takes_changes: false,
        }
    }

    /// Those of a copy of both, the log laid over the database if it holds a commit.
    pub(super) fn in_memory(database: Zeroizing<Vec<u8>>, log: Option<Zeroizing<Vec<u8>>>) -> Self {
        let log = log.and_then(|bytes| {
            let wal = Wal::read(bytes.as_slice()).ok()??;
            Some((Store::Memory(bytes), wal))
        });
        let page_size = page_size(&database);
        Self::new(Store::Memory(database), page_size, log)
    }

    /// Whether they are those of a copy.
    pub(super) fn are_in_memory(&self) -> bool {
        matches!(*self.database, Store::Memory(_))
    }

    /// The same with other pages laid over it.
    pub(super) fn under(&self, overlay: Overlay) -> Self {
        Self { overlay: Arc::new(Mutex::new(overlay)), ..self.clone() }
    }

    /// Has what is written stand in memory.
    pub(super) fn taking_changes(self) -> Self {
        Self { takes_changes: true, ..self }
    }

    /// What is laid over it.
    pub(super) fn overlay(&self) -> Arc<Mutex<Overlay>> {
        Arc::clone(&self.overlay)
    }

    /// Becomes true when SQLite has asked for a page after the files had changed; it was told of an error then.
    pub(super) fn changed(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.changed)
    }

    /// A connection to it, its schema not yet read.
    pub(super) fn connect(self) -> rusqlite::Result<Connection> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        static OPENING: Mutex<()> = Mutex::new(());
        if !*REGISTERED {
            return Err(rusqlite::Error::InvalidQuery);
        }
        let name = NEXT.fetch_add(1, Ordering::Relaxed).to_string();
        // One at a time: the crate counts its files without a lock.
        let _alone = OPENING.lock().unwrap_or_else(PoisonError::into_inner);
        let (access, immutable) = if self.takes_changes {
            (OpenFlags::SQLITE_OPEN_READ_WRITE, "")
        } else {
            (OpenFlags::SQLITE_OPEN_READ_ONLY, "?immutable=1")
        };
        offer(Some((name.clone(), self)));
        let flags = access | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
        let connection = Connection::open_with_flags_and_vfs(format!("file:{name}{immutable}"), flags, NAME);
        offer(None);
        connection
    }

    /// How long SQLite is told that the database is.
    pub(super) fn length(&self) -> u64 {
        self.laid_over().length().unwrap_or_else(|| self.length_below())
    }

    fn length_below(&self) -> u64 {
        self.log.as_ref().map_or_else(|| self.database.length(), |log| log.1.length())
    }

    fn laid_over(&self) -> MutexGuard<'_, Overlay> {
        self.overlay.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The same as [`Self::read`], with the overlay.
    fn read_all(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let filled = self.read(buffer, offset)?;
        // What lies behind the end is zeros, if it is there.
        buffer.get_mut(filled..).unwrap_or_default().fill(0);
        let overlay = self.laid_over();
        let left = overlay.length().unwrap_or_else(|| self.length_below()).saturating_sub(offset);
        overlay.lay_over(buffer, offset);
        Ok(buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX)))
    }

    /// Fills the buffer with what stands from this offset on; says how much of it there was.
    fn read(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let Some((log, wal)) = self.log.as_deref() else { return self.database.read_at(buffer, offset) };
        let mut filled = 0;
        while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            let at = offset.saturating_add(filled as u64);
            if at >= wal.length() {
                break;
            }
            let size = wal.page_size as u64;
            let (number, inner) = (at / size + 1, at % size);
            let length = rest.len().min(usize::try_from(size - inner).unwrap_or(usize::MAX));
            let Some(piece) = rest.get_mut(..length) else { break };
            let number = u32::try_from(number).map_err(|_| ErrorKind::InvalidInput)?;
            match wal.frame(number) {
                Some(frame) => self.read_logged(log, wal, number, frame, inner, piece)?,
                None => {
                    // What stands neither in the database nor in its log is a page that SQLite once freed.
                    let there = self.database.read_at(piece, at)?;
                    piece.get_mut(there..).unwrap_or_default().fill(0);
                }
            }
            filled += length;
        }
        Ok(filled)
    }

    /// Reads a part of a page out of the log, and sees that the log has not been begun anew.
    fn read_logged(
        &self,
        log: &Store,
        wal: &Wal,
        number: u32,
        frame: u64,
        inner: u64,
        piece: &mut [u8],
    ) -> io::Result<()> {
        let start = frame.saturating_add(FRAME_HEADER as u64).saturating_add(inner);
        let read = log.read_at(piece, start)?;
        let mut head = [0; FRAME_HEADER];
        let is_same = log.read_at(&mut head, frame)? == head.len() && wal.is_frame_of(&head, number);
        if is_same && read == piece.len() { Ok(()) } else { Err(self.has_changed()) }
    }

    /// Sees that the database is what it was. New frames at the end of the log change nothing.
    fn see_that_it_is_the_same(&self) -> io::Result<()> {
        if self.database.is_unchanged()? { Ok(()) } else { Err(self.has_changed()) }
    }

    fn has_changed(&self) -> io::Error {
        self.changed.store(true, Ordering::Relaxed);
        io::Error::other("it changed while it was being read")
    }
}

static REGISTERED: LazyLock<bool> = LazyLock::new(|| sqlite_vfs::register(NAME, Offer, false).is_ok());

/// The one database that is about to be opened, and its name.
static OFFERED: Mutex<Option<(String, Pages)>> = Mutex::new(None);

fn offer(pages: Option<(String, Pages)>) {
    *OFFERED.lock().unwrap_or_else(PoisonError::into_inner) = pages;
}

/// The file system: what is offered, once.
struct Offer;

impl Vfs for Offer {
    type Handle = Pages;

    fn open(&self, name: &str, _: OpenOptions) -> io::Result<Pages> {
        let mut offered = OFFERED.lock().unwrap_or_else(PoisonError::into_inner);
        let pages = offered.take_if(|(offered, _)| offered == name);
        pages.map(|(_, pages)| pages).ok_or_else(|| ErrorKind::NotFound.into())
    }

    fn delete(&self, _: &str) -> io::Result<()> {
        Err(ErrorKind::ReadOnlyFilesystem.into())
    }

    fn exists(&self, _: &str) -> io::Result<bool> {
        Ok(false)
    }

    fn temporary_name(&self) -> String {
        String::new()
    }

    /// SQLite wants chance for temporary files, of which there are none here.
    fn random(&self, buffer: &mut [i8]) {
        buffer.fill(0);
    }

    fn sleep(&self, _: Duration) -> Duration {
        Duration::ZERO
    }
}

impl DatabaseHandle for Pages {
    type WalIndex = WalDisabled;

    fn size(&self) -> io::Result<u64> {
        Ok(self.length())
    }

    fn read_exact_at(&mut self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        let filled = self.read_all(buffer, offset)?;
        self.see_that_it_is_the_same()?;
        if let Ok(offset) = usize::try_from(offset) {
            hide_log(buffer.get_mut(..filled).unwrap_or_default(), offset);
        }
        // SQLite wants the rest of a short read to be zeros.
        let rest = buffer.get_mut(filled..).unwrap_or_default();
        rest.fill(0);
        if rest.is_empty() { Ok(()) } else { Err(ErrorKind::UnexpectedEof.into()) }
    }

    fn write_all_at(&mut self, bytes: &[u8], offset: u64) -> io::Result<()> {
        if !self.takes_changes {
            return Err(ErrorKind::ReadOnlyFilesystem.into());
        }
        let below = self.length_below();
        self.laid_over().write(bytes, offset, below);
        Ok(())
    }

    fn sync(&mut self, _: bool) -> io::Result<()> {
        Ok(())
    }

    fn set_len(&mut self, length: u64) -> io::Result<()> {
        if !self.takes_changes {
            return Err(ErrorKind::ReadOnlyFilesystem.into());
        }
        self.laid_over().set_length(length);
        Ok(())
    }

    /// Nothing is locked: whoever uses the database must not be kept from it.
    fn lock(&mut self, _: LockKind) -> io::Result<bool> {
        Ok(true)
    }

    fn reserved(&mut self) -> io::Result<bool> {
        Ok(false)
    }

    fn current_lock(&self) -> io::Result<LockKind> {
        Ok(LockKind::None)
    }

    fn wal_index(&self, _: bool) -> io::Result<WalDisabled> {
        Ok(WalDisabled)
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

    /// What SQLite is told, in bites so small that the header is cut.
    fn told(database: &[u8], log: Option<&[u8]>) -> Vec<u8> {
        let own = |bytes: &[u8]| Zeroizing::new(bytes.to_vec());
        let mut pages = Pages::in_memory(own(database), log.map(own));
        let length = usize::try_from(DatabaseHandle::size(&pages).unwrap()).unwrap();
        let mut bytes = vec![0; length];
        for (number, bite) in bytes.chunks_mut(19).enumerate() {
            pages.read_exact_at(bite, number as u64 * 19).unwrap();
        }
        assert!(pages.read_exact_at(&mut [0], length as u64).is_err(), "nothing stands behind the end");
        bytes
    }

    #[test]
    fn are_those_of_the_database_where_there_is_no_log() {
        let database = database(512, 3);
        let told = told(&database[..1000], None);
        assert_eq!(told[18..20], [1, 1]);
        assert_eq!((&told[..18], &told[20..]), (&database[..18], &database[20..1000]));
    }

    #[test]
    fn those_of_the_log_are_laid_over_and_the_last_commit_says_how_many_there_are() {
        let database = database(512, 3);
        let firsts = |frames: &[(u32, u32, u8)]| {
            let told = told(&database, Some(&log(512, true, frames)));
            told.chunks(512).map(|page| page[100]).collect::<Vec<u8>>()
        };
        assert_eq!(firsts(&[(2, 3, 1)]), [10, 1, 30]);
        assert_eq!(firsts(&[(2, 2, 1)]), [10, 1]);
        assert_eq!(firsts(&[(6, 6, 1)]), [10, 20, 30, 0, 0, 1]);
        assert_eq!(firsts(&[(2, 3, 1), (2, 3, 2), (2, 0, 3)]), [10, 2, 30]);
    }

    #[test]
    fn the_log_of_another_database_counts_for_nothing() {
        let log = log(512, true, &[(1, 1, 9)]);
        assert_eq!(told(&database(1024, 1), Some(&log))[100], 10);
    }
}
