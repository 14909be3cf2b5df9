//! JSON with the place of every value, as Python's `json` module reads it.
//!
//! It differs from RFC 8259 where Python does: `NaN`, `Infinity` and `-Infinity` are numbers, a lone
//! surrogate escape is accepted (here it becomes U+FFFD), of duplicate keys the last one counts.
//! Source: Python 3, `Lib/json/decoder.py` and `scanner.py`.

use std::collections::HashMap;

use zeroize::Zeroizing;

use crate::model::Span;

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
    #[expect(clippy::float_cmp, reason = "only zero itself is false in Python")]
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
    format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// Reads a text as JSON. Never fails: what stands before a fault is kept, the fault is in
/// [`Document::error`].
#[must_use]
pub fn parse(text: &str) -> Document {
    let mut parser = Parser { bytes: text.as_bytes(), text, at: 0, open: Vec::new(), root: None };
    let error = parser.run().err();
    let at = parser.at;
    while parser.open.pop().is_some_and(|container| parser.close(container, at)) {}
    Document { root: parser.root.unwrap_or(Value::NOTHING), error }
}

/// An array or object that is not closed yet.
struct Container {
    start: usize,
    content: Content,
}

enum Content {
    Array(Vec<Value>),
    Object { members: Vec<Member>, key: Option<(Span, String)> },
}

struct Parser<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    /// What is not closed yet, outermost first: a stack of our own, since the input decides how deep it is.
    open: Vec<Container>,
    root: Option<Value>,
}

type Step<T> = Result<T, JsonError>;

impl Parser<'_> {
    fn run(&mut self) -> Step<()> {
        if self.text.starts_with('\u{feff}') {
            return self.fail(JsonFault::ByteOrderMark);
        }
        self.skip_blanks();
        self.value()?;
        while let Some(container) = self.open.pop() {
            self.skip_blanks();
            self.proceed(container)?;
        }
        self.skip_blanks();
        if self.at < self.bytes.len() { self.fail(JsonFault::ExtraData) } else { Ok(()) }
    }

    /// Goes on in a container behind one of its values, or behind its opening bracket.
    fn proceed(&mut self, container: Container) -> Step<()> {
        let is_object = matches!(container.content, Content::Object { .. });
        let is_empty = match &container.content {
            Content::Array(elements) => elements.is_empty(),
            Content::Object { members, .. } => members.is_empty(),
        };
        if self.peek() == Some(if is_object { b'}' } else { b']' }) {
            self.at += 1;
            let end = self.at;
            self.close(container, end);
            return Ok(());
        }
        self.open.push(container);
        if !is_empty {
            if self.peek() != Some(b',') {
                return self.fail(JsonFault::CommaExpected);
            }
            self.at += 1;
            self.skip_blanks();
        }
        if is_object {
            self.key()?;
        }
        self.value()
    }

    /// Reads a key and its colon, and keeps the key for the value that follows.
    fn key(&mut self) -> Step<()> {
        if self.peek() != Some(b'"') {
            return self.fail(JsonFault::KeyExpected);
        }
        let start = self.at;
        let (read, result) = self.string();
        let found = (Span::new(start, self.at), read);
        result?;
        if let Some(Container { content: Content::Object { key, .. }, .. }) = self.open.last_mut() {
            *key = Some(found);
        }
        self.skip_blanks();
        if self.peek() != Some(b':') {
            return self.fail(JsonFault::ColonExpected);
        }
        self.at += 1;
        self.skip_blanks();
        Ok(())
    }

    /// Reads a value, or the opening bracket of one.
    fn value(&mut self) -> Step<()> {
        let start = self.at;
        match self.peek() {
            Some(b'{') => self.begin(Content::Object { members: Vec::new(), key: None }),
            Some(b'[') => self.begin(Content::Array(Vec::new())),
            Some(b'"') => {
                let (text, result) = self.string();
                // Kept even if it has no end: it may be a password, and must be known as one.
                self.add(start, Kind::String(Zeroizing::new(text)));
                result
            }
            _ => self.word_or_number(start),
        }
    }

    fn begin(&mut self, content: Content) -> Step<()> {
        if self.open.len() >= MAX_DEPTH {
            return self.fail(JsonFault::TooDeep);
        }
        self.open.push(Container { start: self.at, content });
        self.at += 1;
        Ok(())
    }

    fn word_or_number(&mut self, start: usize) -> Step<()> {
        const WORDS: [(&str, Kind); 6] = [
            ("null", Kind::Null),
            ("true", Kind::Bool(true)),
            ("false", Kind::Bool(false)),
            ("NaN", Kind::Number(f64::NAN)),
            ("Infinity", Kind::Number(f64::INFINITY)),
            ("-Infinity", Kind::Number(f64::NEG_INFINITY)),
        ];
        let rest = self.bytes.get(start..).unwrap_or_default();
        let word = WORDS.into_iter().find(|(word, _)| rest.starts_with(word.as_bytes()));
        if let Some((word, kind)) = word {
            self.at += word.len();
            self.add(start, kind);
            return Ok(());
        }
        let length = number_length(rest);
        if length == 0 {
            return self.fail(JsonFault::ValueExpected);
        }
        self.at += length;
        let number = self.text.get(start..self.at).and_then(|number| number.parse().ok());
        self.add(start, Kind::Number(number.unwrap_or(f64::INFINITY)));
        Ok(())
    }

    /// Reads a string from its opening quote on. What was read is given even if the string is broken.
    fn string(&mut self) -> (String, Step<()>) {
        self.at += 1;
        let mut text = String::new();
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            let plain = rest.iter().take_while(|byte| !matches!(byte, b'"' | b'\\' | 0..=0x1f)).count();
            text.push_str(self.text.get(self.at..self.at + plain).unwrap_or_default());
            self.at += plain;
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return (text, Ok(()));
                }
                Some(b'\\') => match self.escape() {
                    Ok(character) => text.push(character),
                    Err(error) => return (text, Err(error)),
                },
                Some(_) => return (text, self.fail(JsonFault::ControlCharacter)),
                None => return (text, self.fail(JsonFault::StringWithoutEnd)),
            }
        }
    }

    /// Reads an escape from its backslash on.
    fn escape(&mut self) -> Step<char> {
        let character = match self.bytes.get(self.at + 1) {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(*byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(),
            Some(_) => return self.fail(JsonFault::UnknownEscape),
            None => return self.fail(JsonFault::StringWithoutEnd),
        };
        self.at += 2;
        Ok(character)
    }

    /// Reads `\uXXXX`, and the second half of a surrogate pair with it.
    fn unicode_escape(&mut self) -> Step<char> {
        let Some(unit) = self.hex_digits(self.at + 2) else { return self.fail(JsonFault::UnknownEscape) };
        self.at += 6;
        if (0xd800..0xdc00).contains(&unit) && self.bytes.get(self.at..self.at + 2) == Some(b"\\u") {
            if let Some(low @ 0xdc00..0xe000) = self.hex_digits(self.at + 2) {
                self.at += 6;
                let code = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
                return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
        }
        Ok(char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn hex_digits(&self, at: usize) -> Option<u32> {
        let digits = self.bytes.get(at..at + 4)?;
        if !digits.iter().all(u8::is_ascii_hexdigit) {
            return None;
        }
        u32::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()
    }

    /// Makes a value of a container and adds it to the one around it.
    fn close(&mut self, container: Container, end: usize) -> bool {
        let kind = match container.content {
            Content::Array(elements) => Kind::Array(elements),
            Content::Object { members, .. } => Kind::Object(members),
        };
        self.put(Value { span: Span::new(container.start, end), kind });
        true
    }

    fn add(&mut self, start: usize, kind: Kind) {
        self.put(Value { span: Span::new(start, self.at), kind });
    }

    /// Adds a value to the innermost open container.
    fn put(&mut self, value: Value) {
        match self.open.last_mut().map(|container| &mut container.content) {
            None => self.root = Some(value),
            Some(Content::Array(elements)) => elements.push(value),
            Some(Content::Object { members, key }) => {
                if let Some((key_span, key)) = key.take() {
                    members.push(Member { key_span, key, value });
                }
            }
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_blanks(&mut self) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        self.at += rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')).count();
    }

    const fn fail<T>(&self, fault: JsonFault) -> Step<T> {
        Err(JsonError { offset: self.at, fault })
    }
}

/// How many bytes of the front are a number; none if there is none.
///
/// Like Python's pattern it takes the longest front that is one: of `1.` only the `1`.
fn number_length(bytes: &[u8]) -> usize {
    let digits =
        |from: usize| bytes.get(from..).unwrap_or_default().iter().take_while(|byte| byte.is_ascii_digit()).count();
    let sign = usize::from(bytes.first() == Some(&b'-'));
    let whole = if bytes.get(sign) == Some(&b'0') { 1 } else { digits(sign) };
    if whole == 0 {
        return 0;
    }
    let mut end = sign + whole;
    if bytes.get(end) == Some(&b'.') && digits(end + 1) > 0 {
        end += 1 + digits(end + 1);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let signed = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let exponent = digits(end + 1 + signed);
        if exponent > 0 {
            end += 1 + signed + exponent;
        }
    }
    end
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
        let slice = |span: Span| &text[span.start..span.end];
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
        let string = |text: &str| parse(text).root.as_str().unwrap().to_owned();
        assert_eq!(string(r#""\ud83d\ude00""#), "😀");
        assert_eq!(string(r#""\ud83dx""#), "\u{fffd}x");
        assert_eq!(string(r#""\ude00\ud83d""#), "\u{fffd}\u{fffd}");
        assert_eq!(string(r#""\ud83d\u0041""#), "\u{fffd}A");
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
