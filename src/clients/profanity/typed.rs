//! Commands that are kept to be run later: aliases, lines of scripts, macros of key bindings.

use std::collections::HashMap;
use std::ops::Range;

use zeroize::Zeroizing;

use super::effects_of_command;
use super::macros;
use super::source::Source;
use crate::model::{ClientName, Command, FileNumber, Place, Span};
use crate::syntax::keyfile;

/// A command, and where it stands.
pub(super) struct Typed {
    /// The command as the client will read it. A secret may stand in it.
    pub text: Zeroizing<String>,
    /// For every byte of the text, and for its end, where it stands in the file.
    pub offsets: Vec<usize>,
    /// The file.
    pub file: FileNumber,
    /// The place in words.
    pub words: String,
    /// Whether other commands may have the same words.
    pub shares_words: bool,
    /// What it is called by.
    pub name: String,
}

impl Typed {
    /// Where a part of the text stands in the file.
    pub(super) fn span(&self, range: &Range<usize>) -> Span {
        let offset = |at: usize| self.offsets.get(at).or(self.offsets.last()).copied().unwrap_or_default();
        Span::new(offset(range.start), offset(range.end))
    }

    /// What it does that an attacker would like.
    pub(super) fn effects(&self) -> Vec<Command> {
        let found = effects_of_command(&self.text).into_iter();
        found
            .map(|(effect, stores, range)| Command {
                client: ClientName("profanity"),
                effect,
                stores,
                place: Place::in_text(self.file, self.span(&range), format!("{} / {}", self.words, effect.word())),
                name: self.name.clone(),
            })
            .collect()
    }
}

/// The values of `[alias]`. An alias that is written twice is what its last line says.
pub(super) fn in_aliases<'s>(source: &'s Source<'_>) -> impl Iterator<Item = Typed> + 's {
    let group = source.keys.group(b"alias");
    let effective = group.map(|group| source.keys.effective_entries(group)).unwrap_or_default();
    let counts = move |entry: &keyfile::Entry| effective.get(source.keys.raw(entry.key)) == Some(entry);
    let entries = group.into_iter().flat_map(|group| group.entries().map(move |entry| (group, entry)));
    entries.filter(move |(_, entry)| counts(entry)).filter_map(|(group, entry)| {
        let decoded = keyfile::decode(source.keys.raw(entry.value)).ok()?;
        let name = source.keys.lossy(entry.key);
        Some(Typed {
            text: Zeroizing::new(decoded.text),
            offsets: decoded.offsets.into_iter().map(|offset| entry.value.start + offset).collect(),
            file: source.number,
            words: format!("{} / {name}", source.group_words(group)),
            shares_words: false,
            name,
        })
    })
}

/// The lines of a script, one at a time.
pub(super) fn in_script<'b>(bytes: &'b [u8], file: FileNumber, name: &'b str) -> impl Iterator<Item = Typed> + 'b {
    keyfile::lines(bytes).filter_map(move |(line, _)| {
        let text =
            std::str::from_utf8(bytes.get(line.start..line.end)?).ok().filter(|text| text.starts_with('/'))?;
        Some(Typed {
            text: Zeroizing::new(text.to_owned()),
            offsets: (line.start..=line.end).collect(),
            file,
            words: format!("scripts/{name}"),
            shares_words: true,
            name: name.to_owned(),
        })
    })
}

/// The commands that key bindings of `inputrc` type.
pub(super) fn in_key_bindings(bytes: &[u8], file: FileNumber) -> Vec<Typed> {
    let typed = |line: macros::Line| Typed {
        text: line.text,
        offsets: line.offsets,
        file,
        words: format!("inputrc / {}", line.key),
        shares_words: true,
        name: line.key,
    };
    macros::lines(bytes).into_iter().map(typed).collect()
}

/// Numbers the commands whose places would otherwise be called the same.
pub(super) fn tell_apart(commands: &mut [Command]) {
    let mut seen: HashMap<(FileNumber, String), usize> = HashMap::new();
    for command in commands {
        let place = &mut command.place;
        let count = seen.entry((place.file, place.words.clone())).or_default();
        *count += 1;
        if *count > 1 {
            place.words = format!("{} ({count})", place.words);
        }
    }
}
