//! Taking out of start-up files what betrays the user: the line where it says nothing else, or else the words that do
//! it. What cannot be told apart for certain is left to the user.

mod cut;
mod line;

use zeroize::Zeroizing;

use super::places::{self, Grammar};
use super::said::Judged;
use super::scan::Shell;
use super::{as_text, judged};
use crate::clients::profanity::option_of;
use crate::model::{
    Change, CommandEffect, Edit, LaunchEffect, Place, Profile, ProfileFile, Span, Splice, Spot, Unrepairable, Wish,
};
use crate::source::Reader;

/// What is to go.
#[derive(Clone, Copy)]
enum What<'w> {
    /// The variable of that name.
    Variable(&'w str),
    /// An option that has the stanzas logged.
    Log,
    /// An option without a value.
    Plain,
    /// The password of a room in a command.
    RoomPassword,
    /// A command that hands an account's password over.
    Command,
}

/// The edits that bring about what is wanted.
pub(super) fn write(profile: &Profile, reader: &Reader, wish: &Wish) -> Result<Vec<Edit>, Unrepairable> {
    let (place, what) = subject(profile, wish)?;
    let Spot::Text(mark) = place.spot else { return Err(Unrepairable::Gone) };
    let file = profile.file(place.file).ok_or(Unrepairable::Gone)?;
    if file.damage.is_some() {
        return Err(Unrepairable::Damaged);
    }
    let source = file.text.as_ref().ok_or(Unrepairable::Gone)?;
    let text = as_text(source.bytes());
    let span = range(&text, places::grammar(file.kind), mark, what).ok_or(Unrepairable::Choice)?;
    if !is_all_that_changes(file, &text, span, reader) {
        return Err(Unrepairable::Choice);
    }
    let splice = if source.holds_secret_in(span) { Splice::forget(span) } else { Splice::remove(span) };
    Ok(vec![Edit::in_text(place.file, splice)])
}

fn subject<'p>(profile: &'p Profile, wish: &Wish) -> Result<(&'p Place, What<'p>), Unrepairable> {
    match wish.change {
        Change::Remove { subject: "launch" } => {
            let launch = profile.launches.get(wish.number).ok_or(Unrepairable::Gone)?;
            let what = match launch.effect {
                LaunchEffect::TlsOff | LaunchEffect::ProxyIgnored | LaunchEffect::PluginFolder => {
                    What::Variable(&launch.word)
                }
                LaunchEffect::StanzasLogged => What::Log,
                LaunchEffect::TlsDisabled => What::Plain,
            };
            Ok((&launch.place, what))
        }
        Change::Remove { subject: "command" } => {
            let command = profile.commands.get(wish.number).ok_or(Unrepairable::Gone)?;
            let what = match command.effect {
                CommandEffect::HoldsRoomPassword => What::RoomPassword,
                CommandEffect::HoldsPassword => What::Command,
                _ => return Err(Unrepairable::Unwritten),
            };
            Ok((&command.place, what))
        }
        _ => Err(Unrepairable::Unwritten),
    }
}

/// The range that has to go; none where it cannot be told.
fn range(text: &str, grammar: Grammar, mark: Span, what: What<'_>) -> Option<Span> {
    match (what, grammar) {
        (What::Variable(_), Grammar::Variables | Grammar::Pam) => line::alone(text, mark.start),
        (What::Variable(name), Grammar::Entries) => line::of_entry(text, mark, name),
        (What::Variable(name), Grammar::Shell) => of_shell(text, Shell::Posix, mark, name),
        (What::Variable(name), Grammar::Fish) => of_shell(text, Shell::Fish, mark, name),
        (What::Log, _) => cut::log_option(text, mark),
        (What::Plain, _) => cut::plain_option(text, mark),
        (What::RoomPassword, _) => option_of(text.as_bytes(), mark),
        (What::Command, _) => cut::command_option(text, mark),
    }
}

fn of_shell(text: &str, shell: Shell, mark: Span, name: &str) -> Option<Span> {
    line::of_command(text, shell, mark).or_else(|| cut::assignment(text, mark, name))
}

/// Whether the file says the same as before without the range, but for what was to go: an earlier line of the same
/// kind may count then.
fn is_all_that_changes(file: &ProfileFile, text: &str, span: Span, reader: &Reader) -> bool {
    let (Some(before), Some(behind)) = (text.get(..span.start), text.get(span.end..)) else { return false };
    let changed = Zeroizing::new([before, behind].concat());
    let (was, _) = judged(file, text, reader);
    let (is, fault) = judged(file, &changed, reader);
    let mut known = said(&was);
    let is_known = |said: &String| {
        let at = known.iter().position(|other| other == said);
        at.map(|at| known.swap_remove(at)).is_some()
    };
    fault.is_none()
        && is.has_proxy == was.has_proxy
        && is.sends_dino_to_tor == was.sends_dino_to_tor
        && said(&is).iter().all(is_known)
}

/// What is said about a file, without where it stands.
fn said(judged: &Judged) -> Vec<String> {
    let verdicts = judged.verdicts.iter().map(|verdict| format!("{:?} {}", verdict.effect, verdict.place));
    verdicts.chain(judged.typed.iter().map(super::Typed::name)).collect()
}
