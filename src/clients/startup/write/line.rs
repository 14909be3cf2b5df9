//! Lines that do nothing but set a variable, and may go as a whole.

use super::super::scan::{Shell, Word, characters, commands};
use super::super::verdict::assignment;
use super::cut;
use crate::model::Span;
use crate::syntax::keyfile::line_at;

/// Commands that set the variables that are named behind them.
const SETTERS: [&str; 6] =
    ["export", "declare", "typeset", "readonly", "dbus-update-activation-environment", "setenv"];

/// Words behind which a command must come.
const OPENERS: [&str; 8] = ["then", "do", "else", "elif", "{", "in", "&&", "!"];

/// The line in which an offset lies, if neither it nor the one before goes on in the next.
pub(super) fn alone(text: &str, at: usize) -> Option<Span> {
    let line = line_at(text.as_bytes(), at);
    let goes_on = |text: &str| text.trim_end_matches(['\r', '\n']).ends_with('\\');
    let is_alone = !goes_on(text.get(line.start..line.end)?) && !goes_on(text.get(..line.start)?);
    is_alone.then_some(line)
}

/// Of a file of groups and keys: the line of the variable, or the variable in a list or a command.
pub(super) fn of_entry(text: &str, mark: Span, name: &str) -> Option<Span> {
    let line = alone(text, mark.start);
    let whole = line_at(text.as_bytes(), mark.start);
    let (key, value) = text.get(whole.start..whole.end)?.split_once('=')?;
    match key.trim() {
        key if key == name => line,
        "Environment" if commands(&characters(value, 0), Shell::Posix).iter().flatten().count() == 1 => line,
        "Environment" => cut::word_of_list(text, mark, name),
        key if key.starts_with("Exec") || key == "TryExec" => cut::assignment(text, mark, name),
        _ => None,
    }
}

/// Of a shell's script: the line, if one command stands in it that only sets the variable, and if the script makes sense
/// without it.
pub(super) fn of_command(text: &str, shell: Shell, mark: Span) -> Option<Span> {
    let line = alone(text, mark.start)?;
    let all = commands(&characters(text, 0), shell);
    let mut touching = all.iter().filter(|words| words.iter().any(|word| word.span_from(0).overlaps(line)));
    let (Some(words), None) = (touching.next(), touching.next()) else { return None };
    let is_inside = |word: &Word| {
        let span = word.span_from(0);
        line.start <= span.start && span.end <= line.end
    };
    let is_lone =
        words.iter().all(is_inside) && only_sets_one(words, shell) && !is_only_in_block(text, line, shell);
    is_lone.then_some(line)
}

/// Whether a command sets one variable and does nothing else.
fn only_sets_one(words: &[Word], shell: Shell) -> bool {
    let Some((program, arguments)) = words.split_first() else { return false };
    let names = arguments.iter().filter(|word| !word.text.starts_with('-')).count();
    match program.text.as_str() {
        "setenv" => arguments.len() == 2,
        "set" => shell == Shell::Fish && names == 2,
        "systemctl" => names == 2,
        setter if SETTERS.contains(&setter) => names == 1,
        _ => arguments.is_empty() && assignment(program).is_some(),
    }
}

/// Whether the line before, comments left out, wants a command to follow: a shell does not take a block without one.
fn is_only_in_block(text: &str, line: Span, shell: Shell) -> bool {
    let before = text.get(..line.start).unwrap_or_default();
    let says = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
    let Some(before) = before.lines().rev().find(says) else { return false };
    let scanned = commands(&characters(before, 0), shell);
    let last = scanned.last().and_then(|words| words.last()).map_or("", |word| word.text.as_str());
    let end = before.trim_end();
    // `(`, `a | b |`, `a &&`, and the `a)` of a case.
    OPENERS.contains(&last)
        || end.ends_with(['(', '|', '{'])
        || end.ends_with("&&")
        || (end.ends_with(')') && !end.contains('('))
}
