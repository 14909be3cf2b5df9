//! The prose of a page: sections under fixed headings, so that every report knows where to find what.

use super::error::RuleError;
use super::samples::{self, Sample};
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
    sections: [String; 4],
    remedies: Vec<(ClientName, String)>,
    samples: Samples,
}

/// The section of the samples, read only by those who run them.
#[derive(Debug, Default)]
struct Samples {
    path: String,
    line: usize,
    text: String,
}

impl Prose {
    /// Reads the body of a page that begins on `first_line`.
    pub(super) fn parse(
        path: &str,
        first_line: usize,
        body: &str,
        language: Language,
        clients: &[ClientName],
    ) -> Result<Self, RuleError> {
        let headed = cut_at_headings(body, "## ", first_line);
        let mut sections = headed.iter();
        let mut texts: [String; 4] = Default::default();
        for (section, text) in Section::ALL.iter().zip(texts.iter_mut()) {
            let heading = section.heading(language);
            match sections.next() {
                Some(found) if found.title == heading && !found.text.trim().is_empty() => {
                    found.text.trim().clone_into(text);
                }
                Some(found) => {
                    return Err(RuleError::new(
                        path,
                        found.line,
                        format!("here must come the section “## {heading}”, with a text"),
                    ));
                }
                None => {
                    return Err(RuleError::new(path, first_line, format!("the section “## {heading}” is missing")));
                }
            }
        }
        let samples = match sections.next() {
            Some(found) if found.title == SAMPLES && language == Language::English => {
                Samples { path: path.to_owned(), line: found.line, text: found.text.to_owned() }
            }
            Some(found) => {
                return Err(RuleError::new(
                    path,
                    found.line,
                    format!("the section “## {}” has no place here", found.title),
                ));
            }
            None => Samples::default(),
        };
        if let Some(found) = sections.next() {
            return Err(RuleError::new(
                path,
                found.line,
                format!("the section “## {}” has no place here", found.title),
            ));
        }
        let remedy = headed.get(2).map_or((first_line, ""), |section| (section.line, section.text));
        let remedies = cut_remedies(path, remedy, clients)?;
        Ok(Self { sections: texts, remedies, samples })
    }

    /// The text of a section, Markdown without its heading.
    #[must_use]
    pub fn section(&self, section: Section) -> &str {
        let number = Section::ALL.iter().position(|other| *other == section);
        number.and_then(|number| self.sections.get(number)).map_or("", String::as_str)
    }

    /// The first paragraph of what happens: the reason that is shown with every finding.
    #[must_use]
    pub fn reason(&self) -> String {
        unwrapped(self.section(Section::WhatHappens).split("\n\n").next().unwrap_or_default())
    }

    /// How to put it right in a client.
    #[must_use]
    pub fn remedy(&self, client: ClientName) -> String {
        self.remedies.iter().find(|(name, _)| *name == client).map_or_else(String::new, |(_, text)| unwrapped(text))
    }

    /// The samples, in the order of the page.
    ///
    /// # Errors
    /// Says which sample is not well formed.
    pub fn samples(&self) -> Result<Vec<Sample>, RuleError> {
        samples::parse(&self.samples.path, self.samples.line, &self.samples.text)
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
    line.split_once(". ").is_some_and(|(number, _)| number.parse::<u8>().is_ok())
}

/// A part of a page under its heading.
struct Headed<'a> {
    title: &'a str,
    line: usize,
    text: &'a str,
}

/// Cuts a text at its headings of one level; headings inside fenced blocks do not count.
fn cut_at_headings<'a>(text: &'a str, marker: &str, first_line: usize) -> Vec<Headed<'a>> {
    let mut starts = Vec::new();
    let mut fence: Option<&str> = None;
    let mut at = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let bare = line.trim_end();
        match fence {
            Some(open) if bare == open => fence = None,
            Some(_) => {}
            None if bare.starts_with("~~~") => fence = Some("~~~"),
            None if bare.starts_with("```") => fence = Some("```"),
            None => {
                if let Some(title) = bare.strip_prefix(marker) {
                    starts.push((title.trim(), first_line + number, at, at + line.len()));
                }
            }
        }
        at += line.len();
    }
    let ends: Vec<usize> = starts.iter().skip(1).map(|(_, _, start, _)| *start).chain([text.len()]).collect();
    starts
        .into_iter()
        .zip(ends)
        .map(|((title, line, _, start), end)| Headed {
            title,
            line,
            text: text.get(start..end).unwrap_or_default(),
        })
        .collect()
}

/// Cuts the remedies by client, and sees that each client of the rule has one, and no other.
fn cut_remedies(
    path: &str,
    (line, text): (usize, &str),
    clients: &[ClientName],
) -> Result<Vec<(ClientName, String)>, RuleError> {
    let mut remedies = Vec::new();
    for headed in cut_at_headings(text, "### ", line + 1) {
        let client = clients::CLIENTS
            .into_iter()
            .find(|client| heading_of(*client) == headed.title && clients.contains(&client.name()))
            .ok_or_else(|| {
                RuleError::new(
                    path,
                    headed.line,
                    format!("“### {}” is none of the clients of this rule", headed.title),
                )
            })?;
        remedies.push((client.name(), headed.text.trim().to_owned()));
    }
    match clients.iter().find(|client| !remedies.iter().any(|(name, text)| name == *client && !text.is_empty())) {
        Some(missing) => {
            let title = clients::by_name(missing.0).map_or(missing.0, heading_of);
            Err(RuleError::new(
                path,
                line,
                format!("there is no “### {title}” that says how to put it right there"),
            ))
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
        assert_eq!(unwrapped("the ports\n5223 and 443. So"), "the ports 5223 and 443. So");
        assert_eq!(unwrapped(""), "");
    }
}
