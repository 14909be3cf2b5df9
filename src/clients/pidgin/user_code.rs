//! Plugins that lie in folders of the user's (libpurple's `plugin.c`, 2.14).

use std::collections::{HashMap, HashSet};
use std::path::Path;

use super::in_force::InForce;
use super::places::PLUGIN;
use super::plugins::{self, stem};
use super::preferences::Item;
use crate::clients::dotfiles;
use crate::model::{Access, FileNumber, Habit, HabitKind, Place, Profile, Setting, Trouble};
use crate::source::Reader;

/// What comes with the system, and only the superuser can change.
const SYSTEM_FOLDERS: [&str; 12] = [
    "/usr/",
    "/lib/",
    "/lib64/",
    "/opt/",
    "/app/",
    "/snap/",
    "/nix/store/",
    "/gnu/store/",
    "/var/lib/",
    "/run/current-system/",
    "/Library/",
    "/Applications/",
];

/// Where programs are installed on Windows, behind the letter of a drive.
const WINDOWS_FOLDERS: [&str; 2] = ["program files", "windows"];

/// How many files of the folder are looked at.
const MOST: usize = 200;

/// A plugin of a profile's own folder.
struct Own {
    name: String,
    number: FileNumber,
    writable_by: Access,
}

/// Adds the plugins of the profile's own folder to its files, and says which code of the user's is run.
pub(super) fn add(profile: &mut Profile, preferences: Option<&InForce>, reader: &Reader) {
    let own = add_files(profile, reader);
    let listed = preferences.map(Listed::of).unwrap_or_default();
    let mut habits: Vec<Habit> = own.iter().filter_map(|plugin| listed.habit_of_own(plugin)).collect();
    let own: HashSet<&str> = own.iter().map(|plugin| stem(&plugin.name)).collect();
    let is_live =
        |preferences: &InForce| profile.file(preferences.source().number).is_some_and(|file| file.mode.is_some());
    if let Some(preferences) = preferences {
        let place = Foreign { preferences, is_live: is_live(preferences), reader };
        let foreign = listed.items.iter().filter(|(stem, ..)| !own.contains(stem));
        habits.extend(foreign.filter_map(|(_, list, item)| place.habit(list, item)));
    }
    profile.habits.extend(habits);
}

/// The plugins that are listed as loaded, each once.
#[derive(Default)]
struct Listed<'p> {
    preferences: Option<&'p InForce>,
    /// What each is found by, its list, and its item.
    items: Vec<(&'p str, &'static str, &'p Item)>,
    by_stem: HashMap<&'p str, usize>,
}

impl<'p> Listed<'p> {
    fn of(preferences: &'p InForce) -> Self {
        let items = plugins::listed(&preferences.preferences);
        let by_stem = items.iter().enumerate().map(|(number, (stem, ..))| (*stem, number)).collect();
        Self { preferences: Some(preferences), items, by_stem }
    }

    /// What becomes of a plugin in the profile's own folder, which is the first that is searched.
    fn habit_of_own(&self, plugin: &Own) -> Option<Habit> {
        let item = self.by_stem.get(stem(&plugin.name)).and_then(|number| self.items.get(*number));
        let place = match (item, self.preferences) {
            (Some((_, list, item)), Some(preferences)) => preferences.place(item.span, &words(list, &plugin.name)),
            // Every library that lies there is opened to see what it is, and its code runs.
            _ if plugin.name.ends_with(".so") => Place::of_file(plugin.number, words("plugins", &plugin.name)),
            _ => return None,
        };
        Some(habit(place, &plugin.name, plugin.writable_by))
    }
}

/// What is listed as loaded and lies neither in the profile's own folder nor in one of the system's.
struct Foreign<'a> {
    preferences: &'a InForce,
    /// Whether the paths in the preferences are paths of this machine.
    is_live: bool,
    reader: &'a Reader,
}

impl Foreign<'_> {
    fn habit(&self, list: &str, item: &Item) -> Option<Habit> {
        let path = item.value.as_str();
        if !is_absolute(path) || is_systems(path) {
            return None;
        }
        let found = self.is_live.then(|| self.reader.look_at(Path::new(path), PLUGIN));
        let writable_by = match found {
            Some(Ok(file)) => self.reader.replaceable_by(&file),
            // There is nothing to load.
            Some(Err(Trouble::Missing | Trouble::DanglingLink)) => return None,
            _ => Access::Unknown,
        };
        let name = path.rsplit(['/', '\\']).next()?;
        Some(habit(self.preferences.place(item.span, &words(list, name)), name, writable_by))
    }
}

fn words(list: &str, name: &str) -> String {
    format!("{list}[{name}]")
}

fn habit(place: Place, name: &str, writable_by: Access) -> Habit {
    let habit = Habit::of_client(Setting::written(HabitKind::PluginLoaded, place)).with_detail(name);
    Habit { writable_by, ..habit }
}

/// Adds the plugins of the profile's own folder to its files: libraries, and what the plugins that load scripts take.
fn add_files(profile: &mut Profile, reader: &Reader) -> Vec<Own> {
    const ENDS: [&str; 5] = [".so", ".dll", ".sl", ".pl", ".tcl"];
    let Some(folder) = dotfiles::child(&profile.root, "plugins", reader) else { return Vec::new() };
    let files = reader.list(&folder).into_iter().filter_map(|path| {
        let name = dotfiles::Name::of(&path).plain;
        ENDS.iter().any(|end| name.ends_with(end)).then_some((path, name))
    });
    let mut own = Vec::new();
    for (path, name) in files.take(MOST) {
        match reader.look_at(&path, PLUGIN) {
            Ok(file) => {
                let writable_by = reader.replaceable_by(&file);
                own.push(Own { name, number: profile.add_file(file), writable_by });
            }
            Err(Trouble::NotRegular) => {}
            Err(trouble) => profile.note(&path, PLUGIN, trouble),
        }
    }
    own
}

fn is_absolute(path: &str) -> bool {
    path.starts_with('/') || behind_drive(path).is_some()
}

fn is_systems(path: &str) -> bool {
    if path.replace('\\', "/").contains("/../") {
        return false;
    }
    let on_windows = behind_drive(path).map(str::to_ascii_lowercase);
    SYSTEM_FOLDERS.iter().any(|folder| path.starts_with(folder))
        || on_windows.is_some_and(|path| WINDOWS_FOLDERS.iter().any(|folder| path.starts_with(folder)))
}

/// What stands behind `C:\`.
fn behind_drive(path: &str) -> Option<&str> {
    let (drive, rest) = path.split_once(':')?;
    (drive.len() == 1).then(|| rest.strip_prefix(['/', '\\'])).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_folders_of_the_system() {
        for path in [
            "/usr/lib/pidgin/x.so",
            "/usr/local/lib/pidgin/x.so",
            "/nix/store/abc/lib/x.so",
            "C:\\Program Files (x86)\\Pidgin\\plugins\\x.dll",
            "c:/program files/Pidgin/x.dll",
        ] {
            assert!(is_absolute(path) && is_systems(path), "{path}");
        }
        for path in [
            "/home/alice/.purple/plugins/x.so",
            "/usr/../home/alice/x.so",
            "/tmp/x.so",
            "/usrlocal/x.so",
            "C:\\Users\\alice\\AppData\\Roaming\\.purple\\plugins\\x.dll",
        ] {
            assert!(is_absolute(path) && !is_systems(path), "{path}");
        }
        assert!(!is_absolute("plugins/x.so") && !is_absolute("https://x/y"));
    }
}
