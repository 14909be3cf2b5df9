//! `fix`: put right what was found, after showing it.

mod ask;
mod plan;
mod preview;
mod script;
mod tell;
#[cfg_attr(not(target_os = "linux"), path = "unwritten.rs")]
mod write;

use std::io::Write;
use std::path::Path;

use super::arguments::{Arguments, Check, Fix, Places};
use super::given::Given;
use super::terminal::Terminal;
use super::{Exit, Failure};
use plan::{Job, Planned};
use preview::Style;
#[cfg(target_os = "linux")]
pub(super) use write::state_folder;

pub(super) fn run(
    fix: &Fix,
    arguments: &Arguments,
    given: &Given<'_>,
    terminal: &Terminal,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    refuse_standard_input(&fix.scope.places)?;
    let (places, choices) = (&fix.scope.places, &fix.scope.choices);
    let job = Job { places, choices, arguments, given, terminal, not_only_safe: fix.repairs.not_only_safe };
    let planned = job.plan()?;
    let style = Style { color: terminal.color, language: terminal.language };
    if fix.as_script {
        script::write(&planned.mended.done, &terminal.options(), out)?;
        return Ok(end(&planned, true));
    }
    let differences = preview::differences(&planned.mended, style);
    if fix.diff {
        out.write_all(differences.as_bytes())?;
        tell::left(&planned, style.language, &mut std::io::stderr())?;
        return Ok(if planned.mended.changes.is_empty() { end(&planned, true) } else { Exit::Findings });
    }
    tell::planned(&planned, style, out)?;
    if !differences.is_empty() {
        writeln!(out, "{differences}")?;
    }
    tell::left(&planned, style.language, out)?;
    if planned.mended.changes.is_empty() || fix.dry_run {
        return Ok(end(&planned, true));
    }
    out.flush()?;
    if !fix.yes && !is_agreed(&planned, terminal)? {
        writeln!(out, "{}", terminal.language.choose("Nothing was written.", "Rien n’a été écrit."))?;
        return Ok(end(&planned, true));
    }
    let written = write::write(&job, &planned, &fix.repairs)?;
    write::tell(&written, style.language, out)?;
    Ok(end(&planned, written.is_whole()))
}

/// `check --fix`: puts right what is wanted, without asking, before anything is reported. What there is to say about it
/// goes to standard error. Says whether all was written that was to be.
pub(super) fn before_check(
    check: &Check,
    arguments: &Arguments,
    given: &Given<'_>,
    terminal: &Terminal,
) -> Result<bool, Failure> {
    refuse_standard_input(&check.places)?;
    let (places, choices) = (&check.places, &check.choices);
    let job = Job { places, choices, arguments, given, terminal, not_only_safe: check.repairs.not_only_safe };
    let planned = job.plan()?;
    if planned.mended.changes.is_empty() {
        return Ok(true);
    }
    let written = write::write(&job, &planned, &check.repairs)?;
    write::tell(&written, terminal.language, &mut std::io::stderr())?;
    Ok(written.is_whole())
}

/// Whoever is asked agrees; where nobody can be asked, it has to be said beforehand.
fn is_agreed(planned: &Planned, terminal: &Terminal) -> Result<bool, Failure> {
    if !ask::can_ask() {
        let message = "nobody can be asked here: say --yes to write this, or --dry-run to see it only";
        return Err(Failure::Usage(message.to_owned()));
    }
    let count = preview::paths(&planned.mended.changes).count();
    let question = match (count, terminal.language) {
        (1, crate::model::Language::English) => "Write this file?".to_owned(),
        (1, crate::model::Language::French) => "Écrire ce fichier ?".to_owned(),
        (_, crate::model::Language::English) => format!("Write these {count} files?"),
        (_, crate::model::Language::French) => format!("Écrire ces {count} fichiers ?"),
    };
    ask::is_wanted(&question, terminal.language).map_err(Failure::from)
}

/// How a run ends. That something remains that no repair was wanted for is no failure of this command's.
fn end(planned: &Planned, is_whole: bool) -> Exit {
    if !is_whole || planned.is_refused() {
        return Exit::NotFixed;
    }
    let audit = &planned.mended.before;
    Exit::of_search(audit.is_complete(), audit.inputs.is_empty(), super::exit::Accepted::default())
}

/// Everything is read twice, before and after it is put right.
fn refuse_standard_input(places: &Places) -> Result<(), Failure> {
    let dash = Path::new("-");
    if places.paths.iter().any(|path| path == dash) {
        return Err(Failure::Usage("standard input cannot be put right: give the file’s path".to_owned()));
    }
    if places.files_from.as_deref() == Some(dash) {
        return Err(Failure::Usage("a list on standard input can be read once only: give it as a file".to_owned()));
    }
    Ok(())
}
