//! `profrc`: what of the preferences decides about all accounts.

use std::path::Path;

use super::folders;
use super::source::Source;
use crate::model::{Access, ExtraAuthority, Setting};
use crate::source::Reader;
use crate::syntax::keyfile;

/// Folders to which every user of a machine can write.
pub(super) const WRITABLE: &[&str] = &["/tmp", "/var/tmp", "/dev/shm"];

/// Folders under which users have their homes.
const HOMES: &[&str] = &["/home", "/root", "/Users", "/var/home", "/usr/home", "/data/data", "/cygdrive"];

/// The further folder of certificate authorities, `[connection] tls.certpath`. It is added to OpenSSL's own.
pub(super) fn extra_authority(source: &Source<'_>, reader: &Reader) -> Option<Setting<ExtraAuthority>> {
    let group = source.keys.group(b"connection")?;
    let entry = source.keys.effective(group, b"tls.certpath")?;
    let path = keyfile::string(source.keys.raw(entry.value)).ok().filter(|path| path != "none")?;
    let kind = if path.is_empty() { ExtraAuthority::Empty } else { judge(Path::new(&path), source, reader) };
    Some(Setting::written(kind, source.value_place(group, entry)))
}

fn judge(path: &Path, source: &Source<'_>, reader: &Reader) -> ExtraAuthority {
    if source.in_home && path.is_absolute() {
        match reader.folder_writable_by(path) {
            // OpenSSL passes over a path that is no folder.
            None => return ExtraAuthority::Missing,
            Some(Access::Everyone | Access::Group) => return ExtraAuthority::Writable,
            Some(Access::Owner | Access::Unknown) => {}
        }
    }
    let own_home = folders::folder_of(source.path).map(|folder| folder.base);
    let in_own_home = own_home.is_some_and(|home| !home.as_os_str().is_empty() && path.starts_with(home));
    if WRITABLE.iter().any(|folder| path.starts_with(folder)) {
        ExtraAuthority::Writable
    } else if in_own_home || !path.is_absolute() || HOMES.iter().any(|folder| path.starts_with(folder)) {
        // A relative path counts from where the client is started, mostly from the home.
        ExtraAuthority::Home
    } else {
        ExtraAuthority::System
    }
}
