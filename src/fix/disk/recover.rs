//! Cleaning up after a repair that was stopped in its midst.

use rustix::fs::OFlags;

use super::database::{HotJournal, Standing, Writer};
use super::record::{ContentRecord, FileRecord, Record, State};
use super::replace::{Names, content, give_up, put_back};
use super::spot::Spot;
use super::state::{JournalError, StateFolder};
use super::trouble::FileError;
use super::undo::{lock, standing};

/// The largest text that is looked at, in bytes.
const LARGEST: usize = 64 << 20;

/// Cleans up after every repair that was stopped. Files that cannot be reached now are left for another time.
pub(super) fn recover_all(state: &StateFolder) -> Result<(), JournalError> {
    state.tidy();
    for id in state.ids()? {
        // What cannot be read is of no use, and no hindrance.
        let Ok(mut record) = state.read(&id) else { continue };
        if record.state != State::Begun && record.state != State::Undoing {
            continue;
        }
        let Ok(_locks) = lock(&record) else { continue };
        if recover(&record).is_err() {
            continue;
        }
        let is_old = |file: &FileRecord| {
            Spot::hold(&file.real.path())
                .is_ok_and(|spot| standing(file, &spot).is_ok_and(|it| it == Standing::Old))
        };
        record.state = if record.files.iter().all(is_old) { State::Undone } else { State::Done };
        state.write(&record)?;
    }
    Ok(())
}

/// Cleans up after one repair: afterwards each file is as it was, or as it was to be.
pub(super) fn recover(record: &Record) -> Result<(), FileError> {
    for file in &record.files {
        recover_file(file, &Spot::hold(&file.real.path())?)?;
    }
    Ok(())
}

/// Cleans up what was left beside one file.
pub(super) fn recover_file(file: &FileRecord, spot: &Spot) -> Result<(), FileError> {
    let names = Names::beside(spot, &file.stem);
    // Never in anybody's place, and not complete.
    if names.part.is_there() {
        give_up(&names.part, true)?;
    }
    // It was taken out and checked, and perhaps overwritten in part.
    if names.old.is_there() {
        give_up(&names.old, true)?;
    }
    if names.new.is_there() {
        recover_exchange(file, spot, &names)?;
    }
    if let ContentRecord::Rows { steps, forgets, .. } = &file.content {
        // A transaction that did not end is taken back as the client would; one that did is seen through.
        let writer = Writer::begin(spot, HotJournal::RolledBack)?;
        let is_new = writer.standing(steps).is_ok_and(|standing| standing == Standing::New);
        writer.see_through(*forgets && is_new)?;
    }
    Ok(())
}

/// Two files were about to change places, or had done so.
fn recover_exchange(file: &FileRecord, spot: &Spot, names: &Names) -> Result<(), FileError> {
    if let ContentRecord::Gone { .. } = &file.content {
        // Taken out to be deleted, and not yet checked; if something new stands there, that stays.
        return names.new.rename(spot).or_else(|_| give_up(&names.new, true));
    }
    let read = |at: &Spot| -> Result<_, FileError> {
        let (mut file, _) = at.open(OFlags::RDONLY)?;
        content(&mut file, LARGEST, at)
    };
    let (here, beside) = (read(spot)?, read(&names.new)?);
    let is_own = match &file.content {
        ContentRecord::Text { way, .. } => way.is_new(&beside) || way.is_restored(&beside) || way.is_old(&beside),
        ContentRecord::Rows { exact: Some(exact), .. } => exact.is_new(&beside) || exact.is_old(&beside),
        _ => true,
    };
    let exchanged = match &file.content {
        ContentRecord::Text { way, .. } => way.is_new(&here) || way.is_restored(&here),
        ContentRecord::Rows { exact: Some(exact), .. } => exact.is_new(&here) || exact.is_old(&here),
        _ => false,
    };
    if is_own || !exchanged {
        return give_up(&names.new, true);
    }
    // What had been taken out was somebody else's.
    put_back(spot, names, Spot::rename_with);
    Ok(())
}
