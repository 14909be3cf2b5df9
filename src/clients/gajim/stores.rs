//! What lies beside the settings: accepted certificates, keys, messages.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::kinds::CERTIFICATE;
use super::{places, stores_beside};
use crate::model::{CertificateException, FileKind, Place, Profile, Span, Text, Trouble};
use crate::source::Reader;
use crate::syntax::certificate;

/// Where stores are looked for, and what is known about who reads them.
pub(super) struct Stores<'a> {
    /// Folders in which they may lie.
    pub folders: &'a [PathBuf],
    /// The name of the profile; empty for the usual one.
    pub profile_name: &'a str,
    /// Whether the certificates in `cacerts.pem` are accepted.
    pub reads_cacerts: bool,
}

impl Stores<'_> {
    /// Looks at every store that was found and at those in the folders.
    pub(super) fn read(&self, profile: &mut Profile, found: Vec<(PathBuf, FileKind)>, reader: &Reader) {
        let mut seen = HashSet::new();
        let beside =
            self.folders.iter().flat_map(|folder| stores_beside::in_folder(folder, self.profile_name, reader));
        for (path, kind) in found.into_iter().chain(beside) {
            if !seen.insert(path.clone()) {
                continue;
            }
            let is_dead = !self.reads_cacerts && path.file_name().is_some_and(|name| name == "cacerts.pem");
            if kind == CERTIFICATE && !is_dead {
                certificate(profile, &path, reader);
            } else {
                look_at(profile, &path, kind, reader);
            }
        }
        for folder in self.folders {
            for file in stores_beside::crowds(folder, self.profile_name, reader) {
                if seen.insert(file.path.clone()) {
                    profile.add_file(file);
                }
            }
        }
    }
}

fn look_at(profile: &mut Profile, path: &Path, kind: FileKind, reader: &Reader) {
    match reader.look_at(path, kind) {
        Ok(file) => {
            profile.add_file(file);
        }
        Err(trouble) => note(profile, path, kind, trouble),
    }
}

fn note(profile: &mut Profile, path: &Path, kind: FileKind, trouble: Trouble) {
    // A folder of that name is no trouble, and what vanished meanwhile is none of ours.
    if !matches!(trouble, Trouble::NotRegular | Trouble::Missing) {
        profile.note(path, kind, trouble);
    }
}

/// Certificates that the user accepted. They lift an unknown issuer, and no other fault: for a wrong name there
/// is no way to go on (observed with 1.7.3).
fn certificate(profile: &mut Profile, path: &Path, reader: &Reader) {
    let (file, bytes) = match reader.read(path, CERTIFICATE) {
        Ok(read) => read,
        Err(trouble) => return note(profile, path, CERTIFICATE, trouble),
    };
    let starts = certificate_starts(&bytes);
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let number = profile.add_file(file);
    for (index, start) in starts.iter().enumerate() {
        let words = if starts.len() == 1 { name.clone() } else { format!("{name} / certificate {}", index + 1) };
        let span = Span::new(*start, start + certificate::BEGIN.len());
        profile.certificate_exceptions.push(CertificateException {
            place: Place::in_text(number, span, words),
            name: name.clone(),
            every_host: false,
            self_signed: None,
        });
    }
    if let Some(file) = profile.file_mut(number) {
        file.text = Some(Text::new(bytes));
    }
}

fn certificate_starts(bytes: &[u8]) -> Vec<usize> {
    let line = certificate::BEGIN;
    bytes.windows(line.len()).enumerate().filter(|(_, window)| *window == line).map(|(at, _)| at).collect()
}

/// The folders in which stores may lie that belong to a settings file; none for a copy somewhere else.
pub(super) fn folders_beside(settings: &Path) -> Vec<PathBuf> {
    let folder = settings.parent().filter(|folder| places::is_gajim_folder(folder));
    folder.map(places::data_folders).unwrap_or_default()
}
