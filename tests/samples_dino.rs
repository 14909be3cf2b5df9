//! Databases of all generations, written by Dino itself or built from its source: what each of them says.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod dino;

use std::fs;
use std::path::{Path, PathBuf};

use dino::{addresses, excerpt, found};
use xmpp_audit::clients::Client;
use xmpp_audit::clients::dino::{DATABASE, Dino, OMEMO, OPENPGP};
use xmpp_audit::model::{
    CertificateCheck, CleartextLogin, Encryption, Exposure, Format, LoginKind, Outcome, Profile, ProxyKind, Room,
    RoomFault, Secret,
};
use xmpp_audit::source::Reader;

const SAFE: Exposure =
    Exposure { listens: Outcome::Safe, strips: Outcome::Safe, strips_legacy: Outcome::Safe, forges: Outcome::Safe };

fn folder(sample: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/dino/samples").join(sample)
}

/// Reads a sample as a walk would find it: every file that is recognised.
fn read(sample: &str) -> Profile {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder(sample)).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.retain(|path| Dino.may_be_named(path.file_name().unwrap().as_encoded_bytes()));
    let found: Vec<_> = paths.iter().map(|path| found(path)).collect();
    let keys: Vec<_> = found.iter().map(|file| Dino.profile_key(file)).collect();
    assert!(keys.iter().all(|key| *key == folder(sample)), "{keys:?}");
    let profile = Dino.read(&found, &Reader::default());
    assert_eq!(profile.notices, []);
    assert_eq!(profile.files.iter().filter(|file| file.damage.is_some()).count(), 0);
    profile
}

fn room<'a>(rooms: &'a [Room], jid: &str) -> &'a Room {
    rooms.iter().find(|room| room.address.raw == jid).unwrap()
}

/// The eleven rows that the rebuilt samples share.
fn check_rebuilt(profile: &Profile, version: &str, format: Format) {
    assert_eq!(profile.files[0].kind, DATABASE);
    assert_eq!(profile.files[0].version.as_deref(), Some(version));
    assert_eq!(profile.files[0].format, format);
    assert!(profile.files[0].holds_secret);

    let accounts: Vec<_> = profile
        .accounts
        .iter()
        .map(|account| (account.name.as_str(), account.enabled.value, account.password.value))
        .collect();
    assert_eq!(
        accounts,
        [("alice@riseup.net", true, Secret::Clear), ("alice@example.org", false, Secret::Clear)],
        "{version}"
    );

    // 4, then 5: opened as a chat, then 6: on the bare domain, then 11.
    assert_eq!(
        addresses(&profile.rooms),
        ["room@conference.riseup.net", "room@riseup.net", "team@riseup.net", "board@conference.riseup.net"],
        "{version}"
    );
    let autojoin: Vec<bool> = profile.rooms.iter().map(|room| room.autojoin).collect();
    assert_eq!(autojoin, [true, false, true, true]);
    // Not 1: the account itself. Not 8: a private message in a room. Not 9: of a disabled account, closed.
    // Not 10: of an account that was removed.
    assert_eq!(addresses(&profile.contacts), ["bob@riseup.net", "carol@example.org", "dave@example.org"]);
    for room in profile.rooms.iter().chain(&profile.contacts) {
        assert_eq!(room.account, Some(0));
        assert_eq!(room.account_address.as_ref().unwrap().raw, "alice@riseup.net");
        assert_eq!(room.password.value, Secret::Absent);
        assert_eq!(room.fault, RoomFault::Sound);
        assert!(!room.answered);
    }
}

#[test]
fn rebuilt_samples_say_the_same_in_every_generation() {
    for (sample, version) in [
        ("v11-dino-0.1", "schema 11"),
        ("v17-dino-0.2", "schema 17"),
        ("v22-dino-0.3", "schema 22"),
        ("v29-dino-0.5", "schema 29"),
        ("v32-dino-master", "schema 32"),
    ] {
        let profile = read(sample);
        check_rebuilt(&profile, version, Format::Known);
        assert!(profile.certificate_exceptions.is_empty());
        for account in &profile.accounts {
            assert_eq!(account.exposure, SAFE, "{sample}");
            assert_eq!(account.encryption.value, Encryption::Required);
            assert_eq!(account.certificate_check.value, CertificateCheck::Strict);
            assert_eq!(account.cleartext_login.value, CleartextLogin::Never);
            assert_eq!(account.login, LoginKind::Password);
            assert_eq!(account.proxy.value.kind, ProxyKind::Unsupported);
            assert_eq!((account.server.value.as_deref(), account.port.value), (None, None));
            assert!(account.disabling_protects && !account.policy_misspelt && !account.legacy_login.value);
        }
    }
}

#[test]
fn the_fork_is_known_by_its_columns() {
    let profile = read("v31-dinox-fork");
    check_rebuilt(&profile, "schema 31", Format::Fork);
    let alice = &profile.accounts[0];
    assert_eq!(alice.server.value.as_deref(), Some("xmpp.example.net"));
    assert_eq!(alice.port.value, Some(5222));
    assert_eq!(alice.server.place().words, "account[alice@riseup.net] / custom_host");
    assert_eq!(excerpt(alice.server.place()).1, "xmpp.example.net");
    assert_eq!(profile.accounts[1].server.value, None);
    // It offers to pin what does not verify.
    assert_eq!(alice.certificate_check.value, CertificateCheck::Asks);
    assert_eq!(alice.exposure, Exposure { forges: Outcome::Asks, ..SAFE });
    let [pinned] = profile.certificate_exceptions.as_slice() else { unreachable!("one certificate is pinned") };
    assert_eq!((pinned.name.as_str(), pinned.every_host), ("riseup.net", false));
    assert_eq!(pinned.place.words, "pinned_certificate[riseup.net] / domain");
    assert!(excerpt(&pinned.place).0.contains("tls_flags = 3"));
}

#[test]
fn written_by_dino_itself() {
    let profile = read("v26-dino-0.4-observed-clean");
    let kinds: Vec<_> = profile.files.iter().map(|file| (file.kind, file.holds_secret)).collect();
    assert_eq!(kinds, [(DATABASE, true), (OMEMO, true), (OPENPGP, false)]);
    assert_eq!(profile.files[0].version.as_deref(), Some("schema 26"));
    let [alice] = profile.accounts.as_slice() else { unreachable!("one account") };
    assert_eq!((alice.name.as_str(), alice.enabled.value), ("alice@riseup.net", true));
    assert_eq!((alice.password.value, alice.exposure), (Secret::Clear, SAFE));
    assert_eq!(addresses(&profile.rooms), ["room@conference.riseup.net"]);
    // Its only message came back as an error: no room and nobody by that name, but which of them nobody can say.
    assert_eq!(addresses(&profile.contacts), ["bob@riseup.net", "team@riseup.net"]);
    assert!(excerpt(&room(&profile.contacts, "bob@riseup.net").place).0.contains("encryption = 0"));
}

#[test]
fn what_stands_only_in_the_write_ahead_log_counts() {
    let profile = read("v26-dino-0.4-observed-wal");
    assert_eq!(addresses(&profile.contacts), ["bob@riseup.net", "team@riseup.net"]);
    assert!(excerpt(&room(&profile.contacts, "bob@riseup.net").place).0.contains("encryption = 2"));
}

#[test]
fn places_point_at_the_value_and_show_no_secret() {
    let profile = read("v29-dino-0.5");
    let team = room(&profile.rooms, "team@riseup.net");
    assert_eq!(team.place.words, "conversation[alice@riseup.net, team@riseup.net] / jid");
    let (text, marked) = excerpt(&team.place);
    assert_eq!(text, "id = 6\naccount = alice@riseup.net\njid = team@riseup.net\ntype = 1\nencryption = 0");
    assert_eq!(marked, "team@riseup.net");
    assert_eq!(excerpt(&team.service_place).1, "riseup.net");
    let password = &profile.accounts[0].password;
    assert_eq!(password.place().words, "account[alice@riseup.net] / password");
    assert_eq!(excerpt(password.place()).1, "********");
    for sample in ["v29-dino-0.5", "v31-dinox-fork", "v26-dino-0.4-observed-wal"] {
        assert!(!format!("{:?}", read(sample)).contains("hunter2"), "{sample}");
    }
}
