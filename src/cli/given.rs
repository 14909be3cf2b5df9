//! What was given on the command line or by a variable, and what is only a default.

use std::env;

use clap::parser::ValueSource;
use clap::{ArgMatches, Command, CommandFactory};

use super::arguments::Arguments;
use crate::configuration::{Chosen, Origin};

/// The command line, as it is read. A variable that is set to nothing is as good as one that is not set: what a CI
/// system is not given, it passes on empty.
pub(super) fn command() -> Command {
    without_empty_variables(Arguments::command())
}

fn without_empty_variables(command: Command) -> Command {
    let command = command.mut_args(|argument| {
        let is_empty =
            argument.get_env().is_some_and(|name| env::var_os(name).is_some_and(|value| value.is_empty()));
        if is_empty { argument.env(clap::builder::Resettable::Reset) } else { argument }
    });
    command.mut_subcommands(without_empty_variables)
}

/// What was given to the command that was asked for.
pub(super) struct Given<'a> {
    matches: &'a ArgMatches,
    names: Vec<&'a str>,
}

impl<'a> Given<'a> {
    /// What was given to the innermost command.
    pub(super) fn of(matches: &'a ArgMatches) -> Self {
        let mut given = Self { matches, names: Vec::new() };
        while let Some((name, inner)) = given.matches.subcommand() {
            given.names.push(name);
            given.matches = inner;
        }
        given
    }

    /// A value with its origin; none if nobody gave it.
    pub(super) fn chosen<T>(&self, id: &str, value: T) -> Option<Chosen<T>> {
        let origin = match self.matches.value_source(id)? {
            ValueSource::CommandLine => Origin::CommandLine,
            ValueSource::EnvVariable => Origin::Variable(self.variable(id)),
            _ => return None,
        };
        Some(Chosen { value, origin })
    }

    /// The variable of an option of this command, or of one around it.
    fn variable(&self, id: &str) -> String {
        let top = Arguments::command();
        let mut command = Some(&top);
        let mut variable = None;
        for name in std::iter::once(None).chain(self.names.iter().map(Some)) {
            command = match name {
                None => command,
                Some(name) => command.and_then(|command| command.find_subcommand(name)),
            };
            let mut arguments = command.into_iter().flat_map(Command::get_arguments);
            let argument = arguments.find(|argument| argument.get_id() == id);
            variable = argument.and_then(|argument| argument.get_env()).or(variable);
        }
        variable.unwrap_or_default().to_string_lossy().into_owned()
    }
}
