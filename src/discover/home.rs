//! A home directory and the places in it where clients keep their files.

use std::collections::HashMap;
use std::env;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::pattern::{self, LastListed, Matches};
use crate::clients::dotfiles::Name;
use crate::clients::{Base, KnownPlace};

/// A home directory, with the folders that the XDG variables name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    /// The directory itself.
    pub root: PathBuf,
    config: PathBuf,
    data: PathBuf,
    cache: PathBuf,
    /// What its user is called, where that is known.
    user: Option<String>,
    /// Whether it is the caller’s own, as his variables say.
    is_callers: bool,
}

impl Home {
    /// Somebody's home: the folders are where they are when no variable is set.
    #[must_use]
    pub fn at(root: &Path) -> Self {
        Self {
            config: root.join(".config"),
            data: root.join(".local/share"),
            cache: root.join(".cache"),
            root: root.to_owned(),
            user: None,
            is_callers: false,
        }
    }

    /// The home of a user of that name.
    pub(super) fn of_user(self, user: Option<String>) -> Self {
        Self { user, ..self }
    }

    /// What its user is called, where that is known.
    #[must_use]
    pub fn user(&self) -> Option<&str> {
        self.user.as_deref()
    }

    /// Whether it is the caller’s own home, which his variables lead to.
    pub(super) const fn is_callers(&self) -> bool {
        self.is_callers
    }

    /// The caller's own home, as `HOME` and the XDG variables say; none without `HOME`.
    #[must_use]
    pub fn of_caller() -> Option<Self> {
        let root = env::home_dir().filter(|home| !home.as_os_str().is_empty())?;
        let mut home = Self { is_callers: true, ..Self::at(&root) };
        let variables = [
            ("XDG_CONFIG_HOME", &mut home.config),
            ("XDG_DATA_HOME", &mut home.data),
            ("XDG_CACHE_HOME", &mut home.cache),
        ];
        for (variable, folder) in variables {
            // The XDG specification has relative values ignored.
            if let Some(value) = env::var_os(variable).map(PathBuf::from).filter(|value| value.is_absolute()) {
                *folder = value;
            }
        }
        Some(home)
    }

    /// Where its owner keeps the configuration for all that he audits.
    #[must_use]
    pub fn configuration(&self) -> PathBuf {
        self.config.join("xmpp-audit/config.toml")
    }

    /// Whether a path below a home, or one that a dotfiles manager makes of such a path, is one of a known place's, where
    /// no variable leads elsewhere.
    #[must_use]
    pub fn has_place_at(place: &KnownPlace, path: &str) -> bool {
        let path = &Path::new(path)
            .components()
            .map(|part| Name::of(Path::new(&part)).plain)
            .collect::<Vec<_>>()
            .join("/");
        pattern::fits_path(&Self::usual_path(place), path)
    }

    /// The path of a known place below a home, where no variable leads elsewhere.
    pub(super) fn usual_path(place: &KnownPlace) -> String {
        Self::at(Path::new("")).base(place.base).join(place.path).to_string_lossy().into_owned()
    }

    /// The files at a known place, in the order of their names. What is there need not be a file.
    #[must_use]
    pub fn find(&self, place: &KnownPlace) -> Vec<PathBuf> {
        self.look_for(place, &mut LastListed::default()).paths
    }

    /// As [`Self::find`], with the folders that could not be looked into.
    pub(super) fn look_for(&self, place: &KnownPlace, last: &mut LastListed) -> Matches {
        pattern::find(self.base(place.base), place.path, last)
    }

    /// Whether the folder in which the path of a place begins is not there. Asked once for all places that begin in it:
    /// most homes have few of them.
    pub(super) fn lacks(&self, place: &KnownPlace, known: &mut HashMap<(Base, &'static str), bool>) -> bool {
        let mut is_absent = |first: &'static str| {
            *known.entry((place.base, first)).or_insert_with(|| {
                let looked = self.base(place.base).join(first).symlink_metadata();
                looked.is_err_and(|error| matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory))
            })
        };
        let first = place.path.split_once('/').map(|(first, _)| first).filter(|first| !first.contains('*'));
        is_absent("") || first.is_some_and(is_absent)
    }

    /// Whether a place lies in one of the folders that XDG variables may lead elsewhere.
    pub(super) const fn owns_by_variable(&self, place: &KnownPlace) -> bool {
        !matches!(place.base, Base::Home)
    }

    /// The folders in which clients keep their files: the directory itself, and where the XDG variables lead.
    pub fn folders(&self) -> impl Iterator<Item = &Path> {
        [&self.root, &self.config, &self.data, &self.cache].into_iter().map(PathBuf::as_path)
    }

    pub(super) fn base(&self, base: Base) -> &Path {
        match base {
            Base::Home => &self.root,
            Base::Config => &self.config,
            Base::Data => &self.data,
            Base::Cache => &self.cache,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clients::CLIENTS;
    use crate::model::{FileKind, Purpose};

    #[test]
    fn paths_are_told_from_each_other_without_looking() {
        let whose = |path: &str| {
            let clients = CLIENTS
                .iter()
                .filter(|client| client.known_places().iter().any(|place| Home::has_place_at(place, path)));
            clients.map(|client| client.name().0).collect::<Vec<_>>()
        };
        assert_eq!(whose(".purple/accounts.xml"), ["pidgin"]);
        assert_eq!(whose(".config/gajim/settings.sqlite"), ["gajim"]);
        assert_eq!(whose(".local/share/profanity/accounts"), ["profanity"]);
        assert_eq!(whose(".local/share/dino/dino.db"), ["dino"]);
        assert!(whose("accounts.xml").is_empty());
        assert!(whose(".config/gajim").is_empty());
    }

    #[test]
    fn what_a_home_lacks_is_asked_once() {
        const KIND: FileKind = FileKind("test", Purpose::Other);
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join(".purple")).unwrap();
        std::fs::create_dir_all(folder.path().join(".config/gajim")).unwrap();
        let home = Home::at(folder.path());
        let mut known = HashMap::new();
        for (base, path, expected) in [
            (Base::Home, ".purple/accounts.xml", false),
            (Base::Home, ".gaim/accounts.xml", true),
            (Base::Home, ".gaim/blist.xml", true),
            (Base::Config, "gajim/config", false),
            (Base::Config, "purple/accounts.xml", true),
            (Base::Data, "gajim/config", true),
            (Base::Data, "gajim.*/config", true),
            // What does not begin in a folder of a certain name has to be looked for.
            (Base::Home, ".profile", false),
            (Base::Config, "gajim.*/config", false),
        ] {
            assert_eq!(home.lacks(&KnownPlace::new(base, path, KIND), &mut known), expected, "{path}");
        }
        assert_eq!(known.len(), 7);
    }
}
