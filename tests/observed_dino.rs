//! What the real Dino 0.4.2 did, held against what we predict from its files.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "tests")]

mod dino;

use std::fs;

use dino::schema_26_with;
use serde_json::Value;
use xmpp_audit::clients::dino::behaviour::{self, Conditions};
use xmpp_audit::clients::startup::Startup;
use xmpp_audit::clients::{Client, Found};
use xmpp_audit::model::{
    Account, Certificate, CertificateCheck, FileKind, LaunchEffect, Login, Outcome, Server, TlsOffer,
};
use xmpp_audit::source::Reader;

const OBSERVED: &str = include_str!("../fixtures/dino/observed.json");

/// Rows that are not checked, and why.
const LEFT_OUT: [(&str, &str); 6] = [
    ("proxy-env-all", "varies a proxy variable, which changes the way and not the outcome"),
    ("proxy-env-https", "varies a proxy variable, which changes the way and not the outcome"),
    ("proxy-env-http", "varies a proxy variable, which changes the way and not the outcome"),
    ("proxy-env-HTTP-upper", "varies a proxy variable, which changes the way and not the outcome"),
    ("proxy-env-http-http", "varies a proxy variable, which changes the way and not the outcome"),
    ("proxy-gnome", "varies the desktop's proxy, which changes the way and not the outcome"),
];

const PLAIN: &[Login] = &[Login::Plain];
const BOTH: &[Login] = &[Login::Scram, Login::Plain];
const ONION: &str = "alice@labtestexamplelabtestexamplelabtestexamplelabtestexample.onion";

/// The server of each row.
const SERVERS: [(&str, Server); 20] = [
    ("nostarttls-plain", server(TlsOffer::None, Certificate::Valid, PLAIN)),
    ("nostarttls-scram", server(TlsOffer::None, Certificate::Valid, BOTH)),
    // Whether the server answers or not, there is no TLS.
    ("nostarttls-ignore", server(TlsOffer::None, Certificate::Valid, PLAIN)),
    ("starttls-failure", server(TlsOffer::StartTlsRefused, Certificate::Valid, PLAIN)),
    // Says that it goes on, and does not: no TLS comes about either.
    ("fake-proceed", server(TlsOffer::StartTlsRefused, Certificate::Valid, PLAIN)),
    ("notls-backend", server(TlsOffer::None, Certificate::Valid, PLAIN)),
    ("notls-backend-scram", server(TlsOffer::StartTlsRefused, Certificate::Valid, BOTH)),
    ("notls-backend-moduledir", server(TlsOffer::None, Certificate::Valid, PLAIN)),
    ("notls-backend-bogusname", server(TlsOffer::None, Certificate::Valid, PLAIN)),
    ("trusted", server(TlsOffer::StartTls, Certificate::Valid, PLAIN)),
    ("trusted-scram", server(TlsOffer::StartTls, Certificate::Valid, BOTH)),
    ("directtls-trusted", server(TlsOffer::Direct, Certificate::Valid, PLAIN)),
    ("selfsigned", server(TlsOffer::StartTls, Certificate::SelfSigned, PLAIN)),
    ("directtls-selfsigned", server(TlsOffer::Direct, Certificate::SelfSigned, PLAIN)),
    ("wrongname-trusted", server(TlsOffer::StartTls, Certificate::OtherName, PLAIN)),
    ("onion-selfsigned", server(TlsOffer::StartTls, Certificate::SelfSigned, PLAIN)),
    ("onion-wrongname", server(TlsOffer::StartTls, Certificate::WrongName, PLAIN)),
    ("onion-nostarttls", server(TlsOffer::None, Certificate::Valid, PLAIN)),
    ("proxy-onion-env-all", server(TlsOffer::StartTls, Certificate::SelfSigned, PLAIN)),
    ("proxy-gnome-onion", server(TlsOffer::StartTls, Certificate::SelfSigned, PLAIN)),
];

const fn server(tls: TlsOffer, certificate: Certificate, login: &'static [Login]) -> Server {
    Server { tls, certificate, login }
}

#[test]
fn predicts_what_dino_did() {
    let rows: Vec<Value> = serde_json::from_str(OBSERVED).unwrap();
    let mut checked = 0;
    for row in &rows {
        let id = row["id"].as_str().unwrap();
        if let Some((_, reason)) = LEFT_OUT.iter().find(|(left_out, _)| *left_out == id) {
            println!("left out: {id}: {reason}");
            continue;
        }
        let (_, server) = SERVERS.iter().find(|(known, _)| *known == id).unwrap_or_else(|| panic!("new row {id}"));
        assert_eq!(predicted(row, server), observed(row), "{id}");
        checked += 1;
    }
    println!("{checked} of {} rows checked", rows.len());
    assert_eq!((checked, rows.len()), (SERVERS.len(), SERVERS.len() + LEFT_OUT.len()));
}

/// What became of the password, in our words. A proof that went through verified TLS is nobody's gain.
fn observed(row: &Value) -> Outcome {
    let is = |key: &str| row[key].as_bool().unwrap();
    match (is("password_exposed"), is("scram_exchange") && !is("tls")) {
        (true, _) => Outcome::Sent,
        (false, true) => Outcome::Hash,
        (false, false) => Outcome::Safe,
    }
}

/// What we say of the same, from the client's files.
fn predicted(row: &Value, server: &Server) -> Outcome {
    let is_onion = row["server"].as_str().unwrap().contains(".onion");
    let account = account(if is_onion { ONION } else { "alice@dino.lab.test" });
    let environment = row["config"].as_str().unwrap().strip_prefix("environment ");
    let conditions = Conditions {
        trusts_onion: account.certificate_check.value == CertificateCheck::Weakened,
        can_pin: account.certificate_check.value == CertificateCheck::Asks,
        has_tls: !environment.is_some_and(takes_tls_away),
    };
    if conditions.has_tls {
        assert_eq!(account.exposure, behaviour::exposure(conditions), "the account predicts another thing");
    }
    behaviour::outcome(conditions, server)
}

/// The account, written as Dino writes it and read back.
fn account(jid: &str) -> Account {
    let (_home, path) = schema_26_with(&format!(
        "INSERT INTO account (id, bare_jid, resourcepart, password, alias, enabled)
         VALUES (1, '{jid}', 'dino.5eed1234', 'hunter2', '', 1);"
    ));
    dino::read(&path).accounts.into_iter().next().unwrap()
}

/// Whether the start-up files, holding this line, keep Dino from finding its TLS library.
fn takes_tls_away(line: &str) -> bool {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join(".profile");
    fs::write(&path, format!("# my settings\nexport {line}\n")).unwrap();
    let found = Found {
        path,
        kind: FileKind("shell profile", xmpp_audit::model::Purpose::Settings),
        home: Some(home.path().to_owned()),
    };
    let profile = Startup.read(&[found], &Reader::default());
    profile.launches.iter().any(|launch| launch.client.0 == "dino" && launch.effect == LaunchEffect::TlsOff)
}
