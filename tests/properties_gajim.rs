//! Whatever the bytes: no panic, places that lead back to the text, no secret shown, and time that grows with
//! the size only.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use xmpp_audit::clients::gajim::{Gajim, kinds};
use xmpp_audit::clients::{Client, Found};
use xmpp_audit::model::{FileKind, Place, Profile, Spot};
use xmpp_audit::source::Reader;

/// Files made of plausible lines.
fn config() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just("version = 0.16.3\n"),
        Just("version = 1.1.3\r\n"),
        Just("version = 1.2.2\n"),
        Just("accounts.a.name = alice\n"),
        Just("accounts.a.hostname = example.org\n"),
        Just("accounts.b.password = CANARY\n"),
        Just("accounts.b.password = CA.NARY = CANARY\n"),
        Just("# accounts.b.password = CANARY\n"),
        Just("accounts.a.password=CANARY\r"),
        Just("accounts.a.connection_types = plain tls\n"),
        Just("accounts.a.recent_groupchats = r@c.example.org/n s@example.org\n"),
        Just("accounts.a.minimized_gc = r@c.example.org\n"),
        Just("accounts.c = z\n"),
        Just("accounts.a.proxy = P\n"),
        Just("proxies.P.pass = CANARY\n"),
        Just("proxies.P.type = bosh\n"),
        Just("rooms.r@c.example.org.x = y\n"),
        Just("encryption.a-r@c.example.org.encryption = OMEMO\n"),
        Just("recently_groupchat =  r@c.example.org/n  \n"),
        Just("\n"),
        Just("="),
        Just(" = "),
        Just("."),
        Just("a"),
    ];
    prop_oneof![
        3 => prop::collection::vec(piece, 0..20).prop_map(|pieces| pieces.concat().into_bytes()),
        1 => prop::collection::vec(any::<u8>(), 0..200),
    ]
}

/// JSON and what is nearly JSON.
fn json_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just(r#"{"account": {"#),
        Just(r#""name": "a", "#),
        Just(r#""password": "CANARY", "#),
        Just(r#""password": ["CANARY", {"x": "CANARY"}], "#),
        Just(r#""pass": "CANARY"}"#),
        Just(r#""recent_groupchats": "r@c.test s@d.test","#),
        Just(r#""group_chat": {"r@c.test": {}}, "#),
        Just(r#""contact": {"\u0061@c.test": {}}}"#),
        Just(r#""chats": [{"account": "x", "jid": {"value": "r@c.test"}, "type": "groupchat"}]"#),
        Just(r#""x": "#),
        Just("NaN"),
        Just("["),
        Just("]"),
        Just("{"),
        Just("}"),
        Just(","),
        Just("\"CANARY"),
        Just("1e9"),
        Just("é"),
    ];
    prop_oneof![
        4 => prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat()),
        1 => any::<String>(),
    ]
}

fn places(profile: &Profile) -> Vec<Place> {
    let mut places = Vec::new();
    for account in &profile.accounts {
        places.extend([&account.place, account.address.place(), account.encryption.place()].map(Clone::clone));
        places.extend([account.proxy.place(), account.password.place(), account.server.place()].map(Clone::clone));
    }
    for room in profile.rooms.iter().chain(&profile.contacts) {
        places.extend([room.place.clone(), room.service_place.clone()]);
    }
    places.extend(profile.idle_settings.iter().map(|idle| idle.place.clone()));
    places.extend(profile.proxies.iter().map(|proxy| proxy.password.place().clone()));
    places.extend(profile.files.iter().filter_map(|file| Some(file.damage.as_ref()?.place.clone())));
    places
}

/// Nothing that can be shown of the profile holds the secret, and every place can be shown.
fn check(profile: &Profile) {
    assert!(!format!("{profile:?}").contains("CANARY"), "a secret is shown");
    for place in places(profile) {
        let excerpt = match &place.spot {
            Spot::File => continue,
            Spot::Text(span) => {
                let Some(text) = profile.file(place.file).and_then(|file| file.text.as_ref()) else { continue };
                assert!(span.start <= span.end && span.end <= text.bytes().len());
                text.excerpt(*span)
            }
            Spot::Cell(cell) => match &cell.excerpt {
                Some(excerpt) => excerpt.clone(),
                None => continue,
            },
        };
        assert!(!excerpt.text.contains("CANARY"), "a secret is shown");
        assert!(excerpt.text.get(excerpt.mark.start..excerpt.mark.end).is_some());
    }
}

fn read_one(name: &str, kind: FileKind, write: impl Fn(&PathBuf)) -> Profile {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    write(&path);
    Gajim.read(&[Found { path, kind, home: None }], &Reader::default())
}

fn read_cells(cells: &[(&str, &str, &str)], user_version: i64) -> Profile {
    read_one("settings.sqlite", kinds::SETTINGS, |path| {
        let connection = rusqlite::Connection::open(path).unwrap();
        connection
            .execute_batch(&format!(
                "PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF; PRAGMA user_version = {user_version};
                 CREATE TABLE settings (name TEXT UNIQUE, settings TEXT);
                 CREATE TABLE account_settings (account TEXT UNIQUE, settings TEXT);"
            ))
            .unwrap();
        for (table, key, text) in cells {
            connection.execute(&format!("INSERT OR REPLACE INTO {table} VALUES (?1, ?2)"), (key, text)).unwrap();
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1000) })]

    #[test]
    fn any_text_file_is_read_without_harm(content in config()) {
        check(&read_one("config", kinds::TEXT, |path| fs::write(path, &content).unwrap()));
    }

    #[test]
    fn any_cell_is_read_without_harm(one in json_text(), other in json_text(), user_version in 0_i64..8) {
        check(&read_cells(
            &[
                ("settings", "app", &one),
                ("settings", "proxies", &other),
                ("settings", "workspaces", &one),
                ("account_settings", "x", &one),
                ("account_settings", "x.password = CANARY", &other),
            ],
            user_version,
        ));
    }

    #[test]
    fn any_bytes_may_stand_in_a_settings_file(content in prop::collection::vec(any::<u8>(), 0..400), magic: bool) {
        let mut bytes = if magic { b"SQLite format 3\0".to_vec() } else { Vec::new() };
        bytes.extend(content);
        check(&read_one("settings.sqlite", kinds::SETTINGS, |path| fs::write(path, &bytes).unwrap()));
    }

    #[test]
    fn any_file_can_be_asked_after(name in any::<Vec<u8>>(), head in prop::collection::vec(any::<u8>(), 0..300)) {
        Gajim.may_be_named(&name);
        for folder in ["/home/a/.config/gajim", "/x", "gajim", ""] {
            let path = PathBuf::from(folder).join(String::from_utf8_lossy(&name).replace('\0', ""));
            let _ = Gajim.recognise(&path, &head);
            Gajim.profile_key(&Found { path, kind: kinds::TEXT, home: Some("/home/a".into()) });
        }
    }
}

/// Runs something that must not take long, whatever machine it runs on.
fn quickly(what: &str, run: impl Fn()) {
    let start = Instant::now();
    run();
    assert!(start.elapsed() < Duration::from_secs(20), "{what} took {:?}", start.elapsed());
}

#[test]
fn a_string_that_lost_its_end_is_not_shown() {
    let cell =
        r#"{"account": {"chats": [{"account": "x", "jid": {"value": "r@c.test"}, "type": "groupchat"}],"CANARY"#;
    for end in ["", "\"", "\" 1"] {
        let cell = format!("{cell}{end}");
        check(&read_cells(&[("settings", "workspaces", &cell), ("account_settings", "x", &cell)], 0));
    }
}

#[test]
fn time_grows_with_the_size_only() {
    let text = |content: &str| {
        read_one("config", kinds::TEXT, |path| fs::write(path, content).unwrap());
    };
    let many =
        |line: &str| -> String { (0..60_000).map(|number| line.replace('#', &number.to_string())).collect() };
    quickly("many accounts", || text(&many("accounts.a#.connection_types = plain\n")));
    quickly("many rooms", || text(&many("rooms.r#@c.test.x = y\n")));
    quickly("one option again and again", || text(&many("accounts.a.custom_port = #\n")));
    quickly("one endless line", || text(&format!("accounts.a.recent_groupchats = {}", "r@c.test ".repeat(60_000))));
    quickly("many passwords", || text(&many("accounts.a#.password = x\n")));
    quickly("many dashes", || text(&format!("encryption.{}.x = y\n", "a-".repeat(500_000))));
    let rooms: Vec<String> = (0..60_000).map(|number| format!(r#""r{number}@c.test": {{"pass": "x"}}"#)).collect();
    let cell =
        format!(r#"{{"account": {{"active": true}}, "contact": {{}}, "group_chat": {{{}}}}}"#, rooms.join(","));
    quickly("many rooms in a cell", || {
        read_cells(&[("settings", "app", "{}"), ("account_settings", "x", &cell)], 5);
    });
    let chats = vec![r#"{"account": "x", "jid": "r@c.test", "type": "groupchat"}"#; 60_000].join(",");
    let cell = format!(r#"{{"1": {{"chats": [{chats}]}}}}"#);
    quickly("many chats", || {
        read_cells(&[("settings", "workspaces", &cell), ("account_settings", "x", "{}")], 5);
    });
    let deep = "[".repeat(1_000_000);
    quickly("deep nesting", || {
        read_cells(&[("settings", "app", &deep), ("account_settings", "x", &deep)], 5);
    });
}
