//! Accounts: what each row of `account` means to Dino.

use super::behaviour::{self, Conditions};
use super::cells::{MASK, ShownRow, c_string};
use super::end_to_end::Defaults;
use super::fork;
use super::schema::Schema;
use crate::model::{
    Account, Address, CertificateCheck, CleartextLogin, Encryption, FileNumber, Imprint, LoginKind,
    PasswordCommand, Secret, Setting, TlsFloor, Transport, limits,
};
use crate::source::sqlite::{Database, Row, Unreadable};

/// How a setting is spelt that does not exist: it cannot be written at all.
const BUILT_IN: &str = "built in";

/// An account, and the number under which other tables refer to it.
pub(super) struct StoredAccount {
    pub id: i64,
    pub account: Account,
}

/// Reads all accounts, in the order of their rows.
pub(super) fn read(
    database: &Database,
    schema: Schema,
    file: FileNumber,
) -> (Vec<StoredAccount>, Result<(), Unreadable>) {
    let mut accounts = Vec::new();
    let (defaults, defaults_read) = Defaults::read(database, schema, file);
    let columns = [&["id", "bare_jid", "password", "enabled"][..], &fork::ACCOUNT_COLUMNS[..]].concat();
    let result = database.select("account", &columns, |row| {
        // One more than a profile holds, so that it notices.
        if accounts.len() > limits::ACCOUNTS {
            return;
        }
        let id = row.integer("id").unwrap_or(0);
        accounts.push(StoredAccount { id, account: account(row, schema, &defaults, file) });
    });
    (accounts, result.and(defaults_read))
}

fn account(row: &Row<'_>, schema: Schema, defaults: &Defaults, file: FileNumber) -> Account {
    let jid = row.text("bare_jid").unwrap_or_default();
    let address = Address::parse(c_string(&jid));
    let secret = secret(row);
    let shown = shown(row, &jid, secret, schema, file);
    let is_onion = address.domain.ends_with(".onion");
    let conditions = Conditions {
        trusts_onion: is_onion && schema.trusts_onions(),
        can_pin: schema.pins_certificates,
        has_tls: true,
    };
    let (server, port) = fork::server(row, &shown);
    Account {
        name: address.raw.clone(),
        place: shown.place("bare_jid"),
        enabled: enabled(row, &shown),
        disabling_protects: true,
        login: LoginKind::Password,
        encryption: built_in(Encryption::Required, &shown),
        policy_misspelt: false,
        transport: built_in(Transport::Tcp, &shown),
        certificate_check: built_in(certificate_check(conditions), &shown),
        cleartext_login: built_in(CleartextLogin::Never, &shown),
        legacy_login: built_in(false, &shown),
        tls_floor: built_in(TlsFloor::Modern, &shown),
        server,
        port,
        proxy: fork::proxy(row, &shown),
        password: match secret {
            Secret::Absent => Setting::default(secret, "NULL", shown.place("password")),
            _ => Setting::written(secret, shown.place("password")),
        },
        room_service: built_in(None, &shown),
        password_command: built_in(PasswordCommand::Absent, &shown),
        end_to_end: defaults.of(row.integer("id").unwrap_or(0), &jid, shown.place("bare_jid")),
        stronger_elsewhere: None,
        repeated: false,
        exposure: behaviour::exposure(conditions),
        address: Setting::written(address, shown.place("bare_jid")),
    }
}

/// A value that no column holds. A finding about it points at the account.
pub(super) fn built_in<T>(value: T, shown: &ShownRow) -> Setting<T> {
    Setting::default(value, BUILT_IN, shown.place("bare_jid"))
}

/// Only 1 is true to Dino.
fn enabled(row: &Row<'_>, shown: &ShownRow) -> Setting<bool> {
    match row.integer("enabled") {
        Some(value) => Setting::written(value == 1, shown.place("enabled")),
        None => Setting::default(false, "0", shown.place("enabled")),
    }
}

const fn certificate_check(conditions: Conditions) -> CertificateCheck {
    if conditions.trusts_onion {
        CertificateCheck::Weakened
    } else if conditions.can_pin {
        CertificateCheck::Asks
    } else {
        CertificateCheck::Strict
    }
}

/// No template language reaches into a database: whatever text stands there is the password.
fn secret(row: &Row<'_>) -> Secret {
    match row.text("password") {
        None => Secret::Absent,
        Some(text) if c_string(&text).is_empty() => Secret::Empty,
        Some(_) => Secret::Clear,
    }
}

fn shown(row: &Row<'_>, jid: &str, secret: Secret, schema: Schema, file: FileNumber) -> ShownRow {
    let password = match secret {
        Secret::Absent => None,
        Secret::Empty => Some("''"),
        _ => Some(MASK),
    };
    let shown = ShownRow::new(file, "account", row.integer("id").unwrap_or(0), jid.to_owned())
        .with("bare_jid", Some(jid))
        .with("password", password)
        .with_imprint("password", row.text("password").map(|text| Imprint::of(c_string(&text).as_bytes())))
        .with("enabled", row.text("enabled").as_deref());
    fork::show(row, shown, schema)
}
