//! Facts: what conditions and messages of rules can speak of.
//!
//! Facts in Rust, judgements in rules: when a rule needs something new, a fact is added to one of the tables
//! here. The tables say which names there are, of what kind each is and where it stands, so that a rule with a
//! wrong name or word in it is refused when it is loaded.

mod account;
mod file;
mod habit;
mod other;
mod published;
mod room;
mod whole;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use minijinja::Value;
use minijinja::value::Object;

use crate::clients;
use crate::model::{Language, Place, Profile, Setting, Tracked};
use crate::providers::Providers;
pub use whole::Whole;

/// What a rule is about; most facts belong to one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SubjectKind {
    /// One account.
    Account,
    /// One room that a client remembers.
    Room,
    /// One contact that a client remembers.
    Contact,
    /// One proxy that is written down.
    Proxy,
    /// One client's files for one user.
    Profile,
    /// One file.
    File,
    /// One setting that does nothing.
    Setting,
    /// One line that changes how a client starts.
    Launch,
    /// One thing that a client does beside logging in.
    Habit,
    /// One command that is kept for the user.
    Command,
    /// One conversation.
    Conversation,
    /// One secret in the history of a repository.
    Published,
}

impl SubjectKind {
    /// Every kind, with the name that rules use.
    pub const ALL: [(Self, &'static str); 12] = [
        (Self::Account, "account"),
        (Self::Room, "room"),
        (Self::Contact, "contact"),
        (Self::Proxy, "proxy"),
        (Self::Profile, "profile"),
        (Self::File, "file"),
        (Self::Setting, "setting"),
        (Self::Launch, "launch"),
        (Self::Habit, "habit"),
        (Self::Command, "command"),
        (Self::Conversation, "conversation"),
        (Self::Published, "published"),
    ];

    /// The name that rules and reports use.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("", |(_, word)| word)
    }

    /// The kind of that name.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, name)| *name == word).map(|(kind, _)| *kind)
    }

    /// How many subjects of this kind a profile has.
    #[must_use]
    pub fn count(self, profile: &Profile) -> usize {
        match self {
            Self::Account => profile.accounts.len(),
            Self::Room => profile.rooms.len(),
            Self::Contact => profile.contacts.len(),
            Self::Proxy => profile.proxies.len(),
            Self::Profile => 1,
            Self::File => profile.files.len(),
            Self::Setting => profile.idle_settings.len(),
            Self::Launch => profile.launches.len(),
            Self::Habit => profile.habits.len(),
            Self::Command => profile.commands.len(),
            Self::Conversation => profile.conversations.len(),
            Self::Published => profile.published.len(),
        }
    }
}

/// What kind of value a fact has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactKind {
    /// True or false.
    Truth,
    /// One of these words, written without quotes.
    Word(&'static [&'static str]),
    /// Text; empty where there is nothing to say.
    Text,
    /// A whole number.
    Number,
}

/// One fact.
#[derive(Debug)]
pub struct Fact {
    /// Its name: `account.exposure.strips`.
    pub name: &'static str,
    /// The kind of its value.
    pub kind: FactKind,
    /// What it says, for writers of rules.
    pub about: &'static str,
    value: fn(&View) -> Option<Value>,
    place: fn(&View) -> Option<Mark<'_>>,
}

/// Where a fact stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark<'a> {
    /// The place, or the element in which it would stand.
    pub place: &'a Place,
    /// The client's default in its own spelling, if nothing is written.
    pub default_word: Option<&'static str>,
}

impl<'a> Mark<'a> {
    /// Something that stands at a place.
    #[must_use]
    pub const fn at(place: &'a Place) -> Self {
        Self { place, default_word: None }
    }

    /// A setting.
    #[must_use]
    pub const fn of<T>(setting: &'a Setting<T>) -> Self {
        Self { place: setting.place(), default_word: setting.default_word() }
    }
}

impl Fact {
    /// A fact that stands nowhere in particular.
    const fn new(
        name: &'static str,
        kind: FactKind,
        about: &'static str,
        value: fn(&View) -> Option<Value>,
    ) -> Self {
        Self { name, kind, about, value, place: |_| None }
    }

    /// The same fact, standing at a place.
    const fn at(mut self, place: fn(&View) -> Option<Mark<'_>>) -> Self {
        self.place = place;
        self
    }

    /// Its value in a view: empty, 0 or false where there is nothing to say.
    #[must_use]
    pub fn value(&self, view: &View) -> Value {
        (self.value)(view).unwrap_or_else(|| match self.kind {
            FactKind::Truth => false.into(),
            FactKind::Number => 0.into(),
            FactKind::Word(_) | FactKind::Text => "".into(),
        })
    }

    /// Where it stands in a view, if anywhere.
    #[must_use]
    pub fn mark<'a>(&self, view: &'a View) -> Option<Mark<'a>> {
        (self.place)(view)
    }

    /// The subject that it belongs to; none if it is there for all.
    #[must_use]
    pub fn subject(&self) -> Option<SubjectKind> {
        let first = self.name.split('.').next().unwrap_or_default();
        SubjectKind::of_word(first).filter(|kind| *kind != SubjectKind::Profile)
    }
}

/// Every table of facts.
const TABLES: [&[Fact]; 6] =
    [account::FACTS, room::FACTS, file::FACTS, habit::FACTS, published::FACTS, other::FACTS];

/// Every fact.
pub fn all() -> impl Iterator<Item = &'static Fact> {
    TABLES.into_iter().flatten()
}

/// The fact of that name.
#[must_use]
pub fn by_name(name: &str) -> Option<&'static Fact> {
    static FACTS: OnceLock<HashMap<&str, &Fact>> = OnceLock::new();
    FACTS.get_or_init(|| all().map(|fact| (fact.name, fact)).collect()).get(name).copied()
}

/// Every word that a fact can have as its value.
pub fn words() -> &'static BTreeSet<&'static str> {
    static WORDS: OnceLock<BTreeSet<&str>> = OnceLock::new();
    WORDS.get_or_init(|| {
        let words = all().filter_map(|fact| match fact.kind {
            FactKind::Word(words) => Some(words),
            _ => None,
        });
        words.flatten().copied().collect()
    })
}

/// One subject of a profile, as rules see it.
#[derive(Clone)]
pub struct View {
    /// The profile.
    pub profile: Arc<Profile>,
    /// What kind of subject.
    pub kind: SubjectKind,
    /// Which of its kind.
    pub number: usize,
    /// The language of facts that are phrases.
    pub language: Language,
    /// What was found out about the profile as a whole.
    pub whole: Arc<Whole>,
    /// What is known about providers, where that is more than what is part of the program.
    pub own_providers: Option<Arc<Providers>>,
}

impl View {
    /// The title of the profile's client: `Pidgin`.
    #[must_use]
    pub fn client_title(&self) -> &'static str {
        clients::by_name(self.profile.client.0).map_or(self.profile.client.0, clients::Client::title)
    }

    /// The providers that are known.
    #[must_use]
    pub fn providers(&self) -> &Providers {
        self.own_providers.as_deref().unwrap_or_else(|| Providers::embedded())
    }

    /// Whether an account of the profile lives on a host, given in its normal form.
    fn is_own_domain(&self, host: &str) -> bool {
        self.whole.has_account_on(&self.profile, host)
    }

    /// Whether git keeps the file of a place.
    fn is_tracked(&self, place: &Place) -> bool {
        self.profile.file(place.file).is_some_and(|file| file.tracked == Tracked::Tracked)
    }

    /// The JID of the account with that number.
    fn account_jid(&self, number: Option<usize>) -> Option<String> {
        self.profile.accounts.get(number?).map(|account| account.address.value.bare())
    }

    /// The view as the root of the names in conditions and messages.
    #[must_use]
    pub fn into_value(self) -> Value {
        Value::from_object(Node { view: Arc::new(self), branch: tree() })
    }
}

/// The names of facts as a tree: `account`, below it `exposure`, below it `strips`.
#[derive(Default)]
struct Branch {
    fact: Option<&'static Fact>,
    below: BTreeMap<&'static str, Branch>,
}

fn tree() -> &'static Branch {
    static TREE: OnceLock<Branch> = OnceLock::new();
    TREE.get_or_init(|| {
        let mut root = Branch::default();
        for fact in all() {
            let mut branch = &mut root;
            for part in fact.name.split('.') {
                branch = branch.below.entry(part).or_default();
            }
            branch.fact = Some(fact);
        }
        root
    })
}

/// A point in the tree of names, looked at in one view.
struct Node {
    view: Arc<View>,
    branch: &'static Branch,
}

impl std::fmt::Debug for Node {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("facts")
    }
}

impl Object for Node {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        match self.branch.below.get(key) {
            Some(Branch { fact: Some(fact), .. }) => Some(fact.value(&self.view)),
            Some(branch) => Some(Value::from_object(Self { view: Arc::clone(&self.view), branch })),
            // At the root every word of every fact is a name for itself.
            None if std::ptr::eq(self.branch, tree()) => words().get(key).map(|word| Value::from(*word)),
            None => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_well_formed() {
        let names: Vec<_> = all().map(|fact| fact.name).collect();
        for name in &names {
            assert_eq!(names.iter().filter(|other| other == &name).count(), 1, "{name}");
            let inner = format!("{name}.");
            assert!(!names.iter().any(|other| other.starts_with(&inner)), "{name} is a fact and a group of facts");
            let first = name.split('.').next().unwrap();
            assert!(SubjectKind::of_word(first).is_some() || first.starts_with("client"), "{name}");
        }
    }

    #[test]
    fn no_word_is_the_name_of_a_fact() {
        for word in words() {
            assert!(!all().any(|fact| fact.name.split('.').next() == Some(word)), "{word}");
            assert!(
                !["none", "true", "false", "and", "or", "not", "in", "is", "if", "else"].contains(word),
                "{word}"
            );
        }
    }
}
