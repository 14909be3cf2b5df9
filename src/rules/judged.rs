//! What the rules find in a profile.

use std::collections::HashMap;
use std::path::PathBuf;

use crate::finding::Finding;
use crate::model::{Notice, Plenty, Trouble, limits};

/// What the rules find in a profile, in the order of the rules.
#[derive(Debug, Default)]
pub struct Judged {
    /// The findings.
    pub findings: Vec<Finding>,
    /// The files in which a rule found more than is told.
    pub notices: Vec<Notice>,
}

impl Judged {
    /// Takes over what one rule found: of each file no more than [`limits::FINDINGS`], the worst of them.
    pub(super) fn take(&mut self, found: Vec<Finding>) {
        let mut counts: HashMap<PathBuf, usize> = HashMap::new();
        if found.len() <= limits::FINDINGS {
            return self.findings.extend(found);
        }
        let mut numbers: Vec<usize> = (0..found.len()).collect();
        // Of those that are equally bad the first ones: the sort is stable.
        numbers.sort_by_key(|number| std::cmp::Reverse(found.get(*number).map(|finding| finding.severity)));
        let mut is_told = vec![false; found.len()];
        for number in numbers {
            let (Some(finding), Some(is_told)) = (found.get(number), is_told.get_mut(number)) else { continue };
            let count = counts.entry(finding.path.clone()).or_default();
            *count += 1;
            *is_told = *count <= limits::FINDINGS;
        }
        let mut paths: Vec<_> = counts.into_iter().filter(|(_, count)| *count > limits::FINDINGS).collect();
        paths.sort_unstable();
        let trouble = Trouble::TooMany { what: Plenty::Findings, most: limits::FINDINGS };
        let notices = paths.into_iter().map(|(path, _)| Notice { path, kind: None, trouble: trouble.clone() });
        self.notices.extend(notices);
        self.findings
            .extend(found.into_iter().zip(is_told).filter(|(_, is_told)| *is_told).map(|(finding, _)| finding));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Confidence, Severity};
    use crate::model::ClientName;

    fn found(path: &str, number: usize, severity: Severity) -> Finding {
        Finding {
            rule: "x".to_owned(),
            severity,
            confidence: Confidence::High,
            client: ClientName("pidgin"),
            subject: "account",
            account: None,
            room: None,
            path: path.into(),
            position: None,
            place: number.to_string(),
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
        }
    }

    #[test]
    fn of_too_many_findings_the_worst_are_told_in_their_order() {
        let severity = |number| if number % 2 == 1 { Severity::High } else { Severity::Low };
        let many = (0..limits::FINDINGS * 2 + 2).map(|number| found("many", number, severity(number)));
        let few = (0..3).map(|number| found("few", number, Severity::Info));
        let mut judged = Judged::default();
        judged.take(many.chain(few).collect());
        let told = |path: &str| {
            let of_path = judged.findings.iter().filter(|finding| finding.path.as_os_str() == path);
            of_path.map(|finding| finding.place.parse().unwrap()).collect::<Vec<usize>>()
        };
        assert_eq!(told("many"), (0..limits::FINDINGS).map(|number| number * 2 + 1).collect::<Vec<_>>());
        assert_eq!(told("few"), [0, 1, 2]);
        let trouble = Trouble::TooMany { what: Plenty::Findings, most: limits::FINDINGS };
        assert_eq!(judged.notices, [Notice { path: "many".into(), kind: None, trouble }]);
    }
}
