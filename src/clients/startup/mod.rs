//! Start-up files: what feeds the environment of a client, or starts it.
//!
//! Nothing in Dino's own files can switch its TLS off, but the environment can: without a TLS library GLib has
//! Dino go on in the clear (observed with 0.4.2). And both Dino and Profanity can be started so that every
//! stanza, the one with the password among them, goes to a log.

mod entries;
mod environment;
mod judge;
mod places;
mod programs;
mod scan;
mod secrets;
mod verdict;

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::{Client, Found, KnownPlace};
use crate::model::{
    Access, ClientName, ClientVersion, Damage, Fault, FileKind, Launch, Loss, Place, Profile, ProfileFile, Span,
    Text, Trouble,
};
use crate::source::Reader;
use judge::Judge;
use places::Grammar;
use scan::Shell;
use verdict::Verdict;

/// The largest file that is looked into, in bytes: people write these by hand.
const LARGEST: usize = 4 << 20;

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

    fn recognise(&self, path: &Path, head: &[u8]) -> Option<FileKind> {
        places::kind_of(path, head)
    }

    fn profile_key(&self, found: &Found) -> PathBuf {
        found.home.clone().unwrap_or_else(|| found.path.clone())
    }

    fn read_as(&self, found: &[Found], reader: &Reader, _: Option<&ClientVersion>) -> Profile {
        let root = found.first().map(|file| self.profile_key(file)).unwrap_or_default();
        let mut profile = Profile::new(self.name(), root);
        for file in found {
            match reader.read(&file.path, file.kind) {
                Ok((read, bytes)) => add(&mut profile, read, bytes, reader),
                // Links to nowhere and to /dev/null are how such files are switched off.
                Err(Trouble::Missing | Trouble::NotRegular | Trouble::DanglingLink) => {}
                Err(trouble) => profile.note(&file.path, file.kind, trouble),
            }
        }
        profile
    }
}

/// Adds the file to the profile if something is to be said about it. Everybody has such files, and what else
/// stands in them, or who may read them, is none of our business.
fn add(profile: &mut Profile, mut file: ProfileFile, bytes: Zeroizing<Vec<u8>>, reader: &Reader) {
    if !places::tells(&bytes) {
        return;
    }
    if bytes.len() > LARGEST {
        let (size, bound) = (bytes.len() as u64, LARGEST as u64);
        let trouble = Trouble::TooLarge { size, bound };
        profile.note(&file.path, file.kind, trouble);
        return;
    }
    let text = as_text(&bytes);
    let (verdicts, fault) = judged(&file, &text, reader);
    if verdicts.is_empty() && fault.is_none() {
        return;
    }
    let mut source = Text::new(bytes);
    let marks = verdicts.iter().map(|verdict| verdict.span).chain(fault);
    secrets::in_lines_of(&text, marks).into_iter().for_each(|span| source.hide(span));
    file.text = Some(source);
    file.mode = None;
    file.readable_by = Access::Unknown;
    file.writable_by = Access::Unknown;
    let number = profile.add_file(file);
    if let Some(file) = profile.file_mut(number) {
        file.damage = fault.map(|span| Damage {
            fault: Fault::StrayLine,
            place: Place::in_text(number, span, file.kind.0),
            loss: Loss::Settings,
        });
    }
    profile.launches.extend(verdicts.into_iter().map(|verdict| Launch {
        client: ClientName(verdict.client),
        place: Place::in_text(number, verdict.span, verdict.place),
        word: verdict.word,
        effect: verdict.effect,
        client_used: None,
    }));
}

/// What the file does to its user, and the line behind which it makes no sense.
fn judged(file: &ProfileFile, text: &str, reader: &Reader) -> (Vec<Verdict>, Option<Span>) {
    let mut judge = Judge::new(reader);
    let mut fault = None;
    match places::grammar(file.kind) {
        Grammar::Shell => judge.script(text, Shell::Posix),
        Grammar::Fish => judge.script(text, Shell::Fish),
        Grammar::Variables => environment::judge_variables(&mut judge, text),
        Grammar::Pam => environment::judge_pam(&mut judge, text),
        Grammar::Entries => fault = entries::judge(&mut judge, &file.path, text),
    }
    (judge.into_verdicts(), fault)
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
