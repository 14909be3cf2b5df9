//! Paths in which a `*` stands for any characters within one part.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What fits a pattern, and what stood in the way of looking.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Matches {
    /// The paths, in the order of the names.
    pub paths: Vec<PathBuf>,
    /// Folders that may hold more, but may not be entered or listed.
    pub closed: Vec<PathBuf>,
}

/// Everything below `base` whose path fits `pattern`.
pub(super) fn find(base: &Path, pattern: &str) -> Matches {
    let mut closed = Vec::new();
    let mut paths = vec![base.to_owned()];
    for part in pattern.split('/') {
        if part.contains('*') {
            paths = paths.iter().flat_map(|folder| entries(folder, part, &mut closed)).collect();
        } else {
            for path in &mut paths {
                path.push(part);
            }
        }
    }
    // Also what cannot be followed is there: a dangling link is worth a word.
    paths.retain(|path| match path.symlink_metadata() {
        Ok(_) => true,
        Err(error) => {
            closed.extend(denied(&error).then(|| closed_folder(path)).flatten());
            false
        }
    });
    Matches { paths, closed }
}

fn entries(folder: &Path, pattern: &str, closed: &mut Vec<PathBuf>) -> Vec<PathBuf> {
    let listing = match fs::read_dir(folder) {
        Ok(listing) => listing,
        Err(error) => {
            let listable =
                || if folder.symlink_metadata().is_ok() { Some(folder.to_owned()) } else { closed_folder(folder) };
            closed.extend(denied(&error).then(listable).flatten());
            return Vec::new();
        }
    };
    let mut entries: Vec<PathBuf> = listing
        .flatten()
        .filter(|entry| fits(entry.file_name().as_encoded_bytes(), pattern.as_bytes()))
        .map(|entry| entry.path())
        .collect();
    entries.sort_unstable();
    entries
}

fn denied(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::PermissionDenied
}

/// The folder on the way to `path` that may not be entered: the last one that can be seen at all.
fn closed_folder(path: &Path) -> Option<PathBuf> {
    path.ancestors().skip(1).find(|folder| folder.symlink_metadata().is_ok()).map(Path::to_owned)
}

/// Whether a path fits a pattern, part by part.
pub(super) fn fits_path(pattern: &str, path: &str) -> bool {
    let (mut patterns, mut parts) = (pattern.split('/'), path.split('/'));
    loop {
        match (patterns.next(), parts.next()) {
            (Some(pattern), Some(part)) if fits(part.as_bytes(), pattern.as_bytes()) => {}
            (None, None) => return true,
            _ => return false,
        }
    }
}

/// Whether a name fits a pattern. As in a shell, a leading dot must be written.
pub(super) fn fits(name: &[u8], pattern: &[u8]) -> bool {
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
    fn paths_fit_part_by_part() {
        for (pattern, path, expected) in [
            ("snap/*/*/.purple/accounts.xml", "snap/pidgin/current/.purple/accounts.xml", true),
            ("snap/*/*/.purple/accounts.xml", "snap/pidgin/.purple/accounts.xml", false),
            ("a/b", "a/b/c", false),
            ("a/b/c", "a/b", false),
        ] {
            assert_eq!(fits_path(pattern, path), expected, "{pattern} {path}");
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
        let found = |pattern| {
            let matches = find(folder.path(), pattern);
            assert!(matches.closed.is_empty());
            matches.paths
        };
        assert_eq!(
            found("snap/*/*/.purple/accounts.xml"),
            [at("snap/a/common/.purple/accounts.xml"), at("snap/b/current/.purple/accounts.xml")]
        );
        assert!(found("nothing/*/x").is_empty());
        assert_eq!(found("snap"), [at("snap")]);
    }
}
