//! What is read from the disk alone: git’s own files, configurations, package databases. Each input is written to a
//! private folder in memory, at known names and no others.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::bundle::{self, File};

/// Where folders in memory are, if there are any.
const MEMORY: &str = "/dev/shm";

/// A private folder, which is empty again after each input.
pub struct Folder {
    folder: TempDir,
    /// What a bundle may call its files, and where those lie then.
    names: &'static [(&'static str, &'static str)],
}

impl Folder {
    /// A new folder for files of these names.
    ///
    /// # Panics
    /// If there can be none.
    #[must_use]
    pub fn new(names: &'static [(&'static str, &'static str)]) -> Self {
        let mut builder = tempfile::Builder::new();
        builder.prefix("xmpp-audit-fuzz-");
        let folder = builder.tempdir_in(MEMORY).or_else(|_| builder.tempdir()).expect("a private folder");
        for (_, path) in names {
            fs::create_dir_all(folder.path().join(path).parent().unwrap_or(Path::new(""))).expect("its folders");
        }
        Self { folder, names }
    }

    /// The path of something in it.
    #[must_use]
    pub fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Makes a folder in it.
    ///
    /// # Panics
    /// If it cannot be made.
    pub fn make_folder(&self, path: &str) {
        fs::create_dir_all(self.at(path)).expect("a folder");
    }

    /// Writes a file, and makes the folders that it lies in.
    ///
    /// # Panics
    /// If it cannot be written.
    pub fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.at(path);
        fs::create_dir_all(path.parent().unwrap_or(Path::new(""))).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }

    /// Lays the files of a bundle out, has them looked at, and takes them away. `other` gets those whose names are not
    /// known, and returns what it has written.
    pub fn with(&self, input: &[u8], other: impl FnOnce(&[File<'_>]) -> Vec<PathBuf>, look: impl FnOnce()) {
        let files = bundle::files(input);
        let path_of = |file: &File<'_>| {
            let (_, path) = self.names.iter().find(|(name, _)| name.as_bytes() == file.name)?;
            Some(*path)
        };
        let (known, unknown): (Vec<_>, Vec<_>) = files.into_iter().partition(|file| path_of(file).is_some());
        let mut written = other(&unknown);
        for file in &known {
            let path = path_of(file).unwrap_or_default();
            self.write(path, file.bytes);
            written.push(self.at(path));
        }
        look();
        for path in written {
            // Two files of a bundle may have had the same name.
            let _ = fs::remove_file(path);
        }
    }
}
