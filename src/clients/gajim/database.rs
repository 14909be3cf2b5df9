//! `settings.sqlite` of 1.3 and later.

use std::collections::HashMap;
use std::path::Path;

use super::account::{self, Context};
use super::cell::{self, Cell, CellOptions, ReadBy};
use super::database_cells::{Cells, Table};
use super::options::Options;
use super::overrides::ClientOptions;
use super::proxies::{self, Proxies};
use super::reading::{Around, Read};
use super::secrets;
use super::version::{self, Era};
use super::{database_conversations, database_rooms, habits, idle, plugins};
use crate::model::{
    ClientVersion, Damage, Fault, FileKind, FileNumber, Format, Loss, Place, Plenty, Profile, Secret, Setting,
    limits,
};
use crate::source::sqlite::{Database, Image};

/// Reads the database into the profile.
pub(super) fn read(profile: &mut Profile, path: &Path, kind: FileKind, around: Around) -> Read {
    let (file, image) = match Database::open(around.reader, path, kind) {
        Ok(opened) => opened,
        Err(trouble) => {
            profile.note(path, kind, trouble);
            return Read::default();
        }
    };
    let number = profile.add_file(file);
    match image {
        Image::Open(database) => {
            for beside in database.beside() {
                profile.note(&beside.path, kind, beside.trouble.clone());
            }
            return read_open(profile, number, &database, path, around);
        }
        Image::NotSqlite => {
            let is_empty = around.reader.head(path, 1).is_ok_and(|head| head.is_empty());
            let fault = if is_empty { Fault::Empty } else { Fault::BrokenDatabase };
            damage(profile, number, fault, None);
        }
        Image::Broken => damage(profile, number, Fault::BrokenDatabase, None),
    }
    Read::default()
}

/// Notes the first fault of the file. Gajim does not start with any of them.
fn damage(profile: &mut Profile, number: FileNumber, fault: Fault, place: Option<Place>) {
    let Some(file) = profile.file_mut(number) else { return };
    let place = place.unwrap_or_else(|| file.place(number));
    file.damage.get_or_insert(Damage { fault, place, loss: Loss::Start });
}

fn read_open(profile: &mut Profile, number: FileNumber, database: &Database, path: &Path, around: Around) -> Read {
    let mut user_version = None;
    let asked = database.query("PRAGMA user_version", [], |row| user_version = row.integer("user_version"));
    let (Ok(()), Some(user_version)) = (asked, user_version) else {
        damage(profile, number, Fault::BrokenDatabase, None);
        return Read::default();
    };
    let told = version::of_database(user_version, Place::of_file(number, "user_version"));
    if let Some(file) = profile.file_mut(number) {
        file.version = Some(format!("user_version {user_version}"));
        file.format = if told.is_some() { Format::Known } else { Format::Newer };
    }
    let Some(told) = told else { return Read::default() };
    let version = version::narrowed(&told, around.assumed);
    profile.version.get_or_insert(told);
    let mut cells =
        Cells { file: number, client: Vec::new(), accounts: Vec::new(), faults: Vec::new(), is_cut: false };
    cells.load(database, Table { name: "settings", key: "name" });
    cells.load(database, Table { name: "account_settings", key: "account" });
    if cells.is_cut {
        profile.note_plenty(number, Plenty::Bytes, limits::CELLS);
    }
    for (fault, place) in cells.faults.drain(..) {
        damage(profile, number, fault, place);
    }
    Reading { profile, number, cells: &cells, user_version, version: &version, path, around }.run()
}

/// A cell in words.
pub(super) fn cell_words(table: &str, key: &str) -> String {
    let key = secrets::shown_name(key);
    match table {
        "settings" if key.is_empty() => "settings[]".to_owned(),
        "settings" => key,
        _ => format!("accounts[{key}]"),
    }
}

/// A database that is being turned into a profile.
struct Reading<'a> {
    profile: &'a mut Profile,
    number: FileNumber,
    cells: &'a Cells,
    user_version: i64,
    version: &'a ClientVersion,
    path: &'a Path,
    around: Around<'a>,
}

impl<'a> Reading<'a> {
    fn run(mut self) -> Read {
        for name in ["app", "proxies"] {
            if self.client_cell(name).is_none() && !self.cells.client.is_empty() {
                damage(self.profile, self.number, Fault::MissingTables, None);
            }
        }
        let proxies = self.proxies();
        let global_proxy = self.client();
        let found = self.client_cell("plugins");
        let plugins = found.map(|cell| plugins::in_cell(cell, self.user_version, self.version)).unwrap_or_default();
        let mut read = Read { conducts: Vec::new(), plugins };
        let numbers = self.accounts(&proxies, &global_proxy, &mut read);
        let workspaces = self.client_cell("workspaces");
        database_rooms::gather(self.profile, workspaces, &self.cells.accounts, &numbers, self.user_version);
        self.conversations(workspaces, &numbers);
        self.note_secrets();
        idle::global_proxy(self.profile, Era::Database(self.user_version), &global_proxy);
        self.profile.proxies_mixed |= proxies::are_mixed(&self.profile.accounts, &global_proxy);
        read
    }

    fn client_cell(&self, name: &str) -> Option<&'a Cell> {
        self.cells.client.iter().find(|cell| cell.key == name)
    }

    fn proxies(&mut self) -> Proxies {
        let mut proxies = Proxies::default();
        let Some(cell) = self.client_cell("proxies") else { return proxies };
        for member in cell.document.root.effective_members() {
            let options = CellOptions::of_proxy(cell, member, self.by());
            let era = Era::Database(self.user_version);
            self.profile.proxies.extend(proxies.add(era, &member.key, &options));
        }
        proxies
    }

    /// Notes what the client does as a whole, and says what its global proxy is.
    fn client(&mut self) -> Setting<String> {
        let Some(cell) = self.client_cell("app") else {
            let place = cell::bare_place(self.number, "settings", "name", "app", "app");
            return Setting::default(String::new(), "", place);
        };
        let own = CellOptions::of_client(cell, self.by());
        // 1.4 was the first to look at them.
        let options =
            ClientOptions { overrides: self.around.overrides.filter(|_| self.user_version > 0), own: &own };
        if cell.document.error.is_none() {
            habits::of_client(self.profile, &options, self.path);
        }
        options.text("global_proxy")
    }

    /// Builds every account, and says which number each row became.
    fn accounts(
        &mut self,
        proxies: &Proxies,
        global_proxy: &Setting<String>,
        read: &mut Read,
    ) -> Vec<Option<usize>> {
        let mut numbers = Vec::new();
        for cell in &self.cells.accounts {
            let root = &cell.document.root;
            let broken = cell.document.error.is_some();
            if !broken && ["account", "contact", "group_chat"].iter().any(|key| root.get(key).is_none()) {
                let place = cell.place(cell_words(cell.table, &cell.key));
                damage(self.profile, self.number, Fault::MissingTables, Some(place));
            }
            let options = self.account_options(cell);
            if broken || account::is_local_network(&options) {
                numbers.push(None);
                continue;
            }
            let context = Context {
                era: Era::Database(self.user_version),
                version: self.version,
                options: &options,
                proxies,
                global_proxy,
                plugins: &read.plugins,
                name: &cell.key,
            };
            let (account, conduct) = account::build(&context);
            let number = self.profile.accounts.len();
            self.profile.accounts.push(account);
            read.conducts.push(conduct);
            numbers.push(Some(number));
            idle::of_database(self.profile, &options, number);
            habits::of_account(self.profile, &options, number, &cell.key);
        }
        numbers
    }

    fn conversations(&mut self, workspaces: Option<&Cell>, numbers: &[Option<usize>]) {
        let accounts = &self.cells.accounts;
        let shown = database_rooms::shown(workspaces, accounts, numbers, self.user_version);
        let uses: HashMap<usize, habits::Uses> =
            database_conversations::gather(self.profile, shown, accounts, numbers);
        for (cell, number) in accounts.iter().zip(numbers) {
            let Some((number, uses)) = number.and_then(|number| Some((number, uses.get(&number)?))) else {
                continue;
            };
            habits::of_encryption(self.profile, &self.account_options(cell), number, &cell.key, *uses);
        }
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

    fn account_options(&self, cell: &'a Cell) -> CellOptions<'a> {
        CellOptions::of_account(cell, cell_words(cell.table, &cell.key), self.by())
    }

    const fn by(&self) -> ReadBy<'a> {
        ReadBy { user_version: self.user_version, version: self.version }
    }
}
