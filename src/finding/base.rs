//! What files are called in reports that leave the machine.

use std::path::{Component, Path, PathBuf};

/// A place that was searched, and what it is called from the folder that such reports start from: the top of the git
/// work tree around it, else the folder itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base {
    /// The place, as it was given.
    pub searched: PathBuf,
    /// Its name from that folder; empty if it is that folder.
    pub name: PathBuf,
}

/// The path of a file from the folder that reports start from: never absolute, never with `..`, without the names
/// of the folders above. A file outside of all that was searched keeps its last name only.
pub(super) fn relative(bases: &[Base], path: &Path) -> PathBuf {
    let inside = |base: &Base| path.strip_prefix(&base.searched).ok().map(|rest| base.name.join(rest));
    let nearest =
        bases.iter().max_by_key(|base| (path.starts_with(&base.searched), base.searched.components().count()));
    let named = nearest.and_then(inside).unwrap_or_else(|| PathBuf::from(path.file_name().unwrap_or_default()));
    named.components().filter(|part| matches!(part, Component::Normal(_))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_folders_above_are_left_out() {
        let base = |searched: &str, name: &str| Base { searched: searched.into(), name: name.into() };
        let bases = [
            base(".", ""),
            base("/home/alice", ""),
            base("/home/alice/dotfiles/purple", "purple"),
            base("../other", "other"),
            base("/srv/accounts.xml", "accounts.xml"),
        ];
        for (path, expected) in [
            ("./.purple/accounts.xml", ".purple/accounts.xml"),
            ("/home/alice/.purple/accounts.xml", ".purple/accounts.xml"),
            ("/home/alice/dotfiles/purple/accounts.xml", "purple/accounts.xml"),
            ("../other/a/b", "other/a/b"),
            ("/srv/accounts.xml", "accounts.xml"),
            ("/home/bob/.purple/accounts.xml", "accounts.xml"),
            ("/", ""),
        ] {
            assert_eq!(relative(&bases, Path::new(path)), Path::new(expected), "{path}");
        }
    }
}
