//! Putting right what stands in Profanity's files.
//!
//! Only the lines that have to be different are touched. A file that the client does not read to its end is left alone:
//! what stands behind the fault would come to life, or be lost.

mod account;
mod commands;
mod habits;

use super::source::Source;
use super::version::Known;
use crate::model::{
    Change, Edit, ExtraAuthority, FileKind, FileNumber, Idle, Place, Profile, Span, Splice, Spot, Text,
    Unrepairable, Wish,
};
use crate::syntax::keyfile::{Wanted, line_at};

pub(crate) use commands::option_of;

/// The edits that bring about what is wanted.
pub(super) fn write(profile: &Profile, wish: &Wish) -> Result<Vec<Edit>, Unrepairable> {
    match &wish.change {
        Change::Set { fact: "profile.extra_authority", value } if value == ExtraAuthority::System.word() => {
            without_empty_authority(profile)
        }
        Change::Set { fact, value } => account::write(profile, wish.number, fact, value),
        Change::Remove { subject: "habit" } => habits::stop(profile, wish.number),
        Change::Remove { subject: "setting" } => without_duplicate(profile, wish.number),
        Change::Remove { subject: "command" } => commands::remove(profile, wish.number),
        Change::Remove { .. } => Err(Unrepairable::Unwritten),
    }
}

/// A key file of the profile that the client reads to its end.
struct Opened<'p> {
    source: Source<'p>,
    text: &'p Text,
}

impl<'p> Opened<'p> {
    fn of(profile: &'p Profile, number: FileNumber) -> Result<Self, Unrepairable> {
        let (kind, text) = text_of(profile, number)?;
        let path = profile.file(number).map(|file| file.path.as_path()).ok_or(Unrepairable::Gone)?;
        let source = Source::again(number, path, kind, text.bytes());
        if source.keys.fault().is_some() {
            return Err(Unrepairable::Damaged);
        }
        Ok(Self { source, text })
    }

    /// The group in whose name a place lies.
    fn group_at(&self, place: &Place) -> Result<&[u8], Unrepairable> {
        let Spot::Text(span) = place.spot else { return Err(Unrepairable::Gone) };
        Ok(self.source.keys.raw(span))
    }

    fn set(&self, wanted: &[Wanted<'_>]) -> Result<Vec<Edit>, Unrepairable> {
        let splices = self.source.keys.set(wanted).ok_or(Unrepairable::Unwritten)?;
        Ok(splices.into_iter().map(|splice| Edit::in_text(self.source.number, splice)).collect())
    }

    /// Takes every line of a key away: an earlier one would come to life.
    fn without(&self, group: &[u8], key: &str) -> Vec<Edit> {
        let lines = self.source.keys.lines_of(group, key.as_bytes());
        lines.into_iter().map(|line| self.removed(line)).collect()
    }

    /// Takes a range away, for good if a secret stands in it.
    fn removed(&self, span: Span) -> Edit {
        removed(self.source.number, self.text, span)
    }
}

fn removed(number: FileNumber, text: &Text, span: Span) -> Edit {
    let splice = if text.holds_secret_in(span) { Splice::forget(span) } else { Splice::remove(span) };
    Edit::in_text(number, splice)
}

fn text_of(profile: &Profile, number: FileNumber) -> Result<(FileKind, &Text), Unrepairable> {
    let file = profile.file(number).ok_or(Unrepairable::Gone)?;
    Ok((file.kind, file.text.as_ref().ok_or(Unrepairable::Gone)?))
}

/// Takes the empty folder of certificate authorities away, which keeps OpenSSL from starting.
fn without_empty_authority(profile: &Profile) -> Result<Vec<Edit>, Unrepairable> {
    let empty = profile.extra_authority.as_ref().filter(|path| path.value == ExtraAuthority::Empty);
    let Some(empty) = empty else { return Ok(Vec::new()) };
    Ok(Opened::of(profile, empty.place().file)?.without(b"connection", "tls.certpath"))
}

/// Takes a line away that another of the same key overrides.
fn without_duplicate(profile: &Profile, number: usize) -> Result<Vec<Edit>, Unrepairable> {
    let setting = profile.idle_settings.get(number).ok_or(Unrepairable::Gone)?;
    let Spot::Text(span) = setting.place.spot else { return Err(Unrepairable::Gone) };
    if setting.reason != Idle::Duplicate {
        return Err(Unrepairable::Unwritten);
    }
    let opened = Opened::of(profile, setting.place.file)?;
    Ok(vec![opened.removed(line_at(opened.text.bytes(), span.start))])
}

/// What is known about the version that reads the files.
const fn version(profile: &Profile) -> Known<'_> {
    Known(profile.version.as_ref())
}
