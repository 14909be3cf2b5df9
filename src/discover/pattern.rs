//! Paths in which a `*` stands for any characters within one part.

use std::fs;
use std::path::{Path, PathBuf};

/// Everything below `base` whose path fits `pattern`, in the order of the names.
pub(super) fn find(base: &Path, pattern: &str) -> Vec<PathBuf> {
    let mut folders = vec![base.to_owned()];
    let mut parts = pattern.split('/').peekable();
    while let Some(part) = parts.next() {
        let is_last = parts.peek().is_none();
        if part.contains('*') {
            folders = folders.iter().flat_map(|folder| entries(folder, part)).collect();
        } else {
            for folder in &mut folders {
                folder.push(part);
            }
        }
        if is_last {
            // Also what cannot be followed is there: a dangling link is worth a word.
            folders.retain(|path| path.symlink_metadata().is_ok());
        }
        if folders.is_empty() {
            break;
        }
    }
    folders
}

fn entries(folder: &Path, pattern: &str) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| fits(entry.file_name().as_encoded_bytes(), pattern.as_bytes()))
        .map(|entry| entry.path())
        .collect();
    entries.sort_unstable();
    entries
}

/// Whether a name fits a pattern. As in a shell, a leading dot must be written.
fn fits(name: &[u8], pattern: &[u8]) -> bool {
    if name.first() == Some(&b'.') && pattern.first() != Some(&b'.') {
        return false;
    }
    let mut rest = name;
    let mut parts = pattern.split(|byte| *byte == b'*');
    let Some(first) = parts.next() else { return name.is_empty() };
    let Some(tail) = rest.strip_prefix(first) else { return false };
    rest = tail;
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        let Some(at) = rest.windows(part.len().max(1)).position(|window| window.starts_with(part)) else {
            return false;
        };
        rest = rest.get(at + part.len()..).unwrap_or_default();
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fits_as_a_shell_would() {
        for (name, pattern, expected) in [
            ("accounts.xml", "accounts.xml", true),
            ("accounts.xml~", "accounts.xml", false),
            ("settings.sqlite.work", "settings.sqlite.*", true),
            ("settings.sqlite.", "settings.sqlite.*", true),
            ("gajim.work", "gajim*", true),
            (".hidden", "*", false),
            (".hidden", ".*", true),
            ("anything", "*", true),
            ("abcabd", "a*d", true),
            ("omemo_x.db", "*_*.db", true),
            ("omemox.db", "*_*.db", false),
        ] {
            assert_eq!(fits(name.as_bytes(), pattern.as_bytes()), expected, "{name} {pattern}");
        }
    }

    #[test]
    fn finds_what_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path);
        for path in ["snap/b/current/.purple", "snap/a/common/.purple"] {
            fs::create_dir_all(at(path)).unwrap();
            fs::write(at(path).join("accounts.xml"), "").unwrap();
        }
        let found = find(folder.path(), "snap/*/*/.purple/accounts.xml");
        assert_eq!(found, [at("snap/a/common/.purple/accounts.xml"), at("snap/b/current/.purple/accounts.xml")]);
        assert!(find(folder.path(), "nothing/*/x").is_empty());
        assert_eq!(find(folder.path(), "snap"), [at("snap")]);
    }
}
