//! Tokens to a tree, as libxml2's SAX2 parser does it.

use quick_xml::Reader;
use quick_xml::events::Event;

use super::content::{
    check_characters, check_comment, check_content, check_instruction, check_length, fault, whole_characters,
};
use super::doctype;
use super::kept::{Kept, Range, RawAttribute, Tag};
use super::names::is_blank;
use super::prolog::{Declaration, begins_declaration, read_declaration};
use super::scope::{Attribute, Regions, Scope};
use super::tag::{StartTag, read_end, read_start};
use super::tree::Document;
use super::{Decoded, XmlFault, XmlFaultKind};
use crate::model::Span;

/// How many elements may be open when another begins (libxml2 2.9.14, `xmlParserMaxDepth`, without
/// `XML_PARSE_HUGE`).
pub(super) const DEEPEST: usize = 256;

/// Reads a document; see [`parse`](super::parse).
pub(super) fn read(decoded: &Decoded) -> Document<'_> {
    let mut builder = Builder::new(decoded);
    let stop = builder.run().err();
    let is_cut = stop.is_some_and(|stop| stop.kind == XmlFaultKind::TooMany);
    let fault =
        stop.filter(|_| !is_cut).map(|fault| XmlFault::new(fault.kind, whole_characters(builder.text, fault.span)));
    Document { decoded, kept: builder.kept, fault, is_cut }
}

/// A document that is being read.
struct Builder<'t> {
    decoded: &'t Decoded,
    text: &'t str,
    /// Where reading ends: at the end, at a NUL, or where the bytes were no text.
    limit: usize,
    kept: Kept,
    open: Vec<usize>,
    scope: Scope<'t>,
    has_doctype: bool,
}

type Outcome = Result<(), XmlFault>;

impl<'t> Builder<'t> {
    fn new(decoded: &'t Decoded) -> Self {
        let text = decoded.text();
        let bad = decoded.fault().map_or(text.len(), |fault| fault.span.start);
        Self {
            decoded,
            text,
            // To libxml2, which was made for C, a NUL is the end of the text.
            limit: text.find('\0').unwrap_or(text.len()).min(bad),
            kept: Kept::default(),
            open: Vec::new(),
            scope: Scope::default(),
            has_doctype: false,
        }
    }

    fn run(&mut self) -> Outcome {
        if self.text.is_empty() {
            return Err(XmlFault::new(XmlFaultKind::Empty, Span::at(0)));
        }
        if let Some(fault) = self.decoded.fault().filter(|fault| fault.kind == XmlFaultKind::UnknownEncoding) {
            return Err(fault);
        }
        let declaration = self.declaration()?;
        self.tokens(self.decoded.start() + declaration.length, declaration.is_standalone)?;
        self.end()
    }

    /// Reads the XML declaration, if there is one.
    fn declaration(&self) -> Result<Declaration, XmlFault> {
        let start = self.decoded.start();
        let body = self.slice(Span::new(start, self.limit));
        if !begins_declaration(body) {
            return Ok(Declaration::default());
        }
        read_declaration(body).map_err(|(at, kind)| fault(kind, start + at, 1))
    }

    fn tokens(&mut self, start: usize, is_standalone: bool) -> Outcome {
        let (mut start, mut reader) = (start, self.reader(start)?);
        loop {
            let from = start + position(reader.buffer_position());
            if self.may_have_doctype() && self.slice(Span::new(from, self.limit)).starts_with("<!DOCTYPE") {
                start = self.document_type(from, is_standalone)?;
                reader = self.reader(start)?;
                continue;
            }
            let event = reader.read_event();
            let token = Span::new(from, start + position(reader.buffer_position()));
            match event {
                Ok(Event::Eof) => return Ok(()),
                Ok(event) => self.token(&event, token)?,
                Err(_) => return Err(self.broken(from)),
            }
        }
    }

    fn reader(&self, start: usize) -> Result<Reader<&'t [u8]>, XmlFault> {
        let text = self.slice(Span::new(start, self.limit));
        // quick-xml would pass over a byte-order mark, wherever it is told to begin.
        if text.starts_with('\u{FEFF}') { Err(fault(XmlFaultKind::NoRoot, start, 3)) } else { Ok(lax(text)) }
    }

    fn token(&mut self, event: &Event, token: Span) -> Outcome {
        match event {
            Event::Start(_) | Event::Empty(_) => self.start_tag(token),
            Event::End(_) => self.end_tag(token),
            Event::Text(_) | Event::GeneralRef(_) => self.content(token),
            Event::CData(_) => self.cdata(token),
            Event::Comment(_) => check_comment(self.slice(token), token),
            Event::PI(_) | Event::Decl(_) => check_instruction(self.slice(token), token),
            // A second one, or one in the wrong place.
            Event::DocType(_) => Err(XmlFault::new(XmlFaultKind::Doctype, token)),
            Event::Eof => Ok(()),
        }
    }

    fn start_tag(&mut self, token: Span) -> Outcome {
        if self.open.is_empty() && !self.kept.nodes.is_empty() {
            return Err(XmlFault::new(XmlFaultKind::BehindRoot, token));
        }
        let tag = read_start(self.slice(token)).map_err(|(at, kind)| fault(kind, token.start + at, 1))?;
        if self.open.len() > DEEPEST {
            return Err(XmlFault::new(XmlFaultKind::TooDeep, tag.name.moved_by(token.start)));
        }
        if tag.length != token.end - token.start {
            return Err(XmlFault::new(XmlFaultKind::Tag, token));
        }
        self.scope.namespaces.open();
        let kept = self.tag(&tag, token)?;
        let number = self.kept.add(kept, self.open.last().copied()).ok_or_else(|| too_many(token))?;
        if tag.is_empty {
            self.scope.namespaces.close();
        } else {
            self.open.push(number);
        }
        Ok(())
    }

    fn tag(&mut self, tag: &StartTag, token: Span) -> Result<Tag, XmlFault> {
        let first = self.kept.attributes.len();
        let kept = &mut self.kept;
        let named = self.scope.tag(Regions::whole(self.text), tag, token.start, &mut |attribute: &Attribute| {
            let (name, local, value) = (attribute.name, attribute.local, attribute.value);
            let (name, local, value) = (Range::of(name)?, Range::of(local)?, Range::of(value)?);
            let raw = RawAttribute { name, local, value, is_words: attribute.is_words };
            kept.add_attribute(raw).ok_or_else(|| too_many(attribute.name))
        })?;
        let inner = if tag.is_empty { Span::at(token.end) } else { Span::new(token.end, self.text.len()) };
        Ok(Tag {
            name: Range::of(tag.name.moved_by(token.start))?,
            local: Range::of(named.local)?,
            namespace: named.namespace,
            attributes: Range::of(Span::new(first, self.kept.attributes.len()))?,
            inner: Range::of(inner)?,
        })
    }

    fn end_tag(&mut self, token: Span) -> Outcome {
        let name = read_end(self.slice(token)).map_err(|(at, kind)| fault(kind, token.start + at, 1))?;
        let name = name.moved_by(token.start);
        let Some(number) = self.open.pop() else {
            let kind = if self.kept.nodes.is_empty() { XmlFaultKind::NoRoot } else { XmlFaultKind::BehindRoot };
            return Err(XmlFault::new(kind, token));
        };
        let text = self.text;
        if let Some(node) = self.kept.nodes.get_mut(number) {
            let opened = node.name.span();
            if text.get(opened.start..opened.end) != text.get(name.start..name.end) {
                return Err(XmlFault::new(XmlFaultKind::MismatchedEnd, name));
            }
            node.inner = Range::of(Span::new(node.inner.span().start, token.start))?;
        }
        self.scope.namespaces.close();
        Ok(())
    }

    /// Text and references.
    fn content(&mut self, token: Span) -> Outcome {
        let text = self.slice(token);
        if self.open.is_empty() {
            let Some(at) = text.bytes().position(|byte| !is_blank(byte)) else { return Ok(()) };
            let kind = if self.kept.nodes.is_empty() { XmlFaultKind::NoRoot } else { XmlFaultKind::BehindRoot };
            return Err(fault(kind, token.start + at, 1));
        }
        check_content(text, token.start)?;
        self.piece(token, false)
    }

    fn cdata(&mut self, token: Span) -> Outcome {
        let text = self.slice(token);
        let body = text.strip_prefix("<![CDATA[").and_then(|text| text.strip_suffix("]]>"));
        let (Some(body), Some(_)) = (body, self.open.last()) else {
            return Err(XmlFault::new(XmlFaultKind::Tag, token));
        };
        let span = Span::at(token.start + "<![CDATA[".len());
        check_characters(body, span.start)?;
        check_length(body, token)?;
        self.piece(Span::new(span.start, span.start + body.len()), true)
    }

    fn piece(&mut self, span: Span, is_cdata: bool) -> Outcome {
        let Some(element) = self.open.last() else { return Ok(()) };
        self.kept.add_piece(Range::of(span)?, is_cdata, *element).ok_or_else(|| too_many(span))
    }

    fn may_have_doctype(&self) -> bool {
        !self.has_doctype && self.kept.nodes.is_empty()
    }

    /// Reads the document type declaration at `start`: where the rest begins.
    fn document_type(&mut self, start: usize, is_standalone: bool) -> Result<usize, XmlFault> {
        self.has_doctype = true;
        match doctype::read(self.slice(Span::new(start, self.limit)), is_standalone) {
            Ok(read) => {
                self.scope.declared = read.attributes.moved_by(start);
                Ok(start + read.length)
            }
            Err((_, XmlFaultKind::Truncated)) => Err(self.at_limit(XmlFaultKind::Truncated)),
            Err((at, kind)) => Err(fault(kind, start + at, 1)),
        }
    }

    /// The text ends.
    fn end(&self) -> Outcome {
        let is_whole = !self.ends_at_bad_bytes() || self.decoded.ends_at_fault();
        if self.open.is_empty() && !self.kept.nodes.is_empty() && is_whole {
            return Ok(());
        }
        let blank = self.slice(Span::new(self.decoded.start(), self.text.len())).bytes().all(is_blank);
        if blank {
            return Err(XmlFault::new(XmlFaultKind::Empty, Span::new(0, self.text.len())));
        }
        let kind = if self.kept.nodes.is_empty() { XmlFaultKind::NoRoot } else { XmlFaultKind::Truncated };
        Err(self.at_limit(kind))
    }

    /// A token begins at `at` and does not end.
    fn broken(&self, at: usize) -> XmlFault {
        let rest = self.slice(Span::new(at, self.limit));
        if self.open.is_empty()
            && !self.kept.nodes.is_empty()
            && !rest.starts_with("<?")
            && !rest.starts_with("<!--")
        {
            return XmlFault::new(XmlFaultKind::BehindRoot, Span::new(at, at + 1));
        }
        let found = if rest.starts_with("</") {
            read_end(rest).err()
        } else if ["<!--", "<![CDATA[", "<!DOCTYPE", "<?"].iter().any(|known| rest.starts_with(known)) {
            None
        } else {
            read_start(rest).err()
        };
        match found {
            Some((offset, kind)) if kind != XmlFaultKind::Truncated => fault(kind, at + offset, 1),
            _ => self.at_limit(XmlFaultKind::Truncated),
        }
    }

    /// A fault where reading ended: the encoding's or the NUL's, if that is why it ended there, else `kind` at the
    /// last character.
    fn at_limit(&self, kind: XmlFaultKind) -> XmlFault {
        if self.ends_at_bad_bytes() {
            return self.decoded.fault().unwrap_or(fault(kind, self.limit, 1));
        }
        if self.limit < self.text.len() {
            return fault(XmlFaultKind::Character, self.limit, 1);
        }
        let end = self.text.trim_end().len();
        let last = self.text.get(..end).and_then(|text| text.chars().next_back()).map_or(0, char::len_utf8);
        XmlFault::new(kind, Span::new(end - last, end))
    }

    fn ends_at_bad_bytes(&self) -> bool {
        self.decoded.fault().is_some_and(|fault| fault.span.start == self.limit)
    }

    fn slice(&self, span: Span) -> &'t str {
        self.text.get(span.start..span.end).unwrap_or_default()
    }
}

/// A reader of tokens that leaves it to others what is wrong with them.
pub(super) fn lax(text: &str) -> Reader<&[u8]> {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    reader
}

/// There is more than is looked at.
const fn too_many(at: Span) -> XmlFault {
    XmlFault::new(XmlFaultKind::TooMany, at)
}

/// A position of quick-xml's as an offset.
fn position(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}
