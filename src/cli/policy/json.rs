//! Policies as one JSON object.

use serde::Serialize;

use crate::finding::{Severity, Wanted};
use crate::model::Language;
use crate::policy::Policy;
use crate::rules::{Requirement, RuleSet};

/// The name of the document's shape.
const SHAPE: &str = "xmpp-audit/policies/1";

#[derive(Serialize)]
pub(super) struct Document<'a> {
    schema: &'static str,
    policies: Vec<PolicyObject<'a>>,
}

#[derive(Serialize)]
struct PolicyObject<'a> {
    name: &'a str,
    title: &'a str,
    about: &'a str,
    extends: &'a [String],
    severities: Vec<SeverityObject<'a>>,
    off: Vec<&'a str>,
    requirements: Vec<RequirementObject<'a>>,
}

#[derive(Serialize)]
struct SeverityObject<'a> {
    rule: &'a str,
    severity: Severity,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline: Option<Severity>,
}

#[derive(Serialize)]
struct RequirementObject<'a> {
    fact: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    is: Option<&'a [String]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_not: Option<&'a [String]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    when: Option<&'a str>,
    rule: &'a str,
    severity: Severity,
}

pub(super) fn document<'a>(policies: &'a [Policy], rules: &RuleSet, language: Language) -> Document<'a> {
    let policies = policies.iter().map(|policy| policy_object(policy, rules, language)).collect();
    Document { schema: SHAPE, policies }
}

fn policy_object<'a>(policy: &'a Policy, rules: &RuleSet, language: Language) -> PolicyObject<'a> {
    let severities = policy.severities.iter().map(|(rule, severity)| SeverityObject {
        rule,
        severity: *severity,
        baseline: rules.page(rule).map(|page| page.severity),
    });
    PolicyObject {
        name: &policy.name,
        title: policy.title(language),
        about: policy.about(language),
        extends: &policy.extends,
        severities: severities.collect(),
        off: policy.off.iter().map(String::as_str).collect(),
        requirements: policy.requirements.iter().map(requirement_object).collect(),
    }
}

fn requirement_object(requirement: &Requirement) -> RequirementObject<'_> {
    let (is, is_not) = match &requirement.wanted {
        Wanted::OneOf(words) => (Some(words.as_slice()), None),
        Wanted::NoneOf(words) => (None, Some(words.as_slice())),
    };
    RequirementObject {
        fact: requirement.fact.name,
        is,
        is_not,
        when: requirement.when.as_ref().map(|when| when.source.as_ref()),
        rule: &requirement.rule,
        severity: requirement.severity,
    }
}
