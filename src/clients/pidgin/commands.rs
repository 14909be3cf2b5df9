//! Programs that Pidgin starts because `prefs.xml` names them (`gtknotify.c`, `gtksound.c`, 2.14).

use std::path::Path;

use super::arguments;
use super::in_force::InForce;
use super::places::PLUGIN;
use crate::model::{Access, Habit, HabitKind, Setting, Span};
use crate::source::Reader;

/// What opens a link as the system does for all programs. Debian's Pidgin writes the first of them by itself at its
/// first start (observed).
const OPENERS: [&str; 4] = ["sensible-browser", "x-www-browser", "xdg-open", "gnome-open"];

/// What Pidgin starts. `is_live` says whether paths in the preferences are paths of this machine.
pub(super) fn of(preferences: &InForce, is_live: bool, reader: &Reader) -> Vec<Habit> {
    let found = [browser(preferences), sound(preferences)];
    let habit = |found: Found| {
        let program = arguments::program(found.command).filter(|_| is_live);
        let writable_by = program.map_or(Access::Unknown, |program| writable_by(program, reader));
        let place = preferences.place(found.span, found.path);
        Habit { writable_by, ..Habit::of_client(Setting::written(found.kind, place)) }
    };
    found.into_iter().flatten().map(habit).collect()
}

struct Found<'p> {
    command: &'p str,
    span: Span,
    path: &'static str,
    kind: HabitKind,
}

/// The command for links counts where the browser is `custom`. Blanks and `$` in links are encoded, `;` and `&` are
/// not.
fn browser(preferences: &InForce) -> Option<Found<'_>> {
    const PATH: &str = "/pidgin/browsers/manual_command";
    let (choice, _) = preferences.preferences.string("/pidgin/browsers/browser")?;
    let (command, span) = preferences.preferences.string(PATH).filter(|(command, _)| !command.is_empty())?;
    let opens = command.trim().trim_end_matches("%s").trim_end();
    if OPENERS.contains(&opens) {
        return None;
    }
    let kind = if arguments::feeds_shell(command) { HabitKind::ShellRun } else { HabitKind::CommandRun };
    (choice == "custom").then_some(Found { command, span, path: PATH, kind })
}

/// The command for sounds counts where the method is `custom`, and sounds are not muted.
fn sound(preferences: &InForce) -> Option<Found<'_>> {
    const PATH: &str = "/pidgin/sound/command";
    let (method, _) = preferences.preferences.string("/pidgin/sound/method")?;
    let (command, span) = preferences.preferences.path(PATH).filter(|(command, _)| !command.is_empty())?;
    let is_muted = preferences.preferences.truth("/pidgin/sound/mute").is_some_and(|(muted, _)| muted);
    let kind = HabitKind::CommandRun;
    (method == "custom" && !is_muted).then_some(Found { command, span, path: PATH, kind })
}

/// Who can change a program.
fn writable_by(program: &str, reader: &Reader) -> Access {
    reader.look_at(Path::new(program), PLUGIN).map_or(Access::Unknown, |file| reader.replaceable_by(&file))
}
