//! What commands and variables do to the user of a chat client.

use std::path::{Component, Path};

use super::scan::{Character, Shell, Word, characters, commands};
use crate::model::{LaunchEffect, Span};
use crate::source::Reader;

const DINO: &str = "dino";
const PROFANITY: &str = "profanity";

/// The names under which clients are started: programs, and names of Flatpaks.
const PROGRAMS: [(&str, &str); 7] = [
    ("dino", DINO),
    ("dino-im", DINO),
    ("im.dino.Dino", DINO),
    ("dinox", DINO),
    ("im.github.rallep71.DinoX", DINO),
    ("profanity", PROFANITY),
    ("profanity-light", PROFANITY),
];

/// Variables that take GLib's TLS away.
const VARIABLES: [&str; 2] = ["GIO_USE_TLS", "GIO_MODULE_DIR"];

/// Words before a command that change nothing about what it does.
const RESERVED: [&str; 15] =
    ["{", "}", "!", "if", "then", "elif", "else", "fi", "do", "done", "while", "until", "and", "or", "not"];

/// Programs that start the program that is named behind them.
const WRAPPERS: [&str; 32] = [
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

/// Shells that take commands as an argument.
const SHELLS: [&str; 6] = ["sh", "bash", "zsh", "dash", "ksh", "fish"];

/// Folders of the system, in which GLib's modules may lie. Others are not looked into: what a file names may
/// be on somebody else's machine.
const MODULE_ROOTS: [&str; 8] =
    ["/usr/lib", "/usr/lib64", "/usr/local/lib", "/lib", "/lib64", "/app/lib", "/nix/store", "/gnu/store"];

/// Commands inside commands inside commands: nobody writes more.
const DEPTH: usize = 4;

/// Something that betrays the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    pub client: &'static str,
    pub effect: LaunchEffect,
    /// The variable or option.
    pub word: String,
    /// Where its value stands.
    pub span: Span,
    /// The place in words.
    pub place: String,
}

/// A variable that is given a value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Assignment<'a> {
    pub name: &'a str,
    pub value: &'a str,
    /// Whether a part of the value is known only when it is run.
    pub is_dynamic: bool,
    /// Where the value stands.
    pub span: Span,
}

/// Judges one file, from its beginning to its end.
pub(super) struct Judge<'a> {
    reader: &'a Reader,
    shell: Shell,
    verdicts: Vec<Verdict>,
    /// For each of [`VARIABLES`], what was last said about it for everything that is started later.
    session: [Option<Verdict>; 2],
    /// The same, for what the commands of a child process start.
    child: Option<[Option<Verdict>; 2]>,
    starts_dino: bool,
}

impl<'a> Judge<'a> {
    pub(super) const fn new(reader: &'a Reader) -> Self {
        Self {
            reader,
            shell: Shell::Posix,
            verdicts: Vec::new(),
            session: [None, None],
            child: None,
            starts_dino: false,
        }
    }

    /// Everything that betrays the user, in the order of the file.
    pub(super) fn into_verdicts(self) -> Vec<Verdict> {
        let mut verdicts = self.verdicts;
        verdicts.extend(self.session.into_iter().flatten());
        verdicts.sort_by_key(|verdict| verdict.span);
        verdicts
    }

    /// Whether a command was seen that starts Dino.
    pub(super) const fn starts_dino(&self) -> bool {
        self.starts_dino
    }

    /// Judges a whole script.
    pub(super) fn script(&mut self, text: &str, shell: Shell) {
        self.shell = shell;
        self.commands(&characters(text, 0), &[], 0);
    }

    /// Judges a command line that begins at byte `start` of the file. What it sets, it sets for itself.
    pub(super) fn command_line(&mut self, text: &str, start: usize) {
        self.child_commands(&characters(text, start), &[], 0);
    }

    /// A variable is set for everything that is started later; the last value counts.
    pub(super) fn set(&mut self, assignment: Assignment<'_>) {
        let Some(slot) = VARIABLES.iter().position(|variable| *variable == assignment.name) else { return };
        let place = if self.child.is_some() { "command[dino]" } else { "environment" };
        let verdict = self.takes_tls_away(assignment).then(|| tls_verdict(assignment, place));
        if let Some(known) = self.child.as_mut().unwrap_or(&mut self.session).get_mut(slot) {
            *known = verdict;
        }
    }

    /// A variable is removed again.
    pub(super) fn unset(&mut self, name: &str) {
        for (variable, known) in VARIABLES.iter().zip(self.child.as_mut().unwrap_or(&mut self.session)) {
            if *variable == name {
                *known = None;
            }
        }
    }

    /// Judges commands that a process of their own runs.
    fn child_commands(&mut self, script: &[Character], outer: &[Assignment<'_>], depth: usize) {
        let before = self.child.replace([None, None]);
        self.commands(script, outer, depth);
        self.child = before;
    }

    /// Judges a command that sets variables for the whole session, whichever process runs it.
    fn export_to_session(&mut self, arguments: &[Word]) {
        let before = self.child.take();
        self.export(arguments);
        self.child = before;
    }

    fn commands(&mut self, script: &[Character], outer: &[Assignment<'_>], depth: usize) {
        if depth > DEPTH {
            return;
        }
        for words in commands(script, self.shell) {
            self.command(&words, outer, depth);
        }
    }

    /// Judges one simple command, run with `outer` set.
    fn command(&mut self, words: &[Word], outer: &[Assignment<'_>], depth: usize) {
        let words = without_reserved(words);
        let count = words.iter().take_while(|word| assignment(word).is_some()).count();
        let (assignments, rest) = words.split_at_checked(count).unwrap_or_default();
        let assignments = assignments.iter().filter_map(assignment);
        let Some((program, arguments)) = rest.split_first() else {
            return assignments.for_each(|assignment| self.set(assignment));
        };
        match base_name(&program.text) {
            "export" | "declare" | "typeset" | "readonly" => self.export(arguments),
            "setenv" => self.set_pair(arguments),
            "unset" | "unsetenv" => arguments.iter().for_each(|word| self.unset(&word.text)),
            "set" if self.shell == Shell::Fish => self.set_in_fish(arguments),
            "systemctl" if arguments.iter().any(|word| word.text == "set-environment") => {
                self.export_to_session(arguments);
            }
            "dbus-update-activation-environment" => self.export_to_session(arguments),
            "alias" | "abbr" => self.alias(arguments, depth),
            "eval" => arguments.iter().for_each(|word| self.commands(word.characters_from(0), &[], depth + 1)),
            _ => self.start(outer.iter().copied().chain(assignments).collect(), rest, depth),
        }
    }

    fn export(&mut self, arguments: &[Word]) {
        if arguments.first().is_some_and(|option| option.text == "-n") {
            return arguments.iter().for_each(|word| self.unset(&word.text));
        }
        arguments.iter().filter_map(assignment).for_each(|assignment| self.set(assignment));
    }

    /// csh: `setenv NAME VALUE`.
    fn set_pair(&mut self, arguments: &[Word]) {
        if let [name, value, ..] = arguments {
            self.set(Assignment {
                name: &name.text,
                value: &value.text,
                is_dynamic: value.is_dynamic,
                span: value.span_from(0),
            });
        }
    }

    /// fish: `set -gx NAME VALUE`, `set -e NAME`. What is local to a block does not reach the desktop.
    fn set_in_fish(&mut self, arguments: &[Word]) {
        let count = arguments.iter().take_while(|word| word.text.starts_with('-')).count();
        let (options, rest) = arguments.split_at_checked(count).unwrap_or_default();
        let has = |short: char, long: &str| {
            options
                .iter()
                .any(|word| word.text == long || !word.text.starts_with("--") && word.text.contains(short))
        };
        if has('e', "--erase") {
            rest.iter().for_each(|word| self.unset(&word.text));
        } else if !has('l', "--local") && !has('f', "--function") {
            self.set_pair(rest);
        }
    }

    /// `alias name='command'`; fish also knows `alias name 'command'` and `abbr -a name command`.
    fn alias(&mut self, arguments: &[Word], depth: usize) {
        let options = arguments.iter().take_while(|word| word.text.starts_with('-')).count();
        match arguments.get(options..).unwrap_or_default() {
            [name, command] if !name.text.contains('=') => {
                self.child_commands(command.characters_from(0), &[], depth + 1);
            }
            [name, command @ ..] if !name.text.contains('=') => self.command(command, &[], DEPTH),
            definitions => {
                for word in definitions {
                    let start = word.text.find('=').map_or(0, |at| at + 1);
                    self.child_commands(word.characters_from(start), &[], depth + 1);
                }
            }
        }
    }

    /// Judges what is started at the end of a chain of programs that start one another.
    fn start<'w>(&mut self, mut environment: Vec<Assignment<'w>>, words: &'w [Word], depth: usize) {
        let mut rest = words;
        let mut replaces_shell = false;
        while let Some((word, arguments)) = rest.split_first() {
            let program = base_name(&word.text);
            if let Some(client) = client(program) {
                return self.client(client, &environment, arguments);
            }
            if SHELLS.contains(&program) {
                return self.shell_with_argument(arguments, &environment, depth);
            }
            if !WRAPPERS.contains(&program) {
                break;
            }
            replaces_shell |= program == "exec";
            rest = after_options(arguments, &mut environment);
        }
        match rest.first() {
            // `xterm -e 'command with arguments'`
            Some(word) if rest.len() < words.len() && word.text.contains(' ') => {
                self.child_commands(word.characters_from(0), &environment, depth + 1);
            }
            // The session itself is started with these.
            _ if replaces_shell => environment.into_iter().for_each(|assignment| self.set(assignment)),
            _ => {}
        }
    }

    /// `sh -c 'command'`
    fn shell_with_argument(&mut self, arguments: &[Word], environment: &[Assignment<'_>], depth: usize) {
        let is_option = |word: &Word| word.text.starts_with('-') && word.text.ends_with('c');
        let script = arguments.iter().skip_while(|word| !is_option(word)).nth(1);
        if let Some(script) = script {
            self.child_commands(script.characters_from(0), environment, depth + 1);
        }
    }

    fn client(&mut self, client: &'static str, environment: &[Assignment<'_>], arguments: &[Word]) {
        let place = format!("command[{client}]");
        if client == PROFANITY {
            return self.verdicts.extend(debug_log(arguments, &place));
        }
        self.starts_dino = true;
        for variable in VARIABLES {
            let last = environment.iter().rev().find(|assignment| assignment.name == variable).copied();
            match last {
                Some(assignment) if self.takes_tls_away(assignment) => {
                    self.verdicts.push(tls_verdict(assignment, &place));
                }
                Some(_) => {}
                None => self.verdicts.extend(self.set_by_child(variable)),
            }
        }
        let option = "--print-xmpp";
        let prints = |word: &&Word| {
            word.text.strip_prefix(option).is_some_and(|rest| rest.is_empty() || rest.starts_with('='))
        };
        self.verdicts.extend(arguments.iter().find(prints).map(|word| stanzas_logged(DINO, word, option, &place)));
    }

    /// What commands of the same child process said about a variable before.
    fn set_by_child(&self, variable: &str) -> Option<Verdict> {
        self.child.iter().flatten().flatten().find(|verdict| verdict.word == variable).cloned()
    }

    fn takes_tls_away(&self, assignment: Assignment<'_>) -> bool {
        let Assignment { name, value, is_dynamic, .. } = assignment;
        match name {
            // Any other name, known or not, leaves TLS on.
            "GIO_USE_TLS" => value == "dummy",
            // `$GIO_MODULE_DIR` in its own value sets nothing new.
            "GIO_MODULE_DIR" if is_dynamic => !value.contains("GIO_MODULE_DIR"),
            "GIO_MODULE_DIR" => !value.is_empty() && !self.has_tls_module(value),
            _ => false,
        }
    }

    /// Whether it is a folder of this system in which GLib finds a TLS module after all.
    fn has_tls_module(&self, folder: &str) -> bool {
        let folder = Path::new(folder);
        let is_of_system = MODULE_ROOTS.iter().any(|root| folder.starts_with(root))
            && !folder.components().any(|part| part == Component::ParentDir);
        let is_module = |name: &str| name.starts_with("libgiognutls.") || name.starts_with("libgioopenssl.");
        is_of_system
            && self
                .reader
                .list(folder)
                .iter()
                .any(|path| path.file_name().and_then(|name| name.to_str()).is_some_and(is_module))
    }
}

/// The words behind the options of a program that starts another. Variables that it sets are added.
fn after_options<'w>(mut words: &'w [Word], environment: &mut Vec<Assignment<'w>>) -> &'w [Word] {
    while let Some((word, rest)) = words.split_first() {
        if let Some(assignment) = assignment(word) {
            environment.push(assignment);
        } else if matches!(word.text.as_str(), "-u" | "--unset") {
            words = rest.get(1..).unwrap_or_default();
            continue;
        } else if let Some(set) =
            word.text.strip_prefix("--env=").and_then(|_| assignment_from(word, "--env=".len()))
        {
            environment.push(set);
        } else if !word.text.starts_with('-') && !word.text.bytes().all(|byte| byte.is_ascii_digit()) {
            break;
        }
        words = rest;
    }
    words
}

/// Profanity takes `-l LEVEL`, `-lLEVEL`, `--log LEVEL` and `--log=LEVEL`.
fn debug_log(arguments: &[Word], place: &str) -> Option<Verdict> {
    let joined = arguments.iter().find(|word| matches!(word.text.as_str(), "-lDEBUG" | "--log=DEBUG"));
    let following = || {
        let pair = arguments.windows(2).find(|pair| {
            matches!(pair, [option, level] if matches!(option.text.as_str(), "-l" | "--log") && level.text == "DEBUG")
        });
        pair.and_then(<[Word]>::last)
    };
    let word = joined.or_else(following)?;
    Some(stanzas_logged(PROFANITY, word, "-l DEBUG", place))
}

fn stanzas_logged(client: &'static str, word: &Word, option: &str, place: &str) -> Verdict {
    Verdict {
        client,
        effect: LaunchEffect::StanzasLogged,
        word: option.to_owned(),
        span: word.span_from(0),
        place: format!("{place} / {option}"),
    }
}

fn tls_verdict(assignment: Assignment<'_>, place: &str) -> Verdict {
    Verdict {
        client: DINO,
        effect: LaunchEffect::TlsOff,
        word: assignment.name.to_owned(),
        span: assignment.span,
        place: format!("{place} / {}", assignment.name),
    }
}

/// The command without words that only say when it is run, or of which function it is a part.
fn without_reserved(words: &[Word]) -> &[Word] {
    let count = words.iter().take_while(|word| RESERVED.contains(&word.text.as_str())).count();
    match words.get(count..).unwrap_or_default() {
        [function, _name, body @ ..] if function.text == "function" => without_reserved_once(body),
        rest => rest,
    }
}

fn without_reserved_once(words: &[Word]) -> &[Word] {
    match words {
        [first, rest @ ..] if first.text == "{" => rest,
        _ => &[],
    }
}

/// `NAME=VALUE` or `NAME+=VALUE`
fn assignment(word: &Word) -> Option<Assignment<'_>> {
    assignment_from(word, 0)
}

fn assignment_from(word: &Word, start: usize) -> Option<Assignment<'_>> {
    let (name, value) = word.text.get(start..)?.split_once('=')?;
    let is_name = |name: &str| {
        !name.is_empty()
            && !name.starts_with(|character: char| character.is_ascii_digit())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    let span = word.span_from(word.text.len() - value.len());
    let name = name.strip_suffix('+').unwrap_or(name);
    is_name(name).then_some(Assignment { name, value, is_dynamic: word.is_dynamic, span })
}

fn client(program: &str) -> Option<&'static str> {
    PROGRAMS.iter().find(|(name, _)| *name == program).map(|(_, client)| *client)
}

/// The name of a program without its folder, and without the signs that systemd takes before one.
fn base_name(program: &str) -> &str {
    program.rsplit('/').next().unwrap_or_default().trim_start_matches(['-', '@', ':', '+', '!'])
}
