//! Databases of Dino and its fork.

use arbitrary::Result;
use rusqlite::types::Value;

use super::databases::{Made, log, number, value};
use super::{Maker, words};

const TABLES: &str = "
CREATE TABLE _meta (name TEXT PRIMARY KEY, int_val INTEGER, text_val TEXT);
CREATE TABLE jid (id INTEGER PRIMARY KEY, bare_jid TEXT UNIQUE);
CREATE TABLE conversation (id INTEGER PRIMARY KEY, account_id INTEGER, jid_id INTEGER, resource TEXT, active INTEGER, last_active INTEGER, type INTEGER, encryption INTEGER, read_up_to INTEGER, notification INTEGER, send_typing INTEGER, send_marker INTEGER);
CREATE TABLE settings (id INTEGER PRIMARY KEY, key TEXT UNIQUE, value TEXT);
CREATE TABLE account_settings (id INTEGER PRIMARY KEY, account_id INTEGER, key TEXT, value TEXT);
CREATE TABLE conversation_settings (id INTEGER PRIMARY KEY, conversation_id INTEGER, key TEXT, value TEXT);
CREATE TABLE message (id INTEGER PRIMARY KEY, account_id INTEGER, counterpart_id INTEGER, direction INTEGER, type INTEGER, time INTEGER, body TEXT, encryption INTEGER);";

const ACCOUNT: &str = "CREATE TABLE account (id INTEGER PRIMARY KEY, bare_jid TEXT UNIQUE, resourcepart TEXT, password TEXT, alias TEXT, enabled INTEGER, roster_version TEXT, mam_earliest_synced INTEGER);";
const ACCOUNT_OF_FORK: &str = "CREATE TABLE account (id INTEGER PRIMARY KEY, bare_jid TEXT UNIQUE, resourcepart TEXT, password TEXT, alias TEXT, enabled INTEGER, roster_version TEXT, mam_earliest_synced INTEGER, custom_host TEXT, custom_port INTEGER, proxy_type TEXT); CREATE TABLE pinned_certificate (domain TEXT, fingerprint_sha256 TEXT);";

const KEYS: &str = "
CREATE TABLE identity (id INTEGER PRIMARY KEY, account_id INTEGER UNIQUE, device_id INTEGER, identity_key_private_base64 TEXT, identity_key_public_base64 TEXT);
CREATE TABLE identity_meta (identity_id INTEGER, address_name TEXT, device_id INTEGER, identity_key_public_base64 TEXT, trusted_identity INTEGER, trust_level INTEGER, now_active INTEGER);
CREATE TABLE trust (identity_id INTEGER, address_name TEXT, blind_trust INTEGER);";

const SETTINGS: [&str; 8] = [
    "send_typing",
    "send_marker",
    "notifications",
    "convert_utf8_smileys",
    "check_spelling",
    "default_encryption",
    "omemo-blind-trust",
    "database_encryption",
];

pub(super) fn make(maker: &mut Maker<'_, '_>) -> Result<()> {
    let is_fork = maker.random.ratio(1, 4)?;
    let mut made = Made::new();
    made.run(TABLES).run(if is_fork { ACCOUNT_OF_FORK } else { ACCOUNT });
    if maker.random.ratio(1, 8)? {
        made.run("DROP TABLE jid");
    }
    let version = Value::Integer(maker.random.int_in_range(0..=40)?);
    made.insert("_meta", vec![Value::Text("version".to_owned()), version, Value::Null]);
    accounts(maker, &made, is_fork)?;
    let before = made.bytes();
    conversations(maker, &made)?;
    let folder = if is_fork { "dinox" } else { "dino" };
    let path = format!(".local/share/{folder}/dino.db");
    if maker.random.arbitrary()? {
        maker.write(&format!("{path}-wal"), log(&before, &made.bytes()));
        maker.write(&path, before);
    } else {
        maker.write(&path, made.bytes());
    }
    if maker.random.ratio(1, 3)? {
        keys(maker, folder)?;
    }
    if maker.random.ratio(1, 4)? {
        let secret = maker.planted.next_numbered();
        maker.write(
            &format!(".local/share/{folder}/dino.sql"),
            format!("BEGIN TRANSACTION;\nCREATE TABLE account (id INTEGER, bare_jid TEXT, resourcepart TEXT, password TEXT);\nINSERT INTO account VALUES(1,'alice@example.org','dino.1','{secret}');\n"),
        );
    }
    Ok(())
}

fn accounts(maker: &mut Maker<'_, '_>, made: &Made, is_fork: bool) -> Result<()> {
    for id in maker.some(3)? {
        let jid = words::jid(maker.random)?;
        let password = maker.password()?;
        let mut row = vec![
            Value::Integer(i64::try_from(id).unwrap_or(0)),
            value(maker.random, jid)?,
            Value::Text("dino.1".to_owned()),
            Value::Text(password),
            Value::Text(words::odd(maker.random)?),
            number(maker.random, 1)?,
            Value::Null,
            Value::Null,
        ];
        if is_fork {
            row.push(Value::Text(words::host(maker.random)?));
            row.push(number(maker.random, 6000)?);
            row.push(Value::Text(words::word(maker.random, &["none", "tor", "socks5"])?));
        }
        made.insert("account", row);
    }
    Ok(())
}

fn conversations(maker: &mut Maker<'_, '_>, made: &Made) -> Result<()> {
    for id in maker.some(5)? {
        let id = i64::try_from(id).unwrap_or(0);
        let jid = words::jid(maker.random)?;
        made.insert("jid", vec![Value::Integer(id), value(maker.random, jid)?]);
        let mut row = vec![Value::Integer(id)];
        for most in [3, 5, 1, 1, 9, 2, 4, 1, 4, 2, 2] {
            row.push(number(maker.random, most)?);
        }
        made.insert("conversation", row);
        let (key, set) = (words::word(maker.random, &SETTINGS)?, words::boolean(maker.random)?);
        made.insert("settings", vec![Value::Integer(id), Value::Text(key), value(maker.random, set)?]);
        let secret = maker.planted.next_numbered();
        let mut row = vec![Value::Integer(id)];
        for most in [3, 5, 1, 2, 9] {
            row.push(number(maker.random, most)?);
        }
        row.extend([Value::Text(secret), number(maker.random, 3)?]);
        made.insert("message", row);
    }
    Ok(())
}

fn keys(maker: &mut Maker<'_, '_>, folder: &str) -> Result<()> {
    let mut made = Made::new();
    made.run(KEYS);
    for id in maker.some(3)? {
        let id = i64::try_from(id).unwrap_or(0);
        let secret = maker.planted.next_numbered();
        let device = number(maker.random, 9)?;
        made.insert(
            "identity",
            vec![
                Value::Integer(id),
                number(maker.random, 3)?,
                device,
                Value::Text(secret),
                Value::Text("x".to_owned()),
            ],
        );
        let jid = words::jid(maker.random)?;
        let who = value(maker.random, jid)?;
        let mut row = vec![number(maker.random, 3)?, who.clone()];
        for most in [3, 3, 1, 4, 1] {
            row.push(number(maker.random, most)?);
        }
        made.insert("identity_meta", row);
        made.insert("trust", vec![number(maker.random, 3)?, who, number(maker.random, 1)?]);
    }
    maker.write(&format!(".local/share/{folder}/omemo.db"), made.bytes());
    Ok(())
}
