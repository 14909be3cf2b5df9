//! Reading files without harm: nothing is created, changed or locked, and nothing but regular files is opened.

mod access;
mod altered;
mod locate;
#[cfg(target_os = "linux")]
mod peek;
mod reader;
pub mod sqlite;
mod stamp;

pub(crate) use access::{GIT, is_callers_own};
pub use altered::{Alterations, Altered};
#[cfg(target_os = "linux")]
pub use peek::peek;
pub use reader::{Bounds, Content, Prepare, Reader};
pub use stamp::Stamp;
