//! The XML declaration.

use super::XmlFaultKind;
use super::names::{blank_length, is_blank};
use crate::model::Span;

/// The encoding that the declaration at the beginning of `bytes` names, and where. A glance for choosing the
/// decoder: whether the declaration is well-formed is seen later, by [`read_declaration`].
pub(super) fn declared_encoding(bytes: &[u8]) -> Option<(&str, Span)> {
    if !bytes.starts_with(b"<?xml") {
        return None;
    }
    let end = bytes.windows(2).position(|pair| pair == b"?>")?;
    let declaration = std::str::from_utf8(bytes.get(..end)?).ok().filter(|text| begins_declaration(text))?;
    let (before, after) = declaration.split_once("encoding")?;
    let after = after.trim_start().strip_prefix('=')?.trim_start();
    let quote = after.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let name = after.get(1..)?.split(quote).next()?;
    let start = before.len() + declaration.get(before.len()..)?.find(quote)? + 1;
    Some((name, Span::new(start, start + name.len())))
}

/// Whether `text` begins with `<?xml` and a blank.
pub(super) fn begins_declaration(text: &str) -> bool {
    text.strip_prefix("<?xml").is_some_and(|rest| rest.bytes().next().is_some_and(is_blank))
}

/// An XML declaration.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Declaration {
    pub length: usize,
    /// Whether it says that the document stands alone.
    pub is_standalone: bool,
}

/// Reads the declaration at the beginning of `text`, for which [`begins_declaration`] holds, or says at which place
/// it is malformed (production 23, `XMLDecl`).
pub(super) fn read_declaration(text: &str) -> Result<Declaration, (usize, XmlFaultKind)> {
    // What stands behind its end is none of its business, whatever quotes there are.
    let text = text.split_inclusive("?>").next().unwrap_or_default();
    let mut cursor = Cursor { text, at: "<?xml".len() };
    cursor.blanks();
    let version = cursor.pseudo_attribute("version")?.ok_or((cursor.at, XmlFaultKind::Declaration))?;
    if !is_known_version(version) {
        return Err((cursor.at, XmlFaultKind::Declaration));
    }
    let mut blanks = cursor.blanks();
    let mut needs_blank = true;
    if let Some(name) = cursor.pseudo_attribute("encoding")? {
        if blanks == 0 || !is_encoding_name(name) {
            return Err((cursor.at, XmlFaultKind::Declaration));
        }
        // libxml2 asks for the blank only where it has switched to another encoding.
        needs_blank = !["UTF-8", "UTF8", "UTF-16", "UTF16"].iter().any(|known| name.eq_ignore_ascii_case(known));
        blanks = cursor.blanks();
    }
    let standalone = cursor.pseudo_attribute("standalone")?;
    if let Some(standalone) = standalone {
        if (needs_blank && blanks == 0) || !matches!(standalone, "yes" | "no") {
            return Err((cursor.at, XmlFaultKind::Declaration));
        }
        cursor.blanks();
    }
    if !cursor.rest().starts_with("?>") {
        return Err((cursor.at, XmlFaultKind::Declaration));
    }
    Ok(Declaration { length: cursor.at + 2, is_standalone: standalone == Some("yes") })
}

/// libxml2 takes `1.0` and, with a warning, any other `1.` with digits.
fn is_known_version(version: &str) -> bool {
    version.strip_prefix("1.").is_some_and(|minor| minor.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Production 81, `EncName`.
fn is_encoding_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
}

/// A reading position in a declaration.
struct Cursor<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Cursor<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn blanks(&mut self) -> usize {
        let length = blank_length(self.rest());
        self.at += length;
        length
    }

    /// The value of `name = '...'`, if that is what comes next.
    fn pseudo_attribute(&mut self, name: &str) -> Result<Option<&'t str>, (usize, XmlFaultKind)> {
        if !self.rest().starts_with(name) {
            return Ok(None);
        }
        self.at += name.len();
        self.blanks();
        if !self.rest().starts_with('=') {
            return Err((self.at, XmlFaultKind::Declaration));
        }
        self.at += 1;
        self.blanks();
        let quote = self.rest().chars().next().filter(|quote| matches!(quote, '"' | '\''));
        let value = quote.and_then(|quote| self.rest().get(1..)?.split_once(quote)).map(|(value, _)| value);
        let value = value.ok_or((self.at, XmlFaultKind::Declaration))?;
        self.at += value.len() + 2;
        Ok(Some(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn glances_at_the_encoding() {
        let declaration = b"<?xml version='1.0' encoding = \"ISO-8859-1\"?><a/>";
        let (name, span) = declared_encoding(declaration).unwrap();
        assert_eq!(name, "ISO-8859-1");
        assert_eq!(&declaration[span.start..span.end], b"ISO-8859-1");
        assert_eq!(declared_encoding(b"<?xml version='1.0'?><a encoding='x'/>"), None);
        assert_eq!(declared_encoding(b" <?xml version='1.0' encoding='x'?>"), None);
        assert_eq!(declared_encoding(b"<?xml version='1.0' encoding=?>"), None);
    }

    #[test]
    fn checks_declarations() {
        for sound in [
            "<?xml version='1.0'?>",
            "<?xml version = \"1.1\" ?>",
            "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>",
            "<?xml version='1.0' encoding='utf16'standalone='no'?>",
        ] {
            let is_standalone = sound.contains("yes");
            assert_eq!(read_declaration(sound), Ok(Declaration { length: sound.len(), is_standalone }), "{sound}");
        }
        for wrong in [
            "<?xml ?>",
            "<?xml version='2.0'?>",
            "<?xml version='1.0'encoding='UTF-8'?>",
            "<?xml encoding='UTF-8'?>",
            "<?xml version='1.0' standalone='maybe'?>",
            "<?xml version='1.0' encoding='1x'?>",
            "<?xml version='1.0' encoding='latin1'standalone='no'?>",
            "<?xml version='1.0' x='y'?>",
            "<?xml version='1.0'",
        ] {
            assert!(read_declaration(wrong).is_err(), "{wrong}");
        }
    }
}
