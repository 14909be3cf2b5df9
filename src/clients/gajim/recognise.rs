//! Telling Gajim's files from strangers' by path and first bytes.

use std::path::Path;

use super::kinds::{CERTIFICATE, HISTORY, LEFTOVER, OMEMO, OPENPGP, OTR, OVERRIDES, SESSIONS, SETTINGS, TEXT};
use super::options_text::ACCOUNT;
use super::text::read;
use super::{names, places};
use crate::clients::{HEAD, dotfiles};
use crate::model::FileKind;
use crate::model::Version;
use crate::source::sqlite::MAGIC;
use crate::syntax::gajim_text::{self, LineEnds};
use crate::syntax::{certificate, contains};

/// What the file is to Gajim, if anything.
pub(super) fn recognise(path: &Path, head: &[u8]) -> Option<FileKind> {
    let name = path.file_name()?.to_string_lossy();
    let folder = path.parent()?;
    if dotfiles::Name::read(&name).is_encrypted {
        return None;
    }
    if let Some(kind) = store(&name, folder, head) {
        return Some(kind);
    }
    let own = names::analyse(&name);
    let settings = |kind| if names::is_leftover(&name) { LEFTOVER } else { kind };
    if head.starts_with(MAGIC) {
        // The schema stands on the first pages. Dino 0.5 has a table of that name, too, far behind them.
        let first = head.get(..HEAD).unwrap_or(head);
        let is_database = contains(first, b"account_settings")
            || own.as_ref().is_some_and(|own| own.is_database) && places::is_surely_gajim_folder(folder);
        return is_database.then(|| settings(SETTINGS));
    }
    if let Some(own) = own
        && places::is_surely_gajim_folder(folder)
    {
        return Some(settings(if own.is_database { SETTINGS } else { TEXT }));
    }
    let wanted = if places::is_gajim_folder(folder) { 1 } else { 3 };
    (signs(head) >= wanted).then(|| settings(TEXT))
}

fn store(name: &str, folder: &Path, head: &[u8]) -> Option<FileKind> {
    let name = names::plain(name);
    let is_database = head.starts_with(MAGIC);
    if name.starts_with("omemo_") && name.ends_with(".db") && is_database {
        return Some(OMEMO);
    }
    if let (Some(_), Some(above)) = (names::folder_suffix(folder), folder.parent())
        && places::is_gajim_folder(above)
    {
        return contains(head, certificate::BEGIN).then_some(CERTIFICATE);
    }
    if !places::is_gajim_folder(folder) {
        return None;
    }
    match name.as_str() {
        "logs.db" if is_database => Some(HISTORY),
        "openpgp.db" if is_database => Some(OPENPGP),
        "cacerts.pem" => Some(CERTIFICATE),
        "app-overrides.json" => Some(OVERRIDES),
        "secrets" => Some(SESSIONS),
        _ if name.ends_with(".key3") => Some(OTR),
        _ if name.starts_with("logs.db.") && is_database => Some(HISTORY),
        _ => None,
    }
}

/// Top-level options that are Gajim's alone.
const TOP_LEVEL: &[&str] = &[
    "time_stamp",
    "use_keyring",
    "use_gnomekeyring",
    "use_kwalletcli",
    "global_proxy",
    "remote_control",
    "latest_disco_addresses",
    "roster_theme",
    "gc_proposed_nick_char",
    "gc_refer_to_nick_char",
    "emoticons_theme",
    "mood_iconset",
    "autopopupaway",
    "noconfirm_close_muc_rooms",
    "recently_groupchat",
    "notify_on_all_muc_messages",
];

/// How sure it is that a text is Gajim's: 3 and more is safe, 0 is a stranger's.
fn signs(head: &[u8]) -> usize {
    let text = |span| read(head, span);
    let (mut account, mut version, mut other_section) = (false, false, false);
    let mut top = std::collections::HashSet::new();
    for line in gajim_text::parse(head, LineEnds::Universal) {
        let section = text(line.section);
        match (line.key, line.option) {
            (Some(_), Some(option)) if section == "accounts" => {
                let option = text(option);
                account |= ACCOUNT.iter().any(|known| known.name == option);
            }
            (Some(_), Some(_)) => {
                const SECTIONS: &[&str] = &["proxies", "contacts", "rooms", "encryption", "plugins", "soundevents"];
                other_section |= SECTIONS.contains(&section.as_str());
            }
            _ if section == "version" => version |= Version::parse(&text(line.value)).is_some(),
            _ if TOP_LEVEL.contains(&section.as_str()) => {
                top.insert(section);
            }
            _ => {}
        }
    }
    2 * usize::from(account) + usize::from(version) + usize::from(other_section) + top.len().min(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(path: &str, head: &[u8]) -> Option<FileKind> {
        recognise(Path::new(path), head)
    }

    const ACCOUNTS: &[u8] = b"version = 1.1.3\naccounts.x.hostname = example.org\n";

    #[test]
    fn recognises_copies_by_their_content() {
        assert_eq!(kind("/backup/text-0.16.3.config", ACCOUNTS), Some(TEXT));
        assert_eq!(kind("/backup/1.7-migrated.config.old", ACCOUNTS), Some(LEFTOVER));
        let mut database = MAGIC.to_vec();
        assert_eq!(kind("/backup/a.sqlite", &database), None);
        database.extend(b"CREATE TABLE account_settings");
        assert_eq!(kind("/backup/a.sqlite", &database), Some(SETTINGS));
        assert_eq!(kind("/backup/a.sqlite.old", &database), Some(LEFTOVER));
        // Without a table that tells, both name and folder must.
        assert_eq!(kind("/backup/settings.sqlite", MAGIC), None);
        assert_eq!(kind("/home/alice/.config/gajim/config", MAGIC), None);
        assert_eq!(kind("/home/alice/.config/gajim/settings.sqlite", MAGIC), Some(SETTINGS));
    }

    #[test]
    fn a_text_elsewhere_must_show_enough_signs() {
        for (head, is_gajims) in [
            ("version = 1.1.3\naccounts.x.hostname = b\n", true),
            ("proxies.P.type = http\naccounts.x.hostname = b\n", true),
            ("time_stamp = x\naccounts.x.hostname = b\n", true),
            ("version = 1.1.3\ntime_stamp = x\nglobal_proxy = Tor\n", true),
            ("accounts.x.hostname = b\n", false),
            ("version = 1.1.3\naccounts.x.favourite = b\n", false),
            ("version = 1.1.3\nservers.x.hostname = b\n", false),
            ("version = one\naccounts.x.hostname = b\n", false),
            ("release = 1.1.3\naccounts.x.hostname = b\n", false),
            ("colour = x\nsize = 1\naccounts.x.hostname = b\n", false),
            ("version = 1.1.3\nproxies.P.type = http\n", false),
        ] {
            let expected = is_gajims.then_some(TEXT);
            assert_eq!(kind("/backup/text.config", head.as_bytes()), expected, "{head}");
        }
    }

    #[test]
    fn leaves_strangers_alone() {
        for head in [
            b"[core]\n\tbare = false\n[remote \"origin\"]\n".as_slice(),
            b"version = 1.0\nname = x\n",
            b"Host example.org\n  User alice\n",
            b"",
            b"\0\0\0",
        ] {
            assert_eq!(kind("/repository/.git/config", head), None);
            assert_eq!(kind("/src/gajim/config", b""), None);
        }
    }

    #[test]
    fn a_damaged_file_in_its_own_folder_is_recognised() {
        assert_eq!(kind("/home/alice/.config/gajim/config", b"\xff\0"), Some(TEXT));
        assert_eq!(kind("/home/alice/.config/gajim/settings.sqlite", b""), Some(SETTINGS));
        assert_eq!(kind("/home/alice/.config/gajim/config.old", b""), Some(LEFTOVER));
        assert_eq!(kind("/dotfiles/private_dot_config/gajim/encrypted_config.age", b""), None);
    }

    #[test]
    fn recognises_stores() {
        let data = "/home/alice/.local/share/gajim";
        assert_eq!(kind(&format!("{data}/omemo_a@b.db"), MAGIC), Some(OMEMO));
        assert_eq!(kind(&format!("{data}/logs.db"), MAGIC), Some(HISTORY));
        assert_eq!(kind(&format!("{data}/work.key3"), b"(lp0"), Some(OTR));
        assert_eq!(kind(&format!("{data}/cert_store/1f"), certificate::BEGIN), Some(CERTIFICATE));
        assert_eq!(kind("/etc/gajim/app-overrides.json", b"{}"), Some(OVERRIDES));
        assert_eq!(kind(&format!("{data}/logs.db.work"), MAGIC), Some(HISTORY));
        assert_eq!(kind(&format!("{data}/openpgp.db"), MAGIC), Some(OPENPGP));
        assert_eq!(kind(&format!("{data}/cacerts.pem"), certificate::BEGIN), Some(CERTIFICATE));
        assert_eq!(kind(&format!("{data}/secrets"), b"x"), Some(SESSIONS));
        for name in ["logs.db", "logs.db.work", "openpgp.db", "omemo_a@b.db"] {
            assert_eq!(kind(&format!("{data}/{name}"), b"no database"), None, "{name}");
        }
        assert_eq!(kind("/srv/logs.db", MAGIC), None);
        assert_eq!(kind("/srv/secrets", b""), None);
    }
}
