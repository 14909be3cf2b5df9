//! Plugins: which of them are switched on, and which of those lie in a folder of the user's.

use std::path::{Path, PathBuf};

use super::cell::{Cell, CellOptions};
use super::kinds::PLUGIN;
use super::secrets;
use crate::model::{Access, ClientVersion, Habit, HabitKind, Profile, ProfileFile, Setting};
use crate::source::Reader;
use crate::syntax::json::{Value, pointer_to};

/// A plugin that the settings name.
pub(super) struct Plugin {
    /// Its short name, which is that of its folder.
    pub name: String,
    /// Whether it is switched on.
    pub active: Setting<bool>,
}

/// Whether a plugin of that name can encrypt end to end.
pub(super) fn encrypts(name: &str) -> bool {
    const ENCRYPTING: &[&str] = &["omemo", "openpgp", "pgp", "gotr"];
    ENCRYPTING.contains(&name)
}

/// The plugins in the cell `plugins` of a database.
pub(super) fn in_cell(cell: &Cell, user_version: i64, version: &ClientVersion) -> Vec<Plugin> {
    let members = cell.document.root.effective_members().into_iter();
    let plugins = members.filter_map(|member| {
        let shown = secrets::shown_name(&member.key);
        let options = CellOptions {
            cell,
            object: Some(&member.value),
            near: cell.place(format!("plugins[{shown}]")),
            pointer: pointer_to("", &member.key),
            words: format!("plugins[{shown}]"),
            user_version,
            version,
        };
        let active = member.value.member("active")?;
        let active = Setting::written(Value::is_truthy(&active.value), options.place(active));
        Some(Plugin { name: member.key.clone(), active })
    });
    plugins.collect()
}

/// Notes every plugin that is switched on and lies in one of the folders of data.
pub(super) fn note(profile: &mut Profile, plugins: Vec<Plugin>, data: &[PathBuf], reader: &Reader) {
    let active: Vec<Plugin> = plugins.into_iter().filter(|plugin| plugin.active.value).collect();
    if active.is_empty() {
        return;
    }
    let folders: Vec<PathBuf> = data.iter().flat_map(|folder| of_user(folder, reader)).collect();
    for Plugin { name, active } in active {
        let is_its =
            |folder: &&PathBuf| folder.file_name().is_some_and(|own| own.eq_ignore_ascii_case(name.as_str()));
        let Some(folder) = folders.iter().find(is_its) else { continue };
        let Some(writable_by) = reader.folder_writable_by(folder) else { continue };
        let code = most_open_code(folder, reader);
        let writable_by = code.iter().map(|file| file.writable_by).fold(writable_by, Access::max);
        if let Some(file) = code {
            profile.add_file(file);
        }
        let what = active.map(|_| HabitKind::PluginLoaded);
        profile
            .habits
            .push(Habit { writable_by, ..Habit::of_client(what).with_detail(secrets::shown_name(&name)) });
    }
}

/// The folders of plugins that the user installed.
fn of_user(data: &Path, reader: &Reader) -> Vec<PathBuf> {
    let is_plugins = |path: &PathBuf| path.file_name().is_some_and(|name| name.eq_ignore_ascii_case("plugins"));
    reader.list(data).into_iter().filter(is_plugins).flat_map(|folder| reader.list(&folder)).collect()
}

/// The most open file of a plugin's code.
fn most_open_code(folder: &Path, reader: &Reader) -> Option<ProfileFile> {
    /// A plugin has a few files of code.
    const BOUND: usize = 64;
    let is_code = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "py");
    reader.most_open(reader.list(folder).into_iter().filter(is_code).take(BOUND), PLUGIN)
}
