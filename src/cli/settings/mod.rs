//! `settings`: what an audit would go by, and where each value comes from.

mod json;
mod text;

use std::io::Write;

use super::arguments::{Arguments, ListFormat, ShowSettings};
use super::confine::confine;
use super::given::Given;
use super::plan::{self, Plan};
use super::terminal::Terminal;
use super::{Exit, Failure, write_json};
use crate::Search;
use crate::configuration::{Chosen, Glob, Origin, Settings};
use crate::model::ClientName;

/// The JSON Schema (draft 2020-12) of settings in JSON.
pub(super) const SCHEMA: &str = include_str!("settings.schema.json");

pub(super) fn run(
    asked: &ShowSettings,
    arguments: &Arguments,
    given: &Given<'_>,
    terminal: &Terminal,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let targets = plan::targets(&asked.places)?;
    let mut plan = Plan::new(&asked.places, &asked.choices, &targets, arguments, given, terminal)?;
    if plan.needs_rules() {
        plan.load_rules(terminal)?;
    }
    let confined = confine(&asked.places, &targets, &plan, Vec::new());
    let mut search = Search::new(&targets, &plan.request);
    confined.map(|confined| confined.settle(&search)).transpose()?;
    if !search.is_empty() {
        plan.load_rules(terminal)?;
    }
    plan.tighten(&mut search, &asked.choices);
    match asked.output_format {
        ListFormat::Text => text::show(&plan, &search, terminal, out),
        ListFormat::Json => write_json(&json::document(&plan, &search, terminal.language), out),
    }
}

/// A setting as it is shown: its key, its values, and where they come from.
struct Row<'a> {
    key: String,
    values: Values,
    origin: &'a Origin,
}

/// What stands in a setting.
enum Values {
    /// One word, or none.
    One(Option<String>),
    /// A list.
    Many(Vec<String>),
}

/// Every setting but the findings that are accepted, in the order of the documentation.
fn rows(settings: &Settings) -> Vec<Row<'_>> {
    let mut rows = vec![
        one("policy", &settings.policy, settings.policy.value.clone()),
        one(
            "baseline",
            &settings.baseline,
            settings.baseline.value.as_ref().map(|path| path.display().to_string()),
        ),
        many("rules", &settings.rules, |path| path.display().to_string()),
        many("provider-files", &settings.provider_files, |path| path.display().to_string()),
        many("select", &settings.select, Clone::clone),
        many("ignore", &settings.ignore, Clone::clone),
        many("client", &settings.clients, |client: &ClientName| client.0.to_owned()),
        many("exclude", &settings.exclude, |glob: &Glob| glob.text().to_owned()),
        one("min-severity", &settings.min_severity, Some(settings.min_severity.value.word().to_owned())),
        one("min-confidence", &settings.min_confidence, Some(settings.min_confidence.value.word().to_owned())),
        one("fail-on", &settings.fail_on, Some(settings.fail_on.value.word().to_owned())),
    ];
    for (rule, severity) in &settings.severity {
        rows.push(one(&format!("severity.{rule}"), severity, Some(severity.value.word().to_owned())));
    }
    for (rule, confidence) in &settings.confidence {
        rows.push(one(&format!("confidence.{rule}"), confidence, Some(confidence.value.word().to_owned())));
    }
    rows
}

fn one<'a, T>(key: &str, chosen: &'a Chosen<T>, value: Option<String>) -> Row<'a> {
    Row { key: key.to_owned(), values: Values::One(value), origin: &chosen.origin }
}

fn many<'a, T>(key: &str, chosen: &'a Chosen<Vec<T>>, text: impl Fn(&T) -> String) -> Row<'a> {
    let values = chosen.value.iter().map(text).collect();
    Row { key: key.to_owned(), values: Values::Many(values), origin: &chosen.origin }
}
