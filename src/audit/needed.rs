//! What has to be open to whoever looks at these targets.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::Search;
use crate::discover::{Target, have_one_owner, with_companions};
use crate::repository::Folder;
use crate::source::Reader;

/// Where home-manager and its like keep the files that they link into homes. Everybody may read them.
const STORES: [&str; 2] = ["/nix/store", "/gnu/store"];

/// Files, and folders with all below them, that are read when somebody looks at these targets: the targets themselves,
/// what links at known places of homes lead to, and the repositories around them all, with the objects that others
/// lend them where their history counts.
#[must_use]
pub fn needed(targets: &[Target], reader: &Reader, history: bool) -> Vec<PathBuf> {
    let mut reached: BTreeSet<PathBuf> = STORES.iter().map(PathBuf::from).collect();
    // What lies below a home is open with it.
    let mut within: BTreeSet<PathBuf> = BTreeSet::new();
    for target in targets {
        match target {
            Target::Home(home) => {
                // Users of the system’s own have the root for a home, and nothing in it that a client would keep there.
                let folders = home.folders().filter(|folder| folder.parent().is_some()).map(Path::to_owned);
                let (inner, outer): (Vec<_>, Vec<_>) = folders.partition(|folder| lies_within(folder, &home.root));
                reached.extend(outer);
                within.extend(inner);
                reached.extend(home.linked(reader));
            }
            // What lies beside a file belongs to it: a write-ahead log, other files of its profile.
            Target::Path(path) if path.is_file() => {
                reached.extend(reader.real_path_of(path).as_deref().and_then(Path::parent).map(Path::to_owned));
            }
            Target::Path(path) => {
                reached.insert(path.clone());
            }
            Target::List(paths) => {
                let folders: BTreeSet<_> = paths.iter().filter_map(|path| path.parent()).collect();
                reached.extend(folders.into_iter().filter_map(|folder| reader.real_path_of(named(folder))));
            }
        }
    }
    let mut known = BTreeMap::new();
    let around = reached.union(&within).filter_map(|path| Folder::around_known(path, reader, &mut known));
    let repositories: BTreeSet<Folder> = around.collect();
    for repository in repositories {
        reached.extend(repository.work_tree().map(Path::to_owned));
        reached.extend([repository.own(), repository.common()].map(Path::to_owned));
        if history {
            reached.extend(repository.lenders(reader));
        }
    }
    reached.into_iter().collect()
}

/// Whether a folder lies below another one, and no link leads out of that.
fn lies_within(folder: &Path, root: &Path) -> bool {
    let Ok(inner) = folder.strip_prefix(root) else { return false };
    let mut path = root.to_owned();
    let is_link = |part| {
        path.push(part);
        path.is_symlink()
    };
    !inner.as_os_str().is_empty() && !inner.components().any(is_link)
}

/// A folder that is not named is the one that one is in.
fn named(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() { Path::new(".") } else { folder }
}

impl Search {
    /// Where links lead by which files were found that lie outside of what was searched: the files with what belongs to
    /// them by name, and the folders of users who have both, since more of a profile lies there.
    #[must_use]
    pub fn linked(&self) -> BTreeSet<PathBuf> {
        let searched: Vec<PathBuf> =
            self.searched.iter().filter_map(|searched| searched.canonicalize().ok()).collect();
        let mut linked = BTreeSet::new();
        for lot in &self.lots {
            for file in lot.groups.iter().flat_map(|group| &group.files) {
                let Some(real) = lot.reader.real_path_of(&file.path) else { continue };
                if searched.iter().any(|searched| real.starts_with(searched)) {
                    continue;
                }
                let is_users =
                    |folder: &&Path| have_one_owner(folder, &real) && !have_one_owner(folder, Path::new("/"));
                linked.extend(real.parent().filter(is_users).map(Path::to_owned));
                linked.extend(with_companions(&real));
            }
        }
        linked
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;
    use crate::discover::Home;

    #[test]
    fn what_links_of_a_home_lead_to_is_reached() {
        let folder = tempfile::tempdir().unwrap();
        let top = fs::canonicalize(folder.path()).unwrap();
        for path in ["home/.local/share/dino", "elsewhere/purple", "dotfiles/.git"] {
            fs::create_dir_all(top.join(path)).unwrap();
        }
        for path in ["elsewhere/dino.db", "dotfiles/.git/HEAD", "dotfiles/profanity"] {
            fs::write(top.join(path), "").unwrap();
        }
        for (goal, link) in [
            ("../elsewhere/purple", "home/.purple"),
            ("../../../../elsewhere/dino.db", "home/.local/share/dino/dino.db"),
            ("../../elsewhere/unasked", "home/.local/other"),
        ] {
            symlink(goal, top.join(link)).unwrap();
        }
        let home = Home::at(&top.join("home"));
        let reached = needed(&[Target::Home(home)], &Reader::default(), false);
        for path in ["home", "elsewhere/purple", "elsewhere/dino.db", "elsewhere/dino.db-wal"] {
            assert!(reached.contains(&top.join(path)), "{path}: {reached:?}");
        }
        for path in ["elsewhere", "elsewhere/unasked", "dotfiles"] {
            assert!(!reached.contains(&top.join(path)), "{path}: {reached:?}");
        }
    }

    #[test]
    fn what_belongs_to_a_path_is_reached() {
        let folder = tempfile::tempdir().unwrap();
        let top = fs::canonicalize(folder.path()).unwrap();
        for path in ["work/.git/objects", "work/.git/refs", "work/purple", "plain"] {
            fs::create_dir_all(top.join(path)).unwrap();
        }
        for path in ["work/.git/HEAD", "work/purple/accounts.xml", "plain/accounts.xml"] {
            fs::write(top.join(path), "").unwrap();
        }
        let reached = |path: &str| {
            let reached = needed(&[Target::Path(top.join(path))], &Reader::default(), false);
            reached.into_iter().filter(|path| path.starts_with(&top)).collect::<Vec<_>>()
        };
        assert_eq!(reached("plain/accounts.xml"), [top.join("plain")]);
        assert_eq!(reached("plain"), [top.join("plain")]);
        let of_work_tree = ["work", "work/.git", "work/purple"].map(|path| top.join(path));
        assert_eq!(reached("work/purple/accounts.xml"), of_work_tree);
    }
}
