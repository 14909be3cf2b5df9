//! Declarations of attributes: which values are lists of words, and which stand where none is written.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use super::Fault;
use super::cursor::Cursor;
use crate::model::Span;
use crate::syntax::xml::XmlFaultKind;
use crate::syntax::xml::tag::read_quoted;

/// The types that go by a name. The longer of two that begin alike comes first.
const TYPES: [&str; 7] = ["IDREFS", "IDREF", "ID", "ENTITY", "ENTITIES", "NMTOKENS", "NMTOKEN"];

/// How many attributes may be declared. libxml2 knows no bound; nobody who means well comes near it.
const MOST: usize = 10_000;

/// The attributes of elements, by their names as written. Spans count from the `<` of the document type
/// declaration until [`Declared::moved_by`].
#[derive(Debug, Default)]
pub(in crate::syntax::xml) struct Declared<'t> {
    elements: HashMap<&'t str, Element<'t>>,
    count: usize,
}

/// The attributes of an element.
#[derive(Debug, Default)]
struct Element<'t> {
    /// Whether the value of each is a list of words.
    is_words: HashMap<&'t str, bool>,
    defaults: Vec<DefaultAttribute>,
}

/// What stands where an attribute is not written.
#[derive(Clone, Copy, Debug)]
pub(in crate::syntax::xml) struct DefaultAttribute {
    /// Where the name stands in its declaration.
    pub name: Span,
    /// Where the value stands in it.
    pub value: Span,
    /// Whether it is a list of words.
    pub is_words: bool,
}

impl<'t> Declared<'t> {
    /// The same, for a document type declaration that begins at `start`.
    pub fn moved_by(mut self, start: usize) -> Self {
        for default in self.elements.values_mut().flat_map(|element| &mut element.defaults) {
            default.name = default.name.moved_by(start);
            default.value = default.value.moved_by(start);
        }
        self
    }

    /// Whether the value of an attribute is a list of words, between which one blank stands.
    pub fn is_words(&self, element: &str, name: &str) -> bool {
        self.elements.get(element).and_then(|element| element.is_words.get(name)).is_some_and(|is_words| *is_words)
    }

    /// The defaults of an element's attributes.
    pub fn defaults(&self, element: &str) -> &[DefaultAttribute] {
        self.elements.get(element).map(|element| element.defaults.as_slice()).unwrap_or_default()
    }

    /// Reads a declaration; the cursor is behind `<!ATTLIST`. Of several declarations of one attribute the first
    /// counts.
    pub(super) fn read(&mut self, cursor: &mut Cursor<'t>) -> Result<(), Fault> {
        cursor.expect_blanks()?;
        let element = cursor.name()?;
        let element = self.elements.entry(cursor.slice(element)).or_default();
        cursor.blanks();
        while !cursor.take(">") {
            let start = cursor.at();
            element.read(cursor)?;
            self.count += 1;
            if self.count > MOST {
                return Err((start, XmlFaultKind::TooLong));
            }
        }
        Ok(())
    }
}

impl<'t> Element<'t> {
    /// Reads the declaration of one attribute.
    fn read(&mut self, cursor: &mut Cursor<'t>) -> Result<(), Fault> {
        let name = cursor.name()?;
        cursor.expect_blanks()?;
        let is_words = !cursor.take("CDATA");
        if is_words {
            words(cursor)?;
        }
        cursor.expect_blanks()?;
        let value = default(cursor)?;
        if !cursor.rest().starts_with('>') {
            cursor.expect_blanks()?;
        }
        if let Entry::Vacant(unknown) = self.is_words.entry(cursor.slice(name)) {
            unknown.insert(is_words);
            self.defaults.extend(value.map(|value| DefaultAttribute { name, value, is_words }));
        }
        Ok(())
    }
}

/// A type whose values are lists of words.
fn words(cursor: &mut Cursor) -> Result<(), Fault> {
    if cursor.take_one(&TYPES) {
        return Ok(());
    }
    if cursor.take("NOTATION") {
        cursor.expect_blanks()?;
        return choices(cursor, Cursor::name);
    }
    choices(cursor, Cursor::token)
}

/// `(a|b|c)`. One of them twice makes libpurple fail: libxml2 hands the error to it in a way that it does not expect.
fn choices<'t>(cursor: &mut Cursor<'t>, read: fn(&mut Cursor<'t>) -> Result<Span, Fault>) -> Result<(), Fault> {
    let mut known = HashSet::new();
    cursor.expect("(")?;
    loop {
        cursor.blanks();
        let choice = read(cursor)?;
        if !known.insert(cursor.slice(choice)) {
            return Err((choice.start, XmlFaultKind::Doctype));
        }
        cursor.blanks();
        if cursor.take(")") {
            return Ok(());
        }
        cursor.expect("|")?;
    }
}

/// What is said about the attribute not being written: the value that it then has, if any.
fn default(cursor: &mut Cursor) -> Result<Option<Span>, Fault> {
    if cursor.take_one(&["#REQUIRED", "#IMPLIED"]) {
        return Ok(None);
    }
    if cursor.take("#FIXED") {
        cursor.expect_blanks()?;
    }
    let start = cursor.at();
    let value = read_quoted(cursor.rest()).map_err(|(at, kind)| (start + at, kind))?;
    cursor.go(value.end + 1);
    Ok(Some(value.moved_by(start)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Declared<'_>> {
        let mut declared = Declared::default();
        let mut cursor = Cursor::new(text, 0);
        while cursor.take("<!ATTLIST") {
            declared.read(&mut cursor).ok()?;
        }
        cursor.rest().is_empty().then_some(declared)
    }

    #[test]
    fn the_first_declaration_of_an_attribute_counts() {
        let text =
            "<!ATTLIST a b CDATA 'x' c ID #IMPLIED><!ATTLIST a b NMTOKEN 'y' c CDATA 'z' d (x|y) #FIXED ' x '>";
        let declared = read(text).unwrap();
        assert!(!declared.is_words("a", "b") && declared.is_words("a", "c") && declared.is_words("a", "d"));
        assert!(!declared.is_words("b", "d"));
        let slice = |span: Span| text.get(span.start..span.end).unwrap();
        let defaults: Vec<_> =
            declared.defaults("a").iter().map(|default| (slice(default.name), slice(default.value))).collect();
        assert_eq!(defaults, [("b", "x"), ("d", " x ")]);
        let moved = declared.moved_by(5);
        assert_eq!(moved.defaults("a")[0].value.start, text.find("'x'").unwrap() + 6);
    }

    #[test]
    fn nobody_needs_so_many() {
        let declared = |count: usize| format!("<!ATTLIST a{}>", " b CDATA ''".repeat(count));
        assert!(read(&declared(MOST)).is_some());
        assert!(read(&declared(MOST + 1)).is_none());
    }

    #[test]
    fn reads_what_libxml2_reads() {
        for sound in [
            "<!ATTLIST a>",
            "<!ATTLIST a >",
            "<!ATTLIST a b CDATA #REQUIRED>",
            "<!ATTLIST a b ENTITIES #IMPLIED >",
            "<!ATTLIST a b ( 1 | 2 ) '&lt;' c NOTATION (n) #IMPLIED>",
            "<!ATTLIST x:a x:b CDATA \"'\">",
        ] {
            assert!(read(sound).is_some(), "{sound}");
        }
        for wrong in [
            "<!ATTLISTa>",
            "<!ATTLIST >",
            "<!ATTLIST a b>",
            "<!ATTLIST a b CDATA>",
            "<!ATTLIST a b CDATA''>",
            "<!ATTLIST a b CDATA ''c CDATA ''>",
            "<!ATTLIST a b cdata ''>",
            "<!ATTLIST a b (x|x) ''>",
            "<!ATTLIST a b () ''>",
            "<!ATTLIST a b NOTATION(n) ''>",
            "<!ATTLIST a b NOTATION (1) ''>",
            "<!ATTLIST a b CDATA #FIXED''>",
            "<!ATTLIST a b CDATA '<'>",
            "<!ATTLIST a b CDATA '&o;'>",
            "<!ATTLIST a b CDATA x>",
            "<!ATTLIST a b CDATA ''",
        ] {
            assert!(read(wrong).is_none(), "{wrong}");
        }
    }
}
