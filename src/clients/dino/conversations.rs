//! Rooms and contacts: what the rows of `conversation` stand for.
//!
//! A row proves little. Dino makes one for the account itself, keeps those of closed chats and of accounts
//! that were removed, and takes whatever address is opened while it is offline, as a room or as a person.

use std::collections::{HashMap, HashSet};

use super::accounts::StoredAccount;
use super::cells::{ShownRow, c_string};
use crate::model::{Address, AddressFault, FileNumber, Profile, Room, RoomFault, Secret, Setting};
use crate::source::sqlite::{Database, Row, Unreadable};

/// Values of `conversation.type` (`entity/conversation.vala`, the same in all versions). A private message
/// to an occupant of a room is 2: neither a room nor a contact.
const CHAT: i64 = 0;
const GROUPCHAT: i64 = 1;

/// Labels that room services have before the domain of their server.
const ROOM_LABELS: [&str; 5] = ["conference", "muc", "rooms", "chat", "groups"];

/// A row of `conversation` that counts: of an enabled account that exists.
struct Conversation<'a> {
    id: i64,
    owner: &'a StoredAccount,
    owner_number: usize,
    jid_id: i64,
    /// The address as written.
    jid: String,
    address: Address,
    is_active: bool,
    kind: i64,
    encryption: Option<String>,
}

/// What other tables say about addresses. Each is told by the account's row and the address.
#[derive(Default)]
struct Signs {
    /// Contacts on the server's list.
    roster: HashSet<(i64, String)>,
    /// Rooms whose archive was read.
    archives: HashSet<(i64, String)>,
    /// Rooms in which somebody was seen, by row of `jid`.
    occupied: HashSet<(i64, i64)>,
}

/// Adds the rooms and contacts to the profile, as far as they can be read. `accounts` will be its accounts.
pub(super) fn add(
    profile: &mut Profile,
    file: FileNumber,
    database: &Database,
    accounts: &[StoredAccount],
) -> Result<(), Unreadable> {
    let (conversations, conversations_read) = read(database, accounts);
    let (signs, signs_read) = Signs::read(database);
    let received = Received::new(database)?;
    let rooms: HashSet<(i64, &str, &str)> =
        conversations.iter().filter(|row| row.kind == GROUPCHAT).filter_map(Conversation::key).collect();
    let mut seen = HashSet::new();
    let mut result = conversations_read.and(signs_read);
    for row in conversations.iter().filter(|row| row.is_active && !row.is_own()) {
        if !seen.insert((row.owner.id, row.jid_id, row.kind)) {
            continue;
        }
        let has_answered = received.any(row).unwrap_or_else(|failure| {
            result = result.and(Err(failure));
            // What cannot be read must not become an accusation.
            true
        });
        match row.kind {
            GROUPCHAT => profile.rooms.push(row.room(file, has_answered || signs.tell_of_room(row))),
            CHAT if !has_answered && !signs.tell_of_person(row) && row.is_named_as_one_of(&rooms) => {
                profile.rooms.push(row.room(file, false));
            }
            CHAT => profile.contacts.push(row.room(file, has_answered)),
            _ => {}
        }
    }
    result
}

fn read<'a>(database: &Database, accounts: &'a [StoredAccount]) -> (Vec<Conversation<'a>>, Result<(), Unreadable>) {
    let mut jids = HashMap::new();
    let jids_read = database.select("jid", &["id", "bare_jid"], |row| {
        if let (Some(id), Some(jid)) = (row.integer("id"), row.text("bare_jid")) {
            jids.insert(id, c_string(&jid).to_owned());
        }
    });
    let owners: HashMap<i64, (usize, &StoredAccount)> =
        accounts.iter().enumerate().map(|(number, owner)| (owner.id, (number, owner))).collect();
    let mut conversations = Vec::new();
    let columns = ["id", "account_id", "jid_id", "active", "type", "encryption"];
    let result = database.select("conversation", &columns, |row| {
        conversations.extend(Conversation::of(row, &owners, &jids));
    });
    (conversations, jids_read.and(result))
}

impl<'a> Conversation<'a> {
    /// None for a row of an account that was removed or is not connected, and for one whose address is gone.
    fn of(
        row: &Row<'_>,
        owners: &HashMap<i64, (usize, &'a StoredAccount)>,
        jids: &HashMap<i64, String>,
    ) -> Option<Self> {
        let (owner_number, owner) = *owners.get(&row.integer("account_id")?)?;
        let jid_id = row.integer("jid_id")?;
        let jid = jids.get(&jid_id)?.clone();
        owner.account.enabled.value.then(|| Self {
            id: row.integer("id").unwrap_or(0),
            owner,
            owner_number,
            jid_id,
            address: Address::parse(&jid),
            jid,
            is_active: row.integer("active") == Some(1),
            kind: row.integer("type").unwrap_or(CHAT),
            encryption: row.text("encryption").map(std::borrow::Cow::into_owned),
        })
    }

    /// The account, the part before the `@`, and the domain.
    fn key(&self) -> Option<(i64, &str, &str)> {
        Some((self.owner.id, self.address.local.as_deref()?, self.address.domain.as_str()))
    }

    /// Dino makes a row for the account's own address at its first login.
    fn is_own(&self) -> bool {
        self.kind == CHAT && self.address.same_bare(&self.owner.account.address.value)
    }

    /// Whether a room of the same name is known at a room service of the same domain: then this is that room,
    /// opened as if it were a person.
    fn is_named_as_one_of(&self, rooms: &HashSet<(i64, &str, &str)>) -> bool {
        self.key().is_some_and(|(account, local, domain)| {
            ROOM_LABELS.iter().any(|label| rooms.contains(&(account, local, &format!("{label}.{domain}"))))
        })
    }

    fn room(&self, file: FileNumber, answered: bool) -> Room {
        let owner = &self.owner.account.address.value;
        let name = format!("{}, {}", owner.raw, self.jid);
        let shown = ShownRow::new(file, "conversation", self.id, name)
            .with("account", Some(&owner.raw))
            .with("jid", Some(&self.jid))
            .with("type", Some(&self.kind.to_string()))
            .with("encryption", self.encryption.as_deref());
        let service = self.jid.rfind('@').map_or(0, |at| at + 1);
        Room {
            address: self.address.clone(),
            place: shown.place("jid"),
            service_place: shown.place_from("jid", service),
            fault: room_fault(&self.address, answered),
            account: Some(self.owner_number),
            account_address: Some(owner.clone()),
            password: Setting::default(Secret::Absent, "built in", shown.place("jid")),
            autojoin: self.kind == GROUPCHAT,
            answered,
        }
    }
}

/// An address that answered is good, however odd it looks.
const fn room_fault(address: &Address, answered: bool) -> RoomFault {
    match address.fault {
        _ if answered => RoomFault::Sound,
        AddressFault::Sound => RoomFault::Sound,
        AddressFault::Blank => RoomFault::Blank,
        AddressFault::NoLocalPart => RoomFault::NoName,
        AddressFault::NoDomain => RoomFault::NoService,
        _ => RoomFault::NotAnAddress,
    }
}

impl Signs {
    fn read(database: &Database) -> (Self, Result<(), Unreadable>) {
        let mut signs = Self::default();
        let roster = database.select("roster", &["account_id", "jid"], |row| {
            signs.roster.extend(account_and_address(row, "jid"));
        });
        // The account's own archive stands there as well: it is no sign of any room.
        let archives = database.select("mam_catchup", &["account_id", "server_jid"], |row| {
            signs.archives.extend(account_and_address(row, "server_jid"));
        });
        let occupied = database.select("occupant_id", &["account_id", "jid_id"], |row| {
            signs.occupied.extend(row.integer("account_id").zip(row.integer("jid_id")));
        });
        (signs, roster.and(archives).and(occupied))
    }

    fn tell_of_room(&self, row: &Conversation<'_>) -> bool {
        self.archives.contains(&(row.owner.id, row.address.bare()))
            || self.occupied.contains(&(row.owner.id, row.jid_id))
    }

    fn tell_of_person(&self, row: &Conversation<'_>) -> bool {
        self.roster.contains(&(row.owner.id, row.address.bare()))
    }
}

fn account_and_address(row: &Row<'_>, column: &str) -> Option<(i64, String)> {
    Some((row.integer("account_id")?, Address::parse(c_string(&row.text(column)?)).bare()))
}

/// Asks whether a message ever came from an address. Only the first is looked for: Dino keeps an index.
struct Received<'a> {
    database: &'a Database,
    has_messages: bool,
}

impl<'a> Received<'a> {
    fn new(database: &'a Database) -> Result<Self, Unreadable> {
        let columns = database.columns("message")?;
        let has = |wanted: &str| columns.iter().any(|column| column.eq_ignore_ascii_case(wanted));
        let has_messages = ["account_id", "counterpart_id", "direction"].into_iter().all(has);
        Ok(Self { database, has_messages })
    }

    fn any(&self, row: &Conversation<'_>) -> Result<bool, Unreadable> {
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
