//! Start-up files: what feeds the environment of a client, or starts it.
//!
//! Nothing in Dino's own files can switch its TLS off, but the environment can: without a TLS library GLib has
//! Dino go on in the clear (observed with 0.4.2). And both Dino and Profanity can be started so that every
//! stanza, the one with the password among them, goes to a log.

mod entries;
mod environment;
mod judge;
mod places;
mod profanity;
mod programs;
mod said;
mod scan;
mod secrets;
mod variables;
mod verdict;
mod write;

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::{Client, Found, KnownPlace};
use crate::model::limits;
use crate::model::{
    Access, ClientName, ClientVersion, Damage, Edit, Fault, FileKind, LaunchEffect, Loss, Place, Profile,
    ProfileFile, Span, Text, Trouble, Unrepairable, Wish,
};
use crate::source::Reader;
use judge::Judge;
use places::Grammar;
use profanity::Typed;
use said::Judged;
use scan::Shell;

/// The client itself.
pub struct Startup;

impl Client for Startup {
    fn name(&self) -> ClientName {
        ClientName("startup")
    }

    fn title(&self) -> &'static str {
        "Start-up files"
    }

    fn known_places(&self) -> &'static [KnownPlace] {
        &places::PLACES
    }

    fn may_be_named(&self, name: &[u8]) -> bool {
        places::may_be_named(name)
    }

    fn name_parts(&self) -> &'static [&'static str] {
        places::NAME_PARTS
    }

    fn recognise(&self, path: &Path, head: &[u8]) -> Option<FileKind> {
        places::kind_of(path, head)
    }

    fn profile_key(&self, found: &Found) -> PathBuf {
        found.home.clone().unwrap_or_else(|| found.path.clone())
    }

    fn read_as(&self, found: &[Found], reader: &Reader, _: Option<&ClientVersion>) -> Profile {
        let root = found.first().map(|file| self.profile_key(file)).unwrap_or_default();
        let mut profile = Profile::new(self.name(), root);
        let mut told = Vec::new();
        for file in found {
            match reader.read(&file.path, file.kind) {
                Ok((read, bytes)) => match Told::read(read, bytes, reader) {
                    Ok(read) => told.extend(read),
                    Err(trouble) => profile.note(&file.path, file.kind, trouble),
                },
                // Links to nowhere and to /dev/null are how such files are switched off.
                Err(Trouble::Missing | Trouble::NotRegular | Trouble::DanglingLink) => {}
                Err(trouble) => profile.note(&file.path, file.kind, trouble),
            }
        }
        heed_proxies(&mut told);
        told.into_iter().for_each(|file| file.add_to(&mut profile));
        profile
    }

    fn write(&self, profile: &Profile, reader: &Reader, wish: &Wish) -> Result<Vec<Edit>, Unrepairable> {
        write::write(profile, reader, wish)
    }
}

/// A file that may say something about a chat client, and what it says.
struct Told {
    file: ProfileFile,
    bytes: Zeroizing<Vec<u8>>,
    text: Zeroizing<String>,
    judged: Judged,
    /// The line behind which the file makes no sense.
    fault: Option<Span>,
}

impl Told {
    /// None where nothing in the file could be about a chat client.
    fn read(file: ProfileFile, bytes: Zeroizing<Vec<u8>>, reader: &Reader) -> Result<Option<Self>, Trouble> {
        if !places::may_matter(&bytes) {
            return Ok(None);
        }
        if bytes.len() > limits::STARTUP {
            let (size, bound) = (bytes.len() as u64, limits::STARTUP as u64);
            return if places::names_client(&bytes) { Err(Trouble::TooLarge { size, bound }) } else { Ok(None) };
        }
        let text = as_text(&bytes);
        let (judged, fault) = judged(&file, &text, reader);
        // A fault in a file about other programs is none of our business.
        let fault = fault.filter(|_| places::names_client(&bytes));
        Ok(Some(Self { file, bytes, text, judged, fault }))
    }

    /// Adds the file to the profile if something is to be said about it. Everybody has such files, and what else
    /// stands in them, or who may read them, is none of our business.
    fn add_to(self, profile: &mut Profile) {
        let Self { mut file, bytes, text, judged, fault } = self;
        let Judged { verdicts, typed, .. } = judged;
        if verdicts.is_empty() && typed.is_empty() && fault.is_none() {
            return;
        }
        let mut source = Text::new(bytes);
        typed.iter().filter(|typed| typed.is_secret()).for_each(|typed| source.hide(typed.span));
        let marks = verdicts.iter().map(|verdict| verdict.span).chain(typed.iter().map(|typed| typed.span));
        let marks = marks.chain(fault);
        secrets::in_lines_of(&text, marks).into_iter().for_each(|span| source.hide(span));
        file.text = Some(source);
        file.mode = None;
        file.readable_by = Access::Unknown;
        file.writable_by = Access::Unknown;
        file.holds_secret = typed.iter().any(Typed::is_secret);
        let name = file.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let number = profile.add_file(file);
        if let Some(file) = profile.file_mut(number) {
            file.damage = fault.map(|span| Damage {
                fault: Fault::StrayLine,
                place: Place::in_text(number, span, file.kind.0),
                loss: Loss::Settings,
            });
        }
        profile.launches.extend(verdicts.into_iter().map(|verdict| verdict.into_launch(number)));
        profile.commands.extend(typed.into_iter().map(|typed| typed.into_command(number, name.clone())));
    }
}

/// Takes back what was said about proxies that Dino ignores, where another file gives it one that it heeds or sends
/// it through Tor anyway.
fn heed_proxies(told: &mut [Told]) {
    let has_proxy = told.iter().any(|file| file.judged.has_proxy);
    let goes_to_tor = told.iter().any(|file| file.judged.sends_dino_to_tor);
    for file in told {
        file.judged.verdicts.retain(|verdict| {
            let is_heeded = has_proxy || goes_to_tor && verdict.is_of_session();
            !(is_heeded && verdict.effect == LaunchEffect::ProxyIgnored)
        });
    }
}

/// What the file does to its user, and the line behind which it makes no sense.
fn judged(file: &ProfileFile, text: &str, reader: &Reader) -> (Judged, Option<Span>) {
    let mut judge = Judge::new(reader, places::feeds_session(&file.path));
    let mut fault = None;
    match places::grammar(file.kind) {
        Grammar::Shell => judge.script(text, Shell::Posix),
        Grammar::Fish => judge.script(text, Shell::Fish),
        Grammar::Variables => environment::judge_variables(&mut judge, text),
        Grammar::Pam => environment::judge_pam(&mut judge, text),
        Grammar::Entries => fault = entries::judge(&mut judge, &file.path, text),
    }
    (judge.finish(), fault)
}

/// The bytes as text of the same length: what is not UTF-8 becomes `?`.
fn as_text(bytes: &[u8]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(bytes.len()));
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(std::iter::repeat_n('?', chunk.invalid().len()));
    }
    text
}
