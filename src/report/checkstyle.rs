//! Checkstyle's XML, which Jenkins (Warnings NG), reviewdog and many editors read.
//!
//! Every file that was looked at has its element, those without findings too. The shape knows three severities and
//! no remedy: the severity's own word opens the message, and the remedy closes it.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::PathBuf;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, Event};

use super::concise::expected;
use super::overview::{Unseen, remedy_heading, unseen};
use super::{Format, Options, Shown, phrases};
use crate::finding::{Finding, Severity};
use crate::model::Language;

/// The version of Checkstyle whose shape this is, as most programs that borrow it write it (ESLint, ktlint): some
/// readers know no later one. Nothing in the shape has changed since.
const SHAPE: &str = "4.3";

/// The format `checkstyle`.
pub struct Checkstyle;

/// What is said about a file.
#[derive(Default)]
struct About<'a> {
    findings: Vec<&'a Finding>,
    unseen: Vec<Unseen<'a>>,
}

impl Format for Checkstyle {
    fn name(&self) -> &'static str {
        "checkstyle"
    }

    fn about(&self, language: Language) -> &'static str {
        phrases::ABOUT_CHECKSTYLE.text(language)
    }

    fn write(&self, audit: &Shown, options: &Options, out: &mut dyn Write) -> io::Result<()> {
        let mut writer = Writer::new_with_indent(&mut *out, b' ', 2);
        writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        let root = BytesStart::new("checkstyle").with_attributes([("version", SHAPE)]);
        writer.write_event(Event::Start(root))?;
        for (path, about) in by_file(audit, options.language) {
            let path = path.to_string_lossy();
            let file = BytesStart::new("file").with_attributes([("name", path.as_ref())]);
            writer.write_event(Event::Start(file))?;
            for finding in about.findings {
                writer.write_event(Event::Empty(finding_element(finding, options.language)))?;
            }
            for unseen in about.unseen {
                writer.write_event(Event::Empty(unseen_element(&unseen)))?;
            }
            writer.write_event(Event::End(BytesEnd::new("file")))?;
        }
        writer.write_event(Event::End(BytesEnd::new("checkstyle")))?;
        out.write_all(b"\n")
    }
}

/// Every file with what is said about it, in the order of their paths; the worst finding of a file comes first.
fn by_file<'a>(audit: &'a Shown, language: Language) -> BTreeMap<PathBuf, About<'a>> {
    let mut files: BTreeMap<PathBuf, About<'a>> = BTreeMap::new();
    for input in &audit.inputs {
        files.entry(audit.relative(&input.path)).or_default();
    }
    for finding in &audit.findings {
        files.entry(audit.relative(&finding.path)).or_default().findings.push(finding);
    }
    for unseen in unseen(audit, language) {
        files.entry(audit.relative(unseen.path)).or_default().unseen.push(unseen);
    }
    files
}

fn finding_element(finding: &Finding, language: Language) -> BytesStart<'static> {
    let remedy = phrases::PAIR.with(language, [&remedy_heading(finding, language)]);
    let (severity, message) = (finding.severity.word(), &finding.message);
    let message = format!("{severity}: {message}{}\n{remedy}{}", expected(finding, language), finding.remedy);
    // Jenkins takes what stands before the last dot for the category, and what follows for the type.
    let source = format!("xmpp-audit.{}.{}", finding.client.0, finding.rule);
    let mut element = BytesStart::new("error");
    // A database has no lines; readers want one all the same.
    let position = finding.position.map_or((1, 1), |position| (position.line, position.column));
    element.push_attribute(("line", position.0.to_string().as_str()));
    element.push_attribute(("column", position.1.to_string().as_str()));
    element.push_attribute(("severity", level(finding.severity)));
    element.push_attribute(("message", message.as_str()));
    element.push_attribute(("source", source.as_str()));
    element
}

fn unseen_element(unseen: &Unseen<'_>) -> BytesStart<'static> {
    let mut element = BytesStart::new("error");
    element.push_attribute(("line", "1"));
    element.push_attribute(("severity", if unseen.missing { "error" } else { "info" }));
    element.push_attribute(("message", unseen.sentence.as_str()));
    element.push_attribute(("source", "xmpp-audit.notice"));
    element
}

/// The three severities of Checkstyle that show.
const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium | Severity::Low => "warning",
        Severity::Info => "info",
    }
}
