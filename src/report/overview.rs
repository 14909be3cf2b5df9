//! What was looked at and what was not, for every format.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use super::phrases;
use crate::clients::startup::Startup;
use crate::clients::{self, CLIENTS, Client};
use crate::finding::{
    AccountGrade, Audit, BaselineState, Finding, Input, InputStatus, LookedBack, Severity, Suppressed,
    SuppressionKind,
};
use crate::model::{ClientName, Language, Trouble};

/// Why files were not audited.
pub struct Reasons<'a> {
    troubles: HashMap<&'a Path, &'a Trouble>,
}

impl<'a> Reasons<'a> {
    /// Looks the notices through.
    pub fn of(audit: &'a Audit) -> Self {
        let mut troubles = HashMap::new();
        for notice in &audit.notices {
            troubles.entry(notice.path.as_path()).or_insert(&notice.trouble);
        }
        Self { troubles }
    }

    /// Why a file was not audited, as a sentence; none if it was.
    pub fn reason(&self, input: &Input, language: Language) -> Option<String> {
        let fallback = match input.status {
            InputStatus::Audited => return None,
            InputStatus::Skipped => phrases::INPUT_SKIPPED,
            InputStatus::Failed => phrases::INPUT_FAILED,
        };
        let trouble = self.troubles.get(input.path.as_path());
        Some(trouble.map_or_else(|| fallback.text(language).to_owned(), |trouble| trouble.sentence(language)))
    }

    fn knows(&self, path: &Path) -> bool {
        self.troubles.contains_key(path)
    }
}

/// Something that was not looked at, or not in full.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unseen<'a> {
    /// Where it is.
    pub path: &'a Path,
    /// Why, and what to do about it.
    pub sentence: String,
    /// Whether something is missing from the audit because of it.
    pub missing: bool,
    /// Whether it is about a configuration or a baseline, and nothing that was to be audited.
    pub is_remark: bool,
}

/// Everything that was not looked at: what the notices say, each once, and files that no notice speaks of.
pub fn unseen(audit: &Audit, language: Language) -> Vec<Unseen<'_>> {
    let reasons = Reasons::of(audit);
    let mut known = BTreeSet::new();
    let notices = audit.notices.iter().map(|notice| Unseen {
        path: &notice.path,
        sentence: notice.trouble.sentence(language),
        missing: notice.trouble.makes_incomplete(),
        is_remark: matches!(notice.trouble, Trouble::Remark(_)),
    });
    let inputs = audit.inputs.iter().filter(|input| !reasons.knows(&input.path)).filter_map(|input| {
        let sentence = reasons.reason(input, language)?;
        Some(Unseen { path: &input.path, sentence, missing: input.status == InputStatus::Failed, is_remark: false })
    });
    notices.chain(inputs).filter(|unseen| known.insert((unseen.path, unseen.sentence.clone()))).collect()
}

/// That nothing was audited at all, as a sentence; none if something was.
pub fn nothing_audited(audit: &Audit, language: Language) -> Option<String> {
    let looked_back = audit.looked_back.iter().any(|past| past.versions > 0);
    if count_inputs(audit, InputStatus::Audited) > 0 || !audit.findings.is_empty() || looked_back {
        return None;
    }
    let phrase = if audit.is_complete() { phrases::NOTHING_FOUND } else { phrases::NOTHING_READ };
    Some(phrase.with(language, [&all_clients(language)]))
}

/// The word for what became of a file that programs read; the same in every language.
pub const fn status_word(status: InputStatus) -> &'static str {
    match status {
        InputStatus::Audited => "audited",
        InputStatus::Skipped => "skipped",
        InputStatus::Failed => "failed",
    }
}

/// The word for what a finding is to the baseline; the same in every language.
pub const fn baseline_word(state: BaselineState) -> &'static str {
    match state {
        BaselineState::New => "new",
        BaselineState::Unchanged => "unchanged",
    }
}

/// The word for what says that a finding is accepted; the same in every language.
pub const fn suppression_word(kind: SuppressionKind) -> &'static str {
    match kind {
        SuppressionKind::Ignore => "configuration",
        SuppressionKind::Baseline => "baseline",
    }
}

/// How many files have that status.
pub fn count_inputs(audit: &Audit, status: InputStatus) -> usize {
    audit.inputs.iter().filter(|input| input.status == status).count()
}

/// `1 critical, 2 high`, worst first; empty without findings.
pub fn severities(audit: &Audit, language: Language) -> String {
    let counts = Severity::ALL.iter().copied().rev().map(|severity| (severity, audit.count(severity)));
    let shown = counts.filter(|(_, count)| *count > 0);
    join(shown.map(|(severity, count)| phrases::severity(severity).1.count(language, count)))
}

/// How many findings were accepted, by whom: `1 accepted by the configuration`, each where there is any.
pub fn accepted(audit: &Audit, language: Language) -> Vec<String> {
    let kinds = [(SuppressionKind::Ignore, phrases::BY_IGNORE), (SuppressionKind::Baseline, phrases::BY_BASELINE)];
    let counts = kinds.into_iter().map(|(kind, counted)| (audit.count_suppressed(kind), counted));
    counts.filter(|(count, _)| *count > 0).map(|(count, counted)| counted.count(language, count)).collect()
}

/// Why a finding was accepted, and how long: `the disk is encrypted (until 2027-01-31)`.
pub fn acceptance(suppressed: &Suppressed, language: Language) -> String {
    match &suppressed.by.expires {
        Some(day) => format!("{} ({})", suppressed.by.reason, phrases::UNTIL.with(language, [day])),
        None => suppressed.by.reason.clone(),
    }
}

/// `2 profiles, 3 accounts, 5 rooms`.
pub fn things(audit: &Audit, language: Language) -> String {
    join(
        [
            phrases::PROFILE.count(language, audit.profiles),
            phrases::ACCOUNT.count(language, audit.accounts.len()),
            phrases::ROOM.count(language, audit.rooms),
        ]
        .into_iter(),
    )
}

/// `7 audited, 1 skipped`; files that were audited are always counted.
pub fn statuses(audit: &Audit, language: Language) -> String {
    let all = [InputStatus::Audited, InputStatus::Skipped, InputStatus::Failed];
    let counts = all.into_iter().map(|status| (status, count_inputs(audit, status)));
    let shown = counts.filter(|(status, count)| *count > 0 || *status == InputStatus::Audited);
    join(shown.map(|(status, count)| phrases::status(status).1.count(language, count)))
}

/// `20 commits, 34 versions of files`; empty where no history was looked through.
pub fn history(audit: &Audit, language: Language) -> String {
    if audit.looked_back.is_empty() {
        return String::new();
    }
    let sum = |count: fn(&LookedBack) -> usize| audit.looked_back.iter().map(count).sum();
    let commits = phrases::COMMIT.count(language, sum(|past| past.commits));
    let versions = phrases::VERSION_OF_FILE.count(language, sum(|past| past.versions));
    format!("{commits}, {versions}")
}

fn join(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}

/// Whose account it is: `alice (/home/alice)`, or the folder alone.
pub fn owner(grade: &AccountGrade) -> String {
    let folder = grade.owner.display().to_string();
    grade.user.as_ref().map_or(folder.clone(), |user| format!("{user} ({folder})"))
}

/// A client's name as people write it.
pub fn client_title(client: ClientName) -> &'static str {
    clients::by_name(client.0).map_or(client.0, clients::Client::title)
}

/// `How to put it right in Pidgin`. What starts clients is no client that one could put something right in.
pub fn remedy_heading(finding: &Finding, language: Language) -> String {
    if finding.client == Startup.name() {
        return phrases::REMEDY.text(language).to_owned();
    }
    phrases::REMEDY_IN.with(language, [client_title(finding.client)])
}

/// `Pidgin, Gajim, Dino or Profanity`.
pub fn all_clients(language: Language) -> String {
    // What starts clients is read beside them and is none itself.
    let programs = CLIENTS.into_iter().filter(|client| client.name() != Startup.name());
    let mut titles: Vec<&str> = programs.map(|client| client_title(client.name())).collect();
    let last = titles.pop().unwrap_or_default();
    format!("{} {} {last}", titles.join(", "), phrases::OR.text(language))
}
