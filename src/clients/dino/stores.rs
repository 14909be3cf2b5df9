//! Files beside the main database whose presence and permissions are all that matters.

use super::recognise::is_certain;
use super::{ATTACHMENT, OMEMO};
use crate::clients::Found;
use crate::model::{FileNumber, Profile, ProfileFile, Trouble};
use crate::source::Reader;
use crate::source::sqlite::MAGIC;

/// How many attachments are looked at.
const ATTACHMENTS: usize = 10_000;

/// Looks at `omemo.db` or `pgp.db`. Where the former is a database, a private key stands in it: one is made
/// with every account, and stays there when the account is removed.
pub(super) fn read(profile: &mut Profile, found: &Found, reader: &Reader) -> Result<(), Trouble> {
    let mut file = reader.look_at(&found.path, found.kind)?;
    let is_database = reader.head(&found.path, MAGIC.len()).is_ok_and(|head| head == MAGIC);
    file.holds_secret = found.kind == OMEMO && is_database;
    profile.add_file(file);
    Ok(())
}

/// Looks at the attachments in `files/` beside the main database, where that lies in Dino's own folder. The
/// one that most people get at stands for all: thousands of the same finding help nobody.
pub(super) fn add_attachments(profile: &mut Profile, database: FileNumber, reader: &Reader) {
    let Some(database) = profile.file(database).filter(|file| is_certain(&file.path)) else { return };
    let Some(folder) = database.path.parent().map(|parent| parent.join("files")) else { return };
    let files = reader.list(&folder).into_iter().take(ATTACHMENTS);
    let open = |file: &ProfileFile| (file.writable_by, file.readable_by);
    let mut widest: Option<ProfileFile> = None;
    for file in files.filter_map(|path| reader.look_at(&path, ATTACHMENT).ok()) {
        if widest.as_ref().is_none_or(|widest| open(&file) > open(widest)) {
            widest = Some(file);
        }
    }
    if let Some(file) = widest {
        profile.add_file(file);
    }
}
