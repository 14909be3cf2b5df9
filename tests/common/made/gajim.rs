//! Files of Gajim, before 1.3 and since.

use std::fmt::Write;

use arbitrary::Result;
use rusqlite::types::Value;
use serde_json::{Map, Value as Json, json};

use super::databases::{Made, log, value};
use super::{Maker, words};

const ACCOUNT: [&str; 34] = [
    "name",
    "hostname",
    "address",
    "account_label",
    "anonymous_auth",
    "use_custom_host",
    "active",
    "autoconnect",
    "custom_host",
    "custom_port",
    "custom_type",
    "confirm_unencrypted_connection",
    "savepass",
    "proxy",
    "use_plain_connection",
    "action_when_plain_connection",
    "warn_when_insecure_ssl_connection",
    "ignore_ssl_errors",
    "connection_types",
    "tls_version",
    "cipher_list",
    "use_srv",
    "client_cert",
    "encryption_default",
    "resource",
    "enable_esessions",
    "keyid",
    "gpg_agent",
    "is_zeroconf",
    "http_auth",
    "ft_send_local_ips",
    "test_ft_proxies_on_startup",
    "send_idle_time",
    "publish_tune",
];

const APP: [&str; 18] = [
    "use_keyring",
    "global_proxy",
    "remote_control",
    "use_speech",
    "ignore_incoming_attention",
    "autoaway",
    "autoawaytime",
    "log_encrypted_sessions",
    "use_stun_server",
    "send_os_info",
    "hide_avatar",
    "confirm_close",
    "auto_answer",
    "use_ft_proxies",
    "custombrowser",
    "soundplayer",
    "notification_preview_message",
    "allow_posting",
];

const CUSTOM: [&str; 6] = ["PLAIN", "START TLS", "DIRECT TLS", "SSL", "TLS", ""];

pub(super) fn make(maker: &mut Maker<'_, '_>) -> Result<()> {
    if maker.random.arbitrary()? { database(maker) } else { text(maker) }
}

fn text(maker: &mut Maker<'_, '_>) -> Result<()> {
    let version = words::word(maker.random, &["0.11.4", "0.16.3", "0.16.9", "1.0.3", "1.1.3", "1.2.2", "1.3.0"])?;
    let line = |text: &str| text.replace(['\r', '\n'], " ");
    let mut text = format!("version = {}\n", line(&version));
    for _ in maker.some(3)? {
        let name = words::word(maker.random, &["Work", "example.org", "My Account.v2", "Local"])?;
        let name = line(&name);
        let password = maker.password()?;
        let _ = writeln!(text, "accounts.{name}.password = {password}");
        for _ in maker.some(10)? {
            let key = *maker.random.choose(&ACCOUNT)?;
            let value = account_value(maker, key)?;
            let _ = writeln!(text, "accounts.{name}.{key} = {}", line(&value));
        }
    }
    for _ in maker.some(4)? {
        let (key, value) = (*maker.random.choose(&APP)?, words::value(maker.random)?);
        let _ = writeln!(text, "{key} = {}", line(&value));
    }
    for _ in maker.some(2)? {
        let kind = words::word(maker.random, &["socks5", "http", "bosh", "none"])?;
        let (host, password) = (words::host(maker.random)?, maker.password()?);
        let _ = writeln!(
            text,
            "proxies.Tor.type = {}\nproxies.Tor.host = {}\nproxies.Tor.port = 9050\nproxies.Tor.useauth = True\nproxies.Tor.user = alice\nproxies.Tor.pass = {password}",
            line(&kind),
            line(&host)
        );
    }
    maker.write(".config/gajim/config", text);
    Ok(())
}

fn account_value(maker: &mut Maker<'_, '_>, key: &str) -> Result<String> {
    match key {
        "custom_type" => words::word(maker.random, &CUSTOM),
        "address" | "name" | "account_label" => words::jid(maker.random),
        "hostname" | "custom_host" => words::host(maker.random),
        "connection_types" => words::word(maker.random, &["tls", "tls ssl", "tls ssl plain", "plain"]),
        "encryption_default" => words::word(maker.random, &["OMEMO", "OpenPGP", "PGP", ""]),
        "proxy" => words::word(maker.random, &["Tor", "Nowhere", ""]),
        _ => words::boolean(maker.random),
    }
}

/// A value as JSON: of the kind that is meant, or of another.
fn cell(maker: &mut Maker<'_, '_>, text: &str) -> Result<Json> {
    Ok(match maker.random.int_in_range(0..=9)? {
        0 => Json::Null,
        1 => json!([text]),
        2 => json!({"value": text, "__type": "JID"}),
        3 => json!(maker.random.arbitrary::<i64>()?),
        _ => match text {
            "true" | "True" | "1" => json!(true),
            "false" | "False" | "0" => json!(false),
            text => text.parse::<i64>().map_or_else(|_| json!(text), |number| json!(number)),
        },
    })
}

fn database(maker: &mut Maker<'_, '_>) -> Result<()> {
    let mut made = Made::new();
    made.run("CREATE TABLE settings (name TEXT UNIQUE, settings TEXT); CREATE TABLE account_settings (account TEXT UNIQUE, settings TEXT);");
    made.run(&format!("PRAGMA user_version = {}", maker.random.int_in_range(0..=12)?));
    let before = made.bytes();
    for (name, object) in [
        ("app", app(maker)?),
        ("proxies", proxies(maker)?),
        ("plugins", plugins(maker)?),
        ("workspaces", workspaces(maker)?),
    ] {
        if maker.random.ratio(9, 10)? {
            made.insert("settings", vec![Value::Text(name.to_owned()), value(maker.random, object.to_string())?]);
        }
    }
    for number in maker.some(3)? {
        let object = account(maker)?;
        let name = format!("example.org{number}");
        made.insert("account_settings", vec![Value::Text(name), value(maker.random, object.to_string())?]);
    }
    let path = ".config/gajim/settings.sqlite";
    if maker.random.ratio(1, 3)? {
        maker.write(&format!("{path}-wal"), log(&before, &made.bytes()));
        maker.write(path, before);
    } else {
        maker.write(path, made.bytes());
    }
    Ok(())
}

fn app(maker: &mut Maker<'_, '_>) -> Result<Json> {
    let mut object = Map::new();
    for _ in maker.some(6)? {
        let (key, text) = (*maker.random.choose(&APP)?, words::value(maker.random)?);
        object.insert(key.to_owned(), cell(maker, &text)?);
    }
    Ok(Json::Object(object))
}

fn proxies(maker: &mut Maker<'_, '_>) -> Result<Json> {
    let mut object = Map::new();
    for name in ["Tor", "Corp"] {
        let kind = words::word(maker.random, &["socks5", "http", "bosh", "none"])?;
        let (host, port) = (words::host(maker.random)?, words::number(maker.random)?);
        object.insert(
            name.to_owned(),
            json!({"type": cell(maker, &kind)?, "host": cell(maker, &host)?, "port": cell(maker, &port)?, "useauth": true, "user": "alice", "pass": maker.password()?}),
        );
    }
    Ok(Json::Object(object))
}

fn plugins(maker: &mut Maker<'_, '_>) -> Result<Json> {
    let name = words::word(maker.random, &["plugin_installer", "omemo", "pgp", "triggers", "quick_replies"])?;
    let active = words::boolean(maker.random)?;
    Ok(json!({name: {"active": cell(maker, &active)?, "token": maker.planted.next_numbered()}}))
}

fn workspaces(maker: &mut Maker<'_, '_>) -> Result<Json> {
    let mut chats = Vec::new();
    for _ in maker.some(4)? {
        let jid = words::jid(maker.random)?;
        let kind = words::word(maker.random, &["groupchat", "chat", "pm"])?;
        chats.push(json!({"account": "example.org0", "jid": {"__type": "JID", "value": cell(maker, &jid)?}, "type": cell(maker, &kind)?, "pinned": true}));
    }
    Ok(json!({"ec954b0d-fd53-485a-82cd-246176265544": {"chats": chats}}))
}

fn account(maker: &mut Maker<'_, '_>) -> Result<Json> {
    let mut object = Map::new();
    object.insert("password".to_owned(), json!(maker.password()?));
    for _ in maker.some(10)? {
        let key = *maker.random.choose(&ACCOUNT)?;
        let text = account_value(maker, key)?;
        object.insert(key.to_owned(), cell(maker, &text)?);
    }
    let (contact, room) = (words::jid(maker.random)?, words::jid(maker.random)?);
    let encryption = words::word(maker.random, &["OMEMO", "", "PGP"])?;
    Ok(
        json!({"account": object, "contact": {contact: {"encryption": cell(maker, &encryption)?}}, "group_chat": {room: {"encryption": encryption}}}),
    )
}
