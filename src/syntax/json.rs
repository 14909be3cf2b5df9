//! JSON with the place of every value, as Python's `json` module reads it.
//!
//! It differs from RFC 8259 where Python does: `NaN`, `Infinity` and `-Infinity` are numbers, a lone
//! surrogate escape is accepted (here it becomes U+FFFD), of duplicate keys the last one counts.
//! Source: Python 3, `Lib/json/decoder.py` and `scanner.py`.

mod edit;
mod parser;

use std::collections::HashMap;

use zeroize::Zeroizing;

pub use edit::{edited, quoted, without};

use crate::model::{Span, limits};

/// How deep values may be nested. Python gives up at its recursion limit, which is 1000 by default.
pub const MAX_DEPTH: usize = 1000;

/// A text that was read as JSON, as far as that was possible.
#[derive(Clone, PartialEq)]
pub struct Document {
    /// The value; of a broken text what stands before the fault, and `null` where that is nothing.
    pub root: Value,
    /// The fault, if there is one. Python would raise an exception.
    pub error: Option<JsonError>,
}

/// Where and why a text is no JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{fault} at byte {offset}")]
pub struct JsonError {
    /// Offset of the byte at which reading stopped.
    pub offset: usize,
    /// What is wrong there.
    pub fault: JsonFault,
}

/// What is wrong with a text that is no JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JsonFault {
    /// The text begins with a byte-order mark.
    #[error("byte-order mark")]
    ByteOrderMark,
    /// There is something else than a value.
    #[error("value expected")]
    ValueExpected,
    /// There is something else than a key in quotes.
    #[error("key in double quotes expected")]
    KeyExpected,
    /// There is no colon behind a key.
    #[error("colon expected")]
    ColonExpected,
    /// There is no comma between two values.
    #[error("comma expected")]
    CommaExpected,
    /// A string has no end.
    #[error("string without end")]
    StringWithoutEnd,
    /// A control character stands in a string.
    #[error("control character in a string")]
    ControlCharacter,
    /// A backslash is followed by what it cannot escape.
    #[error("unknown escape")]
    UnknownEscape,
    /// Something stands behind the value.
    #[error("something behind the value")]
    ExtraData,
    /// Values are nested deeper than [`MAX_DEPTH`].
    #[error("nested too deeply")]
    TooDeep,
}

/// A value and where it stands in the text.
///
/// It has no `Debug`: strings may be passwords.
#[derive(Clone, PartialEq)]
pub struct Value {
    /// The bytes of the value, quotes and brackets included.
    pub span: Span,
    /// What it is.
    pub kind: Kind,
}

/// What a value is.
#[derive(Clone, PartialEq)]
pub enum Kind {
    /// `null`, in Python `None`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number; zero is the only one that is not true. Big ones are infinite here.
    Number(f64),
    /// A string, unescaped; wiped when dropped, since it may be a password.
    String(Zeroizing<String>),
    /// An array.
    Array(Vec<Value>),
    /// An object: every member as written, shadowed duplicates included.
    Object(Vec<Member>),
}

/// A key of an object with its value.
#[derive(Clone, PartialEq)]
pub struct Member {
    /// The bytes of the key, quotes included.
    pub key_span: Span,
    /// The key, unescaped.
    pub key: String,
    /// The value.
    pub value: Value,
}

impl Value {
    const NOTHING: Self = Self { span: Span::at(0), kind: Kind::Null };

    /// Whether Python takes it for true: `"False"` is, `0`, `""`, `null`, `[]` and `{}` are not.
    #[must_use]
    pub fn is_truthy(&self) -> bool {
        match &self.kind {
            Kind::Null => false,
            Kind::Bool(value) => *value,
            Kind::Number(number) => *number != 0.0,
            Kind::String(text) => !text.is_empty(),
            Kind::Array(elements) => !elements.is_empty(),
            Kind::Object(members) => !members.is_empty(),
        }
    }

    /// The text, if it is a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::String(text) => Some(text),
            _ => None,
        }
    }

    /// Every member as written, shadowed duplicates included; none if it is no object.
    #[must_use]
    pub fn members(&self) -> &[Member] {
        match &self.kind {
            Kind::Object(members) => members,
            _ => &[],
        }
    }

    /// The elements; none if it is no array.
    #[must_use]
    pub fn elements(&self) -> &[Self] {
        match &self.kind {
            Kind::Array(elements) => elements,
            _ => &[],
        }
    }

    /// The member of that key that counts: the last one.
    #[must_use]
    pub fn member(&self, key: &str) -> Option<&Member> {
        self.members().iter().rev().find(|member| member.key == key)
    }

    /// The value of that key that counts: the last one.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.member(key).map(|member| &member.value)
    }

    /// The members that count, in the order in which their keys first appear, as in a Python dictionary.
    #[must_use]
    pub fn effective_members(&self) -> Vec<&Member> {
        let mut order: Vec<&Member> = Vec::new();
        let mut known: HashMap<&str, usize> = HashMap::new();
        for member in self.members() {
            match known.get(member.key.as_str()).and_then(|at| order.get_mut(*at)) {
                Some(slot) => *slot = member,
                None => {
                    known.insert(&member.key, order.len());
                    order.push(member);
                }
            }
        }
        order
    }
}

/// The RFC 6901 pointer of a member or element `name` of the value that `pointer` leads to.
#[must_use]
pub fn pointer_to(pointer: &str, name: &str) -> String {
    let name = limits::shortened(name);
    limits::shortened(&format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"))).into_owned()
}

/// Reads a text as JSON. Never fails: what stands before a fault is kept, the fault is in
/// [`Document::error`].
#[must_use]
pub fn parse(text: &str) -> Document {
    parser::parse(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> Option<(usize, JsonFault)> {
        parse(text).error.map(|error| (error.offset, error.fault))
    }

    #[test]
    fn knows_the_place_of_every_key_and_value() {
        let text = r#" {"a": {"b/~": [1, "x"]}, "c": null} "#;
        let document = parse(text);
        assert_eq!(document.error, None);
        let slice = |span: Span| text.get(span.start..span.end).unwrap();
        let a = document.root.member("a").unwrap();
        assert_eq!(slice(a.key_span), r#""a""#);
        let list = a.value.get("b/~").unwrap();
        assert_eq!(slice(list.span), r#"[1, "x"]"#);
        assert_eq!(slice(list.elements()[1].span), r#""x""#);
        assert_eq!(slice(document.root.span), text.trim());
        assert_eq!(pointer_to("/a", "b/~"), "/a/b~1~0");
    }

    #[test]
    fn reads_what_python_reads() {
        for (text, truthy) in [
            ("NaN", true),
            ("Infinity", true),
            ("-Infinity", true),
            ("0", false),
            ("-0.0", false),
            ("1e-999", false),
            ("1e999", true),
            ("0.5E+3", true),
            ("10.25", true),
            ("123456789012345678901234567890", true),
            (r#""False""#, true),
            (r#""""#, false),
            ("null", false),
            ("[]", false),
            ("[0]", true),
            ("{}", false),
            ("\t\r\n true", true),
        ] {
            let document = parse(text);
            assert_eq!(document.error, None, "{text}");
            assert_eq!(document.root.is_truthy(), truthy, "{text}");
        }
    }

    #[test]
    fn keeps_lone_surrogates_as_a_replacement() {
        let string = |text: &str| {
            let document = parse(text);
            assert_eq!(document.error, None, "{text}");
            document.root.as_str().unwrap().to_owned()
        };
        assert_eq!(string(r#""\ud83d\ude00""#), "😀");
        assert_eq!(string(r#""\ud83dx""#), "\u{fffd}x");
        assert_eq!(string(r#""\ude00\ud83d""#), "\u{fffd}\u{fffd}");
        assert_eq!(string(r#""\ud83d\u0041""#), "\u{fffd}A");
        assert_eq!(string(r#""\u0041\ude00""#), "A\u{fffd}");
        assert_eq!(string(r#""\ud83dxxde00""#), "\u{fffd}xxde00");
        assert_eq!(string(r#""\u2019\/\b\f\n\r\t\"\\""#), "\u{2019}/\u{8}\u{c}\n\r\t\"\\");
    }

    #[test]
    fn the_last_of_duplicate_keys_counts_and_all_stay_visible() {
        let document = parse(r#"{"a": 1, "b": 2, "a": "x"}"#);
        assert_eq!(document.root.get("a").unwrap().as_str(), Some("x"));
        assert_eq!(document.root.members().len(), 3);
        let keys: Vec<_> = document.root.effective_members().iter().map(|member| member.key.as_str()).collect();
        assert_eq!(keys, ["a", "b"]);
        assert_eq!(document.root.effective_members()[0].value.as_str(), Some("x"));
    }

    #[test]
    fn says_where_and_why_it_is_no_json() {
        for (text, offset, expected) in [
            ("", 0, JsonFault::ValueExpected),
            ("\u{feff}{}", 0, JsonFault::ByteOrderMark),
            ("{} x", 3, JsonFault::ExtraData),
            ("01", 1, JsonFault::ExtraData),
            ("1.", 1, JsonFault::ExtraData),
            ("1e", 1, JsonFault::ExtraData),
            ("1e+", 1, JsonFault::ExtraData),
            ("1.5e", 3, JsonFault::ExtraData),
            ("-", 0, JsonFault::ValueExpected),
            ("[1 2]", 3, JsonFault::CommaExpected),
            ("[1,]", 3, JsonFault::ValueExpected),
            ("{'a': 1}", 1, JsonFault::KeyExpected),
            (r#"{"a": 1,}"#, 8, JsonFault::KeyExpected),
            (r#"{"a" 1}"#, 5, JsonFault::ColonExpected),
            (r#"{"a": True}"#, 6, JsonFault::ValueExpected),
            (r#"{"a": "x"#, 8, JsonFault::StringWithoutEnd),
            (r#""\x""#, 1, JsonFault::UnknownEscape),
            (r#""\u12g4""#, 1, JsonFault::UnknownEscape),
            ("\"a\nb\"", 2, JsonFault::ControlCharacter),
            ("[1", 2, JsonFault::CommaExpected),
        ] {
            assert_eq!(fault(text), Some((offset, expected)), "{text}");
        }
    }

    #[test]
    fn keeps_what_stands_before_a_fault() {
        let document = parse(r#"{"account": {"name": "alice", "password": "hun"#);
        let account = document.root.get("account").unwrap();
        assert_eq!(account.get("name").unwrap().as_str(), Some("alice"));
        assert!(account.get("password").unwrap().as_str().is_some_and(|text| text.len() == 3));
    }

    #[test]
    fn gives_up_where_python_does() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(fault(&nested(MAX_DEPTH)), None);
        assert_eq!(fault(&nested(MAX_DEPTH + 1)), Some((MAX_DEPTH, JsonFault::TooDeep)));
        assert_eq!(fault(&"[".repeat(3_000_000)).map(|(_, fault)| fault), Some(JsonFault::TooDeep));
        assert_eq!(fault(&r#"{"a":"#.repeat(500_000)).map(|(_, fault)| fault), Some(JsonFault::TooDeep));
    }
}
