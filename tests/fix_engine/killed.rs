//! Whoever is killed in the midst of a repair, or of taking one back, leaves every file as it was or as it was to be.

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use xmpp_audit::fix::{Content, FileChange, JournalError, Options, Restored, UndoError, apply, undo};
use xmpp_audit::model::{RowChange, RowEdit, Scalar, Splice};

use super::made::*;

/// Set for the process that is to be killed: what it does, and where.
const CHILD: &str = "XMPP_AUDIT_TEST_KILLED";

/// How often each kind is killed.
const KILLS: &str = "XMPP_AUDIT_TEST_KILLS";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Database,
    Logged,
    Harmless,
    Mode,
    Deleted,
}

const KINDS: [Kind; 6] = [Kind::Text, Kind::Database, Kind::Logged, Kind::Harmless, Kind::Mode, Kind::Deleted];

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Text => "accounts.xml",
            Self::Database | Self::Logged | Self::Harmless => "settings.sqlite",
            Self::Mode => "prefs.xml",
            Self::Deleted => "accounts.xml~",
        }
    }

    fn make(self, home: &Home) -> PathBuf {
        let path = home.at(self.name());
        match self {
            Self::Text | Self::Mode | Self::Deleted => drop(home.write(self.name(), self.text())),
            Self::Database | Self::Logged | Self::Harmless => database(&path, self == Self::Logged),
        }
        rustix::fs::chmod(&path, 0o640.into()).unwrap();
        path
    }

    fn text(self) -> String {
        ACCOUNTS.to_owned() + &"<!-- filler -->\n".repeat(2000)
    }

    fn change(self, path: &Path) -> FileChange {
        let account = || ("account", Scalar::Text("me@example.org".into()));
        let cell = |splice| in_cell("account_settings", account(), "settings", splice);
        let mut change = match self {
            Self::Text => {
                let text = self.text();
                let splices = vec![
                    Splice::forget(span(&text, SECRET)),
                    Splice::replace(span(&text, "opportunistic"), "require"),
                ];
                super::made::text(path, vec![splices])
            }
            Self::Database | Self::Logged => {
                let new: Scalar = Scalar::Integer(0);
                let set = RowChange::Set { column: "flag".into(), old: Scalar::Integer(1), new };
                let key = vec![("account".into(), account().1)];
                let row = RowEdit { table: "account_settings".into(), key, change: set };
                rows(path, vec![vec![cell(Splice::forget(span(settings(), SECRET))), row]])
            }
            Self::Harmless => {
                rows(path, vec![vec![cell(Splice::replace(span(settings(), "optional"), "required"))]])
            }
            Self::Mode => super::made::change(path, Content::Same),
            Self::Deleted => super::made::change(path, Content::Gone),
        };
        if self != Self::Deleted {
            change.mode = Some((0o640, 0o600));
        }
        change
    }

    /// What a client would find: a database as SQLite opens it, with whatever lies beside it.
    fn seen(self, home: &Home) -> Option<String> {
        let path = home.at(self.name());
        match self {
            Self::Text | Self::Mode | Self::Deleted => fs::read_to_string(path).ok(),
            Self::Database | Self::Logged | Self::Harmless => {
                let copy = tempfile::tempdir().unwrap();
                for name in home.names().iter().filter(|name| name.starts_with(self.name())) {
                    fs::copy(home.at(name), copy.path().join(name)).unwrap();
                }
                Some(dump(&copy.path().join(self.name())))
            }
        }
    }
}

/// Runs in a process of its own, which is killed; does nothing otherwise.
#[test]
fn child() {
    let Ok(what) = std::env::var(CHILD) else { return };
    let parts: Vec<&str> = what.splitn(4, ' ').collect();
    let kind = KINDS.into_iter().find(|kind| format!("{kind:?}") == parts[1]).unwrap();
    let options = Options { state_folder: PathBuf::from(parts[3]), keep_secrets: parts[2] == "true" };
    let path = fs::canonicalize(std::env::current_dir().unwrap()).unwrap().join(kind.name());
    let change = (parts[0] == "apply").then(|| kind.change(&path));
    // From now on it may be killed.
    println!("READY");
    std::io::stdin().read_exact(&mut [0]).unwrap();
    let began = Instant::now();
    match change {
        Some(change) => drop(apply(&[change], &options, &[note()]).unwrap()),
        None => drop(undo(None, &options).unwrap()),
    }
    println!("TOOK {}", began.elapsed().as_micros());
}

/// Starts a process and has it begin.
fn start(what: &str, kind: Kind, home: &Home, keeps: bool) -> Child {
    let value = format!("{what} {kind:?} {keeps} {}", home.state().display());
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["killed::child", "--exact", "--nocapture"]).env(CHILD, value).current_dir(home.at(""));
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let output = child.stdout.as_mut().unwrap();
    let mut said = Vec::new();
    let mut byte = [0];
    while !said.ends_with(b"READY\n") {
        assert_eq!(output.read(&mut byte).unwrap(), 1, "{}", String::from_utf8_lossy(&said));
        said.push(byte[0]);
    }
    child.stdin.take().unwrap().write_all(&byte).unwrap();
    child
}

fn home() -> Home {
    let home = Home::in_memory();
    fs::create_dir(home.folder.path().join("state")).unwrap();
    home
}

/// How long it takes when nobody is killed.
fn whole(kind: Kind) -> [Duration; 2] {
    let once = || {
        let home = home();
        kind.make(&home);
        ["apply", "undo"].map(|what| {
            let output = start(what, kind, &home, true).wait_with_output().unwrap();
            let said = String::from_utf8(output.stdout).unwrap();
            let took = said.lines().find_map(|line| line.strip_prefix("TOOK ")).unwrap();
            Duration::from_micros(took.parse().unwrap())
        })
    };
    // Other programs may be in the way, but not each time.
    (0..5).map(|_| once()).reduce(|one, other| [one[0].min(other[0]), one[1].min(other[1])]).unwrap()
}

/// Kills once, and looks at what is left. Says whether it was killed in its midst.
fn kill(kind: Kind, what: &str, after: Duration, number: u32) -> bool {
    let home = home();
    let keeps = number.is_multiple_of(2);
    let options = Options { keep_secrets: keeps, ..home.options() };
    let path = kind.make(&home);
    let old = (kind.seen(&home), mode(&path));
    if what == "undo" {
        apply(&[kind.change(&path)], &options, &[note()]).unwrap();
    }
    let mut child = start(what, kind, &home, keeps);
    std::thread::sleep(after);
    child.kill().unwrap();
    let was_killed = child.wait().unwrap().code().is_none();
    let (left, left_mode) = (kind.seen(&home), mode(&path));
    // Half of them are cleaned up after by the next repair, of another file.
    if number % 4 < 2 {
        let other = home.write("other", "content");
        apply(&[text(&other, vec![vec![Splice::insert(0, "x")]])], &home.options(), &[]).unwrap();
        undo(None, &home.options()).unwrap();
        fs::remove_file(other).unwrap();
    }
    let undone = match undo(None, &options) {
        Ok(undone) => Some(undone.files[0].1),
        Err(UndoError::Journal(JournalError::Nothing)) => None,
        Err(error) => panic!("{kind:?} {what}: {error}"),
    };
    let state = format!("{kind:?} {what}, killed after {after:?}, secrets kept: {keeps}, undone: {undone:?}");
    let was = kind.seen(&home);
    let without = old.0.as_ref().map(|text| text.replacen(SECRET, "", 1));
    // What the file holds when the secret alone is missing, or when it is gone.
    let but_for_secret = if kind == Kind::Deleted { None } else { without };
    match undone {
        Some(Restored::ButForSecret | Restored::NotKept) => assert!(!keeps && was == but_for_secret, "{state}"),
        Some(Restored::Exactly | Restored::InContent) => assert!(was == old.0, "{state}"),
        // It had not come to be, or had been taken back already.
        Some(Restored::AlreadyAsItWas) | None => {
            // Taken out and not yet looked at, a file is put back by whoever cleans up.
            let is_as_left = was == left || kind == Kind::Deleted && left.is_none() && was == old.0;
            assert!(is_as_left && (was == old.0 || !keeps && was == but_for_secret), "{state}");
        }
    }
    assert_eq!(was.as_ref().and(old.1), mode(&path), "{state}");
    // Neither a mix nor nothing.
    let new = |text: &String| match kind {
        Kind::Text => text.replacen(SECRET, "", 1).replacen("opportunistic", "require", 1),
        Kind::Database | Kind::Logged => text.replacen(SECRET, "", 1).replacen("Integer(1)", "Integer(0)", 1),
        Kind::Harmless => text.replacen("optional", "required", 1),
        Kind::Mode => text.clone(),
        Kind::Deleted => String::new(),
    };
    let new = old.0.as_ref().map(new).filter(|_| kind != Kind::Deleted);
    let can_be = left == old.0 || left == new || what == "undo" && !keeps && left == but_for_secret;
    assert!(can_be, "{state}: {left:?}");
    assert!(left_mode.is_none_or(|mode| mode == 0o640 || mode == 0o600), "{state}");
    if kind == Kind::Logged {
        // What SQLite has beside a database that is open goes when the next one closes it.
        dump(&path);
    }
    if matches!(undone, Some(Restored::ButForSecret)) {
        assert!(!holds(&fs::read(&path).unwrap(), SECRET), "{state}");
    }
    let names: Vec<_> = was.iter().map(|_| kind.name().to_owned()).collect();
    assert_eq!(home.names(), names, "{state}");
    if home.state().exists() {
        let journal = home.journal();
        let keeps_all = kind == Kind::Deleted && keeps;
        assert!(keeps_all || !holds(&journal, OTHER_SECRET) && !holds_encoded(&journal, OTHER_SECRET), "{state}");
        assert!(keeps || !holds(&journal, SECRET) && !holds_encoded(&journal, SECRET), "{state}");
        let names = fs::read_dir(home.state()).unwrap().map(|entry| entry.unwrap().file_name());
        assert!(names.into_iter().all(|name| name.to_str().unwrap().ends_with(".json")), "{state}");
    }
    was_killed
}

fn mode(path: &Path) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).ok().map(|metadata| metadata.permissions().mode() & 0o7777)
}

#[test]
fn whoever_is_killed_loses_nothing() {
    let kills = std::env::var(KILLS).ok().and_then(|kills| kills.parse().ok()).unwrap_or(60_u32);
    for kind in KINDS {
        let times = whole(kind);
        for (what, time) in ["apply", "undo"].into_iter().zip(times) {
            let (mut killed, mut number) = (0, 0);
            // On a busy machine many end before the kill reaches them: then there are more.
            while number < kills || killed <= kills / 4 && number < 20 * kills {
                // In an order that looks like none, over the whole of a run and somewhat longer: some take longer.
                let after = time * 3 / 2 * (number * 7919 % kills) / kills;
                killed += u32::from(kill(kind, what, after, number));
                number += 1;
            }
            println!("{kind:?} {what}: {time:?}, killed {killed} of {number} times");
            assert!(killed > kills / 4, "{kind:?}: only {killed} of {number} were killed before they ended");
        }
    }
}
