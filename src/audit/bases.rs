//! What the searched places are called in reports that leave the machine.

use std::fs;
use std::path::{Component, Path, PathBuf};

use crate::finding::Base;
use crate::source::GIT;

/// The name of a searched place from `start`, where it lies below that; else from the top of the git work tree around
/// it; else it is named as it was given, if that says nothing about the folders above; else it is its own start, a
/// file the folder that it lies in.
pub(super) fn base(searched: &Path, start: Option<&Path>) -> Base {
    let named = fs::canonicalize(searched).ok().and_then(|real| {
        let below = |start: &Path| real.strip_prefix(start).ok().map(Path::to_owned);
        let start = start.and_then(|start| fs::canonicalize(start).ok());
        let is_work_tree = |folder: &&Path| folder.join(GIT).symlink_metadata().is_ok();
        let around = || real.ancestors().find(is_work_tree).and_then(below);
        start.as_deref().and_then(below).or_else(around)
    });
    let as_given = || searched.components().all(is_plain).then(|| searched.to_owned());
    let is_start = || searched.is_dir().then(PathBuf::new);
    let own = || searched.file_name().map_or_else(PathBuf::new, PathBuf::from);
    let name = named.or_else(as_given).or_else(is_start).unwrap_or_else(own);
    Base { searched: searched.to_owned(), name }
}

const fn is_plain(part: Component<'_>) -> bool {
    matches!(part, Component::Normal(_) | Component::CurDir)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_begin_at_the_work_tree() {
        let folder = tempfile::tempdir().unwrap();
        let top = folder.path().join("alice/dotfiles");
        fs::create_dir_all(top.join(GIT)).unwrap();
        fs::create_dir_all(top.join("purple")).unwrap();
        fs::write(top.join("purple/accounts.xml"), "").unwrap();
        let name = |searched: &Path, start: Option<&Path>| base(searched, start).name;
        assert_eq!(name(&top, None), Path::new(""));
        assert_eq!(name(&top.join("purple"), None), Path::new("purple"));
        assert_eq!(name(&top.join("purple/accounts.xml"), None), Path::new("purple/accounts.xml"));
        assert_eq!(name(&top.join("purple"), Some(&top.join("purple"))), Path::new(""));
        assert_eq!(name(&top, Some(folder.path())), Path::new("alice/dotfiles"));
        assert_eq!(name(&folder.path().join("alice"), None), Path::new(""));
        assert_eq!(name(&folder.path().join("gone.xml"), None), Path::new("gone.xml"));
        assert_eq!(name(Path::new(".purple/gone.xml"), None), Path::new(".purple/gone.xml"));
        assert_eq!(name(Path::new("../.purple/gone.xml"), None), Path::new("gone.xml"));
    }
}
