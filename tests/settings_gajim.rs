//! Every setting of Gajim that matters, over its generations: defaults, precedence, and what is no alarm.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

mod gajim_home;

use gajim_home::{DATABASE, Home, TEXT, database, database_home, database_with, only, text, text_file};
use serde_json::{Value, json};
use xmpp_audit::clients::gajim::{Gajim, kinds, outcomes};
use xmpp_audit::clients::{Client, Found};
use xmpp_audit::model::*;
use xmpp_audit::source::Reader;

use Outcome::{Asks, Safe, Sent};

fn exposure(profile: &Profile) -> [Outcome; 4] {
    let Exposure { listens, strips, strips_legacy, forges } = only(profile).exposure;
    [listens, strips, strips_legacy, forges]
}

fn idle(profile: &Profile) -> Vec<(&str, Idle)> {
    profile.idle_settings.iter().map(|idle| (idle.name.as_str(), idle.reason)).collect()
}

#[test]
fn text_generations_meet_the_attackers_as_their_source_says() {
    let silent = "warn_when_plaintext_connection = False";
    let connect = "action_when_plaintext_connection = connect";
    let disconnect = "action_when_plaintext_connection = disconnect";
    let unwarned = "warn_when_insecure_password = False";
    let allow = "allow_plaintext_connection = True";
    for (version, lines, expected) in [
        ("0.11", &[][..], [Safe, Sent, Sent, Asks]),
        ("0.11.4", &["usessl = True"], [Safe, Safe, Safe, Asks]),
        ("0.12", &[], [Safe, Asks, Asks, Asks]),
        ("0.12", &["connection_types = plain"], [Asks, Asks, Asks, Asks]),
        ("0.13.4", &[silent], [Safe, Sent, Sent, Asks]),
        ("0.15", &[silent], [Safe, Asks, Asks, Asks]),
        ("0.14.4", &[silent], [Safe, Asks, Sent, Asks]),
        ("0.14.4", &[silent, unwarned], [Safe, Sent, Sent, Asks]),
        ("0.15.4", &[], [Safe, Asks, Asks, Asks]),
        ("0.16.5", &[], [Safe, Asks, Asks, Asks]),
        ("0.16.5", &[connect], [Safe, Asks, Sent, Asks]),
        ("0.16.5", &[connect, unwarned], [Safe, Sent, Sent, Asks]),
        ("0.16.5", &["action_when_plaintext_connection = refuse", unwarned], [Safe, Sent, Sent, Asks]),
        ("0.16.5", &[disconnect, unwarned], [Safe, Safe, Safe, Asks]),
        ("0.16.6", &[], [Safe, Safe, Safe, Asks]),
        ("0.16.9", &["connection_types = tls ssl", connect, unwarned], [Safe, Safe, Safe, Asks]),
        ("0.16.9", &["connection_types = tls plain", connect, unwarned], [Safe, Sent, Sent, Asks]),
        ("0.16.9", &["connection_types = plain", connect, unwarned], [Sent, Sent, Sent, Sent]),
        ("0.16.9", &["connection_types = plain tls"], [Asks, Asks, Asks, Asks]),
        ("0.16.9", &["connection_types = "], [Safe, Safe, Safe, Safe]),
        ("1.0", &["connection_types = plain"], [Safe, Safe, Safe, Asks]),
        ("1.0.3", &[], [Safe, Safe, Safe, Asks]),
        ("1.1.3", &[allow], [Asks, Asks, Asks, Asks]),
        ("1.1.3", &[allow, connect], [Asks, Asks, Sent, Asks]),
        ("1.1.3", &[allow, connect, unwarned], [Sent, Sent, Sent, Sent]),
        ("1.1.3", &[allow, disconnect], [Safe, Safe, Safe, Asks]),
        ("1.1.3", &[allow, connect, "authentication_mechanisms = SCRAM-SHA-1"], [Safe, Safe, Safe, Asks]),
        ("1.1.3", &["ignore_ssl_errors = 18"], [Safe, Safe, Safe, Sent]),
        ("1.1.3", &["ignore_ssl_errors = 100"], [Safe, Safe, Safe, Sent]),
        ("1.2.2", &[], [Safe, Safe, Safe, Asks]),
        ("1.2.2", &["use_plain_connection = True"], [Asks, Asks, Safe, Asks]),
        (
            "1.2.2",
            &["use_plain_connection = True", "action_when_plain_connection = none"],
            [Sent, Sent, Safe, Sent],
        ),
        ("1.2.1", &["ignore_ssl_errors = 1"], [Safe, Safe, Safe, Sent]),
        ("1.2.1", &["ignore_ssl_errors = 18"], [Safe, Safe, Safe, Asks]),
        ("1.2.2", &["ignore_ssl_errors = 1"], [Safe, Safe, Safe, Asks]),
    ] {
        assert_eq!(exposure(&text(version, lines)), expected, "{version} {lines:?}");
    }
}

/// The second question is about SASL PLAIN only, and there is no plain login without one that is allowed.
#[test]
fn a_login_in_the_clear_passes_two_questions() {
    let connect = "action_when_plaintext_connection = connect";
    let unwarned = "warn_when_insecure_password = False";
    let plain = "authentication_mechanisms = PLAIN";
    for (lines, expected) in [
        (&[][..], CleartextLogin::Asks),
        (&["action_when_plaintext_connection = disconnect"], CleartextLogin::Never),
        (&[connect], CleartextLogin::Always),
        (&[connect, plain], CleartextLogin::Asks),
        (&[connect, plain, unwarned], CleartextLogin::Always),
        (&[connect, "authentication_mechanisms = PLAIN XEP-0078"], CleartextLogin::Always),
    ] {
        let lines = [&["allow_plaintext_connection = True"], lines].concat();
        assert_eq!(only(&text("1.1.3", &lines)).cleartext_login.value, expected, "{lines:?}");
    }
    assert_eq!(only(&text("1.1.3", &[connect])).cleartext_login.value, CleartextLogin::Never);
}

#[test]
fn digest_md5_worked_up_to_0_16() {
    let server = Server { login: &[Login::DigestMd5], certificate: Certificate::SelfSigned, ..Server::HONEST };
    for (version, expected) in [("0.16.9", Outcome::Hash), ("1.0", Safe), ("1.1.3", Safe)] {
        let home = Home::new();
        home.write(
            TEXT,
            format!(
                "version = {version}\ntime_stamp = x\naccounts.x.name = a\naccounts.x.hostname = b\n\
                 accounts.x.ignore_ssl_errors = 18\n"
            ),
        );
        let found = [Found { path: home.path(TEXT), kind: kinds::TEXT, home: None }];
        assert_eq!(outcomes(&found, &Reader::default(), &server), [expected], "{version}");
    }
}

#[test]
fn through_a_proxy_dns_names_no_host_for_direct_tls() {
    let server = Server { tls: TlsOffer::Direct, certificate: Certificate::SelfSigned, login: &[Login::Plain] };
    let proxies = json!({"P": {"type": "socks5", "host": "localhost", "port": 9050}});
    for (proxy, expected) in [("", Asks), ("P", Safe), ("gone", Asks)] {
        let home = database_home(7, &[("proxies", proxies.clone())], json!({"proxy": proxy}));
        let found = [Found { path: home.path(DATABASE), kind: kinds::SETTINGS, home: None }];
        assert_eq!(outcomes(&found, &Reader::default(), &server), [expected], "{proxy}");
    }
}

#[test]
fn what_is_overlooked_of_certificates_is_a_number_each() {
    for (flags, expected) in [
        ("", CertificateCheck::Asks),
        ("1", CertificateCheck::Off),
        ("2", CertificateCheck::Off),
        ("4 16", CertificateCheck::Weakened),
        ("3", CertificateCheck::Asks),
    ] {
        let profile = text("1.2.1", &[&format!("ignore_ssl_errors = {flags}")]);
        assert_eq!(only(&profile).certificate_check.value, expected, "{flags}");
    }
}

#[test]
fn the_host_decides_which_plain_switch_counts() {
    for (settings, expected, way) in [
        (json!({}), Encryption::Required, None),
        (json!({"use_plain_connection": true}), Encryption::Never, None),
        (json!({"custom_type": "PLAIN"}), Encryption::Required, Some("custom_type")),
        (json!({"use_custom_host": true}), Encryption::Required, None),
        (json!({"use_custom_host": true, "custom_type": "DIRECT TLS"}), Encryption::Direct, None),
        (json!({"use_custom_host": true, "custom_type": "PLAIN"}), Encryption::Never, None),
        (
            json!({"use_custom_host": true, "use_plain_connection": true}),
            Encryption::Required,
            Some("use_plain_connection"),
        ),
        (json!({"use_custom_host": true, "custom_type": "STARTTLS"}), Encryption::Invalid, None),
        (json!({"use_custom_host": true, "custom_type": "plain"}), Encryption::Invalid, None),
        (json!({"use_custom_host": true, "custom_type": null}), Encryption::Invalid, None),
        (json!({"use_custom_host": true, "custom_type": ""}), Encryption::Invalid, None),
    ] {
        let profile = database(5, settings.clone());
        let account = only(&profile);
        assert_eq!(account.encryption.value, expected, "{settings}");
        assert_eq!(account.policy_misspelt, expected == Encryption::Invalid, "{settings}");
        let expected: Vec<_> = way.map(|name| (name, Idle::Overridden)).into_iter().collect();
        assert_eq!(idle(&profile), expected, "{settings}");
    }
    let without = database(5, json!({"use_custom_host": true, "custom_host": null}));
    assert_eq!(only(&without).server.value, None);
    let misspelt = database(5, json!({"use_custom_host": true, "custom_type": "plain"}));
    assert_eq!(exposure(&misspelt), [Safe, Safe, Safe, Safe]);
}

#[test]
fn defaults_are_named_as_the_client_spells_them() {
    let profile = database(5, json!({"use_custom_host": true}));
    assert_eq!(only(&profile).encryption.default_word(), Some("START TLS"));
    let profile = text("0.16.5", &[]);
    assert_eq!(only(&profile).encryption.default_word(), Some("tls ssl plain"));
    assert_eq!(only(&profile).cleartext_login.default_word(), Some("warn"));
    assert_eq!(only(&profile).tls_floor.default_word(), Some("HIGH:!aNULL:RC4-SHA"));
    assert_eq!(only(&text("1.2.2", &[])).encryption.default_word(), Some("False"));
}

#[test]
fn the_oldest_tls_follows_the_version() {
    let floor = |version, lines: &[&str]| only(&text(version, lines)).tls_floor.value;
    assert_eq!(floor("0.15.4", &[]), TlsFloor::Modern);
    assert_eq!(floor("0.16", &[]), TlsFloor::OldCipher);
    assert_eq!(floor("0.16.9", &[]), TlsFloor::OldCipher);
    assert_eq!(floor("0.16.9", &["cipher_list = HIGH:!aNULL"]), TlsFloor::OldVersion);
    assert_eq!(floor("1.0.3", &[]), TlsFloor::OldCipher);
    assert_eq!(floor("1.1.3", &[]), TlsFloor::Modern);
    assert_eq!(floor("1.1.3", &["tls_version = 1.1"]), TlsFloor::OldVersion);
    assert_eq!(floor("1.2.2", &["tls_version = 1.0"]), TlsFloor::Modern);
}

#[test]
fn disabled_is_what_each_generation_calls_so() {
    let enabled = |user_version, active: Value| {
        let mut account = json!({});
        if active != json!("absent") {
            account["active"] = active;
            return only(&database(user_version, account)).enabled.value;
        }
        let cell = json!({"account": {"name": "a", "hostname": "b"}, "contact": {}, "group_chat": {}});
        let home = Home::new();
        let cells = [("app", json!({})), ("proxies", json!({}))];
        only(&home.database(DATABASE, user_version, &cells, &[("b", cell)]).read(&[DATABASE])).enabled.value
    };
    assert!(enabled(5, json!(true)) && enabled(5, json!("False")) && enabled(5, json!(1)));
    assert!(!enabled(5, json!(false)) && !enabled(5, json!(0)) && !enabled(5, json!(null)));
    for (user_version, expected) in [(0, true), (1, true), (2, true), (3, false), (5, false), (7, false)] {
        assert_eq!(enabled(user_version, json!("absent")), expected, "user_version {user_version}");
    }
    assert!(only(&text("0.16.9", &[])).enabled.value);
    assert!(!only(&text("0.16.9", &["active = False"])).enabled.value);
}

#[test]
fn the_address_stands_elsewhere_since_1_9_1() {
    let moved = json!({"address": "new@c.test"});
    assert_eq!(only(&database(5, moved.clone())).address.value.bare(), "a@b.test");
    let profile = database(6, moved);
    assert_eq!(only(&profile).address.value.bare(), "new@c.test");
    assert_eq!(only(&profile).address.place().words, "accounts[b.test] / address");
    assert_eq!(only(&database(7, json!({}))).address.value.bare(), "a@b.test");
}

#[test]
fn accounts_of_the_local_network_are_left_out() {
    assert!(database(5, json!({"is_zeroconf": true, "use_plain_connection": true})).accounts.is_empty());
    let profile = text("1.1.3", &["is_zeroconf = True", "password = zeroconf"]);
    assert!(profile.accounts.is_empty() && !profile.files[0].holds_secret);
}

#[test]
fn a_login_without_a_password_has_none_to_lose() {
    let plain = json!({"use_plain_connection": true, "confirm_unencrypted_connection": false});
    for (key, kind) in [("anonymous_auth", LoginKind::Anonymous), ("enable_gssapi", LoginKind::WithoutPassword)] {
        let mut settings = plain.clone();
        settings[key] = json!(true);
        let profile = database(5, settings);
        assert_eq!((only(&profile).login, exposure(&profile)), (kind, [Safe; 4]), "{key}");
        assert_eq!(only(&profile).encryption.value, Encryption::Never, "messages are readable");
    }
}

#[test]
fn passwords_are_told_from_what_only_stands_there() {
    for (value, secret, holds) in [
        ("hunter2", Secret::Clear, true),
        ("", Secret::Empty, false),
        ("gnomekeyring:", Secret::KeyringMarker, false),
        ("keyring:", Secret::KeyringMarker, false),
        ("libsecret:", Secret::KeyringMarker, false),
        ("<kwallet>", Secret::KeyringMarker, false),
        ("winvault:", Secret::KeyringMarker, false),
        ("{{ pass }}", Secret::TemplatePlaceholder, false),
    ] {
        for profile in [
            database(5, json!({"password": value, "savepass": false})),
            text("1.1.3", &[&format!("password = {value}")]),
        ] {
            assert_eq!(only(&profile).password.value, secret, "{value}");
            assert_eq!(profile.files[0].holds_secret, holds, "{value}");
        }
    }
    let profile = database(5, json!({"oauth2_refresh_token": "hunter2"}));
    assert!(profile.files[0].holds_secret);
    assert!(text("1.1.3", &["oauth2_refresh_token = hunter2"]).files[0].holds_secret);
    assert!(text("1.1.3", &["nosuchkey = 1\n# accounts.x.password = hunter2"]).files[0].holds_secret);
}

#[test]
fn proxies_are_resolved_as_the_version_does() {
    let proxies = json!({
        "Tor": {"type": "socks5", "host": "localhost", "port": 9050}, "Short": {"host": "127.0.0.1", "port": "9050"},
        "Web": {"type": "http", "host": "h.test", "port": 3128}, "Old": {"type": "bosh"}, "Odd": {"type": "Socks5"},
        "Empty": {},
    });
    let kind = |user_version, global: &str, own: &str| {
        let client = [("app", json!({"global_proxy": global})), ("proxies", proxies.clone())];
        let profile = database_with(user_version, &client, json!({"proxy": own}));
        let proxy = &only(&profile).proxy;
        (proxy.value.kind, proxy.value.tor, proxy.place().words.clone())
    };
    let own = "accounts[b.test] / proxy".to_owned();
    for (user_version, global, proxy, expected, tor, words) in [
        (5, "", "Tor", ProxyKind::Socks5, Tor::Reached, &own),
        (5, "", "Short", ProxyKind::Socks5, Tor::Reached, &own),
        (5, "", "Empty", ProxyKind::Socks5, Tor::Refused, &own),
        (5, "", "Web", ProxyKind::Http, Tor::Unreached, &own),
        (5, "", "Old", ProxyKind::Bosh, Tor::Refused, &own),
        (5, "", "Odd", ProxyKind::Misspelt, Tor::Refused, &own),
        (5, "", "tor", ProxyKind::Dangling, Tor::Unreached, &own),
        (5, "", "", ProxyKind::Direct, Tor::Unreached, &own),
        (5, "Tor", "", ProxyKind::Socks5, Tor::Reached, &"app / global_proxy".to_owned()),
        (5, "Gone", "", ProxyKind::Dangling, Tor::Unreached, &"app / global_proxy".to_owned()),
        (0, "Tor", "", ProxyKind::Direct, Tor::Unreached, &own),
        (6, "Tor", "no-proxy", ProxyKind::Direct, Tor::Unreached, &own),
        (5, "Tor", "no-proxy", ProxyKind::Dangling, Tor::Unreached, &own),
    ] {
        let case = format!("{user_version} {global} {proxy}");
        assert_eq!(kind(user_version, global, proxy), (expected, tor, words.clone()), "{case}");
    }
    let client = [("app", json!({"global_proxy": "Tor"})), ("proxies", proxies.clone())];
    assert_eq!(idle(&database_with(0, &client, json!({}))), [("global_proxy", Idle::OtherGeneration)]);
    assert!(idle(&database_with(0, &client, json!({"proxy": "Tor"}))).is_empty());
    assert!(idle(&database_with(0, &client, json!({"active": false}))).is_empty());
}

#[test]
fn text_proxies_have_other_defaults() {
    let kind = |version, lines: &str| {
        let file = format!(
            "version = {version}\naccounts.x.name = a\naccounts.x.proxy = P\nproxies.P.host = h\n{lines}\n"
        );
        let profile = text_file(&file);
        (only(&profile).proxy.value.clone(), exposure(&profile), only(&profile).transport.value)
    };
    let (proxy, ..) = kind("1.1.3", "");
    assert_eq!((proxy.kind, proxy.port), (ProxyKind::Http, Some(3128)));
    let (proxy, outcomes, transport) =
        kind("1.1.3", "proxies.P.type = bosh\nproxies.P.bosh_uri = http://h.test/http-bind");
    assert_eq!((proxy.kind, transport), (ProxyKind::Bosh, Transport::BoshClear));
    assert_eq!(outcomes, [Safe; 4], "without leave for plaintext there is no way left");
    let (_, outcomes, _) = kind(
        "1.1.3",
        "proxies.P.type = bosh\nproxies.P.bosh_uri = http://h.test/\naccounts.x.allow_plaintext_connection = True",
    );
    assert_eq!(outcomes, [Asks; 4]);
    let (_, outcomes, _) = kind("0.16.9", "proxies.P.type = bosh\nproxies.P.bosh_uri = http://h.test/http-bind");
    assert_eq!(outcomes, [Asks; 4]);
    let (_, outcomes, transport) =
        kind("0.16.9", "proxies.P.type = bosh\nproxies.P.bosh_uri = https://h.test/http-bind");
    assert_eq!((outcomes, transport), ([Safe, Safe, Safe, Asks], Transport::BoshTls));
    let (_, outcomes, _) = kind("1.2.2", "proxies.P.type = bosh\naccounts.x.use_plain_connection = True");
    assert_eq!(outcomes, [Safe; 4], "BOSH is gone in 1.2: such an account cannot connect");

    let environment = text("0.16.9", &["use_env_http_proxy = True"]);
    assert_eq!(only(&environment).proxy.value.kind, ProxyKind::Environment);
    let global = |version: &str| {
        let file = format!("version = {version}\nglobal_proxy = P\naccounts.x.name = a\nproxies.P.type = socks5\n");
        only(&text_file(&file)).proxy.value.kind
    };
    assert_eq!(global("0.14.4"), ProxyKind::Direct);
    assert_eq!(global("0.15"), ProxyKind::Socks5);
    assert_eq!(global("1.2.0"), ProxyKind::Direct);
}

#[test]
fn logins_to_tor_on_this_machine_are_no_secrets() {
    let login = |kind: &str, host: &str| {
        let proxy = json!({"P": {"type": kind, "host": host, "port": 9050, "useauth": true, "user": "u", "pass": "hunter2"}});
        let profile = database_with(5, &[("proxies", proxy)], json!({}));
        let text = text_file(&format!(
            "version = 1.2.2\nproxies.P.type = {kind}\nproxies.P.host = {host}\nproxies.P.pass = hunter2\n"
        ));
        assert_eq!(profile.proxies[0].password.value, text.proxies[0].password.value);
        assert_eq!(profile.files[0].holds_secret, text.files[0].holds_secret);
        (profile.proxies[0].password.value, profile.files[0].holds_secret)
    };
    assert_eq!(login("socks5", "127.0.0.1"), (Secret::MadeUp, false));
    assert_eq!(login("socks5", "proxy.test"), (Secret::Clear, true));
    assert_eq!(login("http", "127.0.0.1"), (Secret::Clear, true));
    let asked = database_with(5, &[("proxies", json!({"P": {"useauth": true, "user": "u"}}))], json!({}));
    assert_eq!(asked.proxies[0].password.value, Secret::Absent);
}

#[test]
fn websockets() {
    let socket = |host: &str, kind: &str, confirm: bool| {
        let settings = json!({"use_custom_host": true, "custom_host": host, "custom_type": kind,
                              "confirm_unencrypted_connection": confirm});
        let profile = database(5, settings);
        let account = only(&profile);
        (account.transport.value, account.encryption.value, account.cleartext_login.value, exposure(&profile))
    };
    use CleartextLogin::{Always, Asks as AsksFirst, Never};
    use Transport::{WebsocketClear, WebsocketTls};
    let clear = "ws://h.test:5280/ws";
    assert_eq!(
        socket(clear, "DIRECT TLS", true),
        (WebsocketClear, Encryption::Never, Always, [Sent, Sent, Safe, Sent])
    );
    assert_eq!(
        socket(clear, "PLAIN", true),
        (WebsocketClear, Encryption::Never, AsksFirst, [Asks, Asks, Safe, Asks])
    );
    assert_eq!(
        socket(clear, "PLAIN", false),
        (WebsocketClear, Encryption::Never, Always, [Sent, Sent, Safe, Sent])
    );
    assert_eq!(socket(clear, "START TLS", false), (WebsocketClear, Encryption::Required, Never, [Safe; 4]));
    let safe = "wss://h.test/ws";
    assert_eq!(
        socket(safe, "DIRECT TLS", true),
        (WebsocketTls, Encryption::Direct, Never, [Safe, Safe, Safe, Asks])
    );
    assert_eq!(socket(safe, "PLAIN", false), (WebsocketTls, Encryption::Direct, Never, [Safe, Safe, Safe, Asks]));

    let settings =
        json!({"use_custom_host": true, "custom_host": clear, "custom_type": "DIRECT TLS", "proxy": "Tor"});
    let tor = json!({"Tor": {"host": "localhost", "port": 9050}});
    let profile = database_with(5, &[("proxies", tor)], settings);
    assert_eq!(exposure(&profile), [Safe; 4], "never connects through a proxy");
    assert_eq!(only(&profile).server.value.as_deref(), Some("h.test"));
    assert_eq!(only(&profile).port.value, Some(5280));
}

#[test]
fn settings_that_do_nothing_are_named() {
    let profile =
        database(5, json!({"ignore_ssl_errors": "18", "confirm_unencrypted_connection": "False", "foo": 1}));
    let mut found = idle(&profile);
    found.sort_unstable();
    assert_eq!(
        found,
        [("confirm_unencrypted_connection", Idle::WrongType), ("ignore_ssl_errors", Idle::OtherGeneration)]
    );
    let cell = r#"{"account": {"use_plain_connection": true, "use_plain_connection": false, "name": "a", "name": "a",
                   "active": true}, "contact": {}, "group_chat": {}}"#;
    let home = Home::new();
    let client = [("app".to_owned(), "{}".to_owned()), ("proxies".to_owned(), "{}".to_owned())];
    let profile = home.raw_database(DATABASE, 5, &client, &[("b".to_owned(), cell.to_owned())]).read(&[DATABASE]);
    assert_eq!(idle(&profile), [("use_plain_connection", Idle::Duplicate)]);
    assert_eq!(only(&profile).encryption.value, Encryption::Required, "the last one counts");

    assert_eq!(idle(&text("1.1.3", &["connection_types = plain"])), [("connection_types", Idle::OtherGeneration)]);
    assert_eq!(idle(&text("0.16.9", &["warn_when_insecure_password = true"])).len(), 1);
    assert!(idle(&text("0.16.9", &["active = True", "active = True"])).is_empty());
    assert!(idle(&text("1.1.3", &["connection_types = "])).is_empty());
}

#[test]
fn files_that_no_client_starts_with() {
    let damage = |profile: &Profile| profile.files[0].damage.as_ref().map(|damage| (damage.fault, damage.loss));
    let file = |content: &[u8]| damage(&Home::new().write(TEXT, content).read(&[TEXT]));
    assert_eq!(file(b""), Some((Fault::Empty, Loss::Accounts)));
    assert_eq!(file(b"version = 1.1.3\naccounts.x.name = \xff\n"), Some((Fault::WrongEncoding, Loss::Start)));
    assert_eq!(file(b"version = 0.16.9\ntime_stamp = x\naccounts.x.name = \xff\n"), None);
    assert_eq!(
        file(b"version = 1.2.2\naccounts.c = z\naccounts.x.y = 1\n"),
        Some((Fault::CrashesClient, Loss::Start))
    );
    assert_eq!(file(b"version = 1.1.3\naccounts.x.name = a\n"), Some((Fault::CrashesClient, Loss::Start)));
    assert_eq!(file(b"version = 1.2.2\naccounts.x.name = a\n"), None);
    assert_eq!(
        file(b"version = 0.16.3\ntime_stamp = x\naccounts.x.name = a\n"),
        Some((Fault::CrashesClient, Loss::Start)),
        "connection_types is missing"
    );
    assert_eq!(file(b"version = 0.16.4.1\ntime_stamp = x\naccounts.x.name = a\n"), None);
    assert_eq!(file(b"version = 0.16.5\ntime_stamp = x\naccounts.x.name = a\n"), None);
    assert_eq!(file(b"version = 1.1.93\naccounts.x.name = a\n"), None);
    assert_eq!(file(b"accounts.x.name = a\n"), None);
    assert_eq!(file(b"time_stamp = x\n"), None);
    let profile = text_file("version = 1.2.2\naccounts.x.name = a\n");
    assert!(profile.files[0].damage.is_none());
    let home = Home::new();
    home.write(TEXT, b"version = 1.1.3\naccounts.x.name = \xff\n");
    let profile = home.read(&[TEXT]);
    let place = &profile.files[0].damage.as_ref().unwrap().place;
    assert_eq!(place.spot, Spot::Text(Span::new(34, 35)));
    assert_eq!(file(b"version = 0.16.9\r\ntime_stamp = x\r\naccounts.x.name = a\r\n"), None);
    assert_eq!(file(b"nothing that it knows\n"), Some((Fault::StrayLine, Loss::Accounts)));

    let settings = |content: &[u8]| damage(&Home::new().write(DATABASE, content).read(&[DATABASE]));
    assert_eq!(settings(b""), Some((Fault::Empty, Loss::Start)));
    assert_eq!(settings(b"garbage"), Some((Fault::BrokenDatabase, Loss::Start)));
    let home = Home::new();
    rusqlite::Connection::open(home.path(DATABASE)).unwrap().execute_batch("CREATE TABLE x (y)").unwrap();
    assert_eq!(damage(&home.read(&[DATABASE])), Some((Fault::MissingTables, Loss::Start)));
    let missing = Some((Fault::MissingTables, Loss::Start));
    for (statements, expected) in [
        ("CREATE TABLE settings (name TEXT, other TEXT)", missing),
        ("CREATE TABLE settings (other TEXT, settings TEXT)", missing),
        ("CREATE TABLE settings (name TEXT, settings TEXT)", None),
    ] {
        let home = Home::new();
        let accounts = "CREATE TABLE account_settings (account TEXT, settings TEXT)";
        let database = rusqlite::Connection::open(home.path(DATABASE)).unwrap();
        database.execute_batch(&format!("{statements}; {accounts}")).unwrap();
        assert_eq!(damage(&home.read(&[DATABASE])), expected, "{statements}");
    }
    // The client looks for these cells, and for these keys, without a guard.
    let cells = |names: &[&str], account: &str| {
        let client: Vec<_> = names.iter().map(|name| ((*name).to_owned(), "{}".to_owned())).collect();
        let accounts = [("b".to_owned(), account.to_owned())];
        damage(&Home::new().raw_database(DATABASE, 5, &client, &accounts).read(&[DATABASE]))
    };
    let sound = r#"{"account": {"name": "a", "hostname": "b"}, "contact": {}, "group_chat": {}}"#;
    assert_eq!(cells(&["app", "proxies"], sound), None);
    assert_eq!(cells(&["app"], sound), missing);
    assert_eq!(cells(&["proxies"], sound), missing);
    assert_eq!(cells(&["app", "proxies"], &sound.replace("contact", "person")), missing);
}

#[test]
fn a_carriage_return_ended_a_line_since_1_0() {
    for (version, accounts) in [("0.16.9", 2), ("1.0.0", 1), ("1.2.2", 1)] {
        let account = "accounts.x.name = a\naccounts.x.hostname = b.test\raccounts.x.active = False\n";
        let profile = text_file(&format!("version = {version}\ntime_stamp = x\n{account}"));
        // Where it ends none, the name of the account reaches as far as to the last dot.
        assert_eq!(profile.accounts.len(), accounts, "{version}");
    }
}

#[test]
fn a_profile_lies_in_a_folder_and_a_copy_stands_for_itself() {
    let home = Home::new();
    let content = "version = 1.1.3\naccounts.x.hostname = example.org\n";
    let stores = [".local/share/gajim/logs.db", ".local/share/gajim/cacerts.pem"];
    home.write(TEXT, content).write("backup/text-1.1.config", content);
    for store in stores {
        home.write(store, "SQLite format 3\0");
    }
    assert_eq!(home.read(&[TEXT]).root, home.path(".config/gajim"));
    assert_eq!(home.read(&["backup/text-1.1.config"]).root, home.path("backup/text-1.1.config"));
    for store in stores {
        assert_eq!(home.read(&[store]).root, home.path(".local/share/gajim"), "{store}");
    }
    let key = |relative: &str| {
        let found = Found { path: home.path(relative), kind: kinds::TEXT, home: None };
        Gajim.profile_key(&found)
    };
    assert_ne!(key(TEXT), key("backup/text-1.1.config"));
}

#[test]
fn broken_json_is_no_reason_to_stop() {
    let cell = |text: &str| text.to_owned();
    let sound = r#"{"account": {"name": "a", "hostname": "b", "use_plain_connection": true, "active": true}, "contact": {}, "group_chat": {}}"#;
    let home = Home::new();
    let client = [("app".to_owned(), cell("{}")), ("proxies".to_owned(), cell("{"))];
    let accounts = [
        ("broken".to_owned(), cell(r#"{"account": {"name": "a", "password": "hunter2"#)),
        ("sound".to_owned(), cell(sound)),
    ];
    let profile = home.raw_database(DATABASE, 5, &client, &accounts).read(&[DATABASE]);
    assert_eq!(only(&profile).name, "sound");
    assert_eq!(only(&profile).exposure.listens, Asks);
    let damage = profile.files[0].damage.as_ref().unwrap();
    assert_eq!(
        (damage.fault, damage.loss, damage.place.words.as_str()),
        (Fault::BrokenJson, Loss::Start, "proxies")
    );
    assert!(profile.files[0].holds_secret, "the password in the broken cell");
    assert!(!format!("{profile:?}").contains("hunter2"));

    let proxies = r#"{"P": {"pass": "x", "useauth": true}} "password": "hunter2""#;
    let client = [("app".to_owned(), cell("{}")), ("proxies".to_owned(), cell(proxies))];
    let profile = Home::new().raw_database(DATABASE, 5, &client, &[]).read(&[DATABASE]);
    assert!(!format!("{profile:?}").contains("hunter2"), "what stands behind the fault is hidden");
}

#[test]
fn a_newer_format_is_not_guessed_at() {
    for user_version in [8, 99, -1] {
        let profile = database(user_version, json!({"use_plain_connection": true, "password": "hunter2"}));
        assert_eq!(profile.files[0].format, Format::Newer);
        assert!(
            profile.accounts.is_empty() && profile.idle_settings.is_empty() && profile.files[0].damage.is_none()
        );
    }
    assert_eq!(database(7, json!({})).files[0].format, Format::Known);
}

#[test]
fn old_text_files_are_leftovers() {
    let content = "version = 1.2.2\naccounts.x.password = hunter2\naccounts.x.use_plain_connection = True\n";
    let home = Home::new();
    home.database(DATABASE, 5, &[("app", json!({})), ("proxies", json!({}))], &[]);
    for name in [TEXT, ".config/gajim/config.old", ".config/gajim/.config", ".config/gajim/temp_config"] {
        home.write(name, content);
        let profile = home.read(&[DATABASE, name]);
        let kinds: Vec<_> = profile.files.iter().map(|file| (file.kind, file.holds_secret)).collect();
        assert_eq!(kinds, [(kinds::SETTINGS, false), (kinds::LEFTOVER, true)], "{name}");
        assert!(profile.accounts.is_empty(), "{name}");
        // Asked for by name alone, it is still one: the database lies beside it.
        assert_eq!(home.read(&[name]).files[0].kind, kinds::LEFTOVER, "{name}");
    }
    let moved = Home::new();
    moved.write(".gajim/config", content);
    assert_eq!(moved.read(&[".gajim/config"]).files[0].kind, kinds::TEXT);
    moved.write(TEXT, content);
    assert_eq!(moved.read(&[".gajim/config"]).files[0].kind, kinds::LEFTOVER);
    assert_eq!(moved.read(&[TEXT]).files[0].kind, kinds::TEXT);
}

#[test]
fn named_profiles_and_stores_belong_together() {
    let home = Home::new();
    let client = [("app", json!({})), ("proxies", json!({}))];
    home.database(DATABASE, 5, &client, &[]).database(".config/gajim/settings.sqlite.work", 5, &client, &[]);
    for name in ["omemo_a@b.db", "logs.db", "work.key3", "secrets", "cert_store/f00", "cert_store.work/ba4"] {
        home.write(&format!(".local/share/gajim/{name}"), "-----BEGIN CERTIFICATE-----\n");
    }
    home.write(".config/gajim/localcerts/localcert.pkey", "x")
        .write(".config/gajim/localcerts/localcert.cert", "x");
    let main = home.read(&[DATABASE]);
    let mut kinds: Vec<_> = main.files.iter().map(|file| file.kind.0).collect();
    kinds.sort_unstable();
    assert_eq!(
        kinds,
        [
            "OMEMO keys",
            "OTR keys",
            "accepted certificate",
            "file transfer key",
            "message history",
            "session secrets",
            "settings"
        ]
    );
    let [exception] = main.certificate_exceptions.as_slice() else { panic!("one exception") };
    assert!(!exception.every_host);
    assert_eq!(exception.name, "f00");
    let work = home.read(&[".config/gajim/settings.sqlite.work"]);
    assert_eq!(work.certificate_exceptions.len(), 1);
    assert_eq!(work.certificate_exceptions[0].name, "ba4");
}

#[test]
fn what_the_system_overrides_counts() {
    let home = Home::new();
    let client =
        [("app", json!({"global_proxy": ""})), ("proxies", json!({"Tor": {"host": "localhost", "port": 9050}}))];
    let cell = json!({"account": {"name": "a", "hostname": "b", "active": true}, "contact": {}, "group_chat": {}});
    home.database(DATABASE, 5, &client, &[("b", cell)]);
    assert_eq!(only(&home.read(&[DATABASE])).proxy.value.kind, ProxyKind::Direct);
    home.write("../../etc/gajim/app-overrides.json", r#"{"global_proxy": "Tor"}"#);
    let profile = home.read(&[DATABASE]);
    assert_eq!(only(&profile).proxy.value.kind, ProxyKind::Socks5);
    let Spot::Text(span) = only(&profile).proxy.place().spot else { panic!("a text") };
    assert_eq!(span, Span::new(17, 22));
    assert_eq!(only(&profile).proxy.place().words, "global_proxy");
    // A sandbox has a folder of its own for them.
    for sandbox in
        [".var/app/org.gajim.Gajim/config/gajim/settings.sqlite", "snap/gajim/1/.config/gajim/settings.sqlite"]
    {
        let cell = json!({"account": {"name": "a", "hostname": "b"}, "contact": {}, "group_chat": {}});
        home.database(sandbox, 5, &client, &[("b", cell)]);
        assert_eq!(only(&home.read(&[sandbox])).proxy.value.kind, ProxyKind::Direct, "{sandbox}");
    }
    home.write("../../etc/gajim/app-overrides.json", r#"{"global_proxy": "#);
    let profile = home.read(&[DATABASE]);
    assert_eq!(only(&profile).proxy.value.kind, ProxyKind::Direct);
    assert!(profile.files.iter().any(|file| file.damage.is_some()));
}

#[test]
fn rooms_are_taken_from_where_they_are_known_to_be_rooms() {
    let workspaces = |list: Value| ("workspaces", json!({"1": list.clone(), "2": list}));
    let account = json!({"recent_groupchats": "r@c.test/n s@c.test/n"});
    let rooms = |user_version, workspaces: (&str, Value)| -> Vec<String> {
        let profile = database_with(user_version, &[workspaces], account.clone());
        profile.rooms.iter().map(|room| room.address.bare()).collect()
    };
    let chats = json!({"chats": [
        {"account": "b.test", "jid": {"__type": "JID", "value": "s@c.test"}, "type": "groupchat"},
        {"account": "b.test", "jid": {"__type": "JID", "value": "s@c.test/nick"}, "type": "pm"},
        {"account": "gone", "jid": {"__type": "JID", "value": "t@c.test"}, "type": "groupchat"},
    ]});
    assert_eq!(rooms(5, workspaces(chats.clone())), ["s@c.test", "t@c.test"]);
    assert_eq!(rooms(2, workspaces(chats)), ["s@c.test", "t@c.test", "r@c.test"]);
    let open =
        json!({"open_chats": [["b.test", "s@c.test", "groupchat", true], ["b.test", "d@e.test", "chat", false]]});
    assert_eq!(rooms(1, workspaces(open)), ["s@c.test", "r@c.test"]);
    assert_eq!(rooms(0, workspaces(json!({}))), ["r@c.test", "s@c.test"]);
    let without = |jid: &str| {
        let chat = json!({"account": "b.test", "jid": {"__type": "JID", "value": jid}, "type": "groupchat"});
        rooms(5, workspaces(json!({"chats": [chat]})))
    };
    assert_eq!(without("s@c.test"), ["s@c.test"]);
    assert_eq!(without(""), [""; 0]);
    assert_eq!(without("x.password=hunter2@c.test"), [""; 0]);
    // In a text file: where a byte is none of a character, nobody could say where in the line an address stands.
    let listed = |addresses: &[u8]| {
        let begin = b"version = 0.16.9\ntime_stamp = x\naccounts.x.name = a\nrecently_groupchat = ";
        let home = Home::new();
        home.write(TEXT, [&begin[..], addresses, b"\n"].concat());
        home.read(&[TEXT]).rooms.len()
    };
    assert_eq!((listed(b"r@c.test s@c.test"), listed(b"r@c.test \xff@c.test")), (2, 0));
    for odd in [json!([]), json!("x"), json!(1), json!({"chats": 1}), json!({"chats": [1, [], {}, ["a"]]})] {
        assert_eq!(rooms(5, workspaces(odd)), Vec::<String>::new());
    }
}

#[test]
fn certificates_of_1_1_count_where_1_1_is_in_use() {
    let pem = "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n".repeat(2);
    for (version, expected) in [("0.16.9", 2), ("1.1.3", 2), ("1.2.2", 0)] {
        let home = Home::new();
        home.write(TEXT, format!("version = {version}\ntime_stamp = x\naccounts.x.name = a\n"));
        home.write(".local/share/gajim/cacerts.pem", &pem);
        let profile = home.read(&[TEXT]);
        assert_eq!(profile.certificate_exceptions.len(), expected, "{version}");
        assert_eq!(profile.files.len(), 2, "{version}");
    }
    let home = Home::new();
    home.database(DATABASE, 5, &[("app", json!({})), ("proxies", json!({}))], &[]);
    home.write(".local/share/gajim/cacerts.pem", &pem);
    assert!(home.read(&[DATABASE]).certificate_exceptions.is_empty());
}
