//! Carrying changes out on the disk so that nothing is lost, keeping a journal of them, and taking them back.
//!
//! At every moment a file holds what it held or what it is to hold, whole; the journal is written first. What it takes to
//! promise that is known for Linux only.

mod apply;
mod attributes;
mod companions;
mod database;
mod delta;
mod record;
mod recover;
mod replace;
mod rows_record;
mod spot;
mod state;
mod trouble;
mod undo;
mod way;

pub use apply::{Applied, AppliedFile, ApplyError, Options, apply};
pub use record::{Note, State};
pub use state::JournalError;
pub use trouble::{FileError, FileTrouble};
pub use undo::{Entry, Restored, UndoError, Undone, list, undo};
