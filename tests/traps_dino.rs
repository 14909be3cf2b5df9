//! What looks like a problem in Dino's databases and is none, and what is damaged in them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod dino;

use std::fs;
use std::path::Path;

use dino::{address, addresses, excerpt, found_as, made_by, read, schema_26_with};
use xmpp_audit::clients::Client;
use xmpp_audit::clients::dino::{ATTACHMENT, DATABASE, Dino, LOG};
use xmpp_audit::model::{
    CertificateCheck, Fault, Format, Loss, Origin, Outcome, ProxyKind, RoomFault, Secret, Tor, Trouble,
};
use xmpp_audit::source::{Bounds, Reader};
use zeroize::Zeroizing;

const ALICE: &str = "INSERT INTO account (id, bare_jid, resourcepart, password, enabled)
    VALUES (1, 'alice@riseup.net', 'dino.5eed1234', 'hunter2', 1);";

/// Conversations of alice: address, type, active.
fn conversations(rows: &[(&str, i64, i64)]) -> String {
    let mut sql = ALICE.to_owned();
    for (index, (jid, kind, active)) in rows.iter().enumerate() {
        let id = index + 1;
        sql += &format!(
            "INSERT OR IGNORE INTO jid (bare_jid) VALUES ('{jid}');
             INSERT INTO conversation (id, account_id, jid_id, active, type, encryption)
             SELECT {id}, 1, id, {active}, {kind}, 0 FROM jid WHERE bare_jid = '{jid}';"
        );
    }
    sql
}

fn message_from(jid: &str, direction: i64) -> String {
    format!(
        "INSERT INTO message (account_id, counterpart_id, direction, type, marked)
         SELECT 1, id, {direction}, 1, 8 FROM jid WHERE bare_jid = '{jid}';"
    )
}

/// The addresses of the rooms and of the contacts.
fn rooms_and_contacts(sql: &str) -> (Vec<String>, Vec<String>) {
    let (_home, path) = schema_26_with(sql);
    let profile = read(&path);
    assert!(profile.files[0].damage.is_none());
    (addresses(&profile.rooms), addresses(&profile.contacts))
}

#[test]
fn rows_that_stand_for_nothing_are_left_out() {
    let sql = conversations(&[
        ("alice@riseup.net", 0, 1),
        ("closed@riseup.net", 0, 0),
        ("closed-room@riseup.net", 1, 0),
        ("room@conference.riseup.net", 2, 1),
        ("bob@riseup.net", 0, 1),
        ("bob@riseup.net", 0, 1),
    ])
        + "INSERT INTO conversation (account_id, jid_id, active, type) VALUES (9, 1, 1, 1), (1, 999, 1, 1);
          INSERT INTO account (id, bare_jid, enabled) VALUES (2, 'off@riseup.net', 0), (3, 'odd@riseup.net', 2);
          INSERT INTO conversation (account_id, jid_id, active, type) VALUES (2, 1, 1, 1), (3, 1, 1, 1);";
    assert_eq!(rooms_and_contacts(&sql), (vec![], vec!["bob@riseup.net".to_owned()]));
}

#[test]
fn a_room_opened_as_a_person_is_told_by_its_twin() {
    let twins = [("team@riseup.net", 0, 1), ("team@muc.riseup.net", 1, 0)];
    assert_eq!(rooms_and_contacts(&conversations(&twins)).0, ["team@riseup.net"]);
    // Of another domain, or no room: no twin.
    let strangers = [("team@riseup.net", 0, 1), ("team@conference.example.org", 1, 1)];
    assert_eq!(rooms_and_contacts(&conversations(&strangers)).1, ["team@riseup.net"]);
    let people = [("team@riseup.net", 0, 1), ("team@conference.riseup.net", 0, 1)];
    assert_eq!(rooms_and_contacts(&conversations(&people)).0, [""; 0]);
}

#[test]
fn somebody_who_answers_or_is_on_the_list_is_a_person() {
    let twins = conversations(&[("team@riseup.net", 0, 1), ("team@conference.riseup.net", 1, 1)]);
    let answered = twins.clone() + &message_from("team@riseup.net", 0);
    assert_eq!(rooms_and_contacts(&answered).1, ["team@riseup.net"]);
    let listed = twins.clone() + "INSERT INTO roster (account_id, jid) VALUES (1, 'Team@riseup.net');";
    assert_eq!(rooms_and_contacts(&listed).1, ["team@riseup.net"]);
    let failed = twins + &message_from("team@riseup.net", 1);
    assert_eq!(rooms_and_contacts(&failed).0, ["team@riseup.net", "team@conference.riseup.net"]);
}

#[test]
fn each_sign_of_life_proves_a_room() {
    let room = conversations(&[("team@riseup.net", 1, 1)]);
    let answered = |sign: &str| {
        let (_home, path) = schema_26_with(&(room.clone() + sign));
        read(&path).rooms[0].answered
    };
    assert!(!answered(""));
    assert!(!answered(&message_from("team@riseup.net", 1)));
    assert!(answered(&message_from("team@riseup.net", 0)));
    assert!(answered("INSERT INTO occupant_id (account_id, jid_id) VALUES (1, 1);"));
    assert!(!answered("INSERT INTO occupant_id (account_id, jid_id) VALUES (2, 1);"));
    let archive =
        |jid: &str| answered(&format!("INSERT INTO mam_catchup VALUES (1, 1, '{jid}', 1, 'a', 1, 'b', 2);"));
    assert!(archive("team@riseup.net"));
    assert!(!archive("alice@riseup.net"));
}

#[test]
fn an_address_without_a_local_part_is_no_room_unless_it_answered() {
    let sql = conversations(&[("irc.example.org", 1, 1)]);
    let fault = |sql: &str| {
        let (_home, path) = schema_26_with(sql);
        read(&path).rooms[0].fault
    };
    assert_eq!(fault(&sql), RoomFault::NoName);
    assert_eq!(fault(&(sql.clone() + &message_from("irc.example.org", 0))), RoomFault::Sound);
    for (address, expected) in [(" talk@example.org", RoomFault::Blank), ("talk@", RoomFault::NoService)] {
        assert_eq!(fault(&conversations(&[(address, 1, 1)])), expected, "{address}");
    }
}

#[test]
fn passwords_are_what_dino_would_send() {
    let password = |value: &str| {
        let (_home, path) = schema_26_with(&format!(
            "INSERT INTO account (id, bare_jid, password, enabled) VALUES (1, 'alice@riseup.net', {value}, '1');"
        ));
        let profile = read(&path);
        assert!(profile.accounts[0].enabled.value);
        let secret = profile.accounts[0].password.value;
        let is_written = matches!(profile.accounts[0].password.origin, Origin::Written(_));
        assert_eq!(is_written, secret != Secret::Absent, "{value}");
        let (row, marked) = excerpt(profile.accounts[0].password.place());
        let shown = match secret {
            Secret::Absent => "NULL",
            Secret::Empty => "''",
            _ => "********",
        };
        assert!(row.contains(&format!("password = {shown}")) && marked == shown, "{row} {marked}");
        assert_eq!(profile.files[0].holds_secret, secret == Secret::Clear, "{value}");
        secret
    };
    assert_eq!(password("NULL"), Secret::Absent);
    assert_eq!(password("''"), Secret::Empty);
    assert_eq!(password("char(0) || 'x'"), Secret::Empty);
    assert_eq!(password("'hunter2'"), Secret::Clear);
    assert_eq!(password("'{{ pass }}'"), Secret::Clear);
    assert_eq!(password("x'68756e74657232'"), Secret::Clear);
    assert_eq!(password("123"), Secret::Clear);
}

#[test]
fn only_onions_and_only_since_0_3_are_trusted_unseen() {
    let account = |version: i64, jid: &str| {
        let (_home, path) = schema_26_with(&format!(
            "UPDATE _meta SET int_val = {version};
             INSERT INTO account (id, bare_jid, password, enabled) VALUES (1, '{jid}', 'hunter2', 1);"
        ));
        let account = read(&path).accounts.into_iter().next().unwrap();
        (account.certificate_check.value, account.exposure.forges)
    };
    assert_eq!(account(26, "alice@abc.onion"), (CertificateCheck::Weakened, Outcome::Sent));
    assert_eq!(account(17, "alice@abc.onion"), (CertificateCheck::Strict, Outcome::Safe));
    assert_eq!(account(26, "alice@onion.example.org"), (CertificateCheck::Strict, Outcome::Safe));
}

#[test]
fn a_newer_generation_is_said_and_not_guessed() {
    let (_home, path) = schema_26_with(&(ALICE.to_owned() + "UPDATE _meta SET int_val = 33;"));
    let profile = read(&path);
    assert_eq!(profile.files[0].format, Format::Newer);
    assert_eq!(profile.files[0].version.as_deref(), Some("schema 33"));
    assert!(profile.accounts.is_empty());
    // A number that the fork uses as well says nothing about Dino.
    let fork = "ALTER TABLE conversation ADD COLUMN message_expiry_seconds INTEGER; UPDATE _meta SET int_val = 35;";
    let (_home, path) = schema_26_with(&(ALICE.to_owned() + fork));
    let profile = read(&path);
    assert_eq!((profile.files[0].format, profile.accounts.len()), (Format::Fork, 1));
}

#[test]
fn the_forks_server_counts_with_host_and_port_only() {
    let columns = "custom_host TEXT, custom_port INTEGER, proxy_type TEXT, proxy_host TEXT, proxy_port INTEGER";
    let added: String =
        columns.split(", ").map(|column| format!("ALTER TABLE account ADD COLUMN {column};")).collect();
    let account = |set: &str| {
        let (_home, path) = schema_26_with(&format!("{added}{ALICE} UPDATE account SET {set};"));
        read(&path).accounts.into_iter().next().unwrap()
    };
    let server = |set: &str| {
        let account = account(set);
        (account.server.value, account.port.value)
    };
    assert_eq!(server("custom_host = 'x.test', custom_port = 443"), (Some("x.test".to_owned()), Some(443)));
    assert_eq!(server("custom_host = 'x.test'"), (None, None));
    assert_eq!(server("custom_port = 443"), (None, None));
    assert_eq!(server("custom_host = '', custom_port = 443"), (None, None));
    assert_eq!(server("custom_host = 'x.test', custom_port = 70000"), (None, None));
    let proxy = |set: &str| {
        let proxy = account(set).proxy.value;
        assert!(proxy.kind == ProxyKind::Unsupported || set.contains(&format!("'{}'", proxy.written)), "{set}");
        (proxy.kind, proxy.host, proxy.port, proxy.tor)
    };
    let tor = (ProxyKind::Socks5, Some("127.0.0.1".to_owned()), Some(9050), Tor::Reached);
    assert_eq!(proxy("proxy_type = 'tor'"), tor);
    assert_eq!(proxy("proxy_type = 'none'"), (ProxyKind::Unsupported, None, None, Tor::Undecided));
    assert_eq!(proxy("proxy_type = 'socks5'").0, ProxyKind::Unsupported);
    let socks = |port| (ProxyKind::Socks5, Some("p.test".to_owned()), port, Tor::Reached);
    let set = "proxy_type = 'socks5', proxy_host = 'p.test'";
    assert_eq!(proxy(&format!("{set}, proxy_port = 1080")), socks(Some(1080)));
    assert_eq!(proxy(&format!("{set}, proxy_port = 0")), socks(None));
}

#[test]
fn a_stranger_with_dinos_name_leaves_no_trace() {
    let (home, path) = made_by("CREATE TABLE dinosaurs (name TEXT); CREATE TABLE account (id, owner);");
    let elsewhere = home.path().join("dinosaurs.db");
    fs::copy(&path, &elsewhere).unwrap();
    let profile = read(&elsewhere);
    assert!(profile.files.is_empty() && profile.notices.is_empty() && profile.accounts.is_empty());
    // In Dino's own folder, under Dino's own name, it is Dino's and lacks its tables.
    let damage = read(&path).files.remove(0).damage.unwrap();
    assert_eq!((damage.fault, damage.loss), (Fault::MissingTables, Loss::Accounts));
}

#[test]
fn a_database_that_lost_its_version_is_dinos_all_the_same() {
    let (home, path) = schema_26_with(&format!("{ALICE} DROP TABLE _meta;"));
    let elsewhere = home.path().join("chat.db");
    fs::copy(&path, &elsewhere).unwrap();
    let profile = read(&elsewhere);
    assert_eq!((profile.files.len(), profile.accounts.len()), (1, 1));
}

#[test]
fn what_cannot_be_read_is_said() {
    let (_home, path) = schema_26_with(ALICE);
    let whole = fs::read(&path).unwrap();
    let file = |bytes: &[u8]| {
        fs::write(&path, bytes).unwrap();
        let profile = read(&path);
        assert!(profile.notices.is_empty());
        let file = profile.files.into_iter().next().unwrap();
        (file.format, file.damage.map(|damage| (damage.fault, damage.loss)))
    };
    assert_eq!(file(b""), (Format::Known, Some((Fault::Empty, Loss::Accounts))));
    assert_eq!(file(b"what is this?"), (Format::Known, Some((Fault::BrokenDatabase, Loss::Start))));
    assert_eq!(file(&whole[..3000]), (Format::Known, Some((Fault::BrokenDatabase, Loss::Start))));
    let noise: Vec<u8> = (0..4096_u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()).collect();
    assert_eq!(file(&noise), (Format::Encrypted, None));
    assert_eq!(file(&whole), (Format::Known, None));
    // The pages of the tables are gone, the schema is whole.
    let pages = whole.len() / 4096;
    let truncated = file(&[&whole[..4096 * 3], &vec![0xff; 4096 * (pages - 3)]].concat());
    assert_eq!(truncated.1.unwrap().0, Fault::BrokenDatabase);

    fs::remove_file(&path).unwrap();
    let profile = read(&path);
    assert_eq!((profile.files.len(), &profile.notices[0].trouble), (0, &Trouble::Missing));
    let encrypted = path.with_file_name("dino.db.age");
    fs::write(&encrypted, "age-encryption.org/v1").unwrap();
    assert_eq!(read(&encrypted).notices[0].trouble, Trouble::Encrypted);
}

#[test]
fn a_hot_journal_is_said_and_the_file_is_read() {
    let (_home, path) = schema_26_with(ALICE);
    let magic = [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7];
    fs::write(path.with_file_name("dino.db-journal"), [&magic[..], &[0; 504]].concat()).unwrap();
    let profile = read(&path);
    assert_eq!(profile.notices[0].trouble, Trouble::HotJournal);
    assert_eq!(profile.accounts.len(), 1);
}

#[test]
fn standard_input_is_read_as_a_database() {
    let (_home, path) = schema_26_with(&conversations(&[("team@riseup.net", 1, 1)]));
    let bytes = Zeroizing::new(fs::read(&path).unwrap());
    let name = Path::new("dino.db");
    let reader = Reader::of_standard_input(Bounds::default(), name.to_owned(), bytes);
    let profile = Dino.read(&[found_as(name, DATABASE)], &reader);
    assert_eq!((profile.accounts.len(), profile.rooms.len()), (1, 1));
}

#[cfg(unix)]
#[test]
fn files_that_more_people_get_at_are_files_of_the_profile() {
    use std::os::unix::fs::PermissionsExt;
    let (home, path) = schema_26_with(ALICE);
    let set = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    let kinds = || read(&path).files.iter().map(|file| file.kind).collect::<Vec<_>>();
    set(home.path(), 0o755);
    let log = path.with_file_name("dino.db-wal");
    fs::write(&log, "").unwrap();
    set(&path, 0o600);
    set(&log, 0o600);
    assert_eq!(kinds(), [DATABASE]);
    set(&log, 0o644);
    assert_eq!(kinds(), [DATABASE, LOG]);
    set(&path, 0o644);
    assert_eq!(kinds(), [DATABASE]);
    set(&log, 0o666);
    set(path.parent().unwrap(), 0o777);
    assert_eq!(kinds(), [DATABASE, LOG]);
    set(path.parent().unwrap(), 0o755);
    set(&path, 0o600);
    set(&log, 0o600);
    let files = path.with_file_name("files");
    fs::create_dir(&files).unwrap();
    for (name, mode) in [("1_a.png", 0o600), ("2_b.png", 0o644), ("3_c.png", 0o600)] {
        fs::write(files.join(name), "").unwrap();
        set(&files.join(name), mode);
    }
    assert_eq!(kinds(), [DATABASE, ATTACHMENT]);
    assert!(read(&path).files[1].path.ends_with("2_b.png"));
    // What lies beside a copy elsewhere are not Dino's attachments.
    let elsewhere = home.path().join("dino.db");
    fs::copy(&path, &elsewhere).unwrap();
    fs::create_dir(home.path().join("files")).unwrap();
    fs::write(home.path().join("files/letter.txt"), "").unwrap();
    assert_eq!(read(&elsewhere).files.len(), 1);
}

#[test]
fn values_of_odd_types_neither_crash_nor_leak() {
    let (_home, path) = schema_26_with(
        "INSERT INTO account (id, bare_jid, password, enabled) VALUES (1, x'ff00', 'hunter2', 'yes'),
         (2, '', 'hunter2', 1), (3, 'a' || char(10) || 'b@c', 'hunter2', 1.0);
         INSERT INTO jid VALUES (1, x'80'), (2, '@'), (3, char(27) || '[2J@riseup.net');
         INSERT INTO conversation (account_id, jid_id, active, type) VALUES (3, 1, 1, 1), (3, 2, 1, 'x'), (3, 3, 1, 1);",
    );
    let profile = read(&path);
    assert_eq!(profile.accounts.len(), 3);
    assert_eq!(profile.rooms.len() + profile.contacts.len(), 3);
    assert_eq!(profile.rooms[0].fault, RoomFault::NotAnAddress);
    assert!(!format!("{profile:?}").contains("hunter2"));
    let (text, _) = excerpt(&profile.accounts[2].place);
    assert_eq!(text.lines().count(), 4, "{text}");
    assert_eq!(profile.accounts[1].address.value, address(""));
}

#[test]
fn any_damage_is_survived_and_nothing_leaks() {
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/dino/samples/v31-dinox-fork/dino.db");
    let whole = fs::read(sample).unwrap();
    let (_home, path) = made_by("");
    let mut state = 1_u64;
    let mut random = move |bound: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % bound
    };
    for _ in 0..150 {
        let mut bytes = whole.clone();
        for _ in 0..=random(40) {
            let at = 16 + random(bytes.len() - 16);
            bytes[at] = random(256).try_into().unwrap();
        }
        fs::write(&path, bytes).unwrap();
        assert!(!format!("{:?}", read(&path)).contains("hunter2"));
    }
}
