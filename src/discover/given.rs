//! Files that lie in memory.

use super::{Discovery, Wanted};
use crate::source::Reader;

impl Discovery {
    /// Looks at every file that a reader was given, as a walk looks at those of a folder.
    pub fn look_at_given(&mut self, reader: &Reader, wanted: &Wanted<'_>) {
        for path in reader.given_paths() {
            let name = path.file_name().unwrap_or_default();
            self.look_at_entry(path, name.as_encoded_bytes(), reader, wanted);
        }
    }
}
