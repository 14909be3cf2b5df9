//! Declarations of elements. What they say about an element is for validating parsers.

use super::Fault;
use super::cursor::Cursor;

/// How deep groups may be nested (libxml2, without `XML_PARSE_HUGE`).
const DEEPEST: usize = 128;

/// Passes over the declaration; the cursor is behind `<!ELEMENT`.
pub(super) fn declaration(cursor: &mut Cursor) -> Result<(), Fault> {
    cursor.expect_blanks()?;
    cursor.name()?;
    cursor.expect_blanks()?;
    if !cursor.take_one(&["EMPTY", "ANY"]) {
        cursor.expect("(")?;
        cursor.blanks();
        if cursor.take("#PCDATA") { mixed(cursor)? } else { group(cursor, 1)? }
    }
    cursor.blanks();
    cursor.expect(">")
}

/// The cursor is behind `(#PCDATA`.
fn mixed(cursor: &mut Cursor) -> Result<(), Fault> {
    cursor.blanks();
    if cursor.take(")") {
        cursor.take("*");
        return Ok(());
    }
    while cursor.take("|") {
        cursor.blanks();
        cursor.name()?;
        cursor.blanks();
    }
    cursor.expect(")*")
}

/// The cursor is behind the `(`.
fn group(cursor: &mut Cursor, depth: usize) -> Result<(), Fault> {
    let mut separator = None;
    loop {
        particle(cursor, depth)?;
        cursor.blanks();
        if cursor.take(")") {
            cursor.take_one(&["?", "*", "+"]);
            return Ok(());
        }
        let expected = *separator.get_or_insert(if cursor.rest().starts_with('|') { "|" } else { "," });
        cursor.expect(expected)?;
    }
}

/// A name or a group.
fn particle(cursor: &mut Cursor, depth: usize) -> Result<(), Fault> {
    cursor.blanks();
    if !cursor.take("(") {
        cursor.name()?;
        cursor.take_one(&["?", "*", "+"]);
        return Ok(());
    }
    if depth >= DEEPEST {
        return cursor.fault();
    }
    group(cursor, depth + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_sound(text: &str) -> bool {
        let mut cursor = Cursor::new(text, 0);
        declaration(&mut cursor).is_ok() && cursor.rest().is_empty()
    }

    #[test]
    fn reads_what_libxml2_reads() {
        for model in [
            "EMPTY",
            "ANY",
            "(#PCDATA)",
            "( #PCDATA )*",
            "(#PCDATA|b | c)*",
            "(a)",
            "(a?,b*,c+)+",
            "((a|b)* , c)?",
            "( a )",
        ] {
            assert!(is_sound(&format!(" a {model}>")), "{model}");
        }
        assert!(is_sound(&format!(" a {}a{} >", "(".repeat(128), ")".repeat(128))));
    }

    #[test]
    fn refuses_what_libxml2_refuses() {
        for model in [
            "",
            "()",
            "(a",
            "(a,)",
            "(a,b|c)",
            "(#PCDATA|a)",
            "(#PCDATA)+",
            "(a)(b)",
            "EMPTY x",
            "empty",
            "%p;",
            "((a)",
        ] {
            assert!(!is_sound(&format!(" a {model}>")), "{model}");
        }
        for declaration in ["a EMPTY>", " EMPTY>", " a(b)>", " 1 ANY>"] {
            assert!(!is_sound(declaration), "{declaration}");
        }
        assert!(!is_sound(&format!(" a {}a{}>", "(".repeat(129), ")".repeat(129))));
    }
}
