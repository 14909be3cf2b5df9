//! What fuzzing has found, so that it stays mended.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use std::fmt::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use xmpp_audit::finding::Audit;
use xmpp_audit::model::Language;
use xmpp_audit::rules::RuleSet;
use xmpp_audit::{Request, Search};
use zeroize::Zeroizing;

const TOP: &str = "/home/somebody-made-up";

fn audited(path: &str, bytes: impl Into<Vec<u8>>) -> Audit {
    let rules = RuleSet::embedded(Language::English).unwrap();
    let request = Request::default();
    let file = (Path::new(TOP).join(path), Zeroizing::new(bytes.into()));
    Search::of_files(Path::new(TOP), [file], &request).audit(&rules, &request).unwrap()
}

fn database(sql: &str) -> Vec<u8> {
    let mut connection = Connection::open_in_memory().unwrap();
    connection.execute_batch(sql).unwrap();
    connection.serialize("main").unwrap().to_vec()
}

/// The place was empty words: nobody could have told where to look.
#[test]
fn a_broken_row_without_a_name_has_a_place_all_the_same() {
    let audit = audited(
        ".config/gajim/settings.sqlite",
        database(
            "PRAGMA user_version = 7; CREATE TABLE settings (name TEXT UNIQUE, settings TEXT);
             CREATE TABLE account_settings (account TEXT UNIQUE, settings TEXT);
             INSERT INTO settings VALUES ('app', '{}'), ('proxies', '{}'), (NULL, '{');",
        ),
    );
    let places: Vec<&str> = audit.findings.iter().map(|finding| finding.place.as_str()).collect();
    assert_eq!(places, ["settings[]"]);
}

/// How long a file may take that is made to take long: a hundred times what it takes, and a small part of what it took
/// while each account or finding was compared with all others.
const LONG: Duration = Duration::from_secs(120);

/// Many in one line, where a column is far from the beginning.
#[test]
fn many_accounts_and_rooms_take_no_longer_than_they_must() {
    let start = Instant::now();
    let mut accounts = String::from("<account version='1.0'>");
    let mut chats = String::from("<purple version='1.0'><blist><group name='c'>");
    let mut groups = String::new();
    for number in 0..6000 {
        let _ = write!(
            accounts,
            "<account><protocol>prpl-jabber</protocol><name>a{number}@example.org/</name><password>hunter2</password></account>"
        );
        let _ = write!(
            chats,
            "<chat proto='prpl-jabber' account='a@b.example/'><component name='room'>r{number}</component><component name='server'>example.org</component><component name='password'>hunter2</component></chat>"
        );
        let _ = writeln!(groups, "[a{number}]\njid=a{number}@b{number}.example\npassword=hunter2");
    }
    let accounts = audited(".purple/accounts.xml", accounts + "</account>");
    assert!(!accounts.accounts.is_empty() && !accounts.findings.is_empty());
    let chats = audited(".purple/blist.xml", chats + "</group></blist></purple>");
    assert!(!chats.findings.is_empty());
    let groups = audited(".local/share/profanity/accounts", groups);
    assert!(!groups.accounts.is_empty() && !groups.findings.is_empty());
    assert!(start.elapsed() < LONG, "{:?}", start.elapsed());
}

/// The same words at many places of one line.
#[test]
fn many_commands_take_no_longer_than_they_must() {
    let start = Instant::now();
    let audit = audited(".profile", "profanity -l DEBUG;".repeat(6_000));
    assert!(!audit.findings.is_empty());
    assert!(start.elapsed() < LONG, "{:?}", start.elapsed());
}
