//! What a reader made of a file: a sequence of tokens, the same from us as from the programs in `c/`.

use std::fmt::Write;

/// A sequence of tokens. Each is a byte that says what it is, a length of 32 bits and that many bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record(pub Vec<u8>);

/// A token: what it is, and what it holds.
pub type Token<'r> = (char, &'r [u8]);

impl Record {
    /// Adds a token.
    pub fn push(&mut self, kind: char, bytes: &[u8]) {
        self.0.push(u8::try_from(kind).expect("kinds of tokens are ASCII"));
        self.0.extend(u32::try_from(bytes.len()).expect("no file is so long").to_le_bytes());
        self.0.extend(bytes);
    }

    /// Its tokens.
    pub fn tokens(&self) -> Vec<Token<'_>> {
        let mut tokens = Vec::new();
        let mut rest = self.0.as_slice();
        while let [kind, a, b, c, d, tail @ ..] = rest {
            let length = u32::from_le_bytes([*a, *b, *c, *d]) as usize;
            let (bytes, tail) = tail.split_at(length);
            tokens.push((char::from(*kind), bytes));
            rest = tail;
        }
        tokens
    }

    /// What the token of the whole file's outcome says: `accepted`, `refused`, or the name of an error.
    pub fn outcome(&self) -> String {
        let outcome = self.tokens().into_iter().find(|(kind, _)| *kind == 'E');
        outcome.map_or_else(String::new, |(_, bytes)| String::from_utf8_lossy(bytes).into_owned())
    }

    /// Its tokens as text, one a line.
    pub fn shown(&self) -> String {
        let mut shown = String::new();
        for (kind, bytes) in self.tokens() {
            let _ = writeln!(shown, "    {kind} {}", show(bytes));
        }
        shown
    }
}

/// Bytes as a text of one line: what is printable as it is, the rest escaped; long ones are cut.
pub fn show(bytes: &[u8]) -> String {
    const LONGEST: usize = 600;
    let head = bytes.get(..LONGEST).unwrap_or(bytes);
    let rest = bytes.len() - head.len();
    let cut = if rest > 0 { format!("... and {rest} more") } else { String::new() };
    format!("\"{}\"{cut}", head.escape_ascii())
}

/// The first tokens in which two records differ.
pub fn first_difference<'r>(one: &'r Record, other: &'r Record) -> (Option<Token<'r>>, Option<Token<'r>>) {
    let (one, other) = (one.tokens(), other.tokens());
    let at = one.iter().zip(&other).take_while(|(one, other)| one == other).count();
    (one.get(at).copied(), other.get(at).copied())
}
