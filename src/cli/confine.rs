//! Giving up what a run does not need, once it is known what it needs.

use std::path::{Path, PathBuf};

use super::Failure;
use super::arguments::{Places, Sandbox};
use super::plan::Plan;
use crate::discover::Target;
use crate::model::Language;
use crate::sandbox::{self, Enforced, Needs};
use crate::source::Reader;
use crate::{Search, needed};

/// What a run has given up, and what it will.
pub(super) struct Confined {
    sandbox: Sandbox,
    language: Language,
    system_calls: bool,
    files: Files,
}

/// What has become of the file system.
enum Files {
    /// It was closed, if the system can.
    Closed(bool),
    /// It will be, but for this.
    Open(Needs),
}

/// Gives up everything but what an audit of these targets reads, and writing to these files or into these folders. None
/// if that was not wanted.
///
/// A walk opens folders, and the beginnings of files, but reads nothing as a client would; and where links lead that it
/// follows, nobody knows beforehand. So the file system is closed behind it, by [`Confined::settle`].
pub(super) fn confine(places: &Places, targets: &[Target], plan: &Plan, write: Vec<PathBuf>) -> Option<Confined> {
    if places.sandbox == Sandbox::Off {
        return None;
    }
    let mut read = needed(targets, &Reader::new(plan.request.bounds), plan.request.history);
    read.extend(plan.located.foreign.iter().cloned());
    let needs = Needs { read, write };
    let system_calls = sandbox::refuse_system_calls(!needs.write.is_empty());
    let walks = targets.iter().any(|target| matches!(target, Target::Path(path) if path.is_dir()));
    let files = if walks { Files::Open(needs) } else { Files::Closed(sandbox::close_files(&needs)) };
    Some(Confined { sandbox: places.sandbox, language: plan.request.language, system_calls, files })
}

impl Confined {
    /// Closes all but what was found, before any of it is read. Says what is in force.
    pub(super) fn settle(self, search: &Search) -> Result<Enforced, Failure> {
        let files = match self.files {
            Files::Closed(files) => files,
            Files::Open(mut needs) => {
                needs.read.extend(search.linked());
                sandbox::close_files(&needs)
            }
        };
        let enforced = Enforced { files, system_calls: self.system_calls };
        if self.sandbox == Sandbox::Require && !enforced.is_whole() {
            return Err(Failure::Usage(enforced.sentence(self.language).to_owned()));
        }
        Ok(enforced)
    }
}

/// The folder that a file lies in.
pub(super) fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
