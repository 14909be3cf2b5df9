//! Files that others can get at: which permissions are taken away, and which files go as a whole.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use tempfile::TempDir;
use xmpp_audit::discover::{Home, Target};
use xmpp_audit::finding::Severity;
use xmpp_audit::fix::Content;
use xmpp_audit::model::{Language, Unrepairable};
use xmpp_audit::rules::RuleSet;
use xmpp_audit::{Left, Mended, Request, Search};

const ACCOUNTS: &str = ".local/share/profanity/accounts";

/// A home in which everybody may look, with files of these contents and permissions.
fn home(files: &[(&str, &str, u32)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, content, mode) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(*mode)).unwrap();
    }
    open_folders(folder.path());
    folder
}

fn open_folders(folder: &Path) {
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).unwrap();
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.is_dir()).for_each(|path| open_folders(&path));
}

fn mend(home: &Path, rule: &str) -> Mended {
    let rules = RuleSet::embedded(Language::English).unwrap();
    let request = Request { min_severity: Severity::Info, repairs: true, ..Request::default() };
    let search = Search::new(&[Target::Home(Home::at(home))], &request);
    search.mend(&rules, &request, &|finding| finding.rule == rule).unwrap()
}

/// The new permissions of each file, by its path below the home; none of a file that goes.
fn changes(home: &Path, mended: &Mended) -> BTreeMap<String, Option<u32>> {
    let home = home.canonicalize().unwrap();
    let change = |change: &xmpp_audit::fix::FileChange| {
        let path = change.real.strip_prefix(&home).unwrap().to_str().unwrap().to_owned();
        let new = change.mode.map(|(_, new)| new);
        assert!(new.is_some() || matches!(change.content, Content::Gone), "{path}");
        (path, new)
    };
    mended.changes.iter().map(change).collect()
}

fn assert_changes(files: &[(&str, &str, u32)], rule: &str, expected: &[(&str, Option<u32>)]) {
    let home = home(files);
    let mended = mend(home.path(), rule);
    assert!(mended.left.is_empty(), "{:?}", mended.left);
    assert!(mended.after.findings.iter().all(|finding| finding.rule != rule));
    let expected: BTreeMap<_, _> = expected.iter().map(|(path, mode)| ((*path).to_owned(), *mode)).collect();
    assert_eq!(changes(home.path(), &mended), expected);
}

#[test]
fn only_the_owner_keeps_what_he_may() {
    for (mode, expected) in [(0o644, 0o600), (0o666, 0o600), (0o444, 0o400), (0o755, 0o700)] {
        let files = [(ACCOUNTS, "[alice@example.org]\njid=alice@example.org\n", mode)];
        assert_changes(&files, "readable-by-others", &[(ACCOUNTS, Some(expected))]);
    }
}

#[test]
fn files_for_which_another_stands_are_closed_as_well() {
    const LOGS: &str = ".local/share/profanity/chatlogs/alice_at_example.org";
    let log = |name: &str| format!("{LOGS}/{name}.log");
    let [first, second, third, closed] = ["bob/1", "bob/2", "rooms/talk/1", "bob/3"].map(log);
    assert_changes(
        &[
            (ACCOUNTS, "[alice@example.org]\njid=alice@example.org\n", 0o600),
            (&first, "hello\n", 0o644),
            (&second, "hello\n", 0o664),
            (&third, "hello\n", 0o644),
            (&closed, "hello\n", 0o600),
        ],
        "readable-by-others",
        &[(&first, Some(0o600)), (&second, Some(0o600)), (&third, Some(0o600))],
    );
}

#[test]
fn what_sqlite_keeps_beside_a_database_is_closed_with_it() {
    const DATABASE: &str = ".local/share/profanity/database/alice_at_example.org/chatlog.db";
    let log = format!("{DATABASE}-wal");
    assert_changes(
        &[
            (ACCOUNTS, "[alice@example.org]\njid=alice@example.org\n", 0o600),
            (DATABASE, "", 0o644),
            (&log, "", 0o644),
        ],
        "readable-by-others",
        &[(DATABASE, Some(0o600)), (&log, Some(0o600))],
    );
}

#[test]
fn the_file_behind_a_link_is_closed() {
    let home = home(&[("dotfiles/profrc", "[ui]\nbeep=true\n", 0o644)]);
    let folder = home.path().join(".config/profanity");
    fs::create_dir_all(&folder).unwrap();
    std::os::unix::fs::symlink(home.path().join("dotfiles/profrc"), folder.join("profrc")).unwrap();
    open_folders(home.path());
    let mended = mend(home.path(), "readable-by-others");
    assert_eq!(changes(home.path(), &mended), [("dotfiles/profrc".to_owned(), Some(0o600))].into());
}

#[test]
fn what_a_client_left_behind_goes_unless_git_keeps_it() {
    const OLD: &str = ".profanity/config";
    let files = [(OLD, "[connections]\n# password=hunter2\n", 0o644)];
    assert_changes(&files, "secret-left-behind", &[(OLD, None)]);
    let home = home(&files);
    common::track(home.path(), &[OLD]);
    let mended = mend(home.path(), "secret-left-behind");
    assert!(mended.changes.is_empty());
    assert!(matches!(mended.left.as_slice(), [(_, Left::Unrepairable(Unrepairable::Choice))]), "{:?}", mended.left);
}
