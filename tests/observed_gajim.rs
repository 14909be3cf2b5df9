//! What the real Gajim did, against what we predict: every row of `fixtures/gajim/observed.json`.
//!
//! Each row is written out as the client's own file, read with the public interface, and asked what becomes of
//! the password at the server that the row was recorded with.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]
#![allow(clippy::print_stdout, reason = "a test may say what it left out")]

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};
use xmpp_audit::clients::gajim::{Gajim, kinds, outcomes};
use xmpp_audit::clients::{Client, Found};
use xmpp_audit::model::{Certificate, Login, Outcome, Server, TlsOffer};
use xmpp_audit::source::Reader;

const ROWS: &str = include_str!("../fixtures/gajim/observed.json");

/// Rows that are not about what a setting does to the password.
const LEFT_OUT: &[(&str, &str)] = &[
    ("c04-noautoconnect", "nobody pressed Connect; what happens then is row a06"),
    ("c07-keyring-default-with-password", "the run ended at the question for the password, before any certificate"),
    ("c08-nosavepass-with-password", "the run ended at the question for the password; typed in, it goes as in a06"),
    ("c10-proxy-tor-dead", "the proxy was not running; with a living one its exit sees what row a06 sees"),
];

/// The servers of the table, in its words.
const SERVERS: &[(&str, Server)] = &[
    ("no STARTTLS, SASL PLAIN", server(TlsOffer::None, Certificate::Valid, &[Login::Plain])),
    ("no STARTTLS, SCRAM-SHA-1", server(TlsOffer::None, Certificate::Valid, &[Login::Scram])),
    ("no STARTTLS, PLAIN+SCRAM", server(TlsOffer::None, Certificate::Valid, &[Login::Plain, Login::Scram])),
    ("no STARTTLS, DIGEST-MD5", server(TlsOffer::None, Certificate::Valid, &[Login::DigestMd5])),
    ("no STARTTLS, ANONYMOUS+PLAIN", server(TlsOffer::None, Certificate::Valid, &[Login::Anonymous, Login::Plain])),
    ("no SASL, only jabber:iq:auth", server(TlsOffer::None, Certificate::Valid, &[Login::LegacyPassword])),
    ("STARTTLS optional + PLAIN before TLS", server(TlsOffer::StartTls, Certificate::Valid, &[Login::Plain])),
    ("STARTTLS required", server(TlsOffer::StartTlsRequired, Certificate::Valid, &[Login::Plain])),
    (
        "STARTTLS offered then refused, PLAIN",
        server(TlsOffer::StartTlsRefused, Certificate::Valid, &[Login::Plain]),
    ),
    (
        "STARTTLS, self-signed certificate for the right name, then PLAIN",
        server(TlsOffer::StartTls, Certificate::SelfSigned, &[Login::Plain]),
    ),
    (
        "STARTTLS, self-signed certificate for another name, then PLAIN",
        server(TlsOffer::StartTls, Certificate::WrongName, &[Login::Plain]),
    ),
    (
        "direct TLS, self-signed certificate for the right name",
        server(TlsOffer::Direct, Certificate::SelfSigned, &[Login::Plain]),
    ),
    ("unencrypted WebSocket, PLAIN", server(TlsOffer::None, Certificate::Valid, &[Login::Plain])),
    (
        "unencrypted WebSocket, features also list STARTTLS",
        server(TlsOffer::StartTls, Certificate::Valid, &[Login::Plain]),
    ),
];

const fn server(tls: TlsOffer, certificate: Certificate, login: &'static [Login]) -> Server {
    Server { tls, certificate, login }
}

#[test]
fn every_row_is_as_observed() {
    let rows: Vec<Value> = serde_json::from_str(ROWS).unwrap();
    let mut checked = 0;
    let mut wrong = Vec::new();
    for row in &rows {
        let id = row["id"].as_str().unwrap();
        if LEFT_OUT.iter().any(|(left_out, _)| *left_out == id) {
            continue;
        }
        let (predicted, observed) = (predict(row), observed(row));
        if predicted != observed {
            wrong.push(format!("{id}: predicted {predicted:?}, observed {observed:?}"));
        }
        checked += 1;
    }
    for (id, reason) in LEFT_OUT {
        assert!(rows.iter().any(|row| row["id"] == *id), "{id} is no row");
        println!("left out: {id}: {reason}");
    }
    println!("{checked} of {} rows checked", rows.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!((checked, rows.len()), (52, 56));
}

/// What the client did, in our words.
fn observed(row: &Value) -> Outcome {
    let outcome = row["outcome"].as_str().unwrap();
    let no_way_to_go_on = row["note"].as_str().unwrap().contains("no way to continue")
        // Row b05 is b03 with a file in cert_store.
        || row["id"] == "b05-customhost-starttls-wrongname-in-certstore";
    if row["password_exposed"] == true {
        Outcome::Sent
    } else if row["offline_guessable"] == true {
        Outcome::Hash
    } else if row["password_exposed"] == "prompt" || (outcome.contains("certificate dialog") && !no_way_to_go_on) {
        Outcome::Asks
    } else {
        Outcome::Safe
    }
}

/// What we say that the client does.
fn predict(row: &Value) -> Outcome {
    let home = tempfile::tempdir().unwrap();
    let config = row["config"].as_object().unwrap();
    let is_text = row["version"].as_str().unwrap().starts_with("1.1.3");
    let folder = home.path().join(".config/gajim");
    fs::create_dir_all(&folder).unwrap();
    let path = if is_text { write_text(&folder, config) } else { write_database(&folder, config) };
    let mut server = SERVERS
        .iter()
        .find(|(words, _)| row["server"] == *words)
        .map(|(_, server)| *server)
        .expect("a known server");
    let id = row["id"].as_str().unwrap();
    if id.contains("certstore") {
        let store = home.path().join(".local/share/gajim/cert_store");
        fs::create_dir_all(&store).unwrap();
        fs::write(store.join("any-name"), "-----BEGIN CERTIFICATE-----\n").unwrap();
        // The stored certificate is the server's own: it is then as good as any, for its own name.
        if server.certificate == Certificate::SelfSigned {
            server.certificate = Certificate::Valid;
        }
    }
    let kind = if is_text { kinds::TEXT } else { kinds::SETTINGS };
    let found = [Found { path, kind, home: Some(home.path().to_owned()) }];
    let reader = Reader::default();
    let profile = Gajim.read(&found, &reader);
    assert_eq!(profile.accounts.len(), 1, "{id}");
    assert_eq!(profile.certificate_exceptions.len(), usize::from(id.contains("certstore")), "{id}");
    // A disabled account does not connect.
    if !profile.accounts[0].enabled.value { Outcome::Safe } else { outcomes(&found, &reader, &server)[0] }
}

/// The row's settings over what all rows have in common, as the client's JSON.
fn write_database(folder: &Path, config: &Map<String, Value>) -> PathBuf {
    let mut account = json!({
        "name": "alice", "hostname": "gajim.lab.test", "active": true, "autoconnect": true, "savepass": true,
        "password": "hunter2", "custom_host": "127.0.7.1",
    });
    let mut app = json!({ "use_keyring": false });
    for (key, value) in config {
        match (key.as_str(), value) {
            ("app", value) => app = value.clone(),
            (key, Value::Null) => {
                account.as_object_mut().unwrap().remove(key);
            }
            (key, value) => account[key] = value.clone(),
        }
    }
    let proxies = json!({ "Tor": { "type": "socks5", "host": "localhost", "port": 9050 } });
    let account = json!({ "account": account, "contact": {}, "group_chat": {} });
    let path = folder.join("settings.sqlite");
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection
        .execute_batch(
            "PRAGMA synchronous = OFF;
             CREATE TABLE settings (name TEXT UNIQUE, settings TEXT);
             CREATE TABLE account_settings (account TEXT UNIQUE, settings TEXT);
             PRAGMA user_version = 5;",
        )
        .unwrap();
    for (name, value) in [("app", app), ("proxies", proxies), ("workspaces", json!({}))] {
        connection.execute("INSERT INTO settings VALUES (?1, ?2)", (name, value.to_string())).unwrap();
    }
    connection
        .execute("INSERT INTO account_settings VALUES (?1, ?2)", ("gajim.lab.test", account.to_string()))
        .unwrap();
    path
}

/// The row's lines over what all rows have in common, as the client's text.
fn write_text(folder: &Path, config: &Map<String, Value>) -> PathBuf {
    let common = [
        ("name", "alice"),
        ("hostname", "gajim.lab.test"),
        ("active", "True"),
        ("savepass", "True"),
        ("password", "hunter2"),
        ("use_custom_host", "True"),
        ("custom_host", "127.0.7.1"),
    ];
    let lines = common.into_iter().chain(config.iter().map(|(key, value)| (key.as_str(), value.as_str().unwrap())));
    let lines: String = lines.map(|(key, value)| format!("accounts.lab.{key} = {value}\n")).collect();
    let path = folder.join("config");
    fs::write(&path, format!("version = 1.1.3\ntime_stamp = [%X] \nuse_keyring = False\n{lines}")).unwrap();
    path
}
