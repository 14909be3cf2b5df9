//! Settings that stand in a file and do nothing, where their owner would want to know.
//!
//! Text files hold every default and databases every key that ever was: only what protects, or looks as if it
//! betrayed, is worth a word.

use std::collections::HashMap;

use super::cell::CellOptions;
use super::options::{GUARDS, Options};
use super::options_text::TextOption;
use super::text::{TextOptions, is_valid, read};
use super::version::Era;
use super::{account, options_database, options_text};
use crate::model::{Idle, IdleSetting, Origin, Place, Profile, Setting};
use crate::syntax::json::{Kind, Member};

fn note(profile: &mut Profile, name: &str, place: Place, account: Option<usize>, reason: Idle) {
    profile.idle_settings.push(IdleSetting { name: name.to_owned(), place, account, reason });
}

/// The global proxy, where the version ignores it and an account goes out directly.
pub(super) fn global_proxy(profile: &mut Profile, era: Era, global: &Setting<String>) {
    let Origin::Written(place) = &global.origin else { return };
    if profile.accounts.iter().any(|known| account::misses_global_proxy(era, known, global)) {
        note(profile, "global_proxy", place.clone(), None, Idle::OtherGeneration);
    }
}

/// The idle settings of an account in a database.
pub(super) fn of_database(profile: &mut Profile, options: &CellOptions, account: usize) {
    let Some(object) = options.object else { return };
    let account = Some(account);
    // Looked up once: a hostile object has very many members.
    let last: HashMap<&str, &Member> =
        object.members().iter().map(|member| (member.key.as_str(), member)).collect();
    for member in object.members() {
        let name = member.key.as_str();
        let is_known = options_database::default_of(name, options.user_version).is_some();
        let last = last.get(name).copied().unwrap_or(member);
        if last.key_span != member.key_span {
            let differs = options.cell.slice(last.value.span) != options.cell.slice(member.value.span);
            if is_known && differs {
                note(profile, name, options.place(member), account, Idle::Duplicate);
            }
        } else if !is_known && GUARDS.contains(&name) {
            note(profile, name, options.place(member), account, Idle::OtherGeneration);
        } else if options_database::FLAGS.contains(&name) && matches!(member.value.kind, Kind::String(_)) {
            // `"False"` is true in Python.
            note(profile, name, options.place(member), account, Idle::WrongType);
        }
    }
    switched_off(profile, options, account);
}

/// The one of the two plain switches that the other one, `use_custom_host`, turns off.
fn switched_off(profile: &mut Profile, options: &dyn Options, account: Option<usize>) {
    let plain = options.flag("use_plain_connection");
    let kind = options.text("custom_type");
    let idle = if options.flag("use_custom_host").value {
        plain.value.then_some(("use_plain_connection", plain.origin))
    } else {
        (kind.value == "PLAIN").then_some(("custom_type", kind.origin))
    };
    if let Some((name, Origin::Written(place))) = idle {
        note(profile, name, place, account, Idle::Overridden);
    }
}

/// The idle settings of an account, a proxy or the top level of a text file.
pub(super) fn of_text(profile: &mut Profile, options: &TextOptions, account: Option<usize>) {
    for option in options.table {
        let Some(values) = options.values.get(option.name) else { continue };
        if options_text::of_text(options.table, option.name, options.version).is_none() {
            of_another_version(profile, options, option, account);
            continue;
        }
        let text = options.text.bytes();
        let counting = values.iter().rev().find(|span| is_valid(option.kind, &read(text, **span)));
        for span in values.iter().filter(|span| Some(*span) != counting) {
            let value = read(text, *span);
            if !is_valid(option.kind, &value) {
                // A carriage return is nothing that anybody wrote on purpose.
                if !is_valid(option.kind, value.trim_end_matches('\r')) {
                    note(profile, option.name, options.place(option.name, *span), account, Idle::Unreadable);
                }
            } else if counting.is_some_and(|counting| read(text, *counting) != value) {
                note(profile, option.name, options.place(option.name, *span), account, Idle::Duplicate);
            }
        }
    }
    if Era::Text(options.version).is_strict() {
        switched_off(profile, options, account);
    }
}

fn of_another_version(profile: &mut Profile, options: &TextOptions, option: &TextOption, account: Option<usize>) {
    let Some(span) = options.values.get(option.name).and_then(|values| values.last()) else { return };
    let is_empty = read(options.text.bytes(), *span).trim().is_empty();
    if GUARDS.contains(&option.name) && !is_empty {
        note(profile, option.name, options.place(option.name, *span), account, Idle::OtherGeneration);
    }
}
