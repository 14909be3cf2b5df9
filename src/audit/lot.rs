//! Reading and judging what was found, user by user, on several threads.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};

use super::batch::{self, Batch};
use super::history::{self, Standing};
use super::reading::{self, Gate};
use super::{AuditError, Lot, Progress, Request, share, size};
use crate::discover::Group;
use crate::finding::Audit;
use crate::model::{ClientName, Profile};
use crate::repository::Repositories;
use crate::rules::Judge;
use crate::source::Reader;

impl Lot {
    /// Returns the secrets that stand in files that git tracks, where its history counts.
    pub(super) fn read_and_judge(
        &self,
        judge: &Judge<'_>,
        request: &Request,
        progress: &dyn Progress,
        audit: &mut Audit,
    ) -> Result<Vec<Standing>, AuditError> {
        let used: BTreeSet<ClientName> = self.groups.iter().map(|group| group.client.name()).collect();
        let repositories = Repositories::new(request.bounds);
        let batches = batch::by_owner(&self.groups);
        let threads = request.reach.threads();
        // All before the first file: of a file, any of them may say that it keeps it.
        let look = |_: &Reader, (owner, _): &Batch<'_>| repositories.look_in_home(owner);
        share::in_order(threads, &self.reader, &batches, |_| false, look, |()| {});
        let gate = Gate::new(threads);
        // Where there is but one user, the threads share his profiles.
        let inside = if batches.len() > 1 { NonZeroUsize::MIN } else { threads };
        let (used, repositories, gate) = (&used, &repositories, &gate);
        let shared = Shared { lot: self, judge, request, progress, used, repositories, gate, threads: inside };
        let mut standing = Vec::new();
        let mut failed = None;
        share::in_order(
            threads,
            &self.reader,
            &batches,
            |(_, groups)| size::is_large(groups),
            |reader, batch| shared.read_and_judge(reader, batch),
            |part| match part {
                Ok((part, more)) => {
                    audit.absorb(part);
                    standing.extend(more);
                }
                Err(error) => failed = failed.take().or(Some(error)),
            },
        );
        failed.map_or(Ok(standing), Err)
    }
}

/// What all threads need that read and judge a lot.
struct Shared<'s, 'r> {
    lot: &'s Lot,
    judge: &'s Judge<'r>,
    request: &'s Request,
    progress: &'s dyn Progress,
    used: &'s BTreeSet<ClientName>,
    repositories: &'s Repositories,
    gate: &'s Gate,
    /// How many threads share what belongs to one user.
    threads: NonZeroUsize,
}

impl Shared<'_, '_> {
    /// Reads and judges what belongs to one user.
    fn read_and_judge(
        &self,
        reader: &Reader,
        (owner, groups): &Batch<'_>,
    ) -> Result<(Audit, Vec<Standing>), AuditError> {
        let mut profiles = Vec::new();
        let read = |reader: &Reader, group: &&Group| self.read(reader, group);
        share::in_order(
            self.threads,
            reader,
            groups,
            |group| size::is_large(&[*group]),
            read,
            |profile| profiles.push(profile),
        );
        for launch in profiles.iter_mut().flat_map(|profile| &mut profile.launches) {
            launch.client_used = match self.used.contains(&launch.client) {
                true => Some(true),
                false => self.lot.in_homes.then_some(false),
            };
        }
        profiles.iter_mut().for_each(|profile| reading::mark(self.repositories, profile, reader));
        batch::compare(&mut profiles);
        let mut standing = Vec::new();
        if self.request.history {
            standing.extend(profiles.iter().flat_map(history::standing));
        }
        let mut audit = Audit::default();
        let mut judged = Ok(());
        let profiles: Vec<_> = profiles.into_iter().map(|profile| Mutex::new(Some(profile))).collect();
        let judge = |reader: &Reader, profile: &Mutex<Option<Profile>>| self.judge(reader, profile);
        share::in_order(
            self.threads,
            reader,
            &profiles,
            |_| false,
            judge,
            |part| match part {
                Ok(part) => audit.absorb(part),
                Err(error) if judged.is_ok() => judged = Err(error),
                Err(_) => {}
            },
        );
        judged?;
        audit.grades = batch::grades(owner, &audit.accounts, &audit.findings);
        if self.request.drops_what_is_not_asked_for() {
            audit.leave_out(self.request);
        }
        Ok((audit, standing))
    }

    /// Reads one profile.
    fn read(&self, reader: &Reader, group: &Group) -> Profile {
        if let Some(first) = group.files.first() {
            self.progress.reads(&first.path, group.files.len());
        }
        reading::read(group, reader, self.request, self.gate)
    }

    /// Judges one profile, and lets go of it.
    fn judge(&self, reader: &Reader, profile: &Mutex<Option<Profile>>) -> Result<Audit, AuditError> {
        let mut audit = Audit::default();
        match profile.lock().unwrap_or_else(PoisonError::into_inner).take() {
            Some(profile) => audit.take(profile, self.judge, reader, self.request).map(|()| audit),
            None => Ok(audit),
        }
    }
}
