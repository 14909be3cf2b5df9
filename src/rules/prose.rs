//! The prose of a page: sections under fixed headings, so that every report knows where to find what.

use std::sync::OnceLock;

use super::error::RuleError;
use super::outline::{self, Part};
use super::samples::{self, Sample};
use super::source::{Text, line_of};
use crate::clients;
use crate::model::{ClientName, Language};

/// A section of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// Who the attacker is, and what he gets.
    WhatHappens,
    /// When the rule is true and nothing is wrong.
    NoProblem,
    /// How to put it right, client by client.
    Remedy,
    /// Where all this is from.
    Sources,
}

impl Section {
    /// Every section, in the order of the page.
    pub const ALL: [Self; 4] = [Self::WhatHappens, Self::NoProblem, Self::Remedy, Self::Sources];

    /// The section's heading.
    #[must_use]
    pub const fn heading(self, language: Language) -> &'static str {
        let (english, french) = match self {
            Self::WhatHappens => ("What happens", "Ce qui se passe"),
            Self::NoProblem => ("When it is no problem", "Quand ce n’est pas un problème"),
            Self::Remedy => ("How to put it right", "Comment y remédier"),
            Self::Sources => ("Sources", "Sources"),
        };
        language.choose(english, french)
    }
}

/// The heading of the section that holds the samples; in the English page only.
const SAMPLES: &str = "Samples";

/// The prose of a page in one language. Most runs never ask for it, so it is cut into its parts when one does.
#[derive(Debug)]
pub struct Prose {
    path: Text,
    page: Text,
    parts: OnceLock<Vec<Part>>,
}

impl Prose {
    pub(super) const fn new(path: Text, page: Text) -> Self {
        Self { path, page, parts: OnceLock::new() }
    }

    /// Sees that every section is there, and a remedy for each of the clients that the rule can be true of.
    ///
    /// # Errors
    /// Says what is missing or has no place, and on which line.
    pub(super) fn check(&self, language: Language, clients: &[ClientName]) -> Result<(), RuleError> {
        let mut upper = self.upper();
        for section in Section::ALL {
            let heading = section.heading(language);
            let found = upper.next().ok_or_else(|| {
                let last_line = line_of(&self.page, self.page.len());
                RuleError::new(&self.path, last_line, format!("the section “## {heading}” is missing"))
            })?;
            if found.title != heading || self.is_empty(found) {
                let message = format!("here must come the section “## {heading}”, with a text");
                return Err(RuleError::new(&self.path, found.line, message));
            }
        }
        let mut rest = upper.peekable();
        let _samples = rest.next_if(|found| found.title == SAMPLES && language == Language::English);
        if let Some(Part { title, line, .. }) = rest.next() {
            let message = format!("the section “## {title}” has no place here");
            return Err(RuleError::new(&self.path, *line, message));
        }
        self.check_remedies(clients)
    }

    /// Each client of the rule must have a remedy, and no other.
    fn check_remedies(&self, clients: &[ClientName]) -> Result<(), RuleError> {
        let titles = || clients.iter().map(|client| title_of(*client));
        if let Some(part) = self.remedies().find(|part| !titles().any(|title| title == part.title)) {
            let message = format!("“### {}” is none of the clients of this rule", part.title);
            return Err(RuleError::new(&self.path, part.line, message));
        }
        let has_remedy = |title: &str| self.remedies().any(|part| part.title == title && !self.is_empty(part));
        match titles().find(|title| !has_remedy(title)) {
            Some(title) => {
                let line = self.upper_part(Section::Remedy).map_or(1, |section| section.line);
                let message = format!("there is no “### {title}” that says how to put it right there");
                Err(RuleError::new(&self.path, line, message))
            }
            None => Ok(()),
        }
    }

    fn parts(&self) -> &[Part] {
        self.parts.get_or_init(|| outline::parts(&self.page))
    }

    /// The parts under headings that stand below no other.
    fn upper(&self) -> impl Iterator<Item = &Part> {
        self.parts().iter().filter(|part| !part.is_lower)
    }

    fn upper_part(&self, section: Section) -> Option<&Part> {
        let number = Section::ALL.iter().position(|other| *other == section)?;
        self.upper().nth(number)
    }

    /// The remedies, each under its client.
    fn remedies(&self) -> impl Iterator<Item = &Part> {
        let section = self.upper_part(Section::Remedy).map_or(0..0, |section| section.text.clone());
        self.parts().iter().filter(move |part| part.is_lower && section.contains(&part.start))
    }

    fn text(&self, part: &Part) -> &str {
        self.page.get(part.text.clone()).unwrap_or_default().trim()
    }

    fn is_empty(&self, part: &Part) -> bool {
        self.text(part).is_empty()
    }

    /// The text of a section, Markdown without its heading.
    #[must_use]
    pub fn section(&self, section: Section) -> &str {
        self.upper_part(section).map_or("", |part| self.text(part))
    }

    /// Everything but the samples, as Markdown under its headings.
    #[must_use]
    pub fn help(&self, language: Language) -> String {
        let section = |section: Section| format!("## {}\n\n{}", section.heading(language), self.section(section));
        Section::ALL.map(section).join("\n\n")
    }

    /// The first paragraph of what happens: the reason that is shown with every finding.
    #[must_use]
    pub fn reason(&self) -> String {
        unwrapped(self.section(Section::WhatHappens).split("\n\n").next().unwrap_or_default())
    }

    /// How to put it right in a client.
    #[must_use]
    pub fn remedy(&self, client: ClientName) -> String {
        let title = title_of(client);
        self.remedies().find(|part| part.title == title).map_or_else(String::new, |part| unwrapped(self.text(part)))
    }

    /// The samples, in the order of the page.
    ///
    /// # Errors
    /// Says which sample is not well formed.
    pub fn samples(&self) -> Result<Vec<Sample>, RuleError> {
        let Some(part) = self.upper().nth(Section::ALL.len()) else { return Ok(Vec::new()) };
        samples::parse(&self.path, part.line, self.page.get(part.text.clone()).unwrap_or_default())
    }
}

/// The text with each paragraph and each item of a list in one line: where a page breaks its lines is nobody's
/// business but its writer's.
fn unwrapped(text: &str) -> String {
    let mut unwrapped = String::new();
    for line in text.lines() {
        let begins_something = line.is_empty() || line.starts_with("- ") || is_numbered(line);
        let continues = !begins_something && !unwrapped.is_empty() && !unwrapped.ends_with('\n');
        if continues {
            unwrapped.push(' ');
        } else if !unwrapped.is_empty() {
            unwrapped.push('\n');
        }
        unwrapped.push_str(if continues { line.trim_start() } else { line });
    }
    unwrapped
}

/// Whether a line begins an item of a numbered list.
fn is_numbered(line: &str) -> bool {
    line.starts_with(|first: char| first.is_ascii_digit())
        && line.split_once(". ").is_some_and(|(number, _)| number.parse::<u8>().is_ok())
}

/// The heading under which a client's remedy stands.
fn title_of(client: ClientName) -> &'static str {
    clients::by_name(client.0).map_or(client.0, clients::Client::title)
}

#[cfg(test)]
mod tests {
    use super::unwrapped;

    #[test]
    fn paragraphs_and_items_are_one_line_each() {
        assert_eq!(unwrapped("one\ntwo\n\nthree\nfour"), "one two\n\nthree four");
        assert_eq!(unwrapped("- one\n  two\n- three\n\n1. four"), "- one two\n- three\n\n1. four");
        assert_eq!(unwrapped("1. one\n   two\n2. three\n12. four"), "1. one two\n2. three\n12. four");
        assert_eq!(unwrapped("the ports\n5223 and 443. So"), "the ports 5223 and 443. So");
        assert_eq!(unwrapped(""), "");
    }
}
