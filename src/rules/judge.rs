//! Judging a profile by rules.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use minijinja::Value;

use super::error::JudgeError;
use super::expression::{Message, Question};
use super::facts::{self, Fact, FactKind, Mark, SubjectKind, View, Whole};
use super::fix::ReadyFix;
use super::joint::{Answers, Joint};
use super::judged::Judged;
use super::page::Page;
use super::qualified::Qualifiers;
use super::requirement::Requirement;
use super::set::RuleSet;
use super::settle::{Candidate, settle};
use super::subject;
use crate::clients::dotfiles;
use crate::finding::{Confidence, Expected, Finding, Known, RuleSummary, Severity};
use crate::model::{ClientName, Language, Profile};
use crate::providers::Providers;

/// Rules ready to judge by, in one language.
pub struct Judge<'a> {
    rules: Vec<Rule<'a>>,
    set: &'a RuleSet,
    language: Language,
    own_providers: Option<Arc<Providers>>,
    repairs: bool,
    joint: Joint<'a>,
    /// What is less severe is counted, and nothing is said about it.
    told_from: Severity,
}

/// A page with its conditions ready to be asked.
struct Rule<'a> {
    page: &'a Page,
    /// How bad it is, other things being equal.
    severity: Severity,
    /// How sure it is, other things being equal.
    confidence: Confidence,
    /// What a policy wants besides, and when.
    requirements: Vec<(&'a Requirement, Option<Question<'a>>)>,
    when: Question<'a>,
    qualifiers: Qualifiers<'a>,
    message: Message<'a>,
    fixes: Vec<ReadyFix<'a>>,
    /// What it advises the users of each client, once it has.
    advice: Mutex<BTreeMap<ClientName, Advice>>,
}

impl<'a> Judge<'a> {
    /// Makes the rules that `wanted` picks ready.
    #[must_use]
    pub fn new(set: &'a RuleSet, language: Language, wanted: impl Fn(&Page) -> bool) -> Self {
        let pages = set.pages().iter().filter(|page| wanted(page));
        let rules = pages.map(|page| Rule::new(set, page, language)).collect();
        let joint = Joint::new(set);
        let own_providers = set.own_providers().cloned();
        Self { rules, set, language, own_providers, repairs: false, joint, told_from: Severity::Info }
    }

    /// Takes other severities than those of the pages, by the ids of the rules. What raises or lowers them stays.
    pub fn set_severities(&mut self, severities: &BTreeMap<String, Severity>) {
        for rule in &mut self.rules {
            if let Some(severity) = severities.get(&rule.page.id) {
                rule.severity = *severity;
            }
        }
    }

    /// Leaves the messages of findings empty that are less severe than this: for whoever only counts them.
    pub const fn tell_from(&mut self, severity: Severity) {
        self.told_from = severity;
    }

    /// Takes other confidences than those of the pages, by the ids of the rules. What makes them surer or less sure
    /// stays.
    pub fn set_confidences(&mut self, confidences: &BTreeMap<String, Confidence>) {
        for rule in &mut self.rules {
            if let Some(confidence) = confidences.get(&rule.page.id) {
                rule.confidence = *confidence;
            }
        }
    }

    /// Says of each finding how the program itself can put it right.
    pub const fn tell_repairs(&mut self) {
        self.repairs = true;
    }

    /// Requires more than the rules do. What is required under a rule that is not judged by is not required.
    pub fn require(&mut self, requirements: &'a [Requirement]) {
        for requirement in requirements {
            let Some(rule) = self.rules.iter_mut().find(|rule| rule.page.id == requirement.rule) else { continue };
            let when = requirement.when.as_ref().map(|when| Question::new(self.set.environment(), when));
            rule.requirements.push((requirement, when));
        }
    }

    /// What there is to tell of the rules themselves, in their order.
    #[must_use]
    pub fn summaries(&self) -> Vec<RuleSummary> {
        self.rules.iter().map(|rule| rule.summary(self.language)).collect()
    }

    /// What the rules find in a profile, in the order of the rules.
    ///
    /// # Errors
    /// If a rule fails. That is never taken for "no finding".
    pub fn judge(&self, profile: &Arc<Profile>) -> Result<Judged, JudgeError> {
        let mut judged = Judged::default();
        let whole = Arc::default();
        let mut answers: BTreeMap<SubjectKind, Answers> = BTreeMap::new();
        for rule in self.rules_for(profile).filter(|rule| rule.page.subject != SubjectKind::Published) {
            let mut of_rule = Vec::new();
            let kind = rule.page.subject;
            let of_kind = answers.entry(kind).or_insert_with(|| self.ask(profile, &whole, kind));
            for (number, is_true) in of_kind.of_next_rule().enumerate() {
                if is_true != Some(false) || !rule.requirements.is_empty() {
                    let view = self.view(profile, &whole, kind, number);
                    let mut candidates = rule.judge(&view, is_true, self.told_from)?;
                    if self.repairs {
                        rule.add_repair(&view, &mut candidates)?;
                    }
                    of_rule.append(&mut candidates);
                }
            }
            judged.take(settle(of_rule));
        }
        Ok(judged)
    }

    /// Asks all rules about a kind of subject at once, for every subject of that kind.
    fn ask(&self, profile: &Arc<Profile>, whole: &Arc<Whole>, kind: SubjectKind) -> Answers {
        let count = kind.count(profile);
        if count == 0 {
            return Answers::default();
        }
        let rules = self.rules_for(profile).filter(|rule| rule.page.subject == kind);
        let conditions = self.joint.of(profile.client, kind, rules.map(|rule| &rule.when));
        let ask = |number| conditions.are_true(&self.view(profile, whole, kind, number).into_value());
        Answers::new((0..count).map(ask).collect())
    }

    /// What the rules find about one of the secrets that a profile out of a repository's history has published.
    ///
    /// # Errors
    /// As [`Self::judge`].
    pub fn judge_published(&self, profile: &Arc<Profile>, number: usize) -> Result<Vec<Finding>, JudgeError> {
        let mut findings = Vec::new();
        let whole = Arc::default();
        for rule in self.rules_for(profile).filter(|rule| rule.page.subject == SubjectKind::Published) {
            let of_rule =
                rule.judge(&self.view(profile, &whole, SubjectKind::Published, number), None, self.told_from)?;
            findings.append(&mut settle(of_rule));
        }
        Ok(findings)
    }

    /// What is known about every subject of a profile.
    #[must_use]
    pub fn known(&self, profile: &Arc<Profile>) -> Vec<Known> {
        let whole = Arc::default();
        let mut known = Vec::new();
        for (kind, subject) in SubjectKind::ALL.into_iter().filter(|(kind, _)| *kind != SubjectKind::Published) {
            for number in 0..kind.count(profile) {
                let view = self.view(profile, &whole, kind, number);
                let own = facts::all().filter(|fact| fact.name.split('.').next() == Some(subject));
                let facts = own.map(|fact| (fact.name, fact.value(&view).to_string())).collect();
                let (client, root) = (profile.client, profile.root.clone());
                known.push(Known { client, root, subject, number, facts });
            }
        }
        known
    }

    fn rules_for(&self, profile: &Profile) -> impl Iterator<Item = &Rule<'a>> {
        let client = profile.client;
        self.rules.iter().filter(move |rule| rule.page.clients.contains(&client))
    }

    fn view(&self, profile: &Arc<Profile>, whole: &Arc<Whole>, kind: SubjectKind, number: usize) -> View {
        View {
            profile: Arc::clone(profile),
            whole: Arc::clone(whole),
            kind,
            number,
            language: self.language,
            own_providers: self.own_providers.clone(),
        }
    }
}

impl<'a> Rule<'a> {
    fn new(rules: &'a RuleSet, page: &'a Page, language: Language) -> Self {
        let environment = rules.environment();
        Self {
            page,
            severity: page.severity,
            confidence: page.confidence,
            requirements: Vec::new(),
            when: Question::new(environment, &page.when),
            qualifiers: Qualifiers::of(environment, page),
            message: Message::new(environment, &page.texts(language).message),
            fixes: ReadyFix::all(environment, page),
            advice: Mutex::default(),
        }
    }

    fn summary(&self, language: Language) -> RuleSummary {
        let texts = self.page.texts(language);
        let required = self.requirements.iter().map(|(requirement, _)| requirement.severity);
        let raised = self.page.raise.iter().map(|(to, _)| *to);
        RuleSummary {
            id: self.page.id.clone(),
            title: texts.title.to_string(),
            reason: texts.prose.reason(),
            help: texts.prose.help(language),
            severity: self.severity,
            worst: raised.chain(required).fold(self.severity, Severity::max),
            confidence: self.confidence,
            tags: self.page.tags.clone(),
            clients: self.page.clients.clone(),
        }
    }

    /// What there is to say about a subject: at most one thing by the page itself, and what a policy misses.
    ///
    /// Where the page has something to say, the first thing that is missed joins it. Whether its condition is true may
    /// be known already.
    fn judge(&self, view: &View, is_true: Option<bool>, told_from: Severity) -> Result<Vec<Candidate>, JudgeError> {
        let facts = view.clone().into_value();
        let mut missed = self.missed(view, &facts)?.into_iter();
        let is_true = is_true.map_or_else(|| self.when.is_true(&self.page.id, &facts), Ok)?;
        let mut candidates = Vec::new();
        if !is_true && missed.len() == 0 {
            return Ok(candidates);
        }
        let qualified = self.qualifiers.that_hold(&self.page.id, &facts)?;
        if is_true {
            let first = missed.next();
            let own = qualified.severity(self.severity);
            let required = first.as_ref().map_or(own, |(requirement, _)| requirement.severity);
            let severity = qualified.stepped_down(own.max(required));
            let is_told = severity >= told_from;
            let finding = Said {
                severity,
                confidence: qualified.confidence(self.confidence),
                message: if is_told { self.message.render(&self.page.id, view)? } else { String::new() },
                mark: self.page.mark,
                is_missed: false,
                expected: first.map(|(_, expected)| expected),
            };
            candidates.extend(self.finding(view, finding));
        }
        for (requirement, expected) in missed {
            let finding = Said {
                severity: qualified.stepped_down(requirement.severity),
                // A value is what it is.
                confidence: Confidence::High,
                message: requirement.message(&subject::name(view), &expected, view.language),
                mark: Some(requirement.fact),
                is_missed: true,
                expected: Some(Expected { in_message: true, ..expected }),
            };
            candidates.extend(self.finding(view, finding));
        }
        Ok(candidates)
    }

    /// Says how the program itself can put right what the page says of a subject. What only a policy misses has no
    /// repair.
    fn add_repair(&self, view: &View, candidates: &mut [Candidate]) -> Result<(), JudgeError> {
        let Some(candidate) = candidates.first_mut().filter(|candidate| candidate.is_own) else { return Ok(()) };
        let facts = view.clone().into_value();
        for fix in &self.fixes {
            let repair = fix.repair(&self.page.id, view, &facts, &candidate.place)?;
            if repair.is_some() {
                candidate.finding.repair = repair;
                return Ok(());
            }
        }
        Ok(())
    }

    /// What a policy expects of a subject and does not get.
    fn missed(&self, view: &View, facts: &Value) -> Result<Vec<(&'a Requirement, Expected)>, JudgeError> {
        let mut missed = Vec::new();
        for (requirement, when) in &self.requirements {
            let applies = when.as_ref().map_or(Ok(true), |when| when.is_true(&self.page.id, facts))?;
            if let Some(expected) = requirement.missed(view).filter(|_| applies) {
                missed.push((*requirement, expected));
            }
        }
        Ok(missed)
    }

    fn advice(&self, view: &View) -> Advice {
        let make = || {
            let texts = self.page.texts(view.language);
            Advice {
                title: texts.title.as_ref().into(),
                why: texts.prose.reason().into(),
                remedy: texts.prose.remedy(view.profile.client).into(),
            }
        };
        let mut known = self.advice.lock().unwrap_or_else(PoisonError::into_inner);
        known.entry(view.profile.client).or_insert_with(make).clone()
    }

    fn finding(&self, view: &View, said: Said) -> Option<Candidate> {
        let page = self.page;
        let mark = said.mark.and_then(|fact| fact.mark(view));
        let own_place = subject::place(view);
        let place = mark.map(|mark| mark.place).or(own_place.as_ref())?.clone();
        let file = view.profile.file(place.file)?;
        let is_written = mark.is_some_and(|mark: Mark<'_>| mark.default_word.is_none());
        if is_written && dotfiles::is_unknown(&view.profile, &place) {
            return None;
        }
        // What a template becomes depends on the machine on which it is filled in.
        let is_template = dotfiles::Name::of(&file.path).is_template;
        let most_sure = if is_template { Confidence::Medium } else { Confidence::High };
        let (position, excerpt) = subject::show(&view.profile, &place);
        // At a fault anything may stand, half a password too.
        let excerpt = excerpt.filter(|_| view.kind != SubjectKind::File);
        let client = match view.kind {
            SubjectKind::Launch => view.profile.launches.get(view.number)?.client,
            SubjectKind::Command => view.profile.commands.get(view.number)?.client,
            _ => view.profile.client,
        };
        let (account, room) = subject::names(view);
        let published = view.profile.published.get(view.number).filter(|_| view.kind == SubjectKind::Published);
        let key = [
            page.id.clone(),
            client.0.to_owned(),
            file.kind.0.to_owned(),
            account.clone().unwrap_or_default(),
            room.clone().unwrap_or_default(),
            place.words.clone(),
            // Several passwords of one account may have been published, one after the other.
            published.map_or_else(|| value_class(said.mark, view), |it| format!("{} {}", it.commit.id, it.path)),
        ];
        let Advice { title, why, remedy } = self.advice(view);
        let finding = Finding {
            rule: page.id.clone(),
            severity: said.severity,
            confidence: said.confidence.min(most_sure),
            client,
            subject: page.subject.word(),
            account,
            room,
            path: file.path.clone(),
            position,
            place: place.words.clone(),
            excerpt,
            default_word: mark.and_then(|mark: Mark<'_>| mark.default_word),
            title,
            message: said.message,
            expected: said.expected,
            why,
            remedy,
            fingerprint: String::new(),
            baseline: None,
            commit: published.map(|published| published.commit.id.clone()),
            repair: None,
        };
        Some(Candidate { is_own: !said.is_missed, finding, place, key })
    }
}

/// What a rule says of every subject of one client.
#[derive(Clone)]
struct Advice {
    title: Arc<str>,
    why: Arc<str>,
    remedy: Arc<str>,
}

/// What is said about a subject, and what at.
struct Said {
    severity: Severity,
    confidence: Confidence,
    message: String,
    mark: Option<&'static Fact>,
    /// Whether only a policy misses something, and the page itself says nothing.
    is_missed: bool,
    expected: Option<Expected>,
}

/// The class of the value that is complained about: what makes a problem that got worse a new one. Only words
/// and truths; a text might be anything.
fn value_class(mark: Option<&Fact>, view: &View) -> String {
    match mark {
        Some(fact) if matches!(fact.kind, FactKind::Word(_) | FactKind::Truth) => fact.value(view).to_string(),
        _ => String::new(),
    }
}
