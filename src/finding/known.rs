//! What is known about the subjects of a profile, to see that a repair changes nothing else.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::model::ClientName;

/// What is known about one subject: an account, a room, a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The client whose profile it belongs to.
    pub client: ClientName,
    /// The folder of the profile.
    pub root: PathBuf,
    /// Its kind, as rules write it.
    pub subject: &'static str,
    /// Which of its kind.
    pub number: usize,
    /// Its facts, as texts.
    pub facts: BTreeMap<&'static str, String>,
}
