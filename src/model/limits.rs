//! How much of somebody’s files is looked at: the only place in which that stands.
//!
//! Files may be made to exhaust whoever reads them. What clients and people write stays far below every number here,
//! and reading what is just below needs some 40 MB; what goes beyond is judged as far as the number goes, and the
//! report says that there is more.

use std::borrow::Cow;

use super::Language;
use super::words::words;

/// The largest text file that is read where nobody asks for more, in bytes. Clients write 3.5 KB an account; fifty
/// accounts, or preferences with everything in them, make less than a fifth of this.
pub const TEXT: u64 = 1 << 20;

/// The same for lists of contacts, and for copies of files that may be such. What is read of one is bounded by
/// [`HELD`]; this bounds for how long it is read.
pub const CONTACT_LIST: u64 = 1 << 30;

/// The largest list of contacts that is held in memory as a whole, in bytes, and how much of a larger one: 600 bytes a
/// contact, so that nearly 7,000 fit.
pub const HELD: u64 = 4 << 20;

/// Contacts on one and the same host of a list that is not held as a whole: one more than there are findings of one rule
/// in a file, so that it is noticed that there are more.
pub const CONTACTS_OF_HOST: usize = FINDINGS + 1;

/// The largest file on standard input, in bytes: it may be a database.
pub const STANDARD_INPUT: u64 = 64 << 20;

/// How many folders a file may lie in that is opened. Each costs a look, and a tree of ten thousand with a file in each
/// would cost fifty million.
pub const DEPTH: usize = 256;

/// The largest version of a file in the history of a repository, in bytes, and the largest database on standard input:
/// they are held in memory as a whole.
pub const VERSION: u64 = 32 << 20;

/// What SQLite may take of memory in all, in bytes: such a database, and as much again as reading any takes. A row that
/// claims 4 GiB would have it make a list of 64 MiB before it looks.
pub const SQLITE: u64 = 56 << 20;

/// The largest start-up file that is read, in bytes: people write them by hand. Each character needs twenty bytes of
/// memory while it is looked at.
pub const STARTUP: usize = 128 << 10;

/// All cells of a table that are read as JSON together, in bytes. Gajim keeps some hundred bytes a contact and 10 KiB
/// of other things an account; what is read takes up to sixteen times as much memory.
pub const CELLS: usize = 1 << 20;

/// What is read again of a profile's files to plan what the program can do about its findings, in bytes: each plan reads
/// its file anew. Clients' own files are some kilobytes long.
pub const PLANS: u64 = 4 << 20;

/// The same where files are to be put right, in each of several rounds.
pub const REPAIRS: u64 = 64 << 20;

/// Accounts of a profile, whether or not they are in use. Nobody has a fiftieth of that.
pub const ACCOUNTS: usize = 500;

/// Rooms of a profile.
pub const ROOMS: usize = 5_000;

/// Contacts of a profile, and conversations. Large companies share lists of some thousand people.
pub const CONTACTS: usize = 10_000;

/// Everything else that a profile has many of: proxies, habits, commands, settings without effect.
pub const ENTRIES: usize = 1_000;

/// Keys of a key file, all groups together: Profanity knows 36 of an account.
pub const KEYS: usize = 50_000;

/// Sections of Gajim’s text file, of which there are one or two a contact.
pub const SECTIONS: usize = CONTACTS;

/// Tags of preferences. Pidgin writes some three thousand.
pub const TAGS: usize = 100_000;

/// Findings of one rule in one file: who has so many puts them right by a script, and audits again.
pub const FINDINGS: usize = 200;

/// The longest address, in bytes (RFC 7622, section 3.1: three parts of 1023 bytes, and what stands between them).
pub const ADDRESS: usize = 3071;

/// The longest name, place in words or pointer that is remembered, in bytes. Each is copied to many places, and a name
/// may be as long as its file.
pub const NAME: usize = 1000;

/// Elements of an XML document, and its attributes and pieces of text, each. A list of contacts of 4 MiB has 70,000
/// elements and 140,000 pieces of text.
pub const ELEMENTS: usize = 100_000;
/// See [`ELEMENTS`].
pub const ATTRIBUTES: usize = 2 * ELEMENTS;
/// See [`ELEMENTS`].
pub const PIECES: usize = 2 * ELEMENTS;

/// Attributes of one element, of which no client writes more than ten.
pub const ATTRIBUTES_OF_ELEMENT: usize = 10_000;

/// A name as it is remembered: all of it, or its beginning where it is longer than [`NAME`].
#[must_use]
pub fn shortened(name: &str) -> Cow<'_, str> {
    if name.len() <= NAME {
        return Cow::Borrowed(name);
    }
    let end = (0..=NAME).rev().find(|end| name.is_char_boundary(*end)).unwrap_or(0);
    Cow::Owned(format!("{}…", name.get(..end).unwrap_or_default()))
}

words! {
    /// What there is too much of.
    Plenty {
        /// Accounts.
        Accounts = "accounts",
        /// Rooms.
        Rooms = "rooms",
        /// Contacts or conversations.
        Contacts = "contacts",
        /// Settings, commands and the like.
        Entries = "entries",
        /// Elements, attributes, groups or values of a text.
        Parts = "parts",
        /// Bytes of settings in a database.
        Bytes = "bytes",
        /// Places at which one and the same rule finds something.
        Findings = "findings",
    }
}

impl Plenty {
    /// That there is more of it than is looked at, and what to do about it, as a sentence.
    #[must_use]
    pub fn sentence(self, most: usize, language: Language) -> String {
        match (self, language) {
            (Self::Findings, Language::English) => format!(
                "One and the same rule finds something at more than {most} places of it, and the worst of them are told: put these right and audit again."
            ),
            (Self::Findings, Language::French) => format!(
                "Une même règle trouve quelque chose à plus de {most} endroits, et les plus graves sont indiqués : remédiez à ceux-ci et relancez l’audit."
            ),
            (_, Language::English) => format!(
                "It holds more than {most} {}, and only the first of them were looked at: see whether it really is the client’s.",
                self.noun(language)
            ),
            (_, Language::French) => format!(
                "Il contient plus de {most} {}, et seuls les premiers ont été examinés : vérifiez que c’est bien celui du client.",
                self.noun(language)
            ),
        }
    }

    const fn noun(self, language: Language) -> &'static str {
        let (english, french) = match self {
            Self::Accounts => ("accounts", "comptes"),
            Self::Rooms => ("rooms", "salons"),
            Self::Contacts => ("contacts or conversations", "contacts ou conversations"),
            Self::Entries => ("settings or commands of one kind", "réglages ou ordres d’une même sorte"),
            Self::Parts => ("elements, groups or values", "éléments, groupes ou valeurs"),
            Self::Bytes => ("bytes of settings", "octets de réglages"),
            Self::Findings => ("findings", "constats"),
        };
        language.choose(english, french)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn long_names_end_early_and_cut_no_character_in_two() {
        let name = "€".repeat(NAME);
        assert_eq!(shortened(&name), format!("{}…", "€".repeat(NAME / 3)));
        let name = "x".repeat(NAME);
        assert_eq!(shortened(&name), name);
    }

    #[test]
    fn whatever_there_is_too_much_of_is_said_with_its_number() {
        let mut seen = HashSet::new();
        for what in Plenty::ALL {
            for language in Language::ALL {
                let sentence = what.sentence(4711, *language);
                assert!(sentence.contains("4711") && sentence.ends_with('.'), "{sentence}");
                assert!(seen.insert(sentence), "{what:?}");
            }
        }
    }
}
