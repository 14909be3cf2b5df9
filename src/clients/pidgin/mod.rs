//! Pidgin and Finch.

use std::path::{Path, PathBuf};

use super::{Client, Found, KnownPlace};
use crate::model::{ClientName, FileKind, Profile};
use crate::source::Reader;

/// The client itself.
pub struct Pidgin;

impl Client for Pidgin {
    fn name(&self) -> ClientName {
        ClientName("pidgin")
    }

    fn title(&self) -> &'static str {
        "Pidgin"
    }

    fn known_places(&self) -> &'static [KnownPlace] {
        &[]
    }

    fn may_be_named(&self, _name: &[u8]) -> bool {
        false
    }

    fn recognise(&self, _path: &Path, _head: &[u8]) -> Option<FileKind> {
        None
    }

    fn profile_key(&self, found: &Found) -> PathBuf {
        found.path.clone()
    }

    fn read(&self, found: &[Found], _reader: &Reader) -> Profile {
        Profile::new(self.name(), found.first().map(|file| file.path.clone()).unwrap_or_default())
    }
}
