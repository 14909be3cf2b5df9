//! The conditions of all rules about one kind of subject, asked in one go: most are true of nobody, and asking each by
//! itself costs more than its answer.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::expression::{Conditions, Question};
use super::facts::SubjectKind;
use super::set::RuleSet;
use crate::model::ClientName;

/// Conditions that are asked together, by the client and the kind of subject that they are about.
pub(super) struct Joint<'a> {
    set: &'a RuleSet,
    known: Mutex<BTreeMap<(ClientName, SubjectKind), Arc<Conditions<'a>>>>,
}

impl<'a> Joint<'a> {
    pub(super) const fn new(set: &'a RuleSet) -> Self {
        Self { set, known: Mutex::new(BTreeMap::new()) }
    }

    /// The conditions of a client's rules about a kind of subject, in the order of the rules; made ready once.
    pub(super) fn of<'c>(
        &self,
        client: ClientName,
        kind: SubjectKind,
        conditions: impl Iterator<Item = &'c Question<'a>>,
    ) -> Arc<Conditions<'a>>
    where
        'a: 'c,
    {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let ready = known.entry((client, kind));
        Arc::clone(ready.or_insert_with(|| Arc::new(Conditions::new(self.set.environment(), conditions))))
    }
}

/// What the rules about one kind of subject answer, for every subject of that kind.
#[derive(Default)]
pub(super) struct Answers {
    /// For each subject the answers of all rules; none where they could not be asked together.
    of_subjects: Vec<Option<Vec<bool>>>,
    /// How many rules have looked at theirs.
    looked_at: usize,
}

impl Answers {
    pub(super) const fn new(of_subjects: Vec<Option<Vec<bool>>>) -> Self {
        Self { of_subjects, looked_at: 0 }
    }

    /// What the next rule answers, subject by subject; none where it has to be asked by itself.
    pub(super) fn of_next_rule(&mut self) -> impl Iterator<Item = Option<bool>> + use<'_> {
        let rule = self.looked_at;
        self.looked_at += 1;
        self.of_subjects.iter().map(move |answers| answers.as_ref()?.get(rule).copied())
    }
}
