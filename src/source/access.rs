//! Who can get at a file, its parent folders considered.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::model::Access;

/// What a repository keeps its own data in: a folder, or a file that says where the folder is.
pub(crate) const GIT: &str = ".git";

/// Whether a file is the caller's own: it, a link that stands for it and the folder around it belong to the caller, and
/// not everybody can write to it. Where files have no owners, everything is his.
#[cfg(unix)]
pub(crate) fn is_callers_own(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let caller = rustix::process::geteuid().as_raw();
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let around = [path.symlink_metadata(), fs::metadata(folder)];
    let is_his = |metadata: &fs::Metadata| metadata.uid() == caller;
    fs::metadata(path).is_ok_and(|file| is_his(&file) && file.mode() & OTHERS_WRITE == 0)
        && around.iter().all(|metadata| metadata.as_ref().is_ok_and(is_his))
}

#[cfg(not(unix))]
pub(crate) fn is_callers_own(_: &Path) -> bool {
    true
}

const GROUP_READ: u32 = 0o040;
const GROUP_WRITE: u32 = 0o020;
const GROUP_ENTER: u32 = 0o010;
const OTHERS_READ: u32 = 0o004;
const OTHERS_WRITE: u32 = 0o002;
const OTHERS_ENTER: u32 = 0o001;

/// Owner, group and permission bits of a file or folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Permissions {
    pub mode: u32,
    pub user: u32,
    pub group: u32,
}

impl Permissions {
    #[cfg(unix)]
    pub(super) fn of(metadata: &fs::Metadata) -> Option<Self> {
        use std::os::unix::fs::MetadataExt;
        Some(Self { mode: metadata.mode() & 0o7777, user: metadata.uid(), group: metadata.gid() })
    }

    #[cfg(not(unix))]
    pub(super) fn of(_: &fs::Metadata) -> Option<Self> {
        None
    }

    /// Whether the group is the owner's alone, as most distributions give one to each user. Then what the
    /// group may do, nobody else may.
    const fn has_private_group(self) -> bool {
        self.user == self.group
    }
}

/// What of a folder's parents matters for its files.
#[derive(Clone, Debug)]
struct Surroundings {
    others_enter: bool,
    group_enters: bool,
    /// The work tree of a git repository, where the folder lies in one.
    work_tree: Option<Arc<Path>>,
}

/// The longest path of a folder about which something is remembered, in bytes.
const LONGEST: usize = 1024;

/// About so many folders something is remembered at most: the files of a profile lie in few.
const REMEMBERED: usize = 512;

/// Remembers what was found out about folders: the files of a profile share theirs.
#[derive(Debug, Default)]
pub(super) struct Folders {
    surroundings: Mutex<HashMap<PathBuf, Surroundings>>,
}

/// Who can read and who can write a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FileAccess {
    pub readable_by: Access,
    pub writable_by: Access,
}

impl Folders {
    /// Who can get at a file in the folder `parent`, an absolute path without links.
    pub(super) fn access(&self, parent: &Path, file: Permissions) -> FileAccess {
        let around = self.surroundings(parent);
        let who = |group: u32, others: u32| {
            if around.others_enter && file.mode & others != 0 {
                Access::Everyone
            } else if around.group_enters && file.mode & group != 0 && !file.has_private_group() {
                Access::Group
            } else {
                Access::Owner
            }
        };
        FileAccess { readable_by: who(GROUP_READ, OTHERS_READ), writable_by: who(GROUP_WRITE, OTHERS_WRITE) }
    }

    /// The work tree of the git repository that the folder lies in, if it lies in one. git keeps no permissions.
    pub(super) fn work_tree_of(&self, folder: &Path) -> Option<Arc<Path>> {
        self.surroundings(folder).work_tree
    }

    fn surroundings(&self, folder: &Path) -> Surroundings {
        if let Some(known) = self.known(folder) {
            return known;
        }
        let above = folder
            .parent()
            .map_or(Surroundings { others_enter: true, group_enters: true, work_tree: None }, |parent| {
                self.surroundings(parent)
            });
        let own = fs::metadata(folder).ok().as_ref().and_then(Permissions::of);
        let enter = |who: u32| own.is_none_or(|own| own.mode & who != 0);
        let here = Surroundings {
            others_enter: above.others_enter && enter(OTHERS_ENTER),
            group_enters: above.group_enters && enter(GROUP_ENTER | OTHERS_ENTER),
            work_tree: if folder.join(GIT).exists() { Some(folder.into()) } else { above.work_tree },
        };
        // Long paths are few, unless somebody made many to fill the memory.
        if folder.as_os_str().len() <= LONGEST {
            let mut surroundings = self.surroundings.lock().unwrap_or_else(PoisonError::into_inner);
            if surroundings.len() >= REMEMBERED {
                surroundings.clear();
            }
            surroundings.insert(folder.to_owned(), here.clone());
        }
        here
    }

    fn known(&self, folder: &Path) -> Option<Surroundings> {
        self.surroundings.lock().unwrap_or_else(PoisonError::into_inner).get(folder).cloned()
    }
}
