//! `inputrc`: key bindings of readline, of which some type a text, `"\C-x": "/connect ...\n"`.
//!
//! Source: `rl_parse_and_bind` and `rl_translate_keyseq`, `bind.c` of readline 8.2. Profanity calls itself
//! `profanity` there (`src/ui/inputwin.c`, 0.5.0 to 0.18.2).

use zeroize::Zeroizing;

use super::keystrokes::stroke;
use super::secrets;
use crate::syntax::keyfile;

/// A line that a macro types.
pub(super) struct Line {
    /// What is typed, without keys that type nothing.
    pub text: Zeroizing<String>,
    /// For every byte of the text, and for its end, where it stands in the file.
    pub offsets: Vec<usize>,
    /// The key, as it is written.
    pub key: String,
}

/// Every line that a macro types.
pub(super) fn lines(bytes: &[u8]) -> Vec<Line> {
    let mut found = Vec::new();
    let mut conditions = Conditions::default();
    for (span, _) in keyfile::lines(bytes) {
        let Some(line) = bytes.get(span.start..span.end).and_then(|line| std::str::from_utf8(line).ok()) else {
            continue;
        };
        let text = line.trim_ascii_start();
        let start = span.start + line.len() - text.len();
        match text.strip_prefix('$') {
            Some(directive) => conditions.take(directive),
            None if conditions.hold() => found.extend(binding(text, start)),
            None => {}
        }
    }
    found
}

/// What `$if`, `$else` and `$endif` leave out.
#[derive(Default)]
struct Conditions {
    open: Vec<Condition>,
    unmet: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Condition {
    Met,
    Unmet,
    /// It depends on the terminal, the mode or the version.
    Unknown,
}

impl Conditions {
    fn hold(&self) -> bool {
        self.unmet == 0
    }

    fn take(&mut self, directive: &str) {
        let (word, test) = directive.split_once([' ', '\t']).unwrap_or((directive, ""));
        match word.trim().to_ascii_lowercase().as_str() {
            "if" => self.push(condition(test.trim())),
            "else" => {
                let other = match self.pop() {
                    Some(Condition::Met) => Condition::Unmet,
                    Some(Condition::Unmet) => Condition::Met,
                    Some(Condition::Unknown) => Condition::Unknown,
                    None => return,
                };
                self.push(other);
            }
            "endif" => {
                self.pop();
            }
            _ => {}
        }
    }

    fn push(&mut self, condition: Condition) {
        self.unmet += usize::from(condition == Condition::Unmet);
        self.open.push(condition);
    }

    fn pop(&mut self) -> Option<Condition> {
        let condition = self.open.pop()?;
        self.unmet -= usize::from(condition == Condition::Unmet);
        Some(condition)
    }
}

fn condition(test: &str) -> Condition {
    if test.eq_ignore_ascii_case("profanity") {
        Condition::Met
    } else if test.contains(['=', '<', '>']) || test.starts_with("version") {
        Condition::Unknown
    } else {
        Condition::Unmet
    }
}

/// The lines that a binding types, if it types something.
fn binding(text: &str, start: usize) -> Vec<Line> {
    if text.starts_with('#') || text.starts_with("set ") {
        return Vec::new();
    }
    let Some((key, behind)) = key(text) else { return Vec::new() };
    let rest = text.get(behind..).unwrap_or_default();
    let value = rest.trim_ascii_start();
    let delimiter = value.chars().next().filter(|character| "\"'".contains(*character));
    let (Some(delimiter), Some(value)) = (delimiter, value.get(1..)) else { return Vec::new() };
    let value_start = start + text.len() - value.len();
    typed(value, delimiter, value_start, &shown(key))
}

/// The key, and where what is bound to it begins.
fn key(text: &str) -> Option<(&str, usize)> {
    let (key, from) = match text.strip_prefix('"') {
        Some(quoted) => {
            let end = end_of_quoted(quoted, '"')?;
            (quoted.get(..end)?, end + 2)
        }
        None => {
            let end = text.find([':', ' ', '\t'])?;
            (text.get(..end)?, end)
        }
    };
    let colon = text.get(from..)?.find(':')?;
    Some((key, from + colon + 1))
}

fn end_of_quoted(text: &str, delimiter: char) -> Option<usize> {
    let mut is_escaped = false;
    text.char_indices()
        .find(|(_, character)| {
            let ends = *character == delimiter && !is_escaped;
            is_escaped = *character == '\\' && !is_escaped;
            ends
        })
        .map(|(at, _)| at)
}

/// The key as it is shown, unless it looks like something that should not be.
fn shown(key: &str) -> String {
    let is_plain = key.len() <= 24 && key.bytes().all(|byte| byte.is_ascii_graphic());
    let is_key = is_plain && !key.is_empty() && secrets::behind_a_word(key.as_bytes()).is_none();
    if is_key { key.to_owned() } else { "inputrc".to_owned() }
}

/// What a macro types, cut at the key that sends it off.
fn typed(value: &str, delimiter: char, start: usize, key: &str) -> Vec<Line> {
    let end = end_of_quoted(value, delimiter).unwrap_or(value.len());
    let mut typing = Typing { lines: Vec::new(), text: Zeroizing::default(), offsets: Vec::new(), key };
    let mut rest = value.get(..end).unwrap_or_default();
    let mut at = start;
    while let Some((stroke, length)) = stroke(rest) {
        match stroke {
            '\n' | '\r' => typing.send_off(at),
            stroke if stroke.is_control() => {}
            stroke => {
                typing.text.push(stroke);
                typing.offsets.extend(std::iter::repeat_n(at, stroke.len_utf8()));
            }
        }
        at += length;
        rest = rest.get(length..).unwrap_or_default();
    }
    typing.send_off(at);
    typing.lines
}

struct Typing<'k> {
    lines: Vec<Line>,
    text: Zeroizing<String>,
    offsets: Vec<usize>,
    key: &'k str,
}

impl Typing<'_> {
    fn send_off(&mut self, at: usize) {
        let text = std::mem::take(&mut self.text);
        let mut offsets = std::mem::take(&mut self.offsets);
        offsets.push(at);
        if text.starts_with('/') {
            self.lines.push(Line { text, offsets, key: self.key.to_owned() });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, String)> {
        lines(text.as_bytes()).into_iter().map(|line| (line.key, line.text.to_string())).collect()
    }

    fn one(text: &str) -> Option<String> {
        let lines = read(text);
        assert!(lines.len() < 2, "{text}");
        lines.into_iter().next().map(|(_, text)| text)
    }

    #[test]
    fn what_macros_type() {
        for (line, typed) in [
            (r#""\C-x": "/connect alice tls disable\n""#, "/connect alice tls disable"),
            (r#"  "\C-x" :   '/quit'"#, "/quit"),
            (r#"Control-x: "/quit\C-m""#, "/quit"),
            (r#"Control-x:"/quit\r""#, "/quit"),
            (r#""\C-x": "\C-a\C-k/quit\C-j""#, "/quit"),
            (r#""\e[11~": "\e\M-a/join \"a b\"""#, "/join \"a b\""),
            (r#""\C-x": "\57\x71uit\101""#, "/quitA"),
            (r#""\C-x": "/a\\b\é""#, "/a\\bé"),
            (r#""\":": "/quit"#, "/quit"),
        ] {
            assert_eq!(one(line).as_deref(), Some(typed), "{line}");
        }
    }

    #[test]
    fn what_types_no_command() {
        for line in [
            "",
            "# \"\\C-x\": \"/quit\"",
            "\"\\C-x\": self-insert",
            "\"\\C-x\": \"hello\"",
            "\"\\C-x\": \" /quit\"",
            "\"\\C-x\" \"/quit\"",
            "\"\\C-x: /quit",
            "set editing-mode vi",
            "set comment-begin \"/quit\"",
            "\"",
            "\\",
            "\"\\C-x\":",
            "\"\\C-x\": \"\\C-",
            "\"\\C-x\": \"\\",
        ] {
            assert_eq!(one(line), None, "{line}");
        }
    }

    #[test]
    fn a_macro_may_type_several_lines() {
        let lines = read(r#""\C-x": "/a\nhello\n/b""#);
        assert_eq!(lines, [(r"\C-x".to_owned(), "/a".to_owned()), (r"\C-x".to_owned(), "/b".to_owned())]);
    }

    #[test]
    fn offsets_lead_back_to_the_file() {
        let text = "set a b\n \"x\": \"\\C-a/j \\\"é\\n\"";
        let line = lines(text.as_bytes()).remove(0);
        let quote = line.text.find('"').unwrap();
        assert_eq!(text.get(line.offsets[quote]..).unwrap(), "\\\"é\\n\"");
        assert_eq!(text.get(*line.offsets.last().unwrap()..).unwrap(), "\\n\"");
        assert_eq!(line.offsets.len(), line.text.len() + 1);
    }

    #[test]
    fn conditions_of_other_programs() {
        let line = "\"x\": \"/quit\"\n";
        for (text, count) in [
            (format!("$if Profanity\n{line}$endif\n"), 1),
            (format!("$if bash\n{line}$else\n{line}$endif\n{line}"), 2),
            (format!("$if profanity\n$else\n{line}$endif\n"), 0),
            (format!("$if bash\n{line}$endif\n{line}"), 1),
            (format!("$if profanity\n$else\n$endif\n{line}"), 1),
            (format!("$if mode=vi\n{line}$else\n{line}$endif\n"), 2),
            (format!("$if bash\n$if mode=vi\n{line}$endif\n{line}$endif\n"), 0),
            (format!("$endif\n$else\n{line}$include /x\n"), 1),
        ] {
            assert_eq!(read(&text).len(), count, "{text}");
        }
    }

    #[test]
    fn a_key_that_may_be_a_secret_is_not_named() {
        assert_eq!(read("\"password hunter2\": \"/quit\"")[0].0, "inputrc");
        assert_eq!(read("\"\": \"/quit\"")[0].0, "inputrc");
        assert_eq!(read("\"0123456789012345678901234\": \"/quit\"")[0].0, "inputrc");
        assert_eq!(read("\"correct horse\": \"/quit\"")[0].0, "inputrc");
    }
}
