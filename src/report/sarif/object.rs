//! The objects of SARIF 2.1.0, as far as they are used here. Their names and those of their properties are the
//! standard's.

use std::fmt::Write as _;

use serde::Serialize;

use super::super::json::objects::ExpectedObject;
use crate::finding::Severity;

/// The name of the folder that all paths start from. GitHub takes no notice of it; other viewers ask for the folder.
const SOURCE_ROOT: &str = "%SRCROOT%";

/// `sarifLog`.
#[derive(Serialize)]
pub struct Log<'a> {
    #[serde(rename = "$schema")]
    pub schema: &'static str,
    pub version: &'static str,
    pub runs: [Run<'a>; 1],
}

/// `run`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Run<'a> {
    pub tool: Tool<'a>,
    pub language: &'static str,
    pub column_kind: &'static str,
    pub original_uri_base_ids: Bases,
    pub invocations: [Invocation; 1],
    pub results: Vec<RunResult<'a>>,
    pub properties: RunProperties<'a>,
}

/// The property bag of a run: what it was judged by, and how many findings were too mild to be told.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RunProperties<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<&'a str>,
    pub below_severity: usize,
}

/// `tool`.
#[derive(Serialize)]
pub struct Tool<'a> {
    pub driver: Driver<'a>,
}

/// `toolComponent`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Driver<'a> {
    pub name: &'static str,
    pub semantic_version: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub information_uri: Option<&'static str>,
    pub language: &'static str,
    pub rules: Vec<RuleDescriptor<'a>>,
    pub notifications: [NotificationDescriptor; 2],
}

/// `reportingDescriptor` of a rule.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RuleDescriptor<'a> {
    pub id: &'a str,
    pub name: String,
    pub short_description: Message,
    pub full_description: Message,
    pub help: Help<'a>,
    pub default_configuration: Configuration,
    pub properties: RuleProperties,
}

/// `reportingDescriptor` of a notification.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NotificationDescriptor {
    pub id: &'static str,
    pub name: String,
    pub short_description: Message,
    pub full_description: Message,
    pub help: Message,
}

/// `multiformatMessageString`.
#[derive(Serialize)]
pub struct Help<'a> {
    pub text: String,
    pub markdown: &'a str,
}

/// `reportingConfiguration`.
#[derive(Serialize)]
pub struct Configuration {
    pub level: Level,
}

/// The property bag of a rule, as GitHub reads it.
#[derive(Serialize)]
pub struct RuleProperties {
    pub tags: Vec<String>,
    pub precision: &'static str,
    #[serde(rename = "problem.severity")]
    pub problem_severity: &'static str,
    #[serde(rename = "security-severity", skip_serializing_if = "Option::is_none")]
    pub security_severity: Option<&'static str>,
}

/// `message`, in plain text.
#[derive(Serialize)]
pub struct Message {
    text: String,
}

impl Message {
    /// Text that a viewer is to show as it stands.
    pub fn text(text: &str) -> Self {
        Self { text: text.to_owned() }
    }

    /// Text in which a viewer looks for placeholders (`{0}`) and links (`[text](1)`), and is to find none: sections
    /// 3.11.5 and 3.11.6 of the standard.
    pub fn literal(text: &str) -> Self {
        Self { text: text.replace('{', "{{").replace('}', "}}").replace("](", "] (") }
    }
}

/// The values of `level` that fit results that are failures.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    Note,
    Warning,
    Error,
}

impl Level {
    pub const fn of(severity: Severity) -> Self {
        match severity {
            Severity::Info | Severity::Low => Self::Note,
            Severity::Medium => Self::Warning,
            Severity::High | Severity::Critical => Self::Error,
        }
    }
}

/// `originalUriBaseIds`.
#[derive(Serialize)]
pub struct Bases {
    #[serde(rename = "%SRCROOT%")]
    pub source_root: SourceRoot,
}

/// `artifactLocation` of the folder that all paths start from. The standard allows to leave out where it lies, so
/// that no user's name is told (section 3.14.14).
#[derive(Serialize)]
pub struct SourceRoot {
    pub description: Message,
}

/// `invocation`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Invocation {
    pub execution_successful: bool,
    pub tool_execution_notifications: Vec<Notification>,
}

/// `notification`.
#[derive(Serialize)]
pub struct Notification {
    pub descriptor: DescriptorReference,
    pub level: Level,
    pub message: Message,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub locations: Vec<Location>,
}

/// `reportingDescriptorReference`.
#[derive(Serialize)]
pub struct DescriptorReference {
    pub id: &'static str,
    pub index: usize,
}

/// `result`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RunResult<'a> {
    pub rule_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule_index: Option<usize>,
    pub kind: &'static str,
    pub level: Level,
    pub message: Message,
    pub locations: [Location; 1],
    pub partial_fingerprints: Fingerprints<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baseline_state: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suppressions: Option<Vec<Suppression<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fixes: Option<[Fix<'a>; 1]>,
    pub properties: ResultProperties<'a>,
}

/// `fix`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Fix<'a> {
    pub description: Message,
    pub artifact_changes: Vec<ArtifactChange<'a>>,
}

/// `artifactChange`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ArtifactChange<'a> {
    pub artifact_location: ArtifactLocation,
    pub replacements: Vec<Replacement<'a>>,
}

/// `replacement`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Replacement<'a> {
    pub deleted_region: Region,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inserted_content: Option<InsertedContent<'a>>,
}

/// `artifactContent`.
#[derive(Serialize)]
pub struct InsertedContent<'a> {
    pub text: &'a str,
}

/// `partialFingerprints`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Fingerprints<'a> {
    #[serde(rename = "xmppAudit/v1")]
    pub own: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub primary_location_line_hash: Option<String>,
}

/// `suppression`.
#[derive(Serialize)]
pub struct Suppression<'a> {
    pub kind: &'static str,
    pub status: &'static str,
    pub justification: &'a str,
    pub properties: SuppressionProperties<'a>,
}

/// The property bag of a suppression: what says so, and the last day on which it holds.
#[derive(Serialize)]
pub struct SuppressionProperties<'a> {
    pub by: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<&'a str>,
}

/// The property bag of a result: what SARIF has no property for.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ResultProperties<'a> {
    pub client: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub room: Option<&'a str>,
    pub place: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<ExpectedObject<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub automatic_fix: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<&'a str>,
}

/// `location`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Location {
    pub physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub logical_locations: Vec<LogicalLocation>,
}

/// `physicalLocation`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PhysicalLocation {
    pub artifact_location: ArtifactLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<Region>,
}

/// `artifactLocation`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ArtifactLocation {
    pub uri: String,
    pub uri_base_id: &'static str,
}

impl ArtifactLocation {
    /// The file at a path with forward slashes from the source root.
    pub fn new(path: &str) -> Self {
        Self { uri: relative_reference(path), uri_base_id: SOURCE_ROOT }
    }
}

/// `region`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Region {
    pub start_line: usize,
    pub start_column: usize,
    pub end_line: usize,
    pub end_column: usize,
}

/// `logicalLocation`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LogicalLocation {
    pub fully_qualified_name: String,
    pub kind: &'static str,
}

/// A path as a relative reference of RFC 3986. Whatever is not unreserved is encoded; a colon in the first part would
/// make it a scheme.
fn relative_reference(path: &str) -> String {
    let mut reference = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~@+".contains(&byte) {
            reference.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(reference, "%{byte:02X}");
        }
    }
    reference
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_hold_only_what_a_path_may() {
        assert_eq!(relative_reference("home/.purple/accounts.xml"), "home/.purple/accounts.xml");
        assert_eq!(relative_reference("a:b c/ä#?%2F\\"), "a%3Ab%20c/%C3%A4%23%3F%252F%5C");
        assert_eq!(relative_reference("alice@example.org"), "alice@example.org");
    }

    #[test]
    fn what_a_file_says_is_neither_placeholder_nor_link() {
        assert_eq!(Message::literal("a {0} [b](1) [c]").text, "a {{0}} [b] (1) [c]");
        assert_eq!(Message::text("{0}").text, "{0}");
    }
}
