//! The objects of a repository, loose and packed, those of others that it borrows from included.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use gix_hash::{Kind, ObjectId};
use gix_object::Find;
use gix_odb::pack::cache::DecodeEntry;
use gix_odb::store::init::Options;
use gix_odb::{Handle, Header};
use zeroize::Zeroizing;

use super::{Folder, KIND};
use crate::model::limits;
use crate::source::Reader;

/// The largest commit, tag or folder that is read, in bytes.
const LARGEST_NODE: u64 = 64 << 20;

/// How many repositories one may borrow objects from, directly or not.
const LENDERS: usize = 32;

/// How much of packed objects is kept for those that are stored as a difference to them, in bytes.
const KEPT: usize = 48 << 20;

/// The objects of a repository.
pub(super) struct Objects {
    handle: Handle,
    hash: Kind,
    buffer: RefCell<Zeroizing<Vec<u8>>>,
    missing: Cell<usize>,
    broken: Cell<usize>,
    large: Cell<usize>,
}

impl Objects {
    /// Opens the objects of a repository; none if its folder holds anything but folders and regular files, at which
    /// the library would wait for ever.
    pub(super) fn open(folder: &Folder, hash: Kind, reader: &Reader) -> Option<Self> {
        let objects = folder.common().join("objects");
        lenders(&objects, reader)?;
        let most = usize::try_from(limits::VERSION.min(reader.bounds().database).max(LARGEST_NODE)).ok()?;
        let options = Options { alloc_limit_bytes: Some(most), ..Options::default() };
        let mut handle = gix_odb::at_opts(objects, hash, None, options).ok()?;
        // What is not there now will not be there a moment later.
        handle.refresh_never();
        handle.set_pack_cache(|| Box::new(Recent::default()));
        let count = || Cell::new(0);
        Some(Self { handle, hash, buffer: RefCell::default(), missing: count(), broken: count(), large: count() })
    }

    /// What objects are named by.
    pub(super) const fn hash(&self) -> Kind {
        self.hash
    }

    /// Shows the bytes of an object of one of these kinds to `take`. What is not there, broken, too large or of
    /// another kind is counted, and nothing is shown.
    pub(super) fn read<T>(
        &self,
        id: &ObjectId,
        bound: Option<u64>,
        take: impl FnOnce(gix_object::Kind, &[u8]) -> Option<T>,
    ) -> Option<T> {
        let bound = bound.unwrap_or(LARGEST_NODE);
        match self.handle.try_header(id) {
            Ok(Some(header)) if header.size() <= bound => {}
            Ok(Some(_)) => return counted(&self.large),
            Ok(None) => return counted(&self.missing),
            Err(_) => return counted(&self.broken),
        }
        let mut buffer = self.buffer.borrow_mut();
        let object = match self.handle.try_find(id, &mut buffer) {
            Ok(Some(object)) => object,
            Ok(None) => return counted(&self.missing),
            Err(_) => return counted(&self.broken),
        };
        take(object.kind, object.data).or_else(|| counted(&self.broken))
    }

    /// Counts what else could not be read.
    pub(super) fn count_broken(&self, count: usize) {
        self.broken.set(self.broken.get().saturating_add(count));
    }

    /// Counts what was found to be too large.
    pub(super) fn count_large(&self) {
        self.large.set(self.large.get().saturating_add(1));
    }

    /// How many objects were not there, could not be read, and were too large.
    pub(super) fn failures(&self) -> [usize; 3] {
        [&self.missing, &self.broken, &self.large].map(Cell::get)
    }
}

fn counted<T>(counter: &Cell<usize>) -> Option<T> {
    counter.set(counter.get().saturating_add(1));
    None
}

/// The folders of objects that a repository may read, its own first; none if one of them cannot be read without harm.
pub(super) fn lenders(objects: &Path, reader: &Reader) -> Option<Vec<PathBuf>> {
    let mut known = vec![reader.real_path_of(objects)?];
    let mut next = 0;
    while let Some(folder) = known.get(next).cloned() {
        next += 1;
        if !is_plain(&folder, reader) {
            return None;
        }
        let list = folder.join("info").join("alternates");
        if !list.exists() {
            continue;
        }
        let (_, bytes) = reader.read(&list, KIND).ok()?;
        for lender in gix_odb::alternate::parse(&bytes).ok()? {
            // As the library takes them: from the folder of the first repository.
            let lender = reader.named_by(&list, &objects.join(lender))?;
            if !known.contains(&lender) {
                known.push(lender);
            }
        }
        if known.len() > LENDERS {
            return None;
        }
    }
    Some(known)
}

/// Whether a folder of objects holds nothing but folders and regular files, as far as the library looks.
fn is_plain(objects: &Path, reader: &Reader) -> bool {
    let entries = |folder: &Path| fs::read_dir(folder).into_iter().flatten().flatten();
    entries(objects).all(|entry| {
        let is_searched = entry.file_name() == "pack" || entry.file_name().len() == 2;
        !is_searched || entries(&entry.path()).all(|entry| is_regular(&entry, reader))
    })
}

fn is_regular(entry: &fs::DirEntry, reader: &Reader) -> bool {
    match entry.file_type() {
        Ok(kind) if kind.is_symlink() => {
            reader.real_path_of(&entry.path()).is_some_and(|real| real.is_file() || real.is_dir())
        }
        Ok(kind) => kind.is_file() || kind.is_dir(),
        Err(_) => false,
    }
}

/// Objects that others in a pack are stored as a difference to: those that were used last.
#[derive(Default)]
struct Recent {
    newer: Generation,
    older: Generation,
    size: usize,
}

/// Objects by their pack and their place in it, with what the library wants to know of them.
type Generation = HashMap<(u32, u64), (gix_object::Kind, usize, Zeroizing<Vec<u8>>)>;

impl DecodeEntry for Recent {
    fn put(&mut self, pack: u32, offset: u64, data: &[u8], kind: gix_object::Kind, compressed: usize) {
        if data.len() > KEPT / 8 {
            return;
        }
        if self.size > KEPT / 2 {
            self.older = std::mem::take(&mut self.newer);
            self.size = 0;
        }
        self.size += data.len();
        self.newer.insert((pack, offset), (kind, compressed, Zeroizing::new(data.to_vec())));
    }

    fn get(&mut self, pack: u32, offset: u64, out: &mut Vec<u8>) -> Option<(gix_object::Kind, usize)> {
        let at = (pack, offset);
        let (kind, compressed, data) = self.newer.get(&at).or_else(|| self.older.get(&at))?;
        out.clear();
        out.extend_from_slice(data);
        Some((*kind, *compressed))
    }
}
