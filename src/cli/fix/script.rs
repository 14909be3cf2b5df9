//! The same repairs as instructions for people: what to do in which client, step by step.

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::clients;
use crate::finding::Finding;
use crate::model::ClientName;
use crate::report::{self, Options, harmless};

/// Says what a person is to do, client by client, rule by rule.
pub(super) fn write(findings: &[Finding], options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let mut by_client: BTreeMap<ClientName, BTreeMap<&str, Vec<&Finding>>> = BTreeMap::new();
    for finding in findings {
        by_client.entry(finding.client).or_default().entry(&finding.rule).or_default().push(finding);
    }
    let mut number = 0;
    for (client, rules) in by_client {
        let title = clients::by_name(client.0).map_or(client.0, clients::Client::title);
        writeln!(out, "{}\n", report::heading(title, options))?;
        for findings in rules.into_values() {
            number += 1;
            step(number, &findings, options, out)?;
        }
    }
    Ok(())
}

fn step(number: usize, findings: &[&Finding], options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let Some(first) = findings.first() else { return Ok(()) };
    writeln!(out, "{number}. {} ({})", harmless::line(&first.title), first.rule)?;
    for finding in findings {
        writeln!(out, "   - {}: {}", harmless::path(&finding.path), harmless::line(&finding.place))?;
    }
    writeln!(out)?;
    for line in report::prose(&first.remedy, options) {
        writeln!(out, "{}", if line.is_empty() { line } else { format!("   {line}") })?;
    }
    writeln!(out)
}
