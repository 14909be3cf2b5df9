//! Policies: what they change, what is expected and found, and what is refused.

use serde_json::{Value, json};
use xmpp_audit::model::Language;
use xmpp_audit::policy;
use xmpp_audit::rules::RuleSet;

use crate::common::{MadeUpHome, Ran, run};
use crate::{ACCOUNTS, SOUND, WEAK, check, found, report, word};

/// An onion address of version 3.
const ONION: &str = "xiynxwxxpw7olq76uhrbvx2ts3i7jagqnqix7arfbknmleuoiwsmt5yd.onion";

/// The names of the policies that change something.
fn others() -> impl Iterator<Item = &'static str> {
    policy::names().filter(|name| *name != policy::BASELINE)
}

fn policy_command(home: &MadeUpHome, arguments: &[&str]) -> Ran {
    run(home.program().arg("policy").args(arguments))
}

/// The only finding of a rule.
fn the<'a>(report: &'a Value, rule: &str) -> &'a Value {
    let mut findings = report["findings"].as_array().unwrap().iter().filter(|finding| finding["rule"] == rule);
    let finding = findings.next().unwrap_or_else(|| panic!("no {rule} in {report}"));
    assert!(findings.next().is_none(), "{rule} twice in {report}");
    finding
}

/// A policy of one's own in a home, and what it makes of the home.
fn judged(home: &MadeUpHome, policy: &str) -> Value {
    home.write("ours.toml", policy);
    report(home, &["--policy", "ours.toml", "--min-severity", "info"]).1
}

fn account(more: &str) -> MadeUpHome {
    let home = MadeUpHome::new();
    home.write(ACCOUNTS, format!("[alice@example.org]\nenabled=true\njid=alice@example.org\n{more}"));
    home
}

#[test]
fn the_baseline_is_what_is_judged_by_without_a_policy() {
    let home = MadeUpHome::with_all_clients();
    for format in ["full", "concise", "json"] {
        for language in ["en", "fr"] {
            let arguments = ["--output-format", format, "--lang", language, "--min-severity", "info"];
            let without = check(&home, &arguments);
            let with = check(&home, &[&arguments[..], &["--policy", "baseline"]].concat());
            assert_eq!((with.code, with.stdout, with.stderr), (without.code, without.stdout, without.stderr));
        }
    }
    assert_eq!(report(&home, &[]).1["policy"], "baseline");
}

#[test]
fn reports_name_the_policy() {
    let home = MadeUpHome::with_all_clients();
    for name in others() {
        assert_eq!(report(&home, &["--policy", name]).1["policy"], name);
        let full = check(&home, &["--policy", name]);
        assert!(full.stdout.contains(&format!("\n  Policy     {name}\n")), "{}", full.stdout);
        let french = check(&home, &["--policy", name, "--lang", "fr"]);
        assert!(french.stdout.contains(&format!("\n  Politique     {name}\n")), "{}", french.stdout);
    }
    assert!(!check(&home, &[]).stdout.contains("\n  Policy "));
}

#[test]
fn reports_by_every_policy_keep_to_the_schema() {
    let home = MadeUpHome::with_all_clients();
    let schema = serde_json::from_str(&run(home.program().arg("schema")).stdout).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for name in policy::names() {
        for language in ["en", "fr"] {
            let (_, report) = report(&home, &["--policy", name, "--min-severity", "info", "--lang", language]);
            let errors: Vec<String> =
                validator.iter_errors(&report).map(|error| format!("{}: {error}", error.instance_path())).collect();
            assert_eq!(errors, Vec::<String>::new(), "{name}");
        }
    }
}

#[test]
fn what_is_expected_is_said_in_every_format() {
    let home = MadeUpHome::new();
    home.write(ACCOUNTS, WEAK);
    let arguments = ["--policy", "strict", "--select", "encryption-optional"];
    let (_, strict) = report(&home, &arguments);
    let expected = json!({
        "policy": "strict",
        "fact": "account.encryption",
        "is": ["required", "direct"],
        "actual": "optional",
    });
    assert_eq!(the(&strict, "encryption-optional")["expected"], expected);
    let full = check(&home, &arguments);
    assert!(
        full.stdout.contains("Expected required or direct · Actual optional · Policy strict"),
        "{}",
        full.stdout
    );
    let concise = check(&home, &[&arguments[..], &["--output-format", "concise", "-q", "--lang", "fr"]].concat());
    let suffix = "(strict : attendu required ou direct, constaté optional)";
    assert_eq!(concise.stdout.lines().map(|line| line.ends_with(suffix)).collect::<Vec<_>>(), [true]);
}

#[test]
fn what_the_rule_says_already_is_not_said_twice() {
    let home = MadeUpHome::new();
    home.write(ACCOUNTS, WEAK);
    let (_, plain) = report(&home, &["--select", "encryption-optional"]);
    let (_, strict) = report(&home, &["--select", "encryption-optional", "--policy", "strict"]);
    let (plain, strict) = (the(&plain, "encryption-optional"), the(&strict, "encryption-optional"));
    for same in ["message", "severity", "line", "fingerprint", "why", "fix"] {
        assert_eq!(plain[same], strict[same], "{same}");
    }
    assert!(plain.get("expected").is_none() && strict.get("expected").is_some());
}

#[test]
fn the_higher_severity_counts() {
    let home = account("tls.policy=force\npassword=hunter2\n");
    let by = |severity: &str| {
        let policy = format!(
            "[[require]]\nfact = \"account.password\"\nis_not = \"clear\"\nrule = \"password-stored\"\nseverity = \"{severity}\"\n"
        );
        let report = judged(&home, &policy);
        (word(&the(&report, "password-stored")["severity"]).to_owned(), report)
    };
    assert_eq!(by("info").0, "low");
    let (severity, report) = by("high");
    assert_eq!(severity, "high");
    assert_eq!(report["summary"]["findings"]["high"], 1);
    // What is required of the account is told of this account, not of the next.
    assert_eq!(the(&report, "password-stored")["account"], "alice@example.org");
}

#[test]
fn what_no_rule_minds_is_a_finding_of_the_page_that_explains_it() {
    let home = account("tls.policy=force\n");
    let policy = "[[require]]\nfact = \"account.encryption\"\nis = \"direct\"\nrule = \"encryption-optional\"\nseverity = \"medium\"\n";
    let report = judged(&home, policy);
    let finding = the(&report, "encryption-optional");
    assert_eq!((word(&finding["severity"]), word(&finding["confidence"])), ("medium", "high"));
    assert_eq!(
        (finding["line"].as_u64(), word(&finding["place"])),
        (Some(4), "accounts[alice@example.org] / tls.policy")
    );
    assert_eq!(
        word(&finding["message"]),
        "alice@example.org: policy “ours.toml” expects account.encryption (whether the client insists on TLS) to be direct; it is required"
    );
    assert_eq!(finding["expected"]["is"], json!(["direct"]));
    assert!(word(&finding["why"]).len() > 100 && word(&finding["fix"]["instructions"]).contains("/account set"));
    let concise = check(&home, &["--policy", "ours.toml", "--output-format", "concise", "--lang", "fr", "-q"]);
    assert_eq!(
        concise.stdout.split("] ").nth(1).unwrap(),
        "alice@example.org : pour account.encryption, la politique « ours.toml » attend direct ; la valeur est required\n"
    );
}

#[test]
fn conditions_say_when_something_is_required() {
    let home = account("tls.policy=force\n");
    let fires = |when: &str| {
        let policy = format!(
            "[[require]]\nfact = \"account.encryption\"\nis = \"direct\"\nrule = \"encryption-optional\"\nseverity = \"high\"\nwhen = '{when}'\n"
        );
        found(&judged(&home, &policy)).iter().any(|line| line.starts_with("encryption-optional"))
    };
    assert!(fires(r#"account.domain == "example.org""#));
    assert!(!fires(r#"account.domain == "example.com""#));
    assert!(fires("client == profanity and account.enabled"));
    assert!(!fires("account.loopback"));
}

#[test]
fn truths_texts_and_numbers_can_be_required() {
    let home = account("tls.policy=force\nport=5223\nmuc.service=conference.example.org\n");
    let fires = |fact: &str, wanted: &str, rule: &str| {
        let policy = format!("[[require]]\nfact = \"{fact}\"\n{wanted}\nrule = \"{rule}\"\nseverity = \"high\"\n");
        let report = judged(&home, &policy);
        found(&report).iter().any(|line| line.starts_with(rule)).then(|| the(&report, rule)["expected"].clone())
    };
    let (port, rooms) = ("server-of-another-domain", "room-service-on-account-domain");
    assert_eq!(fires("account.port", "is = [5222, 5223]", port), None);
    assert_eq!(fires("account.port", "is = 5222", port).unwrap()["actual"], "5223");
    assert_eq!(fires("account.enabled", "is = true", port), None);
    assert_eq!(fires("account.enabled", "is = false", port).unwrap()["actual"], "true");
    let host = "account.room_service.host";
    assert_eq!(fires(host, "is = [\"\", \"conference.example.org\"]", rooms), None);
    assert_eq!(fires(host, "is_not = \"\"", rooms), None);
    assert_eq!(fires(host, "is = \"\"", rooms).unwrap()["actual"], "conference.example.org");
    // What is empty is called so.
    let home = account("tls.policy=force\n");
    judged(
        &home,
        &format!(
            "[[require]]\nfact = \"{host}\"\nis = \"rooms.example.org\"\nrule = \"{rooms}\"\nseverity = \"low\"\n"
        ),
    );
    let concise = check(&home, &["--policy", "ours.toml", "--output-format", "concise", "-q"]);
    assert!(concise.stdout.ends_with("to be rooms.example.org; it is empty\n"), "{}", concise.stdout);
}

#[test]
fn two_things_required_of_one_account_are_both_told() {
    let home = account("tls.policy=allow\nport=5223\n");
    let policy = "
        [[require]]
        fact = 'account.encryption'
        is = 'required'
        rule = 'encryption-optional'
        severity = 'low'
        [[require]]
        fact = 'account.port'
        is = 5222
        rule = 'encryption-optional'
        severity = 'low'
    ";
    let report = judged(&home, policy);
    let facts: Vec<_> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["rule"] == "encryption-optional")
        .map(|finding| (word(&finding["severity"]), word(&finding["expected"]["fact"])))
        .collect();
    assert_eq!(facts, [("critical", "account.encryption"), ("low", "account.port")]);
}

#[test]
fn what_two_accounts_miss_by_one_setting_is_told_once() {
    // A third one, behind an onion service, has the rule mind the open ones.
    let account = |address: &str, more: &str| {
        format!(
            "<account><protocol>prpl-jabber</protocol><name>{address}/</name><settings>\
             <setting name='connection_security' type='string'>require_tls</setting></settings>{more}</account>"
        )
    };
    let hidden = account(&format!("carol@{ONION}"), &proxy("tor", "127.0.0.1", 9050));
    let open = account("alice@example.org", "") + &account("bob@example.com", "");
    let home = MadeUpHome::new();
    home.write(".purple/accounts.xml", format!("<account version='1.0'>{open}{hidden}</account>"));
    let proxy = "<pref name='proxy'><pref name='type' type='string' value='none'/></pref>";
    home.write(
        ".purple/prefs.xml",
        format!("<pref version='1' name='/'><pref name='purple'>{proxy}</pref></pref>"),
    );
    // One account misses what is required, the other only what the rule minds.
    for (domain, severity) in [("example.org", "info"), ("example.com", "info"), ("example.org", "low")] {
        let report = judged(
            &home,
            &format!(
                "[[require]]\nfact = \"account.proxy.tor\"\nis = \"reached\"\nrule = \"tor-not-used\"\n\
                 severity = \"{severity}\"\nwhen = 'account.domain == \"{domain}\"'\n"
            ),
        );
        let finding = the(&report, "tor-not-used");
        assert_eq!((&finding["severity"], &finding["expected"]["actual"]), (&json!(severity), &json!("unreached")));
        assert!(word(&finding["path"]).ends_with("prefs.xml"), "{finding}");
    }
}

#[test]
fn two_things_required_of_one_room_are_both_told() {
    let home = MadeUpHome::new();
    home.copy("pidgin/samples/accounts-gui-two-accounts-opportunistic-tor.xml", ".purple/accounts.xml")
        .copy("pidgin/samples/blist-written-by-client.xml", ".purple/blist.xml");
    let require = |fact: &str, is: &str| {
        format!(
            "[[require]]\nfact = \"{fact}\"\nis = {is}\nrule = \"room-on-account-domain\"\nseverity = \"low\"\n\
             when = 'room.service == \"riseup.net\"'\n"
        )
    };
    let policy = require("room.service", "\"conference.riseup.net\"") + &require("room.documented", "false");
    let report = judged(&home, &policy);
    let findings = report["findings"].as_array().unwrap().iter();
    let mut facts: Vec<_> = findings
        .filter(|finding| finding["room"].as_str().is_some_and(|room| room.ends_with("@riseup.net")))
        .filter_map(|finding| finding["expected"]["fact"].as_str())
        .collect();
    facts.sort_unstable();
    assert_eq!(facts, ["room.documented", "room.service"]);
}

#[test]
fn other_severities_are_raised_lowered_and_stepped_down_as_ever() {
    let home = MadeUpHome::new();
    home.write(ACCOUNTS, WEAK);
    let by = |policy: &str| word(&the(&judged(&home, policy), "encryption-optional")["severity"]).to_owned();
    // The page raises it, since this client sends the password.
    assert_eq!(by("[severity]\nencryption-optional = \"low\"\n"), "critical");
    // A page that nothing raises.
    let home = account("tls.policy=force\npassword=hunter2\n");
    let report = judged(&home, "[severity]\npassword-stored = \"high\"\n");
    assert_eq!(the(&report, "password-stored")["severity"], "high");
    assert!(the(&report, "password-stored").get("expected").is_none());
    let report = judged(&home, "[severity]\npassword-stored = \"info\"\n");
    assert_eq!(the(&report, "password-stored")["severity"], "info");
    // A switched-off account of Pidgin counts one step less, whoever says how bad it is.
    let pidgin = |enabled: bool| {
        let home = MadeUpHome::new();
        let account = "<account version='1.0'><account><protocol>prpl-jabber</protocol><name>alice@example.org/</name>\
            <settings><setting name='connection_security' type='string'>require_tls</setting></settings>\
            <settings ui='gtk-gaim'><setting name='auto-login' type='bool'>ENABLED</setting></settings></account></account>";
        home.write(".purple/accounts.xml", account.replace("ENABLED", if enabled { "1" } else { "0" }));
        let policy = "[[require]]\nfact = \"account.encryption\"\nis = \"direct\"\nrule = \"encryption-optional\"\nseverity = \"high\"\n";
        word(&the(&judged(&home, policy), "encryption-optional")["severity"]).to_owned()
    };
    assert_eq!((pidgin(true), pidgin(false)), ("high".to_owned(), "medium".to_owned()));
}

#[test]
fn rules_are_off_by_id_and_by_tag() {
    let home = MadeUpHome::with_all_clients();
    let rules = RuleSet::embedded(Language::French).unwrap();
    let (_, all) = report(&home, &["--min-severity", "info"]);
    for name in ["encryption-optional", "transport", "cwe-256"] {
        let belongs = |line: &&String| rules.page(line.split(' ').next().unwrap()).unwrap().is_meant_by(name);
        let rest: Vec<String> = found(&all).iter().filter(|line| !belongs(line)).cloned().collect();
        assert!(rest.len() < found(&all).len(), "{name}");
        assert_eq!(found(&judged(&home, &format!("[rules]\noff = [\"{name}\"]\n"))), rest, "{name}");
        // What was asked for and is off would look like a clean home.
        let ran = check(&home, &["--policy", "ours.toml", "--select", name]);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{name}");
        assert!(ran.stderr.contains(&format!("the policy “ours.toml” turns “{name}” off")), "{}", ran.stderr);
    }
    // A tag of which something is left is no mistake.
    home.write("ours.toml", "[rules]\noff = [\"encryption-optional\"]\n");
    let (code, some) = report(&home, &["--policy", "ours.toml", "--select", "transport"]);
    assert!(code == 1 && found(&some).iter().all(|line| !line.starts_with("encryption-optional ")));
}

#[test]
fn what_is_not_selected_is_not_required() {
    let home = MadeUpHome::new();
    home.write(ACCOUNTS, format!("{SOUND}password=hunter2\n"));
    let (_, all) = report(&home, &["--policy", "strict"]);
    assert!(the(&all, "password-stored").get("expected").is_some());
    let (_, none) = report(&home, &["--policy", "strict", "--ignore", "password-stored"]);
    assert!(found(&none).iter().all(|line| !line.starts_with("password-stored ")));
    let (_, one) = report(&home, &["--policy", "strict", "--select", "password-stored"]);
    assert_eq!(found(&one).len(), 1);
}

#[test]
fn a_name_is_a_policy_of_the_program_unless_it_looks_like_a_path() {
    let home = MadeUpHome::new();
    home.write(ACCOUNTS, SOUND)
        .write("strict", "[rules]\noff = [\"password-stored\"]\n")
        .write("ours", "extends = \"baseline\"\n")
        .write("riseup.toml", "title.en = \"Ours\"\n");
    let title = |name: &str| policy_command(&home, &["show", name]).stdout.lines().next().unwrap().to_owned();
    assert_eq!(title("strict"), "strict: Nothing left to chance");
    assert_eq!(title("./strict"), "./strict");
    assert_eq!(title("ours"), "ours");
    assert_eq!(title("riseup.toml"), "riseup.toml: Ours");
    assert_eq!(report(&home, &["--policy", "./strict"]).1["policy"], "./strict");
}

#[test]
fn a_wrong_policy_is_refused_wherever_it_is_named() {
    let home = MadeUpHome::with_all_clients();
    home.write("wrong.toml", "[severity]\n\nencrypton-optional = \"low\"\n").write("\u{1b}[2J.toml", "x");
    for command in [
        &["check", "--policy", "wrong.toml"][..],
        &["check", "nowhere", "--policy", "wrong.toml"],
        &["policy", "show", "wrong.toml"],
        &["policy", "show", "wrong.toml", "--output-format", "json"],
    ] {
        let ran = run(home.program().args(command));
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{command:?}");
        assert_eq!(
            ran.stderr,
            "xmpp-audit: wrong.toml:3: there is no rule “encrypton-optional”; did you mean “encryption-optional”?\n"
        );
    }
    for (name, said) in [
        ("strickt", "did you mean “strict”?"),
        ("", "there is no policy “”"),
        ("nowhere.toml", "cannot be read"),
        (".", "there is no policy “.”"),
        ("\u{1b}[2J.toml", ".[2J.toml:1: "),
        ("\u{1b}[2J", "there is no policy “.[2J”"),
    ] {
        for command in [&["check", "--policy"][..], &["policy", "show"]] {
            let ran = run(home.program().args(command).arg(name));
            assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{name:?}");
            assert!(ran.stderr.contains(said) && !ran.stderr.contains('\u{1b}'), "{name:?}: {}", ran.stderr);
        }
    }
}

#[test]
fn policies_speak_of_pages_of_ones_own() {
    let home = MadeUpHome::new();
    let page =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/rules/encryption-optional.md")).unwrap();
    home.write(ACCOUNTS, WEAK)
        .write("rules/house-rule.md", page)
        .write("ours.toml", "[rules]\noff = [\"house-rule\"]\n");
    assert_eq!(check(&home, &["--policy", "ours.toml"]).code, 2);
    let (code, report) = report(&home, &["--policy", "ours.toml", "--rules", "rules"]);
    assert!(code == 1 && found(&report).iter().all(|line| !line.starts_with("house-rule ")));
}

/// An account of Pidgin with these settings and this proxy, both as XML.
fn pidgin(settings: &str, proxy: &str) -> MadeUpHome {
    let home = MadeUpHome::new();
    let account = format!(
        "<account version='1.0'><account><protocol>prpl-jabber</protocol><name>alice@example.org/</name><settings>\
         <setting name='connection_security' type='string'>require_tls</setting>{settings}</settings>\
         <settings ui='gtk-gaim'><setting name='auto-login' type='bool'>1</setting></settings>{proxy}</account></account>"
    );
    home.write(".purple/accounts.xml", account);
    home
}

fn proxy(kind: &str, host: &str, port: u16) -> String {
    format!("<proxy><type>{kind}</type><host>{host}</host><port>{port}</port></proxy>")
}

/// The findings of a rule by a policy: the severity, and what is there instead of what is expected.
fn by(home: &MadeUpHome, policy: &str, rule: &str) -> Vec<(String, String)> {
    in_report(&report(home, &["--policy", policy, "--min-severity", "info", "--select", rule]).1)
}

/// The same of one client.
fn by_client(home: &MadeUpHome, policy: &str, rule: &str, client: &str) -> Vec<(String, String)> {
    let arguments = ["--policy", policy, "--min-severity", "info", "--select", rule, "--client", client];
    in_report(&report(home, &arguments).1)
}

fn in_report(report: &Value) -> Vec<(String, String)> {
    let actual = |finding: &Value| finding["expected"]["actual"].as_str().unwrap_or_default().to_owned();
    let findings = report["findings"].as_array().unwrap().iter();
    findings.map(|finding| (word(&finding["severity"]).to_owned(), actual(finding))).collect()
}

fn one(severity: &str, actual: &str) -> Vec<(String, String)> {
    vec![(severity.to_owned(), actual.to_owned())]
}

#[test]
fn no_policy_says_the_same_of_the_same_place_twice() {
    let home = MadeUpHome::with_all_clients();
    for name in policy::names() {
        let (_, report) = report(&home, &["--policy", name, "--min-severity", "info"]);
        let mut said = std::collections::BTreeSet::new();
        for finding in report["findings"].as_array().unwrap() {
            let key =
                ["rule", "path", "line", "column", "place", "account", "room"].map(|key| finding[key].to_string());
            let fact = finding["expected"]["fact"].to_string();
            assert!(said.insert((key, fact)), "{name}: {finding}");
        }
    }
}

#[test]
fn what_clients_do_is_judged_as_a_policy_wants() {
    let home = MadeUpHome::with_all_clients();
    let of_gajim = |policy: &str, rule: &str| by_client(&home, policy, rule, "gajim");
    assert!(of_gajim("baseline", "client-reveals-itself").iter().all(|(severity, _)| severity == "info"));
    assert!(of_gajim("strict", "client-reveals-itself").iter().all(|(severity, _)| severity == "low"));
    let tor = of_gajim("tor", "client-reveals-itself");
    assert!(tor.contains(&("high".to_owned(), "addresses_shown".to_owned())), "{tor:?}");
    assert!(tor.contains(&("medium".to_owned(), "local_time_shown".to_owned())), "{tor:?}");
    assert!(tor.contains(&("info".to_owned(), String::new())), "{tor:?}");
    let history = of_gajim("strict", "history-in-clear");
    assert!(!history.is_empty() && history.iter().all(|(severity, _)| severity == "medium"));
}

#[test]
fn tor_wants_every_account_to_go_through_tor() {
    let rule = "tor-not-used";
    let open = pidgin("", "");
    assert_eq!(by(&open, "baseline", rule), []);
    assert_eq!(by(&open, "tor", rule), one("high", "unreached"));
    assert_eq!(by(&pidgin("", &proxy("tor", "127.0.0.1", 9050)), "tor", rule), []);
    assert_eq!(by(&pidgin("", &proxy("socks5", "127.0.0.1", 9050)), "tor", rule), []);
    assert_eq!(by(&pidgin("", &proxy("socks5", "192.0.2.1", 1080)), "tor", rule), one("medium", "192.0.2.1"));
    // A client that cannot be told may have been started through torsocks.
    assert_eq!(by(&account("tls.policy=force\n"), "tor", rule), one("low", "undecided"));
    assert_eq!(by(&account("tls.policy=force\nserver=localhost\n"), "tor", rule), []);
}

#[test]
fn where_the_system_goes_through_tor_no_client_has_to() {
    let server = format!("<setting name='connect_server' type='string'>{ONION}</setting>");
    let onion = pidgin(&server, "");
    assert_eq!(by(&onion, "tor", "onion-without-tor"), one("high", ""));
    assert_eq!(by(&onion, "tor", "tor-not-used"), []);
    let (_, transparent) = report(&onion, &["--policy", "tor-transparent"]);
    assert!(found(&transparent).iter().all(|line| !line.starts_with("onion-without-tor ")), "{transparent}");
    let (_, transparent) = report(&pidgin("", ""), &["--policy", "tor-transparent", "--min-severity", "info"]);
    assert!(found(&transparent).iter().all(|line| !line.starts_with("tor-not-used ")), "{transparent}");
}

#[test]
fn the_policy_that_was_asked_for_is_the_one_that_expects() {
    let home = MadeUpHome::new();
    home.copy("gajim/samples/1.7-two-accounts-default.sqlite", ".config/gajim/settings.sqlite");
    let (_, report) = report(&home, &["--policy", "tor-transparent"]);
    let policies: Vec<_> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|finding| finding["expected"]["policy"].as_str())
        .collect();
    assert!(!policies.is_empty() && policies.iter().all(|policy| *policy == "tor-transparent"), "{policies:?}");
}

#[test]
fn riseup_wants_what_its_help_said() {
    let riseup = |more: &str| {
        let home = MadeUpHome::new();
        home.write(ACCOUNTS, format!("[alice@riseup.net]\nenabled=true\njid=alice@riseup.net\n{more}"));
        home
    };
    let rooms = "room-service-on-account-domain";
    assert_eq!(by(&riseup("muc.service=riseup.net\n"), "riseup", rooms), one("high", "riseup.net"));
    assert_eq!(by(&riseup("muc.service=rooms.example.org\n"), "riseup", rooms), one("high", "rooms.example.org"));
    assert_eq!(by(&riseup("muc.service=conference.riseup.net\n"), "riseup", rooms), []);
    assert_eq!(by(&riseup(""), "riseup", rooms), []);
    // What concerns Riseup only is asked of no other account; the rest of all.
    assert_eq!(by(&account("muc.service=rooms.example.org\n"), "riseup", rooms), []);
    assert_eq!(by(&account("tls.policy=allow\n"), "riseup", "encryption-optional"), one("critical", "optional"));
    let home = riseup("tls.policy=force\n");
    home.copy("pidgin/samples/accounts-gui-two-accounts-opportunistic-tor.xml", ".purple/accounts.xml")
        .copy("pidgin/samples/blist-written-by-client.xml", ".purple/blist.xml");
    let wrong_rooms = by(&home, "riseup", "room-on-account-domain");
    assert!(
        wrong_rooms.iter().any(|(severity, actual)| severity == "high" && actual == "riseup.net"),
        "{wrong_rooms:?}"
    );
}

#[test]
fn strict_minds_nothing_about_what_is_sound() {
    let home = MadeUpHome::new();
    home.write(ACCOUNTS, SOUND);
    let (_, report) = report(&home, &["--policy", "strict", "--select", "transport,secrets,addresses,rooms,files"]);
    assert_eq!(found(&report), [] as [&str; 0]);
    // What another rule says about the same setting is not said again.
    for (policy, rule) in [("disable", "encryption-disabled"), ("allow", "encryption-optional")] {
        let (_, report) = self::report(&account(&format!("tls.policy={policy}\n")), &["--policy", "strict"]);
        let of_policy = report["findings"].as_array().unwrap().iter();
        let rules: Vec<_> = of_policy
            .filter(|finding| finding["expected"]["fact"] == "account.encryption")
            .map(|finding| word(&finding["rule"]))
            .collect();
        assert_eq!(rules, [rule]);
    }
}

#[test]
fn the_policy_in_the_readme_is_sound_and_all_are_named_there() {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let mut examples = readme.split("```toml\n").skip(1).map(|block| block.split("```").next().unwrap());
    let example = examples.find(|example| example.starts_with("extends")).unwrap();
    let home = MadeUpHome::new();
    home.write("ours.toml", example);
    let ran = policy_command(&home, &["show", "ours.toml"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    for name in policy::names() {
        assert!(readme.contains(&format!("| `{name}` |")), "{name}");
    }
}

#[test]
fn policies_are_listed_and_shown_in_both_languages() {
    let home = MadeUpHome::new();
    let list = |language: &str| policy_command(&home, &["list", "--lang", language]).stdout;
    let (english, french) = (list("en"), list("fr"));
    assert_ne!(english, french);
    for text in [&english, &french] {
        let names: Vec<_> = text.lines().map(|line| line.split(' ').next().unwrap()).collect();
        assert_eq!(names, policy::names().collect::<Vec<_>>());
    }
    for name in policy::names() {
        let show = |language: &str| {
            let ran = policy_command(&home, &["show", name, "--lang", language]);
            assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{name}");
            ran.stdout
        };
        let (english, french) = (show("en"), show("fr"));
        assert!(english.starts_with(&format!("{name}: ")) && french.starts_with(&format!("{name}: ")));
        assert_ne!(english, french);
    }
}

#[test]
fn a_policy_is_shown_with_all_that_it_extends() {
    let home = MadeUpHome::new();
    home.write(
        "ours.toml",
        "extends = \"tor-transparent\"\n[title]\nen = \"Ours\\u001b[2J\"\n[severity]\npassword-stored = \"high\"\n",
    );
    let show = |arguments: &[&str]| {
        let ran = policy_command(&home, &[&["show"], arguments].concat());
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
        ran.stdout
    };
    insta::assert_snapshot!("policy-of-ones-own", show(&["ours.toml"]));
    insta::assert_snapshot!("policy-in-french", show(&["tor", "--lang", "fr"]));
}

#[test]
fn policies_in_json_keep_to_their_schema() {
    let home = MadeUpHome::new();
    let schema: Value = serde_json::from_str(&run(home.program().args(["schema", "policies"])).stdout).unwrap();
    jsonschema::meta::validate(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    home.write("ours.toml", "extends = \"tor-transparent\"\n");
    let document = |arguments: &[&str]| {
        let ran = policy_command(&home, &[arguments, &["--output-format", "json"]].concat());
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{arguments:?}");
        let document: Value = serde_json::from_str(&ran.stdout).unwrap();
        let errors: Vec<String> =
            validator.iter_errors(&document).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert_eq!(errors, Vec::<String>::new(), "{arguments:?}");
        document
    };
    let list = document(&["list"]);
    assert_eq!(list["policies"].as_array().unwrap().len(), policy::names().count());
    for (number, name) in policy::names().enumerate() {
        assert_eq!(document(&["show", name])["policies"][0], list["policies"][number]);
        assert_ne!(
            document(&["show", name, "--lang", "fr"])["policies"][0]["title"],
            list["policies"][number]["title"]
        );
    }
    let ours = document(&["show", "ours.toml"]);
    assert_eq!(ours["policies"][0]["extends"], json!(["tor-transparent", "tor"]));
    for spoil in [
        |policy: &mut Value| policy["severities"][0]["severity"] = json!("awful"),
        |policy: &mut Value| policy["requirements"][0]["is_not"] = json!(["x"]),
        |policy: &mut Value| drop(policy.as_object_mut().unwrap().remove("off")),
        |policy: &mut Value| policy["more"] = json!(1),
    ] {
        let mut spoilt = document(&["show", "tor"]);
        spoilt["policies"][0]["requirements"][0]["is"] = json!(["reached"]);
        assert!(validator.is_valid(&spoilt));
        spoil(&mut spoilt["policies"][0]);
        assert!(!validator.is_valid(&spoilt), "{spoilt}");
    }
}
