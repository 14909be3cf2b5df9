//! Facts about files and about settings that do nothing.

use super::FactKind::{Text, Truth, Word};
use super::{Fact, Mark, SubjectKind, View};
use crate::model::{Access, Fault, Format, Idle, IdleSetting, Loss, ProfileFile, Purpose, Spot, Tracked};

/// The facts.
pub(super) const FACTS: &[Fact] = &[
    Fact::new("file.name", Text, "The file's name, without its folder", |view| {
        Some(file(view)?.path.file_name()?.to_string_lossy().into_owned().into())
    }),
    Fact::new("file.kind", Text, "What it is to its client", |view| Some(file(view)?.kind.0.into())),
    Fact::new("file.mode", Text, "Its permission bits in octal, where they mean something: 0644", |view| {
        Some(format!("{:04o}", file(view)?.mode?).into())
    }),
    Fact::new("file.readable_by", Word(Access::WORDS), "Who can read it, parent folders considered", |view| {
        Some(file(view)?.readable_by.word().into())
    }),
    Fact::new("file.writable_by", Word(Access::WORDS), "Who can change it", |view| {
        Some(file(view)?.writable_by.word().into())
    }),
    Fact::new("file.holds_secret", Truth, "Whether a secret stands in it in the clear", |view| {
        Some(file(view)?.holds_secret.into())
    }),
    Fact::new("file.fault", Word(Fault::WORDS), "What keeps it from being read in full", |view| {
        Some(fault(file(view)?).word().into())
    })
    .at(damage_place),
    Fact::new("file.why", Text, "The fault as the end of a sentence", |view| {
        Some(fault(file(view)?).phrase(view.language).into())
    }),
    Fact::new("file.loss", Word(Loss::WORDS), "What the client loses by the fault", |view| {
        Some(file(view)?.damage.as_ref().map_or(Loss::Nothing, |damage| damage.loss).word().into())
    }),
    Fact::new("file.format", Word(Format::WORDS), "Whether its format is known", |view| {
        Some(file(view)?.format.word().into())
    }),
    Fact::new("file.version", Text, "The version that the file itself names", |view| {
        Some(file(view)?.version.clone()?.into())
    }),
    Fact::new("file.purpose", Word(Purpose::WORDS), "What it is good for", |view| {
        Some(file(view)?.kind.1.word().into())
    }),
    Fact::new("file.tracked", Word(Tracked::WORDS), "Whether git keeps it", |view| {
        Some(file(view)?.tracked.word().into())
    }),
    Fact::new(
        "file.journal_missing",
        Truth,
        "Whether it is a database whose newest content stands in a journal that is not there",
        |view| Some(file(view)?.journal_missing.into()),
    ),
    Fact::new("setting.name", Text, "The setting's name", |view| Some(setting(view)?.name.clone().into()))
        .at(|view| Some(Mark::at(&setting(view)?.place))),
    Fact::new("setting.account", Text, "The JID of the account that it belongs to", |view| {
        Some(view.account_jid(setting(view)?.account)?.into())
    }),
    Fact::new("setting.reason", Word(Idle::WORDS), "Why it does nothing", |view| {
        Some(setting(view)?.reason.word().into())
    })
    .at(|view| Some(Mark::at(&setting(view)?.place))),
    Fact::new("setting.why", Text, "The reason as the end of a sentence", |view| {
        Some(setting(view)?.reason.phrase(view.language).into())
    }),
];

fn file(view: &View) -> Option<&ProfileFile> {
    if view.kind != SubjectKind::File {
        return None;
    }
    view.profile.files.get(view.number)
}

fn setting(view: &View) -> Option<&IdleSetting> {
    if view.kind != SubjectKind::Setting {
        return None;
    }
    view.profile.idle_settings.get(view.number)
}

fn fault(file: &ProfileFile) -> Fault {
    file.damage.as_ref().map_or(Fault::Sound, |damage| damage.fault)
}

fn damage_place(view: &View) -> Option<Mark<'_>> {
    file(view)?.damage.as_ref().map(|damage| &damage.place).filter(|place| place.spot != Spot::File).map(Mark::at)
}
