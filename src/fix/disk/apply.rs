//! Carrying out what was planned: all of it, or nothing.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};
use std::path::PathBuf;

use rustix::fs::OFlags;
use thiserror::Error;
use time::OffsetDateTime;

use super::attributes;
use super::companions;
use super::database::{HotJournal, Writer};
use super::delta::Delta;
use super::record::{ContentRecord, FORMAT, FileRecord, Kept, Location, Note, Record, State};
use super::recover::recover_all;
use super::replace::{Names, Replacement, check_mode, content};
use super::rows_record::{self, replaced};
use super::spot::{Identity, Lock, Spot};
use super::state::{JournalError, StateFolder};
use super::trouble::{FileError, FileTrouble};
use super::undo::{self, UndoError, Undone};
use super::way::{Bytes, Way};
use crate::fix::change::{Content, FileChange};
use crate::source::Stamp;

/// The largest deleted file of which a copy is kept, in bytes.
const LARGEST_KEPT: usize = 16 << 20;

/// How repairs are made.
#[derive(Clone, Debug)]
pub struct Options {
    /// The folder of the journal: `$XDG_STATE_HOME/xmpp-audit`.
    pub state_folder: PathBuf,
    /// Whether the journal keeps secrets that are taken away, so that they can be put back.
    pub keep_secrets: bool,
}

/// A repair that was made.
#[derive(Debug)]
pub struct Applied {
    /// Its name in the journal.
    pub id: String,
    /// The files, in the order in which they were given, but what lies beside a database behind it, and deleted ones
    /// last.
    pub files: Vec<AppliedFile>,
    /// Everything that is needed to take it back, secrets included; it never leaves this process.
    whole: Record,
}

/// A file that was put right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppliedFile {
    /// The path that it was found under.
    pub path: PathBuf,
    /// Whether old copies of a secret that was taken away may be left in the database, because another program is
    /// using it or it is too large to be rebuilt.
    pub has_traces: bool,
}

/// Why a repair was not made. Every file is as it was, unless something else is said.
#[derive(Debug, Error)]
pub enum ApplyError {
    /// Nothing was to be done.
    #[error("there is nothing to be repaired")]
    Nothing,
    /// Something is wrong with the journal.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// Something is wrong with a file. Whatever was done to others has been taken back.
    #[error(transparent)]
    File(#[from] FileError),
    /// Something is wrong with a file, and what was done to others could not be taken back.
    #[error("{error}; and what was done before could not be taken back: {back}; see `undo {id}`")]
    Stuck {
        /// What went wrong at first.
        error: FileError,
        /// Why it was not taken back.
        back: Box<UndoError>,
        /// The name of the repair in the journal.
        id: String,
    },
}

/// Carries out changes: all of them, or none.
///
/// # Errors
/// Says why nothing was changed.
pub fn apply(changes: &[FileChange], options: &Options, about: &[Note]) -> Result<Applied, ApplyError> {
    if changes.is_empty() {
        return Err(ApplyError::Nothing);
    }
    let state = StateFolder::locked(&options.state_folder)?;
    recover_all(&state)?;
    let now = OffsetDateTime::now_utc();
    let id = id_of(now);
    let (mut own, companions) = companions::apart(changes);
    // Deleted last: of a large file there is no copy that could be put back if something else goes wrong.
    own.sort_by_key(|change| matches!(change.content, Content::Gone));
    let spots = own.iter().map(|change| Spot::hold(&change.real)).collect::<Result<Vec<_>, _>>()?;
    let _locks = lock(&spots)?;
    let mut files = Vec::new();
    for (number, (change, spot)) in own.into_iter().zip(&spots).enumerate() {
        let mut file = Prepared::of(change, spot, format!(".xmpp-audit-{id}-{number}"))?;
        file.companions = companions.iter().copied().filter(|file| companions::beside(file, change)).collect();
        files.push(file);
    }
    let record = |keeps_secrets| -> Result<Record, FileError> {
        Ok(Record {
            format: FORMAT,
            id: id.clone(),
            state: State::Begun,
            made: made_at(now),
            program: env!("CARGO_PKG_VERSION").to_owned(),
            about: about.to_vec(),
            files: files.iter().map(|file| file.record(keeps_secrets)).collect::<Result<_, _>>()?,
        })
    };
    let (whole, mut kept) = (record(true)?, record(options.keep_secrets)?);
    state.write(&kept)?;
    let mut applied = Vec::new();
    for number in 0..files.len() {
        let Some((file, record)) = files.get_mut(number).zip(kept.files.get_mut(number)) else { continue };
        match file.carry_out(record, options.keep_secrets) {
            Ok(has_traces) => {
                let applied_file =
                    |change: &FileChange, has_traces| AppliedFile { path: change.path.clone(), has_traces };
                applied.push(applied_file(file.change, has_traces));
                applied.extend(file.companions.iter().map(|companion| applied_file(companion, false)));
            }
            Err(error) => {
                // Their locks would be in the way.
                drop(files);
                return Err(taken_back(&state, whole, kept, number, error));
            }
        }
    }
    drop(files);
    kept.state = State::Done;
    state.write(&kept)?;
    Ok(Applied { id, files: applied, whole })
}

/// Takes back what was done until something went wrong with the file of that number.
fn taken_back(
    state: &StateFolder,
    mut whole: Record,
    mut kept: Record,
    number: usize,
    error: FileError,
) -> ApplyError {
    // That one may have been changed in part: its permissions were not. Where it was not changed at all, because it is
    // not what was planned, there is nothing to be taken back.
    let last = whole.files.get(number).cloned();
    whole.files.truncate(number);
    let done = match last.map(|file| undo::take_back_one(&file)) {
        Some(Err(back)) if !matches!(back.trouble, FileTrouble::ChangedSince | FileTrouble::Missing) => Err(back),
        _ => undo::take_back(&whole).and_then(all_kept),
    };
    match done {
        Ok(()) => {
            kept.state = State::Undone;
            match state.write(&kept) {
                Ok(()) => ApplyError::File(error),
                Err(journal) => ApplyError::Journal(journal),
            }
        }
        Err(back) => ApplyError::Stuck { error, back: Box::new(back.into()), id: kept.id },
    }
}

/// Sees that nothing is missing that was deleted.
fn all_kept(files: Vec<(PathBuf, undo::Restored)>) -> Result<(), FileError> {
    let missing = files.into_iter().find(|(_, restored)| *restored == undo::Restored::NotKept);
    missing.map_or(Ok(()), |(path, _)| Err(FileError::new(&path, FileTrouble::NotKept)))
}

impl Applied {
    /// Takes the repair back with everything that it has taken away, secrets included: for when the files turn out not
    /// to be as they were meant to be. Later on, [`undo`](super::undo()) puts back only what the journal has kept.
    ///
    /// # Errors
    /// Says what could not be put back.
    pub fn take_back(self, options: &Options) -> Result<Undone, UndoError> {
        let state = StateFolder::locked(&options.state_folder)?;
        let mut kept = state.read(&self.id)?;
        let _locks = undo::lock(&self.whole)?;
        kept.state = State::Undoing;
        state.write(&kept)?;
        let files = undo::take_back(&self.whole)?;
        kept.state = State::Undone;
        state.write(&kept)?;
        Ok(Undone { id: self.id, files })
    }
}

/// Locks the folders of all files, each once.
pub(super) fn lock(spots: &[Spot]) -> Result<Vec<Lock>, FileError> {
    let folders: BTreeMap<_, _> = spots.iter().map(|spot| (spot.folder_identity(), spot)).collect();
    folders.values().map(|spot| spot.lock_folder()).collect()
}

/// A name for a repair, that sorts by its time.
fn id_of(time: OffsetDateTime) -> String {
    let (hour, minute, second, part) = time.to_hms_micro();
    let drawn = RandomState::new().hash_one(std::process::id()) & 0xffff;
    format!("{}T{hour:02}{minute:02}{second:02}-{part:06}Z-{drawn:04x}", time.date())
}

/// A moment, as RFC 3339 writes it.
fn made_at(time: OffsetDateTime) -> String {
    let (hour, minute, second) = time.to_hms();
    format!("{}T{hour:02}:{minute:02}:{second:02}Z", time.date())
}

/// A file that was checked, and can be changed.
struct Prepared<'a> {
    change: &'a FileChange,
    /// What lies beside a database.
    companions: Vec<&'a FileChange>,
    spot: &'a Spot,
    names: Names,
    stem: String,
    writer: Option<Writer>,
    rows: Vec<rows_record::Step>,
    gone: Option<Kept>,
}

impl<'a> Prepared<'a> {
    fn of(change: &'a FileChange, spot: &'a Spot, stem: String) -> Result<Self, FileError> {
        let names = Names::beside(spot, &stem);
        let mut prepared =
            Self { change, companions: Vec::new(), spot, names, stem, writer: None, rows: Vec::new(), gone: None };
        match &change.content {
            Content::Text { .. } => prepared.replacement()?.check(spot).map(drop)?,
            Content::Rows { rounds, imprints } => {
                let writer = Writer::begin(spot, HotJournal::Refused)?;
                check_mode(writer.stat(), change.mode, spot)?;
                prepared.rows = rows_record::steps(&writer, spot, rounds, imprints)?;
                prepared.writer = Some(writer);
            }
            Content::Same => drop(prepared.unread()?),
            Content::Gone => {
                let mut file = prepared.unread()?;
                let stat = rustix::fs::fstat(&file).map_err(spot.wrong("look at it"))?;
                let size = usize::try_from(stat.st_size).unwrap_or(usize::MAX);
                if size <= LARGEST_KEPT {
                    let bytes = Bytes(content(&mut file, size, spot)?);
                    let (owner, group) = (stat.st_uid, stat.st_gid);
                    prepared.gone = Some(Kept { bytes, mode: stat.st_mode & 0o7777, owner, group });
                }
            }
        }
        Ok(prepared)
    }

    /// Opens a file whose content was not looked at when the repair was planned, and checks that it is the same.
    fn unread(&self) -> Result<std::fs::File, FileError> {
        let (file, stat) = self.spot.open(OFlags::RDONLY)?;
        check_mode(&stat, self.change.mode, self.spot)?;
        let stamp = file.metadata().ok().as_ref().map(Stamp::of);
        if self.change.stamp.is_some() && self.change.stamp != stamp {
            return Err(self.spot.error(FileTrouble::Changed));
        }
        Ok(file)
    }

    fn replacement(&self) -> Result<Replacement<'a>, FileError> {
        match &self.change.content {
            Content::Text { old, new, .. } => {
                Ok(Replacement { old, new, mode: self.change.mode, forgets: self.change.content.forgets() })
            }
            _ => Err(self.spot.error(FileTrouble::Changed)),
        }
    }

    fn record(&self, keeps_secrets: bool) -> Result<FileRecord, FileError> {
        let forgets = self.change.content.forgets();
        let content = match &self.change.content {
            Content::Same => ContentRecord::Same,
            Content::Gone => ContentRecord::Gone { kept: self.gone.clone().filter(|_| keeps_secrets) },
            Content::Text { old, rounds, .. } => {
                let way = Way::of(old, rounds, keeps_secrets).map_err(|_| self.spot.error(FileTrouble::Changed))?;
                ContentRecord::Text { way, forgets }
            }
            Content::Rows { .. } => {
                let steps = rows_record::records(&self.rows, keeps_secrets)
                    .map_err(|_| self.spot.error(FileTrouble::Changed))?;
                ContentRecord::Rows { steps, exact: None, forgets }
            }
        };
        Ok(FileRecord {
            real: Location::of(&self.change.real),
            found: Location::of(&self.change.path),
            stem: self.stem.clone(),
            mode: self.change.mode,
            content,
        })
    }

    /// Changes the file. Says whether traces of a secret may be left.
    fn carry_out(&mut self, record: &mut FileRecord, keeps_secrets: bool) -> Result<bool, FileError> {
        match &self.change.content {
            Content::Text { .. } => self.replacement()?.make(self.spot, &self.names).map(|()| false),
            Content::Same => self.change_mode(&self.unread()?).map(|()| false),
            Content::Gone => self.delete().map(|()| false),
            Content::Rows { rounds, .. } => self.change_rows(rounds, record, keeps_secrets),
        }
    }

    fn change_mode(&self, file: &std::fs::File) -> Result<(), FileError> {
        let Some((_, new)) = self.change.mode else { return Ok(()) };
        let stat = rustix::fs::fstat(file).map_err(self.spot.wrong("look at it"))?;
        attributes::set_mode(file, stat.st_mode & !0o777 | new & 0o777, self.spot)?;
        file.sync_all().map_err(|error| self.spot.error(FileTrouble::of_io("write it to the disk", &error)))
    }

    /// Deletes the file, under another name: whoever is stopped in the midst of overwriting it leaves no such file in
    /// its place.
    fn delete(&self) -> Result<(), FileError> {
        let file = self.unread()?;
        let stat = rustix::fs::fstat(&file).map_err(self.spot.wrong("look at it"))?;
        self.spot.rename(&self.names.new)?;
        let is_it = self.names.new.stat().is_ok_and(|found| Identity::of(&found) == Identity::of(&stat));
        if !is_it {
            let _ = self.names.new.rename(self.spot);
            return Err(self.spot.error(FileTrouble::Changed));
        }
        self.names.give_up_taken_out(true)
    }

    fn change_rows(
        &mut self,
        rounds: &[Vec<crate::model::RowEdit>],
        record: &mut FileRecord,
        keeps_secrets: bool,
    ) -> Result<bool, FileError> {
        let Some(mut writer) = self.writer.take() else { return Err(self.spot.error(FileTrouble::Changed)) };
        let forgets = self.change.content.forgets();
        let old = if forgets && !keeps_secrets { None } else { writer.bytes() };
        if let Err(error) = writer.change(rounds).and_then(|()| writer.commit()) {
            writer.give_up();
            return Err(error);
        }
        let has_traces = !writer.settle(forgets) && forgets && writer.may_hold(&rows_record::secrets(&self.rows));
        self.change_mode(writer.file())?;
        if let ContentRecord::Rows { steps, exact, .. } = &mut record.content {
            let new = old.as_ref().and_then(|_| writer.bytes());
            let only = (!keeps_secrets).then(|| replaced(steps));
            *exact = old.zip(new).and_then(|(old, new)| Delta::of(&old, &new, only.as_deref()));
        }
        // Closed before: whoever closes a descriptor of what lies beside would give up SQLite's locks on it.
        drop(writer);
        self.companions.iter().try_for_each(|companion| companions::settle(companion, self.spot))?;
        Ok(has_traces)
    }
}
