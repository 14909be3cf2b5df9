//! An audit as it may be shown.

use std::collections::{BTreeMap, HashMap};
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::harmless::{is_forbidden, line, lines, path};
use crate::finding::{
    AccountGrade, AccountSummary, Audit, Base, Expected, FileEdit, Finding, Gone, Input, LookedBack, Repair,
    RuleSummary, Suppressed, Suppression, Wanted,
};
use crate::model::{Excerpt, MASK, Notice, Position, Span, Step, Trouble};

/// An audit in which every string is harmless: see [`super::harmless`].
///
/// Formats get nothing else to see, so none can forget. Strings that are `&'static` come from this program.
#[derive(Clone, Debug)]
pub struct Shown(Audit);

impl Deref for Shown {
    type Target = Audit;

    fn deref(&self) -> &Audit {
        &self.0
    }
}

impl Shown {
    /// Makes an audit harmless, piece by piece, so that of a large one there are never two.
    #[must_use]
    pub fn new(audit: Audit) -> Self {
        let texts = &mut Texts::default();
        Self(Audit {
            inputs: audit.inputs.into_iter().map(input).collect(),
            accounts: audit.accounts.into_iter().map(account).collect(),
            grades: audit.grades.into_iter().map(grade).collect(),
            findings: audit.findings.into_iter().map(|found| finding(found, texts)).collect(),
            notices: audit.notices.into_iter().map(notice).collect(),
            profiles: audit.profiles,
            rooms: audit.rooms,
            searched: audit.searched.iter().map(|searched| plain(searched)).collect(),
            below_severity: audit.below_severity,
            below_confidence: audit.below_confidence,
            excluded: audit.excluded,
            pruned: audit.pruned,
            worst: audit.worst,
            policy: audit.policy.as_deref().map(line),
            rules: audit.rules.into_iter().map(rule).collect(),
            suppressed: audit.suppressed.into_iter().map(|accepted| suppressed(accepted, texts)).collect(),
            gone: audit.gone.into_iter().map(gone).collect(),
            looked_back: audit.looked_back.into_iter().map(looked_back).collect(),
            bases: audit.bases.into_iter().map(base).collect(),
            // No report tells of these.
            known: Vec::new(),
            texts: BTreeMap::new(),
        })
    }
}

/// What has been made harmless of texts that many findings share, so that they share that as well.
#[derive(Default)]
struct Texts {
    titles: Shared,
    advice: Shared,
}

/// Texts by where they stand in memory: comparing them takes longer than making them harmless once more. Each is kept,
/// so that no other one can come to stand there.
type Shared = HashMap<*const u8, (Arc<str>, Arc<str>)>;

impl Texts {
    fn title(&mut self, text: Arc<str>) -> Arc<str> {
        Self::share(&mut self.titles, text, line)
    }

    fn advice(&mut self, text: Arc<str>) -> Arc<str> {
        Self::share(&mut self.advice, text, lines)
    }

    fn share(shared: &mut Shared, text: Arc<str>, harmless: fn(&str) -> String) -> Arc<str> {
        let (_, made) = shared.entry(text.as_ptr()).or_insert_with(|| {
            let made = harmless(&text).into();
            (text, made)
        });
        Arc::clone(made)
    }
}

fn plain(raw: &Path) -> PathBuf {
    PathBuf::from(path(raw))
}

fn input(input: Input) -> Input {
    Input { path: plain(&input.path), ..input }
}

fn account(account: AccountSummary) -> AccountSummary {
    AccountSummary { path: plain(&account.path), name: line(&account.name), jid: line(&account.jid), ..account }
}

fn grade(grade: AccountGrade) -> AccountGrade {
    let user = grade.user.as_deref().map(line);
    AccountGrade { jid: line(&grade.jid), owner: plain(&grade.owner), user, ..grade }
}

/// Every field by name: a new one has to be thought of here.
fn finding(finding: Finding, texts: &mut Texts) -> Finding {
    Finding {
        rule: line(&finding.rule),
        severity: finding.severity,
        confidence: finding.confidence,
        client: finding.client,
        subject: finding.subject,
        account: finding.account.as_deref().map(line),
        room: finding.room.as_deref().map(line),
        path: plain(&finding.path),
        position: position(&finding),
        place: line(&finding.place),
        excerpt: finding.excerpt.as_ref().map(excerpt),
        default_word: finding.default_word,
        title: texts.title(finding.title),
        message: line(&finding.message),
        expected: finding.expected.as_ref().map(expected),
        why: texts.advice(finding.why),
        remedy: texts.advice(finding.remedy),
        fingerprint: line(&finding.fingerprint),
        baseline: finding.baseline,
        commit: finding.commit.as_deref().map(line),
        repair: finding.repair.as_ref().map(repair),
    }
}

/// A repair that would put something in that may not be shown is not told.
fn repair(repair: &Repair) -> Repair {
    let is_harmless = |edit: &FileEdit| match &edit.step {
        Step::Text(splice) => splice.new.chars().all(|one| matches!(one, '\n' | '\r' | '\t') || !is_forbidden(one)),
        _ => true,
    };
    let edits = repair.edits().filter(|edits| edits.iter().all(is_harmless));
    let edits = edits.map(|edits| edits.iter().map(|edit| FileEdit { path: plain(&edit.path), ..edit.clone() }));
    Repair { safety: repair.safety, wishes: Vec::new(), plan: edits.map(|edits| Ok(edits.collect())) }
}

fn rule(rule: RuleSummary) -> RuleSummary {
    RuleSummary {
        id: line(&rule.id),
        title: line(&rule.title),
        reason: lines(&rule.reason),
        help: lines(&rule.help),
        tags: rule.tags.iter().map(|tag| line(tag)).collect(),
        ..rule
    }
}

fn suppressed(suppressed: Suppressed, texts: &mut Texts) -> Suppressed {
    let by = &suppressed.by;
    Suppressed {
        finding: finding(suppressed.finding, texts),
        by: Suppression {
            kind: by.kind,
            reason: line(&by.reason),
            expires: by.expires.as_deref().map(line),
            file: plain(&by.file),
        },
    }
}

fn gone(gone: Gone) -> Gone {
    Gone {
        rule: line(&gone.rule),
        client: gone.client,
        path: plain(&gone.path),
        place: line(&gone.place),
        fingerprint: line(&gone.fingerprint),
    }
}

fn looked_back(looked_back: LookedBack) -> LookedBack {
    LookedBack { path: plain(&looked_back.path), ..looked_back }
}

fn base(base: Base) -> Base {
    Base { searched: plain(&base.searched), name: plain(&base.name) }
}

fn expected(expected: &Expected) -> Expected {
    let lines = |words: &[String]| words.iter().map(|word| line(word)).collect();
    Expected {
        policy: line(&expected.policy),
        fact: expected.fact,
        wanted: match &expected.wanted {
            Wanted::OneOf(words) => Wanted::OneOf(lines(words)),
            Wanted::NoneOf(words) => Wanted::NoneOf(lines(words)),
        },
        actual: line(&expected.actual),
        in_message: expected.in_message,
    }
}

/// How long a secret is, is a secret too: what is marked then ends behind its first character.
fn position(finding: &Finding) -> Option<Position> {
    let position = finding.position?;
    let marked =
        finding.excerpt.as_ref().and_then(|excerpt| excerpt.text.get(excerpt.mark.start..excerpt.mark.end));
    if !marked.is_some_and(|marked| marked.contains(MASK)) {
        return Some(position);
    }
    Some(Position { end_line: position.line, end_column: position.column + 1, ..position })
}

/// The mark is brought inside the text, and onto whole characters.
fn excerpt(excerpt: &Excerpt) -> Excerpt {
    let text = lines(&excerpt.text);
    let boundary = |offset: &usize| text.is_char_boundary(*offset);
    let start = (0..=excerpt.mark.start.min(text.len())).rev().find(boundary).unwrap_or(0);
    let end = (excerpt.mark.end.min(text.len())..=text.len()).find(boundary).unwrap_or(start).max(start);
    Excerpt { text, mark: Span::new(start, end), first_line: excerpt.first_line }
}

fn notice(notice: Notice) -> Notice {
    let trouble = match &notice.trouble {
        Trouble::System(error) => Trouble::System(line(error)),
        Trouble::Remark(remark) => Trouble::Remark(remark.map_texts(line)),
        other => other.clone(),
    };
    Notice { path: plain(&notice.path), kind: notice.kind, trouble }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_brought_inside_its_text() {
        let broken = |start, end| {
            excerpt(&Excerpt { text: "aä\x1bb".to_owned(), mark: Span { start, end }, first_line: None })
        };
        assert_eq!(broken(2, 2).mark, Span::new(1, 3));
        assert_eq!(broken(9, 99).mark, Span::new(5, 5));
        assert_eq!(broken(4, 1).mark, Span::new(4, 4));
        assert_eq!(broken(0, 1).text, "aä.b");
    }
}
