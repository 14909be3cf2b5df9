//! What a walk through a tree may meet.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::Path;

use crate::common::{MadeUpHome, run};
use crate::{SOUND, WEAK, as_ordinary_user, check, found, report, word};

/// Names that every client would look at.
const NAMES: [&str; 7] =
    ["accounts.xml", "blist.xml", "accounts", "config", "settings.sqlite", "dino.db", "profrc"];

fn make_pipe(path: &Path) {
    let mode = rustix::fs::Mode::from_raw_mode(0o600);
    rustix::fs::mknodat(rustix::fs::CWD, path, rustix::fs::FileType::Fifo, mode, 0).unwrap();
}

#[test]
fn traps_stop_no_walk() {
    let home = MadeUpHome::new();
    home.write("zz/accounts", WEAK);
    for name in NAMES {
        for folder in ["pipe", "socket", "dangling", "loop", "device", "folder"] {
            fs::create_dir_all(home.at(folder)).unwrap();
            let path = home.at(folder).join(name);
            match folder {
                "pipe" => make_pipe(&path),
                "socket" => drop(UnixListener::bind(&path).unwrap()),
                "dangling" => symlink("nowhere", &path).unwrap(),
                "loop" => symlink(name, &path).unwrap(),
                "device" => symlink("/dev/zero", &path).unwrap(),
                _ => fs::create_dir(&path).unwrap(),
            }
        }
    }
    symlink("..", home.at("folder/up")).unwrap();
    symlink("/", home.at("folder/everything")).unwrap();
    for format in ["full", "concise", "json"] {
        let ran = check(&home, &[".", "--output-format", format]);
        assert_eq!((ran.code, ran.stderr.as_str()), (1, ""), "{format}");
        assert!(ran.stdout.contains("zz/accounts"), "{format}");
    }
    let (_, report) = report(&home, &["."]);
    assert_eq!(found(&report).iter().filter(|line| line.starts_with("encryption-optional")).count(), 1);
    assert!(
        report["inputs"]
            .as_array()
            .unwrap()
            .iter()
            .all(|input| input["status"] != "audited" || input["path"] == "./zz/accounts")
    );
}

#[test]
fn traps_that_are_named_are_said() {
    let home = MadeUpHome::new();
    make_pipe(&home.at("pipe"));
    drop(UnixListener::bind(home.at("socket")).unwrap());
    symlink("nowhere", home.at("dangling")).unwrap();
    symlink("loop", home.at("loop")).unwrap();
    symlink("/dev/zero", home.at("device")).unwrap();
    home.write("letter", "Dear Alice");
    for (name, english, french, code) in [
        ("pipe", "not a regular file", "pas un fichier ordinaire", 4),
        ("socket", "not a regular file", "pas un fichier ordinaire", 4),
        ("device", "not a regular file", "pas un fichier ordinaire", 4),
        ("dangling", "does not exist", "n’existe pas", 4),
        ("loop", "leads back to itself", "tourne en rond", 4),
        ("nowhere", "does not exist", "n’existe pas", 4),
        ("letter/x", "does not exist", "n’existe pas", 4),
        ("letter", "no file of the clients", "pas un fichier des clients", 3),
    ] {
        for (language, said) in [("en", english), ("fr", french)] {
            let ran = check(&home, &[name, "--lang", language, "--output-format", "concise"]);
            assert_eq!(ran.code, code, "{name}");
            assert!(ran.stdout.starts_with(&format!("{name}: notice: ")), "{name}: {}", ran.stdout);
            assert!(ran.stdout.contains(said), "{name}: {}", ran.stdout);
        }
    }
}

#[test]
fn names_cannot_steer_the_terminal() {
    let home = MadeUpHome::new();
    let names: [&[u8]; 6] =
        [b"a\nb", b"c\x1b[2Jd", b"e\xff\xfef", "g\u{202e}h".as_bytes(), b"i\r\tj", "k\u{9b}31ml".as_bytes()];
    for name in names {
        let folder = home.path().join(OsStr::from_bytes(name));
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("accounts"), WEAK).unwrap();
        symlink("profrc", folder.join("profrc")).unwrap();
    }
    for format in ["full", "concise", "json"] {
        for more in [&["."][..], &[".", "-v", "--lang", "fr"], &[".", "--show-files"]] {
            let ran = check(&home, &[more, &["--output-format", format]].concat());
            for text in [&ran.stdout, &ran.stderr] {
                let forbidden = text.chars().find(|character| {
                    *character != '\n' && (character.is_control() || ('\u{202a}'..='\u{202e}').contains(character))
                });
                assert_eq!(forbidden, None, "{format} {more:?}");
            }
        }
    }
    let concise = check(&home, &[".", "--select", "encryption-optional", "-q", "--output-format", "concise"]);
    assert_eq!(concise.stdout.lines().count(), names.len(), "one line a finding: {}", concise.stdout);
    // Also where they are typed.
    let ran = run(home.program().args(["check", "--home", "x\n\u{1b}[2J"]));
    assert_eq!((ran.code, ran.stderr.lines().count()), (2, 1));
    assert!(!ran.stderr.contains('\u{1b}'));
}

#[test]
fn copies_of_other_names_are_found_by_their_content() {
    let home = MadeUpHome::new();
    let path = "old machine/backup of accounts (2)";
    home.copy("profanity/samples/accounts-0.13.1-insecure", path);
    let (code, report) = report(&home, &[path]);
    assert_eq!((code, &report["inputs"][0]["client"]), (1, &serde_json::json!("profanity")));
    for (number, sample) in
        ["v11-dino-0.1", "v17-dino-0.2", "v22-dino-0.3", "v29-dino-0.5", "v31-dinox-fork"].iter().enumerate()
    {
        home.copy(&format!("dino/samples/{sample}/dino.db"), &format!("backups/{number}.db"));
    }
    home.copy("gajim/samples/1.7-many-problems.sqlite", "backups/y.sqlite");
    home.write_database("backups/other.db", "CREATE TABLE account (id INTEGER PRIMARY KEY)");
    let (_, walked) = self::report(&home, &["backups"]);
    let clients: Vec<&str> =
        walked["inputs"].as_array().unwrap().iter().map(|input| input["client"].as_str().unwrap()).collect();
    assert_eq!(clients, ["dino", "dino", "dino", "dino", "dino", "gajim"]);
    // A table of Dino's is named like one of Gajim's: that does not make it Gajim's.
    assert_eq!(self::report(&home, &["backups/3.db"]).1["inputs"][0]["client"], "dino");
    let bytes = fs::read(home.at("backups/3.db")).unwrap();
    let ran =
        run(home.program().args(["check", "-", "--as", "some.db", "--output-format", "json"]).write_stdin(bytes));
    assert!(ran.stdout.contains("\"client\": \"dino\""), "{}", ran.stdout);
}

#[test]
fn a_file_that_may_not_be_read_is_not_a_clean_one() {
    let home = MadeUpHome::new();
    home.write("sound/accounts", SOUND);
    for name in NAMES {
        home.write(&format!("closed/{name}"), "x");
    }
    home.write("inner/folder/accounts", WEAK);
    let (Some(mut program), Some(mut of_one_client)) = (as_ordinary_user(&home), as_ordinary_user(&home)) else {
        return;
    };
    for name in NAMES {
        fs::set_permissions(home.at("closed").join(name), fs::Permissions::from_mode(0o000)).unwrap();
    }
    fs::set_permissions(home.at("inner/folder"), fs::Permissions::from_mode(0o000)).unwrap();
    let ran = run(program.args(["check", "--output-format", "concise"]).arg(home.path()));
    fs::set_permissions(home.at("inner/folder"), fs::Permissions::from_mode(0o700)).unwrap();
    assert_eq!(ran.code, 4, "{}", ran.stdout);
    for name in NAMES {
        assert!(
            ran.stdout.contains(&format!("closed/{name}: notice: Permission denied")),
            "{name}: {}",
            ran.stdout
        );
    }
    assert!(ran.stdout.contains("inner/folder: notice: Permission denied"), "{}", ran.stdout);
    // A single client's audit is not made incomplete by what is another's.
    let ran =
        run(of_one_client.args(["check", "--client", "dino", "--output-format", "concise"]).arg(home.at("closed")));
    assert!(ran.stdout.contains("closed/dino.db: notice"), "{}", ran.stdout);
    assert!(!ran.stdout.contains("accounts.xml"), "{}", ran.stdout);
}

#[test]
fn deep_trees_are_walked_to_the_end() {
    let home = MadeUpHome::new();
    home.write(&format!("{}accounts", "d/".repeat(200)), WEAK);
    home.write(&format!("{}accounts", "d/".repeat(400)), WEAK);
    let (code, report) = report(&home, &["."]);
    assert_eq!((code, report["inputs"].as_array().unwrap().len()), (1, 1));
    // What lies deeper than anybody keeps anything is named.
    let notices = report["notices"].as_array().unwrap();
    assert_eq!(notices.len(), 1, "{notices:?}");
    assert!(word(&notices[0]["message"]).contains("256 folders deep"), "{notices:?}");
}
