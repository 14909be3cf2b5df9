//! Systems on which nothing is written: what it takes to lose nothing is known for Linux only.

use std::io::{self, Write};

use super::super::Failure;
use super::super::arguments::Repairs;
use super::plan::{Job, Planned};
use crate::model::Language;

/// Nothing.
pub(super) struct Written;

impl Written {
    pub(super) const fn is_whole(&self) -> bool {
        false
    }
}

/// Says that nothing is written here, and what to do instead.
pub(super) fn write(_: &Job<'_>, _: &Planned, _: &Repairs) -> Result<Written, Failure> {
    let message = "on this system nothing is put right by itself; `fix --dry-run --as-script` says what to do";
    Err(Failure::Usage(message.to_owned()))
}

pub(super) fn tell(_: &Written, _: Language, _: &mut dyn Write) -> io::Result<()> {
    Ok(())
}
