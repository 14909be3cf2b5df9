//! A rule page: front matter for the machine, prose for people, samples for the tests.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;

use super::error::RuleError;
use super::facts::{self, Fact, SubjectKind};
use super::prose::Prose;
use crate::clients;
use crate::finding::{Confidence, Severity};
use crate::model::{ClientName, Language};

/// The line that begins and ends the front matter.
const FENCE: &str = "+++";

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
    /// Words to find it by, CWE numbers among them.
    pub tags: Vec<String>,
    english: Texts,
    french: Option<Texts>,
}

/// An expression over facts, and the line of the page on which it stands.
#[derive(Clone, Debug)]
pub struct Condition {
    /// The expression.
    pub source: String,
    /// The line, counted from 1.
    pub line: usize,
}

/// What a page says to people, in one language.
#[derive(Debug)]
pub struct Texts {
    /// The page's path: in the repository, where it is part of the program.
    pub path: String,
    /// The problem in a few words.
    pub title: String,
    /// A template for the problem in one sentence.
    pub message: Condition,
    /// Everything below the front matter.
    pub prose: Prose,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FrontMatter {
    subject: Spanned<String>,
    clients: Vec<Spanned<String>>,
    when: Spanned<String>,
    severity: Spanned<String>,
    #[serde(default)]
    raise: BTreeMap<Spanned<String>, Spanned<String>>,
    step_down: Option<Spanned<String>>,
    #[serde(default)]
    lower: BTreeMap<Spanned<String>, Spanned<String>>,
    confidence: Spanned<String>,
    #[serde(default)]
    confidence_when: BTreeMap<Spanned<String>, Spanned<String>>,
    mark: Option<Spanned<String>>,
    title: String,
    message: Spanned<String>,
    tags: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OverlayFrontMatter {
    title: String,
    message: Spanned<String>,
}

impl Page {
    /// Reads a page and its French overlay, where there is one. The paths are only named in errors.
    ///
    /// # Errors
    /// Says what is wrong with the page or the overlay, and on which line.
    pub fn read(id: &str, path: &str, english: &str, french: Option<(&str, &str)>) -> Result<Self, RuleError> {
        let mut page = Self::parse(id, path, english)?;
        if let Some((path, text)) = french {
            page.add_french(path, text)?;
        }
        Ok(page)
    }

    /// Reads a page. `path` is only named in errors.
    ///
    /// # Errors
    /// Says what is wrong with the page, and on which line.
    fn parse(id: &str, path: &str, text: &str) -> Result<Self, RuleError> {
        if !is_id(id) {
            return Err(RuleError::new(
                path,
                1,
                format!("“{id}” is no rule id: use lower-case words joined by hyphens"),
            ));
        }
        let parts = Parts::split(path, text)?;
        let front: FrontMatter = parts.read_front_matter()?;
        let subject = SubjectKind::of_word(front.subject.get_ref())
            .ok_or_else(|| parts.unknown(&front.subject, "subject", SubjectKind::ALL.map(|(_, word)| word)))?;
        let clients = parts.clients(&front.clients)?;
        let page = Self {
            id: id.to_owned(),
            subject,
            when: parts.condition(&front.when),
            severity: parts.severity(&front.severity)?,
            raise: parts.by_severity(&front.raise)?,
            step_down: front.step_down.as_ref().map(|condition| parts.condition(condition)),
            lower: parts.by_severity(&front.lower)?,
            confidence: parts.confidence(&front.confidence)?,
            confidence_when: parts.by_confidence(&front.confidence_when)?,
            mark: front.mark.as_ref().map(|mark| parts.mark(mark, subject)).transpose()?,
            tags: front.tags,
            english: Texts {
                path: path.to_owned(),
                title: front.title,
                message: parts.condition(&front.message),
                prose: parts.prose(Language::English, &clients)?,
            },
            french: None,
            clients,
        };
        Ok(page)
    }

    /// Reads the French overlay of the page.
    ///
    /// # Errors
    /// Says what is wrong with the overlay, and on which line.
    fn add_french(&mut self, path: &str, text: &str) -> Result<(), RuleError> {
        let parts = Parts::split(path, text)?;
        let front: OverlayFrontMatter = parts.read_front_matter()?;
        self.french = Some(Texts {
            path: path.to_owned(),
            title: front.title,
            message: parts.condition(&front.message),
            prose: parts.prose(Language::French, &self.clients)?,
        });
        Ok(())
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

/// A page cut at its fences.
struct Parts<'a> {
    path: &'a str,
    text: &'a str,
    front_matter: Range<usize>,
    body: usize,
}

impl<'a> Parts<'a> {
    fn split(path: &'a str, text: &'a str) -> Result<Self, RuleError> {
        let missing = || RuleError::new(path, 1, "the page must begin with front matter between two lines “+++”");
        let start = text.find('\n').map(|end| end + 1).ok_or_else(missing)?;
        if text.get(..start).map(str::trim_end) != Some(FENCE) {
            return Err(missing());
        }
        let mut at = start;
        for line in text.get(start..).unwrap_or_default().split_inclusive('\n') {
            if line.trim_end() == FENCE {
                return Ok(Self { path, text, front_matter: start..at, body: at + line.len() });
            }
            at += line.len();
        }
        Err(missing())
    }

    fn read_front_matter<T: serde::de::DeserializeOwned>(&self) -> Result<T, RuleError> {
        let source = self.text.get(self.front_matter.clone()).unwrap_or_default();
        toml::from_str(source).map_err(|error| {
            let offset = error.span().map_or(0, |span| span.start);
            self.error(offset, error.message().to_owned())
        })
    }

    /// An error at an offset of the front matter.
    fn error(&self, offset: usize, message: String) -> RuleError {
        RuleError::new(self.path, self.line(offset), message)
    }

    /// The line of the page on which an offset of the front matter stands.
    fn line(&self, offset: usize) -> usize {
        line_of(self.text, self.front_matter.start + offset)
    }

    fn unknown(
        &self,
        word: &Spanned<String>,
        what: &str,
        known: impl IntoIterator<Item = &'static str>,
    ) -> RuleError {
        let known = known.into_iter().collect::<Vec<_>>().join(", ");
        self.error(word.span().start, format!("“{}” is no {what}; there are: {known}", word.get_ref()))
    }

    fn condition(&self, source: &Spanned<String>) -> Condition {
        Condition { source: source.get_ref().clone(), line: self.line(source.span().start) }
    }

    fn severity(&self, word: &Spanned<String>) -> Result<Severity, RuleError> {
        Severity::of_word(word.get_ref())
            .ok_or_else(|| self.unknown(word, "severity", Severity::WORDS.iter().copied()))
    }

    fn confidence(&self, word: &Spanned<String>) -> Result<Confidence, RuleError> {
        Confidence::of_word(word.get_ref())
            .ok_or_else(|| self.unknown(word, "confidence", Confidence::WORDS.iter().copied()))
    }

    fn by_severity(
        &self,
        map: &BTreeMap<Spanned<String>, Spanned<String>>,
    ) -> Result<Vec<(Severity, Condition)>, RuleError> {
        map.iter().map(|(word, condition)| Ok((self.severity(word)?, self.condition(condition)))).collect()
    }

    fn by_confidence(
        &self,
        map: &BTreeMap<Spanned<String>, Spanned<String>>,
    ) -> Result<Vec<(Confidence, Condition)>, RuleError> {
        map.iter().map(|(word, condition)| Ok((self.confidence(word)?, self.condition(condition)))).collect()
    }

    fn clients(&self, names: &[Spanned<String>]) -> Result<Vec<ClientName>, RuleError> {
        let known = || clients::CLIENTS.map(|client| client.name().0);
        names
            .iter()
            .map(|name| {
                clients::by_name(name.get_ref())
                    .map(clients::Client::name)
                    .ok_or_else(|| self.unknown(name, "client", known()))
            })
            .collect()
    }

    fn mark(&self, name: &Spanned<String>, subject: SubjectKind) -> Result<&'static Fact, RuleError> {
        let fact = facts::by_name(name.get_ref())
            .ok_or_else(|| self.error(name.span().start, format!("there is no fact “{}”", name.get_ref())))?;
        match fact.subject() {
            Some(other) if other != subject => Err(self.error(
                name.span().start,
                format!("“{}” is a fact about another subject than “{}”", fact.name, subject.word()),
            )),
            _ => Ok(fact),
        }
    }

    fn prose(&self, language: Language, clients: &[ClientName]) -> Result<Prose, RuleError> {
        let body = self.text.get(self.body..).unwrap_or_default();
        let first_line = line_of(self.text, self.body);
        Prose::parse(self.path, first_line, body, language, clients)
    }
}

/// The line, counted from 1, on which a byte offset stands.
pub(crate) fn line_of(text: &str, offset: usize) -> usize {
    1 + text.as_bytes().iter().take(offset).filter(|byte| **byte == b'\n').count()
}
