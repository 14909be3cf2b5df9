//! Which names are worth a look, decided for every entry of a walk.

use aho_corasick::automaton::Automaton;
use aho_corasick::dfa::{Builder, DFA};
use aho_corasick::{Anchored, Input};

use super::{CONFIGURATIONS, Home};
use crate::clients::{CLIENTS, Client, dotfiles};
use crate::model::ClientName;

/// Tells names that may be wanted from all others.
pub(super) struct Names {
    places: Vec<String>,
    /// Everything without which no client takes a name for its own, looked for at once and in any case. None if the
    /// automaton cannot be built; then every client is asked.
    parts: Option<DFA>,
    clients: Vec<&'static dyn Client>,
}

impl Names {
    /// The names that these clients are asked about.
    pub(super) fn new(wanted: &dyn Fn(ClientName) -> bool) -> Self {
        let clients: Vec<_> = CLIENTS.into_iter().filter(|client| wanted(client.name())).collect();
        let of_clients = clients.iter().flat_map(|client| client.name_parts()).copied();
        let all = of_clients.chain(CONFIGURATIONS).chain([dotfiles::NIX]);
        let parts = Builder::new().ascii_case_insensitive(true).prefilter(false).build(all).ok();
        let places = clients.iter().flat_map(|client| client.known_places()).map(Home::usual_path).collect();
        Self { places, parts, clients }
    }

    /// Where these clients keep their files below a home.
    pub(super) fn places(&self) -> impl Iterator<Item = &str> {
        self.places.iter().map(String::as_str)
    }

    /// Whether a file of that name may be wanted, by one of the clients or for another reason.
    pub(super) fn may_be(&self, name: &[u8]) -> bool {
        self.has_part(name) && (self.is_clients(name) || is_configuration(name) || dotfiles::may_be_nix(name))
    }

    /// Whether one of the clients takes a file of that name for its own.
    pub(super) fn is_clients(&self, name: &[u8]) -> bool {
        self.clients.iter().any(|client| client.may_be_named(name))
    }

    fn has_part(&self, name: &[u8]) -> bool {
        let Some(parts) = &self.parts else { return true };
        let input = Input::new(name).anchored(Anchored::No).earliest(true);
        parts.try_find(&input).map_or(true, |found| found.is_some())
    }
}

/// Whether a file of that name is a configuration.
pub(super) fn is_configuration(name: &[u8]) -> bool {
    CONFIGURATIONS.iter().any(|configuration| configuration.as_bytes() == name)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn names() -> Names {
        Names::new(&|_| true)
    }

    #[test]
    fn every_file_of_a_known_place_is_looked_at() {
        let names = names();
        for place in CLIENTS.iter().flat_map(|client| client.known_places()) {
            // Certificates bear the names of servers: their client looks for them itself.
            if place.path.ends_with("/*") {
                continue;
            }
            let name = place.path.rsplit('/').next().unwrap().replace('*', "accounts");
            assert!(names.may_be(name.as_bytes()), "{name}");
            assert!(names.may_be(format!("private_{name}").as_bytes()), "{name}");
        }
        for name in CONFIGURATIONS.into_iter().chain(["home.nix"]) {
            assert!(names.may_be(name.as_bytes()), "{name}");
        }
    }

    #[test]
    fn most_names_are_not() {
        let names = names();
        for name in ["", "index.js", "photo.jpg", "README.md", "objects", "config.json", "\u{fffd}"] {
            assert!(!names.may_be(name.as_bytes()), "{name}");
        }
        assert!(!Names::new(&|client| client.0 == "dino").may_be(b"profrc"));
    }

    /// Pieces of names that clients know, in all spellings of dotfiles managers, and anything else.
    fn name() -> impl Strategy<Value = Vec<u8>> {
        let parts = CLIENTS.iter().flat_map(|client| client.name_parts()).copied();
        let marks =
            ["dot_", "private_", "encrypted_", ".tmpl", ".age", "##os.Linux", ".", "~", "_", ".bak", ".xml"];
        let piece = prop_oneof![
            proptest::sample::select(parts.chain(marks).collect::<Vec<_>>())
                .prop_map(|part| part.as_bytes().to_vec()),
            proptest::sample::select(KNOWN_NAMES.to_vec()).prop_map(|part| part.as_bytes().to_vec()),
            proptest::collection::vec(any::<u8>(), 0..4),
        ];
        (proptest::collection::vec(piece, 1..5), any::<bool>()).prop_map(|(pieces, shout)| {
            let name = pieces.concat();
            if shout { name.to_ascii_uppercase() } else { name }
        })
    }

    const KNOWN_NAMES: [&str; 8] =
        ["conf", "desktop", "service", "fish", "profile", "config", "otr.private_key", "settings.sqlite"];

    proptest! {
        #[test]
        fn no_client_would_take_what_is_passed_over(name in name()) {
            let names = names();
            prop_assert!(!names.is_clients(&name) || names.has_part(&name), "{}", String::from_utf8_lossy(&name));
        }
    }
}
