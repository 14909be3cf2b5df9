//! The rules as one JSON object, with everything that their front matter says.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::clients;
use crate::discover::Home;
use crate::finding::{Confidence, Severity};
use crate::model::{ClientName, Language, Safety};
use crate::rules::samples::{Sample, Verdict};
use crate::rules::{Condition, Fix, Page, RuleError, RuleSet};

/// The name of the document's shape.
const SHAPE: &str = "xmpp-audit/rules/1";

#[derive(Serialize)]
pub(super) struct Document<'a> {
    schema: &'static str,
    rules: Vec<Rule<'a>>,
}

#[derive(Serialize)]
struct Rule<'a> {
    id: &'a str,
    title: &'a str,
    subject: &'static str,
    clients: Vec<&'static str>,
    when: &'a str,
    severity: Severity,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    raise: Vec<To<'a, Severity>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    lower: Vec<To<'a, Severity>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    step_down: Option<&'a str>,
    confidence: Confidence,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    confidence_when: Vec<To<'a, Confidence>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mark: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fix: Vec<FixObject<'a>>,
    tags: Vec<&'a str>,
    cwe: Vec<String>,
    languages: Vec<&'static str>,
    pages: BTreeMap<&'static str, &'a str>,
    samples: BTreeMap<&'static str, Samples>,
}

/// What something is, and when.
#[derive(Serialize)]
struct To<'a, T> {
    to: T,
    when: &'a str,
}

/// A way to put it right that the program can go; of several the first that applies counts.
#[derive(Serialize)]
struct FixObject<'a> {
    clients: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    when: Option<&'a str>,
    safety: Safety,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    set: BTreeMap<&'static str, &'a str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    remove: bool,
}

/// How many homes made of samples there are in which the rule is true, nearly true, and put right.
#[derive(Serialize)]
struct Samples {
    fail: usize,
    pass: usize,
    fixed: usize,
}

/// Every rule. A page's samples are read here, and may be wrong.
pub(super) fn document(rules: &RuleSet, language: Language) -> Result<Document<'_>, RuleError> {
    let rules = rules.pages().iter().map(|page| rule(page, language)).collect::<Result<_, _>>()?;
    Ok(Document { schema: SHAPE, rules })
}

fn rule(page: &Page, language: Language) -> Result<Rule<'_>, RuleError> {
    let samples = page.texts(Language::English).prose.samples()?;
    let (cwe, tags): (Vec<&str>, Vec<&str>) = page.tags.iter().map(String::as_str).partition(|tag| is_cwe(tag));
    let languages: Vec<Language> =
        [Language::English, Language::French].into_iter().filter(|language| page.speaks(*language)).collect();
    Ok(Rule {
        id: &page.id,
        title: &page.texts(language).title,
        subject: page.subject.word(),
        clients: page.clients.iter().map(|client| client.0).collect(),
        when: &page.when.source,
        severity: page.severity,
        raise: conditions(&page.raise),
        lower: conditions(&page.lower),
        step_down: page.step_down.as_ref().map(|condition| condition.source.as_ref()),
        confidence: page.confidence,
        confidence_when: conditions(&page.confidence_when),
        mark: page.mark.map(|fact| fact.name),
        fix: page.fixes.iter().map(fix).collect(),
        tags,
        cwe: cwe.into_iter().map(str::to_uppercase).collect(),
        languages: languages.iter().map(|language| language.word()).collect(),
        pages: languages.iter().map(|language| (language.word(), page.texts(*language).path.as_ref())).collect(),
        samples: page.clients.iter().map(|client| (client.0, count(&samples, *client))).collect(),
    })
}

fn fix(fix: &Fix) -> FixObject<'_> {
    FixObject {
        clients: fix.clients.iter().map(|client| client.0).collect(),
        when: fix.when.as_ref().map(|when| when.source.as_ref()),
        safety: fix.safety,
        set: fix.set.iter().map(|(fact, value)| (fact.name, value.source.as_ref())).collect(),
        remove: fix.remove,
    }
}

fn is_cwe(tag: &str) -> bool {
    tag.strip_prefix("cwe-").is_some_and(|number| number.parse::<u32>().is_ok())
}

fn conditions<T: Copy>(conditions: &[(T, Condition)]) -> Vec<To<'_, T>> {
    conditions.iter().map(|(to, condition)| To { to: *to, when: &condition.source }).collect()
}

/// The homes in which a client has a file.
fn count(samples: &[Sample], client: ClientName) -> Samples {
    let places = clients::by_name(client.0).map_or(&[][..], |client| client.known_places());
    let is_own = |sample: &&Sample| places.iter().any(|place| Home::has_place_at(place, &sample.path));
    let homes: BTreeSet<(Verdict, &str)> =
        samples.iter().filter(is_own).map(|sample| (sample.verdict, sample.case.as_str())).collect();
    let of = |verdict| homes.iter().filter(|(other, _)| *other == verdict).count();
    Samples { fail: of(Verdict::Fail), pass: of(Verdict::Pass), fixed: of(Verdict::Fixed) }
}
