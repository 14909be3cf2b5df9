//! A walk in search of clients’ files.

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::identity::{self, Identity};
use super::look::{self, Verdict};
use super::troubles::Troubles;
use super::walk::{self, Entry, Kind, Manner, Visit, Walked};
use super::{Links, Names, Wanted, links, names};
use crate::clients::{Client, Found, dotfiles};
use crate::contained::contained;
use crate::model::{Notice, Trouble};
use crate::source::Reader;

/// How many bytes of a file of Nix are looked at. Those that people write by hand are a few KiB.
const NIX: usize = 256 << 10;

/// What a walk has found.
#[derive(Default)]
pub(super) struct Gathered {
    /// Clients’ files, each with the number of its client, in no order.
    pub found: Vec<(usize, Found, Option<Identity>)>,
    pub troubles: Troubles,
    pub configurations: Vec<PathBuf>,
    pub excluded: HashSet<Identity>,
    pub pruned: usize,
    /// Links to folders that are to be followed.
    links: BTreeSet<PathBuf>,
}

/// Looks at whatever it is shown.
pub(super) struct Looker<'a> {
    reader: &'a Reader,
    wanted: &'a Wanted<'a>,
    names: Names,
    gathered: Mutex<Gathered>,
}

impl<'a> Looker<'a> {
    pub(super) fn new(reader: &'a Reader, wanted: &'a Wanted<'a>) -> Self {
        let names = Names::new(wanted.client);
        Self { reader, wanted, names, gathered: Mutex::default() }
    }

    /// Walks through everything below a folder.
    pub(super) fn walk(&self, root: &Path) {
        let none = HashSet::new();
        let follows = self.wanted.reach.links == Links::Always;
        let walked = walk::walk(root, self.manner(follows.then_some(&none), 0), self);
        self.gathered().pruned += walked.pruned;
        if follows {
            self.follow(root, walked);
        } else {
            self.look_behind_links(root);
        }
    }

    /// What was found.
    pub(super) fn end(self) -> Gathered {
        self.gathered.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    fn manner<'b>(&self, been_in: Option<&'b HashSet<Identity>>, depth: usize) -> Manner<'b> {
        let reach = &self.wanted.reach;
        Manner {
            threads: reach.threads(),
            max_depth: reach.max_depth.map_or(usize::MAX, |most| most.get().saturating_sub(depth)),
            one_file_system: reach.one_file_system.unwrap_or(false),
            all: reach.all,
            been_in,
        }
    }

    fn gathered(&self) -> MutexGuard<'_, Gathered> {
        self.gathered.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Walks through what links lead to, one after the other in the order of their paths: so it is always the same one
    /// by which a folder is found.
    fn follow(&self, root: &Path, walked: Walked) {
        let mut been_in: HashSet<Identity> = walked.folders.into_iter().collect();
        let home = identity::device(root);
        let stays = self.wanted.reach.one_file_system.unwrap_or(false);
        loop {
            let Some(link) = self.gathered().links.pop_first() else { return };
            if !link.is_dir() || stays && identity::device(&link) != home {
                continue;
            }
            let depth = link.components().count().saturating_sub(root.components().count());
            let manner = self.manner(Some(&been_in), depth);
            if manner.max_depth == 0 {
                continue;
            }
            let more = walk::walk(&link, manner, self);
            self.gathered().pruned += more.pruned;
            been_in.extend(more.folders);
        }
    }

    /// Looks for the files that clients would find behind links.
    fn look_behind_links(&self, root: &Path) {
        let links = std::mem::take(&mut self.gathered().links);
        let home = identity::device(root);
        let stays = self.wanted.reach.one_file_system.unwrap_or(false);
        for link in links {
            if stays && identity::device(&link) != home {
                continue;
            }
            let matches = links::look_behind(&link, &self.names);
            matches.closed.into_iter().for_each(|folder| self.closed(folder, Trouble::PermissionDenied));
            for path in matches.paths {
                self.look_at_path(&path);
            }
        }
    }

    /// Looks at a path of a list as a walk would that comes across it.
    pub(super) fn look_at_listed(&self, path: &Path) {
        let Ok(metadata) = path.symlink_metadata() else { return };
        let kind = match metadata.file_type() {
            kind if kind.is_dir() => Kind::Folder,
            kind if kind.is_symlink() => Kind::Link,
            kind if kind.is_file() => Kind::File,
            _ => Kind::Other,
        };
        self.meet(&Entry { path: path.to_owned(), kind, peek: &|_| None });
    }

    /// Looks at a path that may be a link.
    pub(super) fn look_at_path(&self, path: &Path) {
        self.look_at(&Entry { path: path.to_owned(), kind: Kind::Link, peek: &|_| None });
    }

    /// Looks at something whose name may be a client’s file’s.
    fn look_at(&self, entry: &Entry<'_>) {
        let path = &entry.path;
        let name = path.file_name().unwrap_or_default().as_encoded_bytes();
        if names::is_configuration(name) && entry.kind != Kind::Other {
            self.gathered().configurations.push(path.to_owned());
        }
        if dotfiles::may_be_nix(name) && (self.wanted.path)(path) {
            self.look_at_nix(entry);
        }
        if !self.names.is_clients(name) {
            return;
        }
        if !(self.wanted.path)(path) {
            self.gathered().excluded.extend(identity::of(path, self.reader));
            return;
        }
        let asked = |client: &dyn Client| (self.wanted.client)(client.name()) && client.may_be_named(name);
        // Most of what has such a name is somebody else’s, and that is soon told.
        let is_nobodys = || contained(|| look::is_nobodys(path, &asked, entry.peek)) == Ok(true);
        if entry.kind == Kind::File && is_nobodys() {
            return;
        }
        match contained(|| look::look_at(path, self.reader, &asked)).and_then(|verdict| verdict) {
            Ok(Verdict::Known((client, kind))) => {
                let found = Found { path: path.to_owned(), kind, home: None };
                let identity = identity::of(path, self.reader);
                self.gathered().found.push((client, found, identity));
            }
            Ok(Verdict::KeptEncrypted(kind, by)) => {
                self.note(path.to_owned(), Some(kind), Trouble::KeptEncrypted(by));
            }
            // Nobody’s.
            Err(Trouble::Foreign) => {}
            // What is no file at all, has vanished meanwhile or leads nowhere hides nothing.
            Err(Trouble::NotRegular | Trouble::Missing | Trouble::DanglingLink | Trouble::LinkLoop) => {}
            // Nobody can tell: what may not be read must not look like what is clean.
            Err(trouble) => self.note(path.to_owned(), None, trouble),
        }
    }

    fn look_at_nix(&self, entry: &Entry<'_>) {
        let head = (entry.peek)(NIX).or_else(|| self.reader.head(&entry.path, NIX).ok());
        if head.is_some_and(|text| dotfiles::holds_settings(&text)) {
            self.note(entry.path.clone(), None, Trouble::InNixText);
        }
    }

    fn note(&self, path: PathBuf, kind: Option<crate::model::FileKind>, trouble: Trouble) {
        self.gathered().troubles.add(Notice { path, kind, trouble });
    }

    fn meet_link(&self, entry: &Entry<'_>) {
        let path = &entry.path;
        let may_be_file = path.file_name().is_some_and(|name| self.names.may_be(name.as_encoded_bytes()));
        match self.wanted.reach.links {
            Links::Never if may_be_file && links::is_known_place(path, &self.names) => {
                self.note(path.clone(), None, Trouble::NotFollowed);
            }
            Links::Never if !path.is_dir() || !links::leads_on(path, &self.names) => {}
            Links::Never => self.note(path.clone(), None, Trouble::NotFollowed),
            follows => {
                let is_on_the_way = || links::leads_on(path, &self.names) && path.is_dir();
                if follows == Links::Always || is_on_the_way() {
                    self.gathered().links.insert(path.clone());
                }
                if may_be_file {
                    self.look_at(entry);
                }
            }
        }
    }
}

impl Visit for Looker<'_> {
    fn wants(&self, name: &[u8], kind: Kind) -> bool {
        kind == Kind::Link || self.names.may_be(name)
    }

    fn meet(&self, entry: &Entry<'_>) {
        match entry.kind {
            Kind::Link => self.meet_link(entry),
            // Of folders only those are said that stand where a client looks for its file.
            Kind::Folder if !links::is_known_place(&entry.path, &self.names) => {}
            Kind::Folder => self.note(entry.path.clone(), None, Trouble::NotRegular),
            Kind::File | Kind::Other => self.look_at(entry),
        }
    }

    fn closed(&self, folder: PathBuf, trouble: Trouble) {
        self.note(folder, None, trouble);
    }
}
