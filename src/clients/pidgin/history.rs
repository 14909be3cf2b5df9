//! The logs of conversations, in folders of which only the permissions matter.

use std::path::{Path, PathBuf};

use super::places::LOG;
use crate::clients::dotfiles;
use crate::model::Profile;
use crate::source::Reader;

/// What libpurple calls the folder of XMPP's logs: the name of the icon (`jabber_list_icon`), which is another for
/// accounts of Google's and Facebook's.
const PROTOCOLS: [&str; 3] = ["jabber", "google-talk", "facebook"];

/// How many logs are looked at.
const MOST: usize = 10_000;

/// Looks at `logs/PROTOCOL/ACCOUNT/CONTACT/`; the most open log stands for all.
pub(super) fn add(profile: &mut Profile, reader: &Reader) {
    let Some(folder) = dotfiles::child(&profile.root, "logs", reader) else { return };
    let protocols = PROTOCOLS.iter().map(|protocol| folder.join(protocol));
    let contacts = protocols.flat_map(|folder| inside(&folder, reader)).flat_map(|folder| inside(&folder, reader));
    let logs = contacts.flat_map(|folder| inside(&folder, reader)).filter(|path| is_log(path)).take(MOST);
    if let Some(file) = reader.most_open(logs, LOG) {
        profile.add_file(file);
    }
}

fn inside(folder: &Path, reader: &Reader) -> impl Iterator<Item = PathBuf> + use<> {
    reader.list(folder).into_iter().take(MOST)
}

fn is_log(path: &Path) -> bool {
    let name = dotfiles::Name::of(path).plain;
    [".html", ".htm", ".txt"].iter().any(|end| name.ends_with(end))
}
