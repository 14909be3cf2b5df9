//! How far an audit has come, for whoever wants to show it.

use std::path::Path;

/// Is told how far an audit has come.
///
/// The library shows nothing itself, and nothing that is told here changes the result. Several threads tell it at once.
pub trait Progress: Sync {
    /// So many files have been found, and will be read and judged.
    fn found(&self, files: usize);

    /// So many more files, the first of them at `path`, are about to be read and judged. The path is not yet harmless
    /// for a terminal: see [`crate::report::harmless`].
    fn reads(&self, path: &Path, files: usize);
}

/// Nobody is told.
pub struct Untold;

impl Progress for Untold {
    fn found(&self, _: usize) {}

    fn reads(&self, _: &Path, _: usize) {}
}
