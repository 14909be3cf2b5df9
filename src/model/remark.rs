//! What there is to say about a configuration or a baseline that an audit went by.

use super::Language;

/// Something that a configuration or a baseline says in vain, or no longer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remark {
    /// An `[[ignore]]` hides nothing.
    IgnoreUnused {
        /// The line on which it begins, counted from 1.
        line: usize,
        /// Its rule's id.
        rule: String,
    },
    /// An `[[ignore]]` holds no longer.
    IgnoreExpired {
        /// The line on which it begins, counted from 1.
        line: usize,
        /// Its rule's id.
        rule: String,
        /// The last day on which it held.
        expires: String,
    },
    /// An entry of the baseline holds no longer.
    BaselineExpired {
        /// Its rule's id.
        rule: String,
        /// The place in words.
        place: String,
        /// The last day on which it held.
        expires: String,
    },
    /// A configuration is not the caller's own, so it can only make things stricter.
    Limited {
        /// The keys that make things stricter.
        stricter: Vec<String>,
        /// The keys that are without effect.
        without_effect: Vec<String>,
    },
    /// A configuration that is not the caller's own cannot be understood; why, as the end of a sentence.
    Broken(String),
}

impl Remark {
    /// What is in vain and what to do about it, as a sentence or two.
    #[must_use]
    pub fn sentence(&self, language: Language) -> String {
        match language {
            Language::English => self.english(),
            Language::French => self.french(),
        }
    }

    fn english(&self) -> String {
        match self {
            Self::IgnoreUnused { line, rule } => {
                format!(
                    "The [[ignore]] of {rule} on line {line} matches nothing of what was audited: remove it, unless it is for something else."
                )
            }
            Self::IgnoreExpired { line, rule, expires } => format!(
                "The [[ignore]] of {rule} on line {line} held until {expires} and hides nothing any more: put the problem right, or give it a new date."
            ),
            Self::BaselineExpired { rule, place, expires } => format!(
                "What the baseline says of {rule} at {place} held until {expires} and hides nothing any more: put the problem right, or give it a new date."
            ),
            Self::Limited { stricter, without_effect } => {
                let mut sentence = "This configuration belongs to somebody else or lies inside of what is audited, so it can only make things stricter.".to_owned();
                if !stricter.is_empty() {
                    sentence.push_str(&format!(" In effect: {}.", stricter.join(", ")));
                }
                if !without_effect.is_empty() {
                    sentence.push_str(&format!(
                        " Without effect: {}. If you trust it, name it with --config.",
                        without_effect.join(", ")
                    ));
                }
                sentence
            }
            Self::Broken(why) => format!("This configuration cannot be understood and was passed over: {why}."),
        }
    }

    fn french(&self) -> String {
        match self {
            Self::IgnoreUnused { line, rule } => {
                format!(
                    "Le [[ignore]] de {rule}, ligne {line}, ne correspond à rien de ce qui a été audité : supprimez-le, à moins qu’il ne serve ailleurs."
                )
            }
            Self::IgnoreExpired { line, rule, expires } => format!(
                "Le [[ignore]] de {rule}, ligne {line}, valait jusqu’au {expires} et ne masque plus rien : remédiez au problème, ou donnez une nouvelle date."
            ),
            Self::BaselineExpired { rule, place, expires } => format!(
                "Ce que l’état de référence dit de {rule} à {place} valait jusqu’au {expires} et ne masque plus rien : remédiez au problème, ou donnez une nouvelle date."
            ),
            Self::Limited { stricter, without_effect } => {
                let mut sentence = "Cette configuration appartient à quelqu’un d’autre ou se trouve dans ce qui est audité ; elle ne peut donc que rendre l’audit plus strict.".to_owned();
                if !stricter.is_empty() {
                    sentence.push_str(&format!(" En vigueur : {}.", stricter.join(", ")));
                }
                if !without_effect.is_empty() {
                    sentence.push_str(&format!(
                        " Sans effet : {}. Si vous lui faites confiance, indiquez-la avec --config.",
                        without_effect.join(", ")
                    ));
                }
                sentence
            }
            Self::Broken(why) => {
                format!("Cette configuration est incompréhensible, elle a été laissée de côté : {why}.")
            }
        }
    }

    /// The remark with every text that may come out of somebody's file changed by `change`.
    #[must_use]
    pub fn map_texts(&self, change: impl Fn(&str) -> String) -> Self {
        let all = |texts: &[String]| texts.iter().map(|text| change(text)).collect();
        match self {
            Self::IgnoreUnused { line, rule } => Self::IgnoreUnused { line: *line, rule: change(rule) },
            Self::IgnoreExpired { line, rule, expires } => {
                Self::IgnoreExpired { line: *line, rule: change(rule), expires: change(expires) }
            }
            Self::BaselineExpired { rule, place, expires } => {
                Self::BaselineExpired { rule: change(rule), place: change(place), expires: change(expires) }
            }
            Self::Limited { stricter, without_effect } => {
                Self::Limited { stricter: all(stricter), without_effect: all(without_effect) }
            }
            Self::Broken(why) => Self::Broken(change(why)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_remark_is_translated_and_names_what_it_is_about() {
        let words = |list: &[&str]| list.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let (rule, expires) = (|| "password-stored".to_owned(), || "2027-01-31".to_owned());
        for (remark, named) in [
            (Remark::IgnoreUnused { line: 7, rule: rule() }, &["7", "password-stored"][..]),
            (
                Remark::IgnoreExpired { line: 7, rule: rule(), expires: expires() },
                &["7", "password-stored", "2027-01-31"],
            ),
            (
                Remark::BaselineExpired { rule: rule(), place: "accounts".to_owned(), expires: expires() },
                &["password-stored", "accounts", "2027-01-31"],
            ),
            (
                Remark::Limited { stricter: words(&["fail-on"]), without_effect: words(&["ignore", "select"]) },
                &["fail-on", "ignore, select", "--config"],
            ),
            (Remark::Broken("line 3".to_owned()), &["line 3"]),
        ] {
            let (english, french) = (remark.sentence(Language::English), remark.sentence(Language::French));
            assert_ne!(english, french);
            for sentence in [english, french] {
                assert!(sentence.ends_with('.'), "{sentence}");
                named.iter().for_each(|word| assert!(sentence.contains(word), "{word}: {sentence}"));
            }
            assert_eq!(remark.map_texts(str::to_owned), remark);
            let marked = remark.map_texts(|text| format!("<{text}>")).sentence(Language::English);
            assert!(marked.contains('<'), "{marked}");
        }
        let nothing_in_vain = Remark::Limited { stricter: words(&["fail-on"]), without_effect: Vec::new() };
        assert!(!nothing_in_vain.sentence(Language::English).contains("--config"));
    }
}
