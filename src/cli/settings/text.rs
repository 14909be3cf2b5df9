//! Settings for people.

use std::io::Write;

use super::{Values, rows};
use crate::Search;
use crate::cli::plan::Plan;
use crate::cli::terminal::Terminal;
use crate::cli::{Exit, Failure};
use crate::configuration::Ignore;
use crate::model::{Language, Notice, Trouble};
use crate::report::{self, harmless};

/// What stands where a setting is empty.
const NOTHING: &str = "-";

/// A line a setting, then what is accepted, then the configurations that do not count in full.
pub(super) fn show(
    plan: &Plan,
    search: &Search,
    terminal: &Terminal,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let language = terminal.language;
    let rows: Vec<[String; 3]> = rows(&plan.settings)
        .into_iter()
        .map(|row| [row.key, row.values.shown(), row.origin.to_string()])
        .map(|row| row.map(|cell| harmless::line(&cell)))
        .collect();
    let widest = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let (keys, values) = (widest(0), widest(1));
    for [key, value, origin] in &rows {
        writeln!(out, "{key:keys$}  {value:values$}  {origin}")?;
    }
    if !plan.settings.accepted.is_empty() {
        let heading = language.choose("Accepted", "Accepté");
        writeln!(out, "\n{}", report::heading(heading, &terminal.options()))?;
        for ignore in &plan.settings.accepted {
            writeln!(out, "  {}", harmless::line(&accepted(ignore, language)))?;
        }
    }
    let limited: Vec<&Notice> = remarks(search).collect();
    if !limited.is_empty() {
        let heading = language.choose("Not counting in full", "Sans plein effet");
        writeln!(out, "\n{}", report::heading(heading, &terminal.options()))?;
        for notice in limited {
            let sentence = harmless::line(&notice.trouble.sentence(language));
            writeln!(out, "  {}\n    {sentence}", harmless::path(&notice.path))?;
        }
    }
    Ok(Exit::Clean)
}

/// What there is to say about configurations.
pub(super) fn remarks(search: &Search) -> impl Iterator<Item = &Notice> {
    search.notices().iter().filter(|notice| matches!(notice.trouble, Trouble::Remark(_)))
}

/// `password-stored of pidgin, alice@example.org, until 2027-01-31: the disk is encrypted (xmpp-audit.toml:7)`.
fn accepted(ignore: &Ignore, language: Language) -> String {
    let of = [ignore.client.map(|client| client.0), ignore.account.as_deref(), ignore.room.as_deref()];
    let of = of.into_iter().flatten().chain(ignore.path.as_ref().map(crate::configuration::Glob::text));
    let mut said = of.fold(ignore.rule.clone(), |said, part| format!("{said}, {part}"));
    if let Some(day) = &ignore.expires {
        said.push_str(&format!(", {} {}", language.choose("until", "jusqu’au"), day.word()));
    }
    let colon = language.choose(":", " :");
    format!("{said}{colon} {} ({}:{})", ignore.reason, ignore.file.display(), ignore.line)
}

impl Values {
    fn shown(&self) -> String {
        let shown = match self {
            Self::One(value) => value.clone().unwrap_or_default(),
            Self::Many(values) => values.join(", "),
        };
        if shown.is_empty() { NOTHING.to_owned() } else { shown }
    }
}
