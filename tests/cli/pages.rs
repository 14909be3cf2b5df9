//! `explain`, `rules`, `clients`, `schema`, and rule pages of one's own.

use std::fs;

use serde_json::{Value, json};
use xmpp_audit::clients::CLIENTS;
use xmpp_audit::finding::{Confidence, Severity};
use xmpp_audit::model::Language;
use xmpp_audit::rules::RuleSet;
use xmpp_audit::rules::facts::SubjectKind;

use crate::common::{MadeUpHome, run};
use crate::{check, found, report, word};

fn page() -> String {
    fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/rules/encryption-optional.md")).unwrap()
}

#[test]
fn every_rule_is_explained_in_every_language() {
    let home = MadeUpHome::new();
    for page in RuleSet::embedded(Language::French).unwrap().pages() {
        let explained = |language: &str| {
            let ran = run(home.program().args(["explain", &page.id, "--lang", language]));
            assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{} {language}", page.id);
            ran.stdout
        };
        let (english, french) = (explained("en"), explained("fr"));
        assert!(english.starts_with(&format!("{}: ", page.id)));
        assert!(french.starts_with(&format!("{}: ", page.id)));
        assert_ne!(english, french);
        for (text, heading) in [(&english, "How to put it right"), (&french, "Comment y remédier")] {
            assert!(text.lines().any(|line| line == heading), "{}: no {heading}", page.id);
            assert!(text.lines().count() > 15, "{}: hardly a word", page.id);
            // The head of a page is a list; what follows is prose.
            let widest = text.lines().skip(2).map(|line| line.chars().count()).max().unwrap();
            assert!(widest <= 80 || text.contains("http"), "{}: {widest} columns", page.id);
            assert!(
                !text.contains("{{ account")
                    && !text.contains("{{ file")
                    && !text.contains("+++")
                    && !text.contains("\n##"),
                "{}: raw markup",
                page.id
            );
        }
    }
}

#[test]
fn an_unknown_rule_is_answered_with_the_ones_that_may_be_meant() {
    let home = MadeUpHome::new();
    for (asked, meant) in [
        ("encrypton-optional", "did you mean encryption-optional?"),
        ("ENCRYPTION-OPTIONAL", "did you mean encryption-optional?"),
        (" encryption-optional ", "did you mean encryption-optional?"),
        ("pasword-stored", "did you mean password-stored?"),
        ("pasword", "password-shadows-command, password-stored, proxy-password-stored, room-password-stored?"),
        ("encryption", "did you mean encryption-disabled, encryption-optional?"),
        ("xyzzy", "; `xmpp-audit rules` lists them"),
        ("", "; `xmpp-audit rules` lists them"),
        ("\u{1b}]0;x\u{7}", "“.]0;x.”"),
    ] {
        let ran = run(home.program().args(["explain", asked]));
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{asked:?}");
        assert!(ran.stderr.contains(meant), "{asked:?}: {}", ran.stderr);
        assert_eq!(ran.stderr.lines().count(), 1, "{asked:?}");
    }
}

#[test]
fn all_rules_are_listed_with_their_titles() {
    let home = MadeUpHome::new();
    let rules = RuleSet::embedded(Language::French).unwrap();
    for language in ["en", "fr"] {
        let ran = run(home.program().args(["rules", "--lang", language]));
        assert_eq!(ran.code, 0);
        assert_eq!(ran.stdout.lines().count(), rules.pages().len());
        for (line, page) in ran.stdout.lines().zip(rules.pages()) {
            assert!(line.starts_with(&format!("{} ", page.id)), "{line}");
            assert!(line.contains(page.severity.word()), "{line}");
        }
    }
}

#[test]
fn all_rules_are_listed_with_everything_that_their_pages_say() {
    let home = MadeUpHome::new();
    let schema: Value = serde_json::from_str(&run(home.program().args(["schema", "rules"])).stdout).unwrap();
    jsonschema::meta::validate(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let words = |pointer: &str| schema.pointer(pointer).unwrap().clone();
    assert_eq!(words("/$defs/severity/enum"), json!(Severity::WORDS));
    assert_eq!(words("/$defs/confidence/enum"), json!(Confidence::WORDS));
    assert_eq!(words("/$defs/rule/properties/subject/enum"), json!(SubjectKind::ALL.map(|(_, word)| word)));
    let rules = RuleSet::embedded(Language::French).unwrap();
    let listed = |language: &str| {
        let ran = run(home.program().args(["rules", "--output-format", "json", "--lang", language]));
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
        let document: Value = serde_json::from_str(&ran.stdout).unwrap();
        let errors: Vec<String> =
            validator.iter_errors(&document).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert_eq!(errors, Vec::<String>::new(), "{language}");
        document
    };
    let (english, french) = (listed("en"), listed("fr"));
    assert_eq!(english["rules"].as_array().unwrap().len(), rules.pages().len());
    for (number, page) in rules.pages().iter().enumerate() {
        let (english, french) = (&english["rules"][number], &french["rules"][number]);
        assert_eq!((&english["id"], &french["id"]), (&json!(page.id), &json!(page.id)));
        assert_eq!(english["title"], page.texts(Language::English).title.as_ref());
        assert_eq!(french["title"], page.texts(Language::French).title.as_ref());
        assert_eq!(english["when"], page.when.source.as_ref());
        assert_eq!(english["languages"], json!(["en", "fr"]));
        let tags: Vec<String> = [&english["tags"], &english["cwe"]]
            .iter()
            .flat_map(|list| list.as_array().unwrap())
            .map(|tag| word(tag).to_lowercase())
            .collect();
        assert_eq!(tags, page.tags, "{}", page.id);
        for language in ["en", "fr"] {
            let path = word(&english["pages"][language]);
            assert!(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path).is_file(), "{path}");
        }
        for client in &page.clients {
            let samples = &english["samples"][client.0];
            for verdict in ["fail", "pass"] {
                assert!(samples[verdict].as_u64().unwrap() > 0, "{}: {} {verdict}: {samples}", page.id, client.0);
            }
        }
    }
    let optional = &english["rules"].as_array().unwrap().iter().find(|rule| rule["id"] == "encryption-optional");
    let optional = optional.unwrap();
    assert_eq!(optional["cwe"], json!(["CWE-319", "CWE-757"]));
    assert_eq!(optional["raise"][0]["to"], "critical");
    assert_eq!(
        (&optional["step_down"], &optional["mark"]),
        (&json!("account.dormant"), &json!("account.encryption"))
    );
}

#[test]
fn a_rule_of_ones_own_is_listed_with_its_page() {
    let home = MadeUpHome::new();
    home.write("rules/house-rule.md", page());
    let ran = run(home.program().args(["rules", "--output-format", "json", "--rules", "rules"]));
    let document: Value = serde_json::from_str(&ran.stdout).unwrap();
    let rule = document["rules"].as_array().unwrap().iter().find(|rule| rule["id"] == "house-rule").unwrap();
    assert_eq!((&rule["languages"], &rule["pages"]), (&json!(["en"]), &json!({"en": "rules/house-rule.md"})));
}

#[test]
fn all_clients_are_listed_with_their_places() {
    let ran = run(MadeUpHome::new().program().arg("clients"));
    assert_eq!(ran.code, 0);
    for client in CLIENTS {
        assert!(ran.stdout.contains(&format!("{} ({})\n", client.title(), client.name().0)), "{}", client.title());
        for place in client.known_places() {
            assert!(ran.stdout.contains(place.path), "{}", place.path);
        }
    }
}

#[test]
fn a_real_report_keeps_to_the_schema_that_is_printed() {
    let home = MadeUpHome::with_all_clients();
    home.write("broken/.purple/accounts.xml", "<account><account>").write("notes", "x");
    let printed = run(home.program().arg("schema"));
    assert_eq!(printed.code, 0);
    let schema: Value = serde_json::from_str(&printed.stdout).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for arguments in [
        &[][..],
        &["--lang", "fr", "-v"],
        &[".", "nowhere", "notes"],
        &["--select", "legacy-login"],
        &["--min-severity", "critical"],
        &["nowhere"],
    ] {
        let (_, report) = report(&home, arguments);
        let errors: Vec<String> =
            validator.iter_errors(&report).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert_eq!(errors, Vec::<String>::new(), "{arguments:?}");
    }
    let empty = MadeUpHome::new();
    assert!(validator.is_valid(&report(&empty, &[]).1));
}

#[test]
fn a_page_of_ones_own_is_judged_by() {
    let home = MadeUpHome::with_all_clients();
    home.write("rules/house-rule.md", page());
    let (code, report) = report(&home, &["--rules", "rules", "--select", "house-rule"]);
    assert_eq!((code, found(&report).len()), (1, 2));
    let explained = run(home.program().args(["explain", "house-rule", "--rules", "rules"]));
    assert_eq!(explained.code, 0, "{}", explained.stderr);
    // A page of a known name takes the place of the built-in one.
    home.write(
        "milder/encryption-optional.md",
        page().replace("severity = \"high\"", "severity = \"low\"").replace("\nraise = ", "\n# raise = "),
    );
    let ran = check(&home, &["--rules", "milder", "--select", "encryption-optional", "--output-format", "concise"]);
    assert!(ran.stdout.contains("low[encryption-optional]"), "{}{}", ran.stdout, ran.stderr);
    // Nothing is ever loaded from what is audited.
    let (_, none) = report_without_rules(&home);
    assert!(found(&none).iter().all(|line| !line.starts_with("house-rule")));
}

fn report_without_rules(home: &MadeUpHome) -> (i32, Value) {
    report(home, &["."])
}

#[test]
fn a_wrong_page_is_refused_with_its_line() {
    let page = page();
    let sources = format!(":{}: ", 1 + page.lines().position(|line| line == "## Sources").unwrap());
    let sources = sources.as_str();
    let remedy = format!(":{}: ", 1 + page.lines().position(|line| line == "## How to put it right").unwrap());
    let remedy = remedy.as_str();
    let cases = [
        (
            "a wrong name of a fact",
            page.replacen("account.encryption ==", "account.encription ==", 1),
            ":4: ",
            "did you mean “account.encryption”?",
        ),
        (
            "a wrong word",
            page.replacen("== optional and", "== optionel and", 1),
            ":4: ",
            "did you mean “optional”?",
        ),
        ("broken TOML", page.replacen("severity = \"high\"", "severity = high", 1), ":5: ", "string"),
        ("an unknown severity", page.replacen("severity = \"high\"", "severity = \"awful\"", 1), ":5: ", "awful"),
        ("an unknown key", page.replacen("severity =", "severety =", 1), ":5: ", "severety"),
        ("an unknown client", page.replacen("\"profanity\"]", "\"profanty\"]", 1), ":3: ", "profanty"),
        (
            "a fact about something else",
            page.replacen("mark = \"account.encryption\"", "mark = \"room.address\"", 1),
            ":10: ",
            "a fact about another subject",
        ),
        (
            "a section without a word",
            page.replacen("## Sources", "## Sources\n\n## Sources", 1),
            sources,
            "with a text",
        ),
        ("a client without a remedy", page.replacen("### Gajim", "### Pidgin", 1), remedy, "### Gajim"),
        ("an empty remedy", page.replacen("### Gajim\n", "### Gajim\n\n### Profanity\n", 1), remedy, "### Gajim"),
        ("a missing section", page.replacen("## Sources", "## Sauces", 1), sources, "## Sources"),
        ("no front matter", page.replacen("+++\n", "", 1), ":1: ", "+++"),
        ("an empty page", String::new(), ":1: ", "+++"),
    ];
    for (what, text, line, word) in cases {
        let home = MadeUpHome::with_all_clients();
        home.write("rules/wrong.md", text);
        for command in [&["check"][..], &["check", "nowhere"], &["rules"], &["explain", "encryption-optional"]] {
            let ran = run(home.program().args(command).args(["--rules", "rules"]));
            assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{what}: {command:?}");
            assert!(ran.stderr.starts_with(&format!("xmpp-audit: rules/wrong.md{line}")), "{what}: {}", ran.stderr);
            assert!(ran.stderr.contains(word), "{what}: {}", ran.stderr);
        }
    }
}

#[test]
fn a_folder_without_pages_is_refused() {
    let home = MadeUpHome::with_all_clients();
    home.write("empty/readme.txt", "").write("page.md", page()).write("binary/x.md", [0xff, 0xfe, 0]);
    home.write("index/README.md", "")
        .write("named/My Rule.md", page())
        .write("french/fr/encryption-optional.md", "");
    for (folder, said) in [
        ("empty", "no rule page"),
        ("nowhere", "cannot be read"),
        ("page.md", "cannot be read"),
        ("binary", "cannot be read"),
        ("named", "is no rule id"),
        ("french", "no rule page"),
        ("index", "no rule page"),
    ] {
        let ran = check(&home, &["--rules", folder]);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{folder}");
        assert!(ran.stderr.contains(said), "{folder}: {}", ran.stderr);
    }
}

#[test]
fn help_names_every_option_and_exit_code() {
    let home = MadeUpHome::new();
    let help = run(home.program().args(["check", "--help"]));
    assert_eq!(help.code, 0);
    for option in [
        "--home",
        "--as",
        "--output-format",
        "--min-severity",
        "--fail-on",
        "--client",
        "--select",
        "--ignore",
        "--policy",
        "--exit-zero",
        "--allow-empty",
        "--allow-incomplete",
        "--max-file-size",
        "--show-files",
        "--quiet",
        "--verbose",
        "--lang",
        "--color",
        "--rules",
    ] {
        assert!(help.stdout.contains(option), "{option}");
    }
    let top = run(home.program().arg("--help"));
    for code in ["0  everything", "1  there are", "2  wrong", "3  nothing", "4  something", "70  internal"] {
        assert!(top.stdout.contains(code), "{code}");
    }
}
