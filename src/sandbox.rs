//! What the process gives up before it looks at anybody's files.
//!
//! Whatever a hostile file may make of a flaw in a reader: it can read nothing but what the run was asked to look at,
//! write nothing but the reports that were asked for, reach no network, start no program and gain no privilege. Linux
//! enforces it: Landlock for files, seccomp for system calls. On older kernels one of them or both may be missing.

#[cfg(target_os = "linux")]
mod files;
#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64", target_arch = "riscv64")))]
mod system_calls;

use std::path::PathBuf;

use crate::model::Language;

/// What a run needs of the file system.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// Files, and folders with everything below them, that are read.
    pub read: Vec<PathBuf>,
    /// Folders in which files are written, or files that are there already.
    pub write: Vec<PathBuf>,
}

/// What of the sandbox is in force.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Enforced {
    /// Whether the system keeps everything closed but what is needed.
    pub files: bool,
    /// Whether it refuses system calls that are not needed: network, programs, and where nothing is written, writing.
    pub system_calls: bool,
}

impl Enforced {
    /// Whether nothing is missing.
    #[must_use]
    pub const fn is_whole(self) -> bool {
        self.files && self.system_calls
    }

    /// What is in force, as a sentence.
    #[must_use]
    pub const fn sentence(self, language: Language) -> &'static str {
        let (english, french) = match (self.files, self.system_calls) {
            (true, true) => (
                "The sandbox is in force: only what is audited can be read, and there is no network and no other program.",
                "Le bac à sable est en vigueur : seul ce qui est audité peut être lu, sans réseau ni autre programme.",
            ),
            (true, false) => (
                "The sandbox is in force for files only (Landlock): this system does not refuse system calls (seccomp).",
                "Le bac à sable n’est en vigueur que pour les fichiers (Landlock) : ce système ne refuse pas les appels système (seccomp).",
            ),
            (false, true) => (
                "The sandbox is in force for system calls only (seccomp): this system cannot close files (Landlock, Linux 6.2).",
                "Le bac à sable n’est en vigueur que pour les appels système (seccomp) : ce système ne sait pas fermer les fichiers (Landlock, Linux 6.2).",
            ),
            (false, false) => (
                "There is no sandbox on this system: it needs Linux with Landlock (6.2) and seccomp.",
                "Pas de bac à sable sur ce système : il faut Linux avec Landlock (6.2) et seccomp.",
            ),
        };
        language.choose(english, french)
    }
}

/// Gives up everything but these needs, for this thread and all that it starts; for good.
///
/// What the system cannot enforce is not: see what is returned.
#[must_use]
pub fn enter(needs: &Needs) -> Enforced {
    Enforced { system_calls: refuse_system_calls(!needs.write.is_empty()), files: close_files(needs) }
}

/// Closes the file system but for these needs, for this thread and all that it starts; for good. Says whether the
/// system enforces it.
#[cfg(target_os = "linux")]
#[must_use]
pub fn close_files(needs: &Needs) -> bool {
    files::close(needs)
}

/// This system cannot close files.
#[cfg(not(target_os = "linux"))]
#[must_use]
pub const fn close_files(_: &Needs) -> bool {
    false
}

/// Refuses all system calls that an audit does not need, for this thread and all that it starts; for good. Files can
/// still be written if it `writes`. Says whether the system enforces it.
#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64", target_arch = "riscv64")))]
#[must_use]
pub fn refuse_system_calls(writes: bool) -> bool {
    system_calls::refuse(writes)
}

#[cfg(not(all(
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64", target_arch = "riscv64")
)))]
#[must_use]
pub const fn refuse_system_calls(_: bool) -> bool {
    false
}
