//! One JSON object a line, for programs that do not want to wait for the end. What each line may be says
//! [`LINE_SCHEMA`].
//!
//! The last line is the summary: a report without one has been cut off.

use std::io::{self, Write};

use serde::Serialize;

use super::json::objects::{
    FindingObject, GoneObject, HeadObject, HistoryObject, NoticeObject, SummaryObject, SuppressedObject,
    finding_object, gone_object, head_object, history_object, notice_object, summary_object, suppressed_object,
};
use super::{Format, Options, Shown, phrases};
use crate::model::Language;

/// The JSON Schema (draft 2020-12) of a line of the report.
pub const LINE_SCHEMA: &str = include_str!("ndjson.schema.json");

/// The format `ndjson`.
pub struct Ndjson;

/// A line. Its objects are those of the format `json`.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Line<'a> {
    Finding(FindingObject<'a>),
    Suppressed(SuppressedObject<'a>),
    Gone(GoneObject<'a>),
    Notice(NoticeObject<'a>),
    History(HistoryObject<'a>),
    Summary(Closing<'a>),
}

#[derive(Serialize)]
struct Closing<'a> {
    #[serde(flatten)]
    head: HeadObject<'a>,
    /// How many lines came before, so that a reader can tell whether he has them all.
    lines: usize,
    #[serde(flatten)]
    summary: SummaryObject<'a>,
}

impl Format for Ndjson {
    fn name(&self) -> &'static str {
        "ndjson"
    }

    fn about(&self, language: Language) -> &'static str {
        phrases::ABOUT_NDJSON.text(language)
    }

    fn tells_repairs(&self) -> bool {
        true
    }

    fn write(&self, audit: &Shown, options: &Options, out: &mut dyn Write) -> io::Result<()> {
        let findings = audit.findings.iter().map(|finding| Line::Finding(finding_object(finding)));
        let suppressed = audit.suppressed.iter().map(|suppressed| Line::Suppressed(suppressed_object(suppressed)));
        let gone = audit.gone.iter().map(|gone| Line::Gone(gone_object(gone)));
        let notices = audit.notices.iter().map(|notice| Line::Notice(notice_object(notice, options.language)));
        let history = audit.looked_back.iter().map(|past| Line::History(history_object(past)));
        let mut lines = 0;
        for line in findings.chain(suppressed).chain(gone).chain(notices).chain(history) {
            write_line(&line, out)?;
            lines += 1;
        }
        let closing = Closing { head: head_object(audit), lines, summary: summary_object(audit) };
        write_line(&Line::Summary(closing), out)
    }
}

fn write_line(line: &Line<'_>, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    out.write_all(b"\n")
}
