//! Texts that were packed into one when the program was built. A table of them would consist of pointers, and the
//! loader would put right each of those at every start, whether or not anybody asks for the table.
//!
//! The build packs, the program unpacks: this file belongs to both.

/// What each field ends with. No text holds it.
pub const END: char = '\u{1f}';

/// Fields, one behind the other, each taken out once.
pub struct Packed {
    rest: &'static str,
}

impl Packed {
    /// What the build has packed.
    pub const fn new(packed: &'static str) -> Self {
        Self { rest: packed }
    }

    /// The next field, a text.
    pub fn text(&mut self) -> &'static str {
        let (text, rest) = self.rest.split_once(END).unwrap_or((self.rest, ""));
        self.rest = rest;
        text
    }

    /// The next field, a number.
    pub fn number(&mut self) -> usize {
        self.text().parse().unwrap_or_default()
    }

    /// The next fields, each of which is taken out in a way; before them stands how many there are.
    pub fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..self.number()).map(|_| item(self)).collect()
    }

    /// What may be there: a list of one, or of none.
    pub fn option<T>(&mut self, item: impl FnMut(&mut Self) -> T) -> Option<T> {
        self.list(item).pop()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_taken_out_in_their_order() {
        let mut packed = Packed::new("one\u{1f}2\u{1f}a\u{1f}\u{1f}0\u{1f}1\u{1f}7\u{1f}last\u{1f}");
        assert_eq!((packed.text(), packed.list(Packed::text)), ("one", vec!["a", ""]));
        assert_eq!((packed.option(Packed::text), packed.option(Packed::number)), (None, Some(7)));
        assert_eq!((packed.text(), packed.text(), packed.number()), ("last", "", 0));
    }
}
