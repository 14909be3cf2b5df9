//! The objects that the formats for programs are made of. One shape, whichever of them it stands in.

use serde::Serialize;

use super::super::exchange::automatic;
use super::super::overview::{Reasons, baseline_word, count_inputs, status_word, suppression_word};
use crate::finding::{
    AccountGrade, AccountSummary, Audit, Confidence, Expected, Finding, Gone, Grade, Input, InputStatus,
    LookedBack, Severity, Suppressed, SuppressionKind, Wanted,
};
use crate::model::{Exposure, Language, Notice};

/// The name of the report's shape. It changes when a program that reads the report would have to.
const SHAPE: &str = "xmpp-audit/1";

/// The name of the policy that is judged by where none is named.
const BASELINE: &str = "baseline";

/// A path, which is text by now: see [`super::super::Shown`].
type Path<'a> = &'a std::path::Path;

/// What stands at the head of a report: who wrote it, and what it is worth.
#[derive(Serialize)]
pub struct HeadObject<'a> {
    schema: &'static str,
    tool: ToolObject,
    policy: &'a str,
    complete: bool,
}

#[derive(Serialize)]
struct ToolObject {
    name: &'static str,
    version: &'static str,
}

/// A file that was looked at.
#[derive(Serialize)]
pub struct InputObject<'a> {
    path: Path<'a>,
    client: &'static str,
    kind: &'static str,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

/// An account that was looked at.
#[derive(Serialize)]
pub struct AccountObject<'a> {
    client: &'static str,
    path: Path<'a>,
    name: &'a str,
    jid: &'a str,
    enabled: bool,
    encryption: &'static str,
    exposure: Exposure,
}

/// How well an account is kept.
#[derive(Serialize)]
pub struct GradeObject<'a> {
    jid: &'a str,
    owner: Path<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<&'a str>,
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

/// A problem.
#[derive(Serialize)]
pub struct FindingObject<'a> {
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
    title: &'a str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected: Option<ExpectedObject<'a>>,
    why: &'a str,
    fix: FixObject<'a>,
    fingerprint: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    commit: Option<&'a str>,
}

#[derive(Serialize)]
pub struct ExpectedObject<'a> {
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

/// A finding that somebody has accepted.
#[derive(Serialize)]
pub struct SuppressedObject<'a> {
    finding: FindingObject<'a>,
    by: &'static str,
    reason: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires: Option<&'a str>,
    path: Path<'a>,
}

/// What the baseline knows and was not found again.
#[derive(Serialize)]
pub struct GoneObject<'a> {
    rule: &'a str,
    client: &'static str,
    path: Path<'a>,
    place: &'a str,
    fingerprint: &'a str,
}

/// What could not be looked at.
#[derive(Serialize)]
pub struct NoticeObject<'a> {
    path: Path<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<&'static str>,
    message: String,
}

/// A repository whose history was looked through.
#[derive(Serialize)]
pub struct HistoryObject<'a> {
    path: Path<'a>,
    commits: usize,
    versions: usize,
}

/// What was looked at and found, counted.
#[derive(Serialize)]
pub struct SummaryObject<'a> {
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
    pruned: Option<usize>,
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

/// The head of an audit's report.
pub fn head_object(audit: &Audit) -> HeadObject<'_> {
    HeadObject {
        schema: SHAPE,
        tool: ToolObject { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
        policy: audit.policy.as_deref().unwrap_or(BASELINE),
        complete: audit.is_complete(),
    }
}

/// A file that was looked at.
pub fn input_object<'a>(input: &'a Input, reasons: &Reasons<'_>, language: Language) -> InputObject<'a> {
    InputObject {
        path: &input.path,
        client: input.client.0,
        kind: input.kind.0,
        status: status_word(input.status),
        reason: reasons.reason(input, language),
    }
}

/// An account that was looked at.
pub fn account_object(account: &AccountSummary) -> AccountObject<'_> {
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

/// How well an account is kept.
pub fn grade_object(grade: &AccountGrade) -> GradeObject<'_> {
    GradeObject {
        jid: &grade.jid,
        owner: &grade.owner,
        user: grade.user.as_deref(),
        clients: grade.clients.iter().map(|client| client.0).collect(),
        grade: grade.grade,
        worst: grade.worst.as_ref().map(|(severity, rule)| WorstObject { severity: *severity, rule }),
    }
}

/// A problem.
pub fn finding_object(finding: &Finding) -> FindingObject<'_> {
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
        title: &finding.title,
        message: &finding.message,
        expected: finding.expected.as_ref().map(expected_object),
        why: &finding.why,
        // Nothing is repaired yet.
        fix: FixObject { instructions: &finding.remedy, automatic: automatic(finding) },
        fingerprint: &finding.fingerprint,
        baseline: finding.baseline.map(baseline_word),
        commit: finding.commit.as_deref(),
    }
}

/// A finding that somebody has accepted, and who did.
pub fn suppressed_object(suppressed: &Suppressed) -> SuppressedObject<'_> {
    let by = &suppressed.by;
    SuppressedObject {
        finding: finding_object(&suppressed.finding),
        by: suppression_word(by.kind),
        reason: &by.reason,
        expires: by.expires.as_deref(),
        path: &by.file,
    }
}

/// What the baseline knows and was not found again.
pub fn gone_object(gone: &Gone) -> GoneObject<'_> {
    GoneObject {
        rule: &gone.rule,
        client: gone.client.0,
        path: &gone.path,
        place: &gone.place,
        fingerprint: &gone.fingerprint,
    }
}

pub fn expected_object(expected: &Expected) -> ExpectedObject<'_> {
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

/// What could not be looked at.
pub fn notice_object(notice: &Notice, language: Language) -> NoticeObject<'_> {
    NoticeObject {
        path: &notice.path,
        place: notice.kind.map(|kind| kind.0),
        message: notice.trouble.sentence(language),
    }
}

/// A repository whose history was looked through.
pub fn history_object(past: &LookedBack) -> HistoryObject<'_> {
    HistoryObject { path: &past.path, commits: past.commits, versions: past.versions }
}

/// What was looked at and found, counted.
pub fn summary_object(audit: &Audit) -> SummaryObject<'_> {
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
        pruned: counted(audit.pruned),
        accepted: (!audit.suppressed.is_empty()).then(|| AcceptedCounts {
            configuration: count_suppressed(audit, SuppressionKind::Ignore),
            baseline: count_suppressed(audit, SuppressionKind::Baseline),
        }),
        gone: counted(audit.gone.len()),
    }
}

fn count_suppressed(audit: &Audit, kind: SuppressionKind) -> usize {
    audit.suppressed.iter().filter(|suppressed| suppressed.by.kind == kind).count()
}

/// A count that is left out where there is nothing to count.
fn counted(count: usize) -> Option<usize> {
    (count > 0).then_some(count)
}
