//! Which files feed a client's environment or start it, and how each is written.

use std::path::Path;

use crate::clients::{Base, HEAD, KnownPlace, dotfiles};
use crate::model::{FileKind, Purpose};
use crate::syntax::contains;

const SHELL: FileKind = FileKind("shell start-up file", Purpose::Settings);
const FISH: FileKind = FileKind("fish configuration", Purpose::Settings);
const ENVIRONMENT: FileKind = FileKind("session environment", Purpose::Settings);
const PAM: FileKind = FileKind("login environment", Purpose::Settings);
const DESKTOP: FileKind = FileKind("desktop entry", Purpose::Settings);
const SERVICE: FileKind = FileKind("D-Bus service", Purpose::Settings);
const UNIT: FileKind = FileKind("systemd unit", Purpose::Settings);
const OVERRIDE: FileKind = FileKind("Flatpak override", Purpose::Settings);

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Grammar {
    /// Commands of a shell of the Bourne family.
    Shell,
    /// Commands of fish.
    Fish,
    /// `NAME=VALUE` lines (environment.d(5)).
    Variables,
    /// `NAME DEFAULT=VALUE` lines (pam_env.conf(5)).
    Pam,
    /// Groups of `key=value` lines.
    Entries,
}

/// Where they lie.
pub(super) const PLACES: [KnownPlace; 28] = [
    KnownPlace::new(Base::Home, ".profile", SHELL),
    KnownPlace::new(Base::Home, ".bash_profile", SHELL),
    KnownPlace::new(Base::Home, ".bash_login", SHELL),
    KnownPlace::new(Base::Home, ".bashrc", SHELL),
    KnownPlace::new(Base::Home, ".bash_aliases", SHELL),
    KnownPlace::new(Base::Home, ".zshenv", SHELL),
    KnownPlace::new(Base::Home, ".zprofile", SHELL),
    KnownPlace::new(Base::Home, ".zshrc", SHELL),
    KnownPlace::new(Base::Home, ".zlogin", SHELL),
    KnownPlace::new(Base::Home, ".xsessionrc", SHELL),
    KnownPlace::new(Base::Home, ".xsession", SHELL),
    KnownPlace::new(Base::Home, ".xinitrc", SHELL),
    KnownPlace::new(Base::Home, ".xprofile", SHELL),
    KnownPlace::new(Base::Home, ".pam_environment", PAM),
    KnownPlace::new(Base::Config, "environment.d/*.conf", ENVIRONMENT),
    KnownPlace::new(Base::Config, "fish/config.fish", FISH),
    KnownPlace::new(Base::Config, "fish/conf.d/*.fish", FISH),
    KnownPlace::new(Base::Config, "fish/functions/*.fish", FISH),
    KnownPlace::new(Base::Config, "autostart/*.desktop", DESKTOP),
    KnownPlace::new(Base::Data, "applications/*.desktop", DESKTOP),
    KnownPlace::new(Base::Data, "dbus-1/services/*.service", SERVICE),
    KnownPlace::new(Base::Config, "systemd/user/*.service", UNIT),
    KnownPlace::new(Base::Config, "systemd/user/*.service.d/*.conf", UNIT),
    KnownPlace::new(Base::Data, "systemd/user/*.service", UNIT),
    KnownPlace::new(Base::Data, "flatpak/overrides/im.dino.Dino", OVERRIDE),
    KnownPlace::new(Base::Data, "flatpak/overrides/im.github.rallep71.DinoX", OVERRIDE),
    KnownPlace::new(Base::Data, "flatpak/overrides/global", OVERRIDE),
    KnownPlace::new(Base::Home, "Desktop/*.desktop", DESKTOP),
];

/// Names of shells' files, without the dot and without what dotfiles managers put before it.
const SHELL_NAMES: [&str; 13] = [
    "profile",
    "bash_profile",
    "bash_login",
    "bashrc",
    "bash_aliases",
    "zshenv",
    "zprofile",
    "zshrc",
    "zlogin",
    "xsessionrc",
    "xsession",
    "xinitrc",
    "xprofile",
];
const PAM_NAME: &str = "pam_environment";
const OVERRIDE_NAMES: [&str; 3] = ["im.dino.Dino", "im.github.rallep71.DinoX", "global"];
const SUFFIXES: [&str; 4] = [".desktop", ".service", ".conf", ".fish"];

/// Files of shells that only somebody at a terminal reads.
const INTERACTIVE: [&str; 3] = ["bashrc", "bash_aliases", "zshrc"];

/// What only a file about a chat client has in it.
const OF_CLIENTS: [&[u8]; 5] =
    [b"GIO_USE_TLS", b"GIO_MODULE_DIR", b"DINO_PLUGIN_DIR", b"--print-xmpp", b"profanity"];

/// What a file may say to a chat client that is about other programs.
const OF_OTHERS: [&[u8]; 4] = [b"all_proxy", b"ALL_PROXY", b"https_proxy", b"HTTPS_PROXY"];

/// What takes back what another file says.
const TAKEN_BACK: [&[u8]; 5] = [b"http_proxy", b"HTTP_PROXY", b"torsocks", b"torify", b"proxychains"];

/// Pieces one of which stands in every name of such a file.
pub(super) const NAME_PARTS: &[&str] = &[
    ".desktop",
    ".service",
    ".conf",
    ".fish",
    // A dot as dotfiles managers write it.
    "dot_",
    "dot-",
    "profile",
    "bashrc",
    "bash_login",
    "bash_aliases",
    "zshenv",
    "zshrc",
    "zlogin",
    "xsession",
    "xinitrc",
    PAM_NAME,
    "im.dino.Dino",
    "im.github.rallep71.DinoX",
    "global",
];

pub(super) fn may_be_named(name: &[u8]) -> bool {
    std::str::from_utf8(name).is_ok_and(|name| {
        let name = dotfiles::Name::read(name).plain;
        let undotted = undotted(&name);
        SUFFIXES.iter().any(|suffix| name.ends_with(suffix))
            || SHELL_NAMES.contains(&undotted)
            || undotted == PAM_NAME
            || OVERRIDE_NAMES.contains(&name.as_str())
    })
}

/// What the file at `path` is by its name, if its first bytes may say something about a client.
pub(super) fn kind_of(path: &Path, head: &[u8]) -> Option<FileKind> {
    // Where the head is not the whole file, the words may still come.
    (tells(head) || head.len() >= HEAD).then_some(())?;
    let name = Some(dotfiles::Name::of(path)).filter(|name| !name.is_encrypted && !name.is_other_content)?.plain;
    let undotted = undotted(&name);
    let folder = |level| path.ancestors().nth(level).map(dotfiles::Name::of).unwrap_or_default().plain;
    let (folder, above) = (folder(1), folder(2));
    match name.rsplit_once('.').map(|(_, suffix)| suffix) {
        _ if SHELL_NAMES.contains(&undotted) => Some(SHELL),
        _ if undotted == PAM_NAME => Some(PAM),
        Some("fish") => Some(FISH),
        Some("desktop") => Some(DESKTOP),
        Some("service") if folder == "services" && above == "dbus-1" => Some(SERVICE),
        Some("service") => Some(UNIT),
        Some("conf") if folder == "environment.d" => Some(ENVIRONMENT),
        Some("conf") if folder.ends_with(".service.d") => Some(UNIT),
        _ if folder == "overrides" && above == "flatpak" && OVERRIDE_NAMES.contains(&name.as_str()) => {
            Some(OVERRIDE)
        }
        _ => None,
    }
}

pub(super) fn grammar(kind: FileKind) -> Grammar {
    match kind {
        FISH => Grammar::Fish,
        ENVIRONMENT => Grammar::Variables,
        PAM => Grammar::Pam,
        DESKTOP | SERVICE | UNIT | OVERRIDE => Grammar::Entries,
        _ => Grammar::Shell,
    }
}

/// Whether what the file sets reaches what is started from the desktop, and not only what is typed at a terminal.
pub(super) fn feeds_session(path: &Path) -> bool {
    !INTERACTIVE.contains(&undotted(&dotfiles::Name::of(path).plain))
}

/// Whether the bytes may say something about a client at all.
pub(super) fn tells(bytes: &[u8]) -> bool {
    names_client(bytes) || contains_any(bytes, &OF_OTHERS)
}

/// Whether they may say something, or take back what other files say.
pub(super) fn may_matter(bytes: &[u8]) -> bool {
    tells(bytes) || contains_any(bytes, &TAKEN_BACK)
}

/// Whether they name what only chat clients have.
pub(super) fn names_client(bytes: &[u8]) -> bool {
    contains_any(bytes, &OF_CLIENTS)
}

fn contains_any(bytes: &[u8], words: &[&[u8]]) -> bool {
    words.iter().any(|word| contains(bytes, word))
}

/// A name without its dot: in repositories of dotfiles it is often left out.
fn undotted(name: &str) -> &str {
    name.strip_prefix('.').unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_files_by_name_and_content() {
        let kind = |path: &str| kind_of(Path::new(path), b"export GIO_USE_TLS=dummy");
        assert_eq!(kind("/h/.profile"), Some(SHELL));
        assert_eq!(kind("/dotfiles/private_dot_zshrc"), Some(SHELL));
        assert_eq!(kind("/dotfiles/bashrc"), Some(SHELL));
        assert_eq!(kind("/dotfiles/dot_bashrc.tmpl"), Some(SHELL));
        assert_eq!(kind("/dotfiles/.zshrc##os.Linux"), Some(SHELL));
        assert_eq!(kind("/dotfiles/encrypted_dot_bashrc.age"), None);
        assert_eq!(kind("/h/.pam_environment"), Some(PAM));
        assert_eq!(kind("/h/.config/environment.d/10-tls.conf"), Some(ENVIRONMENT));
        assert_eq!(kind("/h/.config/fish/config.fish"), Some(FISH));
        assert_eq!(kind("/h/.local/share/dbus-1/services/im.dino.Dino.service"), Some(SERVICE));
        assert_eq!(kind("/h/.config/systemd/user/dino.service"), Some(UNIT));
        assert_eq!(kind("/h/.config/systemd/user/dino.service.d/override.conf"), Some(UNIT));
        assert_eq!(kind("/h/.local/share/flatpak/overrides/global"), Some(OVERRIDE));
        assert_eq!(kind("/h/.config/git/global"), None);
        assert_eq!(kind("/h/nginx.conf"), None);
        assert_eq!(kind("/h/notes.txt"), None);
        assert_eq!(kind_of(Path::new("/h/.profile"), b"export EDITOR=vi"), None);
        assert_eq!(kind_of(Path::new("/h/.profile"), &[b'\n'; HEAD]), Some(SHELL));
    }

    #[test]
    fn every_place_is_recognised() {
        for place in PLACES {
            let path = format!("/h/{}", place.path.replace('*', "x"));
            let path = Path::new(&path);
            assert!(may_be_named(path.file_name().unwrap().as_encoded_bytes()), "{path:?}");
            assert_eq!(kind_of(path, b"GIO_MODULE_DIR"), Some(place.kind), "{path:?}");
        }
    }
}
