//! What follows the findings: what could not be looked at, the accounts, the summary.

use super::super::overview::{self, Reasons, Unseen, client_title, unseen};
use super::super::paint::Ink;
use super::super::phrases::{self, Phrase};
use super::super::wrap::{columns, wrap};
use super::{Style, accounts, grades, indented};
use crate::finding::{Audit, InputStatus};

/// How many files are named in a list that was not asked for.
const LISTED: usize = 20;

/// Everything after the findings.
pub fn render(audit: &Audit, style: &Style) -> String {
    let unseen = unseen(audit, style.language);
    let (remarks, unseen): (Vec<_>, Vec<_>) = unseen.iter().partition(|unseen| unseen.is_remark);
    let (missing, passed_over): (Vec<_>, Vec<_>) = unseen.into_iter().partition(|unseen| unseen.missing);
    let sections = [
        not_seen(phrases::NOT_SEEN, Ink::Bad, &missing, style),
        not_seen(phrases::PASSED_OVER, Ink::Heading, &passed_over, style),
        not_seen(phrases::CONFIGURATION, Ink::Heading, &remarks, style),
        if style.verbose { files(audit, style) } else { String::new() },
        if style.verbose { accepted(audit, style) } else { String::new() },
        accounts::render(audit, style),
        grades::render(audit, style),
        summary(audit, style),
        verdict(audit, style),
    ];
    sections.into_iter().filter(|section| !section.is_empty()).collect::<Vec<_>>().join("\n")
}

fn not_seen(heading: Phrase, ink: Ink, unseen: &[&Unseen<'_>], style: &Style) -> String {
    if unseen.is_empty() {
        return String::new();
    }
    let mut shown = format!("{}\n", style.paint.ink(ink, style.text(heading)));
    let listed = if style.verbose { unseen.len() } else { LISTED };
    for unseen in unseen.iter().take(listed) {
        let path = unseen.path.display().to_string();
        shown.push_str(&format!("  {}\n", style.paint.ink(Ink::Link, &path)));
        shown.push_str(&indented(&wrap(&unseen.sentence, style.prose.saturating_sub(4)), 4));
    }
    shown + &and_more(unseen.len(), listed, style)
}

/// Every file with what became of it.
fn files(audit: &Audit, style: &Style) -> String {
    if audit.inputs.is_empty() {
        return String::new();
    }
    let reasons = Reasons::of(audit);
    let mut shown = style.heading(style.text(phrases::FILES));
    for input in &audit.inputs {
        let path = input.path.display().to_string();
        let ink = match input.status {
            InputStatus::Audited => Ink::Good,
            InputStatus::Skipped => Ink::Faint,
            InputStatus::Failed => Ink::Bad,
        };
        let status = style.paint.ink(ink, style.text(phrases::status(input.status).0));
        let client = client_title(input.client);
        shown.push_str(&format!(
            "  {}\n    {status}: {client}, {}\n",
            style.paint.ink(Ink::Link, &path),
            input.kind.0
        ));
        if let Some(reason) = reasons.reason(input, style.language) {
            shown.push_str(&indented(&wrap(&reason, style.prose.saturating_sub(4)), 4));
        }
    }
    shown
}

/// Every finding that somebody has accepted, with the reason.
fn accepted(audit: &Audit, style: &Style) -> String {
    if audit.suppressed.is_empty() {
        return String::new();
    }
    let mut shown = style.heading(style.text(phrases::ACCEPTED_FINDINGS));
    for suppressed in &audit.suppressed {
        let finding = &suppressed.finding;
        let path = finding.path.display().to_string();
        let severity = style.text(phrases::severity(finding.severity).0);
        shown.push_str(&format!("  {}\n", style.paint.ink(Ink::Link, &path)));
        let room = style.prose.saturating_sub(4);
        shown.push_str(&indented(&wrap(&format!("{severity}[{}]: {}", finding.rule, finding.message), room), 4));
        shown.push_str(&indented(&wrap(&overview::acceptance(suppressed, style.language), room), 4));
    }
    shown
}

/// Where was looked, at what, and how much was found.
fn summary(audit: &Audit, style: &Style) -> String {
    let language = style.language;
    let mut rows = Vec::new();
    if !audit.inputs.is_empty() {
        rows.push((phrases::LOOKED_AT, overview::things(audit, language)));
        rows.push((phrases::FILES, overview::statuses(audit, language)));
    }
    if !audit.looked_back.is_empty() {
        rows.push((phrases::HISTORY, overview::history(audit, language)));
    }
    if !rows.is_empty() {
        rows.extend(audit.policy.clone().map(|policy| (phrases::POLICY, policy)));
        rows.push((phrases::FINDINGS, findings(audit, style)));
    }
    let hidden = [(audit.below_severity, phrases::MILDER), (audit.below_confidence, phrases::LESS_SURE)];
    let hidden = hidden.into_iter().filter(|(count, _)| *count > 0);
    rows.extend(hidden.map(|(count, counted)| (phrases::HIDDEN, counted.count(language, count))));
    rows.extend(overview::accepted(audit, language).into_iter().map(|count| (phrases::ACCEPTED_FINDINGS, count)));
    if !audit.gone.is_empty() {
        rows.push((phrases::GONE_FINDINGS, phrases::GONE_COUNT.count(language, audit.gone.len())));
    }
    if audit.excluded > 0 {
        rows.push((phrases::EXCLUDED, phrases::FILE.count(language, audit.excluded)));
    }
    if audit.pruned > 0 {
        rows.push((phrases::PRUNED, phrases::PRUNED_FOLDERS.count(language, audit.pruned)));
    }
    let labels = [phrases::LOOKED_IN].into_iter().chain(rows.iter().map(|(label, _)| *label));
    let widest = labels.map(|label| columns(style.text(label))).max().unwrap_or(0);
    let room = style.prose.saturating_sub(widest + 4);
    let rows = rows.iter().map(|(label, value)| (style.text(*label), wrap(value, room)));
    let searched = (style.text(phrases::LOOKED_IN), searched(audit, style));
    let rows = std::iter::once(searched).chain(rows).filter(|(_, lines)| !lines.is_empty());
    style.heading(style.text(phrases::SUMMARY)) + &style.definitions(rows, Ink::Faint)
}

/// A path a line: one with blanks in it still reads as one.
fn searched(audit: &Audit, style: &Style) -> Vec<String> {
    let mut lines: Vec<String> =
        audit.searched.iter().take(LISTED).map(|path| path.display().to_string()).collect();
    if audit.searched.len() > LISTED {
        let more = (audit.searched.len() - LISTED).to_string();
        lines.push(phrases::AND_MORE_PATHS.with(style.language, [&more]));
    }
    lines
}

fn findings(audit: &Audit, style: &Style) -> String {
    match audit.findings.len() {
        0 => style.text(phrases::NONE).to_owned(),
        count => format!("{count} ({})", overview::severities(audit, style.language)),
    }
}

/// The last word: whether all is well, and what to do next.
fn verdict(audit: &Audit, style: &Style) -> String {
    let language = style.language;
    if let Some(nothing) = overview::nothing_audited(audit, language) {
        return style.say(Ink::Worst, &nothing) + &style.prose(style.text(phrases::HOW_TO_LOOK), 0);
    }
    let complete = audit.is_complete();
    if let Some(finding) = audit.findings.first() {
        let explain = style.prose(&phrases::EXPLAIN.with(language, [&finding.rule]), 0);
        let warning = if complete { String::new() } else { style.say(Ink::Bad, style.text(phrases::INCOMPLETE)) };
        return warning + &explain;
    }
    match (complete, audit.below_severity + audit.below_confidence) {
        (false, _) => style.say(Ink::Bad, style.text(phrases::CLEAN_BUT_INCOMPLETE)),
        (true, 0) if !audit.suppressed.is_empty() => style.say(Ink::Good, style.text(phrases::CLEAN_BUT_ACCEPTED)),
        (true, 0) if style.verbose => style.say(Ink::Good, style.text(phrases::CLEAN)),
        (true, 0) => style.say(Ink::Good, style.text(phrases::CLEAN_IN)) + &audited(audit, style),
        (true, _) => style.say(Ink::Good, style.text(phrases::CLEAN_BUT_HIDDEN)),
    }
}

/// The files that were looked at, by name: “nothing found” says little without them.
fn audited(audit: &Audit, style: &Style) -> String {
    let audited: Vec<_> = audit.inputs.iter().filter(|input| input.status == InputStatus::Audited).collect();
    let mut shown = String::new();
    for input in audited.iter().take(LISTED) {
        let path = input.path.display().to_string();
        let client = client_title(input.client);
        shown.push_str(&format!("  {} ({client}, {})\n", style.paint.ink(Ink::Link, &path), input.kind.0));
    }
    shown + &and_more(audited.len(), LISTED, style)
}

fn and_more(count: usize, listed: usize, style: &Style) -> String {
    match count.saturating_sub(listed) {
        0 => String::new(),
        more => format!("  {}\n", phrases::AND_MORE.with(style.language, [&more.to_string()])),
    }
}
