//! Where we differ on purpose. Anything else is a fault, of ours or of this table's.

use crate::campaign::Difference;
use crate::subject::Subject;

/// A difference that is there on purpose.
pub struct Explained {
    /// Whose it is.
    pub subject: Subject,
    /// What to call it.
    pub name: &'static str,
    /// Why it is right.
    pub why: &'static str,
    /// Whether this is it.
    pub holds: fn(&Difference) -> bool,
}

/// All of them.
pub const EXPLAINED: &[Explained] = &[];
