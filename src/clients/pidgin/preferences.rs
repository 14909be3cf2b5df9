//! `prefs.xml`: the settings of the client as a whole.

mod tags;
pub(super) mod written;

use std::collections::HashMap;

use self::tags::{Attributes, Reading};
use super::idle::Found;
use super::numbers::{atoi, numeric_truth};
use crate::model::Span;
use crate::syntax::xml::gmarkup::{Markup, Tag};

/// The type that a preference is kept with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// It has no value: it only holds others.
    Folder,
    Bool,
    Int,
    String,
    StringList,
    Path,
    PathList,
}

/// The literals that stand for them in `type='...'`.
const KINDS: [(&str, Kind); 6] = [
    ("bool", Kind::Bool),
    ("int", Kind::Int),
    ("string", Kind::String),
    ("stringlist", Kind::StringList),
    ("path", Kind::Path),
    ("pathlist", Kind::PathList),
];

/// The preferences that matter to somebody's safety, with the type that libpurple or a plugin asks for.
const KNOWN: [(&str, Kind); 28] = [
    ("/purple/proxy/type", Kind::String),
    ("/purple/proxy/host", Kind::String),
    ("/purple/proxy/port", Kind::Int),
    ("/purple/proxy/username", Kind::String),
    ("/purple/proxy/password", Kind::String),
    ("/purple/proxy/socks4_remotedns", Kind::Bool),
    ("/purple/logging/log_ims", Kind::Bool),
    ("/purple/logging/log_chats", Kind::Bool),
    ("/purple/logging/log_system", Kind::Bool),
    ("/purple/conversations/im/send_typing", Kind::Bool),
    ("/purple/away/idle_reporting", Kind::String),
    ("/purple/network/turn_server", Kind::String),
    ("/purple/network/turn_password", Kind::String),
    ("/OTR/enabled", Kind::Bool),
    ("/OTR/automatic", Kind::Bool),
    ("/OTR/onlyprivate", Kind::Bool),
    ("/OTR/avoidloggingotr", Kind::Bool),
    ("/plugins/core/nss_prefs/min_tls", Kind::Int),
    ("/plugins/core/nss_prefs/max_tls", Kind::Int),
    ("/plugins/core/nss_prefs/cipher_list", Kind::StringList),
    ("/plugins/core/core-plugin_pack-autoaccept/stranger", Kind::Int),
    ("/pidgin/browsers/browser", Kind::String),
    ("/pidgin/browsers/manual_command", Kind::String),
    ("/pidgin/sound/method", Kind::String),
    ("/pidgin/sound/command", Kind::Path),
    ("/pidgin/sound/mute", Kind::Bool),
    ("/pidgin/plugins/loaded", Kind::PathList),
    ("/finch/plugins/loaded", Kind::PathList),
];

impl Kind {
    /// The type that a preference that matters is asked for as.
    pub(super) fn of(path: &str) -> Option<Self> {
        KNOWN.iter().find(|(known, _)| *known == path).map(|(_, kind)| *kind)
    }

    /// The literal that stands for it; empty for a folder, which has none.
    pub(super) fn word(self) -> &'static str {
        KINDS.iter().find(|(_, kind)| *kind == self).map_or("", |(word, _)| word)
    }
}

/// A preference as libpurple keeps it.
#[derive(Clone, Debug)]
struct Stored {
    kind: Kind,
    value: String,
    span: Span,
    items: Vec<Item>,
}

/// An item of a list.
#[derive(Clone, Debug)]
pub(super) struct Item {
    /// Its value.
    pub value: String,
    /// Where that stands.
    pub span: Span,
}

/// The preferences that matter, as they are in force.
#[derive(Debug)]
pub(super) struct Preferences {
    stored: HashMap<&'static str, Stored>,
    /// Where the name of the first element stands: `/`, which holds all others.
    pub root: Span,
    /// What was found to do nothing.
    pub idle: Vec<Found>,
}

impl Default for Preferences {
    fn default() -> Self {
        Self { stored: HashMap::new(), root: Span::at(0), idle: Vec::new() }
    }
}

impl Preferences {
    /// Does what libpurple's `prefs_start_element_handler` and `prefs_end_element_handler` do.
    pub(super) fn read(markup: &Markup) -> Self {
        let mut reading = Reading::default();
        for tag in markup.tags() {
            match tag {
                Tag::Start { name, attributes } => match markup.slice(*name) {
                    "pref" => reading.start(&Attributes::of(markup, attributes)),
                    "item" => reading.item(&Attributes::of(markup, attributes)),
                    _ => {}
                },
                Tag::End { name } if markup.slice(*name) == "pref" => reading.end(),
                Tag::End { .. } => {}
            }
        }
        reading.preferences
    }

    /// A string, and where it stands.
    pub(super) fn string(&self, path: &str) -> Option<(&str, Span)> {
        self.of_kind(path, Kind::String).map(|stored| (stored.value.as_str(), stored.span))
    }

    /// A number, and where it stands.
    pub(super) fn number(&self, path: &str) -> Option<(i32, Span)> {
        self.of_kind(path, Kind::Int).map(|stored| (atoi(&stored.value), stored.span))
    }

    /// A path, and where it stands.
    pub(super) fn path(&self, path: &str) -> Option<(&str, Span)> {
        self.of_kind(path, Kind::Path).map(|stored| (stored.value.as_str(), stored.span))
    }

    /// A truth value, and where it stands.
    pub(super) fn truth(&self, path: &str) -> Option<(bool, Span)> {
        self.of_kind(path, Kind::Bool).map(|stored| (numeric_truth(&stored.value), stored.span))
    }

    /// Whether something is kept under that path, of whatever type, and where.
    pub(super) fn any(&self, path: &str) -> Option<Span> {
        self.stored.get(path).map(|stored| stored.span)
    }

    /// The items of a list of that type; none where there is no such list.
    pub(super) fn items(&self, path: &str, kind: Kind) -> &[Item] {
        self.of_kind(path, kind).map_or(&[], |list| &list.items)
    }

    fn of_kind(&self, path: &str, kind: Kind) -> Option<&Stored> {
        self.stored.get(path).filter(|stored| stored.kind == kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Idle;
    use crate::syntax::xml::gmarkup;
    use zeroize::Zeroizing;

    fn read(body: &str) -> Preferences {
        let text = format!("<?xml version='1.0'?><pref version='1' name='/'>{body}</pref>");
        let decoded = gmarkup::decode(Zeroizing::new(text.into_bytes()));
        Preferences::read(&gmarkup::parse(&decoded))
    }

    fn in_proxy(body: &str) -> Preferences {
        read(&format!("<pref name='purple'><pref name='proxy'>{body}</pref></pref>"))
    }

    fn idle(preferences: &Preferences) -> Vec<(&str, Idle)> {
        preferences.idle.iter().map(|found| (found.name.as_str(), found.reason)).collect()
    }

    #[test]
    fn the_last_of_a_name_counts_unless_its_type_differs() {
        let found =
            in_proxy("<pref name='type' type='string' value='tor'/><pref name='type' type='string' value='x'/>");
        assert_eq!(found.string("/purple/proxy/type").map(|(text, _)| text), Some("x"));
        assert_eq!(idle(&found), [("/purple/proxy/type", Idle::Duplicate)]);
        let found =
            in_proxy("<pref name='port' type='int' value='9050'/><pref name='port' type='string' value='1'/>");
        assert_eq!(found.number("/purple/proxy/port").map(|(port, _)| port), Some(9050));
    }

    #[test]
    fn truth_is_a_number() {
        for (value, truth) in [("1", true), ("0", false), ("true", false), ("2", true)] {
            let found = in_proxy(&format!("<pref name='socks4_remotedns' type='bool' value='{value}'/>"));
            let read = found.truth("/purple/proxy/socks4_remotedns").map(|(truth, _)| truth);
            assert_eq!(read, Some(truth), "{value}");
        }
    }

    #[test]
    fn a_wrong_type_stays_wrong() {
        let found = in_proxy("<pref name='port' type='string' value='9050'/>");
        assert_eq!(found.number("/purple/proxy/port"), None);
        assert_eq!(idle(&found), [("/purple/proxy/port", Idle::WrongType)]);
    }

    #[test]
    fn what_follows_a_skipped_element_is_read_one_level_too_high() {
        for skipped in ["<pref name='x' type='boolean' value='1'/>", "<pref name='x' type='bool'/>", "<pref/>"] {
            let found = in_proxy(&format!("{skipped}<pref name='type' type='string' value='tor'/>"));
            assert_eq!(found.string("/purple/proxy/type"), None, "{skipped}");
            assert_eq!(idle(&found), [("/purple/proxy/type", Idle::WrongPlace)], "{skipped}");
        }
        let one_too_deep =
            "<pref name='x'><pref name='y' type='z'/><pref name='type' type='string' value='tor'/></pref>";
        let found = in_proxy(one_too_deep);
        assert_eq!(found.string("/purple/proxy/type").map(|(text, _)| text), Some("tor"));
        let found = in_proxy("<pref name='type' type='String' value='tor'/>");
        assert_eq!(idle(&found), [("/purple/proxy/type", Idle::WrongType)]);
        let found = in_proxy("<pref name='port' type='int'/>");
        assert_eq!(idle(&found), [("/purple/proxy/port", Idle::Unreadable)]);
    }

    #[test]
    fn lists_keep_their_items() {
        let found = read(
            "<pref name='pidgin'><pref name='plugins'><pref name='loaded' type='pathlist'>\
             <item value='/usr/lib/purple-2/nss-prefs.so'/><item/><item value='x'/></pref></pref></pref>",
        );
        let items = found.items("/pidgin/plugins/loaded", Kind::PathList);
        let values: Vec<&str> = items.iter().map(|item| item.value.as_str()).collect();
        assert_eq!(values, ["/usr/lib/purple-2/nss-prefs.so", "x"]);
        assert!(found.items("/pidgin/plugins/loaded", Kind::StringList).is_empty());
        assert!(found.items("/finch/plugins/loaded", Kind::PathList).is_empty());
    }

    #[test]
    fn everything_before_a_fault_is_in_force() {
        let found =
            in_proxy("<pref name='type' type='string' value='tor'/>&x;<pref name='host' type='string' value='h'/>");
        assert_eq!(found.string("/purple/proxy/type").map(|(text, _)| text), Some("tor"));
        assert_eq!(found.string("/purple/proxy/host"), None);
    }
}
