//! A process, as the list of processes describes it (proc(5)). Reading that changes nothing, for nobody.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

/// How much of the state of a process is read.
const STATE: u64 = 4 << 10;
/// How much of its command line is read.
const ARGUMENTS: u64 = 128 << 10;
/// How much of its environment is read.
const VARIABLES: u64 = 2 << 20;
/// How many of its open files are looked at.
const OPEN_FILES: usize = 1 << 16;

/// Programs that run others, which are named by the first argument that is no option.
const INTERPRETERS: [&str; 2] = ["python", "pypy"];

/// What the system adds to the path of a file that is no more under it.
const DELETED: &str = " (deleted)";

/// A process.
pub(super) struct Process {
    /// Its number.
    pub pid: u32,
    /// Who runs it.
    pub user: u32,
    folder: PathBuf,
    name: String,
}

impl Process {
    /// The process of that number; none if there is none any more, or only its grave.
    pub(super) fn read(processes: &Path, pid: u32) -> Option<Self> {
        let folder = processes.join(pid.to_string());
        let state = read(&folder.join("status"), STATE).ok()?;
        let state = String::from_utf8_lossy(&state);
        let field = |name: &str| state.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
        if field("State:").is_some_and(|state| state.starts_with(['Z', 'X'])) {
            return None;
        }
        let user = field("Uid:")?.split_whitespace().next()?.parse().ok()?;
        Some(Self { pid, user, name: field("Name:")?.to_owned(), folder })
    }

    /// Whether it is one of these programs.
    pub(super) fn is_called(&self, names: &[&str]) -> bool {
        let program = fs::read_link(self.folder.join("exe")).ok();
        let program = program.as_deref().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
        let program = program.unwrap_or_default();
        let program = program.strip_suffix(DELETED).unwrap_or(&program);
        if is_among(&self.name, names) || is_among(program, names) {
            return true;
        }
        let runs_others = |name: &str| INTERPRETERS.iter().any(|interpreter| name.starts_with(interpreter));
        (runs_others(&self.name) || runs_others(program))
            && self.script().is_some_and(|script| is_among(script.trim_end_matches(".py"), names))
    }

    /// The name of the program that an interpreter runs.
    fn script(&self) -> Option<String> {
        let arguments = self.arguments()?;
        let script = arguments.iter().skip(1).find(|argument| !argument.as_bytes().starts_with(b"-"))?;
        Some(Path::new(script).file_name()?.to_string_lossy().into_owned())
    }

    /// The words that it was started with, the first of which is its own name; none if they cannot be read.
    pub(super) fn arguments(&self) -> Option<Vec<OsString>> {
        let bytes = read(&self.folder.join("cmdline"), ARGUMENTS).ok().filter(|bytes| !bytes.is_empty())?;
        let words = bytes.strip_suffix(b"\0").unwrap_or(&bytes).split(|byte| *byte == 0);
        Some(words.map(|word| OsString::from_vec(word.to_vec())).collect())
    }

    /// The variables that it was started with; none if they cannot be read.
    pub(super) fn variables(&self) -> Option<Variables> {
        read(&self.folder.join("environ"), VARIABLES).ok().map(|bytes| Variables(zeroize::Zeroizing::new(bytes)))
    }

    /// What a path means to it: it may see other file systems than this process does.
    pub(super) fn path(&self, path: &Path) -> PathBuf {
        match path.strip_prefix("/") {
            Ok(below) => self.folder.join("root").join(below),
            Err(_) => self.folder.join("cwd").join(path),
        }
    }

    /// The paths of the files that it has open.
    ///
    /// # Errors
    /// If they may not be seen, or are more than are looked at.
    pub(super) fn open_files(&self) -> io::Result<Vec<PathBuf>> {
        let mut entries = fs::read_dir(self.folder.join("fd"))?.flatten();
        let links = entries.by_ref().take(OPEN_FILES).filter_map(|entry| fs::read_link(entry.path()).ok());
        let paths = links.filter(|path| path.is_absolute()).collect();
        if entries.next().is_some() {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        Ok(paths)
    }

    /// Whether it looks like any process of its user: one that has given up its privileges, or keeps secrets, is
    /// shown as the superuser's, and may not be looked into. No client is.
    pub(super) fn is_ordinary(&self) -> bool {
        use std::os::unix::fs::MetadataExt;
        fs::metadata(&self.folder).is_ok_and(|folder| folder.uid() == self.user)
    }
}

/// The variables that a process was started with. Secrets may be among them.
pub(super) struct Variables(zeroize::Zeroizing<Vec<u8>>);

impl Variables {
    /// The value of a variable that is set and not empty.
    pub(super) fn get(&self, name: &str) -> Option<&Path> {
        let mut values = self
            .0
            .split(|byte| *byte == 0)
            .filter_map(|line| line.strip_prefix(name.as_bytes())?.strip_prefix(b"="));
        values.next().filter(|value| !value.is_empty()).map(|value| Path::new(OsStr::from_bytes(value)))
    }
}

/// The numbers of all processes but this one; none if the folder is no list of processes.
pub(super) fn numbers(processes: &Path) -> Option<impl Iterator<Item = u32>> {
    let own: u32 = fs::read_link(processes.join("self")).ok()?.to_str()?.parse().ok()?;
    Process::read(processes, own)?;
    let entries = fs::read_dir(processes).ok()?.flatten();
    let numbers = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    Some(numbers.filter(move |number| *number != own))
}

fn is_among(name: &str, names: &[&str]) -> bool {
    let name = name.to_ascii_lowercase();
    names.contains(&name.strip_suffix(".exe").unwrap_or(&name))
}

fn read(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}
