//! Where we differ on purpose. Anything else is a fault, of ours or of this table's.

mod unicode;

use crate::campaign::Difference;
use crate::subject::Subject;

/// A difference that is there on purpose.
pub struct Explained {
    /// Whose it is.
    pub subject: Subject,
    /// What to call it.
    pub name: &'static str,
    /// Why it is right.
    pub why: &'static str,
    /// Whether this is it.
    pub holds: fn(&Difference) -> bool,
}

/// All of them.
pub const EXPLAINED: [Explained; 3] = [
    Explained {
        subject: Subject::Keyfile,
        name: "newer letters",
        why: "whether a locale is one depends on the Unicode version; without characters that GLib 2.74 does not know, both agree",
        holds: unicode::agree_without_newer_letters,
    },
    Explained {
        subject: Subject::Markup,
        name: "newer letters",
        why: "whether a name is one depends on the Unicode version; without characters that GLib 2.74 does not know, both agree",
        holds: unicode::agree_without_newer_letters,
    },
    Explained {
        subject: Subject::Xml,
        name: "iconv",
        why: "encodings that libxml2 leaves to iconv are not read, and a file in one is said to be so",
        holds: is_left_to_iconv,
    },
];

/// The encodings that we read.
const READ: [&str; 21] = [
    "utf-8",
    "utf8",
    "us-ascii",
    "ascii",
    "ansi_x3.4-1968",
    "iso646-us",
    "iso-8859-1",
    "iso8859-1",
    "iso_8859-1",
    "iso88591",
    "latin1",
    "l1",
    "cp819",
    "ibm819",
    "iso-8859-15",
    "iso8859-15",
    "iso_8859-15",
    "latin-9",
    "windows-1252",
    "cp1252",
    "ms-ansi",
];

/// We say that we do not read the encoding, and it is one that we do not; or the file is in UTF-16 or UCS-4 and names
/// another encoding, which iconv takes over to as soon as the first line has been read.
fn is_left_to_iconv(difference: &Difference) -> bool {
    let is_said = difference.ours.note == "UnknownEncoding" && difference.theirs.record.outcome() == "accepted";
    let head: Vec<u8> = difference.file.iter().copied().take(1024).collect();
    let is_wide = head.get(..4).is_some_and(|start| {
        start.contains(&0) || start.starts_with(b"\xFE\xFF") || start.starts_with(b"\xFF\xFE")
    });
    let text: String = head.into_iter().filter(|byte| *byte != 0).map(char::from).collect();
    is_said
        && (is_wide || declared(&text).is_some_and(|name| !READ.iter().any(|read| name.eq_ignore_ascii_case(read))))
}

/// The encoding that a declaration names.
fn declared(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("encoding")?;
    let value = rest.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    value.get(1..)?.split(quote).next()
}
