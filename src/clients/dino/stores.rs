//! Files of which presence and permissions are all that matters, and what databases have beside them.

use std::path::Path;

use super::recognise::is_certain;
use super::{ATTACHMENT, LOG};
use crate::clients::Found;
use crate::model::{FileKind, FileNumber, Profile, ProfileFile, Trouble};
use crate::source::Reader;
use crate::source::sqlite::{Beside, Database};

/// How many attachments are looked at.
const ATTACHMENTS: usize = 10_000;

/// Looks at `pgp.db`, which holds no private keys.
pub(super) fn read(profile: &mut Profile, found: &Found, reader: &Reader) -> Result<(), Trouble> {
    profile.add_file(reader.look_at(&found.path, found.kind)?);
    Ok(())
}

/// Whether the newest content of a database may stand in a write-ahead log that did not come along: repositories
/// often leave `*-wal` out. Elsewhere a log that is not there holds nothing.
pub(super) fn lacks_journal(file: &ProfileFile, database: &Database, reader: &Reader) -> bool {
    database.lacks_log() && reader.may_have_come_alone(&file.path)
}

/// Says what stands beside a database and was left out. The log itself is a file of the profile where more
/// people get at it than at the database: SQLite gives both the same permissions.
pub(super) fn add_beside(
    profile: &mut Profile,
    number: FileNumber,
    kind: FileKind,
    beside: &[Beside],
    reader: &Reader,
) {
    for file in beside {
        profile.note(&file.path, kind, file.trouble.clone());
    }
    let Some(database) = profile.file(number) else { return };
    let mut path = database.path.clone().into_os_string();
    path.push("-wal");
    let Ok(log) = reader.look_at(Path::new(&path), LOG) else { return };
    if log.readable_by > database.readable_by || log.writable_by > database.writable_by {
        profile.add_file(log);
    }
}

/// Looks at the attachments in `files/` beside the main database, where that lies in Dino's own folder; the
/// most open one stands for all.
pub(super) fn add_attachments(profile: &mut Profile, database: FileNumber, reader: &Reader) {
    let Some(database) = profile.file(database).filter(|file| is_certain(&file.path)) else { return };
    let Some(folder) = database.path.parent().map(|parent| parent.join("files")) else { return };
    let files = reader.list(&folder).into_iter().take(ATTACHMENTS);
    if let Some(file) = reader.most_open(files, ATTACHMENT) {
        profile.add_file(file);
    }
}
