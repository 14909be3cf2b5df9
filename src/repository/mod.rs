//! What git keeps: whether a file is in the index of the repository around it, and every version of it that a commit
//! holds. Repositories are read, git is not run.

mod commits;
mod config;
mod filters;
mod folder;
#[cfg(test)]
#[path = "../../tests/common/git_index.rs"]
mod git_index;
mod history;
mod objects;
mod references;
mod trees;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};

use filetime::FileTime;
use gix_hash::Kind;
use gix_index::State;

pub use folder::Folder;
pub use history::{History, to_path};
pub use trees::FileVersion;

use crate::model::{FileKind, Profile, Purpose, Tracked};
use crate::source::{Bounds, Reader};

/// What the files are that are read here. None of them is ever reported.
const KIND: FileKind = FileKind("git index", Purpose::Other);

/// So many repositories are remembered with their indexes, which may be large.
const REMEMBERED: usize = 64;

/// The repositories of the homes that were named and those that are met on the way; each index is read once, unless
/// there are too many to be remembered. Several threads may ask.
#[derive(Default)]
pub struct Repositories {
    reader: Reader,
    /// What is known, by the folders of their own; none where a repository has no work tree or no index.
    known: Mutex<BTreeMap<PathBuf, Known>>,
    /// Where their own folders are, by their work trees.
    by_work_tree: Mutex<BTreeMap<PathBuf, Option<Folder>>>,
    of_homes: RwLock<BTreeMap<PathBuf, Vec<Folder>>>,
}

/// What is known about a repository, once somebody has read it.
type Known = Arc<OnceLock<Option<Repository>>>;

/// A repository with a work tree, and its index.
struct Repository {
    folder: Folder,
    work_tree: PathBuf,
    index: State,
}

impl Repositories {
    /// Repositories whose indexes are read with these bounds.
    #[must_use]
    pub fn new(bounds: Bounds) -> Self {
        Self { reader: Reader::new(bounds), ..Self::default() }
    }

    /// Looks for repositories that have a home for their work tree without lying in its `.git`: `git --git-dir`,
    /// yadm, vcsh.
    pub fn look_in_home(&self, home: &Path) {
        for folder in Folder::of_home(home, &self.reader) {
            let Some(work_tree) = folder.work_tree() else { continue };
            let mut of_homes = self.of_homes.write().unwrap_or_else(PoisonError::into_inner);
            let folders = of_homes.entry(work_tree.to_owned()).or_default();
            if !folders.contains(&folder) {
                folders.push(folder);
            }
        }
    }

    /// Says of every file of a profile whether git keeps it. The reader is the one that has read them, and knows by now
    /// where they lie.
    pub fn mark(&self, profile: &mut Profile, reader: &Reader) {
        for file in &mut profile.files {
            file.tracked = self.tracked(&file.path, reader);
        }
    }

    /// Whether git keeps the file. Of a link, the file that it leads to counts: that is where the content is.
    #[must_use]
    pub fn tracked(&self, path: &Path, reader: &Reader) -> Tracked {
        let inside = reader.in_work_tree(path);
        let around = inside.and_then(|(work_tree, path)| self.tracked_by(&self.around(&work_tree)?, &path));
        let of_homes = self.of_homes.read().unwrap_or_else(PoisonError::into_inner);
        if around == Some(Tracked::Tracked) || of_homes.is_empty() {
            return around.unwrap_or(Tracked::Unknown);
        }
        let Ok(real) = std::fs::canonicalize(path) else { return Tracked::Unknown };
        let further = real.ancestors().filter_map(|work_tree| Some((work_tree, of_homes.get(work_tree)?)));
        let further = further.flat_map(|(work_tree, folders)| {
            let inner = real.strip_prefix(work_tree).ok();
            folders.iter().filter_map(move |folder| self.tracked_by(folder, inner?))
        });
        let answers: Vec<Tracked> = around.into_iter().chain(further).collect();
        [Tracked::Tracked, Tracked::Untracked]
            .into_iter()
            .find(|it| answers.contains(it))
            .unwrap_or(Tracked::Unknown)
    }

    /// The repository whose work tree this is.
    fn around(&self, work_tree: &Path) -> Option<Folder> {
        let mut by_work_tree = self.by_work_tree.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = by_work_tree.get(work_tree) {
            return known.clone();
        }
        if by_work_tree.len() >= REMEMBERED {
            by_work_tree.clear();
        }
        let found = Folder::of_work_tree(work_tree, &self.reader);
        by_work_tree.insert(work_tree.to_owned(), found.clone());
        found
    }

    /// What a repository says of the file at `path` below its work tree; none if it has none, or no index.
    fn tracked_by(&self, folder: &Folder, path: &Path) -> Option<Tracked> {
        let known = self.known(folder);
        let repository = known.get_or_init(|| self.read(folder.clone())).as_ref()?;
        Some(repository.tracked(path, &self.reader))
    }

    fn known(&self, folder: &Folder) -> Known {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED && !known.contains_key(folder.own()) {
            known.clear();
        }
        Arc::clone(known.entry(folder.own().to_owned()).or_default())
    }

    /// Reads the index of a repository; none without a work tree or an index.
    fn read(&self, folder: Folder) -> Option<Repository> {
        let work_tree = folder.work_tree()?.to_owned();
        let (_, bytes) = self.reader.read(&folder.own().join("index"), KIND).ok()?;
        let index = [Kind::Sha1, Kind::Sha256].into_iter().find_map(|hash| {
            let state = State::from_bytes(&bytes, FileTime::zero(), hash, gix_index::decode::Options::default());
            state.ok().map(|(state, _)| state)
        })?;
        Some(Repository { folder, work_tree, index })
    }
}

impl Repository {
    /// Whether it keeps the file at `path` below its work tree as it is; unknown where it keeps it in another form,
    /// encrypted for example.
    fn tracked(&self, path: &Path, reader: &Reader) -> Tracked {
        let Some(name) = in_index(path) else { return Tracked::Unknown };
        let found = self.index.entries().binary_search_by(|entry| {
            let path: &[u8] = entry.path(&self.index);
            path.cmp(&name)
        });
        match found {
            Ok(_) if filters::hide(&self.work_tree, self.folder.common(), path, reader) => Tracked::Unknown,
            Ok(_) => Tracked::Tracked,
            Err(_) => Tracked::Untracked,
        }
    }
}

/// A path as indexes hold it: bytes, with slashes.
#[cfg(unix)]
fn in_index(path: &Path) -> Option<Vec<u8>> {
    use std::os::unix::ffi::OsStrExt;
    Some(path.as_os_str().as_bytes().to_vec())
}

#[cfg(not(unix))]
fn in_index(path: &Path) -> Option<Vec<u8>> {
    path.to_str().map(|path| path.replace('\\', "/").into_bytes())
}

#[cfg(test)]
mod tests {
    use super::git_index::git_index;
    use super::*;
    use crate::source::GIT;
    use std::fs;

    fn work_tree(files: &[&str], tracked: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join(GIT)).unwrap();
        fs::write(folder.path().join(GIT).join("index"), git_index(tracked)).unwrap();
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        folder
    }

    #[test]
    fn what_the_index_holds_is_tracked() {
        let files = [".purple/accounts.xml", ".purple/prefs.xml", "a"];
        let folder = work_tree(&files, &[".purple/accounts.xml", "a", "gone"]);
        let repositories = Repositories::default();
        let tracked = |name: &str| repositories.tracked(&folder.path().join(name), &Reader::default());
        assert_eq!(tracked(".purple/accounts.xml"), Tracked::Tracked);
        assert_eq!(tracked("a"), Tracked::Tracked);
        assert_eq!(tracked(".purple/prefs.xml"), Tracked::Untracked);
        assert_eq!(tracked("gone"), Tracked::Unknown);
    }

    #[test]
    fn what_git_keeps_encrypted_is_not_published() {
        let files = [".purple/accounts.xml", ".purple/blist.xml"];
        let folder = work_tree(&files, &files);
        let tracked = |attributes: &[(&str, &str)], name: &str| {
            for (path, content) in attributes {
                fs::write(folder.path().join(path), content).unwrap();
            }
            let answer = Repositories::default().tracked(&folder.path().join(name), &Reader::default());
            for (path, _) in attributes {
                fs::remove_file(folder.path().join(path)).unwrap();
            }
            answer
        };
        let accounts = ".purple/accounts.xml";
        for (attributes, name, expected) in [
            (".purple/** filter=git-crypt diff=git-crypt", accounts, Tracked::Unknown),
            ("*.xml filter=crypt", accounts, Tracked::Unknown),
            ("/.purple/accounts.xml filter=git-crypt", accounts, Tracked::Unknown),
            ("/.purple/accounts.xml filter=git-crypt", ".purple/blist.xml", Tracked::Tracked),
            ("accounts.xml filter=git-crypt\naccounts.xml -filter", accounts, Tracked::Tracked),
            ("# *.xml filter=git-crypt", accounts, Tracked::Tracked),
            ("*.xml filter=lfs diff=lfs -text", accounts, Tracked::Tracked),
            ("*.xml diff=git-crypt", accounts, Tracked::Tracked),
        ] {
            assert_eq!(tracked(&[(".gitattributes", attributes)], name), expected, "{attributes}");
        }
        let nearer = [(".gitattributes", "*.xml filter=crypt"), (".purple/.gitattributes", "accounts.xml !filter")];
        assert_eq!(tracked(&nearer, accounts), Tracked::Tracked);
        assert_eq!(tracked(&nearer, ".purple/blist.xml"), Tracked::Unknown);
    }

    #[test]
    fn outside_a_repository_nothing_is_known() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("accounts.xml"), "x").unwrap();
        assert_eq!(
            Repositories::default().tracked(&folder.path().join("accounts.xml"), &Reader::default()),
            Tracked::Unknown
        );
    }

    #[test]
    fn a_broken_index_says_nothing() {
        let folder = work_tree(&["a"], &["a"]);
        let path = folder.path().join(GIT).join("index");
        let whole = fs::read(&path).unwrap();
        for length in [0, 4, 11, 40, whole.len() - 21] {
            fs::write(&path, &whole[..length]).unwrap();
            assert_eq!(
                Repositories::default().tracked(&folder.path().join("a"), &Reader::default()),
                Tracked::Unknown,
                "{length}"
            );
        }
    }

    #[test]
    fn a_linked_work_tree_has_an_index_of_its_own() {
        let folder = work_tree(&["a"], &["a"]);
        let real = folder.path().join("elsewhere");
        fs::rename(folder.path().join(GIT), &real).unwrap();
        fs::write(folder.path().join(GIT), "gitdir: elsewhere\n").unwrap();
        assert_eq!(Repositories::default().tracked(&folder.path().join("a"), &Reader::default()), Tracked::Tracked);
    }

    #[test]
    fn a_home_may_be_the_work_tree_of_a_repository_elsewhere() {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path();
        for (file, content) in
            [(".purple/accounts.xml", ""), (".purple/prefs.xml", ""), (".config/gajim/config", "")]
        {
            fs::create_dir_all(home.join(file).parent().unwrap()).unwrap();
            fs::write(home.join(file), content).unwrap();
        }
        let repository = |place: &str, tracked: &[&str]| {
            for part in ["objects", "refs"] {
                fs::create_dir_all(home.join(place).join(part)).unwrap();
            }
            fs::write(home.join(place).join("HEAD"), "ref: refs/heads/main\n").unwrap();
            fs::write(home.join(place).join("index"), git_index(tracked)).unwrap();
        };
        let asked = || {
            let repositories = Repositories::default();
            repositories.look_in_home(home);
            [".purple/accounts.xml", ".purple/prefs.xml", ".config/gajim/config"]
                .map(|name| repositories.tracked(&home.join(name), &Reader::default()))
        };
        assert_eq!(asked(), [Tracked::Unknown; 3]);
        repository(".cfg", &[".purple/accounts.xml"]);
        assert_eq!(asked(), [Tracked::Tracked, Tracked::Untracked, Tracked::Untracked]);
        repository(".config/vcsh/repo.d/chat.git", &[".config/gajim/config"]);
        assert_eq!(asked(), [Tracked::Tracked, Tracked::Untracked, Tracked::Tracked]);
        // The home's own repository does not keep it, but another one does.
        fs::create_dir_all(home.join(GIT)).unwrap();
        fs::write(home.join(GIT).join("index"), git_index(&[".purple/prefs.xml"])).unwrap();
        assert_eq!(asked(), [Tracked::Tracked; 3]);
        // Not what an ordinary clone at such a place keeps: that has a work tree of its own.
        let other = tempfile::tempdir().unwrap();
        let repositories = Repositories::default();
        repositories.look_in_home(other.path());
        assert_eq!(
            repositories.tracked(&home.join(".purple/accounts.xml"), &Reader::default()),
            Tracked::Untracked
        );
    }

    #[cfg(unix)]
    #[test]
    fn of_a_link_its_target_counts() {
        let folder = work_tree(&["purple/accounts.xml"], &["purple/accounts.xml"]);
        let home = tempfile::tempdir().unwrap();
        let link = home.path().join("accounts.xml");
        std::os::unix::fs::symlink(folder.path().join("purple/accounts.xml"), &link).unwrap();
        assert_eq!(Repositories::default().tracked(&link, &Reader::default()), Tracked::Tracked);
    }
}
