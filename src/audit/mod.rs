//! From targets to findings: the whole way, on one screen.

mod accepted;
mod bases;
mod batch;
mod given;
mod history;
mod mended;
mod needed;
mod planned;
mod progress;
mod reading;
mod strays;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use thiserror::Error;

use history::{Past, Standing};
pub use mended::{Left, Mended};
pub use needed::needed;
pub use progress::{Progress, Untold};
pub use strays::Stray;

use crate::baseline::Baseline;
use crate::clients::startup::Startup;
use crate::clients::{Client, dotfiles};
use crate::configuration::{FilePath, Glob, Ignore};
use crate::contained::contained;
use crate::discover::{Discovery, Group, Reach, Target, Wanted};
use crate::finding::{AccountSummary, Audit, Confidence, Day, Finding, Input, InputStatus, Severity};
use crate::installed::Installed;
use crate::model::{ClientName, ClientVersion, Format, Language, Notice, Profile, ProfileFile};
use crate::policy::{BASELINE, Policy};
use crate::repository::Repositories;
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
            for target in targets {
                let wanted = Wanted {
                    client: &|client| request.wants_client(client),
                    path: &|path| request.wants_path(path),
                    reach: request.reach,
                };
                discovery.look_at(target, &reader, &wanted);
                search.searched.push(target.name().to_owned());
                if let Target::Home(home) = target {
                    search.users.extend(home.user().map(|user| (home.root.clone(), user.to_owned())));
                }
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

    fn wants_rule(&self, page: &Page) -> bool {
        let named = |names: &[String]| names.iter().any(|name| page.is_meant_by(name));
        let is_off = self.policy.as_ref().is_some_and(|policy| policy.turns_off(&page.id));
        (self.select.is_empty() || named(&self.select)) && !named(&self.ignore) && !is_off
    }
}

impl Lot {
    /// Returns the secrets that stand in files that git tracks, where its history counts.
    fn read_and_judge(
        &self,
        judge: &Judge<'_>,
        request: &Request,
        progress: &dyn Progress,
        audit: &mut Audit,
    ) -> Result<Vec<Standing>, AuditError> {
        let mut standing = Vec::new();
        let used: BTreeSet<ClientName> = self.groups.iter().map(|group| group.client.name()).collect();
        let repositories = Repositories::new(request.bounds);
        for (owner, groups) in batch::by_owner(&self.groups) {
            let mut profiles = Vec::new();
            for group in groups {
                if let Some(first) = group.files.first() {
                    progress.reads(&first.path, group.files.len());
                }
                profiles.push(self.read(group, request));
            }
            for launch in profiles.iter_mut().flat_map(|profile| &mut profile.launches) {
                launch.client_used = match used.contains(&launch.client) {
                    true => Some(true),
                    false => self.in_homes.then_some(false),
                };
            }
            repositories.look_in_home(&owner);
            profiles.iter_mut().for_each(|profile| reading::mark(&repositories, profile));
            batch::compare(&mut profiles);
            if request.history {
                standing.extend(profiles.iter().flat_map(history::standing));
            }
            let (accounts, findings) = (audit.accounts.len(), audit.findings.len());
            for profile in profiles {
                audit.take(profile, judge, &self.reader, request.tells_all)?;
            }
            let accounts = audit.accounts.get(accounts..).unwrap_or_default();
            let findings = audit.findings.get(findings..).unwrap_or_default();
            let grades = batch::grades(&owner, accounts, findings);
            audit.grades.extend(grades);
        }
        Ok(standing)
    }
}

impl Audit {
    /// Judges a profile and takes over what there is to say about it. The profile, texts and all, is dropped here.
    fn take(
        &mut self,
        mut profile: Profile,
        judge: &Judge<'_>,
        reader: &Reader,
        tells_all: bool,
    ) -> Result<(), AuditError> {
        self.inputs.extend(profile.notices.iter().filter_map(|notice| {
            let already = profile.files.iter().any(|file| file.path == notice.path);
            let status = if notice.trouble.makes_incomplete() { InputStatus::Failed } else { InputStatus::Skipped };
            let input = Input { path: notice.path.clone(), client: profile.client, kind: notice.kind?, status };
            (!already).then_some(input)
        }));
        let is_in_part = |file: &ProfileFile| {
            profile.notices.iter().any(|notice| notice.path == file.path && notice.trouble.makes_incomplete())
        };
        self.inputs.extend(profile.files.iter().map(|file| Input {
            path: file.path.clone(),
            client: profile.client,
            kind: file.kind,
            status: if is_in_part(file) { InputStatus::Failed } else { status_of(file) },
        }));
        self.notices.append(&mut profile.notices);
        self.accounts.extend(profile.accounts.iter().map(|account| AccountSummary {
            client: profile.client,
            path: profile.file(account.place.file).map_or_else(PathBuf::new, |file| file.path.clone()),
            name: account.name.clone(),
            jid: account.address.value.bare(),
            enabled: account.enabled.value,
            encryption: account.encryption.value.word(),
            exposure: account.exposure,
        }));
        self.rooms += profile.rooms.len();
        self.profiles += usize::from(profile.client != Startup.name() && !profile.files.is_empty());
        let profile = Arc::new(profile);
        let judged = contained(|| {
            let mut judged = judge.judge(&profile)?;
            planned::plan(&mut judged.findings, &profile, reader);
            Ok::<_, JudgeError>(judged)
        });
        if tells_all {
            self.known.extend(judge.known(&profile));
            self.texts.extend(
                profile.files.iter().filter_map(|file| Some((file.path.clone(), file.text.as_ref()?.masked()))),
            );
        }
        match judged {
            Ok(judged) => {
                let judged = judged?;
                self.findings.extend(judged.findings);
                self.notices.extend(judged.notices);
            }
            Err(trouble) => self.notices.push(reading::about(&profile, trouble)),
        }
        Ok(())
    }

    /// Puts everything in order, and leaves out what was not asked for.
    fn settle(&mut self, request: &Request) {
        let all = self.findings.len();
        self.findings.retain(|finding| finding.confidence >= request.min_confidence);
        self.below_confidence = all - self.findings.len();
        let all = self.findings.len();
        self.worst = self.findings.iter().map(|finding| finding.severity).max();
        self.findings.retain(|finding| finding.severity >= request.min_severity);
        self.below_severity = all - self.findings.len();
        self.findings.sort_by(|left, right| sort_key(left).cmp(&sort_key(right)));
        self.suppressed.sort_by(|left, right| sort_key(&left.finding).cmp(&sort_key(&right.finding)));
        self.inputs.sort_by(|left, right| left.path.cmp(&right.path));
        self.notices.sort_by(|left, right| left.path.cmp(&right.path));
        self.notices.dedup();
    }
}

/// Worst first; then by file and place.
fn sort_key(finding: &Finding) -> impl Ord + use<'_> {
    let position = finding.position.map(|position| (position.line, position.column));
    (std::cmp::Reverse(finding.severity), &finding.path, position, &finding.place, &finding.rule, &finding.message)
}

fn status_of(file: &ProfileFile) -> InputStatus {
    if file.damage.is_some() || matches!(file.format, Format::Newer | Format::Encrypted) {
        InputStatus::Failed
    } else {
        InputStatus::Audited
    }
}
