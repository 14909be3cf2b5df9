//! The report for people: every finding with its line, the reason and the remedy, then a summary.

mod accounts;
mod closing;
mod finding;
mod fit;
mod frame;
mod grades;

use std::io::{self, Write};

use super::markdown;
use super::paint::{Ink, Paint};
use super::phrases::{self, Phrase};
use super::wrap::{columns, wrap};
use super::{Detail, Format, Options, Shown};
use crate::model::Language;

/// The widest that prose gets: longer lines are hard to read on however wide a terminal.
const PROSE: usize = 100;

/// The narrowest terminal that is reckoned with.
const NARROWEST: usize = 40;

/// The format `full`.
pub struct Full;

impl Format for Full {
    fn name(&self) -> &'static str {
        "full"
    }

    fn about(&self, language: Language) -> &'static str {
        phrases::ABOUT_FULL.text(language)
    }

    fn write(&self, audit: &Shown, options: &Options, out: &mut dyn Write) -> io::Result<()> {
        let style = Style::new(options);
        let mut told = finding::Told::default();
        for finding in &audit.findings {
            out.write_all(finding::render(finding, &style, &mut told)?.as_bytes())?;
            out.write_all(b"\n")?;
        }
        if options.detail == Detail::Quiet {
            return Ok(());
        }
        out.write_all(closing::render(audit, &style).as_bytes())
    }
}

/// How this report looks, worked out once.
#[derive(Clone, Copy, Debug)]
struct Style {
    language: Language,
    paint: Paint,
    unicode: bool,
    verbose: bool,
    /// The columns for frames and tables.
    width: usize,
    /// The columns for sentences.
    prose: usize,
}

impl Style {
    fn new(options: &Options) -> Self {
        let width = options.width.max(NARROWEST);
        Self {
            language: options.language,
            paint: Paint::new(options),
            unicode: options.unicode,
            verbose: options.detail == Detail::Verbose,
            width,
            prose: width.min(PROSE),
        }
    }

    fn text(&self, phrase: Phrase) -> &'static str {
        phrase.text(self.language)
    }

    /// A heading at the left edge.
    fn heading(&self, text: &str) -> String {
        self.say(Ink::Heading, text)
    }

    /// A sentence at the left edge, all in one ink.
    fn say(&self, ink: Ink, text: &str) -> String {
        let lines = wrap(text, self.prose);
        indented(&lines.iter().map(|line| self.paint.ink(ink, line).into_owned()).collect::<Vec<_>>(), 0)
    }

    /// Words and what belongs to them, in two columns.
    fn definitions<'a>(&self, rows: impl Iterator<Item = (&'a str, Vec<String>)> + Clone, ink: Ink) -> String {
        let word_width = rows.clone().map(|(word, _)| columns(word)).max().unwrap_or(0);
        let indent = word_width + 4;
        let mut shown = String::new();
        for (word, lines) in rows {
            let padding = " ".repeat(indent.saturating_sub(columns(word) + 2));
            let text = indented(&lines, indent);
            shown.push_str(&format!("  {}{padding}{}", self.paint.ink(ink, word), text.trim_start()));
        }
        shown
    }

    /// Markdown, wrapped and indented.
    fn prose(&self, source: &str, indent: usize) -> String {
        let lines = markdown::render(source, self.paint, self.prose.saturating_sub(indent));
        indented(&lines, indent)
    }
}

/// The lines with blanks before them; empty lines stay empty.
fn indented(lines: &[String], indent: usize) -> String {
    let mut text = String::new();
    for line in lines {
        if !line.is_empty() {
            text.extend(std::iter::repeat_n(' ', indent));
            text.push_str(line);
        }
        text.push('\n');
    }
    text
}
