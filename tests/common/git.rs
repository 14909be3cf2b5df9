//! Git repositories made without git: loose objects and references.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use gix_hash::{Kind, ObjectId};
use gix_object::Write;

/// The day of the first commit of a made-up repository: 2026-01-02, noon. Each further one is a day younger.
const START: i64 = 1_767_355_200;

/// A repository.
pub struct MadeUpRepository {
    /// Its own folder.
    pub git: PathBuf,
    store: gix_odb::loose::Store,
    days: std::cell::Cell<i64>,
}

impl MadeUpRepository {
    /// An empty repository whose own folder is `git`.
    pub fn at(git: &Path) -> Self {
        Self::with_hash(git, Kind::Sha1)
    }

    /// The same, with objects named otherwise.
    pub fn with_hash(git: &Path, hash: Kind) -> Self {
        for folder in ["objects/pack", "refs/heads", "refs/tags"] {
            fs::create_dir_all(git.join(folder)).unwrap();
        }
        fs::write(git.join("HEAD"), "ref: refs/heads/main\n").unwrap();
        let format = if hash == Kind::Sha256 { "[extensions]\n\tobjectformat = sha256\n" } else { "" };
        fs::write(git.join("config"), format!("[core]\n\trepositoryformatversion = 0\n{format}")).unwrap();
        let store = gix_odb::loose::Store::at(git.join("objects"), hash);
        Self { git: git.to_owned(), store, days: std::cell::Cell::new(0) }
    }

    /// Keeps an object, whatever its bytes.
    pub fn object(&self, kind: gix_object::Kind, bytes: &[u8]) -> ObjectId {
        self.store.write_buf(kind, bytes).unwrap()
    }

    /// Keeps a folder with files, given by their paths.
    pub fn tree(&self, files: &[(&str, &[u8])]) -> ObjectId {
        let mut folders: BTreeMap<&str, Vec<(&str, &[u8])>> = BTreeMap::new();
        let mut entries: Vec<(Vec<u8>, &str, ObjectId)> = Vec::new();
        for (path, content) in files {
            match path.split_once('/') {
                Some((folder, rest)) => folders.entry(folder).or_default().push((rest, content)),
                None => {
                    let id = self.object(gix_object::Kind::Blob, content);
                    entries.push((path.as_bytes().to_vec(), "100644", id));
                }
            }
        }
        for (folder, files) in folders {
            entries.push((folder.as_bytes().to_vec(), "40000", self.tree(&files)));
        }
        self.tree_of(entries)
    }

    /// Keeps a folder with these entries, as they are: name, mode, object.
    pub fn tree_of(&self, mut entries: Vec<(Vec<u8>, &str, ObjectId)>) -> ObjectId {
        // Folders are sorted as if their names ended in a slash.
        entries.sort_by_key(|(name, mode, _)| {
            let mut key = name.clone();
            key.extend((*mode == "40000").then_some(b'/'));
            key
        });
        let mut bytes = Vec::new();
        for (name, mode, id) in entries {
            bytes.extend(mode.as_bytes());
            bytes.push(b' ');
            bytes.extend(name);
            bytes.push(0);
            bytes.extend(id.as_bytes());
        }
        self.object(gix_object::Kind::Tree, &bytes)
    }

    /// Keeps a commit, a day younger than the one before.
    pub fn commit_tree(&self, tree: ObjectId, parents: &[ObjectId]) -> ObjectId {
        let time = START + self.days.replace(self.days.get() + 1) * 86_400;
        let mut text = format!("tree {tree}\n");
        for parent in parents {
            text.push_str(&format!("parent {parent}\n"));
        }
        let who = format!("Alice <alice@example.org> {time} +0000");
        text.push_str(&format!("author {who}\ncommitter {who}\n\nchange\n"));
        self.object(gix_object::Kind::Commit, text.as_bytes())
    }

    /// Keeps a commit of these files.
    pub fn commit(&self, parents: &[ObjectId], files: &[(&str, &[u8])]) -> ObjectId {
        self.commit_tree(self.tree(files), parents)
    }

    /// Lets a reference lead to an object.
    pub fn point(&self, reference: &str, id: ObjectId) {
        let path = self.git.join(reference);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, format!("{id}\n")).unwrap();
    }

    /// Where a loose object lies.
    pub fn path_of(&self, id: ObjectId) -> PathBuf {
        let digits = id.to_string();
        self.git.join("objects").join(&digits[..2]).join(&digits[2..])
    }
}
