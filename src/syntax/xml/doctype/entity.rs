//! Declarations of entities and notations, and the identifiers of what lies outside.

use super::Fault;
use super::cursor::Cursor;
use crate::model::Span;
use crate::syntax::xml::content::check_characters;
use crate::syntax::xml::names::name_length;
use crate::syntax::xml::uri::is_reference;
use crate::syntax::xml::{XmlFaultKind, reference};

/// Passes over the declaration of an entity; the cursor is behind `<!ENTITY`.
pub(super) fn declaration(cursor: &mut Cursor) -> Result<(), Fault> {
    cursor.expect_blanks()?;
    let is_parameter = cursor.take("%");
    if is_parameter {
        cursor.expect_blanks()?;
    }
    name(cursor)?;
    cursor.expect_blanks()?;
    if cursor.rest().starts_with(['"', '\'']) {
        let value = cursor.literal()?;
        check_value(cursor.slice(value), value)?;
    } else {
        external(cursor)?;
        if !is_parameter {
            unparsed(cursor)?;
        }
    }
    cursor.blanks();
    cursor.expect(">")
}

/// Passes over the declaration of a notation; the cursor is behind `<!NOTATION`. To libxml2 it need not say what
/// the notation is.
pub(super) fn notation(cursor: &mut Cursor) -> Result<(), Fault> {
    cursor.expect_blanks()?;
    name(cursor)?;
    cursor.expect_blanks()?;
    if cursor.take("PUBLIC") {
        cursor.expect_blanks()?;
        public_literal(cursor)?;
        if cursor.blanks() && cursor.rest().starts_with(['"', '\'']) {
            system_literal(cursor)?;
        }
    } else {
        external_identifier(cursor)?;
    }
    cursor.blanks();
    cursor.expect(">")
}

/// `SYSTEM 'x'`, `PUBLIC 'x' 'y'` (production 75), or nothing: whether there is one.
pub(super) fn external_identifier(cursor: &mut Cursor) -> Result<bool, Fault> {
    Ok(system_identifier(cursor)?.is_some())
}

/// Where the system literal of an external identifier stands, if there is one.
fn system_identifier(cursor: &mut Cursor) -> Result<Option<Span>, Fault> {
    if cursor.take("PUBLIC") {
        cursor.expect_blanks()?;
        public_literal(cursor)?;
    } else if !cursor.take("SYSTEM") {
        return Ok(None);
    }
    cursor.expect_blanks()?;
    system_literal(cursor).map(Some)
}

/// The identifier of an external entity, which libxml2 wants to be a URI without a fragment.
fn external(cursor: &mut Cursor) -> Result<(), Fault> {
    let start = cursor.at();
    let Some(literal) = system_identifier(cursor)? else { return cursor.fault() };
    let uri = cursor.slice(literal);
    if uri.contains('#') || !is_reference(uri) { Err((start, XmlFaultKind::Doctype)) } else { Ok(()) }
}

/// `NDATA x`, or nothing. To libxml2 the name may be missing.
fn unparsed(cursor: &mut Cursor) -> Result<(), Fault> {
    if cursor.rest().starts_with('>') {
        return Ok(());
    }
    cursor.expect_blanks()?;
    if cursor.take("NDATA") {
        cursor.expect_blanks()?;
        if name_length(cursor.rest()) > 0 {
            cursor.name()?;
        }
    }
    Ok(())
}

/// A name without a colon.
fn name(cursor: &mut Cursor) -> Result<(), Fault> {
    let name = cursor.name()?;
    if cursor.slice(name).contains(':') { Err((name.start, XmlFaultKind::Namespace)) } else { Ok(()) }
}

fn system_literal(cursor: &mut Cursor) -> Result<Span, Fault> {
    let literal = cursor.identifier()?;
    characters(cursor.slice(literal), literal)?;
    Ok(literal)
}

/// Production 12, `PubidLiteral`.
fn public_literal(cursor: &mut Cursor) -> Result<(), Fault> {
    let literal = cursor.identifier()?;
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b" \r\n-'()+,./:=?;!*#@$_%".contains(&byte);
    match cursor.slice(literal).bytes().position(|byte| !allowed(byte)) {
        Some(at) => Err((literal.start + at, XmlFaultKind::Doctype)),
        None => Ok(()),
    }
}

/// Checks the text that an entity stands for: references must be some, and none to a parameter entity.
fn check_value(value: &str, span: Span) -> Result<(), Fault> {
    characters(value, span)?;
    let mut at = 0;
    while let Some(rest) = value.get(at..)
        && let Some(index) = rest.find(['&', '%'])
    {
        at += index;
        let length = reference_length(value.get(at..).unwrap_or_default());
        at += length.map_err(|kind| (span.start + at, kind))?;
    }
    Ok(())
}

fn reference_length(text: &str) -> Result<usize, XmlFaultKind> {
    if text.starts_with("&#") {
        return reference::read(text).map(|(length, _)| length).map_err(|(_, kind)| kind);
    }
    let name = text.strip_prefix('&').ok_or(XmlFaultKind::Doctype)?;
    let length = name_length(name);
    let is_closed = name.as_bytes().get(length) == Some(&b';');
    if length > 0 && is_closed { Ok(length + 2) } else { Err(XmlFaultKind::BareAmpersand) }
}

fn characters(text: &str, span: Span) -> Result<(), Fault> {
    check_characters(text, span.start).map_err(|fault| (fault.span.start, fault.kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_sound(text: &str, read: fn(&mut Cursor) -> Result<(), Fault>) -> bool {
        let mut cursor = Cursor::new(text, 0);
        read(&mut cursor).is_ok() && cursor.rest().is_empty()
    }

    #[test]
    fn reads_the_entities_that_libxml2_reads() {
        for sound in [
            " o ''>",
            " o '<a>&p; &#38;&amp;' >",
            " % p \"it's\">",
            " o SYSTEM 'x'>",
            " o PUBLIC '-//X' 'x' NDATA n >",
            " o SYSTEM 'x' NDATA >",
            " % p SYSTEM ''>",
        ] {
            assert!(is_sound(sound, declaration), "{sound}");
        }
        for wrong in [
            "o ''>",
            " x:o ''>",
            " %p ''>",
            " 1 ''>",
            " o''>",
            " o>",
            " o '%p;'>",
            " o '%'>",
            " o '&'>",
            " o '&x'>",
            " o '&#0;'>",
            " o SYSTEM 'x#y'>",
            " o SYSTEM 'a b'>",
            " o SYSTEM 'x'NDATA n>",
            " % p SYSTEM 'x' NDATA n>",
            " o SYSTEM'x'>",
            " o PUBLIC 'x'>",
            " o PUBLIC '{' 'x'>",
            " o 'x' y>",
            " o '\u{1}'>",
            " o SYSTEM '\u{1}'>",
            " o 'x>",
        ] {
            assert!(!is_sound(wrong, declaration), "{wrong}");
        }
    }

    #[test]
    fn refuses_identifiers_that_are_too_long() {
        for (start, end) in [(" n SYSTEM '", "'>"), (" n PUBLIC '", "'>")] {
            assert!(is_sound(&format!("{start}{}{end}", "x".repeat(50_000)), notation), "{start}");
            assert!(!is_sound(&format!("{start}{}{end}", "x".repeat(50_001)), notation), "{start}");
        }
    }

    #[test]
    fn reads_the_notations_that_libxml2_reads() {
        for sound in [" n SYSTEM ''>", " n PUBLIC 'p'>", " n PUBLIC 'p' 's'>", " n PUBLIC 'p' >", " n >"] {
            assert!(is_sound(sound, notation), "{sound}");
        }
        for wrong in [" n>", " x:n SYSTEM ''>", " n PUBLIC>", " n PUBLIC 'é'>", " n PUBLIC 'p''s'>", " n SYSTEM>"]
        {
            assert!(!is_sound(wrong, notation), "{wrong}");
        }
    }
}
