//! What the tests of Pidgin share: a home with files, read as the program does it.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "tests"
)]

use std::fs;
use std::path::{Path, PathBuf};

use xmpp_audit::clients::pidgin::Pidgin;
use xmpp_audit::clients::{Client, Found, HEAD};
use xmpp_audit::model::{Account, ClientVersion, Idle, Place, Profile, Span, Spot, Version, VersionSource};
use xmpp_audit::source::Reader;

/// A folder with these files, each recognised as the program does it, and read together.
pub fn read(files: &[(&str, &[u8])]) -> Profile {
    let mut profiles = read_all(files);
    assert_eq!(profiles.len(), 1, "not one profile");
    profiles.remove(0)
}

/// The same by a client of that version.
pub fn read_as(files: &[(&str, &[u8])], version: &str) -> Profile {
    let version = ClientVersion::exactly(Version::parse(version).unwrap(), VersionSource::Told);
    let mut profiles = read_all_as(files, Some(&version));
    assert_eq!(profiles.len(), 1, "not one profile");
    profiles.remove(0)
}

/// The same, for files that make several profiles.
pub fn read_all(files: &[(&str, &[u8])]) -> Vec<Profile> {
    read_all_as(files, None)
}

fn read_all_as(files: &[(&str, &[u8])], assumed: Option<&ClientVersion>) -> Vec<Profile> {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    let before = listing(folder.path());
    let reader = Reader::default();
    let mut groups: Vec<(PathBuf, Vec<Found>)> = Vec::new();
    for (name, _) in files {
        let path = folder.path().join(name);
        if !Pidgin.may_be_named(path.file_name().unwrap().as_encoded_bytes()) {
            continue;
        }
        let head = reader.head(&path, HEAD).unwrap();
        let Some(kind) = Pidgin.recognise(&path, &head) else { continue };
        let found = Found { path, kind, home: None };
        let key = Pidgin.profile_key(&found);
        match groups.iter_mut().find(|(other, _)| *other == key) {
            Some((_, group)) => group.push(found),
            None => groups.push((key, vec![found])),
        }
    }
    let profiles = groups.iter().map(|(_, group)| Pidgin.read_as(group, &reader, assumed)).collect();
    assert_eq!(listing(folder.path()), before, "reading changed the folder");
    profiles
}

fn listing(folder: &Path) -> Vec<(PathBuf, u64, std::time::SystemTime)> {
    let mut all = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let metadata = entry.metadata().unwrap();
            if metadata.is_dir() {
                folders.push(entry.path());
            }
            all.push((entry.path(), metadata.len(), metadata.modified().unwrap()));
        }
    }
    all.sort();
    all
}

/// An `accounts.xml` with one XMPP account, whose element holds `body` besides its name.
pub fn accounts_xml(body: &str) -> String {
    format!(
        "<?xml version='1.0' encoding='UTF-8' ?>\n\n<account version='1.0'>\n\t<account>\n\t\t\
         <protocol>prpl-jabber</protocol>\n\t\t<name>alice@example.org/</name>\n\t\t{body}\n\t</account>\n</account>\n"
    )
}

/// A `prefs.xml` with these preferences: path, type, value. Of a list, the value is its items, a `|` between them.
pub fn prefs_xml(preferences: &[(&str, &str, &str)]) -> String {
    let one = |(path, kind, value): &(&str, &str, &str)| {
        let names: Vec<&str> = path.split('/').filter(|name| !name.is_empty()).collect();
        let (last, folders) = names.split_last().unwrap();
        let open: String = folders.iter().map(|name| format!("<pref name='{name}'>")).collect();
        let pref = if kind.ends_with("list") {
            let items: String = value.split('|').map(|item| format!("<item value='{item}'/>")).collect();
            format!("<pref name='{last}' type='{kind}'>{items}</pref>")
        } else {
            format!("<pref name='{last}' type='{kind}' value='{value}'/>")
        };
        format!("{open}{pref}{}\n", "</pref>".repeat(folders.len()))
    };
    let all: String = preferences.iter().map(one).collect();
    format!("<?xml version='1.0' encoding='UTF-8' ?>\n\n<pref version='1' name='/'>\n{all}</pref>\n")
}

/// A profile with nothing but that file.
pub fn profile_of(body: &str) -> Profile {
    read(&[(".purple/accounts.xml", accounts_xml(body).as_bytes())])
}

/// The only account of the profile.
pub fn account(profile: &Profile) -> &Account {
    assert_eq!(profile.accounts.len(), 1, "not one account");
    &profile.accounts[0]
}

/// What the profile's file says at a place.
pub fn at<'p>(profile: &'p Profile, place: &Place) -> &'p str {
    let Spot::Text(Span { start, end }) = place.spot else { panic!("no place in a text: {place:?}") };
    let text = profile.files[place.file.0].text.as_ref().expect("a text");
    std::str::from_utf8(&text.bytes()[start..end]).unwrap()
}

/// The idle settings: name, what stands there, why.
pub fn idle(profile: &Profile) -> Vec<(&str, &str, Idle)> {
    profile.idle_settings.iter().map(|idle| (idle.name.as_str(), at(profile, &idle.place), idle.reason)).collect()
}

/// A file of the fixtures.
pub fn fixture(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/pidgin").join(name)).unwrap()
}
