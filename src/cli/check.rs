//! `check`: the main job.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::arguments::{Arguments, Check};
use super::exit::Accepted;
use super::progress::Bar;
use super::rules::unknown;
use super::terminal::Terminal;
use super::{Exit, Failure, load_rules, output};
use crate::discover::{Home, Target};
use crate::installed::Installed;
use crate::model::{ClientName, ClientVersion, Version, VersionSource};
use crate::policy::Policy;
use crate::report::{Detail, Options, harmless};
use crate::rules::RuleSet;
use crate::source::Bounds;
use crate::{Request, Search};

pub(super) fn run(
    check: &Check,
    arguments: &Arguments,
    terminal: &Terminal,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let outputs = output::asked(check)?;
    let mut request = Request {
        clients: check.client.clone(),
        select: check.select.clone(),
        ignore: check.ignore.clone(),
        min_severity: check.min_severity,
        language: terminal.language,
        bounds: Bounds { text: check.max_file_size << 20, ..Bounds::default() },
        client_versions: told(check),
        installed: check.installed.as_ref().map(|root| Installed::below(root, &homes(check))),
        policy: None,
        tells_rules: outputs.iter().any(|output| output.format.tells_rules()),
        history: check.history,
        base: output::workspace(),
    };
    // Before the search, which takes its time on large trees.
    let progress = Bar::new(check);
    let search = if is_standard_input(check)? {
        let path = check.stdin_path.clone().unwrap_or_default();
        Search::of_bytes(&path, read_standard_input(request.bounds.text)?, &request)
    } else {
        Search::new(&targets(check)?, &request)
    };
    if check.show_files {
        drop(progress);
        return show_files(&search, &request, accepted(check), out);
    }
    // Where nothing is to be judged, only what was typed has to be right.
    let named = || check.select.iter().chain(&check.ignore);
    let needs_rules = !search.is_empty()
        || !arguments.rules.is_empty()
        || !arguments.provider_file.is_empty()
        || check.policy.is_some()
        || named().next().is_some();
    let rules = if needs_rules { load_rules(arguments, terminal.language)? } else { RuleSet::empty() };
    see_that_rules_exist(&rules, named())?;
    request.policy = check.policy.as_ref().map(|name| Policy::load(name, &rules)).transpose()?;
    see_that_rules_are_on(&rules, &request)?;
    let audit =
        search.audit_telling(&rules, &request, &progress).map_err(|error| Failure::Internal(error.to_string()))?;
    drop(progress);
    let options = Options { detail: detail(check), ..terminal.options() };
    for output in outputs {
        output.write(&audit, &options, out)?;
    }
    Ok(Exit::of(&audit, check.fail_on, accepted(check)))
}

const fn accepted(check: &Check) -> Accepted {
    Accepted { findings: check.exit_zero, incomplete: check.allow_incomplete, empty: check.allow_empty }
}

/// The versions that were told.
fn told(check: &Check) -> BTreeMap<ClientName, ClientVersion> {
    let exactly = |version: &Version| ClientVersion::exactly(*version, VersionSource::Told);
    check.client_version.iter().map(|(client, version)| (*client, exactly(version))).collect()
}

/// The homes in which a user may have installed something of his own.
fn homes(check: &Check) -> Vec<PathBuf> {
    if check.home.is_empty() {
        Home::of_caller().map(|home| home.root).into_iter().collect()
    } else {
        check.home.clone()
    }
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
    if !check.paths.iter().any(|path| path == dash) {
        return match check.stdin_path {
            Some(_) => {
                Err(Failure::Usage("--as says what standard input stands for: give “-” as the path".to_owned()))
            }
            None => Ok(false),
        };
    }
    if check.paths.len() > 1 || !check.home.is_empty() {
        return Err(Failure::Usage("“-” cannot be combined with other paths".to_owned()));
    }
    if check.history {
        return Err(Failure::Usage("“-” has no history: give a path in a git repository".to_owned()));
    }
    if check.stdin_path.is_none() {
        return Err(Failure::Usage(
            "say with --as which file standard input stands for: --as .purple/accounts.xml".to_owned(),
        ));
    }
    Ok(true)
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

fn targets(check: &Check) -> Result<Vec<Target>, Failure> {
    let mut targets: Vec<Target> = Vec::new();
    for folder in &check.home {
        if !folder.is_dir() {
            return Err(Failure::Usage(format!("there is no home directory {}", folder.display())));
        }
        targets.push(Target::Home(Home::at(&absolute(folder))));
    }
    targets.extend(check.paths.iter().cloned().map(Target::Path));
    if targets.is_empty() {
        let home = Home::of_caller().ok_or_else(|| {
            Failure::Usage("there is no home directory: HOME is not set; give a path, or --home".to_owned())
        })?;
        targets.push(Target::Home(home));
    }
    Ok(targets)
}

fn absolute(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// A selection that picks nothing by a slip would look like a clean home.
fn see_that_rules_exist<'a>(rules: &RuleSet, names: impl Iterator<Item = &'a String>) -> Result<(), Failure> {
    for name in names {
        if !rules.pages().iter().any(|page| page.is_meant_by(name)) {
            return Err(unknown(rules, name, "no rule and no tag"));
        }
    }
    Ok(())
}

/// That nothing is said about a rule that the policy turns off says nothing about the home.
fn see_that_rules_are_on(rules: &RuleSet, request: &Request) -> Result<(), Failure> {
    let Some(policy) = &request.policy else { return Ok(()) };
    for name in &request.select {
        let mut meant = rules.pages().iter().filter(|page| page.is_meant_by(name));
        if meant.all(|page| policy.turns_off(&page.id)) {
            return Err(Failure::Usage(format!("the policy “{}” turns “{name}” off", policy.name)));
        }
    }
    Ok(())
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
