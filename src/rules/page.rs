//! A rule page: front matter for the machine, prose for people, samples for the tests.

use super::error::RuleError;
use super::facts::{self, Fact, SubjectKind};
use super::fix::Fix;
use super::prose::Prose;
use super::source::{FixSource, FrontMatter, Overlay, Source, Text, Word};
use crate::clients;
use crate::finding::{Confidence, Severity};
use crate::model::{ClientName, Language, Safety};

/// A rule, as its page says it.
#[derive(Debug)]
pub struct Page {
    /// Its id: the page's file name.
    pub id: String,
    /// What it is about.
    pub subject: SubjectKind,
    /// The clients that it can be true of.
    pub clients: Vec<ClientName>,
    /// When it is true.
    pub when: Condition,
    /// How bad that is, other things being equal.
    pub severity: Severity,
    /// When it is worse: at least this severity.
    pub raise: Vec<(Severity, Condition)>,
    /// When it is one step milder.
    pub step_down: Option<Condition>,
    /// When it is milder: at most this severity.
    pub lower: Vec<(Severity, Condition)>,
    /// How sure it is, other things being equal.
    pub confidence: Confidence,
    /// When it is surer or less sure.
    pub confidence_when: Vec<(Confidence, Condition)>,
    /// The fact at whose place the finding points.
    pub mark: Option<&'static Fact>,
    /// Ways to put it right that the program itself can go.
    pub fixes: Vec<Fix>,
    /// Words to find it by, CWE numbers among them.
    pub tags: Vec<String>,
    english: Texts,
    french: Option<Texts>,
}

/// An expression over facts, and the line of the page on which it stands.
#[derive(Clone, Debug)]
pub struct Condition {
    /// The expression.
    pub source: Text,
    /// The line, counted from 1.
    pub line: usize,
}

/// What a page says to people, in one language.
#[derive(Debug)]
pub struct Texts {
    /// The page's path: in the repository, where it is part of the program.
    pub path: Text,
    /// The problem in a few words.
    pub title: Text,
    /// A template for the problem in one sentence.
    pub message: Condition,
    /// Everything below the front matter.
    pub prose: Prose,
}

impl Page {
    /// A page and its French overlay, where there is one.
    ///
    /// # Errors
    /// Says which word of the front matter is wrong, and on which line.
    pub(super) fn new(
        id: &str,
        english: &Source<FrontMatter>,
        french: Option<&Source<Overlay>>,
    ) -> Result<Self, RuleError> {
        if !is_id(id) {
            let message = format!("“{id}” is no rule id: use lower-case words joined by hyphens");
            return Err(RuleError::new(&english.path, 1, message));
        }
        let front = &english.front;
        let subject = SubjectKind::of_word(&front.subject.text)
            .ok_or_else(|| english.unknown(&front.subject, "subject", SubjectKind::ALL.map(|(_, word)| word)))?;
        let clients = english.clients(&front.clients)?;
        Ok(Self {
            id: id.to_owned(),
            subject,
            when: english.condition(&front.when),
            severity: english.severity(&front.severity)?,
            raise: english.choices(&front.raise, Source::severity)?,
            step_down: front.step_down.as_ref().map(|condition| english.condition(condition)),
            lower: english.choices(&front.lower, Source::severity)?,
            confidence: english.confidence(&front.confidence)?,
            confidence_when: english.choices(&front.confidence_when, Source::confidence)?,
            mark: front.mark.as_ref().map(|mark| english.mark(mark, subject)).transpose()?,
            fixes: front.fix.iter().map(|fix| english.fix(fix, &clients, subject)).collect::<Result<_, _>>()?,
            tags: front.tags.iter().map(ToString::to_string).collect(),
            english: english.texts(&front.title, &front.message),
            french: french.map(|page| page.texts(&page.front.title, &page.front.message)),
            clients,
        })
    }

    /// Sees that the prose has every section, and a remedy for each of the clients that the rule can be true of.
    pub(super) fn check_prose(&self) -> Result<(), RuleError> {
        self.english.prose.check(Language::English, &self.clients)?;
        self.french.as_ref().map_or(Ok(()), |french| french.prose.check(Language::French, &self.clients))
    }

    /// The texts in a language, or in English where there is no translation.
    #[must_use]
    pub fn texts(&self, language: Language) -> &Texts {
        match language {
            Language::French => self.french.as_ref().unwrap_or(&self.english),
            Language::English => &self.english,
        }
    }

    /// Whether there is a translation into a language.
    #[must_use]
    pub const fn speaks(&self, language: Language) -> bool {
        matches!(language, Language::English) || self.french.is_some()
    }

    /// Whether a name on the command line means this page: its id, or one of its tags.
    #[must_use]
    pub fn is_meant_by(&self, name: &str) -> bool {
        self.id == name || self.tags.iter().any(|tag| tag == name)
    }

    /// Every condition of the page.
    pub fn conditions(&self) -> impl Iterator<Item = &Condition> {
        std::iter::once(&self.when)
            .chain(self.raise.iter().map(|(_, condition)| condition))
            .chain(&self.step_down)
            .chain(self.lower.iter().map(|(_, condition)| condition))
            .chain(self.confidence_when.iter().map(|(_, condition)| condition))
    }
}

fn is_id(id: &str) -> bool {
    !id.is_empty()
        && id.split('-').all(|word| {
            !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        })
}

/// Looking up what the words of a front matter mean.
impl<T> Source<T> {
    /// An error at a word of the front matter.
    fn error(&self, word: &Word, message: String) -> RuleError {
        RuleError::new(&self.path, self.line(word), message)
    }

    fn unknown(&self, word: &Word, what: &str, known: impl IntoIterator<Item = &'static str>) -> RuleError {
        let known = known.into_iter().collect::<Vec<_>>().join(", ");
        self.error(word, format!("“{}” is no {what}; there are: {known}", word.text))
    }

    fn condition(&self, source: &Word) -> Condition {
        Condition { source: source.text.clone(), line: self.line(source) }
    }

    fn severity(&self, word: &Word) -> Result<Severity, RuleError> {
        Severity::of_word(&word.text).ok_or_else(|| self.unknown(word, "severity", Severity::WORDS.iter().copied()))
    }

    fn confidence(&self, word: &Word) -> Result<Confidence, RuleError> {
        Confidence::of_word(&word.text)
            .ok_or_else(|| self.unknown(word, "confidence", Confidence::WORDS.iter().copied()))
    }

    fn choices<C>(
        &self,
        pairs: &[(Word, Word)],
        choice: impl Fn(&Self, &Word) -> Result<C, RuleError>,
    ) -> Result<Vec<(C, Condition)>, RuleError> {
        pairs.iter().map(|(word, condition)| Ok((choice(self, word)?, self.condition(condition)))).collect()
    }

    fn clients(&self, names: &[Word]) -> Result<Vec<ClientName>, RuleError> {
        let known = || clients::CLIENTS.map(|client| client.name().0);
        names
            .iter()
            .map(|name| {
                clients::by_name(&name.text)
                    .map(clients::Client::name)
                    .ok_or_else(|| self.unknown(name, "client", known()))
            })
            .collect()
    }

    fn mark(&self, name: &Word, subject: SubjectKind) -> Result<&'static Fact, RuleError> {
        let fact = facts::by_name(&name.text)
            .ok_or_else(|| self.error(name, format!("there is no fact “{}”", name.text)))?;
        match fact.subject() {
            Some(other) if other != subject => Err(self
                .error(name, format!("“{}” is a fact about another subject than “{}”", fact.name, subject.word()))),
            _ => Ok(fact),
        }
    }

    fn fix(&self, fix: &FixSource, clients: &[ClientName], subject: SubjectKind) -> Result<Fix, RuleError> {
        let safety = Safety::ALL.iter().find(|safety| safety.word() == fix.safety.text);
        let set = fix.set.iter().map(|(fact, value)| Ok((self.mark(fact, subject)?, self.condition(value))));
        let set = set.collect::<Result<Vec<_>, RuleError>>()?;
        if set.is_empty() != fix.remove {
            return Err(self.error(&fix.safety, "a fix says either “set” or “remove = true”".to_owned()));
        }
        Ok(Fix {
            clients: if fix.clients.is_empty() { clients.to_vec() } else { self.clients(&fix.clients)? },
            when: fix.when.as_ref().map(|when| self.condition(when)),
            safety: *safety.ok_or_else(|| self.unknown(&fix.safety, "safety", Safety::WORDS.iter().copied()))?,
            set,
            remove: fix.remove,
        })
    }

    fn texts(&self, title: &Text, message: &Word) -> Texts {
        Texts {
            path: self.path.clone(),
            title: title.clone(),
            message: self.condition(message),
            prose: Prose::new(self.path.clone(), self.text.clone()),
        }
    }
}
