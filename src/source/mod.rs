//! Reading files without harm: nothing is created, changed or locked, and nothing but regular files is opened.

mod access;
mod locate;
#[cfg(target_os = "linux")]
mod peek;
mod reader;
pub mod sqlite;

pub(crate) use access::{GIT, is_callers_own};
#[cfg(target_os = "linux")]
pub use peek::peek;
pub use reader::{Bounds, Content, Prepare, Reader};
