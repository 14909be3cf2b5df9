//! Which namespace a prefix stands for.

use std::collections::HashMap;
use std::rc::Rc;

use super::uri::is_reference;

/// The namespace of the prefix `xml`, which is always declared.
const XML: &str = "http://www.w3.org/XML/1998/namespace";
/// The namespace of the prefix `xmlns`, which nobody may declare.
const XMLNS: &str = "http://www.w3.org/2000/xmlns/";

/// The declarations that are in force.
#[derive(Debug, Default)]
pub(super) struct Namespaces {
    /// By prefix, the empty one for the default; the innermost declaration last.
    in_force: HashMap<String, Vec<Option<Rc<str>>>>,
    /// The prefixes that open elements declare, the innermost last.
    declared: Vec<String>,
    /// For each open element, how many of them are those of elements around it.
    open: Vec<usize>,
}

/// A declaration that the parser refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Refused;

impl Namespaces {
    /// An element begins.
    pub(super) fn open(&mut self) {
        self.open.push(self.declared.len());
    }

    /// The element that was begun last ends.
    pub(super) fn close(&mut self) {
        let around = self.open.pop().unwrap_or_default();
        while self.declared.len() > around {
            let Some(prefix) = self.declared.pop() else { break };
            if let Some(stack) = self.in_force.get_mut(&prefix) {
                stack.pop();
            }
        }
    }

    /// The element that was begun last declares `prefix` (empty: the default) to stand for `uri`.
    pub(super) fn declare(&mut self, prefix: &str, uri: &str) -> Result<(), Refused> {
        if prefix == "xml" {
            return if uri == XML { Ok(()) } else { Err(Refused) };
        }
        let reserved = prefix == "xmlns" || uri == XML || uri == XMLNS;
        let undeclares = uri.is_empty() && !prefix.is_empty();
        if reserved || undeclares || !is_reference(uri) {
            return Err(Refused);
        }
        self.put(prefix, uri);
        Ok(())
    }

    /// The element that was begun last declares it by default: libxml2 looks at nothing. Where `prefix` already
    /// stands for `unless`, it passes the declaration over.
    pub(super) fn declare_by_default(&mut self, prefix: &str, uri: &str, unless: &str) {
        let current = self.in_force.get(prefix).and_then(|stack| stack.last());
        if current.is_none_or(|current| current.as_deref() != Some(unless)) {
            self.put(prefix, uri);
        }
    }

    fn put(&mut self, prefix: &str, uri: &str) {
        let is_none = uri.is_empty() && prefix.is_empty();
        self.in_force.entry(prefix.to_owned()).or_default().push((!is_none).then(|| Rc::from(uri)));
        self.declared.push(prefix.to_owned());
    }

    /// The namespace of an element's prefix; none in the outer option where the prefix is not declared.
    pub(super) fn of_element(&self, prefix: Option<&str>) -> Option<Option<Rc<str>>> {
        match prefix {
            None => Some(self.in_force.get("").and_then(|stack| stack.last().cloned().flatten())),
            Some("xml") => Some(Some(Rc::from(XML))),
            Some(prefix) => self.in_force.get(prefix)?.last().cloned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inner_declarations_hide_outer_ones() {
        let mut namespaces = Namespaces::default();
        namespaces.open();
        namespaces.declare("", "urn:x").unwrap();
        namespaces.declare("p", "urn:p").unwrap();
        namespaces.open();
        namespaces.declare("", "").unwrap();
        assert_eq!(namespaces.of_element(None), Some(None));
        assert_eq!(namespaces.of_element(Some("p")).flatten().as_deref(), Some("urn:p"));
        namespaces.close();
        assert_eq!(namespaces.of_element(None).flatten().as_deref(), Some("urn:x"));
        namespaces.close();
        assert_eq!(namespaces.of_element(Some("p")), None);
    }

    #[test]
    fn defaults_are_looked_at_by_nobody() {
        let mut namespaces = Namespaces::default();
        namespaces.open();
        namespaces.declare_by_default("p", "", "");
        namespaces.declare_by_default("", "a b", "a b");
        assert_eq!(namespaces.of_element(Some("p")).flatten().as_deref(), Some(""));
        assert_eq!(namespaces.of_element(None).flatten().as_deref(), Some("a b"));
        namespaces.declare_by_default("", "", "a b");
        namespaces.declare_by_default("p", "c", "");
        assert_eq!(namespaces.of_element(None).flatten().as_deref(), Some("a b"));
        assert_eq!(namespaces.of_element(Some("p")).flatten().as_deref(), Some(""));
        namespaces.declare_by_default("", "", "");
        assert_eq!(namespaces.of_element(None), Some(None));
        namespaces.close();
        assert_eq!(namespaces.of_element(Some("p")), None);
    }

    #[test]
    fn refuses_what_libxml2_refuses() {
        let declare = |prefix, uri| {
            let mut namespaces = Namespaces::default();
            namespaces.open();
            namespaces.declare(prefix, uri)
        };
        assert_eq!(declare("xml", XML), Ok(()));
        assert_eq!(declare("", "a%20b"), Ok(()));
        for (prefix, uri) in [("xml", "u"), ("xmlns", "u"), ("x", ""), ("x", XML), ("", XMLNS), ("", "a b")] {
            assert_eq!(declare(prefix, uri), Err(Refused), "{prefix} {uri}");
        }
    }
}
