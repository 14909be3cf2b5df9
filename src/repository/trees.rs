//! The folders of commits: where in them a file stands whose name is worth a look.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;

use gix_hash::ObjectId;
use gix_object::TreeRefIter;

use super::objects::Objects;

/// At how many paths the same folder is looked at. A few hundred objects can make more paths than there are atoms.
const PATHS_OF_A_FOLDER: usize = 256;

/// The longest path of a folder that is looked at, in bytes: no system can check out a longer one.
const LONGEST_PATH: usize = 4096;

/// How many names are remembered: most folders hold again what the ones before them held.
const REMEMBERED: usize = 1 << 17;

/// What the name of a write-ahead log ends in.
const LOG: &[u8] = b"-wal";

/// A file of a commit, with its write-ahead log where it is a database that has one beside it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FileVersion {
    /// Its path, `/` between its parts.
    pub path: Vec<u8>,
    /// Its content.
    pub content: ObjectId,
    /// The content of the log.
    pub log: Option<ObjectId>,
}

/// An entry of a folder that is worth a look: a file by its name, a folder by what is in it.
#[derive(Clone)]
struct Entry {
    name: Vec<u8>,
    id: ObjectId,
    is_folder: bool,
}

/// Looks through folders, at each once.
pub(super) struct Trees<'a> {
    objects: &'a Objects,
    names: Names<'a>,
    /// What is worth a look in each folder that was read; nothing in most.
    surveyed: HashMap<ObjectId, Option<Rc<[Entry]>>>,
    /// Folders that were walked through, with their paths.
    walked: HashSet<(ObjectId, Vec<u8>)>,
    /// At how many paths each was.
    paths: HashMap<ObjectId, usize>,
    /// Files that were met.
    met: HashSet<FileVersion>,
    /// Whether a folder stood at too many paths, or at too long a one.
    pub overflowed: bool,
}

/// Names of files, and whether they are worth a look.
struct Names<'a> {
    is_wanted: &'a dyn Fn(&[u8]) -> bool,
    known: RefCell<HashMap<Vec<u8>, bool>>,
}

impl Names<'_> {
    fn is_wanted(&self, name: &[u8]) -> bool {
        if let Some(known) = self.known.borrow().get(name) {
            return *known;
        }
        let answer = (self.is_wanted)(name);
        let mut known = self.known.borrow_mut();
        if known.len() < REMEMBERED {
            known.insert(name.to_vec(), answer);
        }
        answer
    }
}

/// A folder that is being looked through.
struct Open {
    id: ObjectId,
    entries: std::vec::IntoIter<Entry>,
    kept: Vec<Entry>,
}

impl<'a> Trees<'a> {
    pub(super) fn new(objects: &'a Objects, is_wanted: &'a dyn Fn(&[u8]) -> bool) -> Self {
        Self {
            objects,
            names: Names { is_wanted, known: RefCell::default() },
            surveyed: HashMap::new(),
            walked: HashSet::new(),
            paths: HashMap::new(),
            met: HashSet::new(),
            overflowed: false,
        }
    }

    /// The files below a folder that were not met before, in the order of their paths.
    pub(super) fn new_files(&mut self, top: ObjectId) -> Vec<FileVersion> {
        let mut fresh = Vec::new();
        let mut waiting = vec![(top, Vec::new())];
        while let Some((id, path)) = waiting.pop() {
            let Some(entries) = self.survey(id) else { continue };
            if self.walked.contains(&(id, path.clone())) {
                continue;
            }
            let paths = self.paths.entry(id).or_default();
            *paths += 1;
            if *paths > PATHS_OF_A_FOLDER || path.len() > LONGEST_PATH {
                self.overflowed = true;
                continue;
            }
            for file in files(&entries, &path) {
                if self.met.insert(file.clone()) {
                    fresh.push(file);
                }
            }
            waiting.extend(folders(&entries, &path));
            self.walked.insert((id, path));
        }
        fresh.sort_by(|left, right| left.path.cmp(&right.path));
        fresh
    }

    /// Every file below a folder, by its path.
    pub(super) fn files(&mut self, top: ObjectId) -> BTreeMap<Vec<u8>, FileVersion> {
        let mut found = BTreeMap::new();
        let mut paths: HashMap<ObjectId, usize> = HashMap::new();
        let mut waiting = vec![(top, Vec::new())];
        while let Some((id, path)) = waiting.pop() {
            let Some(entries) = self.survey(id) else { continue };
            let count = paths.entry(id).or_default();
            *count += 1;
            if *count > PATHS_OF_A_FOLDER || path.len() > LONGEST_PATH {
                self.overflowed = true;
                continue;
            }
            found.extend(files(&entries, &path).map(|file| (file.path.clone(), file)));
            waiting.extend(folders(&entries, &path));
        }
        found
    }

    /// What is worth a look in a folder; none if nothing is. Each folder is read once, however many commits hold it.
    fn survey(&mut self, top: ObjectId) -> Option<Rc<[Entry]>> {
        let mut stack: Vec<Open> = self.open(top).into_iter().collect();
        while let Some(open) = stack.last_mut() {
            match open.entries.next() {
                Some(entry) if !entry.is_folder => open.kept.push(entry),
                Some(entry) => match self.surveyed.get(&entry.id) {
                    // Also where it is itself one of those that are open: such a folder cannot be honest.
                    Some(inner) => open.kept.extend(inner.is_some().then_some(entry)),
                    None => {
                        let inner = self.open(entry.id);
                        open.kept.extend(inner.is_some().then_some(entry));
                        stack.extend(inner);
                    }
                },
                None => {
                    let Some(done) = stack.pop() else { break };
                    let surveyed = &self.surveyed;
                    let is_full =
                        |entry: &Entry| !entry.is_folder || surveyed.get(&entry.id).is_some_and(Option::is_some);
                    let kept: Vec<Entry> = done.kept.into_iter().filter(is_full).collect();
                    self.surveyed.insert(done.id, (!kept.is_empty()).then(|| kept.into()));
                }
            }
        }
        self.surveyed.get(&top).cloned().flatten()
    }

    /// Reads a folder that nobody has read yet.
    fn open(&mut self, id: ObjectId) -> Option<Open> {
        if self.surveyed.contains_key(&id) {
            return None;
        }
        self.surveyed.insert(id, None);
        let entries = self.objects.read(&id, None, |kind, data| {
            if kind != gix_object::Kind::Tree {
                return None;
            }
            entries(data, self.objects, &self.names)
        })?;
        Some(Open { id, entries: entries.into_iter(), kept: Vec::new() })
    }
}

/// The folders in a folder, and the files whose names are wanted; links and other repositories are left out.
fn entries(data: &[u8], objects: &Objects, names: &Names<'_>) -> Option<Vec<Entry>> {
    let mut entries = Vec::new();
    for entry in TreeRefIter::from_bytes(data, objects.hash()) {
        let entry = entry.ok()?;
        let name: &[u8] = entry.filename;
        let is_folder = entry.mode.is_tree();
        let is_file = entry.mode.is_blob();
        if (is_folder || is_file && names.is_wanted(name.strip_suffix(LOG).unwrap_or(name))) && is_name(name) {
            entries.push(Entry { name: name.to_vec(), id: entry.oid.to_owned(), is_folder });
        }
    }
    Some(entries)
}

/// Whether git would take it for the name of a file: no path, and none of the folders above.
fn is_name(name: &[u8]) -> bool {
    !matches!(name, b"" | b"." | b"..") && !name.iter().any(|byte| matches!(byte, b'/' | 0))
}

fn files<'e>(entries: &'e [Entry], folder: &'e [u8]) -> impl Iterator<Item = FileVersion> + 'e {
    let mut logs: HashMap<&[u8], ObjectId> = HashMap::new();
    for entry in entries.iter().filter(|entry| !entry.is_folder) {
        if let Some(database) = entry.name.strip_suffix(LOG) {
            logs.entry(database).or_insert(entry.id);
        }
    }
    let is_log = |entry: &Entry| entry.name.ends_with(LOG);
    entries.iter().filter(move |entry| !entry.is_folder && !is_log(entry)).map(move |entry| FileVersion {
        path: joined(folder, &entry.name),
        content: entry.id,
        log: logs.get(entry.name.as_slice()).copied(),
    })
}

fn folders<'e>(entries: &'e [Entry], folder: &'e [u8]) -> impl Iterator<Item = (ObjectId, Vec<u8>)> + 'e {
    entries.iter().filter(|entry| entry.is_folder).map(|entry| (entry.id, joined(folder, &entry.name)))
}

fn joined(folder: &[u8], name: &[u8]) -> Vec<u8> {
    if folder.is_empty() { name.to_vec() } else { [folder, name].join(&b'/') }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_of_very_many_files_takes_no_longer_than_it_must() {
        let start = std::time::Instant::now();
        let id = |number: u8| ObjectId::from_bytes_or_panic(&[number; 20]);
        let entry = |name: String, number| Entry { name: name.into_bytes(), id: id(number), is_folder: false };
        let mut entries: Vec<Entry> = (0..100_000).map(|number| entry(format!("dino.db.b{number}"), 1)).collect();
        entries.extend((0..100_000).map(|number| entry(format!("dino.db.b{number}-wal"), 2)));
        entries.push(entry("dino.db.b7-wal".to_owned(), 3));
        let found: Vec<FileVersion> = files(&entries, b"home").collect();
        assert_eq!(found.len(), 100_000);
        assert_eq!(found[7].path, b"home/dino.db.b7");
        assert!(found.iter().all(|file| file.content == id(1) && file.log == Some(id(2))));
        assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
    }
}
