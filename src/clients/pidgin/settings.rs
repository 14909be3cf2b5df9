//! The settings of an account, as libpurple's `account.c` reads and migrates them.

use std::collections::HashMap;

use zeroize::Zeroizing;

use super::era::Switch;
use super::idle::Found;
use super::numbers::{account_truth, atoi};
use crate::model::{Idle, Span};
use crate::syntax::xml::Element;

/// The type that a setting is kept with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    String,
    Int,
    Bool,
}

/// The literals that stand for them in `type='...'`; any other makes libpurple pass the setting over (observed).
const KINDS: [(&str, Kind); 3] = [("string", Kind::String), ("int", Kind::Int), ("bool", Kind::Bool)];

impl Kind {
    /// That of a setting; none where libpurple passes the setting over.
    pub(super) fn of(setting: Element) -> Option<Self> {
        let word = setting.value("type")?;
        KINDS.iter().find(|(known, _)| *known == word.as_str()).map(|(_, kind)| *kind)
    }

    /// The literal that stands for it.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Int => "int",
            Self::Bool => "bool",
        }
    }
}

/// The settings of `prpl-jabber` that matter here, with the type that libpurple asks for. A setting of another type
/// reads as absent (observed).
const KNOWN: [(&str, Kind); 10] = [
    ("connection_security", Kind::String),
    ("auth_plain_in_clear", Kind::Bool),
    ("connect_server", Kind::String),
    ("port", Kind::Int),
    ("bosh_url", Kind::String),
    ("ft_proxies", Kind::String),
    ("custom_smileys", Kind::Bool),
    ("require_tls", Kind::Bool),
    ("old_ssl", Kind::Bool),
    ("use_tls", Kind::Bool),
];

/// A setting as libpurple keeps it.
#[derive(Clone, Debug)]
pub(super) struct Stored {
    kind: Kind,
    text: Zeroizing<String>,
    /// Where it is written; none for what the migration stored.
    span: Option<Span>,
    /// Whether it is already known to do nothing.
    is_idle: bool,
}

/// What decides about the encryption of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Security {
    /// The setting itself.
    Written(String, Span),
    /// The boolean of an older version that stands here, by way of the migration or in that version itself.
    Migrated(&'static str, Span),
    /// The migration, because nothing was written.
    Default,
    /// The default of a version that goes by `require_tls`.
    DefaultBoolean(bool),
    /// There is no element in which settings could stand, so that the migration did not run.
    NotMigrated,
}

/// The settings of an account.
#[derive(Debug, Default)]
pub(super) struct Settings {
    core: HashMap<String, Stored>,
    /// Whether the account is switched on, by user interface, and where that is written.
    enabled: Vec<(String, bool, Span)>,
    migration: Option<Migration>,
    /// What was found to do nothing.
    pub idle: Vec<Found>,
}

/// What the migration made of the settings that had been read when it first ran.
#[derive(Clone, Copy, Debug)]
struct Migration {
    word: &'static str,
    because_of: Option<Span>,
}

impl Settings {
    /// Reads a `<settings>` element, as `parse_settings` does, and migrates.
    pub(super) fn read(&mut self, settings: Element) {
        let interface = settings.value("ui");
        let mut read = settings.twins("setting").peekable();
        for child in settings.children() {
            if read.next_if_eq(&child).is_some() {
                self.read_setting(child, interface.as_deref().map(String::as_str));
            } else if let Some(name) = known_name(child) {
                self.idle.push(Found::new(name, child.inner_span(), Idle::WrongPlace));
            }
        }
        self.migrate();
    }

    /// Notes a setting that does not stand inside `<settings>`.
    pub(super) fn note_stray(&mut self, setting: Element) {
        if let Some(name) = known_name(setting) {
            self.idle.push(Found::new(name, setting.inner_span(), Idle::WrongPlace));
        }
    }

    /// A string that is not empty, and where it stands.
    pub(super) fn string(&self, name: &str) -> Option<(&str, Span)> {
        let stored = self.core.get(name).filter(|stored| stored.kind == Kind::String)?;
        Some((stored.text.as_str(), stored.span?)).filter(|(text, _)| !text.is_empty())
    }

    /// A truth value, and where it stands.
    pub(super) fn truth(&self, name: &str) -> Option<(bool, Span)> {
        let stored = self.core.get(name).filter(|stored| stored.kind == Kind::Bool)?;
        Some((account_truth(&stored.text), stored.span?))
    }

    /// A number, and where it stands.
    pub(super) fn number(&self, name: &str) -> Option<(i32, Span)> {
        let stored = self.core.get(name).filter(|stored| stored.kind == Kind::Int)?;
        Some((atoi(&stored.text), stored.span?))
    }

    /// Whether some user interface connects the account by itself, and where that is written.
    pub(super) fn enabled(&self) -> Option<(bool, Span)> {
        let of = |wanted| self.enabled.iter().find(|(_, enabled, _)| *enabled == wanted);
        of(true).or_else(|| of(false)).map(|(_, enabled, span)| (*enabled, *span))
    }

    /// The user interfaces that connect the account by themselves.
    pub(super) fn interfaces(&self) -> impl Iterator<Item = &str> {
        self.enabled.iter().filter(|(_, enabled, _)| *enabled).map(|(interface, ..)| interface.as_str())
    }

    /// Where `connection_security` is written, if it is.
    pub(super) fn connection_security(&self) -> Option<Span> {
        self.string("connection_security").map(|(_, span)| span)
    }

    /// What decides about the encryption.
    pub(super) fn security(&self, switch: Switch) -> Security {
        if let Switch::RequireTls(default) = switch {
            return match (self.truth("old_ssl"), self.truth("require_tls")) {
                (Some((true, span)), _) => Security::Migrated("old_ssl", span),
                (_, Some((true, span))) => Security::Migrated("require_tls", span),
                (_, Some((false, span))) => Security::Migrated("opportunistic_tls", span),
                (_, None) => Security::DefaultBoolean(default),
            };
        }
        if let Some((text, span)) = self.string("connection_security") {
            return Security::Written(text.to_owned(), span);
        }
        match self.migration {
            Some(Migration { word, because_of: Some(span) }) => Security::Migrated(word, span),
            Some(_) => Security::Default,
            None => Security::NotMigrated,
        }
    }

    /// Whether the migration went by the boolean that stands at `span`.
    pub(super) fn is_migrated_from(&self, span: Span) -> bool {
        self.migration.is_some_and(|migration| migration.because_of == Some(span))
    }

    fn read_setting(&mut self, setting: Element, interface: Option<&str>) {
        let Some(name) = setting.value("name") else { return };
        let known = KNOWN.iter().find(|(known, _)| *known == name.as_str());
        let kind = Kind::of(setting);
        let Some(text) = setting.text() else {
            // An element without text is what the client writes for a string that is not set.
            if let (Some(_), Some(value)) = (known, setting.attribute("value")) {
                self.idle.push(Found::new(&name, value.value_span(), Idle::WrongPlace));
            }
            return;
        };
        let span = setting.inner_span();
        match (interface, kind, known) {
            (Some(interface), Some(Kind::Bool), _) if name.as_str() == "auto-login" => {
                self.enable(interface, account_truth(&text), span);
            }
            (Some(_), _, Some(_)) => self.idle.push(Found::new(&name, span, Idle::WrongPlace)),
            (Some(_), ..) | (None, None, None) => {}
            (None, None, Some(_)) => self.idle.push(Found::new(&name, span, Idle::WrongType)),
            (None, Some(kind), known) => {
                let wrong = known.and_then(|(_, asked)| why_unreadable(*asked, kind, &text));
                self.idle.extend(wrong.map(|reason| Found::new(&name, span, reason)));
                self.store(&name, Stored { kind, text, span: Some(span), is_idle: wrong.is_some() });
            }
        }
    }

    /// Keeps a setting; the last one of a name counts, with its type (observed).
    fn store(&mut self, name: &str, stored: Stored) {
        let is_known = KNOWN.iter().any(|(known, _)| *known == name);
        let is_lost = |old: &&Stored| !old.is_idle && (old.kind != stored.kind || old.text != stored.text);
        let replaced = self.core.get(name).filter(|_| is_known).filter(is_lost).and_then(|old| old.span);
        self.idle.extend(replaced.map(|span| Found::new(name, span, Idle::Duplicate)));
        self.core.insert(name.to_owned(), stored);
    }

    fn enable(&mut self, interface: &str, enabled: bool, span: Span) {
        self.enabled.retain(|(other, ..)| other != interface);
        self.enabled.push((interface.to_owned(), enabled, span));
    }

    /// `parse_settings` of 2.7.4 and later: where `connection_security` is absent, of the wrong type or empty, it is
    /// stored as what the booleans of older versions say that were read so far.
    fn migrate(&mut self) {
        let kept = self.core.get("connection_security").filter(|stored| stored.kind == Kind::String);
        if kept.is_some_and(|stored| !stored.text.is_empty()) {
            return;
        }
        let (word, because_of) = match (self.truth("old_ssl"), self.truth("require_tls")) {
            (Some((true, span)), _) => ("old_ssl", Some(span)),
            (_, Some((false, span))) => ("opportunistic_tls", Some(span)),
            (_, required) => ("require_tls", required.map(|(_, span)| span)),
        };
        self.migration = Some(Migration { word, because_of });
        let text = Zeroizing::new(word.to_owned());
        let stored = Stored { kind: Kind::String, text, span: None, is_idle: false };
        self.core.insert("connection_security".to_owned(), stored);
    }
}

/// The name in a setting's attribute, if it is one that matters.
fn known_name(setting: Element) -> Option<&'static str> {
    let name = setting.value("name")?;
    KNOWN.iter().map(|(known, _)| *known).find(|known| *known == name.as_str())
}

/// Why libpurple cannot make use of a setting that it asks for as `asked`.
fn why_unreadable(asked: Kind, kind: Kind, text: &str) -> Option<Idle> {
    let has_digits = || text.trim_start().trim_start_matches(['-', '+']).starts_with(|c: char| c.is_ascii_digit());
    if kind != asked {
        Some(Idle::WrongType)
    } else if kind == Kind::Int && !has_digits() {
        Some(Idle::Unreadable)
    } else {
        None
    }
}
