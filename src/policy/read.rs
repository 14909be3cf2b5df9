//! A policy's file, read and checked against the rules.

use std::collections::{BTreeMap, BTreeSet};

use toml::Spanned;

use super::Text;
use super::shape::{RequireShape, RulesShape, Shape, words};
use crate::finding::{Severity, Wanted};
use crate::rules::{Condition, Page, Requirement, RuleError, RuleSet, line_of, nearest_of};

/// What one file says. What stands on a line can still be at fault when policies are put together.
#[derive(Debug)]
pub(super) struct Read {
    pub title: Text,
    pub about: Text,
    pub extends: Option<(String, usize)>,
    pub severities: BTreeMap<String, (Severity, usize)>,
    pub off: BTreeSet<String>,
    pub requirements: Vec<(Requirement, usize)>,
}

/// Reads the policy whose text is from `path`.
pub(super) fn read(path: &str, text: &str, rules: &RuleSet) -> Result<Read, RuleError> {
    let file = File { path, text, rules };
    let shape: Shape = toml::from_str(text).map_err(|error| {
        let offset = error.span().map_or(0, |span| span.start);
        RuleError::new(path, line_of(text, offset), error.message().to_owned())
    })?;
    Ok(Read {
        title: shape.title.into(),
        about: shape.about.into(),
        extends: shape.extends.map(|extends| (extends.get_ref().clone(), file.line(&extends))),
        severities: file.severities(&shape.severity)?,
        off: file.off(&shape.rules)?,
        requirements: shape.require.iter().map(|require| file.requirement(require)).collect::<Result<_, _>>()?,
    })
}

/// What is needed to check what a file says, and to say where it is wrong.
struct File<'a> {
    path: &'a str,
    text: &'a str,
    rules: &'a RuleSet,
}

impl File<'_> {
    fn line<T>(&self, value: &Spanned<T>) -> usize {
        line_of(self.text, value.span().start)
    }

    fn error<T>(&self, value: &Spanned<T>, message: String) -> RuleError {
        RuleError::new(self.path, self.line(value), message)
    }

    fn page(&self, id: &Spanned<String>) -> Result<&Page, RuleError> {
        self.rules.page(id.get_ref()).ok_or_else(|| {
            let near = nearest_of(id.get_ref(), self.rules.pages().iter().map(|page| page.id.as_str()));
            self.error(id, format!("there is no rule “{}”{near}", id.get_ref()))
        })
    }

    fn severity(&self, word: &Spanned<String>) -> Result<Severity, RuleError> {
        Severity::of_word(word.get_ref()).ok_or_else(|| {
            let known = Severity::WORDS.join(", ");
            self.error(word, format!("“{}” is no severity; there are: {known}", word.get_ref()))
        })
    }

    fn severities(
        &self,
        shape: &BTreeMap<Spanned<String>, Spanned<String>>,
    ) -> Result<BTreeMap<String, (Severity, usize)>, RuleError> {
        let severity = |(id, word)| Ok((self.page(id)?.id.clone(), (self.severity(word)?, self.line(id))));
        shape.iter().map(severity).collect()
    }

    /// The ids of the rules that are named, by themselves or by their tags.
    fn off(&self, shape: &RulesShape) -> Result<BTreeSet<String>, RuleError> {
        let mut off = BTreeSet::new();
        for name in &shape.off {
            let meant = self.rules.pages().iter().filter(|page| page.is_meant_by(name.get_ref()));
            let before = off.len();
            off.extend(meant.map(|page| page.id.clone()));
            let is_known =
                off.len() > before || self.rules.pages().iter().any(|page| page.is_meant_by(name.get_ref()));
            if !is_known {
                let tags = self.rules.pages().iter().flat_map(|page| &page.tags);
                let known = self.rules.pages().iter().map(|page| &page.id).chain(tags);
                let near = nearest_of(name.get_ref(), known.map(String::as_str));
                return Err(self.error(name, format!("there is no rule and no tag “{}”{near}", name.get_ref())));
            }
        }
        Ok(off)
    }

    fn requirement(&self, shape: &RequireShape) -> Result<(Requirement, usize), RuleError> {
        let page = self.page(&shape.rule)?;
        let line = self.line(&shape.fact);
        let fact = Requirement::fact(self.path, line, page.subject, shape.fact.get_ref())?;
        let (value, wanted): (_, fn(_) -> _) = match (&shape.one_of, &shape.none_of) {
            (Some(value), None) => (value, Wanted::OneOf),
            (None, Some(value)) => (value, Wanted::NoneOf),
            _ => {
                return Err(
                    self.error(&shape.fact, "say either what it is to be (is) or what not (is_not)".to_owned())
                );
            }
        };
        let words = words(value.get_ref())
            .ok_or_else(|| self.error(value, "write one word, number or truth, or a list of them".to_owned()))?;
        Requirement::check_words(self.path, self.line(value), fact, &words)?;
        let when = shape
            .when
            .as_ref()
            .map(|when| {
                let condition = Condition { source: when.get_ref().clone().into(), line: self.line(when) };
                self.rules.check_condition(self.path, page.subject, &condition)?;
                Ok(condition)
            })
            .transpose()?;
        let requirement = Requirement {
            // Known only when policies are put together.
            policy: String::new(),
            rule: page.id.clone(),
            fact,
            wanted: wanted(words),
            severity: self.severity(&shape.severity)?,
            when,
        };
        Ok((requirement, line))
    }
}
