//! Dino's databases, put right: few rows are ever written, and each only where nothing speaks against it.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::string_slice, clippy::unwrap_used)]

mod written;

use proptest::prelude::*;
use rusqlite::types::Value;
use written::{Files, at, database, differences, gone, habit_word, opened, said, wants};
use xmpp_audit::clients::dino::{DATABASE, Dino, OMEMO};
use xmpp_audit::model::{ConversationEncryption, EndToEnd, HabitKind, Profile, Unrepairable, Wish};

const SCHEMA: &str = include_str!("../fixtures/dino/schema-26.sql");
const KEYS: &str = include_str!("../fixtures/dino/omemo-5.sql");

/// The tables of 0.5: those of 0.4 and what is set for an account.
fn files(version: i64, rows: &str, keys: &str) -> Files {
    let main = database(&format!(
        "{SCHEMA} CREATE TABLE settings (id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, value TEXT);
         CREATE TABLE account_settings (id INTEGER PRIMARY KEY AUTOINCREMENT, account_id INTEGER NOT NULL,
             key TEXT NOT NULL, value TEXT, UNIQUE (account_id, key) ON CONFLICT REPLACE);
         UPDATE _meta SET int_val = {version} WHERE name = 'version';
         INSERT INTO account (id, bare_jid, password, enabled)
             VALUES (1, 'alice@example.org', 'hunter2', 1), (2, 'carol@example.org', 'hunter2', 1);
         INSERT INTO jid VALUES (1, 'alice@example.org'), (2, 'bob@example.org'), (3, 'dave@example.org'),
             (4, 'room@conference.example.org');
         {rows}"
    ));
    let omemo =
        database(&format!("{KEYS} INSERT INTO identity VALUES (7, 1, 1001, 'aHVudGVyMg==', 'cHVibGlj'); {keys}"));
    Files {
        client: &Dino,
        files: vec![
            (at(".local/share/dino/dino.db"), DATABASE, main),
            (at(".local/share/dino/omemo.db"), OMEMO, omemo),
        ],
    }
}

fn device(holder: &str, trust: i64) -> String {
    format!(
        "INSERT INTO identity_meta (identity_id, address_name, device_id, identity_key_public_base64, trust_level, now_active)
         SELECT 7, '{holder}', 2001 + count(*), 'a2V5', {trust}, 1 FROM identity_meta;"
    )
}

fn chat(account: i64, jid: i64, kind: i64, encryption: &str) -> String {
    format!(
        "INSERT INTO conversation (account_id, jid_id, active, type, encryption)
         VALUES ({account}, {jid}, 1, {kind}, {encryption});"
    )
}

fn wishes(profile: &Profile) -> Vec<(Wish, String)> {
    let mut wishes = Vec::new();
    for (number, account) in profile.accounts.iter().enumerate() {
        if account.end_to_end.value == EndToEnd::SwitchedOff {
            wishes.push((
                wants(number, "account.end_to_end", "default_on"),
                format!("{}: end_to_end SwitchedOff", account.name),
            ));
        }
    }
    for (number, chat) in profile.conversations.iter().enumerate() {
        if chat.encryption == ConversationEncryption::ClearThoughPossible {
            let name = chat.account.map(|account| profile.accounts[account].name.as_str());
            let word = format!("conversation {name:?} {} ClearThoughPossible", chat.address.raw);
            wishes.push((wants(number, "conversation.encryption", "encrypted"), word));
        }
    }
    for (number, habit) in profile.habits.iter().enumerate() {
        let is_written = matches!(
            habit.what.value,
            HabitKind::TypingShown
                | HabitKind::ReceiptsSent
                | HabitKind::LocalTimeShown
                | HabitKind::NewKeysTrusted
        );
        if is_written {
            wishes.push((gone(number, "habit"), habit_word(profile, habit)));
        }
    }
    wishes
}

/// Every row that has changed, of every table of both files.
fn changed_rows(before: &Files, after: &Files) -> usize {
    let rows = |bytes: &[u8]| {
        let connection = opened(bytes);
        let mut tables = connection
            .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
            .unwrap();
        let tables: Vec<String> = tables.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        let mut rows = Vec::new();
        for table in tables {
            let mut statement = connection.prepare(&format!("SELECT * FROM \"{table}\"")).unwrap();
            let columns = statement.column_count();
            let read = statement.query_map([], |row| {
                (0..columns).map(|column| row.get::<_, Value>(column)).collect::<Result<Vec<_>, _>>()
            });
            rows.extend(read.unwrap().map(|row| format!("{table} {:?}", row.unwrap())));
        }
        rows
    };
    let all = |files: &Files| files.files.iter().flat_map(|(_, _, bytes)| rows(bytes)).collect::<Vec<_>>();
    let (before, after) = (all(before), all(after));
    before
        .iter()
        .filter(|row| !after.contains(row))
        .count()
        .max(after.iter().filter(|row| !before.contains(row)).count())
}

fn check(files: &Files) -> Result<usize, TestCaseError> {
    let profile = files.read();
    let before = said(&profile);
    let wishes = wishes(&profile);
    for (wish, unwanted) in &wishes {
        let edits = files.write(&profile, wish).expect("refused");
        prop_assert!(!edits.is_empty(), "{:?}", wish);
        let mended = files.after(&profile, &edits);
        let mended_profile = mended.read();
        let (less, more) = differences(&before, &said(&mended_profile));
        prop_assert_eq!(&less, &vec![unwanted.clone()], "{:?}", wish);
        prop_assert!(
            more.len() <= 1 && more.iter().all(|word| !word.starts_with("habit")),
            "{:?} {:?}",
            wish,
            more
        );
        prop_assert!(changed_rows(files, &mended) >= 1);
        if wish.change.subject() != "habit" {
            prop_assert_eq!(mended.write(&mended_profile, wish).map(|edits| edits.len()), Ok(0));
        }
    }
    Ok(wishes.len())
}

#[test]
fn each_wish_changes_the_row_that_it_must() {
    let rows = [
        chat(1, 2, 0, "0"),
        "INSERT INTO account_settings VALUES (5, 1, 'default-encryption', '0'), (6, 2, 'default-encryption', '0');"
            .to_owned(),
        "INSERT INTO settings (key, value) VALUES ('send_typing', 'true');".to_owned(),
    ]
    .concat();
    let keys = device("bob@example.org", 0) + "INSERT INTO trust VALUES (7, 'bob@example.org', 1);";
    let files = files(32, &rows, &keys);
    // Two accounts, a conversation, three settings, and a contact.
    assert_eq!(check(&files).unwrap(), 7);
    let profile = files.read();
    for (wish, _) in wishes(&profile) {
        let mended = files.after(&profile, &files.write(&profile, &wish).unwrap());
        assert_eq!(changed_rows(&files, &mended), 1, "{wish:?}");
    }
}

fn refused(files: &Files) -> Vec<Unrepairable> {
    let profile = files.read();
    wishes(&profile).iter().map(|(wish, _)| files.write(&profile, wish).expect_err("it was written")).collect()
}

#[test]
fn what_is_not_known_or_not_read_is_left_alone() {
    let rows = chat(1, 2, 0, "0") + "INSERT INTO account_settings VALUES (5, 1, 'default-encryption', '0');";
    let keys = device("bob@example.org", 0);
    assert_eq!(files(33, &rows, &keys).read().accounts.len(), 0);
    // The fork, by a column of its own.
    let fork = files(29, &format!("{rows} ALTER TABLE account ADD COLUMN custom_host TEXT;"), &keys);
    let reasons = refused(&fork);
    assert!(reasons.len() > 3 && reasons.iter().all(|reason| *reason == Unrepairable::Schema), "{reasons:?}");
    // Tables that have more in them than is known.
    let more = files(29, &format!("{rows} ALTER TABLE account_settings ADD COLUMN since TEXT;"), &keys);
    let profile = more.read();
    let wish = wants(0, "account.end_to_end", "default_on");
    assert_eq!(more.write(&profile, &wish), Err(Unrepairable::Schema));
    let newer_keys = files(29, &rows, &format!("{keys} UPDATE _meta SET int_val = 6;"));
    let profile = newer_keys.read();
    let number = profile.habits.iter().position(|habit| habit.what.value == HabitKind::NewKeysTrusted).unwrap();
    assert_eq!(newer_keys.write(&profile, &gone(number, "habit")), Err(Unrepairable::Schema));
}

#[test]
fn what_must_never_be_written_is_not() {
    let rows = chat(1, 2, 0, "0") + &chat(1, 4, 1, "0") + &chat(1, 3, 0, "5");
    let files = files(26, &rows, &device("bob@example.org", 3));
    let profile = files.read();
    let refuses = |wish: Wish| files.write(&profile, &wish).expect_err("it was written");
    // Dino logs in with an empty password, or not at all.
    assert_eq!(refuses(wants(0, "account.password", "absent")), Unrepairable::Unwritten);
    // 0.4 has no default that could be set.
    assert_eq!(refuses(wants(0, "account.end_to_end", "default_on")), Unrepairable::Unwritten);
    for (number, chat) in profile.conversations.iter().enumerate() {
        let result = files.write(&profile, &wants(number, "conversation.encryption", "encrypted"));
        match chat.encryption {
            ConversationEncryption::ClearThoughPossible => assert_eq!(result.unwrap().len(), 1),
            _ => assert_eq!(result, Err(Unrepairable::Choice)),
        }
    }
    // Whether a device is trusted is for people to decide.
    let undecided = profile.habits.iter().position(|habit| habit.what.value == HabitKind::DeviceUndecided).unwrap();
    assert_eq!(refuses(gone(undecided, "habit")), Unrepairable::Unwritten);
    assert_eq!(refuses(gone(99, "habit")), Unrepairable::Gone);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(150) })]

    #[test]
    fn databases_are_put_right(
        version in prop::sample::select(&[26_i64, 29, 31, 32][..]),
        chats in prop::collection::vec((1_i64..3, 1_i64..5, 0_i64..3, prop::sample::select(&["0", "1", "2", "5", "NULL"][..])), 0..6),
        defaults in prop::collection::vec((1_i64..4, prop::sample::select(&["0", "1", "2", "9"][..])), 0..3),
        settings in prop::collection::vec((
            prop::sample::select(&["send_typing", "send_marker", "share_time", "check_spelling"][..]),
            prop::sample::select(&["'true'", "'false'", "'TRUE'", "NULL"][..]),
        ), 0..4),
        devices in prop::collection::vec((prop::sample::select(&["bob@example.org", "Dave@example.org", "it''s@example.org"][..]), 0_i64..4), 0..4),
        trust in prop::collection::vec((prop::sample::select(&["bob@example.org", "dave@example.org"][..]), 0_i64..2), 0..3),
    ) {
        let mut rows: String = chats.iter().map(|(account, jid, kind, encryption)| chat(*account, *jid, *kind, encryption)).collect();
        for (account, value) in &defaults {
            rows += &format!("INSERT INTO account_settings (account_id, key, value) VALUES ({account}, 'default-encryption', '{value}');");
        }
        for (key, value) in &settings {
            rows += &format!("INSERT OR REPLACE INTO settings (key, value) VALUES ('{key}', {value});");
        }
        let mut keys: String = devices.iter().map(|(holder, level)| device(holder, *level)).collect();
        for (holder, blind) in &trust {
            keys += &format!("DELETE FROM trust WHERE address_name = '{holder}'; INSERT INTO trust VALUES (7, '{holder}', {blind});");
        }
        check(&files(version, &rows, &keys))?;
    }
}
