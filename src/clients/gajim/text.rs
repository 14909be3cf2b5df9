//! The text file of 0.11 to 1.2: its lines as sections and options.

use std::collections::{HashMap, HashSet};

use super::options::{self, Options};
use super::options_text::{self, Kind, TextOption};
use super::secrets;
use super::version::{self, Knows};
use crate::model::Version;
use crate::model::{FileNumber, Place, Secret, Setting, Span, Text, limits};
use crate::syntax::gajim_text::{self, LineEnds};

/// A text file, taken apart.
pub(super) struct TextConfig {
    /// The version that wrote it, that is believed to read it, or that its options speak for.
    pub version: Version,
    /// What ends its lines.
    pub ends: LineEnds,
    /// The `version` line as written.
    pub version_line: Option<(Span, String)>,
    /// Top-level options: each value, in order.
    pub top: HashMap<String, Vec<Span>>,
    /// Sections with a key, in the order in which they first appear.
    pub sections: Vec<Section>,
    /// The first line that later versions crash at.
    pub crash: Option<Span>,
    /// Every secret, whether or not the client honours its line.
    pub secrets: Vec<(Span, Secret)>,
    /// Whether there are more sections than were looked at.
    pub is_cut: bool,
    /// Whether nothing but its options speaks for its version.
    is_guessed: bool,
}

/// A section with a key, such as an account.
pub(super) struct Section {
    /// `accounts`, `proxies`, `rooms` ...
    pub kind: String,
    /// The key as the client understands it. It may hold a secret: see [`secrets::shown_name`].
    pub name: String,
    /// Where the key first stands.
    pub name_span: Span,
    /// Each value of each option, in order.
    pub options: HashMap<String, Vec<Span>>,
}

impl TextConfig {
    /// Takes a text apart. `windows` says that it was written there, where Python 2 ends lines like Python 3;
    /// `assumed` is the version that reads it where no line says which wrote it.
    pub(super) fn parse(text: &[u8], windows: bool, assumed: Option<Version>) -> Self {
        let written = Self::with_ends(text, LineEnds::Universal, assumed);
        let is_python_2 = written.version < Version::new(1, 0, 0);
        if is_python_2 && !windows && text.contains(&b'\r') {
            return Self::with_ends(text, LineEnds::LineFeed, assumed);
        }
        written
    }

    fn with_ends(text: &[u8], ends: LineEnds, assumed: Option<Version>) -> Self {
        let mut config = Self {
            version: version::LAST_TEXT,
            ends,
            version_line: None,
            top: HashMap::new(),
            sections: Vec::new(),
            crash: None,
            secrets: find_secrets(text, ends),
            is_cut: false,
            is_guessed: false,
        };
        let mut numbers: HashMap<(String, String), usize> = HashMap::new();
        // What was last made a plain value: the client then cannot find a section in it.
        let mut plain: HashSet<String> = HashSet::new();
        for line in gajim_text::parse(text, ends) {
            let section = read(text, line.section);
            let (Some(key), Some(option)) = (line.key, line.option) else {
                plain.insert(section.clone());
                config.top.entry(section).or_default().push(line.value);
                continue;
            };
            if plain.contains(&section) && config.crash.is_none() {
                config.crash = Some(Span::new(line.section.start, line.value.end));
            }
            let name = read(text, key);
            if config.sections.len() >= limits::SECTIONS && !numbers.contains_key(&(section.clone(), name.clone()))
            {
                config.is_cut = true;
                continue;
            }
            let number = *numbers.entry((section.clone(), name.clone())).or_insert_with(|| {
                config.sections.push(Section { kind: section, name, name_span: key, options: HashMap::new() });
                config.sections.len() - 1
            });
            if let Some(section) = config.sections.get_mut(number) {
                section.options.entry(read(text, option)).or_default().push(line.value);
            }
        }
        config.version_line =
            config.top.get("version").and_then(|values| values.last()).map(|span| (*span, read(text, *span)));
        let written = config.version_line.as_ref().and_then(|(_, version)| Version::parse(version));
        // Where the line is missing, the client takes the file for one of its own.
        let reading = assumed.filter(|assumed| *assumed <= version::LAST_TEXT);
        config.is_guessed = written.or(reading).is_none();
        let version = written.or(reading).unwrap_or_else(|| config.likely_version(None));
        config.version = version::release(version).min(version::LAST_TEXT);
        config
    }

    /// Whether the version is the same if an account had this option as well.
    pub(super) fn may_have(&self, option: &str) -> bool {
        !self.is_guessed || self.likely_version(Some(option)) == self.version
    }

    /// The newest version that knows the options of the accounts, where no line names one; and one option more.
    fn likely_version(&self, more: Option<&str>) -> Version {
        const SIGNS: &[(&str, Version)] = &[
            ("custom_type", Version::new(1, 2, 0)),
            ("use_plain_connection", Version::new(1, 2, 0)),
            ("allow_plaintext_connection", Version::new(1, 1, 3)),
            ("tls_version", Version::new(0, 16, 9)),
            ("action_when_plaintext_connection", Version::new(0, 15, 4)),
            ("warn_when_plaintext_connection", Version::new(0, 14, 4)),
            ("connection_types", Version::new(0, 16, 9)),
            ("usessl", Version::new(0, 11, 4)),
        ];
        let known: HashSet<&str> = self
            .of_kind("accounts")
            .flat_map(|section| section.options.keys())
            .map(String::as_str)
            .chain(more)
            .collect();
        SIGNS.iter().find(|(sign, _)| known.contains(sign)).map_or(version::LAST_TEXT, |(_, version)| *version)
    }

    /// The sections of one kind.
    pub(super) fn of_kind(&self, kind: &'static str) -> impl Iterator<Item = &Section> {
        self.sections.iter().filter(move |section| section.kind == kind)
    }
}

/// The text of a span. Bytes that are not UTF-8 are replaced: 0.x read them in the locale's encoding.
pub(super) fn read(text: &[u8], span: Span) -> String {
    String::from_utf8_lossy(text.get(span.start..span.end).unwrap_or_default()).into_owned()
}

fn find_secrets(text: &[u8], ends: LineEnds) -> Vec<(Span, Secret)> {
    gajim_text::lines(text, ends)
        .filter_map(|(line, _)| {
            let bytes = text.get(line.start..line.end)?;
            let Some(start) = secrets::secret_start(bytes) else {
                return Some((secrets::in_uri(bytes)?.moved_by(line.start), Secret::Clear));
            };
            let secret = str::from_utf8(bytes.get(start..)?)
                .map_or(Secret::Clear, |value| secrets::of_password(value.trim_end_matches('\r')));
            Some((Span::new(line.start + start.min(bytes.len()), line.end), secret))
        })
        .collect()
}

/// The options of a section, or the top-level ones.
pub(super) struct TextOptions<'a> {
    /// The file's text.
    pub text: &'a Text,
    /// The file.
    pub file: FileNumber,
    /// Every value of each option.
    pub values: &'a HashMap<String, Vec<Span>>,
    /// Which options there are.
    pub table: &'static [TextOption],
    /// The version that reads them.
    pub version: Version,
    /// The section in words: `accounts[riseup.net]`; empty at the top level.
    pub words: String,
    /// The section.
    pub near: Place,
}

impl<'a> TextOptions<'a> {
    /// Those of the client as a whole.
    pub(super) fn of_client(text: &'a Text, file: FileNumber, config: &'a TextConfig) -> Self {
        Self {
            text,
            file,
            values: &config.top,
            table: options_text::CLIENT,
            version: config.version,
            words: String::new(),
            // No line is shown for what is not written: the first may be a stray one with a secret in it.
            near: Place::of_file(file, "options"),
        }
    }

    /// Those of a section.
    pub(super) fn of_section(
        text: &'a Text,
        file: FileNumber,
        version: Version,
        section: &'a Section,
        table: &'static [TextOption],
    ) -> Self {
        let words = section.words();
        let near = Place::in_text(file, section.name_span, words.clone());
        Self { text, file, values: &section.options, table, version, near, words }
    }
}

impl Section {
    /// It in words: `accounts[riseup.net]`.
    pub(super) fn words(&self) -> String {
        format!("{}[{}]", self.kind, secrets::shown_name(&self.name))
    }
}

impl TextOptions<'_> {
    /// The place of a value of the option `name`.
    pub(super) fn place(&self, name: &str, span: Span) -> Place {
        Place::in_text(self.file, span, self.words(name))
    }

    /// The value that counts: the last valid one, if the version knows the option at all.
    fn find<T>(&self, name: &'static str, valid: impl Fn(&str) -> Option<T>) -> Option<(T, Place)> {
        options_text::of_text(self.table, name, self.version)?;
        let values = self.values.get(name)?;
        values.iter().rev().find_map(|span| {
            let value = valid(&read(self.text.bytes(), *span))?;
            Some((value, self.place(name, *span)))
        })
    }

    fn setting<T>(
        &self,
        name: &'static str,
        valid: impl Fn(&str) -> Option<T>,
        fallback: impl Fn(&str) -> T,
    ) -> Setting<T> {
        match self.find(name, valid) {
            Some((value, place)) => Setting::written(value, place),
            None => {
                let default =
                    options_text::of_text(self.table, name, self.version).map_or("", |(_, default)| default);
                Setting::default(fallback(default), default, self.near.clone())
            }
        }
    }
}

impl Options for TextOptions<'_> {
    fn text(&self, name: &'static str) -> Setting<String> {
        self.setting(name, |text| Some(text.to_owned()), str::to_owned)
    }

    fn flag(&self, name: &'static str) -> Setting<bool> {
        self.setting(name, options::python_flag, |default| default == "True")
    }

    fn number(&self, name: &'static str) -> Setting<i64> {
        self.setting(name, options::python_int, |default| default.parse().unwrap_or_default())
    }

    fn near(&self) -> &Place {
        &self.near
    }

    fn knows(&self, name: &'static str) -> Knows {
        if options_text::of_text(self.table, name, self.version).is_some() { Knows::Surely } else { Knows::No }
    }

    fn words(&self, name: &str) -> String {
        if self.words.is_empty() { name.to_owned() } else { format!("{} / {name}", self.words) }
    }
}

/// Whether the client would honour this value of an option.
pub(super) fn is_valid(kind: Kind, value: &str) -> bool {
    match kind {
        Kind::Text => true,
        Kind::Flag => options::python_flag(value).is_some(),
        Kind::Number => options::python_int(value).is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(text: &str) -> TextConfig {
        TextConfig::parse(text.as_bytes(), false, None)
    }

    fn account_options<'a>(config: &'a TextConfig, text: &'a Text) -> TextOptions<'a> {
        TextOptions {
            text,
            file: FileNumber(0),
            values: &config.sections[0].options,
            table: options_text::ACCOUNT,
            version: config.version,
            words: String::new(),
            near: Place::of_file(FileNumber(0), "near"),
        }
    }

    fn with_options(source: &str, check: impl Fn(&TextOptions)) {
        let config = config(source);
        let text = Text::new(zeroize::Zeroizing::new(source.as_bytes().to_vec()));
        check(&account_options(&config, &text));
    }

    #[test]
    fn the_last_valid_duplicate_counts() {
        let source = "version = 1.2.2\naccounts.a.use_custom_host = True\naccounts.a.use_custom_host = true\n\
                      accounts.a.custom_port = 1\naccounts.a.custom_port = 2\naccounts.a.custom_port = x\n";
        with_options(source, |options| {
            assert!(options.flag("use_custom_host").value);
            assert_eq!(options.number("custom_port").value, 2);
        });
    }

    #[test]
    fn blanks_belong_to_strings_and_spoil_booleans() {
        let source = "version = 1.2.2\naccounts.a.custom_host =  x \naccounts.a.active = False \n";
        with_options(source, |options| {
            assert_eq!(options.text("custom_host").value, " x ");
            assert!(options.flag("active").value, "ignored, so the default stays");
        });
    }

    #[test]
    fn carriage_returns_spoil_booleans_in_python_2_on_unix_only() {
        for (version, windows, active) in
            [("0.16.9", false, true), ("0.16.9", true, false), ("1.1.3", false, false), ("1.2.2", false, false)]
        {
            let source =
                format!("version = {version}\r\naccounts.a.active = False\r\naccounts.a.custom_port = 1\r\n");
            let config = TextConfig::parse(source.as_bytes(), windows, None);
            let text = Text::new(zeroize::Zeroizing::new(source.into_bytes()));
            let options = account_options(&config, &text);
            assert_eq!(options.flag("active").value, active, "{version} {windows}");
            assert_eq!(options.number("custom_port").value, 1);
        }
    }

    #[test]
    fn a_section_that_became_a_value_is_a_crash() {
        assert!(config("accounts.c = z\naccounts.x.y = 1\n").crash.is_some());
        assert!(config("accounts.x.y = 1\naccounts.c = z\n").crash.is_none());
        assert!(config("plugins = z\naccounts.x.y = 1\n").crash.is_none());
    }

    #[test]
    fn guesses_the_version_by_the_options() {
        let version = |option: &str| config(&format!("accounts.x.{option} = 1\n")).version;
        assert_eq!(version("usessl"), Version::new(0, 11, 4));
        assert_eq!(version("warn_when_plaintext_connection"), Version::new(0, 14, 4));
        assert_eq!(version("allow_plaintext_connection"), Version::new(1, 1, 3));
        assert_eq!(version("custom_type"), Version::new(1, 2, 0));
        assert_eq!(version("name"), version::LAST_TEXT);
    }

    #[test]
    fn a_file_without_a_version_is_taken_for_one_of_the_version_that_reads_it() {
        let version = |source: &str, assumed: &str| {
            TextConfig::parse(source.as_bytes(), false, Version::parse(assumed)).version
        };
        assert_eq!(version("accounts.x.connection_types = tls\n", "1.1.3"), Version::new(1, 1, 3));
        assert_eq!(version("version = 0.16.3\n", "1.1.3"), Version::new(0, 16, 3));
        assert_eq!(version("accounts.x.connection_types = tls\n", "2.5.0"), Version::new(0, 16, 9));
    }

    #[test]
    fn secrets_are_found_in_every_line() {
        let source = "accounts.x.password = SECRET\r\n# accounts.x.password = SECRET\naccounts.x.pass=SECRET";
        let found = config(source).secrets;
        assert_eq!(found.len(), 3);
        for (span, secret) in found {
            assert_eq!(source.get(span.start..span.end).unwrap(), "SECRET");
            assert_eq!(secret, Secret::Clear);
        }
    }
}
