//! Repairs carried out on the disk, and taken back.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout, reason = "tests")]

#[path = "fix_engine/attributes.rs"]
mod attributes;
#[path = "fix_engine/killed.rs"]
mod killed;
#[path = "fix_engine/made.rs"]
mod made;
#[path = "fix_engine/trouble.rs"]
mod trouble;

use std::fs;
use std::os::unix::fs::PermissionsExt;

use made::*;
use xmpp_audit::fix::{ApplyError, Content, FileChange, FileTrouble, Restored, State, apply, list, undo};
use xmpp_audit::model::{RowChange, RowEdit, Scalar, Splice};

fn mode(path: &std::path::Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

#[test]
fn a_text_is_changed_and_changed_back() {
    let home = Home::new();
    let path = home.write("accounts.xml", ACCOUNTS);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    let splices = vec![
        Splice::replace(span(ACCOUNTS, "opportunistic"), "require"),
        Splice::insert(span(ACCOUNTS, "\t</account>").start, "\t\t<new/>\r\n"),
    ];
    let mut change = text(&path, vec![splices, vec![Splice::insert(0, "<?xml version='1.0'?>\n")]]);
    change.mode = Some((0o640, 0o600));
    let applied = apply(&[change.clone()], &home.options(), &[note()]).unwrap();
    let Content::Text { new, .. } = &change.content else { panic!() };
    assert_eq!((&fs::read(&path).unwrap(), mode(&path)), (&**new, 0o600));
    assert_eq!(home.names(), ["accounts.xml"]);
    assert!(!holds(&home.journal(), "trub4") && !holds_encoded(&home.journal(), OTHER_SECRET));
    let entries = list(&home.options()).unwrap();
    assert_eq!((entries.len(), entries[0].state, &entries[0].about[..]), (1, State::Done, &[note()][..]));
    assert_eq!(entries[0].id, applied.id);
    let undone = undo(None, &home.options()).unwrap();
    assert_eq!(undone.files, [(path.clone(), Restored::Exactly)]);
    assert_eq!((fs::read(&path).unwrap(), mode(&path)), (ACCOUNTS.as_bytes().to_vec(), 0o640));
    assert_eq!(undo(Some(&applied.id), &home.options()).unwrap().files, [(path, Restored::AlreadyAsItWas)]);
    assert_eq!(home.names(), ["accounts.xml"]);
}

#[test]
fn a_secret_is_not_kept_unless_that_is_wanted() {
    let without = ACCOUNTS.replace(&format!("<password>{SECRET}</password>"), "");
    for keeps in [false, true] {
        let home = Home::new();
        let options = if keeps { home.keeping() } else { home.options() };
        let path = home.write("accounts.xml", ACCOUNTS);
        let secret = span(ACCOUNTS, &format!("<password>{SECRET}</password>"));
        let splices = vec![Splice::replace(span(ACCOUNTS, "opportunistic"), "require"), Splice::forget(secret)];
        let second = vec![Splice::insert(0, "<!-- a -->"), Splice::insert(120, "<!-- b -->")];
        apply(&[text(&path, vec![splices, second])], &options, &[note()]).unwrap();
        assert!(!holds(&fs::read(&path).unwrap(), SECRET));
        assert_eq!(holds_encoded(&home.journal(), SECRET), keeps);
        assert!(!holds_encoded(&home.journal(), OTHER_SECRET) && !holds(&home.journal(), OTHER_SECRET));
        let (outcome, content) =
            if keeps { (Restored::Exactly, ACCOUNTS) } else { (Restored::ButForSecret, without.as_str()) };
        assert_eq!(undo(None, &options).unwrap().files, [(path.clone(), outcome)]);
        assert_eq!(fs::read_to_string(&path).unwrap(), content);
    }
}

#[test]
fn modes_and_deleted_files_come_back() {
    for keeps in [false, true] {
        let home = Home::new();
        let options = if keeps { home.keeping() } else { home.options() };
        let (open, gone) = (home.write("prefs", "x"), home.write("accounts.xml~", SECRET));
        fs::set_permissions(&open, fs::Permissions::from_mode(0o644)).unwrap();
        fs::set_permissions(&gone, fs::Permissions::from_mode(0o604)).unwrap();
        let mut closed = change(&open, Content::Same);
        closed.mode = Some((0o644, 0o600));
        apply(&[closed, change(&gone, Content::Gone)], &options, &[]).unwrap();
        assert_eq!((home.names(), mode(&open)), (vec!["prefs".to_owned()], 0o600));
        assert_eq!(holds_encoded(&home.journal(), SECRET), keeps);
        let undone = undo(None, &options).unwrap();
        assert_eq!((undone.files[0].1, mode(&open)), (Restored::Exactly, 0o644));
        if keeps {
            assert_eq!(undone.files[1].1, Restored::Exactly);
            assert_eq!((fs::read_to_string(&gone).unwrap(), mode(&gone)), (SECRET.to_owned(), 0o604));
        } else {
            assert_eq!((undone.files[1].1, gone.exists()), (Restored::NotKept, false));
        }
    }
}

fn key() -> (&'static str, Scalar) {
    ("account", Scalar::Text("me@example.org".into()))
}

/// Changes that take nothing secret away.
fn harmless() -> Vec<Vec<RowEdit>> {
    let text = settings();
    let set = RowChange::Set { column: "flag".into(), old: Scalar::Integer(1), new: Scalar::Integer(0) };
    let inserted = RowChange::Insert {
        values: vec![
            ("account".into(), Scalar::Text("third".into())),
            ("settings".into(), Scalar::Text("{}".into())),
            ("flag".into(), Scalar::Null),
        ],
    };
    let row = |key, change| RowEdit { table: "account_settings".into(), key, change };
    vec![
        vec![
            in_cell("account_settings", key(), "settings", Splice::replace(span(&text, "optional"), "required")),
            in_cell("account_settings", key(), "settings", Splice::insert(1, r#""inserted": "something", "#)),
        ],
        vec![row(vec![("account".into(), key().1)], set)],
        vec![row(Vec::new(), inserted)],
    ]
}

#[test]
fn rows_are_changed_and_changed_back_to_the_byte() {
    let home = Home::new();
    let path = home.at("settings.sqlite");
    database(&path, false);
    let (bytes, before) = (fs::read(&path).unwrap(), dump(&path));
    apply(&[rows(&path, harmless())], &home.options(), &[note()]).unwrap();
    let after = dump(&path);
    assert!(after.contains("required") && after.contains("inserted") && after.contains("third"));
    assert_eq!(home.names(), ["settings.sqlite"]);
    for secret in [SECRET, OTHER_SECRET] {
        assert!(!holds(&home.journal(), secret) && !holds_encoded(&home.journal(), secret));
    }
    let undone = undo(None, &home.options()).unwrap();
    assert_eq!(dump(&path), before);
    assert_eq!(undone.files[0].1, Restored::Exactly);
    assert!(fs::read(&path).unwrap() == bytes, "the bytes are others");
    assert_eq!(home.names(), ["settings.sqlite"]);
}

#[test]
fn rows_of_a_logged_database_are_changed_back_in_content() {
    let home = Home::new();
    let path = home.at("settings.sqlite");
    database(&path, true);
    let before = dump(&path);
    apply(&[rows(&path, harmless())], &home.options(), &[note()]).unwrap();
    assert_eq!(home.names(), ["settings.sqlite"]);
    assert_eq!(undo(None, &home.options()).unwrap().files[0].1, Restored::InContent);
    assert_eq!((dump(&path), home.names()), (before, vec!["settings.sqlite".to_owned()]));
}

/// A database that its program has left without having its log written into it, as Dino always does, and what is to be
/// done: other rows, and permissions for both files. The program goes on using it as long as the connection lives.
fn with_its_log(home: &Home) -> (std::path::PathBuf, Vec<FileChange>, rusqlite::Connection) {
    let path = home.at("settings.sqlite");
    database(&path, true);
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection
        .execute_batch("PRAGMA wal_autocheckpoint = 0; INSERT INTO message (body) VALUES ('only in the log')")
        .unwrap();
    let log = home.at("settings.sqlite-wal");
    for file in [&path, &log] {
        fs::set_permissions(file, fs::Permissions::from_mode(0o644)).unwrap();
    }
    let mode = Some((0o644, 0o600));
    let database = FileChange { mode, ..rows(&path, harmless()) };
    let log = FileChange { mode, ..change(&log, Content::Same) };
    (path, vec![log, database], connection)
}

#[test]
fn the_log_of_a_database_goes_its_way_with_it() {
    let made = Home::new();
    let (path, changes, connection) = with_its_log(&made);
    let home = Home::new();
    let changes = changes.into_iter().map(|planned| {
        let at = home.at(planned.real.file_name().unwrap().to_str().unwrap());
        fs::copy(&planned.real, &at).unwrap();
        FileChange { content: planned.content, mode: planned.mode, ..change(&at, Content::Same) }
    });
    let changes: Vec<_> = changes.collect();
    drop(connection);
    let before = dump(&path);
    let path = home.at("settings.sqlite");
    assert_eq!(home.names(), ["settings.sqlite", "settings.sqlite-wal"]);
    let applied = apply(&changes, &home.options(), &[note()]).unwrap();
    let names: Vec<_> = applied.files.iter().map(|file| file.path.file_name().unwrap().to_str().unwrap()).collect();
    assert_eq!(names, ["settings.sqlite", "settings.sqlite-wal"]);
    assert_eq!(home.names(), ["settings.sqlite"]);
    assert_eq!(mode(&path), 0o600);
    assert!(dump(&path).contains("only in the log") && dump(&path).contains("required"));
    undo(None, &home.options()).unwrap();
    assert_eq!((dump(&path), mode(&path)), (before, 0o644));
}

#[test]
fn a_log_counts_whatever_the_header_of_its_database_says() {
    let made = Home::new();
    let (_, mut changes, connection) = with_its_log(&made);
    let home = Home::new();
    for name in ["settings.sqlite", "settings.sqlite-wal"] {
        fs::copy(made.at(name), home.at(name)).unwrap();
    }
    drop(connection);
    let path = home.at("settings.sqlite");
    let mut bytes = fs::read(&path).unwrap();
    bytes[18..20].copy_from_slice(&[1, 1]);
    fs::write(&path, bytes).unwrap();
    let planned = changes.pop().unwrap().content;
    apply(&[change(&path, planned)], &home.options(), &[note()]).unwrap();
    assert!(dump(&path).contains("only in the log") && dump(&path).contains("required"));
    assert_eq!(undo(None, &home.options()).unwrap().files[0].1, Restored::InContent);
    assert!(dump(&path).contains("only in the log") && !dump(&path).contains("required"));
}

#[test]
fn the_log_of_a_database_in_use_is_closed_to_others_as_well() {
    let home = Home::new();
    let (path, changes, connection) = with_its_log(&home);
    apply(&changes, &home.options(), &[note()]).unwrap();
    assert_eq!((mode(&path), mode(&home.at("settings.sqlite-wal"))), (0o600, 0o600));
    let count: i64 = connection
        .query_row("SELECT count(*) FROM message WHERE body = 'only in the log'", [], |row| row.get(0))
        .unwrap();
    assert_eq!(count, 1);
}

#[test]
fn a_log_whose_database_stays_the_same_is_a_file_as_any_other() {
    let home = Home::new();
    let (path, changes, _connection) = with_its_log(&home);
    let log = home.at("settings.sqlite-wal");
    apply(&changes[..1], &home.options(), &[note()]).unwrap();
    assert_eq!((mode(&path), mode(&log)), (0o644, 0o600));
    undo(None, &home.options()).unwrap();
    assert_eq!((mode(&path), mode(&log)), (0o644, 0o644));
}

#[test]
fn a_password_leaves_no_trace_in_a_database() {
    for logged in [false, true] {
        let home = Home::new();
        let path = home.at("settings.sqlite");
        database(&path, logged);
        let before = dump(&path);
        assert!(memchr::memmem::find_iter(&fs::read(&path).unwrap(), SECRET).count() > 1, "the test tests nothing");
        let forget = in_cell("account_settings", key(), "settings", Splice::forget(span(settings(), SECRET)));
        let applied = apply(&[rows(&path, vec![vec![forget]])], &home.options(), &[note()]).unwrap();
        assert!(!applied.files[0].has_traces);
        assert!(!holds(&fs::read(&path).unwrap(), SECRET), "logged: {logged}");
        assert_eq!(home.names(), ["settings.sqlite"]);
        assert!(!holds(&home.journal(), SECRET) && !holds_encoded(&home.journal(), SECRET));
        assert_eq!(dump(&path), before.replacen(SECRET, "", 1));
        assert_eq!(undo(None, &home.options()).unwrap().files[0].1, Restored::ButForSecret);
    }
}

#[test]
fn what_has_changed_meanwhile_is_left_alone() {
    let home = Home::new();
    let path = home.write("accounts.xml", ACCOUNTS);
    let change = text(&path, vec![vec![Splice::insert(0, "x")]]);
    fs::write(&path, "something else").unwrap();
    let error = apply(&[change], &home.options(), &[]).unwrap_err();
    assert!(matches!(&error, ApplyError::File(file) if matches!(file.trouble, FileTrouble::Changed)), "{error}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "something else");
    assert_eq!(home.names(), ["accounts.xml"]);
}
