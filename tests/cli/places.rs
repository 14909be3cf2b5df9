//! Where the files are looked for: homes of every kind, and the folders that variables name.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};

use crate::common::{MadeUpHome, run};
use crate::{ACCOUNTS, WEAK, as_ordinary_user, check, found, report};

const WEAK_PIDGIN: &str = "<account version='1.0'><account><protocol>prpl-jabber</protocol><name>alice@example.org/</name><settings><setting name='connection_security' type='string'>opportunistic_tls</setting></settings></account></account>";

#[test]
fn the_known_places_of_packages_are_known() {
    let home = MadeUpHome::new();
    let places = [
        ".purple/accounts.xml",
        ".var/app/im.pidgin.Pidgin/.purple/accounts.xml",
        ".var/app/im.pidgin.Pidgin/data/purple/accounts.xml",
        "snap/pidgin/current/.purple/accounts.xml",
        "snap/pidgin/common/.purple/accounts.xml",
    ];
    let clients = run(home.program().arg("clients")).stdout;
    for place in places {
        let (folder, _) = place.rsplit_once('/').unwrap();
        let home = MadeUpHome::new();
        home.write(place, WEAK_PIDGIN);
        let expected = clients.contains(&format!("~/{folder}/")) || place.starts_with("snap/");
        let (code, _) = report(&home, &[]);
        assert_eq!(code == 1, expected, "{place}");
    }
}

#[test]
fn variables_lead_elsewhere_and_relative_ones_nowhere() {
    let home = MadeUpHome::new();
    home.write(ACCOUNTS, WEAK).write("data/profanity/accounts", WEAK).write("config/profanity/profrc", "[ui]\n");
    let files = |variables: &[(&str, &OsStr)]| {
        let ran = run(home.program().args(["check", "--show-files"]).envs(variables.iter().copied()));
        ran.stdout.lines().map(|line| line.replace(home.path().to_str().unwrap(), "~")).collect::<Vec<_>>()
    };
    let default = format!("~/{ACCOUNTS}: profanity accounts");
    let (data, config) = (home.at("data"), home.at("config"));
    assert_eq!(files(&[]), [default.as_str()]);
    assert_eq!(
        files(&[("XDG_DATA_HOME", data.as_os_str()), ("XDG_CONFIG_HOME", config.as_os_str())]),
        ["~/config/profanity/profrc: profanity settings", "~/data/profanity/accounts: profanity accounts"]
    );
    for ignored in ["data", "./data", "", "~/data"] {
        assert_eq!(files(&[("XDG_DATA_HOME", OsStr::new(ignored))]), [default.as_str()], "{ignored:?}");
    }
    // Somebody else's home is not where the caller's variables lead.
    let ran = run(home.program().args(["check", "--show-files", "--home", "."]).env("XDG_DATA_HOME", &data));
    assert!(ran.stdout.contains(".local/share"), "{}", ran.stdout);
}

#[test]
fn a_home_without_a_name_or_without_anything_is_no_crash() {
    let home = MadeUpHome::new();
    home.write(ACCOUNTS, WEAK);
    for value in [None, Some(""), Some("/nonexistent"), Some("/dev/null"), Some("\u{1b}[2J")] {
        let mut program = home.program();
        match value {
            Some(value) => program.env("HOME", value),
            None => program.env_remove("HOME"),
        };
        let ran = run(program.args(["check", "--client", "dino", "--select", "legacy-login"]));
        assert!([0, 2, 3].contains(&ran.code), "{value:?}: {} {}", ran.code, ran.stderr);
        assert!(!ran.stdout.contains('\u{1b}') && !ran.stderr.contains('\u{1b}'));
    }
    let relative = run(home.program().arg("check").env("HOME", "."));
    assert_eq!(relative.code, 1);
}

#[test]
fn a_home_need_not_have_a_name_of_text() {
    let outer = MadeUpHome::new();
    let root = outer.path().join(OsStr::from_bytes(b"al\xffice\n\x1b[31m"));
    let file = root.join(ACCOUNTS);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, WEAK).unwrap();
    for format in ["full", "concise", "json"] {
        let own = run(outer.program().args(["check", "--output-format", format, "-v"]).env("HOME", &root));
        let named = run(outer.program().args(["check", "--output-format", format, "-v", "--home"]).arg(&root));
        for ran in [own, named] {
            assert_eq!(ran.code, 1, "{}", ran.stderr);
            assert!(ran.stdout.contains("al\u{FFFD}ice"), "{format}");
            assert!(!ran.stdout.contains('\u{1b}'), "{format}");
        }
    }
}

#[test]
fn links_as_stow_makes_them_are_followed() {
    let home = MadeUpHome::new();
    home.write("dotfiles/pidgin/.purple/accounts.xml", WEAK_PIDGIN).write("dotfiles/profanity/accounts", WEAK);
    fs::create_dir_all(home.at(".purple")).unwrap();
    fs::create_dir_all(home.at(".local/share")).unwrap();
    symlink("../dotfiles/pidgin/.purple/accounts.xml", home.at(".purple/accounts.xml")).unwrap();
    symlink("../../dotfiles/profanity", home.at(".local/share/profanity")).unwrap();
    let (_, known) = report(&home, &["--select", "encryption-optional"]);
    let at = |path: &str| format!("encryption-optional {}", home.at(path).display());
    assert_eq!(found(&known), [at(ACCOUNTS), at(".purple/accounts.xml")]);
    // The home and everything below it, links and their targets: each file once.
    let (_, walked) = report(&home, &["--select", "encryption-optional", "--home", ".", "."]);
    assert_eq!(found(&walked).len(), 2);
    let (_, walked) = report(&home, &["--select", "encryption-optional", "."]);
    assert_eq!(found(&walked).len(), 2);
    // A home that is a link itself.
    let link = home.at("me");
    symlink(".", &link).unwrap();
    let ran = run(home.program().arg("check").env("HOME", &link));
    assert_eq!(ran.code, 1);
}

#[test]
fn a_file_of_two_names_is_judged_once() {
    let home = MadeUpHome::new();
    home.write("one/accounts", WEAK);
    fs::create_dir(home.at("two")).unwrap();
    fs::hard_link(home.at("one/accounts"), home.at("two/accounts")).unwrap();
    symlink("../one/accounts", home.at("two/profanity-accounts")).unwrap();
    let absolute = home.at("one/accounts");
    let absolute = absolute.to_str().unwrap();
    for paths in [
        &["."][..],
        &["one", "two"],
        &["one/accounts", "one/accounts"],
        &["one/accounts", "./one/accounts", "one/../one/accounts", absolute],
        &["one/accounts", "two/accounts", "two/profanity-accounts", "one", "."],
    ] {
        let (_, report) = report(&home, paths);
        assert_eq!(report["inputs"].as_array().unwrap().len(), 1, "{paths:?}");
        assert_eq!(report["complete"], true, "{paths:?}");
        assert_eq!(found(&report).iter().filter(|line| line.starts_with("encryption-optional")).count(), 1);
    }
    // Two files of the same content are two.
    home.write("three/accounts", WEAK);
    assert_eq!(report(&home, &["."]).1["inputs"].as_array().unwrap().len(), 2);
}

#[test]
fn a_home_that_is_closed_is_not_an_empty_one() {
    for closed in [".", ".purple", ".local", ".local/share/profanity", "snap", "snap/pidgin"] {
        let home = MadeUpHome::new();
        home.write(".purple/accounts.xml", "").write(ACCOUNTS, "").write("snap/pidgin/current/x", "");
        fs::remove_file(home.at(".purple/accounts.xml")).unwrap();
        fs::remove_file(home.at(ACCOUNTS)).unwrap();
        let (Some(mut program), Some(mut listing)) = (as_ordinary_user(&home), as_ordinary_user(&home)) else {
            return;
        };
        fs::set_permissions(home.at(closed), fs::Permissions::from_mode(0o000)).unwrap();
        let ran = run(program.args(["check", "--output-format", "json"]));
        let listed = run(listing.args(["check", "--show-files"]));
        fs::set_permissions(home.at(closed), fs::Permissions::from_mode(0o700)).unwrap();
        assert_eq!(ran.code, 4, "{closed}: {}", ran.stdout);
        let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        let notices = report["notices"].as_array().unwrap();
        assert_eq!(notices.len(), 1, "{closed} is said once: {notices:?}");
        let path = fs::canonicalize(home.at(closed)).unwrap();
        assert_eq!(notices[0]["path"], path.to_str().unwrap(), "{closed}");
        assert_eq!(listed.code, 4, "{closed}");
        assert_eq!(listed.stderr.lines().count(), 1, "{closed}: {}", listed.stderr);
    }
    assert_eq!(check(&MadeUpHome::new(), &[]).code, 3);
}
