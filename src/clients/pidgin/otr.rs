//! The plugin pidgin-otr: when it encrypts, and what it keeps out of the logs (`gtk-ui.c` of 4.0.2).

use super::in_force::InForce;
use crate::model::{EndToEnd, HabitKind, Setting};

/// What the plugin does in a conversation (`otrg_gtk_ui_get_prefs`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Policy {
    /// Nothing.
    Never,
    /// It encrypts when the user asks for it.
    Manual,
    /// The first message goes out in the clear, and tells the contact's client that OTR is spoken here.
    Opportunistic,
    /// Nothing goes out in the clear.
    Always,
}

impl Policy {
    /// What follows from the three switches. `onlyprivate` counts only where `automatic` is set.
    pub(super) const fn of(enabled: bool, automatic: bool, only_private: bool) -> Self {
        match (enabled, automatic, only_private) {
            (false, ..) => Self::Never,
            (true, false, _) => Self::Manual,
            (true, true, false) => Self::Opportunistic,
            (true, true, true) => Self::Always,
        }
    }
}

/// The settings for all contacts.
#[derive(Clone, Debug)]
pub(super) struct Otr {
    enabled: Setting<bool>,
    automatic: Setting<bool>,
    only_private: Setting<bool>,
    /// Whether encrypted conversations are kept out of the logs.
    pub avoids_logging: Setting<bool>,
}

/// The preferences, with the default of each where there is no `/OTR/enabled`.
const ENABLED: (&str, &str) = ("/OTR/enabled", "1");
const AUTOMATIC: (&str, &str) = ("/OTR/automatic", "1");
const ONLY_PRIVATE: (&str, &str) = ("/OTR/onlyprivate", "0");
const AVOIDS_LOGGING: (&str, &str) = ("/OTR/avoidloggingotr", "1");

impl Otr {
    /// Reads them as `otrg_gtk_ui_global_prefs_load` does: where `/OTR/enabled` exists, each sibling that is missing
    /// is off; where it does not, none of them counts.
    pub(super) fn read(preferences: &InForce) -> Option<Self> {
        let has_any = preferences.preferences.any(ENABLED.0).is_some();
        let read = |(path, default): (&'static str, &'static str)| {
            if has_any { preferences.truth(path, "0") } else { preferences.default(path, default != "0", default) }
        };
        Some(Self {
            enabled: read(ENABLED)?,
            automatic: read(AUTOMATIC)?,
            only_private: read(ONLY_PRIVATE)?,
            avoids_logging: read(AVOIDS_LOGGING)?,
        })
    }

    /// What it does with contacts that have no settings of their own.
    pub(super) const fn policy(&self) -> Policy {
        Policy::of(self.enabled.value, self.automatic.value, self.only_private.value)
    }

    /// The setting because of which messages may go out in the clear, if they may.
    pub(super) fn weakness(&self) -> Option<Setting<HabitKind>> {
        (self.policy() != Policy::Always).then(|| self.decider().clone().map(|_| HabitKind::ChatsMayBeClear))
    }

    /// Whether encrypted conversations are logged, if anything is.
    pub(super) const fn is_logged(&self) -> bool {
        !matches!(self.policy(), Policy::Never) && !self.avoids_logging.value
    }

    /// Whether new conversations are encrypted.
    pub(super) fn end_to_end(&self) -> Setting<EndToEnd> {
        let decider = self.decider().clone();
        let value = match self.policy() {
            Policy::Always => EndToEnd::DefaultOn,
            Policy::Opportunistic => EndToEnd::DefaultOff,
            Policy::Never | Policy::Manual if decider.default_word().is_none() => EndToEnd::SwitchedOff,
            Policy::Never | Policy::Manual => EndToEnd::DefaultOff,
        };
        decider.map(|_| value)
    }

    /// The setting that decides.
    const fn decider(&self) -> &Setting<bool> {
        match self.policy() {
            Policy::Never => &self.enabled,
            Policy::Manual => &self.automatic,
            Policy::Opportunistic | Policy::Always => &self.only_private,
        }
    }
}
