//! reviewdog's diagnostic format: one object, the JSON of `DiagnosticResult`.
//!
//! Source: `proto/rdf/reviewdog.proto` of reviewdog.

use std::io::{self, Write};

use serde::Serialize;

use super::exchange::{NOT_AUDITED, homepage, marked, missing, path, plain, replacements, sentence_with_place};
use super::overview::client_title;
use super::{Format, Options, Shown, phrases};
use crate::finding::{Audit, Finding, Severity};
use crate::model::{Excerpt, Language, MASK, Position};

/// The format `rdjson`.
pub struct Rdjson;

impl Format for Rdjson {
    fn name(&self) -> &'static str {
        "rdjson"
    }

    fn about(&self, language: Language) -> &'static str {
        phrases::ABOUT_RDJSON.text(language)
    }

    fn tells_repairs(&self) -> bool {
        true
    }

    fn write(&self, audit: &Shown, options: &Options, out: &mut dyn Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *out, &result(audit, options.language))?;
        out.write_all(b"\n")
    }
}

#[derive(Serialize)]
struct DiagnosticResult<'a> {
    source: Source,
    #[serde(skip_serializing_if = "Option::is_none")]
    severity: Option<Level>,
    diagnostics: Vec<Diagnostic<'a>>,
}

#[derive(Serialize)]
struct Source {
    name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'static str>,
}

#[derive(Serialize)]
struct Diagnostic<'a> {
    message: String,
    location: Location,
    severity: Level,
    code: Code<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<Suggestion<'a>>,
}

/// `Suggestion`: a range of the diagnostic's file, and what is to stand there instead.
#[derive(Debug, PartialEq, Serialize)]
struct Suggestion<'a> {
    range: Range,
    text: &'a str,
}

#[derive(Serialize)]
struct Location {
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<Range>,
}

#[derive(Debug, PartialEq, Serialize)]
struct Range {
    start: Point,
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<Point>,
}

/// `Position`: a line, and a column in bytes of UTF-8, both counted from 1. Without a column the line as a whole.
#[derive(Debug, PartialEq, Serialize)]
struct Point {
    line: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
}

#[derive(Serialize)]
struct Code<'a> {
    value: &'a str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
enum Level {
    Error,
    Warning,
    Info,
}

impl Level {
    const fn of(severity: Severity) -> Self {
        match severity {
            Severity::Critical | Severity::High => Self::Error,
            Severity::Medium => Self::Warning,
            Severity::Low | Severity::Info => Self::Info,
        }
    }
}

fn result(audit: &Audit, language: Language) -> DiagnosticResult<'_> {
    let found = audit.findings.iter().map(|finding| diagnostic(audit, finding, language));
    let missing = missing(audit, language).map(|unseen| Diagnostic {
        message: unseen.sentence,
        location: Location { path: path(audit, unseen.path), range: None },
        severity: Level::Warning,
        code: Code { value: NOT_AUDITED },
        suggestions: Vec::new(),
    });
    let diagnostics: Vec<Diagnostic<'_>> = found.chain(missing).collect();
    DiagnosticResult {
        source: Source { name: env!("CARGO_PKG_NAME"), url: homepage() },
        severity: diagnostics.iter().map(|diagnostic| diagnostic.severity).min_by_key(|level| *level as u8),
        diagnostics,
    }
}

fn diagnostic<'a>(audit: &Audit, finding: &'a Finding, language: Language) -> Diagnostic<'a> {
    let title = format!("{}: {}", finding.severity.word(), sentence_with_place(finding, language));
    let how = phrases::REMEDY_BY_HAND.with(language, [client_title(finding.client)]);
    let message = match &*finding.remedy {
        "" => title,
        remedy => format!("{title}\n\n{how}\n{}", plain(remedy)),
    };
    Diagnostic {
        message,
        location: Location { path: path(audit, &finding.path), range: range(finding) },
        severity: Level::of(finding.severity),
        code: Code { value: &finding.rule },
        suggestions: suggestions(finding),
    }
}

/// What puts the finding right. A suggestion is about the file of its diagnostic, and about nothing else.
fn suggestions(finding: &Finding) -> Vec<Suggestion<'_>> {
    let replacements = replacements(finding).filter(|all| all.iter().all(|one| one.path == finding.path));
    let point = |line, column| Point { line, column: Some(column) };
    let mut suggestions = Vec::new();
    for replacement in replacements.into_iter().flatten() {
        let at = replacement.position_in_bytes;
        let range = Range { start: point(at.line, at.column), end: Some(point(at.end_line, at.end_column)) };
        suggestions.push(Suggestion { range, text: replacement.text });
    }
    suggestions
}

/// Where a finding stands, of several lines the first.
fn range(finding: &Finding) -> Option<Range> {
    let position = finding.position?;
    let point = |column| Point { line: position.line, column };
    let Some((before, marked)) = finding.excerpt.as_ref().and_then(|excerpt| as_in_file(excerpt, position)) else {
        return Some(Range { start: point(None), end: None });
    };
    let start = before.len() + 1;
    // The bytes of a secret are nobody's business.
    let end = (!marked.contains(MASK)).then(|| point(Some(start + marked.len())));
    Some(Range { start: point(Some(start)), end })
}

/// What stands before the mark on its line, and the mark, if both are shown as they stand in the file: neither cut
/// nor, before the mark, masked. Only then can their bytes be counted; of the file itself nothing is known here.
fn as_in_file(excerpt: &Excerpt, position: Position) -> Option<(&str, &str)> {
    let before = excerpt.text.get(..excerpt.mark.start)?;
    let is_whole = !before.starts_with('…') && !before.contains(MASK) && excerpt.first_line == Some(position.line);
    (is_whole && before.chars().count() + 1 == position.column).then(|| (before, marked(excerpt)))
}
