//! SARIF reports against the schema of the standard, and against what GitHub and the standard ask for beyond it.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

mod report_audits;

use report_audits::{
    HOSTILE, accepted, against_a_baseline, at_home, everything, exchanged, french, hostile, incomplete, nothing,
    options, text_finding, written,
};
use serde_json::{Value, json};
use xmpp_audit::Request;
use xmpp_audit::discover::Target;
use xmpp_audit::finding::{Audit, Severity};
use xmpp_audit::model::{Language, Position};
use xmpp_audit::rules::RuleSet;

/// The schema, with the pattern for languages as the standard's errata have it: that of the first edition is no
/// regular expression.
fn schema() -> jsonschema::Validator {
    let (first, corrected) = ("^[a-zA-Z]{2}|^[a-zA-Z]{2}-[a-zA-Z]{2}]?$", "^[a-zA-Z]{2}(-[a-zA-Z]{2})?$");
    let text = include_str!("../fixtures/schemas/sarif-2.1.0.json");
    assert_eq!(text.matches(first).count(), 2);
    let schema = serde_json::from_str(&text.replace(first, corrected)).unwrap();
    jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
}

fn report(audit: &Audit) -> Value {
    serde_json::from_str(&written(audit, "sarif", &options(80))).unwrap()
}

fn list<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    value.pointer(pointer).unwrap().as_array().unwrap()
}

fn results(report: &Value) -> &[Value] {
    list(report, "/runs/0/results")
}

fn uri(result: &Value) -> &str {
    result.pointer("/locations/0/physicalLocation/artifactLocation/uri").unwrap().as_str().unwrap()
}

fn region(result: &Value) -> &Value {
    result.pointer("/locations/0/physicalLocation/region").unwrap()
}

/// The real fixtures, by the real rules.
fn audited() -> Audit {
    let fixtures = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures");
    let request = Request { min_severity: Severity::Info, tells_rules: true, ..Request::default() };
    let rules = RuleSet::embedded(Language::English).unwrap();
    xmpp_audit::audit(&[Target::Path(fixtures.into())], &rules, &request).unwrap()
}

/// What the schema cannot say, or says less strictly than the standard, or only GitHub asks for.
fn beyond_the_schema(name: &str, report: &Value) {
    let driver = report.pointer("/runs/0/tool/driver").unwrap();
    for rule in list(driver, "/rules") {
        for text in ["/shortDescription/text", "/fullDescription/text", "/help/text", "/help/markdown"] {
            let text = rule.pointer(text).unwrap().as_str().unwrap();
            assert!(!text.is_empty(), "{name}: {rule}");
        }
        assert!(rule["fullDescription"]["text"].as_str().unwrap().chars().count() <= 1000, "{rule}");
        assert!(list(rule, "/properties/tags").len() <= 10, "{rule}");
    }
    let states = results(report).iter().filter(|result| result.get("baselineState").is_some()).count();
    assert!(states == 0 || states == results(report).len(), "{name}: a state of all or none");
    let judged = results(report).iter().filter(|result| result.get("suppressions").is_some()).count();
    assert!(judged == 0 || judged == results(report).len(), "{name}: suppressions of all or none");
    for result in results(report) {
        assert_eq!(result["locations"].as_array().unwrap().len(), 1, "{name}: GitHub refuses all else");
        assert!(!uri(result).is_empty(), "{name}: GitHub refuses all else");
        assert!(!["/", "./", "../"].iter().any(|start| uri(result).starts_with(start)), "{name}: {result}");
        let region = region(result);
        assert_eq!(region["startLine"], region["endLine"], "{name}");
        assert!(region["startColumn"].as_u64() <= region["endColumn"].as_u64(), "{name}");
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        if let Some(index) = result.get("ruleIndex") {
            let index = usize::try_from(index.as_u64().unwrap()).unwrap();
            assert_eq!(list(driver, "/rules")[index]["id"], result["ruleId"], "{name}");
        }
        assert!(result["partialFingerprints"]["xmppAudit/v1"].is_string(), "{name}");
    }
}

fn check(validator: &jsonschema::Validator, name: &str, text: &str) {
    assert!(text.ends_with("}\n"));
    let report: Value = serde_json::from_str(text).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(&report).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert_eq!(errors, Vec::<String>::new(), "{name}");
    beyond_the_schema(name, &report);
    assert!(!text.contains("/home") && !text.contains(env!("CARGO_MANIFEST_DIR")), "{name}: an absolute path");
    assert!(!text.contains("snippet") && !text.contains("hunter2"), "{name}");
}

#[test]
fn reports_of_every_shape_keep_to_the_standard() {
    let validator = schema();
    for (name, audit) in exchanged() {
        for options in [options(80), french(80)] {
            check(&validator, name, &written(&audit, "sarif", &options));
        }
    }
}

#[test]
fn reports_of_real_files_by_real_rules_keep_to_the_standard() {
    let audit = audited();
    assert!(audit.findings.len() > 300, "{}", audit.findings.len());
    let text = written(&audit, "sarif", &options(80));
    check(&schema(), "fixtures", &text);
    let report: Value = serde_json::from_str(&text).unwrap();
    let rules = list(&report, "/runs/0/tool/driver/rules");
    assert!(rules.len() > 70, "all rules, whether or not they found something: {}", rules.len());
    assert!(results(&report).iter().all(|result| result.get("ruleIndex").is_some()));
    let ids: Vec<&str> = rules.iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    assert!(ids.is_sorted());
}

/// A way to break a report.
type Spoil = fn(&mut Value);

#[test]
fn wrong_reports_are_refused() {
    let spoils: [(&str, Spoil); 7] = [
        ("another version", |report| report["version"] = json!("2.0.0")),
        ("no tool", |report| drop(report["runs"][0].as_object_mut().unwrap().remove("tool"))),
        ("an unknown level", |report| report["runs"][0]["results"][0]["level"] = json!("high")),
        ("an unknown key", |report| report["runs"][0]["results"][0]["remedy"] = json!("x")),
        ("no message", |report| drop(report["runs"][0]["results"][0].as_object_mut().unwrap().remove("message"))),
        ("line zero", |report| {
            report["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = json!(0);
        }),
        ("no URI", |report| {
            report["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] =
                json!("a b");
        }),
    ];
    let validator = schema();
    let sound = report(&at_home(everything()));
    assert!(validator.is_valid(&sound));
    for (name, spoil) in spoils {
        let mut spoilt = sound.clone();
        spoil(&mut spoilt);
        assert!(!validator.is_valid(&spoilt), "{name}");
    }
}

#[test]
fn what_was_found_is_told() {
    let audit = at_home(everything());
    let report = report(&audit);
    let told: Vec<(String, String, String)> = results(&report)
        .iter()
        .map(|result| {
            let word = |value: &Value| value.as_str().unwrap().to_owned();
            (word(&result["ruleId"]), word(&result["properties"]["severity"]), uri(result).to_owned())
        })
        .collect();
    let expected: Vec<(String, String, String)> = audit
        .findings
        .iter()
        .map(|finding| {
            let path = audit.relative(&finding.path).to_str().unwrap().to_owned();
            (finding.rule.clone(), finding.severity.word().to_owned(), path)
        })
        .collect();
    assert_eq!(told, expected);
}

#[test]
fn only_files_without_lines_bring_the_hash_that_github_makes() {
    let report = report(&at_home(everything()));
    for (result, finding) in results(&report).iter().zip(everything().findings) {
        let hash = result["partialFingerprints"].get("primaryLocationLineHash");
        assert_eq!(hash.is_some(), finding.position.is_none(), "{result}");
        if finding.position.is_none() {
            let first = json!({"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 1});
            assert_eq!(region(result), &first);
        }
    }
}

#[test]
fn a_database_is_pointed_into_by_name() {
    let report = report(&at_home(everything()));
    let cell = results(&report).iter().find(|result| result["ruleId"] == "encryption-disabled").unwrap();
    assert_eq!(
        cell["locations"][0]["logicalLocations"],
        json!([{ "fullyQualifiedName": "gajim/settings/account_settings[example.org] / custom_type", "kind": "member" }])
    );
}

#[test]
fn columns_are_code_points_of_one_line() {
    let mut finding = text_finding("/a/b", "é=äöü\nnext", "äöü\nne");
    finding.place = "a".to_owned();
    let position = Position { line: 1, column: 3, end_line: 2, end_column: 3 };
    assert_eq!(finding.position, Some(position));
    let report = report(&Audit { findings: vec![finding], ..Audit::default() });
    assert_eq!(report["runs"][0]["columnKind"], "unicodeCodePoints");
    assert_eq!(
        region(&results(&report)[0]),
        &json!({"startLine": 1, "startColumn": 3, "endLine": 1, "endColumn": 6})
    );
}

#[test]
fn what_somebody_has_accepted_says_why() {
    let report = report(&accepted());
    let told: Vec<&Value> = results(&report).iter().map(|result| &result["suppressions"]).collect();
    let by = |reason: &str, properties: Value| json!([{ "kind": "external", "status": "accepted", "justification": reason, "properties": properties }]);
    assert_eq!(
        told,
        [
            &json!([]),
            &json!([]),
            &by("A machine of my own.", json!({ "by": "ignore", "expires": "2027-01-31" })),
            &by("A test account.", json!({ "by": "ignore" })),
        ]
    );
}

#[test]
fn a_baseline_gives_every_result_a_state() {
    let report = report(&against_a_baseline());
    let states: Vec<&Value> = results(&report).iter().map(|result| &result["baselineState"]).collect();
    assert_eq!(states, ["new", "unchanged", "unchanged", "new", "absent"]);
    assert_eq!(results(&report)[0]["properties"]["commit"], "0123456789abcdef");
    assert_eq!(results(&report)[2]["suppressions"][0]["properties"]["by"], "baseline");
    let gone = &results(&report)[4];
    assert_eq!(uri(gone), ".config/gajim/settings.sqlite");
    assert_eq!(gone["partialFingerprints"]["xmppAudit/v1"], "00112233445566778899aabbccddeeff");
}

#[test]
fn what_could_not_be_read_is_told() {
    let invocation = |audit| report(&at_home(audit)).pointer("/runs/0/invocations/0").unwrap().clone();
    let levels = |invocation: &Value| -> Vec<String> {
        let all = list(invocation, "/toolExecutionNotifications").iter();
        all.map(|one| format!("{}/{}", one["descriptor"]["id"].as_str().unwrap(), one["level"].as_str().unwrap()))
            .collect()
    };
    let incomplete = invocation(incomplete());
    assert_eq!(incomplete["executionSuccessful"], false);
    assert_eq!(levels(&incomplete), ["not-audited/error", "not-audited/note", "not-audited/error"]);
    let first = "/toolExecutionNotifications/0/locations/0/physicalLocation/artifactLocation/uri";
    assert_eq!(incomplete.pointer(first).unwrap(), ".purple/prefs.xml");
    let nothing = invocation(nothing());
    assert_eq!(nothing["executionSuccessful"], true);
    assert_eq!(levels(&nothing), ["nothing-audited/warning"]);
    assert_eq!(invocation(report_audits::clean())["executionSuccessful"], true);
}

#[test]
fn what_a_file_says_is_neither_link_nor_placeholder() {
    let mut audit = at_home(hostile());
    for finding in &mut audit.findings {
        finding.message = "see [here](1) and {0} and [there](https://example.org/)".to_owned();
        finding.expected = None;
    }
    for result in results(&report(&audit)) {
        assert_eq!(result["message"]["text"], "see [here] (1) and {{0}} and [there] (https://example.org/).");
    }
}

#[test]
fn names_of_files_are_encoded() {
    let report = report(&at_home(hostile()));
    assert_eq!(results(&report).len(), hostile().findings.len());
    for result in results(&report) {
        assert!(uri(result).bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/-._~@+%".contains(&byte)));
        assert!(!uri(result).contains(HOSTILE));
    }
}
