//! Dino 0.1 to 0.5 and its fork DinoX: everything stands in SQLite databases in one folder.
//!
//! Nothing about TLS can be set in them, so no account of Dino can be made to do without. What they tell is
//! which password is stored, which rooms and contacts there are, and what the fork was told to accept.

mod accounts;
pub mod behaviour;
mod cells;
mod conversations;
mod database;
mod fork;
mod recognise;
mod schema;
mod stores;

use std::path::{Path, PathBuf};

use super::{Base, Client, Found, KnownPlace, Packages};
use crate::model::{ClientName, ClientVersion, FileKind, Profile, Purpose};
use crate::source::Reader;

/// The main database: accounts with their passwords, conversations, messages.
pub const DATABASE: FileKind = FileKind("database", Purpose::Settings);
/// `omemo.db`: the private keys of OMEMO.
pub const OMEMO: FileKind = FileKind("OMEMO keys", Purpose::Keys);
/// `pgp.db`: which OpenPGP key belongs to whom; no private keys.
pub const OPENPGP: FileKind = FileKind("OpenPGP key list", Purpose::Other);
/// A file in `files/`: sent or received, decrypted.
pub const ATTACHMENT: FileKind = FileKind("attachment", Purpose::Attachments);
/// A write-ahead log beside a database: the same content.
pub const LOG: FileKind = FileKind("write-ahead log", Purpose::Other);

/// Where Dino and DinoX keep their data: on Linux and macOS, under Flatpak, and the Windows builds.
const PLACES: [KnownPlace; 15] = [
    KnownPlace::new(Base::Data, "dino/dino.db", DATABASE),
    KnownPlace::new(Base::Data, "dino/omemo.db", OMEMO),
    KnownPlace::new(Base::Data, "dino/pgp.db", OPENPGP),
    KnownPlace::new(Base::Home, ".var/app/im.dino.Dino/data/dino/dino.db", DATABASE),
    KnownPlace::new(Base::Home, ".var/app/im.dino.Dino/data/dino/omemo.db", OMEMO),
    KnownPlace::new(Base::Home, ".var/app/im.dino.Dino/data/dino/pgp.db", OPENPGP),
    KnownPlace::new(Base::Data, "dinox/dino.db", DATABASE),
    KnownPlace::new(Base::Data, "dinox/omemo.db", OMEMO),
    KnownPlace::new(Base::Data, "dinox/pgp.db", OPENPGP),
    KnownPlace::new(Base::Home, ".var/app/im.github.rallep71.DinoX/data/dinox/dino.db", DATABASE),
    KnownPlace::new(Base::Home, ".var/app/im.github.rallep71.DinoX/data/dinox/omemo.db", OMEMO),
    KnownPlace::new(Base::Home, ".var/app/im.github.rallep71.DinoX/data/dinox/pgp.db", OPENPGP),
    KnownPlace::new(Base::Home, "AppData/Local/dino/dino.db", DATABASE),
    KnownPlace::new(Base::Home, "AppData/Local/dino/omemo.db", OMEMO),
    KnownPlace::new(Base::Home, "AppData/Local/dino/pgp.db", OPENPGP),
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

    fn known_places(&self) -> &'static [KnownPlace] {
        &PLACES
    }

    fn may_be_named(&self, name: &[u8]) -> bool {
        recognise::may_be_named(name)
    }

    fn recognise(&self, path: &Path, head: &[u8]) -> Option<FileKind> {
        recognise::kind_of(path, head)
    }

    fn profile_key(&self, found: &Found) -> PathBuf {
        recognise::profile_key(&found.path)
    }

    fn read_as(&self, found: &[Found], reader: &Reader, assumed: Option<&ClientVersion>) -> Profile {
        let root = found.first().map(|file| recognise::profile_key(&file.path)).unwrap_or_default();
        let mut profile = Profile::new(self.name(), root);
        for file in found {
            let read = if file.kind == DATABASE { database::read } else { stores::read };
            if let Err(trouble) = read(&mut profile, file, reader) {
                profile.note(&file.path, file.kind, trouble);
            }
        }
        profile.version = profile.version.take().or_else(|| assumed.cloned());
        profile
    }
}
