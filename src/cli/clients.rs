//! `clients`: what is read, and where it lies.

mod privacy;

use std::io::Write;

use super::arguments::Clients;
use super::terminal::Terminal;
use super::{Exit, Failure};
use crate::clients::{Base, CLIENTS};

pub(super) fn run(asked: &Clients, terminal: &Terminal, out: &mut dyn Write) -> Result<Exit, Failure> {
    if asked.privacy { privacy::run(terminal, out) } else { list(out) }
}

fn list(out: &mut dyn Write) -> Result<Exit, Failure> {
    for (number, client) in CLIENTS.iter().enumerate() {
        if number > 0 {
            writeln!(out)?;
        }
        writeln!(out, "{} ({})", client.title(), client.name().0)?;
        let places = client.known_places();
        let widest = places.iter().map(|place| place.kind.0.chars().count()).max().unwrap_or_default();
        for place in places {
            writeln!(out, "  {:widest$}  {}/{}", place.kind.0, shown(place.base), place.path)?;
        }
    }
    writeln!(
        out,
        "\nFiles elsewhere (copies, dotfiles repositories) are found by `check PATH`, by name and content."
    )?;
    Ok(Exit::Clean)
}

/// The folder as people write it.
pub(super) const fn shown(base: Base) -> &'static str {
    match base {
        Base::Home => "~",
        Base::Config => "$XDG_CONFIG_HOME",
        Base::Data => "$XDG_DATA_HOME",
        Base::Cache => "$XDG_CACHE_HOME",
    }
}
