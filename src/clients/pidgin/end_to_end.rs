//! Whether conversations are encrypted from end to end: libpurple itself cannot, plugins can.

use super::in_force::InForce;
use super::otr::{Otr, Policy};
use super::plugins::{self, Encrypting};
use super::settings::Settings;
use crate::model::{EndToEnd, Habit, HabitKind, Place, Setting};

/// What becomes of the new conversations of an account, in the user interfaces that connect it.
pub(super) fn of_account(preferences: Option<&InForce>, settings: &Settings, near: &Place) -> Setting<EndToEnd> {
    let default = |value| Setting::default(value, "", near.clone());
    let used: Vec<&str> = settings.interfaces().collect();
    let (Some(preferences), true) = (preferences, used.is_empty() || used.iter().any(|used| plugins::knows(used)))
    else {
        return default(EndToEnd::Undecided);
    };
    let is_used = |interface: &str| used.is_empty() || used.contains(&interface);
    let encrypting = Encrypting::of(&preferences.preferences, is_used);
    if encrypting.is_empty() {
        let may_be_lost = !preferences.is_whole();
        return default(if may_be_lost { EndToEnd::Undecided } else { EndToEnd::PluginMissing });
    }
    let otr = encrypting.otr.and_then(|_| Otr::read(preferences));
    match (otr, encrypting.lurch) {
        (Some(otr), None) => otr.end_to_end(),
        (Some(otr), Some(_)) if otr.policy() == Policy::Always => otr.end_to_end(),
        // It encrypts to everybody whose client announces keys, unless told otherwise.
        (_, Some((list, item))) => Setting::written(EndToEnd::DefaultOn, preferences.place(item.span, list)),
        (None, None) => default(EndToEnd::Undecided),
    }
}

/// A plugin that could encrypt everything and is not told to, or cannot be.
pub(super) fn habit(preferences: &InForce) -> Option<Habit> {
    let encrypting = Encrypting::of(&preferences.preferences, |_| true);
    let what = match (encrypting.otr, encrypting.lurch) {
        (Some(_), _) => Otr::read(preferences)?.weakness()?,
        (None, Some((list, item))) => {
            Setting::written(HabitKind::ChatsMayBeClear, preferences.place(item.span, &format!("{list}[lurch]")))
        }
        (None, None) => return None,
    };
    Some(Habit::of_client(what))
}

/// The settings of pidgin-otr, where it is loaded.
pub(super) fn otr(preferences: &InForce) -> Option<Otr> {
    Encrypting::of(&preferences.preferences, |_| true).otr.and_then(|_| Otr::read(preferences))
}
