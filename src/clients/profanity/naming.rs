//! Names of files, with the spellings that dotfiles managers give them.

use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};

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

/// Prefixes that chezmoi reads off a name in its source folder, in any order in which they occur. Those that say
/// that the file is not a copy of the target are in [`OTHER_CONTENT`].
const ATTRIBUTES: &[&str] = &[
    "after_",
    "before_",
    "create_",
    "empty_",
    "encrypted_",
    "exact_",
    "executable_",
    "external_",
    "literal_",
    "private_",
    "readonly_",
];

/// Prefixes of files that hold a script or the target of a link instead of what their name says.
const OTHER_CONTENT: &[&str] = &["modify_", "remove_", "run_", "symlink_"];

/// Suffixes of templates and of encrypted files.
const SUFFIXES: &[&str] = &[".tmpl", ".literal", ".age", ".asc", ".gpg"];

/// One part of a path, as it is called where the client looks for it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Name {
    /// The name without the marks of chezmoi, yadm or stow.
    pub plain: String,
    /// Whether the marks say that it is encrypted.
    pub encrypted: bool,
    /// Whether the marks say that it holds something else: a script, a link's target.
    pub other_content: bool,
}

/// Reads the marks of dotfiles managers off a name.
pub(super) fn read(name: &OsStr) -> Name {
    let written = name.to_string_lossy();
    // yadm: `accounts##hostname.x`, `accounts##template`.
    let mut rest = written.split("##").next().unwrap_or_default();
    let mut encrypted = false;
    let mut other_content = false;
    loop {
        if let Some(prefix) = ATTRIBUTES.iter().find(|prefix| rest.starts_with(**prefix)) {
            encrypted |= *prefix == "encrypted_";
            rest = rest.strip_prefix(prefix).unwrap_or_default();
        } else if let Some(prefix) = OTHER_CONTENT.iter().find(|prefix| rest.starts_with(**prefix)) {
            other_content = true;
            rest = rest.strip_prefix(prefix).unwrap_or_default();
        } else {
            break;
        }
    }
    while let Some(suffix) = SUFFIXES.iter().find(|suffix| rest.ends_with(**suffix)) {
        encrypted |= matches!(*suffix, ".age" | ".asc" | ".gpg");
        rest = rest.strip_suffix(suffix).unwrap_or_default();
    }
    let hidden = rest.strip_prefix("dot_").or_else(|| rest.strip_prefix("dot-"));
    Name { plain: hidden.map_or_else(|| rest.to_owned(), |rest| format!(".{rest}")), encrypted, other_content }
}

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
            Component::Normal(name) => read(name).plain,
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

/// The name of the file itself.
pub(super) fn file_name(path: &Path) -> Name {
    read(path.file_name().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(name: &str) -> String {
        read(OsStr::new(name)).plain
    }

    #[test]
    fn reads_the_marks_of_dotfiles_managers() {
        assert_eq!(plain("accounts"), "accounts");
        assert_eq!(plain("private_accounts.tmpl"), "accounts");
        assert_eq!(plain("exact_private_dot_config"), ".config");
        assert_eq!(plain("dot-local"), ".local");
        assert_eq!(plain("accounts##hostname.laptop"), "accounts");
        assert_eq!(plain("accounts##template"), "accounts");
        assert_eq!(plain("accounts-0.13.1-plain"), "accounts-0.13.1-plain");
        assert!(read(OsStr::new("encrypted_private_accounts.age")).encrypted);
        assert!(!read(OsStr::new("private_accounts")).encrypted);
        assert!(read(OsStr::new("modify_accounts")).other_content);
        assert!(read(OsStr::new("symlink_private_profrc")).other_content);
    }

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
