//! The same account in several clients: who keeps it worse, and what grade it has over all of them.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::string_slice, clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use xmpp_audit::discover::{Home, Target};
use xmpp_audit::finding::{Audit, Grade, Severity};
use xmpp_audit::model::Language;
use xmpp_audit::rules::RuleSet;
use xmpp_audit::{Request, audit};

fn pidgin(home: &Path, jid: &str, policy: &str) {
    let settings =
        format!("<settings><setting name='connection_security' type='string'>{policy}</setting></settings>");
    let login = "<settings ui='gtk-gaim'><setting name='auto-login' type='bool'>1</setting></settings>";
    let account =
        format!("<account><protocol>prpl-jabber</protocol><name>{jid}/</name>{settings}{login}</account>");
    write(
        home,
        ".purple/accounts.xml",
        &format!("<?xml version='1.0' encoding='UTF-8' ?>\n<account version='1.0'>{account}</account>"),
    );
}

fn profanity(home: &Path, jid: &str, policy: &str) {
    write(
        home,
        ".local/share/profanity/accounts",
        &format!("[{jid}]\nenabled=true\njid={jid}\ntls.policy={policy}\n"),
    );
}

fn write(home: &Path, path: &str, content: &str) {
    use std::os::unix::fs::PermissionsExt;
    let path = home.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, content).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
}

fn look(targets: &[Target]) -> Audit {
    let rules = RuleSet::embedded(Language::English).unwrap();
    audit(targets, &rules, &Request { min_severity: Severity::Info, ..Request::default() }).unwrap()
}

fn home(folder: &Path) -> Target {
    Target::Home(Home::at(folder))
}

/// The clients of which it is said that another one keeps the account better.
fn weaker(audit: &Audit) -> Vec<&str> {
    let of_rule = audit.findings.iter().filter(|finding| finding.rule == "weaker-elsewhere");
    of_rule.map(|finding| finding.client.0).collect()
}

#[test]
fn the_weaker_client_is_named() {
    let folder = tempfile::tempdir().unwrap();
    pidgin(folder.path(), "alice@example.org", "require_tls");
    profanity(folder.path(), "Alice@example.org", "allow");
    let audit = look(&[home(folder.path())]);
    assert_eq!(weaker(&audit), ["profanity"]);
    assert_eq!(audit.grades.len(), 1);
    assert_eq!(audit.grades[0].grade, Grade::F);
    assert_eq!(audit.grades[0].clients.len(), 2);
    assert_eq!(audit.grades[0].worst.as_ref().unwrap().1, "encryption-optional");
}

#[test]
fn equal_strength_other_accounts_and_other_people_are_no_comparison() {
    let folder = tempfile::tempdir().unwrap();
    pidgin(folder.path(), "alice@example.org", "opportunistic_tls");
    profanity(folder.path(), "bob@example.org", "force");
    assert!(weaker(&look(&[home(folder.path())])).is_empty());
    profanity(folder.path(), "alice@example.org", "force");
    assert_eq!(weaker(&look(&[home(folder.path())])), ["pidgin"]);

    let (one, other) = (folder.path().join("one"), folder.path().join("other"));
    pidgin(&one, "alice@example.org", "opportunistic_tls");
    profanity(&other, "alice@example.org", "force");
    assert!(weaker(&look(&[home(&one), home(&other)])).is_empty());
    let walked = look(&[Target::Path(one.clone()), Target::Path(other.clone())]);
    assert!(weaker(&walked).is_empty());
    assert_eq!(walked.grades.len(), 2);
}

#[test]
fn a_walk_compares_what_lies_in_one_home() {
    let folder = tempfile::tempdir().unwrap();
    pidgin(folder.path(), "alice@example.org", "require_tls");
    profanity(folder.path(), "alice@example.org", "disable");
    assert_eq!(weaker(&look(&[Target::Path(folder.path().to_owned())])), ["profanity"]);
}

#[test]
fn sound_accounts_have_the_best_grade_in_both_clients() {
    let folder = tempfile::tempdir().unwrap();
    pidgin(folder.path(), "alice@example.org", "require_tls");
    profanity(folder.path(), "alice@example.org", "force");
    let audit = look(&[home(folder.path())]);
    assert!(weaker(&audit).is_empty());
    assert_eq!(audit.grades[0].grade, Grade::A, "{:?}", audit.grades);
}

#[test]
fn what_is_about_the_account_alone_is_said_once() {
    let folder = tempfile::tempdir().unwrap();
    pidgin(folder.path(), "alice@riseup.net", "require_tls");
    profanity(folder.path(), "alice@riseup.net", "force");
    let audit = look(&[home(folder.path())]);
    let advice: Vec<_> = audit.findings.iter().filter(|finding| finding.rule == "provider-advice").collect();
    assert_eq!(advice.len(), 1);
    for words in ["require encryption", "conference.riseup.net", "VPN", "onion", "August 2021"] {
        assert!(advice[0].message.contains(words), "{words}");
    }
}

#[test]
fn nobody_opens_what_has_an_ordinary_name() {
    for client in xmpp_audit::clients::CLIENTS {
        for name in
            ["letter.odt", "photo.jpg", "main.rs", "Makefile", "notes.txt", "song.mp3", "index.html", ".vimrc"]
        {
            assert!(!client.may_be_named(name.as_bytes()), "{} {name}", client.name().0);
        }
    }
}
