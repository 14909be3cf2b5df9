//! The homes of all users of a machine, or of a mounted disk.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::Home;

/// Where homes lie whose users stand in no file: those of a directory service, or of users who are gone.
const HOMES: &str = "home";

/// The user database.
const USERS: &str = "etc/passwd";

/// A user’s home, and what he is called, where that is known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct UsersHome {
    path: PathBuf,
    user: Option<String>,
}

/// Every home that the user database of the machine whose root folder this is names and that is there, and everything
/// in its `/home`; each once, in the order of the paths.
///
/// # Errors
/// If the user database cannot be read.
pub fn all_users(root: &Path) -> io::Result<Vec<Home>> {
    let mut homes = named(&fs::read(root.join(USERS))?, root);
    homes.extend(in_folder(&root.join(HOMES)));
    homes.retain(|home| home.path.is_dir());
    // The user database comes first, since it knows names.
    let mut seen = HashSet::new();
    homes.retain(|home| seen.insert(fs::canonicalize(&home.path).unwrap_or_else(|_| home.path.clone())));
    homes.sort();
    Ok(homes.into_iter().map(|home| Home::at(&home.path).of_user(home.user)).collect())
}

/// The homes that a user database names (passwd(5)).
fn named(users: &[u8], root: &Path) -> Vec<UsersHome> {
    let users = String::from_utf8_lossy(users);
    let homes = users.lines().filter_map(|line| {
        let fields: Vec<&str> = line.split(':').collect();
        let (name, home) = (*fields.first()?, *fields.get(5)?);
        let below = home.strip_prefix('/')?;
        Some(UsersHome { path: root.join(below), user: Some(name.to_owned()).filter(|name| !name.is_empty()) })
    });
    homes.collect()
}

/// What lies in the folder of homes; what is hidden there is no user’s.
fn in_folder(folder: &Path) -> Vec<UsersHome> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let names = entries.filter(|entry| !entry.file_name().as_encoded_bytes().starts_with(b"."));
    names.map(|entry| UsersHome { path: entry.path(), user: None }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_home_is_found_once() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        for path in ["etc", "root", "home/alice", "home/bob", "home/gone", "home/.snapshots", "srv/carol"] {
            fs::create_dir_all(root.join(path)).unwrap();
        }
        fs::write(root.join("home/file"), "").unwrap();
        fs::write(
            root.join("etc/passwd"),
            "root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65534::/nonexistent:/bin/false\n\
             alice:x:1000:1000:Alice,,,:/home/alice:/bin/bash\nalso-alice:x:1000:1000::/home/../home/alice/:/bin/sh\n\
             carol:x:1001:1001::/srv/carol:/bin/bash\n\nbroken\nrelative:x:1:1::home/bob:/bin/sh\n",
        )
        .unwrap();
        let homes = all_users(root).unwrap();
        let shown: Vec<_> = homes
            .iter()
            .map(|home| (home.root.strip_prefix(root).unwrap().to_str().unwrap(), home.user()))
            .collect();
        assert_eq!(
            shown,
            [
                ("home/alice", Some("alice")),
                ("home/bob", None),
                ("home/gone", None),
                ("root", Some("root")),
                ("srv/carol", Some("carol")),
            ]
        );
        assert!(all_users(&root.join("home")).is_err());
    }
}
