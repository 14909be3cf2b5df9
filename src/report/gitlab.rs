//! GitLab's Code Quality report: a JSON array in a subset of the Code Climate engine specification.
//!
//! GitLab reads the description, the fingerprint, the severity, the path and the first line; the rest is for other
//! readers of the format.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::exchange::{NOT_AUDITED, automatic, missing, path, sentence_with_place, stretch};
use super::overview::{Unseen, client_title};
use super::{Format, Options, Shown, phrases};
use crate::finding::{Audit, Finding, Severity, fingerprint};
use crate::model::Language;

/// The format `gitlab`.
pub struct Gitlab;

impl Format for Gitlab {
    fn name(&self) -> &'static str {
        "gitlab"
    }

    fn about(&self, language: Language) -> &'static str {
        phrases::ABOUT_GITLAB.text(language)
    }

    fn tells_repairs(&self) -> bool {
        true
    }

    fn write(&self, audit: &Shown, options: &Options, out: &mut dyn Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *out, &issues(audit, options.language))?;
        out.write_all(b"\n")
    }
}

#[derive(Serialize)]
struct Issue<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    check_name: &'a str,
    description: String,
    content: Content,
    categories: [&'static str; 1],
    severity: &'static str,
    fingerprint: String,
    location: Location,
    automatic_fix: &'static str,
}

#[derive(Serialize)]
struct Content {
    body: String,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

fn issues(audit: &Audit, language: Language) -> Vec<Issue<'_>> {
    let mut fingerprints = Fingerprints::default();
    let mut issues = Vec::new();
    for finding in &audit.findings {
        issues.push(issue(audit, finding, &mut fingerprints, language));
    }
    for unseen in missing(audit, language) {
        issues.push(not_audited(audit, unseen, &mut fingerprints));
    }
    issues
}

fn issue<'a>(
    audit: &Audit,
    finding: &'a Finding,
    fingerprints: &mut Fingerprints,
    language: Language,
) -> Issue<'a> {
    let location = Location::new(path(audit, &finding.path), stretch(finding).map(|stretch| stretch.line));
    let commit = finding.commit.as_deref().unwrap_or_default();
    Issue {
        kind: "issue",
        check_name: &finding.rule,
        // GitLab does not show the name of the check.
        description: format!("{}: {}", finding.rule, sentence_with_place(finding, language)),
        content: Content { body: body(finding, language) },
        categories: ["Security"],
        severity: severity(finding.severity),
        fingerprint: fingerprints.next([&finding.fingerprint, &location.path, commit]),
        location,
        automatic_fix: automatic(finding),
    }
}

fn not_audited(audit: &Audit, unseen: Unseen<'_>, fingerprints: &mut Fingerprints) -> Issue<'static> {
    let path = path(audit, unseen.path);
    Issue {
        kind: "issue",
        check_name: NOT_AUDITED,
        description: format!("{NOT_AUDITED}: {}", unseen.sentence),
        content: Content { body: unseen.sentence },
        categories: ["Security"],
        severity: severity(Severity::Medium),
        fingerprint: fingerprints.next([NOT_AUDITED, &path, ""]),
        location: Location::new(path, None),
        automatic_fix: "none",
    }
}

impl Location {
    fn new(path: String, line: Option<usize>) -> Self {
        // GitLab passes over everything behind an issue without a line.
        let line = line.unwrap_or(1);
        Self { path, lines: Lines { begin: line, end: line } }
    }
}

/// Why it matters and what to do, as Markdown.
fn body(finding: &Finding, language: Language) -> String {
    let how = phrases::REMEDY_IN.with(language, [client_title(finding.client)]);
    let remedy = (!finding.remedy.is_empty()).then(|| format!("## {how}\n\n{}", finding.remedy));
    let why = (!finding.why.is_empty()).then(|| finding.why.to_string());
    [why, remedy].into_iter().flatten().collect::<Vec<_>>().join("\n\n")
}

const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Low => "minor",
        Severity::Medium => "major",
        Severity::High => "critical",
        Severity::Critical => "blocker",
    }
}

/// Gives each issue a fingerprint of its own: of several with the same GitLab shows one.
///
/// A finding's fingerprint says nothing of where the file lies, so that two homes with the same fault have the same
/// one. The path tells them apart whether or not both are there: if it counted only then, putting one right would
/// make the other a new one.
#[derive(Default)]
struct Fingerprints {
    used: BTreeMap<String, usize>,
}

impl Fingerprints {
    fn next(&mut self, parts: [&str; 3]) -> String {
        let first = fingerprint(&parts, 0);
        let ordinal = self.used.entry(first.clone()).and_modify(|ordinal| *ordinal += 1).or_insert(0);
        if *ordinal == 0 { first } else { fingerprint(&parts, *ordinal) }
    }
}
