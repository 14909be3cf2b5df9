//! Words of a line that may go while the rest stays. Only what is written plainly is cut.

use crate::model::Span;
use crate::syntax::keyfile::line_at;

/// An assignment before a command or before others: `NAME=VALUE `, with the blanks behind it.
pub(super) fn assignment(text: &str, value: Span, name: &str) -> Option<Span> {
    let word = word(text, value, name, " \t\n'\"(;&|")?;
    let behind = text.get(word.end..)?;
    let next = behind.trim_start_matches([' ', '\t']);
    // With nothing behind it the command would be gone or do something else.
    let is_followed = next.len() < behind.len()
        && !next.is_empty()
        && !next.starts_with(|next| "\r\n;&|()<>'\"`#\\".contains(next));
    is_followed.then_some(Span::new(word.start, text.len() - next.len()))
}

/// An assignment in a list of them, with blanks on one side.
pub(super) fn word_of_list(text: &str, value: Span, name: &str) -> Option<Span> {
    let word = word(text, value, name, " \t=")?;
    let before = text.get(..word.start)?;
    let behind = text.get(word.end..)?;
    let next = behind.trim_start_matches([' ', '\t']);
    if next.len() < behind.len() {
        return Some(Span::new(word.start, text.len() - next.len()));
    }
    let is_last = behind.is_empty() || behind.starts_with(['\r', '\n']);
    is_last.then_some(Span::new(before.trim_end_matches([' ', '\t']).len(), word.end))
}

/// `NAME=VALUE`, `NAME="VALUE"`, `"NAME=VALUE"` or `--env=NAME=VALUE`, behind one of the characters `starts` or at the
/// beginning.
fn word(text: &str, value: Span, name: &str, starts: &str) -> Option<Span> {
    let written = text.get(value.start..value.end)?;
    if written.contains(['"', '\'', '\\', '`', '\n']) {
        return None;
    }
    let mut before = text.get(..value.start)?;
    let mut end = value.end;
    if let Some(quote) = before.chars().next_back().filter(|quote| "\"'".contains(*quote)) {
        before = before.strip_suffix(quote)?;
        end += text.get(end..)?.starts_with(quote).then_some(1)?;
    }
    before = before.strip_suffix('=')?;
    before = before.strip_suffix('+').unwrap_or(before).strip_suffix(name)?;
    before = before.strip_suffix("--env=").unwrap_or(before);
    let quote = before.chars().next_back().filter(|quote| "\"'".contains(*quote));
    if let Some(quote) = quote.filter(|quote| text.get(end..).is_some_and(|behind| behind.starts_with(*quote))) {
        before = before.strip_suffix(quote)?;
        end += 1;
    }
    before.chars().next_back().is_none_or(|start| starts.contains(start)).then_some(Span::new(before.len(), end))
}

/// `-l DEBUG`, `-lDEBUG`, `--log DEBUG`, `--log=DEBUG`, or `--print-xmpp` with the word behind it.
pub(super) fn log_option(text: &str, mark: Span) -> Option<Span> {
    let written = text.get(mark.start..mark.end)?;
    if written == "DEBUG" {
        let before = trimmed(text.get(..mark.start)?)?;
        let before = ["--log", "-l"].iter().find_map(|option| before.strip_suffix(option))?;
        return with_blanks(text, Span::new(before.len(), mark.end));
    }
    if written != "--print-xmpp" {
        return plain_option(text, mark);
    }
    // Dino takes the next word, whatever it is.
    let behind = text.get(mark.end..)?;
    let value = behind.trim_start_matches([' ', '\t']);
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || ":._/-".contains(letter);
    let length = value.find(|letter| !is_plain(letter)).unwrap_or(value.len());
    let is_value = value.len() < behind.len() && length > 0 && !value.starts_with('-');
    is_value.then_some(())?;
    with_blanks(text, Span::new(mark.start, text.len() - value.len() + length))
}

/// An option that is one word.
pub(super) fn plain_option(text: &str, mark: Span) -> Option<Span> {
    let written = text.get(mark.start..mark.end)?;
    let is_plain = written.starts_with('-')
        && !written.contains(|letter: char| "\"'\\$`".contains(letter) || letter.is_whitespace());
    is_plain.then(|| with_blanks(text, mark)).flatten()
}

/// `-r "COMMAND"` and `--cmd="COMMAND"`, for a secret that stands in the command.
pub(super) fn command_option(text: &str, secret: Span) -> Option<Span> {
    let line = line_at(text.as_bytes(), secret.start);
    let before = text.get(line.start..secret.start)?;
    let opens = |(at, letter): &(usize, char)| {
        "\"'".contains(*letter) && before.get(at + 1..).is_some_and(|command| command.starts_with('/'))
    };
    let (at, quote) = before.char_indices().rev().find(opens)?;
    let start = line.start + at;
    let length = text.get(secret.end..line.end)?.find(quote)?;
    let end = secret.end + length + 1;
    let command = text.get(start + 1..end - 1)?;
    if command.contains([quote, '\\']) {
        return None;
    }
    let option = text.get(line.start..start)?;
    let named = match ["--cmd=", "-r"].iter().find_map(|joined| option.strip_suffix(joined)) {
        Some(before) => before,
        None => {
            let before = trimmed(option)?;
            ["--cmd", "-r"].iter().find_map(|name| before.strip_suffix(name))?
        }
    };
    with_blanks(text, Span::new(line.start + named.len(), end))
}

/// A text without the blanks at its end, if there are any.
fn trimmed(text: &str) -> Option<&str> {
    let trimmed = text.trim_end_matches([' ', '\t']);
    (trimmed.len() < text.len()).then_some(trimmed)
}

/// A range with the blanks before it, if it is words of their own.
fn with_blanks(text: &str, span: Span) -> Option<Span> {
    let before = trimmed(text.get(..span.start)?)?;
    let behind = text.get(span.end..)?;
    let ends = |behind: &str| behind.is_empty() || behind.starts_with(|next| " \t\r\n;&|)`".contains(next));
    // A quote that is closed here, and was not opened here.
    let closes = behind.strip_prefix(['"', '\'']).is_some_and(ends);
    (ends(behind) || closes).then_some(Span::new(before.len(), span.end))
}
