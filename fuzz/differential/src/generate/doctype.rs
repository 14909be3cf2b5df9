//! Document type declarations.

use super::draft::Draft;
use super::xml::{comment, instruction, value};

const MODELS: [&str; 24] = [
    "EMPTY",
    "ANY",
    "(#PCDATA)",
    "(#PCDATA)*",
    "(#PCDATA|a)*",
    "(#PCDATA|a|b)*",
    "(#PCDATA|a)",
    "(a)",
    "(a,b)",
    "(a|b)",
    "(a,b|c)",
    "(a?,b*,c+)",
    "((a|b)*,c)?",
    "(a , b)",
    "( a )",
    "()",
    "(a",
    "a",
    "(a,)",
    "(#PCDATA)+",
    "(x:a)",
    "(a)(b)",
    "",
    "( #PCDATA )",
];

const TYPES: [&str; 18] = [
    "CDATA",
    "ID",
    "IDREF",
    "IDREFS",
    "ENTITY",
    "ENTITIES",
    "NMTOKEN",
    "NMTOKENS",
    "(a|b)",
    "( 1 | 2 )",
    "(a)",
    "()",
    "NOTATION (n)",
    "NOTATION",
    "NOTATION(n)",
    "(a|a)",
    "",
    "cdata",
];

const REPLACEMENTS: [&str; 14] =
    ["", "x", "<a/>", "&#38;", "&#60;", "&amp;", "&p;", "%p;", "%", "&", "&x", "&#0;", "<", "é"];

/// Writes one.
pub fn write(draft: &mut Draft) {
    draft.put_or("<!DOCTYPE", &["<!doctype", "<!DOCTYP", "<! DOCTYPE"]);
    blanks(draft);
    draft.put_or("a", &["", "1", "x:a", "é", ":"]);
    if draft.once_in(4) {
        blanks(draft);
        external(draft);
    }
    no_blanks(draft);
    if draft.once_in(4) {
        return draft.put(">");
    }
    draft.put_or("[", &["", "[["]);
    for _ in 0..draft.rng.u8(..4) {
        declaration(draft);
    }
    draft.put_or("]", &["", "]]", "]]>"]);
    no_blanks(draft);
    draft.put_or(">", &["", " x>", "[]>"]);
}

fn blanks(draft: &mut Draft) {
    draft.put_or(" ", &["", "  ", "\n", "\t", "\r\n", "\u{c}", "%p;", " %p; "]);
}

fn no_blanks(draft: &mut Draft) {
    draft.put_or("", &[" ", "\n", "\t", "\u{b}", "%p;"]);
}

fn external(draft: &mut Draft) {
    if draft.rng.bool() {
        draft.put("SYSTEM");
        blanks(draft);
        literal(draft, &["x", "", "x.dtd", "x#y", "é", "http://h/x", "%", "a b", "\u{1}", "'"]);
    } else {
        draft.put_or("PUBLIC", &["public", "PUBLI"]);
        blanks(draft);
        literal(draft, &["-//X//Y//EN", "", "a  b", "é", "<", "{", "it's", "\t", "&", "a;b"]);
        blanks(draft);
        literal(draft, &["x", "", "x#y"]);
    }
}

fn literal(draft: &mut Draft, all: &[&str]) {
    let quote = draft.pick(&["'", "\""]);
    draft.put_or(quote, &["", "\""]);
    draft.put_one(all);
    draft.put_or(quote, &["", "'"]);
}

fn declaration(draft: &mut Draft) {
    match draft.rng.u8(..12) {
        0..=2 => entity(draft),
        3 | 4 => element(draft),
        5..=7 => attributes(draft),
        8 => notation(draft),
        9 => comment(draft),
        10 => instruction(draft),
        _ => draft.put_one(&[
            "\n",
            " ",
            "%p;",
            "%q;",
            "x",
            "<![INCLUDE[x]]>",
            "<!ENTITY",
            "<a/>",
            "]",
            "&a;",
            "<!",
            "%",
            "% p;",
        ]),
    }
}

fn end(draft: &mut Draft) {
    no_blanks(draft);
    draft.put_or(">", &["", " x>", ">>", "/>"]);
    if draft.rng.bool() {
        draft.put("\n");
    }
}

fn entity(draft: &mut Draft) {
    draft.put_or("<!ENTITY", &["<!entity", "<!ENTITYx"]);
    blanks(draft);
    if draft.once_in(3) {
        draft.put_or("%", &["", "%%"]);
        blanks(draft);
        draft.put_one(&["p", "q", "o"]);
    } else {
        draft.put_or("o", &["p", "amp", "lt", "1", "x:y", "", "é", "apos", "quot", "gt"]);
    }
    blanks(draft);
    if draft.once_in(4) {
        external(draft);
        if draft.once_in(3) {
            blanks(draft);
            draft.put_one(&["NDATA n", "NDATA", "NDATA 1", "ndata n", "NDATA  n "]);
        }
    } else {
        literal(draft, &REPLACEMENTS);
    }
    end(draft);
}

fn element(draft: &mut Draft) {
    draft.put_or("<!ELEMENT", &["<!element", "<!ELEMENTa"]);
    blanks(draft);
    draft.put_or("a", &["", "1", "x:a", "%p;", "b"]);
    blanks(draft);
    draft.put_one(&MODELS);
    end(draft);
}

fn attributes(draft: &mut Draft) {
    draft.put_or("<!ATTLIST", &["<!attlist", "<!ATTLISTa"]);
    blanks(draft);
    draft.put_one(&["a", "b", "account", "x:a", "setting", "name"]);
    for _ in 0..draft.pick(&[0, 1, 1, 1, 2]) {
        blanks(draft);
        draft.put_one(&[
            "name",
            "type",
            "a",
            "b",
            "x:a",
            "xmlns",
            "xmlns:x",
            "xmlns:z",
            "z:a",
            "xml:space",
            "xml:lang",
            "xml:id",
        ]);
        blanks(draft);
        if draft.edge() {
            draft.put_one(&TYPES);
        } else {
            draft.put_one(&TYPES[..11]);
        }
        blanks(draft);
        default(draft);
    }
    end(draft);
}

fn default(draft: &mut Draft) {
    match draft.rng.u8(..6) {
        0 => draft.put_one(&["#REQUIRED", "#IMPLIED", "#FIXED", "#fixed", ""]),
        1 => {
            draft.put("#FIXED");
            blanks(draft);
        }
        _ => {}
    }
    let quote = draft.pick(&["'", "\""]);
    draft.put_or(quote, &[""]);
    if draft.rng.bool() {
        draft.put_one(&["a", "b", "1", "u", " a  b ", "default", "preserve", "a b", "\ta\n"]);
    } else {
        value(draft);
    }
    draft.put_or(quote, &["", "'"]);
}

fn notation(draft: &mut Draft) {
    draft.put_or("<!NOTATION", &["<!notation"]);
    blanks(draft);
    draft.put_or("n", &["", "1", "x:n"]);
    blanks(draft);
    if draft.once_in(3) {
        draft.put("PUBLIC");
        blanks(draft);
        literal(draft, &["p", "", "é"]);
    } else {
        external(draft);
    }
    end(draft);
}
