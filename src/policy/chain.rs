//! A policy and the ones that it extends, put together.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::read::{Read, read};
use super::{POLICIES, Policy, Text, names};
use crate::rules::{Requirement, RuleError, RuleSet, nearest_of};

/// Where a policy's text is from.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Source {
    /// It is part of the program.
    Embedded(&'static str, &'static str),
    /// It is a file.
    File(PathBuf),
}

/// A policy of a chain, and its path for errors.
struct Link {
    name: String,
    path: String,
    read: Read,
}

pub(super) fn load(name: &str, rules: &RuleSet) -> Result<Policy, RuleError> {
    let source = source(name, None)
        .ok_or_else(|| RuleError::of_path(Path::new(name), format!("there is no policy “{name}”{}", hint(name))))?;
    let called = source.called();
    let mut links = follow(source, rules)?;
    let extends = links.iter().skip(1).map(|link| link.name.clone()).collect();
    let mut policy = Policy {
        name: called.clone(),
        extends,
        severities: BTreeMap::new(),
        off: BTreeSet::new(),
        requirements: Vec::new(),
        title: Text::default(),
        about: Text::default(),
    };
    // What is extended comes first, so that what extends it has the last word.
    while let Some(link) = links.pop() {
        policy.add(link)?;
    }
    // It is the policy that was asked for that wants all this.
    policy.requirements.iter_mut().for_each(|requirement| called.clone_into(&mut requirement.policy));
    Ok(policy)
}

/// The policy and the ones that it extends, the nearest first.
fn follow(first: Source, rules: &RuleSet) -> Result<Vec<Link>, RuleError> {
    let mut links: Vec<Link> = Vec::new();
    let mut seen: Vec<Source> = Vec::new();
    let mut next = Some(first);
    while let Some(source) = next.take() {
        let name = source.called();
        let (path, text) = source.text()?;
        let read = read(&path, &text, rules)?;
        seen.push(source);
        if let Some((extended, line)) = &read.extends {
            let wrong = |message| RuleError::new(&path, *line, message);
            let folder = seen.last().and_then(Source::folder);
            let found = self::source(extended, Some(folder.as_deref().unwrap_or_else(|| Path::new(""))))
                .ok_or_else(|| wrong(format!("there is no policy “{extended}”{}", hint(extended))))?;
            if seen.iter().any(|source| source.is_same(&found)) {
                return Err(wrong(format!("“{extended}” extends this policy, directly or by others")));
            }
            next = Some(found);
        }
        links.push(Link { name, path, read });
    }
    Ok(links)
}

/// What a name means; in a file, paths begin where that file lies.
fn source(name: &str, in_file: Option<&Path>) -> Option<Source> {
    let is_path = name.contains(std::path::is_separator) || name.ends_with(".toml");
    if is_path {
        return Some(Source::File(in_file.map_or_else(|| PathBuf::from(name), |folder| folder.join(name))));
    }
    let embedded = POLICIES.iter().find(|(known, _)| *known == name);
    let embedded = embedded.map(|(name, text)| Source::Embedded(name, text));
    // What is typed may also be a file without the usual ending.
    embedded.or_else(|| (in_file.is_none() && Path::new(name).is_file()).then(|| Source::File(PathBuf::from(name))))
}

impl Source {
    /// What reports call it. Where a file lies is nobody's business who reads a report.
    fn called(&self) -> String {
        match self {
            Self::Embedded(name, _) => (*name).to_owned(),
            Self::File(path) => {
                let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
                let is_taken = POLICIES.iter().any(|(known, _)| *known == name);
                if is_taken { format!("./{name}") } else { name.into_owned() }
            }
        }
    }

    /// The path for errors, and the text.
    fn text(&self) -> Result<(String, String), RuleError> {
        match self {
            Self::Embedded(name, text) => Ok((format!("rules/policies/{name}.toml"), (*text).to_owned())),
            Self::File(path) => {
                let shown = path.display();
                let closed = |why: &dyn std::fmt::Display| {
                    RuleError::of_path(path, format!("the policy {shown} cannot be read: {why}"))
                };
                let is_file = fs::metadata(path).map_err(|error| closed(&error))?.is_file();
                if !is_file {
                    return Err(closed(&"it is no regular file"));
                }
                let text = fs::read_to_string(path).map_err(|error| closed(&error))?;
                Ok((shown.to_string(), text))
            }
        }
    }

    fn folder(&self) -> Option<PathBuf> {
        match self {
            Self::Embedded(..) => None,
            Self::File(path) => path.parent().map(Path::to_owned),
        }
    }

    /// Whether both are one policy, under whatever path.
    fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::File(one), Self::File(other)) => {
                let real = |path: &PathBuf| fs::canonicalize(path).unwrap_or_else(|_| path.clone());
                real(one) == real(other)
            }
            _ => self == other,
        }
    }
}

fn hint(name: &str) -> String {
    let near = nearest_of(name, names());
    let separator = if near.is_empty() { ";" } else { "" };
    format!("{near}{separator} `xmpp-audit policy list` lists them")
}

impl Policy {
    /// Takes over what a policy says; it has the last word over what was taken over before.
    fn add(&mut self, link: Link) -> Result<(), RuleError> {
        let Link { name, path, read } = link;
        (self.title, self.about) = (read.title, read.about);
        self.off.extend(read.off);
        let said = read.severities.iter().map(|(rule, (_, line))| (rule, *line));
        let said = said.chain(read.requirements.iter().map(|(requirement, line)| (&requirement.rule, *line)));
        // What says nothing would look like something that is held to.
        if let Some((rule, line)) = said.into_iter().find(|(rule, _)| self.off.contains(*rule)) {
            let message = format!("the rule “{rule}” is off in “{name}”, so this says nothing");
            return Err(RuleError::new(&path, line, message));
        }
        let replaces = |newer: &Requirement, older: &Requirement| {
            newer.rule == older.rule && newer.fact.name == older.fact.name
        };
        self.requirements.retain(|older| {
            !self.off.contains(&older.rule) && !read.requirements.iter().any(|(newer, _)| replaces(newer, older))
        });
        self.requirements.extend(read.requirements.into_iter().map(|(requirement, _)| requirement));
        self.severities.retain(|rule, _| !self.off.contains(rule));
        self.severities.extend(read.severities.into_iter().map(|(rule, (severity, _))| (rule, severity)));
        Ok(())
    }
}
