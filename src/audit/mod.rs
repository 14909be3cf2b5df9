//! From targets to findings: the whole way, on one screen.

mod accepted;
mod bases;
mod batch;
mod gathered;
mod given;
mod history;
mod lot;
mod mended;
mod needed;
mod planned;
mod progress;
mod reading;
mod share;
mod size;
mod strays;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use thiserror::Error;

use history::Past;
pub use mended::{Left, Mended};
pub use needed::needed;
pub use progress::{Progress, Untold};
pub use strays::Stray;

use crate::baseline::Baseline;
use crate::clients::dotfiles;
use crate::configuration::{FilePath, Glob, Ignore};
use crate::discover::{self, Discovery, Group, Home, Reach, Target, Wanted};
use crate::finding::{Audit, Confidence, Day, Severity};
use crate::installed::Installed;
use crate::model::{ClientName, ClientVersion, Language, Notice};
use crate::policy::{BASELINE, Policy};
use crate::rules::{Judge, JudgeError, Page, RuleSet};
use crate::source::{Bounds, Reader};

/// What to audit, and what to say about it.
#[derive(Clone, Debug)]
pub struct Request {
    /// Only these clients; all if empty.
    pub clients: Vec<ClientName>,
    /// Only these rules, by id or tag; all if empty.
    pub select: Vec<String>,
    /// Not these rules, by id or tag.
    pub ignore: Vec<String>,
    /// Not these files.
    pub exclude: Vec<Glob>,
    /// How far is looked for files.
    pub reach: Reach,
    /// How bad rules are, other things being equal, by their ids, where that is not as the policy or their pages say.
    pub severities: BTreeMap<String, Severity>,
    /// How sure rules are, other things being equal, by their ids, where that is not as their pages say.
    pub confidences: BTreeMap<String, Confidence>,
    /// The findings that are accepted.
    pub accepted: Vec<Ignore>,
    /// What had been found before, and is accepted, and the file in which that stands.
    pub baseline: Option<(PathBuf, Baseline)>,
    /// Only findings of at least this severity.
    pub min_severity: Severity,
    /// Only findings of rules that are at least so sure.
    pub min_confidence: Confidence,
    /// The day on which it is asked what still holds.
    pub today: Day,
    /// The language of the findings.
    pub language: Language,
    /// The largest files that are read.
    pub bounds: Bounds,
    /// The versions that clients are believed to have, where their files do not tell.
    pub client_versions: BTreeMap<ClientName, ClientVersion>,
    /// The versions that are installed; they count where none is believed.
    pub installed: Option<Installed>,
    /// What is wanted beyond the rules, or short of them; loaded for the rules that are judged by.
    pub policy: Option<Policy>,
    /// Whether the audit is to tell of the rules that found nothing, too.
    pub tells_rules: bool,
    /// Whether the history of the git repositories around what is audited counts, too.
    pub history: bool,
    /// Whether the findings are to say what the program itself can do about them.
    pub repairs: bool,
    /// Whether the audit is to tell all that is known, and all texts: [`Audit::known`], [`Audit::texts`].
    pub tells_all: bool,
    /// The folder that reports which leave the machine start from, where the git work tree is not to be asked.
    pub base: Option<PathBuf>,
}

impl Default for Request {
    fn default() -> Self {
        Self {
            clients: Vec::new(),
            select: Vec::new(),
            ignore: Vec::new(),
            exclude: Vec::new(),
            reach: Reach::default(),
            severities: BTreeMap::new(),
            confidences: BTreeMap::new(),
            accepted: Vec::new(),
            baseline: None,
            min_severity: Severity::Low,
            min_confidence: Confidence::Low,
            today: Day::today(),
            language: Language::English,
            bounds: Bounds::default(),
            client_versions: BTreeMap::new(),
            installed: None,
            policy: None,
            tells_rules: false,
            history: false,
            repairs: false,
            tells_all: false,
            base: None,
        }
    }
}

/// Why there is no result at all.
#[derive(Debug, Error)]
pub enum AuditError {
    /// A rule failed.
    #[error(transparent)]
    Judge(#[from] JudgeError),
}

/// What was found where somebody looked, not yet read.
///
/// Most runs of a hook or on a new machine find nothing; they need no rules.
#[derive(Default)]
pub struct Search {
    lots: Vec<Lot>,
    searched: Vec<PathBuf>,
    notices: Vec<Notice>,
    configurations: Vec<PathBuf>,
    excluded: usize,
    pruned: usize,
    /// What users are called, by their homes.
    users: BTreeMap<PathBuf, String>,
    pasts: Vec<Past>,
}

/// Files that are read in the same way.
struct Lot {
    groups: Vec<Group>,
    reader: Reader,
    in_homes: bool,
}

impl Search {
    /// Looks for the clients' files.
    #[must_use]
    pub fn new(targets: &[Target], request: &Request) -> Self {
        let mut search = Self::default();
        // Homes come first: the permissions of their files count even if a repository holds them.
        let (homes, paths): (Vec<_>, Vec<_>) = targets.iter().partition(|target| matches!(target, Target::Home(_)));
        let mut discovery = Discovery::default();
        for (targets, in_homes) in [(homes, true), (paths, false)] {
            let reader = Reader::new(request.bounds).prepared_by(dotfiles::prepare);
            let reader = if in_homes { reader.in_live_home() } else { reader };
            let wanted = Wanted {
                client: &|client| request.wants_client(client),
                path: &|path| request.wants_path(path),
                reach: request.reach,
            };
            search.searched.extend(targets.iter().map(|target| target.name().to_owned()));
            if in_homes {
                let homes: Vec<&Home> = targets.into_iter().filter_map(Target::home).collect();
                let named = homes.iter().filter_map(|home| Some((home.root.clone(), home.user()?.to_owned())));
                search.users.extend(named);
                let look = |reader: &Reader, home: &&Home| discover::look_in_home(home, reader, &wanted);
                let take = |found| discovery.take_home(found);
                share::in_order(request.reach.threads(), &reader, &homes, |_| false, look, take);
            } else {
                targets.into_iter().for_each(|target| discovery.look_at(target, &reader, &wanted));
            }
            let (groups, notices) = discovery.take_groups();
            search.notices.extend(notices);
            search.lots.push(Lot { groups, reader, in_homes });
        }
        search.configurations = discovery.configurations().to_vec();
        search.excluded = discovery.excluded();
        search.pruned = discovery.pruned();
        if request.history {
            let (pasts, notices) = history::around(targets, &search.lots, request);
            search.pasts = pasts;
            search.notices.extend(notices);
        }
        search
    }

    /// Whether nothing was found to be judged.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pasts.is_empty() && self.lots.iter().all(|lot| lot.groups.is_empty())
    }

    /// The files that were found, by what is read together.
    pub fn groups(&self) -> impl Iterator<Item = &Group> {
        self.lots.iter().flat_map(|lot| &lot.groups)
    }

    /// The configurations that walks came across; they count for nothing by themselves.
    #[must_use]
    pub fn configurations(&self) -> &[PathBuf] {
        &self.configurations
    }

    /// Adds something to be told.
    pub fn note(&mut self, notice: Notice) {
        self.notices.push(notice);
    }

    /// What could not be looked into.
    #[must_use]
    pub fn notices(&self) -> &[Notice] {
        &self.notices
    }

    /// Reads what was found and judges it.
    ///
    /// # Errors
    /// Only if the program itself is at fault; what is wrong with files is part of the result.
    pub fn audit(&self, rules: &RuleSet, request: &Request) -> Result<Audit, AuditError> {
        self.audit_telling(rules, request, &Untold)
    }

    /// Reads what was found and judges it, and tells how far it has come.
    ///
    /// # Errors
    /// As [`Search::audit`].
    pub fn audit_telling(
        &self,
        rules: &RuleSet,
        request: &Request,
        progress: &dyn Progress,
    ) -> Result<Audit, AuditError> {
        progress.found(self.groups().map(|group| group.files.len()).sum());
        let mut audit =
            Audit { searched: self.searched.clone(), notices: self.notices.clone(), ..Audit::default() };
        audit.excluded = self.excluded;
        audit.pruned = self.pruned;
        audit.bases = self.searched.iter().map(|searched| bases::base(searched, request.base.as_deref())).collect();
        let mut judge = Judge::new(rules, request.language, |page| request.wants_rule(page));
        if let Some(policy) = &request.policy {
            judge.set_severities(&policy.severities);
            judge.require(&policy.requirements);
            audit.policy = Some(policy.name.clone()).filter(|name| name != BASELINE);
        }
        judge.set_severities(&request.severities);
        judge.set_confidences(&request.confidences);
        if request.repairs {
            judge.tell_repairs();
        }
        if request.drops_what_is_not_asked_for() {
            judge.tell_from(request.min_severity);
        }
        if request.tells_rules {
            audit.rules = judge.summaries();
        }
        let mut standing = Vec::new();
        for lot in &self.lots {
            standing.extend(lot.read_and_judge(&judge, request, progress, &mut audit)?);
        }
        for past in &self.pasts {
            past.audit(&judge, request, &standing, &mut audit)?;
        }
        for grade in &mut audit.grades {
            grade.user = self.users.get(&grade.owner).cloned();
        }
        audit.findings.retain(|finding| finding.commit.is_none() || request.wants_path(&finding.path));
        accepted::ignore(&mut audit, rules, request);
        if let Some((path, baseline)) = &request.baseline {
            accepted::compare(&mut audit, baseline, path, rules, request);
        }
        audit.settle(request);
        Ok(audit)
    }
}

/// Audits homes, files and folders.
///
/// # Errors
/// As [`Search::audit`].
pub fn audit(targets: &[Target], rules: &RuleSet, request: &Request) -> Result<Audit, AuditError> {
    Search::new(targets, request).audit(rules, request)
}

impl Request {
    fn wants_client(&self, client: ClientName) -> bool {
        self.clients.is_empty() || self.clients.contains(&client)
    }

    fn wants_path(&self, path: &Path) -> bool {
        if self.exclude.is_empty() {
            return true;
        }
        let path = FilePath::of(path);
        !self.exclude.iter().any(|excluded| excluded.fits(&path))
    }

    /// The version of the client that reads these files, as far as it is known without them.
    fn version_of(&self, group: &Group) -> Option<ClientVersion> {
        let client = group.client.name();
        let installed = || self.installed.as_ref()?.version_of(client, &group.files.first()?.path);
        self.client_versions.get(&client).cloned().or_else(installed)
    }

    /// Whether a finding that was not asked for is of no use to anybody: it neither counts as accepted nor stands for
    /// what a commit has brought.
    const fn drops_what_is_not_asked_for(&self) -> bool {
        self.accepted.is_empty() && self.baseline.is_none() && !self.history
    }

    fn wants_rule(&self, page: &Page) -> bool {
        let named = |names: &[String]| names.iter().any(|name| page.is_meant_by(name));
        let is_off = self.policy.as_ref().is_some_and(|policy| policy.turns_off(&page.id));
        (self.select.is_empty() || named(&self.select)) && !named(&self.ignore) && !is_off
    }
}
