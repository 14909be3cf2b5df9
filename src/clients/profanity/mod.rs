//! Profanity.
//!
//! Its key files are read as GLib reads them: the first part of a broken file is in force. Facts from releases
//! 0.13.1 and 0.18.2, observed, and from the sources of 0.5.0 to 0.18.2.

mod accounts;
mod behaviour;
mod certificates;
mod commands;
mod damage;
mod effective;
mod effects;
mod end_to_end;
mod folders;
mod habits;
mod idle;
mod kept;
mod keys;
mod keystrokes;
mod lists;
mod macros;
mod password_command;
mod policy;
mod preferences;
mod programs;
mod read;
mod recognise;
mod rooms;
mod secrets;
mod shell_words;
mod source;
mod stores;
mod typed;
mod understand;
mod version;
mod words;
mod write;

use std::path::{Path, PathBuf};

pub use behaviour::outcome;
pub(crate) use effects::effects_of_command;
pub use read::read_as;
pub use version::Release;
pub(crate) use write::option_of;

use super::{Base, Client, Found, KnownPlace, Packages, Signs};
use crate::model::{ClientName, ClientVersion, Edit, FileKind, Profile, Purpose, Unrepairable, Wish};
use crate::source::Reader;

/// `accounts`: every account with its password and its TLS policy.
const ACCOUNTS: FileKind = FileKind("accounts", Purpose::Settings);
/// `profrc`: the preferences.
const SETTINGS: FileKind = FileKind("settings", Purpose::Settings);
/// `tlscerts`: certificates that are accepted for ever.
const CERTIFICATES: FileKind = FileKind("accepted certificates", Purpose::Other);
/// `bookmark_ignore`: bookmarked rooms that are not joined.
const BOOKMARKS: FileKind = FileKind("ignored bookmarks", Purpose::Settings);
/// A file of commands.
const SCRIPT: FileKind = FileKind("script", Purpose::Code);
/// `inputrc`: key bindings, which can type commands.
const KEY_BINDINGS: FileKind = FileKind("key bindings", Purpose::Settings);
/// `~/.profanity/config` of 0.1.9 and before, never read since.
const OLD_SETTINGS: FileKind = FileKind("old settings", Purpose::Leftover);

/// Where Profanity keeps its files. `-c FILE` replaces `profrc` by any other file: those are found by a walk.
const PLACES: &[KnownPlace] = &[
    KnownPlace::new(Base::Data, "profanity/accounts", ACCOUNTS),
    KnownPlace::new(Base::Config, "profanity/profrc", SETTINGS),
    KnownPlace::new(Base::Config, "profanity/inputrc", KEY_BINDINGS),
    KnownPlace::new(Base::Data, "profanity/tlscerts", CERTIFICATES),
    KnownPlace::new(Base::Data, "profanity/bookmark_ignore", BOOKMARKS),
    KnownPlace::new(Base::Home, ".profanity/config", OLD_SETTINGS),
    KnownPlace::new(Base::Home, ".var/app/*/data/profanity/accounts", ACCOUNTS),
    KnownPlace::new(Base::Home, ".var/app/*/config/profanity/profrc", SETTINGS),
    KnownPlace::new(Base::Home, ".var/app/*/config/profanity/inputrc", KEY_BINDINGS),
    KnownPlace::new(Base::Home, ".var/app/*/data/profanity/tlscerts", CERTIFICATES),
    KnownPlace::new(Base::Home, ".var/app/*/data/profanity/bookmark_ignore", BOOKMARKS),
    KnownPlace::new(Base::Home, "snap/*/current/.local/share/profanity/accounts", ACCOUNTS),
    KnownPlace::new(Base::Home, "snap/*/current/.config/profanity/profrc", SETTINGS),
    KnownPlace::new(Base::Home, "snap/*/current/.config/profanity/inputrc", KEY_BINDINGS),
    KnownPlace::new(Base::Home, "snap/*/current/.local/share/profanity/tlscerts", CERTIFICATES),
    KnownPlace::new(Base::Home, "snap/*/current/.local/share/profanity/bookmark_ignore", BOOKMARKS),
];

/// What the places in a file of that kind are called by: its name where the client looks for it.
fn title_of(kind: FileKind) -> &'static str {
    match kind {
        ACCOUNTS => "accounts",
        SETTINGS => "profrc",
        CERTIFICATES => "tlscerts",
        BOOKMARKS => "bookmark_ignore",
        other => other.0,
    }
}

/// The client itself.
pub struct Profanity;

impl Client for Profanity {
    fn name(&self) -> ClientName {
        ClientName("profanity")
    }

    fn title(&self) -> &'static str {
        "Profanity"
    }

    fn packages(&self) -> Packages {
        Packages { names: &["profanity", "profanity-light"], flatpaks: &[] }
    }

    fn signs(&self) -> Signs {
        Signs {
            processes: &["profanity"],
            kept_open: &["database/*/chatlog.db", "logs/profanity*.log"],
            file_options: &["-c", "--config"],
            ..Signs::default()
        }
    }

    fn known_places(&self) -> &'static [KnownPlace] {
        PLACES
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

    fn key_stores(&self) -> &'static [KnownPlace] {
        stores::KEY_STORES
    }

    fn profile_key(&self, found: &Found) -> PathBuf {
        recognise::profile_key(found)
    }

    fn read_as(&self, found: &[Found], reader: &Reader, assumed: Option<&ClientVersion>) -> Profile {
        let mut profile = read::read_by(found, reader, assumed);
        profile.version = assumed.cloned();
        profile
    }

    fn write(&self, profile: &Profile, _: &Reader, wish: &Wish) -> Result<Vec<Edit>, Unrepairable> {
        write::write(profile, wish)
    }
}
