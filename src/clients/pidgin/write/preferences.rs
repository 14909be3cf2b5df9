//! The preferences of the client as a whole.

use super::Outcome;
use super::layout::{Indentation, New, with_lines};
use crate::clients::pidgin::numbers::atoi;
use crate::clients::pidgin::preferences::Kind;
use crate::clients::pidgin::preferences::written::{self, Element, What};
use crate::clients::pidgin::tls_floor::{CIPHERS, NEWEST, OLDEST, TLS_1_2, is_old, is_weak};
use crate::model::{Span, Splice, Unrepairable, is_loopback};
use crate::syntax::xml::gmarkup::Markup;

/// The password for the proxy of all accounts.
pub(super) const PROXY_PASSWORD: &str = "/purple/proxy/password";
/// The host of that proxy.
const PROXY_HOST: &str = "/purple/proxy/host";

/// `prefs.xml`.
pub(super) struct Page<'t> {
    text: &'t str,
    elements: Vec<Element>,
}

impl<'t> Page<'t> {
    /// The preferences of a text.
    pub(super) fn of(text: &'t str, markup: &Markup) -> Self {
        Self { text, elements: written::all(markup, text) }
    }

    /// Writes a preference wherever it is written, or else where libpurple would.
    pub(super) fn set(&self, path: &str, value: &str) -> Outcome {
        let kind = Kind::of(path).ok_or(Unrepairable::Unwritten)?;
        let written: Vec<_> = self.written(path, kind).collect();
        if written.is_empty() {
            return Ok(vec![self.insert(path, kind, value)?]);
        }
        Ok(written.into_iter().filter_map(|(old, span)| replaced(old, span, value)).collect())
    }

    /// Names the proxy's host by its number where Tor takes no name.
    pub(super) fn proxy_host_by_number(&self) -> Outcome {
        let (host, _) = self.written(PROXY_HOST, Kind::String).last().ok_or(Unrepairable::Gone)?;
        if !is_loopback(host) {
            return Err(Unrepairable::Choice);
        }
        self.set(PROXY_HOST, "127.0.0.1")
    }

    /// Leaves nothing that allows a broken version or cipher of TLS.
    pub(super) fn raise_tls_floor(&self) -> Vec<Splice> {
        let is_old = |(version, _): &(&str, Span)| is_old(atoi(version));
        let oldest = self.written(OLDEST, Kind::Int).filter(is_old);
        let oldest = oldest.filter_map(|(old, span)| replaced(old, span, &TLS_1_2.to_string()));
        // 0 leaves it to the library.
        let newest = self.written(NEWEST, Kind::Int).filter(is_old);
        let newest = newest.filter_map(|(old, span)| replaced(old, span, "0"));
        let weak = self.elements.iter().filter(|element| {
            let is_weak = element.value.as_ref().is_some_and(|(cipher, _)| is_weak(cipher));
            element.what == What::Item && element.path == CIPHERS && is_weak
        });
        let ciphers = weak.map(|element| Splice::remove(with_lines(self.text, element.span)));
        oldest.chain(newest).chain(ciphers).collect()
    }

    /// Takes away the preference that is told of by the place `span`.
    pub(super) fn remove_at(&self, span: Span) -> Outcome {
        let is_meant = |element: &&Element| element.place == span && element.what != What::Item;
        let element = self.elements.iter().find(is_meant).ok_or(Unrepairable::Gone)?;
        let holds = |other: &Element| element.tag.end <= other.tag.start && other.tag.start < element.span.end;
        if self.elements.iter().any(|other| holds(other) && other.what != What::Item) {
            return Err(Unrepairable::Choice);
        }
        Ok(vec![Splice::remove(with_lines(self.text, element.span))])
    }

    /// The values of a preference, in their order.
    fn written<'p>(&'p self, path: &'p str, kind: Kind) -> impl Iterator<Item = (&'p str, Span)> {
        let of_path = self
            .elements
            .iter()
            .filter(move |element| element.what == What::Preference(kind) && element.path == path);
        of_path.filter_map(|element| element.value.as_ref().map(|(value, span)| (value.as_str(), *span)))
    }

    /// Puts a preference in, with the folders that are missing, as the first of the innermost one that is there.
    fn insert(&self, path: &str, kind: Kind, value: &str) -> Result<Splice, Unrepairable> {
        let (folder, missing) = self.innermost(path).ok_or(Unrepairable::Unwritten)?;
        let mut names: Vec<_> = missing.split('/').filter(|name| !name.is_empty()).collect();
        let name = names.pop().ok_or(Unrepairable::Unwritten)?;
        let leaf = New::Leaf(format!("<pref name='{name}' type='{}' value='{value}'/>", kind.word()));
        let new = names.into_iter().rev().fold(leaf, |inside, name| New::Block {
            open: format!("<pref name='{name}'>"),
            close: "</pref>".to_owned(),
            inside: vec![inside],
        });
        Ok(self.insert_into(folder, &new))
    }

    fn insert_into(&self, number: usize, new: &New) -> Splice {
        let Some(folder) = self.elements.get(number) else { return Splice::insert(self.text.len(), "") };
        let around = folder.parent.and_then(|parent| self.elements.get(parent)).map(|parent| parent.tag.start);
        let own = Indentation::of(self.text, folder.tag.start, around);
        if folder.is_empty_tag {
            let at = own.deeper();
            let content = format!(">{}{}{}</pref>", at.own, new.text(&at), own.own);
            return Splice::replace(Span::new(folder.tag.end.saturating_sub(2), folder.tag.end), content);
        }
        match self.elements.iter().find(|element| element.parent == Some(number)) {
            Some(first) => {
                let at = Indentation::of(self.text, first.tag.start, Some(folder.tag.start));
                Splice::insert(folder.tag.end, format!("{}{}", at.own, new.text(&at)))
            }
            None => {
                let at = own.deeper();
                let content = format!("{}{}{}", at.own, new.text(&at), own.own);
                Splice::replace(self.blanks_behind(folder), content)
            }
        }
    }

    /// The blanks in a folder that holds nothing else.
    fn blanks_behind(&self, folder: &Element) -> Span {
        let inside = self.text.get(folder.tag.end..folder.span.end).unwrap_or_default();
        let blanks = inside.len() - inside.trim_start().len();
        let is_all = inside.get(blanks..).is_some_and(|rest| rest.starts_with("</"));
        Span::new(folder.tag.end, folder.tag.end + if is_all { blanks } else { 0 })
    }

    /// The number of the innermost element that a preference belongs into, and the rest of the path.
    fn innermost<'p>(&self, path: &'p str) -> Option<(usize, &'p str)> {
        let folders = self.elements.iter().enumerate().filter_map(|(number, element)| {
            let is_folder = matches!(element.what, What::Preference(Kind::Folder))
                || (element.what == What::Root && element.path.is_empty());
            let rest = path.strip_prefix(element.path.as_str()).filter(|rest| is_folder && rest.starts_with('/'));
            rest.map(|rest| (number, rest))
        });
        folders.min_by_key(|(_, rest)| rest.len())
    }
}

fn replaced(old: &str, span: Span, value: &str) -> Option<Splice> {
    (old != value).then(|| Splice::replace(span, value))
}
