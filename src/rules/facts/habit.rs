//! Facts about what clients do beside logging in: habits, commands, conversations.

use super::FactKind::{Text, Truth, Word};
use super::{Fact, Mark, SubjectKind, View};
use crate::clients;
use crate::model::{
    Access, Command, CommandEffect, Conversation, ConversationEncryption, Habit, HabitKind, Origin,
};

/// The facts.
pub(super) const FACTS: &[Fact] = &[
    Fact::new("habit.what", Word(HabitKind::WORDS), "What the client does", |view| {
        Some(habit(view)?.what.value.word().into())
    })
    .at(|view| Some(Mark::of(&habit(view)?.what))),
    Fact::new("habit.phrase", Text, "The same as the end of a sentence that begins with the client", |view| {
        Some(habit(view)?.what.value.phrase(view.language).into())
    }),
    Fact::new("habit.detail", Text, "The plugin, folder or contact that it is about, if any", |view| {
        Some(habit(view)?.detail.clone()?.into())
    }),
    Fact::new("habit.account", Text, "The JID of the account that it is about, if it is about one", |view| {
        Some(view.account_jid(habit(view)?.account)?.into())
    }),
    Fact::new("habit.written", Truth, "Whether a setting says so, and not only a default", |view| {
        Some(matches!(habit(view)?.what.origin, Origin::Written(_)).into())
    }),
    Fact::new("habit.writable_by", Word(Access::WORDS), "Who can change the code that is run", |view| {
        Some(habit(view)?.writable_by.word().into())
    }),
    Fact::new("habit.tracked", Truth, "Whether git keeps the file that says so", |view| {
        Some(view.is_tracked(habit(view)?.what.place()).into())
    }),
    Fact::new("command.effect", Word(CommandEffect::WORDS), "What the command does", |view| {
        Some(command(view)?.effect.word().into())
    })
    .at(|view| Some(Mark::at(&command(view)?.place))),
    Fact::new("command.stores", Truth, "Whether the account keeps that afterwards", |view| {
        Some(command(view)?.stores.into())
    }),
    Fact::new("command.name", Text, "The alias, script or key", |view| Some(command(view)?.name.clone().into())),
    Fact::new("command.client_title", Text, "The client that runs it", |view| {
        let name = command(view)?.client.0;
        Some(clients::by_name(name).map_or(name, clients::Client::title).into())
    }),
    Fact::new("command.tracked", Truth, "Whether git keeps the file in which it stands", |view| {
        Some(view.is_tracked(&command(view)?.place).into())
    }),
    Fact::new("conversation.address", Text, "With whom it is, or in which room", |view| {
        Some(conversation(view)?.address.bare().into())
    })
    .at(|view| Some(Mark::at(&conversation(view)?.place))),
    Fact::new("conversation.account", Text, "The JID of the account that it belongs to", |view| {
        Some(view.account_jid(conversation(view)?.account)?.into())
    }),
    Fact::new("conversation.group", Truth, "Whether it is a room", |view| Some(conversation(view)?.group.into())),
    Fact::new(
        "conversation.encryption",
        Word(ConversationEncryption::WORDS),
        "Whether it is end-to-end encrypted",
        |view| Some(conversation(view)?.encryption.word().into()),
    )
    .at(|view| Some(Mark::at(&conversation(view)?.place))),
];

fn habit(view: &View) -> Option<&Habit> {
    if view.kind != SubjectKind::Habit {
        return None;
    }
    view.profile.habits.get(view.number)
}

fn command(view: &View) -> Option<&Command> {
    if view.kind != SubjectKind::Command {
        return None;
    }
    view.profile.commands.get(view.number)
}

fn conversation(view: &View) -> Option<&Conversation> {
    if view.kind != SubjectKind::Conversation {
        return None;
    }
    view.profile.conversations.get(view.number)
}
