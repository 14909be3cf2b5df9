//! Taking repairs back.

use std::path::PathBuf;

use rustix::fs::OFlags;
use thiserror::Error;

use super::apply::{self, Options};
use super::attributes;
use super::database::{HotJournal, Standing, Writer, is_hot};
use super::record::{ContentRecord, FileRecord, Kept, Note, Record, RowChange, State};
use super::recover::recover;
use super::replace::{Names, Replacement, content};
use super::spot::{Lock, Spot};
use super::state::{JournalError, StateFolder};
use super::trouble::{FileError, FileTrouble};
use super::way::Way;

/// The largest text that is put back, in bytes.
const LARGEST: usize = 64 << 20;

/// A repair in the journal.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its name.
    pub id: String,
    /// When it was made, as RFC 3339 writes it.
    pub made: String,
    /// How far it has come.
    pub state: State,
    /// What it is about.
    pub about: Vec<Note>,
    /// The files, by the paths that they were found under.
    pub files: Vec<PathBuf>,
}

/// A repair that was taken back.
#[derive(Clone, Debug)]
pub struct Undone {
    /// Its name in the journal.
    pub id: String,
    /// The files, by the paths that they were found under, and what has become of each.
    pub files: Vec<(PathBuf, Restored)>,
}

/// What has become of a file when a repair was taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Restored {
    /// Every byte is as it was.
    Exactly,
    /// A database says what it said; its bytes are others.
    InContent,
    /// All is as it was but for the secret, which was not kept.
    ButForSecret,
    /// There was nothing to be taken back.
    AlreadyAsItWas,
    /// It was deleted, and no copy was kept.
    NotKept,
}

/// Why a repair could not be taken back.
#[derive(Debug, Error)]
pub enum UndoError {
    /// Something is wrong with the journal.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// Something is wrong with a file.
    #[error(transparent)]
    File(#[from] FileError),
}

/// The repairs in the journal, in the order in which they were made.
///
/// # Errors
/// If the journal cannot be read.
pub fn list(options: &Options) -> Result<Vec<Entry>, JournalError> {
    let Some(state) = StateFolder::open(&options.state_folder)? else { return Ok(Vec::new()) };
    state.ids()?.iter().map(|id| state.read(id).map(entry)).collect()
}

fn entry(record: Record) -> Entry {
    let files = record.files.iter().map(|file| file.found.path()).collect();
    Entry { id: record.id, made: record.made, state: record.state, about: record.about, files }
}

/// Takes a repair back, the last one that was not yet where none is named.
///
/// Every file is looked at before the first one is touched: if what the repair left does not stand there any more,
/// nothing is done.
///
/// # Errors
/// Says why it was not taken back, or not all of it. It can be tried again.
pub fn undo(id: Option<&str>, options: &Options) -> Result<Undone, UndoError> {
    let state = StateFolder::locked(&options.state_folder)?;
    state.tidy();
    let mut record = match id {
        Some(id) => state.read(id)?,
        None => last(&state)?,
    };
    if record.state == State::Undone {
        // What stands there now is of no concern: the same repair may have been made again.
        let files = record.files.iter().map(|file| (file.found.path(), Restored::AlreadyAsItWas)).collect();
        return Ok(Undone { id: record.id, files });
    }
    let _locks = lock(&record)?;
    if record.state == State::Begun || record.state == State::Undoing {
        recover(&record)?;
    }
    for file in &record.files {
        standing(file, &Spot::hold(&file.real.path())?)?;
    }
    record.state = State::Undoing;
    state.write(&record)?;
    let files = take_back(&record)?;
    record.state = State::Undone;
    state.write(&record)?;
    Ok(Undone { id: record.id, files })
}

fn last(state: &StateFolder) -> Result<Record, JournalError> {
    for id in state.ids()?.iter().rev() {
        let record = state.read(id)?;
        if record.state != State::Undone {
            return Ok(record);
        }
    }
    Err(JournalError::Nothing)
}

/// Locks the folders of all files of a repair.
pub(super) fn lock(record: &Record) -> Result<Vec<Lock>, FileError> {
    let spots = record.files.iter().map(|file| Spot::hold(&file.real.path())).collect::<Result<Vec<_>, _>>()?;
    apply::lock(&spots)
}

/// Puts the files back, the last one first.
pub(super) fn take_back(record: &Record) -> Result<Vec<(PathBuf, Restored)>, FileError> {
    let mut done = Vec::new();
    for file in record.files.iter().rev() {
        done.push((file.found.path(), take_back_one(file)?));
    }
    done.reverse();
    Ok(done)
}

/// Puts one file back.
pub(super) fn take_back_one(file: &FileRecord) -> Result<Restored, FileError> {
    restore(file, &Spot::hold(&file.real.path())?)
}

/// In which of its two states a file is. An error if it is in neither.
pub(super) fn standing(file: &FileRecord, spot: &Spot) -> Result<Standing, FileError> {
    let content = match &file.content {
        ContentRecord::Same => None,
        ContentRecord::Text { way, .. } => Some(standing_of_text(way, spot)?),
        ContentRecord::Rows { steps, .. } => Some(Writer::begin(spot, HotJournal::RolledBack)?.standing(steps)?),
        ContentRecord::Gone { kept } => return standing_of_gone(kept.as_ref(), spot),
    };
    let mode = standing_of_mode(file, spot)?;
    // Between the two of them a repair may have been stopped.
    Ok(if content == Some(Standing::New) || mode == Some(Standing::New) { Standing::New } else { Standing::Old })
}

fn standing_of_text(way: &Way, spot: &Spot) -> Result<Standing, FileError> {
    let (mut file, _) = spot.open(OFlags::RDONLY)?;
    let text = content(&mut file, LARGEST, spot)?;
    if way.is_new(&text) {
        Ok(Standing::New)
    } else if way.is_restored(&text) || way.is_old(&text) {
        Ok(Standing::Old)
    } else {
        Err(spot.error(FileTrouble::ChangedSince))
    }
}

fn standing_of_mode(file: &FileRecord, spot: &Spot) -> Result<Option<Standing>, FileError> {
    let Some((old, new)) = file.mode else { return Ok(None) };
    let mode = spot.open(OFlags::RDONLY)?.1.st_mode & 0o777;
    if mode == new {
        Ok(Some(Standing::New))
    } else if mode == old {
        Ok(Some(Standing::Old))
    } else {
        Err(spot.error(FileTrouble::ChangedSince))
    }
}

fn standing_of_gone(kept: Option<&Kept>, spot: &Spot) -> Result<Standing, FileError> {
    if !spot.is_there() {
        return Ok(Standing::New);
    }
    let Some(kept) = kept else { return Ok(Standing::Old) };
    let (mut file, _) = spot.open(OFlags::RDONLY)?;
    let is_it = content(&mut file, kept.bytes.0.len(), spot)?.as_slice() == kept.bytes.0.as_slice();
    if is_it { Ok(Standing::Old) } else { Err(spot.error(FileTrouble::ChangedSince)) }
}

fn restore(file: &FileRecord, spot: &Spot) -> Result<Restored, FileError> {
    if standing(file, spot)? == Standing::Old {
        return Ok(Restored::AlreadyAsItWas);
    }
    let names = Names::beside(spot, &file.stem);
    match &file.content {
        ContentRecord::Same => restore_mode(file, spot).map(|()| Restored::Exactly),
        ContentRecord::Text { way, .. } => restore_text(way, file, spot, &names),
        ContentRecord::Rows { .. } => {
            let restored = restore_rows(file, spot, &names)?;
            restore_mode(file, spot)?;
            Ok(restored)
        }
        ContentRecord::Gone { kept: None } => Ok(Restored::NotKept),
        ContentRecord::Gone { kept: Some(kept) } => restore_gone(kept, spot, &names).map(|()| Restored::Exactly),
    }
}

fn restore_mode(file: &FileRecord, spot: &Spot) -> Result<(), FileError> {
    let Some((old, _)) = file.mode else { return Ok(()) };
    let (file, stat) = spot.open(OFlags::RDONLY)?;
    attributes::set_mode(&file, stat.st_mode & !0o777 | old & 0o777, spot)?;
    file.sync_all().map_err(|error| spot.error(FileTrouble::of_io("write it to the disk", &error)))
}

const fn outcome(is_exact: bool) -> Restored {
    if is_exact { Restored::Exactly } else { Restored::ButForSecret }
}

fn restore_text(way: &Way, record: &FileRecord, spot: &Spot, names: &Names) -> Result<Restored, FileError> {
    let (mut file, stat) = spot.open(OFlags::RDONLY)?;
    let now = content(&mut file, LARGEST, spot)?;
    // Only the permissions may be left to put back.
    let old = if way.is_new(&now) { way.back(&now) } else { Some(now.clone()) };
    let old = old.ok_or_else(|| spot.error(FileTrouble::ChangedSince))?;
    let mode = record.mode.map(|(old, _)| (stat.st_mode & 0o777, old));
    let replacement = Replacement { old: &now, new: &old, mode, forgets: false };
    if *old != *now || mode.is_some_and(|(now, old)| now != old) {
        replacement.make(spot, names)?;
    }
    Ok(outcome(way.is_exact()))
}

fn restore_gone(kept: &Kept, spot: &Spot, names: &Names) -> Result<(), FileError> {
    use std::io::Write;
    let mut file = names.part.create()?;
    let written = (|| {
        let io = |error: std::io::Error| spot.error(FileTrouble::of_io("write it", &error));
        file.write_all(&kept.bytes.0).map_err(io)?;
        attributes::set_owner(&file, kept.owner, kept.group, spot)?;
        attributes::set_mode(&file, kept.mode, spot)?;
        file.sync_all().map_err(io)?;
        names.part.rename(spot)
    })();
    if written.is_err() {
        let _ = names.part.unlink();
    }
    written?;
    spot.sync_folder()
}

fn restore_rows(record: &FileRecord, spot: &Spot, names: &Names) -> Result<Restored, FileError> {
    let ContentRecord::Rows { steps, exact, .. } = &record.content else {
        return Err(spot.error(FileTrouble::ChangedSince));
    };
    let is_exact = |change: &RowChange| match change {
        RowChange::Text { way, .. } => way.is_exact(),
        _ => true,
    };
    let forgot = steps.iter().any(|step| !is_exact(&step.change));
    let mut writer = Writer::begin(spot, HotJournal::RolledBack)?;
    if writer.standing(steps)? == Standing::Old {
        // Taking it back was stopped before the permissions.
        return Ok(if forgot { Restored::ButForSecret } else { Restored::InContent });
    }
    let now = exact.as_ref().filter(|_| !is_hot(&spot.beside("-journal"))).and_then(|_| writer.bytes());
    if let Some((old, now)) = exact.as_ref().zip(now).and_then(|(exact, now)| Some((exact.back(&now)?, now))) {
        // Under SQLite's lock: nobody writes to the file that is given up.
        Replacement { old: &now, new: &old, mode: None, forgets: false }.make(spot, names)?;
        return Ok(Restored::Exactly);
    }
    if let Err(error) = writer.put_back(steps).and_then(|()| writer.commit()) {
        writer.give_up();
        return Err(error);
    }
    writer.settle(false);
    Ok(if forgot { Restored::ButForSecret } else { Restored::InContent })
}
