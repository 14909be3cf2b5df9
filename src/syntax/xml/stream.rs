//! Documents of any length: read as libxml2's SAX2 parser reads them, with a part of them in memory.
//!
//! What is wrong with a document, and where, is the same as for [`parse`](super::parse), and checked by the same code;
//! only where tokens begin and end is told here. Whoever reads says of which elements he wants the text as a whole, which
//! is in memory no longer than he looks at it.

mod fast;
mod feed;
mod mark;
mod scan;

use std::io::{self, Read};

use zeroize::Zeroizing;

use super::XmlFault;

pub use mark::Mark;

/// How much is read at a time, in bytes.
pub const BLOCK: usize = 64 << 10;

/// The longest tag, comment and the like, and the longest element that is handed over as a whole, in bytes. Clients
/// write no tag of a thousandth of that.
pub const LONGEST: usize = 1 << 20;

/// How an element is gone through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Element by element.
    Into,
    /// It is handed over as a whole.
    Whole,
}

/// A part of a document’s text.
#[derive(Clone, Copy, Debug)]
pub struct Part<'w> {
    /// The text.
    pub text: &'w str,
    /// Where it begins.
    pub start: Mark,
    /// What it is.
    pub kind: PartKind,
}

/// What a part of a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartKind {
    /// An element that was to be handed over as a whole.
    Element,
    /// What stands before, between and behind such elements; the tags that are around them are among it.
    Between,
    /// A piece of an element that is longer than [`LONGEST`], or of what stands behind a fault.
    Piece,
}

/// Who hears what a document consists of.
pub trait Sink {
    /// An element begins inside of `depth` others; `name` is without its prefix. How it is to be gone through is asked of
    /// those that do not lie within one that is handed over as a whole.
    fn start(&mut self, name: &str, tag: &str, depth: usize) -> Way;

    /// Text stands inside of `depth` elements. It is meant as written, if it `is_plain`.
    fn text(&mut self, text: &str, depth: usize, is_plain: bool);

    /// The element inside of `depth` others ends.
    fn end(&mut self, depth: usize);

    /// A part of the text is all there. Every character of the text belongs to exactly one part, and they come in their
    /// order.
    fn part(&mut self, part: &Part);
}

/// What came of reading a document.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Why the parser refuses it, if it does.
    pub fault: Option<XmlFault>,
    /// The line around the fault, as far as it was in memory, and where that begins.
    pub line: Option<(Zeroizing<String>, Mark)>,
    /// Whether something in it is longer than [`LONGEST`], or has more attributes than are looked at, so that it was not
    /// read to its end.
    pub is_cut: bool,
}

/// Reads a document, `block` bytes at a time.
///
/// # Errors
/// What comes of reading `input`.
pub fn read(input: &mut dyn Read, block: usize, sink: &mut impl Sink) -> io::Result<Outcome> {
    scan::read(input, block, sink)
}

/// Tells what is wrong with a document, and keeps nothing of it.
///
/// # Errors
/// What comes of reading `input`.
pub fn check(input: &mut dyn Read, block: usize) -> io::Result<Outcome> {
    read(input, block, &mut Nobody)
}

/// Nobody hears anything.
struct Nobody;

impl Sink for Nobody {
    fn start(&mut self, _: &str, _: &str, _: usize) -> Way {
        Way::Into
    }

    fn text(&mut self, _: &str, _: usize, _: bool) {}

    fn end(&mut self, _: usize) {}

    fn part(&mut self, _: &Part) {}
}
