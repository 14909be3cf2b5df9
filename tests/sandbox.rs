//! What the process gives up is really gone, and the audit goes on.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout, reason = "tests")]

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread;

use xmpp_audit::sandbox::{Enforced, Needs, close_files, enter, refuse_system_calls};

const ACCOUNTS: &str = include_str!("../fixtures/pidgin/samples/accounts-gui-defaults.xml");

/// Set for the process that enters the sandbox and tries what it may.
const FOLDER: &str = "XMPP_AUDIT_TEST_SANDBOX";

/// What is tried in the sandbox, and whether it has to work where the sandbox is whole.
fn attempts(folder: &Path, writes: bool) -> Vec<(&'static str, bool, bool)> {
    let at = |name: &str| folder.join(name);
    let write = |path: PathBuf| OpenOptions::new().write(true).open(path).is_ok();
    let inner = thread::spawn(|| TcpStream::connect("127.0.0.1:9").map_err(|error| error.raw_os_error()));
    let refused = |error: Option<i32>| error == Some(NO_SUCH_CALL);
    vec![
        ("read inside", true, fs::read(at("inside/file")).is_ok()),
        ("list inside", true, fs::read_dir(at("inside")).is_ok()),
        ("look at metadata outside", true, fs::metadata(at("outside/file")).is_ok()),
        ("start a thread", true, thread::spawn(|| 7).join().is_ok()),
        ("read outside", false, fs::read(at("outside/file")).is_ok()),
        ("list outside", false, fs::read_dir(at("outside")).is_ok()),
        ("read through a link to the outside", false, fs::read(at("inside/link")).is_ok()),
        ("write inside", false, write(at("inside/file"))),
        ("create inside", false, File::create(at("inside/new")).is_ok()),
        ("remove inside", false, fs::remove_file(at("inside/other")).is_ok()),
        ("rename inside", false, fs::rename(at("inside/other"), at("inside/renamed")).is_ok()),
        ("make a folder inside", false, fs::create_dir(at("inside/folder")).is_ok()),
        ("link inside", false, symlink("file", at("inside/new link")).is_ok()),
        ("append inside", false, OpenOptions::new().append(true).open(at("inside/file")).is_ok()),
        ("change a mode inside", false, rustix::fs::chmod(at("inside/file"), 0o600.into()).is_ok()),
        ("write to a report", writes, File::create(at("reports/report")).is_ok()),
        ("open a TCP socket", false, TcpListener::bind("127.0.0.1:0").is_ok()),
        ("open a UDP socket", false, UdpSocket::bind("127.0.0.1:0").is_ok()),
        ("open a pair of sockets", false, UnixStream::pair().is_ok()),
        ("be told anything but no by a socket", false, !inner.join().unwrap().is_err_and(refused)),
        ("start a program", false, Command::new("/bin/true").status().is_ok()),
        ("kill a process", false, rustix::process::test_kill_process(rustix::process::getpid()).is_ok()),
    ]
}

/// `ENOSYS`: what a kernel says that does not know a system call.
const NO_SUCH_CALL: i32 = 38;

/// Runs in a process of its own, which [`try_out`] starts; does nothing otherwise.
#[test]
fn attempts_in_the_sandbox() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else { return };
    let writes = folder.join("reports").is_dir();
    let write = if writes { vec![folder.join("reports")] } else { Vec::new() };
    let needs = Needs { read: vec![folder.join("inside")], write };
    let enforced = if folder.join("in-two-steps").is_dir() {
        let system_calls = refuse_system_calls(writes);
        assert!(fs::read(folder.join("outside/file")).is_ok());
        Enforced { system_calls, files: close_files(&needs) }
    } else {
        enter(&needs)
    };
    println!("ENFORCED {} {}", enforced.files, enforced.system_calls);
    for (attempt, expected, worked) in attempts(&folder, writes) {
        println!("ATTEMPT {attempt}: {expected} {worked}");
    }
}

/// Has another process try everything; says what the sandbox enforced there, and what was otherwise than expected.
fn try_out(folder: &Path) -> (Enforced, Vec<String>) {
    for name in ["inside", "outside"] {
        fs::create_dir(folder.join(name)).unwrap();
        fs::write(folder.join(name).join("file"), "content").unwrap();
    }
    fs::write(folder.join("inside/other"), "content").unwrap();
    symlink("../outside/file", folder.join("inside/link")).unwrap();
    let test = std::env::current_exe().unwrap();
    let mut command = Command::new(test);
    command.args(["--exact", "attempts_in_the_sandbox", "--nocapture"]).env(FOLDER, folder);
    let output = command.output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    let enforced = told.lines().find_map(|line| line.strip_prefix("ENFORCED ")).unwrap_or_else(|| panic!("{told}"));
    let enforced = Enforced { files: enforced.starts_with("true"), system_calls: enforced.ends_with("true") };
    let attempts: Vec<&str> = told.lines().filter_map(|line| line.strip_prefix("ATTEMPT ")).collect();
    assert!(attempts.len() > 20, "{told}");
    let odd = attempts.into_iter().filter(|line| !line.ends_with("true true") && !line.ends_with("false false"));
    (enforced, odd.map(str::to_owned).collect())
}

#[test]
fn what_is_given_up_is_gone() {
    for (writes, in_two_steps) in [(false, false), (true, false), (false, true), (true, true)] {
        let folder = tempfile::tempdir().unwrap();
        for (name, is_there) in [("reports", writes), ("in-two-steps", in_two_steps)] {
            if is_there {
                fs::create_dir(folder.path().join(name)).unwrap();
            }
        }
        let (enforced, odd) = try_out(folder.path());
        if !enforced.is_whole() {
            println!("skipped: {}", enforced.sentence(xmpp_audit::model::Language::English));
            return;
        }
        assert!(odd.is_empty(), "writes: {writes}, in two steps: {in_two_steps}, {odd:?}");
        assert_eq!(fs::read_to_string(folder.path().join("inside/file")).unwrap(), "content");
        assert_eq!(fs::read_dir(folder.path().join("inside")).unwrap().count(), 3);
    }
}

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xmpp-audit"));
    command.env_remove("GITHUB_STEP_SUMMARY").env("LC_ALL", "C.UTF-8");
    command
}

fn run(arguments: &[&str], folder: &Path) -> (Option<i32>, String) {
    let Output { status, stdout, stderr } = program().args(arguments).current_dir(folder).output().unwrap();
    let told = format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    (status.code(), told)
}

/// Whether this system enforces the whole sandbox.
fn is_whole(folder: &Path) -> bool {
    run(&["clients", "--privacy"], folder).1.contains("The sandbox is in force: only")
}

#[test]
fn the_program_is_confined_while_it_reads() {
    let folder = tempfile::tempdir().unwrap();
    if !is_whole(folder.path()) {
        return;
    }
    for (sandbox, confined) in [("auto", true), ("require", true), ("off", false)] {
        let mut command = program();
        command.args(["check", "-", "--as", ".purple/accounts.xml", "--sandbox", sandbox, "--exit-zero"]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        // It waits for its input then, and has given up everything before.
        let status = PathBuf::from(format!("/proc/{}/status", child.id()));
        let is_confined = || {
            let status = fs::read_to_string(&status).unwrap();
            let has = |line: &str| status.lines().any(|known| known.split_whitespace().eq(line.split(' ')));
            has("NoNewPrivs: 1") && has("Seccomp: 2") && has("Seccomp_filters: 1")
        };
        let waited = (0..200).any(|_| {
            thread::sleep(std::time::Duration::from_millis(10));
            is_confined()
        });
        assert_eq!(waited, confined, "{sandbox}");
        child.stdin.take().unwrap().write_all(ACCOUNTS.as_bytes()).unwrap();
        assert!(child.wait().unwrap().success());
    }
}

#[test]
fn a_link_may_lead_out_of_what_is_searched() {
    let folder = tempfile::tempdir().unwrap();
    if !is_whole(folder.path()) {
        return;
    }
    for name in ["searched", "elsewhere"] {
        fs::create_dir(folder.path().join(name)).unwrap();
    }
    fs::write(folder.path().join("elsewhere/accounts.xml"), ACCOUNTS).unwrap();
    symlink("../elsewhere/accounts.xml", folder.path().join("searched/accounts.xml")).unwrap();
    for further in [&[][..], &["--sandbox", "off"], &["elsewhere"]] {
        let arguments = [&["check", "searched", "--output-format", "concise"][..], further].concat();
        let (code, told) = run(&arguments, folder.path());
        assert_eq!(code, Some(1), "{told}");
        assert!(told.contains("password-stored"), "{told}");
    }
}

#[test]
fn links_of_a_home_may_lead_out_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("home");
    fs::create_dir_all(folder.path().join("dotfiles/purple")).unwrap();
    fs::create_dir(&home).unwrap();
    fs::write(folder.path().join("dotfiles/purple/accounts.xml"), ACCOUNTS).unwrap();
    symlink("../dotfiles/purple", home.join(".purple")).unwrap();
    let (code, told) = run(&["check", "--home", "home", "--output-format", "concise"], folder.path());
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("home/.purple/accounts.xml"), "{told}");
}

#[test]
fn reports_and_baselines_are_written_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("purple")).unwrap();
    fs::create_dir(at("reports")).unwrap();
    fs::write(at("purple/accounts.xml"), ACCOUNTS).unwrap();
    fs::write(at("reports/old.json"), "x".repeat(1_000_000)).unwrap();
    let check = ["check", "purple", "--exit-zero", "-q", "--report"];
    for report in ["sarif=reports/new.sarif", "json=reports/old.json"] {
        let (code, told) = run(&[&check[..], &[report]].concat(), folder.path());
        assert_eq!(code, Some(0), "{told}");
    }
    for name in ["reports/new.sarif", "reports/old.json"] {
        let mut text = String::new();
        File::open(at(name)).unwrap().read_to_string(&mut text).unwrap();
        assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok(), "{name}");
    }
    let (code, told) = run(&["baseline", "create", "--reason", "test", "purple"], folder.path());
    assert_eq!(code, Some(0), "{told}");
    fs::rename(at("xmpp-audit-baseline.json"), at("reports/baseline.json")).unwrap();
    symlink("reports/baseline.json", at("xmpp-audit-baseline.json")).unwrap();
    let update =
        ["baseline", "update", "purple", "--baseline", "xmpp-audit-baseline.json", "--min-severity", "info"];
    let (code, told) = run(&update, folder.path());
    assert_eq!(code, Some(0), "{told}");
    assert!(at("xmpp-audit-baseline.json").is_symlink());
    assert_eq!(fs::read_dir(at("reports")).unwrap().count(), 3);
}

#[test]
fn it_says_what_is_in_force() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("purple")).unwrap();
    fs::write(folder.path().join("purple/accounts.xml"), ACCOUNTS).unwrap();
    let check =
        |further: &[&str]| run(&[&["check", "purple", "--exit-zero"][..], further].concat(), folder.path()).1;
    // One line where something is missing, none where nothing is.
    assert_eq!(check(&["-v"]).contains("sandbox"), !is_whole(folder.path()));
    assert!(!check(&[]).contains("sandbox"));
    assert!(!check(&["-v", "--sandbox", "off"]).contains("sandbox"));
    for (language, words) in [
        ("en", ["It uses no network", "It starts no program", "On this machine"]),
        ("fr", ["Il n’utilise pas le réseau", "Il ne lance aucun programme", "Sur cette machine"]),
    ] {
        let (code, told) = run(&["clients", "--privacy", "--lang", language], folder.path());
        assert_eq!(code, Some(0));
        assert!(words.iter().all(|word| told.contains(word)), "{told}");
    }
}
