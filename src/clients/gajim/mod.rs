//! Gajim: the text file `config` of 0.11 to 1.2 and `settings.sqlite` of 1.3 to 2.5.

mod account;
mod behaviour;
mod behaviour_old;
mod cell;
mod conversations;
mod database;
mod database_cells;
mod database_conversations;
mod database_rooms;
mod end_to_end;
mod habits;
mod idle;
mod idle_lines;
pub mod kinds;
mod names;
mod options;
mod options_database;
mod options_text;
mod overrides;
mod places;
mod plugins;
mod policy;
mod policy_old;
mod proxies;
mod proxy_entry;
mod reading;
mod recognise;
mod rooms;
mod secrets;
mod stores;
mod stores_beside;
mod text;
mod text_file;
mod text_rooms;
mod version;
mod write;

use std::path::{Path, PathBuf};

use account::Conduct;
use reading::{Around, Read};

use super::{Client, Found, KnownPlace, NamedProfiles, Packages, Signs};
use crate::model::{
    ClientName, ClientVersion, Damage, Edit, FileKind, Outcome, Profile, ProfileFile, Server, Unrepairable,
    Version, Wish,
};
use crate::source::Reader;
use crate::source::sqlite::{COMPANIONS, MAGIC};

/// What it keeps open: all in one folder, as `--config-path` says, or in the usual ones and those of Flatpak.
const KEPT_OPEN: &[&str] = &[
    "settings.sqlite",
    "cache.db",
    "logs.db",
    "../../.cache/gajim/cache.db",
    "../../.local/share/gajim/logs.db",
    "../../cache/gajim/cache.db",
    "../../data/gajim/logs.db",
];

/// The client itself.
pub struct Gajim;

impl Client for Gajim {
    fn name(&self) -> ClientName {
        ClientName("gajim")
    }

    fn title(&self) -> &'static str {
        "Gajim"
    }

    fn packages(&self) -> Packages {
        Packages { names: &["gajim"], flatpaks: &["org.gajim.Gajim", "org.gajim.Gajim.Devel"] }
    }

    /// *Observed*: its databases stay open as long as it runs, and no lock is held on the settings meanwhile. Before
    /// 1.0 it wrote its process number into `gajim.pid`, which tells no more than the list of processes. The journals
    /// of the settings come and go with each write; those of the other databases stay as long as it runs.
    fn signs(&self) -> Signs {
        Signs {
            processes: &["gajim"],
            kept_open: KEPT_OPEN,
            removes_journals: true,
            folder_options: &["-c", "--config-path"],
            profiles: Some(NamedProfiles {
                options: &["-p", "--profile"],
                of_file: |name| names::analyse(name).map(|name| name.profile),
            }),
            ..Signs::default()
        }
    }

    fn known_places(&self) -> &'static [KnownPlace] {
        places::KNOWN
    }

    fn may_be_named(&self, name: &[u8]) -> bool {
        names::may_be(name)
    }

    fn name_parts(&self) -> &'static [&'static str] {
        names::PARTS
    }

    fn recognise(&self, path: &Path, head: &[u8]) -> Option<FileKind> {
        recognise::recognise(path, head)
    }

    fn key_stores(&self) -> &'static [KnownPlace] {
        stores_beside::KEY_STORES
    }

    fn profile_key(&self, found: &Found) -> PathBuf {
        places::key(found)
    }

    fn read_as(&self, found: &[Found], reader: &Reader, assumed: Option<&ClientVersion>) -> Profile {
        read(found, reader, assumed).0
    }

    fn write(&self, profile: &Profile, reader: &Reader, wish: &Wish) -> Result<Vec<Edit>, Unrepairable> {
        write::write(profile, reader, wish)
    }
}

/// What becomes of the password of each account at this server, by account as in [`Profile::accounts`].
///
/// This is what the exposure of an account is made of; it is open so that it can be held against what the real
/// client did.
#[must_use]
pub fn outcomes(found: &[Found], reader: &Reader, server: &Server) -> Vec<Outcome> {
    read(found, reader, None).1.iter().map(|conduct| conduct.outcome(server)).collect()
}

/// Reads a profile, and what decides over the password of each of its accounts.
fn read(found: &[Found], reader: &Reader, assumed: Option<&ClientVersion>) -> (Profile, Vec<Conduct>) {
    let files = Files::sort(found, reader);
    let root = found.first().map(|first| root(&first.path)).unwrap_or_default();
    let mut profile = Profile::new(Gajim.name(), root);
    let overrides = files
        .settings
        .iter()
        .chain(&files.text)
        .find_map(|path| overrides::path_for(found, path))
        .or_else(|| files.overrides.first().cloned())
        .and_then(|path| overrides::read(&mut profile, &path, reader));
    let around = Around { reader, overrides: overrides.as_ref(), assumed };
    let mut read = Read::default();
    for path in &files.settings {
        read.add(database::read(&mut profile, path, kinds::SETTINGS, around));
    }
    for path in &files.text {
        read.add(text_file::read(&mut profile, path, kinds::TEXT, around));
    }
    for path in &files.leftovers {
        leftover(&mut profile, path, reader);
    }
    let settings = files.settings.first().or(files.text.first()).or(files.leftovers.first());
    let folders = settings.map(|path| stores::folders_beside(path)).unwrap_or_default();
    let name = settings.map(|path| profile_name(path)).unwrap_or_default();
    let stores = stores::Stores { folders: &folders, profile_name: &name, reads_cacerts: reads_cacerts(&profile) };
    stores.read(&mut profile, files.stores, reader);
    plugins::note(&mut profile, read.plugins, &folders, reader);
    profile.version = profile.version.take().or_else(|| assumed.cloned());
    (profile, read.conducts)
}

/// Whether the version that is in use takes the certificates in `cacerts.pem`: up to 1.1 it does. Where no
/// settings tell, it may be in use.
fn reads_cacerts(profile: &Profile) -> bool {
    let is_strict = |file: &ProfileFile| {
        let version = file.version.as_deref().and_then(Version::parse);
        version.is_some_and(|version| version::Era::Text(version::release(version)).is_strict())
    };
    !profile.files.iter().any(|file| file.kind == kinds::SETTINGS || (file.kind == kinds::TEXT && is_strict(file)))
}

fn root(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    match path.parent() {
        Some(folder) if names::analyse(&name).is_some() || names::is_store(&name) => folder.to_owned(),
        _ => path.to_owned(),
    }
}

fn profile_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    names::analyse(&name).map(|name| name.profile).unwrap_or_default()
}

/// The files of a profile by what is done with them.
#[derive(Default)]
struct Files {
    settings: Vec<PathBuf>,
    text: Vec<PathBuf>,
    leftovers: Vec<PathBuf>,
    overrides: Vec<PathBuf>,
    stores: Vec<(PathBuf, FileKind)>,
}

impl Files {
    fn sort(found: &[Found], reader: &Reader) -> Self {
        let mut files = Self::default();
        for Found { path, kind, .. } in found {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let is_companion = COMPANIONS.iter().any(|end| name.ends_with(end));
            match *kind {
                _ if is_companion => {}
                kinds::SETTINGS | kinds::TEXT | kinds::LEFTOVER if names::is_leftover(&name) => {
                    files.leftovers.push(path.clone());
                }
                kinds::LEFTOVER => files.leftovers.push(path.clone()),
                kinds::SETTINGS => files.settings.push(path.clone()),
                kinds::TEXT => files.text.push(path.clone()),
                kinds::OVERRIDES => files.overrides.push(path.clone()),
                kind => files.stores.push((path.clone(), kind)),
            }
        }
        let has_database = !files.settings.is_empty();
        let (dead, live) = files.text.into_iter().partition(|path| has_database || overtaken(path, reader));
        files.text = live;
        files.leftovers.extend::<Vec<_>>(dead);
        files
    }
}

/// Whether a later version has taken over from this text file: its database lies beside it, or the folder of
/// 0.13 was given up for the one of today.
fn overtaken(text: &Path, reader: &Reader) -> bool {
    let name = text.file_name().unwrap_or_default().to_string_lossy();
    let Some(own) = names::analyse(&name) else { return false };
    let Some(folder) = text.parent() else { return false };
    let suffix = if own.profile.is_empty() { String::new() } else { format!(".{}", own.profile) };
    let is_there = |folder: &Path, stem: &str| reader.exists(&folder.join(format!("{stem}{suffix}")));
    if ["settings.sqlite", "Settings.sqlite", "private_settings.sqlite"].iter().any(|stem| is_there(folder, stem)) {
        return true;
    }
    let Some(home) = folder.parent().filter(|_| folder.ends_with(".gajim")) else { return false };
    let today = home.join(".config").join("gajim");
    is_there(&today, "config") || is_there(&today, "settings.sqlite")
}

/// A file of settings that nothing reads any more: all that matters is whether a secret stands in it.
fn leftover(profile: &mut Profile, path: &Path, reader: &Reader) {
    let mut scratch = Profile::new(Gajim.name(), PathBuf::new());
    let around = Around { reader, overrides: None, assumed: None };
    let is_database = reader.head(path, MAGIC.len()).is_ok_and(|head| head == MAGIC);
    if is_database {
        database::read(&mut scratch, path, kinds::LEFTOVER, around);
    } else {
        text_file::read(&mut scratch, path, kinds::LEFTOVER, around);
    }
    for file in scratch.files {
        profile.add_file(ProfileFile { damage: None::<Damage>, ..file });
    }
    profile.notices.extend(scratch.notices);
}
