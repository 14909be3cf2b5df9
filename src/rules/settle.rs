//! Several findings of one rule: what is said once, and what each is known by.

use std::collections::{HashMap, HashSet};

use crate::finding::{Expected, Finding, fingerprint};
use crate::model::{FileNumber, Place, Spot};

/// A finding that does not know yet whether it is the only one of its kind.
pub(super) struct Candidate {
    /// The finding, without a fingerprint.
    pub finding: Finding,
    /// Where it points.
    pub place: Place,
    /// What its fingerprint is made of.
    pub key: [String; 7],
}

/// Says each problem once, and gives each finding its fingerprint.
///
/// What several subjects get from one and the same setting, such as a client-wide proxy, is one problem: the
/// worst finding stays. So is one and the same room that several accounts remember.
pub(super) fn settle(candidates: Vec<Candidate>) -> Vec<Finding> {
    let mut kept: Vec<Candidate> = Vec::new();
    let mut rooms: HashSet<(String, Option<&str>)> = HashSet::new();
    let mut at_place: HashMap<(FileNumber, String), Vec<usize>> = HashMap::new();
    for mut candidate in candidates {
        let missed = candidate.finding.expected.as_ref().filter(|expected| expected.in_message);
        let missed = missed.map(|expected| expected.fact);
        if candidate.finding.room.clone().is_some_and(|room| !rooms.insert((room, missed))) {
            continue;
        }
        let twins = at_place.entry((candidate.place.file, candidate.place.words.clone())).or_default();
        let twin = twins.iter().copied().find(|twin| {
            kept.get(*twin)
                .is_some_and(|kept| kept.place.spot == candidate.place.spot && candidate.place.spot != Spot::File)
        });
        match twin.and_then(|twin| kept.get_mut(twin)) {
            Some(twin) => {
                if twin.finding.severity < candidate.finding.severity {
                    std::mem::swap(twin, &mut candidate);
                }
                if let (None, Some(expected)) = (&twin.finding.expected, candidate.finding.expected) {
                    twin.finding.expected = Some(Expected { in_message: false, ..expected });
                }
            }
            None => {
                twins.push(kept.len());
                kept.push(candidate);
            }
        }
    }
    let mut seen: HashMap<[String; 7], usize> = HashMap::new();
    kept.into_iter()
        .map(|mut candidate| {
            let parts = candidate.key.each_ref().map(String::as_str);
            let ordinal = *seen.get(&candidate.key).unwrap_or(&0);
            candidate.finding.fingerprint = fingerprint(&parts, ordinal);
            *seen.entry(candidate.key).or_default() += 1;
            candidate.finding
        })
        .collect()
}
