//! What a repair would change, for the eye: differences, secrets masked.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use similar::{ChangeTag, TextDiff};

use crate::Mended;
use crate::fix::{Content, FileChange, ShownRow};
use crate::model::Language;
use crate::report::harmless;

/// How many lines are shown around each difference.
const AROUND: usize = 3;

/// How the differences look.
#[derive(Clone, Copy)]
pub(super) struct Style {
    pub color: bool,
    pub language: Language,
}

/// The parameters of an escape sequence for what goes, what comes, and headings.
const GONE: &str = "31";
const NEW: &str = "32";
const HEADING: &str = "1";
const HUNK: &str = "36";

/// All differences of all files, in the order of their paths.
pub(super) fn differences(mended: &Mended, style: Style) -> String {
    let mut shown = String::new();
    for change in &mended.changes {
        difference(change, mended, style, &mut shown);
    }
    shown
}

fn difference(change: &FileChange, mended: &Mended, style: Style, shown: &mut String) {
    let path = harmless::path(&change.path);
    match &change.content {
        Content::Same => {}
        Content::Gone => {
            let sentence = style.language.choose("the file is deleted", "le fichier est supprimé");
            line(shown, HEADING, &format!("--- {path}: {sentence}"), style);
        }
        Content::Text { .. } => {
            let of = |texts: &BTreeMap<PathBuf, String>| texts.get(&change.path).cloned().unwrap_or_default();
            heading(shown, &path, style);
            text(&of(&mended.before.texts), &of(&mended.after.texts), style, shown);
        }
        Content::Rows { .. } => {
            heading(shown, &path, style);
            for row in mended.rows.get(&change.real).into_iter().flatten() {
                cell(row, style, shown);
            }
        }
    }
    if let Some((old, new)) = change.mode {
        let sentence = style.language.choose("permissions", "permissions");
        line(shown, HEADING, &format!("--- {path}: {sentence} {old:03o} → {new:03o}"), style);
    }
}

fn heading(shown: &mut String, path: &str, style: Style) {
    line(shown, HEADING, &format!("--- {path}"), style);
    line(shown, HEADING, &format!("+++ {path}"), style);
}

/// The differences of two texts, as everybody knows them.
fn text(old: &str, new: &str, style: Style, shown: &mut String) {
    let diff = TextDiff::from_lines(old, new);
    for group in diff.grouped_ops(AROUND) {
        let (Some(first), Some(last)) = (group.first(), group.last()) else { continue };
        let range = |start: usize, end: usize| format!("{},{}", start + usize::from(end > start), end - start);
        let old_lines = range(first.old_range().start, last.old_range().end);
        let new_lines = range(first.new_range().start, last.new_range().end);
        line(shown, HUNK, &format!("@@ -{old_lines} +{new_lines} @@"), style);
        for change in group.iter().flat_map(|operation| diff.iter_changes(operation)) {
            let (sign, ink) = match change.tag() {
                ChangeTag::Delete => ('-', GONE),
                ChangeTag::Insert => ('+', NEW),
                ChangeTag::Equal => (' ', ""),
            };
            let text = change.value().trim_end_matches(['\n', '\r']);
            line(shown, ink, &format!("{sign}{}", tabbed(text)), style);
        }
    }
}

/// A line without anything that does something; tabs stay what they are.
fn tabbed(text: &str) -> String {
    text.split('\t').map(harmless::line).collect::<Vec<_>>().join("\t")
}

fn cell(row: &ShownRow, style: Style, shown: &mut String) {
    line(shown, HUNK, &format!("@@ {} @@", harmless::line(&row.place)), style);
    for (sign, text, ink) in [('-', &row.old, GONE), ('+', &row.new, NEW)] {
        if !text.is_empty() {
            line(shown, ink, &format!("{sign}{}", harmless::line(text)), style);
        }
    }
}

fn line(shown: &mut String, ink: &str, text: &str, style: Style) {
    // Writing to a string cannot fail.
    let _ = match style.color && !ink.is_empty() {
        true => writeln!(shown, "\x1b[{ink}m{text}\x1b[0m"),
        false => writeln!(shown, "{text}"),
    };
}

/// The files that change, each once.
pub(super) fn paths(changes: &[FileChange]) -> impl Iterator<Item = &Path> {
    changes.iter().map(|change| change.path.as_path())
}
