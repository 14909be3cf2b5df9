//! The elements of a document: a flat list, so that neither building nor dropping it recurses.

use memchr::{memchr, memchr3};
use zeroize::Zeroizing;

use super::kept::{Kept, Link, Node, Piece, RawAttribute};
use super::reference;
use super::{Decoded, XmlFault};
use crate::model::Span;

/// A document: its elements with the place of everything, and the first fault.
///
/// It holds no copy of any text: values are decoded when they are asked for, and wiped when they are dropped.
#[derive(Debug)]
pub struct Document<'t> {
    pub(super) decoded: &'t Decoded,
    pub(super) kept: Kept,
    /// Why the parser refuses the document, if it does.
    pub fault: Option<XmlFault>,
    /// Whether there is more of it than was looked at: see [`limits`](crate::model::limits).
    pub is_cut: bool,
}

/// An element of a document.
#[derive(Clone, Copy)]
pub struct Element<'d> {
    document: &'d Document<'d>,
    number: usize,
    node: &'d Node,
}

/// An attribute of an element.
#[derive(Clone, Copy)]
pub struct Attribute<'d> {
    text: &'d str,
    raw: RawAttribute,
}

impl Document<'_> {
    /// The root element: what libpurple takes for it, also where something is wrong behind it.
    #[must_use]
    pub fn root(&self) -> Option<Element<'_>> {
        self.element(0)
    }

    /// Every element, in the order of their start tags.
    pub fn elements(&self) -> impl Iterator<Item = Element<'_>> {
        (0..self.kept.nodes.len()).filter_map(|number| self.element(number))
    }

    fn element(&self, number: usize) -> Option<Element<'_>> {
        self.kept.nodes.get(number).map(|node| Element { document: self, number, node })
    }

    fn slice(&self, span: Span) -> &str {
        slice(self.decoded.text(), span)
    }
}

fn slice(text: &str, span: Span) -> &str {
    text.get(span.start..span.end).unwrap_or_default()
}

impl<'d> Element<'d> {
    /// Its name without the prefix. libpurple compares nothing else.
    #[must_use]
    pub fn name(self) -> &'d str {
        self.document.slice(self.node.local.span())
    }

    /// Where its name stands in the start tag.
    #[must_use]
    pub const fn name_span(self) -> Span {
        self.node.name.span()
    }

    /// The namespace that it is in.
    #[must_use]
    pub fn namespace(self) -> Option<&'d str> {
        self.node.namespace.as_deref()
    }

    /// What stands between its tags, or behind the tag of an empty element; up to the end of the text where the
    /// end tag is missing.
    #[must_use]
    pub const fn inner_span(self) -> Span {
        self.node.inner.span()
    }

    /// Whether its start tag is its end tag as well: `<settings/>`.
    #[must_use]
    pub fn is_empty_tag(self) -> bool {
        let Span { start, end } = self.inner_span();
        start == end && self.document.slice(Span::new(start.saturating_sub(2), start)) == "/>"
    }

    /// Where all of it stands, its tags included; up to the end of the text where the end tag is missing.
    #[must_use]
    pub fn span(self) -> Span {
        let start = self.name_span().start.saturating_sub(1);
        let inner = self.inner_span().end;
        if self.is_empty_tag() {
            return Span::new(start, inner);
        }
        let text = self.document.decoded.text();
        let tag = text.get(inner..).and_then(|rest| rest.find('>')).map(|length| inner + length + 1);
        Span::new(start, tag.unwrap_or(text.len()))
    }

    /// Where its own text stands, that of elements and comments inside it left out. Text that nothing interrupts is
    /// one range.
    #[must_use]
    pub fn text_spans(self) -> Vec<Span> {
        let mut spans: Vec<Span> = Vec::new();
        for span in self.pieces().map(|piece| piece.range.span()).filter(|span| span.start < span.end) {
            match spans.last_mut() {
                Some(last) if last.end == span.start => last.end = span.end,
                _ => spans.push(span),
            }
        }
        spans
    }

    /// The element around it.
    #[must_use]
    pub fn parent(self) -> Option<Self> {
        self.document.element(self.node.parent.number()?)
    }

    /// The elements directly inside it.
    pub fn children(self) -> impl Iterator<Item = Self> {
        let element = move |link: Link| self.document.element(link.number()?);
        std::iter::successors(element(self.node.first_child), move |child| element(child.node.next))
    }

    /// The first child of that name, whatever its namespace (`xmlnode_get_child`).
    #[must_use]
    pub fn child(self, name: &str) -> Option<Self> {
        self.children().find(|child| child.name() == name)
    }

    /// The children of that name that libpurple comes by (`xmlnode_get_child`, `xmlnode_get_next_twin`): after one
    /// in a namespace, those that are not in the same one are passed over.
    pub fn twins(self, name: &str) -> impl Iterator<Item = Self> {
        let mut namespace: Option<&'d str> = None;
        self.children().filter(move |child| child.name() == name).filter(move |child| {
            let found = namespace.is_none() || namespace == child.namespace();
            if found {
                namespace = child.namespace();
            }
            found
        })
    }

    /// Its own text, that of elements inside it left out (`xmlnode_get_data`). None where there is not even an
    /// empty piece of it.
    #[must_use]
    pub fn text(self) -> Option<Zeroizing<String>> {
        let length = self.pieces().map(|piece| piece.range.span()).map(|span| span.end - span.start).sum();
        let mut text = Zeroizing::new(String::with_capacity(length));
        for piece in self.pieces() {
            let raw = self.document.slice(piece.range.span());
            if piece.is_cdata {
                push_plain(&mut text, raw, Blanks::Keep);
            } else {
                push_decoded(&mut text, raw, Blanks::Keep, xml_reference);
            }
        }
        Some(text).filter(|text| !text.is_empty())
    }

    fn pieces(self) -> impl Iterator<Item = &'d Piece> {
        let piece = move |link: Link| self.document.kept.pieces.get(link.number()?);
        std::iter::successors(piece(self.node.first_piece), move |before| piece(before.next))
    }

    /// Its attributes, in the order in which they are written.
    pub fn attributes(self) -> impl Iterator<Item = Attribute<'d>> {
        let numbers = self.node.attributes.span();
        let all = self.document.kept.attributes.get(numbers.start..numbers.end).unwrap_or_default();
        all.iter().map(move |raw| Attribute { text: self.document.decoded.text(), raw: *raw })
    }

    /// The attribute of that name, whatever its prefix; of several the last, as in libpurple.
    #[must_use]
    pub fn attribute(self, name: &str) -> Option<Attribute<'d>> {
        self.attributes().filter(|attribute| attribute.name() == name).last()
    }

    /// The value of an attribute.
    #[must_use]
    pub fn value(self, attribute: &str) -> Option<Zeroizing<String>> {
        self.attribute(attribute).map(Attribute::value)
    }
}

impl PartialEq for Element<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.document, other.document) && self.number == other.number
    }
}

impl std::fmt::Debug for Element<'_> {
    /// Its name and place; never its text.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "<{}> at {}", self.name(), self.node.name.span().start)
    }
}

impl<'d> Attribute<'d> {
    /// Its name without the prefix.
    #[must_use]
    pub fn name(self) -> &'d str {
        slice(self.text, self.raw.local.span())
    }

    /// Where its name stands.
    #[must_use]
    pub const fn name_span(self) -> Span {
        self.raw.name.span()
    }

    /// Where its value stands, without the quotes.
    #[must_use]
    pub const fn value_span(self) -> Span {
        self.raw.value.span()
    }

    /// Its value.
    #[must_use]
    pub fn value(self) -> Zeroizing<String> {
        decode_xml_attribute(slice(self.text, self.raw.value.span()), self.raw.is_words)
    }
}

/// The value of an attribute as libxml2 reads it.
pub(super) fn decode_xml_attribute(raw: &str, is_words: bool) -> Zeroizing<String> {
    let value = decode_attribute(raw, xml_reference);
    if !is_words {
        return value;
    }
    let mut words = Zeroizing::new(String::with_capacity(value.len()));
    for word in value.split(' ').filter(|word| !word.is_empty()) {
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(word);
    }
    words
}

/// The value of an attribute: references resolved, line ends and tabs turned into blanks.
pub(super) fn decode_attribute(raw: &str, read: ReadReference) -> Zeroizing<String> {
    let mut value = Zeroizing::new(String::with_capacity(raw.len()));
    push_decoded(&mut value, raw, Blanks::Flatten, read);
    value
}

/// Reads the reference at the beginning of a text: its length in bytes, and the character.
type ReadReference = fn(&str) -> Option<(usize, char)>;

/// A reference as libxml2 reads it.
fn xml_reference(text: &str) -> Option<(usize, char)> {
    reference::read(text).ok()
}

/// What becomes of line ends and tabs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Blanks {
    /// Line ends of whatever system become `\n`.
    Keep,
    /// Line ends and tabs become blanks.
    Flatten,
}

/// Appends `raw` with its references resolved. What a reference stands for is never changed any further.
fn push_decoded(text: &mut String, raw: &str, blanks: Blanks, read: ReadReference) {
    let mut rest = raw;
    while let Some((plain, tail)) = memchr(b'&', rest.as_bytes()).and_then(|index| rest.split_at_checked(index)) {
        push_plain(text, plain, blanks);
        let (length, character) = read(tail).unwrap_or((1, '&'));
        text.push(character);
        rest = tail.get(length..).unwrap_or_default();
    }
    push_plain(text, rest, blanks);
}

fn push_plain(text: &mut String, raw: &str, blanks: Blanks) {
    let (line_end, tab) = if blanks == Blanks::Flatten { (' ', ' ') } else { ('\n', '\t') };
    let mut rest = raw;
    while let Some((plain, tail)) =
        memchr3(b'\r', b'\n', b'\t', rest.as_bytes()).and_then(|index| rest.split_at_checked(index))
    {
        text.push_str(plain);
        let (length, character) = match tail.as_bytes() {
            [b'\r', b'\n', ..] => (2, line_end),
            [b'\t', ..] => (1, tab),
            _ => (1, line_end),
        };
        text.push(character);
        rest = tail.get(length..).unwrap_or_default();
    }
    text.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::xml::{decode, parse};

    fn decoded(text: &str) -> Decoded {
        decode(Zeroizing::new(text.as_bytes().to_vec()))
    }

    #[test]
    fn elements_know_their_relatives() {
        let decoded = decoded("<account><proxy><type/></proxy><proxy/></account>");
        let document = parse(&decoded);
        let account = document.root().unwrap();
        let proxy = account.child("proxy").unwrap();
        assert_eq!(proxy.child("type").unwrap().parent(), Some(proxy));
        assert_eq!(account.parent(), None);
        assert_eq!(account.child("type"), None);
        assert_eq!(account.children().filter(|child| *child == proxy).count(), 1, "the other is not the same");
        let other = parse(&decoded);
        assert_ne!(other.root(), Some(account), "nor is one of another document");
    }

    /// `xmlnode_get_next_twin` goes by the namespace of the node that it comes from, if that has one.
    #[test]
    fn twins_of_one_in_a_namespace_are_in_it_too() {
        let decoded = decoded(
            "<a xmlns:x='u' xmlns:y='v'><b n='1'/><c/><b n='2'/><x:b n='3'/><b n='4'/><y:b n='5'/><x:b n='6'/></a>",
        );
        let document = parse(&decoded);
        let numbers: Vec<_> = document.root().unwrap().twins("b").map(|twin| twin.value("n").unwrap()).collect();
        assert_eq!(numbers.iter().map(|number| number.as_str()).collect::<Vec<_>>(), ["1", "2", "3", "6"]);
    }

    /// `xmlnode_set_attrib` replaces an attribute of that name, whatever its prefix.
    #[test]
    fn of_two_attributes_of_a_name_the_last_counts() {
        let decoded = decoded("<a xmlns:x='u' b='1' x:b='2' c='3&amp;'/>");
        let document = parse(&decoded);
        let root = document.root().unwrap();
        assert_eq!(root.value("b").as_deref().map(String::as_str), Some("2"));
        assert_eq!(root.value("c").as_deref().map(String::as_str), Some("3&"));
        assert_eq!(root.value("x:b"), None);
    }

    #[test]
    fn a_text_is_decoded_into_memory_that_it_never_leaves() {
        let decoded = decoded("<password>hunter&lt;<!-- -->2<![CDATA[&]]></password>");
        let text = parse(&decoded).root().unwrap().text().unwrap();
        assert_eq!(text.as_str(), "hunter<2&");
        // Growing would have left a copy behind that nobody wipes.
        assert_eq!(text.capacity(), "hunter&lt;".len() + "2".len() + "&".len());
    }

    #[test]
    fn an_element_knows_where_it_and_its_text_stand() {
        let text = "<a>\n<b c='/>'>x&lt;y<!-- no --><d/><![CDATA[z]]></b\n></a>";
        let decoded = decoded(text);
        let document = parse(&decoded);
        let b = document.root().unwrap().child("b").unwrap();
        let at = |span: Span| text.get(span.start..span.end).unwrap();
        assert_eq!(at(b.span()), "<b c='/>'>x&lt;y<!-- no --><d/><![CDATA[z]]></b\n>");
        assert_eq!(b.text_spans().into_iter().map(at).collect::<Vec<_>>(), ["x&lt;y", "z"]);
        assert_eq!(at(b.child("d").unwrap().span()), "<d/>");
        assert!(b.child("d").unwrap().is_empty_tag() && !b.is_empty_tag());
        let decoded = self::decoded("<a><b>");
        let b = parse(&decoded).root().unwrap().child("b").unwrap().span();
        assert_eq!(b, Span::new(3, 6), "the end tag is missing");
    }

    #[test]
    fn debugging_shows_no_content() {
        let decoded = decoded("<a>\n<b c='hunter2'>hunter2</b></a>");
        let document = parse(&decoded);
        assert_eq!(format!("{:?}", document.root().unwrap().child("b").unwrap()), "<b> at 5");
    }
}
