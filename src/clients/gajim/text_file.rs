//! The text file of 0.11 to 1.2, turned into a profile.

use std::collections::HashMap;
use std::path::Path;

use super::account::{self, Context};
use super::options::Options;
use super::options_text::{self, TextOption};
use super::plugins::Plugin;
use super::proxies::{self, Proxies};
use super::reading::{Around, Read};
use super::text::{Section, TextConfig, TextOptions};
use super::version::Era;
use super::{habits, idle, idle_lines, places};
use crate::model::Version;
use crate::model::{
    ClientVersion, Damage, Fault, FileKind, FileNumber, Loss, Place, Plenty, Profile, Setting, Span, Text,
    VersionSource, limits,
};

/// Reads the file into the profile.
pub(super) fn read(profile: &mut Profile, path: &Path, kind: FileKind, around: Around) -> Read {
    let (file, bytes) = match around.reader.read(path, kind) {
        Ok(read) => read,
        Err(trouble) => {
            profile.note(path, kind, trouble);
            return Read::default();
        }
    };
    let assumed = around.assumed.map(|assumed| assumed.at_most.unwrap_or(assumed.at_least));
    let config = TextConfig::parse(&bytes, places::is_windows(path), assumed);
    let mut text = Text::new(bytes);
    for (span, _) in &config.secrets {
        text.hide(*span);
    }
    let number = profile.add_file(file);
    if config.is_cut {
        profile.note_plenty(number, Plenty::Parts, limits::SECTIONS);
    }
    profile.version = profile.version.take().or_else(|| told_version(&config, number));
    // The version of the options: that of a preview is the one that it leads to.
    let judged = ClientVersion::exactly(config.version, VersionSource::File);
    let read = Reading { profile, number, text: &text, config: &config, version: &judged }.run(path);
    let made_up = proxies::made_up(&profile.proxies);
    let holds_secret = config.secrets.iter().any(|(span, secret)| secret.is_clear() && !made_up.contains(span));
    let fault = find_fault(&text, &config, number, kind);
    if let Some(file) = profile.file_mut(number) {
        file.holds_secret = holds_secret;
        file.damage = fault;
        file.version = config.version_line.and_then(|(_, line)| Version::parse(&line).map(|_| line));
        file.text = Some(text);
    }
    read
}

/// The version that the file names.
fn told_version(config: &TextConfig, number: FileNumber) -> Option<ClientVersion> {
    let (span, line) = config.version_line.as_ref()?;
    let version = ClientVersion::exactly(Version::parse(line)?, VersionSource::File);
    Some(ClientVersion { place: Some(Place::in_text(number, *span, "version")), ..version })
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
        Some(section) => at(Fault::CrashesClient, section.name_span, &section.words(), Loss::Start),
        None => None,
    }
}

/// A file that is being turned into a profile.
pub(super) struct Reading<'a> {
    /// What it is read into.
    pub profile: &'a mut Profile,
    /// The file.
    pub number: FileNumber,
    /// Its text.
    pub text: &'a Text,
    /// The text, taken apart.
    pub config: &'a TextConfig,
    version: &'a ClientVersion,
}

impl<'a> Reading<'a> {
    fn run(mut self, path: &Path) -> Read {
        let proxies = self.proxies();
        let client = self.client_options();
        // What the system lays over the options is younger than the text files.
        let global_proxy = client.text("global_proxy");
        habits::of_client(self.profile, &client, path);
        habits::of_text_client(self.profile, &client);
        let mut read = Read { conducts: Vec::new(), plugins: self.plugins() };
        let numbers = self.accounts(&proxies, &global_proxy, &mut read);
        self.rooms(&client, &numbers);
        self.conversations(&numbers);
        idle::of_text(self.profile, &client, None);
        idle::global_proxy(self.profile, Era::Text(self.config.version), &global_proxy);
        idle_lines::note(self.profile, self.text.bytes(), self.config.ends, self.number, &numbers);
        self.profile.proxies_mixed |= proxies::are_mixed(&self.profile.accounts, &global_proxy);
        read
    }

    fn plugins(&self) -> Vec<Plugin> {
        let plugins = self.config.of_kind("plugins").map(|section| {
            let options = self.section_options(section, options_text::PLUGIN);
            Plugin { name: section.name.clone(), active: options.flag("active") }
        });
        plugins.collect()
    }

    fn client_options(&self) -> TextOptions<'a> {
        TextOptions::of_client(self.text, self.number, self.config)
    }

    /// The options of a section.
    pub(super) fn section_options(&self, section: &'a Section, table: &'static [TextOption]) -> TextOptions<'a> {
        TextOptions::of_section(self.text, self.number, self.config.version, section, table)
    }

    fn proxies(&mut self) -> Proxies {
        let mut proxies = Proxies::default();
        for section in self.config.of_kind("proxies") {
            let options = self.section_options(section, options_text::PROXY);
            let era = Era::Text(self.config.version);
            self.profile.proxies.extend(proxies.add(era, &section.name, &options));
        }
        proxies
    }

    /// Builds every account, and says which number each name became.
    fn accounts(
        &mut self,
        proxies: &Proxies,
        global_proxy: &Setting<String>,
        read: &mut Read,
    ) -> HashMap<&'a str, usize> {
        let mut numbers = HashMap::new();
        for section in self.config.of_kind("accounts") {
            let options = self.section_options(section, options_text::ACCOUNT);
            if account::is_local_network(&options) {
                continue;
            }
            let context = Context {
                era: Era::Text(self.config.version),
                version: self.version,
                options: &options,
                proxies,
                global_proxy,
                plugins: &read.plugins,
                name: &section.name,
            };
            let (account, conduct) = account::build(&context);
            let number = self.profile.accounts.len();
            self.profile.accounts.push(account);
            read.conducts.push(conduct);
            numbers.insert(section.name.as_str(), number);
            idle::of_text(self.profile, &options, Some(number));
            habits::of_account(self.profile, &options, number, &section.name);
        }
        numbers
    }
}
