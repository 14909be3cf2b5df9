//! One JSON object, for programs. Its schema is [`SCHEMA`]; the language changes sentences only.

pub(super) mod objects;

use std::io::{self, Write};

use serde::Serialize;

use super::overview::Reasons;
use super::{Format, Options, Shown, phrases};
use crate::finding::Audit;
use crate::model::Language;
use objects::{
    AccountObject, FindingObject, GoneObject, GradeObject, HeadObject, HistoryObject, InputObject, NoticeObject,
    SummaryObject, SuppressedObject, account_object, finding_object, gone_object, grade_object, head_object,
    history_object, input_object, notice_object, summary_object, suppressed_object,
};

/// The JSON Schema (draft 2020-12) of the report.
pub const SCHEMA: &str = include_str!("json.schema.json");

/// The format `json`.
pub struct Json;

impl Format for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn about(&self, language: Language) -> &'static str {
        phrases::ABOUT_JSON.text(language)
    }

    fn tells_repairs(&self) -> bool {
        true
    }

    fn write(&self, audit: &Shown, options: &Options, out: &mut dyn Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *out, &report(audit, options.language))?;
        out.write_all(b"\n")
    }
}

#[derive(Serialize)]
struct Report<'a> {
    #[serde(flatten)]
    head: HeadObject<'a>,
    inputs: Vec<InputObject<'a>>,
    accounts: Vec<AccountObject<'a>>,
    grades: Vec<GradeObject<'a>>,
    findings: Vec<FindingObject<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suppressed: Vec<SuppressedObject<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    gone: Vec<GoneObject<'a>>,
    notices: Vec<NoticeObject<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    history: Vec<HistoryObject<'a>>,
    summary: SummaryObject<'a>,
}

fn report(audit: &Audit, language: Language) -> Report<'_> {
    let reasons = Reasons::of(audit);
    Report {
        head: head_object(audit),
        inputs: audit.inputs.iter().map(|input| input_object(input, &reasons, language)).collect(),
        accounts: audit.accounts.iter().map(account_object).collect(),
        grades: audit.grades.iter().map(grade_object).collect(),
        findings: audit.findings.iter().map(finding_object).collect(),
        suppressed: audit.suppressed.iter().map(suppressed_object).collect(),
        gone: audit.gone.iter().map(gone_object).collect(),
        notices: audit.notices.iter().map(|notice| notice_object(notice, language)).collect(),
        history: audit.looked_back.iter().map(history_object).collect(),
        summary: summary_object(audit),
    }
}
