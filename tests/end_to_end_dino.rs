//! What Dino's databases say about end-to-end encryption, and what only looks as if they did.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod dino;

use std::fs;

use dino::{excerpt, found_as, make_omemo, read, read_both, sample_with, schema_26_with};
use xmpp_audit::clients::Client;
use xmpp_audit::clients::dino::{DATABASE, Dino, OMEMO};
use xmpp_audit::model::{
    ConversationEncryption, EndToEnd, Fault, Habit, HabitKind, Loss, Origin, Profile, VersionSource,
};
use xmpp_audit::source::Reader;

const ACCOUNTS: &str = "INSERT INTO account (id, bare_jid, password, enabled)
    VALUES (1, 'alice@riseup.net', 'hunter2', 1), (2, 'alice@example.org', 'hunter2', 0);
    INSERT INTO jid VALUES (1, 'alice@riseup.net'), (2, 'bob@riseup.net'), (3, 'carol@example.org');";

/// An active conversation of alice@riseup.net with bob.
const BOB: &str =
    "INSERT INTO conversation (id, account_id, jid_id, active, type, encryption) VALUES (1, 1, 2, 1, 0, 0);";

/// The identity of alice@riseup.net.
const IDENTITY: &str = "INSERT INTO identity VALUES (7, 1, 1001, 'aHVudGVyMg==', 'cHVibGlj');";

/// A device: its identity, its holder, the key, the trust, whether it is active.
fn device(identity: i64, holder: &str, key: &str, trust: &str, active: i64) -> String {
    format!(
        "INSERT INTO identity_meta (identity_id, address_name, device_id, identity_key_public_base64, trust_level, now_active)
         SELECT {identity}, '{holder}', 2001 + count(*), {key}, {trust}, {active} FROM identity_meta;"
    )
}

#[test]
fn the_schema_tells_the_version_that_wrote_it_last() {
    for (sample, expected) in [
        ("v11-dino-0.1", Some("0.1.0 – 0.1.2")),
        ("v17-dino-0.2", Some("0.2.0 – 0.2.3")),
        ("v22-dino-0.3", Some("0.3.0 – 0.3.2")),
        ("v26-dino-0.4-observed-clean", Some("0.4.2 – 0.4.5")),
        ("v29-dino-0.5", Some("≥ 0.5.0")),
        ("v32-dino-master", Some("≥ 0.5.0")),
        ("v31-dinox-fork", None),
    ] {
        let (_home, path) = sample_with(sample, "");
        let version = read(&path).version;
        assert_eq!(version.as_ref().map(|version| version.text()).as_deref(), expected, "{sample}");
        assert!(version.is_none_or(|version| version.source == VersionSource::File && version.place.is_some()));
    }
}

#[test]
fn what_was_told_counts_only_where_the_file_does_not_tell() {
    use xmpp_audit::model::{ClientVersion, Version};
    let told = ClientVersion::exactly(Version::new(0, 4, 3), VersionSource::Told);
    let version = |sample: &str, sql: &str| {
        let (_home, path) = sample_with(sample, sql);
        let profile = Dino.read_as(&[found_as(&path, DATABASE)], &Reader::default(), Some(&told));
        profile.version.map(|version| version.text())
    };
    assert_eq!(version("v22-dino-0.3", "").as_deref(), Some("0.3.0 – 0.3.2"));
    assert_eq!(version("v22-dino-0.3", "DELETE FROM _meta;").as_deref(), Some("0.4.3"));
    assert_eq!(version("v22-dino-0.3", "UPDATE _meta SET int_val = 24;").as_deref(), Some("0.4.3"));
    // The fork has versions of its own.
    assert_eq!(version("v31-dinox-fork", ""), None);
}

#[test]
fn new_conversations_follow_the_default_of_version_and_account() {
    let end_to_end = |sample: &str, sql: &str| {
        let (_home, path) = sample_with(sample, sql);
        let profile = read(&path);
        assert!(profile.files[0].damage.is_none());
        let setting = profile.accounts[0].end_to_end.clone();
        assert!(setting.place().words.contains("default-encryption"), "{:?}", setting.place().words);
        (setting.value, matches!(setting.origin, Origin::Written(_)))
    };
    for sample in ["v11-dino-0.1", "v17-dino-0.2", "v22-dino-0.3"] {
        assert_eq!(end_to_end(sample, ""), (EndToEnd::DefaultOff, false), "{sample}");
    }
    assert_eq!(end_to_end("v29-dino-0.5", ""), (EndToEnd::SwitchedOff, true));
    assert_eq!(end_to_end("v32-dino-master", ""), (EndToEnd::DefaultOn, true));
    let set = |value: &str| end_to_end("v29-dino-0.5", &format!("UPDATE account_settings SET value = {value};"));
    assert_eq!(set("'1'"), (EndToEnd::DefaultOn, true));
    assert_eq!(set("'2'"), (EndToEnd::DefaultOn, true));
    assert_eq!(set("'5'"), (EndToEnd::Undecided, true));
    // As the C library reads a number.
    assert_eq!(set("'off'"), (EndToEnd::SwitchedOff, true));
    assert_eq!(set("NULL"), (EndToEnd::DefaultOn, false));
    let without = "DELETE FROM account_settings;";
    assert_eq!(end_to_end("v29-dino-0.5", without), (EndToEnd::DefaultOn, false));
    assert_eq!(end_to_end("v31-dinox-fork", without), (EndToEnd::DefaultOn, false));
    // Another account's, and another setting.
    let other = "UPDATE account_settings SET account_id = 2;";
    assert_eq!(end_to_end("v29-dino-0.5", other), (EndToEnd::DefaultOn, false));
    let key = "UPDATE account_settings SET key = 'default-colour';";
    assert_eq!(end_to_end("v29-dino-0.5", key), (EndToEnd::DefaultOn, false));
    // The development branch had the setting for a year before OMEMO became the default.
    let early = "UPDATE _meta SET int_val = 28;";
    assert_eq!(end_to_end("v29-dino-0.5", early), (EndToEnd::SwitchedOff, true));
    assert_eq!(end_to_end("v29-dino-0.5", &format!("{early}{without}")), (EndToEnd::Undecided, false));
    let first = "UPDATE _meta SET int_val = 27;";
    assert_eq!(end_to_end("v29-dino-0.5", first), (EndToEnd::SwitchedOff, true));
    assert_eq!(end_to_end("v29-dino-0.5", "DROP TABLE account_settings;"), (EndToEnd::Undecided, false));
    // 0.4 after 0.5: the table is still there, and nobody reads it.
    let down = "UPDATE _meta SET int_val = 26;";
    assert_eq!(end_to_end("v32-dino-master", down), (EndToEnd::DefaultOff, false));
}

/// The conversations, by whom they are with.
fn conversations(profile: &Profile) -> Vec<(String, ConversationEncryption)> {
    profile.conversations.iter().map(|one| (one.address.bare(), one.encryption)).collect()
}

#[test]
fn conversations_are_those_that_are_open_and_could_be_encrypted() {
    let rows =
        "INSERT INTO jid VALUES (4, 'irc.example.org'), (5, 'room@conference.riseup.net'), (6, 'dave@riseup.net');
        INSERT INTO conversation (id, account_id, jid_id, active, type, encryption) VALUES
        (1, 1, 1, 1, 0, 0), (2, 1, 2, 0, 0, 0), (3, 1, 4, 1, 0, 0), (4, 1, 5, 1, 2, 0), (5, 2, 3, 1, 0, 0),
        (6, 9, 3, 1, 0, 0), (7, 1, 3, 1, 0, 2), (8, 1, 5, 1, 1, 0), (9, 1, 6, 1, 0, 0), (10, 1, 6, 1, 0, 0);";
    let (_home, path) = schema_26_with(&format!("{ACCOUNTS}{rows}"));
    let profile = read(&path);
    assert_eq!(
        conversations(&profile),
        [
            ("carol@example.org".to_owned(), ConversationEncryption::Encrypted),
            ("room@conference.riseup.net".to_owned(), ConversationEncryption::Undecided),
            ("dave@riseup.net".to_owned(), ConversationEncryption::Clear),
        ]
    );
    assert_eq!(profile.conversations.iter().map(|one| one.group).collect::<Vec<_>>(), [false, true, false]);
    let dave = &profile.conversations[2];
    assert_eq!(
        (dave.account, dave.place.words.as_str()),
        (Some(0), "conversation[alice@riseup.net, dave@riseup.net] / encryption")
    );
    assert_eq!(excerpt(&dave.place).1, "0");
}

#[test]
fn every_value_of_encryption_means_what_dino_means_by_it() {
    for (kind, value, expected) in [
        (0, "0", ConversationEncryption::Clear),
        (0, "1", ConversationEncryption::Encrypted),
        (0, "2", ConversationEncryption::Encrypted),
        (0, "3", ConversationEncryption::Undecided),
        (0, "4", ConversationEncryption::Undecided),
        (0, "5", ConversationEncryption::Undecided),
        (0, "NULL", ConversationEncryption::Undecided),
        (1, "0", ConversationEncryption::Undecided),
        (1, "2", ConversationEncryption::Encrypted),
    ] {
        let set = format!("UPDATE conversation SET type = {kind}, encryption = {value};");
        let (_home, path) = schema_26_with(&format!("{ACCOUNTS}{BOB}{set}"));
        assert_eq!(conversations(&read(&path)), [("bob@riseup.net".to_owned(), expected)], "{kind} {value}");
    }
    // The account's own address is its own conversation only as a person's.
    let own = "UPDATE conversation SET jid_id = 1, type = 1, encryption = 2;";
    let (_home, path) = schema_26_with(&format!("{ACCOUNTS}{BOB}{own}"));
    assert_eq!(conversations(&read(&path)), [("alice@riseup.net".to_owned(), ConversationEncryption::Encrypted)]);
    // A row that is older than the default says nothing about what anybody chose.
    let (_home, path) = sample_with("v29-dino-0.5", "UPDATE account_settings SET value = '2';");
    let chosen = |one: &(String, ConversationEncryption)| one.1 == ConversationEncryption::ChosenClear;
    assert!(!conversations(&read(&path)).iter().any(chosen));
}

#[test]
fn a_clear_conversation_could_be_encrypted_if_a_device_can_be() {
    let (_home, path) = schema_26_with(&format!("{ACCOUNTS}{BOB}"));
    let with = |rows: &str| {
        make_omemo(&path, rows);
        read_both(&path).conversations[0].encryption
    };
    let possible = ConversationEncryption::ClearThoughPossible;
    let clear = ConversationEncryption::Clear;
    let bob =
        |trust: &str, active: i64| format!("{IDENTITY}{}", device(7, "bob@riseup.net", "'a2V5'", trust, active));
    assert_eq!(read(&path).conversations[0].encryption, clear);
    for trust in ["0", "1", "3", "NULL"] {
        assert_eq!(with(&bob(trust, 1)), possible, "{trust}");
    }
    assert_eq!(with(&(bob("2", 1) + &device(7, "bob@riseup.net", "'a2V5'", "1", 1))), possible);
    assert_eq!(with(&bob("2", 1)), clear);
    assert_eq!(with(&bob("1", 0)), clear);
    assert_eq!(with(""), clear);
    assert_eq!(with(&(IDENTITY.to_owned() + &device(7, "carol@example.org", "'a2V5'", "1", 1))), clear);
    assert_eq!(with(&(IDENTITY.to_owned() + &device(8, "bob@riseup.net", "'a2V5'", "1", 1))), clear);
    let others = IDENTITY.replace("(7, 1,", "(7, 2,");
    assert_eq!(with(&(others + &device(7, "bob@riseup.net", "'a2V5'", "1", 1))), clear);
}

#[test]
fn the_order_in_which_the_files_are_found_does_not_matter() {
    let (_home, path) = schema_26_with(&format!("{ACCOUNTS}{BOB}"));
    let omemo = make_omemo(&path, &format!("{IDENTITY}{}", device(7, "bob@riseup.net", "'a2V5'", "0", 1)));
    let mut found = vec![found_as(&path, DATABASE), found_as(&omemo, OMEMO)];
    for _ in 0..2 {
        let profile = Dino.read(&found, &Reader::default());
        assert_eq!(profile.conversations[0].encryption, ConversationEncryption::ClearThoughPossible);
        let trust = habits(&profile, HabitKind::NewKeysTrusted);
        assert_eq!(trust.len(), 1);
        assert_eq!(profile.file(trust[0].what.place().file).unwrap().kind, OMEMO);
        assert_eq!(profile.files[0].kind, found[0].kind);
        found.reverse();
    }
}

fn habits(profile: &Profile, kind: HabitKind) -> Vec<&Habit> {
    profile.habits.iter().filter(|habit| habit.what.value == kind).collect()
}

#[test]
fn trusting_unseen_is_a_habit_only_beside_a_verified_device() {
    let (_home, path) = schema_26_with(ACCOUNTS);
    let trusted = |rows: &str| {
        make_omemo(&path, &format!("{IDENTITY}{rows}"));
        let profile = read_both(&path);
        habits(&profile, HabitKind::NewKeysTrusted).into_iter().cloned().collect::<Vec<_>>()
    };
    let verified = device(7, "bob@riseup.net", "'a2V5'", "0", 1);
    let blind = |value: i64| format!("INSERT INTO trust VALUES (7, 'bob@riseup.net', {value});");
    let habits = trusted(&(verified.clone() + &blind(1)));
    let [habit] = habits.as_slice() else { panic!("{habits:?}") };
    assert_eq!((habit.account, habit.detail.as_deref()), (Some(0), Some("bob@riseup.net")));
    assert!(matches!(habit.what.origin, Origin::Written(_)));
    assert_eq!(habit.what.place().words, "trust[alice@riseup.net, bob@riseup.net] / blind_trust");
    assert_eq!(excerpt(habit.what.place()).1, "1");
    // Without a row Dino takes it for 1.
    assert_eq!(trusted(&verified)[0].what.default_word(), Some("1"));
    assert_eq!(trusted(&(verified.clone() + &blind(0))).len(), 0);
    assert_eq!(trusted(&(device(7, "bob@riseup.net", "'a2V5'", "1", 1) + &blind(1))).len(), 0);
    assert_eq!(trusted(&(device(8, "bob@riseup.net", "'a2V5'", "0", 1) + &blind(1))).len(), 0);
    // Of an account that is not in use.
    let disabled = "INSERT INTO identity VALUES (8, 2, 1002, 'x', 'x');".to_owned();
    assert_eq!(trusted(&(disabled + &device(8, "bob@riseup.net", "'a2V5'", "0", 1))).len(), 0);
}

#[test]
fn a_device_is_undecided_only_if_it_has_a_key_and_is_in_use() {
    let (_home, path) = schema_26_with(ACCOUNTS);
    let undecided = |rows: &str| {
        make_omemo(&path, &format!("{IDENTITY}{rows}"));
        let profile = read_both(&path);
        let habits = habits(&profile, HabitKind::DeviceUndecided);
        habits.iter().map(|habit| habit.detail.clone().unwrap()).collect::<Vec<_>>()
    };
    let bob = |key: &str, trust: &str, active: i64| device(7, "bob@riseup.net", key, trust, active);
    assert_eq!(undecided(&bob("'a2V5'", "3", 1)), ["bob@riseup.net"]);
    // One for each contact, however many devices.
    assert_eq!(undecided(&bob("'a2V5'", "3", 1).repeat(3)), ["bob@riseup.net"]);
    assert_eq!(undecided(&bob("NULL", "3", 1)), [""; 0]);
    assert_eq!(undecided(&bob("'a2V5'", "3", 0)), [""; 0]);
    assert_eq!(undecided(&bob("'a2V5'", "1", 1)), [""; 0]);
    assert_eq!(undecided(&bob("'a2V5'", "2", 1)), [""; 0]);
    let many: String = (0..50).map(|n| device(7, &format!("c{n}@example.org"), "'a2V5'", "3", 1)).collect();
    assert_eq!(undecided(&many).len(), 20);
}

#[test]
fn what_removed_accounts_left_behind_is_told_by_their_number() {
    let identities = "INSERT INTO identity VALUES (1, 1, 1, 'x', 'x'), (2, 2, 2, 'x', 'x'), (3, 9, 3, 'x', 'x');";
    let orphan =
        "INSERT INTO conversation (id, account_id, jid_id, active, type) VALUES (5, 9, 2, 0, 0), (6, 9, 3, 0, 0);";
    let kept = |sql: &str, omemo: &str| {
        let (_home, path) = schema_26_with(&format!("{ACCOUNTS}{BOB}{sql}"));
        make_omemo(&path, omemo);
        let profile = read_both(&path);
        let habits = habits(&profile, HabitKind::RemovedAccountKept);
        habits.iter().map(|habit| habit.what.place().words.clone()).collect::<Vec<_>>()
    };
    assert_eq!(
        kept(orphan, identities),
        ["conversation[removed account 9] / account_id", "identity[removed account 9] / account_id"]
    );
    // Disabled is not removed, and the devices of contacts are nobody's account.
    assert_eq!(kept("", &identities.replace(", (3, 9, 3, 'x', 'x')", "")), [""; 0]);
    assert_eq!(kept("", &(IDENTITY.to_owned() + &device(7, "gone@example.org", "'a2V5'", "1", 1))), [""; 0]);
    // Where accounts may be missing from what can be read, none was removed.
    assert_eq!(kept(&format!("{orphan}DROP TABLE jid;"), identities), [""; 0]);
}

#[test]
fn what_is_told_to_others_is_told_by_default() {
    let told = |sample: &str, sql: &str| {
        let (_home, path) = sample_with(sample, sql);
        let profile = read(&path);
        let told = profile.habits.iter().filter(|habit| habit.what.value != HabitKind::RemovedAccountKept);
        told.map(|habit| (habit.what.value, matches!(habit.what.origin, Origin::Written(_)))).collect::<Vec<_>>()
    };
    let (typing, receipts, time) = (HabitKind::TypingShown, HabitKind::ReceiptsSent, HabitKind::LocalTimeShown);
    let none = "DELETE FROM settings;";
    let set = |rows: &str| format!("{none} INSERT INTO settings (key, value) VALUES {rows};");
    assert_eq!(told("v11-dino-0.1", none), [(typing, false), (receipts, false)]);
    assert_eq!(told("v29-dino-0.5", none), [(typing, false), (receipts, false)]);
    assert_eq!(told("v32-dino-master", none), [(typing, false), (receipts, false), (time, false)]);
    // The fork's numbers mean other things.
    assert_eq!(told("v31-dinox-fork", none), [(typing, false), (receipts, false)]);
    let on = set("('send_typing', 'true'), ('send_marker', 'true'), ('share_time', 'true')");
    assert_eq!(told("v32-dino-master", &on), [(typing, true), (receipts, true), (time, true)]);
    // Whatever is not this word is false to the client.
    let off =
        set("('send_typing', 'false'), ('send_marker', 'True'), ('share_time', '1'), ('check_spelling', 'true')");
    assert_eq!(told("v32-dino-master", &off), []);
    assert_eq!(told("v29-dino-0.5", &set("('send_typing', NULL)")), [(typing, false), (receipts, false)]);
    // Nobody is told anything by accounts that are not in use.
    assert_eq!(told("v29-dino-0.5", "UPDATE account SET enabled = 0;"), []);
    let (_home, path) = sample_with("v29-dino-0.5", none);
    assert_eq!(read(&path).habits.last().unwrap().what.place().words, "settings / send_marker");
}

#[test]
fn a_private_key_is_a_secret_and_a_database_without_one_holds_none() {
    let (_home, path) = schema_26_with(ACCOUNTS);
    let omemo = make_omemo(&path, IDENTITY);
    let holds_secret = || read_both(&path).files[1].holds_secret;
    assert!(holds_secret());
    assert!(!format!("{:?}", read_both(&path)).contains("aHVudGVyMg"));
    make_omemo(&path, "");
    assert!(!holds_secret());
    // What SQLite cannot read may hold one, and ends the client.
    let whole = fs::read(make_omemo(&path, IDENTITY)).unwrap();
    fs::write(&omemo, &whole[..3000]).unwrap();
    assert!(holds_secret());
    let damage = read_both(&path).files[1].damage.clone().unwrap();
    assert_eq!((damage.fault, damage.loss), (Fault::BrokenDatabase, Loss::Start));
    fs::write(&omemo, "text").unwrap();
    assert!(!holds_secret());
    fs::remove_file(&omemo).unwrap();
    let profile = read_both(&path);
    assert_eq!((profile.files.len(), profile.notices.len(), profile.accounts.len()), (1, 1, 2));
}

#[test]
fn any_damage_to_the_keys_is_survived() {
    let (_home, path) = schema_26_with(&format!("{ACCOUNTS}{BOB}"));
    let rows: String =
        (0..60).map(|n| device(7, &format!("c{n}@example.org"), "'a2V5'", &(n % 4).to_string(), 1)).collect();
    let omemo = make_omemo(&path, &format!("{IDENTITY}{rows}"));
    let whole = fs::read(&omemo).unwrap();
    let mut state = 7_u64;
    let mut random = move |bound: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % bound
    };
    for _ in 0..100 {
        let mut bytes = whole.clone();
        for _ in 0..=random(40) {
            let at = 16 + random(bytes.len() - 16);
            bytes[at] = random(256).try_into().unwrap();
        }
        fs::write(&omemo, bytes).unwrap();
        let profile = read_both(&path);
        assert_eq!(profile.accounts.len(), 2);
        assert!(!format!("{profile:?}").contains("aHVudGVyMg"));
    }
}
