//! Start tags as clients write them, read without a look at every character. What is not one of these is left to the
//! reader of all tags.

use crate::model::Span;
use crate::syntax::xml::names::is_blank;

/// The most attributes of such a tag.
const MOST: usize = 8;

/// The longest name in it.
const LONGEST: usize = 256;

/// A start tag; spans count from its `<`.
pub(super) struct PlainTag {
    pub name: Span,
    pub is_empty: bool,
    pub length: usize,
}

/// Reads the tag at the beginning of `text`, which begins with `<` and in which there is no character that XML does not
/// allow. None if there is anything about it that needs a closer look: prefixes, references, letters other than ASCII in
/// names, an attribute twice, anything missing.
pub(super) fn read_start(text: &[u8]) -> Option<PlainTag> {
    let end = name_end(text, 1)?;
    let name = Span::new(1, end);
    let mut names = [(0_usize, 0_usize); MOST];
    let mut count = 0;
    let mut at = end;
    loop {
        let blank = at;
        while text.get(at).copied().is_some_and(is_blank) {
            at += 1;
        }
        match text.get(at)? {
            b'>' => return Some(PlainTag { name, is_empty: false, length: at + 1 }),
            b'/' if text.get(at + 1) == Some(&b'>') => {
                return Some(PlainTag { name, is_empty: true, length: at + 2 });
            }
            _ if at == blank => return None,
            _ => {}
        }
        let end = name_end(text, at)?;
        let attribute = text.get(at..end)?;
        let known = names.get(..count)?;
        let is_known = known.iter().any(|(start, end)| text.get(*start..*end) == Some(attribute));
        if is_known || attribute == b"xmlns" {
            return None;
        }
        *names.get_mut(count)? = (at, end);
        count += 1;
        at = value_end(text, end)?;
    }
}

/// Where the end tag ends at the beginning of `text`, if it is nothing but `name`.
pub(super) fn read_end(text: &[u8], name: &str) -> Option<usize> {
    let rest = text.strip_prefix(b"</")?.strip_prefix(name.as_bytes())?;
    (rest.first() == Some(&b'>')).then_some(name.len() + 3)
}

/// Where the name ends that begins at `at`.
fn name_end(text: &[u8], at: usize) -> Option<usize> {
    let bytes = text.get(at..)?;
    if !matches!(bytes.first()?, b'a'..=b'z' | b'A'..=b'Z' | b'_') {
        return None;
    }
    let is_of_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(*byte, b'-' | b'_' | b'.');
    let length = bytes.iter().position(|byte| !is_of_name(byte)).filter(|length| *length <= LONGEST)?;
    // A colon, and what is no ASCII, may belong to it.
    bytes.get(length).filter(|next| next.is_ascii() && **next != b':')?;
    Some(at + length)
}

/// Where what follows an attribute’s name ends: `=` and a value in quotes.
fn value_end(text: &[u8], at: usize) -> Option<usize> {
    if text.get(at) != Some(&b'=') {
        return None;
    }
    let quote = *text.get(at + 1).filter(|quote| matches!(**quote, b'"' | b'\''))?;
    let value = text.get(at + 2..)?;
    let length = memchr::memchr3(quote, b'<', b'&', value)?;
    (value.get(length) == Some(&quote)).then_some(at + 2 + length + 1)
}
