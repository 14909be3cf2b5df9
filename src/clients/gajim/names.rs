//! What the names of files say, in a home, in a dotfiles repository and in a heap of backups.

use std::path::Path;

use crate::clients::dotfiles;
use crate::source::sqlite::COMPANIONS;
use crate::syntax::contains_in_any_case;

/// What a file's name says about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name {
    /// `settings.sqlite`, as against `config`.
    pub is_database: bool,
    /// The profile that it belongs to; empty for the usual one.
    pub profile: String,
    /// Whether nothing reads a file of that name any more.
    pub is_leftover: bool,
}

/// Endings of copies that migrations and editors leave behind.
const LEFTOVER_ENDS: &[&str] = &[".old", "~", ".bak", ".backup", ".orig", ".save"];

/// Endings of files that are somebody else's `config.*`. A profile could be called so; nobody does.
const FOREIGN_ENDS: &[&str] = &[
    ".json", ".js", ".mjs", ".cjs", ".ts", ".tsx", ".jsx", ".h", ".hpp", ".hh", ".c", ".cc", ".cpp", ".py", ".pyc",
    ".xml", ".yaml", ".yml", ".toml", ".html", ".htm", ".md", ".rst", ".rs", ".go", ".java", ".kt", ".guess",
    ".sub", ".status", ".log", ".in", ".cmake", ".ini", ".php", ".rb", ".pl", ".sh", ".lua", ".mk", ".css", ".map",
    ".cfg", ".conf", ".png", ".svg", ".gz", ".xz", ".lock", ".d", ".o", ".so",
];

/// The name of a file or folder as it will be in the home, in lower case; yadm's conditions tell profiles apart
/// and stay. What is encrypted keeps its written name, so that nobody takes it for what it is not yet.
pub(super) fn plain(name: &str) -> String {
    let read = dotfiles::Name::read(name);
    let plain = if read.is_encrypted { name.to_owned() } else { read.plain + &read.conditions };
    plain.to_ascii_lowercase()
}

/// What a name says that is one of Gajim's own; none for every other.
pub(super) fn analyse(name: &str) -> Option<Name> {
    /// What the names of settings begin with; whether it is the database; whether it is a temporary file.
    const STEMS: [(&str, bool, bool); 4] = [
        ("settings.sqlite", true, false),
        ("config", false, false),
        (".config", false, true),
        ("temp_config", false, true),
    ];
    let plain = plain(name);
    let (front, is_copy) = without_leftover_end(&plain);
    if COMPANIONS.iter().any(|companion| front.ends_with(companion)) {
        return None;
    }
    STEMS.iter().find_map(|(stem, is_database, is_temporary)| {
        let profile = profile_behind(front, stem)?;
        Some(Name {
            is_database: *is_database,
            profile: as_written(name, profile),
            is_leftover: is_copy || *is_temporary,
        })
    })
}

/// A part of the plain name in the case in which it is written.
fn as_written(name: &str, part: &str) -> String {
    let lower = name.to_ascii_lowercase();
    let found = lower.rfind(part).and_then(|at| name.get(at..at + part.len()));
    found.unwrap_or(part).to_owned()
}

/// Whether the name, of whatever file, is one of a leftover.
pub(super) fn is_leftover(name: &str) -> bool {
    analyse(name).map_or_else(|| without_leftover_end(&plain(name)).1, |name| name.is_leftover)
}

fn without_leftover_end(name: &str) -> (&str, bool) {
    match LEFTOVER_ENDS.iter().find_map(|end| name.strip_suffix(end)) {
        Some(front) => (front, true),
        None => (name, false),
    }
}

/// The profile's name behind `stem`: nothing, `.NAME`, or `##class.work` of yadm.
fn profile_behind<'a>(name: &'a str, stem: &str) -> Option<&'a str> {
    let rest = name.strip_prefix(stem)?;
    if rest.is_empty() || rest.starts_with("##") {
        return Some(rest);
    }
    rest.strip_prefix('.').filter(|profile| !profile.is_empty())
}

/// The profile of a folder of certificates or keys, `cert_store.NAME`; none for other folders.
pub(super) fn folder_suffix(folder: &Path) -> Option<String> {
    ["cert_store", "localcerts"].iter().find_map(|stem| suffix_behind(folder, stem))
}

/// The profile of a folder whose name begins with `stem`; none for other folders.
pub(super) fn suffix_behind(folder: &Path, stem: &str) -> Option<String> {
    let name = folder.file_name()?.to_string_lossy();
    let plain = plain(&name);
    Some(as_written(&name, profile_behind(&plain, stem)?))
}

/// Whether the name is one of a store of keys, messages or certificates.
pub(super) fn is_store(name: &str) -> bool {
    let name = plain(name);
    (name.starts_with("omemo_") && name.ends_with(".db"))
        || name.ends_with(".key3")
        || name == "secrets"
        || name.starts_with("secrets.")
        || name == "logs.db"
        || name.starts_with("logs.db.")
        || name == "openpgp.db"
        || name == "cacerts.pem"
}

/// The profile that a store belongs to by its name: `logs.db.NAME`, `secrets.NAME`; empty for the others.
pub(super) fn store_suffix(name: &str) -> String {
    let plain = plain(name);
    let suffix = ["logs.db", "secrets"].iter().find_map(|stem| profile_behind(&plain, stem));
    suffix.map(|suffix| as_written(name, suffix)).unwrap_or_default()
}

/// Pieces one of which stands in every name that is worth opening.
pub(super) const PARTS: &[&str] =
    &["config", "gajim", ".sqlite", "secrets", ".db", ".key3", ".pem", "overrides.json"];

/// Whether a file of that name is worth opening. Asked for every file of a walk.
pub(super) fn may_be(name: &[u8]) -> bool {
    /// No name of Gajim's is longer, profile and domain included.
    const LONGEST: usize = 200;
    let contains = |part: &[u8]| contains_in_any_case(name, part);
    let ends = |part: &[u8]| {
        name.len() >= part.len()
            && name.get(name.len() - part.len()..).is_some_and(|end| end.eq_ignore_ascii_case(part))
    };
    // Cheap questions first: nearly every file of a home ends here.
    if name.len() > LONGEST
        || !(contains(b"config")
            || contains(b"gajim")
            || contains(b".sqlite")
            || contains(b"secrets")
            || ends(b".db")
            || ends(b".key3")
            || ends(b".pem")
            || ends(b"overrides.json"))
    {
        return false;
    }
    let name = String::from_utf8_lossy(name);
    if dotfiles::Name::read(&name).is_encrypted {
        return false;
    }
    let name = plain(&name);
    let (front, _) = without_leftover_end(&name);
    if COMPANIONS.iter().any(|companion| front.ends_with(companion)) {
        return false;
    }
    if is_store(&name) || name == "app-overrides.json" {
        return true;
    }
    if FOREIGN_ENDS.iter().any(|end| front.ends_with(end)) {
        return false;
    }
    analyse(&name).is_some()
        || [".config", "_config", "-config", ".sqlite", ".sqlite3"].iter().any(|end| front.ends_with(end))
        || front.contains("gajim")
        || front.contains("settings.sqlite")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(name: &str) -> Option<(bool, String, bool)> {
        analyse(name).map(|name| (name.is_database, name.profile, name.is_leftover))
    }

    #[test]
    fn reads_the_names_of_settings() {
        let text = |profile: &str, leftover| Some((false, profile.to_owned(), leftover));
        let database = |profile: &str, leftover| Some((true, profile.to_owned(), leftover));
        for (given, expected) in [
            ("config", text("", false)),
            ("Config", text("", false)),
            ("config.work", text("work", false)),
            ("config.Work.old", text("Work", true)),
            ("config.old", text("", true)),
            ("config.work.old", text("work", true)),
            ("config~", text("", true)),
            (".config", text("", true)),
            (".config.work", text("work", true)),
            ("temp_config", text("", true)),
            ("private_config", text("", false)),
            ("private_config.tmpl", text("", false)),
            ("config##class.work", text("##class.work", false)),
            ("settings.sqlite", database("", false)),
            ("Settings.sqlite", database("", false)),
            ("settings.sqlite.work", database("work", false)),
            ("private_settings.sqlite", database("", false)),
            ("settings.sqlite.bak", database("", true)),
            ("settings.sqlite-wal", None),
            ("settings.sqlite.work-journal", None),
            ("pluginsconfig", None),
            ("text-0.16.3.config", None),
        ] {
            assert_eq!(name(given), expected, "{given}");
        }
        assert!(is_leftover("1.7-migrated.config.old"));
        assert!(!is_leftover("text-0.16.3.config"));
    }

    #[test]
    fn knows_the_names_of_stores() {
        for name in [
            "omemo_alice@example.org.db",
            "work.key3",
            "secrets",
            "secrets.work",
            "logs.db",
            "logs.db.work",
            "openpgp.db",
            "cacerts.pem",
        ] {
            assert!(is_store(name), "{name}");
        }
        for name in ["omemo_notes.txt", "cache.db", "config", "key3", "secret", "logs.dbx", "ca.pem"] {
            assert!(!is_store(name), "{name}");
        }
    }

    #[test]
    fn opens_what_may_be_gajims_and_little_else() {
        for name in [
            "config",
            "config.old",
            "config.work",
            "1.7-migrated.config.old",
            "text-0.16.3.config",
            "1.7-many-problems.sqlite",
            "settings.sqlite",
            "gajim-backup.txt",
            "omemo_alice@example.org.db",
            "work.key3",
            "secrets",
            "logs.db",
            "cacerts.pem",
            "app-overrides.json",
        ] {
            assert!(may_be(name.as_bytes()), "{name}");
        }
        for name in [
            "config.json",
            "tsconfig.json",
            "config.h",
            "Makefile",
            "settings.sqlite-wal",
            "encrypted_private_config.age",
            "dino.db",
            "ca.pem",
            "configure",
        ] {
            assert!(!may_be(name.as_bytes()), "{name}");
        }
        assert!(!may_be(&[0xff; 300]));
        assert!(may_be(format!("gajim{}", "x".repeat(195)).as_bytes()));
        assert!(!may_be(format!("gajim{}", "x".repeat(196)).as_bytes()));
        assert!(!may_be(format!("gajim{}", "x".repeat(300)).as_bytes()));
    }
}
