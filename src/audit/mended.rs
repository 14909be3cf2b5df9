//! From findings to files put right: round by round, in memory, each round judged like any audit.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::strays::{Stray, strays};
use super::{Audit, AuditError, Lot, Request, Search};
use crate::finding::Finding;
use crate::fix::{Draft, FileChange, Refused, ShownRow};
use crate::model::Unrepairable;
use crate::rules::RuleSet;
use crate::source::{Alterations, Reader};

/// How many rounds there are at most: putting one thing right may uncover another, such as the setting that a duplicate
/// hid, but not for ever.
const ROUNDS: usize = 16;

/// What comes of putting things right, before anything is written.
pub struct Mended {
    /// What there was to say before.
    pub before: Audit,
    /// What there would be to say afterwards.
    pub after: Audit,
    /// What is to become of each file.
    pub changes: Vec<FileChange>,
    /// What is different about the rows of databases, by their real paths.
    pub rows: BTreeMap<PathBuf, Vec<ShownRow>>,
    /// What was taken on in each round.
    pub done: Vec<Finding>,
    /// What would change beside what is meant to; nothing is to be written then.
    pub strays: Vec<Stray>,
    /// What was wanted and is not part of the changes.
    pub left: Vec<(Finding, Left)>,
}

/// Why a finding is not put right.
#[derive(Debug)]
pub enum Left {
    /// The client's files cannot be written so.
    Unrepairable(Unrepairable),
    /// The edits could not be made.
    Refused(Refused),
}

impl Search {
    /// Puts right what is wanted of what was found, in memory. The search must have been made for this request.
    ///
    /// # Errors
    /// As [`Search::audit`].
    pub fn mend(
        &self,
        rules: &RuleSet,
        request: &Request,
        wanted: &dyn Fn(&Finding) -> bool,
    ) -> Result<Mended, AuditError> {
        let request = Request { repairs: true, tells_all: true, ..request.clone() };
        let before = self.audit(rules, &request)?;
        let mut draft = Draft::default();
        let (mut done, mut left) = (Vec::new(), Vec::new());
        let mut altered: Option<(Self, Audit)> = None;
        for _ in 0..ROUNDS {
            left.clear();
            let (search, audit) = altered.as_ref().map_or((self, &before), |(search, audit)| (search, audit));
            let Some(reader) = search.reader() else { break };
            let mut taken = Vec::new();
            for finding in audit.findings.iter().filter(|finding| wanted(finding)) {
                match finding.repair.as_ref().and_then(|repair| repair.plan.as_ref()) {
                    None => {}
                    Some(Err(reason)) => left.push((finding.clone(), Left::Unrepairable(*reason))),
                    Some(Ok(edits)) if edits.is_empty() => {
                        left.push((finding.clone(), Left::Unrepairable(Unrepairable::Gone)));
                    }
                    Some(Ok(edits)) => match draft.take(edits, &finding.place, reader) {
                        Ok(()) => taken.push(finding.clone()),
                        Err(refused) => left.push((finding.clone(), Left::Refused(refused))),
                    },
                }
            }
            if taken.is_empty() {
                break;
            }
            if draft.close_round().is_err() {
                let conflict = |finding| (finding, Left::Refused(Refused::Conflict));
                left.extend(taken.into_iter().map(conflict));
                break;
            }
            done.append(&mut taken);
            let search = self.altered_by(&draft.alterations());
            let audit = search.audit(rules, &request)?;
            altered = Some((search, audit));
        }
        let after = altered.map_or_else(|| before.clone(), |(_, audit)| audit);
        let strays = strays(&before, &after, &done);
        let rows = draft.shown_rows();
        Ok(Mended { before, after, changes: draft.into_changes(), rows, done, strays, left })
    }

    /// The same search of files that would be different.
    fn altered_by(&self, alterations: &Alterations) -> Self {
        let lots = self.lots.iter().map(|lot| lot.altered_by(alterations)).collect();
        Self {
            lots,
            searched: self.searched.clone(),
            notices: self.notices.clone(),
            configurations: self.configurations.clone(),
            excluded: self.excluded,
            pruned: self.pruned,
            users: self.users.clone(),
            pasts: Vec::new(),
        }
    }

    /// A reader of the files of this search.
    fn reader(&self) -> Option<&Reader> {
        self.lots.first().map(|lot| &lot.reader)
    }
}

impl Lot {
    fn altered_by(&self, alterations: &Alterations) -> Self {
        let reader = self.reader.altered_by(alterations.clone());
        let is_there = |found: &crate::clients::Found| reader.exists(&found.path);
        let groups = self.groups.iter().map(|group| {
            let files = group.files.iter().filter(|found| is_there(found)).cloned().collect();
            crate::discover::Group { client: group.client, files }
        });
        let groups = groups.filter(|group| !group.files.is_empty()).collect();
        Self { groups, reader, in_homes: self.in_homes }
    }
}
