//! Where secrets stand in a file, whether or not the client would ever read them there.

use super::damage::{FOREIGN_COMMENTS, MERGE_MARKERS, TEMPLATE_MARKERS, byte_order_mark, marker};
use super::effects_of_command;
use super::password_command;
use crate::model::{Command, CommandEffect, PasswordCommand, Secret, Span, Spot};
use crate::syntax::contains_in_any_case;
use crate::syntax::keyfile::{self, Entry, FaultKind, Line};

/// What a key is called that holds a secret, or a word before one in a command or a comment.
const WORDS: &[&[u8]] =
    &[b"password", b"passwd", b"passphrase", b"passwort", b"passcode", b"secret", b"token", b"answer"];

/// Whole names of such a key.
const SHORT_WORDS: &[&[u8]] = &[b"pass", b"pw", b"pwd"];

/// The key of a command that prints the password: not a secret itself, though one may stand in it.
const COMMAND_KEY: &[u8] = b"eval_password";

/// What no excerpt of a file may show.
#[derive(Debug, Default)]
pub(super) struct Secrets {
    /// The ranges that hold one, or may hold one.
    pub spans: Vec<Span>,
    /// Whether a password certainly stands in one of them, in the clear.
    pub stored: bool,
}

/// Looks through a key file line by line, so also behind the line at which the client stops reading, and in
/// comments: a password that was commented out is a password.
pub(super) fn find(bytes: &[u8]) -> Secrets {
    let mut secrets = Secrets::default();
    if byte_order_mark(bytes).is_some_and(|mark| mark.len() == 2) {
        // UTF-16: words would have to be looked for in another alphabet. Nothing of it is ever shown.
        secrets.spans.push(Span::new(0, bytes.len()));
        return secrets;
    }
    for (line, _) in keyfile::lines(bytes) {
        secrets.look_at(bytes, line, keyfile::read_line(bytes, line));
    }
    secrets
}

/// Looks through lines of commands, or of key bindings that type some.
pub(super) fn find_in_lines(bytes: &[u8]) -> Secrets {
    let mut secrets = Secrets::default();
    for (line, _) in keyfile::lines(bytes) {
        secrets.look_at_words(bytes, line);
    }
    secrets
}

impl Secrets {
    /// Adds the secrets of commands: each runs to the end of its line.
    pub(super) fn add_commands<'c>(&mut self, bytes: &[u8], commands: impl Iterator<Item = &'c Command>) {
        for command in commands.filter(|command| holds_one(command.effect)) {
            let Spot::Text(span) = command.place.spot else { continue };
            let rest = bytes.get(span.start..).unwrap_or_default();
            let length = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
            self.spans.push(Span::new(span.start, span.start + length));
            self.stored = true;
        }
    }

    fn look_at(&mut self, bytes: &[u8], line: Span, content: Line) {
        match content {
            Line::Group(_) => {}
            Line::Entry(entry) => self.look_at_entry(bytes, line, entry),
            Line::Comment(_) => self.look_at_comment(bytes, line),
            Line::Malformed(FaultKind::KeyName) if names_a_secret(slice(bytes, line)) => self.hide(bytes, line),
            Line::Malformed(_) => {
                let text = slice(bytes, line);
                // Of a line that nobody can vouch for, only what says why it is malformed may be seen.
                let shown = [MERGE_MARKERS, TEMPLATE_MARKERS, FOREIGN_COMMENTS]
                    .iter()
                    .find_map(|known| marker(text, known));
                let indent = text.len() - text.trim_ascii_start().len();
                let shown = shown.map_or(0, |marker| indent + marker.len());
                self.spans.push(Span::new(line.start + shown, line.end));
            }
        }
    }

    fn look_at_entry(&mut self, bytes: &[u8], line: Span, entry: Entry) {
        let key = slice(bytes, entry.key);
        let value = Span::new(entry.value.start, line.end);
        if contains_in_any_case(key, COMMAND_KEY) {
            self.spans.push(value);
            self.stored |= prints_its_secret(slice(bytes, value));
        } else if names_a_secret(key) {
            self.hide(bytes, value);
        } else {
            self.look_at_words(bytes, value);
            self.look_at_command(bytes, value);
        }
    }

    /// Hides the secret of a command in which escapes hide the word before it.
    fn look_at_command(&mut self, bytes: &[u8], value: Span) {
        let Ok(decoded) = keyfile::decode(slice(bytes, value)) else { return };
        let text = zeroize::Zeroizing::new(decoded.text);
        let offset = |at: usize| decoded.offsets.get(at).copied();
        for start in secrets_of_command(&text).into_iter().filter_map(offset) {
            self.spans.push(Span::new(value.start + start, value.end));
            self.stored = true;
        }
    }

    /// `# password=hunter2` is a setting that somebody keeps for later.
    fn look_at_comment(&mut self, bytes: &[u8], line: Span) {
        let text = slice(bytes, line);
        let marks = text.iter().take_while(|byte| **byte == b'#' || byte.is_ascii_whitespace()).count();
        let inner = Span::new(line.start + marks, line.end);
        match keyfile::read_line(bytes, inner) {
            Line::Entry(entry) => self.look_at_entry(bytes, inner, entry),
            _ => self.look_at_words(bytes, inner),
        }
    }

    /// Hides what follows the first word that announces a secret.
    fn look_at_words(&mut self, bytes: &[u8], span: Span) {
        let text = slice(bytes, span);
        let Some(start) = behind_a_word(text) else { return };
        let secret = Span::new(span.start + start, span.end);
        if secret.start < secret.end {
            self.spans.push(secret);
        }
    }

    fn hide(&mut self, bytes: &[u8], span: Span) {
        if span.start >= span.end {
            return;
        }
        self.spans.push(span);
        self.stored |= classify(slice(bytes, span)).is_clear();
    }
}

/// What a value is as a password. One that the client cannot decode is still one for whoever reads the file.
pub(super) fn classify(raw: &[u8]) -> Secret {
    keyfile::string(raw).map_or(Secret::Clear, |text| Secret::classify(&zeroize::Zeroizing::new(text)))
}

/// Where the secrets of a command begin.
fn secrets_of_command(command: &str) -> Vec<usize> {
    let found = effects_of_command(command).into_iter();
    found.filter(|(effect, ..)| holds_one(*effect)).map(|(_, _, range)| range.start).collect()
}

fn holds_one(effect: CommandEffect) -> bool {
    matches!(effect, CommandEffect::HoldsPassword | CommandEffect::HoldsRoomPassword)
}

/// Whether the secret that a command is to print stands in the command.
fn prints_its_secret(raw: &[u8]) -> bool {
    let command = keyfile::string(raw).map(zeroize::Zeroizing::new);
    command.is_ok_and(|command| password_command::judge(&command) == PasswordCommand::HoldsSecret)
}

fn names_a_secret(key: &[u8]) -> bool {
    SHORT_WORDS.iter().any(|word| key.eq_ignore_ascii_case(word))
        || WORDS.iter().any(|word| contains_in_any_case(key, word))
}

/// The offset behind the first word that announces a secret, and behind what separates the two.
pub(super) fn behind_a_word(text: &[u8]) -> Option<usize> {
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let is_separator = |byte: &u8| matches!(byte, b' ' | b'\t' | b'=' | b':' | b'"' | b'\'');
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let word = rest.iter().take_while(|byte| is_word(byte)).count();
        let separators = rest.iter().skip(word).take_while(|byte| is_separator(byte)).count();
        let assigns = matches!(rest.get(word), Some(b'=' | b':'));
        let found = rest.get(..word).is_some_and(|word| announces(word, assigns));
        if found && separators > 0 {
            return Some(at + word + separators);
        }
        at += (word + separators).max(1);
    }
    None
}

/// Whether a secret follows that word. A short one says so only where something is assigned to it: `--pass=...`.
fn announces(word: &[u8], assigns: bool) -> bool {
    let name = word.iter().position(|byte| *byte != b'-').and_then(|start| word.get(start..)).unwrap_or_default();
    WORDS.iter().any(|secret| contains_in_any_case(word, secret))
        || (assigns && SHORT_WORDS.iter().any(|short| name.eq_ignore_ascii_case(short)))
}

fn slice(bytes: &[u8], span: Span) -> &[u8] {
    bytes.get(span.start..span.end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is left to see of the text, with `*` for what is hidden.
    fn shown(text: &str) -> String {
        let mut bytes = text.as_bytes().to_vec();
        for span in find(text.as_bytes()).spans {
            bytes[span.start..span.end].fill(b'*');
        }
        String::from_utf8(bytes).unwrap()
    }

    fn stored(text: &str) -> bool {
        find(text.as_bytes()).stored
    }

    #[test]
    fn hides_every_spelling_of_a_password() {
        for text in [
            "password=hunter2",
            " password = hunter2",
            "PASSWORD=hunter2",
            "password[de]=hunter2",
            ";password=hunter2",
            "# password=hunter2",
            "#password: hunter2",
            "# notes: password=hunter2",
            "# abc=\"  password=hunter2",
            "# my password is hunter2",
            "eval_password=echo hunter2",
            "rs=/join room@conference.example.org password hunter2",
            "rs=/join room@conference.example.org nick me password \"hunter2\"",
            "rs=/join xmpp:room@conference.example.org?join;password=hunter2",
            "pw=/account set me password hunter2",
            "pw=/account set me eval_password echo hunter2",
            "o=/otr secret hunter2",
            "compose.editor=PASS=hunter2 vim",
            "url.open.cmd=open --pass=hunter2 %u",
            r"rs=/join\srooms@x.test\spassword\shunter2",
            r"x=/account set me pass\word hunter2",
            "k=v\0password=hunter2",
            "hunter2",
            "; hunter2",
            "alice hunter2",
            "password hunter2",
            "password [de]=hunter2",
            "[alice] hunter2",
            "<<<<<<< hunter2",
            "{{ $password := \"hunter2\" }}",
            "[a]\nstray\npassword=hunter2",
            "\u{feff}password=hunter2",
        ] {
            assert!(!shown(text).contains("hunter2"), "{}", shown(text));
        }
    }

    #[test]
    fn hides_nothing_else() {
        for text in [
            "[password@example.org]",
            "jid=password@example.org",
            "jid=secret@example.org",
            "rs=/join pass@conference.example.org",
            "tls.policy=allow",
            "# the password",
            "password=",
            "rs=/join passwords@conference.example.org",
            "resource=profanity.Ab1c",
            "# editor=vim",
            "# see: https://example.org/",
            "[alias]\nx=/connect alice@example.org tls disable\n[ui]\nbeep=true",
        ] {
            assert_eq!(shown(text), text);
        }
        assert_eq!(shown("[a]\n=======\nk=v\r\n"), "[a]\n=======\nk=v\r\n");
        assert_eq!(shown("password=hunter2\r\nk=v"), "password=*******\r\nk=v");
        assert_eq!(shown("; note"), "; ****");
        assert_eq!(shown("# old:  password: hunter2"), "# old:  password: *******");
        assert_eq!(shown("# my password is hunter2"), "# my password **********");
        assert_eq!(shown(" {{ x }}"), " {{*****");
    }

    #[test]
    fn hides_all_of_a_file_in_another_alphabet() {
        let utf16: Vec<u8> = [0xff, 0xfe]
            .into_iter()
            .chain("password=hunter2\n".encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        assert_eq!(find(&utf16).spans, [Span::new(0, utf16.len())]);
    }

    #[test]
    fn knows_whether_a_password_is_stored() {
        assert!(stored("password=hunter2"));
        assert!(stored("password [de]=hunter2"));
        assert!(!stored("note [de]=hunter2"));
        assert!(!stored("x=/connect alice@example.org tls disable"));
        assert!(stored("# password=hunter2"));
        assert!(stored("rs=/join r@x password hunter2"));
        assert!(stored("#rs=/join r@x password hunter2"));
        assert!(stored("x=/account set me password hunter2"));
        assert!(stored("eval_password=echo hunter2"));
        assert!(stored("# eval_password=echo hunter2"));
        assert!(!stored("x=/account set me eval_password \"pass show xmpp\""));
        assert!(!stored("q=/msg bob what was the password again?"));
        assert!(!stored("password="));
        assert!(!stored("password={{ pass \"xmpp\" }}"));
        assert!(!stored("eval_password=pass show xmpp"));
        assert!(!stored("# the password is in pass"));
        assert!(find(b"password=caf\xe9").stored);
    }
}
