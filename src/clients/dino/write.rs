//! Putting right what may be changed in Dino's databases: few rows, each for a good reason.
//!
//! Never written: passwords (Dino logs in with an empty one, or not at all), addresses, whether a key is trusted, and
//! anything in a database of the fork or of a version that is not known.

use super::cells::ShownRow;
use super::end_to_end::{self, OMEMO as ENCRYPTED};
use super::keys::{Holder, bare};
use super::rows::CHAT;
use super::settings;
use super::{DATABASE, OMEMO, trust};
use crate::model::{
    Cell, Change, ConversationEncryption, Edit, EndToEnd, FileKind, FileNumber, Format, Habit, HabitKind, Place,
    Profile, ProfileFile, RowChange, RowEdit, Scalar, Spot, Tracked, Unrepairable, Wish,
};
use crate::source::Reader;
use crate::source::sqlite::{Database, Image};

/// The versions of `omemo.db` that are known: that of 0.1, and that of all later releases.
const KEYS: [i64; 2] = [4, 5];

/// The edits that bring about what is wanted of a profile.
pub(super) fn write(profile: &Profile, reader: &Reader, wish: &Wish) -> Result<Vec<Edit>, Unrepairable> {
    match &wish.change {
        Change::Set { fact: "conversation.encryption", value } if value == "encrypted" => {
            encrypted(profile, reader, wish.number)
        }
        Change::Set { fact: "account.end_to_end", value } if value == "default_on" => {
            encrypted_by_default(profile, reader, wish.number)
        }
        Change::Remove { subject: "habit" } => {
            let habit = profile.habits.get(wish.number).ok_or(Unrepairable::Gone)?;
            match habit.what.value {
                HabitKind::NewKeysTrusted => careful(profile, reader, habit),
                kind => settings::key_of(kind).map_or(Err(Unrepairable::Unwritten), |key| {
                    switched_off(profile, reader, habit.what.place().file, key)
                }),
            }
        }
        _ => Err(Unrepairable::Unwritten),
    }
}

/// Opens a database that may be written.
fn open(profile: &Profile, reader: &Reader, number: FileNumber, kind: FileKind) -> Result<Database, Unrepairable> {
    let file = profile.file(number).filter(|file| file.kind == kind).ok_or(Unrepairable::Gone)?;
    // The fork's keys look like Dino's own.
    if profile.files.iter().any(|file| file.format != Format::Known) {
        return Err(Unrepairable::Schema);
    }
    if file.damage.is_some() {
        return Err(Unrepairable::Damaged);
    }
    // There it is taken out; and without its log it may be out of date.
    if is_kept_elsewhere(file) {
        return Err(Unrepairable::Choice);
    }
    let (_, image) = Database::open(reader, &file.path, kind).map_err(|_| Unrepairable::Gone)?;
    match image {
        Image::Open(database) => Ok(database),
        Image::NotSqlite | Image::Broken => Err(Unrepairable::Damaged),
    }
}

fn is_kept_elsewhere(file: &ProfileFile) -> bool {
    file.tracked == Tracked::Tracked || file.journal_missing
}

/// The main database, if its version is one that is known.
fn open_main(profile: &Profile, reader: &Reader, number: FileNumber) -> Result<Database, Unrepairable> {
    let database = open(profile, reader, number, DATABASE)?;
    // Whether it is newer than what is known, its format tells already.
    version(&database).ok_or(Unrepairable::Schema)?;
    Ok(database)
}

fn version(database: &Database) -> Option<i64> {
    let mut version = None;
    let asked = database.select("_meta", &["name", "int_val"], |row| {
        if row.text("name").as_deref() == Some("version") {
            version = row.integer("int_val");
        }
    });
    version.filter(|_| asked.is_ok())
}

/// The conversation with a contact whose devices are known is encrypted from the next start on.
fn encrypted(profile: &Profile, reader: &Reader, number: usize) -> Result<Vec<Edit>, Unrepairable> {
    let conversation = profile.conversations.get(number).ok_or(Unrepairable::Gone)?;
    match conversation.encryption {
        ConversationEncryption::Encrypted => return Ok(Vec::new()),
        ConversationEncryption::ClearThoughPossible if !conversation.group => {}
        _ => return Err(Unrepairable::Choice),
    }
    let file = conversation.place.file;
    let database = open_main(profile, reader, file)?;
    let wanted = row_of(&conversation.place, "conversation")?;
    let mut is_there = false;
    let asked = database.select("conversation", &["id", "type", "encryption"], |row| {
        is_there |= row.integer("id") == Some(wanted)
            && row.integer("type") == Some(CHAT)
            && row.integer("encryption") == Some(end_to_end::NONE);
    });
    if asked.is_err() || !is_there {
        return Err(Unrepairable::Gone);
    }
    let key = vec![integer("id", wanted), integer("type", CHAT)];
    let change = RowChange::Set {
        column: "encryption".to_owned(),
        old: Scalar::Integer(end_to_end::NONE),
        new: Scalar::Integer(ENCRYPTED),
    };
    Ok(vec![edit(file, "conversation", key, change)])
}

/// What somebody has written about the default goes, and Dino's own counts again.
fn encrypted_by_default(profile: &Profile, reader: &Reader, number: usize) -> Result<Vec<Edit>, Unrepairable> {
    let account = profile.accounts.get(number).ok_or(Unrepairable::Gone)?;
    match account.end_to_end.value {
        EndToEnd::DefaultOn => return Ok(Vec::new()),
        EndToEnd::SwitchedOff => {}
        // Before 0.5 there is no default that could be set.
        _ => return Err(Unrepairable::Unwritten),
    }
    let place = account.end_to_end.place();
    let database = open_main(profile, reader, place.file)?;
    let columns = database.columns(end_to_end::TABLE).unwrap_or_default();
    // What another column would hold is not known, and would be lost.
    if !holds_only(&columns, &["id", "account_id", "key", "value"]) {
        return Err(Unrepairable::Schema);
    }
    let wanted = row_of(place, end_to_end::TABLE)?;
    let mut values = None;
    let asked = database.select(end_to_end::TABLE, &["id", "account_id", "key", "value"], |row| {
        if row.integer("id") == Some(wanted) && row.text("key").as_deref() == Some(end_to_end::KEY) {
            values = row.integer("account_id").zip(row.text("value").map(std::borrow::Cow::into_owned));
        }
    });
    let (owner, value) = values.filter(|_| asked.is_ok()).ok_or(Unrepairable::Gone)?;
    let values = vec![integer("account_id", owner), text("key", end_to_end::KEY), text("value", &value)];
    let key = vec![integer("id", wanted)];
    Ok(vec![edit(place.file, end_to_end::TABLE, key, RowChange::Delete { values })])
}

fn holds_only(columns: &[String], known: &[&str]) -> bool {
    columns.len() == known.len()
        && columns.iter().all(|column| known.iter().any(|known| known.eq_ignore_ascii_case(column)))
}

/// A setting that is true, written or by default, becomes false.
fn switched_off(
    profile: &Profile,
    reader: &Reader,
    file: FileNumber,
    key: &'static str,
) -> Result<Vec<Edit>, Unrepairable> {
    const TABLE: &str = "settings";
    let database = open_main(profile, reader, file)?;
    let columns = database.columns(TABLE).unwrap_or_default();
    if !["key", "value"].iter().all(|known| columns.iter().any(|column| column.eq_ignore_ascii_case(known))) {
        return Err(Unrepairable::Schema);
    }
    let mut written = None;
    let asked = database.select(TABLE, &["key", "value"], |row| {
        if row.text("key").as_deref() == Some(key) {
            written = Some(row.text("value").map(std::borrow::Cow::into_owned));
        }
    });
    if asked.is_err() {
        return Err(Unrepairable::Damaged);
    }
    let change = match written {
        Some(Some(value)) if value != "true" => return Ok(Vec::new()),
        Some(Some(value)) => {
            RowChange::Set { column: "value".to_owned(), old: Scalar::Text(value), new: words("false") }
        }
        Some(None) => RowChange::Set { column: "value".to_owned(), old: Scalar::Null, new: words("false") },
        None => {
            let values = vec![text("key", key), text("value", "false")];
            return Ok(vec![edit(file, TABLE, Vec::new(), RowChange::Insert { values })]);
        }
    };
    Ok(vec![edit(file, TABLE, vec![text("key", key)], change)])
}

/// The next device of a contact is not trusted unseen any more.
fn careful(profile: &Profile, reader: &Reader, habit: &Habit) -> Result<Vec<Edit>, Unrepairable> {
    const TABLE: &str = "trust";
    let place = habit.what.place();
    let database = open(profile, reader, place.file, OMEMO)?;
    if !version(&database).is_some_and(|version| KEYS.contains(&version)) {
        return Err(Unrepairable::Schema);
    }
    let columns = database.columns(TABLE).unwrap_or_default();
    if !holds_only(&columns, &["identity_id", "address_name", "blind_trust"]) {
        return Err(Unrepairable::Schema);
    }
    let cell = cell_of(place, TABLE)?;
    let is_its = |holder: &Holder| *trust::row_of(holder) == *cell.row;
    let mut written = Vec::new();
    let mut is_told = false;
    let asked = database.select(TABLE, &["identity_id", "address_name", "blind_trust"], |row| {
        let Some((identity, address)) = row.integer("identity_id").zip(row.text("address_name")) else { return };
        if is_its(&(identity, bare(&address))) {
            is_told = true;
            written.extend((row.integer("blind_trust") == Some(1)).then(|| (identity, address.into_owned())));
        }
    });
    if asked.is_err() {
        return Err(Unrepairable::Damaged);
    }
    if is_told {
        let change =
            RowChange::Set { column: "blind_trust".to_owned(), old: Scalar::Integer(1), new: Scalar::Integer(0) };
        let key = |(identity, address): (i64, String)| {
            vec![integer("identity_id", identity), text("address_name", &address)]
        };
        let edits = written.into_iter().map(|row| edit(place.file, TABLE, key(row), change.clone()));
        return Ok(edits.collect());
    }
    let (identity, address) = device_of(&database, is_its)?;
    let values = vec![integer("identity_id", identity), text("address_name", &address), integer("blind_trust", 0)];
    Ok(vec![edit(place.file, TABLE, Vec::new(), RowChange::Insert { values })])
}

/// The address of a contact in the spelling that its devices have, since Dino looks it up by that.
fn device_of(database: &Database, is_its: impl Fn(&Holder) -> bool) -> Result<(i64, String), Unrepairable> {
    let mut found = None;
    let asked = database.select("identity_meta", &["identity_id", "address_name"], |row| {
        let Some((identity, address)) = row.integer("identity_id").zip(row.text("address_name")) else { return };
        if found.is_none() && is_its(&(identity, bare(&address))) {
            found = Some((identity, address.into_owned()));
        }
    });
    found.filter(|_| asked.is_ok()).ok_or(Unrepairable::Gone)
}

/// The cell of a place, if it is one of that table.
fn cell_of<'a>(place: &'a Place, table: &str) -> Result<&'a Cell, Unrepairable> {
    match &place.spot {
        Spot::Cell(cell) if cell.table == table => Ok(cell),
        _ => Err(Unrepairable::Gone),
    }
}

/// The number of the row of a place.
fn row_of(place: &Place, table: &str) -> Result<i64, Unrepairable> {
    ShownRow::id_of(cell_of(place, table)?).ok_or(Unrepairable::Gone)
}

fn edit(file: FileNumber, table: &str, key: Vec<(String, Scalar)>, change: RowChange) -> Edit {
    Edit::in_row(file, RowEdit { table: table.to_owned(), key, change })
}

fn integer(column: &str, value: i64) -> (String, Scalar) {
    (column.to_owned(), Scalar::Integer(value))
}

fn text(column: &str, value: &str) -> (String, Scalar) {
    (column.to_owned(), words(value))
}

fn words(value: &str) -> Scalar {
    Scalar::Text(value.to_owned())
}
