//! `settings.sqlite` of 1.3 and later.

use std::path::Path;

use rusqlite::types::ValueRef;
use zeroize::Zeroizing;

use super::account::{self, Conduct, Context};
use super::cell::{self, Cell, CellOptions};
use super::options::Options;
use super::proxies::Proxies;
use super::secrets;
use super::version::{Era, NEWEST_DATABASE};
use super::{database_rooms, idle};
use crate::model::{Damage, Fault, FileKind, FileNumber, Format, Loss, Place, Profile, Secret, Setting};
use crate::source::Reader;
use crate::source::sqlite::{Database, Image};
use crate::syntax::json::pointer_to;

/// Reads the database into the profile. `global_proxy` is what the system's overrides say of it.
pub(super) fn read(
    profile: &mut Profile,
    path: &Path,
    kind: FileKind,
    reader: &Reader,
    global_proxy: Option<Setting<String>>,
) -> Vec<Conduct> {
    let (file, image) = match Database::open(reader, path, kind) {
        Ok(opened) => opened,
        Err(trouble) => {
            profile.note(path, kind, trouble);
            return Vec::new();
        }
    };
    let number = profile.add_file(file);
    match image {
        Image::Open(database) => {
            for beside in database.beside() {
                profile.note(&beside.path, kind, beside.trouble.clone());
            }
            read_open(profile, number, &database, global_proxy)
        }
        Image::NotSqlite => {
            let is_empty = reader.head(path, 1).is_ok_and(|head| head.is_empty());
            let fault = if is_empty { Fault::Empty } else { Fault::BrokenDatabase };
            damage(profile, number, fault, None);
            Vec::new()
        }
        Image::Broken => {
            damage(profile, number, Fault::BrokenDatabase, None);
            Vec::new()
        }
    }
}

/// Notes the first fault of the file. Gajim does not start with any of them.
fn damage(profile: &mut Profile, number: FileNumber, fault: Fault, place: Option<Place>) {
    let Some(file) = profile.file_mut(number) else { return };
    let place = place.unwrap_or_else(|| file.place(number));
    file.damage.get_or_insert(Damage { fault, place, loss: Loss::Start });
}

fn read_open(
    profile: &mut Profile,
    number: FileNumber,
    database: &Database,
    global_proxy: Option<Setting<String>>,
) -> Vec<Conduct> {
    let mut user_version = None;
    let asked = database.query("PRAGMA user_version", [], |row| user_version = row.integer("user_version"));
    let (Ok(()), Some(user_version)) = (asked, user_version) else {
        damage(profile, number, Fault::BrokenDatabase, None);
        return Vec::new();
    };
    let is_known = (0..=NEWEST_DATABASE).contains(&user_version);
    if let Some(file) = profile.file_mut(number) {
        file.version = Some(format!("user_version {user_version}"));
        file.format = if is_known { Format::Known } else { Format::Newer };
    }
    if !is_known {
        return Vec::new();
    }
    let mut cells = Cells { file: number, client: Vec::new(), accounts: Vec::new(), faults: Vec::new() };
    cells.load(database, Table { name: "settings", key: "name" });
    cells.load(database, Table { name: "account_settings", key: "account" });
    for (fault, place) in cells.faults.drain(..) {
        damage(profile, number, fault, place);
    }
    Reading { profile, number, cells: &cells, user_version }.run(global_proxy)
}

/// A table of cells with JSON in the column `settings`.
#[derive(Clone, Copy)]
struct Table {
    name: &'static str,
    key: &'static str,
}

/// Every cell of the database, and what is wrong with some.
struct Cells {
    file: FileNumber,
    client: Vec<Cell>,
    accounts: Vec<Cell>,
    faults: Vec<(Fault, Option<Place>)>,
}

impl Cells {
    fn load(&mut self, database: &Database, table: Table) {
        let columns = database.columns(table.name).unwrap_or_default();
        let has = |wanted: &str| columns.iter().any(|column| column.eq_ignore_ascii_case(wanted));
        if !has(table.key) || !has("settings") {
            self.faults.push((Fault::MissingTables, None));
            return;
        }
        let read = database.select(table.name, &[table.key, "settings"], |row| {
            let key = row.text(table.key).unwrap_or_default().into_owned();
            self.add(table, key, row.value("settings"));
        });
        if read.is_err() {
            self.faults.push((Fault::BrokenDatabase, None));
        }
    }

    fn add(&mut self, table: Table, key: String, value: ValueRef) {
        let bytes = match value {
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes,
            _ => &[],
        };
        let words = cell_words(table.name, &key);
        let Ok(text) = str::from_utf8(bytes) else {
            let place = cell::bare_place(self.file, table.name, table.key, &key, words);
            self.faults.push((Fault::WrongEncoding, Some(place)));
            return;
        };
        let cell = Cell::new(self.file, table.name, table.key, key, Zeroizing::new(text.to_owned()));
        if cell.document.error.is_some() {
            self.faults.push((Fault::BrokenJson, Some(cell.place(words))));
        }
        if table.name == "settings" { self.client.push(cell) } else { self.accounts.push(cell) }
    }
}

/// A cell in words.
pub(super) fn cell_words(table: &str, key: &str) -> String {
    let key = secrets::shown_name(key);
    if table == "settings" { key } else { format!("accounts[{key}]") }
}

/// A database that is being turned into a profile.
struct Reading<'a> {
    profile: &'a mut Profile,
    number: FileNumber,
    cells: &'a Cells,
    user_version: i64,
}

impl<'a> Reading<'a> {
    fn run(mut self, overridden: Option<Setting<String>>) -> Vec<Conduct> {
        for name in ["app", "proxies"] {
            if self.client_cell(name).is_none() && !self.cells.client.is_empty() {
                damage(self.profile, self.number, Fault::MissingTables, None);
            }
        }
        let proxies = self.proxies();
        let global_proxy = overridden.unwrap_or_else(|| self.global_proxy());
        let (conducts, numbers) = self.accounts(&proxies, &global_proxy);
        let workspaces = self.client_cell("workspaces");
        database_rooms::gather(self.profile, workspaces, &self.cells.accounts, &numbers, self.user_version);
        self.note_secrets();
        idle::global_proxy(self.profile, Era::Database(self.user_version), &global_proxy);
        conducts
    }

    fn client_cell(&self, name: &str) -> Option<&'a Cell> {
        self.cells.client.iter().find(|cell| cell.key == name)
    }

    fn proxies(&mut self) -> Proxies {
        let mut proxies = Proxies::default();
        let Some(cell) = self.client_cell("proxies") else { return proxies };
        for member in cell.document.root.effective_members() {
            let words = format!("proxies[{}]", secrets::shown_name(&member.key));
            let pointer = pointer_to("", &member.key);
            let options = CellOptions {
                cell,
                object: Some(&member.value),
                near: cell.place_of(member.key_span, Some(pointer.clone()), words.clone()),
                pointer,
                words,
                user_version: self.user_version,
            };
            self.profile.proxies.extend(proxies.add(&member.key, &options));
        }
        proxies
    }

    fn global_proxy(&self) -> Setting<String> {
        let Some(cell) = self.client_cell("app") else {
            let place = cell::bare_place(self.number, "settings", "name", "app", "app");
            return Setting::default(String::new(), "", place);
        };
        let options = CellOptions {
            cell,
            object: Some(&cell.document.root),
            near: cell.place("app"),
            pointer: String::new(),
            words: "app".to_owned(),
            user_version: self.user_version,
        };
        options.text("global_proxy")
    }

    /// Builds every account, and says which number each row became.
    fn accounts(
        &mut self,
        proxies: &Proxies,
        global_proxy: &Setting<String>,
    ) -> (Vec<Conduct>, Vec<Option<usize>>) {
        let mut conducts = Vec::new();
        let mut numbers = Vec::new();
        for cell in &self.cells.accounts {
            let root = &cell.document.root;
            let broken = cell.document.error.is_some();
            if !broken && ["account", "contact", "group_chat"].iter().any(|key| root.get(key).is_none()) {
                let place = cell.place(cell_words(cell.table, &cell.key));
                damage(self.profile, self.number, Fault::MissingTables, Some(place));
            }
            let options = account_options(cell, self.user_version);
            if broken || account::is_local_network(&options) {
                numbers.push(None);
                continue;
            }
            let context = Context {
                era: Era::Database(self.user_version),
                options: &options,
                proxies,
                global_proxy,
                name: &cell.key,
            };
            let (account, conduct) = account::build(&context);
            let number = self.profile.accounts.len();
            self.profile.accounts.push(account);
            conducts.push(conduct);
            numbers.push(Some(number));
            idle::of_database(self.profile, &options, number);
        }
        (conducts, numbers)
    }

    /// Says whether a secret stands in the file in the clear.
    fn note_secrets(&mut self) {
        let is_clear = |cell: &Cell| cell.secrets.iter().any(|(_, secret)| secret.is_clear());
        // A login to Tor on this machine is none, which only the proxies themselves can tell.
        let others = self.cells.client.iter().filter(|cell| cell.key != "proxies");
        let holds_secret = others.chain(&self.cells.accounts).any(is_clear)
            || self.profile.proxies.iter().any(|proxy| proxy.password.value == Secret::Clear);
        if let Some(file) = self.profile.file_mut(self.number) {
            file.holds_secret = holds_secret;
        }
    }
}

fn account_options(cell: &Cell, user_version: i64) -> CellOptions<'_> {
    let member = cell.document.root.member("account");
    let words = cell_words(cell.table, &cell.key);
    let near = match member {
        Some(member) => cell.place_of(member.key_span, None, words.clone()),
        None => cell.place(words.clone()),
    };
    CellOptions {
        cell,
        object: member.map(|member| &member.value),
        pointer: "/account".to_owned(),
        words,
        near,
        user_version,
    }
}
