//! The languages that people are spoken to in.

use super::words::words;

words! {
    /// A language of the rule pages and of the report's own words.
    #[derive(Default)]
    Language {
        /// English, the language of the rule pages themselves.
        #[default]
        English = "en",
        /// French, `rules/fr`.
        French = "fr",
    }
}

impl Language {
    /// The language of a locale name such as `fr_CA.UTF-8`; English for any that is not known.
    #[must_use]
    pub fn of_locale(locale: &str) -> Self {
        let language = locale.split(['_', '.', '@', '-']).next().unwrap_or_default();
        if language.eq_ignore_ascii_case("fr") { Self::French } else { Self::English }
    }

    /// One of two texts.
    #[must_use]
    pub const fn choose<'a>(self, english: &'a str, french: &'a str) -> &'a str {
        match self {
            Self::English => english,
            Self::French => french,
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::collections::HashSet;

    use super::Language;

    /// Every phrase can end a sentence, says something of its own, and is translated.
    pub(in crate::model) fn check_phrases<T: Copy>(all: &[T], phrase: impl Fn(T, Language) -> &'static str) {
        for language in Language::ALL {
            let phrases: Vec<_> = all.iter().map(|value| phrase(*value, *language)).collect();
            for phrase in &phrases {
                let goes_on = phrase.starts_with(char::is_lowercase) || phrase.starts_with("SQLite");
                assert!(goes_on && !phrase.ends_with('.'), "{phrase}");
            }
            assert_eq!(phrases.iter().collect::<HashSet<_>>().len(), all.len(), "one says what another says");
        }
        for value in all {
            assert_ne!(phrase(*value, Language::English), phrase(*value, Language::French));
        }
    }

    #[test]
    fn chooses_the_text_of_its_own() {
        assert_eq!(Language::English.choose("yes", "oui"), "yes");
        assert_eq!(Language::French.choose("yes", "oui"), "oui");
    }

    #[test]
    fn reads_locale_names() {
        assert_eq!(Language::of_locale("fr_CA.UTF-8"), Language::French);
        assert_eq!(Language::of_locale("fr"), Language::French);
        assert_eq!(Language::of_locale("C.UTF-8"), Language::English);
        assert_eq!(Language::of_locale("frp_IT"), Language::English);
        assert_eq!(Language::of_locale(""), Language::English);
    }
}
