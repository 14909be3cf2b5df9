//! What branches, tags and other references of a repository point at (gitrepository-layout(5), git-pack-refs(1)).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use gix_hash::{Kind, ObjectId};
use walkdir::WalkDir;

use super::{Folder, KIND};
use crate::source::Reader;

/// The longest reference that is read, in bytes.
const LONGEST: usize = 4096;

/// How many references may lead to one another, as in git.
const HOPS: usize = 5;

/// Where a reference leads.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Target {
    Object(ObjectId),
    Reference(String),
}

/// The objects that references lead to.
pub(super) struct References {
    /// All of them, each once.
    pub tips: Vec<ObjectId>,
    /// What `HEAD` of the work tree leads to; none before the first commit.
    pub head: Option<ObjectId>,
    /// How many references could not be read.
    pub broken: usize,
}

impl References {
    pub(super) fn read(folder: &Folder, hash: Kind, reader: &Reader) -> Self {
        let mut reading = Reading { hash, reader, by_name: BTreeMap::new(), broken: 0 };
        reading.packed(&folder.common().join("packed-refs"));
        // Loose ones go before packed ones, which may be out of date.
        reading.below(folder.common(), "refs");
        for work_tree in reader.list(&folder.common().join("worktrees")) {
            let name = format!("worktrees/{}", work_tree.file_name().unwrap_or_default().to_string_lossy());
            reading.loose(&work_tree.join("HEAD"), format!("{name}/HEAD"));
            reading.below(folder.common(), &format!("{name}/refs"));
        }
        reading.loose(&folder.common().join("HEAD"), "HEAD".to_owned());
        let head = reading.target_of(&folder.own().join("HEAD")).and_then(|target| reading.follow(target));
        let mut tips: Vec<ObjectId> = reading
            .by_name
            .values()
            .filter_map(|target| match target {
                Target::Object(id) => Some(*id),
                Target::Reference(_) => None,
            })
            .chain(head)
            .collect();
        tips.sort_unstable();
        tips.dedup();
        Self { tips, head, broken: reading.broken }
    }
}

struct Reading<'a> {
    hash: Kind,
    reader: &'a Reader,
    by_name: BTreeMap<String, Target>,
    broken: usize,
}

impl Reading<'_> {
    /// Reads the file of references that `git pack-refs` writes: an object and a name a line.
    fn packed(&mut self, path: &Path) {
        if !self.reader.exists(path) {
            return;
        }
        let Ok((_, bytes)) = self.reader.read(path, KIND) else {
            self.broken += 1;
            return;
        };
        for line in bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            // A comment, or what the tag on the line before leads to.
            if matches!(line.first(), Some(b'#' | b'^')) {
                continue;
            }
            let line = String::from_utf8_lossy(line);
            match line.split_once(' ').and_then(|(id, name)| Some((self.id(id)?, name))) {
                Some((id, name)) => {
                    self.by_name.insert(name.trim_end().to_owned(), Target::Object(id));
                }
                None => self.broken += 1,
            }
        }
    }

    /// Reads every reference that is a file below `folder`, `refs` for example. Links are not followed.
    fn below(&mut self, common: &Path, folder: &str) {
        let root = common.join(folder);
        let entries = WalkDir::new(&root).follow_links(false).sort_by_file_name().into_iter().flatten();
        let files: Vec<PathBuf> =
            entries.filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path).collect();
        for path in files {
            let name = path.strip_prefix(common).unwrap_or(&path).to_string_lossy().into_owned();
            // What a write that did not end has left.
            if !name.ends_with(".lock") {
                self.loose(&path, name);
            }
        }
    }

    fn loose(&mut self, path: &Path, name: String) {
        match self.target_of(path) {
            Some(target) => {
                self.by_name.insert(name, target);
            }
            None => self.broken += 1,
        }
    }

    fn target_of(&self, path: &Path) -> Option<Target> {
        let bytes = self.reader.head(path, LONGEST).ok()?;
        let text = String::from_utf8_lossy(&bytes);
        let line = text.lines().next()?.trim();
        match line.strip_prefix("ref:") {
            Some(name) => Some(Target::Reference(name.trim().to_owned())),
            None => self.id(line).map(Target::Object),
        }
    }

    fn id(&self, digits: &str) -> Option<ObjectId> {
        ObjectId::from_hex(digits.as_bytes()).ok().filter(|id| id.kind() == self.hash && !id.is_null())
    }

    fn follow(&self, mut target: Target) -> Option<ObjectId> {
        for _ in 0..=HOPS {
            match target {
                Target::Object(id) => return Some(id),
                Target::Reference(name) => target = self.by_name.get(&name)?.clone(),
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn id(digit: char) -> String {
        digit.to_string().repeat(40)
    }

    fn read(files: &[(&str, String)]) -> (Vec<String>, Option<String>, usize) {
        let folder = tempfile::tempdir().unwrap();
        let git = folder.path().join("x.git");
        for name in ["objects", "refs"] {
            fs::create_dir_all(git.join(name)).unwrap();
        }
        for (name, content) in files {
            fs::create_dir_all(git.join(name).parent().unwrap()).unwrap();
            fs::write(git.join(name), content).unwrap();
        }
        let reader = Reader::default();
        let read = References::read(&Folder::bare(&git, &reader).unwrap(), Kind::Sha1, &reader);
        let shown = |id: &ObjectId| id.to_string().chars().take(1).collect::<String>();
        (read.tips.iter().map(shown).collect(), read.head.as_ref().map(shown), read.broken)
    }

    #[test]
    fn every_reference_counts_and_the_newest_value_of_each() {
        let packed = format!(
            "# pack-refs with: peeled\n{} refs/heads/main\n{} refs/tags/v1\n^{}\n",
            id('1'),
            id('2'),
            id('9')
        );
        let (tips, head, broken) = read(&[
            ("HEAD", "ref: refs/heads/main\n".to_owned()),
            ("packed-refs", packed),
            ("refs/heads/main", id('3') + "\n"),
            ("refs/stash", id('4')),
            ("refs/remotes/origin/HEAD", "ref: refs/remotes/origin/main\n".to_owned()),
            ("refs/remotes/origin/main", id('5')),
            ("refs/heads/main.lock", String::new()),
            ("worktrees/w/HEAD", id('6')),
            ("worktrees/w/refs/bisect/bad", id('7')),
            ("ORIG_HEAD", id('8')),
        ]);
        assert_eq!(tips, ["2", "3", "4", "5", "6", "7"]);
        assert_eq!((head.as_deref(), broken), (Some("3"), 0));
    }

    #[test]
    fn references_that_go_round_in_circles_lead_nowhere() {
        let to = |name: &str| format!("ref: {name}\n");
        let (tips, head, broken) = read(&[
            ("HEAD", to("refs/heads/a")),
            ("refs/heads/a", to("refs/heads/b")),
            ("refs/heads/b", to("refs/heads/a")),
            ("refs/heads/c", "nonsense".to_owned()),
            ("refs/heads/d", id('0')),
            ("refs/heads/e", String::new()),
        ]);
        assert_eq!((tips.len(), head, broken), (0, None, 3));
    }
}
