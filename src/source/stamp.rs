//! Whether a file is still the one that was looked at.

/// What tells the state of a file from others without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The device and the inode.
    identity: (u64, u64),
    size: u64,
    /// When its content changed last, in seconds and nanoseconds.
    changed: (i64, i64),
}

impl Stamp {
    /// The stamp of a file.
    #[cfg(unix)]
    #[must_use]
    pub fn of(metadata: &std::fs::Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        Self {
            identity: (metadata.dev(), metadata.ino()),
            size: metadata.size(),
            changed: (metadata.mtime(), metadata.mtime_nsec()),
        }
    }
}
