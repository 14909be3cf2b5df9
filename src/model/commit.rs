//! A commit of a git repository, as it is named to people.

/// How many digits of its name tell a commit from the others of its repository, with room to spare.
const SHORT: usize = 10;

/// A commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// Its name, in hexadecimal digits.
    pub id: String,
    /// The day on which its author made it, where he was: `2026-01-02`. Empty where the commit does not tell.
    pub date: String,
}

impl Commit {
    /// The beginning of its name.
    #[must_use]
    pub fn short(&self) -> &str {
        self.id.get(..SHORT).unwrap_or(&self.id)
    }
}
