//! What SQLite keeps beside a database comes and goes with its use: it is changed with the database, and is no file of
//! its own to be checked before, or to be put back.

use rustix::fs::OFlags;

use super::attributes;
use super::spot::Spot;
use super::trouble::{FileError, FileTrouble};
use crate::fix::change::{Content, FileChange};
use crate::source::sqlite::COMPANIONS;

/// The changes of files that stand for themselves, and those of what lies beside a database whose rows change, each in
/// their order.
pub(super) fn apart(changes: &[FileChange]) -> (Vec<&FileChange>, Vec<&FileChange>) {
    changes.iter().partition(|change| {
        let is_beside = |other: &FileChange| matches!(other.content, Content::Rows { .. }) && beside(change, other);
        !matches!(change.content, Content::Same) || !changes.iter().any(is_beside)
    })
}

/// Whether a file is SQLite's own beside that database.
pub(super) fn beside(file: &FileChange, database: &FileChange) -> bool {
    COMPANIONS.iter().any(|end| {
        let mut name = database.real.clone().into_os_string();
        name.push(end);
        file.real == name
    })
}

/// Gives it its mode if it is still there: SQLite deletes it when nobody uses the database any more, and gives it the
/// database's own mode when it makes it again.
pub(super) fn settle(file: &FileChange, database: &Spot) -> Result<(), FileError> {
    let Some(((_, mode), name)) = file.mode.zip(file.real.file_name()) else { return Ok(()) };
    let spot = database.sibling(name);
    let (file, stat) = match spot.open(OFlags::RDONLY) {
        Err(error) if matches!(error.trouble, FileTrouble::Missing) => return Ok(()),
        other => other?,
    };
    attributes::set_mode(&file, stat.st_mode & !0o777 | mode & 0o777, &spot)
}
