//! What a policy expects and does not get.

use crate::model::Language;

/// A value that a policy expects, and the one that is there instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// The policy's name.
    pub policy: String,
    /// The fact that the policy speaks of: `account.encryption`.
    pub fact: &'static str,
    /// What it is to be.
    pub wanted: Wanted,
    /// What it is; empty where it is an empty text.
    pub actual: String,
    /// Whether the finding's message says all this already.
    pub in_message: bool,
}

/// What a fact is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// One of these words.
    OneOf(Vec<String>),
    /// None of these words.
    NoneOf(Vec<String>),
}

impl Wanted {
    /// Whether a value is as wanted.
    #[must_use]
    pub fn admits(&self, value: &str) -> bool {
        let named = self.words().iter().any(|word| word == value);
        match self {
            Self::OneOf(_) => named,
            Self::NoneOf(_) => !named,
        }
    }

    /// The words that are wanted, or not wanted.
    #[must_use]
    pub fn words(&self) -> &[String] {
        match self {
            Self::OneOf(words) | Self::NoneOf(words) => words,
        }
    }

    /// `required or direct`; `anything but never`.
    #[must_use]
    pub fn phrase(&self, language: Language) -> String {
        let words: Vec<&str> = self.words().iter().map(|word| shown(word, language)).collect();
        let list = match words.as_slice() {
            [] => String::new(),
            [only] => (*only).to_owned(),
            [first @ .., last] => format!("{} {} {last}", first.join(", "), language.choose("or", "ou")),
        };
        match self {
            Self::OneOf(_) => list,
            Self::NoneOf(_) => format!("{} {list}", language.choose("anything but", "autre chose que")),
        }
    }
}

impl Expected {
    /// What is there, as people are shown it.
    #[must_use]
    pub fn actual(&self, language: Language) -> &str {
        shown(&self.actual, language)
    }
}

/// An empty text is called so.
fn shown(word: &str, language: Language) -> &str {
    if word.is_empty() { language.choose("empty", "vide") } else { word }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn says_what_is_wanted() {
        let phrases = |wanted: Wanted| (wanted.phrase(Language::English), wanted.phrase(Language::French));
        let both = |english: &str, french: &str| (english.to_owned(), french.to_owned());
        assert_eq!(phrases(Wanted::OneOf(words(&["true"]))), both("true", "true"));
        assert_eq!(phrases(Wanted::OneOf(words(&["a", "b", ""]))), both("a, b or empty", "a, b ou vide"));
        assert_eq!(
            phrases(Wanted::NoneOf(words(&["a", "b"]))),
            both("anything but a or b", "autre chose que a ou b")
        );
    }

    #[test]
    fn admits_what_is_wanted() {
        let (one_of, none_of) = (Wanted::OneOf(words(&["a", ""])), Wanted::NoneOf(words(&["a"])));
        assert!(one_of.admits("a") && one_of.admits("") && !one_of.admits("b"));
        assert!(!none_of.admits("a") && none_of.admits("b") && none_of.admits(""));
    }
}
