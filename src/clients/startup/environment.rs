//! Files that only set variables.

use super::judge::Judge;
use super::verdict::Assignment;
use crate::model::Span;

/// `NAME=VALUE`, a line each (environment.d(5)): no `export`, quotes around the value or not.
pub(super) fn judge_variables(judge: &mut Judge<'_>, text: &str) {
    for (start, line) in lines(text) {
        if let Some((name, value)) = line.split_once('=') {
            set(judge, name.trim(), value, start + line.len() - value.len());
        }
    }
}

/// `NAME DEFAULT=VALUE OVERRIDE=VALUE` (pam_env.conf(5)), where an override counts if it is not empty; and
/// `NAME=VALUE`, as people write it.
pub(super) fn judge_pam(judge: &mut Judge<'_>, text: &str) {
    for (start, line) in lines(text) {
        let name_length = line.find([' ', '\t', '=']).unwrap_or(line.len());
        let (name, rest) = line.split_at_checked(name_length).unwrap_or_default();
        let written = |key: &str| {
            rest.find(key).map(|at| at + key.len()).and_then(|at| Some((at, first_value(rest.get(at..)?))))
        };
        let chosen = match rest.strip_prefix('=') {
            Some(value) => Some((1, value)),
            None => written("OVERRIDE=").filter(|(_, value)| !value.is_empty()).or_else(|| written("DEFAULT=")),
        };
        if let Some((at, value)) = chosen {
            set(judge, name, value, start + name_length + at);
        }
    }
}

fn set(judge: &mut Judge<'_>, name: &str, written: &str, start: usize) {
    let trimmed = written.trim_start();
    let start = start + written.len() - trimmed.len();
    let trimmed = trimmed.trim_end();
    let (quote, value) = match unquoted(trimmed) {
        Some(value) => (1, value),
        None => (0, trimmed),
    };
    let span = Span::new(start + quote, start + quote + value.len());
    judge.set(Assignment { name, value, is_dynamic: value.contains(['$', '@']), span });
}

fn unquoted(value: &str) -> Option<&str> {
    ['"', '\''].into_iter().find_map(|quote| value.strip_prefix(quote)?.strip_suffix(quote))
}

/// The value up to the next blank that is not inside quotes.
fn first_value(text: &str) -> &str {
    let end = match text.strip_prefix('"') {
        Some(rest) => rest.find('"').map(|at| at + 2),
        None => text.find(char::is_whitespace),
    };
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

/// Every line that is no comment, from its first character that is no blank, and where that stands.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut next = 0;
    text.split('\n').filter_map(move |line| {
        let start = next + line.len() - line.trim_start().len();
        next += line.len() + 1;
        let line = line.trim();
        (!line.is_empty() && !line.starts_with(['#', ';'])).then_some((start, line))
    })
}
