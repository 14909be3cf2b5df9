//! `policy`: which policies there are, and what one of them changes.

mod json;
mod text;

use std::io::Write;

use super::arguments::{Arguments, ListFormat, Listing, PolicyCommand, ShowPolicy};
use super::terminal::Terminal;
use super::{Exit, Failure, load_rules, write_json};
use crate::policy::{self, Policy};

/// The JSON Schema (draft 2020-12) of policies in JSON.
pub(super) const SCHEMA: &str = include_str!("policies.schema.json");

pub(super) fn run(
    command: &PolicyCommand,
    arguments: &Arguments,
    terminal: &Terminal,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    match command {
        PolicyCommand::List(listing) => list(listing, arguments, terminal, out),
        PolicyCommand::Show(asked) => show(asked, arguments, terminal, out),
    }
}

fn list(
    listing: &Listing,
    arguments: &Arguments,
    terminal: &Terminal,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let rules = load_rules(arguments, terminal.language)?;
    let policies = policy::names().map(|name| Policy::load(name, &rules)).collect::<Result<Vec<_>, _>>()?;
    match listing.output_format {
        ListFormat::Text => text::list(&policies, terminal.language, out),
        ListFormat::Json => write_json(&json::document(&policies, &rules, terminal.language), out),
    }
}

fn show(
    asked: &ShowPolicy,
    arguments: &Arguments,
    terminal: &Terminal,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let rules = load_rules(arguments, terminal.language)?;
    let policy = Policy::load(&asked.policy, &rules)?;
    match asked.output_format {
        ListFormat::Text => text::show(&policy, &rules, &terminal.options(), out),
        ListFormat::Json => write_json(&json::document(&[policy], &rules, terminal.language), out),
    }
}
