//! The rows of `conversation` that count, and those that were left behind.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::accounts::StoredAccount;
use super::cells::{ShownRow, c_string};
use crate::model::{Address, FileNumber, limits};
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
    /// Whether there are more rows than are looked at.
    pub is_cut: bool,
}

impl<'a> Rows<'a> {
    /// Reads the rows, as far as they can be read.
    pub(super) fn read(database: &Database, accounts: &'a [StoredAccount]) -> (Self, Result<(), Unreadable>) {
        let owners: HashMap<i64, (usize, &StoredAccount)> =
            accounts.iter().enumerate().map(|(number, owner)| (owner.id, (number, owner))).collect();
        let mut rows = Self { chats: Vec::new(), orphans: BTreeMap::new(), is_cut: false };
        let mut found = Vec::new();
        let columns = ["id", "account_id", "jid_id", "active", "type", "encryption"];
        let result = database.select("conversation", &columns, |row| {
            let Some(account) = row.integer("account_id") else { return };
            match owners.get(&account) {
                Some((number, owner)) if found.len() < limits::CONTACTS => {
                    found.extend(Found::of(row, *number, owner));
                }
                Some(_) => rows.is_cut = true,
                None => rows.add_orphan(account, row.integer("id").unwrap_or(0)),
            }
        });
        let (jids, jids_read) = addresses(database, &found);
        rows.chats = found.into_iter().filter_map(|found| Chat::of(found, &jids)).collect();
        (rows, jids_read.and(result))
    }

    /// Of very many accounts that are not there any more, the first are enough.
    fn add_orphan(&mut self, account: i64, row: i64) {
        self.orphans.entry(account).or_insert(row);
        if self.orphans.len() > limits::ACCOUNTS {
            self.orphans.pop_last();
        }
    }
}

/// A row of `conversation` whose address is not known yet.
struct Found<'a> {
    id: i64,
    owner: &'a StoredAccount,
    owner_number: usize,
    jid_id: i64,
    is_active: bool,
    kind: i64,
    encryption: Option<i64>,
}

impl<'a> Found<'a> {
    /// None for a row of an account that is not connected.
    fn of(row: &Row<'_>, owner_number: usize, owner: &'a StoredAccount) -> Option<Self> {
        let jid_id = row.integer("jid_id")?;
        owner.account.enabled.value.then(|| Self {
            id: row.integer("id").unwrap_or(0),
            owner,
            owner_number,
            jid_id,
            is_active: row.integer("active") == Some(1),
            kind: row.integer("type").unwrap_or(CHAT),
            encryption: row.integer("encryption"),
        })
    }
}

/// The addresses of these rows, by row of `jid`. Of all that Dino has ever met, most have no conversation.
fn addresses(database: &Database, found: &[Found<'_>]) -> (HashMap<i64, String>, Result<(), Unreadable>) {
    let wanted: HashSet<i64> = found.iter().map(|found| found.jid_id).collect();
    let mut jids = HashMap::new();
    let result = database.select("jid", &["id", "bare_jid"], |row| {
        if let (Some(id), Some(jid)) = (row.integer("id"), row.text("bare_jid"))
            && wanted.contains(&id)
        {
            jids.insert(id, limits::shortened(c_string(&jid)).into_owned());
        }
    });
    (jids, result)
}

impl<'a> Chat<'a> {
    /// None for a row whose address is gone.
    fn of(found: Found<'a>, jids: &HashMap<i64, String>) -> Option<Self> {
        let Found { id, owner, owner_number, jid_id, is_active, kind, encryption } = found;
        let jid = jids.get(&jid_id)?.clone();
        let address = Address::parse(&jid);
        Some(Self { id, owner, owner_number, jid_id, jid, address, is_active, kind, encryption })
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
