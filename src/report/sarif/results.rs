//! What SARIF tells of findings: what was found, what of it somebody has accepted, and what is gone.

use std::collections::HashMap;
use std::path::Path;

use super::super::exchange::{self, Stretch, sentence, slashed, stretch};
use super::super::json::objects::expected_object;
use super::super::phrases;
use super::fixes::fixes;
use super::object::{
    ArtifactLocation, Fingerprints, Level, Location, LogicalLocation, Message, PhysicalLocation, Region,
    ResultProperties, RunResult, Suppression, SuppressionProperties,
};
use crate::finding::{Audit, BaselineState, Finding, Gone, Suppressed, SuppressionKind};
use crate::model::Language;

/// Something is wrong. Any other kind would forbid a level (section 3.27.9 of the standard).
const FAIL: &str = "fail";

/// Findings, then what somebody has accepted, then what is gone.
pub(super) fn results(audit: &Audit, language: Language) -> Vec<RunResult<'_>> {
    let run = Run::new(audit, language);
    let found = audit.findings.iter().map(|finding| run.found(finding));
    let accepted = audit.suppressed.iter().map(|suppressed| run.accepted(suppressed));
    let gone = audit.gone.iter().map(|gone| run.gone(gone));
    found.chain(accepted).chain(gone).collect()
}

/// What all results have in common, worked out once.
struct Run<'a> {
    audit: &'a Audit,
    language: Language,
    rules: HashMap<&'a str, usize>,
    roles: HashMap<&'a Path, &'static str>,
    /// The standard wants a state of all results or of none (section 3.27.24).
    has_baseline: bool,
    /// The same of suppressions (section 3.27.23).
    has_suppressions: bool,
}

impl<'a> Run<'a> {
    fn new(audit: &'a Audit, language: Language) -> Self {
        let all = audit.findings.iter().chain(audit.suppressed.iter().map(|suppressed| &suppressed.finding));
        let compared = |finding: &Finding| finding.baseline.is_some();
        let by_baseline = |suppressed: &Suppressed| suppressed.by.kind == SuppressionKind::Baseline;
        Self {
            audit,
            language,
            rules: audit.rules.iter().enumerate().map(|(index, rule)| (rule.id.as_str(), index)).collect(),
            roles: audit.inputs.iter().map(|input| (input.path.as_path(), input.kind.0)).collect(),
            has_baseline: !audit.gone.is_empty()
                || audit.suppressed.iter().any(by_baseline)
                || all.into_iter().any(compared),
            has_suppressions: !audit.suppressed.is_empty(),
        }
    }

    fn found(&self, finding: &'a Finding) -> RunResult<'a> {
        let position = stretch(finding);
        RunResult {
            rule_id: &finding.rule,
            rule_index: self.rules.get(finding.rule.as_str()).copied(),
            kind: FAIL,
            level: Level::of(finding.severity),
            message: Message::literal(&sentence(finding, self.language)),
            locations: [Location {
                physical_location: PhysicalLocation {
                    artifact_location: ArtifactLocation::new(&exchange::path(self.audit, &finding.path)),
                    region: Some(region(position)),
                },
                logical_locations: vec![self.logical_location(finding)],
            }],
            partial_fingerprints: fingerprints(&finding.fingerprint, position.is_some()),
            baseline_state: self.state(finding.baseline),
            suppressions: self.has_suppressions.then(Vec::new),
            fixes: fixes(self.audit, finding, self.language),
            properties: properties(finding),
        }
    }

    fn accepted(&self, suppressed: &'a Suppressed) -> RunResult<'a> {
        let by = &suppressed.by;
        let (word, state) = match by.kind {
            SuppressionKind::Ignore => ("ignore", suppressed.finding.baseline),
            SuppressionKind::Baseline => ("baseline", Some(BaselineState::Unchanged)),
        };
        RunResult {
            baseline_state: self.state(state),
            suppressions: Some(vec![Suppression {
                kind: "external",
                status: "accepted",
                justification: &by.reason,
                properties: SuppressionProperties { by: word, expires: by.expires.as_deref() },
            }]),
            ..self.found(&suppressed.finding)
        }
    }

    fn gone(&self, gone: &'a Gone) -> RunResult<'a> {
        let said = phrases::GONE_HERE.with(self.language, [&gone.rule, &gone.place]);
        RunResult {
            rule_id: &gone.rule,
            rule_index: self.rules.get(gone.rule.as_str()).copied(),
            kind: FAIL,
            level: Level::Note,
            message: Message::literal(&said),
            locations: [Location {
                physical_location: PhysicalLocation {
                    artifact_location: ArtifactLocation::new(&slashed(&gone.path)),
                    region: Some(region(None)),
                },
                logical_locations: Vec::new(),
            }],
            partial_fingerprints: fingerprints(&gone.fingerprint, false),
            baseline_state: Some("absent"),
            suppressions: self.has_suppressions.then(Vec::new),
            fixes: None,
            properties: ResultProperties {
                client: gone.client.0,
                place: &gone.place,
                ..ResultProperties::default()
            },
        }
    }

    fn state(&self, state: Option<BaselineState>) -> Option<&'static str> {
        self.has_baseline.then_some(match state {
            Some(BaselineState::Unchanged) => "unchanged",
            Some(BaselineState::New) | None => "new",
        })
    }

    /// `gajim/settings/account_settings[example.org] / custom_type`: client, what the file is to it, place in words.
    fn logical_location(&self, finding: &Finding) -> LogicalLocation {
        let role = self.roles.get(finding.path.as_path()).copied();
        let place = Some(finding.place.as_str()).filter(|place| !place.is_empty() && role != Some(*place));
        let parts = [Some(finding.client.0), role, place];
        LogicalLocation {
            fully_qualified_name: parts.into_iter().flatten().collect::<Vec<_>>().join("/"),
            kind: if finding.subject == "file" { "resource" } else { "member" },
        }
    }
}

/// GitHub refuses a report in which a result has no region. Where there are no lines the first character stands for
/// the file.
fn region(stretch: Option<Stretch>) -> Region {
    let Stretch { line, column, end_column } = stretch.unwrap_or(Stretch { line: 1, column: 1, end_column: 1 });
    Region { start_line: line, start_column: column, end_line: line, end_column }
}

/// GitHub knows a result again by a hash of its line, which it makes itself. It cannot where there are no lines: two
/// accounts in a database would be one alert, and another one after each write. Where there are lines it must, since
/// its hash reaches over the following lines: a report that held it would confirm a guessed password.
fn fingerprints(own: &str, has_lines: bool) -> Fingerprints<'_> {
    Fingerprints { own, primary_location_line_hash: (!has_lines).then(|| format!("{own}:1")) }
}

fn properties(finding: &Finding) -> ResultProperties<'_> {
    ResultProperties {
        client: finding.client.0,
        subject: Some(finding.subject),
        account: finding.account.as_deref(),
        room: finding.room.as_deref(),
        place: &finding.place,
        severity: Some(finding.severity),
        confidence: Some(finding.confidence.word()),
        expected: finding.expected.as_ref().map(expected_object),
        remedy: Some(&finding.remedy),
        automatic_fix: Some(exchange::automatic(finding)),
        commit: finding.commit.as_deref(),
    }
}
