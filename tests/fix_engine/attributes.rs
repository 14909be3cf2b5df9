//! What belongs to a file besides its content stays.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::path::Path;
use std::process::Command;

use rustix::fs::XattrFlags;
use xmpp_audit::fix::{apply, undo};
use xmpp_audit::model::{Scalar, Splice};

use super::made::*;

fn attribute(path: &Path, name: &str) -> Option<Vec<u8>> {
    let mut value = vec![0; 1000];
    let length = rustix::fs::getxattr(path, name, &mut value).ok()?;
    Some(value[..length].to_vec())
}

fn set_attribute(path: &Path, name: &str, value: &[u8]) -> bool {
    rustix::fs::setxattr(path, name, value, XattrFlags::empty()).is_ok()
}

fn insert(path: &Path) -> xmpp_audit::fix::FileChange {
    text(path, vec![vec![Splice::insert(0, "x")]])
}

#[test]
fn attributes_and_modes_of_texts_stay() {
    let home = Home::new();
    let path = home.write("accounts.xml", ACCOUNTS);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o4751)).unwrap();
    let is_kept = set_attribute(&path, "user.comment", b"mine\0") && set_attribute(&path, "user.empty", b"");
    if !is_kept {
        println!("skipped in part: no attributes here");
    }
    let trusted = set_attribute(&path, "trusted.x", b"1");
    let selinux = set_attribute(&path, "security.selinux", b"system_u:object_r:user_home_t:s0\0");
    let check = |state: &str| {
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o7777, 0o4751, "{state}");
        if is_kept {
            assert_eq!(attribute(&path, "user.comment").as_deref(), Some(&b"mine\0"[..]), "{state}");
            assert_eq!(attribute(&path, "user.empty").as_deref(), Some(&b""[..]), "{state}");
        }
        assert!(!trusted || attribute(&path, "trusted.x").is_some(), "{state}");
        assert!(
            !selinux || attribute(&path, "security.selinux").is_some_and(|label| label.starts_with(b"system_u")),
            "{state}"
        );
    };
    apply(&[insert(&path)], &home.options(), &[]).unwrap();
    check("put right");
    undo(None, &home.options()).unwrap();
    check("taken back");
}

#[test]
fn access_lists_stay_and_none_is_imposed() {
    let home = Home::new();
    let (with, without) = (home.write("with", ACCOUNTS), home.write("without", ACCOUNTS));
    let setfacl = |arguments: &[&str], path: &Path| {
        Command::new("setfacl").args(arguments).arg(path).status().is_ok_and(|status| status.success())
    };
    if !setfacl(&["-m", "u:61001:r,g:61002:rw"], &with) || !setfacl(&["-d", "-m", "u:61003:rw"], &home.at("")) {
        println!("skipped: no access lists here");
        return;
    }
    let list = |path: &Path| (attribute(path, "system.posix_acl_access"), fs::metadata(path).unwrap().mode());
    let before = (list(&with), list(&without));
    assert!(before.0.0.is_some() && before.1.0.is_none());
    apply(&[insert(&with), insert(&without)], &home.options(), &[]).unwrap();
    assert_eq!((list(&with), list(&without)), before);
    // Closed, it is closed to all that are listed.
    let mut closed = insert(&with);
    closed.mode = Some((0o664, 0o600));
    apply(&[closed], &home.options(), &[]).unwrap();
    let shown = Command::new("getfacl").args(["-cE", "--omit-header"]).arg(&with).output().unwrap();
    assert!(String::from_utf8_lossy(&shown.stdout).contains("mask::---"), "{shown:?}");
    undo(None, &home.options()).unwrap();
    undo(None, &home.options()).unwrap();
    assert_eq!((list(&with), list(&without)), before);
}

#[test]
fn a_link_to_a_file_stays_a_link() {
    let home = Home::new();
    fs::create_dir(home.at("dotfiles")).unwrap();
    let path = home.write("dotfiles/accounts.xml", ACCOUNTS);
    symlink("dotfiles/accounts.xml", home.at("accounts.xml")).unwrap();
    let mut change = insert(&path);
    change.path = home.at("accounts.xml");
    apply(&[change], &home.options(), &[]).unwrap();
    assert_eq!(fs::read_link(home.at("accounts.xml")).unwrap(), Path::new("dotfiles/accounts.xml"));
    assert_eq!(fs::read_to_string(home.at("accounts.xml")).unwrap(), format!("x{ACCOUNTS}"));
    assert_eq!(undo(None, &home.options()).unwrap().files[0].0, home.at("accounts.xml"));
    assert_eq!(fs::read_to_string(&path).unwrap(), ACCOUNTS);
    assert!(fs::symlink_metadata(home.at("accounts.xml")).unwrap().is_symlink());
}

#[test]
fn owners_stay_when_root_repairs() {
    if !rustix::process::geteuid().is_root() {
        println!("skipped: not root");
        return;
    }
    let home = Home::new();
    let owner = |path: &Path| {
        let metadata = fs::metadata(path).unwrap();
        (metadata.uid(), metadata.gid(), metadata.mode() & 0o7777)
    };
    let text_path = home.write("accounts.xml", ACCOUNTS);
    let gone = home.write("accounts.xml~", ACCOUNTS);
    let (path, logged) = (home.at("settings.sqlite"), home.at("logged.sqlite"));
    database(&path, false);
    database(&logged, true);
    // Somebody is reading, so that the log cannot be removed.
    let reader = rusqlite::Connection::open(&logged).unwrap();
    reader.query_row("SELECT count(*) FROM message", [], |row| row.get::<_, i64>(0)).unwrap();
    let all = [&text_path, &gone, &path, &logged];
    for path in all.into_iter().chain([&home.at("logged.sqlite-wal"), &home.at("logged.sqlite-shm"), &home.at("")])
    {
        chown(path, Some(61_001), Some(61_002)).unwrap();
    }
    for path in all {
        fs::set_permissions(path, fs::Permissions::from_mode(0o640)).unwrap();
    }
    let cell = || {
        let key = ("account", Scalar::Text("me@example.org".into()));
        in_cell("account_settings", key, "settings", Splice::forget(span(settings(), SECRET)))
    };
    let changes = [
        insert(&text_path),
        change(&gone, xmpp_audit::fix::Content::Gone),
        rows(&path, vec![vec![cell()]]),
        rows(&logged, vec![vec![cell()]]),
    ];
    apply(&changes, &home.keeping(), &[]).unwrap();
    let check = |names: &[&str]| {
        for name in home.names() {
            assert_eq!((owner(&home.at(&name)).0, owner(&home.at(&name)).1), (61_001, 61_002), "{name}");
        }
        assert!(names.iter().all(|name| owner(&home.at(name)).2 == 0o640));
    };
    check(&["accounts.xml", "settings.sqlite", "logged.sqlite"]);
    undo(None, &home.keeping()).unwrap();
    check(&["accounts.xml", "accounts.xml~", "settings.sqlite", "logged.sqlite"]);
    assert_eq!(fs::read_to_string(&gone).unwrap(), ACCOUNTS);
    drop(reader);
}

#[test]
fn an_immutable_file_stays_as_it_is() {
    let home = Home::new();
    let path = home.write("accounts.xml", ACCOUNTS);
    let change = insert(&path);
    let chattr =
        |flag: &str| Command::new("chattr").arg(flag).arg(&path).status().is_ok_and(|status| status.success());
    if !chattr("+i") {
        println!("skipped: files cannot be made immutable here");
        return;
    }
    let error = apply(&[change], &home.options(), &[]).map(drop).unwrap_err().to_string();
    let names = home.names();
    assert!(chattr("-i"));
    assert!(error.contains("immutable"), "{error}");
    assert_eq!((names, fs::read_to_string(&path).unwrap()), (vec!["accounts.xml".to_owned()], ACCOUNTS.to_owned()));
}
