//! What of a line of a start-up file may be shown.
//!
//! Anything may stand in such a line: another program's password as an argument, a token as a variable. So nothing is
//! shown but words that are known to be no secret.

use std::collections::BTreeSet;

use super::programs::{PROGRAMS, RESERVED, SHELLS, WRAPPERS, base_name};
use crate::model::Span;

/// Words of shells, units and desktop entries, and what is looked for.
const KNOWN: [&str; 40] = [
    "export",
    "alias",
    "set",
    "unset",
    "function",
    "abbr",
    "declare",
    "typeset",
    "Exec",
    "ExecStart",
    "Environment",
    "GIO_USE_TLS",
    "GIO_MODULE_DIR",
    "DINO_PLUGIN_DIR",
    "all_proxy",
    "ALL_PROXY",
    "https_proxy",
    "HTTPS_PROXY",
    "socks",
    "socks5",
    "socks5h",
    "//127.0.0.1",
    "//localhost",
    "127.0.0.1",
    "9050",
    "9150",
    "dummy",
    "DEBUG",
    "/connect",
    "/account",
    "/register",
    "/join",
    "tls",
    "auth",
    "password",
    "allow",
    "trust",
    "disable",
    "legacy",
    "all",
];

/// Every word that must not be shown, in the lines in which one of `marks` begins. No other line is ever shown.
pub(super) fn in_lines_of(text: &str, marks: impl IntoIterator<Item = Span>) -> Vec<Span> {
    let starts: BTreeSet<usize> = marks
        .into_iter()
        .map(|mark| text.get(..mark.start).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1))
        .collect();
    starts.into_iter().flat_map(|start| in_line(text, start)).collect()
}

fn in_line(text: &str, start: usize) -> Vec<Span> {
    let line = text.get(start..).unwrap_or_default();
    let line = line.split('\n').next().unwrap_or_default();
    let mut hidden = Vec::new();
    let mut at = 0;
    for piece in line.split_inclusive(|character| !is_of_word(character)) {
        let word = piece.trim_end_matches(|character| !is_of_word(character));
        if !word.is_empty() && !may_be_shown(word) {
            hidden.push(Span::new(start + at, start + at + word.len()));
        }
        at += piece.len();
    }
    hidden
}

fn is_of_word(character: char) -> bool {
    !character.is_ascii() || character.is_ascii_alphanumeric() || matches!(character, '_' | '-' | '.' | '/')
}

/// A value may stand right behind the letter of a short option; of those only the one that is looked for is shown.
fn may_be_shown(word: &str) -> bool {
    let is_option = word.starts_with("--") || (word.starts_with('-') && word.len() <= 2) || word == "-lDEBUG";
    let name = base_name(word);
    is_option
        || KNOWN.contains(&word)
        || PROGRAMS.iter().any(|(program, _)| *program == name)
        || [&WRAPPERS[..], &SHELLS, &RESERVED].iter().any(|names| names.contains(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, mark: usize) -> String {
        let mut shown = text.to_owned();
        for span in in_lines_of(text, [Span::at(mark)]).into_iter().rev() {
            shown.replace_range(span.start..span.end, "*");
        }
        shown
    }

    #[test]
    fn shows_known_words_only() {
        assert_eq!(shown("PASSWORD=hunter2 dino --print-xmpp all", 17), "*=* dino --print-xmpp all");
        assert_eq!(shown("export GIO_USE_TLS=dummy TOKEN='hun ter2'", 0), "export GIO_USE_TLS=dummy *='* *'");
        assert_eq!(
            shown("alias chat='sshpass -phunter2 ssh h profanity -l DEBUG'", 0),
            "alias *='* * * * profanity -l DEBUG'"
        );
        assert_eq!(shown("Exec=/usr/bin/dino-im --password=hunter2", 0), "Exec=/usr/bin/dino-im --password=*");
        assert_eq!(shown("dino été", 0), "dino *");
    }

    #[test]
    fn other_lines_are_not_looked_at() {
        assert_eq!(shown("one\ntwo\nthree", 5), "one\n*\nthree");
    }

    #[test]
    fn takes_linear_time() {
        let text = "x ".repeat(200_000);
        in_lines_of(&text, (0..1000).map(Span::at));
    }
}
