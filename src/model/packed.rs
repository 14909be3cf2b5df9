//! Texts that were packed into one when the program was built. A table of them would consist of pointers, and the
//! loader would put right each of those at every start, whether or not anybody asks for the table. `src/build.rs` packs.

/// Fields, one behind the other, each taken out once.
pub struct Packed {
    rest: &'static str,
}

impl Packed {
    /// What the build has packed.
    pub const fn new(packed: &'static str) -> Self {
        Self { rest: packed }
    }

    /// The next field, a number: the character of that number.
    pub fn number(&mut self) -> usize {
        let mut rest = self.rest.chars();
        let number = rest.next().map_or(0, |character| character as usize);
        self.rest = rest.as_str();
        number
    }

    /// The next field, a text: how many bytes it has, and those.
    pub fn text(&mut self) -> &'static str {
        let length = self.number();
        let (text, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, ""));
        self.rest = rest;
        text
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
        let mut packed = Packed::new("\u{3}one\u{2}\u{1}a\0\0\u{1}é\u{5}étéx");
        assert_eq!((packed.text(), packed.list(Packed::text)), ("one", vec!["a", ""]));
        assert_eq!((packed.option(Packed::text), packed.option(Packed::number)), (None, Some(0xe9)));
        assert_eq!((packed.text(), packed.text()), ("été", ""));
        assert_eq!((packed.number(), packed.text()), (0, ""));
    }
}
