//! Work that several threads share, with results in the order of the work.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::panic;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::source::Reader;

/// So many threads read at most: each may hold some folders open, and a process may usually hold a thousand files.
const MOST: usize = 16;

/// What the threads have in common.
struct Shared<'w, W, T> {
    work: &'w [W],
    /// What any thread may do.
    of_all: Queue,
    /// What only the first thread may do.
    of_first: Queue,
    /// What is done and could not yet be taken, by its place in the order.
    done: Mutex<BTreeMap<usize, T>>,
}

/// Work by its place in the order, and how much of it has been begun.
struct Queue {
    numbers: Vec<usize>,
    begun: AtomicUsize,
}

impl Queue {
    const fn new(numbers: Vec<usize>) -> Self {
        Self { numbers, begun: AtomicUsize::new(0) }
    }

    fn next(&self) -> Option<usize> {
        self.numbers.get(self.begun.fetch_add(1, Ordering::Relaxed)).copied()
    }
}

/// Does each piece of work, with a reader of the thread's own, and has `take` take what came of it: in the order of the
/// work, whichever thread did it, and as soon as everything before it has been taken. What is large is done by the
/// calling thread, one after the other.
pub(super) fn in_order<W: Sync, T: Send>(
    threads: NonZeroUsize,
    reader: &Reader,
    work: &[W],
    is_large: impl Fn(&W) -> bool,
    does: impl Fn(&Reader, &W) -> T + Sync,
    mut take: impl FnMut(T),
) {
    let numbered = work.iter().enumerate();
    // Asked of nothing where nobody helps.
    let is_alone = threads.get() == 1 || work.len() < 2;
    let (of_first, of_all): (Vec<_>, Vec<_>) = numbered.partition(|(_, work)| !is_alone && is_large(work));
    let queue = |work: Vec<(usize, &W)>| Queue::new(work.into_iter().map(|(number, _)| number).collect());
    let helpers = threads
        .get()
        .min(MOST)
        .saturating_sub(1)
        .min(of_all.len().saturating_sub(usize::from(of_first.is_empty())));
    let shared = Shared { work, of_all: queue(of_all), of_first: queue(of_first), done: Mutex::default() };
    let mut taken = 0;
    thread::scope(|scope| {
        let mut joined = Vec::new();
        for _ in 0..helpers {
            let help = || {
                let reader = reader.for_another_thread();
                while shared.do_next(shared.of_all.next(), |work| does(&reader, work)) {}
            };
            // As many threads as can be had.
            let Ok(helper) = thread::Builder::new().spawn_scoped(scope, help) else { break };
            joined.push(helper);
        }
        let next = || shared.of_first.next().or_else(|| shared.of_all.next());
        while shared.do_next(next(), |work| does(reader, work)) {
            shared.take_ready(&mut taken, &mut take);
        }
        for helper in joined {
            helper.join().unwrap_or_else(|failure| panic::resume_unwind(failure));
        }
    });
    shared.take_ready(&mut taken, &mut take);
}

impl<W, T> Shared<'_, W, T> {
    /// Does what comes next; whether there was anything.
    fn do_next(&self, next: Option<usize>, does: impl FnOnce(&W) -> T) -> bool {
        let Some((number, work)) = next.and_then(|number| Some((number, self.work.get(number)?))) else {
            return false;
        };
        let done = does(work);
        self.done.lock().unwrap_or_else(PoisonError::into_inner).insert(number, done);
        true
    }

    /// Has everything taken whose turn it is.
    fn take_ready(&self, taken: &mut usize, take: &mut impl FnMut(T)) {
        loop {
            let ready = self.done.lock().unwrap_or_else(PoisonError::into_inner).remove(taken);
            let Some(ready) = ready else { return };
            *taken += 1;
            take(ready);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_is_taken_in_the_order_of_the_work() {
        for threads in [1, 2, 16, 64] {
            let threads = NonZeroUsize::new(threads).unwrap();
            for length in [0, 1, 2, 1000] {
                let work: Vec<usize> = (0..length).collect();
                let mut taken = Vec::new();
                // What comes first takes longest.
                let does = |_: &Reader, number: &usize| {
                    (0..(length - number) * 10).for_each(|_| thread::yield_now());
                    number * 2
                };
                in_order(
                    threads,
                    &Reader::default(),
                    &work,
                    |number| number % 7 == 3,
                    does,
                    |done| taken.push(done),
                );
                assert_eq!(taken, work.iter().map(|number| number * 2).collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn a_panic_ends_all_of_it() {
        let work: Vec<usize> = (0..100).collect();
        let does = |_: &Reader, number: &usize| assert_ne!(*number, 50);
        let all = panic::catch_unwind(|| {
            in_order(NonZeroUsize::new(4).unwrap(), &Reader::default(), &work, |_| false, does, |()| {});
        });
        assert!(all.is_err());
    }

    #[test]
    fn what_is_large_is_done_by_the_calling_thread() {
        let work: Vec<usize> = (0..200).collect();
        let does = |_: &Reader, number: &usize| (*number, thread::current().id());
        let mut by_others = 0;
        in_order(
            NonZeroUsize::new(4).unwrap(),
            &Reader::default(),
            &work,
            |number| number % 2 == 0,
            does,
            |(number, by)| by_others += usize::from(number % 2 == 0 && by != thread::current().id()),
        );
        assert_eq!(by_others, 0);
    }
}
