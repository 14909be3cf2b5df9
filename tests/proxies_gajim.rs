//! Proxies of Gajim: what cannot work, what goes round them, and what is looked up beside them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

mod gajim_home;

use gajim_home::{database_with, only, text_file};
use serde_json::{Value, json};
use xmpp_audit::model::*;

fn proxy_of(entry: Value, account: Value) -> (Proxy, [Outcome; 4]) {
    let mut account = account;
    account["proxy"] = json!("P");
    let profile = database_with(7, &[("proxies", json!({"P": entry}))], account);
    let Exposure { listens, strips, strips_legacy, forges } = only(&profile).exposure;
    (only(&profile).proxy.value.clone(), [listens, strips, strips_legacy, forges])
}

fn text_proxy(version: &str, lines: &[&str]) -> Proxy {
    let lines = lines.join("\n");
    let file = format!(
        "version = {version}\naccounts.x.name = a\naccounts.x.proxy = P\nproxies.P.useauth = False\n{lines}\n"
    );
    only(&text_file(&file)).proxy.value.clone()
}

/// What GLib 2.74.6, to which Gajim 1.2 and later hand `type://host:port`, was observed to do with it.
#[test]
fn databases_name_proxies_in_the_words_of_glib() {
    use ProxyFault::{NoHost, NoPort, RemovedType, Sound, UnknownType};
    use ProxyKind::{Bosh, Direct, Http, Misspelt, Socks4, Socks5};
    use Tor::{Reached, Refused, Unreached};
    let entry = |kind: &str, host: &str, port: Value| json!({"type": kind, "host": host, "port": port});
    for (entry, kind, fault, tor, leaks) in [
        (entry("socks5", "localhost", json!(9050)), Socks5, Sound, Reached, NameLeak::Nothing),
        (entry("socks5", "localhost", json!("9050")), Socks5, Sound, Reached, NameLeak::Nothing),
        (json!({"host": "localhost", "port": 9050}), Socks5, Sound, Reached, NameLeak::Nothing),
        (entry("socks5", "[::1]", json!(9050)), Socks5, Sound, Reached, NameLeak::Nothing),
        (entry("socks", "localhost", json!(9050)), Socks5, Sound, Reached, NameLeak::Undecided),
        (entry("socks4a", "localhost", json!(9050)), Socks4, Sound, Reached, NameLeak::Nothing),
        (entry("socks4", "localhost", json!(9050)), Socks4, Sound, Unreached, NameLeak::HostNames),
        (entry("http", "h.test", json!(3128)), Http, Sound, Unreached, NameLeak::Nothing),
        (entry("https", "h.test", json!(3128)), Http, Sound, Unreached, NameLeak::Nothing),
        (entry("direct", "localhost", json!(9050)), Direct, Sound, Unreached, NameLeak::Nothing),
        // Refused.
        (entry("Socks5", "localhost", json!(9050)), Misspelt, UnknownType, Refused, NameLeak::Nothing),
        (entry("tor", "localhost", json!(9050)), Misspelt, UnknownType, Refused, NameLeak::Nothing),
        (entry("bosh", "localhost", json!(9050)), Bosh, RemovedType, Refused, NameLeak::Nothing),
        (entry("socks5", "", json!(9050)), Socks5, NoHost, Refused, NameLeak::Nothing),
        (entry("socks5", "localhost", json!(0)), Socks5, NoPort, Refused, NameLeak::Nothing),
        (json!({"host": "localhost"}), Socks5, NoPort, Refused, NameLeak::Nothing),
        // Not to be read: passed over.
        (entry("socks5", "::1", json!(9050)), Misspelt, Sound, Unreached, NameLeak::Nothing),
        (entry("socks5", "localhost:9050", json!(9050)), Misspelt, Sound, Unreached, NameLeak::Nothing),
        (entry("socks5", "localhost", json!(90500)), Misspelt, Sound, Unreached, NameLeak::Nothing),
        (entry("socks5", "localhost", json!("Tor")), Misspelt, Sound, Unreached, NameLeak::Nothing),
        (entry("socks 5", "localhost", json!(9050)), Misspelt, Sound, Unreached, NameLeak::Nothing),
        (entry("", "localhost", json!(9050)), Misspelt, Sound, Unreached, NameLeak::Nothing),
    ] {
        let (proxy, outcomes) = proxy_of(entry.clone(), json!({}));
        assert_eq!((proxy.kind, proxy.fault, proxy.tor, proxy.leaks), (kind, fault, tor, leaks), "{entry}");
        assert_eq!(proxy.written, "P");
        // What cannot connect gives nothing away; what is passed over connects as ever.
        let plain = json!({"use_plain_connection": true, "confirm_unencrypted_connection": false});
        let (_, plain) = proxy_of(entry.clone(), plain);
        assert_eq!(plain[0] == Outcome::Sent, fault == Sound, "{entry}");
        assert_eq!(outcomes[3] == Outcome::Asks, fault == Sound, "{entry}");
    }
}

#[test]
fn text_versions_know_three_words() {
    let told = |version, lines: &[&str]| {
        let proxy = text_proxy(version, lines);
        (proxy.kind, proxy.fault, proxy.tor)
    };
    let (host, port) = ("proxies.P.host = localhost", "proxies.P.port = 9050");
    assert_eq!(
        told("1.1.3", &["proxies.P.type = socks5", host, port]),
        (ProxyKind::Socks5, ProxyFault::Sound, Tor::Reached)
    );
    assert_eq!(
        told("1.1.3", &["proxies.P.type = socks", host, port]),
        (ProxyKind::Misspelt, ProxyFault::UnknownType, Tor::Refused)
    );
    assert_eq!(
        told("1.1.3", &["proxies.P.type = socks5", "proxies.P.host = ::1", port]),
        (ProxyKind::Socks5, ProxyFault::Sound, Tor::Reached),
        "no address is put together there"
    );
    assert_eq!(told("1.2.2", &["proxies.P.type = socks5", "proxies.P.host = ::1", port]).0, ProxyKind::Misspelt);
    assert_eq!(told("1.1.3", &["proxies.P.type = socks5"]).1, ProxyFault::NoHost);
    assert_eq!(told("1.1.3", &["proxies.P.type = socks5", host]).1, ProxyFault::Sound, "3128 is the default");
    assert_eq!(told("1.1.3", &["proxies.P.type = socks5", host, "proxies.P.port = 0"]).1, ProxyFault::NoPort);
    let bosh = ["proxies.P.type = bosh", "proxies.P.bosh_uri = https://h.test/"];
    assert_eq!(told("1.1.3", &bosh), (ProxyKind::Bosh, ProxyFault::Sound, Tor::Unreached));
    assert_eq!(told("1.2.0", &bosh).1, ProxyFault::RemovedType);
    assert_eq!(told("0.13", &bosh).0, ProxyKind::Bosh);
    assert_eq!(told("0.12.5", &bosh), (ProxyKind::Misspelt, ProxyFault::UnknownType, Tor::Refused));
    // In the clear only where the version, or the account, lets it.
    let listens = |version: &str, line: &str| {
        let clear = "proxies.P.type = bosh\nproxies.P.bosh_uri = http://h.test/\nproxies.P.useauth = False\n";
        let account = "accounts.x.name = a\naccounts.x.hostname = b.test\naccounts.x.proxy = P\n";
        let profile = text_file(&format!("version = {version}\ntime_stamp = x\n{account}{clear}{line}\n"));
        only(&profile).exposure.listens
    };
    let allow = "accounts.x.allow_plaintext_connection = True";
    for (version, line, is_safe) in [
        ("0.16.9", "", false),
        ("1.0", "", true),
        ("1.1.3", "", true),
        ("1.0", allow, false),
        ("1.1.3", allow, false),
    ] {
        assert_eq!(listens(version, line) == Outcome::Safe, is_safe, "{version} {line}");
    }
    assert_eq!(text_proxy("1.1.3", &["proxies.P.type = socks5", host, port]).host.as_deref(), Some("localhost"));
    assert_eq!(text_proxy("1.1.3", &["proxies.P.type = socks5", port]).host, None);
}

#[test]
fn a_socket_is_never_opened_through_a_proxy() {
    let tor = json!({"type": "socks5", "host": "localhost", "port": 9050});
    let fault = |host: &str, custom: bool| {
        let account = json!({"use_custom_host": custom, "custom_host": host, "custom_type": "DIRECT TLS"});
        let (proxy, outcomes) = proxy_of(tor.clone(), account);
        (proxy.fault, proxy.tor, outcomes[3])
    };
    assert_eq!(fault("wss://h.test/ws", true), (ProxyFault::Websocket, Tor::Refused, Outcome::Safe));
    assert_eq!(fault("ws://h.test/ws", true).0, ProxyFault::Websocket);
    assert_eq!(fault("wss://h.test/ws", false), (ProxyFault::Sound, Tor::Reached, Outcome::Asks), "not in use");
    assert_eq!(fault("h.test", true).0, ProxyFault::Sound);
    let account = json!({"use_custom_host": true, "custom_host": "wss://h.test/ws", "custom_type": "DIRECT TLS"});
    assert_eq!(only(&database_with(7, &[], account)).proxy.value.fault, ProxyFault::Sound, "no proxy");
}

#[test]
fn service_records_were_asked_for_beside_the_proxy() {
    let tor = ["proxies.P.type = socks5", "proxies.P.host = localhost", "proxies.P.port = 9050"];
    let leaks = |version, line: &str| text_proxy(version, &[&tor[..], &[line]].concat()).leaks;
    for version in ["0.11.4", "0.14.4", "0.16.9"] {
        assert_eq!(leaks(version, ""), NameLeak::SrvRecords, "{version}");
        assert_eq!(leaks(version, "accounts.x.use_srv = False"), NameLeak::Nothing, "{version}");
        assert_eq!(leaks(version, "accounts.x.use_custom_host = True"), NameLeak::Nothing, "{version}");
    }
    assert_eq!(leaks("0.11.4", "accounts.x.usessl = True"), NameLeak::Nothing);
    assert_eq!(leaks("0.16.9", "accounts.x.usessl = True"), NameLeak::SrvRecords, "another generation");
    for version in ["1.0.0", "1.1.3", "1.2.2"] {
        assert_eq!(leaks(version, ""), NameLeak::Nothing, "{version}");
    }
    let direct = text_file("version = 0.16.9\naccounts.x.name = a\n");
    assert_eq!(only(&direct).proxy.value.leaks, NameLeak::Nothing);
    let dangling = text_file("version = 0.16.9\naccounts.x.name = a\naccounts.x.proxy = gone\n");
    assert_eq!(only(&dangling).proxy.value.leaks, NameLeak::Nothing);
}

#[test]
fn accounts_that_go_round_the_proxy_of_all() {
    use Bypass::{Absent, Ignored, OwnChoice};
    let proxies = json!({"Tor": {"host": "localhost", "port": 9050}, "Web": {"type": "http", "host": "h", "port": 1},
                         "Odd": {"type": "tor", "host": "localhost", "port": 9050}});
    for (user_version, global, own, expected) in [
        (6, "Tor", "no-proxy", OwnChoice),
        (6, "Tor", "Web", OwnChoice),
        (6, "Tor", "Tor", Absent),
        (6, "Tor", "", Absent),
        (6, "Tor", "Odd", Absent),
        (6, "Tor", "gone", Absent),
        (6, "Web", "no-proxy", Absent),
        (6, "", "no-proxy", Absent),
        (5, "Tor", "no-proxy", Absent),
        (0, "Tor", "", Ignored),
        (0, "Tor", "Web", Absent),
        (0, "gone", "", Absent),
        (0, "", "", Absent),
    ] {
        let client = [("app", json!({"global_proxy": global})), ("proxies", proxies.clone())];
        let profile = database_with(user_version, &client, json!({"proxy": own}));
        assert_eq!(only(&profile).proxy.value.bypass, expected, "{user_version} {global} {own}");
    }
    let text = |version: &str, line: &str| {
        let file = format!(
            "version = {version}\nglobal_proxy = Tor\nproxies.Tor.type = socks5\nproxies.Tor.host = localhost\n\
             accounts.x.name = a\n{line}\n"
        );
        only(&text_file(&file)).proxy.value.bypass
    };
    assert_eq!(text("1.1.3", ""), Absent);
    assert_eq!(text("1.1.3", "accounts.x.use_env_http_proxy = True"), OwnChoice);
    assert_eq!(text("1.2.0", ""), Ignored);
    assert_eq!(text("0.14.4", ""), Absent, "there is no proxy of all");
}

#[test]
fn some_accounts_by_tor_and_others_not() {
    let mixed = |first: &str, second: &str, line: &str| {
        text_file(&format!(
            "version = 1.1.3\nproxies.Tor.type = socks5\nproxies.Tor.host = localhost\nproxies.Web.host = h\n\
             accounts.x.name = a\naccounts.x.proxy = {first}\naccounts.y.name = b\naccounts.y.proxy = {second}\n{line}\n"
        ))
        .proxies_mixed
    };
    assert!(mixed("Tor", "", ""));
    assert!(mixed("", "Tor", "") && mixed("Tor", "gone", ""));
    assert!(!mixed("Tor", "Tor", "") && !mixed("", "", "") && !mixed("Tor", "Web", "") && !mixed("Web", "", ""));
    assert!(!mixed("Tor", "", "accounts.y.active = False"), "one of them is switched off");
    assert!(!mixed("Tor", "", "global_proxy = Tor"));
}
