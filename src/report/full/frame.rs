//! The framed source line of a finding, drawn by miette.

use std::fmt;
use std::io;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode,
    SourceSpan, SpanContents,
};

use super::super::paint::Ink;
use super::super::wrap::{columns, wrap};
use super::Style;
use super::fit::{Fitted, fit};
use crate::finding::{Finding, Severity};
use crate::model::{Excerpt, Position, Span};

/// The narrowest label of several lines that is still drawn under its mark.
const NARROWEST_LABEL: usize = 24;

/// The message of a finding and its source line in a frame that names the path, the line and the column.
///
/// `label`, or `place` where there is none, stands under the mark if there is room; what does not, at the frame's
/// lower edge.
///
/// # Errors
/// If miette cannot draw, which it always can: the excerpt is whole and the mark lies within.
pub fn render(finding: &Finding, label: Option<String>, place: &str, style: &Style) -> io::Result<String> {
    let path = finding.path.display().to_string();
    let source = finding.excerpt.as_ref().map(|excerpt| Source::new(path, excerpt, finding.position, style));
    // What is written is labelled with its place; where nothing is written, that is what the label says.
    let (label, place, most_lines) = label.map_or((place.to_owned(), "", 1), |label| (label, place, 2));
    let label = Label::new(label, most_lines, source.as_ref(), style);
    let numbered = source.as_ref().is_some_and(|source| source.number.is_some());
    let gutter = source.as_ref().map(Source::gutter);
    let problem = Problem {
        message: wrap(&finding.message, style.prose.saturating_sub(4)).join("\n"),
        severity: finding.severity,
        label: label.under,
        source,
    };
    let mut drawn = String::new();
    handler(finding.severity, numbered, style).render_report(&mut drawn, &problem).map_err(io::Error::other)?;
    if !numbered {
        // A cell of a database has no line; miette numbers every one.
        drawn = drawn.replacen("\n 1 ", "\n   ", 1);
    }
    let note =
        [place, label.below.as_str()].into_iter().filter(|note| !note.is_empty()).collect::<Vec<_>>().join(": ");
    close(&mut drawn, gutter, finding, &note, style);
    Ok(drawn)
}

/// Writes `note` at the frame's lower edge, or draws the edge where there is no source line.
fn close(drawn: &mut String, gutter: Option<usize>, finding: &Finding, note: &str, style: &Style) {
    let bar = if style.unicode { '─' } else { '-' };
    let indent = match gutter {
        Some(gutter) => {
            drawn.truncate(drawn.trim_end().len());
            gutter + 6
        }
        None => {
            let edge: String = std::iter::repeat_n(bar, 3).collect();
            let location = location(finding);
            drawn.push_str(&format!("   {edge}[{}]", style.paint.ink(Ink::Link, &location)));
            if !note.is_empty() {
                drawn.push_str("\n      ");
            }
            6
        }
    };
    for (number, line) in wrap(note, style.width.saturating_sub(indent)).into_iter().enumerate() {
        match (number, gutter) {
            (0, Some(_)) => drawn.push(' '),
            (0, None) => {}
            _ => drawn.push_str(&format!("\n{}", " ".repeat(indent))),
        }
        drawn.push_str(&line);
    }
    drawn.push('\n');
}

/// `path:line:column`, or the path alone.
fn location(finding: &Finding) -> String {
    match finding.position {
        Some(position) => format!("{}:{}:{}", finding.path.display(), position.line, position.column),
        None => finding.path.display().to_string(),
    }
}

/// A label, under the mark or below the frame.
struct Label {
    under: Option<String>,
    below: String,
}

impl Label {
    /// Under the mark if `text` fits there in at most so many lines.
    fn new(text: String, most_lines: usize, source: Option<&Source>, style: &Style) -> Self {
        let Some(source) = source.filter(|_| !text.is_empty()) else { return Self { under: None, below: text } };
        // miette sets the label four columns behind the middle of the mark.
        let used = source.gutter() + 2 + source.column + source.marked.max(1) / 2 + 4;
        let room = style.width.saturating_sub(used);
        let lines = if columns(&text) <= room { vec![text.clone()] } else { wrap(&text, room) };
        let wide = lines.iter().any(|line| columns(line) > room);
        let cramped = lines.len() > 1 && room < NARROWEST_LABEL;
        if wide || cramped || lines.len() > most_lines {
            return Self { under: None, below: text };
        }
        Self { under: Some(lines.join("\n")), below: String::new() }
    }
}

fn handler(severity: Severity, numbered: bool, style: &Style) -> GraphicalReportHandler {
    let handler = GraphicalReportHandler::new_themed(theme(severity, numbered, style))
        .with_links(false)
        .with_width(style.width)
        // Wrapped already: miette would break paths at slashes and names at hyphens.
        .with_wrap_lines(false)
        .without_syntax_highlighting()
        // So that `Source::read_span` can tell which of its two questions is asked.
        .with_context_lines(1);
    if numbered { handler } else { handler.without_primary_span_start() }
}

/// Never miette's default theme, which asks the environment.
fn theme(severity: Severity, numbered: bool, style: &Style) -> GraphicalTheme {
    let mut theme = match (style.paint.colour, style.unicode) {
        (true, true) => GraphicalTheme::unicode(),
        (true, false) => GraphicalTheme::ascii(),
        (false, true) => GraphicalTheme::unicode_nocolor(),
        (false, false) => GraphicalTheme::none(),
    };
    if !style.paint.colour {
        return theme;
    }
    let styles = &mut theme.styles;
    let plain = miette::ThemeStyles::none().linum;
    let own = match severity {
        Severity::Critical => plain.red().bold(),
        Severity::High => plain.red(),
        Severity::Medium => plain.yellow(),
        Severity::Low => plain.cyan(),
        Severity::Info => plain.dimmed(),
    };
    (styles.error, styles.warning, styles.advice) = (own, own, own);
    styles.link = plain.cyan();
    styles.highlights = vec![own];
    if !numbered {
        styles.linum = plain;
    }
    theme
}

/// What miette is shown of a file: the excerpt and nothing else.
#[derive(Debug)]
struct Source {
    name: String,
    text: String,
    mark: Span,
    /// The column of the mark and how many it takes, in the frame.
    column: usize,
    marked: usize,
    /// The first line's number, counted from 1; none for a cell.
    number: Option<usize>,
    /// Line and column of the mark in the file, counted from 1.
    position: (usize, usize),
}

impl Source {
    fn new(name: String, excerpt: &Excerpt, position: Option<Position>, style: &Style) -> Self {
        let number = position.and(excerpt.first_line);
        let last_line = number.unwrap_or(1) + excerpt.text.matches('\n').count();
        let columns = style.width.saturating_sub(gutter(last_line) + 2);
        // The lines of a cell are none of the file's.
        let text = if number.is_some() { excerpt.text.clone() } else { excerpt.text.replace('\n', " ") };
        let ellipsis = if style.unicode { '…' } else { '~' };
        let mut source = Self {
            name,
            text: String::new(),
            mark: Span::at(0),
            column: 0,
            marked: 0,
            number,
            position: position.map_or((1, 1), |position| (position.line, position.column)),
        };
        let mut start = 0;
        for line in text.split('\n') {
            source.add_line(line, start, excerpt.mark, columns, ellipsis);
            start += line.len() + 1;
        }
        source
    }

    /// Adds a line that begins at `start` of the excerpt. What is marked beyond its first line is not shown as such.
    fn add_line(&mut self, line: &str, start: usize, mark: Span, columns: usize, ellipsis: char) {
        if start > 0 {
            self.text.push('\n');
        }
        let holds_mark = (start..=start + line.len()).contains(&mark.start);
        if !holds_mark {
            let Fitted { text, .. } = fit(line, Span::at(0), columns, ellipsis);
            self.text.push_str(&text);
            return;
        }
        let within = Span::new(mark.start - start, mark.end.saturating_sub(start).min(line.len()));
        let fitted = fit(line, within, columns, ellipsis);
        self.mark = fitted.mark.moved_by(self.text.len());
        (self.column, self.marked) = (fitted.column, fitted.marked);
        self.text.push_str(&fitted.text);
        if fitted.mark.start == fitted.text.len() {
            // miette draws no mark behind the last character.
            self.text.push(' ');
        }
    }

    fn gutter(&self) -> usize {
        gutter(self.number.unwrap_or(1) + self.text.matches('\n').count())
    }
}

/// The columns before the frame's left edge: a blank, the number, a blank.
fn gutter(last_line: usize) -> usize {
    last_line.to_string().len() + 2
}

impl SourceCode for Source {
    /// Always the whole excerpt. Without context, miette wants to know where the mark is; with context, where the
    /// first line is.
    fn read_span<'a>(
        &'a self,
        _span: &SourceSpan,
        lines_before: usize,
        _lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let (line, column) = match lines_before {
            0 => self.position,
            _ => (self.number.unwrap_or(1), 1),
        };
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            self.text.as_bytes(),
            (0, self.text.len()).into(),
            line.saturating_sub(1),
            column.saturating_sub(1),
            self.text.matches('\n').count() + 1,
        )))
    }
}

/// A finding as miette wants it.
#[derive(Debug)]
struct Problem {
    message: String,
    severity: Severity,
    label: Option<String>,
    source: Option<Source>,
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Problem {}

impl Diagnostic for Problem {
    /// Chooses the sign before the message; the colour comes from the theme.
    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Critical | Severity::High => miette::Severity::Error,
            Severity::Medium | Severity::Low => miette::Severity::Warning,
            Severity::Info => miette::Severity::Advice,
        })
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|source| source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let mark = self.source.as_ref()?.mark;
        let span = (mark.start, mark.end - mark.start);
        Some(Box::new(std::iter::once(LabeledSpan::new_primary_with_span(self.label.clone(), span))))
    }
}
