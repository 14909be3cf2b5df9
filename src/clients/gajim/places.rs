//! Where Gajim's files lie in a home directory, and which of them belong together.

use std::path::{Path, PathBuf};

use super::kinds::{CERTIFICATE, HISTORY, OMEMO, OPENPGP, OTR, SESSIONS, SETTINGS, TEXT};
use super::names::{self, Name};
use crate::clients::{Base, Found, KnownPlace};

const fn settings(base: Base, path: &'static str) -> KnownPlace {
    KnownPlace::new(base, path, SETTINGS)
}

const fn text(base: Base, path: &'static str) -> KnownPlace {
    KnownPlace::new(base, path, TEXT)
}

/// Everything that is looked for. Names with a profile's suffix and leftovers are covered by the `*`.
///
/// What lies in the data folder of Flatpak, Snap and the like is found beside the settings, see `stores`.
pub(super) const KNOWN: &[KnownPlace] = &[
    settings(Base::Config, "gajim/settings.sqlite*"),
    text(Base::Config, "gajim/config*"),
    text(Base::Config, "gajim/.config*"),
    text(Base::Config, "gajim/temp_config*"),
    settings(Base::Config, "gajim.*/settings.sqlite*"),
    text(Base::Config, "gajim.*/config*"),
    KnownPlace::new(Base::Data, "gajim/cert_store*/*", CERTIFICATE),
    KnownPlace::new(Base::Data, "gajim/cacerts.pem", CERTIFICATE),
    KnownPlace::new(Base::Data, "gajim/omemo_*.db", OMEMO),
    KnownPlace::new(Base::Data, "gajim/*.key3", OTR),
    KnownPlace::new(Base::Data, "gajim/secrets*", SESSIONS),
    KnownPlace::new(Base::Data, "gajim/openpgp.db", OPENPGP),
    KnownPlace::new(Base::Data, "gajim/logs.db", HISTORY),
    KnownPlace::new(Base::Data, "gajim/logs.db.*", HISTORY),
    KnownPlace::new(Base::Data, "gajim.*/cert_store*/*", CERTIFICATE),
    KnownPlace::new(Base::Data, "gajim.*/omemo_*.db", OMEMO),
    KnownPlace::new(Base::Data, "gajim.*/openpgp.db", OPENPGP),
    KnownPlace::new(Base::Data, "gajim.*/logs.db", HISTORY),
    // 0.11 to 0.13, and what later versions left behind there.
    text(Base::Home, ".gajim/config*"),
    text(Base::Home, ".gajim/.config*"),
    // Flatpak, the development build too.
    settings(Base::Home, ".var/app/org.gajim.Gajim*/config/gajim/settings.sqlite*"),
    settings(Base::Home, ".var/app/org.gajim.Gajim*/config/gajim.*/settings.sqlite*"),
    text(Base::Home, ".var/app/org.gajim.Gajim*/config/gajim/config*"),
    // Snap, by convention.
    settings(Base::Home, "snap/*/current/.config/gajim/settings.sqlite*"),
    text(Base::Home, "snap/*/current/.config/gajim/config*"),
    // A Windows home, where names begin with a capital.
    settings(Base::Home, "AppData/Roaming/Gajim/Settings.sqlite*"),
    settings(Base::Home, "AppData/Roaming/Gajim.*/Settings.sqlite*"),
    text(Base::Home, "AppData/Roaming/Gajim/Config*"),
    // macOS.
    settings(Base::Home, "Library/Application Support/gajim/settings.sqlite*"),
    text(Base::Home, "Library/Application Support/gajim/config*"),
];

/// Folders of a home directory below which the configuration and data folders are not those of XDG.
const OWN_TREES: &[&str] = &[".gajim", ".var", "snap", "AppData", "Library"];

/// What the files of one profile have in common: their configuration folder and the profile's name.
pub(super) fn key(found: &Found) -> PathBuf {
    let name = found.path.file_name().unwrap_or_default().to_string_lossy();
    let Some(folder) = found.path.parent() else { return found.path.clone() };
    if let Some(suffix) = names::folder_suffix(folder) {
        let above = folder.parent().unwrap_or(folder);
        return with_profile(configuration_folder(above, found.home.as_deref()), &suffix);
    }
    match names::analyse(&name) {
        Some(Name { profile, .. }) => with_profile(configuration_folder(folder, found.home.as_deref()), &profile),
        None if names::is_store(&name) && is_gajim_folder(folder) => {
            with_profile(configuration_folder(folder, found.home.as_deref()), &names::store_suffix(&name))
        }
        // A renamed copy stands for itself.
        None => found.path.clone(),
    }
}

fn with_profile(folder: PathBuf, profile: &str) -> PathBuf {
    if profile.is_empty() { folder } else { folder.join(format!("profile {profile}")) }
}

/// The configuration folder that belongs to a configuration or data folder.
fn configuration_folder(folder: &Path, home: Option<&Path>) -> PathBuf {
    let Some(name) = folder.file_name() else { return folder.to_owned() };
    let above = folder.parent();
    if let Some(base) = above.and_then(|above| strip_end(above, &[".local", "share"])) {
        return base.join(".config").join(name);
    }
    if let Some(base) = above.and_then(|above| strip_end(above, &["data"]))
        && is_flatpak(base)
    {
        return base.join("config").join(name);
    }
    // An XDG variable may lead anywhere: such files belong to the home.
    if let Some(home) = home
        && !is_in_own_tree(folder, home)
    {
        return home.join(".config").join(name);
    }
    folder.to_owned()
}

/// The data folders that may belong to a configuration folder.
pub(super) fn data_folders(folder: &Path) -> Vec<PathBuf> {
    let mut folders = vec![folder.to_owned()];
    let (Some(name), Some(above)) = (folder.file_name(), folder.parent()) else { return folders };
    if let Some(base) = strip_end(above, &[".config"]) {
        folders.push(base.join(".local").join("share").join(name));
    } else if let Some(base) = strip_end(above, &["config"])
        && is_flatpak(base)
    {
        folders.push(base.join("data").join(name));
    }
    folders
}

/// The path without its last parts, if they are these.
fn strip_end<'a>(path: &'a Path, end: &[&str]) -> Option<&'a Path> {
    end.iter().rev().try_fold(path, |path, part| {
        if path.file_name().is_some_and(|name| name == *part) { path.parent() } else { None }
    })
}

fn is_flatpak(folder: &Path) -> bool {
    folder.file_name().is_some_and(|name| name.to_string_lossy().starts_with("org.gajim.Gajim"))
}

fn is_in_own_tree(folder: &Path, home: &Path) -> bool {
    let first = folder.strip_prefix(home).ok().and_then(|rest| rest.components().next());
    first.is_some_and(|first| OWN_TREES.iter().any(|tree| first.as_os_str() == *tree))
}

/// Whether a folder is named as Gajim's are: `gajim`, `gajim.NAME`, `.gajim`, also in a dotfiles repository.
pub(super) fn is_gajim_folder(folder: &Path) -> bool {
    let name = plain_name(folder);
    name == "gajim" || name == ".gajim" || name.starts_with("gajim.")
}

/// Whether a folder can be nobody else's: `.config/gajim` and its like.
pub(super) fn is_surely_gajim_folder(folder: &Path) -> bool {
    if !is_gajim_folder(folder) {
        return false;
    }
    let Some(above) = folder.parent() else { return false };
    plain_name(folder) == ".gajim"
        || matches!(plain_name(above).as_str(), ".config" | "roaming" | "application support")
        || strip_end(above, &["config"]).is_some_and(is_flatpak)
}

fn plain_name(folder: &Path) -> String {
    names::plain(&folder.file_name().unwrap_or_default().to_string_lossy())
}

/// Whether the file was written on Windows, where names begin with a capital.
pub(super) fn is_windows(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("Config"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key_of(path: &str, home: Option<&str>) -> PathBuf {
        key(&Found { path: path.into(), kind: TEXT, home: home.map(PathBuf::from) })
    }

    #[test]
    fn files_of_one_profile_belong_together() {
        let home = Some("/home/alice");
        let settings = key_of("/home/alice/.config/gajim/settings.sqlite", home);
        for path in [
            "/home/alice/.config/gajim/config",
            "/home/alice/.config/gajim/config.old",
            "/home/alice/.config/gajim/.config",
            "/home/alice/.local/share/gajim/cert_store/1f",
            "/home/alice/.local/share/gajim/omemo_a@b.db",
        ] {
            assert_eq!(key_of(path, home), settings, "{path}");
            assert_eq!(key_of(path, None), settings, "{path}");
        }
        assert_eq!(key_of("/xdg/gajim/settings.sqlite", home), settings);
        let flatpak = "/home/alice/.var/app/org.gajim.Gajim";
        assert_eq!(
            key_of(&format!("{flatpak}/config/gajim/settings.sqlite"), home),
            key_of(&format!("{flatpak}/data/gajim/logs.db"), home)
        );
        let named = key_of("/home/alice/.config/gajim/settings.sqlite.work", home);
        assert_ne!(named, settings);
        assert_eq!(key_of("/home/alice/.config/gajim/config.work.old", home), named);
        assert_eq!(key_of("/home/alice/.local/share/gajim/cert_store.work/2", home), named);
        assert_ne!(key_of("/home/alice/.config/gajim.work/settings.sqlite", home), settings);
        assert_ne!(key_of("/home/alice/.gajim/config", home), settings);
        // An XDG variable may lead to another folder of the home as well.
        assert_eq!(key_of("/home/alice/settings-of/gajim/settings.sqlite", home), settings);
        for alone in ["/backup/text-0.16.3.config", "/backup/logs.db", "/home/alice/.config/gajim/gajim-backup.txt"]
        {
            assert_eq!(key_of(alone, None), PathBuf::from(alone));
        }
        assert_eq!(key_of("/backup/data/gajim/logs.db", None), PathBuf::from("/backup/data/gajim"));
    }

    #[test]
    fn a_folder_of_data_may_lie_elsewhere() {
        let folders = |folder: &str| data_folders(Path::new(folder));
        assert_eq!(
            folders("/home/alice/.config/gajim"),
            [Path::new("/home/alice/.config/gajim"), Path::new("/home/alice/.local/share/gajim")]
        );
        let flatpak = "/home/alice/.var/app/org.gajim.Gajim";
        assert_eq!(
            folders(&format!("{flatpak}/config/gajim")),
            [Path::new(flatpak).join("config/gajim"), Path::new(flatpak).join("data/gajim")]
        );
        assert_eq!(folders("/backup/config/gajim"), [Path::new("/backup/config/gajim")]);
    }

    #[test]
    fn names_begin_with_a_capital_on_windows() {
        assert!(is_windows(Path::new("C/Users/alice/AppData/Roaming/Gajim/Config")));
        assert!(is_windows(Path::new("Config.work")));
        assert!(!is_windows(Path::new("/home/alice/.config/gajim/config")));
    }

    #[test]
    fn knows_folders_that_are_nobody_elses() {
        for folder in [
            "/home/alice/.config/gajim",
            "/dotfiles/private_dot_config/private_gajim",
            "/home/alice/.gajim",
            "/dotfiles/dot_gajim",
            "/c/Users/alice/AppData/Roaming/Gajim",
            "/home/alice/.var/app/org.gajim.Gajim.Devel/config/gajim.work",
        ] {
            assert!(is_surely_gajim_folder(Path::new(folder)), "{folder}");
        }
        for folder in ["/src/gajim", "/src/gajim/gajim", "/home/alice/.config/git", "/"] {
            assert!(!is_surely_gajim_folder(Path::new(folder)), "{folder}");
        }
    }
}
