//! A file of settings that is to be written, whatever its format.

use super::super::kinds;
use super::super::version::Era;
use super::database::DatabaseSource;
use super::group::{Group, Order};
use super::text::TextSource;
use crate::model::{Edit, FileNumber, Place, Profile, Unrepairable};
use crate::source::Reader;

/// A file of settings that is to be written.
pub(super) enum Source<'a> {
    /// That of 0.11 to 1.2.
    Text(TextSource<'a>),
    /// That of 1.3 and later.
    Database(DatabaseSource),
}

impl<'a> Source<'a> {
    /// Takes the file apart again, if it is one that its client reads and this program knows.
    pub(super) fn open(profile: &'a Profile, number: FileNumber, reader: &Reader) -> Result<Self, Unrepairable> {
        let file = profile.file(number).ok_or(Unrepairable::Gone)?;
        match file.kind {
            kinds::TEXT => TextSource::open(profile, number, file).map(Self::Text),
            kinds::SETTINGS => DatabaseSource::open(number, file, reader).map(Self::Database),
            // The system's, laid over the user's own.
            kinds::OVERRIDES => Err(Unrepairable::Elsewhere),
            _ => Err(Unrepairable::Unwritten),
        }
    }

    /// Who reads it.
    pub(super) const fn era(&self) -> Era {
        match self {
            Self::Text(source) => Era::Text(source.config.version),
            Self::Database(source) => Era::Database(source.user_version),
        }
    }

    /// Where it lies.
    pub(super) const fn file(&self) -> FileNumber {
        match self {
            Self::Text(source) => source.file,
            Self::Database(source) => source.file,
        }
    }

    /// The options of the client as a whole.
    pub(super) fn client(&self) -> Result<Group<'_>, Unrepairable> {
        match self {
            Self::Text(source) => Ok(Group::Text(source.client())),
            Self::Database(source) => source.client().map(Group::Cell),
        }
    }

    /// The options of an account of the profile.
    pub(super) fn account(&self, profile: &Profile, number: usize) -> Result<Group<'_>, Unrepairable> {
        match self {
            Self::Text(source) => source.account(profile, number).map(Group::Text),
            Self::Database(source) => source.account(profile, number).map(Group::Cell),
        }
    }

    /// The proxies, by their names.
    pub(super) fn proxies(&self) -> Vec<(&str, Group<'_>)> {
        match self {
            Self::Text(source) => source.proxies().map(|(name, group)| (name, Group::Text(group))).collect(),
            Self::Database(source) => {
                source.proxies().map(|(name, options)| (name, Group::Cell(options))).collect()
            }
        }
    }

    /// Where a proxy that leads to Tor is put in, and as what. `account` is the options of one that is to use it.
    pub(super) fn new_tor(&self, account: &Group<'_>) -> Result<(Group<'_>, Vec<Order>), Unrepairable> {
        match (self, account) {
            (Self::Text(source), Group::Text(account)) => {
                let (group, orders) = source.new_tor(account);
                Ok((Group::Text(group), orders))
            }
            (Self::Database(source), _) => source.new_tor().map(|(options, orders)| (Group::Cell(options), orders)),
            (Self::Text(_), Group::Cell(_)) => Err(Unrepairable::Gone),
        }
    }

    /// The edits that make options what they are to be.
    pub(super) fn edits(&self, wanted: Vec<(&Group<'_>, Vec<Order>)>) -> Result<Vec<Edit>, Unrepairable> {
        match self {
            Self::Text(source) => {
                let of_text = wanted.into_iter().filter_map(|(group, orders)| match group {
                    Group::Text(group) => Some((group, orders)),
                    Group::Cell(_) => None,
                });
                source.edits(of_text)
            }
            Self::Database(source) => {
                let mut edits = Vec::new();
                for (group, orders) in wanted {
                    if let Group::Cell(options) = group {
                        edits.extend(source.edits(options, &orders)?);
                    }
                }
                Ok(edits)
            }
        }
    }

    /// The edits that take away a value that stands at `place` and that another one of the same option outweighs.
    pub(super) fn without_duplicate(
        &self,
        group: &Group<'_>,
        option: &str,
        place: &Place,
    ) -> Result<Vec<Edit>, Unrepairable> {
        match (self, group) {
            (Self::Text(source), Group::Text(group)) => source.without_duplicate(group, option, place),
            (Self::Database(source), Group::Cell(options)) => source.without_duplicate(options, option, place),
            _ => Err(Unrepairable::Gone),
        }
    }
}
