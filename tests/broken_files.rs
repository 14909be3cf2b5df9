//! Whatever stands in a client's place: a clear word about it, the right exit code, and the rest of the audit goes on.

mod common;

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use common::{MadeUpHome, run};
use serde_json::Value;

/// Where each client keeps its main file.
const PLACES: [&str; 8] = [
    ".purple/accounts.xml",
    ".purple/blist.xml",
    ".purple/prefs.xml",
    ".config/gajim/settings.sqlite",
    ".config/gajim/config",
    ".local/share/dino/dino.db",
    ".local/share/profanity/accounts",
    ".config/profanity/profrc",
];

/// A sound file of another client, in which something is found whatever happens to the rest.
fn with_a_finding(home: &MadeUpHome, place: &str) -> &'static str {
    if place.contains("profanity") {
        home.write(
            ".purple/accounts.xml",
            "<account version='1.0'><account><protocol>prpl-jabber</protocol><name>alice@example.org/</name><settings><setting name='connection_security' type='string'>opportunistic_tls</setting></settings></account></account>",
        );
        "pidgin"
    } else {
        home.write(".local/share/profanity/accounts", "[alice@example.org]\nenabled=true\ntls.policy=allow\n");
        "profanity"
    }
}

/// Puts something into a client's place and looks at what is said about it.
fn audit_with(place: &str, put: impl Fn(&Path)) -> (i32, Value, String) {
    let home = MadeUpHome::new();
    let other = with_a_finding(&home, place);
    let path = home.at(place);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    put(&path);
    let before = home.listing();
    let ran = run(home.program().args(["check", "--output-format", "json", "--max-file-size", "1"]));
    assert_eq!(before, home.listing(), "the audit changed something");
    let report: Value =
        serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{place}: {error}: {}", ran.stderr));
    let found = report["findings"].as_array().unwrap();
    assert!(
        found.iter().any(|finding| finding["rule"] == "encryption-optional" && finding["client"] == other),
        "{place}: the rest of the audit did not go on"
    );
    let for_people = run(home.program().args(["check", "--max-file-size", "1", "--color", "never"]));
    assert_eq!(for_people.code, ran.code);
    (ran.code, report, for_people.stdout)
}

/// The file is said to have failed, with a reason, and the report says that it is incomplete.
fn assert_said(place: &str, what: &str, (code, report, for_people): &(i32, Value, String)) {
    assert_eq!(*code, 1, "{place} {what}");
    assert_eq!(report["complete"], false, "{place} {what}");
    let input = report["inputs"]
        .as_array()
        .unwrap()
        .iter()
        .find(|input| input["path"].as_str().unwrap().ends_with(place))
        .unwrap_or_else(|| panic!("{place} {what} is not among the inputs"));
    assert_eq!(input["status"], "failed", "{place} {what}");
    let reason = input["reason"].as_str().unwrap_or_default();
    let finding = report["findings"].as_array().unwrap().iter().any(|finding| {
        finding["path"].as_str().unwrap().ends_with(place) && finding["rule"].as_str().unwrap().starts_with("file-")
    });
    assert!(!reason.is_empty() || finding, "{place} {what}: nothing says why");
    let name = Path::new(place).file_name().unwrap().to_str().unwrap();
    assert!(for_people.contains(name), "{place} {what}: people are not told");
}

#[test]
fn binary_files_are_said_to_be_unreadable() {
    for place in PLACES {
        let result = audit_with(place, |path| {
            fs::write(path, [0x89, b'P', b'N', b'G', 13, 10, 26, 10, 0, 0, 0xff, 0xfe]).unwrap()
        });
        assert_said(place, "binary", &result);
    }
}

#[test]
fn folders_pipes_and_devices_are_not_opened() {
    for place in PLACES {
        let result = audit_with(place, |path| fs::create_dir(path).unwrap());
        assert_said(place, "folder", &result);
        let result = audit_with(place, |path| symlink("/dev/zero", path).unwrap());
        assert_said(place, "device", &result);
        let result = audit_with(place, |path| {
            let status = std::process::Command::new("mkfifo").arg(path).status().unwrap();
            assert!(status.success());
        });
        assert_said(place, "pipe", &result);
    }
}

#[test]
fn links_to_nowhere_are_said() {
    for place in PLACES {
        assert_said(place, "dangling", &audit_with(place, |path| symlink("nowhere", path).unwrap()));
        assert_said(place, "loop", &audit_with(place, |path| symlink(path, path).unwrap()));
    }
}

#[test]
fn what_is_too_large_is_said() {
    for place in PLACES.into_iter().filter(|place| !place.ends_with("sqlite") && !place.ends_with(".db")) {
        assert_said(place, "large", &audit_with(place, |path| fs::write(path, vec![b'\n'; 1 << 21]).unwrap()));
    }
}

#[test]
fn what_may_not_be_read_is_said() {
    if fs::read("/proc/1/environ").is_ok() {
        // The superuser may read everything: nothing can be shown here.
        return;
    }
    use std::os::unix::fs::PermissionsExt;
    for place in PLACES {
        let result = audit_with(place, |path| {
            fs::write(path, "x").unwrap();
            fs::set_permissions(path, fs::Permissions::from_mode(0)).unwrap();
        });
        assert_said(place, "forbidden", &result);
    }
}

#[test]
fn truncated_files_are_said_to_be_damaged() {
    let sources = [
        (".purple/accounts.xml", "pidgin/samples/accounts-gui-defaults.xml"),
        (".purple/blist.xml", "pidgin/samples/blist-written-by-client.xml"),
        (".purple/prefs.xml", "pidgin/samples/prefs-defaults.xml"),
        (".config/gajim/settings.sqlite", "gajim/samples/1.7-many-problems.sqlite"),
        (".local/share/dino/dino.db", "dino/samples/v29-dino-0.5/dino.db"),
    ];
    for (place, fixture) in sources {
        let bytes = fs::read(common::fixtures().join(fixture)).unwrap();
        let half = &bytes[..bytes.len() / 2];
        assert_said(place, "truncated", &audit_with(place, |path| fs::write(path, half).unwrap()));
    }
}

#[test]
fn wrong_encodings_are_said() {
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    for (place, text) in [
        (".purple/accounts.xml", b"<account><account><name>\xe9</name></account></account>".to_vec()),
        (".purple/prefs.xml", wide("<pref version='1' name='/'/>")),
        (".local/share/profanity/accounts", wide("[alice@example.org]\nenabled=true\n")),
        (".config/profanity/profrc", b"\xef\xbb\xbf[ui]\n".to_vec()),
    ] {
        assert_said(place, "encoding", &audit_with(place, |path| fs::write(path, &text).unwrap()));
    }
}

#[test]
fn empty_files_are_what_they_are_to_their_client() {
    // Pidgin reports an empty list as an error and Gajim and Dino cannot open an empty database.
    for place in [".purple/accounts.xml", ".purple/blist.xml"] {
        assert_said(place, "empty", &audit_with(place, |path| fs::write(path, "").unwrap()));
    }
    // A fresh profrc is an empty file, and an empty list of accounts loads.
    for place in [".local/share/profanity/accounts", ".config/profanity/profrc"] {
        let (code, report, _) = audit_with(place, |path| fs::write(path, "").unwrap());
        assert_eq!((code, &report["complete"]), (1, &Value::Bool(true)), "{place}");
    }
}

#[test]
fn a_strangers_file_is_not_taken_for_a_clients() {
    let home = MadeUpHome::new();
    home.write("src/accounts", "alice 100\nbob 200\n")
        .write("src/config", "[core]\n\tbare = false\n")
        .write("src/accounts.xml", "<accounts><customer password='x'/></accounts>")
        .write("src/settings.sqlite", "not a database")
        .write("src/profrc.c", "int main(void) { return 0; }")
        .write("notes.md", "# tls.policy=allow\n");
    let ran = run(home.program().args(["check", "."]));
    assert_eq!(ran.code, 3, "{}{}", ran.stdout, ran.stderr);
}
