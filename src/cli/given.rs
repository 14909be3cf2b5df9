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
    command: Command,
}

impl<'a> Given<'a> {
    /// What was given to the innermost command.
    pub(super) fn of(matches: &'a ArgMatches) -> Self {
        let mut given = Self { matches, command: Arguments::command() };
        while let Some((name, inner)) = given.matches.subcommand() {
            let command = given.command.find_subcommand(name).cloned();
            given = Self { matches: inner, command: command.unwrap_or_default() };
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

    fn variable(&self, id: &str) -> String {
        let top = Arguments::command();
        let mut all = self.command.get_arguments().chain(top.get_arguments());
        let variable = all.find(|argument| argument.get_id() == id).and_then(|argument| argument.get_env());
        variable.unwrap_or_default().to_string_lossy().into_owned()
    }
}
