//! How much memory reading takes: an audit must not need the more of it the more threads it has.

use std::fs;
use std::path::Path;

use crate::discover::Group;

/// A profile that is larger is read and judged by the first thread alone, in bytes: each thread keeps as much memory as it
/// has ever needed, and that is some ten times what it reads.
const LARGE: u64 = 384 << 10;

/// Of what is larger, a few pages are read where it is a database, and nothing where it is not.
const READ_WHOLE: u64 = 4 << 20;

/// Whether one of these profiles is too large to be read by several threads at the same time.
pub(super) fn is_large(groups: &[&Group]) -> bool {
    groups.iter().any(|group| {
        let size = |path: &Path| fs::metadata(path).map_or(LARGE, |metadata| metadata.len());
        let sizes = group.files.iter().map(|file| size(&file.path));
        sizes.filter(|size| *size <= READ_WHOLE).sum::<u64>() > LARGE
    })
}
