//! The document type declaration. No such file has one; what libxml2 takes is taken, and nothing is made of it.

use super::XmlFaultKind;
use super::names::{blank_length, name_length};

/// What may stand in an internal subset, by the first characters. Of the declarations only where they end is
/// looked at: none of them means anything to libpurple.
const DECLARATIONS: [&str; 4] = ["<!ENTITY", "<!ELEMENT", "<!ATTLIST", "<!NOTATION"];

/// Checks the declaration at the beginning of `text`, which begins with `<!DOCTYPE`: its length, or where it is
/// malformed.
pub(super) fn read(text: &str) -> Result<usize, (usize, XmlFaultKind)> {
    let mut cursor = Cursor { text, at: "<!DOCTYPE".len() };
    cursor.blanks();
    let name = name_length(cursor.rest());
    if name == 0 {
        return cursor.fault();
    }
    cursor.at += name;
    cursor.blanks();
    cursor.external_identifier()?;
    cursor.blanks();
    if cursor.take("[") {
        cursor.internal_subset()?;
        cursor.blanks();
    }
    if cursor.take(">") { Ok(cursor.at) } else { cursor.fault() }
}

/// A reading position in the declaration.
struct Cursor<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Cursor<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn fault<T>(&self) -> Result<T, (usize, XmlFaultKind)> {
        let kind = if self.rest().is_empty() { XmlFaultKind::Truncated } else { XmlFaultKind::Doctype };
        Err((self.at, kind))
    }

    fn blanks(&mut self) -> usize {
        let length = blank_length(self.rest());
        self.at += length;
        length
    }

    fn take(&mut self, word: &str) -> bool {
        let found = self.rest().starts_with(word);
        self.at += if found { word.len() } else { 0 };
        found
    }

    /// `SYSTEM 'x'`, `PUBLIC 'x' 'y'`, or nothing (production 75).
    fn external_identifier(&mut self) -> Result<(), (usize, XmlFaultKind)> {
        let literals = if self.take("SYSTEM") {
            1
        } else if self.take("PUBLIC") {
            2
        } else {
            return Ok(());
        };
        for _ in 0..literals {
            if self.blanks() == 0 {
                return self.fault();
            }
            self.literal()?;
        }
        Ok(())
    }

    fn literal(&mut self) -> Result<(), (usize, XmlFaultKind)> {
        let rest = self.rest();
        let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''));
        let Some(length) = quote.and_then(|quote| rest.get(1..)?.find(quote)) else { return self.fault() };
        self.at += length + 2;
        Ok(())
    }

    /// What stands behind `[`, up to and with `]`.
    fn internal_subset(&mut self) -> Result<(), (usize, XmlFaultKind)> {
        loop {
            self.blanks();
            if self.take("]") {
                return Ok(());
            }
            if self.take("<!--") {
                self.skip_past("-->")?;
            } else if self.take("<?") {
                self.skip_past("?>")?;
            } else if DECLARATIONS.iter().any(|word| self.take(word)) {
                self.declaration()?;
            } else {
                return self.fault();
            }
        }
    }

    fn skip_past(&mut self, end: &str) -> Result<(), (usize, XmlFaultKind)> {
        match self.rest().find(end) {
            Some(index) => {
                self.at += index + end.len();
                Ok(())
            }
            None => Err((self.text.len(), XmlFaultKind::Truncated)),
        }
    }

    /// The rest of a declaration, up to and with its `>`.
    fn declaration(&mut self) -> Result<(), (usize, XmlFaultKind)> {
        if self.blanks() == 0 {
            return self.fault();
        }
        loop {
            let rest = self.rest();
            let Some(index) = rest.find(['"', '\'', '>', '<', '%']) else {
                return Err((self.text.len(), XmlFaultKind::Truncated));
            };
            self.at += index;
            if self.take(">") {
                return Ok(());
            }
            self.literal()?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_declarations() {
        for sound in [
            "<!DOCTYPE a>",
            "<!DOCTYPE a SYSTEM 'x' >",
            "<!DOCTYPE a PUBLIC \"x\" 'y'>",
            "<!DOCTYPE a []>",
            "<!DOCTYPE a [<!ENTITY o 'z>'> <!-- > --><?x >?>]>",
            "<!DOCTYPE a [<!-->]>-->]>",
        ] {
            assert_eq!(read(sound), Ok(sound.len()), "{sound}");
        }
    }

    #[test]
    fn refuses_what_is_none() {
        for wrong in
            ["<!DOCTYPE>", "<!DOCTYPE 1>", "<!DOCTYPE a [ junk ]>", "<!DOCTYPE a [ %pe; ]>", "<!DOCTYPE a SYSTEM>"]
        {
            assert!(matches!(read(wrong), Err((_, XmlFaultKind::Doctype))), "{wrong}");
        }
        for cut in [
            "<!DOCTYPE a",
            "<!DOCTYPE a [",
            "<!DOCTYPE a [<!ENTITY x 'y'",
            "<!DOCTYPE a [<!-- x",
            "<!DOCTYPE a [<?>]>",
        ] {
            assert!(matches!(read(cut), Err((_, XmlFaultKind::Truncated))), "{cut}");
        }
    }
}
