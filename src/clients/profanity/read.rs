//! Reading the files of a profile together.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::source::{Loaded, Source};
use super::typed::{self, Typed};
use super::understand::{Beside, understand};
use super::version::{Known, Release};
use super::{ACCOUNTS, BOOKMARKS, CERTIFICATES, KEY_BINDINGS, OLD_SETTINGS, SCRIPT, SETTINGS};
use super::{folders, programs, recognise, rooms, secrets, stores};
use crate::clients::{Found, dotfiles};
use crate::model::{ClientName, ClientVersion, FileKind, Profile, ProfileFile, Text, Trouble};
use crate::source::Reader;
use crate::syntax::keyfile;

/// Where the data lies beside `.config/profanity`, as the homes of users and of dotfiles managers spell it.
const DATA: &[&str] =
    &[".local/share/profanity", "dot_local/share/profanity", "dot-local/share/profanity", "local/share/profanity"];

/// Reads the files of one profile as that release of Profanity does.
#[must_use]
pub fn read_as(found: &[Found], reader: &Reader, release: Release) -> Profile {
    read_by(found, reader, release.version().as_ref())
}

/// Reads the files of one profile as the version does that is known, or else the newest.
pub(super) fn read_by(found: &[Found], reader: &Reader, version: Option<&ClientVersion>) -> Profile {
    let mut profile = Profile::new(ClientName("profanity"), root(found));
    let mut loaded: Vec<_> =
        found.iter().filter_map(|file| load(&mut profile, reader, &file.path, file.kind)).collect();
    let data = data_folders(found, reader);
    let plugins: Vec<_> = data.iter().flat_map(|folder| plugins(folder, reader)).collect();
    let beside = Beside { reader, plugins: &plugins, no_preferences: has_no_preferences(found) };
    understand(&mut profile, &loaded, &beside, Known(version));
    read_commands(&mut profile, &loaded);
    for folder in &data {
        read_scripts(&mut profile, &mut loaded, folder, reader);
    }
    typed::tell_apart(&mut profile.commands);
    for file in loaded {
        finish(&mut profile, file);
    }
    for (path, kind) in data.iter().flat_map(|folder| stores::beside(folder, reader)) {
        look_at(&mut profile, reader, &path, kind);
    }
    profile.files.extend(data.iter().flat_map(|folder| stores::logs(folder, reader)));
    profile.files.extend(old_folders(found).flat_map(|folder| stores::old_logs(folder, reader)));
    profile.files.extend(plugins);
    profile
}

/// The folder of the files, or the only file if that is a renamed copy.
fn root(found: &[Found]) -> PathBuf {
    let first = found.iter().find(|file| file.kind == ACCOUNTS).or_else(|| found.first());
    let Some(first) = first else { return PathBuf::new() };
    if recognise::profile_key(first) == first.path {
        return first.path.clone();
    }
    first.path.parent().unwrap_or(&first.path).to_owned()
}

/// Whether somebody looked for `profrc` where it lies, and there is none.
fn has_no_preferences(found: &[Found]) -> bool {
    found.iter().any(|file| file.home.is_some()) && found.iter().all(|file| file.kind != SETTINGS)
}

/// Reads a file into the profile; what cannot be read becomes a notice.
fn load(profile: &mut Profile, reader: &Reader, path: &Path, kind: FileKind) -> Option<Loaded> {
    let content =
        if dotfiles::Name::of(path).is_encrypted { Err(Trouble::Encrypted) } else { reader.read(path, kind) };
    match content {
        Ok((file, bytes)) => {
            let in_home = file.mode.is_some();
            let number = profile.add_file(file);
            Some(Loaded { number, path: path.to_owned(), kind, bytes, in_home })
        }
        Err(trouble) => {
            profile.note(path, kind, trouble);
            None
        }
    }
}

fn look_at(profile: &mut Profile, reader: &Reader, path: &Path, kind: FileKind) {
    match reader.look_at(path, kind) {
        Ok(mut file) => {
            file.holds_secret = stores::holds_secret(kind);
            profile.add_file(file);
        }
        Err(trouble) => profile.note(path, kind, trouble),
    }
}

fn plugins(data: &Path, reader: &Reader) -> Vec<ProfileFile> {
    let files = programs::plugin_files(data, reader).into_iter();
    files.filter_map(|path| reader.look_at(&path, stores::PLUGIN).ok()).collect()
}

fn data_folders(found: &[Found], reader: &Reader) -> BTreeSet<PathBuf> {
    let of_data = found.iter().filter(|file| [ACCOUNTS, CERTIFICATES, BOOKMARKS].contains(&file.kind));
    let folders: BTreeSet<_> = of_data
        .filter(|file| folders::folder_of(&file.path).is_some())
        .filter_map(|file| Some(file.path.parent()?.to_owned()))
        .collect();
    if folders.is_empty() { folders_of_data_alone(found, reader) } else { folders }
}

/// The folders of data beside preferences, where there are no accounts: few people publish those.
fn folders_of_data_alone(found: &[Found], reader: &Reader) -> BTreeSet<PathBuf> {
    let preferences = found.iter().filter(|file| file.kind == SETTINGS);
    let bases = preferences.filter_map(|file| folders::folder_of(&file.path).filter(|folder| folder.certain));
    let folders = bases.flat_map(|folder| DATA.iter().map(move |data| folder.base.join(data)));
    folders.filter(|folder| !reader.list(folder).is_empty()).collect()
}

fn old_folders(found: &[Found]) -> impl Iterator<Item = &Path> {
    found.iter().filter(|file| file.kind == OLD_SETTINGS).filter_map(|file| file.path.parent())
}

/// The commands of aliases and key bindings.
fn read_commands(profile: &mut Profile, loaded: &[Loaded]) {
    for file in loaded {
        match file.kind {
            SETTINGS => add_commands(profile, typed::in_aliases(&Source::of(file))),
            KEY_BINDINGS => {
                let typed = typed::in_key_bindings(&file.bytes, file.number);
                profile.rooms.extend(typed.iter().filter_map(rooms::of_typed));
                add_commands(profile, typed);
            }
            _ => {}
        }
    }
}

fn add_commands(profile: &mut Profile, typed: impl IntoIterator<Item = Typed>) {
    profile.commands.extend(typed.into_iter().flat_map(|typed| typed.effects()));
}

/// Reads the scripts of a folder of data: they connect and join rooms, some at every login.
fn read_scripts(profile: &mut Profile, loaded: &mut Vec<Loaded>, data: &Path, reader: &Reader) {
    let at_start = start_scripts(loaded);
    for path in stores::scripts(data, reader) {
        // A folder among the scripts is no script.
        if matches!(reader.look_at(&path, SCRIPT), Err(Trouble::NotRegular)) {
            continue;
        }
        let Some(script) = load(profile, reader, &path, SCRIPT) else { continue };
        let name = dotfiles::Name::of(&path).plain;
        let runs_at_start = at_start.contains(&name);
        for typed in typed::in_script(&script.bytes, script.number, &name) {
            profile.commands.extend(typed.effects());
            let room = rooms::of_typed(&typed);
            profile.rooms.extend(room.map(|room| crate::model::Room { autojoin: runs_at_start, ..room }));
        }
        loaded.push(script);
    }
}

/// The scripts that accounts run after they have logged in.
fn start_scripts(loaded: &[Loaded]) -> BTreeSet<String> {
    let mut scripts = BTreeSet::new();
    for source in loaded.iter().filter(|file| file.kind == ACCOUNTS).map(Source::of) {
        let entries = source.keys.groups().iter().filter_map(|group| source.keys.effective(group, b"script.start"));
        scripts.extend(entries.filter_map(|entry| keyfile::string(source.keys.raw(entry.value)).ok()));
    }
    scripts
}

/// Hands the text of a file over, with its secrets hidden.
fn finish(profile: &mut Profile, loaded: Loaded) {
    let mut secrets = if [SCRIPT, KEY_BINDINGS].contains(&loaded.kind) {
        secrets::find_in_lines(&loaded.bytes)
    } else {
        secrets::find(&loaded.bytes)
    };
    secrets
        .add_commands(&loaded.bytes, profile.commands.iter().filter(|command| command.place.file == loaded.number));
    let mut text = Text::new(loaded.bytes);
    for span in secrets.spans {
        text.hide(span);
    }
    if let Some(file) = profile.file_mut(loaded.number) {
        file.holds_secret = secrets.stored;
        file.text = Some(text);
    }
}
