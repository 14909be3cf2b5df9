//! Several findings of one rule: what is said once, and what each is known by.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use crate::finding::{Expected, Finding, fingerprint};
use crate::model::{Place, Spot};

/// A finding that does not know yet whether it is the only one of its kind.
pub(super) struct Candidate {
    /// The finding, without a fingerprint.
    pub finding: Finding,
    /// Whether the page itself says it, and not a policy alone.
    pub is_own: bool,
    /// Where it points.
    pub place: Place,
    /// What its fingerprint is made of.
    pub key: [String; 7],
}

/// Says each problem once, and gives each finding its fingerprint.
pub(super) fn settle(candidates: Vec<Candidate>) -> Vec<Finding> {
    // Most rules find nothing, or one thing.
    let kept = if candidates.len() > 1 { said_once(candidates) } else { candidates };
    let mut seen: HashMap<[String; 7], usize> = HashMap::with_capacity(kept.len());
    kept.into_iter()
        .map(|Candidate { mut finding, key, .. }| {
            let alike = seen.entry(key);
            let ordinal = match &alike {
                Entry::Occupied(before) => *before.get(),
                Entry::Vacant(_) => 0,
            };
            finding.fingerprint = fingerprint(&alike.key().each_ref().map(String::as_str), ordinal);
            *alike.or_default() += 1;
            finding
        })
        .collect()
}

/// What several subjects get from one and the same setting, such as a client-wide proxy, is one problem: the worst
/// finding stays. So is one and the same room that several accounts remember.
fn said_once(candidates: Vec<Candidate>) -> Vec<Candidate> {
    let mut kept: Vec<Candidate> = Vec::new();
    let mut rooms: HashSet<(String, Option<&str>)> = HashSet::new();
    let mut at_place: HashMap<Place, usize> = HashMap::new();
    for mut candidate in candidates {
        let missed = candidate.finding.expected.as_ref().filter(|expected| expected.in_message);
        let missed = missed.map(|expected| expected.fact);
        if candidate.finding.room.clone().is_some_and(|room| !rooms.insert((room, missed))) {
            continue;
        }
        let twin = at_place.get(&candidate.place).and_then(|twin| kept.get_mut(*twin));
        match twin {
            Some(twin) => {
                if twin.finding.severity < candidate.finding.severity {
                    std::mem::swap(twin, &mut candidate);
                }
                if let (None, Some(expected)) = (&twin.finding.expected, candidate.finding.expected) {
                    twin.finding.expected = Some(Expected { in_message: false, ..expected });
                }
            }
            None => {
                // What is about a file as a whole may be about several things in it.
                if candidate.place.spot != Spot::File {
                    at_place.insert(candidate.place.clone(), kept.len());
                }
                kept.push(candidate);
            }
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::finding::{Confidence, Severity, Wanted};
    use crate::model::{ClientName, FileNumber, Span};

    /// What is found of an account at that offset of a file.
    fn found(account: &str, severity: Severity, at: usize) -> Candidate {
        let finding = Finding {
            rule: "x".to_owned(),
            severity,
            confidence: Confidence::High,
            client: ClientName("pidgin"),
            subject: "account",
            account: Some(account.to_owned()),
            room: None,
            path: PathBuf::new(),
            position: None,
            place: "prefs.xml / proxy".to_owned(),
            excerpt: None,
            default_word: None,
            title: "".into(),
            message: String::new(),
            expected: None,
            why: "".into(),
            remedy: "".into(),
            fingerprint: String::new(),
            baseline: None,
            commit: None,
            repair: None,
        };
        let place = Place::in_text(FileNumber(0), Span::at(at), "prefs.xml / proxy");
        Candidate { is_own: true, finding, place, key: Default::default() }
    }

    fn kept(candidates: Vec<Candidate>) -> Vec<(String, Severity)> {
        let findings = settle(candidates).into_iter();
        findings.map(|finding| (finding.account.unwrap(), finding.severity)).collect()
    }

    #[test]
    fn of_one_and_the_same_setting_the_worst_is_said() {
        for (first, second, expected) in [
            (Severity::Low, Severity::High, ("bob", Severity::High)),
            (Severity::High, Severity::Low, ("alice", Severity::High)),
            (Severity::High, Severity::High, ("alice", Severity::High)),
        ] {
            let kept = kept(vec![found("alice", first, 7), found("bob", second, 7)]);
            assert_eq!(kept, [(expected.0.to_owned(), expected.1)]);
        }
        let kept = kept(vec![found("alice", Severity::Low, 7), found("bob", Severity::Low, 8)]);
        assert_eq!(kept.len(), 2);
    }

    #[test]
    fn what_a_policy_expects_joins_what_is_said_already() {
        let expected = Expected {
            policy: "strict".to_owned(),
            fact: "account.proxy.tor",
            wanted: Wanted::OneOf(vec!["reached".to_owned()]),
            actual: "unreached".to_owned(),
            in_message: true,
        };
        let mut by_policy = found("bob", Severity::Low, 7);
        by_policy.finding.expected = Some(expected.clone());
        let findings = settle(vec![found("alice", Severity::High, 7), by_policy]);
        assert_eq!(findings.len(), 1);
        // The message that stays says nothing of it.
        assert_eq!(findings[0].expected, Some(Expected { in_message: false, ..expected }));
    }

    #[test]
    fn findings_that_look_alike_have_fingerprints_of_their_own() {
        let alike = (0..3).map(|at| found("alice", Severity::Low, at)).collect();
        let fingerprints: HashSet<_> = settle(alike).into_iter().map(|finding| finding.fingerprint).collect();
        assert_eq!(fingerprints.len(), 3);
    }
}
