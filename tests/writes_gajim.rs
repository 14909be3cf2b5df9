//! Gajim's settings, put right: what was wanted is so, nothing else is different, and a second time there is nothing to
//! do. Over files of every generation, as strange as people and programs make them.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::string_slice, clippy::unwrap_used)]

mod written;

use proptest::prelude::*;
use written::{Files, at, database, differences, gone, habit_word, idle_word, said, wants};
use xmpp_audit::clients::gajim::{Gajim, kinds};
use xmpp_audit::model::{
    Bypass, CertificateCheck, Change, CleartextLogin, Encryption, EndToEnd, Idle, Profile, ProxyFault, ProxyKind,
    Secret, TlsFloor, Tor, Transport, Wish,
};

fn text_file(text: &str) -> Files {
    Files { client: &Gajim, files: vec![(at(".config/gajim/config"), kinds::TEXT, text.as_bytes().to_vec())] }
}

fn settings(user_version: i64, app: &str, proxies: &str, accounts: &[(&str, String)]) -> Files {
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
    let accounts: String = accounts
        .iter()
        .map(|(name, json)| format!("INSERT INTO account_settings VALUES ({}, {});", quoted(name), quoted(json)))
        .collect();
    let bytes = database(&format!(
        "PRAGMA user_version = {user_version};
         CREATE TABLE settings (name TEXT UNIQUE, settings TEXT);
         CREATE TABLE account_settings (account TEXT UNIQUE, settings TEXT);
         INSERT INTO settings VALUES ('app', {}), ('proxies', {}), ('workspaces', '{{}}'), ('plugins', '{{}}');
         {accounts}",
        quoted(app),
        quoted(proxies)
    ));
    Files { client: &Gajim, files: vec![(at(".config/gajim/settings.sqlite"), kinds::SETTINGS, bytes)] }
}

/// What can be wished for of a profile, what may be said differently afterwards, and what must not be said any more.
fn wishes(profile: &Profile) -> Vec<(Wish, Vec<String>, String)> {
    let mut wishes = Vec::new();
    for (number, account) in profile.accounts.iter().enumerate() {
        let mut add = |fact, value, may_change: &[&str], now: String| {
            let fact_word = may_change[0];
            let may_change = may_change.iter().map(|word| format!("{}: {word}", account.name)).collect();
            wishes.push((wants(number, fact, value), may_change, format!("{}: {fact_word} {now}", account.name)));
        };
        let encryption = account.encryption.value;
        if matches!(encryption, Encryption::Never | Encryption::Optional | Encryption::Invalid) {
            let changes = ["encryption", "misspelt", "cleartext_login"];
            add("account.encryption", "required", &changes, format!("{encryption:?}"));
        }
        if account.cleartext_login.value == CleartextLogin::Always && encryption != Encryption::Never {
            add("account.cleartext_login", "asks", &["cleartext_login"], "Always".to_owned());
        }
        let check = account.certificate_check.value;
        if matches!(check, CertificateCheck::Off | CertificateCheck::Weakened) {
            add("account.certificate_check", "asks", &["certificate_check"], format!("{check:?}"));
        }
        if account.transport.value == Transport::WebsocketClear {
            let changes = ["transport", "encryption", "misspelt", "cleartext_login"];
            add("account.transport", "websocket_tls", &changes, "WebsocketClear".to_owned());
        }
        let floor = account.tls_floor.value;
        if floor != TlsFloor::Modern {
            add("account.tls_floor", "modern", &["tls_floor"], format!("{floor:?}"));
        }
        if account.password.value == Secret::Clear {
            add("account.password", "absent", &["password"], "Clear".to_owned());
        }
        let end_to_end = account.end_to_end.value;
        if matches!(end_to_end, EndToEnd::DefaultOff | EndToEnd::SwitchedOff) {
            add("account.end_to_end", "default_on", &["end_to_end"], format!("{end_to_end:?}"));
        }
        let proxy = &account.proxy.value;
        let is_direct = matches!(proxy.tor, Tor::Unreached | Tor::Undecided)
            && proxy.fault == ProxyFault::Sound
            && proxy.bypass == Bypass::Absent
            && !matches!(proxy.kind, ProxyKind::Dangling | ProxyKind::Misspelt);
        if is_direct {
            // An account through a proxy has no BOSH, and asks for no names.
            let changes = ["proxy", "transport", "encryption", "cleartext_login"];
            add("account.proxy.tor", "reached", &changes, format!("{proxy:?}"));
        }
    }
    for (number, proxy) in profile.proxies.iter().enumerate() {
        if proxy.password.value == Secret::Clear {
            let word = format!("proxy {} {:?} {:?}", proxy.name, proxy.host, proxy.port);
            wishes.push((wants(number, "proxy.password", "absent"), vec![word.clone()], format!("{word} Clear")));
        }
    }
    for (number, habit) in profile.habits.iter().enumerate() {
        let word = habit_word(profile, habit);
        wishes.push((gone(number, "habit"), Vec::new(), word));
    }
    for (number, idle) in profile.idle_settings.iter().enumerate() {
        if idle.reason == Idle::Duplicate {
            let word = idle_word(profile, idle);
            wishes.push((gone(number, "setting"), Vec::new(), word));
        }
    }
    wishes
}

/// What a repair may take away on its way: warnings that are off, what was hidden, what has no effect.
///
/// Later versions stumble over a file without `connection_types`, and it may be what is put in.
fn may_vanish(word: &str) -> bool {
    word.starts_with("idle ")
        || word.contains("Some(CrashesClient)")
        || word.starts_with("habit WarningOff")
        || word.starts_with("habit KeyringOff")
}

/// Grants each wish of a profile by itself.
fn check(files: &Files) -> Result<usize, TestCaseError> {
    let profile = files.read();
    let before = said(&profile);
    let mut granted = 0;
    for (wish, may_change, unwanted) in wishes(&profile) {
        let edits = match files.write(&profile, &wish) {
            Ok(edits) => edits,
            Err(_) => continue,
        };
        prop_assert!(!edits.is_empty(), "{:?}: nothing is done", wish);
        granted += 1;
        let mended = files.after(&profile, &edits);
        let mended_profile = mended.read();
        let after = said(&mended_profile);
        let (less, more) = differences(&before, &after);
        let shown = String::from_utf8_lossy(&mended.files[0].2).into_owned();
        prop_assert!(less.contains(&unwanted), "{:?}: it is as it was, {:?} {:?}\n{}", wish, less, more, shown);
        // A proxy “Tor” that others have named and that did not exist is there for them as well.
        let is_shared = |word: &String| {
            matches!(&wish.change, Change::Set { fact: "account.proxy.tor", .. })
                && word.contains(": proxy Proxy {")
        };
        // A line that holds a secret goes even where it is the first of its account.
        let goes_with_secret = unwanted.starts_with("idle password");
        let is_covered = |word: &String| {
            may_change.iter().any(|may| word.starts_with(may.as_str()))
                || is_shared(word)
                || (goes_with_secret && word.starts_with("order "))
        };
        for word in &less {
            prop_assert!(
                *word == unwanted || is_covered(word) || may_vanish(word),
                "{:?}: lost {}\n{}",
                wish,
                word,
                shown
            );
        }
        for word in &more {
            let follows = word.starts_with("habit DecryptedKept") || word.contains("Known None");
            prop_assert!(is_covered(word) || follows, "{:?}: new {}\n{}", wish, word, shown);
        }
        if wish.change.subject() == "account" {
            let again = mended.write(&mended_profile, &wish);
            prop_assert_eq!(again.map(|edits| edits.len()), Ok(0), "{:?}\n{}", wish, shown);
        }
    }
    Ok(granted)
}

const OPTIONS: &[(&str, &[&str])] = &[
    ("connection_types", &["tls ssl plain", "plain", "tls", "plain tls", "tls\tplain", "TLS", " ssl plain ", ""]),
    ("action_when_plaintext_connection", &["warn", "connect", "disconnect", "yes"]),
    ("warn_when_plaintext_connection", &["True", "False", "false", "0", "1", "False "]),
    ("warn_when_insecure_password", &["True", "False", "0"]),
    ("warn_when_insecure_ssl_connection", &["True", "False"]),
    ("allow_plaintext_connection", &["True", "False", "1", "true"]),
    ("authentication_mechanisms", &["", "SCRAM-SHA-1"]),
    ("usessl", &["True", "False"]),
    ("use_custom_host", &["True", "False", "1"]),
    ("custom_host", &["", "ws://h.example.org/ws", "wss://h.example.org/ws", "h.example.org"]),
    ("custom_port", &["5222", "5223", " 443 ", "x"]),
    ("custom_type", &["START TLS", "DIRECT TLS", "PLAIN", "plain", "PLAIN"]),
    ("use_plain_connection", &["True", "False", "1"]),
    ("action_when_plain_connection", &["warn", "none"]),
    ("ignore_ssl_errors", &["", "18", "1 8", "100", "10"]),
    ("tls_version", &["1.0", "1.2", "1.1"]),
    ("cipher_list", &["HIGH:!aNULL:RC4-SHA", "RC4", "HIGH:!aNULL", "HIGH:!RC4"]),
    ("use_srv", &["True", "False"]),
    ("password", &["", "hunter2", "keyring:", "a = b", " ", "x.y"]),
    ("proxy", &["", "Tor", "P", "gone"]),
    ("use_env_http_proxy", &["True"]),
    ("active", &["True", "False", "true"]),
    ("name", &["alice", "bob"]),
    ("hostname", &["example.org", "examplexmppexamplexmppexamplexmppexamplexmppexamplexmpp2.onion"]),
    ("no_log_for", &["", "Work", "bob@example.org "]),
    ("send_os_info", &["True", "False"]),
    ("answer_receipts", &["True", "0"]),
    ("publish_location", &["True"]),
    ("httpupload_verify", &["False", "True"]),
    ("keyid", &["0123"]),
    ("time_stamp", &["x"]),
];

const TOP: &[(&str, &[&str])] = &[
    ("remote_control", &["True", "False"]),
    ("use_keyring", &["False", "True", "0"]),
    ("send_chatstate_default", &["disabled", "all"]),
    ("outgoing_chat_state_notifications", &["all", "disabled"]),
    ("global_proxy", &["", "Tor", "P"]),
];

const PROXY: &[(&str, &[&str])] = &[
    ("type", &["http", "socks5", "bosh", "none"]),
    ("host", &["proxy.example.org", "localhost", ""]),
    ("port", &["9050", "0"]),
    ("pass", &["", "hunter2"]),
    ("useauth", &["True"]),
    ("bosh_uri", &["http://example.org/b", "https://example.org/b"]),
];

fn one_of(table: &'static [(&str, &[&str])]) -> impl Strategy<Value = (&'static str, &'static str)> {
    (0..table.len(), any::<prop::sample::Index>()).prop_map(|(row, value)| {
        let (name, values) = table[row];
        (name, values[value.index(values.len())])
    })
}

fn line() -> impl Strategy<Value = String> {
    let account = prop_oneof![Just("Work"), Just("My Account.v2"), Just("a=b@c-d")];
    prop_oneof![
        12 => (account, one_of(OPTIONS)).prop_map(|(name, (key, value))| format!("accounts.{name}.{key} = {value}")),
        2 => one_of(TOP).prop_map(|(key, value)| format!("{key} = {value}")),
        2 => (prop_oneof![Just("Tor"), Just("P")], one_of(PROXY))
            .prop_map(|(name, (key, value))| format!("proxies.{name}.{key} = {value}")),
        1 => prop_oneof![
            Just("# accounts.Work.active = False".to_owned()),
            Just(String::new()),
            Just("stray".to_owned()),
            Just("accounts.Work.active=False".to_owned()),
            Just("accounts.Work.password =".to_owned()),
            Just("accounts.Work.connection_types =".to_owned()),
            Just("contacts.bob@example.org.speller_language = en".to_owned()),
        ],
    ]
}

fn config() -> impl Strategy<Value = String> {
    const VERSIONS: &[&str] =
        &["0.11.4", "0.12.5", "0.14.4", "0.15.4", "0.16.3", "0.16.9", "1.0.3", "1.1.3", "1.2.0", "1.2.2", ""];
    let ends = prop_oneof![4 => Just("\n"), 2 => Just("\r\n"), 1 => Just("\r")];
    (prop::sample::select(VERSIONS), prop::collection::vec(line(), 1..40), ends, any::<bool>()).prop_map(
        |(version, mut lines, end, is_ended)| {
            if !version.is_empty() {
                lines.insert(lines.len() / 2, format!("version = {version}"));
            }
            lines.insert(0, "time_stamp = [%X]".to_owned());
            lines.join(end) + if is_ended { end } else { "" }
        },
    )
}

const MEMBERS: &[(&str, &[&str])] = &[
    (
        "address",
        &["\"alice@example.org\"", "\"alice@examplexmppexamplexmppexamplexmppexamplexmppexamplexmpp2.onion\""],
    ),
    ("active", &["true", "false", "\"False\""]),
    ("use_plain_connection", &["true", "false", "1", "\"False\""]),
    ("confirm_unencrypted_connection", &["true", "false", "0", "null"]),
    ("use_custom_host", &["true", "false"]),
    (
        "custom_host",
        &[
            "\"ws://h.test/w\"",
            "\"wss://h.test/w\"",
            "\"\"",
            "\"h.test\"",
            r#""ws:\/\/h.test""#,
            r#""\u0077s://h""#,
        ],
    ),
    ("custom_port", &["5222", "5223", "\"443\""]),
    ("custom_type", &["\"PLAIN\"", "\"START TLS\"", "\"DIRECT TLS\"", "\"plain\"", "null"]),
    ("password", &["\"hunter2\"", "\"\"", "\"keyring:\"", "[\"x\"]", "7", "null"]),
    ("proxy", &["\"\"", "\"Tor\"", "\"P\"", "\"gone\""]),
    ("encryption_default", &["\"\"", "\"OMEMO\"", "\"x\""]),
    ("chat_history_max_age", &["0", "-1", "86400"]),
    ("send_os_info", &["true", "false"]),
    ("send_chatstate_default", &["\"disabled\"", "\"all\""]),
    ("omemo_blind_trust", &["true", "false"]),
    ("ignore_ssl_errors", &["\"18\""]),
    ("unknown", &["{\"a\": [1, 2]}", "\"\\u2019\""]),
];

const APP: &[(&str, &[&str])] = &[
    ("use_keyring", &["false", "true", "0"]),
    ("remote_control", &["true", "false"]),
    ("preview_verify_https", &["false", "true"]),
    ("preview_anonymous_muc", &["true"]),
    ("plugins_repository_enabled", &["true"]),
    ("global_proxy", &["\"Tor\"", "\"\""]),
];

/// An object in one of the spellings that Python and people use.
fn object(table: &'static [(&str, &[&str])], most: usize) -> impl Strategy<Value = String> {
    let style = prop::sample::select(&[(", ", ": ", ""), (",", ":", ""), (",\n    ", ": ", "\n    ")][..]);
    (prop::collection::vec(one_of(table), 0..most), style).prop_map(|(members, (comma, colon, inside))| {
        let members: Vec<String> = members.iter().map(|(key, value)| format!("\"{key}\"{colon}{value}")).collect();
        format!("{{{inside}{}}}", members.join(comma))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn text_files_are_put_right(text in config()) {
        check(&text_file(&text))?;
    }

    #[test]
    fn databases_are_put_right(
        user_version in 0_i64..8,
        app in object(APP, 6),
        accounts in prop::collection::vec(object(MEMBERS, 14), 0..4),
        proxies in prop::sample::select(&[
            "{}",
            r#"{"Tor": {"type": "socks5", "host": "localhost", "port": 9050}}"#,
            r#"{"P": {"type": "http", "host": "h.test", "port": 1, "pass": "hunter2", "useauth": true}}"#,
            r#"{"Tor": {"type": "http", "host": "h.test", "port": 1}, "P": {"pass": "x", "pass": "hunter2"}}"#,
        ][..]),
    ) {
        let accounts: Vec<(&str, String)> = ["a.test", "it's", "b"].into_iter().zip(accounts)
            .map(|(name, account)| (name, format!(r#"{{"account": {account}, "contact": {{}}, "group_chat": {{}}}}"#)))
            .collect();
        check(&settings(user_version, &app, proxies, &accounts))?;
    }
}
