//! An audit leaves no trace: not in the home, not where it was started, not where temporary files go.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::common::{MadeUpHome, run};

/// Runs the program in every way, from an empty folder, with an empty folder for temporary files.
fn audit_in_every_way(home: &MadeUpHome) {
    let (started_in, temporary) = (MadeUpHome::new(), MadeUpHome::new());
    let before = home.listing();
    let (beside, kept) = (started_in.listing(), temporary.listing());
    for format in ["full", "concise", "json"] {
        for more in [&[][..], &["-v"], &["-q", "--lang", "fr"], &["--show-files"]] {
            for by_walk in [false, true] {
                let mut program = home.program();
                program.args(["check", "--output-format", format]).args(more);
                program.current_dir(started_in.path()).env("TMPDIR", temporary.path());
                if by_walk {
                    program.arg(home.path());
                }
                let ran = run(&mut program);
                assert!(ran.code <= 1, "{format} {more:?}: {}", ran.stderr);
                assert!(home.listing() == before, "{format} {more:?}: the home has changed");
                assert!(started_in.listing() == beside, "{format} {more:?}: something was left where it started");
                assert!(temporary.listing() == kept, "{format} {more:?}: a temporary file was left");
            }
        }
    }
}

#[test]
fn a_home_of_all_clients_stays_as_it_is() {
    audit_in_every_way(&MadeUpHome::with_all_clients());
}

#[test]
fn databases_that_are_in_use_are_neither_changed_nor_waited_for() {
    let home = MadeUpHome::with_all_clients();
    let open = |path: &str| {
        let connection = rusqlite::Connection::open(home.at(path)).unwrap();
        connection.pragma_update(None, "journal_mode", "wal").unwrap();
        connection.pragma_update(None, "wal_autocheckpoint", 0).unwrap();
        connection
    };
    let gajim = open(".config/gajim/settings.sqlite");
    gajim.execute_batch("UPDATE account_settings SET settings = settings || ' '; BEGIN IMMEDIATE;").unwrap();
    let dino = open(".local/share/dino/dino.db");
    dino.execute_batch("UPDATE account SET alias = 'me'; BEGIN EXCLUSIVE; UPDATE account SET enabled = 0;")
        .unwrap();
    assert!(home.at(".config/gajim/settings.sqlite-wal").metadata().unwrap().len() > 0);
    audit_in_every_way(&home);
    // The clients go on as if nothing had been there.
    gajim.execute_batch("COMMIT").unwrap();
    dino.execute_batch("COMMIT; PRAGMA wal_checkpoint(TRUNCATE);").unwrap();
}

#[test]
fn journals_that_were_left_behind_are_left_where_they_are() {
    let home = MadeUpHome::new();
    let at = ".local/share/dino/dino.db";
    home.copy("dino/samples/v26-dino-0.4-observed-wal/dino.db", at);
    home.copy("dino/samples/v26-dino-0.4-observed-wal/dino.db-wal", &format!("{at}-wal"));
    // Without its shared memory, any program that opened it would make one.
    audit_in_every_way(&home);
}

#[test]
fn folders_that_may_not_be_written_to_are_read_all_the_same() {
    let home = MadeUpHome::with_all_clients();
    let folders: Vec<_> = walkdir::WalkDir::new(home.path())
        .into_iter()
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.is_dir())
        .collect();
    let set =
        |mode| folders.iter().for_each(|path| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap());
    set(0o500);
    audit_in_every_way(&home);
    let ran = run(home.program().args(["check", "--output-format", "concise"]));
    set(0o700);
    assert_eq!(ran.stdout, run(home.program().args(["check", "--output-format", "concise"])).stdout);
}
