//! `explain`: everything about a rule.

use std::io::Write;

use super::arguments::Arguments;
use super::terminal::Terminal;
use super::{Exit, Failure, load_rules};
use crate::clients;
use crate::report::{self, Options};
use crate::rules::{Page, RuleSet, Section};

pub(super) fn run(
    id: &str,
    arguments: &Arguments,
    terminal: &Terminal,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let rules = load_rules(arguments, terminal.language)?;
    let page = rules.page(id).ok_or_else(|| unknown(&rules, id))?;
    let options = terminal.options();
    head(page, &options, out)?;
    let texts = page.texts(terminal.language);
    for section in Section::ALL {
        writeln!(out, "\n{}\n", report::heading(section.heading(terminal.language), &options))?;
        for line in report::prose(texts.prose.section(section), &options) {
            writeln!(out, "{line}")?;
        }
    }
    Ok(Exit::Clean)
}

fn head(page: &Page, options: &Options, out: &mut dyn Write) -> Result<(), Failure> {
    let titles: Vec<_> =
        page.clients.iter().filter_map(|name| clients::by_name(name.0)).map(clients::Client::title).collect();
    let title = format!("{}: {}", page.id, page.texts(options.language).title);
    writeln!(out, "{}", report::heading(&title, options))?;
    let severities: Vec<_> = page.raise.iter().chain(&page.lower).map(|(severity, _)| severity.word()).collect();
    let varies = if severities.is_empty() { String::new() } else { format!(" ({})", severities.join(", ")) };
    writeln!(out, "{}{varies} · {} · {}", page.severity.word(), titles.join(", "), page.tags.join(", "))?;
    Ok(())
}

/// Names the rules whose ids share a word with what was asked for.
fn unknown(rules: &RuleSet, id: &str) -> Failure {
    let words: Vec<&str> = id.split('-').filter(|word| word.len() > 2).collect();
    let near: Vec<&str> = rules
        .pages()
        .iter()
        .map(|page| page.id.as_str())
        .filter(|known| known.split('-').any(|word| words.contains(&word)))
        .collect();
    let hint = if near.is_empty() { String::new() } else { format!("; did you mean {}", near.join(", ")) };
    Failure::Usage(format!("there is no rule “{id}”{hint}; `xmpp-audit rules` lists them"))
}
