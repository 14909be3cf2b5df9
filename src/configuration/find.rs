//! Which configurations there are for what is to be audited, and whose they are.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::discover::{CONFIGURATIONS, Home, Target};
use crate::source::{GIT, is_callers_own};

/// The configurations that there are for what is to be audited.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Located {
    /// The nearest one that is the caller's own; its folder is the one that it lies in.
    pub own: Option<Place>,
    /// The caller's, for all that he audits; its folder is his home.
    pub users: Option<Place>,
    /// Those that can only make things stricter, since somebody else may have written them.
    pub foreign: Vec<PathBuf>,
    named: Option<PathBuf>,
}

/// Where a configuration lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its path, as people are shown it.
    pub path: PathBuf,
    /// The folder whose files it speaks of: an absolute path without links.
    pub folder: PathBuf,
}

impl Located {
    /// Looks for configurations: from each target upwards to the top of the git work tree around it; without one, in
    /// its own folder only. The nearest one that is the caller's own counts; `named` is left alone, since it counts
    /// already.
    ///
    /// # Errors
    /// Says between which two of the caller's own it is to be decided.
    pub fn of(targets: &[Target], named: Option<&Path>) -> Result<Self, String> {
        let mut located = Self { named: named.map(real_entry), ..Self::default() };
        located.look_for_users();
        for target in targets {
            let found = match target {
                Target::Path(_) | Target::List(_) => located.look_upwards(target.name(), true)?,
                Target::Home(home) => {
                    let is_own = Home::of_caller().is_some_and(|own| real(&own.root) == real(&home.root));
                    if !is_own {
                        located.foreign.extend(existing(home.configuration()));
                    }
                    located.look_upwards(&home.root, is_own)?
                }
            };
            match (&located.own, found) {
                (Some(before), Some(found)) if before.path != found.path => {
                    return Err(format!(
                        "{} and {} are both the nearest configuration of something that is to be audited: name one with --config, or audit one by one",
                        before.path.display(),
                        found.path.display()
                    ));
                }
                (None, found) => located.own = found,
                _ => {}
            }
        }
        located.settle();
        Ok(located)
    }

    /// Adds the configurations that a walk came across; below what is audited nobody's word counts in full.
    pub fn add_walked(&mut self, walked: &[PathBuf]) {
        self.foreign.extend(walked.iter().map(|path| shown(&real_entry(path))));
        self.settle();
    }

    fn settle(&mut self) {
        let places = [&self.own, &self.users].into_iter().flatten().map(|place| real_entry(&place.path));
        let known: Vec<PathBuf> = places.chain(self.named.clone()).collect();
        self.foreign.retain(|path| !known.contains(&real_entry(path)));
        self.foreign.sort();
        self.foreign.dedup();
    }

    fn look_for_users(&mut self) {
        let Some(home) = Home::of_caller() else { return };
        let Some(path) = existing(home.configuration()) else { return };
        if is_callers_own(&path) {
            self.users = Some(Place { path, folder: real(&home.root) });
        } else {
            self.foreign.push(path);
        }
    }

    /// The nearest configuration of the caller's own, at or above a path.
    fn look_upwards(&mut self, path: &Path, may_be_own: bool) -> Result<Option<Place>, String> {
        for folder in folders_upwards(path) {
            let here = CONFIGURATIONS.iter().filter_map(|name| existing(folder.join(name)));
            let here = here.filter(|path| self.named.as_ref() != Some(path));
            let (own, foreign): (Vec<_>, Vec<_>) = here.partition(|path| may_be_own && is_callers_own(path));
            self.foreign.extend(foreign.iter().map(|path| shown(path)));
            match own.as_slice() {
                [] => {}
                [path] => return Ok(Some(Place { path: shown(path), folder })),
                [one, other, ..] => {
                    return Err(format!(
                        "there are both {} and {}: remove one of them",
                        shown(one).display(),
                        shown(other).display()
                    ));
                }
            }
        }
        Ok(None)
    }
}

/// The folder of a path, and the ones above it up to the top of the git work tree; without one, that folder only. What
/// lies above is nobody's in particular, such as a folder for temporary files.
fn folders_upwards(path: &Path) -> Vec<PathBuf> {
    let folder = if path.is_dir() { path } else { path.parent().unwrap_or(path) };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let Ok(folder) = fs::canonicalize(folder) else { return Vec::new() };
    let is_top = |folder: &Path| folder.join(GIT).symlink_metadata().is_ok();
    let height = folder.ancestors().position(is_top).unwrap_or(0);
    folder.ancestors().take(height + 1).map(Path::to_owned).collect()
}

fn existing(path: PathBuf) -> Option<PathBuf> {
    path.symlink_metadata().is_ok().then_some(path)
}

fn real(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// The path of an entry of a folder, which may be a link itself.
fn real_entry(path: &Path) -> PathBuf {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    real(folder).join(path.file_name().unwrap_or_default())
}

/// A path from the current folder, if it lies below that.
fn shown(path: &Path) -> PathBuf {
    let below = |folder: PathBuf| path.strip_prefix(real(&folder)).ok().map(Path::to_owned);
    env::current_dir().ok().and_then(below).unwrap_or_else(|| path.to_owned())
}
