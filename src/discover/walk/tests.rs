//! The walk on trees that are made to be difficult.
#![cfg(target_os = "linux")]

use std::collections::{BTreeMap, HashSet};
use std::ffi::OsStr;
use std::fs;
use std::num::NonZeroUsize;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use rustix::fs::{CWD, Mode, OFlags, mkdirat, openat};

use super::{Entry, Kind, Manner, Visit, Walked, portable, walk};
use crate::model::Trouble;

/// Wants everything, and remembers it.
#[derive(Default)]
struct Seen {
    entries: Mutex<BTreeMap<PathBuf, Kind>>,
    closed: Mutex<BTreeMap<PathBuf, Trouble>>,
}

impl Visit for Seen {
    fn wants(&self, _: &[u8], _: Kind) -> bool {
        true
    }

    fn meet(&self, entry: &Entry<'_>) {
        let before = self.entries.lock().unwrap().insert(entry.path.clone(), entry.kind);
        assert_eq!(before, None, "{:?} twice", entry.path);
    }

    fn closed(&self, folder: PathBuf, trouble: Trouble) {
        assert_eq!(self.closed.lock().unwrap().insert(folder, trouble), None);
    }
}

fn manner(threads: usize) -> Manner<'static> {
    Manner {
        threads: NonZeroUsize::new(threads).unwrap(),
        max_depth: usize::MAX,
        one_file_system: false,
        all: true,
        been_in: None,
    }
}

type Found = (Walked, BTreeMap<PathBuf, Kind>, BTreeMap<PathBuf, Trouble>);

fn see(root: &Path, walk: impl Fn(&Path, &Seen) -> Walked) -> Found {
    let seen = Seen::default();
    let walked = walk(root, &seen);
    (walked, seen.entries.into_inner().unwrap(), seen.closed.into_inner().unwrap())
}

/// A tree of all kinds of entries: wide, deep, with names of any bytes.
fn tree() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let at = |path: &str| folder.path().join(path);
    for wide in 0..300 {
        fs::create_dir_all(at(&format!("wide/{wide}/{}", wide % 7))).unwrap();
        fs::write(at(&format!("wide/{wide}/file")), "").unwrap();
    }
    let deep = "d/".repeat(200);
    fs::create_dir_all(at(&deep)).unwrap();
    for depth in (0..200).step_by(3) {
        fs::write(at(&"d/".repeat(depth)).join("x"), "").unwrap();
        fs::create_dir_all(at(&"d/".repeat(depth)).join("e/f")).unwrap();
    }
    for name in [&b"a\nb"[..], b"\xff\xfe", b"\x1b[31m", b" ", b"-rf", "\u{202e}x".as_bytes(), &[b'n'; 255]] {
        fs::create_dir(folder.path().join(OsStr::from_bytes(name))).unwrap();
        fs::write(folder.path().join(OsStr::from_bytes(name)).join(OsStr::from_bytes(name)), "").unwrap();
    }
    fs::create_dir_all(at("web/node_modules/package")).unwrap();
    fs::create_dir_all(at("web/.git/objects/ab")).unwrap();
    symlink("..", at("web/up")).unwrap();
    symlink("nowhere", at("web/dangling")).unwrap();
    rustix::fs::mknodat(CWD, at("pipe"), rustix::fs::FileType::Fifo, Mode::from_raw_mode(0o600), 0).unwrap();
    drop(std::os::unix::net::UnixListener::bind(at("socket")).unwrap());
    folder
}

#[test]
fn every_number_of_threads_sees_what_one_by_paths_sees() {
    let folder = tree();
    for (all, max_depth, one_file_system) in [
        (true, usize::MAX, false),
        (false, usize::MAX, true),
        (true, 1, false),
        (false, 2, false),
        (true, 3, true),
        (true, 40, false),
    ] {
        let manner = |threads| Manner { all, max_depth, one_file_system, ..manner(threads) };
        let expected = see(folder.path(), |root, seen| portable::walk(root, manner(1), seen));
        assert!(expected.1.len() >= 12, "{all} {max_depth}");
        assert_eq!(expected.0.pruned > 0, !all && max_depth > 2, "{all} {max_depth}");
        for threads in [1, 2, 3, 16] {
            let walked = see(folder.path(), |root, seen| walk(root, manner(threads), seen));
            assert_eq!(walked, expected, "{threads} threads, {all}, {max_depth}");
        }
    }
}

#[test]
fn folders_that_were_walked_through_are_left_alone() {
    let folder = tree();
    let none = HashSet::new();
    let (walked, ..) =
        see(folder.path(), |root, seen| walk(root, Manner { been_in: Some(&none), ..manner(2) }, seen));
    let been_in: HashSet<_> = walked.folders.iter().copied().collect();
    assert_eq!(been_in.len(), walked.folders.len());
    let again = Manner { been_in: Some(&been_in), ..manner(2) };
    assert_eq!(see(folder.path(), |root, seen| walk(root, again, seen)), Found::default());
    assert_eq!(see(folder.path(), |root, seen| portable::walk(root, again, seen)).0, Walked::default());
    let mut other =
        see(folder.path(), |root, seen| portable::walk(root, Manner { been_in: Some(&none), ..manner(1) }, seen));
    other.0.folders.sort();
    let mut folders = walked.folders;
    folders.sort();
    assert_eq!(folders, other.0.folders);
}

/// What lies beside the way down.
fn beside(depth: usize) -> &'static [&'static str] {
    if depth.is_multiple_of(4) { &["aside", "beside"] } else { &[] }
}

/// Makes folders so deep that no path leads to the last ones.
fn make_deep(root: &Path, depth: usize) {
    let mode = Mode::from_raw_mode(0o755);
    let flags = OFlags::RDONLY | OFlags::DIRECTORY;
    let mut above = openat(CWD, root, flags, Mode::empty()).unwrap();
    for depth in 0..depth {
        for name in beside(depth).iter().chain(&["way-down"]) {
            mkdirat(&above, *name, mode).unwrap();
        }
        above = openat(&above, "way-down", flags, Mode::empty()).unwrap();
    }
    openat(&above, "at the end", OFlags::CREATE | OFlags::WRONLY, mode).unwrap();
}

/// Removes them again: what removes temporary folders goes by paths.
fn remove_deep(root: &Path, depth: usize) {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY;
    let mut above = openat(CWD, root, flags, Mode::empty()).unwrap();
    let remove = rustix::fs::AtFlags::REMOVEDIR;
    for depth in 0..depth {
        for name in beside(depth) {
            rustix::fs::unlinkat(&above, *name, remove).unwrap();
        }
        above = openat(&above, "way-down", flags, Mode::empty()).unwrap();
    }
    rustix::fs::unlinkat(&above, "at the end", rustix::fs::AtFlags::empty()).unwrap();
    for _ in 0..depth {
        above = openat(&above, "..", flags, Mode::empty()).unwrap();
        rustix::fs::unlinkat(&above, "way-down", remove).unwrap();
    }
}

#[test]
fn no_folder_is_too_deep() {
    const DEPTH: usize = 10_000;
    let folder = tempfile::tempdir().unwrap();
    make_deep(folder.path(), DEPTH);
    let count = |threads| {
        let (_, entries, closed) = see(folder.path(), |root, seen| walk(root, manner(threads), &Few { seen }));
        assert_eq!(closed, BTreeMap::new());
        assert_eq!(entries.len(), 1);
        entries.into_keys().next().unwrap().components().count() - folder.path().components().count()
    };
    let counts = [1, 16].map(count);
    remove_deep(folder.path(), DEPTH);
    assert_eq!(counts, [DEPTH + 1; 2]);
}

/// Wants only the one at the end.
struct Few<'a> {
    seen: &'a Seen,
}

impl Visit for Few<'_> {
    fn wants(&self, name: &[u8], _: Kind) -> bool {
        name == b"at the end"
    }

    fn meet(&self, entry: &Entry<'_>) {
        self.seen.meet(entry);
    }

    fn closed(&self, folder: PathBuf, trouble: Trouble) {
        self.seen.closed(folder, trouble);
    }
}

#[test]
fn what_may_not_be_entered_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let shut: Vec<PathBuf> = (0..5).map(|number| folder.path().join(format!("a/{number}/shut"))).collect();
    for path in &shut {
        fs::create_dir_all(path).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o000)).unwrap();
    }
    let (_, _, closed) = see(folder.path(), |root, seen| walk(root, manner(2), seen));
    for path in &shut {
        fs::set_permissions(path, fs::Permissions::from_mode(0o700)).unwrap();
    }
    // The superuser may enter everything.
    let expected = if rustix::process::geteuid().is_root() { Vec::new() } else { shut };
    assert_eq!(closed.keys().cloned().collect::<Vec<_>>(), expected);
    assert!(closed.values().all(|trouble| *trouble == Trouble::PermissionDenied));
    let gone = see(&folder.path().join("gone"), |root, seen| walk(root, manner(2), seen));
    assert_eq!(gone, Found::default());
}

#[test]
fn a_tree_that_changes_ends_the_walk_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let busy = std::sync::atomic::AtomicBool::new(true);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for round in 0.. {
                let path = folder.path().join(format!("{}/{}", round % 11, round % 7));
                let _ = fs::create_dir_all(&path);
                let _ = fs::write(path.join("file"), "");
                let _ = symlink("/", path.join("link"));
                let _ = fs::remove_dir_all(folder.path().join(format!("{}", (round + 5) % 11)));
                if !busy.load(std::sync::atomic::Ordering::Relaxed) {
                    break;
                }
            }
        });
        for threads in [1, 2, 4] {
            for _ in 0..50 {
                let (_, _, closed) = see(folder.path(), |root, seen| walk(root, manner(threads), &Any { seen }));
                assert_eq!(closed, BTreeMap::new());
            }
        }
        busy.store(false, std::sync::atomic::Ordering::Relaxed);
    });
}

/// Takes whatever comes, also twice: a name may come again where a folder changes while it is listed.
struct Any<'a> {
    seen: &'a Seen,
}

impl Visit for Any<'_> {
    fn wants(&self, _: &[u8], kind: Kind) -> bool {
        kind != Kind::Folder
    }

    fn meet(&self, entry: &Entry<'_>) {
        assert!(entry.path.file_name().is_some());
    }

    fn closed(&self, folder: PathBuf, trouble: Trouble) {
        self.seen.closed(folder, trouble);
    }
}

#[test]
fn a_panic_ends_the_walk_and_no_thread_waits_for_ever() {
    struct Panics;
    impl Visit for Panics {
        fn wants(&self, name: &[u8], _: Kind) -> bool {
            assert!(name != b"bomb", "as asked for");
            false
        }

        fn meet(&self, _: &Entry<'_>) {}

        fn closed(&self, _: PathBuf, _: Trouble) {}
    }
    let folder = tree();
    fs::create_dir_all(folder.path().join("wide/299/6/bomb")).unwrap();
    for threads in [1, 2, 16] {
        let outcome = std::panic::catch_unwind(|| walk(folder.path(), manner(threads), &Panics));
        assert!(outcome.is_err(), "{threads}");
    }
}
