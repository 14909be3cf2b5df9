//! What start tags have in force: namespaces, and what a document type declaration says of attributes.

use std::collections::HashSet;
use std::rc::Rc;

use super::doctype::{Declared, DefaultAttribute};
use super::names::split_qualified;
use super::namespaces::Namespaces;
use super::tag::StartTag;
use super::tree::decode_xml_attribute;
use super::{XmlFault, XmlFaultKind};
use crate::model::Span;

/// How many attributes may come from declarations. libxml2 knows no bound, and may be made to run out of memory.
const MOST_DEFAULTED: usize = 100_000;

/// The parts of a document’s text that are at hand, each with the place at which it begins: the document type declaration,
/// and what is being read. Where all of it is at hand, the first is empty.
#[derive(Clone, Copy, Debug)]
pub(super) struct Regions<'w> {
    doctype: (&'w str, usize),
    window: (&'w str, usize),
}

impl<'w> Regions<'w> {
    /// All of a text.
    pub(super) const fn whole(text: &'w str) -> Self {
        Self { doctype: ("", 0), window: (text, 0) }
    }

    /// The document type declaration, and what is being read.
    pub(super) const fn parts(doctype: (&'w str, usize), window: (&'w str, usize)) -> Self {
        Self { doctype, window }
    }

    fn slice(self, span: Span) -> &'w str {
        let within =
            |(text, base): (&'w str, usize)| text.get(span.start.checked_sub(base)?..span.end.checked_sub(base)?);
        within(self.window).or_else(|| within(self.doctype)).unwrap_or_default()
    }
}

/// What is in force where a tag stands.
#[derive(Debug, Default)]
pub(super) struct Scope<'t> {
    /// The namespaces.
    pub namespaces: Namespaces,
    /// What the document type declaration says.
    pub declared: Declared<'t>,
    /// How many attributes stand for none that is written.
    defaulted: usize,
}

/// An attribute that a tag has, written or by default; declarations of namespaces are none.
#[derive(Clone, Copy, Debug)]
pub(super) struct Attribute {
    /// Its name.
    pub name: Span,
    /// Its name without the prefix.
    pub local: Span,
    /// Its value.
    pub value: Span,
    /// Whether the value is a list of words.
    pub is_words: bool,
}

/// What the name of an element means.
pub(super) struct Named {
    /// The name without its prefix.
    pub local: Span,
    /// The namespace.
    pub namespace: Option<Rc<str>>,
}

/// What is done with an attribute.
pub(super) type Keep<'k> = &'k mut dyn FnMut(&Attribute) -> Result<(), XmlFault>;

impl Scope<'_> {
    /// Checks the names in a start tag, puts its declarations of namespaces in force, and hands its attributes to
    /// `keep`. The tag begins at `start`; an element must have been opened among the namespaces.
    pub(super) fn tag(
        &mut self,
        text: Regions,
        tag: &StartTag,
        start: usize,
        keep: Keep,
    ) -> Result<Named, XmlFault> {
        let name = tag.name.moved_by(start);
        self.attributes(text, tag, text.slice(name), start, keep)?;
        let (prefix, local) = qualified(text, name)?;
        let namespace =
            self.namespaces.of_element(prefix).ok_or_else(|| XmlFault::new(XmlFaultKind::Namespace, name))?;
        Ok(Named { local, namespace })
    }

    fn attributes(
        &mut self,
        text: Regions,
        tag: &StartTag,
        element: &str,
        start: usize,
        keep: Keep,
    ) -> Result<(), XmlFault> {
        let mut prefixed = Vec::new();
        let mut names = HashSet::new();
        let mut keep = |attribute: &Attribute| {
            if attribute.name != attribute.local {
                prefixed.push(attribute.name);
            }
            keep(attribute)
        };
        for (name, value) in &tag.attributes {
            let (name, value) = (name.moved_by(start), value.moved_by(start));
            if !names.insert(text.slice(name)) {
                return Err(XmlFault::new(XmlFaultKind::DuplicateAttribute, name));
            }
            let is_words = self.declared.is_words(element, text.slice(name));
            let (prefix, local) = qualified(text, name)?;
            let Some(declared) = declared_prefix(text, prefix, local) else {
                keep(&Attribute { name, local, value, is_words })?;
                continue;
            };
            let outcome = self.namespaces.declare(declared, &namespace(text, value, is_words));
            outcome.map_err(|_| XmlFault::new(XmlFaultKind::Namespace, value))?;
        }
        self.defaults(text, element, &names, &mut keep)?;
        self.check_prefixed(text, &prefixed)
    }

    /// Adds what a document type declaration says of attributes that are not among `names`.
    fn defaults(
        &mut self,
        text: Regions,
        element: &str,
        names: &HashSet<&str>,
        keep: Keep,
    ) -> Result<(), XmlFault> {
        let defaults = self.declared.defaults(element).to_vec();
        let Some(first) = defaults.first() else { return Ok(()) };
        self.defaulted += defaults.len();
        if self.defaulted > MOST_DEFAULTED {
            return Err(XmlFault::new(XmlFaultKind::TooLong, first.name));
        }
        let first = namespace(text, first.value, first.is_words);
        for default in defaults {
            let DefaultAttribute { name, value, is_words } = default;
            if names.contains(text.slice(name)) {
                continue;
            }
            let (prefix, local) = qualified(text, name)?;
            match declared_prefix(text, prefix, local) {
                None => keep(&Attribute { name, local, value, is_words })?,
                Some("") => {
                    let uri = namespace(text, value, is_words);
                    self.namespaces.declare_by_default("", &uri, &uri);
                }
                // Compared with the wrong one (libxml2 2.9.14).
                Some(declared) => {
                    self.namespaces.declare_by_default(declared, &namespace(text, value, is_words), &first);
                }
            }
        }
        Ok(())
    }

    /// Attributes with a prefix need a declared one, and no two may mean the same.
    fn check_prefixed(&self, text: Regions, names: &[Span]) -> Result<(), XmlFault> {
        let mut seen = HashSet::new();
        for name in names {
            let (Some(prefix), local) = qualified(text, *name)? else { continue };
            let namespace = self
                .namespaces
                .of_element(Some(prefix))
                .ok_or_else(|| XmlFault::new(XmlFaultKind::Namespace, *name))?;
            if !seen.insert((namespace, text.slice(local))) {
                return Err(XmlFault::new(XmlFaultKind::DuplicateAttribute, *name));
            }
        }
        Ok(())
    }
}

/// The prefix that an attribute declares, the empty one for the default namespace.
fn declared_prefix<'w>(text: Regions<'w>, prefix: Option<&str>, local: Span) -> Option<&'w str> {
    match prefix {
        Some("xmlns") => Some(text.slice(local)),
        None if text.slice(local) == "xmlns" => Some(""),
        _ => None,
    }
}

/// The name of a namespace: libxml2 leaves references in it as it has them in memory.
fn namespace(text: Regions, value: Span, is_words: bool) -> String {
    decode_xml_attribute(text.slice(value), is_words).replace('&', "&#38;")
}

/// The two parts of a qualified name.
fn qualified<'w>(text: Regions<'w>, name: Span) -> Result<(Option<&'w str>, Span), XmlFault> {
    let (prefix, local) =
        split_qualified(text.slice(name)).ok_or_else(|| XmlFault::new(XmlFaultKind::Namespace, name))?;
    Ok((prefix, Span::new(name.end - local.len(), name.end)))
}
