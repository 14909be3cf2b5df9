//! How Profanity is started: its options (`src/main.c`), and what they do to its user.

use super::programs::PROFANITY;
use super::scan::Word;
use super::verdict::{Verdict, stanzas_logged};
use crate::clients::profanity::effects_of_command;
use crate::model::{ClientName, Command, CommandEffect, FileNumber, LaunchEffect, Place, Span};

/// Options that take the next word as their value.
const WITH_VALUE: [&str; 12] =
    ["-l", "--log", "-a", "--account", "-r", "--cmd", "-c", "--config", "-f", "--logfile", "-t", "--theme"];

/// What the options do, in their order.
pub(super) fn verdicts(arguments: &[Word], place: &str) -> impl Iterator<Item = Verdict> {
    debug_log(arguments, place).into_iter().chain(tls_disabled(arguments, place))
}

/// Profanity takes `-l LEVEL`, `-lLEVEL`, `--log LEVEL` and `--log=LEVEL`.
fn debug_log(arguments: &[Word], place: &str) -> Option<Verdict> {
    let joined = arguments.iter().find(|word| matches!(word.text.as_str(), "-lDEBUG" | "--log=DEBUG"));
    let following = || {
        let pair = arguments.windows(2).find(|pair| {
            matches!(pair, [option, level] if matches!(option.text.as_str(), "-l" | "--log") && level.text == "DEBUG")
        });
        pair.and_then(<[Word]>::last)
    };
    let word = joined.or_else(following)?;
    Some(stanzas_logged(PROFANITY, word, "-l DEBUG", place))
}

/// `-d` and `--disable-tls`, which Profanity knew up to 0.4.7.
fn tls_disabled(arguments: &[Word], place: &str) -> Option<Verdict> {
    let word = options(arguments).find(|word| matches!(word.text.as_str(), "-d" | "--disable-tls"))?;
    Some(Verdict {
        client: PROFANITY,
        effect: LaunchEffect::TlsDisabled,
        word: word.text.clone(),
        span: word.span_from(0),
        place: format!("{place} / --disable-tls"),
    })
}

/// Something that a command does which Profanity is started with.
#[derive(Debug)]
pub(super) struct Typed {
    effect: CommandEffect,
    stores: bool,
    /// Where the word stands that does it, or the secret.
    pub span: Span,
    place: String,
}

impl Typed {
    /// Whether what stands there is a secret.
    pub(super) const fn is_secret(&self) -> bool {
        matches!(self.effect, CommandEffect::HoldsPassword | CommandEffect::HoldsRoomPassword)
    }

    /// What it does and in which command, without where it stands.
    pub(super) fn name(&self) -> String {
        format!("{:?} {}", self.effect, self.place)
    }

    /// `name` is that of the file in which it stands.
    pub(super) fn into_command(self, file: FileNumber, name: String) -> Command {
        Command {
            client: ClientName(PROFANITY),
            effect: self.effect,
            stores: self.stores,
            place: Place::in_text(file, self.span, self.place),
            name,
        }
    }
}

/// What the commands do that are given with `-r COMMAND` or `--cmd COMMAND` (0.15.0 and later), as often as one
/// likes. One that is known only when it is run is read as far as it is written.
pub(super) fn typed(arguments: &[Word], place: &str) -> Vec<Typed> {
    let place = format!("{place} / --cmd");
    let found = command_lines(arguments).into_iter().flat_map(|(word, start)| {
        let effects = effects_of_command(word.text.get(start..).unwrap_or_default());
        effects.into_iter().map(move |(effect, stores, range)| {
            (effect, stores, word.span_of(range.start + start..range.end + start))
        })
    });
    found.map(|(effect, stores, span)| Typed { effect, stores, span, place: place.clone() }).collect()
}

/// The words that hold a command, and where in them it begins.
fn command_lines(arguments: &[Word]) -> Vec<(&Word, usize)> {
    let mut lines = Vec::new();
    let mut is_next = false;
    for word in arguments {
        if std::mem::replace(&mut is_next, false) {
            lines.push((word, 0));
        } else if matches!(word.text.as_str(), "-r" | "--cmd") {
            is_next = true;
        } else if word.text.starts_with("--cmd=") {
            lines.push((word, "--cmd=".len()));
        } else if word.text.starts_with("-r") {
            lines.push((word, "-r".len()));
        }
    }
    lines
}

/// The options, without the values of those that take one, up to a `--`.
fn options(arguments: &[Word]) -> impl Iterator<Item = &Word> {
    let mut is_value = false;
    let before_end = arguments.iter().take_while(|word| word.text != "--");
    before_end.filter(move |word| {
        let was_value = std::mem::replace(&mut is_value, false);
        is_value = !was_value && WITH_VALUE.contains(&word.text.as_str());
        !was_value
    })
}
