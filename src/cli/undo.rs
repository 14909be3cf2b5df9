//! `undo`: take back what `fix` has written.

use std::io::Write;

use super::arguments::Undo;
use super::terminal::Terminal;
use super::{Exit, Failure, fix};
use crate::fix::{Entry, JournalError, Options, Restored, State, UndoError, list, undo};
use crate::model::Language;
use crate::report::harmless;

pub(super) fn run(asked: &Undo, terminal: &Terminal, out: &mut dyn Write) -> Result<Exit, Failure> {
    let options = Options { state_folder: fix::state_folder()?, keep_secrets: false };
    let language = terminal.language;
    if asked.list {
        return show(&options, language, out);
    }
    let undone = match undo(asked.id.as_deref(), &options) {
        Ok(undone) => undone,
        Err(UndoError::Journal(JournalError::Nothing)) => {
            writeln!(out, "{}", language.choose("There is nothing to take back.", "Il n’y a rien à annuler."))?;
            return Ok(Exit::Clean);
        }
        Err(UndoError::Journal(error @ JournalError::Unknown(_))) => {
            return Err(Failure::Usage(format!("{error}; `xmpp-audit undo --list` lists them")));
        }
        Err(error) => return Err(Failure::NotFixed(error.to_string())),
    };
    for (path, restored) in &undone.files {
        writeln!(out, "{}: {}", harmless::path(path), words(*restored, language))?;
    }
    let is_kept = undone.files.iter().all(|(_, restored)| *restored != Restored::NotKept);
    Ok(if is_kept { Exit::Clean } else { Exit::NotFixed })
}

const fn words(restored: Restored, language: Language) -> &'static str {
    let (english, french) = match restored {
        Restored::Exactly => ("as it was, byte for byte", "tel qu’il était, à l’octet près"),
        Restored::InContent => {
            ("it says what it said; its bytes are others", "il dit ce qu’il disait ; ses octets sont autres")
        }
        Restored::ButForSecret => (
            "as it was but for the password, which was not kept",
            "tel qu’il était, sauf le mot de passe, qui n’a pas été gardé",
        ),
        Restored::AlreadyAsItWas => ("it is already as it was", "il est déjà tel qu’il était"),
        Restored::NotKept => ("it was deleted, and no copy was kept", "il a été supprimé, sans copie gardée"),
    };
    language.choose(english, french)
}

fn show(options: &Options, language: Language, out: &mut dyn Write) -> Result<Exit, Failure> {
    let entries = list(options).map_err(|error| Failure::NotFixed(error.to_string()))?;
    if entries.is_empty() {
        writeln!(out, "{}", language.choose("`fix` has written nothing yet.", "`fix` n’a encore rien écrit."))?;
    }
    // The last one first: that is what `undo` takes.
    for entry in entries.iter().rev() {
        write_entry(entry, language, out)?;
    }
    Ok(Exit::Clean)
}

fn write_entry(entry: &Entry, language: Language, out: &mut dyn Write) -> Result<(), Failure> {
    let (english, french) = match entry.state {
        State::Begun => ("not finished", "inachevé"),
        State::Done => ("done", "fait"),
        State::Undoing => ("half taken back", "à moitié annulé"),
        State::Undone => ("taken back", "annulé"),
    };
    writeln!(out, "{}  {}", entry.id, language.choose(english, french))?;
    for note in &entry.about {
        writeln!(out, "    {} {}: {}", note.rule, harmless::line(&note.path), harmless::line(&note.words))?;
    }
    Ok(())
}
