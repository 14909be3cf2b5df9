//! Facts about secrets in the history of a repository.

use super::FactKind::{Text, Word};
use super::{Fact, Mark, SubjectKind, View};
use crate::model::{Published, PublishedSecret, Standing};

/// The facts.
pub(super) const FACTS: &[Fact] = &[
    Fact::new("published.what", Word(PublishedSecret::WORDS), "What the commit published", |view| {
        Some(published(view)?.what.word().into())
    })
    .at(|view| Some(Mark::at(&published(view)?.place))),
    Fact::new("published.account", Text, "The JID of the account that it belongs to", |view| {
        Some(view.account_jid(published(view)?.account)?.into())
    }),
    Fact::new("published.room", Text, "The address of the room that it belongs to", |view| {
        let room = view.profile.rooms.get(published(view)?.room?)?;
        Some(room.address.bare().into())
    }),
    Fact::new("published.commit", Text, "The first commit in which it stands, in ten digits", |view| {
        Some(published(view)?.commit.short().to_owned().into())
    }),
    Fact::new("published.date", Text, "The day of that commit: 2026-01-02; empty where it does not tell", |view| {
        Some(published(view)?.commit.date.clone().into())
    }),
    Fact::new("published.path", Text, "The path of its file in that commit", |view| {
        Some(published(view)?.path.clone().into())
    }),
    Fact::new("published.standing", Word(Standing::WORDS), "What became of it, as far as HEAD tells", |view| {
        Some(published(view)?.standing.word().into())
    }),
];

fn published(view: &View) -> Option<&Published> {
    if view.kind != SubjectKind::Published {
        return None;
    }
    view.profile.published.get(view.number)
}
