//! The rows of `conversation` that count, and those that were left behind.

use std::collections::{BTreeMap, HashMap};

use super::accounts::StoredAccount;
use super::cells::{ShownRow, c_string};
use crate::model::{Address, FileNumber};
use crate::source::sqlite::{Database, Row, Unreadable};

/// Values of `conversation.type` (`entity/conversation.vala`, the same in all versions). A private message
/// to an occupant of a room is 2: neither a room nor a contact.
pub(super) const CHAT: i64 = 0;
pub(super) const GROUPCHAT: i64 = 1;

/// A row of `conversation` that counts: of an enabled account that exists.
pub(super) struct Chat<'a> {
    pub id: i64,
    pub owner: &'a StoredAccount,
    pub owner_number: usize,
    pub jid_id: i64,
    /// The address as written.
    pub jid: String,
    pub address: Address,
    pub is_active: bool,
    pub kind: i64,
    pub encryption: Option<i64>,
}

/// All rows of `conversation`.
pub(super) struct Rows<'a> {
    pub chats: Vec<Chat<'a>>,
    /// Accounts that are not there any more, each with the first row that it left behind.
    pub orphans: BTreeMap<i64, i64>,
}

impl<'a> Rows<'a> {
    /// Reads the rows, as far as they can be read.
    pub(super) fn read(database: &Database, accounts: &'a [StoredAccount]) -> (Self, Result<(), Unreadable>) {
        let mut jids = HashMap::new();
        let jids_read = database.select("jid", &["id", "bare_jid"], |row| {
            if let (Some(id), Some(jid)) = (row.integer("id"), row.text("bare_jid")) {
                jids.insert(id, c_string(&jid).to_owned());
            }
        });
        let owners: HashMap<i64, (usize, &StoredAccount)> =
            accounts.iter().enumerate().map(|(number, owner)| (owner.id, (number, owner))).collect();
        let mut rows = Self { chats: Vec::new(), orphans: BTreeMap::new() };
        let columns = ["id", "account_id", "jid_id", "active", "type", "encryption"];
        let result = database.select("conversation", &columns, |row| {
            let Some(account) = row.integer("account_id") else { return };
            match owners.get(&account) {
                Some((number, owner)) => rows.chats.extend(Chat::of(row, *number, owner, &jids)),
                None => {
                    rows.orphans.entry(account).or_insert(row.integer("id").unwrap_or(0));
                }
            }
        });
        (rows, jids_read.and(result))
    }
}

impl<'a> Chat<'a> {
    /// None for a row of an account that is not connected, and for one whose address is gone.
    fn of(row: &Row<'_>, number: usize, owner: &'a StoredAccount, jids: &HashMap<i64, String>) -> Option<Self> {
        let jid_id = row.integer("jid_id")?;
        let jid = jids.get(&jid_id)?.clone();
        owner.account.enabled.value.then(|| Self {
            id: row.integer("id").unwrap_or(0),
            owner,
            owner_number: number,
            jid_id,
            address: Address::parse(&jid),
            jid,
            is_active: row.integer("active") == Some(1),
            kind: row.integer("type").unwrap_or(CHAT),
            encryption: row.integer("encryption"),
        })
    }

    /// The account, the part before the `@`, and the domain.
    pub(super) fn key(&self) -> Option<(i64, &str, &str)> {
        Some((self.owner.id, self.address.local.as_deref()?, self.address.domain.as_str()))
    }

    /// Dino makes a row for the account's own address at its first login.
    pub(super) fn is_own(&self) -> bool {
        self.kind == CHAT && self.address.same_bare(&self.owner.account.address.value)
    }

    /// The row, as it may be shown.
    pub(super) fn shown(&self, file: FileNumber) -> ShownRow {
        let owner = &self.owner.account.address.value.raw;
        let encryption = self.encryption.map(|encryption| encryption.to_string());
        ShownRow::new(file, "conversation", self.id, format!("{owner}, {}", self.jid))
            .with("account", Some(owner))
            .with("jid", Some(&self.jid))
            .with("type", Some(&self.kind.to_string()))
            .with("encryption", encryption.as_deref())
    }
}
