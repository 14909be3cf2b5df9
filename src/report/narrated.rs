//! The report for ears: sentences in the order in which they matter, one a line, without frames, columns, symbols or
//! colours. Nothing is said by where it stands. For screen readers and Braille displays, which wrap lines themselves.

mod prose;

use std::collections::HashMap;
use std::io::{self, Write};

use super::overview::{self, client_title, remedy_heading, unseen};
use super::phrases::{self, Phrase};
use super::{Detail, Format, Options, Shown};
use crate::finding::{AccountGrade, AccountSummary, BaselineState, Finding, Suppressed};
use crate::model::Language;
use prose::spoken;

/// The most characters of a value that are read out.
const LONGEST: usize = 120;

/// The format `narrated`.
pub struct Narrated;

impl Format for Narrated {
    fn name(&self) -> &'static str {
        "narrated"
    }

    fn about(&self, language: Language) -> &'static str {
        phrases::ABOUT_NARRATED.text(language)
    }

    fn write(&self, audit: &Shown, options: &Options, out: &mut dyn Write) -> io::Result<()> {
        let mut told = Teller { audit, language: options.language, out, said: HashMap::new() };
        if options.detail != Detail::Quiet {
            told.verdict()?;
        }
        for (number, finding) in audit.findings.iter().enumerate() {
            told.finding(number + 1, finding)?;
        }
        if options.detail == Detail::Quiet {
            return Ok(());
        }
        told.unseen()?;
        if options.detail == Detail::Verbose {
            told.files()?;
        }
        told.accepted()?;
        told.accounts()?;
        told.grades()
    }
}

struct Teller<'a> {
    audit: &'a Shown,
    language: Language,
    out: &'a mut dyn Write,
    /// The reasons and remedies that have been told, each with the number of its first finding.
    said: HashMap<String, usize>,
}

impl Teller<'_> {
    fn text(&self, phrase: Phrase) -> &'static str {
        phrase.text(self.language)
    }

    fn say(&mut self, sentence: &str) -> io::Result<()> {
        writeln!(self.out, "{sentence}")
    }

    /// Something under a name: `Policy: strict.`
    fn say_of(&mut self, name: &str, what: &str) -> io::Result<()> {
        let name = phrases::PAIR.with(self.language, [name]);
        self.say(&ended(&format!("{name}{what}")))
    }

    /// An empty line, then a heading: screen readers jump from one paragraph to the next.
    fn heading(&mut self, heading: &str) -> io::Result<()> {
        writeln!(self.out, "\n{}", ended(heading))
    }

    /// How it ended comes first: who listens should not have to wait for it.
    fn verdict(&mut self) -> io::Result<()> {
        let (audit, language) = (self.audit, self.language);
        if let Some(nothing) = overview::nothing_audited(audit, language) {
            self.say(&nothing)?;
            return self.say(&spoken(self.text(phrases::HOW_TO_LOOK), language));
        }
        let mut findings = phrases::FINDING.count(language, audit.findings.len());
        let severities = overview::severities(audit, language);
        if !severities.is_empty() {
            findings = format!("{}{severities}", phrases::PAIR.with(language, [&findings]));
        }
        self.say(&ended(&findings))?;
        let files = phrases::FILE.count(language, audit.inputs.len());
        let files = format!("{files}, {}", overview::statuses(audit, language));
        let looked = format!("{}, {files}", overview::things(audit, language));
        self.say_of(self.text(phrases::LOOKED_AT), &looked)?;
        if let Some(policy) = &audit.policy {
            self.say_of(self.text(phrases::POLICY), policy)?;
        }
        if audit.below_severity > 0 {
            self.say_of(self.text(phrases::HIDDEN), &phrases::MILDER.count(language, audit.below_severity))?;
        }
        if audit.pruned > 0 {
            self.say_of(self.text(phrases::PRUNED), &phrases::PRUNED_FOLDERS.count(language, audit.pruned))?;
        }
        let verdict = match (audit.is_complete(), audit.findings.is_empty(), audit.below_severity) {
            (false, true, _) => phrases::CLEAN_BUT_SEE_BELOW,
            (false, false, _) => phrases::INCOMPLETE_SEE_BELOW,
            (true, true, 0) => phrases::CLEAN,
            (true, true, _) => phrases::CLEAN_BUT_HIDDEN,
            (true, false, _) => return Ok(()),
        };
        self.say(self.text(verdict))
    }

    fn finding(&mut self, number: usize, finding: &Finding) -> io::Result<()> {
        let (language, count) = (self.language, self.audit.findings.len().to_string());
        let severity = phrases::severity(finding.severity).0.text(language);
        let head = phrases::FINDING_NUMBER
            .with(language, [&number.to_string(), &count, severity, &finding.rule, &finding.title]);
        self.heading(&head)?;
        self.say(&ended(&spoken(&finding.message, language)))?;
        self.say(&self.place(finding))?;
        let whole_file = finding.position.is_none() && finding.subject == "file";
        if !whole_file && !finding.place.is_empty() {
            self.say_of(self.text(phrases::SETTING), &finding.place)?;
        }
        if let Some(value) = value(finding) {
            self.say_of(self.text(phrases::WRITTEN_THERE), &value)?;
        }
        if let Some(word) = finding.default_word {
            let not_written = phrases::NOT_WRITTEN.with(language, [client_title(finding.client), word]);
            self.say(&ended(&capitalised(&spoken(&not_written, language))))?;
        }
        if let Some(expected) = &finding.expected {
            let (wanted, actual) = (expected.wanted.phrase(language), expected.actual(language));
            let sentence = phrases::EXPECTED_NARRATED.with(language, [&expected.policy, &wanted, actual]);
            self.say(&ended(&sentence))?;
        }
        if finding.baseline == Some(BaselineState::New) {
            self.say(self.text(phrases::NEW_NARRATED))?;
        }
        if let Some(commit) = &finding.commit {
            self.say(&ended(&capitalised(&phrases::IN_COMMIT.with(language, [commit]))))?;
        }
        if let Some(doubt) = phrases::doubt(finding.confidence) {
            self.say(self.text(doubt))?;
        }
        self.advice(number, finding, self.text(phrases::WHY), &finding.why)?;
        self.advice(number, finding, &remedy_heading(finding, language), &finding.remedy)
    }

    fn place(&self, finding: &Finding) -> String {
        let path = finding.path.display().to_string();
        match finding.position {
            Some(position) => phrases::IN_FILE_AT
                .with(self.language, [&path, &position.line.to_string(), &position.column.to_string()]),
            None => phrases::IN_FILE.with(self.language, [&path]),
        }
    }

    /// A reason or remedy; where an earlier finding has it too, only which one that is.
    fn advice(&mut self, number: usize, finding: &Finding, heading: &str, markdown: &str) -> io::Result<()> {
        if markdown.trim().is_empty() {
            return Ok(());
        }
        let first = *self.said.entry(format!("{}\n{markdown}", finding.rule)).or_insert(number);
        if first < number {
            return self.say(&phrases::SAID_BEFORE.with(self.language, [heading, &first.to_string()]));
        }
        self.say(phrases::PAIR.with(self.language, [heading]).trim_end())?;
        for line in prose::lines(markdown, self.language) {
            self.say(&line)?;
        }
        Ok(())
    }

    fn unseen(&mut self) -> io::Result<()> {
        let unseen = unseen(self.audit, self.language);
        for (heading, missing) in [(phrases::NOT_SEEN, true), (phrases::PASSED_OVER, false)] {
            let mut of_kind = unseen.iter().filter(|unseen| unseen.missing == missing).peekable();
            if of_kind.peek().is_some() {
                self.heading(self.text(heading))?;
            }
            for unseen in of_kind {
                let sentence = spoken(&unseen.sentence, self.language);
                self.say_of(&unseen.path.display().to_string(), &sentence)?;
            }
        }
        Ok(())
    }

    fn files(&mut self) -> io::Result<()> {
        if !self.audit.inputs.is_empty() {
            self.heading(self.text(phrases::FILES))?;
        }
        for input in &self.audit.inputs {
            let status = self.text(phrases::status(input.status).0);
            let what = format!("{status}, {}, {}", client_title(input.client), input.kind.0);
            self.say_of(&input.path.display().to_string(), &what)?;
        }
        Ok(())
    }

    fn accepted(&mut self) -> io::Result<()> {
        if !self.audit.suppressed.is_empty() {
            self.heading(&phrases::ACCEPTED.count(self.language, self.audit.suppressed.len()))?;
        }
        for Suppressed { finding, by } in &self.audit.suppressed {
            let message = spoken(&finding.message, self.language);
            self.say_of(&finding.rule, &message)?;
            self.say(&self.place(finding))?;
            self.say_of(self.text(phrases::REASON_COLUMN), &by.reason)?;
            if let Some(day) = &by.expires {
                self.say_of(self.text(phrases::UNTIL_COLUMN), day)?;
            }
        }
        if !self.audit.gone.is_empty() {
            self.heading(&spoken(self.text(phrases::GONE), self.language))?;
        }
        for gone in &self.audit.gone {
            self.say_of(&gone.rule, &format!("{}, {}", gone.path.display(), gone.place))?;
        }
        Ok(())
    }

    /// What becomes of each password: a sentence for each attacker.
    fn accounts(&mut self) -> io::Result<()> {
        if !self.audit.accounts.is_empty() {
            self.heading(self.text(phrases::PASSWORDS))?;
        }
        for account in &self.audit.accounts {
            self.account(account)?;
        }
        Ok(())
    }

    fn account(&mut self, account: &AccountSummary) -> io::Result<()> {
        let language = self.language;
        let jid = match account.enabled {
            true => account.jid.clone(),
            false => phrases::OFF.with(language, [&account.jid]),
        };
        let encryption = phrases::ENCRYPTION_IS.with(language, [phrases::encryption(account.encryption, language)]);
        self.say_of(&format!("{jid}, {}", client_title(account.client)), &encryption)?;
        let exposure = account.exposure;
        let outcomes = [exposure.listens, exposure.strips, exposure.strips_legacy, exposure.forges];
        for ((_, attack), outcome) in phrases::ATTACKERS.into_iter().zip(outcomes) {
            let meaning = phrases::OUTCOMES.iter().find(|(known, _)| *known == outcome);
            let meaning = meaning.map_or("", |(_, phrase)| phrase.text(language));
            self.say_of(&capitalised(attack.text(language)), meaning)?;
        }
        Ok(())
    }

    fn grades(&mut self) -> io::Result<()> {
        if self.audit.grades.is_empty() {
            return Ok(());
        }
        self.heading(self.text(phrases::GRADES))?;
        let grades = &self.audit.grades;
        let several = grades.iter().any(|grade| Some(&grade.owner) != grades.first().map(|first| &first.owner));
        let mut last = None;
        for all @ AccountGrade { jid, grade, clients, worst, .. } in grades {
            if several && last != Some(&all.owner) {
                self.say_of(self.text(phrases::USER), &overview::owner(all))?;
                last = Some(&all.owner);
            }
            let clients: Vec<&str> = clients.iter().map(|client| client_title(*client)).collect();
            let mut what = format!("{} {}, {}", self.text(phrases::GRADE_COLUMN), grade.word(), clients.join(", "));
            if let Some((severity, rule)) = worst {
                let worst_word = self.text(phrases::WORST_COLUMN);
                let severity = phrases::severity(*severity).0.text(self.language);
                what.push_str(&format!("; {}{rule}, {severity}", phrases::PAIR.with(self.language, [worst_word])));
            }
            self.say_of(jid, &what)?;
        }
        self.say(self.text(phrases::GRADES_LEGEND))
    }
}

/// What stands at the place; secrets are masked by now.
fn value(finding: &Finding) -> Option<String> {
    let excerpt = finding.excerpt.as_ref().filter(|_| finding.default_word.is_none())?;
    let marked = excerpt.text.get(excerpt.mark.start..excerpt.mark.end)?.trim();
    if marked.is_empty() {
        return None;
    }
    let shown: String = marked.lines().collect::<Vec<_>>().join(" ").replace('\t', " ");
    let mut value: String = shown.chars().take(LONGEST).collect();
    if value.len() < shown.len() {
        value.push('…');
    }
    Some(value)
}

/// The sentence with an end, which makes a screen reader pause.
fn ended(sentence: &str) -> String {
    let sentence = sentence.trim_end();
    if sentence.ends_with(['.', '!', '?', '…', ':']) { sentence.to_owned() } else { format!("{sentence}.") }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}
