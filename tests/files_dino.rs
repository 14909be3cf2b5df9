//! What lies beside Dino's databases: journals that are not there, copies, dumps, plugins.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod common;
mod dino;

use std::fs;
use std::path::{Path, PathBuf};

use common::{MadeUpHome, run};
use dino::{found_as, make_omemo, schema_26_with};
use rusqlite::Connection;
use tempfile::TempDir;
use xmpp_audit::clients::dino::{DATABASE, Dino, LEFTOVER, OMEMO, PLUGIN};
use xmpp_audit::clients::{Client, Found};
use xmpp_audit::model::{Access, HabitKind, Profile, Purpose};
use xmpp_audit::source::Reader;

const ALICE: &str =
    "INSERT INTO account (id, bare_jid, password, enabled) VALUES (1, 'alice@riseup.net', 'hunter2', 1);
    INSERT INTO conversation (account_id, jid_id, active, type) VALUES (9, 1, 1, 0);";

/// Both databases in the format with a write-ahead log; `.git` makes the folder a repository.
fn logged(in_repository: bool) -> (TempDir, PathBuf) {
    let (home, path) = schema_26_with(ALICE);
    make_omemo(&path, "INSERT INTO identity VALUES (1, 9, 1, 'aW52ZW50ZWQ=', 'x');");
    if in_repository {
        fs::create_dir(home.path().join(".git")).unwrap();
    }
    for name in ["dino.db", "omemo.db"] {
        let database = Connection::open(path.with_file_name(name)).unwrap();
        database.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(())).unwrap();
    }
    (home, path)
}

fn read_with(path: &Path, reader: &Reader) -> Profile {
    Dino.read(&[found_as(path, DATABASE), found_as(&path.with_file_name("omemo.db"), OMEMO)], reader)
}

fn missing(profile: &Profile) -> Vec<bool> {
    profile.files.iter().map(|file| file.journal_missing).collect()
}

#[test]
fn a_journal_is_missing_only_in_a_copy() {
    let (_home, path) = logged(true);
    let copy = read_with(&path, &Reader::default());
    assert_eq!(missing(&copy), [true, true]);
    assert_eq!(copy.version.as_ref().unwrap().text(), "≥ 0.4.2");
    // What is not there may stand in the journal: nothing was removed for sure.
    let removed = |profile: &Profile| {
        profile.habits.iter().filter(|habit| habit.what.value == HabitKind::RemovedAccountKept).count()
    };
    assert_eq!(removed(&copy), 0);
    // A home may be a work tree as well.
    assert_eq!(missing(&read_with(&path, &Reader::default().in_live_home())), [true, true]);
    fs::write(path.with_file_name("dino.db-wal"), "").unwrap();
    let profile = read_with(&path, &Reader::default());
    assert_eq!(missing(&profile), [false, true]);
    assert_eq!(removed(&profile), 2);

    let (_home, path) = logged(false);
    assert_eq!(missing(&read_with(&path, &Reader::default())), [false, false]);
    // Dino 0.1 wrote without one.
    let (home, path) = schema_26_with(ALICE);
    make_omemo(&path, "");
    fs::create_dir(home.path().join(".git")).unwrap();
    assert_eq!(missing(&read_with(&path, &Reader::default())), [false, false]);
}

#[test]
fn copies_beside_the_database_are_looked_at_for_passwords_only() {
    let (_home, path) = schema_26_with(ALICE);
    let copy = path.with_file_name("dino.db.bak");
    fs::copy(&path, &copy).unwrap();
    let kind = Dino.recognise(&copy, &Reader::default().head(&copy, 8192).unwrap()).unwrap();
    assert_eq!((kind, kind.1), (LEFTOVER, Purpose::Leftover));
    let found = [found_as(&path, DATABASE), found_as(&copy, kind)];
    assert_eq!(Dino.profile_key(&found[0]), Dino.profile_key(&found[1]));
    let holds = || {
        let profile = Dino.read(&found, &Reader::default());
        assert_eq!((profile.accounts.len(), profile.files.len()), (1, 2));
        profile.files[1].holds_secret
    };
    assert!(holds());
    Connection::open(&copy).unwrap().execute_batch("UPDATE account SET password = '';").unwrap();
    assert!(!holds());
    fs::write(&copy, b"SQLite format 3\0...").unwrap();
    assert!(holds());
    fs::write(&copy, "notes").unwrap();
    assert_eq!(Dino.read(&found, &Reader::default()).files.len(), 1);
}

#[test]
fn dumps_are_looked_at_for_passwords_and_never_shown() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("chat.sql");
    let holds = |account: &str| {
        let dump = format!(
            "PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nCREATE TABLE account ( id INTEGER, bare_jid TEXT, \
             resourcepart TEXT, password TEXT);\nINSERT INTO account VALUES({account});\n"
        );
        fs::write(&path, &dump).unwrap();
        let kind = Dino.recognise(&path, dump.as_bytes()).unwrap();
        let profile = Dino.read(&[found_as(&path, kind)], &Reader::default());
        let [file] = profile.files.as_slice() else { panic!("one file") };
        assert!(file.kind == LEFTOVER && file.text.is_none() && profile.accounts.is_empty());
        file.holds_secret
    };
    assert!(holds("1,'alice@riseup.net','dino.1','hunter2','',1,NULL,NULL"));
    assert!(!holds("1,'alice@riseup.net','dino.1','','',1,NULL,NULL"));
}

#[test]
fn copies_are_found_in_a_home() {
    let home = MadeUpHome::new();
    let folder = ".local/share/dino";
    home.copy("dino/samples/v29-dino-0.5/dino.db", &format!("{folder}/dino.db"))
        .copy("dino/samples/v29-dino-0.5/dino.db", &format!("{folder}/dino.db.bak"))
        .copy("dino/samples/v29-dino-0.5/dino.db", &format!("{folder}/dino.db~"))
        .copy("dino/samples/v29-dino-0.5/dino.db", ".var/app/im.dino.Dino/data/dino/dino.db.old")
        .write(&format!("{folder}/dino.db.age"), "age-encryption.org/v1");
    let ran = run(home.program().args(["check", "--show-files", "--client", "dino"]));
    let copies = ran.stdout.lines().filter(|line| line.ends_with(": dino copy of the database")).count();
    assert_eq!((copies, ran.stdout.lines().count()), (3, 4), "{}", ran.stdout);
    // Each account once, however many copies there are.
    let ran = run(home.program().args(["check", "--client", "dino", "--output-format", "concise"]));
    assert_eq!(ran.stdout.matches("password-stored").count(), 2, "{}", ran.stdout);
}

/// A profile with these plugins, read from a home or from a walk.
fn with_plugins(data: &str, plugins: &[&str], is_home: bool) -> (TempDir, Profile) {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join(data).join("dino.db");
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    Connection::open(&path).unwrap().execute_batch(&format!("{}{ALICE}", dino::SCHEMA_26)).unwrap();
    for plugin in plugins {
        let plugin = home.path().join(plugin);
        fs::create_dir_all(plugin.parent().unwrap()).unwrap();
        fs::write(plugin, "").unwrap();
    }
    let found = Found { path, kind: DATABASE, home: is_home.then(|| home.path().to_owned()) };
    let profile = Dino.read(&[found], &Reader::default());
    (home, profile)
}

fn loaded(profile: &Profile) -> Vec<&str> {
    let habits = profile.habits.iter().filter(|habit| habit.what.value == HabitKind::PluginLoaded);
    habits.map(|habit| habit.detail.as_deref().unwrap()).collect()
}

#[test]
fn plugins_are_loaded_from_the_users_own_folder() {
    const PLUGINS: [&str; 4] = [
        ".local/lib/dino/plugins/notes.so",
        ".local/lib/dino/plugins/README",
        ".local/lib/dinox/plugins/fork.so",
        ".local/lib/other.so",
    ];
    for (data, is_home, expected) in [
        (".local/share/dino", false, &["notes.so"][..]),
        (".local/share/dino", true, &["notes.so"]),
        ("data/dino", true, &["notes.so"]),
        ("data/dino", false, &[]),
        (".local/share/dinox", true, &["fork.so"]),
        (".var/app/im.dino.Dino/data/dino", false, &[]),
        ("backup", true, &[]),
    ] {
        let (_home, profile) = with_plugins(data, &PLUGINS, is_home);
        assert_eq!(loaded(&profile), expected, "{data} {is_home}");
        let files = profile.files.iter().filter(|file| file.kind == PLUGIN).count();
        assert_eq!(files, expected.len());
    }
    let (_home, profile) = with_plugins(".local/share/dino", &PLUGINS[..1], true);
    assert_eq!(profile.habits.last().unwrap().what.place().words, "plugins / notes.so");
    assert_eq!(profile.files.last().unwrap().kind.1, Purpose::Code);
}

#[cfg(unix)]
#[test]
fn who_can_change_a_plugin_or_its_folder_is_said() {
    use std::os::unix::fs::PermissionsExt;
    let set = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    let (home, _) = with_plugins(".local/share/dino", &[".local/lib/dino/plugins/notes.so"], true);
    let plugin = home.path().join(".local/lib/dino/plugins/notes.so");
    set(home.path(), 0o755);
    let folder = plugin.parent().unwrap();
    for folder in folder.ancestors().take(4) {
        set(folder, 0o755);
    }
    let found = Found {
        path: home.path().join(".local/share/dino/dino.db"),
        kind: DATABASE,
        home: Some(home.path().to_owned()),
    };
    let writable_by = |file: u32, above: u32| {
        set(&plugin, file);
        set(folder, above);
        let profile = Dino.read(std::slice::from_ref(&found), &Reader::default().in_live_home());
        let habit = profile.habits.iter().find(|habit| habit.what.value == HabitKind::PluginLoaded).unwrap();
        habit.writable_by
    };
    assert_eq!(writable_by(0o644, 0o755), Access::Owner);
    assert_eq!(writable_by(0o666, 0o755), Access::Everyone);
    assert_eq!(writable_by(0o644, 0o777), Access::Everyone);
}
