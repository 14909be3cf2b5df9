//! Files that lie in memory.

use std::path::Path;

use super::walked::Looker;
use super::{Discovery, Wanted};
use crate::source::Reader;

impl Discovery {
    /// Looks at every file that a reader was given, as a walk looks at those below `root`.
    pub fn look_at_given(&mut self, root: &Path, reader: &Reader, wanted: &Wanted<'_>) {
        let looker = Looker::new(reader, wanted);
        reader.given_paths().for_each(|path| looker.look_at_path(path));
        self.take(looker, root);
    }
}
