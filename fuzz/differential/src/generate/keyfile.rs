//! Key files.

use super::characters::BAD_BYTES;
use super::draft::Draft;

const GROUPS: [&str; 9] =
    ["alice@example.org", "bob@example.org/phone", "a", "b", "a b", "ui", "connection", "é", "x;y#z"];

const KEYS: [&str; 14] = [
    "tls.policy",
    "jid",
    "enabled",
    "port",
    "password",
    "server",
    "resource",
    "k",
    "K",
    "a b",
    "Encoding",
    "encoding",
    ";k",
    "é",
];

const LOCALES: [&str; 14] = [
    "[de]",
    "[C]",
    "[de_DE]",
    "[DE]",
    "[de_DE.UTF-8]",
    "[de.UTF-8]",
    "[fr]",
    "[]",
    "[de@euro]",
    "[a][b]",
    "[d e]",
    "[é]",
    "[de]x",
    "[",
];

const VALUES: [&str; 30] = [
    "true",
    "false",
    "1",
    "0",
    "TRUE",
    "yes",
    "true ",
    "true\t",
    "true\u{c}",
    "disable",
    "allow",
    "force",
    "5222",
    "+5222",
    "-1",
    "05222",
    "0x10",
    "5222 x",
    "2147483647",
    "2147483648",
    "-2147483648",
    "-2147483649",
    "9223372036854775808",
    "1e3",
    "a;b;c",
    "a;b;c;",
    ";;",
    "a\\;b;c",
    "UTF-8",
    "utf-8",
];

const ESCAPES: [&str; 12] =
    ["\\s", "\\n", "\\t", "\\r", "\\\\", "\\;", "\\q", "\\x73", "\\\"", "\\", "\\é", "\\\r"];

const BLANKS: [&str; 8] = [" ", "\t", "  ", "\r", "\u{c}", "\u{b}", "\u{a0}", "\u{3000}"];

/// Writes one.
pub fn write(mut draft: Draft) -> Vec<u8> {
    if draft.edge() {
        draft.put_one(&["\u{feff}", "\n", "# comment\n", " ", "\u{feff}\u{feff}", "\0"]);
    }
    let lines = if draft.once_in(20) { 60 } else { 12 };
    for number in 0..draft.rng.u32(..lines) {
        let is_group = if number == 0 { !draft.edge() } else { draft.once_in(5) };
        match draft.rng.u32(..20) {
            _ if is_group => group(&mut draft),
            0 => draft.put_one(&["# comment", "#", "#é", "  # indented", ""]),
            _ if draft.edge() => stray(&mut draft),
            _ => entry(&mut draft),
        }
        line_end(&mut draft);
    }
    draft.finish()
}

fn line_end(draft: &mut Draft) {
    if draft.edge() {
        draft.put_one(&["\r\n", "\r", "\r\r\n", "", "\0\n", "\n\n", " \n", "\n\r", "\u{b}\n", "\\\n", "\u{2028}"]);
    } else {
        draft.put("\n");
    }
}

fn blank(draft: &mut Draft) {
    if draft.edge() {
        draft.put_one(&BLANKS);
    }
}

fn group(draft: &mut Draft) {
    blank(draft);
    draft.put_or("[", &["", "[[", "[ ", "[\0"]);
    if draft.edge() {
        odd_name(draft);
    } else {
        draft.put_one(&GROUPS);
    }
    draft.put_or("]", &["", "]]", " ]", "] ", "]\t", "] x", "]\u{c}", "]\0]", "]\0", "]=v", "]#"]);
    blank(draft);
}

fn entry(draft: &mut Draft) {
    blank(draft);
    if draft.edge() {
        odd_name(draft);
    } else {
        draft.put_one(&KEYS);
    }
    if draft.edge() || draft.once_in(30) {
        draft.put_one(&LOCALES);
    } else if draft.once_in(300) {
        draft.put("[");
        draft.put_character();
        draft.put("]");
    }
    blank(draft);
    draft.put_or("=", &["", "==", " = ", "\0=", "=\0", ":"]);
    blank(draft);
    value(draft);
    blank(draft);
}

fn odd_name(draft: &mut Draft) {
    for _ in 0..draft.rng.u8(..4) {
        match draft.rng.u8(..4) {
            0 => draft.put_one(&["[", "]", "=", ";", "#", "\\", " ", "\t", "\u{7f}", "\u{1}"]),
            1 => draft.put_character(),
            2 => {
                let bad = draft.pick(&BAD_BYTES);
                draft.put_bytes(bad);
            }
            _ => draft.put("a"),
        }
    }
}

fn value(draft: &mut Draft) {
    if draft.once_in(3) {
        pieces(draft);
    } else if draft.once_in(6) {
        number(draft);
    } else {
        draft.put_one(&VALUES);
    }
}

fn number(draft: &mut Draft) {
    draft.put_one(&["", "-", "+", " ", "--", "0"]);
    for _ in 0..draft.rng.u8(..24) {
        let digit = draft.rng.digit(10).to_string();
        draft.put(&digit);
    }
    blank(draft);
    if draft.edge() {
        draft.put_character();
    }
}

fn pieces(draft: &mut Draft) {
    let pieces = if draft.once_in(100) { 3000 } else { 6 };
    for _ in 0..draft.rng.u32(..pieces) {
        match draft.rng.u8(..8) {
            0 | 1 => draft.put_one(&ESCAPES),
            2 => draft.put(";"),
            3 if draft.edge() => draft.put_character(),
            4 if draft.edge() => {
                let bad = draft.pick(&BAD_BYTES);
                draft.put_bytes(bad);
            }
            5 => draft.put_one(&["é", "😀", "=", "#", "[", "]", " ", "\t", "\"", "'"]),
            _ => draft.put_one(&["a", "b", "secret", "x1"]),
        }
    }
}

fn stray(draft: &mut Draft) {
    match draft.rng.u8(..3) {
        0 => draft.put_one(&[
            "stray",
            "; comment",
            "// comment",
            "=",
            "=v",
            " =v",
            "]k=v",
            "[de]=v",
            "<<<<<<< HEAD",
            "{{ template }}",
            "k:v",
            "\0",
            "\u{c}",
            "\u{b}",
            "[",
            "]",
        ]),
        1 => odd_name(draft),
        _ => draft.put_character(),
    }
}
