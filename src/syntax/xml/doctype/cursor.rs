//! A reading position in a document type declaration.

use super::Fault;
use crate::model::Span;
use crate::syntax::xml::content::{check_comment, check_instruction};
use crate::syntax::xml::names::{LONGEST_NAME, blank_length, name_length, token_length};
use crate::syntax::xml::{XmlFault, XmlFaultKind};

/// A reading position in the declaration.
pub(super) struct Cursor<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Cursor<'t> {
    pub fn new(text: &'t str, at: usize) -> Self {
        Self { text, at }
    }

    pub const fn at(&self) -> usize {
        self.at
    }

    pub fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub fn slice(&self, span: Span) -> &'t str {
        self.text.get(span.start..span.end).unwrap_or_default()
    }

    /// The declaration is malformed here, or ends here.
    pub fn fault<T>(&self) -> Result<T, Fault> {
        let kind = if self.rest().is_empty() { XmlFaultKind::Truncated } else { XmlFaultKind::Doctype };
        Err((self.at, kind))
    }

    pub fn go(&mut self, length: usize) {
        self.at += length;
    }

    /// Passes over blanks: whether there are any.
    pub fn blanks(&mut self) -> bool {
        let length = blank_length(self.rest());
        self.at += length;
        length > 0
    }

    pub fn expect_blanks(&mut self) -> Result<(), Fault> {
        if self.blanks() { Ok(()) } else { self.fault() }
    }

    /// Passes over `word`, if that comes next.
    pub fn take(&mut self, word: &str) -> bool {
        let found = self.rest().starts_with(word);
        self.at += if found { word.len() } else { 0 };
        found
    }

    /// Passes over the first of some words that comes next.
    pub fn take_one(&mut self, words: &[&str]) -> bool {
        words.iter().any(|word| self.take(word))
    }

    pub fn expect(&mut self, word: &str) -> Result<(), Fault> {
        if self.take(word) { Ok(()) } else { self.fault() }
    }

    /// Passes over a name.
    pub fn name(&mut self) -> Result<Span, Fault> {
        self.of_length(name_length(self.rest()))
    }

    /// Passes over what is made of the characters of names (production 7, `Nmtoken`).
    pub fn token(&mut self) -> Result<Span, Fault> {
        self.of_length(token_length(self.rest()))
    }

    fn of_length(&mut self, length: usize) -> Result<Span, Fault> {
        if length == 0 {
            return self.fault();
        }
        if length > LONGEST_NAME {
            return Err((self.at, XmlFaultKind::TooLong));
        }
        self.at += length;
        Ok(Span::new(self.at - length, self.at))
    }

    /// Passes over a literal in quotes: what stands between them.
    pub fn literal(&mut self) -> Result<Span, Fault> {
        let rest = self.rest();
        let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''));
        let Some(length) = quote.and_then(|quote| rest.get(1..)?.find(quote)) else { return self.fault() };
        self.at += length + 2;
        Ok(Span::new(self.at - length - 1, self.at - 1))
    }

    /// Passes over a literal that is the identifier of something outside.
    pub fn identifier(&mut self) -> Result<Span, Fault> {
        let start = self.at;
        let literal = self.literal()?;
        let length = literal.end - literal.start;
        if length > LONGEST_NAME { Err((start, XmlFaultKind::TooLong)) } else { Ok(literal) }
    }

    pub fn comment(&mut self) -> Result<(), Fault> {
        let token = self.up_to("<!--", "-->")?;
        check_comment(self.slice(token), token).map_err(place)
    }

    pub fn instruction(&mut self) -> Result<(), Fault> {
        let token = self.up_to("<?", "?>")?;
        check_instruction(self.slice(token), token).map_err(place)
    }

    fn up_to(&mut self, start: &str, end: &str) -> Result<Span, Fault> {
        let from = self.at;
        match self.rest().get(start.len()..).and_then(|rest| rest.find(end)) {
            Some(index) => {
                self.at += start.len() + index + end.len();
                Ok(Span::new(from, self.at))
            }
            None => Err((self.text.len(), XmlFaultKind::Truncated)),
        }
    }
}

fn place(fault: XmlFault) -> Fault {
    (fault.span.start, fault.kind)
}
