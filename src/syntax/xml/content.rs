//! What may stand between tags.

use super::names::{LONGEST_NAME, is_allowed, is_blank, name_length};
use super::tag::LONGEST;
use super::{XmlFault, XmlFaultKind, reference};
use crate::model::Span;

/// Checks a token of an element's text, which begins at `start`: a reference, or its characters and that no `]]>` is
/// among them. quick-xml begins a token at every `&`, and ends it where the reference ends, if it is one.
pub(super) fn check_content(text: &str, start: usize) -> Result<(), XmlFault> {
    if text.starts_with('&') {
        return reference::read(text).map(|_| ()).map_err(|(length, kind)| fault(kind, start, length));
    }
    check_characters(text, start)?;
    match text.find("]]>") {
        Some(index) => Err(fault(XmlFaultKind::CdataEnd, start + index, 3)),
        None => Ok(()),
    }
}

/// Checks that XML allows every character of a text that begins at `start`.
pub(super) fn check_characters(text: &str, start: usize) -> Result<(), XmlFault> {
    match text.char_indices().find(|(_, character)| !is_allowed(*character)) {
        Some((at, character)) => Err(fault(XmlFaultKind::Character, start + at, character.len_utf8())),
        None => Ok(()),
    }
}

/// Checks that a comment, CDATA section or the like is not too long.
pub(super) fn check_length(body: &str, token: Span) -> Result<(), XmlFault> {
    if body.len() > LONGEST { Err(XmlFault::new(XmlFaultKind::TooLong, token)) } else { Ok(()) }
}

/// Checks the comment that stands at `token`.
pub(super) fn check_comment(text: &str, token: Span) -> Result<(), XmlFault> {
    let body = text.strip_prefix("<!--").and_then(|text| text.strip_suffix("-->"));
    let Some(body) = body else { return Err(XmlFault::new(XmlFaultKind::Comment, token)) };
    let start = token.start + "<!--".len();
    if let Some(at) = body.find("--") {
        return Err(fault(XmlFaultKind::Comment, start + at, 2));
    }
    if body.ends_with('-') {
        return Err(fault(XmlFaultKind::Comment, token.end - 4, 2));
    }
    check_characters(body, start)?;
    check_length(body, token)
}

/// Checks the processing instruction that stands at `token`.
pub(super) fn check_instruction(text: &str, token: Span) -> Result<(), XmlFault> {
    let body = text.strip_prefix("<?").and_then(|text| text.strip_suffix("?>"));
    let body = body.ok_or_else(|| XmlFault::new(XmlFaultKind::Instruction, token))?;
    let length = name_length(body);
    let name = body.get(..length).unwrap_or_default();
    if name.eq_ignore_ascii_case("xml") {
        return Err(XmlFault::new(XmlFaultKind::Declaration, token));
    }
    if length > LONGEST_NAME {
        return Err(XmlFault::new(XmlFaultKind::TooLong, token));
    }
    let blank_follows = body.as_bytes().get(length).is_none_or(|byte| is_blank(*byte));
    if name.is_empty() || name.contains(':') || !blank_follows {
        return Err(XmlFault::new(XmlFaultKind::Instruction, token));
    }
    check_characters(body, token.start + 2)?;
    check_length(body, token)
}

/// A span that cuts no character in two and lies within the text.
pub(super) fn whole_characters(text: &str, span: Span) -> Span {
    let start = (0..=span.start).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let end = (span.end.max(start)..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
    Span::new(start.min(end), end)
}

/// A fault of `length` bytes at `at`.
pub(super) const fn fault(kind: XmlFaultKind, at: usize, length: usize) -> XmlFault {
    XmlFault::new(kind, Span::new(at, at + length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_is_longer_than_libxml2_takes() {
        let token = Span::new(3, 3 + LONGEST);
        assert_eq!(check_length(&"x".repeat(LONGEST), token), Ok(()));
        assert_eq!(check_length(&"x".repeat(LONGEST + 1), token), Err(XmlFault::new(XmlFaultKind::TooLong, token)));
    }
}
