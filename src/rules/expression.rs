//! Conditions and messages: the only place that knows which expression language they are written in.
//!
//! It is MiniJinja in strict mode. What would make a rule silently never fire is refused when the rule is loaded:
//! names that are no facts, facts of another subject, words that the fact compared with cannot have.

use std::sync::OnceLock;

pub(super) use minijinja::Environment;
use minijinja::{Expression, Template, UndefinedBehavior, Value};

use super::error::{JudgeError, RuleError};
use super::facts::{self, Fact, FactKind, SubjectKind, View};
use super::page::Condition;

/// An environment in which conditions are asked of a view: see [`View::into_value`], in which every word of every fact
/// is a name for itself.
#[must_use]
pub(super) fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment
}

/// Sees that a condition can be true: that it is well formed and speaks of facts and their words only.
pub(super) fn check_condition(
    environment: &Environment<'_>,
    path: &str,
    subject: SubjectKind,
    condition: &Condition,
) -> Result<(), RuleError> {
    let expression = environment
        .compile_expression(&condition.source)
        .map_err(|error| RuleError::new(path, condition.line, describe(&error)))?;
    for name in expression.undeclared_variables(true) {
        check_name(path, condition.line, subject, &name)?;
    }
    check_comparisons(path, condition)
}

/// Sees that a message can be rendered.
pub(super) fn check_message(
    environment: &Environment<'_>,
    path: &str,
    subject: SubjectKind,
    message: &Condition,
) -> Result<(), RuleError> {
    let template = environment
        .template_from_str(&message.source)
        .map_err(|error| RuleError::new(path, message.line, describe(&error)))?;
    for name in template.undeclared_variables(true) {
        check_name(path, message.line, subject, &name)?;
    }
    for condition in conditions_in(&message.source) {
        check_comparisons(path, &Condition { source: condition.to_owned().into(), line: message.line })?;
    }
    Ok(())
}

/// The expressions of the `{% if %}` and `{% elif %}` of a template.
fn conditions_in(template: &str) -> impl Iterator<Item = &str> {
    template.split("{%").skip(1).filter_map(|rest| {
        let tag = rest.split("%}").next()?.trim().trim_matches('-').trim();
        tag.strip_prefix("if ").or_else(|| tag.strip_prefix("elif "))
    })
}

fn describe(error: &minijinja::Error) -> String {
    error.detail().map_or_else(|| error.kind().to_string(), str::to_owned)
}

fn check_name(path: &str, line: usize, subject: SubjectKind, name: &str) -> Result<(), RuleError> {
    if facts::words().contains(name) {
        return Ok(());
    }
    let Some(fact) = facts::by_name(name) else {
        return Err(RuleError::new(path, line, format!("there is no fact and no word “{name}”{}", nearest(name))));
    };
    match fact.subject() {
        Some(other) if other != subject => Err(RuleError::new(
            path,
            line,
            format!(
                "“{name}” says something about a {}, and this rule is about a {}",
                other.word(),
                subject.word()
            ),
        )),
        _ => Ok(()),
    }
}

/// The fact of that name, if a rule about `subject` can speak of it.
pub(super) fn check_fact(
    path: &str,
    line: usize,
    subject: SubjectKind,
    name: &str,
) -> Result<&'static Fact, RuleError> {
    let fact = facts::by_name(name)
        .ok_or_else(|| RuleError::new(path, line, format!("there is no fact “{name}”{}", nearest_fact(name))))?;
    check_name(path, line, subject, name)?;
    Ok(fact)
}

/// A hint at the name that was probably meant.
fn nearest(name: &str) -> String {
    nearest_of(name, facts::all().map(|fact| fact.name).chain(facts::words().iter().copied()))
}

/// A hint at the fact that was probably meant.
fn nearest_fact(name: &str) -> String {
    nearest_of(name, facts::all().map(|fact| fact.name))
}

/// A hint at the one of `known` that was probably meant.
pub(crate) fn nearest_of<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    known
        .map(|known| (edit_distance(name, known), known))
        .min()
        .filter(|(distance, known)| *distance <= 1 + known.len() / 4)
        .map_or(String::new(), |(_, known)| format!("; did you mean “{known}”?"))
}

/// Levenshtein's distance.
pub(crate) fn edit_distance(left: &str, right: &str) -> usize {
    let mut row: Vec<usize> = (0..=right.chars().count()).collect();
    for (number, from) in left.chars().enumerate() {
        let mut diagonal = number;
        let mut before = number + 1;
        for (cell, to) in row.iter_mut().skip(1).zip(right.chars()) {
            let value = (*cell + 1).min(before + 1).min(diagonal + usize::from(from != to));
            diagonal = *cell;
            *cell = value;
            before = value;
        }
        if let Some(first) = row.first_mut() {
            *first = number + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

/// Sees that every fact that is compared with something is compared with what it can be: the engine itself would
/// take a misplaced word for a comparison that is merely false.
fn check_comparisons(path: &str, condition: &Condition) -> Result<(), RuleError> {
    let tokens = tokens(&condition.source);
    let wrong = |message: String| Err(RuleError::new(path, condition.line, message));
    for (number, token) in tokens.iter().enumerate() {
        let Some(fact) = facts::by_name(token) else { continue };
        let rest = tokens.get(number + 1..).unwrap_or_default();
        let before = number.checked_sub(1).and_then(|number| tokens.get(number)).copied();
        if matches!(before, Some("==" | "!=" | "<" | ">" | "<=" | ">=")) {
            return wrong(format!("write the fact “{token}” before what it is compared with"));
        }
        match (fact.kind, compared_with(rest)) {
            // A text by itself asks whether it is there.
            (FactKind::Truth | FactKind::Text, None) => {}
            (FactKind::Truth, Some(_)) => return wrong(format!("“{token}” is true or false, and is not compared")),
            (_, None) => return wrong(format!("“{token}” must be compared with something")),
            (_, Some(values)) => check_values(path, condition, fact, &values)?,
        }
    }
    Ok(())
}

/// What follows a fact's name, if it is a comparison: the values that it is compared with.
fn compared_with<'a>(rest: &[&'a str]) -> Option<Vec<&'a str>> {
    let (operator, operand) = match rest {
        ["not", "in", operand @ ..] => ("in", operand),
        [operator, operand @ ..] => (*operator, operand),
        [] => return None,
    };
    match operator {
        "in" => {
            let list = operand.strip_prefix(&["["])?;
            let end = list.iter().position(|token| *token == "]")?;
            Some(list.iter().take(end).copied().filter(|token| *token != ",").collect())
        }
        "==" | "!=" | "<" | ">" | "<=" | ">=" => Some(operand.first().copied().into_iter().collect()),
        _ => None,
    }
}

fn check_values(path: &str, condition: &Condition, fact: &Fact, values: &[&str]) -> Result<(), RuleError> {
    for value in values {
        let fits = match fact.kind {
            FactKind::Word(words) => words.contains(value),
            FactKind::Text => value.starts_with(['"', '\'']),
            FactKind::Number => value.parse::<u64>().is_ok(),
            FactKind::Truth => false,
        };
        if !fits {
            let known = match fact.kind {
                FactKind::Word(words) => words.join(", "),
                FactKind::Text => "text in quotes".to_owned(),
                FactKind::Number => "whole numbers".to_owned(),
                FactKind::Truth => "nothing".to_owned(),
            };
            let message = format!("“{}” is never “{value}”; it is compared with: {known}", fact.name);
            return Err(RuleError::new(path, condition.line, message));
        }
    }
    Ok(())
}

/// Cuts an expression into names (with their dots), numbers, quoted texts and operators.
fn tokens(source: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = source.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' | '\'' => {
                rest.char_indices().skip(1).find(|(_, c)| *c == first).map_or(rest.len(), |(at, _)| at + 1)
            }
            _ if is_name(first) => rest.find(|c| !is_name(c)).unwrap_or(rest.len()),
            '=' | '!' | '<' | '>' => rest.find(|c| !"=!<>".contains(c)).unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        let (token, tail) = rest.split_at_checked(length).unwrap_or((rest, ""));
        tokens.push(token);
        rest = tail.trim_start();
    }
    tokens
}

fn is_name(character: char) -> bool {
    character.is_alphanumeric() || character == '_' || character == '.'
}

/// A condition, compiled when it is first asked: most rules are true of nobody, and what they would say then is never
/// needed.
pub(super) struct Question<'a> {
    environment: &'a Environment<'a>,
    condition: &'a Condition,
    expression: OnceLock<Result<Expression<'a, 'a>, minijinja::Error>>,
    /// Its source as it is asked together with others.
    quoted: OnceLock<String>,
}

impl<'a> Question<'a> {
    pub(super) const fn new(environment: &'a Environment<'a>, condition: &'a Condition) -> Self {
        Self { environment, condition, expression: OnceLock::new(), quoted: OnceLock::new() }
    }

    /// Its source with words in quotes, so that they need not be looked up each time that it is asked.
    fn quoted(&self) -> &str {
        self.quoted.get_or_init(|| quoted(&self.condition.source))
    }

    /// Whether the condition is true. Only a truth value is an answer.
    pub(super) fn is_true(&self, rule: &str, facts: &Value) -> Result<bool, JudgeError> {
        let compile = || self.environment.compile_expression(&self.condition.source);
        let expression = self.expression.get_or_init(compile).as_ref();
        let value =
            expression.map_err(|error| failed(rule, error))?.eval(facts).map_err(|error| failed(rule, &error))?;
        Ok(value.is_true())
    }
}

/// Conditions that are asked together: one expression, which is a list.
pub(super) struct Conditions<'a> {
    count: usize,
    expression: Option<Expression<'a, 'static>>,
}

impl<'a> Conditions<'a> {
    pub(super) fn new<'c>(
        environment: &'a Environment<'static>,
        conditions: impl Iterator<Item = &'c Question<'a>>,
    ) -> Self
    where
        'a: 'c,
    {
        let mut list = String::from("[");
        let mut count = 0;
        for condition in conditions {
            list.extend(["(", condition.quoted(), "), "]);
            count += 1;
        }
        list.push(']');
        Self { count, expression: environment.compile_expression_owned(list).ok() }
    }

    /// What is true, in the order of the conditions; none if one of them fails, which asking each by itself tells.
    pub(super) fn are_true(&self, facts: &Value) -> Option<Vec<bool>> {
        let answers = self.expression.as_ref()?.eval(facts).ok()?;
        let answers: Vec<bool> = answers.try_iter().ok()?.map(|answer| answer.is_true()).collect();
        Some(answers).filter(|answers| answers.len() == self.count)
    }
}

/// A condition in which words stand in quotes.
fn quoted(condition: &str) -> String {
    let mut quoted = String::with_capacity(condition.len() * 2);
    for token in tokens(condition) {
        let quote = if facts::words().contains(token) { "\"" } else { "" };
        quoted.extend([quote, token, quote, " "]);
    }
    quoted
}

/// A message, compiled when it is first said.
pub(super) struct Message<'a> {
    environment: &'a Environment<'a>,
    condition: &'a Condition,
    template: OnceLock<Result<Template<'a, 'a>, minijinja::Error>>,
}

impl<'a> Message<'a> {
    pub(super) const fn new(environment: &'a Environment<'a>, condition: &'a Condition) -> Self {
        Self { environment, condition, template: OnceLock::new() }
    }

    /// Says it of a view.
    pub(super) fn render(&self, rule: &str, view: &View) -> Result<String, JudgeError> {
        let compile = || self.environment.template_from_str(&self.condition.source);
        let template = self.template.get_or_init(compile).as_ref().map_err(|error| failed(rule, error))?;
        template.render(view.clone().into_value()).map_err(|error| failed(rule, &error))
    }
}

/// The error without any value of the audited file: only its kind.
fn failed(rule: &str, error: &minijinja::Error) -> JudgeError {
    JudgeError { rule: rule.to_owned(), message: error.kind().to_string() }
}

#[cfg(test)]
mod tests {
    use super::super::set::RuleSet;
    use super::*;
    use crate::model::Language;

    fn check(source: &str) -> Result<(), String> {
        let condition = Condition { source: source.to_owned().into(), line: 7 };
        check_condition(&environment(), "rules/x.md", SubjectKind::Account, &condition)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn accepts_what_can_be_true() {
        check("account.encryption == optional and not account.policy_misspelt").unwrap();
        check("account.transport in [bosh_clear, websocket_clear] or account.port == 5223").unwrap();
        check("account.exposure.strips not in [safe, asks]").unwrap();
        check("account.domain == \"example.org\" and client == pidgin").unwrap();
    }

    #[test]
    fn refuses_what_could_never_be() {
        for (source, expected) in [
            ("account.encrption == optional", "did you mean “account.encryption”?"),
            ("account.encryption == optionl", "did you mean “optional”?"),
            ("account.encryption == sent", "is never “sent”"),
            ("account.encryption in [optional, sent]", "is never “sent”"),
            ("account.encryption == \"optional\"", "is never “\"optional\"”"),
            ("optional == account.encryption", "before what it is compared with"),
            ("account.port == \"5222\"", "whole numbers"),
            ("account.enabled == optional", "true or false"),
            ("account.encryption", "must be compared"),
            ("room.answered", "says something about a room"),
            ("account.encryption ==", "unexpected end of input"),
            ("account.encryption = optional", "unexpected"),
        ] {
            let error = check(source).expect_err(source);
            assert!(error.starts_with("rules/x.md:7: "), "{error}");
            assert!(error.contains(expected), "{source}: {error}");
        }
    }

    #[test]
    fn the_conditions_of_all_rules_can_be_asked_together() {
        let rules = RuleSet::embedded(Language::English).unwrap();
        for (kind, word) in SubjectKind::ALL {
            let pages = rules.pages().iter().filter(|page| page.subject == kind);
            let questions: Vec<_> = pages.map(|page| Question::new(rules.environment(), &page.when)).collect();
            let conditions = Conditions::new(rules.environment(), questions.iter());
            assert!(conditions.expression.is_some(), "{word}");
        }
    }

    #[test]
    fn words_are_quoted_and_nothing_else() {
        let condition =
            "account.encryption not in [optional, direct] or room.name != 'optional' and account.port>=1";
        let expected = "account.encryption not in [ \"optional\" , \"direct\" ] or room.name != 'optional' and account.port >= 1 ";
        assert_eq!(quoted(condition), expected);
    }

    #[test]
    fn hints_are_close_to_what_is_written() {
        for (written, known, is_meant) in [
            ("jids", "jid", true),
            ("encrption", "encryption", true),
            ("onion_v3", "version_3", false),
            ("optional", "operational", true),
            ("optional", "occasional", false),
            ("encryption", "zzzzzzzzzz", false),
            ("", "jid", false),
        ] {
            assert_eq!(!nearest_of(written, std::iter::once(known)).is_empty(), is_meant, "{written} {known}");
        }
        for (left, right, distance) in [
            ("", "", 0),
            ("abc", "", 3),
            ("", "abc", 3),
            ("kitten", "sitting", 3),
            ("flaw", "lawn", 2),
            ("é", "e", 1),
        ] {
            assert_eq!(edit_distance(left, right), distance, "{left} {right}");
        }
    }

    #[test]
    fn checks_messages_too() {
        let check = |source: &str| {
            let message = Condition { source: source.to_owned().into(), line: 3 };
            check_message(&environment(), "x", SubjectKind::Account, &message).map_err(|error| error.message)
        };
        check("{{ account.jid }}{% if account.exposure.strips == sent %} sends{% endif %}").unwrap();
        assert!(check("{{ account.jit }}").unwrap_err().contains("account.jid"));
        assert!(check("{% if account.exposure.strips == optional %}{% endif %}").unwrap_err().contains("is never"));
    }
}
