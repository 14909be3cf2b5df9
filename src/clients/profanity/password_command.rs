//! `eval_password`: the command that prints the password. It is judged, never run.
//!
//! Up to 0.16.x it was handed to `/bin/sh`; since 0.17.0 GLib cuts it into words and starts it without a shell.
//! Source: `account_eval_password`, `src/config/account.c`, 0.16.0, 0.17.0 and 0.18.2.

use zeroize::Zeroizing;

use super::shell_words::{Segment, Word, segments};
use crate::model::{PasswordCommand, Secret};

/// Programs that print what they are told to.
const PRINTERS: &[&str] = &["echo", "printf"];

/// Programs that make a password out of what another printed: then that is one in disguise.
const DECODERS: &[&str] = &["base64", "base32", "xxd", "rev", "tr", "cat", "head", "tail", "cut", "sed", "openssl"];

/// Shells, which take a whole command behind `-c`.
const SHELLS: &[&str] = &["sh", "bash", "dash", "zsh", "ksh", "ash", "fish"];

/// Options behind which a secret stands.
const OPTIONS: &[&str] =
    &["password", "passwd", "passphrase", "pass", "pwd", "pw", "secret", "token", "master-password"];

/// Ends of names of variables that hold one.
const VARIABLES: &[&str] = &["PASSWORD", "PASSWD", "PASSPHRASE", "SECRET", "TOKEN"];

/// What the command is like.
pub(super) fn judge(command: &str) -> PasswordCommand {
    let mut commands = segments(command);
    if commands.iter().all(|command| command.words.is_empty()) {
        return PasswordCommand::Absent;
    }
    let mut needs_shell = commands.iter().any(|command| command.needs_shell);
    if let [Segment { words, .. }] = commands.as_slice()
        && let Some(inner) = inside_shell(words)
    {
        // What stands in quotes for another shell never needed the first.
        needs_shell = words.iter().any(|word| word.needs_shell_outside_quotes);
        commands = segments(&inner);
    }
    if holds_secret(&commands) {
        PasswordCommand::HoldsSecret
    } else if needs_shell {
        PasswordCommand::NeedsShell
    } else {
        PasswordCommand::Sound
    }
}

/// The text that a shell gets with `-c`.
fn inside_shell(words: &[Word]) -> Option<Zeroizing<String>> {
    let (program, arguments) = words.split_first()?;
    let is_shell = SHELLS.contains(&base_name(&program.text));
    let option = arguments.iter().position(|word| word.text.starts_with('-') && word.text.ends_with('c'))?;
    let command = arguments.get(option + 1)?;
    is_shell.then(|| command.text.clone())
}

fn base_name(program: &str) -> &str {
    program.rsplit('/').next().unwrap_or_default()
}

fn holds_secret(segments: &[Segment]) -> bool {
    segments.iter().enumerate().any(|(number, segment)| {
        let behind = segments.get(number + 1..).unwrap_or_default();
        has_secret_argument(&segment.words) || (prints_literal(&segment.words) && is_output(segment, behind))
    })
}

/// Whether what the command prints is the password, or one after it was decoded.
fn is_output(segment: &Segment, behind: &[Segment]) -> bool {
    let first = |segment: &Segment| segment.words.first().map(|word| base_name(&word.text).to_owned());
    !segment.is_piped || behind.iter().all(|next| first(next).is_none_or(|name| DECODERS.contains(&name.as_str())))
}

/// `echo hunter2`, `printf '%s' hunter2`, but not `printf '%s' "$PASSWORD"`.
fn prints_literal(words: &[Word]) -> bool {
    let Some((program, arguments)) = words.split_first() else { return false };
    let name = base_name(&program.text);
    if !PRINTERS.contains(&name) {
        return false;
    }
    let mut arguments = arguments.iter().skip_while(|word| is_option(&word.text)).peekable();
    if name == "printf" && arguments.peek().is_some_and(|format| format.text.contains('%')) {
        arguments.next();
    }
    arguments.any(is_literal)
}

fn is_option(text: &str) -> bool {
    text.len() > 1 && text.len() <= 3 && text.starts_with('-')
}

/// `--password hunter2`, `--password=hunter2`, `-passin pass:hunter2`, `BW_PASSWORD=hunter2`.
fn has_secret_argument(words: &[Word]) -> bool {
    let in_pairs = words.windows(2).any(|pair| match pair {
        [option, value] => is_secret_option(&option.text) && !value.text.starts_with('-') && is_literal(value),
        _ => false,
    });
    in_pairs || words.iter().any(|word| !word.is_dynamic && holds_in_itself(&word.text))
}

fn is_secret_option(text: &str) -> bool {
    text.strip_prefix("--").is_some_and(|name| OPTIONS.contains(&name))
}

fn holds_in_itself(text: &str) -> bool {
    let is_clear = |value: &str| Secret::classify(value).is_clear();
    if let Some(value) = text.strip_prefix("pass:") {
        return is_clear(value);
    }
    text.split_once('=').is_some_and(|(name, value)| {
        (is_secret_option(name) || VARIABLES.iter().any(|end| name.ends_with(end))) && is_clear(value)
    })
}

/// Whether a word says something itself, and is no part of a dotfiles manager's template.
fn is_literal(word: &Word) -> bool {
    !word.is_dynamic && !word.text.starts_with("{{") && Secret::classify(&word.text).is_clear()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_that_hold_the_password() {
        for command in [
            "echo hunter2",
            "/bin/echo -n hunter2",
            "echo abc",
            "echo -hunter2",
            "echo -",
            "sh -e -c 'echo hunter2'",
            "echo 'hunter 2'",
            "printf hunter2",
            "printf '%s' hunter2",
            "printf \"%s\\n\" \"hunter2\"",
            "sh -c 'echo hunter2'",
            "bash -lc \"printf %s hunter2\"",
            "echo aHVudGVyMg== | base64 -d",
            "sh -c 'echo aHVudGVyMg== | base64 -d | tr -d x'",
            "unlock; echo hunter2",
            "true && echo hunter2",
            "get --password hunter2",
            "get --password=hunter2 xmpp",
            "openssl enc -d -passin pass:hunter2 -in file",
            "BW_PASSWORD=hunter2 bw get xmpp",
            "env BW_PASSWORD=hunter2 bw get xmpp",
            "sh -c 'BW_PASSWORD=hunter2 bw get xmpp'",
        ] {
            assert_eq!(judge(command), PasswordCommand::HoldsSecret, "{command}");
        }
    }

    #[test]
    fn commands_that_need_a_shell() {
        for command in [
            "pass show xmpp/alice | head -n 1",
            "gpg --quiet --decrypt $HOME/.xmpp.gpg",
            "gpg -d \"$HOME/.xmpp.gpg\"",
            "gpg -d ~/.xmpp.gpg",
            "cat `which secret`",
            "cat < /run/secret",
            "pass show xmpp 2>/dev/null",
            "unlock && pass show xmpp",
            "unlock; pass show xmpp",
            "GNUPGHOME=/x pass show xmpp",
            "PASSWORD_STORE_DIR=/x pass show xmpp",
            "echo $XMPP_PASSWORD",
            "echo \"$XMPP_PASSWORD\"",
            "echo $XMPP_USER\"/xmpp\"",
            "; unlock; pass show xmpp",
            "echo -n $XMPP_PASSWORD",
            "printf '%s' \"$(pass show xmpp)\"",
            "sh -c 'pass show xmpp' | head -n 1",
            "sh -c pass show $X",
            "(pass show xmpp)",
            "echo get xmpp | secret-agent",
        ] {
            assert_eq!(judge(command), PasswordCommand::NeedsShell, "{command}");
        }
    }

    #[test]
    fn commands_that_are_sound() {
        for command in [
            "pass show xmpp/alice",
            "secret-tool lookup service xmpp user 'carol@example.org'",
            "sh -c 'pass show \"xmpp/$USER\" | head -n 1'",
            "sh -c \"pass show xmpp/$USER | head -n 1\"",
            "/bin/bash -c 'pass show xmpp 2>/dev/null'",
            "grep 'a|b;c$HOME' file",
            "grep \"a|b\" file",
            "awk '{print $2}' file",
            "op read op://vault/xmpp?attribute=x",
            "tool --password-file /run/secret",
            "tool --password -",
            "tool --password {{ .secret }}",
            "cost 5$",
            "echo",
            "echo ''",
            "a~b c=d",
            "1a=b show",
            "a-b=c show",
            "'unfinished",
            "\"unfinished",
            "x\\",
        ] {
            assert_eq!(judge(command), PasswordCommand::Sound, "{command}");
        }
        for command in ["", "  "] {
            assert_eq!(judge(command), PasswordCommand::Absent, "{command}");
        }
    }
}
