//! The document type declaration. No such file has one; but what libxml2 takes is taken, and what it refuses is
//! refused. Attributes that it declares are those of libxml2, defaults included. Entities that it declares are
//! none to libpurple.

mod attributes;
mod content;
mod cursor;
mod entity;

pub(super) use attributes::{Declared, DefaultAttribute};
use cursor::Cursor;

use super::XmlFaultKind;

/// The length of a declaration, and the attributes that it declares.
pub(super) struct Doctype<'t> {
    pub length: usize,
    pub attributes: Declared<'t>,
}

/// Where the declaration is malformed, and how.
pub(super) type Fault = (usize, XmlFaultKind);

/// Reads the declaration at the beginning of `text`, which begins with `<!DOCTYPE`. `is_standalone`: whether the
/// XML declaration says so.
pub(super) fn read(text: &str, is_standalone: bool) -> Result<Doctype<'_>, Fault> {
    let mut cursor = Cursor::new(text, "<!DOCTYPE".len());
    cursor.blanks();
    cursor.name()?;
    cursor.blanks();
    let is_external = entity::external_identifier(&mut cursor)?;
    cursor.blanks();
    let mut subset = Subset { may_refer: is_external && !is_standalone, attributes: Declared::default() };
    if cursor.take("[") {
        subset.read(&mut cursor)?;
        cursor.blanks();
    }
    cursor.expect(">")?;
    Ok(Doctype { length: cursor.at(), attributes: subset.attributes })
}

/// The internal subset, as far as it has been read.
struct Subset<'t> {
    /// Whether parameter entities may be referred to, of which libpurple knows none.
    may_refer: bool,
    attributes: Declared<'t>,
}

impl<'t> Subset<'t> {
    /// What stands behind `[`, up to and with `]`.
    fn read(&mut self, cursor: &mut Cursor<'t>) -> Result<(), Fault> {
        loop {
            cursor.blanks();
            if cursor.take("]") {
                return Ok(());
            }
            self.declaration(cursor)?;
        }
    }

    fn declaration(&mut self, cursor: &mut Cursor<'t>) -> Result<(), Fault> {
        if cursor.rest().starts_with("<!--") {
            cursor.comment()
        } else if cursor.rest().starts_with("<?") {
            cursor.instruction()
        } else if cursor.take("<!ENTITY") {
            entity::declaration(cursor)
        } else if cursor.take("<!NOTATION") {
            entity::notation(cursor)
        } else if cursor.take("<!ELEMENT") {
            content::declaration(cursor)
        } else if cursor.take("<!ATTLIST") {
            self.attributes.read(cursor)
        } else if self.may_refer && cursor.take("%") {
            cursor.name()?;
            cursor.expect(";")
        } else {
            cursor.fault()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn length(text: &str) -> Result<usize, Fault> {
        read(text, false).map(|doctype| doctype.length)
    }

    #[test]
    fn measures_declarations() {
        for sound in [
            "<!DOCTYPE a>",
            "<!DOCTYPEa>",
            "<!DOCTYPE a SYSTEM 'x' >",
            "<!DOCTYPE a PUBLIC \"x\" 'y'>",
            "<!DOCTYPE a []>",
            "<!DOCTYPE a [<!ENTITY o 'z>'> <!-- > --><?x >?>]>",
            "<!DOCTYPE a [<!-->]>-->]>",
            "<!DOCTYPE a SYSTEM '' [%p;] >",
        ] {
            assert_eq!(length(sound), Ok(sound.len()), "{sound}");
        }
    }

    #[test]
    fn refuses_what_is_none() {
        for wrong in [
            "<!DOCTYPE>",
            "<!DOCTYPE 1>",
            "<!DOCTYPE a [ junk ]>",
            "<!DOCTYPE a [ %pe; ]>",
            "<!DOCTYPE a SYSTEM '' [ %p ]>",
            "<!DOCTYPE a SYSTEM>",
            "<!DOCTYPE a PUBLIC 'x'>",
            "<!DOCTYPE a [<!entity x 'y'>]>",
        ] {
            assert!(matches!(length(wrong), Err((_, XmlFaultKind::Doctype))), "{wrong}");
        }
        for cut in [
            "<!DOCTYPE a",
            "<!DOCTYPE a [",
            "<!DOCTYPE a [<!ENTITY x 'y'",
            "<!DOCTYPE a [<!-- x",
            "<!DOCTYPE a [<?>]>",
        ] {
            assert!(matches!(length(cut), Err((_, XmlFaultKind::Truncated))), "{cut}");
        }
        assert!(read("<!DOCTYPE a SYSTEM '' [%p;]>", true).is_err(), "a standalone document refers to nothing");
    }
}
