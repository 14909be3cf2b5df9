//! Putting right what was found, without harming anything else, so that it can be taken back.
//!
//! A [`Draft`] gathers the edits that findings ask for, round by round, and says what the files would then hold; the
//! audit judges that before a single byte is written. What is left are [`FileChange`]s: what one file holds, what it is
//! to hold, and the way between the two. [`running`] says whether a client would write over it; `apply` carries it out,
//! and `undo` takes it back.

mod change;
#[cfg(target_os = "linux")]
mod disk;
mod draft;
mod rows;
pub mod running;
mod splice;

pub use change::{Content, FileChange};
#[cfg(target_os = "linux")]
pub use disk::{
    Applied, AppliedFile, ApplyError, Entry, FileError, FileTrouble, JournalError, Note, Options, Restored, State,
    UndoError, Undone, apply, list, undo,
};
pub use draft::{Draft, Refused, ShownRow};
pub use rows::{RowError, change_rows};
pub use splice::{Overlap, spliced};
