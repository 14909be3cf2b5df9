//! How elements are kept: in flat lists that refer to one another by number, four bytes where a word would be eight.
//! A file may consist of nothing but tags, and what a tag of four bytes needs here decides how much memory a hostile
//! file needs.

use std::rc::Rc;

use super::{XmlFault, XmlFaultKind};
use crate::model::{Span, limits};

/// A range of the text, or of a list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Range {
    start: u32,
    end: u32,
}

impl Range {
    /// The range, if it is none of a text larger than any that is read.
    pub(super) fn of(span: Span) -> Result<Self, XmlFault> {
        match (u32::try_from(span.start), u32::try_from(span.end)) {
            (Ok(start), Ok(end)) => Ok(Self { start, end }),
            _ => Err(XmlFault::new(XmlFaultKind::TooMany, span)),
        }
    }

    pub(super) const fn span(self) -> Span {
        Span::new(self.start as usize, self.end as usize)
    }
}

/// The number of something in a list, or nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Link(u32);

impl Link {
    pub(super) const NONE: Self = Self(u32::MAX);

    /// The end of a list that is shorter than [`u32::MAX`], as all are: see [`limits`].
    pub(super) fn to(number: usize) -> Self {
        u32::try_from(number).map_or(Self::NONE, Self)
    }

    pub(super) const fn number(self) -> Option<usize> {
        if self.0 == u32::MAX { None } else { Some(self.0 as usize) }
    }
}

/// An element as it is kept.
#[derive(Debug)]
pub(super) struct Node {
    pub name: Range,
    /// The name without its prefix.
    pub local: Range,
    pub namespace: Option<Rc<str>>,
    /// The numbers of its attributes.
    pub attributes: Range,
    pub parent: Link,
    pub first_child: Link,
    last_child: Link,
    /// The next child of its parent.
    pub next: Link,
    pub first_piece: Link,
    last_piece: Link,
    pub inner: Range,
}

/// An attribute as it is kept; declarations of namespaces are none.
#[derive(Clone, Copy, Debug)]
pub(super) struct RawAttribute {
    pub name: Range,
    pub local: Range,
    pub value: Range,
    /// Whether a document type declaration makes its value a list of words.
    pub is_words: bool,
}

/// A piece of an element's own text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pub range: Range,
    pub is_cdata: bool,
    /// The next piece of the same element.
    pub next: Link,
}

/// What stands in a start tag, and where what is inside it does.
pub(super) struct Tag {
    pub name: Range,
    pub local: Range,
    pub namespace: Option<Rc<str>>,
    pub attributes: Range,
    pub inner: Range,
}

/// Everything that is kept of a document.
#[derive(Debug, Default)]
pub(super) struct Kept {
    pub nodes: Vec<Node>,
    pub attributes: Vec<RawAttribute>,
    pub pieces: Vec<Piece>,
}

impl Kept {
    /// Adds an element to its parent, and says its number; none where there are too many.
    pub(super) fn add(&mut self, tag: Tag, parent: Option<usize>) -> Option<usize> {
        let number = self.nodes.len();
        if number >= limits::ELEMENTS {
            return None;
        }
        let Tag { name, local, namespace, attributes, inner } = tag;
        self.nodes.push(Node {
            name,
            local,
            namespace,
            attributes,
            parent: parent.map_or(Link::NONE, Link::to),
            first_child: Link::NONE,
            last_child: Link::NONE,
            next: Link::NONE,
            first_piece: Link::NONE,
            last_piece: Link::NONE,
            inner,
        });
        let own = Link::to(number);
        let before = self.node_mut(parent).map(|parent| {
            if parent.first_child == Link::NONE {
                parent.first_child = own;
            }
            std::mem::replace(&mut parent.last_child, own)
        });
        if let Some(before) = self.node_mut(before.and_then(Link::number)) {
            before.next = own;
        }
        Some(number)
    }

    /// Adds an attribute; none where there are too many.
    pub(super) fn add_attribute(&mut self, attribute: RawAttribute) -> Option<()> {
        (self.attributes.len() < limits::ATTRIBUTES).then(|| self.attributes.push(attribute))
    }

    /// Adds a piece of text to an element; none where there are too many.
    pub(super) fn add_piece(&mut self, range: Range, is_cdata: bool, element: usize) -> Option<()> {
        if self.pieces.len() >= limits::PIECES {
            return None;
        }
        let own = Link::to(self.pieces.len());
        self.pieces.push(Piece { range, is_cdata, next: Link::NONE });
        let node = self.node_mut(Some(element))?;
        if node.first_piece == Link::NONE {
            node.first_piece = own;
        }
        let before = std::mem::replace(&mut node.last_piece, own);
        if let Some(before) = before.number().and_then(|number| self.pieces.get_mut(number)) {
            before.next = own;
        }
        Some(())
    }

    fn node_mut(&mut self, number: Option<usize>) -> Option<&mut Node> {
        self.nodes.get_mut(number?)
    }
}
