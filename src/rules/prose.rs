//! The prose of a page: sections under fixed headings, so that every report knows where to find what.

use std::ops::Range;

use super::error::RuleError;
use super::samples::{self, Sample};
use super::source::{Heading, Source, Text, line_of};
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

/// The prose of a page in one language.
#[derive(Debug)]
pub struct Prose {
    path: Text,
    page: Text,
    sections: [Range<usize>; 4],
    remedies: Vec<(ClientName, Range<usize>)>,
    samples: Option<Samples>,
}

/// The section of the samples, read only by those who run them.
#[derive(Debug)]
struct Samples {
    line: usize,
    text: Range<usize>,
}

impl Prose {
    /// The prose of a page: every section, and a remedy for each of the clients that the rule can be true of.
    ///
    /// # Errors
    /// Says what is missing or has no place, and on which line.
    pub(super) fn new<T>(page: &Source<T>, language: Language, clients: &[ClientName]) -> Result<Self, RuleError> {
        let headed = under_headings(page);
        let mut upper = headed.iter().filter(|headed| !headed.heading.is_lower);
        let mut sections: [Range<usize>; 4] = Default::default();
        for (section, text) in Section::ALL.iter().zip(sections.iter_mut()) {
            let heading = section.heading(language);
            let found = upper.next().ok_or_else(|| {
                let last_line = line_of(&page.text, page.text.len());
                RuleError::new(&page.path, last_line, format!("the section “## {heading}” is missing"))
            })?;
            if found.heading.title != heading || is_empty(page, &found.text) {
                let message = format!("here must come the section “## {heading}”, with a text");
                return Err(RuleError::new(&page.path, found.heading.line, message));
            }
            *text = found.text.clone();
        }
        let mut rest = upper.peekable();
        let samples = rest
            .next_if(|found| found.heading.title == SAMPLES && language == Language::English)
            .map(|found| Samples { line: found.heading.line, text: found.text.clone() });
        if let Some(Headed { heading, .. }) = rest.next() {
            let message = format!("the section “## {}” has no place here", heading.title);
            return Err(RuleError::new(&page.path, heading.line, message));
        }
        let remedies = remedies(page, &headed, clients)?;
        Ok(Self { path: page.path.clone(), page: page.text.clone(), sections, remedies, samples })
    }

    fn text(&self, range: &Range<usize>) -> &str {
        self.page.get(range.clone()).unwrap_or_default()
    }

    /// The text of a section, Markdown without its heading.
    #[must_use]
    pub fn section(&self, section: Section) -> &str {
        let number = Section::ALL.iter().position(|other| *other == section);
        number.and_then(|number| self.sections.get(number)).map_or("", |range| self.text(range).trim())
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
        let remedy = self.remedies.iter().find(|(name, _)| *name == client);
        remedy.map_or_else(String::new, |(_, range)| unwrapped(self.text(range).trim()))
    }

    /// The samples, in the order of the page.
    ///
    /// # Errors
    /// Says which sample is not well formed.
    pub fn samples(&self) -> Result<Vec<Sample>, RuleError> {
        let Some(Samples { line, text }) = &self.samples else { return Ok(Vec::new()) };
        samples::parse(&self.path, *line, self.text(text))
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

/// A part of a page and its heading. What stands under headings below that one is part of it.
struct Headed<'a> {
    heading: &'a Heading,
    text: Range<usize>,
}

fn under_headings<T>(page: &Source<T>) -> Vec<Headed<'_>> {
    page.headings
        .iter()
        .enumerate()
        .map(|(number, heading)| {
            let mut following = page.headings.iter().skip(number + 1);
            let next = following.find(|next| heading.is_lower || !next.is_lower);
            Headed { heading, text: heading.end..next.map_or(page.text.len(), |next| next.start) }
        })
        .collect()
}

fn is_empty<T>(page: &Source<T>, text: &Range<usize>) -> bool {
    page.text.get(text.clone()).is_none_or(|text| text.trim().is_empty())
}

/// The remedies by client. Each client of the rule must have one, and no other.
fn remedies<T>(
    page: &Source<T>,
    headed: &[Headed<'_>],
    clients: &[ClientName],
) -> Result<Vec<(ClientName, Range<usize>)>, RuleError> {
    let mut upper = headed.iter().filter(|headed| !headed.heading.is_lower);
    let Some(section) = upper.nth(2) else { return Ok(Vec::new()) };
    let mut remedies = Vec::new();
    for Headed { heading, text } in headed.iter().filter(|headed| headed.heading.is_lower) {
        if !section.text.contains(&heading.start) {
            continue;
        }
        let client = clients::CLIENTS
            .into_iter()
            .find(|client| heading_of(*client) == heading.title && clients.contains(&client.name()))
            .ok_or_else(|| {
                let message = format!("“### {}” is none of the clients of this rule", heading.title);
                RuleError::new(&page.path, heading.line, message)
            })?;
        remedies.push((client.name(), text.clone()));
    }
    let has_remedy =
        |client: &ClientName| remedies.iter().any(|(name, text)| name == client && !is_empty(page, text));
    match clients.iter().find(|client| !has_remedy(client)) {
        Some(missing) => {
            let title = clients::by_name(missing.0).map_or(missing.0, heading_of);
            let message = format!("there is no “### {title}” that says how to put it right there");
            Err(RuleError::new(&page.path, section.heading.line, message))
        }
        None => Ok(remedies),
    }
}

/// The heading under which a client's remedy stands.
fn heading_of(client: &dyn clients::Client) -> &'static str {
    client.title()
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
