//! The versions of one and the same secret.

use std::collections::{BTreeMap, HashMap, HashSet};

use gix_hash::ObjectId;

use super::Key;
use crate::model::Standing;
use crate::repository::{FileVersion, History};

/// A secret, wherever it stands.
#[derive(Debug)]
pub struct Group {
    /// Its number among the secrets of the version that was the first to hold it.
    pub slot: usize,
    holders: HashSet<FileVersion>,
}

/// All secrets of a repository.
#[derive(Default)]
pub(super) struct Groups {
    groups: Vec<Group>,
    by_key: HashMap<Known, usize>,
    by_first: BTreeMap<usize, Vec<usize>>,
}

/// By what a secret is known again.
#[derive(PartialEq, Eq, Hash)]
enum Known {
    /// Itself.
    Secret(Key),
    /// The path of a file that is secret as a whole.
    Path(Key, Vec<u8>),
    /// The content of such a file, at another path after it was moved.
    Content(Key, ObjectId),
}

impl Groups {
    /// Takes over that a version holds a secret; versions come in their order.
    pub(super) fn add(&mut self, key: &Key, file: &FileVersion, version: usize, slot: usize) {
        let known = if key.is_file() {
            vec![Known::Path(key.clone(), file.path.clone()), Known::Content(key.clone(), file.content)]
        } else {
            vec![Known::Secret(key.clone())]
        };
        let group = known.iter().find_map(|known| self.by_key.get(known)).copied().unwrap_or_else(|| {
            self.groups.push(Group { slot, holders: HashSet::new() });
            let group = self.groups.len() - 1;
            self.by_first.entry(version).or_default().push(group);
            group
        });
        self.by_key.extend(known.into_iter().map(|known| (known, group)));
        if let Some(group) = self.groups.get_mut(group) {
            group.holders.insert(file.clone());
        }
    }

    /// The secrets that a version was the first to hold; none if it was the first for none.
    pub(super) fn brought_by(&self, version: usize) -> Option<Vec<&Group>> {
        let groups = self.by_first.get(&version)?;
        Some(groups.iter().filter_map(|group| self.groups.get(*group)).collect())
    }
}

impl Group {
    /// The files of `HEAD` that hold it.
    pub(super) fn held_by_newest<'a>(&'a self, history: &'a History) -> impl Iterator<Item = &'a FileVersion> {
        let mut held: Vec<&FileVersion> =
            self.holders.iter().filter(|file| history.newest(&file.path) == Some(file)).collect();
        held.sort_by(|left, right| left.path.cmp(&right.path));
        held.into_iter()
    }

    /// What became of it.
    pub(super) fn standing(&self, history: &History) -> Standing {
        if self.held_by_newest(history).next().is_some() {
            Standing::StillThere
        } else if self.holders.iter().any(|file| history.newest(&file.path).is_some()) {
            Standing::TakenOut
        } else {
            Standing::FileGone
        }
    }
}
