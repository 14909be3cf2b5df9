//! Settings that only together are a problem, or together are none, end to end: severity, rule and message.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod common;

use common::{MadeUpHome, fixtures};
use xmpp_audit::discover::{Home, Target};
use xmpp_audit::finding::Severity;
use xmpp_audit::model::Language;
use xmpp_audit::rules::RuleSet;
use xmpp_audit::{Request, audit};

const ONION: &str = "vww6ybal4bd7szmgncyruucpgfkqahzddi37ktceo3ah7ngmcopnpyyd.onion";
const ACCOUNTS: &str = ".local/share/profanity/accounts";
const PROFRC: &str = ".config/profanity/profrc";

/// What is true of nearly every old file or untouched setting, and not what these traps are about.
const BESIDE: [&str; 6] = [
    "readable-by-others",
    "client-outdated",
    "client-reveals-itself",
    "end-to-end-off",
    "end-to-end-logged",
    "history-in-clear",
];

/// What is found in a home that holds these files: `severity rule`, and the messages in both languages.
fn found(files: &[(&str, String)]) -> (Vec<String>, String) {
    let home = MadeUpHome::new();
    for (path, content) in files {
        home.write(path, content);
    }
    let look = |language| {
        let request = Request { min_severity: Severity::Info, language, ..Request::default() };
        audit(&[Target::Home(Home::at(home.path()))], &RuleSet::embedded(language).unwrap(), &request).unwrap()
    };
    let english = look(Language::English);
    let mut rows: Vec<_> = english
        .findings
        .iter()
        .filter(|finding| !BESIDE.contains(&finding.rule.as_str()))
        .map(|finding| format!("{} {}", finding.severity.word(), finding.rule))
        .collect();
    rows.sort();
    let french = look(Language::French);
    let messages = english.findings.iter().chain(&french.findings).map(|finding| finding.message.as_str());
    (rows, messages.collect::<Vec<_>>().join("\n"))
}

/// Pidgin's accounts.xml with one enabled account.
fn pidgin(settings: &[(&str, &str, &str)], proxy: &str) -> Vec<(&'static str, String)> {
    pidgin_of(
        settings,
        proxy,
        "<settings ui='gtk-gaim'><setting name='auto-login' type='bool'>1</setting></settings>",
    )
}

fn pidgin_of(settings: &[(&str, &str, &str)], proxy: &str, ui: &str) -> Vec<(&'static str, String)> {
    let settings: String = settings
        .iter()
        .map(|(name, kind, value)| format!("<setting name='{name}' type='{kind}'>{value}</setting>"))
        .collect();
    let proxy = match proxy {
        "" => String::new(),
        kind => format!("<proxy><type>{kind}</type><host>127.0.0.1</host><port>9050</port></proxy>"),
    };
    vec![(
        ".purple/accounts.xml",
        format!(
            "<?xml version='1.0' encoding='UTF-8' ?>\n<account version='1.0'><account><protocol>prpl-jabber</protocol>\
             <name>alice@example.org/</name><settings>{settings}</settings>{ui}{proxy}</account></account>"
        ),
    )]
}

const SECURITY: &str = "connection_security";
const CLEAR: (&str, &str, &str) = ("auth_plain_in_clear", "bool", "1");

#[test]
fn pidgin_over_the_web() {
    let bosh = |security, url| pidgin(&[(SECURITY, "string", security), ("bosh_url", "string", url), CLEAR], "");
    let (rows, _) = found(&bosh("old_ssl", "http://example.org/bind"));
    assert_eq!(
        rows,
        ["critical cleartext-login-allowed", "critical transport-cleartext", "info setting-without-effect"]
    );
    let (rows, messages) = found(&bosh("opportunistic_tls", "HTTPS://example.org/bind"));
    assert_eq!(rows, ["info encryption-optional", "medium cleartext-login-allowed"]);
    assert!(messages.contains("only the encrypted web address"), "{messages}");
    assert!(!messages.contains("demand for encryption") && !messages.contains("last guard"), "{messages}");
    let (rows, messages) = found(&bosh("require_tls", "http://example.org/bind"));
    assert_eq!(rows, ["high transport-cleartext", "medium cleartext-login-allowed"]);
    assert!(messages.contains("the demand for encryption still prevents"), "{messages}");
}

#[test]
fn pidgin_behind_an_onion_address() {
    let onion = |host, proxy| {
        pidgin(&[(SECURITY, "string", "opportunistic_tls"), ("connect_server", "string", host), CLEAR], proxy)
    };
    let (rows, messages) = found(&onion(ONION, "tor"));
    assert_eq!(rows, ["info cleartext-login-allowed", "info encryption-optional"]);
    assert!(!messages.contains("anyone") && !messages.contains("quiconque"), "{messages}");
    let (rows, _) = found(&onion(ONION, ""));
    assert_eq!(
        rows,
        ["critical cleartext-login-allowed", "critical encryption-optional", "high onion-without-tor"]
    );
    // Tor refuses an address that is none: nobody can say where this would lead once it is put right.
    let (rows, _) = found(&onion("example.onion", "tor"));
    assert_eq!(
        rows,
        ["critical cleartext-login-allowed", "critical encryption-optional", "medium onion-address-unknown"]
    );
}

#[test]
fn pidgin_disabled_and_misspelt() {
    let (rows, _) = found(&pidgin_of(&[(SECURITY, "string", "opportunistic_tls"), CLEAR], "", ""));
    assert_eq!(rows, ["high cleartext-login-allowed", "high encryption-optional"]);
    let local = ("connect_server", "string", "127.0.0.1");
    let (rows, messages) = found(&pidgin(&[(SECURITY, "string", "none"), local, CLEAR], ""));
    assert_eq!(rows, ["info cleartext-login-allowed", "info policy-misspelt"]);
    assert!(!messages.contains("anyone"), "{messages}");
}

fn gajim(version: &str, lines: &[&str]) -> Vec<(&'static str, String)> {
    let lines: String = lines.iter().map(|line| format!("accounts.x.{line}\n")).collect();
    vec![(
        ".config/gajim/config",
        format!(
            "version = {version}\ntime_stamp = [%X] \naccounts.x.name = alice\naccounts.x.hostname = example.org\n\
             accounts.x.active = True\n{lines}"
        ),
    )]
}

#[test]
fn gajim_that_chooses_at_random() {
    let (rows, messages) = found(&gajim("1.1.3", &["allow_plaintext_connection = True"]));
    assert_eq!(rows, ["high encryption-optional"]);
    assert!(messages.contains("at random even if nobody does") && messages.contains("au hasard"), "{messages}");
    // 0.16 takes the list in its order: nothing is left to chance.
    let (rows, messages) =
        found(&gajim("0.16.3", &["connection_types = tls plain", "cipher_list = HIGH:!aNULL:!RC4"]));
    assert!(rows.contains(&"high encryption-optional".to_owned()), "{rows:?}");
    assert!(!messages.contains("at random"), "{messages}");
}

#[test]
fn gajim_with_switches_that_do_not_count() {
    let (rows, _) = found(&gajim("1.2.2", &["use_custom_host = False", "custom_type = PLAIN"]));
    assert_eq!(rows, ["info setting-without-effect"]);
    let (rows, _) = found(&gajim("1.2.2", &["ignore_ssl_errors = 18 19", "allow_plaintext_connection = True"]));
    assert_eq!(rows, ["info setting-without-effect", "info setting-without-effect"]);
    let mut global = gajim("1.2.2", &["proxy = "]);
    for (_, content) in &mut global {
        content.push_str("global_proxy = Tor\nproxies.Tor.type = socks5\nproxies.Tor.host = localhost\n");
    }
    let (rows, messages) = found(&global);
    assert_eq!(rows, ["medium proxy-bypassed"], "a Tor proxy that this version passes over is a danger");
    assert!(messages.contains("does not use it"), "{messages}");
}

#[test]
fn gajim_in_the_clear_where_nobody_listens() {
    let plain = ["use_custom_host = True", "custom_type = PLAIN"];
    let at = |host: &str| {
        let mut files = gajim("1.2.2", &[&plain[..], &[&format!("custom_host = {host}"), "proxy = Tor"]].concat());
        for (_, content) in &mut files {
            content.push_str("proxies.Tor.type = socks5\nproxies.Tor.host = localhost\nproxies.Tor.port = 9050\n");
        }
        found(&files)
    };
    for host in ["localhost", ONION] {
        let (rows, messages) = at(host);
        assert_eq!(rows, ["info encryption-disabled"], "{host}");
        assert!(!messages.contains("everybody on") && !messages.contains("quiconque se trouve"), "{messages}");
    }
    let (rows, messages) = at("xmpp.example.org");
    assert_eq!(rows, ["high encryption-disabled"]);
    assert!(messages.contains("everybody on") && messages.contains("quiconque se trouve"), "{messages}");
}

#[test]
fn a_disabled_account_stands_one_step_below_an_enabled_one() {
    let anonymous = ["use_plain_connection = True", "anonymous_auth = True"];
    let (rows, _) = found(&gajim("1.2.2", &anonymous));
    assert_eq!(rows, ["medium encryption-disabled"]);
    let mut disabled = gajim("1.2.2", &anonymous);
    for (_, content) in &mut disabled {
        *content = content.replace("active = True", "active = False");
    }
    let (rows, _) = found(&disabled);
    assert_eq!(rows, ["low encryption-disabled"]);
}

fn profanity(lines: &str, profrc: &str) -> Vec<(&'static str, String)> {
    vec![(ACCOUNTS, format!("[a]\nmuc.nick=alice\n{lines}")), (PROFRC, profrc.to_owned())]
}

#[test]
fn profanity_with_an_empty_folder_of_authorities() {
    let alice = "jid=alice@example.org\n";
    let (rows, _) = found(&profanity(alice, "[connection]\ntls.certpath=\n"));
    assert_eq!(rows, ["medium certificate-authorities-empty"]);
    let (rows, _) = found(&profanity(&format!("{alice}tls.policy=allow\n"), "[connection]\ntls.certpath=\n"));
    assert_eq!(rows, ["critical encryption-disabled", "medium certificate-authorities-empty"]);
    // What stands behind a malformed line is no more in force than if it were absent.
    let (rows, _) = found(&profanity(alice, "[connection]\naccount=a\n; note\ntls.certpath=\n"));
    assert_eq!(rows, ["high file-malformed", "low setting-without-effect"]);
}

#[test]
fn profanity_without_a_password_or_by_address() {
    let (rows, messages) = found(&profanity("jid=example.org\ntls.policy=trust\n", ""));
    assert_eq!(rows, ["medium certificate-unchecked"]);
    assert!(!messages.contains("password") && !messages.contains("mot de passe"), "{messages}");
    let (rows, messages) = found(&profanity("jid=alice@example.org\nserver=192.0.2.7\n", ""));
    assert_eq!(rows, ["info server-of-another-domain"]);
    assert!(!messages.contains("certificat"), "Profanity checks against the account's domain: {messages}");
}

#[test]
fn profanity_behind_an_onion_address() {
    let onion = format!("jid=alice@example.org\nserver={ONION}\n");
    for (policy, expected) in [
        ("tls.policy=allow\nauth.policy=legacy\n", &["medium encryption-optional", "medium legacy-login"][..]),
        ("tls.policy=disable\n", &["medium encryption-disabled"]),
        ("tls.policy=trust\n", &["medium certificate-unchecked"]),
    ] {
        let (rows, _) = found(&profanity(&format!("{onion}{policy}"), ""));
        assert_eq!(rows, [expected, &["medium onion-without-tor"]].concat(), "{policy}");
    }
}

#[test]
fn a_room_on_the_domain_of_the_own_accounts() {
    let alice = "jid=alice@corp.example\n";
    let rooms = |address: &str| found(&profanity(alice, &format!("[alias]\nr=/join {address}\n")));
    let (rows, messages) = rooms("talk@corp.example");
    assert_eq!(rows, ["medium room-on-account-domain"]);
    assert!(messages.contains("the room is probably talk@conference.corp.example"), "{messages}");
    assert_eq!(rooms("talk@other.example").0, [""; 0]);
}

#[test]
fn a_certificate_that_no_authority_has_signed_counts_for_more() {
    let accepted = |certificate: &str| {
        let certificate =
            std::fs::read_to_string(fixtures().join("pidgin/certificates").join(certificate)).unwrap();
        let mut files = pidgin(&[], "");
        files.push((".purple/certificates/x509/tls_peers/xmpp.example.org", certificate));
        found(&files).0.into_iter().filter(|row| row.ends_with("certificate-exception")).collect::<Vec<_>>()
    };
    assert_eq!(accepted("self-signed.pem"), ["low certificate-exception"]);
    assert_eq!(accepted("by-an-authority.pem"), ["info certificate-exception"]);
}

#[test]
fn a_damaged_file_is_shown_at_its_fault() {
    let home = MadeUpHome::new();
    home.write(ACCOUNTS, "[a]\njid=alice@example.org\nstray\n").write(".local/share/dino/dino.db", "");
    let rules = RuleSet::embedded(Language::English).unwrap();
    let audit = audit(&[Target::Home(Home::at(home.path()))], &rules, &Request::default()).unwrap();
    let damaged = audit.findings.iter().filter(|finding| finding.rule == "file-malformed");
    let mut shown: Vec<_> = damaged
        .map(|finding| (finding.client.0, finding.position.map(|at| at.line), finding.place.as_str()))
        .collect();
    shown.sort_unstable();
    assert_eq!(shown, [("dino", None, "database"), ("profanity", Some(3), "accounts / stray_line")]);
}

#[test]
fn contacts_that_are_rooms() {
    let kept = |account: &str, contact: &str| {
        let blist = format!(
            "<?xml version='1.0' encoding='UTF-8' ?>\n<purple version='1.0'><blist><group name='Buddies'><contact>\
             <buddy account='{account}/' proto='prpl-jabber'><name>{contact}</name></buddy></contact></group></blist>\
             </purple>"
        );
        let mut files = pidgin(&[], "");
        for (_, content) in &mut files {
            *content = content.replace("alice@example.org", account);
        }
        files.push((".purple/blist.xml", blist));
        let (rows, _) = found(&files);
        rows.iter().any(|row| row.ends_with(" room-as-contact"))
    };
    for (contact, is_room) in [
        ("talk@conference.example.net", true),
        ("talk@muc.example.net", true),
        // Wherever people have their accounts.
        ("bob@xmpp.example.net", false),
        ("bob@example.net", false),
        ("bob@muc.local", false),
    ] {
        assert_eq!(kept("alice@example.org", contact), is_room, "{contact}");
    }
    assert!(!kept("alice@conference.example.net", "bob@conference.example.net"), "people live there");
}

#[test]
fn a_finding_in_a_start_up_file_is_about_the_client_that_it_starts() {
    let home = MadeUpHome::new();
    home.write(
        ".bashrc",
        "alias d='GIO_USE_TLS=dummy dino'\nalias p='profanity -r \"/connect alice tls disable\"'\n",
    );
    let request = Request { min_severity: Severity::Info, ..Request::default() };
    let rules = RuleSet::embedded(Language::English).unwrap();
    let audit = audit(&[Target::Home(Home::at(home.path()))], &rules, &request).unwrap();
    let mut rows: Vec<_> = audit.findings.iter().map(|finding| (finding.rule.as_str(), finding.client.0)).collect();
    rows.sort_unstable();
    assert_eq!(rows, [("command-connects-insecurely", "profanity"), ("tls-library-disabled", "dino")]);
}
