//! The text file of 0.11 to 1.2, turned into a profile.

use std::collections::HashMap;
use std::path::Path;

use super::account::{self, Conduct, Context};
use super::options::{self, Options, TextOption};
use super::proxies::{self, Proxies};
use super::rooms::{Gathering, Sighting, What, bare_and_domain, has_room_label, list};
use super::text::{Section, TextConfig, TextOptions, read as read_span};
use super::version::Era;
use super::{idle, places, secrets};
use crate::model::Version;
use crate::model::{Damage, Fault, FileKind, FileNumber, Loss, Place, Profile, Setting, Span, Text};
use crate::source::Reader;

/// Reads the file into the profile.
pub(super) fn read(
    profile: &mut Profile,
    path: &Path,
    kind: FileKind,
    reader: &Reader,
    overridden: Option<Setting<String>>,
) -> Vec<Conduct> {
    let (file, bytes) = match reader.read(path, kind) {
        Ok(read) => read,
        Err(trouble) => {
            profile.note(path, kind, trouble);
            return Vec::new();
        }
    };
    let config = TextConfig::parse(&bytes, places::is_windows(path));
    let mut text = Text::new(bytes);
    for (span, _) in &config.secrets {
        text.hide(*span);
    }
    let number = profile.add_file(file);
    let conducts = Reading { profile, number, text: &text, config: &config }.run(overridden);
    let made_up = proxies::made_up(&profile.proxies);
    let holds_secret = config.secrets.iter().any(|(span, secret)| secret.is_clear() && !made_up.contains(span));
    let fault = find_fault(&text, &config, number, kind);
    if let Some(file) = profile.file_mut(number) {
        file.holds_secret = holds_secret;
        file.damage = fault;
        file.version = config.version_line.and_then(|(_, line)| Version::parse(&line).map(|_| line));
        file.text = Some(text);
    }
    conducts
}

/// What makes the client, or the later one that migrates the file, give up.
fn find_fault(text: &Text, config: &TextConfig, number: FileNumber, kind: FileKind) -> Option<Damage> {
    let at =
        |fault, span, words: &str, loss| Some(Damage { fault, place: Place::in_text(number, span, words), loss });
    if text.bytes().is_empty() {
        return at(Fault::Empty, Span::at(0), kind.0, Loss::Accounts);
    }
    // Python 3 decodes the whole file; Python 2 fell back to the locale's encoding line by line.
    if config.version >= Version::new(1, 0, 0)
        && let Err(error) = str::from_utf8(text.bytes())
    {
        let start = error.valid_up_to();
        return at(Fault::WrongEncoding, Span::new(start, start + 1), kind.0, Loss::Start);
    }
    if let Some(span) = config.crash {
        return at(Fault::CrashesClient, span, "section without a key", Loss::Start);
    }
    if config.top.is_empty() && config.sections.is_empty() {
        return at(Fault::StrayLine, Span::at(0), kind.0, Loss::Accounts);
    }
    let (version_span, written) = config.version_line.as_ref()?;
    let written = Version::parse(written)?;
    // 1.3 to 1.9.5 look these up without a guard when they migrate an older file.
    if written < Version::new(1, 1, 93) && !config.top.contains_key("time_stamp") {
        return at(Fault::CrashesClient, *version_span, "version", Loss::Start);
    }
    let wrote_types = written >= Version::new(0, 12, 0) && written < Version::new(0, 16, 4).with_build(1);
    let trimmed = config.of_kind("accounts").find(|section| !section.options.contains_key("connection_types"));
    match trimmed.filter(|_| wrote_types) {
        Some(section) => at(Fault::CrashesClient, section.name_span, &words("accounts", section), Loss::Start),
        None => None,
    }
}

fn words(kind: &str, section: &Section) -> String {
    format!("{kind}[{}]", secrets::shown_name(&section.name))
}

/// A file that is being turned into a profile.
struct Reading<'a> {
    profile: &'a mut Profile,
    number: FileNumber,
    text: &'a Text,
    config: &'a TextConfig,
}

impl<'a> Reading<'a> {
    fn run(mut self, overridden: Option<Setting<String>>) -> Vec<Conduct> {
        let proxies = self.proxies();
        let client = self.client_options();
        let global_proxy = overridden.unwrap_or_else(|| client.text("global_proxy"));
        let (conducts, numbers) = self.accounts(&proxies, &global_proxy);
        self.rooms(&client, &numbers);
        idle::of_text(self.profile, &client, None);
        idle::global_proxy(self.profile, Era::Text(self.config.version), &global_proxy);
        conducts
    }

    fn client_options(&self) -> TextOptions<'a> {
        TextOptions {
            text: self.text,
            file: self.number,
            values: &self.config.top,
            table: options::CLIENT,
            version: self.config.version,
            words: String::new(),
            near: Place::in_text(self.number, Span::at(0), "options"),
        }
    }

    fn section_options(&self, section: &'a Section, table: &'static [TextOption]) -> TextOptions<'a> {
        let words = words(&section.kind, section);
        TextOptions {
            text: self.text,
            file: self.number,
            values: &section.options,
            table,
            version: self.config.version,
            near: Place::in_text(self.number, section.name_span, words.clone()),
            words,
        }
    }

    fn proxies(&mut self) -> Proxies {
        let mut proxies = Proxies::default();
        for section in self.config.of_kind("proxies") {
            let options = self.section_options(section, options::PROXY);
            self.profile.proxies.extend(proxies.add(&section.name, &options));
        }
        proxies
    }

    /// Builds every account, and says which number each name became.
    fn accounts(
        &mut self,
        proxies: &Proxies,
        global_proxy: &Setting<String>,
    ) -> (Vec<Conduct>, HashMap<&'a str, usize>) {
        let mut conducts = Vec::new();
        let mut numbers = HashMap::new();
        for section in self.config.of_kind("accounts") {
            let options = self.section_options(section, options::ACCOUNT);
            if account::is_local_network(&options) {
                continue;
            }
            let context = Context {
                era: Era::Text(self.config.version),
                options: &options,
                proxies,
                global_proxy,
                name: &section.name,
            };
            let (account, conduct) = account::build(&context);
            let number = self.profile.accounts.len();
            self.profile.accounts.push(account);
            conducts.push(conduct);
            numbers.insert(section.name.as_str(), number);
            idle::of_text(self.profile, &options, Some(number));
        }
        (conducts, numbers)
    }

    fn rooms(&mut self, client: &TextOptions, numbers: &HashMap<&'a str, usize>) {
        let mut sightings = self.rooms_of_accounts(numbers);
        sightings.extend(self.end_to_end(numbers));
        for (kind, what) in [("rooms", What::Room), ("contacts", What::Contact)] {
            for section in self.config.of_kind(kind) {
                sightings.push(self.in_key(what, None, section, &section.name, 0));
            }
        }
        for name in ["recently_groupchat", "confirm_close_muc_rooms", "noconfirm_close_muc_rooms"] {
            sightings.extend(self.listed(client, name, None));
        }
        let mut gathering = Gathering::default();
        for sighting in sightings {
            gathering.add(self.profile, sighting);
        }
    }

    fn rooms_of_accounts(&self, numbers: &HashMap<&'a str, usize>) -> Vec<Sighting> {
        let mut sightings = Vec::new();
        for section in self.config.of_kind("accounts") {
            let Some(number) = numbers.get(section.name.as_str()) else { continue };
            let options = self.section_options(section, options::ACCOUNT);
            for name in ["recent_groupchats", "minimized_gc", "non_minimized_gc"] {
                sightings.extend(self.listed(&options, name, Some(*number)));
            }
        }
        sightings
    }

    /// The rooms in a list that blanks separate.
    fn listed(&self, options: &TextOptions, name: &'static str, account: Option<usize>) -> Vec<Sighting> {
        let value = options.text(name);
        let crate::model::Spot::Text(whole) = value.place().spot else { return Vec::new() };
        // The places must be those of the bytes, which a replacement would shift.
        if value.default_word().is_some() || read_span(self.text.bytes(), whole).len() != whole.end - whole.start {
            return Vec::new();
        }
        let words = &value.place().words;
        list(&value.value)
            .map(|(part, address)| {
                let span = part.moved_by(whole.start);
                self.sighting(What::Room, account, address, span.start, words)
            })
            .collect()
    }

    /// `encryption.<account>-<jid>`: a room where the service's name says so, as the migration to 1.3 judges.
    fn end_to_end(&self, numbers: &HashMap<&'a str, usize>) -> Vec<Sighting> {
        /// Longer than the names and addresses of people. Each dash is tried.
        const BOUND: usize = 512;
        let mut sightings = Vec::new();
        for section in self.config.of_kind("encryption").filter(|section| section.name.len() <= BOUND) {
            let mut dashes = section.name.match_indices('-').rev();
            let found = dashes.find_map(|(at, _)| Some((at, numbers.get(section.name.get(..at)?)?)));
            let Some((at, number)) = found else { continue };
            let address = section.name.get(at + 1..).unwrap_or_default();
            let what = if has_room_label(address) { What::Room } else { What::Contact };
            sightings.push(self.in_key(what, Some(*number), section, address, at + 1));
        }
        sightings
    }

    /// An address in the key of a section, `offset` bytes from its start.
    fn in_key(
        &self,
        what: What,
        account: Option<usize>,
        section: &Section,
        address: &str,
        offset: usize,
    ) -> Sighting {
        self.sighting(what, account, address, section.name_span.start + offset, &section.kind)
    }

    fn sighting(&self, what: What, account: Option<usize>, address: &str, start: usize, words: &str) -> Sighting {
        let (end, domain) = bare_and_domain(address);
        let bare = address.get(..end).unwrap_or_default();
        let words = format!("{words} / {}", secrets::shown_name(bare));
        let place = |from: usize| {
            Place::in_text(self.number, Span::new(start + from, start + end.max(from)), words.clone())
        };
        Sighting { what, account, address: bare.to_owned(), place: place(0), service_place: place(domain) }
    }
}
