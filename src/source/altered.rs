//! Files as they would be after a repair: laid over what lies on the disk, so that a repair can be judged before
//! anything is written.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use zeroize::Zeroizing;

use super::sqlite::Overlay;

/// What would be different about a file.
#[derive(Clone, Debug, Default)]
pub struct Altered {
    /// What would stand in it; none if that stays as it is.
    pub bytes: Option<Zeroizing<Vec<u8>>>,
    /// Which pages of it would be others, if it is a database.
    pub pages: Option<Arc<Overlay>>,
    /// Its permission bits; none if they stay as they are.
    pub mode: Option<u32>,
    /// Whether it would be gone.
    pub gone: bool,
}

/// Files that would be different, by their paths without links.
#[derive(Clone, Debug, Default)]
pub struct Alterations(BTreeMap<PathBuf, Altered>);

impl Alterations {
    /// What would be different about the file at a path without links.
    #[must_use]
    pub fn of(&self, real: &Path) -> Option<&Altered> {
        self.0.get(real)
    }

    /// Whether nothing would be different.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<(PathBuf, Altered)> for Alterations {
    fn from_iter<I: IntoIterator<Item = (PathBuf, Altered)>>(files: I) -> Self {
        Self(files.into_iter().collect())
    }
}
