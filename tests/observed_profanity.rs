//! Every row of what Profanity 0.13.1 and 0.18.2 did against hostile servers, written out as its files, read back
//! and predicted.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Map, Value};
use xmpp_audit::clients::profanity::{Profanity, Release, outcome, read_as};
use xmpp_audit::clients::{Client, Found, HEAD};
use xmpp_audit::model::{Certificate, Login, Outcome, Profile, Server, TlsOffer};
use xmpp_audit::source::Reader;

const ROWS: usize = 383;

/// Rows that vary something else than what is written in a file, by a word of their configuration; how many they
/// are, and why they are left out.
const LEFT_OUT: &[(&str, usize, &str)] = &[
    ("command", 6, "the user types /register, which looks at no setting of any file"),
    ("user answer", 2, "the certificate question was asked, as predicted, and the user said no"),
    ("first account tls.policy", 15, "two logins of one process: what the first leaves behind is in no file"),
];

/// What a server of the table is, with a certificate from nobody that the machine trusts.
const SERVERS: &[(&str, TlsOffer, Certificate, &[Login])] = &[
    ("A no-starttls, SASL PLAIN", TlsOffer::None, SELF_SIGNED, &[Login::Plain]),
    ("A via domain in hosts file", TlsOffer::None, SELF_SIGNED, &[Login::Plain]),
    ("B no-starttls, SCRAM-SHA-1 then failure", TlsOffer::None, SELF_SIGNED, &[Login::Scram]),
    (
        "C no-starttls, stream features without SASL mechanisms (jabber:iq:auth only)",
        TlsOffer::None,
        SELF_SIGNED,
        &[Login::LegacyPassword],
    ),
    ("D starttls self-signed, SASL PLAIN", TlsOffer::StartTls, SELF_SIGNED, &[Login::Plain]),
    ("E direct-TLS self-signed, SASL PLAIN", TlsOffer::Direct, SELF_SIGNED, &[Login::Plain]),
    ("no stream features at all (pre-1.0 server)", TlsOffer::None, SELF_SIGNED, &[Login::LegacyPassword]),
    ("no-starttls, features without mechanisms", TlsOffer::None, SELF_SIGNED, &[Login::LegacyPassword]),
    ("no-starttls, DIGEST-MD5", TlsOffer::None, SELF_SIGNED, &[Login::DigestMd5]),
    ("no-starttls, SCRAM-SHA-1+PLAIN (SCRAM fails)", TlsOffer::None, SELF_SIGNED, &[Login::Scram, Login::Plain]),
    // The client follows, and what counts is the second server.
    (
        "see-other-host before TLS, to a second server without STARTTLS",
        TlsOffer::None,
        SELF_SIGNED,
        &[Login::Plain],
    ),
    (
        "starttls certificate for profanity.lab.test from a CA in tls.certpath",
        TlsOffer::StartTls,
        Certificate::Valid,
        &[Login::Plain],
    ),
    (
        "starttls certificate for other.lab.test from a CA in tls.certpath",
        TlsOffer::StartTls,
        Certificate::WrongName,
        &[Login::Plain],
    ),
    (
        "direct-TLS certificate for profanity.lab.test from a CA in tls.certpath",
        TlsOffer::Direct,
        Certificate::Valid,
        &[Login::Plain],
    ),
    (
        "direct-TLS certificate for other.lab.test from a CA in tls.certpath",
        TlsOffer::Direct,
        Certificate::WrongName,
        &[Login::Plain],
    ),
    // Recorded with a tls.certpath in which that authority cannot be found.
    (
        "starttls certificate for profanity.lab.test from the lab CA",
        TlsOffer::StartTls,
        SELF_SIGNED,
        &[Login::Plain],
    ),
    (
        "starttls certificate for other.lab.test from an unknown CA (wrong host name)",
        TlsOffer::StartTls,
        Certificate::WrongName,
        &[Login::Plain],
    ),
];

const SELF_SIGNED: Certificate = Certificate::SelfSigned;

/// Fingerprints of the certificate that the servers show: in lower case, as the client writes them.
const SHA1: &str = "73387f9190a5af5ade5e718d2b5b86d62ba345e3";
const SHA256: &str = "3c33dad2a9a22e9cf68a9be5df6cdc877653e8e1f18aeb206f69c0f3c633e11a";

#[test]
fn predicts_what_was_observed() {
    let rows: Vec<Value> = serde_json::from_str(include_str!("../fixtures/profanity/observed.json")).unwrap();
    assert_eq!(rows.len(), ROWS);
    let mut left_out: BTreeMap<&str, usize> = BTreeMap::new();
    let mut checked = 0;
    let mut wrong = Vec::new();
    for row in &rows {
        let config = row["config"].as_object().unwrap();
        if let Some((word, ..)) = LEFT_OUT.iter().find(|(word, ..)| config.contains_key(*word)) {
            *left_out.entry(word).or_default() += 1;
            continue;
        }
        checked += 1;
        let predicted = predict(row, config);
        if predicted != observed(row) {
            wrong.push(format!("{row}: predicted {predicted:?}, observed {:?}", observed(row)));
        }
    }
    for (word, count, reason) in LEFT_OUT {
        println!("left out: {count} rows with \"{word}\": {reason}");
        assert_eq!(left_out.get(word), Some(count), "{word}");
    }
    println!("{checked} rows checked");
    assert!(wrong.is_empty(), "{} of {checked} rows differ:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(checked, 360);
}

fn observed(row: &Value) -> Outcome {
    let proof = row["channel"].as_str().is_some_and(|channel| channel.ends_with("challenge-response"));
    match &row["password_exposed"] {
        Value::Bool(true) => Outcome::Sent,
        Value::Bool(false) if proof => Outcome::Hash,
        Value::Bool(false) => Outcome::Safe,
        Value::String(prompt) if prompt == "prompt" => Outcome::Asks,
        other => panic!("{other}"),
    }
}

fn predict(row: &Value, config: &Map<String, Value>) -> Outcome {
    let (release, fingerprint) = match row["version"].as_str().unwrap() {
        "0.13.1" => (Release::Before0_16, SHA1),
        "0.18.2" => (Release::Since0_16, SHA256),
        other => panic!("{other}"),
    };
    let home = tempfile::tempdir().unwrap();
    write_files(home.path(), config, fingerprint);
    let profile = read(home.path(), release);
    assert_eq!(profile.accounts.len(), 1, "{config:?}");
    outcome(&profile, &profile.accounts[0], &server(row), Some(fingerprint))
}

fn server(row: &Value) -> Server {
    let name = row["server"].as_str().unwrap();
    let (_, tls, certificate, login) =
        SERVERS.iter().find(|(known, ..)| *known == name).unwrap_or_else(|| panic!("{name}"));
    Server { tls: *tls, certificate: *certificate, login }
}

/// Writes the files of a row. Everything in its configuration must be understood.
fn write_files(home: &Path, config: &Map<String, Value>, fingerprint: &str) {
    let mut account = Group::default();
    let mut connection = String::new();
    let mut pins = String::new();
    for (key, value) in config {
        let value = value.as_str().unwrap();
        match (key.as_str(), value) {
            ("tls.policy", policy) => write_policy(&mut account, policy),
            ("tls.policy[de]", "disable (localized key only)") => account.add("tls.policy[de]", "disable"),
            ("[UPPERCASE key] TLS.POLICY", "disable") => account.add("TLS.POLICY", "disable"),
            ("auth.policy" | "server", "(absent)") | ("resource", "(none)") | ("started with", "-a") => {}
            ("auth.policy", policy) => account.add("auth.policy", policy),
            ("server" | "password", "(empty)") => account.add(key, ""),
            ("server", host) => account.add("server", host),
            ("port", "(lab port)") => account.add("port", "5222"),
            ("jid", "profanity.lab.test (no localpart)") => account.jid = "profanity.lab.test",
            ("enabled", "false") => account.add("enabled", "false"),
            ("eval_password", command) => account.add("eval_password", command),
            ("profrc [connection] account", "set") => connection.push_str("account=lab\n"),
            ("tls.certpath", path) => connection.push_str(&format!("tls.certpath={}\n", cert_path(home, path))),
            ("tlscerts", which) => pins = pinned(which, fingerprint),
            other => panic!("{other:?}"),
        }
    }
    if !config.contains_key("password") && !config.contains_key("eval_password") {
        account.add("password", "hunter2");
    }
    let accounts = format!("[lab]\njid={}\n{}", account.jid, account.lines);
    write(home, ".local/share/profanity/accounts", &accounts);
    write(home, ".config/profanity/profrc", &format!("[connection]\n{connection}"));
    if !pins.is_empty() {
        write(home, ".local/share/profanity/tlscerts", &format!("[{pins}]\n"));
    }
}

struct Group {
    jid: &'static str,
    lines: String,
}

impl Default for Group {
    fn default() -> Self {
        Self { jid: "alice@profanity.lab.test", lines: String::new() }
    }
}

impl Group {
    fn add(&mut self, key: &str, value: &str) {
        self.lines.push_str(&format!("{key}={value}\n"));
    }
}

fn write_policy(account: &mut Group, policy: &str) {
    const STRAY: &str = "this is not a key file line\n";
    match policy {
        "(absent)" => {}
        "(empty)" => account.add("tls.policy", ""),
        "'disable ' (trailing blanks)" => account.add("tls.policy", "disable "),
        "' disable' (leading blanks)" => account.add("tls.policy", " disable"),
        "disable\\s (escaped trailing space)" => account.add("tls.policy", "disable\\s"),
        "disable # comment" => account.add("tls.policy", "disable # comment"),
        "duplicate key: force then disable" => account.lines.push_str("tls.policy=force\ntls.policy=disable\n"),
        "duplicate key: disable then force" => account.lines.push_str("tls.policy=disable\ntls.policy=force\n"),
        "disable, after a malformed line" => account.lines.push_str(&format!("{STRAY}tls.policy=disable\n")),
        "disable, before a malformed line" => account.lines.push_str(&format!("tls.policy=disable\n{STRAY}")),
        word => {
            assert!(word.bytes().all(|byte| byte.is_ascii_alphabetic()), "{word}");
            account.add("tls.policy", word);
        }
    }
}

fn cert_path(home: &Path, path: &str) -> String {
    let authority = home.join("lab-ca");
    match path {
        "lab CA directory" => {
            fs::create_dir(&authority).unwrap();
            authority.display().to_string()
        }
        "(path of the CA file, not a directory)" => {
            fs::write(&authority, "").unwrap();
            authority.display().to_string()
        }
        "(empty)" => String::new(),
        "/nonexistent-dir" | "none" => path.to_owned(),
        other => panic!("{other}"),
    }
}

fn pinned(which: &str, fingerprint: &str) -> String {
    match which {
        "contains the fingerprint (/tls always)" => fingerprint.to_owned(),
        "one group without keys named by the certificate's sha1 fingerprint (hex)" => SHA1.to_owned(),
        "one group without keys named by the certificate's sha256 fingerprint (hex)" => SHA256.to_owned(),
        "one group without keys named by the certificate's sha1-upper fingerprint (hex)" => SHA1.to_uppercase(),
        other => panic!("{other}"),
    }
}

fn write(home: &Path, path: &str, content: &str) {
    let path = home.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

/// Reads a home through what any caller would use: the known places, recognition, the reader.
fn read(home: &Path, release: Release) -> Profile {
    let reader = Reader::default();
    let paths = [".local/share/profanity/accounts", ".config/profanity/profrc", ".local/share/profanity/tlscerts"];
    let found: Vec<_> = paths
        .iter()
        .map(|path| home.join(path))
        .filter_map(|path| {
            let kind = Profanity.recognise(&path, &reader.head(&path, HEAD).ok()?)?;
            Some(Found { path, kind, home: Some(home.to_owned()) })
        })
        .collect();
    read_as(&found, &reader, release)
}
