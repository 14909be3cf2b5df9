//! A quick look at a file in a folder that is open: to tell in no time what is nobody's.

use std::ffi::CStr;
use std::os::fd::{BorrowedFd, OwnedFd};

use rustix::buffer::spare_capacity;
use rustix::fs::{FileType, Mode, OFlags, fstat, openat};
use rustix::io::Errno;

use super::locate::is_pseudo;

const FLAGS: OFlags =
    OFlags::RDONLY.union(OFlags::NOFOLLOW).union(OFlags::NONBLOCK).union(OFlags::CLOEXEC).union(OFlags::NOCTTY);

/// The first bytes of a regular file, at most `length`. None if they cannot be had so easily, for whatever reason:
/// then [`super::Reader::head`] tells.
#[must_use]
pub fn peek(folder: BorrowedFd<'_>, name: &CStr, length: usize) -> Option<Vec<u8>> {
    let file = open(folder, name).ok()?;
    let known = fstat(&file).ok()?;
    if FileType::from_raw_mode(known.st_mode) != FileType::RegularFile || is_pseudo(&file) {
        return None;
    }
    let whole = usize::try_from(known.st_size).ok()?.min(length);
    let mut head = Vec::with_capacity(whole);
    while head.len() < whole {
        if rustix::io::read(&file, spare_capacity(&mut head)).ok()? == 0 {
            return None;
        }
    }
    head.truncate(length);
    Some(head)
}

/// Without a trace in its times, where that is allowed: for its owner and for root.
fn open(folder: BorrowedFd<'_>, name: &CStr) -> Result<OwnedFd, Errno> {
    match openat(folder, name, FLAGS | OFlags::NOATIME, Mode::empty()) {
        Err(Errno::PERM) => openat(folder, name, FLAGS, Mode::empty()),
        opened => opened,
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::os::fd::AsFd;
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn sees_the_beginning_of_plain_files_only() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("file"), "content").unwrap();
        fs::write(at("empty"), "").unwrap();
        fs::create_dir(at("folder")).unwrap();
        symlink("file", at("link")).unwrap();
        let mode = Mode::from_raw_mode(0o600);
        rustix::fs::mknodat(rustix::fs::CWD, at("pipe"), FileType::Fifo, mode, 0).unwrap();
        let open = File::open(folder.path()).unwrap();
        let peek = |name, length| peek(open.as_fd(), name, length);
        assert_eq!(peek(c"file", 3).as_deref(), Some(&b"con"[..]));
        assert_eq!(peek(c"file", 100).as_deref(), Some(&b"content"[..]));
        assert_eq!(peek(c"empty", 100).as_deref(), Some(&b""[..]));
        for name in [c"folder", c"link", c"pipe", c"gone"] {
            assert_eq!(peek(name, 100), None, "{name:?}");
        }
        let kernel = File::open("/proc/self").unwrap();
        assert_eq!(super::peek(kernel.as_fd(), c"status", 100), None);
    }
}
