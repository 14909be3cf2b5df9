//! The ways to put right what a rule finds, as its page says them.

use super::error::{JudgeError, RuleError};
use super::expression::{Message, Question, check_condition, check_fact, check_message};
use super::facts::{Fact, FactKind, SubjectKind, View};
use super::page::{Condition, Page};
use crate::finding::Repair;
use crate::model::{Change, ClientName, Place, Safety, Wish};

use minijinja::{Environment, Value};

/// A way to put it right; of several on a page the first that applies counts.
#[derive(Debug)]
pub struct Fix {
    /// The clients in whose files it is written.
    pub clients: Vec<ClientName>,
    /// When it applies; always, where there is none.
    pub when: Option<Condition>,
    /// Whether it needs its user.
    pub safety: Safety,
    /// Facts, and templates of the values that they are to have. One that comes out empty means that the right value
    /// is not known, and the fix does not apply.
    pub set: Vec<(&'static Fact, Condition)>,
    /// Whether the subject is to be gone.
    pub remove: bool,
}

impl Fix {
    /// Sees that it can apply, and that facts can have the values that they are to have.
    pub(super) fn check(
        &self,
        environment: &Environment<'_>,
        path: &str,
        subject: SubjectKind,
    ) -> Result<(), RuleError> {
        if let Some(when) = &self.when {
            check_condition(environment, path, subject, when)?;
        }
        for (fact, value) in &self.set {
            check_fact(path, value.line, subject, fact.name)?;
            check_message(environment, path, subject, value)?;
            let is_plain = !value.source.contains('{');
            let known: &[&str] = match fact.kind {
                FactKind::Word(words) => words,
                FactKind::Truth => &["true", "false"],
                FactKind::Text | FactKind::Number => continue,
            };
            if is_plain && !known.contains(&value.source.as_ref()) {
                let message =
                    format!("“{}” is never “{}”; it can be: {}", fact.name, value.source, known.join(", "));
                return Err(RuleError::new(path, value.line, message));
            }
        }
        Ok(())
    }
}

/// A fix with its condition and values ready to be asked.
pub(super) struct ReadyFix<'a> {
    fix: &'a Fix,
    when: Option<Question<'a>>,
    set: Vec<(&'static Fact, Message<'a>)>,
}

impl<'a> ReadyFix<'a> {
    pub(super) fn all(environment: &'a Environment<'a>, page: &'a Page) -> Vec<Self> {
        let ready = |fix: &'a Fix| Self {
            fix,
            when: fix.when.as_ref().map(|when| Question::new(environment, when)),
            set: fix.set.iter().map(|(fact, value)| (*fact, Message::new(environment, value))).collect(),
        };
        page.fixes.iter().map(ready).collect()
    }

    /// What it wants of the subject of a view; none where it does not apply.
    pub(super) fn repair(
        &self,
        rule: &str,
        view: &View,
        facts: &Value,
        place: &Place,
    ) -> Result<Option<Repair>, JudgeError> {
        if !self.fix.clients.contains(&view.profile.client) {
            return Ok(None);
        }
        if !self.when.as_ref().map_or(Ok(true), |when| when.is_true(rule, facts))? {
            return Ok(None);
        }
        let wish = |change| Wish { number: view.number, change, place: place.clone() };
        let mut wishes = Vec::new();
        for (fact, value) in &self.set {
            let value = value.render(rule, view)?;
            if value.is_empty() {
                return Ok(None);
            }
            wishes.push(wish(Change::Set { fact: fact.name, value }));
        }
        if self.fix.remove {
            wishes.push(wish(Change::Remove { subject: view.kind.word() }));
        }
        Ok(Some(Repair { safety: self.fix.safety, wishes, plan: None }))
    }
}
