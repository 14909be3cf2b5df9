//! What may stand between a home and a file in it: a link that is not to be followed, another file system.

use std::collections::HashMap;
use std::fs::Metadata;
use std::path::{Path, PathBuf};

use super::{Home, Links, Reach, identity};
use crate::model::Trouble;

/// Sees whether the way from a home to a file may be gone.
pub(super) struct OnTheWay<'a> {
    root: &'a Path,
    never_follows: bool,
    /// The file system of the home, where it is not to be left and can be told.
    home: Option<u64>,
    /// What was found out about paths: the files of a client share their folders.
    known: HashMap<PathBuf, Step>,
}

/// What an entry on the way is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// Nothing that matters.
    Plain,
    /// A link. Where it leads is another question.
    Link,
    /// Where another file system begins than the one that is not to be left.
    Border,
}

impl<'a> OnTheWay<'a> {
    pub(super) fn new(home: &'a Home, reach: Reach) -> Self {
        let stays = reach.one_file_system.unwrap_or(!home.is_callers());
        Self {
            root: &home.root,
            never_follows: reach.links == Links::Never,
            home: if stays { identity::device(&home.root) } else { None },
            known: HashMap::new(),
        }
    }

    /// Why the way is not to be gone; none if it is, or does not begin at the home.
    pub(super) fn stops(&mut self, path: &Path) -> Option<Trouble> {
        if !self.never_follows && self.home.is_none() {
            return None;
        }
        let inner = path.strip_prefix(self.root).ok()?;
        let mut way = self.root.to_owned();
        for part in inner.components() {
            way.push(part);
            match self.step(&way) {
                Step::Link if self.never_follows => return Some(Trouble::NotFollowed),
                // Whoever follows links goes where they lead.
                Step::Link => return None,
                Step::Border => return Some(Trouble::OtherFileSystem),
                Step::Plain => {}
            }
        }
        None
    }

    fn step(&mut self, path: &Path) -> Step {
        if let Some(known) = self.known.get(path) {
            return *known;
        }
        let step = match path.symlink_metadata() {
            Ok(metadata) if metadata.is_symlink() => Step::Link,
            Ok(metadata) if self.is_border(path, &metadata) => Step::Border,
            _ => Step::Plain,
        };
        self.known.insert(path.to_owned(), step);
        step
    }

    /// Whether what lies at `path` belongs to another file system than the home. What is only mounted at another place as
    /// well, or a volume within the same mount, belongs to the same one.
    #[cfg(target_os = "linux")]
    fn is_border(&self, path: &Path, metadata: &Metadata) -> bool {
        use std::os::linux::fs::MetadataExt;
        if self.home.is_none_or(|home| home == metadata.st_dev()) {
            return false;
        }
        match (mount(self.root), mount(path)) {
            (Some(of_root), Some(of_path)) => of_root != of_path,
            _ => true,
        }
    }

    /// Nothing is known about file systems here.
    #[cfg(not(target_os = "linux"))]
    #[allow(clippy::unused_self, reason = "elsewhere it is asked")]
    const fn is_border(&self, _: &Path, _: &Metadata) -> bool {
        false
    }
}

/// The number of a mount, where the kernel tells it.
#[cfg(target_os = "linux")]
fn mount(path: &Path) -> Option<u64> {
    use rustix::fs::{AtFlags, CWD, StatxFlags, statx};
    let told = statx(CWD, path, AtFlags::empty(), StatxFlags::MNT_ID).ok()?;
    let known = StatxFlags::from_bits_retain(told.stx_mask).contains(StatxFlags::MNT_ID);
    known.then_some(told.stx_mnt_id)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn stops(home: &Home, path: &Path, links: Links, one_file_system: Option<bool>) -> Option<Trouble> {
        OnTheWay::new(home, Reach { links, one_file_system, ..Reach::default() }).stops(path)
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_or_not() {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path);
        fs::create_dir_all(at("dotfiles/purple")).unwrap();
        fs::write(at("dotfiles/purple/accounts.xml"), "").unwrap();
        std::os::unix::fs::symlink("dotfiles/purple", at(".purple")).unwrap();
        let home = Home::at(folder.path());
        let (direct, by_link) = (at("dotfiles/purple/accounts.xml"), at(".purple/accounts.xml"));
        assert_eq!(stops(&home, &direct, Links::Never, None), None);
        assert_eq!(stops(&home, &by_link, Links::Never, None), Some(Trouble::NotFollowed));
        assert_eq!(stops(&home, &by_link, Links::Known, None), None);
        assert_eq!(stops(&home, Path::new("/elsewhere/accounts.xml"), Links::Never, None), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn other_file_systems_are_left_alone() {
        let home = Home::at(Path::new("/"));
        let other = Path::new("/proc/self/status");
        assert_eq!(stops(&home, other, Links::Known, None), Some(Trouble::OtherFileSystem));
        assert_eq!(stops(&home, other, Links::Known, Some(false)), None);
        assert_eq!(stops(&home, Path::new("/etc/passwd"), Links::Known, None), None);
        let within = Home::at(Path::new("/proc/self"));
        assert_eq!(stops(&within, other, Links::Known, None), None);
    }
}
