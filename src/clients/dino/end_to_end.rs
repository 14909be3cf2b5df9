//! Whether new conversations of an account are end-to-end encrypted (`libdino/src/entity/settings.vala`, 0.5.1).

use std::collections::HashMap;

use super::cells::ShownRow;
use super::schema::Schema;
use crate::model::{EndToEnd, FileNumber, Format, Place, Setting, limits};
use crate::source::sqlite::{Database, Unreadable};

/// The table of what is set for an account.
pub(super) const TABLE: &str = "account_settings";
/// Its only key.
pub(super) const KEY: &str = "default-encryption";

/// The schema since which there is a default to be set. Before it a conversation begins in the clear.
const SETTING: i64 = 27;

/// The first schema with it that was released, with OMEMO as the default; for most of the time before, the
/// development branch had none.
const RELEASED: i64 = 29;

/// Values of `encryption` (`entity/encryption.vala`, the same in all versions). 3 and 4 are for calls, 5 is unknown.
pub(super) const NONE: i64 = 0;
pub(super) const OPENPGP: i64 = 1;
pub(super) const OMEMO: i64 = 2;

/// What is written about each account.
pub(super) struct Defaults {
    schema: Schema,
    file: FileNumber,
    has_table: bool,
    /// By the account's row: the row of the setting, and its value.
    written: HashMap<i64, (i64, i64)>,
}

impl Defaults {
    /// Reads what is written, as far as it can be read.
    pub(super) fn read(database: &Database, schema: Schema, file: FileNumber) -> (Self, Result<(), Unreadable>) {
        let mut written = HashMap::new();
        let mut is_cut = false;
        let result = database.select(TABLE, &["id", "account_id", "key", "value"], |row| {
            if row.text("key").as_deref() == Some(KEY)
                && let (Some(account), Some(value)) = (row.integer("account_id"), row.integer("value"))
            {
                if written.len() < limits::CONTACTS || written.contains_key(&account) {
                    written.insert(account, (row.integer("id").unwrap_or(0), value));
                } else {
                    is_cut = true;
                }
            }
        });
        let has_table = database.has_table(TABLE) && result.is_ok() && !is_cut;
        (Self { schema, file, has_table, written }, result)
    }

    /// What new conversations of an account begin with. `account` is the place of the account.
    pub(super) fn of(&self, id: i64, jid: &str, account: Place) -> Setting<EndToEnd> {
        let near = Place { words: format!("account[{jid}] / {KEY}"), ..account };
        if self.schema.format != Format::Fork && self.schema.version.is_some_and(|version| version < SETTING) {
            return Setting::default(EndToEnd::DefaultOff, "0", near);
        }
        match self.written.get(&id) {
            Some((row, value)) => Setting::written(meaning(*value), self.place(*row, jid, *value)),
            None if self.is_on_by_default() => Setting::default(EndToEnd::DefaultOn, "2", near),
            None => Setting::default(EndToEnd::Undecided, "2", near),
        }
    }

    fn is_on_by_default(&self) -> bool {
        let is_released = || self.schema.version.is_some_and(|version| version >= RELEASED);
        self.has_table && (self.schema.format == Format::Fork || is_released())
    }

    fn place(&self, row: i64, jid: &str, value: i64) -> Place {
        ShownRow::new(self.file, TABLE, row, format!("{jid}, {KEY}"))
            .with("account", Some(jid))
            .with("key", Some(KEY))
            .with("value", Some(&value.to_string()))
            .place("value")
    }
}

const fn meaning(value: i64) -> EndToEnd {
    match value {
        NONE => EndToEnd::SwitchedOff,
        OPENPGP | OMEMO => EndToEnd::DefaultOn,
        _ => EndToEnd::Undecided,
    }
}
