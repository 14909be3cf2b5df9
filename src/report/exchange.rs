//! What the formats that other tools read have in common: paths, places on one line, sentences that stand alone.

use std::path::{Component, Path};

use super::concise;
use super::markdown;
use super::overview::{Unseen, unseen};
use super::paint::Paint;
use crate::finding::{Audit, FileEdit, Finding};
use crate::model::{Excerpt, Language, Position, Step};

/// What stands for a rule where a file could not be looked at. No rule is called so.
pub(super) const NOT_AUDITED: &str = "not-audited";

/// Whether the program can put a finding right by itself, and how safely.
pub(super) fn automatic(finding: &Finding) -> &'static str {
    let repair = finding.repair.as_ref().filter(|repair| repair.edits().is_some());
    repair.map_or("none", |repair| repair.safety.word())
}

/// A range of a text file, and what is to stand there instead.
pub(super) struct Replacement<'a> {
    /// The file.
    pub path: &'a Path,
    /// The range, in characters.
    pub position: Position,
    /// The range, in bytes.
    pub position_in_bytes: Position,
    /// What is to stand there.
    pub text: &'a str,
}

/// What would put a finding right in the texts of files. None where that takes anything else, such as a database or
/// permissions; nor where a range would tell how long a secret is, and not only which lines go.
pub(super) fn replacements(finding: &Finding) -> Option<Vec<Replacement<'_>>> {
    finding.repair.as_ref()?.edits()?.iter().map(replacement).collect()
}

fn replacement(edit: &FileEdit) -> Option<Replacement<'_>> {
    let Step::Text(splice) = &edit.step else { return None };
    let (position, position_in_bytes) = (edit.position?, edit.position_in_bytes?);
    let is_of_lines = position.column == 1 && position.end_column == 1 && position.end_line > position.line;
    let tells_nothing = !splice.forgets || is_of_lines;
    tells_nothing.then_some(Replacement { path: &edit.path, position, position_in_bytes, text: &splice.new })
}

/// Where the project lives, as its manifest says; none as long as it does not say.
pub(super) fn homepage() -> Option<&'static str> {
    Some(env!("CARGO_PKG_REPOSITORY")).filter(|address| !address.is_empty())
}

/// A path in a report that leaves the machine, with forward slashes; `.` where there is nothing to name.
pub(super) fn path(audit: &Audit, path: &Path) -> String {
    slashed(&audit.relative(path))
}

/// A relative path with forward slashes; `.` where there is nothing to name.
pub(super) fn slashed(path: &Path) -> String {
    let parts = path.components().filter_map(|part| match part {
        Component::Normal(name) => Some(name.to_string_lossy()),
        _ => None,
    });
    let joined = parts.collect::<Vec<_>>().join("/");
    if joined.is_empty() { ".".to_owned() } else { joined }
}

/// A stretch of one line, in characters, counted from 1; the end is the column behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    pub line: usize,
    pub column: usize,
    pub end_column: usize,
}

/// Where a finding stands, of several lines the first: a tool that shows changes shows a finding only if all its
/// lines have changed. None where the file has no lines, or is meant as a whole.
pub(super) fn stretch(finding: &Finding) -> Option<Stretch> {
    let position = finding.position?;
    let end_column = if position.end_line == position.line {
        position.end_column
    } else {
        let marked = finding.excerpt.as_ref().map_or("", marked);
        position.column + marked.chars().count()
    };
    Some(Stretch { line: position.line, column: position.column, end_column: end_column.max(position.column) })
}

/// The part of an excerpt that is meant.
pub(super) fn marked(excerpt: &Excerpt) -> &str {
    excerpt.text.get(excerpt.mark.start..excerpt.mark.end).unwrap_or_default()
}

/// The problem as a sentence that stands alone, with what a policy expects.
pub(super) fn sentence(finding: &Finding, language: Language) -> String {
    let said = format!("{}{}", finding.message, concise::expected(finding, language));
    if said.ends_with(['.', '!', '?', '…']) { said } else { said + "." }
}

/// The sentence, and the place in words where no line tells it.
pub(super) fn sentence_with_place(finding: &Finding, language: Language) -> String {
    let sentence = sentence(finding, language);
    if finding.position.is_some() || finding.subject == "file" || finding.place.is_empty() {
        return sentence;
    }
    format!("{sentence} ({})", finding.place)
}

/// Markdown of a rule page as plain text, a paragraph a line.
pub(super) fn plain(source: &str) -> String {
    markdown::render(source, Paint { colour: false, links: false }, usize::MAX).join("\n")
}

/// What should have been looked at and could not be.
pub(super) fn missing(audit: &Audit, language: Language) -> impl Iterator<Item = Unseen<'_>> {
    unseen(audit, language).into_iter().filter(|unseen| unseen.missing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_never_empty_nor_absolute() {
        for (path, shown) in
            [("a/b c", "a/b c"), ("/home/alice", "home/alice"), ("./a", "a"), ("", "."), ("/", ".")]
        {
            assert_eq!(slashed(Path::new(path)), shown);
        }
    }

    #[test]
    fn markdown_becomes_text_without_frills() {
        let source = "One\ntwo **three** `four`.\n\n- See [the page](https://e.test/)\n\n~~~sh\nchmod 600 a\n~~~";
        assert_eq!(plain(source), "One two three `four`.\n\n- See the page (https://e.test/)\n\n    chmod 600 a");
    }
}
