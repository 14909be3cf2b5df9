//! Plugins that Dino loads from the user's own folder (`libdino/src/util/util.vala`, `plugin/loader.vala`).

use std::ffi::OsStr;
use std::path::PathBuf;

use super::PLUGIN;
use crate::clients::Found;
use crate::model::{Habit, HabitKind, Place, Profile, Setting};
use crate::source::Reader;

/// How many are listed.
const MOST: usize = 20;

/// Adds the plugins in the user's folder. `database` is the main database, beside whose home that lies.
pub(super) fn add(profile: &mut Profile, database: &Found, reader: &Reader) {
    let Some(folder) = folder(database) else { return };
    let plugins = reader.list(&folder).into_iter().filter(|path| {
        // `Module.SUFFIX`, without the dot.
        path.file_name().is_some_and(|name| name.as_encoded_bytes().ends_with(b"so"))
    });
    for path in plugins.take(MOST) {
        let Ok(file) = reader.look_at(&path, PLUGIN) else { continue };
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let writable_by = reader.replaceable_by(&file);
        let place = Place::of_file(profile.add_file(file), format!("plugins / {name}"));
        let habit = Habit::of_client(Setting::written(HabitKind::PluginLoaded, place));
        profile.habits.push(Habit { writable_by, ..habit.with_detail(name) });
    }
}

/// `~/.local/lib/dino/plugins`. Inside a Flatpak there is no such folder.
fn folder(database: &Found) -> Option<PathBuf> {
    let data = database.path.parent()?;
    let name = data.file_name().filter(|name| ["dino", "dinox"].map(OsStr::new).contains(name))?;
    let home = match &database.home {
        Some(home) => home.clone(),
        None => data.parent().filter(|share| share.ends_with(".local/share"))?.ancestors().nth(2)?.to_owned(),
    };
    Some(home.join(".local/lib").join(name).join("plugins"))
}
