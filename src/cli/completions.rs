//! `completions`: what a shell needs to complete the program's arguments.

use std::collections::BTreeSet;
use std::io::{self, Write};

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Command, CommandFactory};
use clap_complete::{Generator, aot};
use clap_complete_nushell::Nushell;

use super::arguments::{Arguments, Check, Shell};
use super::{Exit, Failure, late};
use crate::model::Language;
use crate::rules::RuleSet;

pub(super) fn run(shell: Shell, out: &mut dyn Write) -> Result<Exit, Failure> {
    let rules = RuleSet::embedded(Language::English).map_err(|error| Failure::Internal(error.to_string()))?;
    let mut command = with_rules(Arguments::command(), &rules);
    command.set_bin_name("xmpp-audit");
    command.build();
    match shell {
        Shell::Bash => bash(&command, out),
        Shell::Elvish => aot::Elvish.try_generate(&command, out),
        Shell::Fish => aot::Fish.try_generate(&command, out),
        Shell::Nushell => Nushell.try_generate(&command, out),
        Shell::Powershell => aot::PowerShell.try_generate(&command, out),
        Shell::Zsh => aot::Zsh.try_generate(&command, out),
    }?;
    Ok(Exit::Clean)
}

/// clap_complete 4.6 calls the functions of commands by two names where the program's own has a hyphen, so that none
/// is completed behind a command (clap-rs/clap#6421).
fn bash(command: &Command, out: &mut dyn Write) -> io::Result<()> {
    let mut script = Vec::new();
    aot::Bash.try_generate(command, &mut script)?;
    let script = String::from_utf8_lossy(&script).replace("xmpp__subcmd__audit", "xmpp__audit");
    out.write_all(script.as_bytes())
}

/// The command line with the rules and tags that there are, wherever one is to be typed. The program itself knows
/// them only once the folders of `--rules` were read, so they are no part of its arguments.
fn with_rules(command: Command, rules: &RuleSet) -> Command {
    let ids = || {
        let pages = rules.pages().iter();
        pages.map(|page| PossibleValue::new(page.id.clone()).help(page.texts(Language::English).title.clone()))
    };
    let tags: BTreeSet<_> = rules.pages().iter().flat_map(|page| page.tags.iter().cloned()).collect();
    let names: Vec<_> = ids().chain(tags.into_iter().map(PossibleValue::new)).collect();
    let ids: Vec<_> = ids().collect();
    command
        .mut_subcommand("explain", |explain| {
            explain.mut_arg("rule", |rule| rule.value_parser(PossibleValuesParser::new(ids)))
        })
        .mut_subcommand("check", |check| {
            ["select", "ignore"].into_iter().fold(late::now::<Check>(check), |check, option| {
                let names = names.clone();
                check.mut_arg(option, |option| option.value_parser(PossibleValuesParser::new(names)))
            })
        })
}
