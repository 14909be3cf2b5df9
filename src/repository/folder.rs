//! Where a repository keeps its data (gitrepository-layout(5)), and where its work tree is.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use gix_hash::Kind;

use super::objects::lenders;
use super::{KIND, config};
use crate::source::{GIT, Reader};

/// Where dotfiles managers keep repositories without a folder `.git` in a home, with the home as their work tree; a
/// `*` stands for any name. The first ones are what guides to `git --git-dir=... --work-tree=~` suggest.
const BARE_IN_HOME: [&str; 13] = [
    ".dotfiles",
    ".dotfiles.git",
    ".dotfiles/.git",
    ".dots",
    ".cfg",
    ".cfg.git",
    ".myconf",
    ".home.git",
    "dotfiles.git",
    // yadm 3, 2 and 1.
    ".local/share/yadm/repo.git",
    ".config/yadm/repo.git",
    ".yadm/repo.git",
    ".config/vcsh/repo.d/*",
];

/// Where dotfiles managers keep repositories with a work tree of their own in a home.
const IN_HOME: [&str; 7] = [
    "",
    // chezmoi, rcm, stow and their like, homeshick.
    ".local/share/chezmoi",
    ".dotfiles",
    "dotfiles",
    ".homesick/repos/*",
    ".config/home-manager",
    ".stow",
];

/// About so many folders it is remembered which repository is around them.
const REMEMBERED: usize = 1024;

/// A repository: the folder of its own data.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Folder {
    /// What belongs to this work tree: `HEAD`, the index.
    own: PathBuf,
    /// What belongs to all its work trees: objects, references.
    common: PathBuf,
    /// The top of the work tree, where it has one.
    work_tree: Option<PathBuf>,
}

impl Folder {
    /// The repository around a path: that of the nearest work tree, or a bare one that the path lies in.
    #[must_use]
    pub fn around(path: &Path, reader: &Reader) -> Option<Self> {
        Self::around_known(path, reader, &mut BTreeMap::new())
    }

    /// The same, where it is asked for many paths: what was found out about the folders above them is asked once.
    pub fn around_known(path: &Path, reader: &Reader, known: &mut BTreeMap<PathBuf, Option<Self>>) -> Option<Self> {
        let real = std::fs::canonicalize(path).ok()?;
        let mut passed = Vec::new();
        let mut found = None;
        for folder in real.ancestors() {
            found = match known.get(folder) {
                Some(known) => known.clone(),
                None => Self::of_work_tree(folder, reader).or_else(|| Self::bare(folder, reader)),
            };
            passed.push(folder);
            if found.is_some() || known.contains_key(folder) {
                break;
            }
        }
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.extend(passed.into_iter().map(|folder| (folder.to_owned(), found.clone())));
        found
    }

    /// The repository of the work tree whose top `work_tree` is. In a linked work tree or a submodule, `.git` is a
    /// file that names the folder.
    #[must_use]
    pub fn of_work_tree(work_tree: &Path, reader: &Reader) -> Option<Self> {
        let git = work_tree.join(GIT);
        let own = if git.is_dir() { git } else { named_by(&git, "gitdir:", work_tree, reader)? };
        let mut folder = Self::at(&own, reader)?;
        folder.work_tree = std::fs::canonicalize(work_tree).ok();
        Some(folder)
    }

    /// The repositories of dotfiles managers in a home: those that have the home for their work tree first.
    #[must_use]
    pub fn in_home(home: &Path, reader: &Reader) -> Vec<Self> {
        let mut folders: Vec<Self> = Self::of_home(home, reader);
        let own = IN_HOME.iter().flat_map(|pattern| places(home, pattern, reader));
        for folder in own.filter_map(|place| Self::of_work_tree(&place, reader)) {
            if !folders.iter().any(|known| known.common == folder.common) {
                folders.push(folder);
            }
        }
        folders
    }

    /// The repositories in known places of a home that have an index of their own and the home for their work tree,
    /// or another that they name.
    #[must_use]
    pub fn of_home(home: &Path, reader: &Reader) -> Vec<Self> {
        let places = BARE_IN_HOME.iter().flat_map(|pattern| places(home, pattern, reader));
        let folders = places.filter_map(|place| Self::bare(&place, reader)).map(|mut folder| {
            folder.work_tree = folder.work_tree.or_else(|| std::fs::canonicalize(home).ok());
            folder
        });
        // `.dotfiles/.git` is what an ordinary clone has, too: its work tree is what it lies in, if it names none.
        folders
            .filter(|folder| folder.own.file_name() != Some(GIT.as_ref()) || folder.work_tree_is_named(reader))
            .collect()
    }

    /// The folder of a bare repository, or of one whose work tree is elsewhere: what it names as its work tree counts.
    #[must_use]
    pub fn bare(folder: &Path, reader: &Reader) -> Option<Self> {
        if !folder.join("HEAD").is_file() || !folder.join("objects").is_dir() || !folder.join("refs").is_dir() {
            return None;
        }
        let mut found = Self::at(folder, reader)?;
        found.work_tree = found.named_work_tree(reader);
        Some(found)
    }

    fn at(own: &Path, reader: &Reader) -> Option<Self> {
        let own = std::fs::canonicalize(own).ok().filter(|own| own.is_dir())?;
        let common = named_by(&own.join("commondir"), "", &own, reader).unwrap_or_else(|| own.clone());
        Some(Self { own, common, work_tree: None })
    }

    /// The folders of objects that other repositories lend to this one; none if they cannot be read without harm.
    #[must_use]
    pub fn lenders(&self, reader: &Reader) -> Vec<PathBuf> {
        lenders(&self.common.join("objects"), reader).unwrap_or_default()
    }

    /// What belongs to this work tree alone.
    #[must_use]
    pub fn own(&self) -> &Path {
        &self.own
    }

    /// What belongs to all work trees of the repository.
    #[must_use]
    pub fn common(&self) -> &Path {
        &self.common
    }

    /// The top of the work tree, where there is one.
    #[must_use]
    pub fn work_tree(&self) -> Option<&Path> {
        self.work_tree.as_deref()
    }

    /// What the repository is called by: its work tree, else its own folder.
    #[must_use]
    pub fn name(&self) -> &Path {
        self.work_tree.as_deref().unwrap_or(&self.own)
    }

    /// What the objects are named by; none if that is nothing that is known, or if references are kept otherwise
    /// than in files.
    pub(super) fn hash(&self, reader: &Reader) -> Option<Kind> {
        if self.setting("extensions", "refstorage", reader).is_some_and(|kind| kind != "files") {
            return None;
        }
        match self.setting("extensions", "objectformat", reader).as_deref() {
            None | Some("sha1") => Some(Kind::Sha1),
            Some("sha256") => Some(Kind::Sha256),
            Some(_) => None,
        }
    }

    fn work_tree_is_named(&self, reader: &Reader) -> bool {
        self.named_work_tree(reader).is_some()
    }

    fn named_work_tree(&self, reader: &Reader) -> Option<PathBuf> {
        let named = self.setting("core", "worktree", reader)?;
        std::fs::canonicalize(self.own.join(named)).ok().filter(|work_tree| work_tree.is_dir())
    }

    fn setting(&self, section: &str, key: &str, reader: &Reader) -> Option<String> {
        let (_, bytes) = reader.read(&self.common.join("config"), KIND).ok()?;
        config::value(&String::from_utf8_lossy(&bytes), section, key)
    }
}

/// Where the path leads that the first line of a file names, behind `prefix`, from this folder on.
fn named_by(file: &Path, prefix: &str, folder: &Path, reader: &Reader) -> Option<PathBuf> {
    let (_, bytes) = reader.read(file, KIND).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    let path = text.lines().next()?.strip_prefix(prefix)?.trim();
    if path.is_empty() { None } else { reader.named_by(file, &folder.join(path)) }
}

/// The folders at a known place.
fn places(home: &Path, pattern: &str, reader: &Reader) -> Vec<PathBuf> {
    match pattern.strip_suffix("/*") {
        Some(folder) => reader.list(&home.join(folder)),
        None => vec![home.join(pattern)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn repository(folder: &Path, config: &str) {
        fs::create_dir_all(folder.join("objects")).unwrap();
        fs::create_dir_all(folder.join("refs")).unwrap();
        fs::write(folder.join("HEAD"), "ref: refs/heads/main\n").unwrap();
        fs::write(folder.join("config"), config).unwrap();
    }

    #[test]
    fn the_nearest_repository_counts() {
        let folder = tempfile::tempdir().unwrap();
        let top = fs::canonicalize(folder.path()).unwrap();
        let reader = Reader::default();
        repository(&top.join(GIT), "");
        repository(&top.join("a/bare.git"), "[core]\n\tbare = true\n");
        fs::create_dir_all(top.join("a/b")).unwrap();
        fs::write(top.join("a/b/file"), "").unwrap();
        let around = |path: &str| Folder::around(&top.join(path), &reader).unwrap();
        assert_eq!(around("a/b/file").work_tree(), Some(top.as_path()));
        assert_eq!(around("a/bare.git").name(), top.join("a/bare.git"));
        assert_eq!(around("a/bare.git/refs").own(), top.join("a/bare.git"));
        assert_eq!(Folder::around(&top.join("none"), &reader), None);
        // A linked work tree: `.git` names the folder of its own, `commondir` that of all.
        fs::create_dir_all(top.join(".git/worktrees/w")).unwrap();
        fs::write(top.join(".git/worktrees/w/commondir"), "../..\n").unwrap();
        fs::create_dir_all(top.join("w")).unwrap();
        fs::write(top.join("w").join(GIT), "gitdir: ../.git/worktrees/w\n").unwrap();
        let linked = around("w");
        assert_eq!((linked.common(), linked.own()), (&*top.join(GIT), &*top.join(".git/worktrees/w")));
        // What names itself or nothing is none.
        for wrong in ["gitdir: .git", "gitdir:", "nothing", ""] {
            fs::write(top.join("w").join(GIT), wrong).unwrap();
            assert_eq!(Folder::of_work_tree(&top.join("w"), &reader), None, "{wrong}");
        }
    }

    #[test]
    fn repositories_of_dotfiles_managers_have_the_home_for_their_work_tree() {
        let folder = tempfile::tempdir().unwrap();
        let home = fs::canonicalize(folder.path()).unwrap();
        let reader = Reader::default();
        repository(&home.join(".cfg"), "[core]\n\tbare = true\n");
        repository(&home.join(".local/share/yadm/repo.git"), &format!("[core]\n\tworktree = {}\n", home.display()));
        fs::create_dir_all(home.join("other")).unwrap();
        repository(&home.join(".config/vcsh/repo.d/x.git"), "[core]\n\tworktree = ../../../../other\n");
        repository(&home.join(".dotfiles").join(GIT), "[core]\n\tbare = false\n");
        let named = |folders: Vec<Folder>| -> Vec<(PathBuf, PathBuf)> {
            let inner = |path: &Path| path.strip_prefix(&home).unwrap().to_owned();
            folders.iter().map(|folder| (inner(folder.own()), inner(folder.work_tree().unwrap()))).collect()
        };
        let bare = [(".cfg", ""), (".local/share/yadm/repo.git", ""), (".config/vcsh/repo.d/x.git", "other")];
        let pair = |(one, other): (&str, &str)| (PathBuf::from(one), PathBuf::from(other));
        assert_eq!(named(Folder::of_home(&home, &reader)), bare.map(pair));
        let all = named(Folder::in_home(&home, &reader));
        assert_eq!(all, bare.into_iter().chain([(".dotfiles/.git", ".dotfiles")]).map(pair).collect::<Vec<_>>());
    }
}
