//! How much memory reading takes: an audit must not need the more of it the more threads it has.

use std::fs;
use std::path::Path;

use crate::discover::Group;

/// What is larger together is read and judged by the first thread alone, in bytes: each thread keeps as much memory as it
/// has ever needed, and that is some ten times what it reads.
const LARGE: u64 = 256 << 10;

/// Of what is larger, a few pages are read where it is a database, and nothing where it is not.
const READ_WHOLE: u64 = 4 << 20;

/// Whether files are too large to be read by several threads at the same time.
pub(super) fn is_large(groups: &[&Group]) -> bool {
    let size = |path: &Path| fs::metadata(path).map_or(LARGE, |metadata| metadata.len());
    let sizes = groups.iter().flat_map(|group| &group.files).map(|file| size(&file.path));
    sizes.filter(|size| *size <= READ_WHOLE).sum::<u64>() > LARGE
}
