//! Configurations, from the command line: which count, in which order, what they accept, and who may not relax what.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::string_slice, clippy::unwrap_used)]

mod common;

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, lchown, symlink};
use std::path::Path;

use common::{MadeUpHome, Ran, run};
use serde_json::{Value, json};

/// An account of Profanity that does not insist on encryption, and another one.
const WEAK: &str = "[alice@example.org]\nenabled=true\njid=alice@example.org\ntls.policy=allow\n\
                    [bob@example.org]\nenabled=true\njid=bob@example.org\ntls.policy=allow\n";

/// Where Profanity keeps its accounts.
const ACCOUNTS: &str = ".local/share/profanity/accounts";

/// The configuration for all that its owner audits.
const USERS: &str = ".config/xmpp-audit/config.toml";

/// A home in which two accounts do not insist on encryption, with a configuration beside them.
fn weak_home(configuration: &str) -> MadeUpHome {
    let home = MadeUpHome::new();
    home.write(ACCOUNTS, WEAK).write("xmpp-audit.toml", configuration);
    home
}

fn check(home: &MadeUpHome, arguments: &[&str]) -> Ran {
    run(home.program().arg("check").args(arguments))
}

fn report(home: &MadeUpHome, arguments: &[&str]) -> (i32, Value) {
    let ran = check(home, &[arguments, &["--output-format", "json"]].concat());
    let report = serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {}", ran.stderr));
    (ran.code, report)
}

fn settings(home: &MadeUpHome, arguments: &[&str]) -> Value {
    let ran = run(home.program().args(["settings", "--output-format", "json"]).args(arguments));
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    serde_json::from_str(&ran.stdout).unwrap()
}

/// The rule and account of each finding.
fn found(findings: &Value) -> Vec<String> {
    let name = |finding: &Value| {
        let account = finding["account"].as_str().unwrap_or_default();
        format!("{} {account}", finding["rule"].as_str().unwrap())
    };
    findings.as_array().map_or_else(Vec::new, |findings| findings.iter().map(name).collect())
}

/// What the notices say.
fn notices(report: &Value) -> Vec<String> {
    let notices = report["notices"].as_array().unwrap().iter();
    notices.map(|notice| format!("{}: {}", word(&notice["path"]), word(&notice["message"]))).collect()
}

fn word(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}

/// Gives a file to somebody else, if that can be arranged.
fn give_away(path: &Path) -> bool {
    is_root() && lchown(path, Some(65_534), Some(65_534)).is_ok()
}

#[test]
fn what_is_nearer_to_the_user_counts_for_more() {
    let home = weak_home("fail-on = \"high\"\nmin-severity = \"medium\"\nselect = [\"transport\"]\n");
    home.write(
        USERS,
        "fail-on = \"critical\"\nmin-confidence = \"medium\"\nclient = [\"pidgin\", \"profanity\"]\n",
    );
    home.write("named.toml", "# named\nmin-severity = \"critical\"\n");
    let origin = |key: &str, arguments: &[&str]| {
        let row = settings(&home, arguments)["settings"][key].clone();
        let place = row["path"].as_str().map_or_else(String::new, |path| format!(" {path}:{}", row["line"]));
        format!("{} {}{place}", row["value"], word(&row["origin"]))
    };
    assert_eq!(origin("fail-on", &[]), "\"high\" file xmpp-audit.toml:1");
    assert_eq!(origin("min-severity", &[]), "\"medium\" file xmpp-audit.toml:2");
    assert_eq!(origin("min-severity", &["--config", "named.toml"]), "\"critical\" file named.toml:2");
    assert_eq!(
        origin("min-severity", &["--config", "named.toml", "--min-severity", "info"]),
        "\"info\" command-line"
    );
    assert_eq!(origin("select", &[]), "[\"transport\"] file xmpp-audit.toml:3");
    assert_eq!(origin("exclude", &[]), "[] default");
    assert!(origin("client", &[]).ends_with("/.config/xmpp-audit/config.toml:3"));
    assert!(origin("min-confidence", &[]).starts_with("\"medium\" file "));
    assert_eq!(origin("fail-on", &["--isolated"]), "\"low\" default");
    assert_eq!(origin("min-severity", &["--isolated", "--config", "named.toml"]), "\"critical\" file named.toml:2");

    let ran = run(home
        .program()
        .env("XMPP_AUDIT_MIN_SEVERITY", "info")
        .env("XMPP_AUDIT_SELECT", "secrets,transport")
        .env("XMPP_AUDIT_POLICY", "")
        .args(["settings", "--config", "named.toml", "--fail-on", "low", "--output-format", "json"]));
    let document: Value = serde_json::from_str(&ran.stdout).unwrap();
    let settings = &document["settings"];
    assert_eq!(
        settings["min-severity"],
        json!({ "value": "info", "origin": "variable", "variable": "XMPP_AUDIT_MIN_SEVERITY" })
    );
    assert_eq!(settings["select"]["value"], json!(["secrets", "transport"]));
    assert_eq!(settings["policy"], json!({ "value": null, "origin": "default" }));
    assert_eq!(settings["fail-on"]["origin"], "command-line");
}

#[test]
fn a_variable_is_as_good_as_what_is_typed() {
    let home = MadeUpHome::new();
    home.write(ACCOUNTS, WEAK).write("more.toml", "[[provider]]\n");
    let with = |variable: &str, value: &str| run(home.program().env(variable, value).arg("check"));
    assert_eq!(check(&home, &[]).code, 1);
    assert_eq!(with("XMPP_AUDIT_CLIENT", "pidgin,dino").code, 3);
    assert_eq!(with("XMPP_AUDIT_EXCLUDE", "profanity/").code, 3);
    assert_eq!(with("XMPP_AUDIT_IGNORE", "transport").code, 0);
    assert!(with("XMPP_AUDIT_OUTPUT_FORMAT", "json").stdout.starts_with('{'));
    let strict = run(home.program().env("XMPP_AUDIT_FAIL_ON", "info").args(["check", "--ignore", "transport"]));
    assert_eq!(strict.code, 1);
    assert!(with("XMPP_AUDIT_LANG", "fr").stdout.contains("Résumé"));
    assert_eq!(with("XMPP_AUDIT_ISOLATED", "0").code, 1);
    for (variable, value) in [
        ("XMPP_AUDIT_FAIL_ON", "worst"),
        ("XMPP_AUDIT_SELECT", "nonsense"),
        ("XMPP_AUDIT_CLIENT", "psi"),
        ("XMPP_AUDIT_CONFIG", "nowhere.toml"),
        ("XMPP_AUDIT_POLICY", "strickt"),
    ] {
        let ran = with(variable, value);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{variable}");
        assert!(ran.stderr.contains(value), "{variable}: {}", ran.stderr);
        assert_eq!(with(variable, "").code, 1, "{variable} is empty");
    }
}

#[test]
fn every_key_does_what_its_option_does() {
    let home = weak_home("");
    home.write("pages/own-rule.md", fs::read("rules/legacy-login.md").unwrap());
    for (configuration, option) in [
        ("select = [\"secrets\"]", &["--select", "secrets"][..]),
        ("ignore = [\"transport\"]", &["--ignore", "transport"]),
        ("client = [\"profanity\"]", &["--client", "profanity"]),
        ("client = [\"dino\"]", &["--client", "dino"]),
        ("exclude = [\"accounts\"]", &["--exclude", "accounts"]),
        ("policy = \"strict\"", &["--policy", "strict"]),
        ("min-severity = \"critical\"", &["--min-severity", "critical"]),
        ("min-confidence = \"high\"", &["--min-confidence", "high"]),
        ("fail-on = \"critical\"", &["--fail-on", "critical"]),
        ("rules = [\"pages\"]", &["--rules", "pages"]),
    ] {
        let typed = check(&home, &[option, &["--isolated", "-v"]].concat());
        home.write("xmpp-audit.toml", configuration);
        let read = check(&home, &["-v"]);
        assert_eq!(
            (read.code, read.stdout, read.stderr),
            (typed.code, typed.stdout, typed.stderr),
            "{configuration}"
        );
        home.write("xmpp-audit.toml", "");
    }
}

#[test]
fn severities_and_confidences_are_what_the_configuration_says() {
    let home = weak_home("[severity]\npassword-stored = \"high\"\n[confidence]\npassword-stored = \"low\"\n");
    home.write(ACCOUNTS, format!("{WEAK}password=hunter2\n"));
    let of = |report: &Value, key: &str| report["findings"][0][key].clone();
    let (_, configured) = report(&home, &["--select", "password-stored"]);
    assert_eq!((of(&configured, "severity"), of(&configured, "confidence")), (json!("high"), json!("low")));
    let (code, unsure) = report(&home, &["--select", "password-stored", "--min-confidence", "medium"]);
    assert_eq!((code, found(&unsure["findings"]).len(), &unsure["summary"]["unsure"]), (0, 0, &json!(1)));
    // A policy that is named on the command line does not undo it.
    let (_, strict) = report(&home, &["--select", "password-stored", "--policy", "baseline"]);
    assert_eq!(of(&strict, "severity"), "high");
    let (_, isolated) = report(&home, &["--select", "password-stored", "--isolated"]);
    assert_eq!(of(&isolated, "severity"), "low");
}

#[test]
fn the_nearest_configuration_up_to_the_work_tree_counts() {
    let home = MadeUpHome::new();
    for path in ["repository/.git/HEAD", "repository/a/b/accounts"] {
        home.write(path, WEAK);
    }
    home.write("xmpp-audit.toml", "fail-on = \"info\"");
    let nearest = |path: &str| settings(&home, &[path])["settings"]["fail-on"]["path"].clone();
    assert_eq!(nearest("repository/a/b"), Value::Null, "what is above the work tree counts for nothing in it");
    home.write("repository/.xmpp-audit.toml", "fail-on = \"info\"");
    assert_eq!(nearest("repository/a/b"), "repository/.xmpp-audit.toml");
    assert_eq!(nearest("repository/a/b/accounts"), "repository/.xmpp-audit.toml");
    home.write("repository/a/xmpp-audit.toml", "fail-on = \"info\"");
    assert_eq!(nearest("repository/a/b/accounts"), "repository/a/xmpp-audit.toml");
    assert_eq!(nearest("repository"), "repository/.xmpp-audit.toml");
    fs::remove_dir_all(home.at("repository/.git")).unwrap();
    assert_eq!(nearest("repository/a/b"), Value::Null, "without a work tree only the folder itself");
    assert_eq!(nearest("repository/a"), "repository/a/xmpp-audit.toml");

    home.write("repository/xmpp-audit.toml", "");
    let ran = check(&home, &["repository"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("there are both repository/xmpp-audit.toml and repository/.xmpp-audit.toml"));
    let ran = check(&home, &["repository/a", "."]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("name one with --config"), "{}", ran.stderr);
    assert_eq!(check(&home, &["repository/a", ".", "--isolated"]).code, 1);
}

#[test]
fn standard_input_is_audited_as_the_file_that_it_stands_for() {
    let home = weak_home("");
    home.write("a/xmpp-audit.toml", "ignore = [\"transport\"]");
    let as_file = |path: &str| run(home.program().args(["check", "-", "--as", path]).write_stdin(WEAK)).code;
    assert_eq!(as_file("a/.local/share/profanity/accounts"), 1);
    fs::create_dir(home.at("a/.git")).unwrap();
    home.write("a/.local/share/profanity/other", "");
    assert_eq!(as_file("a/.local/share/profanity/accounts"), 0);
    home.write("a/xmpp-audit.toml", "exclude = [\"profanity\"]");
    assert_eq!(as_file("a/.local/share/profanity/accounts"), 3);
}

#[test]
fn what_extends_has_the_last_word_and_no_chain_is_endless() {
    let home =
        weak_home("extend = \"shared/base.toml\"\nmin-severity = \"high\"\n[severity]\nlegacy-login = \"low\"\n");
    home.write(
        "shared/base.toml",
        "extend = \"../more.toml\"\nfail-on = \"critical\"\nmin-severity = \"info\"\nexclude = [\"/x\"]\n[severity]\nlegacy-login = \"high\"\npassword-stored = \"high\"\n",
    );
    home.write("more.toml", "min-confidence = \"high\"\n");
    let rows = settings(&home, &[])["settings"].clone();
    for (key, value, path) in [
        ("min-severity", "high", "xmpp-audit.toml"),
        ("severity.legacy-login", "low", "xmpp-audit.toml"),
        ("severity.password-stored", "high", "shared/base.toml"),
        ("fail-on", "critical", "shared/base.toml"),
        ("min-confidence", "high", "shared/../more.toml"),
    ] {
        assert_eq!((&rows[key]["value"], &rows[key]["path"]), (&json!(value), &json!(path)), "{key}");
    }
    home.write("more.toml", "\nextend = \"xmpp-audit.toml\"");
    let ran = check(&home, &[]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("more.toml:2: ") && ran.stderr.contains("extends this"), "{}", ran.stderr);
    for number in 0..20 {
        home.write(&format!("chain/{number}.toml"), format!("extend = \"{}.toml\"", number + 1));
    }
    let ran = check(&home, &["--config", "chain/0.toml", "--isolated"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("chain/7.toml:1: more than 8"), "{}", ran.stderr);
    home.write("more.toml", "extend = \"nowhere.toml\"");
    assert!(
        check(&home, &[]).stderr.contains("more.toml:1: shared/../nowhere.toml cannot be read: It does not exist")
    );
}

#[test]
fn mistakes_are_refused_with_their_line() {
    let ignore = "[[ignore]]\nrule = \"legacy-login\"\nreason = \"x\"\n";
    let cases: [(String, usize, &str); 22] = [
        ("selct = []".into(), 1, "unknown field `selct`"),
        ("selct = []".into(), 1, "did you mean “select”?"),
        ("\nfail_on = \"low\"".into(), 2, "did you mean “fail-on”?"),
        (
            "select = [\n\"transport\",\n\"trnsport\"]".into(),
            3,
            "no rule and no tag “trnsport”; did you mean “transport”?",
        ),
        ("ignore = [\n\"legacy-logn\"]".into(), 2, "did you mean “legacy-login”?"),
        ("select = \"transport\"".into(), 1, "expected a sequence"),
        ("client = [\"psi\"]".into(), 1, "“psi” is no client; there are: "),
        ("fail-on = \"worst\"".into(), 1, "“worst” is no severity"),
        ("min-confidence = \"critical\"".into(), 1, "“critical” is no confidence"),
        ("[severity]\ntransport = \"low\"".into(), 2, "there is no rule “transport”"),
        ("[severity]\nlegacy-login = \"lo\"".into(), 2, "“lo” is no severity"),
        ("[confidence]\nlegacy-login = 3".into(), 2, "expected a string"),
        ("exclude = [\"!a\"]".into(), 1, "cannot begin with “!”"),
        ("policy = 1".into(), 1, "expected a string"),
        ("[[ignore]]\nrule = \"legacy-login\"".into(), 1, "missing field `reason`"),
        ("[[ignore]]\nreason = \"x\"".into(), 1, "missing field `rule`"),
        (ignore.replace("\"x\"", "\" \""), 3, "the reason must not be empty"),
        (ignore.replace("legacy-login", "legacy-logn"), 2, "did you mean “legacy-login”?"),
        (format!("{ignore}acount = \"x\""), 4, "did you mean “account”?"),
        (format!("{ignore}expires = 2027-02-29"), 4, ""),
        (format!("{ignore}expires = \"soon\""), 4, "“soon” is no day"),
        (format!("\n{ignore}expires = 2027-01-31T00:00:00"), 5, "is no day"),
    ];
    for (configuration, line, message) in cases {
        let home = weak_home(&configuration);
        for command in ["check", "settings"] {
            let ran = run(home.program().arg(command));
            assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{configuration}");
            let place = format!("xmpp-audit: xmpp-audit.toml:{line}: ");
            assert!(
                ran.stderr.starts_with(&place) && ran.stderr.contains(message),
                "{configuration}\n{}",
                ran.stderr
            );
        }
        assert_eq!(check(&home, &["--isolated"]).code, 1, "{configuration}");
    }
    let home = weak_home("");
    home.write("xmpp-audit.toml", [0xff, 0xfe]);
    assert!(check(&home, &[]).stderr.contains("the configuration xmpp-audit.toml cannot be read: it is no UTF-8"));
    home.write("xmpp-audit.toml", vec![b'#'; (1 << 20) + 1]);
    assert!(check(&home, &[]).stderr.contains("too large"));
}

#[test]
fn what_is_ignored_is_hidden_with_its_reason_and_does_not_fail() {
    let home = weak_home(
        "[[ignore]]\nrule = \"encryption-optional\"\nclient = \"profanity\"\naccount = \"Alice@example.org\"\n\
         path = \".local/**/accounts\"\nreason = \"a server of our own\"\nexpires = 2999-01-31\n",
    );
    let (code, hidden) = report(&home, &["--select", "encryption-optional"]);
    assert_eq!((code, found(&hidden["findings"])), (1, vec!["encryption-optional bob@example.org".to_owned()]));
    let suppressed = &hidden["suppressed"][0];
    assert_eq!(suppressed["finding"]["account"], "alice@example.org");
    assert_eq!(
        (&suppressed["by"], &suppressed["reason"], &suppressed["expires"], &suppressed["path"]),
        (&json!("configuration"), &json!("a server of our own"), &json!("2999-01-31"), &json!("xmpp-audit.toml"))
    );
    assert_eq!(hidden["summary"]["accepted"], json!({ "configuration": 1, "baseline": 0 }));
    // Acceptance takes no danger away.
    assert_eq!(hidden["grades"], report(&home, &["--select", "encryption-optional", "--isolated"]).1["grades"]);
    assert_eq!(notices(&hidden), Vec::<String>::new());

    home.write("xmpp-audit.toml", "[[ignore]]\nrule = \"encryption-optional\"\nreason = \"ours\"\n");
    let clean = check(&home, &["--select", "encryption-optional"]);
    assert_eq!(clean.code, 0);
    assert!(clean.stdout.contains("  Accepted   2 accepted by the configuration\n"), "{}", clean.stdout);
    assert!(clean.stdout.contains("Nothing found beyond what has been accepted"), "{}", clean.stdout);
    let verbose = check(&home, &["--select", "encryption-optional", "-v", "--lang", "fr"]);
    assert!(verbose.stdout.contains("critique[encryption-optional]") && verbose.stdout.contains("    ours\n"));
    let concise = check(&home, &["--select", "encryption-optional", "-v", "--output-format", "concise"]);
    assert!(concise.stdout.contains(": accepted[encryption-optional] ours\n"), "{}", concise.stdout);
    assert!(concise.stdout.trim_end().ends_with("; 2 accepted by the configuration"), "{}", concise.stdout);
}

#[test]
fn an_ignore_is_about_nothing_else() {
    for (scope, hidden) in [
        ("", 2),
        ("client = \"profanity\"", 2),
        ("client = \"pidgin\"", 0),
        ("account = \"bob@example.org\"", 1),
        ("account = \"bob\"", 0),
        ("room = \"bob@example.org\"", 0),
        ("path = \"accounts\"", 2),
        ("path = \"/accounts\"", 0),
        ("path = \".local/\"", 2),
        ("path = \"profanity\"", 2),
        ("path = \".local/share/*\"", 2),
        ("path = \".local/share/*.xml\"", 0),
    ] {
        let home = weak_home(&format!("[[ignore]]\nrule = \"encryption-optional\"\nreason = \"x\"\n{scope}\n"));
        for place in [&[][..], &["."], &[ACCOUNTS]] {
            let (_, report) = report(&home, &[&["--select", "encryption-optional"], place].concat());
            // A single file has its configuration above only in a repository.
            let expected = if place == [ACCOUNTS] { 0 } else { hidden };
            assert_eq!(report["suppressed"].as_array().map_or(0, Vec::len), expected, "{scope} {place:?}");
        }
    }
}

#[test]
fn an_ignore_that_is_in_vain_is_reported() {
    let unused = "[[ignore]]\nrule = \"legacy-login\"\nreason = \"x\"\n";
    let home = weak_home(&format!("# ours\n{unused}"));
    let (code, said) = report(&home, &[]);
    assert_eq!(code, 1);
    let expected = [
        "xmpp-audit.toml: The [[ignore]] of legacy-login on line 2 matches nothing of what was audited: remove it, unless it is for something else.",
    ];
    assert_eq!(notices(&said), expected);
    assert_eq!(said["complete"], true);
    for format in ["full", "concise"] {
        let shown = check(&home, &["--output-format", format, "--lang", "fr"]).stdout.replace('\n', " ");
        assert!(shown.contains("legacy-login") && shown.contains("ligne 2"), "{format}: {shown}");
    }
    // What was not looked for may well be there.
    for elsewhere in [
        &["--client", "pidgin"][..],
        &["--ignore", "legacy-login"],
        &["--select", "encryption-optional"],
        &["--isolated"],
        &[".local"],
    ] {
        assert_eq!(notices(&report(&home, elsewhere).1), Vec::<String>::new(), "{elsewhere:?}");
    }
    symlink("nowhere", home.at(".local/share/profanity/tlscerts")).unwrap();
    assert_eq!(notices(&report(&home, &[]).1).len(), 1, "the link only");
}

#[test]
fn an_ignore_holds_to_the_end_of_its_last_day() {
    let today = xmpp_audit::finding::Day::today();
    for (day, holds) in [("2026-01-31", false), (today.word(), true), ("2999-12-31", true)] {
        for written in [day.to_owned(), format!("\"{day}\"")] {
            let home = weak_home(&format!(
                "[[ignore]]\nrule = \"encryption-optional\"\nreason = \"x\"\nexpires = {written}\n"
            ));
            let (code, report) = report(&home, &["--select", "encryption-optional"]);
            assert_eq!(code, i32::from(!holds), "{written}");
            assert_eq!(found(&report["findings"]).len(), if holds { 0 } else { 2 });
            let said = notices(&report);
            assert_eq!(said.len(), usize::from(!holds), "{said:?}");
            assert!(said.iter().all(|notice| notice.contains("line 1 held until 2026-01-31")), "{said:?}");
        }
    }
}

/// A configuration that relaxes whatever can be relaxed, and makes some things stricter.
const GREEDY: &str = "extend = \"more.toml\"\npolicy = \"tor-transparent\"\nbaseline = \"old.json\"\nrules = [\"pages\"]\nprovider-files = [\"x\"]\nselect = [\"secrets\"]\n\
                      client = [\"dino\"]\nexclude = [\"*\"]\nmin-severity = \"info\"\nfail-on = \"critical\"\nmin-confidence = \"high\"\n\
                      ignore = [\"transport\", { rule = \"encryption-optional\", reason = \"hide me\" }]\n\
                      [severity]\nencryption-optional = \"critical\"\nlegacy-login = \"info\"\n";

/// What is said of it, where the settings are the usual ones.
const LIMITED: &str = "so it can only make things stricter. In effect: min-severity, severity.encryption-optional. Without effect: policy, baseline, rules, provider-files, select, ignore, client, exclude, min-confidence, fail-on, severity.legacy-login, extend. If you trust it, name it with --config.";

/// What holds wherever a configuration must not relax anything.
fn assert_limited(code: i32, report: &Value, configuration: &str) {
    assert_eq!(code, 1);
    assert!(
        found(&report["findings"]).iter().any(|finding| finding.starts_with("encryption-optional")),
        "{report}"
    );
    assert_eq!(report["findings"][0]["severity"], "critical");
    assert!(report.get("suppressed").is_none());
    let said = notices(report);
    let about: Vec<_> = said.iter().filter(|notice| notice.starts_with(&format!("{configuration}: "))).collect();
    assert_eq!(about.len(), 1, "{configuration} {said:?}");
    assert!(about[0].ends_with(LIMITED), "{about:?}");
}

#[test]
fn a_configuration_below_what_is_audited_relaxes_nothing() {
    let home = MadeUpHome::new();
    home.write("tree/user/accounts", WEAK).write("tree/user/xmpp-audit.toml", GREEDY);
    let (code, walked) = report(&home, &["tree"]);
    assert_limited(code, &walked, "tree/user/xmpp-audit.toml");
    assert_eq!(walked["summary"].get("excluded"), None);
    // Where it is the nearest one, it is the caller's own and counts in full.
    assert_eq!(check(&home, &["tree/user"]).code, 2, "it extends nothing that there is");
    home.write("tree/user/xmpp-audit.toml", "ignore = [\"transport\"]");
    assert_eq!(check(&home, &["tree/user"]).code, 0);
    // What is named is nobody else's, wherever it lies; the folder of its patterns is the current one.
    let (code, named) = report(&home, &["tree", "--config", "tree/user/xmpp-audit.toml"]);
    assert_eq!((code, notices(&named)), (0, Vec::new()));
    let (code, isolated) = report(&home, &["tree", "--isolated"]);
    assert_eq!((code, notices(&isolated)), (1, Vec::new()));
}

#[test]
fn a_configuration_of_somebody_elses_home_relaxes_nothing() {
    let (home, other) = (MadeUpHome::new(), MadeUpHome::new());
    for name in ["xmpp-audit.toml", ".xmpp-audit.toml", USERS] {
        other.write(ACCOUNTS, WEAK).write(name, GREEDY);
        let root = other.path().to_str().unwrap();
        let (code, report) = report(&home, &["--home", root]);
        assert_limited(code, &report, &format!("{root}/{name}"));
        fs::remove_file(other.at(name)).unwrap();
    }
}

#[test]
fn a_configuration_that_somebody_else_can_write_relaxes_nothing() {
    let home = weak_home(GREEDY);
    let path = home.at("xmpp-audit.toml");
    assert_eq!(check(&home, &["."]).code, 2, "it counts in full, and extends nothing that there is");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).unwrap();
    for place in [&["."][..], &[]] {
        let (code, open) = report(&home, place);
        assert_limited(code, &open, "xmpp-audit.toml");
    }
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    assert_eq!(check(&home, &["."]).code, 2);
    if !give_away(&path) {
        return;
    }
    let (code, others) = report(&home, &["."]);
    assert_limited(code, &others, "xmpp-audit.toml");
    // Not by a link to a file of the caller's, either.
    fs::remove_file(&path).unwrap();
    home.write("mine.toml", GREEDY);
    symlink("mine.toml", &path).unwrap();
    assert_eq!(check(&home, &["."]).code, 2, "a link of one's own");
    assert!(give_away(&path));
    let (code, linked) = report(&home, &["."]);
    assert_eq!((code, found(&linked["findings"]).len()), (1, found(&others["findings"]).len()));
    assert!(notices(&linked)[0].contains("A symbolic link of one user"), "{:?}", notices(&linked));
}

#[test]
fn the_users_own_file_has_to_be_his() {
    let home = MadeUpHome::new();
    home.write(ACCOUNTS, WEAK).write(USERS, "ignore = [\"transport\"]");
    assert_eq!(check(&home, &[]).code, 0);
    fs::set_permissions(home.at(USERS), fs::Permissions::from_mode(0o622)).unwrap();
    let (code, report) = report(&home, &[]);
    assert_eq!(code, 1);
    assert!(notices(&report)[0].contains("Without effect: ignore."), "{:?}", notices(&report));
}

#[test]
fn nothing_in_a_tree_stops_the_audit() {
    let home = MadeUpHome::new();
    home.write("tree/accounts", WEAK);
    home.write("tree/a/xmpp-audit.toml", "fail-on = \n\u{1b}]0;x\u{7}");
    home.write("tree/b/.xmpp-audit.toml", [0xff]);
    home.write("tree/c/xmpp-audit.toml", "[severity]\nnonsense = \"high\"");
    home.write("tree/d/xmpp-audit.toml", "a=".to_owned() + &"[".repeat(100_000));
    symlink("/dev/zero", home.at("tree/xmpp-audit.toml.link")).unwrap();
    fs::create_dir_all(home.at("tree/e")).unwrap();
    symlink("/dev/zero", home.at("tree/e/xmpp-audit.toml")).unwrap();
    rustix::fs::mknodat(
        rustix::fs::CWD,
        home.at("tree/d/.xmpp-audit.toml"),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::from_raw_mode(0o600),
        0,
    )
    .unwrap();
    let (code, report) = report(&home, &["tree"]);
    assert_eq!(code, 1);
    let said = notices(&report);
    assert_eq!(said.len(), 5, "{said:#?}");
    for (place, what) in [
        ("tree/a/xmpp-audit.toml", "passed over: line "),
        ("tree/b/.xmpp-audit.toml", "UTF-8"),
        ("tree/c/xmpp-audit.toml", "Without effect: severity.nonsense"),
        ("tree/d/xmpp-audit.toml", "recursion"),
        ("tree/e/xmpp-audit.toml", "not a regular file"),
    ] {
        let notice = said.iter().find(|notice| notice.starts_with(place)).unwrap();
        assert!(notice.contains(what), "{notice}");
        assert!(!notice.contains('\u{1b}'));
    }
}

#[test]
fn what_is_excluded_is_counted() {
    let home = weak_home("exclude = [\"copies/\", \"*.bak\"]\n");
    home.write("copies/a/accounts.xml", "<account/>").write("accounts.bak", WEAK);
    let (_, walked) = report(&home, &["."]);
    let inputs = walked["inputs"].as_array().unwrap();
    assert_eq!(inputs.len(), 1, "{inputs:?}");
    assert_eq!(walked["summary"]["excluded"], 2);
    let concise = check(&home, &[".", "--output-format", "concise"]).stdout;
    assert!(concise.trim_end().ends_with("; 2 files excluded"), "{concise}");
    assert!(check(&home, &["."]).stdout.contains("  Excluded   2 files\n"));
    // A file that is named is excluded, too: hooks name every file that has changed.
    let (code, named) = report(&home, &["copies/a/accounts.xml", ".", "--exclude", "copies"]);
    assert_eq!(code, 1);
    assert_eq!(
        notices(&named)[0],
        "copies/a/accounts.xml: An `exclude` of the configuration, or --exclude, leaves it out."
    );
    assert_eq!(named["complete"], true);
    assert_eq!(check(&home, &["copies/a/accounts.xml", "--exclude", "copies"]).code, 3);
}

#[test]
fn settings_are_shown_to_people() {
    let home = weak_home(
        "policy = \"strict\"\n[severity]\nlegacy-login = \"high\"\n[[ignore]]\nrule = \"encryption-optional\"\naccount = \"alice@example.org\"\nreason = \"ours\"\nexpires = 2999-01-31\n",
    );
    home.write("below/xmpp-audit.toml", "fail-on = \"critical\"");
    let ran = run(home.program().args(["settings", ".", "--fail-on", "high"]));
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    for line in [
        "policy                 strict  xmpp-audit.toml:1",
        "select                 -       default",
        "fail-on                high    command line",
        "severity.legacy-login  high    xmpp-audit.toml:3",
        "Accepted",
        "  encryption-optional, alice@example.org, until 2999-01-31: ours (xmpp-audit.toml:4)",
        "Not counting in full",
        "  below/xmpp-audit.toml",
    ] {
        assert!(ran.stdout.lines().any(|shown| shown == line), "{line}\n{}", ran.stdout);
    }
    assert!(ran.stdout.contains("Without effect: fail-on."));
}

#[test]
fn reports_and_settings_keep_to_their_schemas() {
    let home = weak_home(
        "fail-on = \"high\"\n[severity]\nlegacy-login = \"high\"\n[confidence]\nlegacy-login = \"low\"\n[[ignore]]\nrule = \"encryption-optional\"\naccount = \"alice@example.org\"\nreason = \"ours\"\nexpires = 2999-01-31\n[[ignore]]\nrule = \"legacy-login\"\nreason = \"x\"",
    );
    home.write("below/xmpp-audit.toml", "fail-on = \"critical\"").write("below/accounts.xml", WEAK);
    let validator = |name: &str| {
        let schema = serde_json::from_str(&run(home.program().args(["schema", name])).stdout).unwrap();
        jsonschema::meta::validate(&schema).unwrap();
        jsonschema::validator_for(&schema).unwrap()
    };
    let errors = |validator: &jsonschema::Validator, document: &Value| {
        let errors = validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path()));
        errors.collect::<Vec<_>>()
    };
    let (settings_validator, report_validator) = (validator("settings"), validator("report"));
    for arguments in [&[][..], &["."], &[".", "--exclude", "below", "--min-confidence", "high"]] {
        let shown = settings(&home, arguments);
        assert_eq!(errors(&settings_validator, &shown), Vec::<String>::new());
        let (_, report) = report(&home, arguments);
        assert_eq!(errors(&report_validator, &report), Vec::<String>::new());
    }
    assert!(!errors(&settings_validator, &json!({ "schema": "xmpp-audit/settings/1" })).is_empty());
}

/// Every key of a configuration, with a value that is right and one that is wrong.
const KEYS: [(&str, &str, &str); 14] = [
    ("extend", "extend = \"base.toml\"", "extend = 1"),
    ("policy", "policy = \"strict\"", "policy = []"),
    ("baseline", "baseline = \"base.json\"", "baseline = true"),
    ("rules", "rules = [\"pages\"]", "rules = \"pages\""),
    ("provider-files", "provider-files = []", "provider-files = [1]"),
    ("select", "select = [\"transport\"]", "select = [1]"),
    (
        "ignore",
        "ignore = [\"transport\", { rule = \"legacy-login\", client = \"pidgin\", account = \"a@b\", room = \"r@b\", path = \"a/*\", reason = \"x\", expires = \"2999-01-31\" }]",
        "ignore = [{ rule = \"legacy-login\" }]",
    ),
    ("client", "client = [\"pidgin\", \"gajim\", \"dino\", \"profanity\", \"startup\"]", "client = [\"psi\"]"),
    ("exclude", "exclude = [\"a/\"]", "exclude = [\"!a\"]"),
    ("min-severity", "min-severity = \"info\"", "min-severity = \"none\""),
    ("min-confidence", "min-confidence = \"low\"", "min-confidence = \"info\""),
    ("fail-on", "fail-on = \"critical\"", "fail-on = \"never\""),
    ("severity", "severity.legacy-login = \"medium\"", "severity.legacy-login = \"worst\""),
    ("confidence", "confidence.legacy-login = \"medium\"", "confidence.legacy-login = \"sure\""),
];

#[test]
fn the_schema_of_configurations_says_what_the_program_reads() {
    let home = MadeUpHome::new();
    let text = run(home.program().args(["schema", "configuration"])).stdout;
    let schema: Value = serde_json::from_str(&text).unwrap();
    jsonschema::meta::validate(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let mut keys: Vec<&String> = schema["properties"].as_object().unwrap().keys().collect();
    keys.sort();
    let mut known = KEYS.map(|(key, _, _)| key);
    known.sort_unstable();
    assert_eq!(keys, known);
    home.write("base.toml", "").write("base.json", "{}");
    home.write("pages/legacy-login.md", fs::read("rules/legacy-login.md").unwrap());
    for (key, right, wrong) in KEYS {
        for (configuration, is_right) in [(right, true), (wrong, false)] {
            let as_json: Value = toml::from_str(configuration).unwrap();
            assert_eq!(validator.is_valid(&as_json), is_right, "{configuration}");
            home.write("xmpp-audit.toml", configuration);
            let code = run(home.program().arg("settings")).code;
            assert_eq!(code, if is_right { 0 } else { 2 }, "{key}: {configuration}");
        }
    }
    assert!(!validator.is_valid(&json!({ "nonsense": 1 })));
}

#[test]
fn the_configuration_in_the_readme_is_sound() {
    let readme = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let mut examples = readme.split("```toml\n").skip(1).map(|block| block.split("```").next().unwrap());
    let example = examples.find(|example| example.contains("[[ignore]]")).unwrap();
    let home = weak_home(example);
    assert!(settings(&home, &["."]).to_string().contains("bot@example.org"));
}
