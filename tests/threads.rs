//! Users’ files are read and judged by several threads: nothing that is said may depend on how many.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::fs;
use std::path::Path;

use assert_cmd::Command;

const CLIENTS: [(&str, &str); 8] = [
    ("pidgin/samples/accounts-gui-two-accounts-opportunistic-tor.xml", ".purple/accounts.xml"),
    ("pidgin/samples/blist-written-by-client.xml", ".purple/blist.xml"),
    ("gajim/samples/1.7-many-problems.sqlite", ".config/gajim/settings.sqlite"),
    ("gajim/samples/text-0.16.3.config", ".gajim/config"),
    ("dino/samples/v26-dino-0.4-observed-wal/dino.db", ".local/share/dino/dino.db"),
    ("dino/samples/v26-dino-0.4-observed-wal/dino.db-wal", ".local/share/dino/dino.db-wal"),
    ("profanity/samples/accounts-0.13.1-insecure", ".local/share/profanity/accounts"),
    ("profanity/samples/profrc-0.13.1-many-settings", ".config/profanity/profrc"),
];

fn write(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

/// A database that has its reader make a list of 64 MiB, which is more than SQLite may take: the only row of its only
/// table claims to be 4 GiB long.
fn hungry(path: &Path) {
    let writer = rusqlite::Connection::open(path).unwrap();
    writer
        .execute_batch(
            "PRAGMA page_size = 512; CREATE TABLE settings (name TEXT, settings TEXT);
             INSERT INTO settings VALUES ('app', printf('%.*c', 5000, 'x'));",
        )
        .unwrap();
    drop(writer);
    let mut bytes = fs::read(path).unwrap();
    let page = 512;
    let cell = usize::from(u16::from_be_bytes([bytes[page + 8], bytes[page + 9]]));
    bytes.copy_within(page + cell..page + cell + 2, page + cell - 3);
    bytes[page + cell - 3..page + cell + 2].copy_from_slice(&[0x8f, 0xff, 0xff, 0xff, 0x7f]);
    let start = u16::try_from(cell - 3).unwrap().to_be_bytes();
    bytes[page + 8..page + 10].copy_from_slice(&start);
    bytes[page + 5..page + 7].copy_from_slice(&start);
    fs::write(path, bytes).unwrap();
}

/// Homes of users, every one with something else in it: sound files, damaged ones, one that two of them share.
fn homes(root: &Path, count: usize) {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    write(&root.join("etc/passwd"), b"");
    for number in 0..count {
        let home = root.join(format!("home/user{number}"));
        fs::create_dir_all(&home).unwrap();
        for (at, (fixture, path)) in CLIENTS.iter().enumerate() {
            let bytes = fs::read(fixtures.join(fixture)).unwrap();
            match (number + at) % 11 {
                0 => {}
                1 => write(&home.join(path), &bytes[..bytes.len() / 2]),
                2 => write(&home.join(path), b"<"),
                _ => write(&home.join(path), &bytes),
            }
        }
        if number % 3 == 0 {
            let path = home.join(".config/gajim/settings.sqlite");
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            let _ = fs::remove_file(&path);
            hungry(&path);
        }
    }
    let shared = root.join("home/user4/.purple/blist.xml");
    if shared.exists() {
        let also = root.join("home/user2/.purple/blist.xml");
        let _ = fs::remove_file(&also);
        fs::create_dir_all(also.parent().unwrap()).unwrap();
        fs::hard_link(shared, also).unwrap();
    }
}

fn said(arguments: &[&str]) -> (Vec<u8>, Vec<u8>) {
    let mut command = Command::cargo_bin("xmpp-audit").unwrap();
    let ran = command.args(["check", "--isolated", "--exit-zero", "--allow-incomplete"]).args(arguments).output();
    let ran = ran.unwrap();
    assert_eq!(ran.status.code(), Some(0), "{arguments:?}: {}", String::from_utf8_lossy(&ran.stderr));
    (ran.stdout, ran.stderr)
}

fn assert_the_same(arguments: &[&str], times: usize) {
    let expected = said(&[arguments, &["--threads", "1"]].concat());
    assert!(expected.0.len() > 1000, "{arguments:?}");
    for threads in ["2", "16"].repeat(times) {
        let ran = said(&[arguments, &["--threads", threads]].concat());
        assert!(ran == expected, "{arguments:?} with {threads} threads");
    }
}

#[test]
fn what_is_said_of_many_users_is_the_same_whatever_the_threads() {
    let folder = tempfile::tempdir().unwrap();
    homes(folder.path(), 24);
    let root = folder.path().to_str().unwrap();
    let users = format!("--all-users={root}");
    for format in ["json", "ndjson", "full", "concise"] {
        assert_the_same(&[&users, "--output-format", format], 2);
    }
    assert_the_same(&[&users, "--output-format", "json", "--min-severity", "info"], 1);
    assert_the_same(&[&users, "--output-format", "json", "--min-severity", "high", "--policy", "strict"], 1);
    assert_the_same(&[root, "--output-format", "json"], 2);
    assert_the_same(&[root, "--show-files"], 1);
}

#[test]
fn what_is_said_of_one_user_is_the_same_whatever_the_threads() {
    let folder = tempfile::tempdir().unwrap();
    homes(folder.path(), 1);
    let home = folder.path().join("home/user0");
    let home = home.to_str().unwrap();
    assert_the_same(&["--home", home, "--output-format", "json"], 3);
    assert_the_same(&[home, "--output-format", "json"], 3);
}

#[test]
fn nobodys_database_keeps_another_from_being_read() {
    let folder = tempfile::tempdir().unwrap();
    homes(folder.path(), 24);
    let users = format!("--all-users={}", folder.path().display());
    let (report, _) = said(&[&users, "--output-format", "json", "--threads", "16"]);
    let report: serde_json::Value = serde_json::from_slice(&report).unwrap();
    let failed = report["inputs"].as_array().unwrap().iter().filter(|input| input["status"] == "failed");
    let failed: Vec<&str> = failed.filter_map(|input| input["path"].as_str()).collect();
    for number in 0..24 {
        let of_user = |path: &str| path.ends_with(&format!("/user{number}/.config/gajim/settings.sqlite"));
        let is_sound = number % 3 != 0 && !matches!((number + 2) % 11, 0..=2);
        assert!(!(is_sound && failed.iter().any(|path| of_user(path))), "{number}: {failed:?}");
    }
    assert!(failed.iter().any(|path| path.ends_with("/user0/.config/gajim/settings.sqlite")), "{failed:?}");
}
