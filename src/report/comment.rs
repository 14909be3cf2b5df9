//! The format `markdown`: a page for comments on pull requests, wikis and the summaries of jobs.
//!
//! Tables of one line a finding; what to do about it is folded away below, once for each rule and client. It does
//! not look like a rule page (see [`super::markdown`]): here everything that is written is Markdown, there it is read.

mod escape;

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::concise::expected;
use super::overview::{self, client_title, remedy_heading, unseen};
use super::phrases::{self, Phrase};
use super::{Format, Options, Shown};
use crate::finding::{BaselineState, Finding};
use crate::model::Language;
use escape::{code, escaped, page};

/// The format `markdown`.
pub struct Comment;

impl Format for Comment {
    fn name(&self) -> &'static str {
        "markdown"
    }

    fn about(&self, language: Language) -> &'static str {
        phrases::ABOUT_MARKDOWN.text(language)
    }

    fn write(&self, audit: &Shown, options: &Options, out: &mut dyn Write) -> io::Result<()> {
        let comment = Sections { audit, language: options.language };
        for section in [
            comment.head(),
            comment.grades(),
            comment.findings(),
            comment.remedies(),
            comment.unseen(),
            comment.suppressed(),
            comment.gone(),
        ] {
            out.write_all(section.as_bytes())?;
        }
        Ok(())
    }
}

/// What the comment is made of. Each section ends with an empty line, or is empty.
struct Sections<'a> {
    audit: &'a Shown,
    language: Language,
}

impl Sections<'_> {
    fn text(&self, phrase: Phrase) -> &'static str {
        phrase.text(self.language)
    }

    /// The heading, the totals, and how far they can be relied upon.
    fn head(&self) -> String {
        let (audit, language) = (self.audit, self.language);
        let mut shown = "## xmpp-audit\n\n".to_owned();
        if let Some(nothing) = overview::nothing_audited(audit, language) {
            return shown + &format!("**{}**\n\n", escaped(&nothing));
        }
        let count = phrases::FINDING.count(language, audit.findings.len());
        let severities = overview::severities(audit, language);
        let findings =
            if severities.is_empty() { format!("**{count}**") } else { format!("**{count}** ({severities})") };
        let files = phrases::FILE.count(language, audit.inputs.len());
        let files = format!("{files} ({})", overview::statuses(audit, language));
        shown.push_str(&phrases::IN.with(language, [&findings, &overview::things(audit, language), &files]));
        shown.push_str(".\n\n");
        if let Some(policy) = &audit.policy {
            let name = phrases::PAIR.with(language, [self.text(phrases::POLICY)]);
            shown.push_str(&format!("{name}{}\n\n", code(policy)));
        }
        if audit.below_severity > 0 {
            let milder = phrases::MILDER.count(language, audit.below_severity);
            shown.push_str(&format!("{}{milder}.\n\n", phrases::PAIR.with(language, [self.text(phrases::HIDDEN)])));
        }
        let verdict = match (audit.is_complete(), audit.findings.is_empty(), audit.below_severity) {
            (false, true, _) => phrases::CLEAN_BUT_SEE_BELOW,
            (false, false, _) => phrases::INCOMPLETE_SEE_BELOW,
            (true, true, 0) => phrases::CLEAN,
            (true, true, _) => phrases::CLEAN_BUT_HIDDEN,
            (true, false, _) => return shown,
        };
        shown + &format!("**{}**\n\n", self.text(verdict))
    }

    fn grades(&self) -> String {
        let rows = self.audit.grades.iter().map(|grade| {
            let clients: Vec<&str> = grade.clients.iter().map(|client| client_title(*client)).collect();
            let worst = grade.worst.as_ref().map_or_else(String::new, |(severity, rule)| {
                format!("{} ({})", code(rule), phrases::severity(*severity).0.text(self.language))
            });
            [format!("**{}**", grade.grade.word()), code(&grade.jid), clients.join(", "), worst]
        });
        let columns =
            [phrases::GRADE_COLUMN, phrases::ACCOUNT_COLUMN, phrases::CLIENTS_COLUMN, phrases::WORST_COLUMN];
        let table = self.table(self.text(phrases::GRADES), columns, rows);
        if table.is_empty() { table } else { format!("{table}{}\n\n", self.text(phrases::GRADES_LEGEND)) }
    }

    fn findings(&self) -> String {
        let rows = self.audit.findings.iter().map(|finding| {
            let severity = phrases::severity(finding.severity).0.text(self.language);
            let new = match finding.baseline {
                Some(BaselineState::New) => format!(" ({})", self.text(phrases::NEW)),
                _ => String::new(),
            };
            [format!("{severity}{new}"), code(&finding.rule), self.place(finding), self.problem(finding)]
        });
        let columns =
            [phrases::SEVERITY_COLUMN, phrases::RULE_COLUMN, phrases::PLACE_COLUMN, phrases::PROBLEM_COLUMN];
        self.table(self.text(phrases::FINDINGS), columns, rows)
    }

    /// `path:line`, or in a database the path and the place in words; and the commit, where it is history.
    fn place(&self, finding: &Finding) -> String {
        let path = self.audit.relative(&finding.path);
        let path = path.to_string_lossy();
        let mut place = match finding.position {
            Some(position) => code(&format!("{path}:{}", position.line)),
            None if finding.subject == "file" || finding.place.is_empty() => code(&path),
            None => format!("{}<br>{}", code(&path), escaped(&finding.place)),
        };
        if let Some(commit) = &finding.commit {
            let short: String = commit.chars().take(12).collect();
            place.push_str(&format!("<br>{}", phrases::IN_COMMIT.with(self.language, [&code(&short)])));
        }
        place
    }

    fn problem(&self, finding: &Finding) -> String {
        let mut problem = escaped(&format!("{}{}", finding.message, expected(finding, self.language)));
        if let Some(doubt) = phrases::doubt(finding.confidence) {
            problem.push_str(&format!(" <em>{}</em>", self.text(doubt)));
        }
        problem
    }

    /// How to put it right, once for each rule and client, in the order of the findings.
    fn remedies(&self) -> String {
        let mut told = BTreeSet::new();
        let mut shown = String::new();
        for finding in &self.audit.findings {
            let remedy = finding.remedy.trim();
            if remedy.is_empty() || !told.insert((&finding.rule, finding.client, remedy)) {
                continue;
            }
            let heading = remedy_heading(finding, self.language);
            let heading = phrases::PAIR.with(self.language, [&code(&finding.rule)]) + &heading;
            shown.push_str(&format!("<details><summary>{heading}</summary>\n\n{}\n</details>\n\n", page(remedy)));
        }
        shown
    }

    fn unseen(&self) -> String {
        let unseen = unseen(self.audit, self.language);
        let (missing, passed_over): (Vec<_>, Vec<_>) = unseen.iter().partition(|unseen| unseen.missing);
        [(phrases::NOT_SEEN, missing), (phrases::PASSED_OVER, passed_over)]
            .map(|(heading, unseen)| {
                let rows = unseen.into_iter().map(|unseen| {
                    let path = self.audit.relative(unseen.path);
                    [code(&path.to_string_lossy()), escaped(&unseen.sentence)]
                });
                self.table(self.text(heading), [phrases::FILE_COLUMN, phrases::REASON_COLUMN], rows)
            })
            .concat()
    }

    fn suppressed(&self) -> String {
        let rows = self.audit.suppressed.iter().map(|suppressed| {
            let finding = &suppressed.finding;
            let severity = phrases::severity(finding.severity).0.text(self.language);
            let expires = suppressed.by.expires.as_deref().unwrap_or_default();
            [
                severity.to_owned(),
                code(&finding.rule),
                self.place(finding),
                escaped(&suppressed.by.reason),
                escaped(expires),
            ]
        });
        let columns = [
            phrases::SEVERITY_COLUMN,
            phrases::RULE_COLUMN,
            phrases::PLACE_COLUMN,
            phrases::REASON_COLUMN,
            phrases::UNTIL_COLUMN,
        ];
        let heading = phrases::ACCEPTED.count(self.language, self.audit.suppressed.len());
        self.table(&heading, columns, rows)
    }

    fn gone(&self) -> String {
        let rows = self.audit.gone.iter().map(|gone| {
            let path = code(&gone.path.to_string_lossy());
            [code(&gone.rule), format!("{path}<br>{}", escaped(&gone.place))]
        });
        self.table(self.text(phrases::GONE), [phrases::RULE_COLUMN, phrases::PLACE_COLUMN], rows)
    }

    /// A table under a heading; nothing without rows. The cells are Markdown already.
    fn table<const COLUMNS: usize>(
        &self,
        heading: &str,
        columns: [Phrase; COLUMNS],
        rows: impl Iterator<Item = [String; COLUMNS]>,
    ) -> String {
        let mut rows = rows.peekable();
        if rows.peek().is_none() {
            return String::new();
        }
        let head = columns.map(|column| self.text(column)).join(" | ");
        let mut shown = format!("### {heading}\n\n| {head} |\n|{}\n", " --- |".repeat(COLUMNS));
        for row in rows {
            shown.push_str(&format!("| {} |\n", row.join(" | ")));
        }
        shown + "\n"
    }
}
