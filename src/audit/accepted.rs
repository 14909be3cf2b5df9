//! Findings that somebody has accepted.

use std::collections::HashSet;
use std::path::Path;

use super::Request;
use crate::baseline::{self, Baseline, Entry};
use crate::configuration::Ignore;
use crate::finding::{Audit, BaselineState, Suppressed};
use crate::model::{Notice, Trouble};
use crate::rules::facts::SubjectKind;
use crate::rules::{Page, RuleSet};

/// Takes out what the configuration accepts, and tells which of its `[[ignore]]` are in vain.
pub(super) fn ignore(audit: &mut Audit, rules: &RuleSet, request: &Request) {
    let mut is_used = vec![false; request.accepted.len()];
    for finding in std::mem::take(&mut audit.findings) {
        let mut by = None;
        // All that are about it are used, else which of two counts as useless would depend on their order.
        for (ignore, is_used) in request.accepted.iter().zip(&mut is_used) {
            if ignore.is_about(&finding) {
                *is_used = true;
                by = by.or_else(|| ignore.holds_on(&request.today).then(|| ignore.suppression()));
            }
        }
        match by {
            Some(by) => audit.suppressed.push(Suppressed { finding, by }),
            None => audit.findings.push(finding),
        }
    }
    for (ignore, is_used) in request.accepted.iter().zip(is_used) {
        let is_over = !ignore.holds_on(&request.today);
        let is_in_vain = if is_used { is_over } else { was_looked_for(ignore, audit, rules, request) };
        if is_in_vain {
            let trouble = Trouble::Remark(ignore.remark(&request.today));
            audit.notices.push(Notice { path: ignore.file.clone(), kind: None, trouble });
        }
    }
}

/// Whether that nothing was found means that there is nothing: all that an `[[ignore]]` can be about was looked at and
/// judged.
fn was_looked_for(ignore: &Ignore, audit: &Audit, rules: &RuleSet, request: &Request) -> bool {
    let is_judged = rules.page(&ignore.rule).is_some_and(|page| request.wants_rule(page));
    let clients_looked_at = match ignore.client {
        Some(client) => request.wants_client(client),
        None => request.clients.is_empty(),
    };
    is_judged && clients_looked_at && audit.is_complete() && ignore.is_covered_by(&audit.searched)
}

/// Takes out what the baseline knows, marks what is new, and tells what is gone.
pub(super) fn compare(audit: &mut Audit, baseline: &Baseline, file: &Path, rules: &RuleSet, request: &Request) {
    let matched = baseline::matches(baseline.entries(), &baseline::keys(audit));
    let entry = |number: &Option<usize>| number.and_then(|number| baseline.entries().get(number));
    for (mut finding, number) in std::mem::take(&mut audit.findings).into_iter().zip(&matched) {
        let known = entry(number).filter(|entry| entry.covers(&finding));
        let holding = known.filter(|entry| entry.holds_on(&request.today));
        if let (Some(entry), None) = (known, holding) {
            let trouble = Trouble::Remark(entry.remark());
            audit.notices.push(Notice { path: file.to_owned(), kind: None, trouble });
        }
        match holding {
            Some(entry) => {
                finding.baseline = Some(BaselineState::Unchanged);
                audit.suppressed.push(Suppressed { finding, by: entry.suppression(file) });
            }
            None => {
                finding.baseline = Some(BaselineState::New);
                audit.findings.push(finding);
            }
        }
    }
    if !looked_at_all(baseline, audit, request) {
        return;
    }
    let found: HashSet<usize> = matched.into_iter().flatten().collect();
    let missing = baseline.entries().iter().enumerate().filter(|(number, _)| !found.contains(number));
    let looks_at = |page: &Page| page.subject != SubjectKind::Published || request.history;
    let is_judged =
        |entry: &&Entry| rules.page(&entry.rule).is_none_or(|page| request.wants_rule(page) && looks_at(page));
    audit.gone = missing.map(|(_, entry)| entry).filter(is_judged).map(Entry::gone).collect();
}

/// Whether all was looked at that the baseline speaks of. What one file says may decide about another, so an audit of
/// some of the files, or of files that could not all be read, tells of nothing that it is gone.
fn looked_at_all(baseline: &Baseline, audit: &Audit, request: &Request) -> bool {
    let searched: Vec<_> = audit.searched.iter().map(|searched| audit.relative(searched)).collect();
    let was_looked_at = |entry: &Entry| {
        request.wants_client(entry.client) && searched.iter().any(|searched| entry.path.starts_with(searched))
    };
    audit.is_complete() && baseline.entries().iter().all(was_looked_at)
}
