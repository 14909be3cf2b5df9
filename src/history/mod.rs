//! What stands in the history of a repository: every version of a file that a client would read, and the secrets in
//! it, each with the first commit that holds it.

mod groups;
mod planted;

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use groups::Groups;
pub use planted::{Key, Planted, planted};

use crate::clients::dotfiles::{self, Name};
use crate::clients::{CLIENTS, Client, Found, HEAD, KnownPlace};
use crate::discover::{self, Home};
use crate::model::{ClientName, FileKind, Profile, Published, Purpose, Trouble};
use crate::repository::{FileVersion, Folder, History, to_path};
use crate::source::sqlite::MAGIC;
use crate::source::{Bounds, Reader};

/// Looks through the history of one repository.
pub struct Lookback<'a> {
    history: History,
    /// What the top of the repository is called.
    top: &'a Path,
    bounds: Bounds,
    wanted: &'a dyn Fn(ClientName) -> bool,
}

/// The secrets that a version of a file was the first to hold.
pub struct Brought {
    /// The version, read by its client.
    pub profile: Profile,
    /// Of each of [`Profile::published`], how it is known again, and where `HEAD` still holds it, by the paths below
    /// the top of the repository.
    pub standing_at: Vec<(Key, Vec<PathBuf>)>,
}

impl<'a> Lookback<'a> {
    /// Reads the commits and folders of a repository; `top` is what paths are to begin with.
    ///
    /// # Errors
    /// If the repository is of a kind that cannot be read.
    pub fn new(
        folder: &Folder,
        top: &'a Path,
        bounds: Bounds,
        wanted: &'a dyn Fn(ClientName) -> bool,
    ) -> Result<Self, Trouble> {
        let is_wanted = |name: &[u8]| {
            let of_client = |client: &&dyn Client| {
                client.may_be_named(name) || client.key_stores().iter().any(|it| ends_in(it, name))
            };
            CLIENTS.iter().filter(|client| wanted(client.name())).any(of_client)
        };
        let history = History::read(folder, &Reader::new(bounds), &is_wanted)?;
        Ok(Self { history, top, bounds, wanted })
    }

    /// How many commits were looked through.
    #[must_use]
    pub fn commits(&self) -> usize {
        self.history.commits()
    }

    /// How many versions of files there are whose names are worth a look.
    #[must_use]
    pub fn versions(&self) -> usize {
        self.history.versions().count()
    }

    /// Why not everything could be looked at, up to now.
    #[must_use]
    pub fn troubles(&self) -> Vec<Trouble> {
        self.history.troubles()
    }

    /// The secrets that commits have published, each once, with the version that was the first to hold it.
    ///
    /// # Errors
    /// What `take` returns.
    pub fn secrets<E>(&self, mut take: impl FnMut(Brought) -> Result<(), E>) -> Result<(), E> {
        let mut groups = Groups::default();
        for (number, file) in self.history.versions().enumerate() {
            for (slot, planted) in self.read(file).iter().flat_map(planted).enumerate() {
                groups.add(&planted.key, file, number, slot);
            }
        }
        // Read once more, so that no more than one version is in memory at a time.
        for (number, file) in self.history.versions().enumerate() {
            let Some(brought) = groups.brought_by(number) else { continue };
            let Some(mut profile) = self.read(file) else { continue };
            let mut standing_at = Vec::new();
            for (planted, group) in planted(&profile)
                .into_iter()
                .enumerate()
                .filter_map(|(slot, planted)| Some((planted, brought.iter().find(|group| group.slot == slot)?)))
            {
                let Some(commit) = self.history.commit(number) else { continue };
                profile.published.push(Published {
                    what: planted.what,
                    place: planted.place,
                    account: planted.account,
                    room: planted.room,
                    commit,
                    path: String::from_utf8_lossy(&file.path).into_owned(),
                    standing: group.standing(&self.history),
                });
                let held = group.held_by_newest(&self.history);
                standing_at.push((planted.key, held.map(|file| to_path(&file.path)).collect()));
            }
            take(Brought { profile, standing_at })?;
        }
        Ok(())
    }

    /// Reads a version of a file as the client would whose it is; none if it is nobody's or says nothing of secrets.
    fn read(&self, file: &FileVersion) -> Option<Profile> {
        let path = self.top.join(to_path(&file.path));
        let mut content = self.history.content(&file.content)?;
        let beginning = content.get(..content.len().min(HEAD)).unwrap_or_default();
        if dotfiles::encrypted_by(&path, beginning).is_some() {
            return None;
        }
        if let Some((client, kind)) = self.key_store(&path) {
            let reader = Reader::of_files(self.bounds, [(path.clone(), Zeroizing::default())]);
            let mut profile = Profile::new(client, path.clone());
            profile.add_file(reader.look_at(&path, kind).ok()?);
            return Some(profile);
        }
        dotfiles::prepare(&path, &mut content);
        if !content.starts_with(MAGIC) && content.len() as u64 > self.bounds.long_text {
            self.history.count_large();
            return None;
        }
        let asked = |client: &dyn Client| (self.wanted)(client.name());
        let head = |length| content.iter().take(length).copied().collect();
        let (client, kind) = discover::recognise(&path, &asked, head)?;
        let client = *CLIENTS.get(client)?;
        if matches!(kind.1, Purpose::History | Purpose::Attachments | Purpose::Log) {
            return None;
        }
        let mut files = vec![(path.clone(), content)];
        if let Some(log) = &file.log {
            files.push((with_log(&path), self.history.content(log)?));
        }
        let reader = Reader::of_files(self.bounds, files);
        Some(client.read(&[Found { path, kind, home: None }], &reader))
    }

    /// Whose store of keys lies at a path.
    fn key_store(&self, path: &Path) -> Option<(ClientName, FileKind)> {
        let clients = CLIENTS.iter().filter(|client| (self.wanted)(client.name()));
        let stores = clients.flat_map(|client| client.key_stores().iter().map(|store| (client.name(), store)));
        let plain: Vec<String> = path.components().map(|part| Name::of(Path::new(&part)).plain).collect();
        let is_at = |store: &KnownPlace| {
            (0..plain.len()).any(|from| Home::has_place_at(store, &plain.get(from..).unwrap_or_default().join("/")))
        };
        let mut found = stores.filter(|(_, store)| ends_in(store, last(path))).filter(|(_, store)| is_at(store));
        found.next().map(|(client, store)| (client, store.kind))
    }
}

/// Whether a name may be that of a file at a known place.
fn ends_in(place: &KnownPlace, name: &[u8]) -> bool {
    let pattern = place.path.rsplit('/').next().unwrap_or_default();
    match pattern.strip_prefix('*') {
        Some(end) => name.ends_with(end.as_bytes()),
        None => name == pattern.as_bytes(),
    }
}

fn last(path: &Path) -> &[u8] {
    path.file_name().unwrap_or_default().as_encoded_bytes()
}

fn with_log(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    PathBuf::from(name)
}
