//! One finding: what, where, why, and how to put it right.

use std::collections::HashSet;
use std::io;

use super::super::overview::{client_title, remedy_heading};
use super::super::paint::Ink;
use super::super::phrases;
use super::super::wrap::wrap;
use super::{Style, frame, indented};
use crate::finding::Finding;

/// The reasons and remedies that have been told: twenty rooms of the same kind need them once.
#[derive(Debug, Default)]
pub struct Told {
    texts: HashSet<String>,
}

impl Told {
    /// Whether this is told for the first time.
    fn is_new(&mut self, rule: &str, text: &str) -> bool {
        self.texts.insert(format!("{rule}\n{text}"))
    }
}

/// The lines of a finding.
///
/// # Errors
/// See [`frame::render`].
pub fn render(finding: &Finding, style: &Style, told: &mut Told) -> io::Result<String> {
    let mut shown = header(finding, style);
    shown.push_str(&frame::render(finding, label(finding, style), place(finding), style)?);
    shown.push_str(&expected(finding, style));
    shown.push_str(&advice(finding, style, told));
    Ok(shown)
}

/// `Expected required or direct · Actual optional · Policy strict`.
fn expected(finding: &Finding, style: &Style) -> String {
    let Some(expected) = &finding.expected else { return String::new() };
    let (wanted, actual) = (expected.wanted.phrase(style.language), expected.actual(style.language));
    let line = phrases::EXPECTED.with(style.language, [&wanted, actual, &expected.policy]);
    let lines = wrap(&line, style.prose.saturating_sub(2));
    indented(&lines.iter().map(|line| style.paint.ink(Ink::Strong, line).into_owned()).collect::<Vec<_>>(), 2)
}

/// `critical[encryption-optional]: Encryption only if the server offers it`.
fn header(finding: &Finding, style: &Style) -> String {
    let ink = Ink::of_severity(finding.severity);
    let word = style.text(phrases::severity(finding.severity).0);
    let mut shown = String::new();
    for (number, line) in
        wrap(&format!("{word}[{}]: {}", finding.rule, finding.title), style.prose).iter().enumerate()
    {
        let (tag, title) = match line.split_once("]: ") {
            Some((tag, title)) if number == 0 => (format!("{tag}]"), format!(": {title}")),
            _ => (String::new(), line.clone()),
        };
        shown.push_str(&style.paint.ink(ink, &tag));
        shown.push_str(&style.paint.ink(Ink::Strong, &title));
        shown.push('\n');
    }
    shown
}

/// That nothing is written at the mark, where that is the problem.
fn label(finding: &Finding, style: &Style) -> Option<String> {
    let word = finding.default_word?;
    Some(phrases::NOT_WRITTEN.with(style.language, [client_title(finding.client), word]))
}

/// The place in words, unless it is the file as a whole.
fn place(finding: &Finding) -> &str {
    let whole_file = finding.position.is_none() && finding.excerpt.is_none() && finding.subject == "file";
    if whole_file { "" } else { &finding.place }
}

fn advice(finding: &Finding, style: &Style, told: &mut Told) -> String {
    let why = finding.why.trim();
    let remedy = finding.remedy.trim();
    let new_why = !why.is_empty() && told.is_new(&finding.rule, why);
    let new_remedy = !remedy.is_empty() && told.is_new(&finding.rule, remedy);
    let why_heading = style.text(phrases::WHY);
    let remedy_heading = remedy_heading(finding, style.language);
    let mut shown = String::new();
    if let Some(doubt) = phrases::doubt(finding.confidence) {
        shown.push_str(&style.prose(style.text(doubt), 2));
    }
    if new_why {
        shown.push_str(&section(why_heading, why, style));
    }
    if new_remedy {
        shown.push_str(&section(&remedy_heading, remedy, style));
    }
    let repeated = match (!why.is_empty() && !new_why, !remedy.is_empty() && !new_remedy) {
        (true, true) => why_heading.to_owned() + style.text(phrases::AND) + &uncapitalised(&remedy_heading),
        (true, false) => why_heading.to_owned(),
        (false, true) => remedy_heading,
        (false, false) => return shown,
    };
    let see = phrases::SEE_ABOVE.with(style.language, [&repeated, &finding.rule]);
    shown.push_str(&indented(&wrap(&see, style.prose.saturating_sub(2)), 2));
    shown
}

fn uncapitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect()
}

fn section(heading: &str, text: &str, style: &Style) -> String {
    format!("  {}\n{}", style.paint.ink(Ink::Heading, heading), style.prose(text, 4))
}
