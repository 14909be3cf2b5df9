//! Reading the files of a profile together.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::accounts::{self, Surroundings};
use super::policy::Release;
use super::source::{Loaded, Source};
use super::{ACCOUNTS, BOOKMARKS, CERTIFICATES, SCRIPT, SETTINGS};
use super::{certificates, damage, folders, idle, preferences, recognise, rooms, secrets, stores};
use crate::clients::{Found, dotfiles};
use crate::model::{ClientName, Damage, ExtraAuthority, FileKind, FileNumber, Profile, Text, Trouble};
use crate::source::Reader;
use crate::syntax::keyfile;

/// Reads the files of one profile as that release of Profanity does.
#[must_use]
pub fn read_as(found: &[Found], reader: &Reader, release: Release) -> Profile {
    let mut profile = Profile::new(ClientName("profanity"), root(found));
    let mut loaded: Vec<_> =
        found.iter().filter_map(|file| load(&mut profile, reader, &file.path, file.kind)).collect();
    understand(&mut profile, &loaded, reader, release);
    let data = data_folders(&loaded);
    for folder in &data {
        read_scripts(&mut profile, &mut loaded, folder, reader);
    }
    for file in loaded {
        finish(&mut profile, file);
    }
    for (path, kind) in data.iter().flat_map(|folder| stores::beside(folder, reader)) {
        look_at(&mut profile, reader, &path, kind);
    }
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

/// Fills the profile from the key files.
fn understand(profile: &mut Profile, loaded: &[Loaded], reader: &Reader, release: Release) {
    let sources: Vec<_> = loaded.iter().filter(|file| is_key_file(file.kind)).map(Source::of).collect();
    let of_kind = |kind: FileKind| sources.iter().filter(move |source| source.kind == kind);

    profile.extra_authority = of_kind(SETTINGS).find_map(|source| preferences::extra_authority(source, reader));
    let tls_starts = profile.extra_authority.as_ref().is_none_or(|path| path.value != ExtraAuthority::Empty);
    for source in of_kind(ACCOUNTS) {
        let first = profile.accounts.len();
        let read = accounts::read(source, Surroundings { tls_starts, release });
        let spreads = accounts::policy_spreads_from(&read).map(|number| first + number);
        profile.policy_spreads_from = profile.policy_spreads_from.or(spreads);
        profile.accounts.extend(read);
        profile.idle_settings.extend(idle::settings(source, first));
    }
    for source in of_kind(SETTINGS) {
        profile.rooms.extend(rooms::in_preferences(source));
        profile.idle_settings.extend(idle::settings(source, 0));
    }
    for source in of_kind(BOOKMARKS) {
        let ignored = rooms::ignored(source, &profile.accounts);
        profile.rooms.extend(ignored);
    }
    profile.certificate_exceptions = of_kind(CERTIFICATES).flat_map(certificates::exceptions).collect();
    let faults: Vec<_> =
        sources.iter().filter_map(|source| Some((source.number, damage::judge(source)?))).collect();
    for (number, fault) in faults {
        note_damage(profile, number, fault);
    }
}

fn note_damage(profile: &mut Profile, number: FileNumber, fault: Damage) {
    if let Some(file) = profile.file_mut(number) {
        file.damage = Some(fault);
    }
}

fn is_key_file(kind: FileKind) -> bool {
    [ACCOUNTS, SETTINGS, CERTIFICATES, BOOKMARKS].contains(&kind)
}

fn data_folders(loaded: &[Loaded]) -> BTreeSet<PathBuf> {
    let of_data = loaded.iter().filter(|file| [ACCOUNTS, CERTIFICATES, BOOKMARKS].contains(&file.kind));
    of_data
        .filter(|file| folders::folder_of(&file.path).is_some())
        .filter_map(|file| Some(file.path.parent()?.to_owned()))
        .collect()
}

/// Reads the scripts of a folder of data: they join rooms, some at every login.
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
        profile.rooms.extend(rooms::in_script(&script.bytes, script.number, &name, runs_at_start));
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
    let secrets =
        if loaded.kind == SCRIPT { secrets::find_in_commands(&loaded.bytes) } else { secrets::find(&loaded.bytes) };
    let mut text = Text::new(loaded.bytes);
    for span in secrets.spans {
        text.hide(span);
    }
    if let Some(file) = profile.file_mut(loaded.number) {
        file.holds_secret = secrets.stored;
        file.text = Some(text);
    }
}
