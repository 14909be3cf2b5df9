//! Which files are whose: the known places of a home, and the walk of anything else.

mod given;
mod home;
mod links;
mod pattern;
mod walk;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

pub use home::Home;

use crate::clients::{CLIENTS, Client, Found, HEAD, dotfiles};
use crate::model::{ClientName, FileKind, Notice, Purpose, Trouble};
use crate::source::Reader;
use crate::source::sqlite::MAGIC;

/// What a file is before anybody knows it.
const SOME_FILE: FileKind = FileKind("file", Purpose::Other);

/// How many bytes of a database nobody knows by its first page are looked at. The definitions of the tables stand
/// in pages of their own, those of Dino 0.1 to master about 100 KiB from the beginning, and stay there.
const SCHEMA_HEAD: usize = 256 << 10;

/// What configurations are called, wherever they lie.
pub const CONFIGURATIONS: [&str; 2] = ["xmpp-audit.toml", ".xmpp-audit.toml"];

/// How many bytes of a file of Nix are looked at. Those that people write by hand are a few KiB.
const NIX: usize = 256 << 10;

/// Where to look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// The known places of a home directory.
    Home(Home),
    /// A file, or everything below a folder.
    Path(PathBuf),
}

/// The files that one client reads together.
pub struct Group {
    /// The client.
    pub client: &'static dyn Client,
    /// Its files, in the order of their paths.
    pub files: Vec<Found>,
}

/// What of everything is looked for.
pub struct Wanted<'a> {
    /// Whether a client's files are.
    pub client: &'a dyn Fn(ClientName) -> bool,
    /// Whether a file is, whosever it is.
    pub path: &'a dyn Fn(&Path) -> bool,
}

/// What was found, and what could not be looked into.
#[derive(Default)]
pub struct Discovery {
    groups: BTreeMap<(usize, PathBuf), Vec<Found>>,
    notices: Vec<Notice>,
    seen: HashSet<Identity>,
    configurations: Vec<PathBuf>,
    excluded: HashSet<Identity>,
}

/// What a file is, whatever its name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Identity {
    #[cfg(unix)]
    Inode(u64, u64),
    #[cfg(not(unix))]
    Path(PathBuf),
}

impl Discovery {
    /// Looks at a target for the files that are wanted.
    pub fn look_at(&mut self, target: &Target, reader: &Reader, wanted: &Wanted<'_>) {
        match target {
            Target::Home(home) => self.look_at_home(home, reader, wanted),
            Target::Path(path) => self.look_at_path(path, reader, wanted),
        }
    }

    /// The files that were found so far, grouped by what is read together, in the order of clients and paths, and
    /// what could not be looked into. What is found later is none of these files under another name.
    #[must_use]
    pub fn take_groups(&mut self) -> (Vec<Group>, Vec<Notice>) {
        let groups = std::mem::take(&mut self.groups)
            .into_iter()
            .filter_map(|((client, _), mut files)| {
                files.sort_by(|left, right| left.path.cmp(&right.path));
                CLIENTS.get(client).map(|client| Group { client: *client, files })
            })
            .collect();
        (groups, std::mem::take(&mut self.notices))
    }

    /// The configurations that walks came across.
    #[must_use]
    pub fn configurations(&self) -> &[PathBuf] {
        &self.configurations
    }

    /// How many files were passed over that may have been wanted by their names, but not by their paths.
    #[must_use]
    pub fn excluded(&self) -> usize {
        self.excluded.len()
    }

    fn look_at_home(&mut self, home: &Home, reader: &Reader, wanted: &Wanted<'_>) {
        let mut closed = BTreeSet::new();
        for (number, client) in CLIENTS.iter().enumerate().filter(|(_, client)| (wanted.client)(client.name())) {
            for place in client.known_places() {
                let matches = home.look_for(place);
                closed.extend(matches.closed);
                for path in matches.paths {
                    if !(wanted.path)(&path) {
                        self.excluded.extend(identity(&path));
                        continue;
                    }
                    let head = reader.head(&path, HEAD);
                    let by = head.as_ref().ok().and_then(|head| dotfiles::encrypted_by(&path, head));
                    if let Some(by) = by {
                        let trouble = Trouble::KeptEncrypted(by);
                        self.notices.push(Notice { path, kind: Some(place.kind), trouble });
                        continue;
                    }
                    let recognised = head.ok().and_then(|head| client.recognise(&path, &head));
                    let home = home.owns_by_variable(place).then(|| home.root.clone());
                    self.add(number, Found { path, kind: recognised.unwrap_or(place.kind), home });
                }
            }
        }
        for path in closed {
            self.notice(path, Trouble::PermissionDenied);
        }
    }

    fn look_at_path(&mut self, path: &Path, reader: &Reader, wanted: &Wanted<'_>) {
        match fs::metadata(path) {
            Err(_) => self.notice(path.to_owned(), unreadable(path, reader)),
            Ok(metadata) if metadata.is_dir() => walk::walk(path, |event| match event {
                walk::Event::File(path, name) => self.look_at_entry(path, name, reader, wanted),
                walk::Event::Trouble(notice) => self.notices.push(notice),
            }),
            Ok(metadata) if metadata.is_file() && !(wanted.path)(path) => {
                self.excluded.extend(identity(path));
                self.notice(path.to_owned(), Trouble::Excluded);
            }
            Ok(metadata) if metadata.is_file() => {
                if let Err(trouble) = self.recognise(path, reader, &|client| (wanted.client)(client.name())) {
                    self.notice(path.to_owned(), trouble);
                }
            }
            Ok(_) => self.notice(path.to_owned(), Trouble::NotRegular),
        }
    }

    /// Looks at a file of a walk: opens it only if its name may be a client's.
    fn look_at_entry(&mut self, path: &Path, name: &[u8], reader: &Reader, wanted: &Wanted<'_>) {
        if CONFIGURATIONS.iter().any(|configuration| configuration.as_bytes() == name) {
            self.configurations.push(path.to_owned());
        }
        let may_be_nix = dotfiles::may_be_nix(name) && (wanted.path)(path);
        if may_be_nix && reader.head(path, NIX).is_ok_and(|text| dotfiles::holds_settings(&text)) {
            self.notice(path.to_owned(), Trouble::InNixText);
        }
        let asked = |client: &dyn Client| (wanted.client)(client.name()) && client.may_be_named(name);
        if !CLIENTS.into_iter().any(asked) {
            return;
        }
        if !(wanted.path)(path) {
            self.excluded.extend(identity(path));
            return;
        }
        // Nobody’s, or nobody can tell: what may not be read must not look like what is clean. Links that lead
        // nowhere and what is no file at all hide nothing.
        if let Err(trouble) = self.recognise(path, reader, &asked)
            && may_hide(&trouble)
        {
            self.notice(path.to_owned(), trouble);
        }
    }

    fn notice(&mut self, path: PathBuf, trouble: Trouble) {
        self.notices.push(Notice { path, kind: None, trouble });
    }

    /// Asks the clients whose file this is, and adds it; or says why it is nobody's.
    fn recognise(
        &mut self,
        path: &Path,
        reader: &Reader,
        asked: &dyn Fn(&dyn Client) -> bool,
    ) -> Result<(), Trouble> {
        let mut trouble = Trouble::Foreign;
        // What cannot be read may be known by its path alone.
        let mut head = |length| {
            reader.head(path, length).unwrap_or_else(|why| {
                trouble = why;
                Vec::new()
            })
        };
        let first = head(HEAD);
        if let Some(by) = dotfiles::encrypted_by(path, &first) {
            // Whose it is can only be told by where it lies.
            let (_, kind) = whose(&dotfiles::plain_path(path), asked, &[]).ok_or(trouble)?;
            self.notices.push(Notice {
                path: path.to_owned(),
                kind: Some(kind),
                trouble: Trouble::KeptEncrypted(by),
            });
            return Ok(());
        }
        let (client, kind) = recognise_by(path, asked, &first, head).ok_or(trouble)?;
        self.add(client, Found { path: path.to_owned(), kind, home: None });
        Ok(())
    }

    /// Adds a file, unless it was added under another name already.
    fn add(&mut self, client: usize, found: Found) {
        if identity(&found.path).is_some_and(|identity| !self.seen.insert(identity)) {
            return;
        }
        let Some(key) = CLIENTS.get(client).map(|client| client.profile_key(&found)) else { return };
        self.groups.entry((client, key)).or_default().push(found);
    }
}

/// Asks the clients whose file this is, by its name and as many of its first bytes as it takes: which of
/// [`CLIENTS`], and what the file is to it. `head` gives at most that many bytes.
pub(crate) fn recognise(
    path: &Path,
    asked: &dyn Fn(&dyn Client) -> bool,
    mut head: impl FnMut(usize) -> Vec<u8>,
) -> Option<(usize, FileKind)> {
    recognise_by(path, asked, &head(HEAD), head)
}

/// The same where the first [`HEAD`] bytes have been read already.
fn recognise_by(
    path: &Path,
    asked: &dyn Fn(&dyn Client) -> bool,
    first: &[u8],
    mut head: impl FnMut(usize) -> Vec<u8>,
) -> Option<(usize, FileKind)> {
    let by_schema = || first.starts_with(MAGIC).then(|| whose(path, asked, &head(SCHEMA_HEAD))).flatten();
    whose(path, asked, first).or_else(by_schema)
}

/// Which client says that a file with these first bytes is its own.
fn whose(path: &Path, asked: &dyn Fn(&dyn Client) -> bool, head: &[u8]) -> Option<(usize, FileKind)> {
    let asked = CLIENTS.iter().enumerate().filter(|(_, client)| asked(**client));
    asked.filter_map(|(number, client)| Some((number, client.recognise(path, head)?))).next()
}

/// Whether a client’s file may stand behind it.
const fn may_hide(trouble: &Trouble) -> bool {
    use Trouble::{ForeignLink, KeepsChanging, OutOfBounds, PermissionDenied, System};
    matches!(trouble, PermissionDenied | System(_) | ForeignLink | OutOfBounds | KeepsChanging)
}

/// Why something that was named cannot be looked at.
fn unreadable(path: &Path, reader: &Reader) -> Trouble {
    reader.look_at(path, SOME_FILE).err().unwrap_or(Trouble::Missing)
}

#[cfg(unix)]
fn identity(path: &Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(path).ok().map(|metadata| Identity::Inode(metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
fn identity(path: &Path) -> Option<Identity> {
    fs::canonicalize(path).ok().map(Identity::Path)
}
