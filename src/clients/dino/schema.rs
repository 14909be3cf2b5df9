//! Which generation of the database it is: Dino's own, its fork's, or one that nobody knows yet.

use crate::model::Format;
use crate::source::sqlite::{Database, Unreadable};

/// Without these tables it is no database of Dino's.
const TABLES: [&str; 3] = ["account", "conversation", "jid"];

/// The newest version that is known: the development branch of June 2026. Dino 0.5.1 writes 29.
const NEWEST: i64 = 32;

/// Since Dino 0.3.0 a certificate from an unknown authority is accepted for an onion domain.
const ONION_EXCEPTION: i64 = 22;

/// Columns and tables that only DinoX has. Its version numbers mean other things than Dino's.
const FORK_COLUMNS: [(&str, &str); 5] = [
    ("account", "custom_host"),
    ("account", "custom_port"),
    ("account", "proxy_type"),
    ("conversation", "history_cleared_at"),
    ("conversation", "message_expiry_seconds"),
];
const FORK_TABLE: &str = "pinned_certificate";

/// The generation of a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Schema {
    /// What `_meta` says. Not the last word: it can go down again, and the fork counts on its own.
    pub version: Option<i64>,
    pub format: Format,
    /// Whether the client lets its user pin a certificate that does not verify.
    pub pins_certificates: bool,
    /// Whether tables are missing that the client needs.
    pub is_incomplete: bool,
}

impl Schema {
    /// None where the database is somebody else's.
    pub(super) fn read(database: &Database) -> Result<Option<Self>, Unreadable> {
        let tables = database.tables()?;
        let has = |table: &str| tables.iter().any(|name| name.eq_ignore_ascii_case(table));
        let count = TABLES.iter().filter(|table| has(table)).count();
        if count == 0 || !has_column(database, "account", "bare_jid")? && !has("_meta") {
            return Ok(None);
        }
        let pins_certificates = has(FORK_TABLE);
        let version = version(database)?;
        let is_fork = pins_certificates || has_fork_column(database)?;
        Ok(Some(Self {
            version,
            format: match version {
                _ if is_fork => Format::Fork,
                Some(version) if version > NEWEST => Format::Newer,
                _ => Format::Known,
            },
            pins_certificates,
            is_incomplete: count < TABLES.len(),
        }))
    }

    /// Whether the client that last wrote the database accepts unknown authorities for onion domains. One
    /// that is not known is thought to do as those of today do.
    pub(super) fn trusts_onions(self) -> bool {
        self.format == Format::Fork || self.version.is_none_or(|version| version >= ONION_EXCEPTION)
    }
}

/// `_meta` holds the version; SQLite's own `user_version` is always 0.
fn version(database: &Database) -> Result<Option<i64>, Unreadable> {
    let mut version = None;
    database.select("_meta", &["name", "int_val"], |row| {
        if row.text("name").as_deref() == Some("version") {
            version = row.integer("int_val");
        }
    })?;
    Ok(version)
}

fn has_fork_column(database: &Database) -> Result<bool, Unreadable> {
    for (table, column) in FORK_COLUMNS {
        if has_column(database, table, column)? {
            return Ok(true);
        }
    }
    Ok(false)
}

pub(super) fn has_column(database: &Database, table: &str, column: &str) -> Result<bool, Unreadable> {
    Ok(database.columns(table)?.iter().any(|name| name.eq_ignore_ascii_case(column)))
}
