//! Files of groups and keys: desktop entries, D-Bus services, systemd units, overrides of Flatpak.
//!
//! Only plain keys matter here, and rust-ini reads those well. It does not say where they stand, so each is
//! looked up again in the text.

use std::collections::{HashMap, VecDeque};
use std::path::Path;
use std::rc::Rc;

use ini::{Ini, ParseOption};

use super::judge::Judge;
use super::scan::{Shell, characters, commands};
use super::variables::VARIABLES;
use super::verdict::Assignment;
use crate::model::Span;

/// A key with its value, and where that stands.
struct Entry {
    group: Rc<str>,
    key: String,
    value: String,
    start: usize,
}

/// Judges a file. Gives the line at which it makes no sense, if there is one.
pub(super) fn judge(judge: &mut Judge<'_>, path: &Path, text: &str) -> Option<Span> {
    // A line of a unit that ends in a backslash goes on in the next: as one line it is as long as before.
    let joined = text.replace("\\\r\n", "   ").replace("\\\n", "  ");
    let understood = if is_unit(path, text) { without_stray_lines(&joined) } else { joined };
    let entries = match read(&understood) {
        Ok(entries) => entries,
        Err(line) => return Some(line),
    };
    if entries.iter().any(|entry| entry.key == "Hidden" && entry.value == "true") {
        // As good as deleted (Desktop Entry Specification).
        return None;
    }
    for entry in entries.iter().filter(|entry| entry.key.starts_with("Exec") || entry.key == "TryExec") {
        judge.command_line(&entry.value, entry.start);
    }
    let is_dinos = judge.starts_dino() || names_dino(path);
    for entry in &entries {
        match (&*entry.group, entry.key.as_str()) {
            ("Environment", _) => judge.set(entry.as_assignment()),
            ("Context", "unset-environment") => entry.value.split(';').for_each(|name| judge.unset(name)),
            // A unit has an environment of its own.
            ("Service", "Environment") if is_dinos => set_words(judge, entry),
            ("Service", "UnsetEnvironment") => entry.value.split_whitespace().for_each(|name| judge.unset(name)),
            _ => {}
        }
    }
    None
}

/// Whether systemd reads the file. What D-Bus reads may be called the same.
fn is_unit(path: &Path, text: &str) -> bool {
    const ENDS: [&str; 5] = ["service", "conf", "socket", "timer", "target"];
    path.extension().and_then(|end| end.to_str()).is_some_and(|end| ENDS.contains(&end)) && !text.contains("[D-BUS")
}

/// The text with blanks for the lines that systemd passes over: "Missing '=', ignoring line" (`conf-parser.c`, 252).
/// rust-ini would take such a line for the beginning of the next.
fn without_stray_lines(text: &str) -> String {
    let is_stray = |line: &str| {
        let line = line.trim();
        !line.is_empty() && !line.contains('=') && !line.starts_with(['[', '#', ';'])
    };
    let lines = text.split('\n').map(|line| if is_stray(line) { " ".repeat(line.len()) } else { line.to_owned() });
    lines.collect::<Vec<_>>().join("\n")
}

impl Entry {
    fn as_assignment(&self) -> Assignment<'_> {
        let span = Span::new(self.start, self.start + self.value.len());
        Assignment { name: &self.key, value: &self.value, is_dynamic: false, span }
    }
}

/// `Environment=A=b "C=d e"`; an empty value takes everything back.
fn set_words(judge: &mut Judge<'_>, entry: &Entry) {
    if entry.value.is_empty() {
        VARIABLES.into_iter().for_each(|name| judge.unset(name));
    }
    let words = characters(&entry.value, entry.start);
    for word in commands(&words, Shell::Posix).iter().flatten() {
        if let Some((name, value)) = word.text.split_once('=') {
            let span = word.span_from(name.len() + 1);
            judge.set(Assignment { name, value, is_dynamic: false, span });
        }
    }
}

/// Whether the file's name, or that of the folder of its drop-ins, is Dino's.
fn names_dino(path: &Path) -> bool {
    path.iter().rev().take(2).filter_map(|part| part.to_str()).any(|part| {
        part.split(['.', '-', '_', '@']).any(|word| word.eq_ignore_ascii_case("dino") || word == "DinoX")
    })
}

/// All entries in their order, or the line at which rust-ini gives up.
fn read(text: &str) -> Result<Vec<Entry>, Span> {
    let options = ParseOption { enabled_quote: false, enabled_escape: false, ..ParseOption::default() };
    let ini = Ini::load_from_str_opt(text, options).map_err(|error| line_span(text, error.line))?;
    let mut lines: HashMap<(&str, &str), VecDeque<usize>> = HashMap::new();
    for (start, key, value) in key_lines(text) {
        lines.entry((key, value)).or_default().push_back(start);
    }
    let mut entries = Vec::new();
    for (group, properties) in &ini {
        let group: Rc<str> = group.unwrap_or_default().into();
        for (key, value) in properties {
            if let Some(start) = lines.get_mut(&(key, value)).and_then(VecDeque::pop_front) {
                entries.push(Entry {
                    group: group.to_owned(),
                    key: key.to_owned(),
                    value: value.to_owned(),
                    start,
                });
            }
        }
    }
    Ok(entries)
}

/// Where the value stands, the key, and the value, of every line that has them.
fn key_lines(text: &str) -> impl Iterator<Item = (usize, &str, &str)> {
    let mut next = 0;
    text.split('\n').filter_map(move |line| {
        let start = next;
        next += line.len() + 1;
        let (key, value) = line.split_once('=')?;
        let written = value.trim_start();
        Some((start + line.len() - written.len(), key.trim(), written.trim_end()))
    })
}

/// The last line that says something up to the line of that number, which rust-ini counts from 1: what is never closed
/// it notices at the end of the text only.
fn line_span(text: &str, number: usize) -> Span {
    let mut start = 0;
    let mut span = Span::at(0);
    for line in text.split('\n').take(number) {
        let written = line.trim_end().len();
        if written > 0 {
            span = Span::new(start, start + written);
        }
        start += line.len() + 1;
    }
    span
}
