//! Opening and reading regular files, bounded in size.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::mem;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use zeroize::Zeroizing;

use super::access::{Folders, Permissions};
use super::altered::{Alterations, Altered};
use super::locate::{Located, Places};
use super::stamp::Stamp;
use crate::model::limits;
use crate::model::{Access, FileKind, Format, ProfileFile, Tracked, Trouble};

/// How often a file is read again that changed while it was being read.
const ATTEMPTS: usize = 5;

/// The largest files that are read, in bytes.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Text files.
    pub text: u64,
    /// Text files that may be long: see [`limits::CONTACT_LIST`].
    pub long_text: u64,
    /// Those of them that are held in memory as a whole; of longer ones, what matters: see [`limits::HELD`].
    pub held_text: u64,
    /// Databases and their write-ahead logs, each.
    pub database: u64,
    /// Databases that are held in memory, with their write-ahead logs. Of larger ones only those pages are read that
    /// a query asks for.
    pub memory: u64,
}

impl Default for Bounds {
    /// Text as [`limits`] says; 4 GiB of database, which is more than a chat history of decades; 4 MiB of it in
    /// memory.
    fn default() -> Self {
        Self {
            text: limits::TEXT,
            long_text: limits::CONTACT_LIST,
            held_text: limits::HELD,
            database: 4 << 30,
            memory: 4 << 20,
        }
    }
}

/// The content of a file that may be long.
#[derive(Debug)]
pub enum Content<T> {
    /// All of it.
    Whole(Zeroizing<Vec<u8>>),
    /// What was made of it while it was read.
    Streamed(T),
}

/// Files by their paths, in memory.
type Given = BTreeMap<PathBuf, Zeroizing<Vec<u8>>>;

/// Reads files for the clients: the only way in which they touch the file system.
#[derive(Debug, Default)]
pub struct Reader {
    bounds: Bounds,
    live_home: bool,
    /// The only files that there are, where they do not come from the disk.
    given: Option<Arc<Given>>,
    /// What would be different after a repair.
    altered: Arc<Alterations>,
    folders: Arc<Folders>,
    places: Places,
    /// The folder that was listed last: clients look for several things in one, one after the other.
    listed: Mutex<Option<Listed>>,
    prepare: Option<Prepare>,
    unsettled: Arc<Unsettled>,
}

/// So many entries of a folder are remembered at most.
const REMEMBERED: usize = 256;

/// A folder that was listed, with what lies in it.
type Listed = (PathBuf, Vec<PathBuf>);

/// What went wrong with databases while they were being read.
#[derive(Debug, Default)]
pub(super) struct Unsettled {
    /// By their paths.
    troubles: Mutex<Vec<(PathBuf, Trouble)>>,
    failed: AtomicBool,
}

impl Unsettled {
    pub(super) fn note(&self, path: &Path, trouble: Trouble) {
        self.troubles.lock().unwrap_or_else(PoisonError::into_inner).push((path.to_owned(), trouble));
    }

    /// SQLite has failed, be it that a database is damaged or that there was no memory left for it.
    pub(super) fn note_failure(&self) {
        self.failed.store(true, Ordering::Relaxed);
    }
}

/// What makes the bytes of the file at a path ready to be read as text, without moving any of them.
pub type Prepare = fn(&Path, &mut [u8]);

/// A file that is open, and what was found out about it.
#[derive(Debug)]
pub(super) struct Open {
    pub file: File,
    pub metadata: fs::Metadata,
}

impl Reader {
    /// A reader of files with these bounds.
    #[must_use]
    pub fn new(bounds: Bounds) -> Self {
        Self { bounds, ..Self::default() }
    }

    /// For the files of a living home: their permissions count even inside a repository's work tree.
    #[must_use]
    pub const fn in_live_home(mut self) -> Self {
        self.live_home = true;
        self
    }

    /// The same reader of files as they would be after a repair.
    #[must_use]
    pub fn altered_by(&self, altered: Alterations) -> Self {
        Self {
            bounds: self.bounds,
            live_home: self.live_home,
            prepare: self.prepare,
            altered: Arc::new(altered),
            ..Self::default()
        }
    }

    /// What would be different about a file; nothing is said of one that would be gone.
    pub(super) fn altered(&self, located: &Located) -> Result<Option<&Altered>, Trouble> {
        if self.altered.is_empty() {
            return Ok(None);
        }
        match self.altered.of(&located.real()) {
            Some(altered) if altered.gone => Err(Trouble::Missing),
            altered => Ok(altered),
        }
    }

    /// Has the bytes of every file made ready before it is read as text.
    #[must_use]
    pub const fn prepared_by(mut self, prepare: Prepare) -> Self {
        self.prepare = Some(prepare);
        self
    }

    /// Another reader of the same files, for another thread: what goes wrong with databases is told to the one that
    /// read them.
    #[must_use]
    pub fn for_another_thread(&self) -> Self {
        Self {
            bounds: self.bounds,
            live_home: self.live_home,
            given: self.given.clone(),
            folders: Arc::clone(&self.folders),
            places: Places::default(),
            listed: Mutex::default(),
            prepare: self.prepare,
            altered: Arc::clone(&self.altered),
            unsettled: Arc::default(),
        }
    }

    fn made_ready(&self, path: &Path, bytes: &mut [u8]) {
        if let Some(prepare) = self.prepare {
            prepare(path, bytes);
        }
    }

    /// A reader that takes `bytes` for the content of `path`, and finds no other file at all.
    #[must_use]
    pub fn of_standard_input(bounds: Bounds, path: PathBuf, bytes: Zeroizing<Vec<u8>>) -> Self {
        Self::of_files(bounds, [(path, bytes)])
    }

    /// A reader that takes these bytes for the content of these paths, and finds no other file at all: for versions
    /// out of a repository's history.
    #[must_use]
    pub fn of_files(bounds: Bounds, files: impl IntoIterator<Item = (PathBuf, Zeroizing<Vec<u8>>)>) -> Self {
        Self { bounds, given: Some(Arc::new(files.into_iter().collect())), ..Self::default() }
    }

    /// The bounds.
    #[must_use]
    pub const fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// Reads a text file: what is known about it, and its bytes.
    ///
    /// A symbolic link is followed to a regular file; pipes, sockets, devices and folders are refused.
    ///
    /// # Errors
    /// Says why the file could not be read, or not in full.
    pub fn read(&self, path: &Path, kind: FileKind) -> Result<(ProfileFile, Zeroizing<Vec<u8>>), Trouble> {
        self.read_up_to(path, kind, self.bounds.text)
    }

    /// The same for a text file that may be long, but must be held in memory as a whole.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn read_long(&self, path: &Path, kind: FileKind) -> Result<(ProfileFile, Zeroizing<Vec<u8>>), Trouble> {
        self.read_up_to(path, kind, self.bounds.long_text.min(self.bounds.held_text))
    }

    /// The same for a text file that may be long: what is longer than [`Bounds::held_text`] is not held in memory as a whole,
    /// but handed to `stream` from its beginning to its end. That may happen more than once, where the file changes
    /// meanwhile.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn read_or_stream<T>(
        &self,
        path: &Path,
        kind: FileKind,
        mut stream: impl FnMut(&mut dyn Read) -> io::Result<T>,
    ) -> Result<(ProfileFile, Content<T>), Trouble> {
        if let Some(bytes) = self.given(path) {
            let bytes = bytes?;
            if bytes.len() as u64 <= self.bounds.held_text {
                return self.read_long(path, kind).map(|(file, bytes)| (file, Content::Whole(bytes)));
            }
            self.check_long(bytes.len() as u64)?;
            let content = stream(&mut bytes.as_slice()).map_err(|error| trouble(&error, path))?;
            return Ok((unknown_file(path, kind), Content::Streamed(content)));
        }
        let (located, content, permissions) = settled(|| {
            let located = self.locate(path)?;
            let altered = self.altered(&located)?;
            if let Some(bytes) = altered.and_then(|altered| altered.bytes.as_ref()) {
                let permissions = with_mode(located.permissions(), altered);
                return Ok((located, Content::Whole(bytes.clone()), permissions));
            }
            if located.metadata.len() <= self.bounds.held_text {
                let bound = self.bounds.long_text.min(self.bounds.held_text);
                let (bytes, permissions) = read_unchanged(&located, path, bound)?;
                return Ok((located, Content::Whole(bytes), with_mode(permissions, altered)));
            }
            self.check_long(located.metadata.len())?;
            let (content, permissions) = stream_unchanged(&located, path, &mut stream)?;
            Ok((located, Content::Streamed(content), with_mode(permissions, altered)))
        })?;
        let mut content = content;
        if let Content::Whole(bytes) = &mut content {
            self.made_ready(path, bytes);
        }
        Ok((self.describe(path, kind, permissions, Some(located.folder())), content))
    }

    const fn check_long(&self, size: u64) -> Result<(), Trouble> {
        let bound = self.bounds.long_text;
        if size > bound { Err(Trouble::TooLarge { size, bound }) } else { Ok(()) }
    }

    fn read_up_to(
        &self,
        path: &Path,
        kind: FileKind,
        bound: u64,
    ) -> Result<(ProfileFile, Zeroizing<Vec<u8>>), Trouble> {
        if let Some(bytes) = self.given(path) {
            let bytes = bytes?;
            if bytes.len() as u64 > bound {
                return Err(Trouble::TooLarge { size: bytes.len() as u64, bound });
            }
            let mut bytes = bytes.clone();
            self.made_ready(path, &mut bytes);
            return Ok((unknown_file(path, kind), bytes));
        }
        let (located, mut bytes, permissions) = settled(|| {
            let located = self.locate(path)?;
            let altered = self.altered(&located)?;
            let (bytes, permissions) = match altered.and_then(|altered| altered.bytes.as_ref()) {
                Some(bytes) => (bytes.clone(), located.permissions()),
                None => read_unchanged(&located, path, bound)?,
            };
            let permissions = with_mode(permissions, altered);
            Ok((located, bytes, permissions))
        })?;
        self.made_ready(path, &mut bytes);
        Ok((self.describe(path, kind, permissions, Some(located.folder())), bytes))
    }

    /// What is known about a file without reading it: for stores of keys and messages, whose presence and
    /// permissions are all that matters.
    ///
    /// # Errors
    /// Says why it could not be looked at.
    pub fn look_at(&self, path: &Path, kind: FileKind) -> Result<ProfileFile, Trouble> {
        if let Some(bytes) = self.given(path) {
            return bytes.map(|_| unknown_file(path, kind));
        }
        let located = self.locate(path)?;
        if !located.metadata.is_file() {
            return Err(Trouble::NotRegular);
        }
        let permissions = with_mode(located.permissions(), self.altered(&located)?);
        Ok(self.describe(path, kind, permissions, Some(located.folder())))
    }

    /// The first bytes of a file, at most `length`, to tell what it is.
    ///
    /// # Errors
    /// Says why the file could not be read.
    pub fn head(&self, path: &Path, length: usize) -> Result<Vec<u8>, Trouble> {
        if let Some(bytes) = self.given(path) {
            let mut head: Vec<u8> = bytes?.iter().take(length).copied().collect();
            self.made_ready(path, &mut head);
            return Ok(head);
        }
        let mut head = settled(|| {
            let located = self.locate(path)?;
            match self.altered(&located)?.and_then(|altered| altered.bytes.as_ref()) {
                Some(bytes) => Ok(bytes.iter().take(length).copied().collect()),
                None => {
                    let bytes = read_at_most(&located.open()?, length as u64);
                    Ok(mem::take(&mut *bytes.map_err(|error| trouble(&error, path))?))
                }
            }
        })?;
        self.made_ready(path, &mut head);
        Ok(head)
    }

    /// The entries of a folder in the order of their names; nothing where there is no such folder.
    #[must_use]
    pub fn list(&self, folder: &Path) -> Vec<PathBuf> {
        if let Some(given) = &self.given {
            return given_entries(given, folder);
        }
        let mut last = self.listed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, entries)) = last.as_ref().filter(|(listed, _)| listed == folder) {
            return entries.clone();
        }
        let names = self.locate(folder).map(|located| located.entries()).unwrap_or_default();
        let mut entries: Vec<PathBuf> = names.into_iter().map(|name| folder.join(name)).collect();
        entries.sort_unstable();
        *last = (entries.len() <= REMEMBERED).then(|| (folder.to_owned(), entries.clone()));
        entries
    }

    /// Who can put files into a folder; nothing where there is no such folder.
    #[must_use]
    pub fn folder_writable_by(&self, folder: &Path) -> Option<Access> {
        if self.given.is_some() {
            return None;
        }
        let located = self.locate(folder).ok().filter(|located| located.metadata.is_dir())?;
        let real = located.real();
        let above = real.parent().unwrap_or(&real);
        Some(located.permissions().map_or(Access::Unknown, |own| self.folders.access(above, own).writable_by))
    }

    /// Who can change a file, or put another in its place. Of a file in a repository nothing can be said.
    #[must_use]
    pub fn replaceable_by(&self, file: &ProfileFile) -> Access {
        let folder = || file.path.parent().and_then(|folder| self.folder_writable_by(folder));
        match file.writable_by {
            Access::Unknown => Access::Unknown,
            own => own.max(folder().unwrap_or(own)),
        }
    }

    /// Of files that are all alike, the one that the most people can change, then read; of several the first. It
    /// stands for all: thousands of the same finding help nobody.
    pub fn most_open(&self, paths: impl IntoIterator<Item = PathBuf>, kind: FileKind) -> Option<ProfileFile> {
        let openness = |file: &ProfileFile| (file.writable_by, file.readable_by);
        let is_open = |file: &ProfileFile| file.readable_by.max(file.writable_by) > Access::Owner;
        let mut alike = Vec::new();
        let files = paths.into_iter().filter_map(|path| self.look_at(&path, kind).ok());
        let most = files.reduce(|one, other| {
            let (most, less) = if openness(&other) > openness(&one) { (other, one) } else { (one, other) };
            alike.extend(is_open(&less).then_some(less.path));
            most
        });
        most.map(|most| ProfileFile { alike, ..most })
    }

    /// How many bytes a file has; none where there is no such file. Of a database no more is held in memory than its
    /// bound.
    #[must_use]
    pub fn size(&self, path: &Path) -> u64 {
        if let Some(bytes) = self.given(path) {
            return bytes.map_or(0, |bytes| bytes.len() as u64);
        }
        self.locate(path).map_or(0, |located| located.metadata.len()).min(self.bounds.memory)
    }

    /// Whether there is anything at `path`.
    #[must_use]
    pub fn exists(&self, path: &Path) -> bool {
        let is_there = || self.locate(path).is_ok_and(|located| self.altered(&located).is_ok());
        self.given.as_ref().map_or_else(is_there, |given| given.contains_key(path))
    }

    /// Where the path leads.
    ///
    /// # Errors
    /// Says why it cannot be found, or may not be followed.
    pub(super) fn locate(&self, path: &Path) -> Result<Located, Trouble> {
        self.places.locate(path)
    }

    /// What tells a file or folder from everything else on this machine, whatever its name: device and inode. Of files
    /// that do not come from the disk nothing does but their paths.
    #[cfg(unix)]
    #[must_use]
    pub fn identity(&self, path: &Path) -> Option<(u64, u64)> {
        self.given.is_none().then(|| self.locate(path).ok()).flatten().map(|located| located.identity())
    }

    /// What tells the state of a file from others without reading it; none where files do not come from the disk.
    #[cfg(unix)]
    #[must_use]
    pub fn stamp(&self, path: &Path) -> Option<Stamp> {
        self.given.is_none().then(|| self.locate(path).ok()).flatten().map(|located| Stamp::of(&located.metadata))
    }

    /// What tells the state of a file from others without reading it: nothing on this system.
    #[cfg(not(unix))]
    #[must_use]
    pub fn stamp(&self, _: &Path) -> Option<Stamp> {
        None
    }

    /// Where a path leads that stands in the file at `source`, links followed: a repository in a file `.git`. None if
    /// there is nothing, or if the owner of the file may not read it: he must not have somebody with more rights read it
    /// for him.
    #[must_use]
    pub fn named_by(&self, source: &Path, path: &Path) -> Option<PathBuf> {
        let (source, named) = (self.locate(source).ok()?, self.locate(path).ok()?);
        named.may_be_named_by(&source).then(|| named.real())
    }

    /// The path without links; none if there is nothing, or a link must not be followed.
    #[must_use]
    pub fn real_path_of(&self, path: &Path) -> Option<PathBuf> {
        self.locate(path).ok().map(|located| located.real())
    }

    /// Takes what went wrong with databases while they were being read: their paths, and [`Trouble::KeepsChanging`] or
    /// [`Trouble::TakesTooLong`]. What was read of them counts for nothing.
    #[must_use]
    pub fn take_unsettled(&self) -> Vec<(PathBuf, Trouble)> {
        std::mem::take(&mut self.unsettled.troubles.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether SQLite has failed since this was asked last. What it may take of memory is shared by all threads, so a
    /// database that is read at the same time as others may fail for want of it, and not when it is read alone.
    #[must_use]
    pub fn take_failed(&self) -> bool {
        self.unsettled.failed.swap(false, Ordering::Relaxed)
    }

    pub(super) fn unsettled(&self) -> Arc<Unsettled> {
        Arc::clone(&self.unsettled)
    }

    /// Whether the file at `path` may have come here alone, without what its program keeps beside it: out of a git
    /// repository, or on standard input.
    #[must_use]
    pub fn may_have_come_alone(&self, path: &Path) -> bool {
        self.given.is_some()
            || self.locate(path).is_ok_and(|located| self.folders.work_tree_of(located.folder()).is_some())
    }

    /// The work tree of the git repository that a file really lies in, and the file's path below it; none outside of
    /// one.
    #[must_use]
    pub fn in_work_tree(&self, path: &Path) -> Option<(Arc<Path>, PathBuf)> {
        let path = self.real_path_of(path)?;
        let work_tree = self.folders.work_tree_of(path.parent()?)?;
        let inner = path.strip_prefix(&work_tree).ok()?.to_owned();
        Some((work_tree, inner))
    }

    /// The paths of all files that there are, where they do not come from the disk.
    pub(crate) fn given_paths(&self) -> impl Iterator<Item = &Path> {
        self.given.iter().flat_map(|given| given.keys().map(PathBuf::as_path))
    }

    /// The bytes that `path` stands for, where files do not come from the disk.
    pub(super) fn given(&self, path: &Path) -> Option<Result<&Zeroizing<Vec<u8>>, Trouble>> {
        self.given.as_ref().map(|given| given.get(path).ok_or(Trouble::Missing))
    }

    /// What is known about a file with these permissions in this folder, which is a path without links.
    pub(super) fn describe(
        &self,
        path: &Path,
        kind: FileKind,
        permissions: Option<Permissions>,
        folder: Option<&Path>,
    ) -> ProfileFile {
        let mut file = unknown_file(path, kind);
        let (Some(permissions), Some(folder)) = (permissions, folder) else {
            return file;
        };
        if self.live_home || self.folders.work_tree_of(folder).is_none() {
            let access = self.folders.access(folder, permissions);
            file.mode = Some(permissions.mode & 0o777);
            file.readable_by = access.readable_by;
            file.writable_by = access.writable_by;
        }
        file
    }
}

/// The permissions that a file would have after a repair.
pub(super) fn with_mode(permissions: Option<Permissions>, altered: Option<&Altered>) -> Option<Permissions> {
    let mode = altered.and_then(|altered| altered.mode);
    permissions.map(|own| Permissions { mode: mode.map_or(own.mode, |mode| own.mode & !0o777 | mode), ..own })
}

/// Does it again, from the beginning, while what is read changes meanwhile: clients write a new file and put it into
/// the place of the old one.
pub(super) fn settled<T>(mut read: impl FnMut() -> Result<T, Trouble>) -> Result<T, Trouble> {
    for _ in 1..ATTEMPTS {
        match read() {
            Err(Trouble::KeepsChanging) => {}
            done => return done,
        }
    }
    read()
}

/// Reads a file that does not change meanwhile.
fn read_unchanged(
    located: &Located,
    path: &Path,
    bound: u64,
) -> Result<(Zeroizing<Vec<u8>>, Option<Permissions>), Trouble> {
    let open = located.open()?;
    let bytes = read_bounded(&open, bound).map_err(|failure| failure.into_trouble(path))?;
    let after = open.file.metadata().map_err(|error| trouble(&error, path))?;
    let is_whole = same_state(&open.metadata, &after) && bytes.len() as u64 == after.len();
    if is_whole { Ok((bytes, Permissions::of(&after))) } else { Err(Trouble::KeepsChanging) }
}

/// Hands on a file that does not change meanwhile.
fn stream_unchanged<T>(
    located: &Located,
    path: &Path,
    stream: &mut impl FnMut(&mut dyn Read) -> io::Result<T>,
) -> Result<(T, Option<Permissions>), Trouble> {
    let open = located.open()?;
    let size = open.metadata.len();
    // One byte more than expected, so that a file that grows is noticed.
    let mut input = (&open.file).take(size.saturating_add(1));
    let content = stream(&mut input).map_err(|error| trouble(&error, path))?;
    let is_whole = input.limit() == 1;
    let after = open.file.metadata().map_err(|error| trouble(&error, path))?;
    let is_unchanged = is_whole && same_state(&open.metadata, &after);
    if is_unchanged { Ok((content, Permissions::of(&after))) } else { Err(Trouble::KeepsChanging) }
}

/// The entries of a folder, files and folders, in the order of their names. One without a name cannot be listed, as on
/// the disk.
fn given_entries(given: &Given, folder: &Path) -> Vec<PathBuf> {
    if folder.as_os_str().is_empty() {
        return Vec::new();
    }
    let below = given.range(folder.to_owned()..).map(|(path, _)| path).take_while(|path| path.starts_with(folder));
    let names = below.filter_map(|path| path.strip_prefix(folder).ok()?.components().next());
    let mut entries: Vec<PathBuf> = names.map(|name| folder.join(name)).collect();
    entries.dedup();
    entries
}

/// A file of which nothing is known but its path.
pub(super) fn unknown_file(path: &Path, kind: FileKind) -> ProfileFile {
    ProfileFile {
        path: path.to_owned(),
        kind,
        mode: None,
        readable_by: Access::Unknown,
        writable_by: Access::Unknown,
        holds_secret: false,
        text: None,
        damage: None,
        format: Format::Known,
        version: None,
        tracked: Tracked::Unknown,
        journal_missing: false,
        alike: Vec::new(),
    }
}

/// Whether a file is as it was: same length, same time of the last change.
pub(super) fn same_state(before: &fs::Metadata, after: &fs::Metadata) -> bool {
    before.len() == after.len() && before.modified().ok() == after.modified().ok()
}

/// Why the content of an open file could not be had.
#[derive(Debug)]
pub(super) enum ReadFailure {
    TooLarge { size: u64, bound: u64 },
    Io(io::Error),
}

impl ReadFailure {
    pub(super) fn into_trouble(self, path: &Path) -> Trouble {
        match self {
            Self::TooLarge { size, bound } => Trouble::TooLarge { size, bound },
            Self::Io(error) => trouble(&error, path),
        }
    }
}

/// The whole content of an open file, if it is at most `bound` bytes.
pub(super) fn read_bounded(open: &Open, bound: u64) -> Result<Zeroizing<Vec<u8>>, ReadFailure> {
    let size = open.metadata.len();
    if size > bound {
        return Err(ReadFailure::TooLarge { size, bound });
    }
    // One byte more than expected, so that a file that grows is noticed.
    read_at_most(open, size.saturating_add(1)).map_err(ReadFailure::Io)
}

/// The first bytes of an open file, at most so many. The buffer is never moved, which would leave a copy of a password
/// behind.
fn read_at_most(open: &Open, most: u64) -> io::Result<Zeroizing<Vec<u8>>> {
    let capacity = usize::try_from(open.metadata.len().min(most)).unwrap_or(usize::MAX).saturating_add(1);
    let mut bytes = Zeroizing::new(Vec::with_capacity(capacity));
    (&open.file).take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// An error of the system in the words of the report.
pub(crate) fn trouble(error: &io::Error, path: &Path) -> Trouble {
    match error.kind() {
        io::ErrorKind::PermissionDenied => Trouble::PermissionDenied,
        io::ErrorKind::NotFound if fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink()) => {
            Trouble::DanglingLink
        }
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Trouble::Missing,
        kind => {
            let text = error.to_string();
            if text.contains("too many levels of symbolic links")
                || text.contains("Too many levels of symbolic links")
            {
                Trouble::LinkLoop
            } else {
                Trouble::System(kind.to_string())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIND: FileKind = FileKind("test", crate::model::Purpose::Other);

    #[test]
    fn reads_regular_files_and_refuses_the_rest() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        fs::write(&path, "content").unwrap();
        let reader = Reader::default();
        assert_eq!(reader.read(&path, KIND).unwrap().1.as_slice(), b"content");
        assert_eq!(reader.read(folder.path(), KIND).unwrap_err(), Trouble::NotRegular);
        assert_eq!(reader.read(&folder.path().join("none"), KIND).unwrap_err(), Trouble::Missing);
    }

    #[test]
    fn lists_what_lies_in_memory_as_it_lists_folders() {
        let files = ["home/a/b", "home/a/c/d", "home/a/c/e", "home/a-b", "home/z"];
        let reader = Reader::of_files(
            Bounds::default(),
            files.map(|path| (PathBuf::from(path), Zeroizing::new(b"content".to_vec()))),
        );
        let list = |folder: &str| {
            let entries = reader.list(Path::new(folder));
            entries.iter().map(|path| path.to_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(list("home/a"), ["home/a/b", "home/a/c"]);
        assert_eq!(list("home/a/c"), ["home/a/c/d", "home/a/c/e"]);
        assert_eq!(list("home"), ["home/a", "home/a-b", "home/z"]);
        for none in ["home/b", "home/z", ""] {
            assert!(list(none).is_empty(), "{none}");
        }
        assert_eq!(reader.given_paths().count(), files.len());
    }

    #[test]
    fn keeps_to_its_bound() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        fs::write(&path, "12345").unwrap();
        let reader = Reader::new(Bounds { text: 4, ..Bounds::default() });
        assert_eq!(reader.read(&path, KIND).unwrap_err(), Trouble::TooLarge { size: 5, bound: 4 });
        let reader = Reader::new(Bounds { text: 5, ..Bounds::default() });
        assert!(reader.read(&path, KIND).is_ok());
    }

    #[cfg(unix)]
    #[test]
    fn follows_links_to_files_only_and_never_waits() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("file"), "content").unwrap();
        symlink(at("file"), at("link")).unwrap();
        symlink(at("gone"), at("dangling")).unwrap();
        symlink(at("loop"), at("loop")).unwrap();
        symlink("/dev/zero", at("device")).unwrap();
        rustix::fs::mknodat(
            rustix::fs::CWD,
            at("pipe"),
            rustix::fs::FileType::Fifo,
            rustix::fs::Mode::from_raw_mode(0o600),
            0,
        )
        .unwrap();
        let reader = Reader::default();
        assert_eq!(reader.read(&at("link"), KIND).unwrap().1.as_slice(), b"content");
        assert_eq!(reader.read(&at("dangling"), KIND).unwrap_err(), Trouble::DanglingLink);
        assert_eq!(reader.read(&at("loop"), KIND).unwrap_err(), Trouble::LinkLoop);
        assert_eq!(reader.read(&at("device"), KIND).unwrap_err(), Trouble::NotRegular);
        assert_eq!(reader.read(&at("pipe"), KIND).unwrap_err(), Trouble::NotRegular);
    }

    #[cfg(unix)]
    #[test]
    fn says_who_can_get_at_a_file() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        fs::write(&path, "content").unwrap();
        let set = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        let readable_by = || Reader::default().look_at(&path, KIND).unwrap().readable_by;
        set(&path, 0o644);
        set(folder.path(), 0o700);
        assert_eq!(readable_by(), Access::Owner);
        set(folder.path(), 0o755);
        assert_eq!(readable_by(), Access::Everyone);
        set(&path, 0o600);
        assert_eq!(readable_by(), Access::Owner);
        set(&path, 0o644);
        fs::create_dir(folder.path().join(".git")).unwrap();
        assert_eq!(readable_by(), Access::Unknown);
        assert_eq!(Reader::default().in_live_home().look_at(&path, KIND).unwrap().readable_by, Access::Everyone);
    }

    #[cfg(unix)]
    #[test]
    fn says_who_can_write_to_a_folder() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("inner");
        fs::create_dir(&inner).unwrap();
        let set = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        set(folder.path(), 0o755);
        set(&inner, 0o1777);
        let reader = Reader::default();
        assert_eq!(reader.folder_writable_by(&inner), Some(Access::Everyone));
        set(&inner, 0o755);
        assert_eq!(reader.folder_writable_by(&inner), Some(Access::Owner));
        fs::write(inner.join("file"), "").unwrap();
        assert_eq!(reader.folder_writable_by(&inner.join("file")), None);
        assert_eq!(reader.folder_writable_by(&inner.join("none")), None);
    }

    #[cfg(unix)]
    #[test]
    fn the_most_open_file_stands_for_all() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("inner");
        fs::create_dir(&inner).unwrap();
        let set = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        set(folder.path(), 0o755);
        set(&inner, 0o755);
        let paths: Vec<_> = [("a", 0o600), ("b", 0o644), ("c", 0o644), ("d", 0o606), ("e", 0o604)]
            .into_iter()
            .map(|(name, mode)| {
                fs::write(inner.join(name), "").unwrap();
                set(&inner.join(name), mode);
                inner.join(name)
            })
            .collect();
        let reader = Reader::default();
        let most_open = |from: usize, to: usize| {
            let file = reader.most_open(paths[from..to].to_vec(), KIND)?;
            Some(file.path.file_name()?.to_string_lossy().into_owned())
        };
        assert_eq!(most_open(0, 1).as_deref(), Some("a"));
        assert_eq!(most_open(0, 3).as_deref(), Some("b"));
        assert_eq!(most_open(0, 5).as_deref(), Some("d"));
        assert_eq!(most_open(2, 2), None);
        assert_eq!(reader.most_open([inner.join("none")], KIND).map(|file| file.path), None);

        let of = |name: &str| reader.replaceable_by(&reader.look_at(&inner.join(name), KIND).unwrap());
        assert_eq!((of("a"), of("d")), (Access::Owner, Access::Everyone));
        set(&inner, 0o777);
        assert_eq!(of("a"), Access::Everyone);
        fs::create_dir(inner.join(".git")).unwrap();
        let afresh = Reader::default();
        assert_eq!(afresh.replaceable_by(&afresh.look_at(&paths[3], KIND).unwrap()), Access::Unknown);
    }

    #[test]
    fn standard_input_stands_for_one_path() {
        let reader = Reader::of_standard_input(
            Bounds::default(),
            PathBuf::from("accounts.xml"),
            Zeroizing::new(b"content".to_vec()),
        );
        assert_eq!(reader.read(Path::new("accounts.xml"), KIND).unwrap().1.as_slice(), b"content");
        assert_eq!(reader.read(Path::new("/etc/passwd"), KIND).unwrap_err(), Trouble::Missing);
        assert_eq!(reader.head(Path::new("accounts.xml"), 3).unwrap(), b"con");
    }

    #[test]
    fn files_in_memory_are_all_that_there_is() {
        let file = |path: &str, bytes: &[u8]| (PathBuf::from(path), Zeroizing::new(bytes.to_vec()));
        let reader = Reader::of_files(Bounds::default(), [file("/a/one", b"1"), file("/a/two", b"2")]);
        assert_eq!(reader.read(Path::new("/a/two"), KIND).unwrap().1.as_slice(), b"2");
        assert!(reader.exists(Path::new("/a/one")) && !reader.exists(Path::new("/")));
        assert_eq!(reader.look_at(Path::new("/a/three"), KIND).unwrap_err(), Trouble::Missing);
    }
}
