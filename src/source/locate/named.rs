//! Paths where folders cannot be held: links are left to the system, and what it found is compared afterwards.

use std::ffi::OsString;
use std::fs::{self, Metadata, OpenOptions};
use std::path::{Path, PathBuf};

use super::super::access::Permissions;
use super::super::reader::{Open, trouble};
use super::MOST_ENTRIES;
use crate::model::Trouble;

/// Finds what paths lead to.
#[derive(Debug, Default)]
pub(in crate::source) struct Places;

/// What a path leads to. It is not yet open.
#[derive(Debug)]
pub(in crate::source) struct Located {
    real: PathBuf,
    /// What is known about it.
    pub metadata: Metadata,
}

impl Places {
    /// What the path leads to.
    ///
    /// # Errors
    /// Says why it cannot be found.
    #[expect(clippy::unused_self, reason = "where folders can be held, they are remembered")]
    pub(in crate::source) fn locate(&self, path: &Path) -> Result<Located, Trouble> {
        let real = fs::canonicalize(path).map_err(|error| trouble(&error, path))?;
        let metadata = fs::symlink_metadata(&real).map_err(|error| trouble(&error, path))?;
        Ok(Located { real, metadata })
    }
}

impl Located {
    /// The folder that it lies in, without links.
    pub(in crate::source) fn folder(&self) -> &Path {
        self.real.parent().unwrap_or(&self.real)
    }

    /// Its path without links.
    pub(in crate::source) fn real(&self) -> PathBuf {
        self.real.clone()
    }

    /// Its permissions.
    pub(in crate::source) fn permissions(&self) -> Option<Permissions> {
        Permissions::of(&self.metadata)
    }

    /// Whether a file at `source` may name this: where owners cannot be compared, always.
    #[expect(clippy::unused_self, reason = "where folders can be held, owners are compared")]
    pub(in crate::source) const fn may_be_named_by(&self, _: &Self) -> bool {
        true
    }

    /// Opens a regular file for reading.
    ///
    /// # Errors
    /// Says why it cannot be read.
    pub(in crate::source) fn open(&self) -> Result<Open, Trouble> {
        // Asked before opening as well: the mere opening of some devices does something.
        if !self.metadata.is_file() {
            return Err(Trouble::NotRegular);
        }
        let file = options().open(&self.real).map_err(|error| trouble(&error, &self.real))?;
        let metadata = file.metadata().map_err(|error| trouble(&error, &self.real))?;
        if metadata.is_file() { Ok(Open { file, metadata }) } else { Err(Trouble::NotRegular) }
    }

    /// What lies beside it under its name with something at the end; a link only where it leads to something in the
    /// same folder: whoever wrote it must not make the audit read other people's files.
    ///
    /// # Errors
    /// Says why it cannot be found.
    pub(in crate::source) fn beside(&self, suffix: &str) -> Result<Self, Trouble> {
        let mut path = OsString::from(&self.real);
        path.push(suffix);
        let beside = Places.locate(Path::new(&path))?;
        if beside.real.parent() == self.real.parent() { Ok(beside) } else { Err(Trouble::NotRegular) }
    }

    /// The names of what lies in it, in no order; none if it is no folder.
    pub(in crate::source) fn entries(&self) -> Vec<OsString> {
        let entries = fs::read_dir(&self.real).into_iter().flatten().flatten();
        entries.map(|entry| entry.file_name()).take(MOST_ENTRIES).collect()
    }
}

#[cfg(unix)]
impl Located {
    /// What tells it from everything else on this machine, whatever its name.
    pub(in crate::source) fn identity(&self) -> (u64, u64) {
        use std::os::unix::fs::MetadataExt;
        (self.metadata.dev(), self.metadata.ino())
    }
}

#[cfg(unix)]
fn options() -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;

    use rustix::fs::OFlags;
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC | OFlags::NOCTTY;
    let mut options = OpenOptions::new();
    options.read(true).custom_flags(i32::try_from(flags.bits()).unwrap_or_default());
    options
}

#[cfg(not(unix))]
fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true);
    options
}
