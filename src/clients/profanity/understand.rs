//! What the key files of a profile say, put together.

use super::accounts::{self, Surroundings};
use super::effective::Effective;
use super::end_to_end::{self, Policies};
use super::source::{Loaded, Source, most_groups};
use super::version::Known;
use super::{ACCOUNTS, BOOKMARKS, CERTIFICATES, SETTINGS};
use super::{certificates, damage, habits, idle, kept, preferences, programs, rooms};
use crate::model::{ExtraAuthority, FileKind, HabitKind, Plenty, Profile, ProfileFile, limits};
use crate::source::Reader;
use crate::syntax::keyfile::Cut;

/// What is known besides the files that are read.
pub(super) struct Beside<'r> {
    pub reader: &'r Reader,
    /// The plugins in the user's folder.
    pub plugins: &'r [ProfileFile],
    /// Whether there certainly is no `profrc`, so that every default is in force.
    pub no_preferences: bool,
}

/// Fills the profile from the key files.
pub(super) fn understand(profile: &mut Profile, loaded: &[Loaded], beside: &Beside<'_>, version: Known<'_>) {
    let sources: Vec<_> = loaded.iter().filter(|file| is_key_file(file.kind)).map(Source::of).collect();
    let of_kind = |kind: FileKind| sources.iter().filter(move |source| source.kind == kind);
    let preferences = preferences(&sources, beside, version);
    let policies = preferences.first().map(|first| Policies::of(*first)).unwrap_or_default();

    profile.extra_authority =
        of_kind(SETTINGS).find_map(|source| preferences::extra_authority(source, beside.reader));
    let tls_starts = profile.extra_authority.as_ref().is_none_or(|path| path.value != ExtraAuthority::Empty);
    for source in of_kind(ACCOUNTS) {
        add_accounts(profile, source, Surroundings { tls_starts, version, policies: &policies });
    }
    for source in of_kind(SETTINGS) {
        profile.rooms.extend(rooms::in_preferences(source));
        profile.idle_settings.extend(idle::settings(source, 0, version));
    }
    for source in of_kind(BOOKMARKS) {
        let ignored = rooms::ignored(source, &profile.accounts);
        profile.rooms.extend(ignored);
    }
    let hides_names = hides_names(of_kind(ACCOUNTS), version);
    for preferences in &preferences {
        add_habits(profile, *preferences, beside, hides_names);
    }
    let optional = end_to_end::optional(&policies, &profile.accounts);
    profile.habits.extend(optional);
    let exceptions = of_kind(CERTIFICATES).flat_map(|source| certificates::exceptions(source, version));
    profile.certificate_exceptions.extend(exceptions);
    note_damage(profile, &sources);
    for source in &sources {
        match source.keys.cut() {
            Some(Cut::Groups) if source.kind == ACCOUNTS => {
                profile.note_plenty(source.number, Plenty::Accounts, limits::ACCOUNTS);
            }
            Some(Cut::Groups) => profile.note_plenty(source.number, Plenty::Parts, most_groups(source.kind)),
            Some(Cut::Keys) => profile.note_plenty(source.number, Plenty::Parts, limits::KEYS),
            None => {}
        }
    }
}

fn is_key_file(kind: FileKind) -> bool {
    [ACCOUNTS, SETTINGS, CERTIFICATES, BOOKMARKS].contains(&kind)
}

/// The preferences that are in force: those of every `profrc`, or all defaults.
fn preferences<'s, 'a>(
    sources: &'s [Source<'a>],
    beside: &Beside<'_>,
    version: Known<'s>,
) -> Vec<Effective<'s, 'a>> {
    let of_kind = |kind: FileKind| sources.iter().filter(move |source| source.kind == kind);
    let written: Vec<_> =
        of_kind(SETTINGS).map(|source| Effective { source: Some(source), fallback: source, version }).collect();
    if !written.is_empty() || !beside.no_preferences {
        return written;
    }
    of_kind(ACCOUNTS).take(1).map(|fallback| Effective { source: None, fallback, version }).collect()
}

fn add_accounts(profile: &mut Profile, source: &Source<'_>, around: Surroundings<'_>) {
    let version = around.version;
    let first = profile.accounts.len();
    let read = accounts::read(source, around);
    let spreads = accounts::policy_spreads_from(&read, version).map(|number| first + number);
    profile.policy_spreads_from = profile.policy_spreads_from.or(spreads);
    profile.accounts.extend(read);
    profile.idle_settings.extend(idle::settings(source, first, version));
    let said = end_to_end::said(source, &profile.accounts, first, around.policies, version);
    profile.habits.extend(said.habits);
    profile.conversations.extend(said.conversations);
    for (number, group) in (first..).zip(source.keys.groups()) {
        profile.habits.extend(habits::of_account(source, group, number, version));
    }
}

/// Whether every account gives out another name than the client's, and with it no operating system.
fn hides_names<'s>(mut sources: impl Iterator<Item = &'s Source<'s>>, version: Known<'_>) -> bool {
    let hides = |source: &Source<'_>| {
        let mut groups = source.keys.groups().iter().peekable();
        groups.peek().is_some() && groups.all(|group| habits::hides_its_name(source, group, version))
    };
    sources.next().is_some_and(hides) && sources.all(hides)
}

fn add_habits(profile: &mut Profile, preferences: Effective<'_, '_>, beside: &Beside<'_>, hides_names: bool) {
    let shown = habits::of_client(preferences).into_iter();
    profile.habits.extend(shown.filter(|habit| !(hides_names && habit.what.value == HabitKind::SystemShown)));
    profile.habits.extend(kept::habits(preferences));
    profile.habits.extend(programs::commands(preferences, beside.reader));
    profile.habits.extend(programs::plugins(preferences, beside.plugins, beside.reader));
}

fn note_damage(profile: &mut Profile, sources: &[Source<'_>]) {
    for source in sources {
        let Some(fault) = damage::judge(source) else { continue };
        if let Some(file) = profile.file_mut(source.number) {
            file.damage = Some(fault);
        }
    }
}
