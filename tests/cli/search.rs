//! How far a search goes: threads, links, depth, folders that hold nothing, all users, lists of others.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use serde_json::Value;

use crate::common::{MadeUpHome, run};
use crate::{ACCOUNTS, SOUND, WEAK, as_ordinary_user, check, found, report, word};

/// The paths of the files that a report is about.
fn inputs(report: &Value) -> Vec<&str> {
    report["inputs"].as_array().unwrap().iter().map(|input| word(&input["path"])).collect()
}

/// Numbers in an order that looks like none, a different one for each seed.
fn shuffled(count: usize, seed: usize) -> Vec<usize> {
    let mut state = seed as u64 + 1;
    let mut numbers: Vec<usize> = (0..count).collect();
    for at in (1..count).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        numbers.swap(at, usize::try_from(state >> 33).unwrap() % (at + 1));
    }
    numbers
}

/// A tree with a bit of everything, made in an order of its own: so the file system lists it in another one.
fn make(home: &MadeUpHome, seed: usize) {
    let names: Vec<String> =
        (0..150).map(|number| format!("{}/{number}", ["a", "b/c", "b/d"][number % 3])).collect();
    for number in shuffled(names.len(), seed) {
        home.write(&format!("{}/notes", names[number]), "");
        match number % 25 {
            0 => drop(home.write(&format!("{}/.purple/accounts.xml", names[number]), "<account")),
            1 => drop(home.write(&format!("{}/{ACCOUNTS}", names[number]), WEAK)),
            2 => drop(home.write(&format!("{}/node_modules/x/accounts", names[number]), WEAK)),
            3 => {
                fs::create_dir_all(home.at(&format!("{}/.local/share/profanity", names[number]))).unwrap();
                symlink("nowhere", home.at(&format!("{}/{ACCOUNTS}", names[number]))).unwrap();
            }
            4 => symlink(home.at("real"), home.at(&format!("{}/.purple", names[number]))).unwrap(),
            _ => {}
        }
    }
    home.write(
        "real/accounts.xml",
        "<account version='1.0'><account><protocol>prpl-jabber</protocol></account></account>",
    );
    home.write("b/one/accounts", WEAK);
    for number in shuffled(9, seed) {
        fs::create_dir_all(home.at(&format!("b/same/{number}"))).unwrap();
        fs::hard_link(home.at("b/one/accounts"), home.at(&format!("b/same/{number}/accounts"))).unwrap();
    }
}

#[test]
fn the_report_is_the_same_whatever_the_threads() {
    let mut expected: Option<String> = None;
    for seed in 0..34 {
        let home = MadeUpHome::new();
        make(&home, seed);
        for threads in ["1", "2", "16"] {
            let ran = check(&home, &[".", "--threads", threads, "--output-format", "json"]);
            assert_eq!((ran.code, ran.stderr.as_str()), (1, ""), "{threads}");
            match &expected {
                None => {
                    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
                    assert_eq!(report["summary"]["pruned"], 6);
                    assert_eq!(report["summary"]["inputs"]["audited"], 8, "{}", ran.stdout);
                    assert_eq!(inputs(&report).iter().filter(|path| path.contains("/one/")).count(), 1);
                    expected = Some(ran.stdout);
                }
                Some(expected) => assert_eq!(&ran.stdout, expected, "{seed} {threads}"),
            }
        }
    }
}

#[test]
fn folders_that_hold_nothing_are_counted_and_entered_on_request() {
    let home = MadeUpHome::new();
    home.write("node_modules/profanity/accounts", WEAK)
        .write(".cache/profanity/accounts", WEAK)
        .write("x/accounts", SOUND);
    let (code, walked) = report(&home, &["."]);
    assert_eq!((code, inputs(&walked), &walked["summary"]["pruned"]), (0, vec!["./x/accounts"], &Value::from(2)));
    let (code, walked) = report(&home, &[".", "--all"]);
    assert_eq!((code, inputs(&walked).len(), walked["summary"].get("pruned")), (1, 3, None));
    // Who names such a folder means it.
    assert_eq!(report(&home, &["node_modules"]).0, 1);
    let shown = |arguments: &[&str]| check(&home, &[&["."][..], arguments].concat()).stdout;
    assert!(shown(&[]).contains("  Not entered  2 folders of caches and packages (--all enters them)\n"));
    assert!(shown(&["--lang", "fr"]).contains("2 dossiers de caches ou de paquets"));
    assert!(shown(&["--output-format", "concise"]).trim_end().ends_with("; 2 folders not entered"));
    assert!(shown(&["--narrated"]).contains("Not entered: 2 folders"));
}

#[test]
fn a_search_goes_as_deep_as_it_may() {
    let home = MadeUpHome::new();
    home.write("accounts", WEAK).write("1/accounts", WEAK).write("1/2/accounts", WEAK);
    for (depth, expected) in [("1", 1), ("2", 2), ("3", 3), ("9", 3)] {
        assert_eq!(inputs(&report(&home, &[".", "--max-depth", depth]).1).len(), expected, "{depth}");
    }
    for wrong in [["--max-depth", "0"], ["--threads", "0"], ["--threads", "1000"], ["--follow-symlinks", "maybe"]] {
        assert_eq!(check(&home, &[&["."][..], &wrong].concat()).code, 2, "{wrong:?}");
    }
    assert_eq!(report(&home, &[".", "--one-file-system"]).1["summary"]["inputs"]["audited"], 3);
}

/// A home whose files lie elsewhere, as dotfiles managers do it.
fn with_links() -> (MadeUpHome, MadeUpHome) {
    let (home, elsewhere) = (MadeUpHome::new(), MadeUpHome::new());
    elsewhere
        .write("purple/accounts.xml", "<account version='1.0'/>")
        .write("other/accounts", WEAK)
        .write("mine", WEAK);
    symlink(elsewhere.at("purple"), home.at(".purple")).unwrap();
    symlink(elsewhere.at("other"), home.at("link")).unwrap();
    fs::create_dir_all(home.at(".local/share/profanity")).unwrap();
    symlink(elsewhere.at("mine"), home.at(ACCOUNTS)).unwrap();
    symlink("..", home.at(".local/up")).unwrap();
    (home, elsewhere)
}

#[test]
fn links_are_followed_as_they_are_asked_to_be() {
    let (home, _elsewhere) = with_links();
    let (purple, accounts) = (".purple/accounts.xml", ACCOUNTS);
    for (which, expected) in
        [("never", vec![]), ("known", vec![accounts, purple]), ("always", vec![accounts, purple, "link/accounts"])]
    {
        for threads in ["1", "4"] {
            let (_, walked) = report(&home, &[".", "--follow-symlinks", which, "--threads", threads]);
            let expected: Vec<String> = expected.iter().map(|path| format!("./{path}")).collect();
            assert_eq!(inputs(&walked), expected, "{which}");
            let notices: Vec<&str> =
                walked["notices"].as_array().unwrap().iter().map(|notice| word(&notice["path"])).collect();
            let untold: &[&str] = &[];
            let told: &[&str] =
                if which == "never" { &["./.local/share/profanity/accounts", "./.purple"] } else { untold };
            assert_eq!(notices, told, "{which}");
        }
    }
    assert_eq!(report(&home, &[".", "--follow-symlinks", "never"]).0, 3);
    // The known places, too.
    let (code, known) = report(&home, &["--follow-symlinks", "never"]);
    assert_eq!((code, inputs(&known)), (3, vec![]));
    assert!(known["notices"].to_string().contains("--follow-symlinks never"), "{known}");
    assert_eq!(inputs(&report(&home, &[]).1).len(), 2);
}

#[test]
fn what_stands_in_a_files_place_is_said() {
    let home = MadeUpHome::new();
    fs::create_dir_all(home.at("a/.purple/accounts.xml")).unwrap();
    home.write("a/.purple/accounts.xml/inner/accounts", WEAK);
    fs::create_dir_all(home.at("b/.local/share/profanity")).unwrap();
    let mode = rustix::fs::Mode::from_raw_mode(0o600);
    rustix::fs::mknodat(rustix::fs::CWD, home.at(&format!("b/{ACCOUNTS}")), rustix::fs::FileType::Fifo, mode, 0)
        .unwrap();
    fs::create_dir_all(home.at("c/accounts")).unwrap();
    let (code, walked) = report(&home, &["."]);
    assert_eq!((code, found(&walked).len()), (1, 1));
    let notices = walked["notices"].as_array().unwrap();
    let told: Vec<&str> = notices.iter().map(|notice| word(&notice["path"])).collect();
    assert_eq!(told, ["./a/.purple/accounts.xml", "./b/.local/share/profanity/accounts"]);
    assert!(notices.iter().all(|notice| word(&notice["message"]).contains("not a regular file")), "{notices:?}");
    assert_eq!(walked["complete"], false);
}

#[test]
fn what_cannot_be_entered_is_named_up_to_a_point() {
    let home = MadeUpHome::new();
    home.write("zz/accounts", SOUND);
    for number in 0..1100 {
        let folder = home.at(&format!("closed/{number:04}"));
        fs::create_dir_all(&folder).unwrap();
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o000)).unwrap();
    }
    let Some(mut program) = as_ordinary_user(&home) else { return };
    let ran = run(program.args(["check", "--output-format", "json"]).arg(home.path()));
    for number in 0..1100 {
        let folder = home.at(&format!("closed/{number:04}"));
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).unwrap();
    }
    let walked: Value = serde_json::from_str(&ran.stdout).unwrap();
    let notices = walked["notices"].as_array().unwrap();
    assert_eq!((ran.code, notices.len()), (4, 1001));
    assert!(word(&notices[0]["message"]).contains("100 more files or folders"), "{}", notices[0]);
    assert!(word(&notices[1000]["path"]).ends_with("closed/0999"));
}

/// The root folder of a machine with some users.
fn machine() -> MadeUpHome {
    let machine = MadeUpHome::new();
    machine.write(
        "etc/passwd",
        "root:x:0:0:root:/root:/bin/bash\nalice:x:1000:1000:Alice:/home/alice:/bin/bash\n\
         nobody:x:65534:65534::/nonexistent:/bin/false\ncarol:x:1002:1002::/srv/carol:/bin/sh\n",
    );
    machine.write(&format!("home/alice/{ACCOUNTS}"), WEAK).write(&format!("home/bob/{ACCOUNTS}"), SOUND);
    machine.write("srv/carol/.purple/accounts.xml", "<account version='1.0'/>");
    machine
}

#[test]
fn every_user_is_audited_apart() {
    let machine = machine();
    let all_users = format!("--all-users={}", machine.path().display());
    let (code, audited) = report(&machine, &[&all_users]);
    assert_eq!((code, inputs(&audited).len()), (1, 3));
    let grades = audited["grades"].as_array().unwrap();
    let owners: Vec<_> = grades.iter().map(|grade| (word(&grade["owner"]), grade["user"].as_str())).collect();
    let home = |name: &str| machine.at(name).display().to_string();
    assert_eq!(owners, [(home("home/alice").as_str(), Some("alice")), (&home("home/bob"), None)]);
    let searched: Vec<&str> = audited["summary"]["searched"].as_array().unwrap().iter().map(word).collect();
    assert_eq!(searched, [home("home/alice"), home("home/bob"), home("srv/carol")]);
    let shown = check(&machine, &[&all_users]).stdout;
    assert!(shown.contains(&format!("  alice ({})\n", home("home/alice"))), "{shown}");
    assert!(shown.contains(&format!("  {}\n", home("home/bob"))), "{shown}");
    assert!(check(&machine, &[&all_users, "--narrated"]).stdout.contains("User: alice ("));
    let wrong = check(&machine, &["--all-users=/nonexistent"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.stderr.contains("/etc/passwd"), "{}", wrong.stderr);
}

#[test]
fn lists_of_other_programs_are_gone_through() {
    let home = MadeUpHome::new();
    home.write("a/accounts", WEAK)
        .write("b\nc/accounts", WEAK)
        .write("d/.purple/accounts.xml", "<account version='1.0'/>");
    home.write("letter.txt", "accounts");
    let lines = "a/accounts\ngone/.purple/accounts.xml\nletter.txt\nd\nd/.purple/accounts.xml\n\na/accounts\n";
    let (code, listed) = report(home.write("list", lines), &["--files-from", "list"]);
    assert_eq!((code, inputs(&listed)), (1, vec!["a/accounts", "d/.purple/accounts.xml"]));
    assert_eq!(listed["notices"].as_array().unwrap().len(), 0);
    let zeros = format!("b\nc/accounts\0{}/a/accounts\0", home.path().display());
    let program = || {
        let mut program = home.program();
        program.args(["check", "--output-format", "json", "--files-from", "-"]);
        program
    };
    let ran = run(program().write_stdin(zeros));
    let listed: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((ran.code, inputs(&listed).len()), (1, 2), "{}", ran.stdout);
    assert_eq!(run(program().write_stdin("")).code, 3);
    assert_eq!(check(&home, &["--files-from", "none"]).code, 2);
    assert_eq!(check(&home, &["--files-from", "."]).code, 2);
}
