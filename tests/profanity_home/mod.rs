//! A home with Profanity's files in it, for the tests.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, dead_code)]

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use xmpp_audit::clients::profanity::{Profanity, Release, read_as};
use xmpp_audit::clients::{Client, Found, HEAD};
use xmpp_audit::model::{Account, ClientVersion, Idle, Place, Profile, Spot, Version, VersionSource};
use xmpp_audit::source::Reader;

pub const ACCOUNTS: &str = ".local/share/profanity/accounts";
pub const PROFRC: &str = ".config/profanity/profrc";
pub const TLSCERTS: &str = ".local/share/profanity/tlscerts";
pub const INPUTRC: &str = ".config/profanity/inputrc";
pub const BOOKMARKS: &str = ".local/share/profanity/bookmark_ignore";

/// A folder that plays the home.
pub struct Home {
    folder: TempDir,
    written: Vec<PathBuf>,
}

impl Home {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), written: Vec::new() }
    }

    /// A home with these files.
    pub fn with(files: &[(&str, &str)]) -> Self {
        files.iter().fold(Self::new(), |home, (path, content)| home.write(path, content.as_bytes()))
    }

    pub fn write(mut self, path: &str, content: &[u8]) -> Self {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        self.written.push(path);
        self
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// What of the written files Profanity recognises.
    pub fn found(&self) -> Vec<Found> {
        let reader = Reader::default();
        let found = self.written.iter().filter_map(|path| {
            let kind = Profanity.recognise(path, &reader.head(path, HEAD).ok()?)?;
            Some(Found { path: path.clone(), kind, home: Some(self.folder.path().to_owned()) })
        });
        found.collect()
    }

    /// Reads the home as the current release does.
    pub fn read(&self) -> Profile {
        read_as(&self.found(), &Reader::default(), Release::Since0_16)
    }

    /// Reads the home as that version does.
    pub fn read_with(&self, version: &str) -> Profile {
        let version = ClientVersion::exactly(Version::parse(version).unwrap(), VersionSource::Told);
        Profanity.read_as(&self.found(), &Reader::default(), Some(&version))
    }
}

/// The profile of a file `accounts` with this content.
pub fn accounts(content: &str) -> Profile {
    Home::with(&[(ACCOUNTS, content)]).read()
}

/// The profile of a file `profrc` with this content.
pub fn profrc(content: &str) -> Profile {
    Home::with(&[(PROFRC, content)]).read()
}

/// The account with these lines in its group.
pub fn account(lines: &str) -> Account {
    let profile = accounts(&format!("[alice@example.org]\n{lines}"));
    profile.accounts[0].clone()
}

/// The text that a place marks, as it stands in the file.
pub fn marked<'p>(profile: &'p Profile, place: &Place) -> &'p str {
    let Spot::Text(span) = place.spot else { panic!("{}", place.words) };
    let text = profile.file(place.file).unwrap().text.as_ref().unwrap();
    std::str::from_utf8(&text.bytes()[span.start..span.end]).unwrap()
}

/// The settings without effect: name, reason, text that is marked.
pub fn idle(profile: &Profile) -> Vec<(&str, Idle, &str)> {
    let settings = profile.idle_settings.iter();
    settings.map(|setting| (setting.name.as_str(), setting.reason, marked(profile, &setting.place))).collect()
}

/// Every place that a report could show something of.
pub fn places(profile: &Profile) -> Vec<&Place> {
    let mut places = Vec::new();
    for account in &profile.accounts {
        places.extend([
            &account.place,
            account.address.place(),
            account.enabled.place(),
            account.encryption.place(),
            account.transport.place(),
            account.certificate_check.place(),
            account.cleartext_login.place(),
            account.legacy_login.place(),
            account.tls_floor.place(),
            account.server.place(),
            account.port.place(),
            account.proxy.place(),
            account.password.place(),
            account.room_service.place(),
            account.password_command.place(),
            account.end_to_end.place(),
        ]);
    }
    for room in &profile.rooms {
        places.extend([&room.place, &room.service_place, room.password.place()]);
    }
    places.extend(profile.certificate_exceptions.iter().map(|exception| &exception.place));
    places.extend(profile.extra_authority.iter().map(xmpp_audit::model::Setting::place));
    places.extend(profile.idle_settings.iter().map(|setting| &setting.place));
    places.extend(profile.habits.iter().map(|habit| habit.what.place()));
    places.extend(profile.commands.iter().map(|command| &command.place));
    places.extend(profile.conversations.iter().map(|conversation| &conversation.place));
    places.extend(profile.files.iter().filter_map(|file| Some(&file.damage.as_ref()?.place)));
    places
}

/// A copy of a sample that the client wrote, under its own name.
pub fn sample(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/profanity/samples").join(name)).unwrap()
}
