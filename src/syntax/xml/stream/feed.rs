//! A document’s text, of which only a part is in memory at any time.

use std::io::{self, Read};

use zeroize::Zeroizing;

use super::mark::Mark;
use crate::model::Span;
use crate::syntax::xml::decode::{Encoding, FOREIGN, Join, Manner, SUBSTITUTE, character_of, contradicted_by};
use crate::syntax::xml::{XmlFault, XmlFaultKind};

/// How much of the beginning is looked at to tell the encoding.
const HEAD: usize = 64 << 10;

/// How bytes become characters, and what of a character the last block has left over.
enum Decoder {
    Utf8,
    OneByte(Encoding),
    Wide { join: Join, high: Option<u16> },
}

/// The text of a document as it comes in.
pub(super) struct Feed<'r> {
    input: &'r mut dyn Read,
    /// Bytes that were read and are no text yet.
    raw: Zeroizing<Vec<u8>>,
    /// How many bytes are decoded at a time.
    block: usize,
    decoder: Decoder,
    is_read: bool,
    text: Zeroizing<String>,
    /// How much of it there is room for.
    capacity: usize,
    /// Where the text in memory begins.
    base: usize,
    /// Where the document begins: behind a byte-order mark.
    pub start: usize,
    /// Where reading ends before the text does: at a NUL, or where bytes were no text.
    pub limit: Option<usize>,
    /// What is wrong with the encoding.
    pub fault: Option<XmlFault>,
    /// Whether the text merely ends where the fault is.
    pub ends_at_fault: bool,
    /// The first character that no document may have in it.
    forbidden: Option<usize>,
    /// What is counted up to a place in the text that is in memory.
    here: Mark,
    last_ink: Option<Ink>,
}

/// The last character that is no blank, and what stands before it on its line, as far as it was in memory.
#[derive(Clone)]
pub(super) struct Ink {
    /// Where the character stands.
    pub span: Span,
    /// What stands on the line.
    pub line: Zeroizing<String>,
    /// Where that begins.
    pub start: Mark,
}

/// How much of a line is shown at most before a fault, and behind it.
pub(super) const AROUND: usize = 1024;

impl<'r> Feed<'r> {
    /// The text of what comes out of `input`, `most` bytes of which are in memory at any time.
    pub(super) fn new(input: &'r mut dyn Read, block: usize, most: usize) -> io::Result<Self> {
        let mut raw = Zeroizing::new(Vec::with_capacity(HEAD.max(block) + 4));
        let is_read = fill(input, &mut raw, HEAD)?;
        let text = Zeroizing::new(String::with_capacity(most + 3 * (block + HEAD)));
        let mut feed = Self {
            input,
            raw,
            block,
            decoder: Decoder::Utf8,
            is_read,
            // Never moved, which would leave a copy of a password behind.
            capacity: text.capacity(),
            text,
            base: 0,
            start: 0,
            limit: None,
            fault: None,
            ends_at_fault: false,
            forbidden: None,
            here: Mark::default(),
            last_ink: None,
        };
        feed.choose();
        Ok(feed)
    }

    fn choose(&mut self) {
        match Manner::of(&self.raw) {
            Manner::Foreign => self.fault = Some(FOREIGN),
            Manner::Wide { join, name, skip } => {
                self.raw.drain(..skip);
                self.fault = self.contradicted(join, name);
                self.decoder = Decoder::Wide { join, high: None };
            }
            Manner::Bytes { encoding, start, fault } => {
                (self.start, self.fault) = (start, fault);
                if encoding != Encoding::Utf8 {
                    self.raw.drain(..start);
                    self.ends_at_fault = true;
                    self.decoder = Decoder::OneByte(encoding);
                    if start > 0 {
                        self.text.push('\u{FEFF}');
                    }
                }
            }
        }
    }

    fn contradicted(&self, join: Join, name: &str) -> Option<XmlFault> {
        let units = self.raw.chunks_exact(2).filter_map(|pair| <[u8; 2]>::try_from(pair).ok()).map(join);
        let characters = char::decode_utf16(units).map(|unit| unit.unwrap_or(SUBSTITUTE));
        contradicted_by(&Zeroizing::new(characters.collect::<String>()), name)
    }

    /// What is in memory from `at` on, up to where reading ends.
    pub(super) fn rest(&self, at: usize) -> &str {
        let end = self.limit.unwrap_or(usize::MAX).min(self.end());
        self.slice(Span::new(at, end))
    }

    /// What is in memory of a range.
    pub(super) fn slice(&self, span: Span) -> &str {
        let range = span.start.saturating_sub(self.base)..span.end.saturating_sub(self.base);
        self.text.get(range).unwrap_or_default()
    }

    /// The text in memory, and where it begins.
    pub(super) fn window(&self) -> (&str, usize) {
        (&self.text, self.base)
    }

    /// Where the text in memory ends.
    pub(super) fn end(&self) -> usize {
        self.base + self.text.len()
    }

    /// Whether every character before that place is one that a document may have in it.
    pub(super) fn is_clean_before(&self, at: usize) -> bool {
        self.forbidden.is_none_or(|forbidden| at <= forbidden)
    }

    /// Whether what is in memory is all that there is to be read.
    pub(super) fn is_at_end(&self) -> bool {
        self.limit.is_some() || self.has_all()
    }

    /// Whether the text in memory goes on to its very end.
    pub(super) fn has_all(&self) -> bool {
        self.is_read && self.raw.is_empty()
    }

    /// Takes in another block; nothing where there is none.
    pub(super) fn take_in(&mut self) -> io::Result<()> {
        if self.has_all() {
            return Ok(());
        }
        if !self.is_read && self.raw.len() < self.block {
            self.is_read = fill(self.input, &mut self.raw, self.block)?;
        }
        let from = self.end();
        let taken = self.raw.len().min(self.block);
        let is_last = self.is_read && taken == self.raw.len();
        let used = match self.decoder {
            Decoder::Utf8 => self.take_utf8(taken, is_last),
            Decoder::OneByte(encoding) => self.take_one_byte(taken, encoding),
            Decoder::Wide { join, high } => self.take_wide(taken, is_last, join, high),
        };
        self.raw.drain(..used);
        if used == 0 && !is_last {
            // Less than a character.
            self.block += 1;
        }
        debug_assert!(self.text.capacity() <= self.capacity, "the text has grown beyond what was meant for it");
        self.look_over(from);
        Ok(())
    }

    fn take_utf8(&mut self, taken: usize, is_last: bool) -> usize {
        let bytes = self.raw.get(..taken).unwrap_or_default();
        match std::str::from_utf8(bytes) {
            Ok(text) => {
                self.text.push_str(text);
                taken
            }
            Err(error) if error.error_len().is_none() && !is_last => {
                let used = error.valid_up_to();
                self.text
                    .push_str(bytes.get(..used).and_then(|text| str::from_utf8(text).ok()).unwrap_or_default());
                used
            }
            Err(_) => self.take_damaged(taken, is_last),
        }
    }

    /// UTF-8 with bytes in it that are none.
    fn take_damaged(&mut self, taken: usize, is_last: bool) -> usize {
        let bytes = self.raw.get(..taken).unwrap_or_default();
        let mut used = 0;
        let mut bad = None;
        for chunk in bytes.utf8_chunks() {
            self.text.push_str(chunk.valid());
            used += chunk.valid().len();
            if chunk.invalid().is_empty() {
                continue;
            }
            let is_cut = used + chunk.invalid().len() == taken && !is_last;
            if is_cut && str::from_utf8(chunk.invalid()).is_err_and(|error| error.error_len().is_none()) {
                break;
            }
            let at = self.base + self.text.len();
            bad = bad.or(Some(Span::new(at, at + chunk.invalid().len())));
            self.text.extend(chunk.invalid().iter().map(|_| SUBSTITUTE));
            used += chunk.invalid().len();
        }
        if let Some(span) = bad {
            self.note_bad(span);
        }
        used
    }

    fn take_one_byte(&mut self, taken: usize, encoding: Encoding) -> usize {
        let mut bad = None;
        for byte in self.raw.get(..taken).unwrap_or_default() {
            let character = character_of(*byte, encoding);
            if character.is_none() {
                bad = bad.or(Some(self.base + self.text.len()));
            }
            self.text.push(character.unwrap_or(SUBSTITUTE));
        }
        if let Some(at) = bad {
            self.note_bad(Span::new(at, at + 1));
        }
        taken
    }

    fn take_wide(&mut self, taken: usize, is_last: bool, join: Join, mut high: Option<u16>) -> usize {
        let mut bad: Option<(usize, bool)> = None;
        let mut used = 0;
        for pair in self.raw.get(..taken).unwrap_or_default().chunks_exact(2) {
            let Ok(pair) = <[u8; 2]>::try_from(pair) else { break };
            used += 2;
            let unit = join(pair);
            let first = high.take();
            for character in char::decode_utf16(first.into_iter().chain([unit])) {
                match character {
                    Ok(character) => self.text.push(character),
                    Err(error) if error.unpaired_surrogate() == unit && (0xD800..0xDC00).contains(&unit) => {
                        high = Some(unit);
                    }
                    Err(error) => {
                        bad = bad.or(Some((self.base + self.text.len(), error.unpaired_surrogate() < 0xDC00)));
                        self.text.push(SUBSTITUTE);
                    }
                }
            }
        }
        if is_last {
            // Half a unit, and half a character, at the very end are passed over.
            (used, high) = (taken, None);
        }
        self.decoder = Decoder::Wide { join, high };
        if let Some((at, ends)) = bad {
            if self.fault.is_none() && self.limit.is_none() {
                self.ends_at_fault = ends;
            }
            self.note_bad(Span::new(at, at + 1));
        }
        used
    }

    fn note_bad(&mut self, span: Span) {
        if self.fault.is_none() {
            self.fault = Some(XmlFault::new(XmlFaultKind::NotInEncoding, span));
            self.limit = Some(self.limit.map_or(span.start, |limit| limit.min(span.start)));
        }
    }

    /// Looks for what no document may have in it, and for the NUL at which reading ends.
    fn look_over(&mut self, from: usize) {
        let added = self.slice(Span::new(from, self.end()));
        if self.limit.is_none_or(|limit| limit >= from)
            && let Some(nul) = memchr::memchr(0, added.as_bytes()).map(|at| from + at)
        {
            self.limit = Some(self.limit.map_or(nul, |limit| limit.min(nul)));
        }
        let added = self.slice(Span::new(from, self.end()));
        if self.forbidden.is_none() {
            self.forbidden = first_forbidden(added).map(|at| from + at);
        }
    }

    /// Forgets what stands before `at`.
    pub(super) fn forget(&mut self, at: usize) {
        let at = at.min(self.end());
        if at <= self.base {
            return;
        }
        self.mark(at);
        self.note_ink(at);
        self.text.drain(..at - self.base);
        self.base = at;
    }

    /// Remembers the last character before `at` that is no blank: a text that ends too early ends there.
    fn note_ink(&mut self, at: usize) {
        let gone = self.slice(Span::new(self.base, at));
        let end = gone.trim_end().len();
        let Some(last) = gone.get(..end).and_then(|gone| gone.chars().next_back()) else { return };
        let span = Span::new(self.base + end - last.len_utf8(), self.base + end);
        self.last_ink = Some(self.ink(span));
    }

    fn ink(&self, span: Span) -> Ink {
        let start = self.start_of_line(span.start);
        let line = Zeroizing::new(self.slice(Span::new(start, span.end)).to_owned());
        Ink { span, line, start: self.mark_anywhere(start) }
    }

    /// Where the line begins in which a place lies, or what is shown of it.
    pub(super) fn start_of_line(&self, at: usize) -> usize {
        let (text, base) = self.window();
        let before = text.get(..at.saturating_sub(base)).unwrap_or_default();
        let line = memchr::memrchr(b'\n', before.as_bytes()).map_or(0, |newline| newline + 1);
        let near = before.len().saturating_sub(AROUND);
        let near = (near..=before.len()).find(|at| before.is_char_boundary(*at)).unwrap_or(before.len());
        base + line.max(near)
    }

    /// The last character of the whole text that is no blank, once all of it has been read.
    pub(super) fn end_of_ink(&mut self) -> Ink {
        self.note_ink(self.end());
        let nothing = Ink { span: Span::at(0), line: Zeroizing::default(), start: Mark::default() };
        self.last_ink.clone().unwrap_or(nothing)
    }

    /// Lines and characters before a place that does not lie before the last one that was asked for, and from there on.
    pub(super) fn mark(&mut self, at: usize) -> Mark {
        let from = self.here.offset;
        if at > from {
            let range = from.saturating_sub(self.base)..at.saturating_sub(self.base);
            self.here.advance(self.text.get(range).unwrap_or_default());
        }
        self.here
    }

    /// The same for any place in memory, without remembering it.
    pub(super) fn mark_anywhere(&self, at: usize) -> Mark {
        let mut here = self.here;
        if at < here.offset {
            let between = self.slice(Span::new(at, here.offset));
            return here.retreat(between, self.slice(Span::new(self.base, at)));
        }
        here.advance(self.slice(Span::new(here.offset, at)));
        here
    }
}

/// Reads until there are `wanted` bytes; whether that was all there is.
fn fill(input: &mut dyn Read, raw: &mut Vec<u8>, wanted: usize) -> io::Result<bool> {
    let mut have = raw.len();
    raw.resize(wanted.max(have), 0);
    let mut is_all = false;
    while let Some(free) = raw.get_mut(have..).filter(|free| !free.is_empty()) {
        match input.read(free) {
            Ok(0) => {
                is_all = true;
                break;
            }
            Ok(length) => have += length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    raw.truncate(have);
    Ok(is_all)
}

/// The first character that XML does not allow.
fn first_forbidden(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let has_control =
        bytes.iter().fold(false, |found, byte| found | (*byte < 0x20 && !matches!(*byte, b'\t' | b'\n' | b'\r')));
    let may_be_none = || memchr::memmem::find(bytes, b"\xEF\xBF").is_some();
    if !has_control && !may_be_none() {
        return None;
    }
    text.char_indices().find(|(_, character)| !crate::syntax::xml::names::is_allowed(*character)).map(|(at, _)| at)
}
