//! What git keeps: whether a file is in the index of the repository around it. The index is read, git is not run.

mod filters;
#[cfg(test)]
#[path = "../../tests/common/git_index.rs"]
mod git_index;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use filetime::FileTime;
use gix_hash::Kind;
use gix_index::State;

use crate::model::{FileKind, Profile, Purpose, Tracked};
use crate::source::{Bounds, GIT, Reader};

/// What the files are that are read here. None of them is ever reported.
const KIND: FileKind = FileKind("git index", Purpose::Other);

/// The repositories that were met so far; each index is read once.
#[derive(Default)]
pub struct Repositories {
    reader: Reader,
    by_work_tree: RefCell<BTreeMap<PathBuf, Option<Rc<State>>>>,
}

impl Repositories {
    /// Repositories whose indexes are read with these bounds.
    #[must_use]
    pub fn new(bounds: Bounds) -> Self {
        Self { reader: Reader::new(bounds), by_work_tree: RefCell::default() }
    }

    /// Says of every file of a profile whether git keeps it.
    pub fn mark(&self, profile: &mut Profile) {
        for file in &mut profile.files {
            file.tracked = self.tracked(&file.path);
        }
    }

    /// Whether git keeps the file. Of a link, the file that it leads to counts: that is where the content is.
    #[must_use]
    pub fn tracked(&self, path: &Path) -> Tracked {
        let known = || {
            let (work_tree, path) = self.reader.in_work_tree(path)?;
            let index = self.index(&work_tree)?;
            let name = in_index(&path)?;
            let found = index.entries().binary_search_by(|entry| {
                let path: &[u8] = entry.path(&index);
                path.cmp(&name)
            });
            match found {
                Ok(_) if self.is_filtered(&work_tree, &path) => None,
                Ok(_) => Some(Tracked::Tracked),
                Err(_) => Some(Tracked::Untracked),
            }
        };
        known().unwrap_or(Tracked::Unknown)
    }

    /// Whether git keeps the file at `path` below the work tree in another form, encrypted for example.
    fn is_filtered(&self, work_tree: &Path, path: &Path) -> bool {
        self.git_folder(work_tree).is_some_and(|folder| filters::hide(work_tree, &folder, path, &self.reader))
    }

    fn index(&self, work_tree: &Path) -> Option<Rc<State>> {
        if let Some(known) = self.by_work_tree.borrow().get(work_tree) {
            return known.clone();
        }
        let index = self.read(work_tree).map(Rc::new);
        self.by_work_tree.borrow_mut().insert(work_tree.to_owned(), index.clone());
        index
    }

    fn read(&self, work_tree: &Path) -> Option<State> {
        let folder = self.git_folder(work_tree)?;
        let (_, bytes) = self.reader.read(&folder.join("index"), KIND).ok()?;
        [Kind::Sha1, Kind::Sha256].into_iter().find_map(|hash| {
            let state = State::from_bytes(&bytes, FileTime::zero(), hash, gix_index::decode::Options::default());
            state.ok().map(|(state, _)| state)
        })
    }

    /// The folder of the repository's own data: in a linked work tree or a submodule, `.git` is a file that names it.
    fn git_folder(&self, work_tree: &Path) -> Option<PathBuf> {
        let git = work_tree.join(GIT);
        if git.is_dir() {
            return Some(git);
        }
        let (_, bytes) = self.reader.read(&git, KIND).ok()?;
        let text = String::from_utf8_lossy(&bytes);
        let folder = text.lines().next()?.strip_prefix("gitdir:")?.trim();
        Some(work_tree.join(folder))
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
        let tracked = |name: &str| repositories.tracked(&folder.path().join(name));
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
            let answer = Repositories::default().tracked(&folder.path().join(name));
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
        assert_eq!(Repositories::default().tracked(&folder.path().join("accounts.xml")), Tracked::Unknown);
    }

    #[test]
    fn a_broken_index_says_nothing() {
        let folder = work_tree(&["a"], &["a"]);
        let path = folder.path().join(GIT).join("index");
        let whole = fs::read(&path).unwrap();
        for length in [0, 4, 11, 40, whole.len() - 21] {
            fs::write(&path, &whole[..length]).unwrap();
            assert_eq!(Repositories::default().tracked(&folder.path().join("a")), Tracked::Unknown, "{length}");
        }
    }

    #[test]
    fn a_linked_work_tree_has_an_index_of_its_own() {
        let folder = work_tree(&["a"], &["a"]);
        let real = folder.path().join("elsewhere");
        fs::rename(folder.path().join(GIT), &real).unwrap();
        fs::write(folder.path().join(GIT), "gitdir: elsewhere\n").unwrap();
        assert_eq!(Repositories::default().tracked(&folder.path().join("a")), Tracked::Tracked);
    }

    #[cfg(unix)]
    #[test]
    fn of_a_link_its_target_counts() {
        let folder = work_tree(&["purple/accounts.xml"], &["purple/accounts.xml"]);
        let home = tempfile::tempdir().unwrap();
        let link = home.path().join("accounts.xml");
        std::os::unix::fs::symlink(folder.path().join("purple/accounts.xml"), &link).unwrap();
        assert_eq!(Repositories::default().tracked(&link), Tracked::Tracked);
    }
}
