//! Tells people and programs what an audit found: one file a format.
//!
//! A format is a file here plus one line in [`FORMATS`]. It is handed a [`Shown`] audit, in which everything that
//! came out of a scanned file is harmless already, and writes it in one go; how the words are chosen (language,
//! colour, width) has been decided before, in [`Options`].

mod checkstyle;
mod comment;
mod concise;
mod csv;
mod exchange;
mod full;
mod github;
mod gitlab;
pub mod harmless;
mod html;
mod json;
mod junit;
mod markdown;
mod narrated;
mod ndjson;
mod overview;
mod paint;
mod phrases;
mod rdjson;
mod sarif;
mod shown;
mod wrap;

use std::io::{self, BufWriter, Write};

pub use json::SCHEMA;
pub use ndjson::LINE_SCHEMA;
pub use shown::Shown;

use paint::{Ink, Paint};

use crate::finding::{Audit, Severity};
use crate::model::Language;

/// Every format, in the order in which they are listed; the first is the default.
pub const FORMATS: [&dyn Format; 14] = [
    &full::Full,
    &concise::Concise,
    &narrated::Narrated,
    &json::Json,
    &html::Html,
    &comment::Comment,
    &csv::Csv,
    &ndjson::Ndjson,
    &sarif::Sarif,
    &github::Github,
    &gitlab::Gitlab,
    &junit::Junit,
    &checkstyle::Checkstyle,
    &rdjson::Rdjson,
];

/// A way to show an audit.
pub trait Format: Sync {
    /// Its name, as on the command line.
    fn name(&self) -> &'static str;

    /// What it is good for, in a few words.
    fn about(&self, language: Language) -> &'static str;

    /// Whether it tells of the rules that found nothing, too: [`Audit::rules`].
    fn tells_rules(&self) -> bool {
        false
    }

    /// Whether it tells what the program itself can do about findings: [`Finding::repair`](crate::finding::Finding).
    fn tells_repairs(&self) -> bool {
        false
    }

    /// Writes the report.
    ///
    /// # Errors
    /// What `out` says. That the reader has gone away (`BrokenPipe`) is the caller's to forgive.
    fn write(&self, audit: &Shown, options: &Options, out: &mut dyn Write) -> io::Result<()>;
}

/// The format of that name.
#[must_use]
pub fn by_name(name: &str) -> Option<&'static dyn Format> {
    FORMATS.into_iter().find(|format| format.name() == name)
}

/// Writes the report of an audit.
///
/// # Errors
/// What `out` says.
pub fn write(audit: &Audit, format: &dyn Format, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    write_shown(&Shown::new(audit.clone()), format, options, out)
}

/// Writes the report of an audit that has been made harmless.
///
/// # Errors
/// What `out` says.
pub fn write_shown(audit: &Shown, format: &dyn Format, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    // Formats write in small pieces; a terminal's stream would pass on each line by itself.
    let mut buffered = BufWriter::new(out);
    format.write(audit, options, &mut buffered)?;
    buffered.flush()
}

/// Markdown of a rule page as lines for a terminal.
#[must_use]
pub fn prose(source: &str, options: &Options) -> Vec<String> {
    markdown::render(source, Paint::new(options), options.width)
}

/// A heading for a terminal.
#[must_use]
pub fn heading(text: &str, options: &Options) -> String {
    Paint::new(options).ink(Ink::Heading, text).into_owned()
}

/// The word for a severity in a text for people.
#[must_use]
pub const fn severity(severity: Severity, language: Language) -> &'static str {
    phrases::severity(severity).0.text(language)
}

/// How a report is to look. Everything has been decided: nothing here asks the environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// The language of its sentences.
    pub language: Language,
    /// Whether colours and other styles may be used.
    pub colour: bool,
    /// Whether frames may be drawn with characters beyond ASCII.
    pub unicode: bool,
    /// Whether links may be hidden behind their text (OSC 8); otherwise their address is written out.
    pub links: bool,
    /// The columns of the terminal.
    pub width: usize,
    /// How much is told.
    pub detail: Detail,
}

/// How much a report for people tells. Formats for programs always tell everything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detail {
    /// Findings only.
    Quiet,
    /// Findings, what could not be looked at, and a summary.
    #[default]
    Normal,
    /// Also every file with what became of it.
    Verbose,
}

impl Default for Options {
    /// English for a pipe: no colours, no links, 80 columns.
    fn default() -> Self {
        Self {
            language: Language::English,
            colour: false,
            unicode: true,
            links: false,
            width: 80,
            detail: Detail::Normal,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_found_by_name() {
        for format in FORMATS {
            assert_eq!(by_name(format.name()).unwrap().name(), format.name());
            assert_ne!(format.about(Language::English), format.about(Language::French));
        }
        assert!(by_name("Full").is_none());
    }
}
