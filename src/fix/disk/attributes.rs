//! What belongs to a file besides its content: owner, permissions, access lists, labels.

use std::fs::File;

use rustix::fs::{Gid, Mode, Stat, Uid, XattrFlags};
use rustix::io::Errno;

use super::spot::Spot;
use super::trouble::{FileError, FileTrouble};

/// The access list, which a folder may impose on what is created in it.
const ACCESS_LIST: &str = "system.posix_acl_access";

/// Gives a new file what belongs to an old one; its permission bits may become others.
pub(super) fn copy(old: &File, stat: &Stat, new: &File, mode: Option<u32>, spot: &Spot) -> Result<(), FileError> {
    set_owner(new, stat.st_uid, stat.st_gid, spot)?;
    copy_extended(old, new, spot)?;
    // Last: a change of owner takes some of them away.
    let mode = mode.map_or(stat.st_mode, |mode| stat.st_mode & !0o777 | mode & 0o777);
    set_mode(new, mode, spot)
}

/// Sets permission bits.
pub(super) fn set_mode(file: &File, mode: u32, spot: &Spot) -> Result<(), FileError> {
    rustix::fs::fchmod(file, Mode::from_raw_mode(mode & 0o7777))
        .map_err(|error| spot.denied("change its permissions", error))
}

/// Gives a file to an owner and a group.
pub(super) fn set_owner(file: &File, owner: u32, group: u32, spot: &Spot) -> Result<(), FileError> {
    let now = rustix::fs::fstat(file).map_err(spot.wrong("look at it"))?;
    let owner = (now.st_uid != owner).then(|| Uid::from_raw(owner));
    let group = (now.st_gid != group).then(|| Gid::from_raw(group));
    if owner.is_none() && group.is_none() {
        return Ok(());
    }
    rustix::fs::fchown(file, owner, group).map_err(|_| spot.error(FileTrouble::Owner))
}

fn copy_extended(old: &File, new: &File, spot: &Spot) -> Result<(), FileError> {
    let (names, given) = (names_of(old), names_of(new));
    let kept = |name: &&String| is_kept(name);
    for name in names.iter().filter(kept) {
        let lost = || spot.error(FileTrouble::Attribute(name.clone()));
        let value = value_of(old, name).ok_or_else(lost)?;
        if value_of(new, name).as_ref() == Some(&value) {
            continue;
        }
        match rustix::fs::fsetxattr(new, name.as_str(), &value, XattrFlags::empty()) {
            Ok(()) => {}
            // Labels are given by the system where this is forbidden.
            Err(Errno::PERM | Errno::ACCESS | Errno::OPNOTSUPP) if !is_users(name) => {}
            Err(error @ (Errno::NOSPC | Errno::DQUOT)) => return Err(spot.wrong("copy its attributes")(error)),
            Err(_) => return Err(lost()),
        }
    }
    // What the folder has imposed and the old file did not have.
    for name in given.iter().filter(|name| is_users(name) && !names.contains(name)) {
        let _ = rustix::fs::fremovexattr(new, name.as_str());
    }
    Ok(())
}

/// Whether its user would miss it.
fn is_users(name: &str) -> bool {
    name == ACCESS_LIST || name.starts_with("user.")
}

/// What is copied. The hashes and signatures of the system's own measurements are of one content, not of a file.
fn is_kept(name: &str) -> bool {
    is_users(name)
        || name.starts_with("security.SMACK64")
        || name == "security.selinux"
        || name.starts_with("trusted.")
}

fn names_of(file: &File) -> Vec<String> {
    let mut buffer = vec![0; rustix::fs::flistxattr_query(file).unwrap_or_default()];
    let length = rustix::fs::flistxattr(file, &mut buffer).unwrap_or_default();
    let names = buffer.get(..length).unwrap_or_default().split(|byte| *byte == 0);
    names
        .filter_map(|name| std::str::from_utf8(name).ok())
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

fn value_of(file: &File, name: &str) -> Option<Vec<u8>> {
    let mut buffer = vec![0; rustix::fs::fgetxattr_query(file, name).ok()?];
    let length = rustix::fs::fgetxattr(file, name, &mut buffer).ok()?;
    buffer.truncate(length);
    Some(buffer)
}
