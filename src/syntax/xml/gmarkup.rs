//! GMarkup, the XML-like format that GLib reads `prefs.xml` with.
//!
//! It differs from XML in what it accepts: several root elements, duplicate attributes, `<` in attribute values,
//! control characters. Its text is UTF-8; a declaration is passed over unread; a byte-order mark is an error. The
//! caller is told of each tag as it is read, so everything before a fault counts; and libpurple never tells the
//! parser that the text has ended, so a text that is cut off has no fault at all.

mod words;

use std::ops::Deref;

use memchr::memchr;
use zeroize::Zeroizing;

use self::words::{before_nul, ends_name, ends_passage, is_blank, is_name, read_reference};
use super::decode::decode_utf8;
use super::tree::decode_attribute;
use super::{Decoded, XmlFault, XmlFaultKind};
use crate::model::{Span, limits};

/// How many attributes an element may have (`add_attribute`).
const MOST_ATTRIBUTES: usize = 1001;

/// What the parser tells its caller, in order, and why it stopped.
#[derive(Debug)]
pub struct Markup<'t> {
    text: &'t str,
    tags: Vec<Tag>,
    /// The fault at which it stopped, if it did.
    pub fault: Option<XmlFault>,
    /// Whether the text ends within a tag or an element.
    pub is_cut_off: bool,
    /// Whether there is more of it than was looked at: see [`limits::TAGS`].
    pub is_cut: bool,
}

/// The value of an attribute: as it is written, where that is what it is, or decoded into memory that is wiped.
pub enum Value<'t> {
    /// As it is written.
    Written(&'t str),
    /// Decoded.
    Decoded(Zeroizing<String>),
}

impl Deref for Value<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Written(text) => text,
            Self::Decoded(text) => text,
        }
    }
}

impl std::fmt::Debug for Value<'_> {
    /// Never what it is.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Value")
    }
}

/// A tag that the caller is told of.
#[derive(Debug)]
pub enum Tag {
    /// An element begins.
    Start {
        /// Where its name stands.
        name: Span,
        /// Where name and value of each attribute stand.
        attributes: Vec<(Span, Span)>,
    },
    /// An element ends.
    End {
        /// Where its name stands; for an empty element, in its only tag.
        name: Span,
    },
}

/// Turns the bytes of a file into text as GLib takes them: UTF-8 or not at all.
#[must_use]
pub fn decode(bytes: Zeroizing<Vec<u8>>) -> Decoded {
    decode_utf8(bytes)
}

/// Reads a text as `g_markup_parse_context_parse` of GLib 2.74 does.
#[must_use]
pub fn parse(decoded: &Decoded) -> Markup<'_> {
    let mut parser = Parser { decoded, text: decoded.text(), at: 0, open: Vec::new(), tags: Vec::new() };
    let outcome = parser.run();
    let is_cut = outcome == Err(Stop::TooMany);
    let is_cut_off = !is_cut && (outcome == Err(Stop::CutOff) || !parser.open.is_empty());
    let fault = match outcome {
        Err(Stop::Fault(fault)) => Some(fault),
        _ => None,
    };
    Markup { text: parser.text, tags: parser.tags, fault, is_cut_off: is_cut_off && fault.is_none(), is_cut }
}

impl Markup<'_> {
    /// The tags, in the order in which the caller is told of them.
    #[must_use]
    pub fn tags(&self) -> &[Tag] {
        &self.tags
    }

    /// A part of the text as written.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.start..span.end).unwrap_or_default()
    }

    /// The value of an attribute, its references resolved.
    #[must_use]
    pub fn value(&self, span: Span) -> Value<'_> {
        let written = before_nul(self.slice(span));
        let is_plain = |byte| !matches!(byte, b'&' | b'\t' | b'\r' | b'\n');
        if written.bytes().all(is_plain) {
            return Value::Written(written);
        }
        Value::Decoded(decode_attribute(written, |text| read_reference(text).ok()))
    }
}

/// Why the parser stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stop {
    Fault(XmlFault),
    CutOff,
    TooMany,
}

struct Parser<'t> {
    decoded: &'t Decoded,
    text: &'t str,
    at: usize,
    open: Vec<Span>,
    tags: Vec<Tag>,
}

type Outcome<T> = Result<T, Stop>;

impl Parser<'_> {
    fn run(&mut self) -> Outcome<()> {
        loop {
            if self.tags.len() > limits::TAGS {
                return Err(Stop::TooMany);
            }
            if self.open.is_empty() {
                self.blanks();
                match self.byte() {
                    None => return Ok(()),
                    Some(b'<') => {}
                    Some(_) => return self.refuse(XmlFaultKind::BehindRoot),
                }
            } else {
                self.content()?;
            }
            self.at += 1;
            match self.next()? {
                b'?' | b'!' => self.pass_over()?,
                b'/' => self.end_tag()?,
                byte if ends_name(byte) => return self.refuse(XmlFaultKind::Tag),
                _ => self.start_tag()?,
            }
        }
    }

    /// Text up to the next `<`.
    fn content(&mut self) -> Outcome<()> {
        let length = memchr(b'<', self.rest().as_bytes()).ok_or(Stop::CutOff)?;
        let span = Span::new(self.at, self.at + length);
        self.check_text(span)?;
        self.at = span.end;
        Ok(())
    }

    /// A comment, a declaration or the like: `self.at` is behind its `<`.
    fn pass_over(&mut self) -> Outcome<()> {
        let start = self.at - 1;
        let whole = self.text.as_bytes().get(start..).unwrap_or_default();
        let mut balance = 0_usize;
        for (index, byte) in whole.iter().enumerate() {
            match byte {
                b'<' => balance += 1,
                b'>' => balance = balance.saturating_sub(1),
                _ => continue,
            }
            let before = whole.get(..index).unwrap_or_default();
            if *byte == b'>' && ends_passage(before, balance) {
                self.at = start + index + 1;
                return Ok(());
            }
        }
        Err(Stop::CutOff)
    }

    /// `self.at` is at the first byte of the name.
    fn start_tag(&mut self) -> Outcome<()> {
        let name = self.name()?;
        let mut attributes = Vec::new();
        loop {
            self.blanks();
            match self.next()? {
                end @ (b'>' | b'/') => {
                    self.at += 1;
                    self.check_name(name)?;
                    self.tags.push(Tag::Start { name, attributes });
                    // The caller knows of the element before the parser looks whether a `>` follows the slash.
                    self.open.push(name);
                    return if end == b'/' { self.end_empty(name) } else { Ok(()) };
                }
                byte if ends_name(byte) => return self.refuse(XmlFaultKind::Attribute),
                _ => attributes.push(self.attribute(attributes.len())?),
            }
        }
    }

    /// `self.at` is behind the slash of an empty element.
    fn end_empty(&mut self, name: Span) -> Outcome<()> {
        self.expect(b'>', XmlFaultKind::Tag)?;
        self.open.pop();
        self.tags.push(Tag::End { name });
        Ok(())
    }

    /// `before`: how many attributes the element has already.
    fn attribute(&mut self, before: usize) -> Outcome<(Span, Span)> {
        let name = self.name()?;
        self.blanks();
        self.next()?;
        if before >= MOST_ATTRIBUTES {
            return Err(Stop::Fault(XmlFault::new(XmlFaultKind::TooLong, name)));
        }
        self.expect(b'=', XmlFaultKind::Attribute)?;
        self.check_name(name)?;
        self.blanks();
        let quote = match self.next()? {
            quote @ (b'"' | b'\'') => quote,
            _ => return self.refuse(XmlFaultKind::Attribute),
        };
        self.at += 1;
        let length = memchr(quote, self.rest().as_bytes()).ok_or(Stop::CutOff)?;
        let value = Span::new(self.at, self.at + length);
        self.check_text(value)?;
        self.at = value.end + 1;
        Ok((name, value))
    }

    /// `self.at` is at the slash.
    fn end_tag(&mut self) -> Outcome<()> {
        self.at += 1;
        if ends_name(self.next()?) {
            return self.refuse(XmlFaultKind::Tag);
        }
        let name = self.name()?;
        self.blanks();
        if self.next()? != b'>' {
            return self.refuse(XmlFaultKind::Tag);
        }
        let fits = self.open.last().is_some_and(|open| self.slice(*open) == self.slice(name));
        if !fits || self.decoded.first_invalid(name).is_some() {
            return Err(Stop::Fault(XmlFault::new(XmlFaultKind::MismatchedEnd, name)));
        }
        self.open.pop();
        self.at += 1;
        self.tags.push(Tag::End { name });
        Ok(())
    }

    /// Whatever stands where a name should; to GLib a NUL ends it.
    fn name(&mut self) -> Outcome<Span> {
        let length = self.rest().bytes().position(|byte| ends_name(byte) || is_blank(byte)).ok_or(Stop::CutOff)?;
        let name = Span::new(self.at, self.at + length);
        self.at = name.end;
        Ok(Span::new(name.start, name.start + before_nul(self.slice(name)).len()))
    }

    /// Names are looked at only when they are used: an element's when its tag ends, an attribute's at its `=`.
    fn check_name(&self, name: Span) -> Outcome<()> {
        let kind = if self.decoded.first_invalid(name).is_some() {
            XmlFaultKind::NotInEncoding
        } else if is_name(self.slice(name)) {
            return Ok(());
        } else {
            XmlFaultKind::Tag
        };
        Err(Stop::Fault(XmlFault::new(kind, name)))
    }

    /// Text is refused for its references and for bytes that are no UTF-8, and for nothing else; nor for anything
    /// behind a NUL.
    fn check_text(&self, span: Span) -> Outcome<()> {
        let text = before_nul(self.slice(span));
        let mut from = 0;
        while let Some(index) = text.get(from..).and_then(|rest| memchr(b'&', rest.as_bytes())) {
            let at = from + index;
            let (length, _) = read_reference(text.get(at..).unwrap_or_default())
                .map_err(|kind| Stop::Fault(XmlFault::new(kind, Span::new(at, at + 1).moved_by(span.start))))?;
            from = at + length;
        }
        match self.decoded.first_invalid(Span::new(span.start, span.start + text.len())) {
            Some(invalid) => Err(Stop::Fault(XmlFault::new(XmlFaultKind::NotInEncoding, invalid))),
            None => Ok(()),
        }
    }

    fn expect(&mut self, byte: u8, otherwise: XmlFaultKind) -> Outcome<()> {
        if self.next()? != byte {
            return self.refuse(otherwise);
        }
        self.at += 1;
        Ok(())
    }

    fn refuse<T>(&self, kind: XmlFaultKind) -> Outcome<T> {
        let length = self.rest().chars().next().map_or(0, char::len_utf8);
        Err(Stop::Fault(XmlFault::new(kind, Span::new(self.at, self.at + length))))
    }

    fn blanks(&mut self) {
        self.at += self.rest().bytes().take_while(|byte| is_blank(*byte)).count();
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn next(&self) -> Outcome<u8> {
        self.byte().ok_or(Stop::CutOff)
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn slice(&self, span: Span) -> &str {
        self.text.get(span.start..span.end).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (String, Option<XmlFaultKind>) {
        let decoded = decode(Zeroizing::new(text.as_bytes().to_vec()));
        let markup = parse(&decoded);
        let mut told = String::new();
        for tag in markup.tags() {
            match tag {
                Tag::Start { name, attributes } => {
                    told += &format!("<{}", markup.slice(*name));
                    for (name, value) in attributes {
                        told += &format!(" {}={}", markup.slice(*name), &*markup.value(*value));
                    }
                }
                Tag::End { .. } => told.push('>'),
            }
        }
        (told, markup.fault.map(|fault| fault.kind))
    }

    #[test]
    fn tells_of_everything_before_the_fault() {
        assert_eq!(read("<a b='1'><c/>&x;</a>"), ("<a b=1<c>".into(), Some(XmlFaultKind::UnknownEntity)));
        assert_eq!(read("<a><b></a>"), ("<a<b".into(), Some(XmlFaultKind::MismatchedEnd)));
        assert_eq!(read("\u{FEFF}<a/>"), (String::new(), Some(XmlFaultKind::BehindRoot)));
    }

    #[test]
    fn says_where_it_stops() {
        use XmlFaultKind::{
            Attribute, BareAmpersand, BehindRoot, Character, MismatchedEnd, NotInEncoding, Tag, UnknownEntity,
        };
        let table: [(&[u8], _, _); 22] = [
            (b"x<a/>", BehindRoot, (0, 1)),
            (b"<a/>\xc3\xa9", BehindRoot, (4, 6)),
            (b"<=a>", Tag, (1, 2)),
            (b"<>", Tag, (1, 2)),
            (b"<a>< b>", Tag, (4, 5)),
            (b"<1/>", Tag, (1, 2)),
            (b"<a/ >", Tag, (3, 4)),
            (b"<a =''/>", Attribute, (3, 4)),
            (b"<a b/>", Attribute, (4, 5)),
            (b"<a b=c/>", Attribute, (5, 6)),
            (b"<a 1='x'/>", Tag, (3, 4)),
            (b"<a></=>", Tag, (5, 6)),
            (b"<a></a b>", Tag, (7, 8)),
            (b"<a></b>", MismatchedEnd, (5, 6)),
            (b"<a></a\xff>", MismatchedEnd, (5, 7)),
            (b"<a>b &lt; & c</a>", BareAmpersand, (10, 11)),
            (b"<a>&lt;&x;</a>", UnknownEntity, (7, 8)),
            (b"<a b='&lt;&#0;'/>", Character, (10, 11)),
            (b"<a\xff/>", NotInEncoding, (1, 3)),
            (b"<a b\xff=''/>", NotInEncoding, (3, 5)),
            (b"<a b='c\xffd'/>", NotInEncoding, (7, 8)),
            (b"<a>b\xff</a>", NotInEncoding, (4, 5)),
        ];
        for (bytes, kind, (start, end)) in table {
            let decoded = decode(Zeroizing::new(bytes.to_vec()));
            let markup = parse(&decoded);
            assert_eq!(markup.fault, Some(XmlFault::new(kind, Span::new(start, end))), "{}", decoded.text());
            assert!(!markup.is_cut_off, "{}", decoded.text());
        }
    }

    #[test]
    fn a_text_that_is_cut_off_has_no_fault() {
        for text in ["<a>", "<a", "<a b='", "<!-- x", "<a>text", ""] {
            let decoded = decode(Zeroizing::new(text.as_bytes().to_vec()));
            assert_eq!(parse(&decoded).fault, None, "{text}");
            assert_eq!(parse(&decoded).is_cut_off, !text.is_empty(), "{text}");
        }
    }

    #[test]
    fn looks_at_no_text_behind_a_nul() {
        for text in [b"<a>b\0\xff&</a>".as_slice(), b"<a b='\xc3\xa9\0\xff&'/>"] {
            let decoded = decode(Zeroizing::new(text.to_vec()));
            assert_eq!(parse(&decoded).fault, None, "{}", decoded.text());
        }
    }

    #[test]
    fn refuses_elements_with_too_many_attributes() {
        let fault = |count: usize| read(&format!("<a {}/>", "b='' ".repeat(count))).1;
        assert_eq!(fault(MOST_ATTRIBUTES), None);
        assert_eq!(fault(MOST_ATTRIBUTES + 1), Some(XmlFaultKind::TooLong));
    }

    #[test]
    fn accepts_what_xml_does_not() {
        assert_eq!(read(" <a/><b c='1'c='<'/>"), ("<a><b c=1 c=<>".into(), None));
        assert_eq!(read("<?xml?><!-- -- --><a>\u{1}]]></a>"), ("<a>".into(), None));
    }
}
