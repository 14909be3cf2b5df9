//! The history of the repositories around what is audited.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{AuditError, Lot, Request, bases, batch};
use crate::contained::contained;
use crate::discover::Target;
use crate::finding::{Audit, Finding, LookedBack};
use crate::history::{Brought, Key, Lookback, planted};
use crate::model::{Commit, Language, Notice, Profile, Tracked, Trouble};
use crate::repository::Folder;
use crate::rules::Judge;
use crate::source::Reader;

/// A repository whose history is asked for.
pub(super) struct Past {
    folder: Folder,
    /// What its top is called.
    top: PathBuf,
}

/// The repositories around the targets, and around the files that were found there; and the targets around which
/// there is none.
pub(super) fn around(targets: &[Target], lots: &[Lot], request: &Request) -> (Vec<Past>, Vec<Notice>) {
    let reader = Reader::new(request.bounds);
    let mut found: Vec<(Folder, &Path)> = Vec::new();
    let mut notices = Vec::new();
    for target in targets {
        match target {
            Target::Home(home) => {
                let folders = Folder::in_home(&home.root, &reader).into_iter();
                found.extend(folders.map(|folder| (folder, home.root.as_path())));
            }
            // Around the files that were found there.
            Target::List(_) => {}
            Target::Path(path) => match Folder::around(path, &reader) {
                Some(folder) => found.push((folder, path)),
                None if !path.exists() => {}
                None => {
                    let trouble = Trouble::NoRepository;
                    notices.push(Notice { path: path.clone(), kind: None, trouble });
                }
            },
        }
    }
    let groups: Vec<_> = lots.iter().flat_map(|lot| &lot.groups).collect();
    for (owner, _) in batch::by_owner(groups.iter().copied()) {
        let of_home = Folder::of_home(&owner, &reader).into_iter();
        found.extend(of_home.map(|folder| (folder, Path::new(""))));
    }
    let work_trees: BTreeSet<_> = groups
        .iter()
        .flat_map(|group| &group.files)
        .filter_map(|file| reader.in_work_tree(&file.path))
        .map(|(work_tree, _)| work_tree)
        .collect();
    let linked = work_trees.iter().filter_map(|work_tree| Folder::of_work_tree(work_tree, &reader));
    found.extend(linked.map(|folder| (folder, Path::new(""))));
    let mut pasts: Vec<Past> = Vec::new();
    for (folder, searched) in found {
        if !pasts.iter().any(|past| past.folder.common() == folder.common()) {
            let top = called(folder.name(), searched);
            pasts.push(Past { folder, top });
        }
    }
    // A home's file may lie in no folder with a `.git` and be tracked all the same.
    notices.retain(|notice| !pasts.iter().any(|past| lies_in(&notice.path, past)));
    (pasts, notices)
}

/// What the folder `real` is called, where `searched` was given.
fn called(real: &Path, searched: &Path) -> PathBuf {
    let given = fs::canonicalize(searched).ok();
    let inner = given.and_then(|given| real.strip_prefix(given).ok().map(Path::to_owned));
    match inner {
        Some(inner) if inner.as_os_str().is_empty() => searched.to_owned(),
        Some(inner) => searched.join(inner),
        None => real.to_owned(),
    }
}

fn lies_in(path: &Path, past: &Past) -> bool {
    let real = fs::canonicalize(path).ok();
    real.zip(past.folder.work_tree()).is_some_and(|(real, work_tree)| real.starts_with(work_tree))
}

/// A secret in a file that lies there now, and that git tracks.
pub(super) struct Standing {
    key: Key,
    /// The file, links followed.
    real: PathBuf,
    path: PathBuf,
    place: String,
}

/// The secrets of a profile that stand in files that git tracks.
pub(super) fn standing(profile: &Profile) -> Vec<Standing> {
    let of_planted = |planted: crate::history::Planted| {
        let file = profile.file(planted.place.file).filter(|file| file.tracked == Tracked::Tracked)?;
        let real = fs::canonicalize(&file.path).ok()?;
        Some(Standing { key: planted.key, real, path: file.path.clone(), place: planted.place.words })
    };
    planted(profile).into_iter().filter_map(of_planted).collect()
}

impl Past {
    /// Looks through the history, and says what commits have published.
    ///
    /// What still stands in a file that was audited as well is said there: it is told which commit brought it.
    pub(super) fn audit(
        &self,
        judge: &Judge<'_>,
        request: &Request,
        now: &[Standing],
        audit: &mut Audit,
    ) -> Result<(), AuditError> {
        audit.bases.push(bases::base(self.folder.name(), request.base.as_deref()));
        let looked_back = contained(|| self.look_back(judge, request, now, audit));
        looked_back.unwrap_or_else(|trouble| {
            audit.notices.push(Notice { path: self.top.clone(), kind: None, trouble });
            Ok(())
        })
    }

    fn look_back(
        &self,
        judge: &Judge<'_>,
        request: &Request,
        now: &[Standing],
        audit: &mut Audit,
    ) -> Result<(), AuditError> {
        let wanted = |client| request.wants_client(client);
        let lookback = match Lookback::new(&self.folder, &self.top, request.bounds, &wanted) {
            Ok(lookback) => lookback,
            Err(trouble) => {
                audit.notices.push(Notice { path: self.top.clone(), kind: None, trouble });
                return Ok(());
            }
        };
        lookback.secrets(|brought| self.judge(brought, judge, request.language, now, audit))?;
        let troubles = lookback.troubles().into_iter();
        audit.notices.extend(troubles.map(|trouble| Notice { path: self.top.clone(), kind: None, trouble }));
        audit.looked_back.push(LookedBack {
            path: self.top.clone(),
            commits: lookback.commits(),
            versions: lookback.versions(),
        });
        Ok(())
    }

    fn judge(
        &self,
        brought: Brought,
        judge: &Judge<'_>,
        language: Language,
        now: &[Standing],
        audit: &mut Audit,
    ) -> Result<(), AuditError> {
        let profile = Arc::new(brought.profile);
        for (number, (key, paths)) in brought.standing_at.iter().enumerate() {
            let Some(published) = profile.published.get(number) else { continue };
            for finding in judge.judge_published(&profile, number)? {
                match self.said(&finding, key, paths, now, &mut audit.findings) {
                    Some(said) => tell(said, &published.commit, language),
                    None => {
                        batch::worsen(&mut audit.grades, &finding);
                        audit.findings.push(finding);
                    }
                }
            }
        }
        Ok(())
    }

    /// The finding that says the same, at least as bad, of a file that lies there now.
    fn said<'f>(
        &self,
        finding: &Finding,
        key: &Key,
        paths: &[PathBuf],
        now: &[Standing],
        findings: &'f mut [Finding],
    ) -> Option<&'f mut Finding> {
        let work_tree = self.folder.work_tree()?;
        let is_there = |real: &Path| paths.iter().any(|path| work_tree.join(path) == real);
        let standing = now.iter().find(|standing| standing.key == *key && is_there(&standing.real))?;
        findings
            .iter_mut()
            .filter(|said| said.path == standing.path && said.place == standing.place)
            .filter(|said| said.commit.is_none() && said.severity >= finding.severity)
            .max_by_key(|said| said.severity)
    }
}

/// Says in a finding which commit brought what it is about.
fn tell(finding: &mut Finding, commit: &Commit, language: Language) {
    let (id, date) = (commit.short(), &commit.date);
    let since = match (date.is_empty(), language) {
        (true, Language::English) => format!(" (since commit {id})"),
        (false, Language::English) => format!(" (since commit {id} of {date})"),
        (true, Language::French) => format!(" (depuis le commit {id})"),
        (false, Language::French) => format!(" (depuis le commit {id} du {date})"),
    };
    finding.message.push_str(&since);
    finding.commit = Some(commit.id.clone());
}
