//! A file that is being read, and what becomes of its faults.

use zeroize::Zeroizing;

use super::condensed::Condensed;
use super::secrets::{self, Found as FoundSecret};
use super::unknown;
use crate::clients::{Found, dotfiles};
use crate::model::{
    Damage, Fault, FileKind, FileNumber, Loss, Place, Plenty, Profile, ProfileFile, Secret, Span, Spot, Text,
    Trouble, limits,
};
use crate::source::{Content, Reader};
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
    let read = reader.read(&found.path, found.kind);
    taken(profile, found, read)
}

/// The same for a list of contacts, or a copy of what may be one: of one that is too long to be held in memory, what
/// matters.
pub(super) fn load_long(
    profile: &mut Profile,
    reader: &Reader,
    found: &Found,
) -> Option<(Source, Content<Condensed>)> {
    let read = if dotfiles::Name::of(&found.path).is_template {
        // What fills in a template looks at all of it.
        reader.read_long(&found.path, found.kind).map(|(file, bytes)| (file, Content::Whole(bytes)))
    } else {
        reader.read_or_stream(&found.path, found.kind, |input| Condensed::read(input, found.kind))
    };
    taken(profile, found, read)
}

fn taken<T>(profile: &mut Profile, found: &Found, read: Result<(ProfileFile, T), Trouble>) -> Option<(Source, T)> {
    match read {
        Ok((file, content)) => {
            let number = profile.add_file(file);
            Some((Source { number, kind: found.kind }, content))
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
    keep_as(profile, source, decoded, known, Text::new);
}

/// The same for what is left of a file.
pub(super) fn keep_condensed(
    profile: &mut Profile,
    source: Source,
    decoded: Decoded,
    known: &[FoundSecret],
    condensed: &mut Condensed,
) {
    let parts = condensed.take_parts();
    keep_as(profile, source, decoded, known, |bytes| Text::of_parts(bytes, parts));
    if let Some(file) = profile.file_mut(source.number) {
        file.holds_secret |= condensed.holds_secret;
    }
    if condensed.is_cut {
        profile.note_plenty(source.number, Plenty::Bytes, usize::try_from(limits::HELD).unwrap_or(usize::MAX));
    }
}

fn keep_as(
    profile: &mut Profile,
    source: Source,
    decoded: Decoded,
    known: &[FoundSecret],
    text: impl FnOnce(Zeroizing<Vec<u8>>) -> Text,
) {
    let mut further = secrets::in_text(decoded.text());
    secrets::drop_known(&mut further, known);
    further.extend(untold(profile, source, decoded.text()));
    let mut text = text(decoded.into_bytes());
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
