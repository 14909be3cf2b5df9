//! Findings that somebody has accepted.

use super::Request;
use crate::configuration::Ignore;
use crate::finding::{Audit, Suppressed};
use crate::model::{Notice, Trouble};
use crate::rules::RuleSet;

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
