//! Tags to preferences, with libpurple's own idea of which element it is in.

use super::{Item, KINDS, KNOWN, Kind, Preferences, Stored};
use crate::clients::pidgin::idle::Found;
use crate::model::{Idle, Span};
use crate::syntax::xml::gmarkup::{Markup, Value};

/// The attributes of a tag that libpurple looks at; of several of one name the last.
pub(super) struct Attributes<'t> {
    name: Option<Value<'t>>,
    /// The type; an error where it is none that libpurple knows.
    kind: Result<Kind, ()>,
    value: Option<(Value<'t>, Span)>,
    place: Span,
}

impl<'t> Attributes<'t> {
    /// Those of a tag.
    pub(super) fn of(markup: &'t Markup, attributes: &[(Span, Span)]) -> Self {
        let mut found = Self { name: None, kind: Ok(Kind::Folder), value: None, place: Span::at(0) };
        for (name, value) in attributes {
            match markup.slice(*name) {
                "name" => {
                    found.place = *value;
                    found.name = Some(markup.value(*value));
                }
                "type" => {
                    let written = markup.value(*value);
                    let known = KINDS.iter().find(|(word, _)| *word == &*written).map(|(_, kind)| *kind);
                    // Nothing that follows is looked at after a type that is not known.
                    found.kind = found.kind.and(known.ok_or(()));
                }
                "value" => found.value = Some((markup.value(*value), *value)),
                _ => {}
            }
        }
        found
    }

    /// The name and the type under which libpurple keeps the element; none where it passes it over.
    pub(super) fn kept(&self) -> Option<(&str, Kind)> {
        let kind = self.kind.ok()?;
        let name = self.name().filter(|name| *name != "/")?;
        let lacks_value = matches!(kind, Kind::Bool | Kind::Int) && self.value.is_none();
        (!lacks_value).then_some((name, kind))
    }

    /// Whether it is the element that holds all others.
    pub(super) fn is_root(&self) -> bool {
        self.kind.is_ok() && self.name() == Some("/")
    }

    fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The value, and where it stands.
    pub(super) fn value(&self) -> Option<(&str, Span)> {
        self.value.as_ref().map(|(value, span)| (&**value, *span))
    }

    /// Where the value stands, or the name where there is none.
    pub(super) fn span(&self) -> Span {
        self.value.as_ref().map_or(self.place, |(_, span)| *span)
    }
}

/// The state between two tags.
#[derive(Default)]
pub(super) struct Reading {
    /// What was understood so far.
    pub preferences: Preferences,
    /// The names of the open elements, as libpurple keeps them: an element that it skips is not among them, but its
    /// end tag takes a name away all the same (observed).
    kept: Names,
    /// The names of the open elements as they are written.
    meant: Names,
}

impl Reading {
    /// A `<pref>` begins.
    pub(super) fn start(&mut self, attributes: &Attributes) {
        let name = attributes.name();
        let is_root = name == Some("/");
        if is_root && self.preferences.root == Span::at(0) {
            self.preferences.root = attributes.place;
        }
        self.meant.push(name.filter(|_| !is_root));
        let meant = known(&self.meant.path);
        let Some((name, kind)) = attributes.kept() else {
            match attributes.kind {
                Err(()) => self.note(meant, attributes, Idle::WrongType),
                Ok(_) if is_root || name.is_none() => {}
                Ok(_) => self.note(meant, attributes, Idle::Unreadable),
            }
            return;
        };
        self.kept.push(Some(name));
        if self.kept.path != self.meant.path {
            self.note(meant, attributes, Idle::WrongPlace);
        } else if meant.is_some_and(|(_, asked)| *asked != kind && kind != Kind::Folder) {
            self.note(meant, attributes, Idle::WrongType);
        }
        if let Some((path, _)) = known(&self.kept.path) {
            self.store(path, kind, attributes);
        }
    }

    /// A `<pref>` ends.
    pub(super) fn end(&mut self) {
        self.kept.pop();
        self.meant.pop();
    }

    /// An item of a list.
    pub(super) fn item(&mut self, attributes: &Attributes) {
        let Some((value, span)) = attributes.value().filter(|_| attributes.kind.is_ok()) else { return };
        if let Some(list) = self.preferences.stored.get_mut(self.kept.path.as_str())
            && matches!(list.kind, Kind::StringList | Kind::PathList)
        {
            list.items.push(Item { value: value.to_owned(), span });
        }
    }

    /// The last of a name counts, unless it is of another type than the first (observed).
    fn store(&mut self, path: &'static str, kind: Kind, attributes: &Attributes) {
        let value = attributes.value().map(|(value, _)| value.to_owned()).unwrap_or_default();
        let stored = Stored { kind, value, span: attributes.span(), items: Vec::new() };
        match self.preferences.stored.get(path) {
            Some(_) if kind == Kind::Folder => return,
            Some(old) if old.kind != kind => {
                self.preferences.idle.push(Found::new(path, stored.span, Idle::Duplicate));
                return;
            }
            Some(old) if old.value != stored.value => {
                let span = old.span;
                self.preferences.idle.push(Found::new(path, span, Idle::Duplicate));
            }
            _ => {}
        }
        self.preferences.stored.insert(path, stored);
    }

    fn note(&mut self, known: Option<&(&'static str, Kind)>, attributes: &Attributes, reason: Idle) {
        if let Some((path, _)) = known {
            self.preferences.idle.push(Found::new(path, attributes.span(), reason));
        }
    }
}

/// A preference that matters.
fn known(path: &str) -> Option<&'static (&'static str, Kind)> {
    KNOWN.iter().find(|(known, _)| *known == path)
}

/// The names of open elements, and the path that they make: `/purple/proxy/type`.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// The path.
    pub path: String,
    lengths: Vec<usize>,
}

impl Names {
    /// An element begins; without a name it adds nothing to the path.
    pub(super) fn push(&mut self, name: Option<&str>) {
        self.lengths.push(self.path.len());
        if let Some(name) = name {
            self.path.push('/');
            self.path.push_str(name);
        }
    }

    /// The element that began last ends.
    /// An element ends.
    pub(super) fn pop(&mut self) {
        if let Some(length) = self.lengths.pop() {
            self.path.truncate(length);
        }
    }
}
