//! `check`: the main job.

use std::io::{self, Read, Write};
use std::mem;
use std::path::Path;

use zeroize::Zeroizing;

use super::arguments::{Arguments, Check};
use super::confine::{confine, folder_of};
use super::exit::Accepted;
use super::given::Given;
use super::output::Output;
use super::plan::{self, Plan};
use super::progress::Bar;
use super::terminal::Terminal;
use super::{Exit, Failure, output};
use crate::baseline::Baseline;
use crate::discover::Target;
use crate::model::limits;
use crate::report::{Detail, Options, Shown, harmless};
use crate::{Request, Search};

pub(super) fn run(
    check: &Check,
    arguments: &Arguments,
    given: &Given<'_>,
    terminal: &Terminal,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let outputs = output::asked(check)?;
    let from_standard_input = is_standard_input(check)?;
    let is_fixed = !check.fix || super::fix::before_check(check, arguments, given, terminal)?;
    let targets = match (&check.stdin_path, from_standard_input) {
        (Some(path), true) => vec![Target::Path(path.clone())],
        _ => plan::targets(&check.places)?,
    };
    let mut plan = Plan::new(&check.places, &check.choices, &targets, arguments, given, terminal)?;
    plan.request.tells_rules = outputs.iter().any(|output| output.format.tells_rules());
    plan.request.repairs = outputs.iter().any(|output| output.format.tells_repairs());
    if plan.needs_rules() {
        plan.load_rules(terminal)?;
    }
    if let Some(file) = plan.settings.baseline.value.clone() {
        let baseline = Baseline::load(&file)?;
        plan.request.baseline = Some((file, baseline));
    }
    let written = outputs
        .iter()
        .filter_map(Output::file)
        .map(|file| if file.exists() { file.to_owned() } else { folder_of(file).to_owned() });
    let confined = confine(&check.places, &targets, &plan, written.collect());
    // Before the search, which takes its time on large trees.
    let progress = Bar::new(check);
    let mut search = if from_standard_input {
        let path = check.stdin_path.clone().unwrap_or_default();
        Search::of_bytes(&path, read_standard_input(largest_input(check))?, &plan.request)
    } else {
        Search::new(&targets, &plan.request)
    };
    let enforced = confined.map(|confined| confined.settle(&search)).transpose()?;
    if let Some(enforced) = enforced.filter(|enforced| check.verbose && !enforced.is_whole()) {
        super::say(enforced.sentence(terminal.language));
    }
    if check.show_files {
        drop(progress);
        return show_files(&search, &plan.request, accepted(check), out);
    }
    if !search.is_empty() {
        plan.load_rules(terminal)?;
    }
    plan.tighten(&mut search, &check.choices);
    let audit = plan.audit(&search, &progress)?;
    drop(progress);
    let options = Options { detail: detail(check), ..terminal.options() };
    let exit = Exit::of(&audit, plan.settings.fail_on.value, accepted(check));
    let audit = Shown::new(audit);
    // What cannot be written must not keep the rest from being told.
    let written: Vec<_> = outputs.iter().map(|output| output.write(&audit, &options, out)).collect();
    written.into_iter().collect::<Result<(), Failure>>()?;
    // The process ends here, and gives all of it back at once; piece by piece takes longer.
    mem::forget((audit, search, plan));
    Ok(if is_fixed || exit == Exit::Findings { exit } else { Exit::NotFixed })
}

const fn accepted(check: &Check) -> Accepted {
    Accepted { findings: check.exit_zero, incomplete: check.allow_incomplete, empty: check.allow_empty }
}

const fn detail(check: &Check) -> Detail {
    match (check.quiet, check.verbose) {
        (true, _) => Detail::Quiet,
        (false, true) => Detail::Verbose,
        (false, false) => Detail::Normal,
    }
}

/// Whether the file to audit comes on standard input.
fn is_standard_input(check: &Check) -> Result<bool, Failure> {
    let dash = Path::new("-");
    if !check.places.paths.iter().any(|path| path == dash) {
        return match check.stdin_path {
            Some(_) => {
                Err(Failure::Usage("--as says what standard input stands for: give “-” as the path".to_owned()))
            }
            None => Ok(false),
        };
    }
    let other = check.places.all_users.is_some() || check.places.files_from.is_some();
    if check.places.paths.len() > 1 || !check.places.home.is_empty() || other {
        return Err(Failure::Usage("“-” cannot be combined with other paths".to_owned()));
    }
    if check.places.history {
        return Err(Failure::Usage("“-” has no history: give a path in a git repository".to_owned()));
    }
    if check.stdin_path.is_none() {
        return Err(Failure::Usage(
            "say with --as which file standard input stands for: --as .purple/accounts.xml".to_owned(),
        ));
    }
    Ok(true)
}

/// It may be a database as well as a text.
fn largest_input(check: &Check) -> u64 {
    check.places.max_file_size.map_or(limits::STANDARD_INPUT, |size| size << 20)
}

fn read_standard_input(bound: u64) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let mut bytes = Zeroizing::new(Vec::new());
    io::stdin()
        .lock()
        .take(bound + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::Usage(format!("standard input cannot be read: {error}")))?;
    if bytes.len() as u64 > bound {
        return Err(Failure::Usage(format!(
            "standard input is larger than {bound} bytes; --max-file-size raises that"
        )));
    }
    Ok(bytes)
}

fn show_files(
    search: &Search,
    request: &Request,
    accepted: Accepted,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    for notice in search.notices() {
        super::say(&format!("{}: {}", notice.path.display(), notice.trouble.sentence(request.language)));
    }
    for group in search.groups() {
        for file in &group.files {
            let path = harmless::path(&file.path);
            writeln!(out, "{path}: {} {}", group.client.name().0, file.kind.0)?;
        }
    }
    let is_complete = !search.notices().iter().any(|notice| notice.trouble.makes_incomplete());
    Ok(Exit::of_search(is_complete, search.is_empty(), accepted))
}
