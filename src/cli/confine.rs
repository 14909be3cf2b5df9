//! Giving up what a run does not need, once it is known what it needs.

use std::path::{Path, PathBuf};

use super::Failure;
use super::arguments::{Places, Sandbox};
use super::plan::Plan;
use crate::discover::{Links, Target};
use crate::needed;
use crate::sandbox::{self, Enforced, Needs};
use crate::source::Reader;

/// Gives up everything but what an audit of these targets reads, and writing to these files or into these folders.
/// None if that was not wanted.
pub(super) fn confine(
    places: &Places,
    targets: &[Target],
    plan: &Plan,
    write: Vec<PathBuf>,
) -> Result<Option<Enforced>, Failure> {
    if places.sandbox == Sandbox::Off {
        return Ok(None);
    }
    let mut read = needed(targets, &Reader::new(plan.request.bounds), plan.request.history);
    read.extend(plan.located.foreign.iter().cloned());
    if plan.request.reach.links == Links::Always {
        // Nobody knows where they lead.
        read.push(PathBuf::from("/"));
    }
    let enforced = sandbox::enter(&Needs { read, write });
    if places.sandbox == Sandbox::Require && !enforced.is_whole() {
        return Err(Failure::Usage(enforced.sentence(plan.request.language).to_owned()));
    }
    Ok(Some(enforced))
}

/// The folder that a file lies in.
pub(super) fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
