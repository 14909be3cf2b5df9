//! Threads that share the folders of a walk.

use std::num::NonZeroUsize;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use rustix::process::{Resource, getrlimit};

use super::batch::Batch;
use super::folder::{self, FileSystem};
use super::worker::Worker;
use super::{Manner, Visit, Walked};

/// So many folders and entries, or nearly so, are looked at by one thread before others are asked to help: most walks
/// are short.
const ALONE: usize = 2000;

/// So many folders a thread keeps open at most. Homes are less deep.
const OPEN: usize = 64;

/// What the threads of a walk have in common.
pub(super) struct Team<'a, V> {
    pub manner: Manner<'a>,
    pub visit: &'a V,
    /// The folder that the walk began with.
    pub root: OwnedFd,
    /// The file system that it is not to leave.
    pub file_system: Option<FileSystem>,
    /// How many folders each thread may keep open.
    pub open: usize,
    pool: Mutex<Pool>,
    change: Condvar,
    /// How many threads wait for work: asked at every folder, so it stands outside.
    waiting: AtomicUsize,
}

/// Work that threads have given away.
#[derive(Default)]
struct Pool {
    batches: Vec<Batch>,
    /// How many threads may still give some.
    working: usize,
}

/// Walks through everything below `root`.
pub(super) fn walk<V: Visit>(root: &Path, manner: Manner<'_>, visit: &V) -> Walked {
    match Team::gather(root, manner, visit) {
        Ok(team) => team.walk(root),
        Err(error) => {
            if let Some(trouble) = folder::trouble(error) {
                visit.closed(root.to_owned(), trouble);
            }
            Walked::default()
        }
    }
}

impl<'a, V: Visit> Team<'a, V> {
    fn gather(root: &Path, manner: Manner<'a>, visit: &'a V) -> Result<Self, rustix::io::Errno> {
        let root = folder::open_root(root)?;
        let file_system = manner.one_file_system.then(|| FileSystem::of(&root)).transpose()?;
        let open = open_each(manner.threads);
        let pool = Mutex::new(Pool { working: 1, ..Pool::default() });
        Ok(Self {
            manner,
            visit,
            root,
            file_system,
            open,
            pool,
            change: Condvar::new(),
            waiting: AtomicUsize::new(0),
        })
    }

    fn walk(&self, root: &Path) -> Walked {
        let mut walked = Walked::default();
        thread::scope(|scope| {
            let mut first = Worker::new(self);
            first.begin(root);
            let mut helpers = Vec::new();
            if first.work_alone(ALONE) {
                for _ in 1..self.manner.threads.get() {
                    self.pool().working += 1;
                    let helper = thread::Builder::new().spawn_scoped(scope, || {
                        let mut worker = Worker::new(self);
                        worker.work();
                        worker.end()
                    });
                    match helper {
                        Ok(helper) => helpers.push(helper),
                        // As many threads as can be had.
                        Err(_) => {
                            self.pool().working -= 1;
                            break;
                        }
                    }
                }
                first.work();
            }
            walked.add(first.end());
            // A panic has ended the work of all, and goes on here.
            helpers.into_iter().for_each(|helper| match helper.join() {
                Ok(more) => walked.add(more),
                Err(panic) => std::panic::resume_unwind(panic),
            });
        });
        walked
    }

    fn pool(&self) -> MutexGuard<'_, Pool> {
        self.pool.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether somebody waits for work.
    pub(super) fn is_waiting(&self) -> bool {
        self.waiting.load(Ordering::Relaxed) > 0
    }

    /// Gives work to whoever waits for it.
    pub(super) fn give(&self, batch: Batch) {
        self.pool().batches.push(batch);
        self.change.notify_one();
    }

    /// Waits for work; none when there will be no more.
    pub(super) fn wait(&self) -> Option<Batch> {
        let mut pool = self.pool();
        pool.working -= 1;
        self.waiting.fetch_add(1, Ordering::Relaxed);
        while pool.batches.is_empty() && pool.working > 0 {
            pool = self.change.wait(pool).unwrap_or_else(PoisonError::into_inner);
        }
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        let batch = pool.batches.pop();
        match batch {
            Some(_) => pool.working += 1,
            None => self.change.notify_all(),
        }
        batch
    }

    /// Somebody will never give work again, nor wait for it.
    pub(super) fn leave(&self) {
        self.pool().working -= 1;
        self.change.notify_all();
    }
}

/// How many folders each of so many threads may keep open: half of what the process may.
fn open_each(threads: NonZeroUsize) -> usize {
    let limit = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    let share = usize::try_from(limit).unwrap_or(usize::MAX) / 2 / threads;
    share.clamp(2, OPEN)
}
