//! The files of one folder, read together.

use super::account::{self, ClientWide};
use super::accounts::Accounts;
use super::buddies::{Buddies, Numbers};
use super::era::{self, Era};
use super::habits::{self, Logging};
use super::in_force::InForce;
use super::places::{ACCOUNTS, BUDDIES, CERTIFICATE, LEFTOVER, OMEMO_KEYS, OTR_KEYS, POUNCES, PREFERENCES};
use super::preferences::Preferences;
use super::secrets::Found as FoundSecret;
use super::source::{Source, keep, keep_condensed, load, load_long, note_cut, note_damage};
use super::{NAME, certificates, commands, history, node_settings, pounces, proxy, recognise, secrets, user_code};
use crate::clients::Found;
use crate::model::{ClientVersion, FileKind, Loss, Plenty, Profile, Span, limits};
use crate::source::{Content, Reader};
use crate::syntax::xml::{self, Document, XmlFault, XmlFaultKind, gmarkup};

/// Reads a profile.
pub(super) fn read(found: &[Found], reader: &Reader, assumed: Option<&ClientVersion>) -> Profile {
    let root = found.first().map(|file| recognise::profile_key(&file.path, file.kind)).unwrap_or_default();
    let certificates = certificates::of(&root, found, reader);
    let mut reading = Reading {
        profile: Profile::new(NAME, root),
        reader,
        assumed,
        client: ClientWide::unset(),
        logging: Logging::default(),
        numbers: Numbers::new(),
    };
    reading.profile.version = assumed.cloned();
    for kind in ORDER {
        for file in found.iter().filter(|file| file.kind == kind) {
            reading.file(file);
        }
    }
    for file in found.iter().filter(|file| !ORDER.contains(&file.kind)) {
        reading.file(file);
    }
    reading.beside();
    certificates::add(&mut reading.profile, &certificates, reader);
    reading.without_strangers()
}

/// What is read first: accounts need what the preferences say, rooms need to know the accounts.
const ORDER: [FileKind; 3] = [PREFERENCES, ACCOUNTS, BUDDIES];

/// A profile that is being read.
struct Reading<'a> {
    profile: Profile,
    reader: &'a Reader,
    assumed: Option<&'a ClientVersion>,
    client: ClientWide,
    logging: Logging,
    numbers: Numbers,
}

impl Reading<'_> {
    fn file(&mut self, found: &Found) {
        match found.kind {
            PREFERENCES => self.preferences(found),
            ACCOUNTS => self.accounts(found),
            BUDDIES => self.buddies(found),
            POUNCES => self.pounces(found),
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
        let mut preferences = Preferences::read(&markup);
        let secrets = secrets::in_markup(&markup);
        let fault = fault_of_preferences(&markup, decoded.text());
        if markup.is_cut {
            self.profile.note_plenty(source.number, Plenty::Parts, limits::TAGS);
        }
        if let Some(fault) = fault {
            // What stands before the fault is in force, what follows is gone at the next save (observed).
            note_damage(&mut self.profile, source, decoded.text(), fault, Loss::Rest);
        }
        self.profile.proxies.extend(proxy::stored_globally(&preferences, &secrets, source));
        let idle = std::mem::take(&mut preferences.idle);
        let idle = idle.into_iter().map(|found| found.into_setting(source, "preferences", None));
        self.profile.idle_settings.extend(idle);
        self.in_force(InForce::new(preferences, source, fault.is_none() && !markup.is_cut), &secrets);
        keep(&mut self.profile, source, decoded, &secrets);
    }

    /// Takes over what the preferences have in force.
    fn in_force(&mut self, preferences: InForce, secrets: &[FoundSecret]) {
        self.logging = Logging::read(&preferences);
        self.profile.habits.extend(habits::of(&preferences, &self.logging));
        self.profile.habits.extend(habits::relay_password(&preferences, secrets));
        // Where permissions mean something, paths are those of this machine.
        let is_live = self.profile.file(preferences.source().number).is_some_and(|file| file.mode.is_some());
        self.profile.habits.extend(commands::of(&preferences, is_live, self.reader));
        self.client = ClientWide::read(preferences);
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
        note_cut(&mut self.profile, source, &document);
        keep(&mut self.profile, source, decoded, &secrets);
    }

    /// What the file gives away about the version goes first, then what was assumed.
    fn judge_version(&mut self, read: &Accounts, source: Source) {
        let written = read.accounts.iter().find_map(|account| {
            let span = account.settings.connection_security()?;
            Some(source.place(span, format!("{} / connection_security", account::words_of(account))))
        });
        let contradicted = written.and_then(|place| era::contradicted(self.assumed, place));
        self.client.era = Era::of(contradicted.as_ref().or(self.assumed));
        if contradicted.is_some() {
            self.profile.version = contradicted;
        }
    }

    fn take_accounts(&mut self, read: Accounts, source: Source) {
        self.judge_version(&read, source);
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
        let Some((source, content)) = load_long(&mut self.profile, self.reader, found) else { return };
        match content {
            Content::Whole(bytes) => {
                let decoded = xml::decode(bytes);
                let document = xml::parse(&decoded);
                let secrets = secrets::in_document(&document);
                self.take_buddies(&document, document.fault, decoded.text(), source);
                keep(&mut self.profile, source, decoded, &secrets);
            }
            Content::Streamed(mut condensed) => {
                let decoded = condensed.take_text();
                let document = xml::parse(&decoded);
                let secrets = secrets::in_document(&document);
                // What is left of a list that is cut lacks its end tags.
                self.take_buddies(&document, condensed.fault, decoded.text(), source);
                keep_condensed(&mut self.profile, source, decoded, &secrets, &mut condensed);
            }
        }
    }

    fn take_buddies(&mut self, document: &Document, fault: Option<XmlFault>, text: &str, source: Source) {
        match fault {
            // The list is gone at the next save, but no account is, so that nobody is locked out.
            Some(fault) => note_damage(&mut self.profile, source, text, fault, Loss::Rest),
            None => {
                let buddies = Buddies::read(document, source, &self.numbers);
                self.profile.rooms.extend(buddies.rooms);
                self.profile.contacts.extend(buddies.contacts);
                let accounts = &self.profile.accounts;
                let outcome = node_settings::judge(&buddies.settings, &self.logging, accounts, source);
                self.profile.habits.extend(outcome.habits);
                self.profile.conversations.extend(outcome.conversations);
            }
        }
        note_cut(&mut self.profile, source, document);
    }

    /// What is to be done when a contact comes online. Only where something in it is to be shown, its text is kept.
    fn pounces(&mut self, found: &Found) {
        let Some((source, bytes)) = load(&mut self.profile, self.reader, found) else { return };
        let decoded = xml::decode(bytes);
        let document = xml::parse(&decoded);
        if document.fault.is_some() {
            return;
        }
        note_cut(&mut self.profile, source, &document);
        let secrets = secrets::in_document(&document);
        self.profile.habits.extend(pounces::commands(&document, source, &self.numbers, &self.profile.accounts));
        keep(&mut self.profile, source, decoded, &secrets);
    }

    /// What lies in folders of the profile's.
    fn beside(&mut self) {
        user_code::add(&mut self.profile, self.client.preferences.as_ref(), self.reader);
        history::add(&mut self.profile, self.reader);
    }

    /// The profile, without what is true of other networks only.
    fn without_strangers(self) -> Profile {
        let mut profile = self.profile;
        let knows_accounts = profile.files.iter().any(|file| file.kind == ACCOUNTS && file.damage.is_none());
        if knows_accounts && profile.accounts.is_empty() {
            profile.habits.retain(|habit| habits::is_about_any_network(habit.what.value));
        }
        profile
    }

    /// A copy that no client reads: only the secrets in it matter, and it is often broken, which is why it exists.
    fn leftover(&mut self, found: &Found) {
        let Some((source, content)) = load_long(&mut self.profile, self.reader, found) else { return };
        match content {
            Content::Whole(bytes) => {
                let decoded = xml::decode(bytes);
                let secrets = secrets::in_document(&xml::parse(&decoded));
                keep(&mut self.profile, source, decoded, &secrets);
            }
            Content::Streamed(condensed) => {
                if let Some(file) = self.profile.file_mut(source.number) {
                    file.holds_secret = condensed.holds_secret;
                }
            }
        }
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
