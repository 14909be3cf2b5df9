//! What commands and variables do to the user of a chat client.

use super::profanity::{self, Typed};
use super::programs::{
    self, DINO, PROFANITY, SHELLS, TO_TOR, WRAPPERS, after_options, base_name, without_reserved,
};
use super::said::{Judged, Said, has_proxy, in_order};
use super::scan::{Character, Shell, Word, characters, commands};
use super::variables::{self, VARIABLES, Variables};
use super::verdict::{Assignment, Environment, SESSION, Verdict, assignment, stanzas_logged, variable_verdict};
use crate::model::LaunchEffect;
use crate::source::Reader;

/// Commands inside commands inside commands: nobody writes more.
const DEPTH: usize = 4;

/// Judges one file, from its beginning to its end.
pub(super) struct Judge<'a> {
    reader: &'a Reader,
    shell: Shell,
    feeds_session: bool,
    verdicts: Vec<Verdict>,
    typed: Vec<Typed>,
    /// For each of [`VARIABLES`], what was last said about it for everything that is started later.
    session: Variables<Said>,
    /// The same, for what the commands of a child process start.
    child: Option<Variables<Said>>,
    starts_dino: bool,
    sends_dino_to_tor: bool,
}

impl<'a> Judge<'a> {
    /// `feeds_session`: whether what the file sets reaches programs that are started from the desktop.
    pub(super) const fn new(reader: &'a Reader, feeds_session: bool) -> Self {
        Self {
            reader,
            shell: Shell::Posix,
            feeds_session,
            verdicts: Vec::new(),
            typed: Vec::new(),
            session: [const { None }; VARIABLES.len()],
            child: None,
            starts_dino: false,
            sends_dino_to_tor: false,
        }
    }

    pub(super) fn finish(self) -> Judged {
        let has_proxy = has_proxy(&self.session);
        let mut verdicts = self.verdicts;
        verdicts.extend(in_order(self.session.into_iter().flatten().filter_map(Said::into_verdict)));
        verdicts.sort_by_key(|verdict| verdict.span);
        Judged { verdicts, typed: self.typed, has_proxy, sends_dino_to_tor: self.sends_dino_to_tor }
    }

    /// Whether a command was seen that starts Dino.
    pub(super) const fn starts_dino(&self) -> bool {
        self.starts_dino
    }

    /// Judges a whole script.
    pub(super) fn script(&mut self, text: &str, shell: Shell) {
        self.shell = shell;
        self.commands(&characters(text, 0), Environment::default(), 0);
    }

    /// Judges a command line that begins at byte `start` of the file. What it sets, it sets for itself.
    pub(super) fn command_line(&mut self, text: &str, start: usize) {
        self.child_commands(&characters(text, start), Environment::default(), 0);
    }

    /// A variable is set for everything that is started later; the last value counts.
    pub(super) fn set(&mut self, assignment: Assignment<'_>) {
        let Some(slot) = VARIABLES.iter().position(|variable| *variable == assignment.name) else { return };
        if self.child.is_none() && !self.feeds_session && variables::is_proxy(assignment.name) {
            return;
        }
        let place = if self.child.is_some() { "command[dino]" } else { SESSION };
        let said = (!assignment.value.is_empty()).then(|| self.say(assignment, place));
        if let Some(known) = self.child.as_mut().unwrap_or(&mut self.session).get_mut(slot) {
            *known = said;
        }
    }

    fn say(&self, assignment: Assignment<'_>, place: &str) -> Said {
        variables::effect(assignment, self.reader)
            .map_or(Said::Harmless, |effect| Said::Betrays(variable_verdict(effect, assignment, place)))
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
    fn child_commands(&mut self, script: &[Character], outer: Environment<'_>, depth: usize) {
        let before = self.child.clone();
        self.child.get_or_insert_default();
        self.commands(script, outer, depth);
        self.child = before;
    }

    /// Judges a command that sets variables for the whole session, whichever process runs it.
    fn export_to_session(&mut self, arguments: &[Word]) {
        let before = self.child.take();
        self.export(arguments);
        self.child = before;
    }

    fn commands(&mut self, script: &[Character], outer: Environment<'_>, depth: usize) {
        for words in commands(script, self.shell) {
            self.command(&words, outer, depth);
        }
    }

    /// Judges one simple command, run with `outer` set.
    fn command(&mut self, words: &[Word], outer: Environment<'_>, depth: usize) {
        if depth > DEPTH {
            return;
        }
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
            "eval" => {
                arguments.iter().for_each(|word| self.commands(word.characters_from(0), outer, depth + 1));
            }
            _ => {
                let mut environment = outer;
                assignments.for_each(|assignment| environment.add(assignment));
                self.start(environment, rest, depth);
            }
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
                self.child_commands(command.characters_from(0), Environment::default(), depth + 1);
            }
            [name, command @ ..] if !name.text.contains('=') => {
                self.command(command, Environment::default(), depth + 1)
            }
            definitions => {
                for word in definitions {
                    let start = word.text.find('=').map_or(0, |at| at + 1);
                    self.child_commands(word.characters_from(start), Environment::default(), depth + 1);
                }
            }
        }
    }

    /// Judges what is started at the end of a chain of programs that start one another.
    fn start<'w>(&mut self, mut environment: Environment<'w>, words: &'w [Word], depth: usize) {
        let mut rest = words;
        let mut replaces_shell = false;
        let mut to_tor = false;
        while let Some((word, arguments)) = rest.split_first() {
            let program = base_name(&word.text);
            if let Some(client) = programs::client(program) {
                return self.client(client, environment, arguments, to_tor);
            }
            if SHELLS.contains(&program) {
                return self.shell_with_argument(arguments, environment, depth);
            }
            if !WRAPPERS.contains(&program) {
                break;
            }
            replaces_shell |= program == "exec";
            to_tor |= TO_TOR.contains(&program);
            rest = after_options(arguments, &mut environment);
        }
        match rest.first() {
            // `xterm -e 'command with arguments'`
            Some(word) if rest.len() < words.len() && word.text.contains(' ') => {
                self.child_commands(word.characters_from(0), environment, depth + 1);
            }
            // The session itself is started with these.
            _ if replaces_shell => environment.assignments().for_each(|assignment| self.set(assignment)),
            _ => {}
        }
    }

    /// `sh -c 'command'`
    fn shell_with_argument(&mut self, arguments: &[Word], environment: Environment<'_>, depth: usize) {
        let is_option = |word: &Word| word.text.starts_with('-') && word.text.ends_with('c');
        let script = arguments.iter().skip_while(|word| !is_option(word)).nth(1);
        if let Some(script) = script {
            self.child_commands(script.characters_from(0), environment, depth + 1);
        }
    }

    fn client(&mut self, client: &'static str, environment: Environment<'_>, arguments: &[Word], to_tor: bool) {
        let place = format!("command[{client}]");
        if client == PROFANITY {
            self.typed.extend(profanity::typed(arguments, &place));
            return self.verdicts.extend(profanity::verdicts(arguments, &place));
        }
        self.starts_dino = true;
        self.sends_dino_to_tor |= to_tor;
        let given = self.given(environment, &place);
        let heeds_proxy = to_tor || has_proxy(&given);
        let verdicts = given.into_iter().flatten().filter_map(Said::into_verdict);
        let counts = |verdict: &Verdict| !(heeds_proxy && verdict.effect == LaunchEffect::ProxyIgnored);
        self.verdicts.extend(in_order(verdicts.filter(counts)));
        let option = "--print-xmpp";
        let prints = |word: &&Word| {
            word.text.strip_prefix(option).is_some_and(|rest| rest.is_empty() || rest.starts_with('='))
        };
        self.verdicts.extend(arguments.iter().find(prints).map(|word| stanzas_logged(DINO, word, option, &place)));
    }

    /// What a command is given of [`VARIABLES`]: its own, and what commands of the same child process said before.
    fn given(&self, environment: Environment<'_>, place: &str) -> Variables<Said> {
        let mut given = self.child.clone().unwrap_or_default();
        for (variable, said) in VARIABLES.iter().zip(&mut given) {
            if let Some(assignment) = environment.get(variable) {
                *said = (!assignment.value.is_empty()).then(|| self.say(assignment, place));
            }
        }
        given
    }
}
