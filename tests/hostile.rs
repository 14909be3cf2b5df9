//! The hostile home: everything that somebody can put into a home to harm whoever audits it, as root or not. It
//! neither hangs nor falls, follows no trap, leaves no trace, and says what it could not see.
//!
//! `fixtures/hostile/make.sh FOLDER` makes the same folder for people to look at.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::unwrap_used
)]

mod common;

#[path = "hostile/databases.rs"]
mod databases;
#[path = "hostile/kinds.rs"]
mod kinds;
#[path = "hostile/listing.rs"]
mod listing;
#[path = "hostile/names.rs"]
mod names;
#[path = "hostile/repositories.rs"]
mod repositories;
#[path = "hostile/run.rs"]
mod run;
#[path = "hostile/texts.rs"]
mod texts;
#[path = "hostile/trap.rs"]
mod trap;

use std::collections::BTreeSet;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use listing::listing;
use run::{Ran, User};
use serde_json::Value;
use trap::{Home, Told, Trap, lies_in};
use xmpp_audit::report::FORMATS;

/// Every trap, in the order of the list in `fixtures/hostile/README.md`.
fn traps() -> impl Iterator<Item = &'static Trap> {
    [kinds::TRAPS, names::TRAPS, texts::TRAPS, databases::TRAPS, repositories::TRAPS].into_iter().flatten()
}

/// A home, its files out of the fixtures with their places, and a rule that finds something there.
type Sound = (&'static str, &'static [(&'static str, &'static str)], &'static str);

/// Homes in which nothing is a trap, and what is found there.
const SOUND: [Sound; 4] = [
    (
        "sound-pidgin",
        &[("pidgin/samples/accounts-gui-two-accounts-opportunistic-tor.xml", ".purple/accounts.xml")],
        "encryption-optional",
    ),
    (
        "sound-gajim",
        &[("gajim/samples/1.7-many-problems.sqlite", ".config/gajim/settings.sqlite")],
        "encryption-disabled",
    ),
    (
        "sound-dino",
        &[
            ("dino/samples/v26-dino-0.4-observed-wal/dino.db", ".local/share/dino/dino.db"),
            ("dino/samples/v26-dino-0.4-observed-wal/dino.db-wal", ".local/share/dino/dino.db-wal"),
        ],
        "password-stored",
    ),
    (
        "sound-profanity",
        &[("profanity/samples/accounts-0.13.1-insecure", ".local/share/profanity/accounts")],
        "encryption-disabled",
    ),
];

/// A folder with all homes in it, removed at the end however deep it is.
struct Hostile {
    folder: PathBuf,
    temporary: tempfile::TempDir,
    keep: bool,
}

impl Hostile {
    fn new(only: impl Fn(&Trap) -> bool) -> Self {
        let folder = tempfile::Builder::new().prefix("hostile-").tempdir().unwrap().keep();
        let mut hostile = Self::at(&folder, only);
        hostile.keep = false;
        hostile
    }

    fn at(folder: &Path, only: impl Fn(&Trap) -> bool) -> Self {
        fs::create_dir_all(folder).unwrap();
        fs::set_permissions(folder, Permissions::from_mode(0o755)).unwrap();
        let folder = fs::canonicalize(folder).unwrap();
        for trap in traps().filter(|trap| only(trap)) {
            (trap.make)(&Home(folder.join(trap.home)));
        }
        for (home, files, _) in SOUND {
            for (from, to) in files {
                Home(folder.join(home)).write(to, fs::read(common::fixtures().join(from)).unwrap());
            }
        }
        let temporary = tempfile::tempdir().unwrap();
        fs::set_permissions(temporary.path(), Permissions::from_mode(0o777)).unwrap();
        Self { folder, temporary, keep: true }
    }

    fn homes(&self) -> BTreeSet<PathBuf> {
        fs::read_dir(&self.folder).unwrap().map(|entry| entry.unwrap().path()).collect()
    }

    /// The program over the known places of all homes.
    fn check_homes(&self, user: User, more: &[&str]) -> Command {
        let mut command = run::command(user, self.temporary.path());
        command.arg("check").args(more);
        self.homes().iter().for_each(|home| {
            command.arg("--home").arg(home);
        });
        command
    }

    /// The program over everything that lies in the folder.
    fn check_folder(&self, user: User, more: &[&str]) -> Command {
        let mut command = run::command(user, self.temporary.path());
        command.arg("check").args(more).arg(&self.folder);
        command
    }

    fn left_behind(&self) -> Vec<PathBuf> {
        fs::read_dir(self.temporary.path()).unwrap().map(|entry| entry.unwrap().path()).collect()
    }
}

impl Drop for Hostile {
    fn drop(&mut self) {
        if !self.keep {
            // The library's own way down ends where paths become too long.
            let _ = Command::new("chmod").args(["-R", "u+rwX"]).arg(&self.folder).output();
            let _ = Command::new("rm").arg("-rf").arg(&self.folder).output();
        }
    }
}

/// Whether a report says one of these things about what lies in a home.
fn is_told(report: &Value, home: &Path, told: &[Told], in_walk: bool) -> bool {
    let about = |list: &str| -> Vec<Value> {
        let list = report[list].as_array().unwrap().iter();
        list.filter(|said| lies_in(said["path"].as_str().unwrap(), home)).cloned().collect()
    };
    let (findings, notices, inputs) = (about("findings"), about("notices"), about("inputs"));
    let failed = inputs.iter().any(|input| input["status"] == "failed");
    told.iter().any(|told| match told {
        Told::Finding(rule) => findings.iter().any(|finding| finding["rule"] == *rule),
        Told::Notice(words) => {
            let reasons =
                notices.iter().map(|notice| &notice["message"]).chain(inputs.iter().map(|input| &input["reason"]));
            reasons.filter_map(Value::as_str).any(|reason| reason.contains(words))
        }
        Told::Nothing => notices.is_empty() && !failed,
        Told::NothingInWalk => in_walk && notices.is_empty() && !failed,
        Told::NothingAtKnownPlaces => !in_walk && notices.is_empty() && !failed,
    })
}

/// What a run over all traps must come to.
fn assert_said(hostile: &Hostile, ran: &Ran, in_walk: bool) {
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(1), ""), "{}", ran.stderr);
    let report = ran.report();
    assert_eq!(report["complete"], false);
    let unsaid: Vec<_> = traps()
        .filter(|trap| !is_told(&report, &hostile.folder.join(trap.home), trap.told, in_walk))
        .map(|trap| {
            let home = hostile.folder.join(trap.home);
            let about = |list: &str, key: &str| -> BTreeSet<String> {
                let said = report[list].as_array().unwrap().iter();
                said.filter(|said| lies_in(said["path"].as_str().unwrap(), &home))
                    .map(|said| said[key].to_string())
                    .collect()
            };
            format!(
                "{} wants {:?}: findings {:?}, notices {:?}, inputs {:?}",
                trap.home,
                trap.told,
                about("findings", "rule"),
                about("notices", "message"),
                about("inputs", "status")
            )
        })
        .collect();
    assert!(unsaid.is_empty(), "{}", unsaid.join("\n"));
    for (home, _, rule) in SOUND {
        assert!(is_told(&report, &hostile.folder.join(home), &[Told::Finding(rule)], in_walk), "{home} {rule}");
    }
}

/// How much memory a run may need, in KiB: 80 MiB for what is shipped, of which one thread alone takes 66. What is built
/// for tests alone brings along its own size.
const MEMORY: u64 = if cfg!(debug_assertions) { 96 << 10 } else { 80 << 10 };

/// Runs the program over all traps as somebody, at their known places and in a walk.
fn audit_all(hostile: &Hostile, user: User) {
    let before = listing(&hostile.folder);
    let json = ["--output-format", "json", "--min-severity", "info"];
    for (in_walk, what) in [(false, "homes"), (true, "folder")] {
        let check = || if in_walk { hostile.check_folder(user, &json) } else { hostile.check_homes(user, &json) };
        let ran = run::run(&mut check());
        println!("{user:?} {what}: {:?}, {:?} KiB", ran.time, ran.memory);
        assert_said(hostile, &ran, in_walk);
        assert!(ran.memory.is_none_or(|memory| memory < MEMORY), "{what}: {:?} KiB", ran.memory);
        assert!(!ran.stdout.contains(kinds::CANARY), "{what}");
        if user == User::Own {
            assert!(run::run(&mut check()).stdout == ran.stdout, "{what}: a second run says something else");
        }
    }
    assert!(before == listing(&hostile.folder), "the audit changed something");
    assert!(hostile.left_behind().is_empty(), "something was left behind: {:?}", hostile.left_behind());
}

/// As who runs the tests and, where that is root, as somebody who is not.
#[test]
fn no_trap_harms_its_auditor() {
    let hostile = Hostile::new(|_| true);
    audit_all(&hostile, User::Own);
    if !run::is_root() {
        return;
    }
    let starts = run::command(User::Ordinary, hostile.temporary.path()).arg("--version").output();
    if !starts.is_ok_and(|output| output.status.success()) {
        println!("skipped: an ordinary user cannot start what was built here");
        return;
    }
    run::give_away(&hostile.folder);
    audit_all(&hostile, User::Ordinary);
}

/// Names and addresses that harm whoever shows them, in every format that there is.
#[test]
fn no_report_passes_a_trap_on() {
    let hostile = Hostile::new(|trap| names::TRAPS.iter().any(|named| named.home == trap.home));
    for format in FORMATS.map(|format| format.name()) {
        let more = ["--output-format", format, "--min-severity", "info"];
        for command in [&mut hostile.check_folder(User::Own, &more), &mut hostile.check_homes(User::Own, &more)] {
            let ran = run::run(command);
            assert_eq!((ran.code, ran.stderr.as_str()), (Some(1), ""), "{format}");
            // CSV ends its lines with both characters (RFC 4180).
            let shown = ran.stdout.replace("\r\n", "\n");
            let raw = names::RAW.iter().find(|raw| shown.contains(**raw));
            assert_eq!(raw, None, "{format}");
        }
    }
}

/// What nobody may find once an audit has looked at the repositories.
#[test]
fn a_repository_runs_nothing() {
    let hostile = Hostile::new(|trap| trap.home.starts_with("git-"));
    let temporary = tempfile::tempdir().unwrap();
    let mut command = run::command(User::Own, temporary.path());
    command.args(["check", "--history", "--allow-incomplete", "--output-format", "json"]).arg(&hostile.folder);
    // git itself, if it were run, would obey.
    let ran = run::run(command.env("PATH", std::env::var_os("PATH").unwrap_or_default()));
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    assert!(!hostile.folder.join("git-configuration").join(repositories::OWNED).exists());
}

/// Killed at any moment, a run leaves nothing of what it has read, neither beside the files nor among temporary ones.
#[test]
fn whoever_is_killed_leaves_nothing_behind() {
    const MOMENTS: u32 = 200;
    // Something of each kind: a database with a log, one in memory, texts with passwords.
    let some = ["db-false-log", "db-utf-16", "gajim-surrogates", "many-groups", "stranger", "jid-markup"];
    let hostile = Hostile::new(|trap| some.contains(&trap.home));
    let before = listing(&hostile.folder);
    let report = hostile.temporary.path().join("reports/report.json");
    fs::create_dir(report.parent().unwrap()).unwrap();
    let option = format!("json={}", report.display());
    let whole = run::run(&mut hostile.check_homes(User::Own, &["--report", &option]));
    assert_eq!(whole.code, Some(1), "{}", whole.stderr);
    fs::remove_file(&report).unwrap();
    let mut killed = 0;
    for moment in 0..MOMENTS {
        let mut command = hostile.check_homes(User::Own, &["--report", &option]);
        let mut child =
            command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().unwrap();
        // In an order that looks like none, over the whole of a run.
        std::thread::sleep(whole.time * (moment * 83 % MOMENTS) / MOMENTS);
        child.kill().unwrap();
        killed += u32::from(child.wait().unwrap().code().is_none());
    }
    assert!(killed > MOMENTS / 4, "only {killed} runs were killed before they ended");
    assert!(before == listing(&hostile.folder), "the audit changed something");
    assert_eq!(hostile.left_behind(), [report.parent().unwrap()]);
    for entry in fs::read_dir(report.parent().unwrap()).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        assert!(!text.contains("SECRET") && !text.contains("hunter2"), "{} holds a secret", path.display());
    }
}

/// The list of all traps, for people. `UPDATE=1` writes it.
#[test]
fn the_list_of_traps_is_the_one_that_is_made() {
    let path = common::fixtures().join("hostile/README.md");
    let rows: String = traps()
        .enumerate()
        .map(|(number, trap)| {
            format!("| {} | `{}` | {} | {} |\n", number + 1, trap.home, cell(trap.about), cell(&told(trap)))
        })
        .collect();
    let list = format!("{INTRODUCTION}\n| | home | what it is | what is said |\n| --- | --- | --- | --- |\n{rows}");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &list).unwrap();
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), list, "UPDATE=1 writes {}", path.display());
    assert!(traps().count() >= 60);
    let homes: BTreeSet<_> = traps().map(|trap| trap.home).collect();
    assert_eq!(homes.len(), traps().count(), "two traps in one home");
}

const INTRODUCTION: &str = "# The hostile home\n\n\
`make.sh FOLDER` makes a folder of homes with a trap in each, as `tests/hostile.rs` does, which holds what the program\n\
says about them to this list. They cannot be kept here: FIFOs, loops, permissions, gigabytes, ten thousand folders inside\n\
one another. `measure.sh` says how long an audit of all takes, and how much memory.\n\
Remove the folder with `chmod -R u+rwX FOLDER; rm -rf FOLDER`.\n\n\
Of what is said, one thing must be: a notice with these words, or a finding of that rule.\n";

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "&lt;")
}

fn told(trap: &Trap) -> String {
    let words = |told: &Told| match told {
        Told::Notice("") => "some notice".to_owned(),
        Told::Notice(words) => format!("“{words}”"),
        Told::Finding(rule) => format!("`{rule}`"),
        Told::Nothing => "nothing".to_owned(),
        Told::NothingInWalk => "nothing, where it is not at a known place".to_owned(),
        Told::NothingAtKnownPlaces => "nothing, where only known places are looked at".to_owned(),
    };
    trap.told.iter().map(words).collect::<Vec<_>>().join(" or ")
}

/// For `fixtures/hostile/make.sh`: makes the homes in the folder that `HOSTILE_HOME` names.
#[test]
#[ignore = "makes a folder for people to look at"]
fn make() {
    let folder = std::env::var_os("HOSTILE_HOME").expect("HOSTILE_HOME names the folder");
    let hostile = Hostile::at(Path::new(&folder), |_| true);
    println!("{} homes in {}", hostile.homes().len(), hostile.folder.display());
}
