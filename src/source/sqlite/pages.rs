//! Large databases: SQLite is given those pages that it asks for, and no others.
//!
//! SQLite cannot read from a descriptor, only from a name, and a name may lead elsewhere a moment later. So it is given
//! a file system of its own, which holds nothing but the files that were opened and looked at, and in which nothing can
//! be written, locked or created. Neither memory nor disk is needed for a copy.

use std::fs::{File, Metadata};
use std::io::{self, ErrorKind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use sqlite_vfs::{DatabaseHandle, LockKind, OpenOptions, Vfs, WalDisabled};

use super::merged::{hide_log, page_size};
use super::overlay::Overlay;
use super::wal::{FRAME_HEADER, Wal};
use crate::source::reader::{Open, same_state};

/// What SQLite knows the file system by.
const NAME: &str = "xmpp-audit-pages";

/// A database and its write-ahead log, open, of which pages can be read.
///
/// What is written stands in memory, laid over both, if that was wanted: on the disk nothing is ever changed.
#[derive(Clone, Debug)]
pub(super) struct Pages {
    database: Arc<File>,
    as_it_was: Metadata,
    log: Option<Arc<(File, Wal)>>,
    changed: Arc<AtomicBool>,
    overlay: Arc<Mutex<Overlay>>,
    takes_changes: bool,
}

impl Pages {
    /// Lays the log over the database, if it is one of its page size: no other can be its own. `head` are the first
    /// bytes of the database.
    pub(super) fn new(database: Open, head: &[u8], log: Option<(File, Wal)>) -> Self {
        let log = log.filter(|(_, wal)| page_size(head) == Some(wal.page_size));
        Self {
            database: Arc::new(database.file),
            as_it_was: database.metadata,
            log: log.map(Arc::new),
            changed: Arc::default(),
            overlay: Arc::default(),
            takes_changes: false,
        }
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

    fn length(&self) -> u64 {
        self.laid_over().length().unwrap_or_else(|| self.length_below())
    }

    fn length_below(&self) -> u64 {
        self.log.as_ref().map_or(self.as_it_was.len(), |log| log.1.length())
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
        let Some((log, wal)) = self.log.as_deref() else { return read_at(&self.database, buffer, offset) };
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
                    let there = read_at(&self.database, piece, at)?;
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
        log: &File,
        wal: &Wal,
        number: u32,
        frame: u64,
        inner: u64,
        piece: &mut [u8],
    ) -> io::Result<()> {
        let start = frame.saturating_add(FRAME_HEADER as u64).saturating_add(inner);
        let read = read_at(log, piece, start)?;
        let mut head = [0; FRAME_HEADER];
        let is_same = read_at(log, &mut head, frame)? == head.len() && wal.is_frame_of(&head, number);
        if is_same && read == piece.len() { Ok(()) } else { Err(self.has_changed()) }
    }

    /// Sees that the database is what it was. New frames at the end of the log change nothing.
    fn see_that_it_is_the_same(&self) -> io::Result<()> {
        let now = self.database.metadata()?;
        if same_state(&self.as_it_was, &now) { Ok(()) } else { Err(self.has_changed()) }
    }

    fn has_changed(&self) -> io::Error {
        self.changed.store(true, Ordering::Relaxed);
        io::Error::other("it changed while it was being read")
    }
}

/// Reads as much as there is.
#[cfg(unix)]
fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    use std::os::unix::fs::FileExt;
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match file.read_at(rest, offset.saturating_add(filled as u64)) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

#[cfg(not(unix))]
fn read_at(mut file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    use std::io::{Read, Seek, SeekFrom};
    file.seek(SeekFrom::Start(offset))?;
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match file.read(rest)? {
            0 => break,
            count => filled += count,
        }
    }
    Ok(filled)
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
