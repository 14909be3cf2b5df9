//! Programs and plugins that Profanity runs because its preferences name them.
//!
//! Source: `format_call_external_argv`, `src/common.c`; `plugins_init`, `src/plugins/plugins.c`, 0.10.0 to 0.18.2.

use std::ops::Range;
use std::path::{Path, PathBuf};

use super::effective::Effective;
use super::lists;
use super::preferences;
use crate::clients::dotfiles;
use crate::model::{Access, Habit, HabitKind, ProfileFile, Setting, Span};
use crate::source::Reader;
use crate::syntax::keyfile;

/// How many plugins are looked at.
const MOST: usize = 200;

/// Shells, which take a command behind `-c`.
const SHELLS: &[&str] = &["sh", "bash", "dash", "zsh", "ksh", "ash", "fish", "busybox"];

/// The keys that name a program; what the client starts where nothing is written; whether it hands over what others
/// have sent.
const PROGRAMS: &[(&str, &str, &str, bool)] = &[
    ("executables", "avatar.cmd", "xdg-open %p", true),
    ("executables", "url.open.cmd", "xdg-open %u", true),
    ("executables", "url.save.cmd", "", true),
    ("executables", "vcard.photo.cmd", "xdg-open %p", true),
    ("ui", "compose.editor", "vim", false),
];

/// The programs that the preferences name, where they are not what the client would start anyway.
pub(super) fn commands(preferences: Effective<'_, '_>, reader: &Reader) -> Vec<Habit> {
    let in_home = preferences.source.is_some_and(|source| source.in_home);
    let habit = |(group, key, default, is_foreign): &(&str, &str, &str, bool)| {
        let (source, entry, place) = preferences.written(group, key)?;
        let command = keyfile::string(source.keys.raw(entry.value)).ok()?;
        let program = command.split(' ').find(|word| !word.is_empty())?.to_owned();
        if command == *default {
            return None;
        }
        let writable_by = writable_by(&program, in_home.then_some(reader));
        let is_shell = *is_foreign && hands_to_shell(&command);
        let is_open = matches!(writable_by, Access::Group | Access::Everyone);
        let kind = if is_shell || is_open { HabitKind::ShellRun } else { HabitKind::CommandRun };
        let habit = Habit { writable_by, ..Habit::of_client(Setting::written(kind, place)) };
        Some(match name_of(&program) {
            Some(name) => habit.with_detail(name),
            None => habit,
        })
    };
    PROGRAMS.iter().filter_map(habit).collect()
}

/// Whether a shell is started with something in its command that others have sent.
fn hands_to_shell(command: &str) -> bool {
    let words: Vec<&str> = command.split(' ').filter(|word| !word.is_empty()).collect();
    let shell = words.iter().position(|word| SHELLS.contains(&word.rsplit('/').next().unwrap_or_default()));
    let behind = shell.and_then(|at| words.get(at + 1..)).unwrap_or_default();
    let option = behind.iter().position(|word| word.starts_with('-') && word.ends_with('c'));
    let arguments = option.and_then(|at| behind.get(at + 1..)).unwrap_or_default();
    arguments.iter().any(|word| word.contains("%u") || word.contains("%p"))
}

/// Who can replace a program that is named by its path.
fn writable_by(program: &str, reader: Option<&Reader>) -> Access {
    let path = Path::new(program);
    let Some(folder) = path.parent().filter(|_| path.is_absolute()) else { return Access::Unknown };
    let folder_access = reader.and_then(|reader| reader.folder_writable_by(folder));
    match folder_access {
        Some(access) => access,
        None if preferences::WRITABLE.iter().any(|open| path.starts_with(open)) => Access::Everyone,
        None => Access::Unknown,
    }
}

/// The name of a program, if it looks like one: anything else may be a secret.
fn name_of(program: &str) -> Option<String> {
    let name = program.rsplit('/').next().unwrap_or_default();
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._+-".contains(&byte);
    (!name.is_empty() && name.len() <= 40 && name.bytes().all(is_plain)).then(|| name.to_owned())
}

/// The plugins of a folder of data.
pub(super) fn plugin_files(data: &Path, reader: &Reader) -> Vec<PathBuf> {
    let folders = reader.list(data).into_iter().filter(|entry| dotfiles::Name::of(entry).plain == "plugins");
    folders.flat_map(|folder| reader.list(&folder)).filter(|path| is_plugin(path)).take(MOST).collect()
}

fn is_plugin(path: &Path) -> bool {
    let name = dotfiles::Name::of(path).plain;
    name.ends_with(".py") || name.ends_with(".so")
}

/// The plugins that the preferences have loaded, of those that are there.
pub(super) fn plugins(preferences: Effective<'_, '_>, files: &[ProfileFile], reader: &Reader) -> Vec<Habit> {
    let Some((source, entry, place)) = preferences.written("plugins", "load") else { return Vec::new() };
    let habit = |(name, range): (String, Range<usize>)| {
        let file = files.iter().find(|file| dotfiles::Name::of(&file.path).plain == name)?;
        let writable_by = reader.replaceable_by(file);
        let span = Span::new(range.start, range.end).moved_by(entry.value.start);
        let what =
            Setting::written(HabitKind::PluginLoaded, source.place(span, &format!("{} / {name}", place.words)));
        Some(Habit { writable_by, ..Habit::of_client(what) }.with_detail(name))
    };
    let mut habits: Vec<Habit> = Vec::new();
    for element in lists::elements(source.keys.raw(entry.value)).into_iter().take(MOST) {
        let found = habit(element);
        // Named twice, it is loaded once.
        if !found.iter().any(|found| habits.iter().any(|known| known.detail == found.detail)) {
            habits.extend(found);
        }
    }
    habits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_shell_with_a_foreign_argument_is_dangerous() {
        for command in ["sh -c \"firefox %u\"", "/bin/bash -lc %u", "env sh -c 'x %p'", "sh -e -c %u"] {
            assert!(hands_to_shell(command), "{command}");
        }
        for command in [
            "firefox %u",
            "sh script.sh %u",
            "sh -c ls",
            "wash -c %u",
            "mpv --sh -c %u",
            "sh %u",
            "sh -e script %u",
            "sh topic %u",
        ] {
            assert!(!hands_to_shell(command), "{command}");
        }
    }

    #[test]
    fn what_is_shown_of_a_program_is_its_name() {
        assert_eq!(name_of("/usr/bin/firefox-esr").as_deref(), Some("firefox-esr"));
        for program in ["PASSWORD=hunter2", "/usr/bin/", "$EDITOR", "hunter\u{e9}2"] {
            assert_eq!(name_of(program), None);
        }
    }

    #[test]
    fn folders_that_everybody_can_write_to() {
        assert_eq!(writable_by("/tmp/open", None), Access::Everyone);
        assert_eq!(writable_by("/usr/bin/open", None), Access::Unknown);
        assert_eq!(writable_by("open", None), Access::Unknown);
        assert_eq!(writable_by("tmp/open", None), Access::Unknown);
    }
}
