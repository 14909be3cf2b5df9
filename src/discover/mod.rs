//! Which files are whose: the known places of a home, and the walk of anything else.

mod given;
mod home;
mod identity;
mod in_home;
mod linked;
mod links;
mod list;
mod look;
mod names;
mod on_the_way;
mod pattern;
mod pruned;
mod reach;
mod troubles;
mod users;
mod walk;
mod walked;

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

pub use home::Home;
pub use in_home::{InHome, look_in_home};
pub use linked::{have_one_owner, with_companions};
pub use list::read_list;
pub(crate) use look::recognise;
pub use reach::{Links, Reach};
pub use users::all_users;

use crate::clients::{CLIENTS, Client, Found};
use crate::contained::contained;
use crate::model::{ClientName, FileKind, Notice, Purpose, Trouble};
use crate::source::Reader;
use identity::Identity;
use look::Verdict;
use names::Names;
use walked::Looker;

/// What a file is before anybody knows it.
const SOME_FILE: FileKind = FileKind("file", Purpose::Other);

/// What configurations are called, wherever they lie.
pub const CONFIGURATIONS: [&str; 2] = ["xmpp-audit.toml", ".xmpp-audit.toml"];

/// The folder that one is in.
const HERE: &str = ".";

/// Where to look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// The known places of a home directory.
    Home(Home),
    /// A file, or everything below a folder.
    Path(PathBuf),
    /// Files that somebody else has found: paths as [`read_list`] gives them. What is not there, or is no file of a
    /// client’s, is left alone as in a walk.
    List(Vec<PathBuf>),
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
    pub client: &'a (dyn Fn(ClientName) -> bool + Sync),
    /// Whether a file is, whosever it is.
    pub path: &'a (dyn Fn(&Path) -> bool + Sync),
    /// How far the search goes.
    pub reach: Reach,
}

/// What was found, and what could not be looked into.
#[derive(Default)]
pub struct Discovery {
    groups: BTreeMap<(usize, PathBuf), Vec<Found>>,
    notices: Vec<Notice>,
    seen: HashSet<Identity>,
    configurations: Vec<PathBuf>,
    excluded: HashSet<Identity>,
    pruned: usize,
}

impl Target {
    /// What it is called where it says where was looked.
    #[must_use]
    pub fn name(&self) -> &Path {
        match self {
            Self::Home(home) => &home.root,
            Self::Path(path) => path,
            Self::List(_) => Path::new(HERE),
        }
    }

    /// The home, where it is one.
    #[must_use]
    pub const fn home(&self) -> Option<&Home> {
        match self {
            Self::Home(home) => Some(home),
            Self::Path(_) | Self::List(_) => None,
        }
    }
}

impl Discovery {
    /// Looks at a target for the files that are wanted.
    pub fn look_at(&mut self, target: &Target, reader: &Reader, wanted: &Wanted<'_>) {
        match target {
            Target::Home(home) => self.take_home(look_in_home(home, reader, wanted)),
            Target::Path(path) => self.look_at_path(path, reader, wanted),
            Target::List(paths) => {
                let looker = Looker::new(reader, wanted);
                paths.iter().for_each(|path| looker.look_at_listed(path));
                self.take(looker, Path::new(HERE));
            }
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

    /// How many folders walks stayed out of because they cannot hold a client’s files.
    #[must_use]
    pub const fn pruned(&self) -> usize {
        self.pruned
    }

    /// How many files were passed over that may have been wanted by their names, but not by their paths.
    #[must_use]
    pub fn excluded(&self) -> usize {
        self.excluded.len()
    }

    /// Takes over what was found in a home.
    pub fn take_home(&mut self, home: InHome) {
        self.excluded.extend(home.excluded);
        self.notices.extend(home.notices);
        home.found.into_iter().for_each(|(client, found, identity)| self.add(client, found, identity));
    }

    fn look_at_path(&mut self, path: &Path, reader: &Reader, wanted: &Wanted<'_>) {
        match fs::metadata(path) {
            Err(_) => self.notice(path.to_owned(), unreadable(path, reader)),
            Ok(metadata) if metadata.is_dir() => {
                let looker = Looker::new(reader, wanted);
                looker.walk(path);
                self.take(looker, path);
            }
            Ok(metadata) if metadata.is_file() && !(wanted.path)(path) => {
                self.excluded.extend(identity::of(path, reader));
                self.notice(path.to_owned(), Trouble::Excluded);
            }
            Ok(metadata) if metadata.is_file() => self.look_at_file(path, reader, wanted),
            Ok(_) => self.notice(path.to_owned(), Trouble::NotRegular),
        }
    }

    /// Looks at a file that was named.
    fn look_at_file(&mut self, path: &Path, reader: &Reader, wanted: &Wanted<'_>) {
        let asked = |client: &dyn Client| (wanted.client)(client.name());
        match contained(|| look::look_at(path, reader, &asked)).and_then(|verdict| verdict) {
            Ok(Verdict::Known((client, kind))) => {
                let found = Found { path: path.to_owned(), kind, home: None };
                self.add(client, found, identity::of(path, reader));
            }
            Ok(Verdict::KeptEncrypted(kind, by)) => self.notices.push(Notice {
                path: path.to_owned(),
                kind: Some(kind),
                trouble: Trouble::KeptEncrypted(by),
            }),
            Err(trouble) => self.notice(path.to_owned(), trouble),
        }
    }

    /// Takes over what several threads have found, in the order of the paths: so a file that has several names is
    /// always found by the same one.
    fn take(&mut self, looker: Looker<'_>, searched: &Path) {
        let mut gathered = looker.end();
        gathered.found.sort_unstable_by(|one, other| (&one.1.path, one.0).cmp(&(&other.1.path, other.0)));
        gathered.configurations.sort_unstable();
        gathered.found.into_iter().for_each(|(client, found, identity)| self.add(client, found, identity));
        self.notices.extend(gathered.troubles.take(searched));
        self.configurations.append(&mut gathered.configurations);
        self.excluded.extend(gathered.excluded);
        self.pruned += gathered.pruned;
    }

    fn notice(&mut self, path: PathBuf, trouble: Trouble) {
        self.notices.push(Notice { path, kind: None, trouble });
    }

    /// Adds a file, unless it was added under another name already.
    fn add(&mut self, client: usize, found: Found, identity: Option<Identity>) {
        if identity.is_some_and(|identity| !self.seen.insert(identity)) {
            return;
        }
        let Some(key) = CLIENTS.get(client).map(|client| client.profile_key(&found)) else { return };
        self.groups.entry((client, key)).or_default().push(found);
    }
}

/// Why something that was named cannot be looked at.
fn unreadable(path: &Path, reader: &Reader) -> Trouble {
    reader.look_at(path, SOME_FILE).err().unwrap_or(Trouble::Missing)
}
