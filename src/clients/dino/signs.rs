//! What tells that there is somebody at an address, or a room.

use std::collections::HashSet;

use super::cells::c_string;
use super::rows::Chat;
use crate::model::Address;
use crate::source::sqlite::{Database, Row, Unreadable};

/// What other tables say about addresses. Each is told by the account's row and the address.
#[derive(Default)]
pub(super) struct Signs {
    /// Contacts on the server's list.
    roster: HashSet<(i64, String)>,
    /// Rooms whose archive was read.
    archives: HashSet<(i64, String)>,
    /// Rooms in which somebody was seen, by row of `jid`.
    occupied: HashSet<(i64, i64)>,
}

impl Signs {
    /// What the tables say about these conversations.
    pub(super) fn read(database: &Database, chats: &[Chat<'_>]) -> (Self, Result<(), Unreadable>) {
        let asked: HashSet<(i64, String)> = chats.iter().map(|row| (row.owner.id, row.address.bare())).collect();
        let rows_asked: HashSet<(i64, i64)> = chats.iter().map(|row| (row.owner.id, row.jid_id)).collect();
        let mut signs = Self::default();
        let roster = database.select("roster", &["account_id", "jid"], |row| {
            signs.roster.extend(account_and_address(row, "jid").filter(|sign| asked.contains(sign)));
        });
        // The account's own archive stands there as well: it is no sign of any room.
        let archives = database.select("mam_catchup", &["account_id", "server_jid"], |row| {
            signs.archives.extend(account_and_address(row, "server_jid").filter(|sign| asked.contains(sign)));
        });
        let occupied = database.select("occupant_id", &["account_id", "jid_id"], |row| {
            let sign = row.integer("account_id").zip(row.integer("jid_id"));
            signs.occupied.extend(sign.filter(|sign| rows_asked.contains(sign)));
        });
        (signs, roster.and(archives).and(occupied))
    }

    pub(super) fn tell_of_room(&self, row: &Chat<'_>) -> bool {
        self.archives.contains(&(row.owner.id, row.address.bare()))
            || self.occupied.contains(&(row.owner.id, row.jid_id))
    }

    pub(super) fn tell_of_person(&self, row: &Chat<'_>) -> bool {
        self.roster.contains(&(row.owner.id, row.address.bare()))
    }
}

fn account_and_address(row: &Row<'_>, column: &str) -> Option<(i64, String)> {
    Some((row.integer("account_id")?, Address::parse(c_string(&row.text(column)?)).bare()))
}

/// Asks whether a message ever came from an address. Only the first is looked for: Dino keeps an index.
pub(super) struct Received<'a> {
    database: &'a Database,
    has_messages: bool,
}

impl<'a> Received<'a> {
    pub(super) fn new(database: &'a Database) -> Result<Self, Unreadable> {
        let columns = database.columns("message")?;
        let has = |wanted: &str| columns.iter().any(|column| column.eq_ignore_ascii_case(wanted));
        let has_messages = ["account_id", "counterpart_id", "direction"].into_iter().all(has);
        Ok(Self { database, has_messages })
    }

    pub(super) fn any(&self, row: &Chat<'_>) -> Result<bool, Unreadable> {
        let mut found = false;
        if self.has_messages {
            self.database.query(
                "SELECT 1 FROM message WHERE account_id = ?1 AND counterpart_id = ?2 AND direction = 0 LIMIT 1",
                [row.owner.id, row.jid_id],
                |_| found = true,
            )?;
        }
        Ok(found)
    }
}
