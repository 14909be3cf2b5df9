//! Settings that stand in a text of Nix, for home-manager to write out.

use crate::clients::startup::Startup;
use crate::clients::{CLIENTS, Client};
use crate::model::Purpose;
use crate::syntax::contains;

/// What home-manager writes a text out by: `home.file.".purple/prefs.xml".text = ''...''`.
const TEXT: &[u8] = b".text";

/// What the names of Nix's files end with.
pub(crate) const NIX: &str = ".nix";

/// Whether the name is one of Nix's.
pub(crate) fn may_be_nix(name: &[u8]) -> bool {
    name.ends_with(NIX.as_bytes())
}

/// Whether settings of a client stand in a text of Nix. What home-manager makes of them can be read where it writes
/// them; here they are not.
pub(crate) fn holds_settings(text: &[u8]) -> bool {
    let clients = CLIENTS.iter().filter(|client| client.name() != Startup.name());
    let mut settings = clients.flat_map(|client| client.known_places()).filter(|place| {
        matches!(place.kind.1, Purpose::Settings) && place.path.contains('/') && !place.path.contains('*')
    });
    contains(text, TEXT) && settings.any(|place| contains(text, place.path.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_in_nix_are_seen() {
        let holds = |text: &str| holds_settings(text.as_bytes());
        assert!(holds("{ xdg.configFile.\"profanity/profrc\".text = ''\n[connection]\n''; }\n"));
        assert!(holds("{ home.file.\".purple/prefs.xml\".text = ''x''; }"));
        assert!(!holds("{ home.file.\".purple/prefs.xml\".source = ./prefs.xml; }"));
        assert!(!holds("{ home.packages = [ pkgs.profanity ]; x.text = ''y''; }"));
    }
}
