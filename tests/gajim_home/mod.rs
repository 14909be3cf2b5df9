//! Made-up homes with Gajim's files in them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]
#![allow(dead_code)]

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};
use tempfile::TempDir;
use xmpp_audit::clients::gajim::Gajim;
use xmpp_audit::clients::{Client, Found};
use xmpp_audit::model::*;
use xmpp_audit::source::Reader;

/// A home directory with Gajim's files in it.
pub struct Home(pub TempDir);

impl Home {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn path(&self, relative: &str) -> PathBuf {
        let path = self.0.path().join("home/alice").join(relative);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        path
    }

    pub fn write(&self, relative: &str, content: impl AsRef<[u8]>) -> &Self {
        fs::write(self.path(relative), content).unwrap();
        self
    }

    /// Writes a database with these cells.
    pub fn database(
        &self,
        relative: &str,
        user_version: i64,
        client: &[(&str, Value)],
        accounts: &[(&str, Value)],
    ) -> &Self {
        let text = |cells: &[(&str, Value)]| -> Vec<(String, String)> {
            cells.iter().map(|(name, value)| ((*name).to_owned(), value.to_string())).collect()
        };
        self.raw_database(relative, user_version, &text(client), &text(accounts))
    }

    pub fn raw_database(
        &self,
        relative: &str,
        user_version: i64,
        client: &[(String, String)],
        accounts: &[(String, String)],
    ) -> &Self {
        let connection = rusqlite::Connection::open(self.path(relative)).unwrap();
        connection
            .execute_batch(&format!(
                "PRAGMA synchronous = OFF; PRAGMA user_version = {user_version};
                 CREATE TABLE settings (name TEXT UNIQUE, settings TEXT);
                 CREATE TABLE account_settings (account TEXT UNIQUE, settings TEXT);"
            ))
            .unwrap();
        for (table, cells) in [("settings", client), ("account_settings", accounts)] {
            for cell in cells {
                connection.execute(&format!("INSERT INTO {table} VALUES (?1, ?2)"), (&cell.0, &cell.1)).unwrap();
            }
        }
        self
    }

    /// Reads the files that lie there, as a look at the known places would find them.
    pub fn read(&self, relative: &[&str]) -> Profile {
        self.read_as(relative, None)
    }

    /// The same where the client is believed to be of this version.
    pub fn read_as(&self, relative: &[&str], version: Option<&str>) -> Profile {
        let found: Vec<Found> = relative
            .iter()
            .map(|relative| {
                let path = self.path(relative);
                let head = Reader::default().head(&path, 8192).unwrap();
                let kind = Gajim.recognise(&path, &head).unwrap_or_else(|| panic!("{relative} is not recognised"));
                Found { path, kind, home: Some(self.path("").components().collect()) }
            })
            .collect();
        let keys: std::collections::HashSet<_> = found.iter().map(|found| Gajim.profile_key(found)).collect();
        assert_eq!(keys.len(), 1, "they are one profile");
        let exactly = |text| ClientVersion::exactly(Version::parse(text).unwrap(), VersionSource::Told);
        Gajim.read_as(&found, &Reader::default(), version.map(exactly).as_ref())
    }
}

pub const TEXT: &str = ".config/gajim/config";
pub const DATABASE: &str = ".config/gajim/settings.sqlite";

/// An account of a text file of this version with these lines.
pub fn text(version: &str, lines: &[&str]) -> Profile {
    let account: String = lines.iter().map(|line| format!("accounts.x.{line}\n")).collect();
    text_file(&format!(
        "version = {version}\ntime_stamp = x\naccounts.x.name = a\naccounts.x.hostname = b.test\n{account}"
    ))
}

pub fn text_file(content: &str) -> Profile {
    Home::new().write(TEXT, content).read(&[TEXT])
}

/// An account of a database with these settings over sound ones.
pub fn database(user_version: i64, account: Value) -> Profile {
    database_with(user_version, &[], account)
}

pub fn database_with(user_version: i64, client: &[(&str, Value)], account: Value) -> Profile {
    database_home(user_version, client, account).read(&[DATABASE])
}

/// A home with such a database.
pub fn database_home(user_version: i64, client: &[(&str, Value)], account: Value) -> Home {
    let mut settings = json!({"name": "a", "hostname": "b.test", "active": true});
    for (key, value) in account.as_object().unwrap() {
        settings[key] = value.clone();
    }
    let cell = json!({"account": settings, "contact": {}, "group_chat": {}});
    let mut cells = vec![("app", json!({})), ("proxies", json!({})), ("workspaces", json!({}))];
    for (name, value) in client {
        cells.retain(|(known, _)| known != name);
        cells.push((name, value.clone()));
    }
    let home = Home::new();
    home.database(DATABASE, user_version, &cells, &[("b.test", cell)]);
    home
}

pub fn only(profile: &Profile) -> &Account {
    assert_eq!(profile.accounts.len(), 1);
    &profile.accounts[0]
}
