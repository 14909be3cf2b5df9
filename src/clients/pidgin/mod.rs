//! Pidgin, Finch and whatever else keeps its accounts with libpurple 2.x.
//!
//! What is here follows the source of 2.14 and what Pidgin and Finch 2.14.12 were observed to do; where a comment
//! says *observed*, that is meant.

mod account;
mod accounts;
mod arguments;
mod behaviour;
mod buddies;
mod certificates;
mod commands;
mod condensed;
mod end_to_end;
mod era;
mod habits;
mod history;
mod idle;
mod in_force;
mod node_settings;
mod numbers;
mod otr;
mod overridden;
mod places;
mod plugins;
mod pounces;
mod preferences;
mod proxy;
mod read;
mod recognise;
mod secret_commands;
mod secrets;
mod settings;
mod source;
mod tls_floor;
mod unknown;
mod user_code;
mod write;

use std::path::{Path, PathBuf};

use super::{Client, Found, KnownPlace, Packages, Signs};
use crate::model::{ClientName, ClientVersion, Edit, FileKind, Profile, Unrepairable, Wish};
use crate::source::Reader;

pub use behaviour::outcome;

/// The client itself.
pub struct Pidgin;

const NAME: ClientName = ClientName("pidgin");

impl Client for Pidgin {
    fn name(&self) -> ClientName {
        NAME
    }

    fn title(&self) -> &'static str {
        "Pidgin"
    }

    fn packages(&self) -> Packages {
        Packages { names: &["pidgin", "finch"], flatpaks: &["im.pidgin.Pidgin"] }
    }

    /// It keeps no file open, and has no lock and no file with its number.
    fn signs(&self) -> Signs {
        Signs { processes: &["pidgin", "finch", "chatty"], folder_options: &["-c", "--config"], ..Signs::default() }
    }

    fn known_places(&self) -> &'static [KnownPlace] {
        places::KNOWN
    }

    fn may_be_named(&self, name: &[u8]) -> bool {
        recognise::may_be_named(name)
    }

    fn name_parts(&self) -> &'static [&'static str] {
        recognise::NAME_PARTS
    }

    fn recognise(&self, path: &Path, head: &[u8]) -> Option<FileKind> {
        recognise::recognise(path, head)
    }

    fn profile_key(&self, found: &Found) -> PathBuf {
        recognise::profile_key(&found.path, found.kind)
    }

    fn read_as(&self, found: &[Found], reader: &Reader, assumed: Option<&ClientVersion>) -> Profile {
        read::read(found, reader, assumed)
    }

    fn write(&self, profile: &Profile, _reader: &Reader, wish: &Wish) -> Result<Vec<Edit>, Unrepairable> {
        write::write(profile, wish)
    }
}
