//! What an audit has to say: findings, notices and what was looked at.

mod base;
mod day;
mod expected;
mod fingerprint;
mod grade;
mod known;
mod repair;
mod rule;
mod severity;
mod suppression;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use base::Base;
pub use day::Day;
pub use expected::{Expected, Wanted};
pub use fingerprint::fingerprint;
pub use grade::{AccountGrade, Grade};
pub use known::Known;
pub use repair::{FileEdit, Repair};
pub use rule::RuleSummary;
pub use severity::{Confidence, Severity};
pub use suppression::{BaselineState, Gone, Suppressed, Suppression, SuppressionKind};

use crate::model::{ClientName, Excerpt, Exposure, FileKind, Notice, Position};

/// A setting that betrays its owner.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule's id.
    pub rule: String,
    /// How bad it is in the account's real situation.
    pub severity: Severity,
    /// How sure the rule is.
    pub confidence: Confidence,
    /// The client whose file it is.
    pub client: ClientName,
    /// What it is about: `account`, `room`, `file`.
    pub subject: &'static str,
    /// The JID of the account, where it is about one.
    pub account: Option<String>,
    /// The address of the room or contact, where it is about one.
    pub room: Option<String>,
    /// The file.
    pub path: PathBuf,
    /// Lines and columns; none in a database, or where the file as a whole is meant.
    pub position: Option<Position>,
    /// The place in words: `accounts[alice@example.org] / connection_security`.
    pub place: String,
    /// The source line or cell, secrets masked.
    pub excerpt: Option<Excerpt>,
    /// The client's default in its own spelling, where nothing is written and that is the problem.
    pub default_word: Option<&'static str>,
    /// The problem in a few words. This and the advice are the same for all findings of a rule, and shared by them.
    pub title: Arc<str>,
    /// The problem in one sentence, about this very case.
    pub message: String,
    /// What a policy expects instead, where one does.
    pub expected: Option<Expected>,
    /// What an attacker gains, in a paragraph of Markdown.
    pub why: Arc<str>,
    /// How to put it right in this very client, as Markdown.
    pub remedy: Arc<str>,
    /// The same on every run and every machine; see [`fingerprint()`].
    pub fingerprint: String,
    /// What it is to the baseline; none where the audit was compared with none.
    pub baseline: Option<BaselineState>,
    /// The commit that brought it, in hexadecimal digits, where it was found in a repository's history.
    pub commit: Option<String>,
    /// How the program itself can put it right, where it can and was asked.
    pub repair: Option<Repair>,
}

/// A file that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// Where it is.
    pub path: PathBuf,
    /// The client whose file it is.
    pub client: ClientName,
    /// What it is to the client.
    pub kind: FileKind,
    /// What became of it.
    pub status: InputStatus,
}

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum InputStatus {
    /// It was read and judged.
    Audited,
    /// It was passed over on purpose; a notice says why.
    Skipped,
    /// It could not be read, or not in full; a notice or a finding says why.
    Failed,
}

/// An account that was looked at.
#[derive(Clone, Debug)]
pub struct AccountSummary {
    /// The client.
    pub client: ClientName,
    /// The file it stands in.
    pub path: PathBuf,
    /// The client's own name of it.
    pub name: String,
    /// Its JID, or what stands there instead.
    pub jid: String,
    /// Whether the client connects it by itself.
    pub enabled: bool,
    /// Whether TLS is insisted on, as a word.
    pub encryption: &'static str,
    /// What becomes of its password.
    pub exposure: Exposure,
}

/// A repository whose history was looked through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookedBack {
    /// Its top, or its own folder where it has no work tree.
    pub path: PathBuf,
    /// How many commits it has.
    pub commits: usize,
    /// How many versions of files there were whose names are worth a look.
    pub versions: usize,
}

/// Everything that an audit has to say.
#[derive(Clone, Debug, Default)]
pub struct Audit {
    /// Every file that was looked at.
    pub inputs: Vec<Input>,
    /// Every account that was looked at.
    pub accounts: Vec<AccountSummary>,
    /// How well each account is kept, over all clients of its user.
    pub grades: Vec<AccountGrade>,
    /// The findings that were asked for, worst first.
    pub findings: Vec<Finding>,
    /// What could not be looked at.
    pub notices: Vec<Notice>,
    /// How many profiles were read.
    pub profiles: usize,
    /// How many rooms were looked at.
    pub rooms: usize,
    /// Where was looked: paths as they were given, or the home directory.
    pub searched: Vec<PathBuf>,
    /// How many findings were left out because they are below the severity that was asked for.
    pub below_severity: usize,
    /// How many findings were left out because their rules are less sure than was asked for.
    pub below_confidence: usize,
    /// How many files were passed over because they are excluded.
    pub excluded: usize,
    /// How many folders were passed over because they cannot hold a client’s files.
    pub pruned: usize,
    /// The severity of the worst finding, whether or not it was left out.
    pub worst: Option<Severity>,
    /// The name of the policy that was judged by; none for the baseline.
    pub policy: Option<String>,
    /// The rules that were judged by, in the order of their ids; only where [`crate::Request::tells_rules`] asks.
    pub rules: Vec<RuleSummary>,
    /// What was found and somebody has accepted.
    pub suppressed: Vec<Suppressed>,
    /// What the baseline knows and was not found again.
    pub gone: Vec<Gone>,
    /// The repositories whose history was looked through, where that was asked for.
    pub looked_back: Vec<LookedBack>,
    /// What the searched places are called in reports that leave the machine.
    pub bases: Vec<Base>,
    /// What is known about everything that was looked at; only where repairs are planned.
    pub known: Vec<Known>,
    /// The texts of the files, every secret masked; only where repairs are planned.
    pub texts: BTreeMap<PathBuf, String>,
}

impl Audit {
    /// Whether everything that was found could be looked at in full.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.inputs.iter().all(|input| input.status != InputStatus::Failed)
            && self.notices.iter().all(|notice| !notice.trouble.makes_incomplete())
    }

    /// What a file is called in reports that leave the machine: its path from the top of the git work tree or of the
    /// folder that was searched. Never absolute.
    #[must_use]
    pub fn relative(&self, path: &Path) -> PathBuf {
        base::relative(&self.bases, path)
    }

    /// How many findings were accepted in a way.
    #[must_use]
    pub fn count_suppressed(&self, kind: SuppressionKind) -> usize {
        self.suppressed.iter().filter(|suppressed| suppressed.by.kind == kind).count()
    }

    /// How many findings have a severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }
}
