//! Settings that stand in a file and do nothing, although whoever wrote them thinks they do.

use super::policy::Policy;
use super::source::Source;
use super::version::Known;
use super::{ACCOUNTS, SETTINGS, keys};
use crate::model::{Idle, IdleSetting, Place, Span, limits};
use crate::syntax::keyfile::{self, Entry, Group, Line};

/// Keys of `accounts` that protect nobody in `profrc`, and the other way round.
const OF_ACCOUNTS_ONLY: &[&str] = &["auth.policy", "eval_password", "muc.service", "tls.policy"];
const OF_PREFERENCES_ONLY: &[&str] = &["dblog", "reveal.os", "tls.certpath"];

/// Words of `auth.policy` that mean something.
const AUTH_POLICIES: &[&str] = &["", "default", "legacy"];

/// The settings of a file that do nothing. `first_account` is the number of the account of its first group.
pub(super) fn settings(source: &Source<'_>, first_account: usize, version: Known<'_>) -> Vec<IdleSetting> {
    let mut found = Finder { source, version, settings: Vec::new(), account: None };
    for (number, group) in source.keys.groups().iter().enumerate() {
        found.account = (source.kind == ACCOUNTS).then_some(first_account + number);
        found.look_at_duplicates(group);
        match source.kind {
            ACCOUNTS => found.look_at_account(group),
            SETTINGS => found.look_at_preferences(group),
            _ => {}
        }
    }
    found.look_behind_the_fault(first_account);
    found.settings
}

struct Finder<'s, 'a> {
    source: &'s Source<'a>,
    version: Known<'s>,
    settings: Vec<IdleSetting>,
    account: Option<usize>,
}

impl Finder<'_, '_> {
    fn raw(&self, span: Span) -> &[u8] {
        self.source.keys.raw(span)
    }

    fn add(&mut self, name: Span, place: Place, reason: Idle) {
        // One more than a profile holds, so that it notices.
        if self.settings.len() > limits::ENTRIES {
            return;
        }
        let name = self.source.keys.lossy(name);
        self.settings.push(IdleSetting { name, place, account: self.account, reason });
    }

    fn add_entry(&mut self, group: &Group, entry: Entry, reason: Idle) {
        self.add(entry.key, self.source.value_place(group, entry), reason);
    }

    /// Earlier lines of a key whose last line says something else. GLib keeps them, and they come to life when
    /// the client removes the last one.
    fn look_at_duplicates(&mut self, group: &Group) {
        let last = self.source.keys.effective_entries(group);
        for entry in group.entries() {
            let key = self.source.keys.raw(entry.key);
            let Some(counts) = last.get(key) else { continue };
            let differs = self.raw(counts.value) != self.raw(entry.value);
            if differs && !keys::contains(keys::STATE, key) {
                self.add_entry(group, entry, Idle::Duplicate);
            }
        }
    }

    fn look_at_account(&mut self, group: &Group) {
        for entry in group.entries() {
            let key = self.source.keys.raw(entry.key);
            let known = keys::ACCOUNT.iter().copied();
            if is_translated(key, |name| keys::contains(keys::ACCOUNT, name))
                || keys::meant(known, key).is_some()
                || keys::contains(OF_PREFERENCES_ONLY, key)
            {
                self.add_entry(group, entry, Idle::WrongPlace);
            }
        }
        self.look_at_boolean(group, "enabled");
        self.look_at_value(group, "port", |raw| {
            !keyfile::integer(raw).is_ok_and(|port| u16::try_from(port).is_ok())
        });
        self.look_at_value(group, "password", |raw| keyfile::string(raw).is_err());
        self.look_at_value(group, "auth.policy", |raw| {
            !keyfile::string(raw).is_ok_and(|word| AUTH_POLICIES.contains(&word.as_str()))
        });
        if !Policy::is_looked_at(self.version) {
            self.look_at_key(group, "tls.policy", Idle::OtherGeneration);
        }
    }

    fn look_at_preferences(&mut self, group: &Group) {
        let name = self.source.keys.raw(group.name);
        let Some(known) = keys::preferences(name) else {
            return self.look_at_other_group(group);
        };
        for entry in group.entries() {
            let key = self.source.keys.raw(entry.key);
            let all = known.booleans.iter().chain(known.others).copied();
            // Up to 0.9.x the commands of [executables] had a "translation".
            let translated = known.group != "executables" && is_translated(key, |name| known.knows(name));
            if translated || keys::meant(all, key).is_some() {
                self.add_entry(group, entry, Idle::WrongPlace);
            }
        }
        if known.group != "alias" {
            self.look_at_misplaced(group);
        }
        for key in known.booleans {
            self.look_at_boolean(group, key);
        }
        // Up to 0.13.1 the database keeps everything, whatever is written.
        if known.group == "logging" && self.version.is_before(14, 0) {
            self.look_at_key(group, "dblog", Idle::OtherGeneration);
        }
    }

    /// A group that is a room, an account, or misspelt.
    fn look_at_other_group(&mut self, group: &Group) {
        let name = self.source.keys.raw(group.name);
        if keys::meant(keys::PREFERENCES.iter().map(|known| known.group), name).is_some() {
            self.add(group.name, self.source.group_place(group), Idle::WrongPlace);
        }
        self.look_at_misplaced(group);
        if name.contains(&b'@') {
            for key in keys::ROOM {
                self.look_at_boolean(group, key);
            }
        }
    }

    fn look_at_misplaced(&mut self, group: &Group) {
        for entry in group.entries() {
            if keys::contains(OF_ACCOUNTS_ONLY, self.source.keys.raw(entry.key)) {
                self.add_entry(group, entry, Idle::WrongPlace);
            }
        }
    }

    fn look_at_key(&mut self, group: &Group, key: &str, reason: Idle) {
        if let Some(entry) = self.source.keys.effective(group, key.as_bytes()) {
            self.add_entry(group, entry, reason);
        }
    }

    /// A truth value that GLib cannot read is false to the client, also where it was not meant to be.
    fn look_at_boolean(&mut self, group: &Group, key: &str) {
        let Some(entry) = self.source.keys.effective(group, key.as_bytes()) else { return };
        let raw = self.raw(entry.value);
        if keyfile::boolean(raw).is_err() {
            let reason = if means_false(raw) { Idle::Unreadable } else { Idle::ReadAsFalse };
            self.add_entry(group, entry, reason);
        }
    }

    fn look_at_value(&mut self, group: &Group, key: &str, is_unreadable: impl Fn(&[u8]) -> bool) {
        let Some(entry) = self.source.keys.effective(group, key.as_bytes()) else { return };
        if is_unreadable(self.raw(entry.value)) {
            self.add_entry(group, entry, Idle::Unreadable);
        }
    }

    /// What stands behind the line at which the client stops: the first key of the group that is cut in two, and
    /// every group that follows.
    fn look_behind_the_fault(&mut self, first_account: usize) {
        let Some(fault) = self.source.keys.fault() else { return };
        let bytes = self.source.keys.bytes();
        let mut cut = self.group_at(fault.line.start);
        for (line, _) in keyfile::lines(bytes.get(fault.rest..).unwrap_or_default()) {
            match keyfile::read_line(bytes, line.moved_by(fault.rest)) {
                Line::Group(name) => {
                    cut = None;
                    self.account = None;
                    let place = self.source.place(name, &self.source.words_of(name));
                    self.add(name, place, Idle::AfterFault);
                }
                Line::Entry(entry) => {
                    let Some((number, name)) = cut.take() else { continue };
                    self.account = (self.source.kind == ACCOUNTS).then_some(first_account + number);
                    let key = self.source.keys.lossy(entry.key);
                    let words = format!("{} / {key}", self.source.words_of(name));
                    self.add(entry.key, self.source.place(entry.value, &words), Idle::AfterFault);
                }
                Line::Comment(_) | Line::Malformed(_) => {}
            }
        }
    }

    /// The group in which the line at that offset stands: its number and its name.
    fn group_at(&self, offset: usize) -> Option<(usize, Span)> {
        let bytes = self.source.keys.bytes().get(..offset).unwrap_or_default();
        let name = keyfile::lines(bytes)
            .filter_map(|(line, _)| match keyfile::read_line(bytes, line) {
                Line::Group(name) => Some(name),
                _ => None,
            })
            .last()?;
        let wanted = self.raw(name);
        let number = self.source.keys.groups().iter().position(|group| self.raw(group.name) == wanted)?;
        Some((number, name))
    }
}

/// Whether whoever wrote it can only have meant what the client takes it for.
fn means_false(raw: &[u8]) -> bool {
    const WORDS: &[&[u8]] = &[b"false", b"no", b"off", b"n", b"f", b"never", b"none", b""];
    WORDS.iter().any(|word| raw.trim_ascii().eq_ignore_ascii_case(word))
}

/// Whether it is a translation, `tls.policy[de]`, of a key that the client never reads translated.
fn is_translated(key: &[u8], is_known: impl Fn(&[u8]) -> bool) -> bool {
    key.iter().position(|byte| *byte == b'[').and_then(|at| key.get(..at)).is_some_and(is_known)
}
