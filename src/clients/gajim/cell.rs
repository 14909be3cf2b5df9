//! The cells of `settings.sqlite`, and the options in their JSON.

use zeroize::Zeroizing;

use super::options::{self, Options};
use super::version::Knows;
use super::{options_database, secrets};
use crate::model::{self, ClientVersion, FileNumber, Imprint, Place, Secret, Setting, Span, masked};
use crate::syntax::json::{self, Document, Kind, Member, Value, pointer_to};

/// How far around a value its excerpt can reach, generously.
const REACH: usize = 1024;

/// A cell with JSON in it.
pub(super) struct Cell {
    /// The file that it stands in.
    pub file: FileNumber,
    /// The name of its table.
    pub table: &'static str,
    /// The column that tells its row from others.
    pub key_column: &'static str,
    /// What stands in that column. It may hold a secret: see [`secrets::shown_name`].
    pub key: String,
    /// The JSON text.
    text: Zeroizing<String>,
    /// The JSON.
    pub document: Document,
    /// Every secret in it, one behind the other.
    pub secrets: Vec<(Span, Secret)>,
    spans: Vec<Span>,
}

impl Cell {
    /// Takes a cell's text apart.
    pub(super) fn new(
        file: FileNumber,
        table: &'static str,
        key_column: &'static str,
        key: String,
        text: Zeroizing<String>,
    ) -> Self {
        let document = json::parse(&text);
        let mut secrets = secrets::in_json(&document.root);
        if let Some(error) = document.error {
            // What stands behind a fault is nothing that can be told apart: none of it is shown.
            let fault = secrets::start_of_fault(&text, error.offset);
            let start = secrets.last().map_or(fault, |(last, _)| fault.max(last.end));
            let rest = text.get(start..).unwrap_or_default();
            secrets.push((Span::new(start, text.len()), secrets::in_broken_json(rest)));
        }
        let spans = secrets.iter().map(|(span, _)| *span).collect();
        Self { file, table, key_column, key, text, document, secrets, spans }
    }

    /// The bytes of a span.
    pub(super) fn slice(&self, span: Span) -> &str {
        self.text.get(span.start..span.end).unwrap_or_default()
    }

    /// The whole text.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The cell as a whole, without a look into it.
    pub(super) fn place(&self, words: impl Into<String>) -> Place {
        bare_place(self.file, self.table, self.key_column, &self.key, words)
    }

    /// A value inside the JSON.
    pub(super) fn place_of(&self, span: Span, pointer: Option<String>, words: impl Into<String>) -> Place {
        let whole = Span::new(0, self.text.len());
        // Only the secrets nearby: a cell may hold very many of them.
        let first = self.spans.partition_point(|secret| secret.end + REACH < span.start);
        let nearby = self.spans.get(first..).unwrap_or_default();
        let last = nearby.partition_point(|secret| secret.start <= span.start + REACH);
        let nearby = nearby.get(..last).unwrap_or_default();
        let excerpt = masked(self.text.as_bytes(), whole, span, |_| nearby);
        let imprint = Some(Imprint::of(self.slice(span).as_bytes()));
        let cell = model::Cell { pointer, excerpt: Some(excerpt), imprint, ..self.model_cell() };
        Place::in_cell(self.file, cell, words)
    }

    fn model_cell(&self) -> model::Cell {
        model_cell(self.table, self.key_column, &self.key)
    }

    /// Where, inside the cell, the part `part` of a string stands; the whole string where it has escapes.
    pub(super) fn part_of_string(&self, string: Span, text: &str, part: Span) -> Span {
        let inner = Span::new(string.start + 1, string.end.saturating_sub(1).max(string.start + 1));
        if self.slice(inner) == text { part.moved_by(inner.start) } else { string }
    }
}

/// A cell that no look is taken into.
pub(super) fn bare_place(
    file: FileNumber,
    table: &'static str,
    key_column: &'static str,
    key: &str,
    words: impl Into<String>,
) -> Place {
    Place::in_cell(file, model_cell(table, key_column, key), words)
}

fn model_cell(table: &str, key_column: &str, key: &str) -> model::Cell {
    model::Cell {
        table: table.to_owned(),
        row: format!("{key_column}={}", secrets::shown_name(key)),
        column: "settings".to_owned(),
        pointer: None,
        excerpt: None,
        imprint: None,
    }
}

/// The options in an object of a cell.
pub(super) struct CellOptions<'a> {
    /// The cell.
    pub cell: &'a Cell,
    /// The object; none if it is missing, so that every option is at its default.
    pub object: Option<&'a Value>,
    /// The pointer to the object.
    pub pointer: String,
    /// The object in words: `accounts[riseup.net]`.
    pub words: String,
    /// Where the object stands.
    pub near: Place,
    /// The `user_version` of the database.
    pub user_version: i64,
    /// The version that reads it, as far as that is known.
    pub version: &'a ClientVersion,
}

/// Who reads a database.
#[derive(Clone, Copy)]
pub(super) struct ReadBy<'a> {
    /// The `user_version` of the database.
    pub user_version: i64,
    /// The version that reads it, as far as that is known.
    pub version: &'a ClientVersion,
}

impl<'a> CellOptions<'a> {
    /// Those of the client as a whole, in the cell `app`.
    pub(super) fn of_client(cell: &'a Cell, by: ReadBy<'a>) -> Self {
        Self {
            cell,
            object: Some(&cell.document.root),
            near: cell.place("app"),
            pointer: String::new(),
            words: "app".to_owned(),
            user_version: by.user_version,
            version: by.version,
        }
    }

    /// Those of an account in its cell.
    pub(super) fn of_account(cell: &'a Cell, words: String, by: ReadBy<'a>) -> Self {
        let member = cell.document.root.member("account");
        let near = match member {
            Some(member) => cell.place_of(member.key_span, None, words.clone()),
            None => cell.place(words.clone()),
        };
        Self {
            cell,
            object: member.map(|member| &member.value),
            pointer: "/account".to_owned(),
            words,
            near,
            user_version: by.user_version,
            version: by.version,
        }
    }

    /// Those of a proxy in the cell of all.
    pub(super) fn of_proxy(cell: &'a Cell, member: &'a Member, by: ReadBy<'a>) -> Self {
        let words = format!("proxies[{}]", secrets::shown_name(&member.key));
        let pointer = pointer_to("", &member.key);
        Self {
            cell,
            object: Some(&member.value),
            near: cell.place_of(member.key_span, Some(pointer.clone()), words.clone()),
            pointer,
            words,
            user_version: by.user_version,
            version: by.version,
        }
    }
}

impl CellOptions<'_> {
    /// The place of a member's value.
    pub(super) fn place(&self, member: &Member) -> Place {
        let pointer = pointer_to(&self.pointer, &member.key);
        self.cell.place_of(member.value.span, Some(pointer), self.words(&member.key))
    }

    fn setting<T>(
        &self,
        name: &'static str,
        written: impl Fn(&Value) -> T,
        fallback: impl Fn(&str) -> T,
    ) -> Setting<T> {
        let default = options_database::default_of(name, self.user_version);
        let member = if self.knows(name) == Knows::No { None } else { self.object.and_then(|it| it.member(name)) };
        match member {
            Some(member) => Setting::written(written(&member.value), self.place(member)),
            None => {
                let default = default.unwrap_or_default();
                Setting::default(fallback(default), default, self.near.clone())
            }
        }
    }
}

impl Options for CellOptions<'_> {
    /// What is no string is taken as it is spelled, or as nothing where Python takes it for false.
    fn text(&self, name: &'static str) -> Setting<String> {
        let written = |value: &Value| match value.as_str() {
            Some(text) => text.to_owned(),
            None if value.is_truthy() => self.cell.slice(value.span).to_owned(),
            None => String::new(),
        };
        self.setting(name, written, str::to_owned)
    }

    fn flag(&self, name: &'static str) -> Setting<bool> {
        self.setting(name, Value::is_truthy, |default| default == "true")
    }

    fn number(&self, name: &'static str) -> Setting<i64> {
        #[expect(clippy::cast_possible_truncation, reason = "what does not fit is no port either")]
        let written = |value: &Value| match &value.kind {
            Kind::Number(number) => *number as i64,
            Kind::String(text) => options::python_int(text).unwrap_or_default(),
            _ => 0,
        };
        self.setting(name, written, |default| default.parse().unwrap_or_default())
    }

    fn near(&self) -> &Place {
        &self.near
    }

    fn knows(&self, name: &'static str) -> Knows {
        options_database::knows(name, self.user_version, self.version)
    }

    fn words(&self, name: &str) -> String {
        format!("{} / {name}", self.words)
    }
}
