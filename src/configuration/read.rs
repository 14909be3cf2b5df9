//! A configuration's file, read and checked as far as that can be done without rules.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use toml::Spanned;

use super::glob::Glob;
use super::ignore::Ignore;
use super::layer::{Chosen, Layer, Mention, Origin};
use super::shape::{IgnoreItem, IgnoreShape, List, Shape, Word};
use crate::clients::{self, CLIENTS};
use crate::finding::{Confidence, Day, Severity};
use crate::model::ClientName;
use crate::rules::{RuleError, line_of, nearest_of};

/// The rules and tags that are not judged by, where a file says something of them.
type Off = Option<Chosen<Vec<String>>>;

/// What one file says, and what it extends, with the line.
#[derive(Debug)]
pub(super) struct Read {
    pub layer: Layer,
    pub extends: Option<(PathBuf, usize)>,
}

/// Reads the configuration whose text is from `path`. Patterns are for the files below `folder`.
pub(super) fn read(path: &Path, text: &str, folder: &Path) -> Result<Read, RuleError> {
    let shape: Shape = toml::from_str(text).map_err(|error| {
        let offset = error.span().map_or(0, |span| span.start);
        let message = format!("{}{}", error.message(), nearest_key(error.message()));
        RuleError::new(&path.display().to_string(), line_of(text, offset), message)
    })?;
    let mut file = File { path, text, folder, mentions: Vec::new() };
    let extends = shape.extend.as_ref().map(|word| (file.beside(word), file.line(word)));
    let mut layer = file.layer(&shape)?;
    layer.mentions = file.mentions;
    Ok(Read { layer, extends })
}

/// A hint at the key that was probably meant, where serde says that one is unknown: the first word that it quotes is
/// unknown, the others are known.
fn nearest_key(message: &str) -> String {
    let mut quoted = message.split('`').skip(1).step_by(2);
    match quoted.next().filter(|_| message.starts_with("unknown field")) {
        Some(unknown) => nearest_of(unknown, quoted),
        None => String::new(),
    }
}

/// What is needed to check what a file says, and to say where it is wrong.
struct File<'a> {
    path: &'a Path,
    text: &'a str,
    folder: &'a Path,
    mentions: Vec<Mention>,
}

impl File<'_> {
    fn layer(&mut self, shape: &Shape) -> Result<Layer, RuleError> {
        let (off, accepted) = self.ignores(shape.ignore.as_deref())?;
        Ok(Layer {
            policy: shape.policy.as_ref().map(|name| self.chosen(name, self.policy(name))),
            baseline: shape.baseline.as_ref().map(|path| self.chosen(path, self.beside(path))),
            rules: self.list(&shape.rules, |file, path| Ok(file.beside(path)))?,
            provider_files: self.list(&shape.provider_files, |file, path| Ok(file.beside(path)))?,
            select: self.list(&shape.select, |file, name| Ok(file.mention(name, true)))?,
            ignore: off,
            clients: self.list(&shape.client, |file, name| file.client(name))?,
            exclude: self.list(&shape.exclude, |file, pattern| file.glob(pattern))?,
            min_severity: self.word(shape.min_severity.as_ref(), Self::severity)?,
            min_confidence: self.word(shape.min_confidence.as_ref(), Self::confidence)?,
            fail_on: self.word(shape.fail_on.as_ref(), Self::severity)?,
            severity: self.table(&shape.severity, Self::severity)?,
            confidence: self.table(&shape.confidence, Self::confidence)?,
            accepted,
            mentions: Vec::new(),
        })
    }

    fn line<T>(&self, value: &Spanned<T>) -> usize {
        line_of(self.text, value.span().start)
    }

    fn error<T>(&self, value: &Spanned<T>, message: String) -> RuleError {
        RuleError::new(&self.path.display().to_string(), self.line(value), message)
    }

    fn chosen<T, V>(&self, place: &Spanned<T>, value: V) -> Chosen<V> {
        Chosen { value, origin: Origin::File { path: self.path.to_owned(), line: self.line(place) } }
    }

    /// A path that begins where the file lies.
    fn beside(&self, path: &Word) -> PathBuf {
        self.path.parent().unwrap_or(Path::new("")).join(path.get_ref())
    }

    /// A policy's name, or the path of its file.
    fn policy(&self, name: &Word) -> String {
        let is_path = name.get_ref().contains(std::path::is_separator) || name.get_ref().ends_with(".toml");
        if !is_path {
            return name.get_ref().clone();
        }
        let path = self.beside(name);
        // A path is known for one by its separator.
        let path = if path.components().count() > 1 { path } else { Path::new(".").join(path) };
        path.to_string_lossy().into_owned()
    }

    fn mention(&mut self, name: &Word, may_be_tag: bool) -> String {
        let (path, line, name) = (self.path.to_owned(), self.line(name), name.get_ref().clone());
        self.mentions.push(Mention { path, line, name: name.clone(), may_be_tag });
        name
    }

    fn list<V>(
        &mut self,
        list: &List,
        value: impl Fn(&mut Self, &Word) -> Result<V, RuleError>,
    ) -> Result<Option<Chosen<Vec<V>>>, RuleError> {
        let Some(list) = list else { return Ok(None) };
        let values = list.get_ref().iter().map(|word| value(self, word)).collect::<Result<_, _>>()?;
        Ok(Some(self.chosen(list, values)))
    }

    fn word<V>(
        &self,
        word: Option<&Word>,
        value: impl Fn(&Self, &Word) -> Result<V, RuleError>,
    ) -> Result<Option<Chosen<V>>, RuleError> {
        word.map(|word| Ok(self.chosen(word, value(self, word)?))).transpose()
    }

    fn table<V>(
        &mut self,
        table: &BTreeMap<Word, Word>,
        value: impl Fn(&Self, &Word) -> Result<V, RuleError>,
    ) -> Result<BTreeMap<String, Chosen<V>>, RuleError> {
        let row = |(rule, word): (&Word, &Word)| {
            let value = self.chosen(rule, value(self, word)?);
            Ok((self.mention(rule, false), value))
        };
        table.iter().map(row).collect()
    }

    fn severity(&self, word: &Word) -> Result<Severity, RuleError> {
        let known = || Severity::WORDS.iter().copied();
        Severity::of_word(word.get_ref()).ok_or_else(|| self.unknown(word, "severity", known()))
    }

    fn confidence(&self, word: &Word) -> Result<Confidence, RuleError> {
        let known = || Confidence::WORDS.iter().copied();
        Confidence::of_word(word.get_ref()).ok_or_else(|| self.unknown(word, "confidence", known()))
    }

    fn client(&self, name: &Word) -> Result<ClientName, RuleError> {
        let known = || CLIENTS.into_iter().map(|client| client.name().0);
        let client = clients::by_name(name.get_ref()).map(clients::Client::name);
        client.ok_or_else(|| self.unknown(name, "client", known()))
    }

    fn unknown(&self, word: &Word, what: &str, known: impl Iterator<Item = &'static str>) -> RuleError {
        let known = known.collect::<Vec<_>>().join(", ");
        self.error(word, format!("“{}” is no {what}; there are: {known}", word.get_ref()))
    }

    fn glob(&self, pattern: &Word) -> Result<Glob, RuleError> {
        Glob::new(pattern.get_ref(), self.folder).map_err(|wrong| self.error(pattern, wrong.to_owned()))
    }

    /// The rules and tags that are not judged by, and the findings that are accepted.
    fn ignores(&mut self, items: Option<&[Spanned<IgnoreItem>]>) -> Result<(Off, Vec<Ignore>), RuleError> {
        let (mut off, mut accepted) = (Vec::new(), Vec::new());
        for item in items.unwrap_or_default() {
            match item.get_ref() {
                IgnoreItem::Rule(name) => {
                    off.push(self.mention(&Spanned::new(item.span(), name.clone()), true));
                }
                IgnoreItem::Findings(shape) => accepted.push(self.ignore(shape, self.line(item))?),
            }
        }
        // Nothing but tables says nothing about what is judged by; an empty list does.
        let says_so = items.is_some_and(|items| items.is_empty() || !off.is_empty());
        let first = items.and_then(<[_]>::first).map_or(1, |item| self.line(item));
        let origin = Origin::File { path: self.path.to_owned(), line: first };
        Ok((says_so.then_some(Chosen { value: off, origin }), accepted))
    }

    fn ignore(&mut self, shape: &IgnoreShape, line: usize) -> Result<Ignore, RuleError> {
        if shape.reason.get_ref().trim().is_empty() {
            return Err(self.error(&shape.reason, "say why: the reason must not be empty".to_owned()));
        }
        Ok(Ignore {
            rule: self.mention(&shape.rule, false),
            client: shape.client.as_ref().map(|name| self.client(name)).transpose()?,
            account: shape.account.clone(),
            room: shape.room.clone(),
            path: shape.path.as_ref().map(|pattern| self.glob(pattern)).transpose()?,
            reason: shape.reason.get_ref().clone(),
            expires: shape.expires.as_ref().map(|day| self.day(day)).transpose()?,
            file: self.path.to_owned(),
            line,
            folder: self.folder.to_owned(),
        })
    }

    fn day(&self, value: &Spanned<toml::Value>) -> Result<Day, RuleError> {
        let written = match value.get_ref() {
            toml::Value::String(text) => text.clone(),
            toml::Value::Datetime(day) => day.to_string(),
            other => other.to_string(),
        };
        Day::parse(&written).ok_or_else(|| {
            self.error(value, format!("“{written}” is no day; write the last one on which it holds: 2027-01-31"))
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read_text(text: &str) -> Result<Read, RuleError> {
        read(Path::new("dir/xmpp-audit.toml"), text, Path::new("/top"))
    }

    #[test]
    fn paths_begin_beside_the_file() {
        let read = read_text(
            "extend = \"../a.toml\"\nbaseline = \"b.json\"\nrules = [\"c\"]\nprovider-files = [\"/d.toml\"]\npolicy = \"e.toml\"",
        )
        .unwrap();
        assert_eq!(read.extends, Some((PathBuf::from("dir/../a.toml"), 1)));
        assert_eq!(read.layer.baseline.unwrap().value, Path::new("dir/b.json"));
        assert_eq!(read.layer.rules.unwrap().value, [Path::new("dir/c")]);
        assert_eq!(read.layer.provider_files.unwrap().value, [Path::new("/d.toml")]);
        assert_eq!(read.layer.policy.unwrap().value, "dir/e.toml");
        let policy = |name: &str| {
            let text = format!("policy = {name:?}");
            read_text(&text).unwrap().layer.policy.unwrap().value
        };
        assert_eq!((policy("strict"), policy("./x")), ("strict".to_owned(), "dir/./x".to_owned()));
        let beside = super::read(Path::new("xmpp-audit.toml"), "policy = \"e.toml\"", Path::new("/top")).unwrap();
        assert_eq!(beside.layer.policy.unwrap().value, "./e.toml");
    }

    #[test]
    fn rules_and_findings_are_ignored_apart_or_together() {
        let off = |text: &str| {
            let layer = read_text(text).unwrap().layer;
            (layer.ignore.map(|chosen| chosen.value.join(" ")), layer.accepted.len())
        };
        let table = "{ rule = \"c\", reason = \"x\" }";
        assert_eq!(off(""), (None, 0));
        assert_eq!(off("ignore = []"), (Some(String::new()), 0));
        assert_eq!(off("ignore = [\"a\", \"b\"]"), (Some("a b".to_owned()), 0));
        assert_eq!(off(&format!("ignore = [\"a\", {table}, {table}]")), (Some("a".to_owned()), 2));
        assert_eq!(off("[[ignore]]\nrule = \"c\"\nreason = \"x\""), (None, 1));
    }

    /// What configurations are made of, in any order.
    fn pieces() -> impl Strategy<Value = String> {
        let piece = prop::sample::select(vec![
            "ignore",
            "select",
            "[[ignore]]",
            "rule",
            "reason",
            "expires",
            "severity",
            "path",
            "=",
            "[",
            "]",
            "{",
            "}",
            "\n",
            "\"",
            "\"x\"",
            "'",
            ",",
            ".",
            "2027-01-31",
            "1e9",
            "true",
            "#",
            "\u{0}",
            "é",
            "extend",
            "policy",
        ]);
        prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.join(" "))
    }

    proptest! {
        #[test]
        fn no_text_is_too_much(text in prop_oneof![any::<String>(), pieces()]) {
            if let Err(error) = read_text(&text) {
                let lines = text.lines().count();
                prop_assert!(error.line.is_some_and(|line| line >= 1 && line <= lines + 1), "{error}");
            }
        }
    }
}
