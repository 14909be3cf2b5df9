//! The sample files that Gajim wrote, and those written after its grammar: what is to be said of each.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

use std::fs;
use std::path::{Path, PathBuf};

use xmpp_audit::clients::gajim::{Gajim, kinds};
use xmpp_audit::clients::{Client, Found, HEAD};
use xmpp_audit::model::*;
use xmpp_audit::source::Reader;

fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/gajim/samples").join(name)
}

/// Reads a sample as a walk would find it: recognised by its name and content.
fn read(name: &str) -> Profile {
    let path = sample(name);
    let reader = Reader::default();
    let file_name = path.file_name().unwrap().to_str().unwrap();
    assert!(Gajim.may_be_named(file_name.as_bytes()), "{name}");
    let head = reader.head(&path, HEAD).unwrap();
    let kind = Gajim.recognise(&path, &head).unwrap_or_else(|| panic!("{name} is not recognised"));
    let profile = Gajim.read(&[Found { path, kind, home: None }], &reader);
    assert!(profile.notices.is_empty(), "{name}: {:?}", profile.notices);
    no_leak(&profile);
    profile
}

/// No password of the samples may stand in anything that is ever shown.
fn no_leak(profile: &Profile) {
    let shown = format!("{profile:?}");
    for secret in ["hunter2", "a = b", "pw.x", "= pw", "pw\"", "x = y"] {
        assert!(!shown.contains(secret), "a secret is shown");
    }
}

fn account<'a>(profile: &'a Profile, name: &str) -> &'a Account {
    profile.accounts.iter().find(|account| account.name == name).unwrap_or_else(|| panic!("no account {name}"))
}

fn outcomes(account: &Account) -> [Outcome; 4] {
    let Exposure { listens, strips, strips_legacy, forges } = account.exposure;
    [listens, strips, strips_legacy, forges]
}

fn idle(profile: &Profile) -> Vec<(String, Idle)> {
    profile.idle_settings.iter().map(|idle| (idle.place.words.clone(), idle.reason)).collect()
}

fn rooms(profile: &Profile) -> Vec<(Option<usize>, String)> {
    profile.rooms.iter().map(|room| (room.account, room.address.bare())).collect()
}

/// The text that a place marks.
fn marked(profile: &Profile, place: &Place) -> String {
    match &place.spot {
        Spot::File => String::new(),
        Spot::Text(span) => {
            let excerpt = profile.file(place.file).unwrap().text.as_ref().unwrap().excerpt(*span);
            excerpt.text[excerpt.mark.start..excerpt.mark.end].to_owned()
        }
        Spot::Cell(cell) => {
            let excerpt = cell.excerpt.as_ref().unwrap();
            excerpt.text[excerpt.mark.start..excerpt.mark.end].to_owned()
        }
    }
}

use Outcome::{Asks, Safe, Sent};

#[test]
fn a_fresh_profile_is_empty() {
    let profile = read("1.7-fresh-no-accounts.sqlite");
    let [file] = profile.files.as_slice() else { panic!("one file") };
    assert_eq!(file.version.as_deref(), Some("user_version 5"));
    assert_eq!((file.damage.clone(), file.holds_secret, file.format), (None, false, Format::Known));
    assert!(profile.accounts.is_empty() && profile.rooms.is_empty() && profile.proxies.is_empty());
}

#[test]
fn two_accounts_at_their_defaults_have_nothing_wrong_with_their_transport() {
    let profile = read("1.7-two-accounts-default.sqlite");
    assert_eq!(profile.accounts.len(), 2);
    for account in &profile.accounts {
        assert_eq!(outcomes(account), [Safe, Safe, Safe, Asks]);
        assert_eq!(account.encryption.value, Encryption::Required);
        assert_eq!(account.encryption.default_word(), Some("false"), "{}", account.encryption.place().words);
        assert!(account.enabled.value && !account.policy_misspelt);
        assert_eq!(account.password.value, Secret::Absent);
        assert_eq!(account.proxy.value, Proxy::direct());
        assert_eq!(account.tls_floor.value, TlsFloor::Modern);
        assert_eq!(account.cleartext_login.value, CleartextLogin::Never);
        assert_eq!(account.certificate_check.value, CertificateCheck::Asks);
    }
    assert_eq!(account(&profile, "riseup.net").address.value.bare(), "alice@riseup.net");
    assert!(profile.idle_settings.is_empty() && profile.proxies.is_empty());
}

#[test]
fn the_problems_are_found_and_named() {
    let profile = read("1.7-many-problems.sqlite");
    assert_eq!(profile.accounts.len(), 6);
    assert!(profile.files[0].holds_secret);

    let plain = account(&profile, "example.org1");
    assert_eq!(outcomes(plain), [Sent, Sent, Safe, Safe]);
    assert_eq!(plain.encryption.value, Encryption::Never);
    assert_eq!(plain.cleartext_login.value, CleartextLogin::Always);
    assert_eq!(plain.server.value.as_deref(), Some("xmpp.example.org"));
    assert_eq!(plain.port.value, Some(5222));
    assert_eq!(plain.password.value, Secret::Clear);
    assert_eq!(marked(&profile, plain.encryption.place()), "\"PLAIN\"");
    assert_eq!(marked(&profile, plain.password.place()), "********");
    assert_eq!(plain.encryption.place().words, "accounts[example.org1] / custom_type");
    let Spot::Cell(cell) = &plain.encryption.place().spot else { panic!("a cell") };
    assert_eq!((cell.table.as_str(), cell.row.as_str()), ("account_settings", "account=example.org1"));
    assert_eq!(cell.pointer.as_deref(), Some("/account/custom_type"));

    let inactive = account(&profile, "example.org2");
    assert!(!inactive.enabled.value && inactive.disabling_protects);
    assert_eq!(outcomes(inactive), [Asks, Asks, Safe, Safe]);
    assert_eq!(inactive.password.value, Secret::Clear);

    let onion = account(&profile, "examplexmppexamplexmppexamplexmppexamplexmppexamplexmpp2.onion");
    assert_eq!((onion.proxy.value.kind, onion.proxy.value.tor), (ProxyKind::Socks5, Tor::Reached));
    let dangling = account(&profile, "riseup.net1");
    assert_eq!((dangling.proxy.value.kind, dangling.proxy.value.tor), (ProxyKind::Dangling, Tor::Unreached));
    assert_eq!(dangling.proxy.value.written, "Tor-renamed");

    let [proxy] = profile.proxies.as_slice() else { panic!("one login") };
    assert_eq!((proxy.name.as_str(), proxy.password.value), ("Corp", Secret::Clear));
    assert_eq!(marked(&profile, proxy.password.place()), "********");

    let riseup = profile.accounts.iter().position(|account| account.name == "riseup.net");
    assert_eq!(
        rooms(&profile),
        [(riseup, "kitchen@conference.riseup.net".to_owned()), (riseup, "garden@riseup.net".to_owned())]
    );
    let wrong = &profile.rooms[1];
    assert_eq!(wrong.place.words, "workspaces / garden@riseup.net");
    assert_eq!(marked(&profile, &wrong.place), "garden@riseup.net");
    assert_eq!(marked(&profile, &wrong.service_place), "riseup.net");
    assert_eq!(profile.contacts.len(), 1);
    assert!(profile.idle_settings.is_empty());
}

/// Everything about a folder that reading could change.
fn state(folder: &Path) -> Vec<(PathBuf, u64, std::time::SystemTime, fs::Permissions)> {
    let mut entries: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let metadata = fs::metadata(&path).unwrap();
            (path, metadata.len(), metadata.modified().unwrap(), metadata.permissions())
        })
        .collect();
    entries.sort_by(|one, other| one.0.cmp(&other.0));
    entries
}

#[test]
fn what_stands_only_in_the_write_ahead_log_counts() {
    let folder = sample("1.7-wal");
    let before = state(&folder);
    let profile = read("1.7-wal/settings.sqlite");
    assert_eq!(state(&folder), before);
    let riseup = account(&profile, "riseup.net");
    assert_eq!(outcomes(riseup), [Sent, Sent, Safe, Safe]);
    assert_eq!(riseup.encryption.place().words, "accounts[riseup.net] / use_plain_connection");
    assert_eq!(marked(&profile, riseup.encryption.place()), "true");
    assert_eq!(outcomes(account(&profile, "example.org")), [Safe, Safe, Safe, Asks]);
    assert!(!profile.files[0].holds_secret);
}

#[test]
fn a_migrated_database_shows_what_the_migration_left() {
    let profile = read("1.7-migrated-from-text.sqlite");
    let work = account(&profile, "work");
    assert_eq!(outcomes(work), [Sent, Sent, Safe, Safe]);
    assert_eq!(work.port.value, Some(5999));
    // No type is written: socks5 is the default here.
    assert_eq!((work.proxy.value.kind, work.proxy.value.port), (ProxyKind::Socks5, Some(9050)));
    let other = account(&profile, "My Account.v2");
    assert_eq!(other.proxy.value.kind, ProxyKind::Socks5, "the global proxy");
    assert_eq!(other.proxy.place().words, "app / global_proxy");
    assert_eq!(outcomes(other), [Safe, Safe, Safe, Asks]);
    // The phantom that the client made of a password with `.x = ` in it.
    let phantom = account(&profile, "tricky.password = ********");
    assert_eq!(phantom.address.value.fault, AddressFault::Empty);
    assert_eq!(idle(&profile), [("accounts[work] / use_plain_connection".to_owned(), Idle::Overridden)]);
    let logins: Vec<_> = profile.proxies.iter().map(|proxy| proxy.name.as_str()).collect();
    assert_eq!(logins, ["Corp"]);
    // Every account got the same rooms.
    assert_eq!(rooms(&profile).len(), 2 * profile.accounts.len());
    let misplaced = profile.contacts.iter().filter(|contact| contact.address.bare() == "garden@riseup.net").count();
    assert_eq!(misplaced, profile.accounts.len());
}

#[test]
fn a_migrated_text_file_is_a_leftover_with_its_secrets() {
    let profile = read("1.7-migrated.config.old");
    let [file] = profile.files.as_slice() else { panic!("one file") };
    assert_eq!(file.kind, kinds::LEFTOVER);
    assert!(file.holds_secret && file.text.is_some());
    assert!(profile.accounts.is_empty() && profile.rooms.is_empty() && profile.proxies.is_empty());
    assert!(profile.idle_settings.is_empty());
}

#[test]
fn an_opportunistic_text_file() {
    let profile = read("text-0.16.3.config");
    assert_eq!(profile.files[0].version.as_deref(), Some("0.16.3"));
    assert_eq!(profile.files[0].damage, None);
    assert!(profile.files[0].holds_secret);
    assert_eq!(profile.accounts.len(), 2, "the local network is no account");

    let work = account(&profile, "Work account");
    assert_eq!(work.encryption.value, Encryption::Optional);
    assert_eq!(outcomes(work), [Safe, Asks, Asks, Asks]);
    assert_eq!(work.cleartext_login.value, CleartextLogin::Asks);
    assert_eq!(work.tls_floor.value, TlsFloor::OldCipher);
    assert_eq!(work.password.value, Secret::Clear);
    assert_eq!(marked(&profile, work.encryption.place()), "tls ssl plain");
    assert_eq!(marked(&profile, &work.place), "Work account");
    assert_eq!(marked(&profile, work.password.place()), "********");
    assert_eq!(work.encryption.place().words, "accounts[Work account] / connection_types");

    let riseup = account(&profile, "riseup.net");
    assert_eq!(outcomes(riseup), [Safe, Sent, Sent, Sent]);
    assert_eq!(riseup.password.value, Secret::KeyringMarker);
    assert_eq!(riseup.certificate_check.value, CertificateCheck::Off);
    assert_eq!(riseup.cleartext_login.value, CleartextLogin::Always);
    assert_eq!(riseup.proxy.value.tor, Tor::Reached);

    assert_eq!(
        rooms(&profile),
        [(Some(0), "garden@riseup.net".to_owned()), (None, "kitchen@conference.riseup.net".to_owned())]
    );
    assert_eq!(marked(&profile, &profile.rooms[1].place), "kitchen@conference.riseup.net");
    assert_eq!(marked(&profile, &profile.rooms[1].service_place), "conference.riseup.net");
    assert!(profile.idle_settings.is_empty() && profile.proxies.is_empty());
}

#[test]
fn a_text_file_that_allows_plaintext() {
    let profile = read("text-1.1.3.config");
    assert_eq!(outcomes(account(&profile, "example.org")), [Safe, Safe, Safe, Asks]);
    let riseup = account(&profile, "riseup.net");
    assert_eq!(outcomes(riseup), [Sent, Sent, Sent, Sent]);
    assert_eq!(riseup.encryption.value, Encryption::Optional);
    assert_eq!(riseup.certificate_check.value, CertificateCheck::Off);
    assert_eq!(riseup.proxy.value.kind, ProxyKind::Dangling);
    assert_eq!(riseup.tls_floor.value, TlsFloor::Modern);
    assert_eq!(rooms(&profile).len(), 2);
    assert!(profile.rooms.iter().all(|room| room.account == Some(1)));
    assert_eq!(profile.contacts.len(), 1);
    assert!(profile.idle_settings.is_empty());
}

#[test]
fn a_text_file_as_the_client_writes_it() {
    let profile = read("1.1.3-client-written.config");
    let [lab] = profile.accounts.as_slice() else { panic!("one account") };
    assert_eq!(outcomes(lab), [Asks, Asks, Asks, Asks]);
    assert_eq!(lab.tls_floor.value, TlsFloor::Modern);
    assert_eq!((profile.files[0].damage.clone(), profile.files[0].holds_secret), (None, true));
    assert!(profile.idle_settings.is_empty(), "{:?}", idle(&profile));
    assert!(profile.rooms.is_empty() && profile.contacts.is_empty() && profile.proxies.is_empty());
}

#[test]
fn a_text_file_of_the_strict_generation() {
    let profile = read("text-1.2.2.config");
    let example = account(&profile, "example.org");
    assert_eq!(outcomes(example), [Sent, Sent, Safe, Safe]);
    assert_eq!(example.cleartext_login.place().words, "accounts[example.org] / action_when_plain_connection");
    let riseup = account(&profile, "riseup.net");
    assert_eq!(outcomes(riseup), [Asks, Asks, Safe, Safe]);
    assert_eq!(riseup.proxy.value.kind, ProxyKind::Direct, "1.2 ignores the global proxy");
    assert_eq!(idle(&profile), [("global_proxy".to_owned(), Idle::OtherGeneration)]);
}

#[test]
fn every_odd_line_of_the_grammar() {
    let profile = read("text-grammar.config");
    let names: Vec<_> = profile.accounts.iter().map(|account| account.name.as_str()).collect();
    assert_eq!(names, ["work", "My Account.v2", "empty", "tricky", "tricky.password = ********"]);
    let work = account(&profile, "work");
    assert_eq!(work.address.value.bare(), "alice@example.org");
    assert_eq!(work.port.value, Some(5999), "the last duplicate");
    assert_eq!(work.server.value.as_deref(), Some("xmpp.example.org"), "the last valid duplicate");
    assert_eq!(outcomes(work), [Asks, Asks, Safe, Safe], "1.2.2 knows no confirm_unencrypted_connection");
    assert_eq!(work.certificate_check.value, CertificateCheck::Asks, "gone in 1.2.2");
    assert_eq!(account(&profile, "My Account.v2").password.value, Secret::Clear);
    assert_eq!(account(&profile, "empty").password.value, Secret::Empty);
    assert_eq!(account(&profile, "tricky").password.value, Secret::Absent);
    let idle = idle(&profile);
    for (words, reason) in [
        ("accounts[work] / custom_port", Idle::Duplicate),
        ("accounts[work] / use_custom_host", Idle::Unreadable),
        ("accounts[work] / autoconnect", Idle::Unreadable),
        ("accounts[work] / use_plain_connection", Idle::Overridden),
        ("accounts[work] / allow_plaintext_connection", Idle::OtherGeneration),
        ("accounts[work] / action_when_plaintext_connection", Idle::OtherGeneration),
        ("accounts[work] / ignore_ssl_errors", Idle::OtherGeneration),
        ("accounts[work] / confirm_unencrypted_connection", Idle::OtherGeneration),
        ("global_proxy", Idle::OtherGeneration),
    ] {
        assert!(idle.contains(&(words.to_owned(), reason)), "{words}");
    }
    assert_eq!(idle.len(), 9);
    let [corp] = profile.proxies.as_slice() else { panic!("one login") };
    assert_eq!((corp.host.as_deref(), corp.port), (Some("proxy.example.org"), Some(3128)));
    assert_eq!(profile.files[0].damage, None);
    let of_work = |what: &[Room]| -> Vec<_> {
        what.iter().filter(|room| room.account == Some(0)).map(|room| room.address.bare()).collect()
    };
    assert_eq!(of_work(&profile.rooms), ["kitchen@conference.riseup.net"]);
    assert_eq!(of_work(&profile.contacts), ["bob@example.org", "garden@riseup.net"]);
    assert_eq!(rooms(&profile)[1], (None, "garden@riseup.net".to_owned()));
}
