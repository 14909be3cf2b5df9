//! How a run ends, and that it ends in the same way each time.

use std::fs;
use std::io;
use std::os::unix::fs::symlink;
use xmpp_audit::report::FORMATS;

use crate::common::{MadeUpHome, run};
use crate::{ACCOUNTS, SOUND, WEAK, check, found, report};

#[test]
fn every_exit_code_means_what_is_promised() {
    let sound = MadeUpHome::new();
    sound.write(ACCOUNTS, SOUND);
    assert_eq!(check(&sound, &[]).code, 0, "clean");

    let weak = MadeUpHome::new();
    weak.write(ACCOUNTS, WEAK);
    assert_eq!(check(&weak, &[]).code, 1, "findings");
    assert_eq!(check(&weak, &["--nonsense"]).code, 2, "an unknown option");
    assert_eq!(check(&weak, &["--select", "nonsense"]).code, 2, "an unknown rule comes before findings");
    assert_eq!(check(&weak, &["--rules", "nowhere"]).code, 2, "rules that are not there come before findings");

    let empty = MadeUpHome::new();
    assert_eq!(check(&empty, &[]).code, 3, "nothing to audit");
    assert_eq!(check(&empty, &["."]).code, 3, "nothing to audit in a folder");
    assert_eq!(check(&empty, &["nowhere"]).code, 4, "a path that is not there is no empty one");

    symlink("nowhere", sound.at(".local/share/profanity/tlscerts")).unwrap();
    assert_eq!(check(&sound, &[]).code, 4, "incomplete comes before clean");
    symlink("nowhere", weak.at(".local/share/profanity/tlscerts")).unwrap();
    assert_eq!(check(&weak, &[]).code, 1, "findings come before incomplete");
    assert_eq!(check(&weak, &["--fail-on", "critical", "--ignore", "transport"]).code, 4);
}

#[test]
fn what_was_accepted_does_not_make_a_run_fail() {
    let weak = MadeUpHome::new();
    weak.write(ACCOUNTS, WEAK).write("notes", "x");
    assert_eq!(check(&weak, &["--exit-zero"]).code, 0);
    assert_eq!(check(&weak, &["--exit-zero"]).stdout, check(&weak, &[]).stdout, "it is shown nevertheless");
    assert_eq!(check(&weak, &["--allow-empty", "--allow-incomplete"]).code, 1, "findings are neither");

    assert_eq!(check(&MadeUpHome::new(), &["--allow-empty"]).code, 0);
    assert_eq!(check(&weak, &["--allow-empty", "--show-files", "nowhere"]).code, 4, "what is missing is not empty");

    symlink("nowhere", weak.at(".local/share/profanity/tlscerts")).unwrap();
    assert_eq!(check(&weak, &["--exit-zero"]).code, 4, "findings that pass do not hide what could not be read");
    assert_eq!(check(&weak, &["--exit-zero", "--allow-incomplete"]).code, 0);
    assert_eq!(check(&weak, &["--exit-zero", "--allow-incomplete", "nowhere"]).code, 3, "nothing was audited");
    assert_eq!(check(&weak, &["--exit-zero", "--allow-empty", "--nonsense"]).code, 2);
}

#[test]
fn the_exit_code_does_not_depend_on_the_format_or_on_what_is_told() {
    let home = MadeUpHome::with_all_clients();
    for format in ["full", "concise", "json"] {
        for more in ["-q", "-v", "--color=always", "--lang=fr", "--min-severity=critical"] {
            assert_eq!(check(&home, &["--output-format", format, more]).code, 1, "{format} {more}");
            let lenient =
                check(&home, &["--output-format", format, more, "--client", "dino", "--fail-on", "critical"]);
            assert_eq!(lenient.code, 0, "{format} {more}");
        }
    }
}

#[test]
fn listing_the_files_does_not_hide_what_could_not_be_looked_at() {
    let home = MadeUpHome::new();
    home.write(ACCOUNTS, SOUND);
    assert_eq!(check(&home, &["--show-files"]).code, 0);
    assert_eq!(check(&home, &["--show-files", ACCOUNTS, "nowhere"]).code, 4);
    let nowhere = check(&home, &["--show-files", "nowhere"]);
    assert_eq!((nowhere.code, nowhere.stdout.as_str()), (4, ""));
    assert!(nowhere.stderr.contains("nowhere: It does not exist."), "{}", nowhere.stderr);
    assert_eq!(check(&MadeUpHome::new(), &["--show-files"]).code, 3);
}

#[test]
fn every_run_writes_the_same_bytes() {
    let home = MadeUpHome::with_all_clients();
    for format in ["full", "concise", "json"] {
        let runs: Vec<_> = (0..5).map(|_| check(&home, &["--output-format", format, "-v", "."])).collect();
        assert!(!runs[0].stdout.is_empty());
        for ran in &runs {
            assert_eq!((&ran.stdout, &ran.stderr, ran.code), (&runs[0].stdout, &String::new(), 1), "{format}");
        }
    }
}

#[test]
fn the_order_of_the_paths_changes_nothing() {
    let home = MadeUpHome::with_all_clients();
    home.write("broken/accounts.xml", "<account><account>").write("notes", "x");
    let paths = [".purple", ".config", ".local", "broken", "notes", "nowhere"];
    let (_, first) = report(&home, &paths);
    assert!(found(&first).len() > 20);
    for turn in 1..paths.len() {
        let mut turned = paths;
        turned.rotate_left(turn);
        let (_, mut report) = report(&home, &turned);
        report["summary"]["searched"] = first["summary"]["searched"].clone();
        assert_eq!(report, first, "{turned:?}");
    }
}

#[test]
fn a_reader_who_has_seen_enough_hears_no_complaint() {
    let home = MadeUpHome::with_all_clients();
    let formats = FORMATS.map(|format| ["check", "--output-format", format.name()]);
    let of_formats = formats.iter().map(|arguments| (&arguments[..], 1));
    let commands: [(&[&str], i32); 20] = [
        (&["check"], 1),
        (&["check", "--output-format", "json"], 1),
        (&["check", "--show-files"], 0),
        (&["rules"], 0),
        (&["rules", "--output-format", "json"], 0),
        (&["policy", "list"], 0),
        (&["policy", "show", "strict", "--output-format", "json"], 0),
        (&["clients"], 0),
        (&["schema"], 0),
        (&["schema", "ndjson"], 0),
        (&["explain", "encryption-optional"], 0),
        (&["completions", "bash"], 0),
        (&["completions", "elvish"], 0),
        (&["completions", "fish"], 0),
        (&["completions", "nushell"], 0),
        (&["completions", "powershell"], 0),
        (&["completions", "zsh"], 0),
        (&["man", "check"], 0),
        (&["--help"], 0),
        (&["check", "--help"], 0),
    ];
    for (arguments, code) in commands.into_iter().chain(of_formats) {
        let (reader, writer) = io::pipe().unwrap();
        drop(reader);
        let program = home.program();
        let output = std::process::Command::new(program.get_program())
            .args(arguments)
            .env_clear()
            .env("HOME", home.path())
            .stdout(writer)
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap()
            .wait_with_output()
            .unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{arguments:?}");
    }
}

#[test]
fn a_report_that_cannot_be_written_is_no_success() {
    let home = MadeUpHome::new();
    home.write(ACCOUNTS, SOUND);
    let formats = FORMATS.map(|format| ["check", "--output-format", format.name()]);
    let commands = [
        &["check"][..],
        &["rules"],
        &["rules", "--output-format", "json"],
        &["policy", "show", "strict"],
        &["schema"],
        &["check", "--show-files"],
    ];
    for arguments in commands.into_iter().chain(formats.iter().map(|arguments| &arguments[..])) {
        let Ok(full) = fs::OpenOptions::new().write(true).open("/dev/full") else { return };
        let program = home.program();
        let output = std::process::Command::new(program.get_program())
            .args(arguments)
            .env_clear()
            .env("HOME", home.path())
            .stdout(full)
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap()
            .wait_with_output()
            .unwrap();
        assert_eq!(output.status.code(), Some(70), "{arguments:?}");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.starts_with("xmpp-audit: the output cannot be written: "), "{arguments:?}: {said}");
    }
}

#[test]
fn results_and_complaints_do_not_mix() {
    let home = MadeUpHome::with_all_clients();
    let ran = check(&home, &["-v"]);
    assert_eq!(ran.stderr, "");
    for arguments in [&["check", "--select", "x"][..], &["explain", "x"], &["chekc"], &["check", "-", "."], &[]] {
        let ran = run(home.program().args(arguments));
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(!ran.stderr.is_empty(), "{arguments:?}");
    }
}
