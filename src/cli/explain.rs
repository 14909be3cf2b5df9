//! `explain`: everything about a rule.

use std::collections::BTreeSet;
use std::io::Write;

use super::arguments::Arguments;
use super::rules::unknown;
use super::terminal::Terminal;
use super::{Exit, Failure, load_rules};
use crate::clients;
use crate::finding::Severity;
use crate::model::{ClientName, Language, Safety};
use crate::report::{self, Options};
use crate::rules::{Page, Section};

pub(super) fn run(
    id: &str,
    arguments: &Arguments,
    terminal: &Terminal,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let rules = load_rules(arguments, terminal.language)?;
    let page = rules.page(id).ok_or_else(|| unknown(&rules, id, "no rule"))?;
    let options = terminal.options();
    head(page, &options, out)?;
    for line in can_do(page, terminal.language) {
        writeln!(out, "{line}")?;
    }
    let texts = page.texts(terminal.language);
    for section in Section::ALL {
        writeln!(out, "\n{}\n", report::heading(section.heading(terminal.language), &options))?;
        for line in report::prose(texts.prose.section(section), &options) {
            writeln!(out, "{line}")?;
        }
    }
    Ok(Exit::Clean)
}

/// What `fix` can do about it, in which clients.
fn can_do(page: &Page, language: Language) -> Vec<String> {
    let in_clients = |safety: Safety| {
        let fixes = page.fixes.iter().filter(|fix| fix.safety == safety);
        let clients: BTreeSet<ClientName> = fixes.flat_map(|fix| fix.clients.iter().copied()).collect();
        let titles = page.clients.iter().filter(|client| clients.contains(client));
        titles
            .filter_map(|name| clients::by_name(name.0))
            .map(clients::Client::title)
            .collect::<Vec<_>>()
            .join(", ")
    };
    let mut lines = Vec::new();
    for (safety, command) in [(Safety::Safe, "xmpp-audit fix"), (Safety::Unsafe, "xmpp-audit fix --unsafe")] {
        let titles = in_clients(safety);
        if !titles.is_empty() {
            let does = language.choose("puts it right in", "y remédie dans");
            lines.push(format!("`{command} --select {}` {does} {titles}", page.id));
        }
    }
    lines
}

fn head(page: &Page, options: &Options, out: &mut dyn Write) -> Result<(), Failure> {
    let titles: Vec<_> =
        page.clients.iter().filter_map(|name| clients::by_name(name.0)).map(clients::Client::title).collect();
    let title = format!("{}: {}", page.id, page.texts(options.language).title);
    writeln!(out, "{}", report::heading(&title, options))?;
    let word = |severity| report::severity(severity, options.language);
    let mut others: Vec<Severity> = page.raise.iter().chain(&page.lower).map(|(severity, _)| *severity).collect();
    others.retain(|severity| *severity != page.severity);
    others.sort_unstable_by(|left, right| right.cmp(left));
    others.dedup();
    let others: Vec<_> = others.into_iter().map(word).collect();
    let varies = match others.is_empty() {
        true => String::new(),
        false => {
            format!(" ({} {})", options.language.choose("or, by the case,", "ou, selon le cas,"), others.join(", "))
        }
    };
    writeln!(out, "{}{varies} · {} · {}", word(page.severity), titles.join(", "), page.tags.join(", "))?;
    Ok(())
}
