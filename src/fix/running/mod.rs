//! Whether a client runs whose files are to be changed: it would not see the change, and write its own settings over
//! it sooner or later.
//!
//! The list of processes tells (`/proc`): who is called like the client and was not started with other files, and who
//! has one of its files open. Where that list is closed, SQLite's own lock still tells of an open database, whoever
//! holds it. What cannot be told is said, and is no reason to refuse.
//!
//! Names on the session bus are not asked for. Their owners are processes of the same user on the same machine, so
//! they stand in the list already; the bus does not say which files a client uses, and the superuser has no place on
//! the buses of others. It would take a library for sockets to learn nothing.
//!
//! Nothing is written, and no more is read than the limits in `process` allow. [`running`] must be asked before this
//! process opens one of the databases with SQLite: to ask for a lock, the file is opened and closed again, which gives
//! up the locks that this process itself holds on it.

#[cfg(unix)]
mod launch;
#[cfg(unix)]
mod lock;
#[cfg(unix)]
mod process;
#[cfg(unix)]
mod seen;
mod sought;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::clients::Client;
use crate::model::{ClientName, Language};
use sought::Sought;

/// Where Linux lists its processes.
const PROCESSES: &str = "/proc";

/// How long a client that has just written its file may be about to write it again: Pidgin waits for five seconds with
/// each save, and others save with every change of a status.
const JUST_WRITTEN: Duration = Duration::from_secs(60);

/// What `SQLite` adds to the name of a database for its journal.
const JOURNAL: &str = "-wal";

/// Files of one profile that are to be changed.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// Whose they are.
    pub client: &'a dyn Client,
    /// The files themselves: absolute paths without links.
    pub files: &'a [PathBuf],
}

/// What is known about a client and its files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// Who uses the files: they must be left alone.
    pub running: Vec<Running>,
    /// What speaks against being sure that nobody does.
    pub unsure: Vec<Unsure>,
}

/// Somebody who uses the files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running {
    /// The client whose files they are.
    pub client: ClientName,
    /// The client, as people write it.
    pub title: &'static str,
    /// What tells so.
    pub how: Sign,
    /// The process, where it is known.
    pub pid: Option<u32>,
}

/// What tells that a client runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sign {
    /// A process of its name uses this profile.
    Uses,
    /// A process of its name belongs to the owner of the files; which profile it uses cannot be told.
    MayUse,
    /// A process has this file open.
    Open(PathBuf),
    /// A process holds a lock on this database.
    Locked(PathBuf),
}

impl Running {
    /// What tells so, as a sentence. Paths stand in it as they are.
    #[must_use]
    pub fn sentence(&self, language: Language) -> String {
        let process = match (self.pid, language) {
            (Some(pid), Language::English) => format!(" (process {pid})"),
            (Some(pid), Language::French) => format!(" (processus {pid})"),
            (None, _) => String::new(),
        };
        let title = self.title;
        match (&self.how, language) {
            (Sign::Uses, Language::English) => format!("{title} is running with this profile{process}."),
            (Sign::Uses, Language::French) => format!("{title} est en cours d’exécution avec ce profil{process}."),
            (Sign::MayUse, Language::English) => {
                format!("{title} is running{process}, and with which profile cannot be told.")
            }
            (Sign::MayUse, Language::French) => {
                format!("{title} est en cours d’exécution{process}, sans qu’on sache avec quel profil.")
            }
            (Sign::Open(path), Language::English) => format!("{} is open in a program{process}.", path.display()),
            (Sign::Open(path), Language::French) => {
                format!("{} est ouvert dans un programme{process}.", path.display())
            }
            (Sign::Locked(path), Language::English) => {
                format!("{} is in use by a program that has locked it{process}.", path.display())
            }
            (Sign::Locked(path), Language::French) => {
                format!("{} est utilisé par un programme qui l’a verrouillé{process}.", path.display())
            }
        }
    }
}

/// Why it cannot be told for certain that a client does not run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unsure {
    /// This system does not list its processes.
    Unlisted,
    /// Not every process of the owner of the files can be looked at.
    Hidden,
    /// The journal of a database lies there that is gone when the client has been quit: it runs out of sight, or was
    /// stopped by force.
    Journal(PathBuf),
    /// The file was written less than a minute ago.
    JustWritten(PathBuf),
}

impl Unsure {
    /// The reason as a sentence about the client of that title. Paths stand in it as they are.
    #[must_use]
    pub fn sentence(&self, title: &str, language: Language) -> String {
        match (self, language) {
            (Self::Unlisted, Language::English) => {
                format!("This system does not show its processes: make sure that {title} is not running.")
            }
            (Self::Unlisted, Language::French) => {
                format!("Ce système ne montre pas ses processus : assurez-vous que {title} n’est pas lancé.")
            }
            (Self::Hidden, Language::English) => {
                format!("Not every process can be looked at: make sure that {title} is not running.")
            }
            (Self::Hidden, Language::French) => {
                format!("Tous les processus ne sont pas visibles : assurez-vous que {title} n’est pas lancé.")
            }
            (Self::Journal(path), Language::English) => {
                format!("{} is there: {title} is running out of sight, or was not quit properly.", path.display())
            }
            (Self::Journal(path), Language::French) => format!(
                "{} est présent : {title} tourne sans être visible, ou n’a pas été quitté correctement.",
                path.display()
            ),
            (Self::JustWritten(path), Language::English) => format!(
                "{} was written less than a minute ago: make sure that {title} is not running.",
                path.display()
            ),
            (Self::JustWritten(path), Language::French) => format!(
                "{} a été écrit il y a moins d’une minute : assurez-vous que {title} n’est pas lancé.",
                path.display()
            ),
        }
    }
}

/// Whether these profiles are in use, each answer at the place of its question. The list of processes is gone through
/// once for all of them.
#[must_use]
pub fn running(asked: &[Asked<'_>]) -> Vec<Answer> {
    running_by(Path::new(PROCESSES), SystemTime::now(), asked)
}

/// The same by the list of processes that lies in the folder `processes`.
#[must_use]
pub fn running_by(processes: &Path, now: SystemTime, asked: &[Asked<'_>]) -> Vec<Answer> {
    let sought: Vec<Sought<'_>> = asked.iter().map(|asked| Sought::new(*asked)).collect();
    let mut answers = seen(processes, &sought);
    for (sought, answer) in sought.iter().zip(&mut answers) {
        if sought.is_program() && answer.running.is_empty() {
            answer.unsure.extend(traces(sought, now));
        }
    }
    answers
}

#[cfg(unix)]
fn seen(processes: &Path, sought: &[Sought<'_>]) -> Vec<Answer> {
    let mut answers = seen::among(processes, sought);
    for (sought, answer) in sought.iter().zip(&mut answers) {
        if sought.is_program() && answer.running.is_empty() {
            answer.running.extend(lock::held(sought));
        }
    }
    answers
}

#[cfg(not(unix))]
fn seen(_: &Path, sought: &[Sought<'_>]) -> Vec<Answer> {
    let unsure = |sought: &Sought<'_>| if sought.is_program() { vec![Unsure::Unlisted] } else { Vec::new() };
    sought.iter().map(|sought| Answer { running: Vec::new(), unsure: unsure(sought) }).collect()
}

/// What a client leaves behind that runs where it cannot be seen: in a container, or on another machine.
fn traces(sought: &Sought<'_>, now: SystemTime) -> impl Iterator<Item = Unsure> {
    let databases = sought.kept_open().filter(|_| sought.signs.removes_journals);
    let journals = databases.map(|(folder, database)| folder.join(format!("{database}{JOURNAL}")));
    let journals: BTreeSet<PathBuf> = journals.filter(|journal| journal.exists()).collect();
    let fresh = sought.asked.files.iter().filter(move |file| {
        let written = file.metadata().and_then(|file| file.modified()).ok();
        written.and_then(|written| now.duration_since(written).ok()).is_some_and(|age| age < JUST_WRITTEN)
    });
    journals.into_iter().map(Unsure::Journal).chain(fresh.map(|file| Unsure::JustWritten(file.clone())))
}

#[cfg(test)]
mod tests;
