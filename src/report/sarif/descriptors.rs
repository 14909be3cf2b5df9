//! What SARIF tells of rules, whether or not they found something.

use super::super::exchange::plain;
use super::object::{Configuration, Help, Level, Message, NotificationDescriptor, RuleDescriptor, RuleProperties};
use crate::finding::{RuleSummary, Severity};

/// The longest full description. GitHub's bound is 1024 characters.
const FULL_DESCRIPTION: usize = 1000;

/// As many tags as GitHub shows.
const TAGS: usize = 10;

pub(super) fn rule(rule: &RuleSummary) -> RuleDescriptor<'_> {
    RuleDescriptor {
        id: &rule.id,
        name: pascal_case(&rule.id),
        short_description: Message::text(&shortened(&rule.title)),
        full_description: Message::text(&shortened(&described(rule))),
        help: Help { text: plain(&rule.help), markdown: &rule.help },
        default_configuration: Configuration { level: Level::of(rule.severity) },
        properties: RuleProperties {
            tags: tags(rule),
            precision: rule.confidence.word(),
            problem_severity: problem_severity(rule.severity),
            security_severity: security_severity(rule.worst),
        },
    }
}

pub(super) fn notification(id: &'static str, meaning: &str) -> NotificationDescriptor {
    NotificationDescriptor {
        id,
        name: pascal_case(id),
        short_description: Message::text(meaning),
        full_description: Message::text(meaning),
        // GitHub asks for it. What to do is said with each notification.
        help: Message::text(meaning),
    }
}

/// GitHub takes an empty description for a missing one, and refuses the report.
fn described(rule: &RuleSummary) -> String {
    let reason = plain(&rule.reason);
    if reason.is_empty() { rule.title.clone() } else { reason }
}

/// `EncryptionOptional` for `encryption-optional`.
fn pascal_case(id: &str) -> String {
    let words = id.split(|character: char| !character.is_alphanumeric());
    words
        .flat_map(|word| {
            let mut characters = word.chars();
            characters.next().map(|first| first.to_uppercase().chain(characters).collect::<String>())
        })
        .collect()
}

/// The text up to the last whole word that fits.
fn shortened(text: &str) -> String {
    if text.chars().count() <= FULL_DESCRIPTION {
        return text.to_owned();
    }
    let end = text.char_indices().nth(FULL_DESCRIPTION - 1).map_or(text.len(), |(at, _)| at);
    let fits = text.get(..end).unwrap_or_default();
    let words = fits.rfind(char::is_whitespace).and_then(|end| fits.get(..end)).unwrap_or_default();
    format!("{}…", if words.is_empty() { fits } else { words }.trim_end())
}

/// A rule that never finds more than something worth knowing is no security rule to GitHub, which would have to
/// invent a severity for it.
fn tags(rule: &RuleSummary) -> Vec<String> {
    let security = (rule.worst > Severity::Info).then_some("security");
    let own = rule.tags.iter().map(|tag| match tag.strip_prefix("cwe-") {
        Some(number) => format!("external/cwe/cwe-{number:0>3}"),
        None => tag.clone(),
    });
    let all = security.into_iter().chain(["xmpp"]).map(str::to_owned).chain(own);
    all.take(TAGS).collect()
}

/// GitHub's scale: above 9.0 critical, from 7.0 high, from 4.0 medium, from 0.1 low.
const fn security_severity(worst: Severity) -> Option<&'static str> {
    match worst {
        Severity::Critical => Some("9.5"),
        Severity::High => Some("8.0"),
        Severity::Medium => Some("5.5"),
        Severity::Low => Some("2.5"),
        Severity::Info => None,
    }
}

const fn problem_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "recommendation",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_pascal_case() {
        assert_eq!(pascal_case("encryption-optional"), "EncryptionOptional");
        assert_eq!(pascal_case("-tls--1.2/x"), "Tls12X");
    }

    #[test]
    fn long_descriptions_end_at_a_word() {
        assert_eq!(shortened("é b"), "é b");
        let fits = "ä".repeat(FULL_DESCRIPTION);
        assert_eq!(shortened(&fits), fits);
        let words = format!("{} cut", "ä".repeat(FULL_DESCRIPTION - 3));
        assert_eq!(shortened(&words), format!("{}…", "ä".repeat(FULL_DESCRIPTION - 3)));
        for text in [fits + "ä", "ab ".repeat(2000), "a".repeat(5000)] {
            assert!(shortened(&text).chars().count() <= FULL_DESCRIPTION, "{text}");
            assert!(shortened(&text).chars().count() > FULL_DESCRIPTION - 5, "{text}");
        }
    }
}
