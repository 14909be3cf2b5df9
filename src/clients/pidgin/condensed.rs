//! Lists of contacts that are too long to be held in memory: what of them matters to any rule, put together into a list
//! that is read like any other.
//!
//! That are all rooms, contacts with settings of their own that the audit knows, and so many contacts of each host that
//! whoever has more of them is told; a rule asks for nothing else of a contact than where it lives. The tags around them
//! stay, so that what is left is a list again.

mod contacts;
mod words;

use std::io::{self, Read};

use zeroize::Zeroizing;

use self::contacts::Contacts;
use self::words::{Hits, Words};
use super::accounts::PROTOCOL;
use super::places::BUDDIES;
use super::secrets;
use crate::model::{FileKind, Span, TextPart, limits};
use crate::syntax::xml::stream::{self, BLOCK, Mark, Outcome, Part, PartKind, Sink, Way};
use crate::syntax::xml::{self, Decoded, XmlFault};

/// What is left of a list.
#[derive(Debug)]
pub(super) struct Condensed {
    /// The text, and where its parts stand in the file.
    text: Zeroizing<String>,
    parts: Vec<TextPart>,
    /// Why the client refuses the file, if it does; the span is one of the text that is left, which is then the line
    /// around the fault.
    pub fault: Option<XmlFault>,
    /// Whether there was more that matters than is kept.
    pub is_cut: bool,
    /// Whether a secret stands in the file in the clear, be it in what is left or not.
    pub holds_secret: bool,
}

impl Condensed {
    /// Reads a file.
    pub(super) fn read(input: &mut dyn Read, kind: FileKind) -> io::Result<Self> {
        let mut condenser = Condenser::new(kind == BUDDIES);
        let outcome = stream::read(input, BLOCK, &mut condenser)?;
        Ok(condenser.finish(outcome))
    }

    /// The text that is left.
    pub(super) fn take_text(&mut self) -> Decoded {
        Decoded::of_text(std::mem::take(&mut self.text))
    }

    /// Where the parts of it stand in the file.
    pub(super) fn take_parts(&mut self) -> Vec<TextPart> {
        std::mem::take(&mut self.parts)
    }
}

/// The way to the entries of a list: the root, whatever its name, the list in it, and its groups.
const AROUND: usize = 3;

/// What an element of a list is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Entry {
    Room,
    Contact,
    Other,
}

/// Whoever hears what stands in a list, and keeps what matters.
struct Condenser {
    words: Words,
    text: Zeroizing<String>,
    parts: Vec<TextPart>,
    /// Where what is kept ends in the file.
    end: usize,
    /// Blanks that were passed over, and where they begin: the beginning of the next entry's line.
    blanks: Option<(Mark, String)>,
    entry: Entry,
    /// How many elements are around the one that is handed over as a whole, while that is being read.
    inside: Option<usize>,
    /// Whether attributes may be there that are not written.
    has_doctype: bool,
    /// Whether entries are kept at all; of other files only matters whether they hold secrets.
    keeps_entries: bool,
    has_list: bool,
    contacts: Contacts,
    rooms: usize,
    settings: usize,
    is_cut: bool,
    holds_secret: bool,
}

impl Condenser {
    fn new(keeps_entries: bool) -> Self {
        let held = usize::try_from(limits::HELD).unwrap_or(usize::MAX);
        Self {
            words: Words::new(),
            // Never moved, which would leave a copy of a password behind.
            text: Zeroizing::new(String::with_capacity(if keeps_entries { held } else { 0 })),
            parts: Vec::new(),
            end: 0,
            blanks: None,
            entry: Entry::Other,
            inside: None,
            has_doctype: false,
            keeps_entries,
            has_list: false,
            contacts: Contacts::default(),
            rooms: 0,
            settings: 0,
            is_cut: false,
            holds_secret: false,
        }
    }

    /// What stands between entries: tags around them are kept, and so are the rest of the last entry’s line and the
    /// beginning of the next one’s.
    fn between(&mut self, part: &Part) {
        if !self.keeps_entries {
            return;
        }
        self.blanks = None;
        let (start, text) = self.end_of_line(part.start, part.text);
        let tags = text.find('<').zip(text.rfind('>').map(|last| last + 1));
        let Some((first, last)) = tags.filter(|(first, last)| first < last) else {
            return self.remember(start, text);
        };
        let (before, rest) =
            text.split_at_checked(if first > LONGEST_BLANKS { first } else { 0 }).unwrap_or(("", text));
        let (tags, behind) = rest.split_at_checked(last - before.len()).unwrap_or((rest, ""));
        self.has_doctype |= tags.contains("<!DOCTYPE");
        let start = start.behind(before);
        self.keep(start, tags);
        let (start, behind) = self.end_of_line(start.behind(tags), behind);
        self.remember(start, behind);
    }

    /// Keeps what ends the line on which the last thing stands that is kept: what is behind that, and where it begins.
    fn end_of_line<'w>(&mut self, start: Mark, text: &'w str) -> (Mark, &'w str) {
        let is_next = start.offset == self.end && !self.parts.is_empty();
        let length = if is_next { line_end(text) } else { 0 };
        let (end, behind) = text.split_at_checked(length).unwrap_or(("", text));
        if !end.is_empty() {
            self.keep(start, end);
        }
        (start.behind(end), behind)
    }

    /// Remembers what may be the beginning of an entry’s line.
    fn remember(&mut self, start: Mark, text: &str) {
        self.blanks = (text.len() <= LONGEST_BLANKS).then(|| (start, text.to_owned()));
    }

    fn entry(&mut self, part: &Part, hits: Hits) {
        if !self.keeps_entries || !self.matters(hits) {
            self.blanks = None;
            return;
        }
        match self.blanks.take().filter(|(start, blanks)| start.offset + blanks.len() == part.start.offset) {
            Some((start, blanks)) => {
                self.keep(start, &blanks);
                self.keep(part.start, part.text);
            }
            None => self.keep(part.start, part.text),
        }
    }

    /// Whether an entry with that tag may be one of an account of XMPP.
    fn may_be_xmpp(&self, tag: &str) -> bool {
        self.has_doctype || tag.contains('&') || tag.contains(PROTOCOL)
    }

    fn matters(&mut self, hits: Hits) -> bool {
        let has_settings = hits.settings && self.settings < limits::CONTACTS + limits::ROOMS;
        let matters = match self.entry {
            Entry::Room => self.rooms <= limits::ROOMS,
            Entry::Contact => self.contacts.take() || self.has_doctype,
            Entry::Other => return false,
        };
        if matters || has_settings {
            self.rooms += usize::from(self.entry == Entry::Room);
            self.settings += usize::from(hits.settings);
        }
        matters || has_settings
    }

    fn keep(&mut self, start: Mark, text: &str) {
        if self.is_cut || self.text.len() + text.len() > self.text.capacity() {
            self.is_cut = true;
            return;
        }
        if start.offset != self.end || self.parts.is_empty() {
            let Mark { lines, characters, before_line, .. } = start;
            self.parts.push(TextPart { at: self.text.len(), lines, characters, before_line });
        }
        self.text.push_str(text);
        self.end = start.offset + text.len();
    }

    /// Looks whether a secret stands in the text of a part, as long as none is known to.
    fn look_for_secrets(&mut self, part: &Part) {
        if self.holds_secret {
            return;
        }
        let mut found = secrets::in_text(part.text);
        if part.kind == PartKind::Element {
            let decoded = Decoded::of_text(Zeroizing::new(part.text.to_owned()));
            let known = secrets::in_document(&xml::parse(&decoded));
            secrets::drop_known(&mut found, &known);
            found.extend(known);
        }
        self.holds_secret = found.iter().any(|found| found.secret.is_clear());
    }

    fn finish(self, outcome: Outcome) -> Condensed {
        let Outcome { fault, line, is_cut } = outcome;
        let kept = Condensed {
            text: self.text,
            parts: self.parts,
            fault: None,
            is_cut: (self.is_cut || is_cut) && self.keeps_entries,
            holds_secret: self.holds_secret,
        };
        let (Some(fault), Some((line, start))) = (fault, line) else { return kept };
        let at = |offset: usize| offset.saturating_sub(start.offset).min(line.len());
        let span = Span::new(at(fault.span.start), at(fault.span.end));
        let Mark { lines, characters, before_line, .. } = start;
        Condensed {
            parts: vec![TextPart { at: 0, lines, characters, before_line }],
            fault: Some(XmlFault::new(fault.kind, span)),
            text: line,
            is_cut: false,
            ..kept
        }
    }
}

/// The longest beginning of a line that is kept with what stands on it.
const LONGEST_BLANKS: usize = 80;

/// How much of a text belongs to the end of the line before it.
fn line_end(text: &str) -> usize {
    ["\r\n", "\n"].iter().find(|end| text.starts_with(**end)).map_or(0, |end| end.len())
}

impl Sink for Condenser {
    fn start(&mut self, name: &str, tag: &str, depth: usize) -> Way {
        if let Some(around) = self.inside {
            if self.entry == Entry::Contact {
                self.contacts.start(name, tag, depth - around);
            }
            return Way::Whole;
        }
        let is_around = match depth {
            0 => true,
            // libpurple reads the first.
            1 => name == "blist" && !std::mem::replace(&mut self.has_list, true),
            2 => name == "group",
            _ => false,
        };
        if is_around {
            return Way::Into;
        }
        self.inside = Some(depth);
        self.entry = match name {
            "chat" if depth == AROUND && self.may_be_xmpp(tag) => Entry::Room,
            "contact" | "person" if depth == AROUND => Entry::Contact,
            _ => Entry::Other,
        };
        self.contacts.begin();
        Way::Whole
    }

    fn text(&mut self, text: &str, depth: usize, is_plain: bool) {
        if let (Some(around), Entry::Contact) = (self.inside, self.entry) {
            self.contacts.text(text, depth - around, is_plain);
        }
    }

    fn end(&mut self, depth: usize) {
        match self.inside {
            Some(around) if around == depth => self.inside = None,
            Some(around) if self.entry == Entry::Contact => self.contacts.end(depth - around),
            _ => {}
        }
    }

    fn part(&mut self, part: &Part) {
        let hits = self.words.of(part.text);
        match part.kind {
            PartKind::Between => self.between(part),
            PartKind::Element => self.entry(part, hits),
            PartKind::Piece => self.is_cut |= self.entry != Entry::Other,
        }
        if hits.secrets {
            self.look_for_secrets(part);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text that is never all there: a beginning, the same so many times, and an end.
    struct Repeated {
        parts: [(&'static str, usize); 3],
        part: usize,
        at: usize,
    }

    impl Read for Repeated {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let mut length = 0;
            while let (Some((text, times)), Some(free)) = (self.parts.get_mut(self.part), buffer.get_mut(length..))
            {
                if *times == 0 {
                    self.part += 1;
                    continue;
                }
                let rest = &text.as_bytes()[self.at..];
                let taken = rest.len().min(free.len());
                if taken == 0 {
                    break;
                }
                free[..taken].copy_from_slice(&rest[..taken]);
                length += taken;
                self.at += taken;
                if self.at == text.len() {
                    (self.at, *times) = (0, *times - 1);
                }
            }
            Ok(length)
        }
    }

    /// What is kept of a list of so many of the same.
    fn kept(unit: &'static str, times: usize) -> Condensed {
        let (head, tail) = ("<purple><blist><group>\n", "</group></blist></purple>");
        let parts = [(head, 1), (unit, times), (tail, 1)];
        Condensed::read(&mut Repeated { parts, part: 0, at: 0 }, BUDDIES).unwrap()
    }

    #[test]
    fn what_is_kept_does_not_grow_with_the_file() {
        const ROOM: &str = "<chat account='a@b' proto='prpl-jabber'><component name='room'>r</component></chat>\n";
        const CONTACT: &str =
            "<contact><buddy account='a@b' proto='prpl-jabber'><name>c@d</name></buddy></contact>\n";
        const OWN: &str = "<contact><buddy account='a@b' proto='prpl-jabber'><name>c@d</name>\
             <setting name='enable-logging' type='bool'>1</setting></buddy></contact>\n";
        const ODD: &str = "<contact><buddy account='a@b' proto='prpl-jabber'><name>c</name></buddy></contact>\n";
        for (unit, most) in [
            (ROOM, (limits::ROOMS + 1) * ROOM.len()),
            (CONTACT, limits::CONTACTS_OF_HOST * CONTACT.len()),
            (OWN, (limits::CONTACTS + limits::ROOMS) * OWN.len()),
            (ODD, (limits::CONTACTS + 1) * ODD.len()),
            ("</group><group name='g'>\n", 4 << 20),
            ("<!-- c -->", 4 << 20),
            (" \n", 100),
            ("x", 100),
            ("<other><chat/></other>", 100),
        ] {
            let kept = kept(unit, (8 << 20) / unit.len());
            assert!(kept.fault.is_none(), "{unit}");
            let length = kept.text.len();
            assert!(length <= most + 100 && length <= 4 << 20, "{unit}: {length}");
            assert!(kept.parts.len() <= length / 10 + 1, "{unit}");
            assert_eq!(kept.is_cut, unit.contains("group") || unit.contains("--"), "{unit}");
        }
    }

    #[test]
    fn what_is_too_long_is_not_kept_and_nothing_behind_a_fault() {
        for unit in ["<!--", "<a b='", "<![CDATA[", "<?", "</", "<!DOCTYPE a ["] {
            let parts = [("<purple><blist><group>", 1), (unit, 1), ("x", 8 << 20)];
            let kept = Condensed::read(&mut Repeated { parts, part: 0, at: 0 }, BUDDIES).unwrap();
            assert!(kept.text.len() < 5000, "{unit}");
            assert!(kept.is_cut || kept.fault.is_some(), "{unit}");
        }
        let kept = kept("<a b='1' b='2'/>", 1 << 19);
        assert!(kept.fault.is_some() && kept.text.len() < 5000 && !kept.is_cut);
    }
}
