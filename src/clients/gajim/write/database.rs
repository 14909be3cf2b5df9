//! Members of the JSON in `settings.sqlite` changed in place.

use super::super::cell::{Cell, CellOptions, ReadBy};
use super::super::database::cell_words;
use super::super::database_cells::{Cells, Table};
use super::super::plugins::{self, Plugin};
use super::super::{account, version};
use super::group::{Order, Value};
use crate::model::{
    ClientVersion, Edit, FileNumber, Format, Place, Profile, ProfileFile, RowChange, RowEdit, Scalar, Span, Splice,
    Unrepairable,
};
use crate::source::Reader;
use crate::source::sqlite::{Database, Image};
use crate::syntax::json::{self, Kind, Member};

/// The proxy that leads to Tor, as each new profile has it.
const TOR: &str = r#"{"type": "socks5", "host": "localhost", "port": 9050}"#;

/// The database, taken apart.
pub(super) struct DatabaseSource {
    /// The file.
    pub file: FileNumber,
    /// Its `user_version`.
    pub user_version: i64,
    version: ClientVersion,
    cells: Cells,
}

impl DatabaseSource {
    /// Takes the database apart as its reader has, unless its client does not read it.
    pub(super) fn open(file: FileNumber, known: &ProfileFile, reader: &Reader) -> Result<Self, Unrepairable> {
        if known.format != Format::Known {
            return Err(Unrepairable::Schema);
        }
        if known.damage.is_some() {
            return Err(Unrepairable::Damaged);
        }
        let (_, image) = Database::open(reader, &known.path, known.kind).map_err(|_| Unrepairable::Gone)?;
        let Image::Open(database) = image else { return Err(Unrepairable::Damaged) };
        let mut user_version = None;
        let asked = database.query("PRAGMA user_version", [], |row| user_version = row.integer("user_version"));
        let user_version = user_version.filter(|_| asked.is_ok()).ok_or(Unrepairable::Damaged)?;
        let place = Place::of_file(file, "user_version");
        let version = version::of_database(user_version, place).ok_or(Unrepairable::Schema)?;
        let mut cells = Cells { file, client: Vec::new(), accounts: Vec::new(), faults: Vec::new(), is_cut: false };
        cells.load(&database, Table { name: "settings", key: "name" });
        cells.load(&database, Table { name: "account_settings", key: "account" });
        if !cells.faults.is_empty() {
            return Err(Unrepairable::Damaged);
        }
        Ok(Self { file, user_version, version, cells })
    }

    const fn by(&self) -> ReadBy<'_> {
        ReadBy { user_version: self.user_version, version: &self.version }
    }

    fn client_cell(&self, name: &str) -> Result<&Cell, Unrepairable> {
        self.cells.client.iter().find(|cell| cell.key == name).ok_or(Unrepairable::Damaged)
    }

    /// The options of the client as a whole.
    pub(super) fn client(&self) -> Result<CellOptions<'_>, Unrepairable> {
        Ok(CellOptions::of_client(self.client_cell("app")?, self.by()))
    }

    /// The options of an account: as many accounts of the file stand before it as in the profile.
    pub(super) fn account(&self, profile: &Profile, number: usize) -> Result<CellOptions<'_>, Unrepairable> {
        let before = profile.accounts.iter().take(number).filter(|account| account.place.file == self.file);
        let cells = self.cells.accounts.iter();
        let options = cells.map(|cell| CellOptions::of_account(cell, cell_words(cell.table, &cell.key), self.by()));
        let mut options = options.filter(|options| !account::is_local_network(options));
        options.nth(before.count()).ok_or(Unrepairable::Gone)
    }

    /// The proxies, by their names.
    pub(super) fn proxies(&self) -> impl Iterator<Item = (&str, CellOptions<'_>)> {
        let cell = self.client_cell("proxies").ok();
        let members = cell.into_iter().flat_map(|cell| {
            let members = cell.document.root.effective_members().into_iter();
            members.map(move |member| (cell, member))
        });
        members.map(|(cell, member)| (member.key.as_str(), CellOptions::of_proxy(cell, member, self.by())))
    }

    /// Where a proxy that leads to Tor is put in, and as what.
    pub(super) fn new_tor(&self) -> Result<(CellOptions<'_>, Vec<Order>), Unrepairable> {
        let options = CellOptions::of_client(self.client_cell("proxies")?, self.by());
        Ok((options, vec![("Tor", Value::Json(TOR))]))
    }

    /// The plugins that are named.
    pub(super) fn plugins(&self) -> Vec<Plugin> {
        let cell = self.client_cell("plugins").ok();
        cell.map(|cell| plugins::in_cell(cell, self.user_version, &self.version)).unwrap_or_default()
    }

    /// The edits that make options what they are to be.
    pub(super) fn edits(&self, options: &CellOptions<'_>, orders: &[Order]) -> Result<Vec<Edit>, Unrepairable> {
        let object = options.object.filter(|object| matches!(object.kind, Kind::Object(_)));
        let object = object.ok_or(Unrepairable::Damaged)?;
        let mut wanted = Vec::new();
        let mut splices = Vec::new();
        for (name, value) in orders {
            let members: Vec<&Member> = object.members().iter().filter(|member| member.key == *name).collect();
            match value {
                Value::Forgotten => splices.extend(members.into_iter().filter_map(forgotten)),
                Value::With(at, piece) => splices.extend(with(options.cell, &members, *at, piece)?),
                value => wanted.push((*name, as_json(value))),
            }
        }
        splices.extend(json::edited(options.cell.text(), object, &wanted));
        Ok(splices.into_iter().map(|splice| self.in_cell(options.cell, splice)).collect())
    }

    /// The edits that take away a member at `place` that a later one of the same key outweighs.
    pub(super) fn without_duplicate(
        &self,
        options: &CellOptions<'_>,
        option: &str,
        place: &Place,
    ) -> Result<Vec<Edit>, Unrepairable> {
        let object = options.object.ok_or(Unrepairable::Gone)?;
        let counting = object.member(option).ok_or(Unrepairable::Gone)?.key_span;
        let is_it = |member: &Member| {
            member.key == option && member.key_span != counting && options.place(member) == *place
        };
        let splices = json::without(object, is_it).into_iter().map(|splice| {
            let forgets = options.cell.secrets.iter().any(|(secret, _)| secret.overlaps(splice.span));
            self.in_cell(options.cell, Splice { forgets, ..splice })
        });
        let edits: Vec<_> = splices.collect();
        if edits.is_empty() { Err(Unrepairable::Gone) } else { Ok(edits) }
    }

    fn in_cell(&self, cell: &Cell, splice: Splice) -> Edit {
        let row = RowEdit {
            table: cell.table.to_owned(),
            key: vec![(cell.key_column.to_owned(), Scalar::Text(cell.key.clone()))],
            change: RowChange::Splice { column: "settings".to_owned(), splice },
        };
        Edit::in_row(self.file, row)
    }
}

/// The value as Python writes it; none where the member is to be gone.
fn as_json(value: &Value) -> Option<String> {
    match value {
        Value::Flag(flag) => Some(flag.to_string()),
        Value::Word(word) => Some(json::quoted(word)),
        Value::Number(number) => Some(number.to_string()),
        Value::Json(json) => Some((*json).to_owned()),
        Value::Default | Value::Forgotten | Value::With(..) => None,
    }
}

/// A secret made empty, whatever it was written as.
fn forgotten(member: &Member) -> Option<Splice> {
    let span = member.value.span;
    match &member.value.kind {
        Kind::String(text) if text.is_empty() => None,
        Kind::String(_) => Some(Splice::forget(Span::new(span.start + 1, span.end - 1))),
        _ => Some(Splice { span, new: "\"\"".to_owned(), forgets: true }),
    }
}

/// A piece put into the text that counts, and into those that say the same.
fn with(cell: &Cell, members: &[&Member], at: usize, piece: &str) -> Result<Vec<Splice>, Unrepairable> {
    let Some(text) = members.last().and_then(|member| member.value.as_str()) else { return Ok(Vec::new()) };
    let front = text.get(..at).ok_or(Unrepairable::Unwritten)?;
    let same = members.iter().filter(|member| member.value.as_str() == Some(text));
    let put_in = same.map(|member| {
        let start = member.value.span.start + 1;
        // Where it is spelled in escapes, its bytes are not those of the text.
        let is_plain = cell.slice(Span::new(start, start + at)) == front;
        is_plain.then(|| Splice::insert(start + at, piece)).ok_or(Unrepairable::Unwritten)
    });
    put_in.collect()
}
