//! The files that a running client is looked for by.

use std::collections::HashSet;
use std::fs::{self, Metadata};
use std::path::Path;

use super::{Asked, Running, Sign};
use crate::clients::Signs;

/// A file or folder, by whatever path.
pub(super) type Identity = (u64, u64);

/// Files of one profile, and what tells that somebody uses them.
pub(super) struct Sought<'a> {
    /// What is asked about.
    pub asked: Asked<'a>,
    /// What tells that the client runs.
    pub signs: Signs,
    /// Which files these are.
    pub files: HashSet<Identity>,
    /// The folders that they lie in, and all those above.
    pub folders: HashSet<Identity>,
    /// Whose they are.
    pub owners: HashSet<u32>,
    /// The folders that the files themselves lie in.
    parents: HashSet<&'a Path>,
}

impl<'a> Sought<'a> {
    pub(super) fn new(asked: Asked<'a>) -> Self {
        let metadata = || asked.files.iter().filter_map(|file| fs::metadata(file).ok());
        let above = asked.files.iter().flat_map(|file| file.ancestors().skip(1));
        let above: HashSet<&Path> = above.collect();
        Self {
            asked,
            signs: asked.client.signs(),
            files: metadata().filter_map(|file| identity(&file)).collect(),
            folders: above.iter().filter_map(|folder| identity(&fs::metadata(folder).ok()?)).collect(),
            owners: metadata().filter_map(|file| owner(&file)).collect(),
            parents: asked.files.iter().filter_map(|file| file.parent()).collect(),
        }
    }

    /// Whether the files are those of a program that could run.
    pub(super) const fn is_program(&self) -> bool {
        !self.signs.processes.is_empty()
    }

    /// Whether the file that somebody has open under this path is one of the profile's, or lies where the client keeps
    /// what it has open.
    pub(super) fn has(&self, open: &Path) -> bool {
        self.kept_open().any(|(folder, pattern)| open.strip_prefix(folder).is_ok_and(|below| fits(below, pattern)))
            || self.is_file(open)
    }

    /// What the client keeps open: patterns of paths below folders.
    pub(super) fn kept_open(&self) -> impl Iterator<Item = (&'a Path, &'static str)> {
        let patterns = |folder| self.signs.kept_open.iter().filter_map(move |pattern| above(folder, pattern));
        self.parents.iter().copied().flat_map(patterns)
    }

    /// Whether the file that somebody has open under this path is one of those asked about. Only a path of the same name
    /// is looked at: it may lead to a file system that does not answer.
    pub(super) fn is_file(&self, open: &Path) -> bool {
        self.asked.files.iter().any(|file| file == open)
            || (self.asked.files.iter().any(|file| file.file_name() == open.file_name())
                && fs::metadata(open).is_ok_and(|open| identity(&open).is_some_and(|it| self.files.contains(&it))))
    }

    pub(super) fn running(&self, how: Sign, pid: Option<u32>) -> Running {
        Running { client: self.asked.client.name(), title: self.asked.client.title(), how, pid }
    }

    /// The names of the profiles that the files tell to belong to.
    pub(super) fn profiles(&self) -> Vec<String> {
        let Some(named) = self.signs.profiles else { return Vec::new() };
        let names = self.asked.files.iter().filter_map(|file| file.file_name()?.to_str());
        names.filter_map(named.of_file).collect()
    }
}

/// The folder that a pattern leads to from this one, and the rest of it.
fn above<'a>(folder: &'a Path, pattern: &'static str) -> Option<(&'a Path, &'static str)> {
    match pattern.strip_prefix("../") {
        Some(rest) => above(folder.parent()?, rest),
        None => Some((folder, pattern)),
    }
}

/// Whether a path has as many parts as the pattern and each fits its own.
fn fits(path: &Path, pattern: &str) -> bool {
    let parts: Vec<&[u8]> = path.iter().map(std::ffi::OsStr::as_encoded_bytes).collect();
    let patterns: Vec<&str> = pattern.split('/').collect();
    parts.len() == patterns.len() && parts.iter().zip(patterns).all(|(part, pattern)| part_fits(part, pattern))
}

fn part_fits(part: &[u8], pattern: &str) -> bool {
    let Some((front, back)) = pattern.split_once('*') else { return part == pattern.as_bytes() };
    part.strip_prefix(front.as_bytes()).is_some_and(|rest| rest.ends_with(back.as_bytes()))
}

#[cfg(unix)]
pub(super) fn identity(metadata: &Metadata) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;
    Some((metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
pub(super) const fn identity(_: &Metadata) -> Option<Identity> {
    None
}

#[cfg(unix)]
fn owner(metadata: &Metadata) -> Option<u32> {
    use std::os::unix::fs::MetadataExt;
    Some(metadata.uid())
}

#[cfg(not(unix))]
const fn owner(_: &Metadata) -> Option<u32> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_speak_of_whole_paths() {
        for (path, pattern, expected) in [
            ("dino.db", "dino.db", true),
            ("other/dino.db", "dino.db", false),
            ("dino.db-wal", "dino.db", false),
            ("database/a@b.c/chatlog.db", "database/*/chatlog.db", true),
            ("database/chatlog.db", "database/*/chatlog.db", false),
            ("logs/profanity.log", "logs/profanity*.log", true),
            ("logs/profanity4711.log", "logs/profanity*.log", true),
            ("logs/prof.log", "logs/profanity*.log", false),
            ("settings.sqlite.work", "settings.sqlite.*", true),
        ] {
            assert_eq!(fits(Path::new(path), pattern), expected, "{path} {pattern}");
        }
    }
}
