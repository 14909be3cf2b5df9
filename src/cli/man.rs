//! `man`: manual pages.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use clap::{Command, CommandFactory};
use clap_mangen::roff::{Roff, bold, roman};

use super::arguments::{Arguments, Man};
use super::clients::shown;
use super::{Exit, Failure, help};
use crate::clients::{CLIENTS, Client};

/// What roff writes before every piece that it renders; a page needs it once.
const PREAMBLE: &str = ".ie \\n(.g .ds Aq \\(aq\n.el .ds Aq '\n";

/// The commands that audit: their pages say everything about it.
const AUDITING: [&str; 3] = ["xmpp-audit", "xmpp-audit-check", "xmpp-audit-fix"];

pub(super) fn run(man: &Man, out: &mut dyn Write) -> Result<Exit, Failure> {
    let mut program = Arguments::command().disable_help_subcommand(true);
    program.build();
    if let Some(folder) = &man.all {
        write_all(&program, folder)?;
        return Ok(Exit::Clean);
    }
    let command = man.command.iter().try_fold(&program, |command, name| command.find_subcommand(name));
    let command =
        command.ok_or_else(|| Failure::Usage(format!("there is no command “{}”", man.command.join(" "))))?;
    out.write_all(page(command, &program)?.as_bytes())?;
    Ok(Exit::Clean)
}

fn write_all(program: &Command, folder: &Path) -> Result<(), Failure> {
    let cannot = |path: &Path, error: io::Error| {
        Failure::Usage(format!("the pages cannot be written to {}: {error}", path.display()))
    };
    fs::create_dir_all(folder).map_err(|error| cannot(folder, error))?;
    let mut commands = vec![program];
    while let Some(command) = commands.pop() {
        let path = folder.join(format!("{}.1", name(command)));
        fs::write(&path, page(command, program)?).map_err(|error| cannot(&path, error))?;
        commands.extend(command.get_subcommands());
    }
    Ok(())
}

/// `xmpp-audit-policy-show`.
fn name(command: &Command) -> &str {
    command.get_display_name().unwrap_or_else(|| command.get_name())
}

fn page(command: &Command, program: &Command) -> Result<String, Failure> {
    let man = clap_mangen::Man::new(command.clone());
    let mut text = Vec::new();
    man.render_name_section(&mut text)?;
    man.render_synopsis_section(&mut text)?;
    man.render_description_section(&mut text)?;
    man.render_options_section(&mut text)?;
    if command.has_subcommands() {
        man.render_subcommands_section(&mut text)?;
    }
    for section in sections(command) {
        section.to_writer(&mut text)?;
    }
    let text = tidy(&String::from_utf8_lossy(&text));
    // An argument without a word would be lost in roff's own writer: the date, which would make each build another.
    let (title, version) = (name(command).to_uppercase(), program.get_version().unwrap_or_default());
    Ok(format!("{PREAMBLE}.TH {title} 1 \"\" \"xmpp-audit {version}\" \"User Commands\"\n{text}"))
}

/// The page without what its pieces repeat, and what `mandoc -T lint` has against it.
fn tidy(text: &str) -> String {
    let text = text.replace(PREAMBLE, "").replace(".br\n\n.br\n", ".sp\n");
    text.lines().fold(String::new(), |tidy, line| tidy + line.trim_end() + "\n")
}

/// The sections that the arguments do not tell.
fn sections(command: &Command) -> Vec<Roff> {
    let audits = AUDITING.contains(&name(command));
    let exits = help::EXITS.iter().filter(|(exit, _)| audits || !exit.is_of_audits());
    let exits = exits.map(|(exit, meaning)| (exit.number().to_string(), (*meaning).to_owned()));
    let typed = command.get_bin_name().unwrap_or_default();
    let examples = help::EXAMPLES.iter().filter(|(example, _)| example.starts_with(typed));
    let mut sections = vec![list("EXIT STATUS", exits)];
    if audits {
        sections.push(list("ENVIRONMENT", owned(help::ENVIRONMENT.iter())));
        sections.push(files());
    }
    sections.push(list("EXAMPLES", owned(examples)));
    sections.push(see_also(command));
    sections
}

fn owned<'a>(
    pairs: impl Iterator<Item = &'a (&'static str, &'static str)>,
) -> impl Iterator<Item = (String, String)> {
    pairs.map(|(term, meaning)| ((*term).to_owned(), (*meaning).to_owned()))
}

/// A section of terms and what they mean; nothing where there are none.
fn list(heading: &str, pairs: impl IntoIterator<Item = (String, String)>) -> Roff {
    let mut section = Roff::new();
    for (number, (term, meaning)) in pairs.into_iter().enumerate() {
        if number == 0 {
            section.control("SH", [heading]);
        }
        section.control("TP", []).text([bold(term)]).text([roman(meaning)]);
    }
    section
}

/// Where each client keeps its files.
fn files() -> Roff {
    let mut section = list("FILES", CLIENTS.iter().map(|client| (client.title().to_owned(), folders(*client))));
    section.control("PP", []).text([roman("Every file: "), bold("xmpp-audit clients"), roman(".")]);
    section
}

/// The folders that a client keeps files in; of files that lie in the home itself, the files.
fn folders(client: &dyn Client) -> String {
    let mut folders: Vec<String> = Vec::new();
    for place in client.known_places() {
        let below = place.path.rsplit_once('/').map_or(place.path, |(folder, _)| folder);
        let folder = format!("{}/{below}", shown(place.base));
        if !folders.contains(&folder) {
            folders.push(folder);
        }
    }
    folders.join(", ")
}

fn see_also(command: &Command) -> Roff {
    let mut section = Roff::new();
    section.control("SH", ["SEE ALSO"]);
    let others = if command.has_subcommands() {
        command.get_subcommands().map(|other| format!("{}(1)", name(other))).collect()
    } else {
        vec!["xmpp-audit(1)".to_owned()]
    };
    section.text([roman(others.join(", "))]);
    section
}
