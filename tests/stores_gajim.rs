//! What lies beside Gajim's settings: keys, messages, plugins, logs; and lines that are no options.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

mod gajim_home;

use std::fs;
use std::os::unix::fs::PermissionsExt;

use gajim_home::{DATABASE, Home, database_home, text_file};
use serde_json::json;
use xmpp_audit::clients::gajim::{Gajim, kinds};
use xmpp_audit::clients::{Client, Found};
use xmpp_audit::model::*;
use xmpp_audit::source::{Bounds, Reader};

const DATA: &str = ".local/share/gajim";

fn of_kind(profile: &Profile, kind: FileKind) -> Vec<String> {
    let files = profile.files.iter().filter(|file| file.kind == kind);
    files.map(|file| file.path.file_name().unwrap().to_string_lossy().into_owned()).collect()
}

#[test]
fn stores_are_listed_without_being_opened() {
    let home = database_home(7, &[], json!({}));
    for path in [
        "openpgp/a@b.test/secring.gpg",
        "openpgp/a@b.test/pubring.gpg",
        "openpgp/a@b.test/private-keys-v1.d/1F.key",
        "openpgp.db",
        "openpgp.db-wal",
        "plugins_data/pgplegacy/a@b.test/store",
        "plugins_data/other/x",
        "logs.db",
        "logs.db-wal",
        "debug/gajim.log",
        "downloads/one.jpg",
        "omemo_notes.txt",
        "cache.db",
    ] {
        home.write(&format!("{DATA}/{path}"), "");
    }
    home.write(".config/gajim/pluginsconfig/triggers", "").write(".config/gajim/pluginsconfig.work/other", "");
    let profile = home.read(&[DATABASE]);
    for (kind, expected) in [
        (kinds::OPENPGP, &["secring.gpg", "1F.key", "openpgp.db"][..]),
        (kinds::OPENPGP_CONTACTS, &["store"]),
        (kinds::HISTORY, &["logs.db"]),
        (kinds::OMEMO, &[]),
        (kinds::DEBUG_LOG, &["gajim.log"]),
        (kinds::DOWNLOAD, &["one.jpg"]),
        (kinds::PLUGIN_SETTINGS, &["triggers"]),
    ] {
        assert_eq!(of_kind(&profile, kind), expected, "{}", kind.0);
    }
    assert!(profile.notices.is_empty());
    assert!(profile.files.iter().filter(|file| file.kind != kinds::SETTINGS).all(|file| file.text.is_none()));
}

#[test]
fn profiles_have_stores_of_their_own() {
    let home = Home::new();
    let client = [("app", json!({})), ("proxies", json!({}))];
    let work = ".config/gajim/settings.sqlite.work";
    home.database(DATABASE, 7, &client, &[]).database(work, 7, &client, &[]);
    for path in ["logs.db", "logs.db.work", "secrets.work", "openpgp.db", "debug.work/x.log", "downloads/y"] {
        home.write(&format!("{DATA}/{path}"), "");
    }
    home.write(".config/gajim/pluginsconfig.work/triggers", "");
    let kinds_of = |settings: &str| -> Vec<&str> {
        let mut kinds: Vec<_> = home.read(&[settings]).files.iter().map(|file| file.kind.0).collect();
        kinds.sort_unstable();
        kinds
    };
    assert_eq!(kinds_of(DATABASE), ["OpenPGP keys", "message history", "received file", "settings"]);
    assert_eq!(kinds_of(work), ["debug log", "message history", "plugin settings", "session secrets", "settings"]);
}

#[test]
fn of_many_that_are_alike_the_one_that_most_can_read() {
    let home = database_home(7, &[], json!({}));
    for (name, mode) in [("a", 0o600), ("b", 0o644), ("c", 0o600)] {
        home.write(&format!("{DATA}/downloads/{name}"), "");
        fs::set_permissions(home.path(&format!("{DATA}/downloads/{name}")), fs::Permissions::from_mode(mode))
            .unwrap();
    }
    let open = |path: std::path::PathBuf| fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    let mut folder = home.path(&format!("{DATA}/downloads/b")).parent().unwrap().to_owned();
    while folder.starts_with(home.0.path()) {
        open(folder.clone());
        folder = folder.parent().unwrap().to_owned();
    }
    let profile = home.read(&[DATABASE]);
    assert_eq!(of_kind(&profile, kinds::DOWNLOAD), ["b"]);
    let file = profile.files.iter().find(|file| file.kind == kinds::DOWNLOAD).unwrap();
    assert_eq!(file.readable_by, Access::Everyone);
}

#[test]
fn plugins_that_run_from_a_folder_of_the_users() {
    let plugins =
        json!({"mine": {"active": true}, "off": {"active": false}, "built_in": {"active": true}, "odd": 1});
    let home = database_home(7, &[("plugins", plugins)], json!({}));
    for name in ["mine", "off", "unknown"] {
        home.write(&format!("{DATA}/plugins/{name}/__init__.py"), "")
            .write(&format!("{DATA}/plugins/{name}/x.txt"), "");
    }
    let loaded = |profile: &Profile| -> Vec<(String, String, Access)> {
        let habits = profile.habits.iter().filter(|habit| habit.what.value == HabitKind::PluginLoaded);
        let shown =
            |habit: &Habit| (habit.detail.clone().unwrap(), habit.what.place().words.clone(), habit.writable_by);
        habits.map(shown).collect()
    };
    let profile = home.read(&[DATABASE]);
    let expected = ("mine".to_owned(), "plugins[mine] / active".to_owned(), Access::Owner);
    assert_eq!(loaded(&profile), [expected]);
    assert_eq!(of_kind(&profile, kinds::PLUGIN), ["__init__.py"]);

    fs::set_permissions(home.path(&format!("{DATA}/plugins/mine/__init__.py")), fs::Permissions::from_mode(0o666))
        .unwrap();
    let mut folder = home.path(&format!("{DATA}/plugins/mine/x")).parent().unwrap().to_owned();
    while folder.starts_with(home.0.path()) {
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
        folder = folder.parent().unwrap().to_owned();
    }
    assert_eq!(loaded(&home.read(&[DATABASE]))[0].2, Access::Everyone, "one of its files is open to all");

    let text = Home::new();
    text.write(
        ".config/gajim/config",
        "version = 1.1.3\ntime_stamp = x\naccounts.x.name = a\nplugins.mine.active = True\n",
    );
    text.write(&format!("{DATA}/plugins/mine/__init__.py"), "");
    assert_eq!(loaded(&text.read(&[".config/gajim/config"])).len(), 1);
    text.write(
        ".config/gajim/config",
        "version = 0.14.4\ntime_stamp = x\naccounts.x.name = a\nplugins.mine.active = True\n",
    );
    assert!(loaded(&text.read(&[".config/gajim/config"])).is_empty(), "0.14 has no plugins");
}

#[test]
fn options_without_their_blanks_are_named_where_they_matter() {
    let idle = |line: &str| -> Vec<(String, String)> {
        let profile = text_file(&format!("version = 1.2.2\naccounts.x.name = a\n{line}\n"));
        assert!(profile.idle_settings.iter().all(|idle| idle.reason == Idle::Unreadable));
        profile.idle_settings.iter().map(|idle| (idle.name.clone(), idle.place.words.clone())).collect()
    };
    let one = |name: &str, words: &str| vec![(name.to_owned(), words.to_owned())];
    assert_eq!(idle("accounts.x.proxy=Tor"), one("proxy", "accounts[x] / proxy"));
    assert_eq!(idle("accounts.x.proxy =Tor"), one("proxy", "accounts[x] / proxy"));
    assert_eq!(
        idle("accounts.x.use_plain_connection= False"),
        one("use_plain_connection", "accounts[x] / use_plain_connection")
    );
    assert_eq!(idle("global_proxy=Tor"), one("global_proxy", "global_proxy"));
    for line in [
        "accounts.gone.proxy=Tor",
        "accounts.x.nickname=a",
        "# accounts.x.proxy=Tor",
        "accounts.x.password=hunter2",
        "theme=x",
        "proxy=Tor",
        "=",
        "accounts.x.proxy",
    ] {
        assert_eq!(idle(line), [], "{line}");
    }
    let profile = text_file("version = 1.2.2\naccounts.x.name = a\naccounts.x.proxy=Tor\n");
    let [idle] = profile.idle_settings.as_slice() else { panic!("one") };
    assert_eq!(idle.account, Some(0));
    let Spot::Text(span) = idle.place.spot else { panic!("a text") };
    let excerpt = profile.files[0].text.as_ref().unwrap().excerpt(span);
    assert_eq!(&excerpt.text[excerpt.mark.start..excerpt.mark.end], "Tor");
    for line in
        ["accounts.x.proxy=  Tor", "accounts.x.proxy=\tTor", "accounts.x.proxy= Tor", "accounts.x.proxy =Tor"]
    {
        let profile = text_file(&format!("version = 1.2.2\naccounts.x.name = a\n{line}\n"));
        for idle in &profile.idle_settings {
            let Spot::Text(span) = idle.place.spot else { panic!("a text") };
            let excerpt = profile.files[0].text.as_ref().unwrap().excerpt(span);
            assert_eq!(&excerpt.text[excerpt.mark.start..excerpt.mark.end], "Tor", "{line}");
        }
    }
}

#[test]
fn accepted_certificates_are_pointed_at_one_by_one() {
    let home = database_home(7, &[], json!({}));
    let pem = "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n";
    home.write(&format!("{DATA}/cert_store/f00"), pem).write(&format!("{DATA}/cert_store/f01"), pem.repeat(2));
    fs::create_dir_all(home.path(&format!("{DATA}/cert_store/folder"))).unwrap();
    let profile = home.read(&[DATABASE]);
    let mut words: Vec<_> = profile.certificate_exceptions.iter().map(|found| found.place.words.as_str()).collect();
    words.sort_unstable();
    assert_eq!(words, ["f00", "f01 / certificate 1", "f01 / certificate 2"]);
    for exception in &profile.certificate_exceptions {
        let Spot::Text(span) = exception.place.spot else { panic!("a text") };
        let text = profile.file(exception.place.file).unwrap().text.as_ref().unwrap();
        assert_eq!(&text.bytes()[span.start..span.end], b"-----BEGIN CERTIFICATE-----");
    }
    assert!(profile.notices.is_empty(), "{:?}", profile.notices);
    // What is too large to be read is said.
    let reader = Reader::new(Bounds { text: 100, ..Bounds::default() });
    let found = [Found { path: home.path(DATABASE), kind: kinds::SETTINGS, home: None }];
    let notices = Gajim.read_as(&found, &reader, None).notices;
    assert_eq!(notices.len(), 1, "{notices:?}");
    assert!(notices[0].path.ends_with("f01"));
}
