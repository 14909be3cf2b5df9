//! Names of programs: clients, and what starts them.

use super::scan::Word;
use super::verdict::{Environment, assignment, assignment_from};

pub(super) const DINO: &str = "dino";
pub(super) const PROFANITY: &str = "profanity";

/// The names under which clients are started: programs, and names of Flatpaks.
pub(super) const PROGRAMS: [(&str, &str); 7] = [
    ("dino", DINO),
    ("dino-im", DINO),
    ("im.dino.Dino", DINO),
    ("dinox", DINO),
    ("im.github.rallep71.DinoX", DINO),
    ("profanity", PROFANITY),
    ("profanity-light", PROFANITY),
];

/// Words before a command that change nothing about what it does.
pub(super) const RESERVED: [&str; 15] =
    ["{", "}", "!", "if", "then", "elif", "else", "fi", "do", "done", "while", "until", "and", "or", "not"];

/// Programs that start the program that is named behind them.
pub(super) const WRAPPERS: [&str; 32] = [
    "env",
    "command",
    "builtin",
    "exec",
    "nohup",
    "nice",
    "ionice",
    "time",
    "setsid",
    "sudo",
    "doas",
    "torsocks",
    "torify",
    "usewithtor",
    "firejail",
    "proxychains",
    "proxychains4",
    "dbus-launch",
    "dbus-run-session",
    "systemd-run",
    "systemd-cat",
    "stdbuf",
    "flatpak",
    "run",
    "uwsm-app",
    "xterm",
    "x-terminal-emulator",
    "gnome-terminal",
    "konsole",
    "alacritty",
    "kitty",
    "foot",
];

/// Those among them that send what they start through Tor or a proxy, whatever the environment says.
pub(super) const TO_TOR: [&str; 5] = ["torsocks", "torify", "usewithtor", "proxychains", "proxychains4"];

/// Shells that take commands as an argument.
pub(super) const SHELLS: [&str; 6] = ["sh", "bash", "zsh", "dash", "ksh", "fish"];

pub(super) fn client(program: &str) -> Option<&'static str> {
    PROGRAMS.iter().find(|(name, _)| *name == program).map(|(_, client)| *client)
}

/// The name of a program without its folder, and without the signs that systemd takes before one.
pub(super) fn base_name(program: &str) -> &str {
    program.rsplit('/').next().unwrap_or_default().trim_start_matches(['-', '@', ':', '+', '!'])
}

/// The command without words that only say when it is run, or of which function it is a part.
pub(super) fn without_reserved(words: &[Word]) -> &[Word] {
    let count = words.iter().take_while(|word| RESERVED.contains(&word.text.as_str())).count();
    match words.get(count..).unwrap_or_default() {
        [function, _name, body @ ..] if function.text == "function" => without_reserved_once(body),
        rest => rest,
    }
}

pub(super) fn without_reserved_once(words: &[Word]) -> &[Word] {
    match words {
        [first, rest @ ..] if first.text == "{" => rest,
        _ => &[],
    }
}

/// The words behind the options of a program that starts another. What it sets is added.
pub(super) fn after_options<'w>(mut words: &'w [Word], environment: &mut Environment<'w>) -> &'w [Word] {
    while let Some((word, mut rest)) = words.split_first() {
        if let Some(assignment) = assignment(word) {
            environment.add(assignment);
        } else if word.text.starts_with("--env=") {
            assignment_from(word, "--env=".len()).into_iter().for_each(|assignment| environment.add(assignment));
        } else if let Some(name) = word.text.strip_prefix("--unset=") {
            environment.remove(name);
        } else if matches!(word.text.as_str(), "-u" | "--unset") {
            // Of env the name of a variable, of others that of a user.
            if let Some((name, behind)) = rest.split_first() {
                environment.remove(&name.text);
                rest = behind;
            }
        } else if !word.text.starts_with('-') && !word.text.bytes().all(|byte| byte.is_ascii_digit()) {
            break;
        }
        words = rest;
    }
    words
}
