//! XML with the place of every value, as the two parsers of libpurple read it.
//!
//! libpurple 2.x reads `accounts.xml`, `blist.xml` and `status.xml` with libxml2's SAX2 parser ([`parse`]) and
//! `prefs.xml` with GLib's `GMarkup` ([`gmarkup`]). The two differ in what they accept and in what becomes of a
//! file with a fault: the first takes nothing of it, the second everything up to the fault.
//!
//! quick-xml tells where a token begins and ends. It is lax by design, so everything that libxml2 would refuse
//! is checked here: names, attributes, references, characters, namespaces, nesting, document types.
//! `tests/xml_conformance.rs` holds the result against the answers of libxml2 2.9.14 and GLib 2.74.6, and
//! `fuzz/differential` against the libraries themselves.

mod content;
mod decode;
mod doctype;
mod fault;
pub mod gmarkup;
mod kept;
mod names;
mod namespaces;
mod prolog;
mod reader;
mod reference;
mod scope;
pub mod stream;
mod tag;
mod tree;
mod uri;

pub use decode::{Decoded, decode};
pub use fault::{XmlFault, XmlFaultKind};
pub use tree::{Attribute, Document, Element};

/// Reads a document as libxml2's SAX2 parser hands it to libpurple. Never fails: what could not be read is in
/// [`Document::fault`], and the elements that stand before it are there.
#[must_use]
pub fn parse(decoded: &Decoded) -> Document<'_> {
    reader::read(decoded)
}
