//! Every option of `check`, alone and with the ones that it meets.

use std::collections::BTreeSet;

use xmpp_audit::clients::CLIENTS;
use xmpp_audit::model::Language;
use xmpp_audit::rules::RuleSet;

use crate::common::{MadeUpHome, fixtures, run};
use crate::{ACCOUNTS, SOUND, WEAK, check, found, report, word};

const SEVERITIES: [&str; 5] = ["info", "low", "medium", "high", "critical"];

fn rank(severity: &str) -> usize {
    SEVERITIES.iter().position(|word| *word == severity).unwrap()
}

#[test]
fn what_is_shown_and_what_fails_are_two_questions() {
    let home = MadeUpHome::with_all_clients();
    for client in ["dino", "pidgin"] {
        let (_, everything) = report(&home, &["--client", client, "--min-severity", "info"]);
        let all: Vec<usize> = everything["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|finding| rank(word(&finding["severity"])))
            .collect();
        let worst = *all.iter().max().unwrap();
        for shown in SEVERITIES {
            for failing in SEVERITIES {
                let arguments = ["--client", client, "--min-severity", shown, "--fail-on", failing];
                let (code, report) = report(&home, &arguments);
                assert_eq!(code, i32::from(worst >= rank(failing)), "{arguments:?}");
                let expected = all.iter().filter(|severity| **severity >= rank(shown)).count();
                assert_eq!(found(&report).len(), expected, "{arguments:?}");
                let hidden = report["summary"]["hidden"].as_u64().unwrap_or_default();
                assert_eq!(usize::try_from(hidden).unwrap(), all.len() - expected, "{arguments:?}");
            }
        }
    }
}

#[test]
fn findings_that_are_hidden_but_fail_are_mentioned() {
    let home = MadeUpHome::with_all_clients();
    let ran = check(&home, &["--client", "dino", "--min-severity", "critical", "--fail-on", "low"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.contains("milder than --min-severity asks for"), "{}", ran.stdout);
}

#[test]
fn every_rule_and_every_tag_can_be_selected_and_ignored() {
    let home = MadeUpHome::with_all_clients();
    let rules = RuleSet::embedded(Language::French).unwrap();
    let (_, everything) = report(&home, &["--min-severity", "info"]);
    let all = found(&everything);
    let tags: BTreeSet<&String> = rules.pages().iter().flat_map(|page| &page.tags).collect();
    let fired: BTreeSet<String> = all.iter().map(|line| line.split(' ').next().unwrap().to_owned()).collect();
    assert!(fired.len() > 8, "{fired:?}");
    for name in fired.iter().chain(tags.iter().copied()) {
        let belongs = |line: &&String| {
            let rule = line.split(' ').next().unwrap();
            rule == name || rules.page(rule).unwrap().tags.contains(name)
        };
        let (_, selected) = report(&home, &["--min-severity", "info", "--select", name]);
        assert_eq!(found(&selected), all.iter().filter(belongs).cloned().collect::<Vec<_>>(), "--select {name}");
        let (_, rest) = report(&home, &["--min-severity", "info", "--ignore", name]);
        let others: Vec<String> = all.iter().filter(|line| !belongs(line)).cloned().collect();
        assert_eq!(found(&rest), others, "--ignore {name}");
    }
}

#[test]
fn selections_are_lists_and_ignoring_wins() {
    let home = MadeUpHome::with_all_clients();
    let (_, comma) = report(&home, &["--select", "encryption-optional,legacy-login"]);
    let (_, twice) = report(&home, &["--select", "encryption-optional", "--select", "legacy-login"]);
    assert_eq!(found(&comma), found(&twice));
    assert_eq!(found(&comma).len(), 3);
    let (_, less) = report(&home, &["--select", "transport", "--ignore", "encryption-optional"]);
    assert!(found(&less).iter().all(|line| !line.starts_with("encryption-optional ")));
    let (code, none) = report(&home, &["--select", "legacy-login", "--ignore", "transport"]);
    assert_eq!((code, found(&none).len()), (0, 0));
}

#[test]
fn a_misspelt_rule_is_not_a_clean_home() {
    let home = MadeUpHome::with_all_clients();
    for option in ["--select", "--ignore"] {
        let ran = check(&home, &[option, "encryption-optinal"]);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
        assert!(ran.stderr.contains("did you mean encryption-optional?"), "{}", ran.stderr);
        for name in ["", "legacy-login,", "*", "\u{1b}[2J"] {
            let ran = check(&home, &[option, name]);
            assert_eq!(ran.code, 2, "{option} {name:?}");
            assert!(!ran.stderr.contains('\u{1b}'));
        }
        // Even where there is nothing to audit.
        assert_eq!(check(&MadeUpHome::new(), &[option, "encryption-optinal"]).code, 2);
    }
}

#[test]
fn each_client_can_be_looked_at_alone() {
    let home = MadeUpHome::with_all_clients();
    // Alone, a client is compared with none, and repeats nothing.
    let (_, everything) = report(&home, &["--ignore", "weaker-elsewhere,provider-advice"]);
    let mut together = 0;
    for client in CLIENTS.map(|client| client.name().0) {
        let (_, alone) = report(&home, &["--client", client, "--ignore", "weaker-elsewhere,provider-advice"]);
        for list in ["findings", "inputs", "accounts"] {
            assert!(
                alone[list].as_array().unwrap().iter().all(|entry| entry["client"] == client),
                "{client} {list}"
            );
        }
        together += found(&alone).len();
    }
    assert_eq!(together, found(&everything).len());
    let (_, two) = report(&home, &["--client", "dino", "--client", "gajim"]);
    let clients: BTreeSet<&str> =
        two["inputs"].as_array().unwrap().iter().map(|input| word(&input["client"])).collect();
    assert_eq!(clients, BTreeSet::from(["dino", "gajim"]));
    assert_eq!(check(&home, &["--client", "adium"]).code, 2);
}

#[test]
fn the_files_are_listed_without_judging_them() {
    let home = MadeUpHome::with_all_clients();
    let ran = check(&home, &["--show-files"]);
    assert_eq!(ran.code, 0);
    let expected = [
        ".purple/accounts.xml: pidgin accounts",
        ".purple/blist.xml: pidgin buddy list",
        ".purple/prefs.xml: pidgin preferences",
        ".purple/status.xml: pidgin saved statuses",
        ".config/gajim/settings.sqlite: gajim settings",
        ".local/share/dino/dino.db: dino database",
        ".config/profanity/profrc: profanity settings",
        ".local/share/profanity/accounts: profanity accounts",
        ".local/share/profanity/tlscerts: profanity accepted certificates",
    ];
    let lines: Vec<String> = expected.iter().map(|line| format!("{}/{line}\n", home.path().display())).collect();
    assert_eq!(ran.stdout, lines.concat());
    let ran = check(&home, &["--show-files", "--client", "dino"]);
    assert_eq!(ran.stdout.lines().count(), 1);
}

#[test]
fn quiet_says_the_findings_and_verbose_every_file() {
    let home = MadeUpHome::with_all_clients();
    for format in ["full", "concise"] {
        let said = |more: &[&str]| check(&home, &[&["--output-format", format], more].concat()).stdout;
        let (quiet, normal, verbose) = (said(&["-q"]), said(&[]), said(&["-v"]));
        assert!(normal.starts_with(&quiet), "{format}");
        assert!(quiet.len() < normal.len() && normal.len() < verbose.len(), "{format}");
        assert!(!quiet.contains("4 profiles"), "{format}");
        assert!(verbose.contains("status.xml") && !normal.contains("status.xml"), "{format}");
    }
    let sound = MadeUpHome::new();
    sound.write(ACCOUNTS, SOUND);
    let ran = check(&sound, &["-q"]);
    assert_eq!((ran.code, ran.stdout.as_str(), ran.stderr.as_str()), (0, "", ""));
    assert_eq!(check(&sound, &["-q", "-v"]).code, 2);
}

#[test]
fn nothing_found_names_what_was_looked_at() {
    let home = MadeUpHome::new();
    home.write(ACCOUNTS, SOUND);
    let clean = check(&home, &[]);
    assert!(clean.stdout.contains(ACCOUNTS), "{}", clean.stdout);
    let nothing = check(&MadeUpHome::new(), &[]);
    assert!(nothing.stdout.contains("Nothing was audited"), "{}", nothing.stdout);
    assert!(nothing.stdout.contains("--home"), "{}", nothing.stdout);
}

#[test]
fn standard_input_stands_for_a_file() {
    let home = MadeUpHome::new();
    let audit = |arguments: &[&str], content: &[u8]| {
        run(home.program().arg("check").args(arguments).write_stdin(content.to_vec()))
    };
    let accounts = std::fs::read(fixtures().join("profanity/samples/accounts-0.13.1-insecure")).unwrap();
    let ran = audit(&["-", "--as", ACCOUNTS, "--output-format", "concise"], &accounts);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stdout.starts_with(&format!("{ACCOUNTS}:13:12: critical[encryption-optional]")), "{}", ran.stdout);
    for database in ["gajim/samples/1.7-many-problems.sqlite", "dino/samples/v29-dino-0.5/dino.db"] {
        let bytes = std::fs::read(fixtures().join(database)).unwrap();
        let ran = audit(&["-", "--as", database, "--fail-on", "low"], &bytes);
        assert_eq!(ran.code, 1, "{database}: {}{}", ran.stdout, ran.stderr);
    }
    // What is no client's file at all is said to be none, and is nothing to audit.
    let ran = audit(&["-", "--as", "letter.txt"], b"Dear Alice");
    assert_eq!(ran.code, 3);
    assert!(ran.stdout.contains("no file of the clients that were looked for"), "{}", ran.stdout);
    // A name alone does not make a file out of nothing: the client would take it for damaged.
    assert_eq!(audit(&["-", "--as", ".purple/accounts.xml"], b"").code, 1);
    let large = vec![b'\n'; (1 << 20) + 1];
    let ran = audit(&["-", "--as", ACCOUNTS, "--max-file-size", "1"], &large);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("--max-file-size"), "{}", ran.stderr);
    for wrong in [
        &["-"][..],
        &["--as", "x"],
        &["-", ".", "--as", "x"],
        &["-", "--as", "x", "--home", "."],
        &["-", "-", "--as", "x"],
    ] {
        let ran = audit(wrong, &accounts);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{wrong:?}");
    }
}

#[test]
fn a_large_file_is_read_only_if_that_is_allowed() {
    let home = MadeUpHome::new();
    home.write(ACCOUNTS, format!("{WEAK}{}", "# padding\n".repeat(150_000)));
    assert_eq!(report(&home, &["--max-file-size", "2"]).0, 1);
    let (code, report) = report(&home, &["--max-file-size", "1"]);
    assert_eq!(code, 4);
    assert!(word(&report["inputs"][0]["reason"]).contains("--max-file-size"));
    for wrong in ["0", "-1", "4097", "many", "18446744073709551616"] {
        assert_eq!(check(&home, &[&format!("--max-file-size={wrong}")]).code, 2, "{wrong}");
    }
}

#[test]
fn several_homes_and_paths_are_looked_at_together() {
    let (one, two) = (MadeUpHome::new(), MadeUpHome::new());
    one.write(ACCOUNTS, WEAK);
    two.write(ACCOUNTS, WEAK).write("copy/accounts", WEAK);
    let second = two.path().to_str().unwrap();
    let (_, both) = report(&one, &["--home", ".", "--home", second]);
    assert_eq!(both["inputs"].as_array().unwrap().len(), 2);
    let (_, three) = report(&one, &["--home", ".", second]);
    assert_eq!(three["inputs"].as_array().unwrap().len(), 3);
    let (_, file) = report(&two, &["copy/accounts"]);
    assert_eq!(file["inputs"][0]["path"], "copy/accounts");
    for wrong in [&["--home", "nowhere"][..], &["--home", ACCOUNTS], &["--home"]] {
        assert_eq!(check(&one, wrong).code, 2, "{wrong:?}");
    }
}

#[test]
fn narrated_is_a_format_with_a_flag_of_its_own() {
    let home = MadeUpHome::with_all_clients();
    let (flag, format) = (check(&home, &["--narrated"]), check(&home, &["--output-format", "narrated"]));
    assert_eq!((flag.code, flag.stderr.as_str()), (1, ""));
    assert!(flag.stdout.contains("\nFinding 1 of "));
    assert_eq!(flag.stdout, format.stdout);
    let both = check(&home, &["--narrated", "--output-format", "json"]);
    assert_eq!((both.code, both.stdout.as_str()), (2, ""));
}

#[test]
fn addresses_hide_behind_words_only_where_that_is_wanted() {
    const LINK: &str = "\x1b]8;;https://";
    let home = MadeUpHome::with_all_clients();
    let explain = |more: &[&str]| {
        let arguments = [&["explain", "encryption-optional"], more].concat();
        run(home.program().args(arguments).env("KONSOLE_VERSION", "230800")).stdout
    };
    assert!(explain(&["--hyperlinks", "always"]).contains(LINK));
    for plain in [explain(&["--hyperlinks", "never"]), explain(&[])] {
        assert!(!plain.contains('\x1b') && plain.contains("(https://"), "{plain}");
    }
    // Colours and links are wanted, or not, each by itself.
    assert!(explain(&["--hyperlinks", "never", "--color", "always"]).contains("\x1b["));
    assert!(!explain(&["--hyperlinks", "always"]).contains("\x1b["));
    assert!(!explain(&["--hyperlinks", "never", "--color", "always"]).contains(LINK));
}

#[test]
fn progress_is_for_terminals_only() {
    let home = MadeUpHome::with_all_clients();
    for arguments in [&["check"][..], &["check", "--no-progress"], &["check", "--color", "always"]] {
        let ran = run(home.program().args(arguments).env("TERM", "xterm").env("FORCE_COLOR", "1"));
        assert_eq!((ran.code, ran.stderr.as_str()), (1, ""), "{arguments:?}");
    }
}
