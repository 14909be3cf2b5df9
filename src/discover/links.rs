//! Links to folders that lie on the way to a client’s files: `~/.purple` that leads into a repository of dotfiles.

use std::path::Path;

use super::Names;
use super::pattern::{self, LastListed, Matches};
use crate::clients::dotfiles;

/// The files that clients would find behind a link, whatever lies in front of it.
pub(super) fn look_behind(link: &Path, names: &Names) -> Matches {
    let mut matches = Matches::default();
    let mut last = LastListed::default();
    for rest in ways_on(link, names) {
        let more = pattern::find(link, &rest, &mut last);
        matches.paths.extend(more.paths);
        matches.closed.extend(more.closed);
    }
    for paths in [&mut matches.paths, &mut matches.closed] {
        paths.sort_unstable();
        paths.dedup();
    }
    matches
}

/// Whether a path may lie on the way to a client’s files.
pub(super) fn leads_on(path: &Path, names: &Names) -> bool {
    !ways_on(path, names).is_empty()
}

/// Whether a client would look for a file of its own at a path like this, whatever lies in front of it.
pub(super) fn is_known_place(path: &Path, names: &Names) -> bool {
    // A pattern of names also fits what is none of the client’s.
    names.places().any(|place| {
        let parts: Vec<&str> = place.split('/').collect();
        parts.last().is_some_and(|name| !name.contains('*')) && ends_with(path, &parts)
    })
}

/// What is left of the known places once a path has been gone.
fn ways_on(path: &Path, names: &Names) -> Vec<String> {
    let mut ways = Vec::new();
    for place in names.places() {
        let parts: Vec<&str> = place.split('/').collect();
        for gone in 1..parts.len() {
            let (before, rest) = parts.split_at(gone);
            if ends_with(path, before) {
                ways.push(rest.join("/"));
            }
        }
    }
    ways
}

fn ends_with(path: &Path, parts: &[&str]) -> bool {
    let mut folder = Some(path);
    parts.iter().rev().all(|part| {
        let Some(here) = folder else { return false };
        folder = here.parent();
        pattern::fits(dotfiles::Name::of(here).plain.as_bytes(), part.as_bytes())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_on_a_clients_way_lead_on() {
        let names = Names::new(&|_| true);
        let ways = |path: &str| ways_on(Path::new(path), &names);
        assert!(ways("/home/alice/.purple").contains(&"accounts.xml".to_owned()));
        assert!(ways("/home/alice/.config").contains(&"gajim/settings.sqlite*".to_owned()));
        assert!(ways("x/.local/share").contains(&"dino/dino.db".to_owned()));
        assert!(ways("x/.var/app/im.dino.Dino").contains(&"data/dino/dino.db".to_owned()));
        assert!(ways("dots/dot_purple").contains(&"accounts.xml".to_owned()));
        for nowhere in ["/home/alice/Documents", "share", "/", "a/purple", "src/profanity"] {
            assert!(ways(nowhere).is_empty(), "{nowhere}");
        }
        assert!(!leads_on(Path::new("/home/alice/.purple"), &Names::new(&|client| client.0 == "dino")));
    }

    #[test]
    fn known_places_are_known_wherever_a_home_lies() {
        let names = Names::new(&|_| true);
        let is_known = |path: &str| is_known_place(Path::new(path), &names);
        assert!(is_known("/srv/old/alice/.purple/accounts.xml"));
        assert!(is_known(".local/share/dino/dino.db"));
        assert!(!is_known("/srv/accounts.xml"));
        assert!(!is_known("/home/alice/.config/gajim/config.d"));
    }
}
