//! Giving up what a run does not need, once it is known what it needs.

use std::path::{Path, PathBuf};

use super::Failure;
use super::arguments::{Places, Sandbox};
use super::plan::Plan;
use crate::discover::{Links, Target};
use crate::sandbox::{self, Enforced, Needs};
use crate::source::Reader;
use crate::{Search, needed};

/// What was given up, and what still may be.
pub(super) struct Confined {
    /// What is in force; none if that was not wanted.
    pub enforced: Option<Enforced>,
    /// What is needed once it is known where links lead; none where nothing more is to be given up.
    later: Option<Needs>,
}

/// Gives up everything but what an audit of these targets reads, and writing to these files or into these folders.
///
/// Where a walk follows links, nobody knows beforehand where they lead: reading is given up by [`Confined::narrow`] then.
pub(super) fn confine(
    places: &Places,
    targets: &[Target],
    plan: &Plan,
    write: Vec<PathBuf>,
) -> Result<Confined, Failure> {
    if places.sandbox == Sandbox::Off {
        return Ok(Confined { enforced: None, later: None });
    }
    let mut read = needed(targets, &Reader::new(plan.request.bounds), plan.request.history);
    read.extend(plan.located.foreign.iter().cloned());
    let needs = Needs { read, write };
    let walks = targets.iter().any(|target| matches!(target, Target::Path(path) if path.is_dir()));
    let later = (walks && plan.request.reach.links != Links::Never).then(|| needs.clone());
    let now = if later.is_some() { Needs { read: vec![PathBuf::from("/")], ..needs } } else { needs };
    let enforced = sandbox::enter(&now);
    if places.sandbox == Sandbox::Require && !enforced.is_whole() {
        return Err(Failure::Usage(enforced.sentence(plan.request.language).to_owned()));
    }
    Ok(Confined { enforced: Some(enforced), later })
}

impl Confined {
    /// Gives up reading all but what was found, before any of it is read.
    pub(super) fn narrow(self, search: &Search) {
        let Some(mut needs) = self.later else { return };
        needs.read.extend(search.linked());
        sandbox::narrow(&needs);
    }
}

/// The folder that a file lies in.
pub(super) fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
