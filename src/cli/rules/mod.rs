//! `rules`: the list of rules, and a word for who names one that is not in it.

mod json;

use std::io::Write;

use super::arguments::{Arguments, ListFormat, Listing};
use super::terminal::Terminal;
use super::{Exit, Failure, load_rules, write_json};
use crate::model::Language;
use crate::rules::{RuleSet, edit_distance};

/// The JSON Schema (draft 2020-12) of the list in JSON.
pub(super) const SCHEMA: &str = include_str!("rules.schema.json");

pub(super) fn run(
    listing: &Listing,
    arguments: &Arguments,
    terminal: &Terminal,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    match listing.output_format {
        ListFormat::Text => list(&load_rules(arguments, terminal.language)?, terminal, out),
        // Which languages a page speaks shows only where all are loaded.
        ListFormat::Json => {
            let rules = load_rules(arguments, Language::French)?;
            write_json(&json::document(&rules, terminal.language)?, out)
        }
    }
}

fn list(rules: &RuleSet, terminal: &Terminal, out: &mut dyn Write) -> Result<Exit, Failure> {
    let widest = rules.pages().iter().map(|page| page.id.len()).max().unwrap_or_default();
    for page in rules.pages() {
        writeln!(out, "{:widest$}  {:8}  {}", page.id, page.severity.word(), page.texts(terminal.language).title)?;
    }
    Ok(Exit::Clean)
}

/// That nothing is called `name`, with the rules that were probably meant: the ones that are hardly spelt otherwise,
/// else the ones that share a word.
pub(super) fn unknown(rules: &RuleSet, name: &str, nothing: &str) -> Failure {
    let name = name.trim();
    let lower = name.to_lowercase();
    let words: Vec<&str> = lower.split(['-', '_', ' ']).filter(|word| word.len() > 2).collect();
    let ids = || rules.pages().iter().map(|page| page.id.as_str());
    let spelt = ids().filter(|id| edit_distance(&lower, id) <= 1 + id.len() / 8);
    let sharing = ids().filter(|id| id.split('-').any(|word| words.iter().any(|asked| close(asked, word))));
    let mut near: Vec<&str> = spelt.collect();
    if near.is_empty() {
        near = sharing.collect();
    }
    let hint = if near.is_empty() { String::new() } else { format!("; did you mean {}?", near.join(", ")) };
    let separator = if near.is_empty() { ";" } else { "" };
    Failure::Usage(format!("there is {nothing} “{name}”{hint}{separator} `xmpp-audit rules` lists them"))
}

/// Whether two words of ids are the same but for one letter.
fn close(asked: &str, word: &str) -> bool {
    asked == word || word.len() > 4 && edit_distance(asked, word) <= 1
}
