//! Which entry of a baseline is which finding.

use std::collections::HashMap;
use std::path::PathBuf;

use super::Entry;
use crate::finding::{Audit, Finding};

/// What a finding is known by: its fingerprint, and its file's path.
pub type Key<'a> = (&'a str, PathBuf);

/// What the findings of an audit are known by, and after them those that are accepted already.
#[must_use]
pub fn keys(audit: &Audit) -> Vec<Key<'_>> {
    let accepted = audit.suppressed.iter().map(|suppressed| &suppressed.finding);
    let key = |finding: &'_ Finding| audit.relative(&finding.path);
    let all = audit.findings.iter().chain(accepted);
    all.map(|finding| (finding.fingerprint.as_str(), key(finding))).collect()
}

/// For each finding, the number of the entry that knows it.
///
/// A fingerprint does not tell of which file it is, so that a file can move; where two files have the same finding, each
/// goes with the entry of its own path first, and a copy of a file that was accepted once is new.
#[must_use]
pub fn matches(entries: &[Entry], findings: &[Key<'_>]) -> Vec<Option<usize>> {
    let mut free: HashMap<&str, Vec<usize>> = HashMap::new();
    for (number, entry) in entries.iter().enumerate().rev() {
        free.entry(&entry.fingerprint).or_default().push(number);
    }
    let mut matched = vec![None; findings.len()];
    for wants_path in [true, false] {
        for ((fingerprint, path), matched) in findings.iter().zip(&mut matched) {
            let (None, Some(candidates)) = (&matched, free.get_mut(fingerprint)) else { continue };
            let fits =
                |number: &usize| !wants_path || entries.get(*number).is_some_and(|entry| entry.path == *path);
            // The last candidate is the first entry.
            if let Some(at) = candidates.iter().rposition(fits) {
                *matched = Some(candidates.remove(at));
            }
        }
    }
    matched
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::finding::{Day, Severity};
    use crate::model::ClientName;

    fn entry(fingerprint: &str, path: &str) -> Entry {
        Entry {
            path: path.into(),
            rule: "password-stored".to_owned(),
            place: "accounts".to_owned(),
            client: ClientName("pidgin"),
            account: None,
            severity: Severity::Low,
            reason: "x".to_owned(),
            owner: None,
            added: Day::parse("2026-11-23").unwrap(),
            expires: None,
            fingerprint: fingerprint.to_owned(),
        }
    }

    #[test]
    fn each_finding_goes_with_the_entry_of_its_own_file_first() {
        let entries = [entry("one", "a"), entry("one", "b"), entry("two", "a")];
        let matched = |findings: &[(&'static str, &str)]| {
            let keys: Vec<Key<'_>> =
                findings.iter().map(|(fingerprint, path)| (*fingerprint, PathBuf::from(path))).collect();
            matches(&entries, &keys)
        };
        assert_eq!(matched(&[("one", "a"), ("one", "b"), ("two", "a")]), [Some(0), Some(1), Some(2)]);
        assert_eq!(matched(&[("one", "b"), ("one", "a")]), [Some(1), Some(0)]);
        assert_eq!(matched(&[("one", "moved"), ("one", "a")]), [Some(1), Some(0)]);
        assert_eq!(matched(&[("one", "c"), ("one", "d"), ("one", "e")]), [Some(0), Some(1), None]);
        assert_eq!(matched(&[("two", "a"), ("two", "a")]), [Some(2), None]);
        assert_eq!(matched(&[("three", "a")]), [None]);
    }

    proptest! {
        #[test]
        fn no_entry_knows_two_findings_and_none_is_left_that_could(
            entries in prop::collection::vec((0..3u8, 0..3u8), 0..12),
            findings in prop::collection::vec((0..3u8, 0..3u8), 0..12),
        ) {
            let entries: Vec<Entry> =
                entries.iter().map(|(mark, path)| entry(&mark.to_string(), &path.to_string())).collect();
            let marks: Vec<(String, PathBuf)> =
                findings.iter().map(|(mark, path)| (mark.to_string(), path.to_string().into())).collect();
            let keys: Vec<Key<'_>> = marks.iter().map(|(mark, path)| (mark.as_str(), path.clone())).collect();
            let matched = matches(&entries, &keys);
            let mut used: Vec<usize> = matched.iter().flatten().copied().collect();
            used.sort_unstable();
            let all = used.len();
            used.dedup();
            prop_assert_eq!(used.len(), all);
            for ((mark, _), matched) in keys.iter().zip(&matched) {
                let left = entries.iter().enumerate().any(|(number, entry)| {
                    entry.fingerprint == *mark && !used.contains(&number)
                });
                match matched {
                    Some(number) => prop_assert_eq!(entries[*number].fingerprint.as_str(), *mark),
                    None => prop_assert!(!left),
                }
            }
        }
    }
}
