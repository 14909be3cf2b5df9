//! Files that Pidgin and Finch 2.14.12 wrote themselves, and what is to be said about each.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "a test may fail"
)]

mod pidgin;

use pidgin::{account, at, fixture, read, read_all};
use xmpp_audit::model::{
    Account, CertificateCheck, CleartextLogin, Encryption, LoginKind, Origin, Outcome, Profile, ProxyKind,
    RoomFault, Secret, TlsFloor, Tor, Transport,
};

fn sample(name: &str) -> Profile {
    read(&[(name, fixture(&format!("samples/{name}")).as_slice())])
}

fn exposure(account: &Account) -> [Outcome; 4] {
    let exposure = account.exposure;
    [exposure.listens, exposure.strips, exposure.strips_legacy, exposure.forges]
}

/// The first account of every one of these files: what the dialog writes if nothing but the password is touched.
fn check_default_account(profile: &Profile, account: &Account) {
    assert_eq!(account.name, "alice@example.org/");
    assert_eq!(account.address.value.bare(), "alice@example.org");
    assert_eq!(at(profile, account.address.place()), "alice@example.org/");
    assert_eq!(at(profile, &account.place), "account");
    assert_eq!(account.place.words, "accounts[alice@example.org]");
    assert!(account.enabled.value && account.disabling_protects);
    assert_eq!(account.login, LoginKind::Password);
    assert_eq!(account.encryption.value, Encryption::Required);
    assert_eq!(at(profile, account.encryption.place()), "require_tls");
    assert_eq!(account.encryption.place().words, "accounts[alice@example.org] / connection_security");
    assert!(!account.policy_misspelt);
    assert_eq!(account.transport.value, Transport::Tcp);
    assert_eq!(account.certificate_check.value, CertificateCheck::Asks);
    assert_eq!(account.cleartext_login.value, CleartextLogin::Never);
    assert_eq!(at(profile, account.cleartext_login.place()), "0");
    assert!(!account.legacy_login.value);
    assert_eq!(account.tls_floor.value, TlsFloor::Modern);
    assert_eq!(account.server.value, None);
    assert_eq!(account.port.value, Some(5222));
    assert_eq!((account.proxy.value.kind, account.proxy.value.tor), (ProxyKind::Direct, Tor::Unreached));
    assert!(matches!(account.proxy.origin, Origin::Default { written_as: "global", .. }));
    assert_eq!(account.password.value, Secret::Clear);
    assert_eq!(exposure(account), [Outcome::Safe, Outcome::Safe, Outcome::Safe, Outcome::Asks]);
}

#[test]
fn an_account_with_every_default() {
    let profile = sample("accounts-gui-defaults.xml");
    check_default_account(&profile, account(&profile));
    assert!(profile.idle_settings.is_empty() && profile.proxies.is_empty() && profile.notices.is_empty());
    assert_eq!(profile.files.len(), 1);
    assert!(profile.files[0].holds_secret);
    assert_eq!(profile.files[0].damage, None);
    assert!(profile.root.ends_with("accounts-gui-defaults.xml"), "a renamed copy stands for itself");
}

#[test]
fn two_accounts_one_of_them_optional_behind_tor() {
    let profile = sample("accounts-gui-two-accounts-opportunistic-tor.xml");
    assert_eq!(profile.accounts.len(), 2);
    check_default_account(&profile, &profile.accounts[0]);
    let second = &profile.accounts[1];
    assert_eq!(second.address.value.bare(), "alice@riseup.net");
    assert_eq!(second.encryption.value, Encryption::Optional);
    assert_eq!(at(&profile, second.encryption.place()), "opportunistic_tls");
    assert!(!second.policy_misspelt);
    assert_eq!(second.cleartext_login.value, CleartextLogin::Always);
    assert_eq!(at(&profile, second.cleartext_login.place()), "1");
    assert_eq!(second.server.value.as_deref(), Some("example.onion"));
    let proxy = &second.proxy.value;
    assert_eq!((proxy.kind, proxy.tor), (ProxyKind::Tor, Tor::Reached));
    assert_eq!((proxy.host.as_deref(), proxy.port), (Some("127.0.0.1"), Some(9050)));
    assert_eq!(at(&profile, second.proxy.place()), "tor");
    assert_eq!(exposure(second), [Outcome::Safe, Outcome::Sent, Outcome::Sent, Outcome::Asks]);
    assert_eq!(profile.proxies.len(), 1);
    assert_eq!(profile.proxies[0].password.value, Secret::Absent);
    assert!(profile.idle_settings.is_empty());
}

#[test]
fn a_buddy_list() {
    let profile = sample("blist-written-by-client.xml");
    let rooms: Vec<_> = profile
        .rooms
        .iter()
        .map(|room| {
            (
                room.address.raw.as_str(),
                at(&profile, &room.service_place),
                room.fault,
                room.password.value,
                room.autojoin,
            )
        })
        .collect();
    assert_eq!(
        rooms,
        [
            ("garden@conference.riseup.net", "conference.riseup.net", RoomFault::Sound, Secret::Absent, true),
            ("garden@riseup.net", "riseup.net", RoomFault::Sound, Secret::Absent, false),
            ("secret@conference.example.org", "conference.example.org", RoomFault::Sound, Secret::Clear, false),
            (
                "whole@conference.riseup.net@conference.riseup.net",
                "conference.riseup.net",
                RoomFault::WholeAddressInName,
                Secret::Absent,
                false
            ),
        ]
    );
    let contacts: Vec<_> = profile.contacts.iter().map(|contact| contact.address.bare()).collect();
    assert_eq!(contacts, ["bob@example.org", "garden@conference.riseup.net"]);
    for entry in profile.rooms.iter().chain(&profile.contacts) {
        assert_eq!(entry.account, None);
        assert_eq!(entry.account_address.as_ref().unwrap().bare(), "alice@riseup.net");
    }
    assert!(profile.files[0].holds_secret);
}

#[test]
fn preferences_of_a_first_run() {
    let profile = sample("prefs-defaults.xml");
    assert!(profile.accounts.is_empty() && profile.proxies.is_empty());
    assert!(profile.idle_settings.is_empty(), "{:?}", profile.idle_settings);
    assert_eq!(profile.files[0].damage, None);
    assert!(!profile.files[0].holds_secret);
}

#[test]
fn all_of_them_in_one_folder() {
    let file = |name: &str| fixture(&format!("samples/{name}"));
    let profile = read(&[
        (".purple/accounts.xml", &file("accounts-gui-two-accounts-opportunistic-tor.xml")),
        (".purple/blist.xml", &file("blist-written-by-client.xml")),
        (".purple/prefs.xml", &file("prefs-defaults.xml")),
        (".purple/status.xml", &file("status.xml")),
    ]);
    assert!(profile.root.ends_with(".purple"));
    assert_eq!(profile.files.len(), 4);
    check_default_account(
        &profile,
        &Account { proxy: profile_default_proxy(&profile), ..profile.accounts[0].clone() },
    );
    assert!(profile.rooms.iter().chain(&profile.contacts).all(|room| room.account == Some(1)));
    assert!(profile.idle_settings.is_empty());
    // The type of the proxy now stands somewhere: in the preferences, as `none`.
    assert_eq!(at(&profile, profile.accounts[0].proxy.place()), "none");
}

/// The proxy as it would be without preferences.
fn profile_default_proxy(profile: &Profile) -> xmpp_audit::model::Setting<xmpp_audit::model::Proxy> {
    let account = &profile.accounts[0];
    xmpp_audit::model::Setting::default(account.proxy.value.clone(), "global", account.place.clone())
}

#[test]
fn a_status_alone_is_no_profile() {
    assert_eq!(read_all(&[("some/status.xml", fixture("samples/status.xml").as_slice())]).len(), 1);
    assert!(read_all(&[("some/saved.xml", fixture("samples/status.xml").as_slice())]).is_empty());
}
