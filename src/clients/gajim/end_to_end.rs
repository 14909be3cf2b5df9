//! Whether new conversations of an account are end-to-end encrypted.
//!
//! Up to 1.7 a plugin does that, conversation by conversation. From 1.8.0 on OMEMO is part of Gajim, and from 1.8.1 on
//! an account has a default, which is none.

use super::options::{self, Options};
use super::plugins::{self, Plugin};
use crate::model::{ClientVersion, EndToEnd, Origin, Setting, Version};

/// The option of an account, since 1.8.1.
pub(super) const DEFAULT: &str = "encryption_default";

/// The first version with plugins.
const PLUGINS: Version = Version::new(0, 15, 0);
/// The first version in which OMEMO needs none.
const OWN_OMEMO: Version = Version::new(1, 8, 0);

/// Judges an account.
pub(super) fn judge(options: &dyn Options, version: &ClientVersion, plugins: &[Plugin]) -> Setting<EndToEnd> {
    let default = options.text(DEFAULT);
    if matches!(default.origin, Origin::Written(_)) && options::counts(options, DEFAULT, &default) {
        return default.map(|word| of_word(&word));
    }
    let encrypting = plugins.iter().find(|plugin| plugin.active.value && plugins::encrypts(&plugin.name));
    let value = if version.is_since(OWN_OMEMO) || encrypting.is_some() {
        EndToEnd::DefaultOff
    } else if version.is_since(PLUGINS) && version.is_before(OWN_OMEMO) {
        EndToEnd::PluginMissing
    } else {
        // Before there were plugins there was OpenPGP, chosen for each contact; and where it is not known whether it
        // is 1.8 yet, it is not known whether a plugin is needed.
        EndToEnd::Undecided
    };
    options::named(options, DEFAULT, Setting::default(value, "", options.near().clone()))
}

fn of_word(word: &str) -> EndToEnd {
    match word {
        "" => EndToEnd::SwitchedOff,
        "OMEMO" | "OpenPGP" | "PGP" => EndToEnd::DefaultOn,
        _ => EndToEnd::Undecided,
    }
}
