//! Reading files without harm: nothing is created, changed or locked, and nothing but regular files is opened.

mod access;
mod locate;
mod reader;
pub mod sqlite;

pub(crate) use access::{GIT, is_callers_own};
pub use reader::{Bounds, Prepare, Reader};
