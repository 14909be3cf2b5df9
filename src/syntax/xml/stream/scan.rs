//! Tokens, one after the other, and what is wrong with them: [`reader`](super::super::reader) without a tree.

use std::cell::OnceCell;
use std::io::{self, Read};

use quick_xml::events::Event;

use super::feed::{AROUND, Feed};
use super::{LONGEST, Mark, Outcome, Part, PartKind, Sink, Way, fast};
use crate::model::{Span, whole_characters};
use crate::syntax::xml::content::{
    check_characters, check_comment, check_content, check_instruction, check_length, fault,
};
use crate::syntax::xml::doctype;
use crate::syntax::xml::names::is_blank;
use crate::syntax::xml::prolog::{Declaration, begins_declaration, read_declaration};
use crate::syntax::xml::reader::{DEEPEST, lax};
use crate::syntax::xml::scope::{Regions, Scope};
use crate::syntax::xml::tag::{StartTag, read_end, read_start};
use crate::syntax::xml::{XmlFault, XmlFaultKind, reference};
use zeroize::Zeroizing;

/// How much of a text is handed on before its end is in sight.
const PIECE: usize = 64 << 10;

/// How much of a token is in memory before it is told what it is, if there is so much.
const ENOUGH: usize = 16;

/// Why reading stops before the end.
enum Stop {
    Fault(XmlFault),
    /// A token is longer than any that is read.
    Long,
    Failed(io::Error),
}

impl From<XmlFault> for Stop {
    fn from(fault: XmlFault) -> Self {
        Self::Fault(fault)
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Failed(error)
    }
}

type Step = Result<(), Stop>;

/// Reads a document; see [`read`](super::read).
pub(super) fn read(input: &mut dyn Read, block: usize, sink: &mut impl Sink) -> io::Result<Outcome> {
    let doctype = OnceCell::new();
    let mut scanner = Scanner {
        feed: Feed::new(input, block.max(1), 2 * LONGEST)?,
        sink,
        at: 0,
        open: Open::default(),
        scope: Scope::default(),
        doctype: &doctype,
        has_root: false,
        has_markup: false,
        part: 0,
        whole: None,
    };
    let stop = scanner.run().err();
    scanner.finish(stop)
}

/// The names of the elements that are open.
#[derive(Default)]
struct Open {
    names: String,
    starts: Vec<usize>,
}

impl Open {
    fn push(&mut self, name: &str) {
        self.starts.push(self.names.len());
        self.names.push_str(name);
    }

    fn last(&self) -> Option<&str> {
        self.names.get(*self.starts.last()?..)
    }

    fn pop(&mut self) {
        if let Some(start) = self.starts.pop() {
            self.names.truncate(start);
        }
    }

    fn depth(&self) -> usize {
        self.starts.len()
    }

    fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }
}

/// A document that is being read.
struct Scanner<'r, 't, S> {
    feed: Feed<'r>,
    sink: &'r mut S,
    /// Where the next token begins.
    at: usize,
    open: Open,
    scope: Scope<'t>,
    /// The document type declaration, and where it begins.
    doctype: &'t OnceCell<(Zeroizing<String>, usize)>,
    has_root: bool,
    /// Whether there is anything but blanks.
    has_markup: bool,
    /// Where the part begins that is handed over next.
    part: usize,
    /// How many elements are around the one that is to be handed over as a whole, and whether some of it is gone.
    whole: Option<(usize, bool)>,
}

impl<'t, S: Sink> Scanner<'_, 't, S> {
    fn run(&mut self) -> Step {
        while self.feed.end() <= self.feed.start && !self.feed.has_all() {
            self.feed.take_in()?;
        }
        if self.feed.has_all() && self.feed.end() == 0 {
            return Err(XmlFault::new(XmlFaultKind::Empty, Span::at(0)).into());
        }
        if let Some(fault) = self.feed.fault.filter(|fault| fault.kind == XmlFaultKind::UnknownEncoding) {
            return Err(fault.into());
        }
        self.at = self.feed.start;
        let declaration = self.declaration()?;
        self.has_markup = declaration.length > 0;
        self.at += declaration.length;
        while self.token(declaration.is_standalone)? {}
        self.end()
    }

    /// Takes in more, if there is any: what stands at [`Self::at`] may not be all there.
    fn more(&mut self) -> Result<bool, Stop> {
        if self.feed.is_at_end() {
            return Ok(false);
        }
        let pending = self.feed.end() - self.at.min(self.feed.end());
        if pending > LONGEST {
            return Err(Stop::Long);
        }
        if self.at - self.part > LONGEST {
            self.hand_over_piece();
        }
        self.feed.forget(self.part.min(self.at));
        // Twice as much as before, so that a long token is not gone through for each of its blocks.
        while self.feed.end() - self.at <= pending * 2 && !self.feed.is_at_end() {
            self.feed.take_in()?;
        }
        Ok(true)
    }

    /// Reads the XML declaration, if there is one.
    fn declaration(&mut self) -> Result<Declaration, Stop> {
        while self.feed.rest(self.at).len() < ENOUGH && self.more()? {}
        let is_one = |text: &str| begins_declaration(text);
        while is_one(self.feed.rest(self.at)) && !self.feed.rest(self.at).contains("?>") && self.more()? {}
        let body = self.feed.rest(self.at);
        if !is_one(body) {
            return Ok(Declaration::default());
        }
        read_declaration(body).map_err(|(at, kind)| fault(kind, self.at + at, 1).into())
    }

    /// Reads a token; whether there was one.
    fn token(&mut self, is_standalone: bool) -> Result<bool, Stop> {
        let rest = self.feed.rest(self.at);
        match rest.as_bytes() {
            [] => return self.more(),
            [b'<', ..] => {
                if rest.len() < ENOUGH && self.more()? {
                    return Ok(true);
                }
                self.markup(tag_kind(self.feed.rest(self.at)), is_standalone)?;
            }
            [b'&', ..] => self.reference()?,
            _ => self.text()?,
        }
        Ok(true)
    }

    fn markup(&mut self, kind: Markup, is_standalone: bool) -> Step {
        self.has_markup = true;
        match kind {
            Markup::Start => self.start_tag(),
            Markup::End => self.end_tag(),
            Markup::Comment => self.closed_by("<!--", "-->", check_comment),
            Markup::Instruction => self.closed_by("<?", "?>", check_instruction),
            Markup::Cdata => self.cdata(),
            Markup::Doctype if !self.has_root && self.doctype.get().is_none() => self.document_type(is_standalone),
            Markup::Doctype | Markup::Odd => self.odd(),
        }
    }

    fn start_tag(&mut self) -> Step {
        if self.has_root && self.open.is_empty() {
            let token = self.closed_token()?.map_or(Span::new(self.at, self.at + 1), |(_, token)| token);
            return Err(XmlFault::new(XmlFaultKind::BehindRoot, token).into());
        }
        let rest = self.feed.rest(self.at);
        if self.doctype.get().is_none()
            && let Some(tag) = fast::read_start(rest.as_bytes())
            && self.feed.is_clean_before(self.at + tag.length)
        {
            if self.open.depth() > DEEPEST {
                return Err(XmlFault::new(XmlFaultKind::TooDeep, tag.name.moved_by(self.at)).into());
            }
            self.scope.namespaces.open();
            self.begin(tag.name, tag.name, tag.is_empty, tag.length);
            return Ok(());
        }
        match read_start(rest) {
            Err((at, _)) if self.may_be_cut(at) => self.more().map(|_| ()),
            Err((_, XmlFaultKind::Truncated)) => Err(self.broken()),
            Err((at, kind)) => Err(fault(kind, self.at + at, 1).into()),
            Ok(tag) => self.slow_start_tag(&tag),
        }
    }

    /// Whether a fault that lies `at` bytes behind the beginning of the token may be none once more is there.
    fn may_be_cut(&self, at: usize) -> bool {
        // No reference that is one is longer, but for zeros in it, nor is any name.
        const REACH: usize = 64 << 10;
        !self.feed.is_at_end() && self.feed.rest(self.at).len().saturating_sub(at) < REACH
    }

    fn slow_start_tag(&mut self, tag: &StartTag) -> Step {
        if self.open.depth() > DEEPEST {
            return Err(XmlFault::new(XmlFaultKind::TooDeep, tag.name.moved_by(self.at)).into());
        }
        self.scope.namespaces.open();
        let doctype = self.doctype.get().map_or(("", 0), |(text, start)| (text.as_str(), *start));
        let regions = Regions::parts(doctype, self.feed.window());
        let named = self.scope.tag(regions, tag, self.at, &mut |_| Ok(()))?;
        let local = Span::new(named.local.start - self.at, named.local.end - self.at);
        self.begin(tag.name, local, tag.is_empty, tag.length);
        Ok(())
    }

    /// An element begins, the tag of which stands at [`Self::at`].
    fn begin(&mut self, name: Span, local: Span, is_empty: bool, length: usize) {
        let (start, end) = (self.at, self.at + length);
        let depth = self.open.depth();
        let tag = self.feed.slice(Span::new(start, end));
        let text_of = |span: Span| tag.get(span.start..span.end).unwrap_or_default();
        let way = self.sink.start(text_of(local), tag, depth);
        self.has_root = true;
        if !is_empty {
            self.open.push(text_of(name));
        }
        if self.whole.is_none() && way == Way::Whole {
            self.hand_over(start, PartKind::Between);
            self.whole = Some((depth, false));
        }
        self.at = end;
        if is_empty {
            self.close();
        }
    }

    /// The element that was begun last ends at [`Self::at`]; it is no longer open.
    fn close(&mut self) {
        self.scope.namespaces.close();
        let depth = self.open.depth();
        self.sink.end(depth);
        if let Some((around, is_cut)) = self.whole.filter(|(around, _)| *around == depth) {
            debug_assert_eq!(around, depth);
            self.hand_over(self.at, if is_cut { PartKind::Piece } else { PartKind::Element });
            self.whole = None;
        }
    }

    fn end_tag(&mut self) -> Step {
        let rest = self.feed.rest(self.at);
        if let Some(length) = self.open.last().and_then(|name| fast::read_end(rest.as_bytes(), name)) {
            self.open.pop();
            self.at += length;
            self.close();
            return Ok(());
        }
        let name = match read_end(rest) {
            Ok(name) => name,
            Err((at, _)) if self.may_be_cut(at) => return self.more().map(|_| ()),
            Err((_, XmlFaultKind::Truncated)) => return Err(self.broken()),
            Err((at, kind)) => {
                let found = fault(kind, self.at + at, 1);
                return Err(if self.closed_token()?.is_some() { found.into() } else { self.broken() });
            }
        };
        let rest = self.feed.rest(self.at);
        let length = rest.find('>').map_or(rest.len(), |at| at + 1);
        let token = Span::new(self.at, self.at + length);
        let Some(open) = self.open.last() else {
            let kind = if self.has_root { XmlFaultKind::BehindRoot } else { XmlFaultKind::NoRoot };
            return Err(XmlFault::new(kind, token).into());
        };
        if rest.get(name.start..name.end) != Some(open) {
            return Err(XmlFault::new(XmlFaultKind::MismatchedEnd, name.moved_by(self.at)).into());
        }
        self.open.pop();
        self.at += length;
        self.close();
        Ok(())
    }

    /// A comment or an instruction.
    fn closed_by(&mut self, opener: &str, closer: &str, check: fn(&str, Span) -> Result<(), XmlFault>) -> Step {
        let rest = self.feed.rest(self.at);
        if rest.starts_with("<?>") {
            // To quick-xml this is none, and nothing ends it.
            return if self.more()? { Ok(()) } else { Err(self.broken()) };
        }
        let body = rest.get(opener.len()..).unwrap_or_default();
        let Some(length) = memchr::memmem::find(body.as_bytes(), closer.as_bytes()) else {
            return if self.more()? { Ok(()) } else { Err(self.broken()) };
        };
        let length = opener.len() + length + closer.len();
        check(rest.get(..length).unwrap_or_default(), Span::new(self.at, self.at + length))?;
        self.at += length;
        Ok(())
    }

    fn cdata(&mut self) -> Step {
        const OPENER: &str = "<![CDATA[";
        let rest = self.feed.rest(self.at);
        let Some(body) = rest.get(OPENER.len()..).and_then(|body| Some(body.split_once("]]>")?.0)) else {
            return if self.more()? { Ok(()) } else { Err(self.broken()) };
        };
        let token = Span::new(self.at, self.at + OPENER.len() + body.len() + 3);
        if self.open.is_empty() {
            return Err(XmlFault::new(XmlFaultKind::Tag, token).into());
        }
        check_characters(body, self.at + OPENER.len())?;
        check_length(body, token)?;
        self.sink.text(body, self.open.depth(), false);
        self.at = token.end;
        Ok(())
    }

    fn reference(&mut self) -> Step {
        let rest = self.feed.rest(self.at);
        if self.open.is_empty() {
            return Err(self.outside(self.at));
        }
        match reference::read(rest) {
            Ok((length, _)) => {
                self.sink.text(rest.get(..length).unwrap_or_default(), self.open.depth(), false);
                self.at += length;
                Ok(())
            }
            Err(_) if self.may_be_cut(0) => self.more().map(|_| ()),
            Err((length, kind)) => Err(fault(kind, self.at, length).into()),
        }
    }

    fn text(&mut self) -> Step {
        let rest = self.feed.rest(self.at);
        let length = match memchr::memchr2(b'<', b'&', rest.as_bytes()) {
            Some(length) => length,
            None if self.feed.is_at_end() => rest.len(),
            // Two characters of `]]>` may be all that is there of it yet.
            None if rest.len() > PIECE => whole_characters(rest, rest.len() - 2),
            None => return self.more().map(|_| ()),
        };
        let text = rest.get(..length).unwrap_or_default();
        if self.open.is_empty() {
            if let Some(at) = text.bytes().position(|byte| !is_blank(byte)) {
                return Err(self.outside(self.at + at));
            }
        } else {
            if !self.feed.is_clean_before(self.at + length) || memchr::memchr(b']', text.as_bytes()).is_some() {
                check_content(text, self.at)?;
            }
            self.sink.text(text, self.open.depth(), true);
        }
        self.at += length;
        Ok(())
    }

    /// Something stands where there is no element around it.
    fn outside(&self, at: usize) -> Stop {
        let kind = if self.has_root { XmlFaultKind::BehindRoot } else { XmlFaultKind::NoRoot };
        fault(kind, at, 1).into()
    }

    /// Reads the document type declaration.
    fn document_type(&mut self, is_standalone: bool) -> Step {
        while self.more()? {
            if self.feed.end() - self.at > LONGEST {
                break;
            }
        }
        let text = Zeroizing::new(self.feed.rest(self.at).to_owned());
        let (text, start) = self.doctype.get_or_init(|| (text, self.at));
        let (text, start): (&'t str, usize) = (text, *start);
        let is_all = self.feed.is_at_end();
        match doctype::read(text, is_standalone) {
            Ok(read) => {
                self.scope.declared = read.attributes.moved_by(start);
                self.at += read.length;
                Ok(())
            }
            Err(_) if !is_all => Err(Stop::Long),
            Err((_, XmlFaultKind::Truncated)) => Err(self.at_limit(XmlFaultKind::Truncated)),
            Err((at, kind)) => Err(fault(kind, start + at, 1).into()),
        }
    }

    /// What begins like nothing that there is.
    fn odd(&mut self) -> Step {
        let Some((kind, token)) = self.closed_token()? else { return Err(self.broken()) };
        Err(XmlFault::new(kind, token).into())
    }

    /// Where a token ends that is to be found fault with, as quick-xml tells it, and with what if there is nothing else.
    fn closed_token(&mut self) -> Result<Option<(XmlFaultKind, Span)>, Stop> {
        loop {
            let rest = self.feed.rest(self.at);
            let mut reader = lax(rest);
            let kind = match reader.read_event() {
                Ok(Event::DocType(_)) => Some(XmlFaultKind::Doctype),
                Ok(Event::Comment(_)) => Some(XmlFaultKind::Comment),
                Ok(_) => Some(XmlFaultKind::Tag),
                Err(_) => None,
            };
            let length = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX).min(rest.len());
            if kind.is_some() || !self.more()? {
                return Ok(kind.map(|kind| (kind, Span::new(self.at, self.at + length))));
            }
        }
    }

    /// The text ends.
    fn end(&mut self) -> Step {
        let is_whole = !self.ends_at_bad_bytes() || self.feed.ends_at_fault;
        if self.open.is_empty() && self.has_root && is_whole {
            return Ok(());
        }
        if !self.has_markup && self.feed.limit.is_none() {
            return Err(XmlFault::new(XmlFaultKind::Empty, Span::new(0, self.feed.end())).into());
        }
        let kind = if self.has_root { XmlFaultKind::Truncated } else { XmlFaultKind::NoRoot };
        Err(self.at_limit(kind))
    }

    /// A token begins here and does not end.
    fn broken(&mut self) -> Stop {
        let rest = self.feed.rest(self.at);
        let kind = tag_kind(rest);
        let may_be_behind = matches!(kind, Markup::Comment | Markup::Instruction);
        if self.open.is_empty() && self.has_root && !may_be_behind {
            return fault(XmlFaultKind::BehindRoot, self.at, 1).into();
        }
        let found = match kind {
            Markup::End => read_end(rest).err(),
            Markup::Start | Markup::Odd => read_start(rest).err(),
            _ => None,
        };
        match found {
            Some((offset, kind)) if kind != XmlFaultKind::Truncated => fault(kind, self.at + offset, 1).into(),
            _ => self.at_limit(XmlFaultKind::Truncated),
        }
    }

    /// A fault where reading ended.
    fn at_limit(&mut self, kind: XmlFaultKind) -> Stop {
        match (self.feed.limit, self.feed.fault) {
            (Some(limit), Some(fault)) if fault.span.start == limit => fault.into(),
            (Some(limit), _) => fault(XmlFaultKind::Character, limit, 1).into(),
            (None, _) => XmlFault::new(kind, self.feed.end_of_ink().span).into(),
        }
    }

    fn ends_at_bad_bytes(&self) -> bool {
        let bad = self.feed.fault.map(|fault| fault.span.start);
        let end = self.feed.limit.unwrap_or(self.feed.end());
        bad == Some(end)
    }

    /// Hands over what stands from the last part up to `end`.
    fn hand_over(&mut self, end: usize, kind: PartKind) {
        let start = std::mem::replace(&mut self.part, end);
        if start == end {
            return;
        }
        let start_mark = self.feed.mark(start);
        self.sink.part(&Part { text: self.feed.slice(Span::new(start, end)), start: start_mark, kind });
    }

    /// Hands over a piece of a part that is too long to be kept in memory.
    fn hand_over_piece(&mut self) {
        match &mut self.whole {
            Some((_, is_cut)) => {
                *is_cut = true;
                self.hand_over(self.at, PartKind::Piece);
            }
            None => self.hand_over(self.at, PartKind::Between),
        }
    }

    /// Hands over the rest, whatever it is, and says what came of it all.
    fn finish(mut self, stop: Option<Stop>) -> io::Result<Outcome> {
        let mut outcome = Outcome::default();
        match stop {
            Some(Stop::Failed(error)) => return Err(error),
            Some(Stop::Long) => outcome.is_cut = true,
            Some(Stop::Fault(fault)) if fault.kind == XmlFaultKind::TooMany => outcome.is_cut = true,
            Some(Stop::Fault(fault)) => {
                let fault = self.whole_characters(fault);
                outcome.fault = Some(fault);
                outcome.line = Some(self.line_around(fault.span)?);
            }
            None => {}
        }
        let kind = if outcome.fault.is_some() || outcome.is_cut { PartKind::Piece } else { PartKind::Between };
        loop {
            let end = self.feed.end();
            if self.feed.has_all() {
                self.hand_over(end, kind);
                return Ok(outcome);
            }
            if end - self.part > LONGEST {
                self.hand_over(end, kind);
                self.feed.forget(end);
            }
            self.feed.take_in()?;
        }
    }

    /// The fault with a span that cuts no character in two, and ends where the text does.
    fn whole_characters(&self, found: XmlFault) -> XmlFault {
        let (text, base) = self.feed.window();
        let (start, end) = (found.span.start, found.span.end);
        if start < base || end > self.feed.end() && !self.feed.has_all() {
            return found;
        }
        let start = whole_characters(text, start - base);
        let end = end.saturating_sub(base).max(start);
        let end = (end..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
        XmlFault::new(found.kind, Span::new(start + base, end + base))
    }

    /// The line in which a fault begins.
    fn line_around(&mut self, span: Span) -> io::Result<(Zeroizing<String>, Mark)> {
        let (_, base) = self.feed.window();
        if span.start < base {
            let ink = self.feed.end_of_ink();
            let is_it = ink.span == span;
            return Ok(if is_it { (ink.line, ink.start) } else { (Zeroizing::default(), Mark::default()) });
        }
        while self.feed.end() < span.end + AROUND && !self.feed.has_all() {
            self.feed.take_in()?;
        }
        let start = self.feed.start_of_line(span.start);
        let (text, base) = self.feed.window();
        let behind = text.get(span.start - base..).unwrap_or_default();
        let length = whole_characters(behind, (span.end - span.start).min(AROUND));
        let rest = behind.get(length..).unwrap_or_default();
        let rest = rest.get(..whole_characters(rest, AROUND)).unwrap_or_default();
        let end = span.start + length + rest.find('\n').map_or(rest.len(), |at| at + 1);
        let line = Zeroizing::new(self.feed.slice(Span::new(start, end)).to_owned());
        Ok((line, self.feed.mark_anywhere(start)))
    }
}

/// What a token is that begins with `<`.
#[derive(Clone, Copy)]
enum Markup {
    Start,
    End,
    Comment,
    Instruction,
    Cdata,
    Doctype,
    Odd,
}

fn tag_kind(rest: &str) -> Markup {
    match rest.as_bytes() {
        [b'<', b'/', ..] => Markup::End,
        [b'<', b'?', ..] => Markup::Instruction,
        [b'<', b'!', b'-', b'-', ..] => Markup::Comment,
        [b'<', b'!', ..] if rest.starts_with("<![CDATA[") => Markup::Cdata,
        [b'<', b'!', ..] if rest.starts_with("<!DOCTYPE") => Markup::Doctype,
        [b'<', b'!', ..] => Markup::Odd,
        _ => Markup::Start,
    }
}
