//! Clients that run are found among the real processes of this machine.
#![cfg(target_os = "linux")]
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::string_slice, clippy::unwrap_used)]

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Lines, Write};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, SystemTime};

use rusqlite::Connection;
use xmpp_audit::clients::by_name;
use xmpp_audit::fix::running::{Answer, Asked, Sign, running};

/// What a child is to keep open: a file, or a database.
const KEEPS: &str = "TEST_KEEPS_OPEN";
const KEEPS_DATABASE: &str = "TEST_KEEPS_DATABASE";

/// A child of this test: it runs under any name, keeps something open, and ends with its standard input.
struct Running {
    child: Child,
    /// Kept, so that the child can still say something.
    said: Lines<BufReader<ChildStdout>>,
}

impl Running {
    fn start(folder: &Path, name: &str, variables: &[(&str, &Path)]) -> Self {
        let program = folder.join(name);
        symlink(std::env::current_exe().unwrap(), &program).unwrap();
        let mut child = Command::new(&program)
            .args(["--ignored", "--exact", "--nocapture", "a_child_waits"])
            .envs(variables.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let said = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut running = Self { child, said };
        let mut lines = running.said.by_ref().map_while(Result::ok);
        assert!(lines.any(|line| line.ends_with("ready")), "the child has not started");
        running
    }

    fn pid(&self) -> Option<u32> {
        Some(self.child.id())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        self.child.wait().unwrap();
    }
}

#[test]
#[ignore = "the child that other tests start"]
fn a_child_waits() {
    let file = std::env::var_os(KEEPS).map(|path| File::open(path).unwrap());
    let database = std::env::var_os(KEEPS_DATABASE).map(|path| {
        let database = Connection::open(path).unwrap();
        database.query_row("SELECT count(*) FROM account", [], |row| row.get::<_, i64>(0)).unwrap();
        database
    });
    writeln!(std::io::stdout(), "ready").unwrap();
    std::io::copy(&mut std::io::stdin(), &mut std::io::sink()).unwrap();
    drop((file, database));
}

fn file(folder: &Path, path: &str) -> PathBuf {
    let path = folder.canonicalize().unwrap().join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let file = File::create(&path).unwrap();
    file.set_modified(SystemTime::now() - Duration::from_secs(3600)).unwrap();
    path
}

fn ask(client: &str, path: &Path) -> Answer {
    let files = [path.to_owned()];
    running(&[Asked { client: by_name(client).unwrap(), files: &files }]).remove(0)
}

/// Who runs, and by what that is known.
fn found(client: &str, path: &Path) -> Vec<(Option<u32>, Sign)> {
    ask(client, path).running.into_iter().map(|running| (running.pid, running.how)).collect()
}

#[test]
fn a_client_is_found_as_long_as_it_runs() {
    let folder = tempfile::tempdir().unwrap();
    let accounts = file(folder.path(), "home/.local/share/profanity/accounts");
    let elsewhere = file(folder.path(), "other/.local/share/profanity/accounts");
    assert_eq!(ask("profanity", &accounts), Answer::default());
    let home = folder.path().join("home");
    let empty = Path::new("");
    let variables = [("HOME", &*home), ("XDG_DATA_HOME", empty), ("XDG_CONFIG_HOME", empty)];
    let client = Running::start(folder.path(), "profanity", &variables);
    assert_eq!(found("profanity", &accounts), [(client.pid(), Sign::Uses)]);
    assert_eq!(ask("profanity", &elsewhere), Answer::default());
    assert_eq!(ask("pidgin", &accounts), Answer::default());
    drop(client);
    assert_eq!(ask("profanity", &accounts), Answer::default());
}

#[test]
fn a_file_is_open_whoever_has_it() {
    let folder = tempfile::tempdir().unwrap();
    let accounts = file(folder.path(), "home/.purple/accounts.xml");
    let reader = Running::start(folder.path(), "some-reader", &[(KEEPS, &accounts)]);
    assert_eq!(found("pidgin", &accounts), [(reader.pid(), Sign::Open(accounts.clone()))]);
    drop(reader);
    assert_eq!(ask("pidgin", &accounts), Answer::default());
}

#[test]
fn the_lock_of_a_database_tells_where_processes_do_not() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().canonicalize().unwrap().join("dino.db");
    let database = Connection::open(&path).unwrap();
    database.execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE account (id INTEGER)").unwrap();
    drop(database);
    let nowhere = folder.path().join("no-list-of-processes");
    let files = [path.clone()];
    let asked = [Asked { client: by_name("dino").unwrap(), files: &files }];
    let ask = || xmpp_audit::fix::running::running_by(&nowhere, SystemTime::now(), &asked).remove(0).running;
    assert_eq!(ask(), []);
    let client = Running::start(folder.path(), "some-program", &[(KEEPS_DATABASE, &path)]);
    let answer = ask();
    assert_eq!(answer.len(), 1);
    assert_eq!((answer[0].pid, &answer[0].how), (client.pid(), &Sign::Locked(path.clone())));
    // By its open files it is known as well.
    assert_eq!(found("dino", &path), [(client.pid(), Sign::Open(path.clone()))]);
    // Asking has not taken its lock away.
    assert_eq!(ask().len(), 1);
    drop(client);
    assert_eq!(ask(), []);
}
