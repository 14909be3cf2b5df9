//! Members of an object changed in its text, so that everything else in it stays as it is, byte for byte.

use super::{Member, Value};
use crate::model::{Span, Splice};

/// What is put between two members, and between a key and its value, where nothing shows it: Python's way.
const COMMA: &str = ", ";
const COLON: &str = ": ";

/// The edits after which the members of `object` have these values, given as JSON; those without one are gone. `text`
/// is what the object was read from.
///
/// All members of one key get the same value, so that it does not matter which of them counts. What is missing is
/// added at the end, with blanks as those before it have them.
#[must_use]
pub fn edited(text: &str, object: &Value, wanted: &[(&str, Option<String>)]) -> Vec<Splice> {
    let is_wanted_gone = |member: &Member| wanted.iter().any(|(key, value)| value.is_none() && *key == member.key);
    let mut edits = without(object, is_wanted_gone);
    let mut added = Vec::new();
    for (key, value) in wanted {
        let Some(value) = value else { continue };
        let mut known = object.members().iter().filter(|member| member.key == *key).peekable();
        if known.peek().is_none() {
            added.push((*key, value.as_str()));
        }
        let other = known.filter(|member| slice(text, member.value.span) != value);
        edits.extend(other.map(|member| Splice::replace(member.value.span, value.as_str())));
    }
    let (comma, colon) = separators(text, object);
    let added: Vec<_> = added.into_iter().map(|(key, value)| format!("{}{colon}{value}", quoted(key))).collect();
    if added.is_empty() {
        return edits;
    }
    let added = added.join(&comma);
    match object.members().last() {
        Some(last) if !object.members().iter().all(is_wanted_gone) => {
            edits.push(Splice::insert(end_of(last), format!("{comma}{added}")));
        }
        Some(_) => edits = vec![Splice::replace(object.span, format!("{{{added}}}"))],
        None => edits.push(Splice::insert(object.span.start + 1, added)),
    }
    edits
}

/// The edits after which `object` has none of these members.
#[must_use]
pub fn without(object: &Value, is_unwanted: impl Fn(&Member) -> bool) -> Vec<Splice> {
    let members = object.members();
    if !members.is_empty() && members.iter().all(&is_unwanted) {
        // As a whole, so that nobody adds a member behind one that is not there any more.
        return vec![Splice::replace(object.span, "{}")];
    }
    let mut edits: Vec<Splice> = Vec::new();
    let mut kept: Option<&Member> = None;
    let mut first_gone: Option<&Member> = None;
    for member in members {
        if is_unwanted(member) {
            first_gone.get_or_insert(member);
            match (kept, edits.last_mut().filter(|last| Some(last.span.start) == kept.map(end_of))) {
                (Some(_), Some(last)) => last.span.end = member.value.span.end,
                (Some(before), None) => {
                    edits.push(Splice::remove(Span::new(end_of(before), member.value.span.end)));
                }
                // Those at the beginning go with the comma behind them, up to the first that stays.
                (None, _) => {}
            }
            continue;
        }
        if let (None, Some(gone)) = (kept, first_gone) {
            edits.push(Splice::remove(Span::new(gone.key_span.start, member.key_span.start)));
        }
        kept = Some(member);
    }
    edits
}

/// The string as Python writes it: in ASCII.
#[must_use]
pub fn quoted(text: &str) -> String {
    use std::fmt::Write;
    let mut quoted = String::from("\"");
    for unit in text.encode_utf16() {
        match u8::try_from(unit) {
            Ok(byte @ (b'"' | b'\\')) => quoted.extend(['\\', char::from(byte)]),
            Ok(byte @ b' '..=b'~') => quoted.push(char::from(byte)),
            _ => {
                let _ = write!(quoted, "\\u{unit:04x}");
            }
        }
    }
    quoted.push('"');
    quoted
}

const fn end_of(member: &Member) -> usize {
    member.value.span.end
}

fn slice(text: &str, span: Span) -> &str {
    text.get(span.start..span.end).unwrap_or_default()
}

/// What stands between the last two members, and between the last key and its value.
fn separators(text: &str, object: &Value) -> (String, String) {
    match object.members() {
        [] => (COMMA.to_owned(), COLON.to_owned()),
        [only] => {
            let colon = slice(text, Span::new(only.key_span.end, only.value.span.start));
            let before = slice(text, Span::new(object.span.start + 1, only.key_span.start));
            let comma = if before.is_empty() && colon != ":" { COMMA.to_owned() } else { format!(",{before}") };
            (comma, colon.to_owned())
        }
        [.., before, last] => {
            let comma = slice(text, Span::new(end_of(before), last.key_span.start));
            let colon = slice(text, Span::new(last.key_span.end, last.value.span.start));
            (comma.to_owned(), colon.to_owned())
        }
    }
}
