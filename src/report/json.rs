//! One JSON object, for programs. Its schema is [`SCHEMA`]; the language changes sentences only.

use std::io::{self, Write};

use serde::Serialize;

use super::overview::{Reasons, count_inputs, status_word};
use super::{Format, Options, Shown, phrases};
use crate::finding::{
    AccountGrade, AccountSummary, Audit, BaselineState, Confidence, Expected, Finding, Gone, Grade, Input,
    InputStatus, LookedBack, Severity, Suppressed, SuppressionKind, Wanted,
};
use crate::model::{Exposure, Language, Notice};

/// The JSON Schema (draft 2020-12) of the report.
pub const SCHEMA: &str = include_str!("json.schema.json");

/// The name of the report's shape. It changes when a program that reads the report would have to.
const SHAPE: &str = "xmpp-audit/1";

/// The name of the policy that is judged by where none is named.
const BASELINE: &str = "baseline";

/// The format `json`.
pub struct Json;

impl Format for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn about(&self, language: Language) -> &'static str {
        phrases::ABOUT_JSON.text(language)
    }

    fn write(&self, audit: &Shown, options: &Options, out: &mut dyn Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *out, &report(audit, options.language))?;
        out.write_all(b"\n")
    }
}

#[derive(Serialize)]
struct Report<'a> {
    schema: &'static str,
    tool: ToolObject,
    policy: &'a str,
    complete: bool,
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

#[derive(Serialize)]
struct HistoryObject<'a> {
    path: Path<'a>,
    commits: usize,
    versions: usize,
}

#[derive(Serialize)]
struct ToolObject {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct InputObject<'a> {
    path: Path<'a>,
    client: &'static str,
    kind: &'static str,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

#[derive(Serialize)]
struct AccountObject<'a> {
    client: &'static str,
    path: Path<'a>,
    name: &'a str,
    jid: &'a str,
    enabled: bool,
    encryption: &'static str,
    exposure: Exposure,
}

#[derive(Serialize)]
struct GradeObject<'a> {
    jid: &'a str,
    owner: Path<'a>,
    clients: Vec<&'static str>,
    grade: Grade,
    #[serde(skip_serializing_if = "Option::is_none")]
    worst: Option<WorstObject<'a>>,
}

#[derive(Serialize)]
struct WorstObject<'a> {
    severity: Severity,
    rule: &'a str,
}

#[derive(Serialize)]
struct FindingObject<'a> {
    rule: &'a str,
    severity: Severity,
    confidence: Confidence,
    client: &'static str,
    subject: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    room: Option<&'a str>,
    path: Path<'a>,
    #[serde(flatten)]
    position: Option<PositionObject>,
    place: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    commit: Option<&'a str>,
    title: &'a str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected: Option<ExpectedObject<'a>>,
    why: &'a str,
    fix: FixObject<'a>,
    fingerprint: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline: Option<&'static str>,
}

#[derive(Serialize)]
struct SuppressedObject<'a> {
    finding: FindingObject<'a>,
    by: &'static str,
    reason: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires: Option<&'a str>,
    path: Path<'a>,
}

#[derive(Serialize)]
struct GoneObject<'a> {
    rule: &'a str,
    client: &'static str,
    path: Path<'a>,
    place: &'a str,
    fingerprint: &'a str,
}

/// What a policy expects, and what is there instead.
#[derive(Serialize)]
pub(super) struct ExpectedObject<'a> {
    policy: &'a str,
    fact: &'static str,
    #[serde(flatten)]
    wanted: WantedObject<'a>,
    actual: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum WantedObject<'a> {
    Is(&'a [String]),
    IsNot(&'a [String]),
}

#[derive(Serialize)]
struct PositionObject {
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Serialize)]
struct FixObject<'a> {
    instructions: &'a str,
    automatic: &'static str,
}

#[derive(Serialize)]
struct NoticeObject<'a> {
    path: Path<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<&'static str>,
    message: String,
}

#[derive(Serialize)]
struct SummaryObject<'a> {
    profiles: usize,
    accounts: usize,
    rooms: usize,
    findings: SeverityCounts,
    inputs: StatusCounts,
    searched: Vec<Path<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hidden: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unsure: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    excluded: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    accepted: Option<AcceptedCounts>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gone: Option<usize>,
}

#[derive(Serialize)]
struct AcceptedCounts {
    configuration: usize,
    baseline: usize,
}

#[derive(Serialize)]
struct SeverityCounts {
    critical: usize,
    high: usize,
    medium: usize,
    low: usize,
    info: usize,
}

#[derive(Serialize)]
struct StatusCounts {
    audited: usize,
    skipped: usize,
    failed: usize,
}

/// A path, which is text by now: see [`Shown`].
type Path<'a> = &'a std::path::Path;

fn report(audit: &Audit, language: Language) -> Report<'_> {
    let reasons = Reasons::of(audit);
    Report {
        schema: SHAPE,
        tool: ToolObject { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
        policy: audit.policy.as_deref().unwrap_or(BASELINE),
        complete: audit.is_complete(),
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

fn input_object<'a>(input: &'a Input, reasons: &Reasons<'_>, language: Language) -> InputObject<'a> {
    InputObject {
        path: &input.path,
        client: input.client.0,
        kind: input.kind.0,
        status: status_word(input.status),
        reason: reasons.reason(input, language),
    }
}

fn account_object(account: &AccountSummary) -> AccountObject<'_> {
    AccountObject {
        client: account.client.0,
        path: &account.path,
        name: &account.name,
        jid: &account.jid,
        enabled: account.enabled,
        encryption: account.encryption,
        exposure: account.exposure,
    }
}

fn grade_object(grade: &AccountGrade) -> GradeObject<'_> {
    GradeObject {
        jid: &grade.jid,
        owner: &grade.owner,
        clients: grade.clients.iter().map(|client| client.0).collect(),
        grade: grade.grade,
        worst: grade.worst.as_ref().map(|(severity, rule)| WorstObject { severity: *severity, rule }),
    }
}

fn finding_object(finding: &Finding) -> FindingObject<'_> {
    FindingObject {
        rule: &finding.rule,
        severity: finding.severity,
        confidence: finding.confidence,
        client: finding.client.0,
        subject: finding.subject,
        account: finding.account.as_deref(),
        room: finding.room.as_deref(),
        path: &finding.path,
        position: finding.position.map(|position| PositionObject {
            line: position.line,
            column: position.column,
            end_line: position.end_line,
            end_column: position.end_column,
        }),
        place: &finding.place,
        commit: finding.commit.as_deref(),
        title: &finding.title,
        message: &finding.message,
        expected: finding.expected.as_ref().map(expected_object),
        why: &finding.why,
        // Nothing is repaired yet.
        fix: FixObject { instructions: &finding.remedy, automatic: "none" },
        fingerprint: &finding.fingerprint,
        baseline: finding.baseline.map(|state| match state {
            BaselineState::New => "new",
            BaselineState::Unchanged => "unchanged",
        }),
    }
}

fn suppressed_object(suppressed: &Suppressed) -> SuppressedObject<'_> {
    let by = &suppressed.by;
    SuppressedObject {
        finding: finding_object(&suppressed.finding),
        by: match by.kind {
            SuppressionKind::Ignore => "configuration",
            SuppressionKind::Baseline => "baseline",
        },
        reason: &by.reason,
        expires: by.expires.as_deref(),
        path: &by.file,
    }
}

fn gone_object(gone: &Gone) -> GoneObject<'_> {
    GoneObject {
        rule: &gone.rule,
        client: gone.client.0,
        path: &gone.path,
        place: &gone.place,
        fingerprint: &gone.fingerprint,
    }
}

pub(super) fn expected_object(expected: &Expected) -> ExpectedObject<'_> {
    ExpectedObject {
        policy: &expected.policy,
        fact: expected.fact,
        wanted: match &expected.wanted {
            Wanted::OneOf(words) => WantedObject::Is(words),
            Wanted::NoneOf(words) => WantedObject::IsNot(words),
        },
        actual: &expected.actual,
    }
}

fn notice_object(notice: &Notice, language: Language) -> NoticeObject<'_> {
    NoticeObject {
        path: &notice.path,
        place: notice.kind.map(|kind| kind.0),
        message: notice.trouble.sentence(language),
    }
}

fn history_object(past: &LookedBack) -> HistoryObject<'_> {
    HistoryObject { path: &past.path, commits: past.commits, versions: past.versions }
}

fn summary_object(audit: &Audit) -> SummaryObject<'_> {
    SummaryObject {
        profiles: audit.profiles,
        accounts: audit.accounts.len(),
        rooms: audit.rooms,
        findings: SeverityCounts {
            critical: audit.count(Severity::Critical),
            high: audit.count(Severity::High),
            medium: audit.count(Severity::Medium),
            low: audit.count(Severity::Low),
            info: audit.count(Severity::Info),
        },
        inputs: StatusCounts {
            audited: count_inputs(audit, InputStatus::Audited),
            skipped: count_inputs(audit, InputStatus::Skipped),
            failed: count_inputs(audit, InputStatus::Failed),
        },
        searched: audit.searched.iter().map(std::path::PathBuf::as_path).collect(),
        hidden: counted(audit.below_severity),
        unsure: counted(audit.below_confidence),
        excluded: counted(audit.excluded),
        accepted: (!audit.suppressed.is_empty()).then(|| AcceptedCounts {
            configuration: audit.count_suppressed(SuppressionKind::Ignore),
            baseline: audit.count_suppressed(SuppressionKind::Baseline),
        }),
        gone: counted(audit.gone.len()),
    }
}

/// A count that is left out where there is nothing to count.
fn counted(count: usize) -> Option<usize> {
    (count > 0).then_some(count)
}
