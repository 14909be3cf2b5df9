//! Words that stand wherever something in an entry matters beside its address.

use aho_corasick::AhoCorasick;
use aho_corasick::packed::Searcher;

/// Parts of names wherever there may be a secret, in any case.
const OF_SECRETS: [&str; 5] = ["passw", "passphrase", "token", "secret", "cookie"];

/// What stands before an address with a login, or the name of one.
const OF_LOGINS: [&str; 2] = ["bosh_url", "://"];

/// What stands wherever an entry has settings of its own that the audit knows.
const OF_SETTINGS: [&str; 3] = ["enable-logging", "autoaccept", "OTR/"];

/// What may stand for a letter of any of these.
const DISGUISE: &[u8] = b"&#";

/// Searches texts for all of them at once.
pub(super) struct Words {
    /// Finds where any of them may begin, by so many bytes and in any case.
    beginnings: Option<Searcher>,
    anywhere: Option<AhoCorasick>,
}

/// How many bytes of a word are looked for first.
const BEGINNING: usize = 3;

/// What a text has in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Hits {
    /// Maybe a secret.
    pub secrets: bool,
    /// Maybe settings.
    pub settings: bool,
}

impl Words {
    pub(super) fn new() -> Self {
        let as_written = || OF_LOGINS.into_iter().chain(OF_SETTINGS);
        let all = || OF_SECRETS.into_iter().chain(as_written());
        let beginning = |word: &'static str| word.bytes().take(BEGINNING).collect();
        let mut beginnings: Vec<Vec<u8>> = OF_SECRETS.into_iter().flat_map(spellings).collect();
        beginnings.extend(as_written().map(beginning));
        beginnings.sort_unstable();
        beginnings.dedup();
        // So many beginnings fit into a search of 32 bytes at once; not every processor has it.
        let anywhere = AhoCorasick::builder().ascii_case_insensitive(true).build(all());
        Self { beginnings: Searcher::new(beginnings), anywhere: anywhere.ok() }
    }

    /// What a text has in it.
    pub(super) fn of(&self, text: &str) -> Hits {
        let is_disguised = memchr::memmem::find(text.as_bytes(), DISGUISE).is_some();
        let mut hits = Hits { secrets: is_disguised, settings: is_disguised };
        match (&self.beginnings, &self.anywhere) {
            (Some(beginnings), _) => beginnings.find_iter(text).for_each(|found| hits.note(text, found.start())),
            (None, Some(anywhere)) => anywhere.find_iter(text).for_each(|found| hits.note(text, found.start())),
            (None, None) => hits = Hits { secrets: true, settings: true },
        }
        hits
    }
}

impl Hits {
    fn note(&mut self, text: &str, at: usize) {
        let rest = text.as_bytes().get(at..).unwrap_or_default();
        let begins = |word: &&str| rest.starts_with(word.as_bytes());
        let begins_in_any_case =
            |word: &&str| rest.get(..word.len()).is_some_and(|text| text.eq_ignore_ascii_case(word.as_bytes()));
        self.secrets |= OF_SECRETS.iter().any(begins_in_any_case) || OF_LOGINS.iter().any(begins);
        self.settings |= OF_SETTINGS.iter().any(begins);
    }
}

/// The beginning of a word in all mixtures of small and capital letters.
fn spellings(word: &str) -> Vec<Vec<u8>> {
    let mut spellings = vec![Vec::new()];
    for byte in word.bytes().take(BEGINNING) {
        let (small, capital) = (byte.to_ascii_lowercase(), byte.to_ascii_uppercase());
        let also: Vec<Vec<u8>> = if small == capital { Vec::new() } else { spellings.clone() };
        spellings.iter_mut().for_each(|spelling| spelling.push(small));
        spellings.extend(also.into_iter().map(|mut spelling| {
            spelling.push(capital);
            spelling
        }));
    }
    spellings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_words_in_any_case_and_wherever_they_stand() {
        let fast = Words::new();
        assert!(fast.beginnings.is_some() || !cfg!(target_arch = "x86_64"));
        let slow = Words { beginnings: None, ..Words::new() };
        let filler = "a person of no importance ".repeat(9);
        for (word, secrets, settings) in [
            ("PassWord", true, false),
            ("passphrase", true, false),
            ("TOKEN", true, false),
            ("xmpp://a:b@c", true, false),
            ("&#x70;", true, true),
            ("&#112;", true, true),
            ("enable-logging", false, true),
            ("OTR/enabled", false, true),
            ("autoaccept", false, true),
            ("passage", false, false),
            ("secession", false, false),
            ("&amp;", false, false),
        ] {
            for text in [word.to_owned(), format!("{filler}{word}"), format!("{word}{filler}")] {
                assert_eq!(fast.of(&text), Hits { secrets, settings }, "{text}");
                assert_eq!(slow.of(&text), Hits { secrets, settings }, "{text}");
            }
        }
        assert_eq!(fast.of(&filler), Hits::default());
    }
}
