//! What makes a finding worse, better or less sure, asked once a rule has found something.

use std::sync::OnceLock;

use minijinja::Value;

use super::error::JudgeError;
use super::expression::{Conditions, Environment, Question};
use super::page::Page;
use crate::finding::{Confidence, Severity};

/// What a condition does to a finding of which it is true.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Effect {
    /// It is at least as bad as that.
    Raise(Severity),
    /// It is no worse than that.
    Lower(Severity),
    /// It concerns what is switched off.
    StepDown,
    /// It is that sure.
    Sure(Confidence),
}

/// The conditions of a rule beside the one that says when it is true, with their effects.
pub(super) struct Qualifiers<'a> {
    environment: &'a Environment<'static>,
    effects: Vec<(Effect, Question<'a>)>,
    together: OnceLock<Conditions<'a>>,
}

impl<'a> Qualifiers<'a> {
    pub(super) fn of(environment: &'a Environment<'static>, page: &'a Page) -> Self {
        let raise = page.raise.iter().map(|(to, when)| (Effect::Raise(*to), when));
        let lower = page.lower.iter().map(|(to, when)| (Effect::Lower(*to), when));
        let step_down = page.step_down.iter().map(|when| (Effect::StepDown, when));
        let sure = page.confidence_when.iter().map(|(to, when)| (Effect::Sure(*to), when));
        let all = raise.chain(lower).chain(step_down).chain(sure);
        let effects = all.map(|(effect, when)| (effect, Question::new(environment, when))).collect();
        Self { environment, effects, together: OnceLock::new() }
    }

    /// Those that are true of a subject.
    ///
    /// # Errors
    /// If one of them fails.
    pub(super) fn that_hold(&self, rule: &str, facts: &Value) -> Result<Qualified, JudgeError> {
        if self.effects.is_empty() {
            return Ok(Qualified(Vec::new()));
        }
        let make = || Conditions::new(self.environment, self.effects.iter().map(|(_, when)| when));
        let effects = self.effects.iter().map(|(effect, _)| *effect);
        if let Some(answers) = self.together.get_or_init(make).are_true(facts) {
            let hold = effects.zip(answers).filter(|(_, is_true)| *is_true);
            return Ok(Qualified(hold.map(|(effect, _)| effect).collect()));
        }
        let mut hold = Vec::new();
        for (effect, when) in &self.effects {
            if when.is_true(rule, facts)? {
                hold.push(*effect);
            }
        }
        Ok(Qualified(hold))
    }
}

/// How a rule's finding about one subject differs from its others.
pub(super) struct Qualified(Vec<Effect>);

impl Qualified {
    /// How bad it is by the page itself, before anything counts for less because it is switched off.
    pub(super) fn severity(&self, usual: Severity) -> Severity {
        let raised = self.0.iter().fold(usual, |severity, effect| match effect {
            Effect::Raise(to) => severity.max(*to),
            _ => severity,
        });
        self.0.iter().fold(raised, |severity, effect| match effect {
            Effect::Lower(to) => severity.min(*to),
            _ => severity,
        })
    }

    /// Last, so that what is switched off is always one step below what is not.
    pub(super) fn stepped_down(&self, severity: Severity) -> Severity {
        if self.0.contains(&Effect::StepDown) { severity.step_down() } else { severity }
    }

    /// How sure it is; the last condition that is true decides.
    pub(super) fn confidence(&self, usual: Confidence) -> Confidence {
        self.0.iter().fold(usual, |confidence, effect| match effect {
            Effect::Sure(to) => *to,
            _ => confidence,
        })
    }
}
