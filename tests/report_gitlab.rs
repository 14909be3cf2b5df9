//! GitLab's Code Quality reports against what GitLab checks and shows.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

mod report_audits;

use std::collections::BTreeSet;
use std::path::PathBuf;

use report_audits::{at_home, clean, everything, exchanged, french, incomplete, options, written, written_setting};
use serde_json::{Value, json};
use xmpp_audit::finding::{Audit, Finding, Severity};

fn report(audit: &Audit) -> Vec<Value> {
    serde_json::from_str(&written(audit, "gitlab", &options(80))).unwrap()
}

fn fingerprints(audit: &Audit) -> Vec<String> {
    report(audit).iter().map(|issue| issue["fingerprint"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn every_issue_is_one_that_gitlab_takes() {
    let schema = serde_json::from_str(include_str!("../fixtures/schemas/gitlab-codequality.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    assert!(!validator.is_valid(&json!({ "description": "", "fingerprint": "", "severity": "" })));
    for (name, audit) in exchanged() {
        for options in [options(80), french(80)] {
            let text = written(&audit, "gitlab", &options);
            assert!(!text.contains("/home") && !text.contains("hunter2"), "{name}");
            let issues: Vec<Value> = serde_json::from_str(&text).unwrap();
            for issue in &issues {
                assert!(validator.is_valid(issue), "{name}: {issue}");
                // What the schema leaves open, and GitLab's documentation does not.
                let severity = issue["severity"].as_str().unwrap();
                assert!(["info", "minor", "major", "critical", "blocker"].contains(&severity), "{name}: {issue}");
                assert!(issue["location"]["lines"]["begin"].as_u64().unwrap() > 0, "{name}: {issue}");
                let path = issue["location"]["path"].as_str().unwrap();
                assert!(!path.is_empty() && !path.starts_with("./") && !path.starts_with('/'), "{name}: {path}");
                let check = issue["check_name"].as_str().unwrap();
                assert!(issue["description"].as_str().unwrap().starts_with(&format!("{check}: ")), "{issue}");
            }
            let distinct: BTreeSet<&str> =
                issues.iter().map(|issue| issue["fingerprint"].as_str().unwrap()).collect();
            assert_eq!(distinct.len(), issues.len(), "{name}");
        }
    }
}

#[test]
fn without_findings_it_is_an_empty_list() {
    assert_eq!(written(&clean(), "gitlab", &options(80)), "[]\n");
}

#[test]
fn what_was_found_is_told() {
    let audit = Audit { notices: Vec::new(), inputs: Vec::new(), ..at_home(everything()) };
    let told: Vec<(String, String, String)> = report(&audit)
        .iter()
        .map(|issue| {
            let word = |value: &Value| value.as_str().unwrap().to_owned();
            (word(&issue["check_name"]), word(&issue["severity"]), word(&issue["location"]["path"]))
        })
        .collect();
    let severity = |severity| match severity {
        Severity::Info => "info",
        Severity::Low => "minor",
        Severity::Medium => "major",
        Severity::High => "critical",
        Severity::Critical => "blocker",
    };
    let expected: Vec<(String, String, String)> = audit
        .findings
        .iter()
        .map(|finding| {
            let path = audit.relative(&finding.path).to_str().unwrap().to_owned();
            (finding.rule.clone(), severity(finding.severity).to_owned(), path)
        })
        .collect();
    assert_eq!(told, expected);
}

#[test]
fn what_could_not_be_read_is_not_lost() {
    let issues = report(&at_home(incomplete()));
    let told: Vec<&Value> = issues.iter().map(|issue| &issue["location"]["path"]).collect();
    assert_eq!(told, [".purple/prefs.xml", ".purple/blist.xml"]);
    assert!(issues.iter().all(|issue| issue["check_name"] == "not-audited" && issue["severity"] == "major"));
    let in_french: Vec<Value> =
        serde_json::from_str(&written(&at_home(incomplete()), "gitlab", &french(80))).unwrap();
    assert_eq!(in_french[0]["fingerprint"], issues[0]["fingerprint"], "the same in every language");
    assert_ne!(in_french[0]["description"], issues[0]["description"]);
}

#[test]
fn putting_one_right_leaves_the_others_what_they_were() {
    let at = |path: &str| Finding { path: PathBuf::from(path), ..written_setting() };
    let audit = |findings| Audit { findings, ..at_home(clean()) };
    let both = fingerprints(&audit(vec![at("/home/alice/a"), at("/home/alice/b")]));
    assert_ne!(both[0], both[1]);
    assert_eq!(fingerprints(&audit(vec![at("/home/alice/b")])), both[1..]);
    let twice = fingerprints(&audit(vec![at("/home/alice/a"), at("/home/alice/a")]));
    assert_eq!(twice[0], both[0]);
    assert_ne!(twice[1], twice[0]);
    let published = Finding { commit: Some("abc".to_owned()), ..at("/home/alice/a") };
    assert_ne!(fingerprints(&audit(vec![published])), both[..1]);
}
