//! Whether two secrets are the same, without keeping either.

use std::hash::{BuildHasher, RandomState};
use std::sync::OnceLock;

/// Tells whether two texts are the same, and nothing else about them.
///
/// It is made with a key that each run draws anew and keeps nowhere, and there is no way to print it: it never leaves
/// the process, and would be of no use outside.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Imprint(u64);

impl Imprint {
    /// The imprint of a text.
    #[must_use]
    pub fn of(text: &[u8]) -> Self {
        static KEY: OnceLock<RandomState> = OnceLock::new();
        Self(KEY.get_or_init(RandomState::new).hash_one(text))
    }
}

impl std::fmt::Debug for Imprint {
    /// Not the number: nobody should compare it with anything.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Imprint")
    }
}

#[cfg(test)]
mod tests {
    use super::Imprint;

    #[test]
    fn only_equal_texts_have_equal_imprints() {
        assert_eq!(Imprint::of(b"hunter2"), Imprint::of(b"hunter2"));
        assert_ne!(Imprint::of(b"hunter2"), Imprint::of(b"hunter3"));
        assert_ne!(Imprint::of(b""), Imprint::of(b"\0"));
        assert_eq!(format!("{:?}", Imprint::of(b"hunter2")), "Imprint");
    }
}
