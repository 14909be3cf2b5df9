//! Lines of the text file changed in place: only the values of those that count, and lines put in beside those of
//! their account.

use std::collections::{BTreeMap, HashMap};

use super::super::options::{python_flag, python_int};
use super::super::options_text::{self, Kind, of_text};
use super::super::places;
use super::super::secrets::{is_secret_key, secret_start};
use super::super::text::{Section, TextConfig, TextOptions, is_valid, read};
use super::group::{Order, Value};
use crate::model::{
    Edit, Fault, FileNumber, Format, Place, Profile, ProfileFile, Span, Splice, Spot, Text, Unrepairable,
    VersionSource,
};
use crate::syntax::gajim_text::{self, LineEnds};

/// The section of a proxy that leads to Tor, as each new profile has it.
const TOR: &str = "proxies.Tor.";

/// The text file, taken apart.
pub(super) struct TextSource<'a> {
    /// The file.
    pub file: FileNumber,
    text: &'a Text,
    /// Its sections and options.
    pub config: TextConfig,
    /// The options of a section that does not exist.
    nothing: HashMap<String, Vec<Span>>,
}

/// Lines that belong together.
pub(super) struct TextGroup<'a> {
    /// Their options.
    pub options: TextOptions<'a>,
    /// Their section; none for those at the top level.
    pub section: Option<&'a Section>,
    /// What a line of theirs begins with, where that can be written.
    front: Result<String, Unrepairable>,
    /// A place in the line behind which others are put in; none where the file has no line at all.
    anchor: Option<usize>,
}

impl<'a> TextSource<'a> {
    /// Takes the file apart as its reader has, unless its own version does not read it.
    pub(super) fn open(profile: &Profile, file: FileNumber, known: &'a ProfileFile) -> Result<Self, Unrepairable> {
        let text = known.text.as_ref().ok_or(Unrepairable::Gone)?;
        // What another file tells is nothing that this one was read by.
        let assumed = profile.version.as_ref().filter(|version| version.source != VersionSource::File);
        let assumed = assumed.map(|version| version.at_most.unwrap_or(version.at_least));
        let config = TextConfig::parse(text.bytes(), places::is_windows(&known.path), assumed);
        let is_damaged = known.damage.as_ref().is_some_and(|damage| {
            // What only a later version stumbles over, when it takes the file over, is read well by its own.
            damage.fault != Fault::CrashesClient || config.crash.is_some()
        });
        if is_damaged || config.is_cut {
            return Err(Unrepairable::Damaged);
        }
        if known.format != Format::Known {
            return Err(Unrepairable::Schema);
        }
        Ok(Self { file, text, config, nothing: HashMap::new() })
    }

    /// The options of the client as a whole.
    pub(super) fn client(&self) -> TextGroup<'_> {
        let options = TextOptions::of_client(self.text, self.file, &self.config);
        let anchor = last_of(&self.config.top).or_else(|| {
            let sections = self.config.sections.iter();
            sections.filter_map(|section| last_of(&section.options)).max()
        });
        TextGroup { options, section: None, front: Ok(String::new()), anchor }
    }

    /// The options of an account.
    pub(super) fn account(&self, profile: &Profile, number: usize) -> Result<TextGroup<'_>, Unrepairable> {
        let account = profile.accounts.get(number).ok_or(Unrepairable::Gone)?;
        let is_its = |section: &&Section| account.place.spot == Spot::Text(section.name_span);
        let section = self.config.of_kind("accounts").find(is_its).ok_or(Unrepairable::Gone)?;
        Ok(self.group(section, options_text::ACCOUNT))
    }

    /// The proxies, by their names.
    pub(super) fn proxies(&self) -> impl Iterator<Item = (&str, TextGroup<'_>)> {
        let sections = self.config.of_kind("proxies");
        sections.map(|section| (section.name.as_str(), self.group(section, options_text::PROXY)))
    }

    fn group<'s>(&'s self, section: &'s Section, table: &'static [options_text::TextOption]) -> TextGroup<'s> {
        let options = TextOptions::of_section(self.text, self.file, self.config.version, section, table);
        let anchor = last_of(&section.options);
        TextGroup { options, section: Some(section), front: self.front(section), anchor }
    }

    /// What a line of a section begins with. A name that the client has misread out of a password is written nowhere
    /// a second time.
    fn front(&self, section: &Section) -> Result<String, Unrepairable> {
        let Span { start, end } = section.name_span;
        let name = self.text.bytes().get(start..end).and_then(|name| str::from_utf8(name).ok());
        let name = name.ok_or(Unrepairable::Encoding)?;
        if secret_start(name.as_bytes()).is_some() {
            return Err(Unrepairable::Unwritten);
        }
        Ok(format!("{}.{name}.", section.kind))
    }

    /// Where a proxy that leads to Tor is put in, and as what.
    pub(super) fn new_tor(&self, account: &TextGroup<'_>) -> (TextGroup<'_>, Vec<Order>) {
        let proxies = self.config.of_kind("proxies").filter_map(|section| last_of(&section.options)).max();
        let options = TextOptions {
            text: self.text,
            file: self.file,
            values: &self.nothing,
            table: options_text::PROXY,
            version: self.config.version,
            words: String::new(),
            near: Place::of_file(self.file, "proxies[Tor]"),
        };
        let anchor = proxies.or(account.anchor);
        let orders = vec![
            ("type", Value::Word("socks5".to_owned())),
            ("host", Value::Word("localhost".to_owned())),
            ("port", Value::Number(9050)),
        ];
        (TextGroup { options, section: None, front: Ok(TOR.to_owned()), anchor }, orders)
    }

    /// The edits that make options what they are to be.
    pub(super) fn edits<'g>(
        &self,
        wanted: impl Iterator<Item = (&'g TextGroup<'g>, Vec<Order>)>,
    ) -> Result<Vec<Edit>, Unrepairable> {
        let mut edits = Vec::new();
        let mut lines: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        for (group, orders) in wanted {
            for (name, value) in orders {
                let written = self.written(group, name, &value)?;
                if let Written::Missing(value) = written {
                    // The options are all that tells the version, and this one would tell another.
                    if group.section.is_some_and(|section| section.kind == "accounts")
                        && !self.config.may_have(name)
                    {
                        return Err(Unrepairable::Unwritten);
                    }
                    let front = group.front.as_ref().map_err(|reason| *reason)?;
                    let anchor = group.anchor.ok_or(Unrepairable::Damaged)?;
                    let (_, behind) = self.line_of(anchor);
                    lines.entry(behind).or_default().push(format!("{front}{name} = {value}"));
                } else if let Written::There(splices) = written {
                    edits.extend(splices);
                }
            }
        }
        edits.extend(lines.into_iter().map(|(at, lines)| self.put_in(at, &lines)));
        Ok(edits.into_iter().map(|splice| Edit::in_text(self.file, splice)).collect())
    }

    fn written(&self, group: &TextGroup<'_>, name: &str, wanted: &Value) -> Result<Written, Unrepairable> {
        let (option, default) =
            of_text(group.options.table, name, self.config.version).ok_or(Unrepairable::Unwritten)?;
        let spans = group.options.values.get(name).map(Vec::as_slice).unwrap_or_default();
        let value = match wanted {
            Value::Flag(true) => "True".to_owned(),
            Value::Flag(false) => "False".to_owned(),
            Value::Word(word) => word.clone(),
            Value::Number(number) => number.to_string(),
            Value::Default => default.to_owned(),
            Value::Forgotten => {
                let secrets = spans.iter().filter(|span| span.start < span.end);
                return Ok(Written::There(secrets.map(|span| Splice::forget(*span)).collect()));
            }
            Value::With(at, piece) => return Ok(Written::There(self.with(spans, *at, piece))),
            Value::Json(_) => return Err(Unrepairable::Unwritten),
        };
        let mut honoured = spans.iter().filter(|span| is_valid(option.kind, &self.read(**span))).peekable();
        if honoured.peek().is_none() {
            let is_so = same(option.kind, default, &value);
            return Ok(if is_so { Written::There(Vec::new()) } else { Written::Missing(value) });
        }
        // All of them, so that none is left that says something else.
        let other = honoured.filter(|span| !same(option.kind, &self.read(**span), &value));
        Ok(Written::There(other.map(|span| self.replaced(*span, &value)).collect()))
    }

    /// The value replaced. Where the end of the line has served as the blank before it, a blank is put in.
    fn replaced(&self, span: Span, value: &str) -> Splice {
        let before = span.start.checked_sub(1).and_then(|before| self.text.bytes().get(before));
        let blank = if before == Some(&b'=') { " " } else { "" };
        Splice::replace(span, format!("{blank}{value}"))
    }

    /// A piece put into the value that counts, and into those that say the same.
    fn with(&self, spans: &[Span], at: usize, piece: &str) -> Vec<Splice> {
        let Some(last) = spans.last() else { return Vec::new() };
        let counting = self.read(*last);
        let same = spans.iter().filter(|span| self.read(**span) == counting);
        same.map(|span| Splice::insert(span.start + at, piece)).collect()
    }

    /// The edit that takes away the line of a value that another one outweighs.
    pub(super) fn without_duplicate(
        &self,
        group: &TextGroup<'_>,
        option: &str,
        place: &Place,
    ) -> Result<Vec<Edit>, Unrepairable> {
        let Spot::Text(span) = place.spot else { return Err(Unrepairable::Gone) };
        let values = group.options.values.get(option).map(Vec::as_slice).unwrap_or_default();
        if !values.contains(&span) {
            return Err(Unrepairable::Gone);
        }
        let (start, end) = self.line_of(span.start);
        let line = Span::new(start, end);
        let forgets = self.config.secrets.iter().any(|(secret, _)| secret.overlaps(line));
        let begins_section = group
            .section
            .is_some_and(|section| line.start <= section.name_span.start && section.name_span.start < line.end);
        let said = self.said(group, option, values).filter(|_| begins_section);
        let splice = match said {
            Some(value) => Splice { forgets, ..self.replaced(span, &value) },
            None => Splice { span: line, new: String::new(), forgets },
        };
        Ok(vec![Edit::in_text(self.file, splice)])
    }

    /// What the value that counts says, unless that is a secret. The first line of an account says it, too, instead of
    /// going: with it the account would change its place among the others.
    fn said(&self, group: &TextGroup<'_>, option: &str, values: &[Span]) -> Option<String> {
        let (known, _) = of_text(group.options.table, option, self.config.version)?;
        let mut honoured =
            values.iter().rev().map(|span| self.read(*span)).filter(|value| is_valid(known.kind, value));
        honoured.next().filter(|value| value.is_empty() || !is_secret_key(option))
    }

    fn read(&self, span: Span) -> String {
        read(self.text.bytes(), span)
    }

    /// Where the line around `at` begins, and where the next one does.
    fn line_of(&self, at: usize) -> (usize, usize) {
        let bytes = self.text.bytes();
        let mut lines = gajim_text::lines(bytes, self.config.ends).map(|(line, _)| line).peekable();
        while let Some(line) = lines.next() {
            let behind = lines.peek().map_or(bytes.len(), |next| next.start);
            if line.start <= at && at <= line.end {
                return (line.start, behind);
            }
        }
        (bytes.len(), bytes.len())
    }

    /// Lines put in before the one that begins at `at`.
    fn put_in(&self, at: usize, lines: &[String]) -> Splice {
        let bytes = self.text.bytes();
        let before = bytes.get(..at).unwrap_or_default();
        // Where a carriage return is a part of the value, it would spoil the new one.
        let is_end = |byte: &u8| *byte == b'\n' || *byte == b'\r';
        let end = match self.config.ends {
            LineEnds::LineFeed => "\n",
            LineEnds::Universal => match bytes.iter().position(is_end).map(|at| bytes.get(at..at + 2)) {
                Some(Some(b"\r\n")) => "\r\n",
                Some(_) if bytes.contains(&b'\n') => "\n",
                Some(_) => "\r",
                None => "\n",
            },
        };
        let is_whole = before.is_empty()
            || before.last() == Some(&b'\n')
            || before.last() == Some(&b'\r') && self.config.ends == LineEnds::Universal;
        let lines = lines.iter().map(|line| if is_whole { format!("{line}{end}") } else { format!("{end}{line}") });
        Splice::insert(at, lines.collect::<String>())
    }
}

/// How an option that is to have a value stands in the file.
enum Written {
    /// It is there, and these edits give it the value.
    There(Vec<Splice>),
    /// Nothing that the client honours is there; this is what is to be written.
    Missing(String),
}

/// Whether the client makes the same of two values.
fn same(kind: Kind, one: &str, other: &str) -> bool {
    match kind {
        Kind::Flag => python_flag(one) == python_flag(other),
        Kind::Number => python_int(one) == python_int(other),
        Kind::Text => one == other,
    }
}

fn last_of(options: &HashMap<String, Vec<Span>>) -> Option<usize> {
    options.values().flatten().map(|span| span.end).max()
}
