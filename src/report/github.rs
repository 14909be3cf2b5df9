//! Annotations of a workflow on GitHub, as commands that its runner reads from standard output.
//!
//! Source: “Workflow commands for GitHub Actions” in GitHub's documentation, and `packages/core/src/command.ts` of
//! `actions/toolkit`, which writes such commands.

use std::io::{self, Write};

use super::exchange::{Stretch, missing, path, plain, sentence_with_place, stretch};
use super::overview::{client_title, nothing_audited};
use super::{Detail, Format, Options, Shown, concise, phrases};
use crate::finding::{Audit, Finding, Severity};
use crate::model::Language;

/// As many annotations of a kind as GitHub takes of a step. What comes later is dropped without a word.
const LIMIT: usize = 10;

/// Of the warnings so many are kept for files that could not be looked at, however many findings there are.
const KEPT_FOR_MISSING: usize = 3;

/// The format `github`.
pub struct Github;

impl Format for Github {
    fn name(&self) -> &'static str {
        "github"
    }

    fn about(&self, language: Language) -> &'static str {
        phrases::ABOUT_GITHUB.text(language)
    }

    fn write(&self, audit: &Shown, options: &Options, out: &mut dyn Write) -> io::Result<()> {
        let language = options.language;
        let (annotations, left_out) = within_limits(annotations(audit, language));
        for annotation in annotations {
            annotation.write(out)?;
        }
        if left_out > 0 {
            let said = phrases::NOT_SHOWN.count(language, left_out);
            Annotation::general(Kind::Notice, said).write(out)?;
        }
        if options.detail == Detail::Quiet {
            return Ok(());
        }
        // Counts only: the runner looks for commands within lines, too (`##[error]`).
        writeln!(out, "{}", concise::summary(audit, language))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Error,
    Warning,
    Notice,
}

impl Kind {
    const fn of(severity: Severity) -> Self {
        match severity {
            Severity::Critical | Severity::High => Self::Error,
            Severity::Medium => Self::Warning,
            Severity::Low | Severity::Info => Self::Notice,
        }
    }

    const fn command(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Notice => "notice",
        }
    }
}

#[derive(Debug)]
struct Annotation {
    kind: Kind,
    file: Option<String>,
    stretch: Option<Stretch>,
    title: String,
    message: String,
    is_missing: bool,
}

impl Annotation {
    /// About no file.
    fn general(kind: Kind, message: String) -> Self {
        let title = env!("CARGO_PKG_NAME").to_owned();
        Self { kind, file: None, stretch: None, title, message, is_missing: false }
    }

    fn of(audit: &Audit, finding: &Finding, language: Language) -> Self {
        let mut message = sentence_with_place(finding, language);
        if !finding.remedy.is_empty() {
            let how = phrases::REMEDY_BY_HAND.with(language, [client_title(finding.client)]);
            message = format!("{message}\n\n{how}\n{}", plain(&finding.remedy));
        }
        Self {
            kind: Kind::of(finding.severity),
            file: Some(path(audit, &finding.path)),
            stretch: stretch(finding),
            title: format!("{}[{}]: {}", finding.severity.word(), finding.rule, finding.title),
            message,
            is_missing: false,
        }
    }

    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        write!(out, "::{} ", self.kind.command())?;
        if let Some(file) = &self.file {
            write!(out, "file={},", escaped_property(file))?;
        }
        if let Some(Stretch { line, column, end_column }) = self.stretch {
            write!(out, "line={line},endLine={line},col={column},endColumn={end_column},")?;
        }
        writeln!(out, "title={}::{}", escaped_property(&self.title), escaped(&self.message))
    }
}

/// Everything that there is to say, worst first; what could not be looked at after what is as bad.
fn annotations(audit: &Audit, language: Language) -> Vec<Annotation> {
    let missing = missing(audit, language).map(|unseen| Annotation {
        kind: Kind::Warning,
        file: Some(path(audit, unseen.path)),
        stretch: None,
        title: phrases::NOT_AUDITED_TITLE.text(language).to_owned(),
        message: unseen.sentence,
        is_missing: true,
    });
    let nothing = nothing_audited(audit, language).map(|sentence| Annotation::general(Kind::Warning, sentence));
    let findings = audit.findings.iter().map(|finding| Annotation::of(audit, finding, language));
    let mut all: Vec<Annotation> = findings.chain(missing).chain(nothing).collect();
    // Stable: findings come worst first.
    all.sort_by_key(|annotation| annotation.kind as u8);
    all
}

/// As many as GitHub takes, and how many are left out. That some are must be said, which takes a notice.
fn within_limits(all: Vec<Annotation>) -> (Vec<Annotation>, usize) {
    let count = |kind, is_missing| {
        all.iter().filter(|annotation| annotation.kind == kind && annotation.is_missing == is_missing).count()
    };
    let missing = count(Kind::Warning, true);
    let warnings = count(Kind::Warning, false).min(LIMIT - missing.min(KEPT_FOR_MISSING));
    let [errors, notices] = [Kind::Error, Kind::Notice].map(|kind| count(kind, false));
    let fits = errors <= LIMIT && notices <= LIMIT && missing + count(Kind::Warning, false) <= LIMIT;
    let notice_limit = if fits { LIMIT } else { LIMIT - 1 };
    let mut room = [
        (Kind::Error, false, LIMIT),
        (Kind::Warning, false, warnings),
        (Kind::Warning, true, LIMIT - warnings),
        (Kind::Notice, false, notice_limit),
    ];
    let total = all.len();
    let shown: Vec<Annotation> = all
        .into_iter()
        .filter(|annotation| {
            let place = room.iter_mut().find(|(kind, is_missing, left)| {
                (*kind, *is_missing) == (annotation.kind, annotation.is_missing) && *left > 0
            });
            place.map(|(_, _, left)| *left -= 1).is_some()
        })
        .collect();
    let left_out = total - shown.len();
    (shown, left_out)
}

/// Text of a command, as `escapeData` of the toolkit writes it.
fn escaped(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property, as `escapeProperty` of the toolkit writes it.
fn escaped_property(text: &str) -> String {
    escaped(text).replace(':', "%3A").replace(',', "%2C")
}
