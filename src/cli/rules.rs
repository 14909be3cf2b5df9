//! `rules`: the list of rules.

use std::io::Write;

use super::arguments::Arguments;
use super::terminal::Terminal;
use super::{Exit, Failure, load_rules};

pub(super) fn run(arguments: &Arguments, terminal: &Terminal, out: &mut dyn Write) -> Result<Exit, Failure> {
    let rules = load_rules(arguments, terminal.language)?;
    let widest = rules.pages().iter().map(|page| page.id.len()).max().unwrap_or_default();
    for page in rules.pages() {
        writeln!(out, "{:widest$}  {:8}  {}", page.id, page.severity.word(), page.texts(terminal.language).title)?;
    }
    Ok(Exit::Clean)
}
