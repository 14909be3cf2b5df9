//! Dino 0.1 to 0.5 and its fork DinoX: everything stands in SQLite databases in one folder.
//!
//! Nothing about TLS can be set in them, so no account of Dino can be made to do without. What they tell is
//! which password is stored, which rooms and contacts there are, and what the fork was told to accept.

mod accounts;
pub mod behaviour;
mod cells;
mod conversations;
mod database;
mod dump;
mod end_to_end;
mod fork;
mod keys;
mod leftovers;
mod plugins;
mod recognise;
mod rows;
mod schema;
mod settings;
mod signs;
mod stores;
mod trust;
mod version;
mod write;

use std::path::{Path, PathBuf};

use super::{Base, Client, Found, KnownPlace, Packages, Signs};
use crate::model::{
    ClientName, ClientVersion, Edit, FileKind, Format, Plenty, Profile, Purpose, Trouble, Unrepairable, Wish,
    limits,
};
use crate::source::Reader;
use keys::{Keys, Store};
use trust::Owners;

/// The main database: accounts with their passwords, conversations, messages.
pub const DATABASE: FileKind = FileKind("database", Purpose::Settings);
/// `omemo.db`: the private keys of OMEMO.
pub const OMEMO: FileKind = FileKind("OMEMO keys", Purpose::Keys);
/// `pgp.db`: which OpenPGP key belongs to whom; no private keys.
pub const OPENPGP: FileKind = FileKind("OpenPGP key list", Purpose::Other);
/// A copy of the main database beside it, or a dump of it: the same content.
pub const LEFTOVER: FileKind = FileKind("copy of the database", Purpose::Leftover);
/// A file in the folder of plugins.
pub const PLUGIN: FileKind = FileKind("plugin", Purpose::Code);
/// A file in `files/`: sent or received, decrypted.
pub const ATTACHMENT: FileKind = FileKind("attachment", Purpose::Attachments);
/// A write-ahead log beside a database: the same content.
pub const LOG: FileKind = FileKind("write-ahead log", Purpose::Other);

/// Where Dino and DinoX keep their data: on Linux and macOS, under Flatpak, and the Windows builds. Copies of the
/// main database are looked for beside it.
const PLACES: [KnownPlace; 40] = [
    KnownPlace::new(Base::Data, "dino/dino.db", DATABASE),
    KnownPlace::new(Base::Data, "dino/omemo.db", OMEMO),
    KnownPlace::new(Base::Data, "dino/pgp.db", OPENPGP),
    KnownPlace::new(Base::Data, "dino/dino.db~", LEFTOVER),
    KnownPlace::new(Base::Data, "dino/dino.db.b*", LEFTOVER),
    KnownPlace::new(Base::Data, "dino/dino.db.o*", LEFTOVER),
    KnownPlace::new(Base::Data, "dino/*.sql", LEFTOVER),
    KnownPlace::new(Base::Data, "dino/*.dump", LEFTOVER),
    KnownPlace::new(Base::Home, ".var/app/im.dino.Dino/data/dino/dino.db", DATABASE),
    KnownPlace::new(Base::Home, ".var/app/im.dino.Dino/data/dino/omemo.db", OMEMO),
    KnownPlace::new(Base::Home, ".var/app/im.dino.Dino/data/dino/pgp.db", OPENPGP),
    KnownPlace::new(Base::Home, ".var/app/im.dino.Dino/data/dino/dino.db~", LEFTOVER),
    KnownPlace::new(Base::Home, ".var/app/im.dino.Dino/data/dino/dino.db.b*", LEFTOVER),
    KnownPlace::new(Base::Home, ".var/app/im.dino.Dino/data/dino/dino.db.o*", LEFTOVER),
    KnownPlace::new(Base::Home, ".var/app/im.dino.Dino/data/dino/*.sql", LEFTOVER),
    KnownPlace::new(Base::Home, ".var/app/im.dino.Dino/data/dino/*.dump", LEFTOVER),
    KnownPlace::new(Base::Data, "dinox/dino.db", DATABASE),
    KnownPlace::new(Base::Data, "dinox/omemo.db", OMEMO),
    KnownPlace::new(Base::Data, "dinox/pgp.db", OPENPGP),
    KnownPlace::new(Base::Data, "dinox/dino.db~", LEFTOVER),
    KnownPlace::new(Base::Data, "dinox/dino.db.b*", LEFTOVER),
    KnownPlace::new(Base::Data, "dinox/dino.db.o*", LEFTOVER),
    KnownPlace::new(Base::Data, "dinox/*.sql", LEFTOVER),
    KnownPlace::new(Base::Data, "dinox/*.dump", LEFTOVER),
    KnownPlace::new(Base::Home, ".var/app/im.github.rallep71.DinoX/data/dinox/dino.db", DATABASE),
    KnownPlace::new(Base::Home, ".var/app/im.github.rallep71.DinoX/data/dinox/omemo.db", OMEMO),
    KnownPlace::new(Base::Home, ".var/app/im.github.rallep71.DinoX/data/dinox/pgp.db", OPENPGP),
    KnownPlace::new(Base::Home, ".var/app/im.github.rallep71.DinoX/data/dinox/dino.db~", LEFTOVER),
    KnownPlace::new(Base::Home, ".var/app/im.github.rallep71.DinoX/data/dinox/dino.db.b*", LEFTOVER),
    KnownPlace::new(Base::Home, ".var/app/im.github.rallep71.DinoX/data/dinox/dino.db.o*", LEFTOVER),
    KnownPlace::new(Base::Home, ".var/app/im.github.rallep71.DinoX/data/dinox/*.sql", LEFTOVER),
    KnownPlace::new(Base::Home, ".var/app/im.github.rallep71.DinoX/data/dinox/*.dump", LEFTOVER),
    KnownPlace::new(Base::Home, "AppData/Local/dino/dino.db", DATABASE),
    KnownPlace::new(Base::Home, "AppData/Local/dino/omemo.db", OMEMO),
    KnownPlace::new(Base::Home, "AppData/Local/dino/pgp.db", OPENPGP),
    KnownPlace::new(Base::Home, "AppData/Local/dino/dino.db~", LEFTOVER),
    KnownPlace::new(Base::Home, "AppData/Local/dino/dino.db.b*", LEFTOVER),
    KnownPlace::new(Base::Home, "AppData/Local/dino/dino.db.o*", LEFTOVER),
    KnownPlace::new(Base::Home, "AppData/Local/dino/*.sql", LEFTOVER),
    KnownPlace::new(Base::Home, "AppData/Local/dino/*.dump", LEFTOVER),
];

/// The client itself.
pub struct Dino;

impl Client for Dino {
    fn name(&self) -> ClientName {
        ClientName("dino")
    }

    fn title(&self) -> &'static str {
        "Dino"
    }

    fn packages(&self) -> Packages {
        Packages { names: &["dino-im", "dino"], flatpaks: &["im.dino.Dino"] }
    }

    /// *Observed*: its databases stay open, and locked for reading, as long as it runs; closing its window does not end
    /// it. Its journals stay behind when it has been quit.
    fn signs(&self) -> Signs {
        Signs {
            processes: &["dino-im", "dino", "dinox"],
            kept_open: &["dino.db", "omemo.db", "pgp.db"],
            ..Signs::default()
        }
    }

    fn known_places(&self) -> &'static [KnownPlace] {
        &PLACES
    }

    fn may_be_named(&self, name: &[u8]) -> bool {
        recognise::may_be_named(name)
    }

    fn name_parts(&self) -> &'static [&'static str] {
        recognise::NAME_PARTS
    }

    fn recognise(&self, path: &Path, head: &[u8]) -> Option<FileKind> {
        recognise::kind_of(path, head)
    }

    fn profile_key(&self, found: &Found) -> PathBuf {
        recognise::profile_key(&found.path, found.kind)
    }

    fn read_as(&self, found: &[Found], reader: &Reader, assumed: Option<&ClientVersion>) -> Profile {
        let root = found.first().map(|file| self.profile_key(file)).unwrap_or_default();
        let mut profile = Profile::new(self.name(), root);
        // What the keys say of a conversation is asked when that is read, whichever file comes first.
        let (mut store, keys) = read_keys(found, reader);
        let mut owners = Owners::default();
        let mut keys_file = None;
        for file in found {
            let result = match file.kind {
                DATABASE => database::read(&mut profile, file, reader, &keys).map(|read| owners = read),
                OMEMO => store.take().unwrap_or(Err(Trouble::Missing)).map(|store: Store| {
                    keys_file = Some(store.add_to(&mut profile, reader));
                }),
                LEFTOVER => leftovers::read(&mut profile, file, reader),
                _ => stores::read(&mut profile, file, reader),
            };
            if let Err(trouble) = result {
                profile.note(&file.path, file.kind, trouble);
            }
        }
        if let Some(file) = keys_file {
            trust::add(&mut profile, file, &keys, &owners);
            if keys.is_cut {
                profile.note_plenty(file, Plenty::Contacts, limits::CONTACTS);
            }
        }
        let is_fork = profile.files.iter().any(|file| file.format == Format::Fork);
        profile.version = profile.version.take().or_else(|| assumed.filter(|_| !is_fork).cloned());
        profile
    }

    fn write(&self, profile: &Profile, reader: &Reader, wish: &Wish) -> Result<Vec<Edit>, Unrepairable> {
        write::write(profile, reader, wish)
    }
}

/// Reads `omemo.db`, if it is among the files of the profile: the file, and the keys.
fn read_keys(found: &[Found], reader: &Reader) -> (Option<Result<Store, Trouble>>, Keys) {
    let Some(file) = found.iter().find(|file| file.kind == OMEMO) else { return (None, Keys::default()) };
    match Store::read(file, reader) {
        Ok((store, keys)) => (Some(Ok(store)), keys),
        Err(trouble) => (Some(Err(trouble)), Keys::default()),
    }
}
