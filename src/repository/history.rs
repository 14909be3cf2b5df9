//! Every version of the files of a repository that are worth a look, in all commits that a reference leads to.

use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;

use gix_hash::ObjectId;
use zeroize::Zeroizing;

use super::commits::{self, Revision};
use super::objects::Objects;
use super::references::References;
use super::trees::{FileVersion, Trees};
use super::{Folder, KIND};
use crate::model::{Commit, Trouble, limits};
use crate::source::Reader;

/// The history of a repository.
pub struct History {
    objects: Objects,
    revisions: Vec<Revision>,
    versions: Vec<(FileVersion, usize)>,
    newest: BTreeMap<Vec<u8>, FileVersion>,
    shallow: bool,
    overflowed: bool,
    bound: u64,
}

impl History {
    /// Looks through the history for files whose names `is_wanted`. Nothing but commits and folders is read here.
    ///
    /// # Errors
    /// If the repository is of a kind that cannot be read.
    pub fn read(folder: &Folder, reader: &Reader, is_wanted: &dyn Fn(&[u8]) -> bool) -> Result<Self, Trouble> {
        let hash = folder.hash(reader).ok_or(Trouble::UnknownRepository)?;
        let objects = Objects::open(folder, hash, reader).ok_or(Trouble::UnknownRepository)?;
        let references = References::read(folder, hash, reader);
        objects.count_broken(references.broken);
        let cut = shallow(folder, reader);
        let revisions = commits::in_order(&objects, &references.tips, &cut);
        let mut trees = Trees::new(&objects, is_wanted);
        let mut versions = Vec::new();
        for (number, revision) in revisions.iter().enumerate() {
            versions.extend(trees.new_files(revision.tree).into_iter().map(|file| (file, number)));
        }
        let head = references.head.and_then(|head| revisions.iter().find(|revision| revision.id == head));
        let newest = head.map(|head| trees.files(head.tree)).unwrap_or_default();
        let (overflowed, bound) = (trees.overflowed, limits::VERSION.min(reader.bounds().database));
        Ok(Self { objects, revisions, versions, newest, shallow: !cut.is_empty(), overflowed, bound })
    }

    /// The versions of files, each behind those that stood in the commits before it.
    pub fn versions(&self) -> impl Iterator<Item = &FileVersion> {
        self.versions.iter().map(|(file, _)| file)
    }

    /// The first commit that holds a version, by the version's number.
    #[must_use]
    pub fn commit(&self, version: usize) -> Option<Commit> {
        let (_, revision) = self.versions.get(version)?;
        self.revisions.get(*revision).map(Revision::named)
    }

    /// How many commits were looked through.
    #[must_use]
    pub fn commits(&self) -> usize {
        self.revisions.len()
    }

    /// The version of a file that `HEAD` holds; none where it holds no such file.
    #[must_use]
    pub fn newest(&self, path: &[u8]) -> Option<&FileVersion> {
        self.newest.get(path)
    }

    /// The content of a file; none where it is not there, broken or larger than is read. That is counted.
    #[must_use]
    pub fn content(&self, id: &ObjectId) -> Option<Zeroizing<Vec<u8>>> {
        let is_file = |kind| kind == gix_object::Kind::Blob;
        self.objects.read(id, Some(self.bound), |kind, data| is_file(kind).then(|| Zeroizing::new(data.to_vec())))
    }

    /// Counts a version that is larger than is read of files of its kind.
    pub fn count_large(&self) {
        self.objects.count_large();
    }

    /// Why not everything could be looked at, up to now.
    #[must_use]
    pub fn troubles(&self) -> Vec<Trouble> {
        let [missing, broken, large] = self.objects.failures();
        [
            (self.shallow, Trouble::Shallow),
            (missing > 0, Trouble::MissingObjects { count: missing }),
            (broken > 0, Trouble::BrokenObjects { count: broken }),
            (large > 0, Trouble::LargeVersions { count: large }),
            (self.overflowed, Trouble::TooManyPaths),
        ]
        .into_iter()
        .filter_map(|(is_so, trouble)| is_so.then_some(trouble))
        .collect()
    }
}

/// The commits beyond which a shallow clone holds nothing.
fn shallow(folder: &Folder, reader: &Reader) -> HashSet<ObjectId> {
    let Ok((_, bytes)) = reader.read(&folder.common().join("shallow"), KIND) else { return HashSet::new() };
    bytes.split(|byte| *byte == b'\n').filter_map(|line| ObjectId::from_hex(line.trim_ascii()).ok()).collect()
}

/// The path of a file in a repository as the system writes it.
#[must_use]
pub fn to_path(path: &[u8]) -> PathBuf {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        PathBuf::from(std::ffi::OsStr::from_bytes(path))
    }
    #[cfg(not(unix))]
    PathBuf::from(String::from_utf8_lossy(path).into_owned())
}
