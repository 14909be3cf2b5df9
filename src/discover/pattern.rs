//! Paths in which a `*` stands for any characters within one part.

use std::ffi::OsString;
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

/// The folder that was listed last, with what lies in it: patterns that are looked for one after the other often lie in
/// the same one.
#[derive(Debug, Default)]
pub(super) struct LastListed(Option<(PathBuf, Listing)>);

/// What lies in a folder.
#[derive(Debug)]
enum Listing {
    Names(Vec<OsString>),
    /// It may not be listed, but something is known of it: what has to be open for that.
    Closed(PathBuf),
    /// It is none, or its listing failed.
    Nothing,
}

/// Everything below `base` whose path fits `pattern`.
pub(super) fn find(base: &Path, pattern: &str, last: &mut LastListed) -> Matches {
    let mut closed = Vec::new();
    let mut paths = vec![base.to_owned()];
    for part in pattern.split('/') {
        if part.contains('*') {
            paths = paths.iter().flat_map(|folder| last.entries(folder, part, &mut closed)).collect();
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

impl LastListed {
    /// The entries of a folder that fit a pattern, in the order of their names.
    fn entries(&mut self, folder: &Path, pattern: &str, closed: &mut Vec<PathBuf>) -> Vec<PathBuf> {
        let known = self.0.take().filter(|(listed, _)| listed == folder);
        let (_, listing) = self.0.insert(known.unwrap_or_else(|| (folder.to_owned(), Listing::of(folder))));
        match listing {
            Listing::Names(names) => {
                let fitting = names.iter().filter(|name| fits(name.as_encoded_bytes(), pattern.as_bytes()));
                fitting.map(|name| folder.join(name)).collect()
            }
            Listing::Closed(inner) => {
                closed.push(inner.clone());
                Vec::new()
            }
            Listing::Nothing => Vec::new(),
        }
    }
}

impl Listing {
    fn of(folder: &Path) -> Self {
        match fs::read_dir(folder) {
            Ok(listing) => {
                let mut names: Vec<_> = listing.flatten().map(|entry| entry.file_name()).collect();
                names.sort_unstable();
                Self::Names(names)
            }
            Err(error) if denied(&error) => {
                let is_seen = folder.symlink_metadata().is_ok();
                let inner = if is_seen { Some(folder.to_owned()) } else { closed_folder(folder) };
                inner.map_or(Self::Nothing, Self::Closed)
            }
            Err(_) => Self::Nothing,
        }
    }
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
        let mut last = LastListed::default();
        let mut found = |pattern| {
            let matches = find(folder.path(), pattern, &mut last);
            assert!(matches.closed.is_empty());
            matches.paths
        };
        assert_eq!(
            found("snap/*/*/.purple/accounts.xml"),
            [at("snap/a/common/.purple/accounts.xml"), at("snap/b/current/.purple/accounts.xml")]
        );
        assert_eq!(found("snap/a*"), [at("snap/a")]);
        assert_eq!(found("snap/*"), [at("snap/a"), at("snap/b")]);
        assert!(found("nothing/*/x").is_empty());
        assert_eq!(found("snap"), [at("snap")]);
    }
}
