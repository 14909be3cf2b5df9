//! Where a path leads, found one part at a time, so that nobody can lead the audit astray.
//!
//! Whoever owns a folder can put a link into the place of anything in it at any moment. So links are not left to the
//! system: each folder on the way is held open, each link is read and judged, and what is opened at the end is what
//! was looked at. Paths may be longer than the system takes them in one piece.

#[cfg(target_os = "linux")]
mod held;
#[cfg(any(test, not(target_os = "linux")))]
#[cfg_attr(target_os = "linux", allow(dead_code, reason = "tested wherever tests run"))]
mod named;
#[cfg(target_os = "linux")]
mod pseudo;

#[cfg(target_os = "linux")]
pub(super) use held::{Located, Places};
#[cfg(not(target_os = "linux"))]
pub(super) use named::{Located, Places};
#[cfg(target_os = "linux")]
pub(super) use pseudo::is_pseudo;

/// The most entries of one folder that are looked at.
const MOST_ENTRIES: usize = 65_536;

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::path::Path;

    use super::*;
    use crate::model::Trouble;

    /// Both ways of finding things, told apart by name.
    fn real(path: &Path) -> [Result<std::path::PathBuf, Trouble>; 2] {
        [Places::default().locate(path).map(|at| at.real()), named::Places.locate(path).map(|at| at.real())]
    }

    #[test]
    fn leads_where_the_system_would_lead() {
        let folder = tempfile::tempdir().unwrap();
        let top = fs::canonicalize(folder.path()).unwrap();
        fs::create_dir_all(top.join("a/b")).unwrap();
        fs::write(top.join("a/file"), "content").unwrap();
        for (goal, link) in [
            ("a", "to-folder"),
            ("a/file", "to-file"),
            ("to-folder/b/../file", "back"),
            ("loop", "loop"),
            ("gone", "dangling"),
            (".", "here"),
            ("/", "root"),
        ] {
            symlink(goal, top.join(link)).unwrap();
        }
        for path in ["a/file", "to-folder/file", "to-file", "back", "a/b/../file", "./a/./file", "here/here/a/file"]
        {
            assert_eq!(real(&top.join(path)), [Ok(top.join("a/file")), Ok(top.join("a/file"))], "{path}");
        }
        assert_eq!(real(&top.join("to-folder/..")), [Ok(top.clone()), Ok(top.clone())]);
        assert_eq!(real(&top.join("root")), [Ok("/".into()), Ok("/".into())]);
        assert_eq!(real(Path::new("/")), [Ok("/".into()), Ok("/".into())]);
        for (path, why) in [
            ("loop", Trouble::LinkLoop),
            ("dangling", Trouble::DanglingLink),
            ("gone", Trouble::Missing),
            ("a/file/inner", Trouble::Missing),
            ("to-folder/gone", Trouble::Missing),
        ] {
            assert_eq!(real(&top.join(path)), [Err(why.clone()), Err(why)], "{path}");
        }
    }

    #[test]
    fn lists_and_opens_what_it_found() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a", "b", "b-wal"] {
            fs::write(folder.path().join(name), name).unwrap();
        }
        symlink("b-wal", folder.path().join("a-wal")).unwrap();
        let path = folder.path().join("a");
        let held = (Places::default().locate(folder.path()).unwrap(), Places::default().locate(&path).unwrap());
        let named = (named::Places.locate(folder.path()).unwrap(), named::Places.locate(&path).unwrap());
        for mut entries in [held.0.entries(), named.0.entries()] {
            entries.sort_unstable();
            assert_eq!(entries, ["a", "a-wal", "b", "b-wal"]);
        }
        assert!(held.1.entries().is_empty() && named.1.entries().is_empty());
        assert_eq!(held.1.identity(), named.1.identity());
        assert_eq!((held.1.permissions(), held.1.folder()), (named.1.permissions(), named.1.folder()));
        assert_eq!(held.1.beside("-wal").unwrap().real(), named.1.beside("-wal").unwrap().real());
        for open in [held.1.open(), named.1.open()] {
            assert_eq!(std::io::read_to_string(open.unwrap().file).unwrap(), "a");
        }
        for open in [held.0.open(), named.0.open()] {
            assert_eq!(open.unwrap_err(), Trouble::NotRegular);
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_was_put_into_its_place_is_not_opened() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("file"), "content").unwrap();
        fs::write(at("other"), "content").unwrap();
        let located = Places::default().locate(&at("file")).unwrap();
        fs::rename(at("other"), at("file")).unwrap();
        assert_eq!(located.open().unwrap_err(), Trouble::KeepsChanging);
        fs::remove_file(at("file")).unwrap();
        symlink("/etc/passwd", at("file")).unwrap();
        assert!(located.open().is_err());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn windows_into_the_kernel_are_no_files() {
        for path in ["/proc/self/mem", "/proc/self/environ", "/proc/kmsg", "/sys/kernel/uevent_seqnum"] {
            if let Ok(located) = Places::default().locate(Path::new(path)) {
                assert_eq!(located.open().unwrap_err(), Trouble::NotRegular, "{path}");
            }
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn depth_does_not_matter() {
        let folder = tempfile::tempdir().unwrap();
        let mut inner =
            rustix::fs::open(folder.path(), rustix::fs::OFlags::PATH, rustix::fs::Mode::empty()).unwrap();
        let name = "d".repeat(200);
        let mut path = fs::canonicalize(folder.path()).unwrap();
        for _ in 0..60 {
            rustix::fs::mkdirat(&inner, &name, 0o700.into()).unwrap();
            inner = rustix::fs::openat(&inner, &name, rustix::fs::OFlags::PATH, rustix::fs::Mode::empty()).unwrap();
            path.push(&name);
        }
        assert!(fs::metadata(&path).is_err());
        assert_eq!(Places::default().locate(&path).unwrap().real(), path);
        assert_eq!(Places::default().locate(&path.join("gone")).unwrap_err(), Trouble::Missing);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn but_there_is_an_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = fs::canonicalize(folder.path()).unwrap();
        let deep = path.join("d/".repeat(crate::model::limits::DEPTH - path.components().count()));
        fs::create_dir_all(deep.join("e/f")).unwrap();
        let found = |path: &Path| Places::default().locate(path).map(|_| ());
        assert_eq!(found(&deep), Ok(()));
        assert_eq!(found(&deep.join("e/f")), Err(Trouble::TooDeep));
        // Nor by way of a link.
        symlink(&deep, path.join("link")).unwrap();
        assert_eq!(found(&path.join("link/e/f")), Err(Trouble::TooDeep));
    }

    /// As root, since only root can own what is somebody else's.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_link_of_one_user_leads_to_no_secret_of_another() {
        use std::os::unix::fs::{chown, lchown};
        if !rustix::process::geteuid().is_root() {
            return;
        }
        let (alice, bob) = (Some(61_001), Some(61_002));
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let set = |name: &str, mode| fs::set_permissions(at(name), fs::Permissions::from_mode(mode)).unwrap();
        for (name, owner) in [("alice", alice), ("bob", bob)] {
            fs::create_dir(at(name)).unwrap();
            fs::write(at(name).join("accounts"), "content").unwrap();
            chown(at(name), owner, owner).unwrap();
            chown(at(name).join("accounts"), owner, owner).unwrap();
        }
        for (goal, link, owner) in [
            ("../bob/accounts", "alice/to-file", alice),
            ("../bob", "alice/to-folder", alice),
            ("accounts", "alice/own", alice),
            ("../bob/accounts", "alice/of-root", Some(0)),
        ] {
            symlink(goal, at(link)).unwrap();
            lchown(at(link), owner, owner).unwrap();
        }
        let found = |path: &str| Places::default().locate(&at(path)).map(|_| ());
        set("", 0o755);
        set("bob", 0o755);
        set("bob/accounts", 0o600);
        assert_eq!(found("alice/to-file"), Err(Trouble::ForeignLink));
        assert_eq!(found("alice/to-folder/accounts"), Err(Trouble::ForeignLink));
        assert_eq!((found("alice/own"), found("alice/of-root"), found("bob/accounts")), (Ok(()), Ok(()), Ok(())));
        let named =
            |source: &str, path: &str| crate::source::Reader::default().named_by(&at(source), &at(path)).is_some();
        assert!(!named("alice/accounts", "bob/accounts") && named("bob/accounts", "bob"));
        // What everybody may read, she may read as well; but not where nobody may enter.
        set("bob/accounts", 0o644);
        assert_eq!((found("alice/to-file"), found("alice/to-folder/accounts")), (Ok(()), Ok(())));
        set("bob", 0o750);
        assert_eq!(found("alice/to-file"), Err(Trouble::ForeignLink));
        assert_eq!(found("alice/to-folder/accounts"), Err(Trouble::ForeignLink));
    }
}
