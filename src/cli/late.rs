//! Commands whose arguments clap is told only once they are asked for: most runs ask for one of many, and to describe
//! them all takes longer than to look at an empty home.

use std::env;
use std::ops::Deref;

use clap::builder::Resettable;
use clap::error::Error;
use clap::{Arg, ArgMatches, Args, Command, FromArgMatches};

/// The arguments of a command. Clap learns them when it comes across the command, and as if it had known them all
/// along.
#[derive(Debug)]
pub struct Late<T>(Box<T>);

impl<T> Deref for Late<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Args> Args for Late<T> {
    fn augment_args(command: Command) -> Command {
        command.defer(in_full::<T>)
    }

    fn augment_args_for_update(command: Command) -> Command {
        T::augment_args_for_update(command)
    }
}

impl<T: FromArgMatches> FromArgMatches for Late<T> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        Box::from_arg_matches(matches).map(Self)
    }

    fn from_arg_matches_mut(matches: &mut ArgMatches) -> Result<Self, Error> {
        Box::from_arg_matches_mut(matches).map(Self)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        self.0.update_from_arg_matches(matches)
    }
}

/// The command with its arguments at once, so that those can be changed.
pub(super) fn now<T: Args>(command: Command) -> Command {
    in_full::<T>(command.defer(|command| command))
}

/// The command with its arguments. It knows already what it is for, and the arguments of the commands around it.
fn in_full<T: Args>(command: Command) -> Command {
    let around = command.get_arguments().count();
    let (about, long_about) = (command.get_about().cloned(), command.get_long_about().cloned());
    let command = T::augment_args(command).about(Resettable::from(about)).long_about(Resettable::from(long_about));
    let mut arguments = Vec::with_capacity(command.get_arguments().count());
    let command = command.mut_args(|argument| {
        arguments.push(argument);
        Arg::default()
    });
    // Its own come first, in help and in completions.
    arguments.rotate_left(around);
    let mut arguments = arguments.into_iter().map(without_empty_variable);
    command.mut_args(|place| arguments.next().unwrap_or(place))
}

/// A variable that is set to nothing is as good as one that is not set: what a CI system is not given, it passes on
/// empty.
pub(super) fn without_empty_variable(argument: Arg) -> Arg {
    let is_empty = argument.get_env().is_some_and(|name| env::var_os(name).is_some_and(|value| value.is_empty()));
    if is_empty { argument.env(Resettable::Reset) } else { argument }
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser, Subcommand};

    use super::*;

    #[derive(Parser)]
    struct Program<T: Args> {
        #[command(subcommand)]
        asked: Asked<T>,

        /// Says everything.
        #[arg(long, global = true)]
        loud: bool,
    }

    #[derive(Subcommand)]
    enum Asked<T: Args> {
        /// Takes something away.
        Take(T),
    }

    /// What is taken.
    ///
    /// Its own words are not those of the command.
    #[derive(Args, Debug)]
    struct Take {
        /// The thing.
        thing: String,

        /// At any cost.
        #[arg(long)]
        forcibly: bool,
    }

    #[test]
    fn what_is_told_late_is_as_if_it_had_been_told_at_once() {
        let told = |mut program: Command| {
            program.build();
            let take = program.find_subcommand_mut("take").unwrap();
            let arguments: Vec<_> = take.get_arguments().map(|argument| argument.get_id().clone()).collect();
            (arguments, take.render_long_help().to_string(), take.render_usage().to_string())
        };
        let (arguments, help, usage) = told(Program::<Late<Take>>::command());
        assert_eq!(arguments, ["thing", "forcibly", "loud", "help"]);
        assert!(help.starts_with("Takes something away\n"), "{help}");
        assert_eq!((arguments, help, usage), told(Program::<Take>::command()));
    }

    #[test]
    fn nothing_is_told_before_it_is_asked_for() {
        let program = Program::<Late<Take>>::command();
        let take = program.find_subcommand("take").unwrap();
        assert_eq!(take.get_arguments().count(), 0);
        assert_eq!(now::<Take>(take.clone()).get_arguments().count(), 2);
        let parsed = Program::<Late<Take>>::try_parse_from(["program", "take", "--loud", "that", "--forcibly"]);
        let Program { asked: Asked::Take(take), loud } = parsed.unwrap();
        assert_eq!((take.thing.as_str(), take.forcibly, loud), ("that", true, true));
    }
}
