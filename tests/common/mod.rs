//! What several tests need: made-up homes, and the program to run over them.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::string_slice, clippy::unwrap_used)]
#![allow(dead_code, unused_imports)]

pub mod canaries;
pub mod git;
mod git_index;
pub mod planted;
pub mod samples;
pub mod undone;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use git_index::git_index;
use tempfile::TempDir;

/// A home directory for one test.
pub struct MadeUpHome {
    folder: TempDir,
}

impl MadeUpHome {
    /// An empty home, its folder private.
    pub fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("home").tempdir().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700)).unwrap();
        Self { folder }
    }

    /// The home's folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// A path below the home.
    pub fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Writes a file, private as the clients write theirs.
    pub fn write(&self, path: &str, content: impl AsRef<[u8]>) -> &Self {
        let path = self.at(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        self
    }

    /// Makes a database by SQL.
    pub fn write_database(&self, path: &str, sql: &str) -> &Self {
        let path = self.at(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        rusqlite::Connection::open(&path).unwrap().execute_batch(sql).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        self
    }

    /// Copies a fixture, given by its path below `fixtures`.
    pub fn copy(&self, fixture: &str, path: &str) -> &Self {
        self.write(path, fs::read(fixtures().join(fixture)).unwrap())
    }

    /// Copies a sample, a file or a folder of files below `fixtures`, to `place`; its folders are private.
    pub fn copy_sample(&self, sample: &str, place: &str) {
        let from = fixtures().join(sample);
        if from.is_dir() {
            for entry in fs::read_dir(&from).unwrap() {
                let entry = entry.unwrap();
                let name = entry.file_name().into_string().unwrap();
                self.write(&format!("{place}/{name}"), fs::read(entry.path()).unwrap());
            }
        } else {
            self.write(place, fs::read(from).unwrap());
        }
        for entry in walkdir::WalkDir::new(self.path()).min_depth(1).into_iter().map(Result::unwrap) {
            if entry.file_type().is_dir() {
                fs::set_permissions(entry.path(), fs::Permissions::from_mode(0o700)).unwrap();
            }
        }
    }

    /// A home in which every client keeps the files that it wrote itself.
    pub fn with_all_clients() -> Self {
        let home = Self::new();
        home.copy("pidgin/samples/accounts-gui-two-accounts-opportunistic-tor.xml", ".purple/accounts.xml")
            .copy("pidgin/samples/blist-written-by-client.xml", ".purple/blist.xml")
            .copy("pidgin/samples/prefs-defaults.xml", ".purple/prefs.xml")
            .copy("pidgin/samples/status.xml", ".purple/status.xml")
            .copy("gajim/samples/1.7-many-problems.sqlite", ".config/gajim/settings.sqlite")
            .copy("dino/samples/v26-dino-0.4-observed-wal/dino.db", ".local/share/dino/dino.db")
            .copy("dino/samples/v26-dino-0.4-observed-wal/dino.db-wal", ".local/share/dino/dino.db-wal")
            .copy("dino/samples/v26-dino-0.4-observed-wal/dino.db-shm", ".local/share/dino/dino.db-shm")
            .copy("profanity/samples/accounts-0.13.1-insecure", ".local/share/profanity/accounts")
            .copy("profanity/samples/profrc-0.13.1-many-settings", ".config/profanity/profrc")
            .copy("profanity/samples/tlscerts-0.13.1-after-tls-always", ".local/share/profanity/tlscerts");
        home
    }

    /// The program, run by the owner of this home, with nothing else in the environment that matters.
    pub fn program(&self) -> Command {
        let mut command = Command::cargo_bin("xmpp-audit").unwrap();
        command.env_clear().env("HOME", self.path()).current_dir(self.path());
        command
    }

    /// What is in the home: every path with its size, mode, times of change and content.
    pub fn listing(&self) -> Vec<(PathBuf, u64, u32, std::time::SystemTime, Vec<u8>)> {
        let mut listing: Vec<_> = walkdir::WalkDir::new(self.path())
            .into_iter()
            .map(|entry| {
                let entry = entry.unwrap();
                let metadata = entry.path().symlink_metadata().unwrap();
                let content = if metadata.is_file() { fs::read(entry.path()).unwrap() } else { Vec::new() };
                let mode = metadata.permissions().mode();
                (entry.path().to_owned(), metadata.len(), mode, metadata.modified().unwrap(), content)
            })
            .collect();
        listing.sort();
        listing
    }
}

/// Makes a folder the work tree of a git repository that keeps these files, given by their paths below it. git
/// itself is not needed.
pub fn track(folder: &Path, paths: &[&str]) {
    fs::create_dir_all(folder.join(".git")).unwrap();
    fs::write(folder.join(".git/index"), git_index(paths)).unwrap();
}

/// Where the fixtures are.
pub fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// What a run wrote and how it ended.
pub struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

/// Runs a command to its end.
pub fn run(command: &mut Command) -> Ran {
    let output = command.output().unwrap();
    Ran {
        code: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: without_word_of_the_machine(&String::from_utf8(output.stderr).unwrap()),
    }
}

/// What was said, but for the line that `-v` has where this machine cannot enforce the whole sandbox.
fn without_word_of_the_machine(told: &str) -> String {
    let is_of_machine = |line: &str| {
        line.starts_with("xmpp-audit: The sandbox is in force for")
            || line.starts_with("xmpp-audit: There is no sandbox")
    };
    told.split_inclusive('\n').filter(|line| !is_of_machine(line)).collect()
}
