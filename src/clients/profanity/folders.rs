//! The folders of Profanity, also in a repository of dotfiles.

use std::path::{Component, Path, PathBuf};

use crate::clients::dotfiles;

/// The ends of a path, before the file's own name, that only Profanity's folders have, longest first. Of each,
/// what stands before it is the base that the files of one user have in common.
const FOLDERS: &[&[&str]] = &[
    &[".local", "share", "profanity"],
    &["local", "share", "profanity"],
    &[".config", "profanity"],
    &["config", "profanity"],
    &["data", "profanity"],
    &["share", "profanity"],
    &["profanity"],
    &[".profanity"],
];

/// A folder that is Profanity's by its name.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Folder {
    /// What stands before the folders that Profanity's files lie in: a home, or what plays its part.
    pub base: PathBuf,
    /// Whether nobody else has a folder of that name in that place.
    pub certain: bool,
}

/// Profanity's folder, if the file at `path` lies in one.
pub(super) fn folder_of(path: &Path) -> Option<Folder> {
    let above: Vec<_> = path.parent()?.components().collect();
    let names: Vec<_> = above
        .iter()
        .map(|part| match part {
            Component::Normal(name) => dotfiles::Name::of(Path::new(name)).plain,
            _ => String::new(),
        })
        .collect();
    let known = FOLDERS.iter().find(|known| ends_with(&names, known))?;
    let base = above.iter().take(above.len().saturating_sub(known.len())).collect();
    Some(Folder { base, certain: known.len() > 1 || known.first() == Some(&".profanity") })
}

fn ends_with(names: &[String], known: &[&str]) -> bool {
    let end = names.iter().rev().map(String::as_str);
    names.len() >= known.len() && known.iter().rev().copied().zip(end).all(|(known, name)| known == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_one_user_have_one_base() {
        for (path, base, certain) in [
            ("/home/alice/.local/share/profanity/accounts", "/home/alice", true),
            ("/home/alice/.config/profanity/profrc", "/home/alice", true),
            ("/home/alice/.profanity/config", "/home/alice", true),
            ("dots/profanity/.config/profanity/profrc", "dots/profanity", true),
            ("dots/profanity/.local/share/profanity/accounts", "dots/profanity", true),
            ("dots/private_dot_config/private_profanity/private_profrc", "dots", true),
            ("dots/dot_local/private_share/private_profanity/private_accounts.tmpl", "dots", true),
            ("dots/dot-config/profanity/profrc", "dots", true),
            ("dots/config/profanity/profrc", "dots", true),
            ("dots/local/share/profanity/accounts", "dots", true),
            ("dots/profanity/accounts", "dots", false),
            ("profanity/accounts", "", false),
            ("/home/alice/.var/app/im.example/data/profanity/accounts", "/home/alice/.var/app/im.example", true),
            ("/home/alice/.var/app/im.example/config/profanity/profrc", "/home/alice/.var/app/im.example", true),
            ("/home/alice/snap/x/current/.config/profanity/profrc", "/home/alice/snap/x/current", true),
        ] {
            let folder = folder_of(Path::new(path)).unwrap_or_else(|| panic!("{path}"));
            assert_eq!(folder, Folder { base: PathBuf::from(base), certain }, "{path}");
        }
        assert_eq!(folder_of(Path::new("/etc/accounts")), None);
        assert_eq!(folder_of(Path::new("accounts")), None);
    }
}
