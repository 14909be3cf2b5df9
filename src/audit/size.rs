//! How much memory reading takes: an audit must not need the more of it the more threads it has.

use std::fs;
use std::path::Path;

use crate::clients::Client;
use crate::clients::startup::Startup;
use crate::discover::Group;

/// A profile that is larger is read and judged by the first thread alone, in bytes: each thread keeps as much memory as it
/// has ever needed, and that is some ten times what it reads.
const LARGE: u64 = 256 << 10;

/// The same of start-up files, of which each character needs much more: see
/// [`limits::STARTUP`](crate::model::limits::STARTUP).
const LARGE_STARTUP: u64 = 32 << 10;

/// Whether one of these profiles is too large to be read by several threads at the same time.
pub(super) fn is_large(groups: &[&Group]) -> bool {
    groups.iter().any(|group| {
        let size = |path: &Path| fs::metadata(path).map_or(LARGE, |metadata| metadata.len());
        let sizes = group.files.iter().map(|file| size(&file.path));
        let large = if group.client.name() == Startup.name() { LARGE_STARTUP } else { LARGE };
        sizes.sum::<u64>() > large
    })
}
