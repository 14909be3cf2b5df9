//! What becomes a suite, and what a test.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use quick_junit::{NonSuccessKind, Property, TestCase, TestCaseStatus, TestSuite};

use super::super::concise::expected;
use super::super::overview::{Reasons, client_title, remedy_heading, unseen};
use super::super::{Shown, phrases};
use crate::finding::{Finding, InputStatus, RuleSummary};
use crate::model::Language;

/// What the names of all classes begin with: Jenkins takes it for the package.
const PACKAGE: &str = "xmpp-audit";

/// The class of the tests that say which files were looked at.
const FILES: &str = "files";

/// A rule as far as tests need to know it.
pub struct Rule<'a> {
    id: &'a str,
    /// What is known of it beside its findings; nothing where the audit does not tell of its rules.
    summary: Option<&'a RuleSummary>,
}

/// Every rule that was judged by, and every one of which something was found, in the order of their ids.
pub fn rules(audit: &Shown) -> Vec<Rule<'_>> {
    let suppressed = audit.suppressed.iter().map(|suppressed| &suppressed.finding);
    let found = audit.findings.iter().chain(suppressed).map(|finding| finding.rule.as_str());
    let mut rules: BTreeMap<&str, Option<&RuleSummary>> = found.map(|id| (id, None)).collect();
    rules.extend(audit.rules.iter().map(|rule| (rule.id.as_str(), Some(rule))));
    rules.into_iter().map(|(id, summary)| Rule { id, summary }).collect()
}

/// The suite in which every file is a test: passed if it was read, an error if it could not be, skipped if it was
/// passed over.
pub fn of_files(audit: &Shown, language: Language) -> TestSuite {
    let mut suite = Suite::new(FILES);
    let reasons = Reasons::of(audit);
    let mut known = BTreeSet::new();
    for input in &audit.inputs {
        known.insert(input.path.as_path());
        let reason = reasons.reason(input, language);
        let status = match (input.status, reason) {
            (InputStatus::Failed, Some(reason)) => failed_to_read(&reason),
            (_, Some(reason)) => skipped("passed-over", &reason),
            (_, None) => TestCaseStatus::success(),
        };
        suite.test(audit, &input.path, "", status);
    }
    for unseen in unseen(audit, language).into_iter().filter(|unseen| !known.contains(unseen.path)) {
        let status = if unseen.missing {
            failed_to_read(&unseen.sentence)
        } else {
            skipped("passed-over", &unseen.sentence)
        };
        suite.test(audit, unseen.path, "", status);
    }
    if audit.below_severity > 0 {
        // Rules that found only these have passed as far as was asked.
        suite.suite.add_property(Property::new("hidden", audit.below_severity.to_string()));
    }
    suite.suite
}

/// The suite of a rule: each finding is a failure, each accepted one is skipped; without any the rule has passed,
/// unless no file was read that it could be broken in.
pub fn of_rule(rule: &Rule<'_>, audit: &Shown, language: Language) -> TestSuite {
    let mut suite = Suite::new(rule.id);
    for finding in audit.findings.iter().filter(|finding| finding.rule == rule.id) {
        suite.finding(audit, finding, failure(finding, audit, language));
    }
    for suppressed in audit.suppressed.iter().filter(|suppressed| suppressed.finding.rule == rule.id) {
        suite.finding(audit, &suppressed.finding, skipped("accepted", &suppressed.by.reason));
    }
    if suite.suite.test_cases.is_empty()
        && let Some(summary) = rule.summary
    {
        let read = |input: &crate::finding::Input| {
            input.status == InputStatus::Audited && summary.clients.contains(&input.client)
        };
        let status = if audit.inputs.iter().any(read) {
            TestCaseStatus::success()
        } else {
            let clients: Vec<&str> = summary.clients.iter().map(|client| client_title(*client)).collect();
            skipped("no-file", &phrases::NO_FILE.with(language, [&clients.join(", ")]))
        };
        suite.add(&summary.title, status, |_| {});
    }
    suite.suite
}

struct Suite {
    suite: TestSuite,
    class: String,
    /// How often a name has been given: systems take tests of the same name for one.
    names: BTreeMap<String, usize>,
}

impl Suite {
    fn new(name: &str) -> Self {
        Self { suite: TestSuite::new(name), class: format!("{PACKAGE}.{name}"), names: BTreeMap::new() }
    }

    fn finding(&mut self, audit: &Shown, finding: &Finding, status: TestCaseStatus) {
        let place = if finding.subject == "file" { "" } else { &finding.place };
        let line = finding.position.map(|position| position.line);
        let path = audit.relative(&finding.path);
        self.add(&name(&path, place), status, |test| {
            test.extra.insert("file".into(), path.to_string_lossy().into());
            if let Some(line) = line {
                test.extra.insert("line".into(), line.to_string().into());
            }
        });
    }

    fn test(&mut self, audit: &Shown, path: &Path, place: &str, status: TestCaseStatus) {
        let path = audit.relative(path);
        self.add(&name(&path, place), status, |test| {
            test.extra.insert("file".into(), path.to_string_lossy().into());
        });
    }

    fn add(&mut self, name: &str, status: TestCaseStatus, more: impl FnOnce(&mut TestCase)) {
        let count = self.names.entry(name.to_owned()).or_default();
        *count += 1;
        let name = if *count == 1 { name.to_owned() } else { format!("{name} ({count})") };
        let mut test = TestCase::new(name, status);
        test.set_classname(self.class.as_str());
        more(&mut test);
        self.suite.add_test_case(test);
    }
}

fn name(path: &Path, place: &str) -> String {
    let path = path.to_string_lossy();
    if place.is_empty() { path.into_owned() } else { format!("{path}: {place}") }
}

/// GitLab shows the text and not the message, so the text says everything.
fn failure(finding: &Finding, audit: &Shown, language: Language) -> TestCaseStatus {
    let mut place = audit.relative(&finding.path).to_string_lossy().into_owned();
    if let Some(position) = finding.position {
        place.push_str(&format!(":{}:{}", position.line, position.column));
    }
    let remedy = remedy_heading(finding, language);
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_message(&finding.message).set_type(finding.severity.word()).set_description(format!(
        "{place}: {}[{}] {}{}\n\n{remedy}\n{}\n",
        finding.severity.word(),
        finding.rule,
        finding.message,
        expected(finding, language),
        finding.remedy
    ));
    status
}

fn failed_to_read(reason: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
    status.set_message(reason).set_type("unread").set_description(reason);
    status
}

fn skipped(kind: &str, reason: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::skipped();
    status.set_message(reason).set_type(kind).set_description(reason);
    status
}
