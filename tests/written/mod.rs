//! Files of a client that are read, written as is wanted, and read again, all in memory.
#![allow(dead_code)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use xmpp_audit::clients::{Client, Found};
use xmpp_audit::fix::{change_rows, spliced};
use xmpp_audit::model::{
    Change, Edit, FileKind, FileNumber, Habit, IdleSetting, Place, Profile, RowEdit, Splice, Spot, Step,
    Unrepairable, Wish,
};
use xmpp_audit::source::{Bounds, Reader};
use zeroize::Zeroizing;

/// The files of a profile, by their paths.
#[derive(Clone)]
pub struct Files {
    pub client: &'static dyn Client,
    pub files: Vec<(PathBuf, FileKind, Vec<u8>)>,
}

impl Files {
    pub fn reader(&self) -> Reader {
        let files = self.files.iter().map(|(path, _, bytes)| (path.clone(), Zeroizing::new(bytes.clone())));
        Reader::of_files(Bounds::default(), files)
    }

    pub fn read(&self) -> Profile {
        let found: Vec<Found> = self
            .files
            .iter()
            .map(|(path, kind, _)| Found { path: path.clone(), kind: *kind, home: None })
            .collect();
        self.client.read(&found, &self.reader())
    }

    pub fn write(&self, profile: &Profile, wish: &Wish) -> Result<Vec<Edit>, Unrepairable> {
        self.client.write(profile, &self.reader(), wish)
    }

    /// The files as the edits would make them.
    pub fn after(&self, profile: &Profile, edits: &[Edit]) -> Self {
        let mut files = self.clone();
        for (path, _, bytes) in &mut files.files {
            let is_its = |edit: &&Edit| profile.file(edit.file).is_some_and(|file| file.path == *path);
            let of_file: Vec<&Step> = edits.iter().filter(is_its).map(|edit| &edit.step).collect();
            *bytes = applied(bytes, &of_file);
        }
        files
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.files[0].2.clone()).unwrap()
    }
}

fn applied(bytes: &[u8], steps: &[&Step]) -> Vec<u8> {
    let splices: Vec<Splice> = steps
        .iter()
        .filter_map(|step| match step {
            Step::Text(splice) => Some(splice.clone()),
            _ => None,
        })
        .collect();
    let rows: Vec<RowEdit> = steps
        .iter()
        .filter_map(|step| match step {
            Step::Row(row) => Some(row.clone()),
            _ => None,
        })
        .collect();
    if rows.is_empty() {
        return spliced(bytes, &splices).unwrap().to_vec();
    }
    assert!(splices.is_empty());
    let mut connection = opened(bytes);
    change_rows(&connection, &rows).unwrap();
    connection.serialize("main").unwrap().to_vec()
}

/// A database in memory.
pub fn opened(bytes: &[u8]) -> Connection {
    let mut connection = Connection::open_in_memory().unwrap();
    connection.deserialize_read_exact("main", bytes, bytes.len(), false).unwrap();
    connection
}

/// The bytes of a database that this SQL makes.
pub fn database(sql: &str) -> Vec<u8> {
    let mut connection = Connection::open_in_memory().unwrap();
    connection.execute_batch(sql).unwrap();
    connection.serialize("main").unwrap().to_vec()
}

pub fn nowhere() -> Place {
    Place { file: FileNumber(0), spot: Spot::File, words: String::new() }
}

pub fn wants(number: usize, fact: &'static str, value: &str) -> Wish {
    Wish { number, change: Change::Set { fact, value: value.to_owned() }, place: nowhere() }
}

pub fn gone(number: usize, subject: &'static str) -> Wish {
    Wish { number, change: Change::Remove { subject }, place: nowhere() }
}

/// Accounts have other numbers once a line is gone that was the first of one, but the same names.
fn name_of(profile: &Profile, number: Option<usize>) -> Option<&str> {
    Some(profile.accounts.get(number?)?.name.as_str())
}

pub fn habit_word(profile: &Profile, habit: &Habit) -> String {
    format!("habit {:?} {:?} {:?}", habit.what.value, name_of(profile, habit.account), habit.detail)
}

pub fn idle_word(profile: &Profile, idle: &IdleSetting) -> String {
    format!("idle {} {:?} {:?}", idle.name, name_of(profile, idle.account), idle.reason)
}

/// Everything that is known of a profile and that a repair could change, in words; how often each is said.
pub fn said(profile: &Profile) -> BTreeMap<String, usize> {
    let names: Vec<_> = profile.accounts.iter().map(|account| account.name.as_str()).collect();
    let mut words = vec![format!("order {names:?}")];
    let name = |number| name_of(profile, number);
    for account in &profile.accounts {
        let mut say = |fact: &str, value: String| words.push(format!("{}: {fact} {value}", account.name));
        say("address", account.address.value.raw.clone());
        say("enabled", account.enabled.value.to_string());
        say("encryption", format!("{:?}", account.encryption.value));
        say("misspelt", account.policy_misspelt.to_string());
        say("transport", format!("{:?}", account.transport.value));
        say("certificate_check", format!("{:?}", account.certificate_check.value));
        say("cleartext_login", format!("{:?}", account.cleartext_login.value));
        say("tls_floor", format!("{:?}", account.tls_floor.value));
        say("server", format!("{:?} {:?}", account.server.value, account.port.value));
        say("proxy", format!("{:?}", account.proxy.value));
        say("password", format!("{:?}", account.password.value));
        say("end_to_end", format!("{:?}", account.end_to_end.value));
    }
    for room in profile.rooms.iter().chain(&profile.contacts) {
        words.push(format!("room {:?} {}", name(room.account), room.address.raw));
    }
    for chat in &profile.conversations {
        words.push(format!("conversation {:?} {} {:?}", name(chat.account), chat.address.raw, chat.encryption));
    }
    for habit in &profile.habits {
        words.push(habit_word(profile, habit));
    }
    for idle in &profile.idle_settings {
        words.push(idle_word(profile, idle));
    }
    for proxy in &profile.proxies {
        words.push(format!("proxy {} {:?} {:?} {:?}", proxy.name, proxy.host, proxy.port, proxy.password.value));
    }
    for file in &profile.files {
        let damage = file.damage.as_ref().map(|damage| damage.fault);
        words.push(format!("file {} {:?} {damage:?} {:?}", file.path.display(), file.format, file.version));
    }
    let mut counts = BTreeMap::new();
    for word in words {
        *counts.entry(word).or_default() += 1;
    }
    counts
}

/// What is said less often, and what is said more often.
pub fn differences(
    before: &BTreeMap<String, usize>,
    after: &BTreeMap<String, usize>,
) -> (Vec<String>, Vec<String>) {
    let more = |one: &BTreeMap<String, usize>, other: &BTreeMap<String, usize>| {
        let is_more = |(word, count): &(&String, &usize)| other.get(*word).copied().unwrap_or_default() < **count;
        one.iter().filter(is_more).map(|(word, _)| word.clone()).collect::<Vec<_>>()
    };
    (more(before, after), more(after, before))
}

pub fn at(path: &str) -> PathBuf {
    Path::new("/home/somebody").join(path)
}
