//! What goes wrong ends with an error that says so, and with every file as it was.

use std::fs;
use std::os::fd::AsFd;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use rusqlite::Connection;
use rustix::fs::{FlockOperation, Mode, OFlags};
use xmpp_audit::fix::{ApplyError, Content, FileChange, FileTrouble, JournalError, UndoError, apply, list, undo};
use xmpp_audit::model::{Scalar, Splice};

use super::made::*;

/// Set for the process that has a file system of its own.
const MOUNTED: &str = "XMPP_AUDIT_TEST_MOUNTED";

fn trouble(error: ApplyError) -> FileTrouble {
    match error {
        ApplyError::File(error) => error.trouble,
        error => panic!("{error}"),
    }
}

fn refused(change: FileChange, home: &Home) -> FileTrouble {
    let (path, names) = (change.real.clone(), home.names());
    let before = fs::read(&path).ok();
    let error = apply(&[change], &home.options(), &[]).unwrap_err();
    assert!(!error.to_string().contains(SECRET));
    assert_eq!((fs::read(&path).ok(), home.names()), (before, names), "{error}");
    trouble(error)
}

fn small(path: &Path) -> FileChange {
    text(path, vec![vec![Splice::insert(0, "x")]])
}

#[test]
fn other_names_of_a_file_are_noticed() {
    let home = Home::new();
    let path = home.write("accounts.xml", ACCOUNTS);
    fs::hard_link(&path, home.at("other name")).unwrap();
    assert!(matches!(refused(small(&path), &home), FileTrouble::HardLinked(2)));
    let path = home.at("settings.sqlite");
    database(&path, false);
    let change = rows(&path, vec![vec![flag()]]);
    fs::hard_link(&path, home.at("other database")).unwrap();
    assert!(matches!(refused(change, &home), FileTrouble::HardLinked(2)));
    // One name of several may be deleted, and the others keep what stands in the file.
    let path = home.at("accounts.xml");
    apply(&[change_of(&path, Content::Gone)], &home.options(), &[]).unwrap();
    assert_eq!((path.exists(), fs::read_to_string(home.at("other name")).unwrap()), (false, ACCOUNTS.to_owned()));
}

fn change_of(path: &Path, content: Content) -> FileChange {
    change(path, content)
}

fn flag() -> xmpp_audit::model::RowEdit {
    let change = xmpp_audit::model::RowChange::Set {
        column: "flag".into(),
        old: Scalar::Integer(1),
        new: Scalar::Integer(0),
    };
    let key = vec![("account".into(), Scalar::Text("me@example.org".into()))];
    xmpp_audit::model::RowEdit { table: "account_settings".into(), key, change }
}

#[test]
fn links_on_the_way_are_refused_at_the_last_moment() {
    let home = Home::new();
    fs::create_dir(home.at("inner")).unwrap();
    let path = home.write("inner/accounts.xml", ACCOUNTS);
    let change = small(&path);
    fs::rename(home.at("inner"), home.at("moved")).unwrap();
    symlink("moved", home.at("inner")).unwrap();
    assert!(matches!(refused(change.clone(), &home), FileTrouble::Link));
    fs::remove_file(home.at("inner")).unwrap();
    assert!(matches!(refused(change.clone(), &home), FileTrouble::Missing));
    fs::create_dir(home.at("inner")).unwrap();
    symlink("../moved/accounts.xml", &path).unwrap();
    assert!(matches!(refused(change.clone(), &home), FileTrouble::Link));
    fs::remove_file(&path).unwrap();
    rustix::fs::mknodat(rustix::fs::CWD, &path, rustix::fs::FileType::Fifo, Mode::RUSR, 0).unwrap();
    let error = apply(&[change], &home.options(), &[]).unwrap_err();
    assert!(matches!(trouble(error), FileTrouble::NotRegular));
    assert_eq!(fs::read_to_string(home.at("moved/accounts.xml")).unwrap(), ACCOUNTS);
}

#[test]
fn what_is_not_as_it_was_planned_is_left_alone() {
    let home = Home::new();
    let path = home.write("accounts.xml", ACCOUNTS);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let mut closed = change(&path, Content::Same);
    closed.mode = Some((0o644, 0o600));
    let gone = change(&path, Content::Gone);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    assert!(matches!(refused(closed, &home), FileTrouble::Changed));
    fs::write(&path, "the same name, something else").unwrap();
    assert!(matches!(refused(gone, &home), FileTrouble::Changed));

    let path = home.at("settings.sqlite");
    database(&path, false);
    let cell = || {
        let key = ("account", Scalar::Text("me@example.org".into()));
        in_cell("account_settings", key, "settings", Splice::replace(span(settings(), "optional"), "required"))
    };
    let change = rows(&path, vec![vec![cell()]]);
    let connection = Connection::open(&path).unwrap();
    // Of the same length, in the same place: only the whole text tells.
    let swapped = settings().replace("filler", "killer");
    connection.execute("UPDATE account_settings SET settings = ? WHERE length(settings) > 2", [swapped]).unwrap();
    drop(connection);
    assert!(matches!(refused(change, &home), FileTrouble::Changed));
    let change = rows(&path, vec![vec![flag()]]);
    Connection::open(&path).unwrap().execute("UPDATE account_settings SET flag = 5", []).unwrap();
    assert!(matches!(refused(change, &home), FileTrouble::Changed));
}

#[test]
fn a_failure_takes_back_what_was_done_before() {
    let home = Home::new();
    let (first, second) = (home.write("accounts.xml", ACCOUNTS), home.at("settings.sqlite"));
    database(&second, false);
    let secret = text(&first, vec![vec![Splice::forget(span(ACCOUNTS, SECRET))]]);
    // The cell is as planned, and the second round does not find its row.
    let mut other = flag();
    other.key = vec![("account".into(), Scalar::Text("nobody".into()))];
    let before = fs::read(&second).unwrap();
    let error = apply(&[secret, rows(&second, vec![vec![flag()], vec![other]])], &home.options(), &[]).unwrap_err();
    assert!(matches!(trouble(error), FileTrouble::Changed));
    assert_eq!(fs::read_to_string(&first).unwrap(), ACCOUNTS);
    assert_eq!(
        (fs::read(&second).unwrap() == before, home.names()),
        (true, vec!["accounts.xml".into(), "settings.sqlite".into()])
    );
    let entries = list(&home.options()).unwrap();
    assert_eq!(entries[0].state, xmpp_audit::fix::State::Undone);
    assert!(matches!(undo(None, &home.options()), Err(UndoError::Journal(JournalError::Nothing))));
}

#[test]
fn everything_can_be_taken_back_at_once_with_its_secrets() {
    let home = Home::new();
    let (path, gone) = (home.write("accounts.xml", ACCOUNTS), home.write("accounts.xml~", ACCOUNTS));
    let secret = text(&path, vec![vec![Splice::forget(span(ACCOUNTS, SECRET))]]);
    let applied = apply(&[secret, change(&gone, Content::Gone)], &home.options(), &[]).unwrap();
    assert!(!holds_encoded(&home.journal(), SECRET) && !gone.exists());
    assert!(!format!("{applied:?}").contains(SECRET));
    applied.take_back(&home.options()).unwrap();
    assert_eq!(
        (fs::read_to_string(&path).unwrap(), fs::read_to_string(&gone).unwrap()),
        (ACCOUNTS.into(), ACCOUNTS.into())
    );
    assert!(!holds_encoded(&home.journal(), SECRET));
}

#[test]
fn what_has_changed_since_is_not_taken_back() {
    let home = Home::new();
    let (first, second) = (home.write("accounts.xml", ACCOUNTS), home.write("prefs.xml", "prefs"));
    apply(&[small(&first), small(&second)], &home.options(), &[]).unwrap();
    fs::write(&second, "saved by its client").unwrap();
    let error = undo(None, &home.options()).unwrap_err();
    assert!(error.to_string().contains("prefs.xml: it has changed since it was put right"), "{error}");
    // Nor is the other one touched.
    assert_eq!(fs::read_to_string(&first).unwrap(), format!("x{ACCOUNTS}"));
    fs::write(&second, "xprefs").unwrap();
    undo(None, &home.options()).unwrap();
    assert_eq!(
        (fs::read_to_string(&first).unwrap(), fs::read_to_string(&second).unwrap()),
        (ACCOUNTS.into(), "prefs".into())
    );
}

#[test]
fn rows_come_back_in_a_database_that_was_used_since() {
    for logged in [false, true] {
        let home = Home::new();
        let path = home.at("settings.sqlite");
        database(&path, logged);
        apply(&[rows(&path, vec![vec![flag()]])], &home.options(), &[]).unwrap();
        let connection = Connection::open(&path).unwrap();
        connection.execute("INSERT INTO message (body) VALUES ('new')", []).unwrap();
        drop(connection);
        let before = dump(&path);
        assert_eq!(undo(None, &home.options()).unwrap().files[0].1, xmpp_audit::fix::Restored::InContent);
        assert_eq!(dump(&path), before.replace("Integer(0)", "Integer(1)"));
        // But not where the cell itself has another value.
        let path = home.at("second.sqlite");
        database(&path, logged);
        apply(&[rows(&path, vec![vec![flag()]])], &home.options(), &[]).unwrap();
        Connection::open(&path).unwrap().execute("UPDATE account_settings SET flag = 9", []).unwrap();
        let error = undo(None, &home.options()).unwrap_err();
        assert!(error.to_string().contains("changed since it was put right"), "{error}");
    }
}

#[test]
fn databases_that_would_run_something_are_refused() {
    for (statement, name) in [
        ("CREATE TRIGGER t AFTER UPDATE ON account_settings BEGIN DELETE FROM message; END", "trigger"),
        ("ALTER TABLE account_settings RENAME TO old; CREATE VIEW account_settings AS SELECT * FROM old", "view"),
    ] {
        let home = Home::new();
        let path = home.at("settings.sqlite");
        database(&path, false);
        let change = rows(&path, vec![vec![flag()]]);
        Connection::open(&path).unwrap().execute_batch(statement).unwrap();
        assert!(matches!(refused(change, &home), FileTrouble::Schema(_)), "{name}");
    }
}

#[test]
fn databases_in_use_are_refused() {
    let home = Home::new();
    let path = home.at("settings.sqlite");
    database(&path, false);
    let change = rows(&path, vec![vec![flag()]]);
    let connection = Connection::open(&path).unwrap();
    connection.execute_batch("BEGIN IMMEDIATE").unwrap();
    // By another process: the locks of one do not keep itself out.
    assert!(matches!(trouble(apply(&[change], &home.options(), &[]).unwrap_err()), FileTrouble::InUse));
    connection.execute_batch("ROLLBACK").unwrap();
}

#[test]
fn a_write_that_did_not_end_is_not_touched() {
    let home = Home::new();
    let path = home.at("settings.sqlite");
    database(&path, false);
    let change = rows(&path, vec![vec![flag()]]);
    fs::write(home.at("settings.sqlite-journal"), b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7 and so on").unwrap();
    assert!(matches!(refused(change, &home), FileTrouble::HotJournal));
}

#[test]
fn two_repairs_at_once() {
    let home = Home::new();
    let path = home.write("accounts.xml", ACCOUNTS);
    let open = |path: &Path| rustix::fs::open(path, OFlags::RDONLY | OFlags::DIRECTORY, Mode::empty()).unwrap();
    let folder = open(&home.at(""));
    rustix::fs::flock(folder.as_fd(), FlockOperation::LockExclusive).unwrap();
    assert!(matches!(refused(small(&path), &home), FileTrouble::Underway));
    drop(folder);
    let folder = open(&home.state());
    rustix::fs::flock(folder.as_fd(), FlockOperation::LockExclusive).unwrap();
    for error in [
        apply(&[small(&path)], &home.options(), &[]).unwrap_err().to_string(),
        undo(None, &home.options()).unwrap_err().to_string(),
    ] {
        assert!(error.contains("another repair is under way"), "{error}");
    }
    drop(folder);
    apply(&[small(&path)], &home.options(), &[]).unwrap();

    // At once, indeed: one of them wins, each time, or both in turn; nothing is lost.
    for _ in 0..20 {
        let before = fs::read_to_string(&path).unwrap();
        let done: usize = std::thread::scope(|scope| {
            let fixers: Vec<_> =
                (0..4).map(|_| scope.spawn(|| apply(&[small(&path)], &home.options(), &[]).is_ok())).collect();
            fixers.into_iter().map(|fixer| usize::from(fixer.join().unwrap())).sum()
        });
        assert!(done > 0);
        assert_eq!(fs::read_to_string(&path).unwrap(), "x".repeat(done) + &before);
        assert_eq!(home.names(), ["accounts.xml"]);
    }
}

#[test]
fn a_hostile_folder_for_the_journal_is_refused() {
    let home = Home::new();
    let path = home.write("accounts.xml", ACCOUNTS);
    let refused = |home: &Home| match apply(&[small(&path)], &home.options(), &[]).unwrap_err() {
        ApplyError::Journal(error) => error,
        error => panic!("{error}"),
    };
    let above = home.folder.path().join("state");
    fs::create_dir(&above).unwrap();
    let elsewhere = home.folder.path().join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    symlink(&elsewhere, home.state()).unwrap();
    assert!(matches!(refused(&home), JournalError::NoFolder(_)));
    fs::remove_file(home.state()).unwrap();
    fs::write(home.state(), "").unwrap();
    assert!(matches!(refused(&home), JournalError::NoFolder(_)));
    fs::remove_file(home.state()).unwrap();
    fs::create_dir(home.state()).unwrap();
    for mode in [0o777, 0o770, 0o1777] {
        fs::set_permissions(home.state(), fs::Permissions::from_mode(mode)).unwrap();
        assert!(matches!(refused(&home), JournalError::Open(_)), "{mode:o}");
    }
    if rustix::process::geteuid().is_root() {
        fs::set_permissions(home.state(), fs::Permissions::from_mode(0o755)).unwrap();
        std::os::unix::fs::chown(home.state(), Some(61_001), None).unwrap();
        assert!(matches!(refused(&home), JournalError::Foreign(_)));
        std::os::unix::fs::chown(home.state(), Some(0), None).unwrap();
    }
    assert_eq!(
        (fs::read_to_string(&path).unwrap(), fs::read_dir(&elsewhere).unwrap().count()),
        (ACCOUNTS.into(), 0)
    );
    fs::set_permissions(home.state(), fs::Permissions::from_mode(0o755)).unwrap();
    let applied = apply(&[small(&path)], &home.options(), &[]).unwrap();
    let mode = |path: PathBuf| fs::metadata(path).unwrap().mode() & 0o777;
    let entry = home.state().join(format!("{}.json", applied.id));
    assert_eq!((mode(home.state()), mode(entry.clone())), (0o700, 0o600));
    // Entries that make no sense, or are not ours.
    let whole = fs::read_to_string(&entry).unwrap();
    let said = |text: &str| {
        fs::write(&entry, text).unwrap();
        undo(None, &home.options()).unwrap_err().to_string()
    };
    assert!(said("{").contains("cannot be read"));
    assert!(said(&whole.replace("\"format\":1", "\"format\":2")).contains("by a later version"));
    assert!(said(&whole.replace(&applied.id, "another")).contains("cannot be read"));
    for id in ["../x", "", "none"] {
        let error = undo(Some(id), &home.options()).unwrap_err();
        assert!(matches!(error, UndoError::Journal(JournalError::Unknown(_))), "{id}");
    }
    fs::write(&entry, &whole).unwrap();
    undo(None, &home.options()).unwrap();
}

/// Runs a test of this program again in a file system of its own; false if that is not possible here.
fn mounted(test: &str, options: &str) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let script = format!("mount -t tmpfs -o {options} none \"$1\" && shift && exec \"$@\"");
    let mut command = Command::new("unshare");
    command.args(["-rm", "sh", "-c", &script, "sh"]).arg(folder.path()).arg(std::env::current_exe().unwrap());
    let output = command.args([test, "--exact", "--nocapture"]).env(MOUNTED, folder.path()).output();
    match output {
        Ok(output) if output.status.success() => true,
        Ok(output) if String::from_utf8_lossy(&output.stdout).contains("running 1 test") => {
            panic!("{}", String::from_utf8_lossy(&output.stderr));
        }
        _ => {
            println!("skipped: no file system can be mounted here");
            false
        }
    }
}

#[test]
fn a_full_disk() {
    let Some(folder) = std::env::var_os(MOUNTED) else {
        mounted("trouble::a_full_disk", "size=1m");
        return;
    };
    let folder = fs::canonicalize(folder).unwrap();
    let home = Home::new();
    let text_path = folder.join("accounts.xml");
    let old = ACCOUNTS.to_owned() + &"<!-- filler -->".repeat(9000);
    fs::write(&text_path, &old).unwrap();
    let path = folder.join("settings.sqlite");
    database(&path, false);
    let before = dump(&path);
    let text_change = small(&text_path);
    // A whole new file, or a journal of the pages that are changed, does not fit.
    let changes = rows(
        &path,
        vec![vec![in_cell(
            "account_settings",
            ("account", Scalar::Text("me@example.org".into())),
            "settings",
            Splice::insert(1, "x".repeat(400_000)),
        )]],
    );
    let mut filler = fs::File::create(folder.join("filler")).unwrap();
    while std::io::Write::write_all(&mut filler, &[1; 1024]).is_ok() {}
    for change in [text_change, changes] {
        assert!(matches!(trouble(apply(&[change], &home.options(), &[]).unwrap_err()), FileTrouble::Full));
    }
    assert!(fs::read_to_string(&text_path).unwrap() == old);
    assert_eq!(dump(&path), before);
    let mut names: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["accounts.xml", "filler", "settings.sqlite"]);
}

#[test]
fn a_file_system_that_takes_no_changes() {
    let Some(folder) = std::env::var_os(MOUNTED) else {
        mounted("trouble::a_file_system_that_takes_no_changes", "size=1m");
        return;
    };
    let folder = fs::canonicalize(folder).unwrap();
    let home = Home::new();
    let (text_path, path) = (folder.join("accounts.xml"), folder.join("settings.sqlite"));
    fs::write(&text_path, ACCOUNTS).unwrap();
    database(&path, false);
    let mut closed = change(&text_path, Content::Same);
    closed.mode = Some((fs::metadata(&text_path).unwrap().mode() & 0o777, 0o600));
    let changes = [small(&text_path), rows(&path, vec![vec![flag()]]), change(&text_path, Content::Gone), closed];
    let status = Command::new("mount").args(["-o", "remount,ro"]).arg(&folder).status().unwrap();
    assert!(status.success());
    for change in changes {
        let trouble = trouble(apply(&[change], &home.options(), &[]).unwrap_err());
        assert!(matches!(trouble, FileTrouble::ReadOnly), "{trouble}");
    }
    assert_eq!(fs::read_to_string(&text_path).unwrap(), ACCOUNTS);
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 2);
}

const IN_MESSAGES: &str = "hunter2-and-no-more";

/// A database that is too large to be rebuilt in memory, with old copies of a password everywhere.
fn large(path: &Path) -> FileChange {
    database(path, false);
    let connection = Connection::open(path).unwrap();
    connection
        .execute_batch(&format!(
            "PRAGMA secure_delete = 0;
             CREATE TABLE account (id INTEGER PRIMARY KEY, password TEXT, x TEXT);
             INSERT INTO account VALUES (1, '{IN_MESSAGES}', 'x');
             INSERT INTO message (body) VALUES (replace(hex(zeroblob(20000)), '00', '{IN_MESSAGES} '));
             DELETE FROM message WHERE id > 300;
             WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30)
             INSERT INTO message (body) SELECT hex(zeroblob(500000)) FROM n;
             INSERT INTO message (body) VALUES (replace(hex(zeroblob(20000)), '00', '{IN_MESSAGES} '));
             DELETE FROM message WHERE body LIKE '{IN_MESSAGES}%';
             INSERT INTO account VALUES (2, '{IN_MESSAGES}', 'x'), (3, 'x', 'x');
             DELETE FROM account WHERE id = 2;"
        ))
        .unwrap();
    drop(connection);
    let before = fs::read(path).unwrap();
    assert!(before.len() > 28 << 20 && memchr::memmem::find_iter(&before, IN_MESSAGES).count() > 1000);
    let secret = Splice::forget(span(IN_MESSAGES, IN_MESSAGES));
    rows(path, vec![vec![in_cell("account", ("id", Scalar::Integer(1)), "password", secret)]])
}

fn left(path: &Path) -> usize {
    memchr::memmem::find_iter(&fs::read(path).unwrap(), IN_MESSAGES).count()
}

#[test]
fn a_password_leaves_no_trace_in_a_large_database() {
    let home = Home::in_memory();
    let path = home.at("it's a settings.sqlite");
    let change = large(&path);
    let before = dump(&path);
    let applied = apply(&[change], &home.options(), &[]).unwrap();
    assert_eq!((left(&path), applied.files[0].has_traces), (0, false));
    assert_eq!(dump(&path), before);
    assert_eq!(home.names(), ["it's a settings.sqlite"]);
}

/// Unused pages are overwritten, and what may be left is said.
#[test]
fn a_disk_too_full_to_rebuild_a_database() {
    let Some(folder) = std::env::var_os(MOUNTED) else {
        mounted("trouble::a_disk_too_full_to_rebuild_a_database", "size=48m");
        return;
    };
    let home = Home::new();
    let path = fs::canonicalize(folder).unwrap().join("settings.sqlite");
    let change = large(&path);
    let before = dump(&path);
    let applied = apply(&[change], &home.options(), &[]).unwrap();
    assert!(applied.files[0].has_traces && (1..100).contains(&left(&path)), "{}", left(&path));
    let names = || {
        let entries = fs::read_dir(path.parent().unwrap()).unwrap().map(Result::unwrap);
        entries.map(|entry| (entry.file_name(), entry.metadata().unwrap().len())).collect::<Vec<_>>()
    };
    assert_eq!(names().len(), 1, "{:?}", names());
    assert_eq!(dump(&path), before);
}
