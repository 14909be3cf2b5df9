//! Files that Profanity 0.13.1 and 0.18.2 wrote, under names of their own: each must be recognised and read.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod profanity_home;

use std::fs;
use std::path::Path;

use profanity_home::{Home, marked, sample};
use xmpp_audit::clients::Client;
use xmpp_audit::clients::profanity::Profanity;
use xmpp_audit::model::{
    AddressFault, CertificateCheck, CleartextLogin, Encryption, ExtraAuthority, Outcome, Profile, ProxyKind, Secret,
};

/// Reads one sample by itself, as a walk would find it.
fn read(name: &str) -> Profile {
    let home = Home::new().write(&format!("samples/{name}"), &sample(name));
    let found = home.found();
    assert_eq!(found.len(), 1, "{name} is not recognised");
    let mut alone = found[0].clone();
    alone.home = None;
    assert_eq!(Profanity.profile_key(&alone), alone.path, "{name} is a profile of its own");
    let profile = home.read();
    assert!(profile.notices.is_empty() && profile.idle_settings.is_empty(), "{name}");
    assert_eq!(profile.files.len(), 1);
    assert_eq!(profile.files[0].damage, None, "{name}");
    profile
}

fn encryptions(profile: &Profile) -> Vec<Encryption> {
    profile.accounts.iter().map(|account| account.encryption.value).collect()
}

#[test]
fn every_sample_is_one_of_these() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/profanity/samples");
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "accounts-0.13.1-every-tls-policy",
            "accounts-0.13.1-insecure",
            "accounts-0.13.1-plain",
            "accounts-0.18.2-every-tls-policy",
            "profrc-0.13.1-many-settings",
            "profrc-0.18.2-many-settings",
            "tlscerts-0.13.1-after-tls-always",
            "tlscerts-0.18.2-after-tls-always",
        ]
    );
}

#[test]
fn plain_two_accounts_one_without_a_policy() {
    let profile = read("accounts-0.13.1-plain");
    let [default, riseup] = profile.accounts.as_slice() else { panic!("{}", profile.accounts.len()) };
    assert_eq!(default.name, "alice@example.org");
    assert_eq!(default.encryption.default_word(), Some("force"));
    assert_eq!(default.encryption.value, Encryption::Required);
    assert_eq!(marked(&profile, default.encryption.place()), "alice@example.org");
    assert_eq!(default.room_service.value, None);
    assert_eq!(riseup.encryption.default_word(), None);
    assert_eq!(marked(&profile, riseup.encryption.place()), "force");
    assert_eq!(riseup.room_service.value.as_deref(), Some("conference.riseup.net"));
    for account in &profile.accounts {
        assert!(account.enabled.value && !account.policy_misspelt && !account.legacy_login.value);
        assert_eq!(account.address.value.fault, AddressFault::Sound);
        assert_eq!(account.password.value, Secret::Absent);
        assert_eq!(account.proxy.value.kind, ProxyKind::Unsupported);
        let exposure = account.exposure;
        assert_eq!(
            [exposure.listens, exposure.strips, exposure.strips_legacy, exposure.forges],
            [Outcome::Safe, Outcome::Safe, Outcome::Safe, Outcome::Asks]
        );
    }
    assert_eq!(profile.policy_spreads_from, None);
    assert!(!profile.files[0].holds_secret);
}

#[test]
fn insecure_allow_with_legacy_login_and_a_disabled_account() {
    let profile = read("accounts-0.13.1-insecure");
    let [riseup, work] = profile.accounts.as_slice() else { panic!("{}", profile.accounts.len()) };
    assert_eq!(riseup.encryption.value, Encryption::Optional);
    assert_eq!(riseup.cleartext_login.value, CleartextLogin::Always);
    assert!(riseup.legacy_login.value);
    assert_eq!(marked(&profile, riseup.legacy_login.place()), "legacy");
    assert_eq!(riseup.password.value, Secret::Clear);
    assert_eq!(riseup.room_service.value.as_deref(), Some("riseup.net"));
    assert_eq!(marked(&profile, riseup.room_service.place()), "riseup.net");
    assert_eq!(
        [riseup.exposure.listens, riseup.exposure.strips, riseup.exposure.strips_legacy, riseup.exposure.forges],
        [Outcome::Safe, Outcome::Sent, Outcome::Sent, Outcome::Asks]
    );

    assert_eq!(work.name, "work");
    assert_eq!(work.address.value.bare(), "alice@example.org");
    assert!(!work.enabled.value && !work.disabling_protects);
    assert_eq!(work.server.value.as_deref(), Some("192.0.2.7"));
    assert_eq!(work.port.value, Some(5223));
    assert_eq!(work.encryption.value, Encryption::Never);
    assert_eq!(work.password.value, Secret::Absent);
    assert_eq!(work.exposure.listens, Outcome::Sent);

    assert_eq!(profile.policy_spreads_from, Some(0));
    assert!(profile.files[0].holds_secret);
    let text = profile.files[0].text.as_ref().unwrap();
    for account in &profile.accounts {
        for place in [account.password.place(), account.encryption.place()] {
            let xmpp_audit::model::Spot::Text(span) = place.spot else { panic!() };
            assert!(!text.excerpt(span).text.contains("hunter2"));
        }
    }
}

#[test]
fn every_tls_policy_as_two_releases_write_it() {
    use Encryption::{Direct, Never, Optional, Required};
    let old = read("accounts-0.13.1-every-tls-policy");
    assert_eq!(encryptions(&old), [Required, Optional, Required, Never, Direct]);
    let new = read("accounts-0.18.2-every-tls-policy");
    assert_eq!(encryptions(&new), [Required, Optional, Required, Never, Direct, Direct]);
    for profile in [old, new] {
        assert_eq!(profile.policy_spreads_from, Some(1));
        assert!(profile.accounts.iter().all(|account| !account.policy_misspelt));
        let checks: Vec<_> = profile.accounts.iter().map(|account| account.certificate_check.value).collect();
        assert_eq!(checks.iter().filter(|check| **check == CertificateCheck::Off).count(), 1);
        assert_eq!(checks[2], CertificateCheck::Off);
        assert_eq!(profile.accounts[2].exposure.forges, Outcome::Sent);
    }
}

#[test]
fn many_settings_with_a_room_on_the_account_domain() {
    for name in ["profrc-0.13.1-many-settings", "profrc-0.18.2-many-settings"] {
        let profile = read(name);
        assert!(profile.accounts.is_empty());
        let authority = profile.extra_authority.as_ref().unwrap();
        // On a machine without that folder the setting has no effect, and in a home that is said.
        let expected =
            if Path::new("/etc/ssl/certs").is_dir() { ExtraAuthority::System } else { ExtraAuthority::Missing };
        assert_eq!(authority.value, expected);
        assert_eq!(marked(&profile, authority.place()), "/etc/ssl/certs");
        let [room] = profile.rooms.as_slice() else { panic!("{name}") };
        assert_eq!(room.address.bare(), "talk@riseup.net");
        assert_eq!(marked(&profile, &room.place), "talk@riseup.net");
        assert_eq!(marked(&profile, &room.service_place), "riseup.net");
        assert_eq!(room.place.words, "profrc[alias] / rs");
        assert_eq!(room.password.value, Secret::Absent);
        assert!(!profile.files[0].holds_secret);
    }
}

#[test]
fn accepted_certificates_of_two_releases() {
    for (name, length) in [("tlscerts-0.13.1-after-tls-always", 40), ("tlscerts-0.18.2-after-tls-always", 64)] {
        let profile = read(name);
        let [exception] = profile.certificate_exceptions.as_slice() else { panic!("{name}") };
        assert_eq!(exception.name.len(), length);
        assert!(exception.every_host);
        assert_eq!(marked(&profile, &exception.place), exception.name);
    }
}

#[test]
fn samples_in_their_own_places_are_one_profile() {
    let home = Home::new()
        .write(profanity_home::ACCOUNTS, &sample("accounts-0.18.2-every-tls-policy"))
        .write(profanity_home::PROFRC, &sample("profrc-0.18.2-many-settings"))
        .write(profanity_home::TLSCERTS, &sample("tlscerts-0.18.2-after-tls-always"));
    let found = home.found();
    let key = Profanity.profile_key(&found[0]);
    assert!(found.iter().all(|file| Profanity.profile_key(file) == key));
    let profile = home.read();
    assert_eq!(profile.files.len(), 3);
    assert_eq!((profile.accounts.len(), profile.rooms.len(), profile.certificate_exceptions.len()), (6, 1, 1));
    assert!(profile.root.ends_with(".local/share/profanity"));
}
