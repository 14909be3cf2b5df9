//! What was given on the command line or by a variable, and what is only a default.

use clap::parser::ValueSource;
use clap::{ArgMatches, Command, CommandFactory};

use super::arguments::Arguments;
use super::late::without_empty_variable;
use crate::configuration::{Chosen, Origin};

/// The command line, as it is read.
pub(super) fn command() -> Command {
    without_empty_variables(Arguments::command())
}

fn without_empty_variables(command: Command) -> Command {
    command.mut_args(without_empty_variable).mut_subcommands(without_empty_variables)
}

/// What was given to the command that was asked for.
pub(super) struct Given<'a> {
    matches: &'a ArgMatches,
    command: &'a Command,
}

impl<'a> Given<'a> {
    /// What was given to the innermost command, by the command line that has read it.
    pub(super) fn of(matches: &'a ArgMatches, command: &'a Command) -> Self {
        let mut given = Self { matches, command };
        while let Some((name, matches)) = given.matches.subcommand() {
            given = Self { matches, command: given.command.find_subcommand(name).unwrap_or(given.command) };
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

    /// The variable of an option of the command, or of one around it: it has those as well once it has been read.
    fn variable(&self, id: &str) -> String {
        let argument = self.command.get_arguments().find(|argument| argument.get_id() == id);
        let variable = argument.and_then(|argument| argument.get_env());
        variable.unwrap_or_default().to_string_lossy().into_owned()
    }
}
