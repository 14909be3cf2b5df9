//! Putting right what was found, without harming anything else, so that it can be taken back.
//!
//! A [`Draft`] gathers the edits that findings ask for, round by round, and says what the files would then hold; the
//! audit judges that before a single byte is written. What is left are [`FileChange`]s: what one file holds, what it is
//! to hold, and the way between the two.

#[cfg(target_os = "linux")]
mod apply;
#[cfg(target_os = "linux")]
mod attributes;
mod change;
#[cfg(target_os = "linux")]
mod companions;
#[cfg(target_os = "linux")]
mod database;
#[cfg(target_os = "linux")]
mod delta;
mod draft;
#[cfg(target_os = "linux")]
mod record;
#[cfg(target_os = "linux")]
mod recover;
#[cfg(target_os = "linux")]
mod replace;
mod rows;
#[cfg(target_os = "linux")]
mod rows_record;
pub mod running;
mod splice;
#[cfg(target_os = "linux")]
mod spot;
#[cfg(target_os = "linux")]
mod state;
#[cfg(target_os = "linux")]
mod trouble;
#[cfg(target_os = "linux")]
mod undo;
#[cfg(target_os = "linux")]
mod way;

#[cfg(target_os = "linux")]
pub use apply::{Applied, AppliedFile, ApplyError, Options, apply};
pub use change::{Content, FileChange};
pub use draft::{Draft, Refused, ShownRow};
#[cfg(target_os = "linux")]
pub use record::{Note, State};
pub use rows::{RowError, change_rows};
pub use splice::{Overlap, spliced};
#[cfg(target_os = "linux")]
pub use state::JournalError;
#[cfg(target_os = "linux")]
pub use trouble::{FileError, FileTrouble};
#[cfg(target_os = "linux")]
pub use undo::{Entry, Restored, UndoError, Undone, list, undo};
