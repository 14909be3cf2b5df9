//! XML files in the manner of libpurple's.

use super::characters::BAD_BYTES;
use super::doctype;
use super::draft::Draft;

const NAMES: [&str; 16] = [
    "account", "accounts", "protocol", "name", "password", "settings", "setting", "proxy", "type", "pref", "a",
    "b", "x:a", "y:b", "é", "_-.9",
];

const ODD_NAMES: [&str; 20] = [
    "", "1", "-a", ".a", ":", ":a", "a:", "a:b:c", "x:1", "x:", "xml", "xml:a", "xmlns", "xmlns:a", "z:a", "·",
    "a·", "A", "<", "&amp;",
];

const ATTRIBUTES: [&str; 12] =
    ["name", "type", "value", "version", "ui", "a", "b", "x:a", "y:a", "xml:lang", "xml:space", "é"];

const NAMESPACES: [&str; 30] = [
    "u",
    "v",
    "urn:x",
    "jabber:client",
    "http://example.org/a?b=c#d",
    "",
    "a b",
    "a%20b",
    "a%2",
    "1:x",
    "a:b:c",
    "//h:99/x",
    "//h:9x/",
    "//[::1]/",
    "//[::1",
    "/",
    "?",
    "#",
    "a#b#c",
    "a[b]",
    "http://www.w3.org/XML/1998/namespace",
    "http://www.w3.org/2000/xmlns/",
    "x&amp;y",
    "&#38;",
    "x&amp;y&amp;z",
    "é",
    "a\\b",
    "//u@h",
    "a:",
    "::",
];

const VALUES: [&str; 14] = [
    "prpl-jabber",
    "alice@example.org/",
    "require_tls",
    "opportunistic_tls",
    "5222",
    "0",
    "1",
    "string",
    "bool",
    "int",
    "connection_security",
    "auth_plain_in_clear",
    "",
    " spaced  out ",
];

const REFERENCES: [&str; 9] = ["&amp;", "&lt;", "&gt;", "&quot;", "&apos;", "&#95;", "&#x5f;", "&#38;", "&#xA;"];

const ODD_REFERENCES: [&str; 34] = [
    "&",
    "&;",
    "&a",
    "& b;",
    "&AMP;",
    "&nbsp;",
    "&copy;",
    "&o;",
    "&p;",
    "&#0;",
    "&#;",
    "&#x;",
    "&#xD800;",
    "&#xFFFE;",
    "&#xFFFF;",
    "&#x110000;",
    "&#99999999999;",
    "&#4294967361;",
    "&#X41;",
    "&#1;",
    "&#9;",
    "&#13;",
    "&#x0000000000041;",
    "&#65",
    "&#6 5;",
    "&#x4g;",
    "&#60;",
    "&#62;",
    "&amp;amp;",
    "&amp;#38;",
    "&#38;#60;",
    "&#38;lt;",
    "&#128;",
    "&#xEFFFE;",
];

/// Writes one; `encoding` is what its declaration names.
pub fn write(mut draft: Draft, encoding: Option<&str>) -> Vec<u8> {
    if draft.edge() {
        draft.put_one(&[" ", "\n", "\u{feff}", "x", "<!---->", "\0", "&amp;"]);
    }
    if encoding.is_some() || draft.once_in(3) {
        declaration(&mut draft, encoding);
    }
    misc(&mut draft);
    if draft.once_in(5) {
        doctype::write(&mut draft);
        misc(&mut draft);
    }
    root(&mut draft);
    misc(&mut draft);
    if draft.edge() {
        draft.put_one(&[
            "x",
            "<b/>",
            "<",
            "</a>",
            "&amp;",
            "\0",
            "\0x",
            "]]>",
            "<![CDATA[]]>",
            "\u{feff}",
            "<?xml version='1.0'?>",
        ]);
    }
    draft.finish()
}

fn quote(draft: &mut Draft) -> &'static str {
    draft.pick(&["'", "'", "'", "\""])
}

fn blanks(draft: &mut Draft) {
    if draft.edge() {
        draft.put_one(&["", "  ", "\t", "\r", "\r\n", "\u{c}", "\u{a0}", "\0"]);
    } else {
        draft.put(" ");
    }
}

fn no_blanks(draft: &mut Draft) {
    if draft.edge() {
        draft.put_one(&[" ", "\n", "\t", "\r", "\u{b}"]);
    }
}

fn declaration(draft: &mut Draft, encoding: Option<&str>) {
    draft.put_or("<?xml", &["<?XML", "<?xml ", "<? xml", "<?xm", "<?xmlx"]);
    if !draft.edge() {
        blanks(draft);
        pseudo(
            draft,
            "version",
            "1.0",
            &["1.1", "1.", "1", "2.0", "1.00", "1.x", "", " 1.0", "10", "1.0.0", "0.9", "é", "1.9999999999"],
        );
    }
    if let Some(encoding) = encoding {
        blanks(draft);
        pseudo(draft, "encoding", encoding, &["", "1x", "UTF-8 ", "x", "utf-8\n", "UTF-16", "é"]);
    }
    if draft.once_in(8) || draft.edge() {
        blanks(draft);
        pseudo(draft, "standalone", "yes", &["no", "maybe", "", "YES", "yes ", "n"]);
    }
    if draft.edge() {
        blanks(draft);
        draft.put_one(&["x='y'", "encoding='UTF-8'", "version='1.0'", "x", "'", "?"]);
    }
    no_blanks(draft);
    draft.put_or("?>", &["?", ">", " ?>", "??>", "/>", "? >"]);
}

fn pseudo(draft: &mut Draft, name: &str, value: &str, odd: &[&str]) {
    let quote = quote(draft);
    draft.put_or(name, &["", "x", "encoding", "standalone", "version", "VERSION"]);
    no_blanks(draft);
    draft.put_or("=", &["", "==", ":"]);
    no_blanks(draft);
    draft.put_or(quote, &["", "\"", "'", "`"]);
    draft.put_or(value, odd);
    draft.put_or(quote, &["", "\"", "'"]);
}

/// What may stand before and behind the root.
pub fn misc(draft: &mut Draft) {
    for _ in 0..draft.pick(&[0, 0, 0, 1, 1, 2]) {
        match draft.rng.u8(..3) {
            0 => comment(draft),
            1 => instruction(draft),
            _ => draft.put_one(&["\n", " ", "\r\n", "\t", "\r"]),
        }
    }
}

/// A comment.
pub fn comment(draft: &mut Draft) {
    draft.put_or("<!--", &["<!-", "<!---", "<!--->", "<! --", "<--"]);
    draft.put_one(&["", " ", " x ", "é", "<a>", "&x;", "-x", "\r\n"]);
    if draft.edge() {
        draft.put_one(&["--", "-", "->", " -- ", "]]>", "\0", "\u{1}", "--!>", "\u{fffe}"]);
    }
    oddity(draft);
    filler(draft);
    draft.put_or("-->", &["--", "->", "--->", "-- >", ""]);
}

/// A processing instruction.
pub fn instruction(draft: &mut Draft) {
    draft.put_or("<?", &["<", "<? "]);
    draft.put_or("x", &["xml", "XML", "xMl", "xmlx", "xml-stylesheet", "x:y", ":", "1", "", "é", "a>b"]);
    if draft.rng.bool() {
        blanks(draft);
        draft.put_one(&["", "y", "y='z'", "? >", "é", "<a/>"]);
        oddity(draft);
    }
    draft.put_or("?>", &["?", ">", "??>", ""]);
}

/// Some character or some bytes that perhaps do not belong there.
fn oddity(draft: &mut Draft) {
    if !draft.edge() {
        return;
    }
    if draft.rng.bool() {
        draft.put_character();
    } else {
        let bad = draft.pick(&BAD_BYTES);
        draft.put_bytes(bad);
    }
}

/// Now and then something long: libxml2 converts other encodings piece by piece.
fn filler(draft: &mut Draft) {
    if draft.once_in(400) {
        let piece = draft.pick(&["x", "é", "x ", "€", "&amp;", "\r\n", "😀"]);
        let most = draft.pick(&[600, 5000]);
        let times = draft.rng.usize(..most);
        draft.put(&piece.repeat(times));
    }
}

fn root(draft: &mut Draft) {
    if draft.once_in(200) {
        return deep(draft);
    }
    let mut budget = draft.pick(&[1, 4, 10, 30]);
    element(draft, 0, &mut budget);
}

/// Elements in elements, about as many as libxml2 allows.
fn deep(draft: &mut Draft) {
    let depth = draft.rng.usize(250..262);
    draft.put(&"<a>".repeat(depth));
    draft.put_one(&["", "x", "<b/>", "<b></b>", "<!-- x -->"]);
    draft.put(&"</a>".repeat(depth));
}

fn name(draft: &mut Draft) -> &'static str {
    if draft.edge() { draft.pick(&ODD_NAMES) } else { draft.pick(&NAMES) }
}

fn put_name(draft: &mut Draft, name: &str) {
    draft.put(name);
    if draft.edge() {
        draft.put_character();
    }
    if draft.once_in(5000) {
        let length = draft.pick(&[100, 49_990, 50_000, 50_001, 50_100]);
        draft.put(&"n".repeat(length));
    }
}

fn element(draft: &mut Draft, depth: u32, budget: &mut u32) {
    let name = name(draft);
    draft.put_or("<", &["< ", "<<", "", "<\n"]);
    put_name(draft, name);
    if depth == 0 || draft.once_in(20) {
        declarations(draft);
    }
    for _ in 0..draft.pick(&[0, 0, 1, 2, 3]) {
        attribute(draft);
    }
    no_blanks(draft);
    if draft.once_in(4) {
        draft.put_or("/>", &["/", "//>", "/ >", "/>>"]);
        return;
    }
    draft.put_or(">", &["", ">>", "/", " "]);
    content(draft, depth, budget);
    if draft.edge() {
        return;
    }
    draft.put_or("</", &["<", "</ ", "<//"]);
    draft.put_or(name, &["b", "A", "", "accoun", "x:b"]);
    no_blanks(draft);
    draft.put_or(">", &["", " x>", "/>", ">>"]);
}

/// Declarations of the prefixes that names use.
fn declarations(draft: &mut Draft) {
    for prefix in [":x", ":y", ""] {
        if prefix.is_empty() && !draft.once_in(6) || draft.once_in(3) && draft.edge() {
            continue;
        }
        draft.put(" xmlns");
        draft.put_or(prefix, &[":", ":xml", ":xmlns", ":1", ":a:b", ":é", ":z"]);
        draft.put("='");
        if draft.edge() || draft.once_in(10) {
            draft.put_one(&NAMESPACES);
            if draft.edge() {
                draft.put_one(&NAMESPACES);
            }
        } else {
            draft.put_one(&["u", "v", "urn:x", "http://example.org/"]);
        }
        oddity(draft);
        draft.put("'");
    }
}

fn attribute(draft: &mut Draft) {
    let quote = quote(draft);
    blanks(draft);
    if draft.edge() {
        draft.put_one(&ODD_NAMES);
    } else {
        draft.put_one(&ATTRIBUTES);
    }
    if draft.rng.bool() {
        // Else nearly every element would have one attribute twice.
        let number = draft.rng.u8(..50).to_string();
        draft.put(&number);
    }
    if draft.edge() {
        draft.put_character();
    }
    no_blanks(draft);
    draft.put_or("=", &["", "==", " "]);
    no_blanks(draft);
    draft.put_or(quote, &["", "\"", "'"]);
    value(draft);
    draft.put_or(quote, &["", "\"", "'"]);
}

/// The text of an attribute's value, without quotes.
pub fn value(draft: &mut Draft) {
    for _ in 0..draft.pick(&[0, 1, 1, 1, 2, 4]) {
        match draft.rng.u8(..6) {
            0 => draft.put_one(&REFERENCES),
            1 if draft.edge() => draft.put_one(&ODD_REFERENCES),
            2 if draft.edge() => draft.put_one(&["<", ">", "]]>", "<a>", "'", "\""]),
            3 => draft.put_one(&[" ", "  ", "\t", "\n", "\r\n", "\r", "é", "€", "😀", "y"]),
            _ => draft.put_one(&VALUES),
        }
        oddity(draft);
    }
    filler(draft);
}

fn content(draft: &mut Draft, depth: u32, budget: &mut u32) {
    for _ in 0..draft.pick(&[0, 1, 1, 2, 4, 6]) {
        match draft.rng.u8(..10) {
            0 => draft.put_one(&REFERENCES),
            1 if draft.edge() => draft.put_one(&ODD_REFERENCES),
            2 => cdata(draft),
            3 if draft.once_in(3) => comment(draft),
            4 if draft.once_in(3) => instruction(draft),
            5 => draft.put_one(&["\n", "\t", "\r\n", "\r", " ", "é", "€", "]", "]]", ">", "'", "\""]),
            6 if draft.edge() => draft.put_one(&[
                "]]>",
                "<",
                "<!x>",
                "<!DOCTYPE a>",
                "<?xml version='1.0'?>",
                "</",
                "<![CDATA",
                "]]&gt;",
            ]),
            7 | 8 if depth < 12 && *budget > 0 => {
                *budget -= 1;
                element(draft, depth + 1, budget);
            }
            _ => draft.put_one(&VALUES),
        }
        oddity(draft);
    }
    filler(draft);
}

fn cdata(draft: &mut Draft) {
    draft.put_or("<![CDATA[", &["<![CDATA", "<![cdata[", "<![ CDATA[", "<![CDATA ["]);
    draft.put_one(&["", "x", "<a>&amp;", "]", "]]", ">", "é", "\r\n", "]]]"]);
    oddity(draft);
    filler(draft);
    draft.put_or("]]>", &["]]", "]>", "]] >", "]]]>", ""]);
}
