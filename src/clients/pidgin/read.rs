//! The files of one folder, read together.

use std::path::{Path, PathBuf};

use super::account::{self, ClientWide};
use super::accounts::Accounts;
use super::buddies::{Buddies, Numbers};
use super::places::{ACCOUNTS, BUDDIES, CERTIFICATE, LEFTOVER, OMEMO_KEYS, OTR_KEYS, PREFERENCES, TLS_PEERS};
use super::preferences::Preferences;
use super::source::{Source, keep, load, note_damage};
use super::{NAME, proxy, recognise, secrets};
use crate::clients::Found;
use crate::model::{CertificateException, FileKind, Loss, Place, Profile, Span};
use crate::source::Reader;
use crate::syntax::certificate::{self, is_self_signed};
use crate::syntax::xml::{self, XmlFault, XmlFaultKind, gmarkup};

/// Reads a profile.
pub(super) fn read(found: &[Found], reader: &Reader) -> Profile {
    let root = found.first().map(|file| recognise::profile_key(&file.path, file.kind)).unwrap_or_default();
    let certificates = certificates(&root, found, reader);
    let mut reading =
        Reading { profile: Profile::new(NAME, root), reader, client: ClientWide::unset(), numbers: Numbers::new() };
    for kind in ORDER {
        for file in found.iter().filter(|file| file.kind == kind) {
            reading.file(file);
        }
    }
    for file in found.iter().filter(|file| !ORDER.contains(&file.kind)) {
        reading.file(file);
    }
    for path in certificates {
        reading.certificate(path);
    }
    reading.profile
}

/// What is read first: accounts need what the preferences say, rooms need to know the accounts.
const ORDER: [FileKind; 3] = [PREFERENCES, ACCOUNTS, BUDDIES];

/// A profile that is being read.
struct Reading<'a> {
    profile: Profile,
    reader: &'a Reader,
    client: ClientWide,
    numbers: Numbers,
}

impl Reading<'_> {
    fn file(&mut self, found: &Found) {
        match found.kind {
            PREFERENCES => self.preferences(found),
            ACCOUNTS => self.accounts(found),
            BUDDIES => self.buddies(found),
            LEFTOVER => self.leftover(found),
            // Read with those in the profile's folder.
            CERTIFICATE => {}
            _ => self.look_at(found),
        }
    }

    fn preferences(&mut self, found: &Found) {
        let Some((source, bytes)) = load(&mut self.profile, self.reader, found) else { return };
        let decoded = gmarkup::decode(bytes);
        let markup = gmarkup::parse(&decoded);
        let preferences = Preferences::read(&markup);
        let secrets = secrets::in_markup(&markup);
        if let Some(fault) = fault_of_preferences(&markup, decoded.text()) {
            // What stands before the fault is in force, what follows is gone at the next save (observed).
            note_damage(&mut self.profile, source, decoded.text(), fault, Loss::Rest);
        }
        self.client = ClientWide::read(&preferences, source);
        self.profile.proxies.extend(proxy::stored_globally(&preferences, &secrets, source));
        let idle = preferences.idle.into_iter().map(|found| found.into_setting(source, "preferences", None));
        self.profile.idle_settings.extend(idle);
        keep(&mut self.profile, source, decoded, &secrets);
    }

    fn accounts(&mut self, found: &Found) {
        let Some((source, bytes)) = load(&mut self.profile, self.reader, found) else { return };
        let decoded = xml::decode(bytes);
        let document = xml::parse(&decoded);
        let secrets = secrets::in_document(&document);
        match document.fault {
            // No account is loaded, and the next save writes the empty list over the file (observed).
            Some(fault) => note_damage(&mut self.profile, source, decoded.text(), fault, Loss::Accounts),
            None => self.take_accounts(Accounts::read(&document), source),
        }
        keep(&mut self.profile, source, decoded, &secrets);
    }

    fn take_accounts(&mut self, read: Accounts, source: Source) {
        for found in read.idle {
            self.profile.idle_settings.push(found.into_setting(source, "accounts", None));
        }
        for raw in read.accounts {
            let number = self.profile.accounts.len();
            let owner = account::words_of(&raw);
            let (account, idle) = account::build(&raw, source, &self.client);
            if let Some(stored) = &raw.proxy {
                let name = account.address.value.bare();
                self.profile.proxies.push(proxy::stored_by(stored, source, number, &name, &owner));
            }
            let idle = idle.into_iter().map(|found| found.into_setting(source, &owner, Some(number)));
            self.profile.idle_settings.extend(idle);
            self.profile.accounts.push(account);
            self.numbers.entry(raw.key).or_insert(number);
        }
    }

    fn buddies(&mut self, found: &Found) {
        let Some((source, bytes)) = load(&mut self.profile, self.reader, found) else { return };
        let decoded = xml::decode(bytes);
        let document = xml::parse(&decoded);
        let secrets = secrets::in_document(&document);
        match document.fault {
            // The list is gone at the next save, but no account is, so that nobody is locked out.
            Some(fault) => note_damage(&mut self.profile, source, decoded.text(), fault, Loss::Rest),
            None => {
                let buddies = Buddies::read(&document, source, &self.numbers);
                self.profile.rooms.extend(buddies.rooms);
                self.profile.contacts.extend(buddies.contacts);
            }
        }
        keep(&mut self.profile, source, decoded, &secrets);
    }

    /// A copy that no client reads: only the secrets in it matter, and it is often broken, which is why it exists.
    fn leftover(&mut self, found: &Found) {
        let Some((source, bytes)) = load(&mut self.profile, self.reader, found) else { return };
        let decoded = xml::decode(bytes);
        let secrets = secrets::in_document(&xml::parse(&decoded));
        keep(&mut self.profile, source, decoded, &secrets);
    }

    /// A file of which only permissions matter.
    fn look_at(&mut self, found: &Found) {
        match self.reader.look_at(&found.path, found.kind) {
            Ok(mut file) => {
                file.holds_secret = matches!(found.kind, OTR_KEYS | OMEMO_KEYS);
                self.profile.add_file(file);
            }
            Err(trouble) => self.profile.note(&found.path, found.kind, trouble),
        }
    }

    /// A certificate that the user accepted. It counts for the one host that its file is called after: the name in
    /// the certificate and who signed it are not looked at any more (observed).
    fn certificate(&mut self, path: PathBuf) {
        let Some(name) = path.file_name().map(|name| unescape(&name.to_string_lossy())) else { return };
        match self.reader.read(&path, CERTIFICATE) {
            Ok((file, pem)) => {
                let self_signed = is_self_signed(&pem);
                let number = self.profile.add_file(file);
                let place = Place::of_file(number, format!("accepted certificates[{name}]"));
                self.profile.certificate_exceptions.push(CertificateException {
                    place,
                    name,
                    every_host: false,
                    self_signed,
                });
            }
            Err(trouble) => self.profile.note(&path, CERTIFICATE, trouble),
        }
    }
}

/// The accepted certificates of a profile: those that were found, and those in its folder.
fn certificates(root: &Path, found: &[Found], reader: &Reader) -> Vec<PathBuf> {
    let folder = TLS_PEERS.iter().fold(root.to_owned(), |path, part| path.join(part));
    let listed = reader.list(&folder).into_iter().filter(|path| is_certificate(path, reader));
    let mut paths: Vec<PathBuf> =
        found.iter().filter(|file| file.kind == CERTIFICATE).map(|file| file.path.clone()).chain(listed).collect();
    paths.sort_unstable();
    paths.dedup();
    paths
}

fn is_certificate(path: &Path, reader: &Reader) -> bool {
    reader.head(path, 64).is_ok_and(|head| head.trim_ascii_start().starts_with(certificate::BEGIN))
}

/// A name as `purple_escape_filename` writes it: `%5b` for what may not stand in a file's name.
fn unescape(name: &str) -> String {
    let mut text = Vec::new();
    let mut rest = name.as_bytes();
    while let [first, tail @ ..] = rest {
        let code = (*first == b'%')
            .then(|| tail.get(..2).and_then(|digits| std::str::from_utf8(digits).ok()))
            .flatten()
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        text.push(code.unwrap_or(*first));
        rest = if code.is_some() { tail.get(2..).unwrap_or_default() } else { tail };
    }
    String::from_utf8_lossy(&text).into_owned()
}

/// What keeps the preferences from being read in full. A text that merely ends too early is no fault to GLib, but it
/// is to whoever wrote it.
fn fault_of_preferences(markup: &gmarkup::Markup, text: &str) -> Option<XmlFault> {
    if text.trim().is_empty() {
        return Some(XmlFault::new(XmlFaultKind::Empty, Span::at(0)));
    }
    let end = text.trim_end().len();
    let last = text.get(..end).and_then(|text| text.chars().next_back()).map_or(0, char::len_utf8);
    markup
        .fault
        .or_else(|| markup.is_cut_off.then(|| XmlFault::new(XmlFaultKind::Truncated, Span::new(end - last, end))))
}

#[cfg(test)]
mod tests {
    use super::unescape;

    #[test]
    fn unescapes_file_names() {
        assert_eq!(unescape("riseup.net"), "riseup.net");
        assert_eq!(unescape("%5b%3a%3a1%5d"), "[::1]");
        assert_eq!(unescape("100%"), "100%");
        assert_eq!(unescape("%zz"), "%zz");
    }
}
