//! Key files as GLib's `GKeyFile` reads them: groups in brackets, `key=value`, `#` comments.
//!
//! Written after `glib/gkeyfile.c` of GLib 2.74 and held against 185 results of the real library, and by
//! `fuzz/differential` against millions more. Unlike GLib it works on the bytes in place, so that every name and
//! value keeps its position, and it never fails: a line that GLib stops at is the [`Fault`], and what stands before
//! it is there, as it is for every GLib program that does not look at the error.

mod edit;
mod line;
mod rewrite;
mod value;

use std::collections::HashMap;

use crate::model::Span;

pub use edit::{Wanted, line_at};
pub use line::{Entry, Line, lines, read_line};
pub use value::{Decoded, boolean, decode, integer, string, string_list};

/// A key file, as far as GLib would have loaded it.
pub struct KeyFile<'a> {
    bytes: &'a [u8],
    /// Comments and blank lines before the first group.
    preamble: Vec<Span>,
    groups: Vec<Group>,
    fault: Option<Fault>,
    cut: Option<Cut>,
}

/// What there is more of than was to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// Groups.
    Groups,
    /// Keys.
    Keys,
}

impl std::fmt::Debug for KeyFile<'_> {
    /// Never the content: it may be a password.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "KeyFile({} bytes, {} groups, {:?})", self.bytes.len(), self.groups.len(), self.fault)
    }
}

/// A group: all of its parts, if it is written more than once.
#[derive(Debug)]
pub struct Group {
    /// Its name where it is written first, without the brackets.
    pub name: Span,
    items: Vec<Item>,
}

#[derive(Clone, Copy, Debug)]
enum Item {
    Comment(Span),
    Entry(Entry),
}

/// The line at which GLib stops reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong with it.
    pub kind: FaultKind,
    /// The line, without its end.
    pub line: Span,
    /// Offset of the line that follows: nothing from here on has any effect.
    pub rest: usize,
}

/// What is wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// Neither a group, a key, a comment nor blank.
    NotAnEntry,
    /// A group with a name that is none.
    GroupName,
    /// A key with a name that is none.
    KeyName,
    /// A key before the first group.
    KeyBeforeGroup,
    /// A key `Encoding` in the first group with a value other than UTF-8.
    Encoding,
}

/// GLib's error codes, as far as reading a key file meets them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// `G_KEY_FILE_ERROR_UNKNOWN_ENCODING`
    UnknownEncoding,
    /// `G_KEY_FILE_ERROR_PARSE`
    Parse,
    /// `G_KEY_FILE_ERROR_GROUP_NOT_FOUND`
    GroupNotFound,
    /// `G_KEY_FILE_ERROR_INVALID_VALUE`
    InvalidValue,
}

impl Code {
    /// Its name in GLib.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::UnknownEncoding => "G_KEY_FILE_ERROR_UNKNOWN_ENCODING",
            Self::Parse => "G_KEY_FILE_ERROR_PARSE",
            Self::GroupNotFound => "G_KEY_FILE_ERROR_GROUP_NOT_FOUND",
            Self::InvalidValue => "G_KEY_FILE_ERROR_INVALID_VALUE",
        }
    }
}

impl FaultKind {
    /// The error with which GLib stops.
    #[must_use]
    pub const fn code(self) -> Code {
        match self {
            Self::NotAnEntry | Self::GroupName | Self::KeyName => Code::Parse,
            Self::KeyBeforeGroup => Code::GroupNotFound,
            Self::Encoding => Code::UnknownEncoding,
        }
    }
}

/// What becomes of translated keys, `key[de]`.
#[derive(Clone, Copy, Debug)]
pub enum Translations<'a> {
    /// All are kept: flag `G_KEY_FILE_KEEP_TRANSLATIONS`.
    Keep,
    /// Those for these locales are kept, the rest is dropped.
    Only(&'a [&'a str]),
}

impl<'a> KeyFile<'a> {
    /// Reads `bytes`. Takes time linear in their number.
    #[must_use]
    pub fn parse(bytes: &'a [u8], translations: Translations<'_>) -> Self {
        Self::parse_up_to(bytes, translations, usize::MAX, usize::MAX)
    }

    /// Reads no more than so many groups and keys.
    #[must_use]
    pub fn parse_up_to(bytes: &'a [u8], translations: Translations<'_>, groups: usize, keys: usize) -> Self {
        let mut parser = Parser {
            file: Self { bytes, preamble: Vec::new(), groups: Vec::new(), fault: None, cut: None },
            taken: 0,
            names: HashMap::new(),
            current: None,
            translations,
        };
        for (line, rest) in lines(bytes) {
            if let Err(kind) = parser.take(line) {
                parser.file.fault = Some(Fault { kind, line, rest });
                break;
            }
            if parser.file.groups.len() > groups {
                parser.file.groups.truncate(groups);
                parser.file.cut = Some(Cut::Groups);
                break;
            }
            if parser.taken >= keys {
                parser.file.cut = Some(Cut::Keys);
                break;
            }
        }
        parser.file
    }

    /// The line at which reading stopped, if it did.
    #[must_use]
    pub const fn fault(&self) -> Option<Fault> {
        self.fault
    }

    /// What there is more of than was to be read, if there is: nothing behind it is known.
    #[must_use]
    pub const fn cut(&self) -> Option<Cut> {
        self.cut
    }

    /// The groups, in the order in which they are written first.
    #[must_use]
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// The group of that name. Looks at every group: for a name of one's own, not for a name from a file.
    #[must_use]
    pub fn group(&self, name: &[u8]) -> Option<&Group> {
        self.groups.iter().find(|group| self.raw(group.name) == name)
    }

    /// The entry that counts for this key of that group.
    #[must_use]
    pub fn entry(&self, group: &[u8], key: &[u8]) -> Option<Entry> {
        self.effective(self.group(group)?, key)
    }

    /// The entry that counts for this key: the last one.
    #[must_use]
    pub fn effective(&self, group: &Group, key: &[u8]) -> Option<Entry> {
        group.entries().rev().find(|entry| self.raw(entry.key) == key)
    }

    /// The entry that counts for every key of the group.
    #[must_use]
    pub fn effective_entries(&self, group: &Group) -> HashMap<&'a [u8], Entry> {
        group.entries().map(|entry| (self.raw(entry.key), entry)).collect()
    }

    /// What stands in a range of the file.
    #[must_use]
    pub fn raw(&self, span: Span) -> &'a [u8] {
        self.bytes.get(span.start..span.end).unwrap_or_default()
    }

    /// What stands in a range of the file, as text: invalid bytes become U+FFFD.
    #[must_use]
    pub fn lossy(&self, span: Span) -> String {
        String::from_utf8_lossy(self.raw(span)).into_owned()
    }

    /// The whole file.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }
}

impl Group {
    /// Every entry in order, those that are overridden by a later one too.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = Entry> + '_ {
        self.items.iter().filter_map(|item| match item {
            Item::Entry(entry) => Some(*entry),
            Item::Comment(_) => None,
        })
    }
}

struct Parser<'a, 't> {
    file: KeyFile<'a>,
    names: HashMap<&'a [u8], usize>,
    /// How many keys and comments were kept.
    taken: usize,
    current: Option<usize>,
    translations: Translations<'t>,
}

impl Parser<'_, '_> {
    fn take(&mut self, line: Span) -> Result<(), FaultKind> {
        match read_line(self.file.bytes, line) {
            Line::Comment(text) => self.add(Item::Comment(text)),
            Line::Group(name) => self.enter(name),
            Line::Entry(entry) => self.take_entry(entry, line)?,
            // GLib asks whether there is a group before it looks at the name of the key.
            Line::Malformed(FaultKind::KeyName) if self.current.is_none() => {
                return Err(FaultKind::KeyBeforeGroup);
            }
            Line::Malformed(kind) => return Err(kind),
        }
        Ok(())
    }

    fn enter(&mut self, name: Span) {
        let next = self.file.groups.len();
        let number = *self.names.entry(self.file.raw(name)).or_insert(next);
        if number == next {
            self.file.groups.push(Group { name, items: Vec::new() });
        }
        self.current = Some(number);
    }

    fn take_entry(&mut self, entry: Entry, line: Span) -> Result<(), FaultKind> {
        let Some(current) = self.current else { return Err(FaultKind::KeyBeforeGroup) };
        let key = self.file.raw(entry.key);
        // Of this value what stands behind a NUL counts.
        let encoding = self.file.raw(Span::new(entry.value.start, line.end));
        if current == 0 && key == b"Encoding" && !encoding.eq_ignore_ascii_case(b"UTF-8") {
            return Err(FaultKind::Encoding);
        }
        if self.keeps(key) {
            self.add(Item::Entry(entry));
        }
        Ok(())
    }

    fn keeps(&self, key: &[u8]) -> bool {
        let Translations::Only(locales) = self.translations else { return true };
        line::locale(key)
            .is_none_or(|locale| locales.iter().any(|wanted| wanted.as_bytes().eq_ignore_ascii_case(locale)))
    }

    fn add(&mut self, item: Item) {
        self.taken += 1;
        match self.current.and_then(|number| self.file.groups.get_mut(number)) {
            Some(group) => group.items.push(item),
            None => {
                if let Item::Comment(text) = item {
                    self.file.preamble.push(text);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> KeyFile<'_> {
        KeyFile::parse(text.as_bytes(), Translations::Keep)
    }

    #[test]
    fn keeps_the_place_of_every_name_and_value() {
        let text = "# c\n [a b] \n key = value # no comment\r\n";
        let file = parse(text);
        let group = &file.groups()[0];
        assert_eq!(group.name, Span::new(6, 9));
        let entry = file.entry(b"a b", b"key").unwrap();
        assert_eq!(file.raw(entry.key), b"key");
        assert_eq!(file.raw(entry.value), b"value # no comment");
    }

    #[test]
    fn debugging_shows_no_content() {
        let file = parse("[a]\npassword=hunter2\nstray\n");
        let shown = format!("{file:?}");
        assert!(shown.starts_with("KeyFile(27 bytes, 1 groups, Some(Fault { kind: NotAnEntry"), "{shown}");
        assert!(!shown.contains("hunter2"));
    }

    #[test]
    fn groups_merge_and_the_last_key_counts() {
        let file = parse("[a]\nk=1\n[b]\nk=2\n[a]\nk=3\n");
        assert_eq!(file.groups().len(), 2);
        assert_eq!(file.raw(file.entry(b"a", b"k").unwrap().value), b"3");
        let all: Vec<_> = file.group(b"a").unwrap().entries().map(|entry| file.lossy(entry.value)).collect();
        assert_eq!(all, ["1", "3"]);
        let file = parse("[a]\nk=1\nl=2\nk=3\n");
        let effective = file.effective_entries(&file.groups()[0]);
        let mut values: Vec<_> = effective.iter().map(|(key, entry)| (*key, file.raw(entry.value))).collect();
        values.sort_unstable();
        assert_eq!(values, [(b"k".as_slice(), b"3".as_slice()), (b"l", b"2")]);
    }

    #[test]
    fn keeps_what_stands_before_a_fault_and_says_where_it_is() {
        let text = "[a]\nk=1\nstray\nk=2\n[b]\n";
        let file = parse(text);
        let fault = file.fault().unwrap();
        assert_eq!(fault.kind, FaultKind::NotAnEntry);
        assert_eq!(file.raw(fault.line), b"stray");
        assert_eq!(file.bytes().get(fault.rest..).unwrap(), b"k=2\n[b]\n");
        assert_eq!(file.raw(file.entry(b"a", b"k").unwrap().value), b"1");
        assert!(file.group(b"b").is_none());
    }

    #[test]
    fn asks_for_a_group_before_it_asks_for_a_name() {
        assert_eq!(parse("]k=1\n").fault().unwrap().kind, FaultKind::KeyBeforeGroup);
        assert_eq!(parse("[a]\n]k=1\n").fault().unwrap().kind, FaultKind::KeyName);
    }

    #[test]
    fn reads_no_more_groups_than_it_is_to() {
        let text = "[a]\nk=1\n[b]\nk=2\n[a]\nl=1\n[c]\nk=3\nstray\n";
        let up_to = |groups, keys| KeyFile::parse_up_to(text.as_bytes(), Translations::Keep, groups, keys);
        let file = up_to(2, 99);
        assert_eq!((file.cut(), file.fault(), file.groups().len()), (Some(Cut::Groups), None, 2));
        assert!(file.entry(b"a", b"l").is_some() && file.entry(b"c", b"k").is_none());
        let file = up_to(9, 2);
        assert_eq!((file.cut(), file.fault(), file.groups().len()), (Some(Cut::Keys), None, 2));
        assert!(up_to(3, 99).cut().is_none() && up_to(3, 99).fault().is_some());
    }

    #[test]
    fn the_encoding_matters_in_the_first_group_only() {
        assert_eq!(parse("[a]\n[b]\n[a]\nEncoding=latin1\n").fault().unwrap().kind, FaultKind::Encoding);
        assert_eq!(parse("[a]\n[b]\nEncoding=latin1\n").fault(), None);
        assert_eq!(parse("[a]\nEncoding=utf-8\n").fault(), None);
        assert_eq!(parse("[a]\nEncoding=utf-8\0\n").fault().unwrap().kind, FaultKind::Encoding);
    }
}
