//! A file that is being read, and what becomes of its faults.

use zeroize::Zeroizing;

use super::places::{BUDDIES, LEFTOVER};
use super::secrets::{self, Found as FoundSecret};
use super::unknown;
use crate::clients::{Found, dotfiles};
use crate::model::{
    Damage, Fault, FileKind, FileNumber, Loss, Place, Plenty, Profile, Secret, Span, Spot, Text, limits,
};
use crate::source::Reader;
use crate::syntax::xml::{Decoded, Document, XmlFault, XmlFaultKind};

/// A file of a profile, as places in it are made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source {
    /// Its number in the profile.
    pub number: FileNumber,
    /// What it is.
    pub kind: FileKind,
}

impl Source {
    /// A place in the file's text.
    pub(super) fn place(self, span: Span, words: impl Into<String>) -> Place {
        Place::in_text(self.number, span, words)
    }
}

/// Reads a file into the profile: its bytes, or a notice.
pub(super) fn load(profile: &mut Profile, reader: &Reader, found: &Found) -> Option<(Source, Zeroizing<Vec<u8>>)> {
    // A list of contacts, or a copy of what may be one.
    let may_be_long = matches!(found.kind, BUDDIES | LEFTOVER);
    let read = if may_be_long { Reader::read_long } else { Reader::read };
    match read(reader, &found.path, found.kind) {
        Ok((file, bytes)) => {
            let number = profile.add_file(file);
            Some((Source { number, kind: found.kind }, bytes))
        }
        Err(trouble) => {
            profile.note(&found.path, found.kind, trouble);
            None
        }
    }
}

/// Hands the text of a file over to the profile, its secrets hidden.
///
/// `known` are the secrets among what the parser understood; in the text there may be more, in comments and behind
/// a fault.
pub(super) fn keep(profile: &mut Profile, source: Source, decoded: Decoded, known: &[FoundSecret]) {
    let mut further = secrets::in_text(decoded.text());
    secrets::drop_known(&mut further, known);
    further.extend(untold(profile, source, decoded.text()));
    let mut text = Text::new(decoded.into_bytes());
    for found in known.iter().chain(&further) {
        text.hide(found.span);
    }
    if let Some(file) = profile.file_mut(source.number) {
        file.holds_secret = known.iter().chain(&further).any(|found| found.secret.is_clear());
        file.text = Some(text);
    }
}

/// What may be a secret for all that is known: values of settings that do nothing and, in a file with a fault, all that
/// libpurple would not have written.
fn untold(profile: &Profile, source: Source, text: &str) -> Vec<FoundSecret> {
    let is_damaged = profile.file(source.number).is_some_and(|file| file.damage.is_some());
    let mut found = if is_damaged { unknown::in_damaged(text) } else { Vec::new() };
    for idle in profile.idle_settings.iter().filter(|idle| idle.place.file == source.number) {
        if let Spot::Text(span) = idle.place.spot
            && !unknown::is_harmless(&idle.name, text.get(span.start..span.end).unwrap_or_default())
        {
            found.push(FoundSecret { span, secret: Secret::Opaque });
        }
    }
    found
}

/// Notes that there is more in a document than was looked at.
pub(super) fn note_cut(profile: &mut Profile, source: Source, document: &Document) {
    if document.is_cut {
        profile.note_plenty(source.number, Plenty::Parts, limits::ELEMENTS);
    }
}

/// Notes that a file cannot be read in full. A template of a dotfiles manager need not be XML before it is filled
/// in, and is passed over quietly.
pub(super) fn note_damage(profile: &mut Profile, source: Source, text: &str, fault: XmlFault, loss: Loss) {
    let Some(file) = profile.file_mut(source.number) else { return };
    if dotfiles::Name::of(&file.path).is_template {
        return;
    }
    let words = source.kind.0;
    let place = source.place(fault.span, words);
    file.damage = Some(Damage { fault: fault_of(text, fault), place, loss });
}

/// The fault in the vocabulary of the report.
fn fault_of(text: &str, fault: XmlFault) -> Fault {
    match fault.kind {
        XmlFaultKind::Empty => Fault::Empty,
        XmlFaultKind::UnknownEncoding | XmlFaultKind::NotInEncoding => Fault::WrongEncoding,
        XmlFaultKind::Truncated => Fault::Truncated,
        _ if is_merge_marker(text, fault.span.start) => Fault::MergeMarker,
        _ => Fault::NotWellFormed,
    }
}

/// Whether the line around `at` is one that git leaves behind where a merge failed.
fn is_merge_marker(text: &str, at: usize) -> bool {
    let start = text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1);
    text.get(start..).is_some_and(|line| {
        ["<<<<<<< ", ">>>>>>> ", "=======", "||||||| "].iter().any(|mark| line.starts_with(mark))
    })
}
