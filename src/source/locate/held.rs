//! Paths on Linux: every folder on the way is held by a descriptor that can do nothing but lead on.

use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::fs::{File, Metadata};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::MetadataExt;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rustix::fs::{AtFlags, Dir, Mode, OFlags};
use rustix::io::Errno;

use super::super::access::Permissions;
use super::super::reader::{Open, trouble};
use super::MOST_ENTRIES;
use super::pseudo::is_pseudo;
use crate::model::{Trouble, limits};

/// As many links on one way as the kernel follows itself.
const MOST_LINKS: usize = 40;

/// How many folders are remembered: the files of a profile lie in few.
const REMEMBERED: usize = 32;

/// Only to lead on or to be looked at: neither read nor, for a device or pipe, touched.
const HOLD: OFlags = OFlags::PATH.union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

const READ: OFlags =
    OFlags::RDONLY.union(OFlags::NOFOLLOW).union(OFlags::NONBLOCK).union(OFlags::CLOEXEC).union(OFlags::NOCTTY);

/// A folder that a way has led to.
#[derive(Clone, Debug)]
struct Folder {
    handle: Arc<OwnedFd>,
    /// Its path without links.
    real: PathBuf,
    /// For each part of that path, whether everybody may enter the folder.
    entered_by_all: Vec<bool>,
    /// Who owns the links on the way.
    link_owners: Vec<u32>,
}

/// Finds what paths lead to, and remembers the folders that it found last.
#[derive(Debug, Default)]
pub(in crate::source) struct Places {
    folders: Mutex<HashMap<PathBuf, Folder>>,
}

/// What a path leads to. It is held, not yet open.
#[derive(Debug)]
pub(in crate::source) struct Located {
    folder: Folder,
    name: OsString,
    handle: File,
    /// What is known about it.
    pub metadata: Metadata,
}

impl Places {
    /// What the path leads to.
    ///
    /// # Errors
    /// Says why it cannot be found, or may not be followed.
    pub(in crate::source) fn locate(&self, path: &Path) -> Result<Located, Trouble> {
        let whole = std::path::absolute(path).map_err(|error| trouble(&error, path))?;
        if whole.components().count() > limits::DEPTH {
            return Err(Trouble::TooDeep);
        }
        let (folder, name) = match (whole.parent(), whole.components().next_back()) {
            (Some(parent), Some(Component::Normal(name))) => (self.folder(parent, path)?, vec![name.to_owned()]),
            _ => (self.folder(&whole, path)?, Vec::new()),
        };
        folder.follow(name, path)
    }

    /// The folder at a path. It is looked for from the nearest one above it on that is remembered, and the folders on
    /// the way are remembered, too: those of a profile have most of their way in common.
    fn folder(&self, whole: &Path, asked: &Path) -> Result<Folder, Trouble> {
        let mut parts = Vec::new();
        let mut above = whole;
        let nearest = loop {
            if let Some(known) = self.remembered(above) {
                break known;
            }
            let (Some(parent), Some(Component::Normal(name))) = (above.parent(), above.components().next_back())
            else {
                parts.extend(reversed(above));
                break Folder::root(asked)?;
            };
            parts.push(name.to_owned());
            above = parent;
        };
        if parts.is_empty() {
            return Ok(nearest);
        }
        // What a link leads to is judged by where the way ends.
        let mut pass = |folder: &Folder| {
            if folder.link_owners.is_empty() {
                self.remember(&folder.real, folder);
            }
        };
        let found = nearest.follow_past(parts, asked, &mut pass)?.into_folder()?;
        self.remember(whole, &found);
        Ok(found)
    }

    fn remembered(&self, path: &Path) -> Option<Folder> {
        self.folders.lock().unwrap_or_else(PoisonError::into_inner).get(path).cloned()
    }

    fn remember(&self, path: &Path, folder: &Folder) {
        let mut folders = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        if folders.len() >= REMEMBERED {
            folders.clear();
        }
        folders.insert(path.to_owned(), folder.clone());
    }
}

/// The parts of a path, the last one first.
fn reversed(path: &Path) -> Vec<OsString> {
    let mut parts: Vec<OsString> = path
        .components()
        .filter_map(|part| match part {
            Component::Normal(name) => Some(name.to_owned()),
            Component::ParentDir => Some(OsString::from("..")),
            Component::RootDir | Component::CurDir | Component::Prefix(_) => None,
        })
        .collect();
    parts.reverse();
    parts
}

impl Folder {
    fn root(asked: &Path) -> Result<Self, Trouble> {
        let handle = rustix::fs::open("/", HOLD, Mode::empty()).map_err(|error| trouble(&error.into(), asked))?;
        Ok(Self {
            handle: Arc::new(handle),
            real: PathBuf::from("/"),
            entered_by_all: Vec::new(),
            link_owners: Vec::new(),
        })
    }

    /// Follows these parts, the last one first, and all links among them.
    fn follow(self, parts: Vec<OsString>, asked: &Path) -> Result<Located, Trouble> {
        self.follow_past(parts, asked, &mut |_| {})
    }

    /// The same; is told which folders it has come through.
    fn follow_past(
        mut self,
        mut parts: Vec<OsString>,
        asked: &Path,
        pass: &mut dyn FnMut(&Self),
    ) -> Result<Located, Trouble> {
        let wrong = |error: Errno| trouble(&error.into(), asked);
        while let Some(name) = parts.pop() {
            let handle = match rustix::fs::openat(&*self.handle, &name, HOLD, Mode::empty()) {
                // Where there was no link on the way, none leads to nothing.
                Err(Errno::NOENT) if self.link_owners.is_empty() => return Err(Trouble::Missing),
                handle => handle.map_err(wrong)?,
            };
            let handle = File::from(handle);
            let metadata = handle.metadata().map_err(|error| trouble(&error, asked))?;
            if metadata.is_symlink() {
                if self.link_owners.len() == MOST_LINKS {
                    return Err(Trouble::LinkLoop);
                }
                self.link_owners.push(metadata.uid());
                let goal = rustix::fs::readlinkat(&handle, "", Vec::new()).map_err(wrong)?;
                let goal = PathBuf::from(OsString::from_vec(goal.into_bytes()));
                if goal.is_absolute() {
                    self = Self { link_owners: self.link_owners, ..Self::root(asked)? };
                }
                parts.extend(reversed(&goal));
                continue;
            }
            if parts.is_empty() && name != ".." {
                return Located { folder: self, name, handle, metadata }.allowed();
            }
            if !metadata.is_dir() {
                return Err(Trouble::Missing);
            }
            self.enter(&name, handle, &metadata)?;
            pass(&self);
        }
        let handle = File::from(self.handle.try_clone().map_err(|error| trouble(&error, asked))?);
        let metadata = handle.metadata().map_err(|error| trouble(&error, asked))?;
        Located { folder: self, name: OsString::from("."), handle, metadata }.allowed()
    }

    fn enter(&mut self, name: &OsStr, handle: File, metadata: &Metadata) -> Result<(), Trouble> {
        self.handle = Arc::new(handle.into());
        if name == ".." {
            self.real.pop();
            self.entered_by_all.pop();
            return Ok(());
        }
        self.real.push(name);
        self.entered_by_all.push(metadata.mode() & OTHERS_ENTER != 0);
        if self.entered_by_all.len() >= limits::DEPTH { Err(Trouble::TooDeep) } else { Ok(()) }
    }
}

const OTHERS_ENTER: u32 = 0o001;
const OTHERS_READ: u32 = 0o004;

impl Located {
    /// Sees that no link has led from one user's files to those of another.
    ///
    /// An audit may read more than the users whose files it reads, and its report tells what stands in them. So a link
    /// counts only if it is the caller's or the system's own, or leads to a file of the link's owner, or to what
    /// everybody may read anyway.
    fn allowed(self) -> Result<Self, Trouble> {
        let mut owners = self.folder.link_owners.iter();
        if owners.all(|owner| self.is_open_to_owner_of_link(*owner)) || self.is_readable_by_all() {
            Ok(self)
        } else {
            Err(Trouble::ForeignLink)
        }
    }

    /// Whether a file at `source` may name this: only what its owner may read, as for links.
    pub(in crate::source) fn may_be_named_by(&self, source: &Self) -> bool {
        self.is_open_to_owner_of_link(source.metadata.uid()) || self.is_readable_by_all()
    }

    fn is_open_to_owner_of_link(&self, owner: u32) -> bool {
        owner == rustix::process::geteuid().as_raw() || owner == 0 || owner == self.metadata.uid()
    }

    fn is_readable_by_all(&self) -> bool {
        self.metadata.mode() & OTHERS_READ != 0 && self.folder.entered_by_all.iter().all(|enter| *enter)
    }

    fn into_folder(self) -> Result<Folder, Trouble> {
        if !self.metadata.is_dir() {
            return Err(Trouble::Missing);
        }
        let mut folder = self.folder;
        if self.name == "." {
            return Ok(folder);
        }
        folder.enter(&self.name, self.handle, &self.metadata)?;
        Ok(folder)
    }

    /// The folder that it lies in, without links.
    pub(in crate::source) fn folder(&self) -> &Path {
        &self.folder.real
    }

    /// Its path without links.
    pub(in crate::source) fn real(&self) -> PathBuf {
        if self.name == "." { self.folder.real.clone() } else { self.folder.real.join(&self.name) }
    }

    /// Its permissions.
    pub(in crate::source) fn permissions(&self) -> Option<Permissions> {
        Permissions::of(&self.metadata)
    }

    /// Opens a regular file for reading, without ever waiting.
    ///
    /// # Errors
    /// Says why it cannot be read.
    pub(in crate::source) fn open(&self) -> Result<Open, Trouble> {
        if !self.metadata.is_file() || is_pseudo(&self.handle) {
            return Err(Trouble::NotRegular);
        }
        let file = File::from(self.open_with(READ)?);
        let metadata = file.metadata().map_err(|error| trouble(&error, &self.real()))?;
        let is_it = metadata.dev() == self.metadata.dev() && metadata.ino() == self.metadata.ino();
        if is_it { Ok(Open { file, metadata }) } else { Err(Trouble::KeepsChanging) }
    }

    /// Opens it without a trace in its times, where that is allowed: for its owner and for root.
    fn open_with(&self, flags: OFlags) -> Result<OwnedFd, Trouble> {
        let open = |flags| rustix::fs::openat(&*self.folder.handle, &self.name, flags, Mode::empty());
        let opened = match open(flags | OFlags::NOATIME) {
            Err(Errno::PERM) => open(flags),
            opened => opened,
        };
        opened.map_err(|error| self.trouble(error))
    }

    fn trouble(&self, error: Errno) -> Trouble {
        // Permissions allow it: then it is no question of who asks.
        let allows = || {
            let asked = rustix::fs::Access::READ_OK;
            rustix::fs::accessat(&*self.folder.handle, &self.name, asked, AtFlags::EACCESS).is_ok()
        };
        match error {
            Errno::ACCESS if allows() => Trouble::OutOfBounds,
            error => trouble(&io::Error::from(error), &self.real()),
        }
    }

    /// What lies beside it under its name with something at the end; a link only where it leads to something in the
    /// same folder: whoever wrote it must not make the audit read other people's files.
    ///
    /// # Errors
    /// Says why it cannot be found, or may not be followed.
    pub(in crate::source) fn beside(&self, suffix: &str) -> Result<Self, Trouble> {
        let mut name = self.name.clone();
        name.push(suffix);
        let path = self.folder.real.join(&name);
        let mut folder = self.folder.clone();
        folder.link_owners.clear();
        let beside = folder.follow(vec![name], &path)?;
        if beside.folder.real == self.folder.real { Ok(beside) } else { Err(Trouble::NotRegular) }
    }

    /// The names of what lies in it, in no order; none if it is no folder.
    pub(in crate::source) fn entries(&self) -> Vec<OsString> {
        let Ok(folder) = self.open_with(READ | OFlags::DIRECTORY) else { return Vec::new() };
        let Ok(listing) = Dir::new(folder) else { return Vec::new() };
        let names = listing.flatten().map(|entry| OsStr::from_bytes(entry.file_name().to_bytes()).to_owned());
        names.filter(|name| name != "." && name != "..").take(MOST_ENTRIES).collect()
    }

    /// What tells it from everything else on this machine, whatever its name.
    pub(in crate::source) fn identity(&self) -> (u64, u64) {
        (self.metadata.dev(), self.metadata.ino())
    }
}
