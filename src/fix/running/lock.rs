//! The lock that every program holds that has a database in the write-ahead mode open.
//!
//! It is asked for, never taken. It tells also where processes are out of sight.

use std::fs::{File, OpenOptions};
use std::io::Read;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use rustix::fs::OFlags;
use rustix::process::{Flock, FlockOffsetType, FlockType, fcntl_getlk};

use super::sought::Sought;
use super::{Running, Sign};
use crate::source::sqlite::MAGIC;

/// Where the bytes are that readers lock (SQLite's `SHARED_FIRST`), and how many there are.
const SHARED: (u64, u64) = (0x4000_0002, 510);

/// Somebody who holds a lock on one of the databases.
pub(super) fn held(sought: &Sought<'_>) -> Option<Running> {
    sought.asked.files.iter().find_map(|path| {
        let lock = asked(path)?;
        let pid = lock.pid.map(|pid| pid.as_raw_nonzero().get().unsigned_abs());
        Some(sought.running(Sign::Locked(path.clone()), pid))
    })
}

/// The lock on the database, if it is one and there is one.
fn asked(path: &Path) -> Option<Flock> {
    if !path.metadata().ok()?.is_file() {
        return None;
    }
    let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
    let mut file = OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(path).ok()?;
    let mut head = [0; MAGIC.len()];
    file.read_exact(&mut head).ok().filter(|()| head.as_slice() == MAGIC)?;
    lock_on(&file)
}

fn lock_on(file: &File) -> Option<Flock> {
    let (start, length) = SHARED;
    let wanted = Flock { start, length, pid: None, typ: FlockType::WriteLock, offset_type: FlockOffsetType::Set };
    fcntl_getlk(file, &wanted).ok()?
}
