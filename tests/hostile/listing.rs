//! What lies in a folder, however deep: paths, kinds, modes, owners, times of change, sizes and content.

use std::ffi::OsString;
use std::os::fd::OwnedFd;
use std::path::PathBuf;

use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, openat, readlinkat, statat};
use sha2::{Digest, Sha256};

/// How much of a large file is looked at, at its beginning and at its end.
const PART: u64 = 1 << 20;

/// Everything below a folder, without following links. Times of reading are left out.
pub fn listing(folder: &std::path::Path) -> Vec<String> {
    let mut lines = Vec::new();
    let top = open(rustix::fs::CWD, folder.as_os_str()).unwrap();
    let mut waiting = vec![(PathBuf::new(), top)];
    // One folder is open for each that waits: many beside one another, but no chain of them.
    while let Some((path, folder)) = waiting.pop() {
        let mut names: Vec<OsString> = Dir::read_from(&folder)
            .into_iter()
            .flatten()
            .map(|entry| entry.unwrap().file_name().to_bytes().to_vec())
            .filter(|name| name != b"." && name != b"..")
            .map(std::os::unix::ffi::OsStringExt::from_vec)
            .collect();
        names.sort_unstable();
        for name in names {
            let found = statat(&folder, &name, AtFlags::SYMLINK_NOFOLLOW).unwrap();
            let kind = FileType::from_raw_mode(found.st_mode);
            let content = match kind {
                FileType::RegularFile => content(&folder, &name, u64::try_from(found.st_size).unwrap()),
                FileType::Symlink => format!("{:?}", readlinkat(&folder, &name, Vec::new()).unwrap()),
                _ => String::new(),
            };
            let path = path.join(&name);
            lines.push(format!(
                "{path:?} {:o} {}:{} {} {}.{} {content}",
                found.st_mode, found.st_uid, found.st_gid, found.st_size, found.st_mtime, found.st_mtime_nsec
            ));
            if kind == FileType::Directory
                && let Some(inner) = open(&folder, &name)
            {
                // Long paths tell nothing that their depth does not.
                let path = if path.as_os_str().len() > 4096 {
                    PathBuf::from(format!("deep {}", lines.len()))
                } else {
                    path
                };
                waiting.push((path, inner));
            }
        }
    }
    lines.sort_unstable();
    lines
}

fn open(at: impl std::os::fd::AsFd, name: &std::ffi::OsStr) -> Option<OwnedFd> {
    openat(at, name, OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC, Mode::empty()).ok()
}

/// The hash of a file; of a large one, which may be nothing but a hole, that of both of its ends.
fn content(folder: &OwnedFd, name: &OsString, size: u64) -> String {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let Ok(file) = openat(folder, name, flags, Mode::empty()) else { return "closed".to_owned() };
    let mut hash = Sha256::new();
    let mut buffer = vec![0; usize::try_from(PART).unwrap()];
    for start in [0, size.saturating_sub(PART)] {
        let read = rustix::io::pread(&file, &mut buffer, start).unwrap();
        hash.update(&buffer[..read]);
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
