//! Dumps of the main database, as `sqlite3 dino.db .dump` writes them.

use crate::syntax::contains;

/// What a dump of Dino's says about the table of accounts.
const WORDS: [&[u8]; 3] = [b"CREATE TABLE account ", b"bare_jid", b"resourcepart"];

/// What an account begins with.
const INSERT: &str = "INSERT INTO account VALUES(";

/// The number of the column `password`, counted from 0, the same in every schema: later columns are added behind.
const PASSWORD: usize = 3;

/// Whether the bytes begin a dump with accounts in it.
pub(super) fn is_dump(head: &[u8]) -> bool {
    contains(head, INSERT.as_bytes()) && WORDS.iter().all(|word| contains(head, word))
}

/// Whether an account in the dump has a password.
pub(super) fn holds_password(head: &[u8]) -> bool {
    // What is not UTF-8 is no sign that SQL is made of.
    let text = zeroize::Zeroizing::new(String::from_utf8_lossy(head).into_owned());
    text.split(INSERT).skip(1).any(|values| values_at(values, PASSWORD).is_some_and(is_text))
}

/// The value of that number in a list of values, as it is written.
fn values_at(values: &str, number: usize) -> Option<&str> {
    let mut start = 0;
    let mut seen = 0;
    let mut in_quotes = false;
    for (at, character) in values.char_indices() {
        match character {
            '\'' => in_quotes = !in_quotes,
            ',' | ')' if !in_quotes && seen == number => return values.get(start..at),
            ',' if !in_quotes => {
                seen += 1;
                start = at + 1;
            }
            ')' | ';' if !in_quotes => return None,
            _ => {}
        }
    }
    // The dump ends in the middle of the value.
    values.get(start..).filter(|_| seen == number)
}

/// Whether a value is neither empty nor missing.
fn is_text(written: &str) -> bool {
    !matches!(written.trim(), "" | "NULL" | "''" | "'")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str =
        "BEGIN TRANSACTION;\nCREATE TABLE account ( id INTEGER, bare_jid TEXT, resourcepart TEXT);\n";

    fn holds(rows: &str) -> bool {
        let dump = format!("{TABLE}{rows}");
        assert!(is_dump(dump.as_bytes()), "{rows}");
        holds_password(dump.as_bytes())
    }

    #[test]
    fn finds_passwords_whatever_stands_before_them() {
        assert!(holds("INSERT INTO account VALUES(1,'a@b.c','dino.1','hunter2','',1,NULL,NULL);"));
        assert!(holds("INSERT INTO account VALUES(1,'a,''b@b.c','di)no','hun''ter2','',1,NULL);"));
        assert!(holds(
            "INSERT INTO account VALUES(1,'a@b.c','x','','',1);\nINSERT INTO account VALUES(2,'d','','p');"
        ));
        assert!(holds("INSERT INTO account VALUES(1,'a@b.c','dino.1','hunt"));
        assert!(holds("INSERT INTO account VALUES(1,'a@b.c','dino.1',X'68',1);"));
        assert!(!holds("INSERT INTO account VALUES(1,'a@b.c','dino.1','','hunter2',1,NULL,NULL);"));
        assert!(!holds("INSERT INTO account VALUES(1,'a@b.c','dino.1',NULL,'',1,NULL,NULL);"));
        assert!(!holds("INSERT INTO account VALUES(1,'a@b.c','dino.1'"));
        assert!(!holds("INSERT INTO account VALUES(1);'a','b','c'"));
        assert!(!holds("INSERT INTO account VALUES(1);\nINSERT INTO other VALUES(1,'a','b','c','d');"));
        assert!(!holds("INSERT INTO account VALUES(1,'a,b@c.d','x','','hunter2',1);"));
        assert!(!holds("INSERT INTO account VALUES(1,'a''b,c@d.e','x','','hunter2',1);"));
        assert!(holds("INSERT INTO account VALUES(1,'a)b@c.d','x','hunter2','',1);"));
        assert!(holds("INSERT INTO account VALUES(1,'a;b)@c.d','x','hunter2','',1);"));
    }

    #[test]
    fn a_schema_without_accounts_is_no_dump() {
        assert!(!is_dump(TABLE.as_bytes()));
        assert!(!is_dump(b"CREATE TABLE account (id, owner); INSERT INTO account VALUES(1,'x');"));
    }

    #[test]
    fn takes_linear_time() {
        for part in [INSERT, "'", "INSERT INTO account VALUES('", ",("] {
            holds_password(part.repeat(200_000).as_bytes());
        }
    }
}
