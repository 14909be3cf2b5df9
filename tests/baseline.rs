//! Baselines, from the command line: what was there is accepted, what is new or worse fails, what is gone is told.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::string_slice, clippy::unwrap_used)]

mod common;

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use assert_cmd::Command;
use common::{MadeUpHome, Ran, run, track};
use serde_json::{Value, json};
use xmpp_audit::finding::Day;

/// Where Profanity keeps its accounts.
const ACCOUNTS: &str = ".local/share/profanity/accounts";

/// Where the baseline is, unless somebody says otherwise.
const BASELINE: &str = "xmpp-audit-baseline.json";

/// A password that stands nowhere else, not even in a rule page.
const CANARY: &str = "correct-horse-7f3a91";

/// An account whose password is stored, and that has this TLS policy.
fn account(name: &str, policy: &str) -> String {
    format!("[{name}]\nenabled=true\njid={name}\ntls.policy={policy}\npassword={CANARY}\n")
}

fn home_with(accounts: &[String]) -> MadeUpHome {
    let home = MadeUpHome::new();
    home.write(ACCOUNTS, accounts.concat());
    home
}

/// The program, without the rule that speaks of several accounts at once.
fn program(home: &MadeUpHome) -> Command {
    let mut program = home.program();
    program.env("XMPP_AUDIT_IGNORE", "policy-spreads");
    program
}

fn baseline(home: &MadeUpHome, arguments: &[&str]) -> Ran {
    run(program(home).arg("baseline").args(arguments))
}

fn succeeds(home: &MadeUpHome, arguments: &[&str]) -> String {
    let ran = baseline(home, arguments);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{}", ran.stdout);
    ran.stdout
}

fn report(home: &MadeUpHome, arguments: &[&str]) -> (i32, Value) {
    let compared = ["check", "--baseline", BASELINE, "--output-format", "json"];
    let ran = run(program(home).args(compared).args(arguments));
    let report = serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {}", ran.stderr));
    (ran.code, report)
}

fn entries(home: &MadeUpHome) -> Vec<Value> {
    let document: Value = serde_json::from_slice(&fs::read(home.at(BASELINE)).unwrap()).unwrap();
    document["entries"].as_array().unwrap().clone()
}

/// The rule and account of each of them.
fn named(list: &Value) -> Vec<String> {
    let name = |item: &Value| {
        let finding = item.get("finding").unwrap_or(item);
        format!("{} {}", word(&finding["rule"]), finding["account"].as_str().unwrap_or("-"))
    };
    list.as_array().map_or_else(Vec::new, |list| list.iter().map(name).collect())
}

fn notices(report: &Value) -> Vec<&str> {
    report["notices"].as_array().unwrap().iter().map(|notice| word(&notice["message"])).collect()
}

fn word(value: &Value) -> &str {
    value.as_str().unwrap()
}

const ALICE: &str = "alice@example.org";
const BOB: &str = "bob@example.org";

#[test]
fn what_was_there_is_accepted_and_what_is_new_fails() {
    let home = home_with(&[account(ALICE, "allow")]);
    assert_eq!(succeeds(&home, &["create"]), format!("{BASELINE}: 2 findings accepted\n"));
    let (code, compared) = report(&home, &[]);
    assert_eq!((code, named(&compared["findings"])), (0, Vec::new()));
    let accepted = ["encryption-optional alice@example.org", "password-stored alice@example.org"];
    assert_eq!(named(&compared["suppressed"]), accepted);
    for suppressed in compared["suppressed"].as_array().unwrap() {
        assert_eq!((&suppressed["by"], &suppressed["path"]), (&json!("baseline"), &json!(BASELINE)));
        assert_eq!(suppressed["reason"], "It was there before the baseline was made.");
        assert_eq!(suppressed["finding"]["baseline"], "unchanged");
    }
    assert_eq!(compared["summary"]["accepted"], json!({ "configuration": 0, "baseline": 2 }));
    // Acceptance takes no danger away.
    assert_eq!(compared["grades"][0]["grade"], "F");

    home.write(ACCOUNTS, [account("new@example.org", "allow"), account(ALICE, "allow")].concat());
    let (code, compared) = report(&home, &[]);
    assert_eq!(code, 1);
    assert_eq!(
        named(&compared["findings"]),
        ["encryption-optional new@example.org", "password-stored new@example.org"]
    );
    assert!(compared["findings"].as_array().unwrap().iter().all(|finding| finding["baseline"] == "new"));
    assert_eq!(named(&compared["suppressed"]).len(), 2);
    assert!(run(program(&home).arg("check")).code == 1, "nothing is compared that nobody asked for");
}

#[test]
fn what_got_worse_is_new() {
    let home = home_with(&[account(ALICE, "trust")]);
    fs::remove_file(home.at(ACCOUNTS)).unwrap();
    home.write(ACCOUNTS, account(ALICE, "allow"));
    succeeds(&home, &["create", "--select", "encryption-optional,encryption-disabled,password-stored"]);
    // The class of the value is another one.
    home.write(ACCOUNTS, account(ALICE, "disable"));
    let (code, compared) = report(&home, &["--select", "transport,password-stored"]);
    assert_eq!((code, named(&compared["suppressed"])), (1, vec!["password-stored alice@example.org".to_owned()]));
    assert_eq!(named(&compared["gone"]).len(), 1, "{compared}");

    // The setting is the same, but worse in its situation.
    home.write(ACCOUNTS, account(ALICE, "force"));
    let (code, _) = report(&home, &["--select", "password-stored"]);
    assert_eq!(code, 0);
    fs::set_permissions(home.at(ACCOUNTS), fs::Permissions::from_mode(0o644)).unwrap();
    let mut above = home.at(ACCOUNTS);
    while above.pop() && above.starts_with(home.path()) {
        fs::set_permissions(&above, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let (code, compared) = report(&home, &["--select", "password-stored"]);
    assert_eq!((code, named(&compared["findings"])), (1, vec!["password-stored alice@example.org".to_owned()]));
    assert_eq!(
        (&compared["findings"][0]["severity"], &compared["findings"][0]["baseline"]),
        (&json!("medium"), &json!("new"))
    );
    assert_eq!(named(&compared["gone"]), Vec::<String>::new(), "it is still there");

    let said = succeeds(&home, &["update", "--select", "password-stored", "--reason", "only for a week"]);
    assert_eq!(said, format!("{BASELINE}: 0 added, 1 changed, 1 kept\n"));
    let entry = entries(&home).into_iter().find(|entry| entry["rule"] == "password-stored").unwrap();
    assert_eq!((&entry["severity"], &entry["reason"]), (&json!("medium"), &json!("only for a week")));
    assert_eq!(report(&home, &["--select", "password-stored"]).0, 0);
    // What became milder is accepted as such: once it is worse again, that is new.
    fs::set_permissions(home.at(ACCOUNTS), fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(report(&home, &["--select", "password-stored"]).0, 0);
    succeeds(&home, &["update", "--select", "password-stored"]);
    let entry = entries(&home).into_iter().find(|entry| entry["rule"] == "password-stored").unwrap();
    assert_eq!((&entry["severity"], &entry["reason"]), (&json!("low"), &json!("only for a week")));
}

#[test]
fn what_is_gone_is_told_and_pruned() {
    let home = home_with(&[account(ALICE, "allow"), account(BOB, "allow")]);
    succeeds(&home, &["create"]);
    assert_eq!(entries(&home).len(), 4);
    home.write(ACCOUNTS, account(ALICE, "allow"));
    let (code, compared) = report(&home, &[]);
    assert_eq!((code, compared["summary"]["gone"].clone()), (0, json!(2)));
    let gone: Vec<_> = compared["gone"].as_array().unwrap().iter().map(|gone| word(&gone["rule"])).collect();
    assert_eq!(gone, ["encryption-optional", "password-stored"]);
    assert_eq!(compared["gone"][0]["path"], ACCOUNTS);
    for (language, phrase) in [("en", "2 of the baseline are gone"), ("fr", "2 de l’état de référence ont disparu")]
    {
        for format in ["full", "concise"] {
            let shown = run(program(&home).args([
                "check",
                "--baseline",
                BASELINE,
                "--lang",
                language,
                "--output-format",
                format,
            ]));
            assert!(shown.stdout.contains(phrase), "{format}: {}", shown.stdout);
        }
    }
    let full = run(program(&home).args(["check", "--baseline", BASELINE]));
    assert!(full.stdout.contains("  Accepted   2 accepted by the baseline\n"), "{}", full.stdout);
    let concise = run(program(&home).args(["check", "--baseline", BASELINE, "--output-format", "concise", "-v"]));
    assert!(
        concise.stdout.contains("; 2 accepted by the baseline; 2 of the baseline are gone"),
        "{}",
        concise.stdout
    );
    assert!(concise.stdout.contains(": accepted[password-stored] It was there"), "{}", concise.stdout);

    let said = succeeds(&home, &["update"]);
    assert_eq!(said, format!("{BASELINE}: 0 added, 0 changed, 4 kept\n"), "updating takes nothing out");
    assert_eq!(succeeds(&home, &["prune"]), format!("{BASELINE}: 2 taken out, 2 kept\n"));
    assert!(entries(&home).iter().all(|entry| entry["account"] == ALICE));
    assert_eq!(succeeds(&home, &["prune", "--lang", "fr"]), format!("{BASELINE}: 0 retiré, 2 conservés\n"));
}

#[test]
fn what_was_not_looked_for_is_not_gone() {
    let home = home_with(&[account(ALICE, "allow")]);
    home.copy("pidgin/samples/accounts-gui-two-accounts-opportunistic-tor.xml", ".purple/accounts.xml");
    succeeds(&home, &["create", "."]);
    let all = entries(&home).len();
    home.write(ACCOUNTS, account(ALICE, "force"));
    let gone = |arguments: &[&str]| named(&report(&home, arguments).1["gone"]).len();
    // The setting itself, and that another client is stricter.
    assert_eq!(gone(&["."]), 2);
    for elsewhere in [
        &["--client", "pidgin"][..],
        &["--ignore", "transport"],
        &["--select", "secrets"],
        &[".purple"],
        &[".purple/accounts.xml"],
    ] {
        assert_eq!(gone(elsewhere), 0, "{elsewhere:?}");
    }
    assert_eq!(gone(&[".local"]), 0);
    assert_eq!(gone(&[".local", ".purple"]), 2, "together they are all");
    // A file that cannot be read hides what is in it.
    fs::remove_file(home.at(ACCOUNTS)).unwrap();
    symlink("nowhere", home.at(ACCOUNTS)).unwrap();
    assert_eq!(gone(&[]), 0);
    let ran = baseline(&home, &["prune"]);
    assert_eq!((ran.code, entries(&home).len()), (4, all), "{}", ran.stdout);
    // Neither is a folder without anything a clean one.
    fs::create_dir(home.at("empty")).unwrap();
    assert_eq!(baseline(&home, &["prune", "empty"]).code, 3);
    assert_eq!(entries(&home).len(), all);
}

#[test]
fn in_a_work_tree_paths_begin_at_its_top() {
    let home = MadeUpHome::new();
    home.write("dotfiles/profanity/accounts", account(ALICE, "allow"));
    home.write("dotfiles/other/accounts", account(BOB, "allow"));
    track(&home.at("dotfiles"), &["profanity/accounts"]);
    succeeds(&home, &["create", "dotfiles"]);
    assert!(entries(&home).iter().any(|entry| entry["path"] == "profanity/accounts"));
    home.write("dotfiles/profanity/accounts", account(ALICE, "force"));
    for (place, expected) in [
        ("dotfiles", 1),
        ("dotfiles/profanity", 0),
        ("dotfiles/profanity/accounts", 0),
        ("dotfiles/other", 0),
        ("dotfiles/other/accounts", 0),
    ] {
        let (code, compared) = report(&home, &[place]);
        assert_eq!(code, 0, "{place}: {compared}");
        assert_eq!(named(&compared["gone"]).len(), expected, "{place}");
    }
    // From elsewhere, by another name.
    let absolute = home.at("dotfiles");
    assert_eq!(report(&home, &[absolute.to_str().unwrap()]).0, 0);
    // A file that moved is the same; a copy of it is new.
    fs::rename(home.at("dotfiles/other"), home.at("dotfiles/moved")).unwrap();
    assert_eq!(report(&home, &["dotfiles"]).0, 0);
    home.write("dotfiles/copy/accounts", account(BOB, "allow"));
    let (code, compared) = report(&home, &["dotfiles"]);
    assert_eq!(code, 1);
    let paths: Vec<_> =
        compared["findings"].as_array().unwrap().iter().map(|finding| word(&finding["path"])).collect();
    assert!(paths.iter().all(|path| path.contains("copy/") || path.contains("moved/")), "{paths:?}");
}

#[test]
fn reasons_owners_and_days_are_kept() {
    let home = home_with(&[account(ALICE, "allow")]);
    let create = ["create", "--reason", "the disk is encrypted", "--owner", "alice", "--expires", "2999-01-31"];
    succeeds(&home, &create);
    let today = Day::today();
    for entry in entries(&home) {
        assert_eq!((&entry["reason"], &entry["owner"]), (&json!("the disk is encrypted"), &json!("alice")));
        assert_eq!((&entry["expires"], &entry["added"]), (&json!("2999-01-31"), &json!(today.word())));
    }
    let text = fs::read_to_string(home.at(BASELINE)).unwrap().replace(today.word(), "2026-01-02");
    home.write(BASELINE, &text);
    home.write(ACCOUNTS, [account(ALICE, "allow"), account(BOB, "force")].concat());
    assert_eq!(
        succeeds(&home, &["update", "--reason", "later"]),
        format!("{BASELINE}: 1 added, 0 changed, 2 kept\n")
    );
    for entry in entries(&home) {
        let (reason, added) = if entry["account"] == ALICE {
            ("the disk is encrypted", "2026-01-02")
        } else {
            ("later", today.word())
        };
        assert_eq!((&entry["reason"], &entry["added"]), (&json!(reason), &json!(added)));
    }
    let shown = succeeds(&home, &["show"]);
    assert!(
        shown.contains(&format!("{ACCOUNTS}: critical[encryption-optional] accounts[alice@example.org]")),
        "{shown}"
    );
    assert!(shown.contains("    the disk is encrypted (alice, since 2026-01-02, until 2999-01-31)\n"), "{shown}");
    assert!(shown.ends_with("3 findings accepted\n"));
    assert!(succeeds(&home, &["show", "--lang", "fr"]).contains("depuis le 2026-01-02, jusqu’au 2999-01-31"));
    assert_eq!(
        succeeds(&home, &["show", "--output-format", "json"]),
        fs::read_to_string(home.at(BASELINE)).unwrap()
    );
    for wrong in [["--reason", " "], ["--expires", "soon"]] {
        assert_eq!(baseline(&home, &["update", wrong[0], wrong[1]]).code, 2);
    }
}

#[test]
fn what_has_run_out_fails_again_and_is_renewed_by_a_new_day_only() {
    let home = home_with(&[account(ALICE, "force")]);
    succeeds(&home, &["create", "--expires", Day::today().word()]);
    assert_eq!(report(&home, &[]).0, 0, "to the end of its last day");
    let text = fs::read_to_string(home.at(BASELINE)).unwrap().replace(Day::today().word(), "2026-01-31");
    home.write(BASELINE, &text);
    let (code, compared) = report(&home, &[]);
    assert_eq!((code, named(&compared["findings"])), (1, vec!["password-stored alice@example.org".to_owned()]));
    assert_eq!(notices(&compared).len(), 1);
    assert!(notices(&compared)[0].contains("held until 2026-01-31"), "{:?}", notices(&compared));
    assert_eq!(compared["complete"], true);
    let said = succeeds(&home, &["update"]);
    assert_eq!(said, format!("{BASELINE}: 0 added, 0 changed, 0 kept, 1 expired: renew it with --expires\n"));
    assert_eq!(fs::read_to_string(home.at(BASELINE)).unwrap(), text);
    succeeds(&home, &["update", "--expires", "2999-01-31"]);
    let (code, compared) = report(&home, &[]);
    assert_eq!((code, notices(&compared)), (0, Vec::new()));
}

#[test]
fn only_what_is_shown_or_fails_is_accepted() {
    let home = home_with(&[account(ALICE, "allow")]);
    for (arguments, severities) in [
        (&["--min-severity", "high"][..], &["critical", "low"][..]),
        (&["--min-severity", "high", "--fail-on", "high"], &["critical"]),
        (&["--fail-on", "info"], &["critical", "info", "low"]),
    ] {
        succeeds(&home, &[&["create"], arguments].concat());
        let mut accepted: Vec<String> =
            entries(&home).iter().map(|entry| word(&entry["severity"]).to_owned()).collect();
        accepted.sort();
        accepted.dedup();
        assert_eq!(accepted, severities);
        fs::remove_file(home.at(BASELINE)).unwrap();
    }
}

#[test]
fn what_the_configuration_ignores_is_not_accepted_twice() {
    let home = home_with(&[account(ALICE, "allow")]);
    home.write(
        "xmpp-audit.toml",
        "baseline = \"accepted.json\"\n[[ignore]]\nrule = \"password-stored\"\nreason = \"x\"\n",
    );
    let missing = run(program(&home).arg("check"));
    assert_eq!((missing.code, missing.stdout.as_str()), (2, ""));
    assert!(missing.stderr.contains("the baseline accepted.json cannot be read: It does not exist"));
    assert_eq!(succeeds(&home, &["create"]), "accepted.json: 1 finding accepted\n");
    let ran = run(program(&home).args(["check", "--output-format", "json"]));
    let compared: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((ran.code, &compared["summary"]["accepted"]), (0, &json!({ "configuration": 1, "baseline": 1 })));
    assert!(notices(&compared).is_empty());
    for arguments in [&["--no-ignores"][..], &["--no-ignores", "--baseline", "accepted.json"]] {
        let ran = run(program(&home).args(["check", "--output-format", "json"]).args(arguments));
        let bare: Value = serde_json::from_str(&ran.stdout).unwrap();
        assert_eq!((ran.code, named(&bare["findings"]).len(), bare.get("suppressed")), (1, 2, None));
    }
    // An entry whose finding the configuration ignores by now is not gone.
    fs::remove_file(home.at("accepted.json")).unwrap();
    succeeds(&home, &["create", "--isolated", "--baseline", "accepted.json"]);
    assert_eq!(succeeds(&home, &["prune"]), "accepted.json: 0 taken out, 2 kept\n");
    // A configuration that is not the caller's own compares with nothing.
    let other = MadeUpHome::new();
    let ran =
        run(program(&other).args(["check", "--output-format", "concise", "--home", home.path().to_str().unwrap()]));
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.contains("Without effect: baseline, ignore."), "{}", ran.stdout);
}

#[test]
fn a_baseline_is_sorted_keeps_to_its_schema_and_holds_no_secret() {
    let home = MadeUpHome::with_all_clients();
    home.write(".config/profanity/other", "").write("more/accounts", account(ALICE, "allow"));
    succeeds(&home, &["create", ".", "--min-severity", "info", "--expires", "2999-01-31", "--owner", "us"]);
    let text = fs::read_to_string(home.at(BASELINE)).unwrap();
    for secret in [CANARY, "hunter2", home.path().to_str().unwrap()] {
        assert!(!text.contains(secret), "{secret}");
    }
    assert!(text.ends_with("}\n"));
    let schema: Value = serde_json::from_str(&run(program(&home).args(["schema", "baseline"])).stdout).unwrap();
    jsonschema::meta::validate(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    let errors: Vec<String> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new());
    let order = |entry: &Value| ["path", "rule", "place"].map(|key| word(&entry[key]).to_owned());
    let keys: Vec<_> = entries(&home).iter().map(order).collect();
    assert!(keys.len() > 20);
    // By folders, as people sort paths.
    let mut sorted = keys.clone();
    sorted.sort_by_key(|[path, rule, place]| (std::path::PathBuf::from(path), rule.clone(), place.clone()));
    assert_eq!(keys, sorted);
    assert_eq!(report(&home, &[".", "--min-severity", "info", "--fail-on", "info"]).0, 0);

    succeeds(&home, &["update", "."]);
    succeeds(&home, &["prune", "."]);
    assert_eq!(fs::read_to_string(home.at(BASELINE)).unwrap(), text);
    let (_, compared) = report(&home, &[".", "--client", "profanity"]);
    let schema: Value = serde_json::from_str(&run(program(&home).args(["schema"])).stdout).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator.iter_errors(&compared).map(|error| error.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new());
}

#[test]
fn nothing_but_the_baseline_is_written() {
    let home = home_with(&[account(ALICE, "allow")]);
    let before = home.listing().len();
    succeeds(&home, &["create"]);
    assert_eq!(home.listing().len(), before + 1);
    let content = fs::read(home.at(ACCOUNTS)).unwrap();
    home.write(ACCOUNTS, account(BOB, "allow"));
    for command in ["update", "prune", "show"] {
        succeeds(&home, &[command]);
        assert_eq!(home.listing().len(), before + 1, "{command}");
    }
    assert_ne!(fs::read(home.at(ACCOUNTS)).unwrap(), content);
    let again = baseline(&home, &["create"]);
    assert_eq!((again.code, again.stdout.as_str()), (2, ""));
    assert!(again.stderr.contains("`baseline update` adds to it"), "{}", again.stderr);

    let empty = MadeUpHome::new();
    assert_eq!(baseline(&empty, &["create"]).code, 3);
    assert_eq!(baseline(&empty, &["update"]).code, 2);
    assert_eq!(baseline(&empty, &["show"]).code, 2);
    assert_eq!(empty.listing().len(), 1);
}

#[test]
fn a_broken_baseline_stops_the_audit() {
    let home = home_with(&[account(ALICE, "allow")]);
    succeeds(&home, &["create"]);
    let text = fs::read_to_string(home.at(BASELINE)).unwrap();
    for (from, to, message) in [
        ("\"reason\"", "\"reasn\"", "unknown field `reasn`"),
        ("\"critical\"", "\"severe\"", "“severe” is no severity"),
        ("baseline/1", "baseline/9", "is not “xmpp-audit/baseline/1”"),
        ("\n]", "", "EOF"),
        ("{\n", "<<<<<<< HEAD\n{\n", "expected value"),
    ] {
        home.write(BASELINE, text.replacen(from, to, 1));
        if from != "\n]" {
            for command in [&["check", "--baseline", BASELINE][..], &["baseline", "update"], &["baseline", "prune"]]
            {
                let ran = run(program(&home).args(command));
                assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{message}");
                assert!(ran.stderr.contains(message) && ran.stderr.contains(".json:"), "{}", ran.stderr);
            }
        }
    }
}

#[test]
fn hostile_words_are_shown_harmless_in_every_format() {
    let home = home_with(&[account(ALICE, "allow"), account(BOB, "allow")]);
    let hostile = "\u{1b}]0;x\u{7}\u{202e}\r\nowned";
    succeeds(&home, &["create", "--reason", hostile, "--owner", hostile]);
    home.write(
        "xmpp-audit.toml",
        format!("[[ignore]]\nrule = \"encryption-optional\"\naccount = \"{BOB}\"\nreason = {}\n", json!(hostile)),
    );
    home.write(ACCOUNTS, account(BOB, "allow"));
    let mut formats: Vec<&str> = xmpp_audit::report::FORMATS.iter().map(|format| format.name()).collect();
    formats.push("show");
    for format in formats {
        let ran = match format {
            "show" => baseline(&home, &["show"]),
            format => run(program(&home).args(["check", "-v", "--baseline", BASELINE, "--output-format", format])),
        };
        for forbidden in ['\u{1b}', '\u{7}', '\u{202e}'] {
            assert!(!ran.stdout.contains(forbidden), "{format}: {}", ran.stdout);
        }
        assert!(!ran.stdout.contains("\nowned"), "{format}: {}", ran.stdout);
    }
}
