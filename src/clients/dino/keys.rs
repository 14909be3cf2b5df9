//! `omemo.db`: the account's own keys, and the devices of others.
//!
//! Read from `plugins/omemo/src/logic/database.vala` (0.1.0 to 0.5.1, observed with 0.4.2).

use std::collections::BTreeMap;

use super::cells::c_string;
use super::recognise::is_certain;
use super::stores;
use crate::clients::Found;
use crate::model::{Address, Damage, Fault, FileNumber, Loss, Profile, ProfileFile, Trouble, limits};
use crate::source::Reader;
use crate::source::sqlite::{Beside, Database, Image, Unreadable};

/// Values of `identity_meta.trust_level`. 1 is a key that was accepted, by hand or unseen.
const VERIFIED: i64 = 0;
const UNTRUSTED: i64 = 2;
const UNKNOWN: i64 = 3;

/// Whose a device is: the row of the account's own identity, and the bare JID.
pub(super) type Holder = (i64, String);

/// What the devices of one holder say, all together.
#[derive(Debug, Default)]
pub(super) struct Devices {
    /// Whether one is in use and was not rejected.
    pub can_be_encrypted_to: bool,
    /// Whether one was verified.
    pub is_verified: bool,
    /// One that is in use and about which nobody has decided yet.
    pub undecided: Option<i64>,
}

/// The keys, private ones excepted.
#[derive(Debug, Default)]
pub(super) struct Keys {
    /// The account in `dino.db` that each identity was made for.
    pub identities: BTreeMap<i64, i64>,
    pub devices: BTreeMap<Holder, Devices>,
    /// Whether new devices are trusted unseen, where that is written.
    pub blind_trust: BTreeMap<Holder, bool>,
    /// Whether the private key of an identity is there, or cannot be ruled out.
    pub holds_private_key: bool,
    /// Whether there are more contacts than are looked at.
    pub is_cut: bool,
}

/// Whether something is known already, or may still be added.
fn has_room<K: Ord, V>(known: &BTreeMap<K, V>, key: &K, most: usize) -> bool {
    known.len() < most || known.contains_key(key)
}

impl Keys {
    /// Whether a device of the contact is known to which the account could encrypt.
    pub(super) fn can_encrypt_to(&self, account: i64, address: &str) -> bool {
        self.identities.iter().any(|(identity, owner)| {
            *owner == account
                && self
                    .devices
                    .get(&(*identity, address.to_owned()))
                    .is_some_and(|devices| devices.can_be_encrypted_to)
        })
    }

    /// Reads all tables that matter, as far as each can be read.
    fn read(database: &Database) -> Self {
        let mut keys = Self::default();
        if keys.read_identities(database).is_err() {
            keys.holds_private_key = true;
        }
        // What cannot be read of these says nothing, and nothing is then said.
        let _ = keys.read_devices(database);
        let _ = keys.read_trust(database);
        keys
    }

    fn read_identities(&mut self, database: &Database) -> Result<(), Unreadable> {
        database.select("identity", &["id", "account_id", "identity_key_private_base64"], |row| {
            if let Some((id, account)) = row.integer("id").zip(row.integer("account_id")) {
                if has_room(&self.identities, &id, limits::ACCOUNTS) {
                    self.identities.insert(id, account);
                } else {
                    self.is_cut = true;
                }
            }
            self.holds_private_key |= row.text("identity_key_private_base64").is_some_and(|key| !key.is_empty());
        })
    }

    fn read_devices(&mut self, database: &Database) -> Result<(), Unreadable> {
        let columns =
            ["identity_id", "address_name", "device_id", "identity_key_public_base64", "trust_level", "now_active"];
        database.select("identity_meta", &columns, |row| {
            let (Some(identity), Some(address)) = (row.integer("identity_id"), row.text("address_name")) else {
                return;
            };
            let holder = (identity, bare(&address));
            if !has_room(&self.devices, &holder, limits::CONTACTS) {
                self.is_cut = true;
                return;
            }
            let devices = self.devices.entry(holder).or_default();
            let trust = row.integer("trust_level").unwrap_or(UNKNOWN);
            let is_active = row.integer("now_active") == Some(1);
            let has_key = row.text("identity_key_public_base64").is_some_and(|key| !key.is_empty());
            devices.can_be_encrypted_to |= is_active && trust != UNTRUSTED;
            devices.is_verified |= trust == VERIFIED;
            if is_active && has_key && trust == UNKNOWN && devices.undecided.is_none() {
                devices.undecided = row.integer("device_id");
            }
        })
    }

    fn read_trust(&mut self, database: &Database) -> Result<(), Unreadable> {
        database.select("trust", &["identity_id", "address_name", "blind_trust"], |row| {
            if let (Some(identity), Some(address)) = (row.integer("identity_id"), row.text("address_name")) {
                let holder = (identity, bare(&address));
                if has_room(&self.blind_trust, &holder, limits::CONTACTS) {
                    self.blind_trust.insert(holder, row.integer("blind_trust") == Some(1));
                } else {
                    self.is_cut = true;
                }
            }
        })
    }
}

/// The bare JID that a stored address stands for.
pub(super) fn bare(address: &str) -> String {
    Address::parse(c_string(address)).bare()
}

/// `omemo.db` as it was found.
pub(super) struct Store {
    file: ProfileFile,
    beside: Vec<Beside>,
    is_broken: bool,
}

impl Store {
    /// Reads the database.
    ///
    /// # Errors
    /// Says why it could not be read.
    pub(super) fn read(found: &Found, reader: &Reader) -> Result<(Self, Keys), Trouble> {
        let (file, image) = Database::open(reader, &found.path, found.kind)?;
        let mut store = Self { file, beside: Vec::new(), is_broken: false };
        let keys = match image {
            Image::NotSqlite => Keys::default(),
            Image::Broken => {
                store.is_broken = true;
                Keys { holds_private_key: true, ..Keys::default() }
            }
            Image::Open(database) => {
                store.beside = database.beside().to_vec();
                store.file.journal_missing = stores::lacks_journal(&store.file, &database, reader);
                Keys::read(&database)
            }
        };
        store.file.holds_secret = keys.holds_private_key;
        Ok((store, keys))
    }

    /// Adds the file to the profile.
    pub(super) fn add_to(self, profile: &mut Profile, reader: &Reader) -> FileNumber {
        let kind = self.file.kind;
        let is_certain = is_certain(&self.file.path);
        let number = profile.add_file(self.file);
        stores::add_beside(profile, number, kind, &self.beside, reader);
        if let Some(file) = profile.file_mut(number).filter(|_| self.is_broken && is_certain) {
            // The plugin that opens it ends the whole program (`qlite/src/database.vala`).
            let place = file.place(number);
            file.damage = Some(Damage { fault: Fault::BrokenDatabase, place, loss: Loss::Start });
        }
        number
    }
}
