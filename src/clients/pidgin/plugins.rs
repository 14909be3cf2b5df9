//! Which plugins are loaded (`purple_plugins_load_saved` of libpurple's `plugin.c`, 2.14).

use std::collections::HashSet;

use super::preferences::{Item, Kind, Preferences};

/// The user interfaces of libpurple's that are known here, each with its list of loaded plugins.
const INTERFACES: [(&str, &str); 2] = [(PIDGIN, PIDGIN_LIST), ("gnt-purple", "/finch/plugins/loaded")];

/// What Pidgin calls itself in `accounts.xml`.
const PIDGIN: &str = "gtk-gaim";
const PIDGIN_LIST: &str = "/pidgin/plugins/loaded";

/// Encrypts with OTR; its next version shares its preferences. They are plugins of Pidgin only.
const OTR: [&str; 2] = ["pidgin-otr", "pidgin-otrng"];
/// Encrypts with OMEMO.
const LURCH: [&str; 1] = ["lurch"];
/// Further plugins that encrypt in ways of their own.
const OTHER_ENCRYPTION: [&str; 3] = ["encrypt", "pidgin-encryption", "pidgin-gpg"];

/// The plugins that encrypt from end to end, by the item that has them loaded.
#[derive(Debug, Default)]
pub(super) struct Encrypting<'p> {
    /// OTR.
    pub otr: Option<&'p Item>,
    /// OMEMO, with the list in which it stands.
    pub lurch: Option<(&'static str, &'p Item)>,
    /// Some other.
    pub has_other: bool,
}

impl<'p> Encrypting<'p> {
    /// Those that are loaded where `is_used` holds of the user interface.
    pub(super) fn of(preferences: &'p Preferences, is_used: impl Fn(&str) -> bool) -> Self {
        let find = |stems: &[&str]| {
            let lists = INTERFACES.into_iter().filter(|(interface, _)| is_used(interface));
            lists.map(|(_, list)| list).find_map(|list| Some((list, loaded(preferences, list, stems)?)))
        };
        Self {
            otr: is_used(PIDGIN).then(|| loaded(preferences, PIDGIN_LIST, &OTR)).flatten(),
            lurch: find(&LURCH),
            has_other: find(&OTHER_ENCRYPTION).is_some(),
        }
    }

    /// Whether there is none.
    pub(super) const fn is_empty(&self) -> bool {
        self.otr.is_none() && self.lurch.is_none() && !self.has_other
    }
}

/// Whether a user interface is one whose list of plugins is known.
pub(super) fn knows(interface: &str) -> bool {
    INTERFACES.iter().any(|(known, _)| *known == interface)
}

/// Whether a plugin is loaded in any user interface.
pub(super) fn is_loaded(preferences: &Preferences, stem: &str) -> bool {
    INTERFACES.iter().any(|(_, list)| loaded(preferences, list, &[stem]).is_some())
}

fn loaded<'p>(preferences: &'p Preferences, list: &str, stems: &[&str]) -> Option<&'p Item> {
    preferences
        .items(list, Kind::PathList)
        .iter()
        .find(|item| stem_of_path(&item.value).is_some_and(|stem| stems.contains(&stem)))
}

/// What libpurple finds a plugin by that lies elsewhere than it did: its file's name, without the extension of a
/// library. A path without folders is none to it.
fn stem_of_path(path: &str) -> Option<&str> {
    Some(stem(path.rsplit_once(['/', '\\'])?.1))
}

/// A file's name without the extension of a library.
pub(super) fn stem(name: &str) -> &str {
    [".so", ".dll", ".sl"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name)
}

/// The items of all lists, each plugin once: what it is found by, its list, and its item.
pub(super) fn listed(preferences: &Preferences) -> Vec<(&str, &'static str, &Item)> {
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    for (_, list) in INTERFACES {
        for item in preferences.items(list, Kind::PathList) {
            let stem = stem_of_path(&item.value).filter(|stem| !stem.is_empty() && seen.insert(*stem));
            found.extend(stem.map(|stem| (stem, list, item)));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_plugins_by_the_name_of_their_file() {
        for (path, stem) in [
            ("/usr/lib/pidgin/pidgin-otr.so", Some("pidgin-otr")),
            ("C:\\Program Files\\Pidgin\\plugins\\pidgin-otr.dll", Some("pidgin-otr")),
            ("/usr/lib/pidgin/pidgin-otr.so.bak", Some("pidgin-otr.so.bak")),
            ("/usr/lib/pidgin/pidgin-otr", Some("pidgin-otr")),
            ("/home/a/.purple/plugins/x.pl", Some("x.pl")),
            ("pidgin-otr.so", None),
        ] {
            assert_eq!(stem_of_path(path), stem, "{path}");
        }
    }
}
