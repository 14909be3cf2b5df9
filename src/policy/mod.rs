//! Policies: what somebody wants beyond, or short of, what the rules say by themselves.
//!
//! A policy is a TOML file. It can extend another one, take other severities than those of the pages, turn rules
//! off, and require facts to have certain values. Everything in it is checked when it is loaded, against the rules
//! that it is loaded for.

mod chain;
mod read;
mod shape;

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::Severity;
use crate::model::Language;
use crate::rules::{Requirement, RuleError, RuleSet};

/// The policy that changes nothing: what is judged by where none is named.
pub const BASELINE: &str = "baseline";

include!(concat!(env!("OUT_DIR"), "/policies.rs"));

/// The names of the policies that are part of the program, the baseline first.
pub fn names() -> impl Iterator<Item = &'static str> {
    let others = POLICIES.iter().map(|(name, _)| *name).filter(|name| *name != BASELINE);
    std::iter::once(BASELINE).chain(others)
}

/// A policy with everything that it has from the ones that it extends.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Its name, or the path of its file as it was given.
    pub name: String,
    /// The names of the policies that it extends, the nearest first.
    pub extends: Vec<String>,
    /// How bad rules are, other things being equal, by their ids, where that is not as their pages say.
    pub severities: BTreeMap<String, Severity>,
    /// The ids of the rules that are not judged by.
    pub off: BTreeSet<String>,
    /// What facts are to be.
    pub requirements: Vec<Requirement>,
    title: Text,
    about: Text,
}

/// A text in every language.
#[derive(Clone, Debug, Default)]
struct Text {
    english: String,
    french: Option<String>,
}

impl Policy {
    /// The policy of that name, or in that file: a name with a `/` in it, or one that ends in `.toml`, is a path;
    /// any other is one only if no policy is called so.
    ///
    /// # Errors
    /// Says what is wrong with the policy or one that it extends, and on which line.
    pub fn load(name: &str, rules: &RuleSet) -> Result<Self, RuleError> {
        chain::load(name, rules)
    }

    /// Its title, in English where there is no translation.
    #[must_use]
    pub fn title(&self, language: Language) -> &str {
        self.title.in_language(language)
    }

    /// What it is for, in English where there is no translation.
    #[must_use]
    pub fn about(&self, language: Language) -> &str {
        self.about.in_language(language)
    }

    /// Whether it wants nothing but the rules as they are.
    #[must_use]
    pub fn changes_nothing(&self) -> bool {
        self.severities.is_empty() && self.off.is_empty() && self.requirements.is_empty()
    }

    /// Whether a rule is not judged by.
    #[must_use]
    pub fn turns_off(&self, rule: &str) -> bool {
        self.off.contains(rule)
    }
}

impl Text {
    fn in_language(&self, language: Language) -> &str {
        match language {
            Language::French => self.french.as_deref().unwrap_or(&self.english),
            Language::English => &self.english,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use tempfile::TempDir;

    use super::*;

    fn rules() -> RuleSet {
        RuleSet::embedded(Language::French).unwrap()
    }

    /// Policies in a folder of their own.
    fn folder(policies: &[(&str, &str)]) -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in policies {
            fs::write(folder.path().join(name), text).unwrap();
        }
        folder
    }

    fn load(folder: &TempDir, name: &str) -> Result<Policy, RuleError> {
        Policy::load(folder.path().join(name).to_str().unwrap(), &rules())
    }

    /// A requirement of a fact of accounts.
    fn require(fact: &str, is: &str, rule: &str) -> String {
        format!("[[require]]\nfact = \"{fact}\"\nis = {is}\nrule = \"{rule}\"\nseverity = \"high\"\n")
    }

    #[test]
    fn the_policies_of_the_program_are_sound() {
        let rules = rules();
        assert_eq!(names().next(), Some(BASELINE));
        for name in names() {
            let policy = Policy::load(name, &rules).unwrap_or_else(|error| panic!("{error}"));
            for language in [Language::English, Language::French] {
                assert!(!policy.title(language).is_empty() && !policy.about(language).is_empty(), "{name}");
            }
            assert_ne!(policy.title(Language::English), policy.title(Language::French), "{name}");
            assert_ne!(policy.about(Language::English), policy.about(Language::French), "{name}");
            assert_eq!(policy.changes_nothing(), name == BASELINE, "{name}");
        }
    }

    #[test]
    fn only_where_the_system_does_it_all_is_anything_milder_and_nothing_says_what_a_page_says_already() {
        let rules = rules();
        for name in names() {
            for (rule, severity) in Policy::load(name, &rules).unwrap().severities {
                let of_page = rules.page(&rule).unwrap().severity;
                let milder = name == "tor-transparent" && rule.starts_with("proxy-");
                assert!(if milder { severity < of_page } else { severity > of_page }, "{name}: {rule}");
            }
        }
    }

    #[test]
    fn what_extends_has_the_last_word() {
        let one = require("account.encryption", "[\"required\"]", "encryption-optional");
        let other = require("account.password", "\"absent\"", "password-stored");
        let first = format!("[severity]\npassword-stored = \"high\"\nlegacy-login = \"low\"\n{one}{other}");
        let again = require("account.encryption", "[\"direct\"]", "encryption-optional");
        let second = format!("extends = \"first.toml\"\n[severity]\nlegacy-login = \"high\"\n{again}");
        let third = "extends = \"second.toml\"\n[rules]\noff = [\"secrets\", \"legacy-login\"]\n";
        let folder = folder(&[("first.toml", &first), ("second.toml", &second), ("third.toml", third)]);

        let policy = load(&folder, "second.toml").unwrap();
        assert_eq!(policy.extends, ["first.toml"]);
        assert_eq!(policy.severities["password-stored"], Severity::High);
        assert_eq!(policy.severities["legacy-login"], Severity::High);
        let wanted: Vec<_> =
            policy.requirements.iter().map(|wanted| (wanted.fact.name, wanted.wanted.words().concat())).collect();
        assert_eq!(
            wanted,
            [("account.password", "absent".to_owned()), ("account.encryption", "direct".to_owned())]
        );
        // All of it is wanted by the policy that was asked for.
        assert!(policy.requirements.iter().all(|wanted| wanted.policy == policy.name));

        let policy = load(&folder, "third.toml").unwrap();
        assert_eq!(policy.extends, ["second.toml", "first.toml"]);
        assert!(policy.turns_off("password-stored") && policy.turns_off("legacy-login"));
        assert!(!policy.turns_off("encryption-optional"));
        assert!(policy.severities.is_empty());
        assert_eq!(policy.requirements.len(), 1);
    }

    #[test]
    fn a_file_of_ones_own_extends_a_policy_of_the_program() {
        let folder = folder(&[("ours.toml", "extends = \"tor-transparent\"\ntitle.en = \"Ours\"\n")]);
        let policy = load(&folder, "ours.toml").unwrap();
        assert_eq!(policy.extends, ["tor-transparent", "tor"]);
        assert_eq!((policy.title(Language::English), policy.title(Language::French)), ("Ours", "Ours"));
        assert_eq!(policy.about(Language::English), "");
        assert!(policy.turns_off("onion-without-tor"));
    }

    #[test]
    fn no_policy_extends_itself() {
        let folder = folder(&[
            ("one.toml", "\nextends = \"two.toml\""),
            ("two.toml", "\n\nextends = \"./three.toml\""),
            ("own.toml", "extends = \"own.toml\""),
        ]);
        let own = folder.path().file_name().unwrap().to_str().unwrap();
        let three = format!("extends = \"../{own}/one.toml\"");
        fs::write(folder.path().join("three.toml"), three).unwrap();
        for (name, place) in
            [("one.toml", "three.toml:1: "), ("two.toml", "one.toml:2: "), ("own.toml", "own.toml:1: ")]
        {
            let error = load(&folder, name).unwrap_err().to_string();
            assert!(error.contains(place) && error.contains("extends this policy"), "{error}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_does_not_hide_a_circle() {
        let folder = folder(&[("one.toml", "extends = \"two.toml\"")]);
        std::os::unix::fs::symlink("one.toml", folder.path().join("two.toml")).unwrap();
        assert!(load(&folder, "one.toml").unwrap_err().message.contains("extends this policy"));
    }

    #[test]
    fn what_says_nothing_is_refused() {
        let requirement = require("account.encryption", "\"direct\"", "encryption-optional");
        for (text, line) in [
            ("[rules]\noff = [\"encryption-optional\"]\n[severity]\nencryption-optional = \"low\"", 4),
            (&*format!("[rules]\noff = [\"transport\"]\n{requirement}"), 4),
            ("extends = \"tor-transparent\"\n[severity]\nproxy-mixed = \"low\"", 3),
        ] {
            let folder = folder(&[("ours.toml", text)]);
            let error = load(&folder, "ours.toml").unwrap_err();
            assert_eq!(error.line, Some(line), "{error}");
            assert!(error.message.contains("so this says nothing"), "{error}");
        }
    }

    #[test]
    fn mistakes_are_refused_with_their_line() {
        let requirement = |change: fn(&str) -> String| {
            let sound = "# ours\n[[require]]\nfact = \"account.encryption\"\nis = \"required\"\nrule = \"encryption-optional\"\nseverity = \"high\"\nwhen = \"account.enabled\"\n";
            change(sound)
        };
        let cases: [(String, usize, &str); 22] = [
            ("[severity]\nencrypton-optional = \"low\"".into(), 2, "did you mean “encryption-optional”?"),
            ("[severity]\nencryption-optional = \"severe\"".into(), 2, "“severe” is no severity"),
            ("[rules]\noff = [\n\"legacy-login\",\n\"lagacy-login\"]".into(), 4, "did you mean “legacy-login”?"),
            ("[rules]\nof = []".into(), 2, "unknown field `of`"),
            ("\ntitel = \"x\"".into(), 2, "unknown field `titel`"),
            ("title = \"x\"".into(), 1, "expected a text for each language"),
            ("extends = \"strickt\"".into(), 1, "did you mean “strict”?"),
            ("extends = [\"strict\"]".into(), 1, "expected a string"),
            ("x = ".into(), 1, ""),
            (
                requirement(|text| text.replace("account.encryption\"", "account.encrption\"")),
                3,
                "did you mean “account.encryption”?",
            ),
            (
                requirement(|text| text.replace("account.encryption\"", "optional\"")),
                3,
                "there is no fact “optional”",
            ),
            (requirement(|text| text.replace("account.encryption\"", "room.service\"")), 3, "about a room"),
            (requirement(|text| text.replace("\"required\"", "[\"required\", \"sent\"]")), 4, "is never “sent”"),
            (requirement(|text| text.replace("\"required\"", "true")), 4, "is never “true”"),
            (requirement(|text| text.replace("\"required\"", "[]")), 4, "say what “account.encryption” is to be"),
            (requirement(|text| text.replace("\"required\"", "1.5")), 4, "one word, number or truth"),
            (requirement(|text| text.replace("is = \"required\"\n", "")), 3, "say either what it is to be"),
            (
                requirement(|text| text.replace("is = ", "is_not = \"never\"\nis = ")),
                3,
                "say either what it is to be",
            ),
            (
                requirement(|text| text.replace("encryption-optional", "encryption-optionl")),
                5,
                "did you mean “encryption-optional”?",
            ),
            (requirement(|text| text.replace("\"high\"", "\"worst\"")), 6, "“worst” is no severity"),
            (
                requirement(|text| text.replace("account.enabled", "account.enabld")),
                7,
                "did you mean “account.enabled”?",
            ),
            (requirement(|text| text.replace("severity = \"high\"\n", "")), 2, "missing field `severity`"),
        ];
        for (text, line, message) in cases {
            let folder = folder(&[("ours.toml", &text)]);
            let error = load(&folder, "ours.toml").expect_err(&text);
            assert_eq!(error.line, Some(line), "{error}\n{text}");
            assert!(error.path.ends_with("ours.toml") && error.message.contains(message), "{error}\n{text}");
        }
        assert!(load(&folder(&[("ours.toml", &requirement(str::to_owned))]), "ours.toml").is_ok());
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        let folder = folder(&[]);
        fs::create_dir(folder.path().join("folder.toml")).unwrap();
        fs::write(folder.path().join("binary.toml"), [0xff, 0xfe]).unwrap();
        for (name, why) in
            [("nowhere.toml", "No such file"), ("folder.toml", "no regular file"), ("binary.toml", "UTF-8")]
        {
            let error = load(&folder, name).unwrap_err().to_string();
            assert!(error.starts_with("the policy ") && error.contains(name) && error.contains(why), "{error}");
        }
        let error = Policy::load("strickt", &rules()).unwrap_err().to_string();
        assert!(
            error.contains("there is no policy “strickt”; did you mean “strict”? `xmpp-audit policy list`"),
            "{error}"
        );
    }
}
