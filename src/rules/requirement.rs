//! Values that a policy wants facts to have. What a policy is, `policy` knows; here they are checked and judged.

use super::error::RuleError;
use super::expression::check_fact;
use super::facts::{Fact, FactKind, SubjectKind, View};
use super::page::Condition;
use crate::finding::{Expected, Severity, Wanted};
use crate::model::Language;

/// A value that a policy wants a fact to have. One that it does not have is a finding of the rule that explains it.
#[derive(Clone, Debug)]
pub struct Requirement {
    /// The policy's name.
    pub policy: String,
    /// The id of the rule whose page explains it.
    pub rule: String,
    /// The fact.
    pub fact: &'static Fact,
    /// What it is to be.
    pub wanted: Wanted,
    /// How bad it is if it is not; one step less where the rule steps down.
    pub severity: Severity,
    /// When it is wanted at all; always, where there is none.
    pub when: Option<Condition>,
}

impl Requirement {
    /// The fact of that name, if a rule about `subject` can speak of it. The path is only named in errors.
    ///
    /// # Errors
    /// Says what the name should have been.
    pub fn fact(path: &str, line: usize, subject: SubjectKind, name: &str) -> Result<&'static Fact, RuleError> {
        check_fact(path, line, subject, name)
    }

    /// Sees that the fact can be what is wanted, or not wanted. The path is only named in errors.
    ///
    /// # Errors
    /// Says what the fact can be.
    pub fn check_words(path: &str, line: usize, fact: &Fact, words: &[String]) -> Result<(), RuleError> {
        let wrong = |message: String| Err(RuleError::new(path, line, message));
        if words.is_empty() {
            return wrong(format!("say what “{}” is to be", fact.name));
        }
        let (fits, known): (fn(&str, &[&str]) -> bool, _) = match fact.kind {
            FactKind::Text => return Ok(()),
            FactKind::Word(words) => (|word, words| words.contains(&word), words.join(", ")),
            FactKind::Truth => (|word, _| matches!(word, "true" | "false"), "true, false".to_owned()),
            FactKind::Number => (|word, _| word.parse::<u64>().is_ok(), "whole numbers".to_owned()),
        };
        let listed = match fact.kind {
            FactKind::Word(words) => words,
            _ => &[],
        };
        match words.iter().find(|word| !fits(word, listed)) {
            Some(word) => wrong(format!("“{}” is never “{word}”; it can be: {known}", fact.name)),
            None => Ok(()),
        }
    }

    /// What is expected and not there; none if all is as wanted.
    pub(super) fn missed(&self, view: &View) -> Option<Expected> {
        let value = self.fact.value(view);
        let actual = match self.fact.kind {
            // The engine writes them as Python does.
            FactKind::Truth => value.is_true().to_string(),
            _ => value.to_string(),
        };
        (!self.wanted.admits(&actual)).then(|| Expected {
            policy: self.policy.clone(),
            fact: self.fact.name,
            wanted: self.wanted.clone(),
            actual,
            in_message: false,
        })
    }

    /// What there is to say where no rule says anything: `alice@example.org: policy “strict” expects
    /// account.encryption (whether the client insists on TLS) to be required or direct; it is optional`.
    pub(super) fn message(&self, name: &str, expected: &Expected, language: Language) -> String {
        let (policy, fact) = (&expected.policy, expected.fact);
        let (wanted, actual) = (expected.wanted.phrase(language), expected.actual(language));
        match language {
            Language::English => format!(
                "{name}: policy “{policy}” expects {fact} ({}) to be {wanted}; it is {actual}",
                uncapitalised(self.fact.about)
            ),
            Language::French => {
                format!("{name} : pour {fact}, la politique « {policy} » attend {wanted} ; la valeur est {actual}")
            }
        }
    }
}

fn uncapitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::facts;

    #[test]
    fn a_fact_is_wanted_to_be_what_it_can_be() {
        let check = |name: &str, words: &[&str]| {
            let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            Requirement::check_words("ours.toml", 3, facts::by_name(name).unwrap(), &words)
                .map_err(|error| error.to_string())
        };
        check("account.encryption", &["required", "direct"]).unwrap();
        check("account.legacy_login", &["false"]).unwrap();
        check("account.port", &["5222", "5223"]).unwrap();
        check("account.room_service.host", &["", "conference.example.org"]).unwrap();
        for (name, words, expected) in [
            ("account.encryption", &["required", "sent"][..], "is never “sent”; it can be: required, "),
            ("account.legacy_login", &["no"], "is never “no”; it can be: true, false"),
            ("account.port", &["xmpp"], "is never “xmpp”; it can be: whole numbers"),
            ("account.encryption", &[], "say what “account.encryption” is to be"),
        ] {
            let error = check(name, words).expect_err(name);
            assert!(error.starts_with("ours.toml:3: ") && error.contains(expected), "{error}");
        }
    }

    #[test]
    fn a_fact_belongs_to_the_subject_of_the_rule() {
        let fact =
            |name| Requirement::fact("ours.toml", 3, SubjectKind::Account, name).map_err(|error| error.message);
        assert_eq!(fact("account.encryption").unwrap().name, "account.encryption");
        assert_eq!(fact("profile.accounts").unwrap().name, "profile.accounts");
        assert!(fact("account.encrption").unwrap_err().contains("did you mean “account.encryption”?"));
        assert!(fact("optional").unwrap_err().contains("there is no fact “optional”"));
        assert!(fact("room.service").unwrap_err().contains("about a room"));
    }
}
