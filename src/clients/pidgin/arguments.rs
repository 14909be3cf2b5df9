//! Commands that a configuration names: what of them may be shown, and what they do.

use std::ops::Range;

/// What ends a program's name, or says that it is something else.
const TELLING: [char; 13] = ['=', '@', ':', '"', '\'', '&', '$', '`', '(', ';', '|', '<', '>'];

/// What of a command is not shown: everything behind the program's name, since a password may be among it. The command
/// is taken as it is written in the file.
pub(super) fn hidden(command: &str) -> Option<Range<usize>> {
    let start = command.len() - command.trim_start().len();
    let end = command.trim_end().len();
    let body = command.get(start..end).filter(|body| !body.is_empty())?;
    let program = body.split(char::is_whitespace).next().unwrap_or_default();
    if program.contains(TELLING) {
        return Some(start..end);
    }
    let arguments = body.get(program.len()..).unwrap_or_default().trim_start();
    // The place of a link or of a file says nothing.
    (!arguments.is_empty() && arguments != "%s").then(|| end - arguments.len()..end)
}

/// The program that a command starts, if it is named by its path.
pub(super) fn program(command: &str) -> Option<&str> {
    let program = command.split_whitespace().next()?;
    (program.starts_with('/') && !program.contains(TELLING)).then_some(program)
}

/// Whether a command hands what stands for `%s` to a shell as a part of what that is to do: `sh -c "firefox %s"`.
/// As an argument of its own it would be harmless.
pub(super) fn feeds_shell(command: &str) -> bool {
    const SHELLS: [&str; 6] = ["sh", "bash", "dash", "ash", "zsh", "ksh"];
    let words = words(command);
    let is_shell = |word: &String| SHELLS.contains(&word.rsplit('/').next().unwrap_or_default());
    let Some(shell) = words.iter().position(is_shell) else { return false };
    let options = words.iter().skip(shell + 1);
    let script = options.skip_while(|word| !is_script_option(word)).nth(1);
    script.is_some_and(|script| script.contains("%s"))
}

/// `-c`, alone or among others: `-lc`.
fn is_script_option(word: &str) -> bool {
    word.starts_with('-') && !word.starts_with("--") && word.ends_with('c')
}

/// The words of a command, as `g_shell_parse_argv` takes them apart.
fn words(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote: Option<char> = None;
    let mut characters = command.chars();
    while let Some(character) = characters.next() {
        match (quote, character) {
            (None, blank) if blank.is_whitespace() => words.extend(word.take()),
            (None, '\'' | '"') => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            (Some(open), close) if open == close => quote = None,
            (None | Some('"'), '\\') => word.get_or_insert_default().extend(characters.next()),
            (_, other) => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_the_program_only() {
        for (command, shown) in [
            ("torbrowser", "torbrowser"),
            (" torbrowser %s ", " torbrowser %s "),
            ("/usr/bin/aplay -q %s", "/usr/bin/aplay "),
            ("notify --token hunter2 %s", "notify "),
            ("TOKEN=hunter2 notify", ""),
            ("  'hunter2' x", "  "),
            ("&quot;hunter2&quot; x", ""),
            ("https://alice:hunter2@x/", ""),
            ("", ""),
        ] {
            let mut text = command.to_owned();
            if let Some(range) = hidden(command) {
                text.replace_range(range, "");
            }
            assert_eq!(text, shown, "{command}");
        }
    }

    #[test]
    fn names_a_program_that_is_named_by_its_path() {
        for (command, expected) in [
            ("/opt/bin/play -q %s", Some("/opt/bin/play")),
            (" /opt/bin/play", Some("/opt/bin/play")),
            ("play %s", None),
            ("./play %s", None),
            ("env /opt/bin/play", None),
            ("/opt/'my player'/play %s", None),
            ("", None),
        ] {
            assert_eq!(program(command), expected, "{command}");
        }
    }

    #[test]
    fn knows_what_ends_up_in_a_shell() {
        for command in ["sh -c \"firefox %s\"", "/bin/bash -lc 'firefox \"%s\"'", "env X=1 dash -c firefox\\ %s"] {
            assert!(feeds_shell(command), "{command}");
        }
        for command in [
            "firefox %s",
            "sh -c 'firefox \"$1\"' x %s",
            "sh script.sh %s",
            "sh -c firefox",
            "firefox -c %s",
            "sh",
            "sh --norc %s",
            "",
        ] {
            assert!(!feeds_shell(command), "{command}");
        }
    }
}
