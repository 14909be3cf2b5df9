//! Who of all processes uses the files that are sought.

use std::path::{Path, PathBuf};

use super::launch::{self, Use};
use super::process::{self, Process};
use super::sought::Sought;
use super::{Answer, Running, Sign, Unsure};

/// Goes through the list of processes once. Each answer stands at the place of its question.
pub(super) fn among(processes: &Path, sought: &[Sought<'_>]) -> Vec<Answer> {
    let mut answers = vec![Answer::default(); sought.len()];
    let mut watched: Vec<(&Sought<'_>, &mut Answer)> =
        sought.iter().zip(&mut answers).filter(|(sought, _)| sought.is_program()).collect();
    if watched.is_empty() {
        return answers;
    }
    let Some(numbers) = process::numbers(processes) else {
        watched.iter_mut().for_each(|(_, answer)| answer.unsure.push(Unsure::Unlisted));
        return answers;
    };
    let mut closed = Vec::new();
    for process in numbers.filter_map(|number| Process::read(processes, number)) {
        let open = process.open_files();
        if open.is_err() && process.is_ordinary() {
            closed.push(process.user);
        }
        let open = open.unwrap_or_default();
        for (sought, answer) in &mut watched {
            answer.running.extend(use_of(&process, &open, sought));
        }
    }
    for (sought, answer) in watched {
        let is_closed = closed.iter().any(|user| sought.owners.contains(user));
        if answer.running.is_empty() && (is_closed || is_of_others(sought)) {
            answer.unsure.push(Unsure::Hidden);
        }
    }
    answers
}

/// What the process has to do with the files. Profiles share some of what a client keeps open, so one that was started
/// with another profile counts only with these very files.
fn use_of(process: &Process, open: &[PathBuf], sought: &Sought<'_>) -> Option<Running> {
    let by_launch = process.is_called(sought.signs.processes).then(|| launch::of(process, sought));
    let how = match by_launch {
        Some(Use::Yes) => Some(Sign::Uses),
        Some(Use::Unknown) if sought.owners.contains(&process.user) => Some(Sign::MayUse),
        Some(Use::No) => open.iter().find(|path| sought.is_file(path)).map(|path| Sign::Open(path.clone())),
        Some(Use::Unknown) | None => open.iter().find(|path| sought.has(path)).map(|path| Sign::Open(path.clone())),
    };
    how.map(|how| sought.running(how, Some(process.pid)))
}

/// Whether the files are somebody else's, whose processes may be hidden as a whole. The superuser sees all.
fn is_of_others(sought: &Sought<'_>) -> bool {
    let caller = rustix::process::geteuid();
    !caller.is_root() && sought.owners.iter().any(|owner| *owner != caller.as_raw())
}
