//! Everything below a folder.
//!
//! On Linux each folder is opened by way of the one that it lies in, so that no path is too long and nobody can put a
//! link in the way; several threads share the work. Nothing is asked about an entry but what the listing says, and
//! nothing is kept of one whose name is not wanted.

#[cfg(target_os = "linux")]
mod above;
#[cfg(target_os = "linux")]
mod batch;
#[cfg(target_os = "linux")]
mod folder;
#[cfg(any(not(target_os = "linux"), test))]
mod portable;
#[cfg(target_os = "linux")]
mod team;
#[cfg(test)]
mod tests;
#[cfg(target_os = "linux")]
mod worker;

use std::collections::HashSet;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use super::identity::Identity;
use super::pruned;
use crate::model::Trouble;

/// How a walk goes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Manner<'a> {
    /// How many threads may work.
    pub threads: NonZeroUsize,
    /// How far down it goes: 1 is what lies in the folder itself.
    pub max_depth: usize,
    /// Whether it stays out of other file systems.
    pub one_file_system: bool,
    /// Whether it goes into the folders that cannot hold a client’s files, too.
    pub all: bool,
    /// Folders that it stays out of because they have been walked through; none if that is not to be remembered.
    pub been_in: Option<&'a HashSet<Identity>>,
}

/// What an entry of a folder is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    File,
    Folder,
    Link,
    /// A pipe, a socket, a device.
    Other,
}

/// An entry whose name is wanted.
pub(super) struct Entry<'a> {
    pub path: PathBuf,
    pub kind: Kind,
    /// Its first bytes, where they can be had at once.
    pub peek: &'a dyn Fn(usize) -> Option<Vec<u8>>,
}

/// Is told what a walk comes across, by several threads at once and in no order.
pub(super) trait Visit: Sync {
    /// Whether an entry is worth a word. Asked for every one, so it must be quick.
    fn wants(&self, name: &[u8], kind: Kind) -> bool;

    /// An entry that is wanted.
    fn meet(&self, entry: &Entry<'_>);

    /// A folder that could not be looked into.
    fn closed(&self, folder: PathBuf, trouble: Trouble);
}

/// What a walk has to say at its end.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Walked {
    /// How many folders it stayed out of because they cannot hold a client’s files.
    pub pruned: usize,
    /// The folders that it went into, where that is to be remembered.
    pub folders: Vec<Identity>,
}

impl Walked {
    fn add(&mut self, other: Self) {
        self.pruned += other.pruned;
        self.folders.extend(other.folders);
    }
}

/// Walks through everything below `root`, a folder or a link to one. Links below it are not followed.
#[cfg(target_os = "linux")]
pub(super) fn walk<V: Visit>(root: &Path, manner: Manner<'_>, visit: &V) -> Walked {
    team::walk(root, manner, visit)
}

/// Walks through everything below `root`, a folder or a link to one. Links below it are not followed.
#[cfg(not(target_os = "linux"))]
pub(super) fn walk<V: Visit>(root: &Path, manner: Manner<'_>, visit: &V) -> Walked {
    portable::walk(root, manner, visit)
}

/// Whether a walk stays out of a folder, given its name and that of the folder it lies in.
fn is_pruned(manner: Manner<'_>, above: &[u8], name: &[u8]) -> bool {
    !manner.all && pruned::holds_nothing(above, name)
}
