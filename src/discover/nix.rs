//! Settings that stand in a text of Nix, for home-manager to write out.

use super::SOME_FILE;
use crate::clients::startup::Startup;
use crate::clients::{CLIENTS, Client};
use crate::model::{Purpose, Trouble};
use crate::source::Reader;
use crate::syntax::contains;

use std::path::Path;

/// The largest file of Nix that is looked at, in bytes. Those that people write by hand are a few KiB.
const BOUND: usize = 256 << 10;

/// What home-manager writes a text out by: `home.file.".purple/prefs.xml".text = ''...''`.
const TEXT: &[u8] = b".text";

/// Whether the name is one of Nix's.
pub(super) fn may_be_named(name: &[u8]) -> bool {
    name.ends_with(b".nix")
}

/// That settings of a client stand in a file of Nix's, where they do. What home-manager makes of them can be read
/// where it writes them; here they are not.
pub(super) fn look_at(path: &Path, reader: &Reader) -> Option<Trouble> {
    let text = reader.look_at(path, SOME_FILE).and_then(|_| reader.head(path, BOUND)).ok()?;
    if !contains(&text, TEXT) {
        return None;
    }
    let clients = CLIENTS.iter().filter(|client| client.name() != Startup.name());
    let mut settings = clients.flat_map(|client| client.known_places()).filter(|place| {
        matches!(place.kind.1, Purpose::Settings) && place.path.contains('/') && !place.path.contains('*')
    });
    settings.any(|place| contains(&text, place.path.as_bytes())).then_some(Trouble::InNixText)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_in_nix_are_seen() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("home.nix");
        let said = |text: &str| {
            std::fs::write(&path, text).unwrap();
            look_at(&path, &Reader::default())
        };
        let profrc = "{ xdg.configFile.\"profanity/profrc\".text = ''\n[connection]\n''; }\n";
        assert_eq!(said(profrc), Some(Trouble::InNixText));
        assert_eq!(said("{ home.file.\".purple/prefs.xml\".text = ''x''; }"), Some(Trouble::InNixText));
        assert_eq!(said("{ home.file.\".purple/prefs.xml\".source = ./prefs.xml; }"), None);
        assert_eq!(said("{ home.packages = [ pkgs.profanity ]; x.text = ''y''; }"), None);
    }
}
