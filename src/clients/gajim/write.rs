//! Putting Gajim's settings right, in the words and the places of the version that reads them.

mod account;
mod database;
mod group;
mod source;
mod text;

use super::habits::{self, Ending};
use crate::model::{
    Change, Edit, FileNumber, Habit, Idle, Profile, Secret, Setting, StoredProxy, Unrepairable, Wish,
};
use crate::source::Reader;
use group::{Order, Value};
use source::Source;

/// The edits that bring about what is wanted of a profile.
pub(super) fn write(profile: &Profile, reader: &Reader, wish: &Wish) -> Result<Vec<Edit>, Unrepairable> {
    match &wish.change {
        Change::Set { fact: "proxy.password", value } if value == "absent" => {
            let proxy = profile.proxies.get(wish.number).ok_or(Unrepairable::Gone)?;
            without_login(&open(profile, proxy.place.file, reader)?, proxy)
        }
        Change::Set { fact, value } if fact.starts_with("account.") => {
            let account = profile.accounts.get(wish.number).ok_or(Unrepairable::Gone)?;
            let source = open(profile, account.place.file, reader)?;
            account::write(profile, &source, wish.number, fact, value)
        }
        Change::Remove { subject: "habit" } => {
            let habit = profile.habits.get(wish.number).ok_or(Unrepairable::Gone)?;
            without_habit(&open(profile, habit.what.place().file, reader)?, profile, habit)
        }
        Change::Remove { subject: "setting" } => {
            let idle = profile.idle_settings.get(wish.number).ok_or(Unrepairable::Gone)?;
            if idle.reason != Idle::Duplicate {
                return Err(Unrepairable::Unwritten);
            }
            let source = open(profile, idle.place.file, reader)?;
            let group = match idle.account {
                Some(account) => source.account(profile, account)?,
                None => source.client()?,
            };
            source.without_duplicate(&group, &idle.name, &idle.place)
        }
        _ => Err(Unrepairable::Unwritten),
    }
}

fn open<'a>(profile: &'a Profile, file: FileNumber, reader: &Reader) -> Result<Source<'a>, Unrepairable> {
    Source::open(profile, file, reader)
}

/// The password of a proxy is forgotten, whether or not it is to be used.
fn without_login(source: &Source<'_>, proxy: &StoredProxy) -> Result<Vec<Edit>, Unrepairable> {
    if !matches!(proxy.password, Setting { value: Secret::Clear | Secret::MadeUp, .. }) {
        return Ok(Vec::new());
    }
    let groups = source.proxies();
    let group = groups.iter().find(|(_, group)| *group.options().near() == proxy.place);
    let (_, group) = group.ok_or(Unrepairable::Gone)?;
    source.edits(vec![(group, vec![("pass", Value::Forgotten)])])
}

fn without_habit(source: &Source<'_>, profile: &Profile, habit: &Habit) -> Result<Vec<Edit>, Unrepairable> {
    let group = match habit.account {
        Some(account) => source.account(profile, account)?,
        None => source.client()?,
    };
    let ending = habits::ending(group.options(), &habit.what).ok_or(Unrepairable::Unwritten)?;
    let order: Order = match ending {
        Ending::Flag(option, wanted) => (option, Value::Flag(wanted)),
        Ending::Word(option, word) => (option, Value::Word(word.to_owned())),
        Ending::LeftOut(option) => (option, left_out(&group.options().text(option).value, group.name())?),
        // Gajim then deletes what it has kept, and for how long that is to be kept nobody can guess.
        Ending::Deleted => return Err(Unrepairable::Choice),
    };
    source.edits(vec![(&group, vec![order])])
}

/// The list with a name more in it. Blanks separate the names, so one with a blank cannot stand there.
fn left_out(list: &str, name: &str) -> Result<Value, Unrepairable> {
    if name.is_empty() || name.contains(char::is_whitespace) {
        return Err(Unrepairable::Unwritten);
    }
    let list = list.trim_end();
    Ok(Value::Word(if list.trim().is_empty() { name.to_owned() } else { format!("{list} {name}") }))
}
