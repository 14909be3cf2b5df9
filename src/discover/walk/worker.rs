//! One of the threads of a walk.

use std::collections::VecDeque;
use std::ffi::{CStr, OsStr};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::Arc;

use rustix::fs::RawDir;
use rustix::io::Errno;

use super::above::{Above, Place};
use super::batch::{Batch, Names};
use super::folder;
use super::team::Team;
use super::{Entry, Kind, Visit, Walked, is_pruned};
use crate::discover::identity::Identity;
use crate::model::Trouble;
use crate::source::peek;

/// How many bytes of a listing are asked for at once.
const BUFFER: usize = 64 << 10;

/// As much as so many entries counts the opening of a folder.
const OF_FOLDER: usize = 10;

/// Where the kernel says that the next entry of a folder is if there is none: behind all that a position can be. ext4 and
/// Btrfs do; others have to be asked once more whether there are further entries.
const END: u64 = i64::MAX.unsigned_abs();

/// From here on it is seen to that the way down does not go round in circles. Without links it can do so only where a
/// file system is broken, or made to keep its readers busy.
const DEEP: usize = 256;

/// A thread’s own work: what it has come across and not yet looked into, the deepest last.
pub(super) struct Worker<'t, 'a, V: Visit> {
    team: &'t Team<'a, V>,
    stack: VecDeque<Batch>,
    /// How many batches at the beginning have no folder open any more.
    shut: usize,
    walked: Walked,
    spare: Vec<Names>,
    /// How many entries it has looked at.
    listed: usize,
    /// Whether it has told the team that it works no more.
    has_left: bool,
}

impl<'t, 'a, V: Visit> Worker<'t, 'a, V> {
    pub(super) const fn new(team: &'t Team<'a, V>) -> Self {
        let walked = Walked { pruned: 0, folders: Vec::new() };
        Self { team, stack: VecDeque::new(), shut: 0, walked, spare: Vec::new(), listed: 0, has_left: false }
    }

    /// Lists the folder that the walk begins with.
    pub(super) fn begin(&mut self, root: &Path) {
        let place = Place { above: None, name: root.as_os_str().as_bytes() };
        match self.team.root.try_clone() {
            Ok(folder) => self.list(folder, place, &mut buffer()),
            Err(error) => {
                let trouble = Trouble::System(error.kind().to_string());
                self.team.visit.closed(root.to_owned(), trouble);
            }
        }
    }

    /// Looks at about so many entries, as which folders count several times; whether there is more to do.
    pub(super) fn work_alone(&mut self, entries: usize) -> bool {
        let (mut buffer, mut name) = (buffer(), Vec::new());
        while self.listed < entries && !self.stack.is_empty() {
            self.step(&mut name, &mut buffer);
            self.listed += OF_FOLDER;
        }
        !self.stack.is_empty()
    }

    /// Works until nobody has anything more to do.
    pub(super) fn work(&mut self) {
        let (mut buffer, mut name) = (buffer(), Vec::new());
        loop {
            if self.stack.is_empty() {
                let Some(batch) = self.team.wait() else { break };
                self.stack.push_back(batch);
            }
            self.step(&mut name, &mut buffer);
            if self.team.is_waiting() {
                self.share();
            }
        }
        self.has_left = true;
    }

    /// What it has to say at its end.
    pub(super) fn end(mut self) -> Walked {
        std::mem::take(&mut self.walked)
    }

    /// Opens one folder and lists it.
    fn step(&mut self, name: &mut Vec<u8>, buffer: &mut [MaybeUninit<u8>]) {
        let Some(mut batch) = self.stack.pop_back() else { return };
        self.shut = self.shut.min(self.stack.len());
        if !batch.pop(name) {
            self.spare.push(batch.names.emptied());
            return;
        }
        let Ok(named) = CStr::from_bytes_with_nul(name) else { return };
        let above = Arc::clone(&batch.above);
        let place = Place { above: Some(&above), name: named.to_bytes() };
        let opened = match self.open_above(&mut batch) {
            Ok(()) => self.open(&batch, named),
            // What lies in it cannot be reached any more.
            Err(error) => return self.closed(above.place(), error),
        };
        // The folder of the last one is not needed any more: a chain of folders keeps one of them open.
        if batch.names.is_empty() {
            self.spare.push(batch.names.emptied());
        } else {
            self.stack.push_back(batch);
        }
        match opened {
            Ok(Some(folder)) => self.list(folder, place, buffer),
            Ok(None) => {}
            Err(error) => self.closed(place, error),
        }
    }

    /// None if the folder is not to be looked into.
    fn open(&mut self, batch: &Batch, name: &CStr) -> Result<Option<OwnedFd>, Errno> {
        let Some(above) = &batch.folder else { return Ok(None) };
        let open = || match &self.team.file_system {
            Some(file_system) => file_system.open(above.as_fd(), name),
            None => folder::open(above.as_fd(), name).map(Some),
        };
        let opened = open();
        if opened.as_ref().is_err_and(|error| folder::is_out_of_descriptors(*error)) {
            self.shut(0);
            return open();
        }
        opened
    }

    /// Opens the folder that a batch lies in, if its descriptor was given up.
    fn open_above(&mut self, batch: &mut Batch) -> Result<(), Errno> {
        if batch.folder.is_none() {
            batch.folder = Some(self.open_again(&batch.above)?);
        }
        Ok(())
    }

    /// Opens a folder whose descriptor was given up, step by step from the root, since paths may be too long. Those
    /// that will be needed next lie right above it; they are opened on the way.
    fn open_again(&mut self, above: &Arc<Above>) -> Result<OwnedFd, Errno> {
        let keep = self.stack.len().saturating_sub(self.team.open / 2);
        let mut wanted = keep;
        let mut folder = self.team.root.try_clone().map_err(errno)?;
        let mut name = Vec::new();
        for (number, step) in above.way_down().into_iter().enumerate() {
            if number > 0 {
                name.clear();
                name.extend_from_slice(step.name());
                name.push(0);
                folder = folder::open(folder.as_fd(), CStr::from_bytes_with_nul(&name).map_err(|_| Errno::INVAL)?)?;
            }
            if let Some(batch) = self.stack.get_mut(wanted).filter(|batch| Arc::ptr_eq(&batch.above, step)) {
                batch.folder = Some(folder.try_clone().map_err(errno)?);
                wanted += 1;
            }
        }
        self.shut = keep;
        Ok(folder)
    }

    /// Closes the folders that will be needed last, so that no more than so many stay open.
    fn shut(&mut self, open: usize) {
        while self.stack.len().saturating_sub(self.shut) > open {
            if let Some(batch) = self.stack.get_mut(self.shut) {
                batch.folder = None;
            }
            self.shut += 1;
        }
    }

    fn list(&mut self, folder: OwnedFd, place: Place<'_>, buffer: &mut [MaybeUninit<u8>]) {
        let Some(landmark) = self.look_round(&folder, place) else { return };
        let mut names = self.spare.pop().unwrap_or_default();
        let goes_down = place.depth() + 1 < self.team.manner.max_depth;
        let mut listing = RawDir::new(&folder, buffer);
        let mut is_end = false;
        while !is_end && let Some(entry) = listing.next() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    self.closed(place, error);
                    break;
                }
            };
            is_end = entry.next_entry_cookie() == END;
            let name = entry.file_name();
            if matches!(name.to_bytes(), [b'.'] | [b'.', b'.']) {
                continue;
            }
            self.listed += 1;
            let Some(kind) = folder::kind_of(folder.as_fd(), name, entry.file_type()) else { continue };
            if self.team.visit.wants(name.to_bytes(), kind) {
                self.meet(&folder, place, name, kind);
            }
            if kind != Kind::Folder || !goes_down {
                continue;
            }
            if is_pruned(self.team.manner, last_name(place), name.to_bytes()) {
                self.walked.pruned += 1;
            } else {
                names.push(name);
            }
        }
        if names.is_empty() {
            self.spare.push(names);
            return;
        }
        self.stack.push_back(Batch { above: Arc::new(place.keep(landmark)), folder: Some(folder), names });
        if self.stack.len().saturating_sub(self.shut) > self.team.open {
            self.shut(self.team.open / 2);
        }
    }

    fn meet(&self, folder: &OwnedFd, place: Place<'_>, name: &CStr, kind: Kind) {
        let mut path = place.path();
        path.push(OsStr::from_bytes(name.to_bytes()));
        let peek = |length| peek(folder.as_fd(), name, length);
        self.team.visit.meet(&Entry { path, kind, peek: &peek });
    }

    /// What is to be remembered of the way down, or nothing if the folder has been seen.
    fn look_round(&mut self, folder: &OwnedFd, place: Place<'_>) -> Option<Option<Identity>> {
        let been_in = self.team.manner.been_in;
        let depth = place.depth();
        if been_in.is_none() && depth < DEEP {
            return Some(None);
        }
        let own = folder::identity_of(folder);
        if let (Some(been_in), Some(own)) = (been_in, &own) {
            if been_in.contains(own) {
                return None;
            }
            self.walked.folders.push(*own);
        }
        landmark(depth, own, place.landmark())
    }

    fn closed(&self, place: Place<'_>, error: Errno) {
        if let Some(trouble) = folder::trouble(error) {
            self.team.visit.closed(place.path(), trouble);
        }
    }

    /// Gives away half of what lies nearest to the root, since most is below it: whoever gave away all of it, or kept it,
    /// would soon be the one who waits.
    fn share(&mut self) {
        let Some(mut batch) = self.stack.pop_front() else { return };
        if let Some(half) = batch.split() {
            self.stack.push_front(batch);
            self.team.give(half);
        } else if self.stack.is_empty() {
            self.stack.push_front(batch);
        } else {
            self.shut = self.shut.saturating_sub(1);
            self.team.give(batch);
        }
    }
}

impl<V: Visit> Drop for Worker<'_, '_, V> {
    /// Also where a panic ends its work: the others would wait for ever.
    fn drop(&mut self) {
        if !self.has_left {
            self.team.leave();
        }
    }
}

/// The landmark for what lies below a folder: the last one on the way down whose depth is a power of two. A way that
/// comes back to it goes round in circles; however long the circle is, one of them lies on it.
fn landmark(depth: usize, own: Option<Identity>, above: Option<Identity>) -> Option<Option<Identity>> {
    if depth < DEEP {
        return Some(None);
    }
    if own.is_some() && own == above {
        return None;
    }
    Some(if depth.is_power_of_two() { own } else { above })
}

/// The last name of a folder’s path.
fn last_name<'a>(place: Place<'a>) -> &'a [u8] {
    match place.above {
        Some(_) => place.name,
        None => place.name.rsplit(|byte| *byte == b'/').find(|name| !name.is_empty()).unwrap_or_default(),
    }
}

fn buffer() -> Vec<MaybeUninit<u8>> {
    vec![MaybeUninit::uninit(); BUFFER]
}

fn errno(error: std::io::Error) -> Errno {
    Errno::from_io_error(&error).unwrap_or(Errno::IO)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn circles_end() {
        for circle in [1_u64, 2, 3, 255, 256, 257, 1000] {
            let mut above = None;
            let ends = (0..10_000_usize).position(|depth| {
                let own = Some(Identity::inode(1, depth as u64 % circle));
                landmark(depth, own, above).map(|landmark| above = landmark).is_none()
            });
            assert!(ends.is_some_and(|depth| depth <= 4096), "{circle}: {ends:?}");
        }
        let mut above = None;
        for depth in 0..10_000_usize {
            above = landmark(depth, Some(Identity::inode(1, depth as u64)), above).unwrap();
        }
    }
}
