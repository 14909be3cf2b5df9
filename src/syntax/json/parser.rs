//! The reader itself: a loop with a stack of its own, since the input decides how deep it is nested.

use zeroize::Zeroizing;

use super::{Document, JsonError, JsonFault, Kind, MAX_DEPTH, Member, Value};
use crate::model::Span;

pub(super) fn parse(text: &str) -> Document {
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
        if (0xd800..0xdc00).contains(&unit)
            && self.bytes.get(self.at..self.at + 2) == Some(b"\\u")
            && let Some(low @ 0xdc00..0xe000) = self.hex_digits(self.at + 2)
        {
            self.at += 6;
            let code = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
            return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
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
