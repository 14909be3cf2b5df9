//! Repairs of the files of clients: whatever stands there, they end without a panic, and what they leave behind is read
//! as well as what was there before.

use std::path::{Path, PathBuf};

use rusqlite::Connection;
use xmpp_audit::clients::Client;
use xmpp_audit::discover::Group;
use xmpp_audit::fix::{change_rows, spliced};
use xmpp_audit::model::{Change, Edit, FileNumber, Place, Profile, RowEdit, Splice, Spot, Step, Wish};
use xmpp_audit::source::{Bounds, Reader};
use zeroize::Zeroizing;

/// The files of a home that was made up.
pub type Files = Vec<(PathBuf, Zeroizing<Vec<u8>>)>;

/// How many wishes are tried: each reads the files anew.
const MOST: usize = 40;

/// What rules want of accounts.
const FACTS: &[(&str, &str)] = &[
    ("account.encryption", "required"),
    ("account.cleartext_login", "asks"),
    ("account.certificate_check", "asks"),
    ("account.transport", "websocket_tls"),
    ("account.transport", "tcp"),
    ("account.tls_floor", "modern"),
    ("account.password", "absent"),
    ("account.proxy.tor", "reached"),
    ("account.end_to_end", "default_on"),
    ("account.legacy_login", "false"),
    ("account.proxy.fault", "sound"),
    ("account.room_service.host", "conference.example.org"),
];

fn wishes(profile: &Profile) -> Vec<Wish> {
    let place = || Place { file: FileNumber(0), spot: Spot::File, words: String::new() };
    let wish = |number, change| Wish { number, change, place: place() };
    let set =
        |number, (fact, value): (&'static str, &str)| wish(number, Change::Set { fact, value: value.to_owned() });
    let gone = |number, subject| wish(number, Change::Remove { subject });
    let mut wishes = Vec::new();
    for number in 0..profile.accounts.len().min(2) {
        wishes.extend(FACTS.iter().map(|fact| set(number, *fact)));
    }
    let conversation = ("conversation.encryption", "encrypted");
    wishes.extend((0..profile.conversations.len().min(2)).map(|number| set(number, conversation)));
    wishes.extend((0..profile.proxies.len().min(2)).map(|number| set(number, ("proxy.password", "absent"))));
    wishes.extend((0..profile.idle_settings.len().min(4)).map(|number| gone(number, "setting")));
    wishes.extend((0..profile.commands.len().min(4)).map(|number| gone(number, "command")));
    wishes.extend((0..profile.launches.len().min(4)).map(|number| gone(number, "launch")));
    wishes.extend((0..profile.rooms.len().min(2)).flat_map(|number| {
        let rooms = [("room.address", "room@conference.example.org"), ("room.password", "absent"), ("room.fault", "sound")];
        rooms.map(|fact| set(number, fact))
    }));
    wishes.push(set(0, ("profile.extra_authority", "system")));
    wishes.extend((0..profile.habits.len()).map(|number| gone(number, "habit")));
    wishes.truncate(MOST);
    wishes
}

/// Grants wishes of a profile that was read from these files, each by itself.
pub fn check(group: &Group, profile: &Profile, files: &Files) {
    for wish in wishes(profile) {
        let reader = Reader::of_files(Bounds::default(), files.iter().cloned());
        let Ok(edits) = group.client.write(profile, &reader, &wish) else { continue };
        if let Some(mended) = after(profile, files, &edits) {
            see_that_it_is_read(group, profile, mended);
        }
    }
}

/// The files as they would be; none where SQLite does not take the changes.
fn after(profile: &Profile, files: &Files, edits: &[Edit]) -> Option<Files> {
    let mut mended = files.clone();
    for edit in edits {
        let file = profile.file(edit.file).expect("an edit of a file that there is not");
        let (_, bytes) = mended.iter_mut().find(|(path, _)| *path == file.path)?;
        if let Step::Row(_) = edit.step {
            let rows: Vec<RowEdit> = rows_of(edits, edit.file);
            *bytes = with_rows(bytes, &rows)?;
            return (edits.iter().all(|other| other.file == edit.file)).then_some(mended);
        }
    }
    for number in 0..profile.files.len() {
        let splices: Vec<Splice> = splices_of(edits, FileNumber(number));
        let Some(text) = profile.file(FileNumber(number)).and_then(|file| Some((&file.path, file.text.as_ref()?)))
        else {
            continue;
        };
        let (_, bytes) = mended.iter_mut().find(|(path, _)| path == text.0)?;
        let new = spliced(text.1.bytes(), &splices).expect("edits that do not go together");
        if bytes.as_slice() == text.1.bytes() {
            *bytes = new;
        }
    }
    Some(mended)
}

fn rows_of(edits: &[Edit], file: FileNumber) -> Vec<RowEdit> {
    let rows = edits.iter().filter(|edit| edit.file == file).filter_map(|edit| match &edit.step {
        Step::Row(row) => Some(row.clone()),
        _ => None,
    });
    rows.collect()
}

fn splices_of(edits: &[Edit], file: FileNumber) -> Vec<Splice> {
    let splices = edits.iter().filter(|edit| edit.file == file).filter_map(|edit| match &edit.step {
        Step::Text(splice) => Some(splice.clone()),
        _ => None,
    });
    splices.collect()
}

fn with_rows(bytes: &[u8], rows: &[RowEdit]) -> Option<Zeroizing<Vec<u8>>> {
    let mut connection = Connection::open_in_memory().ok()?;
    connection.deserialize_read_exact("main", bytes, bytes.len(), false).ok()?;
    change_rows(&connection, rows).ok()?;
    Some(Zeroizing::new(connection.serialize("main").ok()?.to_vec()))
}

/// What was read without a fault still is.
fn see_that_it_is_read(group: &Group, before: &Profile, mended: Files) {
    let reader = Reader::of_files(Bounds::default(), mended);
    let client: &dyn Client = group.client;
    let after = client.read(&group.files, &reader);
    // What has nothing left to say of clients is no file of theirs any more.
    let is_damaged = |profile: &Profile, path: &Path| {
        profile.files.iter().any(|file| file.path == path && file.damage.is_some())
    };
    for file in before.files.iter().filter(|file| file.damage.is_none()) {
        assert!(!is_damaged(&after, &file.path), "{} is damaged by a repair", file.path.display());
    }
}
