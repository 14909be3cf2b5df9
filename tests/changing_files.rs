//! Files that change while they are read: what is read was there at one moment, or the reader says that it was not.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use xmpp_audit::model::{FileKind, Purpose, Trouble};
use xmpp_audit::source::Reader;

const KIND: FileKind = FileKind("test", Purpose::Other);
const ROUNDS: usize = 3000;

/// Reads a file again and again while it is being changed.
fn read_while(path: &Path, change: impl Fn(usize) + Sync, mut see: impl FnMut(Result<Vec<u8>, Trouble>)) {
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut round = 0;
            while !done.load(Ordering::Relaxed) {
                change(round);
                round += 1;
            }
        });
        for _ in 0..ROUNDS {
            see(Reader::default().read(path, KIND).map(|(_, bytes)| bytes.to_vec()));
        }
        done.store(true, Ordering::Relaxed);
    });
}

#[test]
fn a_file_that_is_replaced_is_read_as_one_or_the_other() {
    let folder = tempfile::tempdir().unwrap();
    let (path, new) = (folder.path().join("file"), folder.path().join("new"));
    let contents = [vec![b'a'; 10_000], vec![b'b'; 20_000]];
    fs::write(&path, &contents[0]).unwrap();
    let replace = |round: usize| {
        fs::write(&new, &contents[round % 2]).unwrap();
        fs::rename(&new, &path).unwrap();
    };
    let mut failures = 0;
    read_while(&path, replace, |read| match read {
        Ok(bytes) => assert!(contents.contains(&bytes)),
        Err(trouble) => {
            assert_eq!(trouble, Trouble::KeepsChanging);
            failures += 1;
        }
    });
    assert!(failures < ROUNDS / 10, "{failures} of {ROUNDS}");
}

#[test]
fn a_file_that_is_cut_off_or_grows_is_never_read_in_part() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    let whole = vec![b'x'; 100_000];
    fs::write(&path, &whole).unwrap();
    // As long as it is, it says so itself: what is shorter or longer than it ever was cannot have been there.
    let lengths = [100_000, 0, 50_000, 7];
    let cut = |round: usize| {
        let file = fs::OpenOptions::new().write(true).open(&path).unwrap();
        file.set_len(lengths[round % lengths.len()]).unwrap();
    };
    let mut read_whole = 0;
    read_while(&path, cut, |read| match read {
        Ok(bytes) => {
            assert!(lengths.contains(&(bytes.len() as u64)), "{}", bytes.len());
            read_whole += 1;
        }
        Err(trouble) => assert_eq!(trouble, Trouble::KeepsChanging),
    });
    assert!(read_whole > 0);
}

#[test]
fn what_comes_and_goes_is_there_or_missing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("inner/file");
    let come_and_go = |_| {
        fs::create_dir(folder.path().join("inner")).unwrap();
        fs::write(&path, "content").unwrap();
        fs::remove_dir_all(folder.path().join("inner")).unwrap();
    };
    read_while(&path, come_and_go, |read| match read {
        Ok(bytes) => assert!(bytes.is_empty() || bytes == b"content"),
        Err(trouble) => assert!(matches!(trouble, Trouble::Missing | Trouble::KeepsChanging), "{trouble:?}"),
    });
}
