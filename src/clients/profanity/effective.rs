//! The preferences that are in force: what `profrc` says, or the client's default.

use super::source::Source;
use super::version::Known;
use crate::model::{Place, Setting};
use crate::syntax::keyfile::{self, Entry};

/// The preferences as the client reads them.
#[derive(Clone, Copy)]
pub(super) struct Effective<'s, 'a> {
    /// `profrc`; none where there is no such file, and every default is in force.
    pub source: Option<&'s Source<'a>>,
    /// A file of the profile near which a default is shown where there is no `profrc`.
    pub fallback: &'s Source<'a>,
    /// What is known about the version that reads them.
    pub version: Known<'s>,
}

impl<'s, 'a> Effective<'s, 'a> {
    /// What is written for a key, and where.
    pub(super) fn written(&self, group: &str, key: &str) -> Option<(&'s Source<'a>, Entry, Place)> {
        let source = self.source?;
        let group = source.keys.group(group.as_bytes())?;
        let entry = source.keys.effective(group, key.as_bytes())?;
        Some((source, entry, source.value_place(group, entry)))
    }

    /// A truth value. One that GLib cannot read is false, whatever the default is.
    pub(super) fn boolean(&self, group: &str, key: &str, default: bool) -> Setting<bool> {
        match self.written(group, key) {
            Some((source, entry, place)) => {
                Setting::written(keyfile::boolean(source.keys.raw(entry.value)).unwrap_or(false), place)
            }
            None => Setting::default(default, if default { "true" } else { "false" }, self.near(group, key)),
        }
    }

    /// A word. One that GLib cannot decode is to the client as if it were absent.
    pub(super) fn word(&self, group: &str, key: &str, default: &'static str) -> Setting<String> {
        let written = self.written(group, key).and_then(|(source, entry, place)| {
            Some(Setting::written(keyfile::string(source.keys.raw(entry.value)).ok()?, place))
        });
        written.unwrap_or_else(|| Setting::default(default.to_owned(), default, self.near(group, key)))
    }

    /// Where a key would stand that is not written.
    pub(super) fn near(&self, group: &str, key: &str) -> Place {
        let words = format!("profrc[{group}] / {key}");
        let source = self.source.unwrap_or(self.fallback);
        let name = self.source.and_then(|source| Some(source.keys.group(group.as_bytes())?.name));
        match name {
            Some(name) => source.place(name, &words),
            None => Place::of_file(source.number, words),
        }
    }
}
