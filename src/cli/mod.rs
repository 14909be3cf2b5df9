//! The command line: what was typed, what it means, and how the run ends.

mod arguments;
mod baseline;
mod check;
mod clients;
mod completions;
mod confine;
mod exit;
mod explain;
mod fix;
mod given;
mod help;
mod late;
mod man;
mod output;
mod plan;
mod policy;
mod progress;
mod rules;
mod settings;
mod terminal;
#[cfg(target_os = "linux")]
mod undo;

use std::ffi::OsString;
use std::io::{self, Write};
use std::mem;
use std::panic;
use std::path::PathBuf;
use std::sync::Once;

use clap::FromArgMatches;
use serde::Serialize;

pub use exit::Exit;

use self::arguments::{Arguments, Command, SchemaOf};
use self::given::Given;
use self::terminal::Terminal;
use crate::baseline::BaselineError;
use crate::configuration;
use crate::contained::place_of;
use crate::model::Language;
use crate::report;
use crate::rules::{RuleError, RuleSet};

/// Runs the program with these arguments, the program's name first.
///
/// A panic becomes [`Exit::InternalError`]; what it has to say is not shown, since it might quote a file.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> Exit {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        panic::set_hook(Box::new(|panic| {
            let place = place_of(panic);
            say(&format!("internal error at {place}; please report this place, nothing else is needed"));
        }));
    });
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    panic::catch_unwind(|| run_parsed(arguments)).unwrap_or(Exit::InternalError)
}

fn run_parsed(arguments: Vec<OsString>) -> Exit {
    let mut command = given::command();
    let parsed = command.try_get_matches_from_mut(arguments);
    let parsed = parsed.and_then(|matches| Ok((Arguments::from_arg_matches(&matches)?, matches)));
    let (arguments, matches) = match parsed {
        Ok(parsed) => parsed,
        Err(error) => {
            let wrong = error.use_stderr();
            // If the text cannot be written there is nobody left to tell.
            let _ = error.print();
            return if wrong { Exit::Usage } else { Exit::Clean };
        }
    };
    let (terminal, given) = (Terminal::of(&arguments), Given::of(&matches, &command));
    let mut out = io::BufWriter::new(io::stdout().lock());
    let end = match &arguments.command {
        Command::Check(check) => check::run(check, &arguments, &given, &terminal, &mut out),
        Command::Fix(asked) => fix::run(asked, &arguments, &given, &terminal, &mut out),
        #[cfg(target_os = "linux")]
        Command::Undo(asked) => undo::run(asked, &terminal, &mut out),
        #[cfg(not(target_os = "linux"))]
        Command::Undo(_) => {
            Err(Failure::Usage("on this system nothing is put right, and nothing taken back".to_owned()))
        }
        Command::Explain(explain) => explain::run(&explain.rule, &arguments, &terminal, &mut out),
        Command::Rules(listing) => rules::run(listing, &arguments, &terminal, &mut out),
        Command::Policy(command) => policy::run(command, &arguments, &terminal, &mut out),
        Command::Settings(asked) => settings::run(asked, &arguments, &given, &terminal, &mut out),
        Command::Baseline(command) => baseline::run(command, &arguments, &given, &terminal, &mut out),
        Command::Clients(asked) => clients::run(asked, &terminal, &mut out),
        Command::Schema(schema) => write_schema(schema.output, &mut out),
        Command::Completions(completions) => completions::run(completions.shell, &mut out),
        Command::Man(man) => man::run(man, &mut out),
    };
    let exit = end.and_then(|exit| finish(exit, out.flush())).unwrap_or_else(Failure::end);
    // The process ends here, and gives all of it back at once; piece by piece takes longer.
    mem::forget((command, matches, arguments));
    exit
}

fn write_schema(output: SchemaOf, out: &mut dyn Write) -> Result<Exit, Failure> {
    let schema = match output {
        SchemaOf::Report => report::SCHEMA,
        SchemaOf::Ndjson => report::LINE_SCHEMA,
        SchemaOf::Rules => rules::SCHEMA,
        SchemaOf::Policies => policy::SCHEMA,
        SchemaOf::Configuration => configuration::SCHEMA,
        SchemaOf::Baseline => crate::baseline::SCHEMA,
        SchemaOf::Settings => settings::SCHEMA,
    };
    out.write_all(schema.as_bytes())?;
    Ok(Exit::Clean)
}

/// How a run ends whose output is complete. That the reader has gone changes nothing about what was found out.
fn finish(exit: Exit, flushed: io::Result<()>) -> Result<Exit, Failure> {
    match flushed {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(exit),
    }
}

/// Why a command could not be carried out.
#[derive(Debug)]
enum Failure {
    Usage(String),
    /// Something was to be put right, and could not be.
    NotFixed(String),
    Internal(String),
    Output(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl From<BaselineError> for Failure {
    fn from(error: BaselineError) -> Self {
        Self::Usage(error.to_string())
    }
}

impl From<RuleError> for Failure {
    fn from(error: RuleError) -> Self {
        Self::Usage(error.to_string())
    }
}

impl Failure {
    fn end(self) -> Exit {
        match self {
            Self::Usage(message) => {
                say(&message);
                Exit::Usage
            }
            Self::NotFixed(message) => {
                say(&message);
                Exit::NotFixed
            }
            Self::Internal(message) => {
                say(&message);
                Exit::InternalError
            }
            // Whoever reads the output has seen enough: `xmpp-audit rules | head`.
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Clean,
            Self::Output(error) => {
                say(&format!("the output cannot be written: {error}"));
                Exit::InternalError
            }
        }
    }
}

/// Says something on standard error. Messages may quote paths and arguments, so they are made harmless.
fn say(message: &str) {
    // If the text cannot be written there is nobody left to tell.
    let _ = writeln!(io::stderr(), "xmpp-audit: {}", report::harmless::line(message));
}

/// Writes one JSON object, as the reports do.
fn write_json(document: &impl Serialize, out: &mut dyn Write) -> Result<Exit, Failure> {
    serde_json::to_writer_pretty(&mut *out, document).map_err(io::Error::from)?;
    out.write_all(b"\n")?;
    Ok(Exit::Clean)
}

/// The built-in rules and those of the folders that were named.
fn load_rules(arguments: &Arguments, language: Language) -> Result<RuleSet, Failure> {
    load_rules_of(&arguments.rules, &arguments.provider_file, language)
}

fn load_rules_of(folders: &[PathBuf], provider_files: &[PathBuf], language: Language) -> Result<RuleSet, Failure> {
    let mut rules = RuleSet::embedded(language).map_err(|error| Failure::Internal(error.to_string()))?;
    for folder in folders {
        rules.add_folder(folder)?;
    }
    for file in provider_files {
        rules.add_providers(file)?;
    }
    Ok(rules)
}
