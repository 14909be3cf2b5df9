//! How far a search goes.

use std::num::NonZeroUsize;
use std::thread;

/// So many threads are the most that a walk takes by itself: more wait for each other in the kernel.
const THREADS: usize = 16;

/// How far a search goes, and with how many threads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// How many threads walk, read and judge; as many as the machine has processors for it, if it is left open.
    pub threads: Option<NonZeroUsize>,
    /// How many folders deep a walk goes; 1 is what lies in the folder itself.
    pub max_depth: Option<NonZeroUsize>,
    /// Whether other file systems are left alone; in homes they are, if it is left open, and in walks not.
    pub one_file_system: Option<bool>,
    /// Which symbolic links are followed.
    pub links: Links,
    /// Whether folders are walked through, too, that cannot hold a client’s files.
    pub all: bool,
}

/// Which symbolic links below a folder are followed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Links {
    /// None.
    Never,
    /// Those that a client would follow: whose own name is a client’s file’s, or that lie on the way to one.
    #[default]
    Known,
    /// All; each folder is walked through once.
    Always,
}

impl Reach {
    /// As many threads as the machine has processors for this program, within reason.
    #[must_use]
    pub fn usual_threads() -> NonZeroUsize {
        let most = NonZeroUsize::new(THREADS).unwrap_or(NonZeroUsize::MIN);
        thread::available_parallelism().unwrap_or(NonZeroUsize::MIN).min(most)
    }

    /// How many threads work.
    #[must_use]
    pub fn threads(&self) -> NonZeroUsize {
        self.threads.unwrap_or_else(Self::usual_threads)
    }
}
