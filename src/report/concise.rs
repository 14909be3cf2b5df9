//! One line a finding, to be searched: `path:line:column: severity[rule] message`.

use std::io::{self, Write};

use super::overview::{self, client_title, status_word, unseen};
use super::paint::{Ink, Paint};
use super::{Detail, Format, Options, Shown, phrases};
use crate::finding::{Audit, Finding};
use crate::model::Language;

/// The format `concise`.
pub struct Concise;

impl Format for Concise {
    fn name(&self) -> &'static str {
        "concise"
    }

    fn about(&self, language: Language) -> &'static str {
        phrases::ABOUT_CONCISE.text(language)
    }

    fn write(&self, audit: &Shown, options: &Options, out: &mut dyn Write) -> io::Result<()> {
        let paint = Paint::new(options);
        for finding in &audit.findings {
            // Not translated: these words are what one searches for, and what --min-severity takes.
            let severity = paint.ink(Ink::of_severity(finding.severity), finding.severity.word());
            let expected = expected(finding, options.language);
            writeln!(out, "{}: {severity}[{}] {}{expected}", location(finding), finding.rule, finding.message)?;
        }
        if options.detail == Detail::Quiet {
            return Ok(());
        }
        for unseen in unseen(audit, options.language) {
            writeln!(out, "{}: notice: {}", unseen.path.display(), unseen.sentence)?;
        }
        if options.detail == Detail::Verbose {
            for suppressed in &audit.suppressed {
                let (finding, reason) = (&suppressed.finding, overview::acceptance(suppressed, options.language));
                writeln!(out, "{}: accepted[{}] {reason}", location(finding), finding.rule)?;
            }
            for input in &audit.inputs {
                let client = client_title(input.client);
                writeln!(
                    out,
                    "{}: {}: {client}, {}",
                    input.path.display(),
                    status_word(input.status),
                    input.kind.0
                )?;
            }
        }
        writeln!(out, "{}", summary(audit, options.language))
    }
}

/// `path:line:column`; in a database `path: place`.
fn location(finding: &Finding) -> String {
    let path = finding.path.display();
    match finding.position {
        Some(position) => format!("{path}:{}:{}", position.line, position.column),
        None if finding.place.is_empty() || finding.subject == "file" => path.to_string(),
        None => format!("{path}: {}", finding.place),
    }
}

/// What a policy expects, where the message does not say so already.
pub(super) fn expected(finding: &Finding, language: Language) -> String {
    let expected = finding.expected.as_ref().filter(|expected| !expected.in_message);
    expected.map_or_else(String::new, |expected| {
        let (wanted, actual) = (expected.wanted.phrase(language), expected.actual(language));
        format!(" {}", phrases::EXPECTED_SHORT.with(language, [&expected.policy, &wanted, actual]))
    })
}

pub(super) fn summary(audit: &Audit, language: Language) -> String {
    if let Some(nothing) = overview::nothing_audited(audit, language) {
        return nothing;
    }
    let mut findings = phrases::FINDING.count(language, audit.findings.len());
    let severities = overview::severities(audit, language);
    if !severities.is_empty() {
        findings.push_str(&format!(" ({severities})"));
    }
    let files = phrases::FILE.count(language, audit.inputs.len());
    let files = format!("{files} ({})", overview::statuses(audit, language));
    let summary = phrases::IN.with(language, [&findings, &overview::things(audit, language), &files]);
    let mut more = vec![summary];
    if !audit.looked_back.is_empty() {
        more.push(overview::history(audit, language));
    }
    if audit.below_severity > 0 {
        more.push(phrases::HIDDEN_SHORT.count(language, audit.below_severity));
    }
    if audit.below_confidence > 0 {
        more.push(phrases::LESS_SURE.count(language, audit.below_confidence));
    }
    more.extend(overview::accepted(audit, language));
    if !audit.gone.is_empty() {
        more.push(phrases::GONE_COUNT.count(language, audit.gone.len()));
    }
    if audit.excluded > 0 {
        more.push(phrases::EXCLUDED_SHORT.count(language, audit.excluded));
    }
    if audit.pruned > 0 {
        more.push(phrases::PRUNED_SHORT.count(language, audit.pruned));
    }
    more.join("; ")
}
