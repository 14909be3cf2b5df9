//! Whose a file is, by its path and its first bytes.

use std::path::Path;

use crate::clients::{CLIENTS, Client, HEAD, dotfiles};
use crate::model::{FileKind, Trouble};
use crate::source::Reader;
use crate::source::sqlite::MAGIC;

/// How many bytes of a database nobody knows by its first page are looked at. The definitions of the tables stand
/// in pages of their own, those of Dino 0.1 to master about 100 KiB from the beginning, and stay there.
const SCHEMA_HEAD: usize = 256 << 10;

/// Which of [`CLIENTS`], and what the file is to it.
pub(super) type Known = (usize, FileKind);

/// What a file is.
pub(super) enum Verdict {
    /// A client’s.
    Known(Known),
    /// Kept encrypted, by what is named; what it would be if it were not.
    KeptEncrypted(FileKind, &'static str),
}

/// Asks the clients whose file this is, or says why it is nobody's.
pub(super) fn look_at(
    path: &Path,
    reader: &Reader,
    asked: &dyn Fn(&dyn Client) -> bool,
) -> Result<Verdict, Trouble> {
    let mut trouble = Trouble::Foreign;
    // What cannot be read may be known by its path alone.
    let mut head = |length| {
        reader.head(path, length).unwrap_or_else(|why| {
            trouble = why;
            Vec::new()
        })
    };
    let first = head(HEAD);
    if let Some(by) = dotfiles::encrypted_by(path, &first) {
        // Whose it is can only be told by where it lies.
        let (_, kind) = whose(&dotfiles::plain_path(path), asked, &[]).ok_or(trouble)?;
        return Ok(Verdict::KeptEncrypted(kind, by));
    }
    recognise_by(path, asked, &first, head).map(Verdict::Known).ok_or(trouble)
}

/// Whether a file is certainly nobody's by its first bytes, of which `peek` gives at most so many. They do not tell that
/// of what may be encrypted, or a template.
pub(super) fn is_nobodys(
    path: &Path,
    asked: &dyn Fn(&dyn Client) -> bool,
    peek: &dyn Fn(usize) -> Option<Vec<u8>>,
) -> bool {
    let is_not = |head: &[u8]| whose(path, asked, head).is_none();
    let Some(head) = peek(HEAD) else { return false };
    if dotfiles::Name::of(path).is_template || dotfiles::encrypted_by(path, &head).is_some() || !is_not(&head) {
        return false;
    }
    let is_known_whole = !head.starts_with(MAGIC) || head.len() < HEAD;
    is_known_whole || peek(SCHEMA_HEAD).is_some_and(|head| is_not(&head))
}

/// Asks the clients whose file this is, by its name and as many of its first bytes as it takes: which of
/// [`CLIENTS`], and what the file is to it. `head` gives at most that many bytes.
pub(crate) fn recognise(
    path: &Path,
    asked: &dyn Fn(&dyn Client) -> bool,
    mut head: impl FnMut(usize) -> Vec<u8>,
) -> Option<(usize, FileKind)> {
    recognise_by(path, asked, &head(HEAD), head)
}

/// The same where the first [`HEAD`] bytes have been read already.
fn recognise_by(
    path: &Path,
    asked: &dyn Fn(&dyn Client) -> bool,
    first: &[u8],
    mut head: impl FnMut(usize) -> Vec<u8>,
) -> Option<Known> {
    let by_schema = || first.starts_with(MAGIC).then(|| whose(path, asked, &head(SCHEMA_HEAD))).flatten();
    whose(path, asked, first).or_else(by_schema)
}

/// Which client says that a file with these first bytes is its own.
fn whose(path: &Path, asked: &dyn Fn(&dyn Client) -> bool, head: &[u8]) -> Option<Known> {
    let asked = CLIENTS.iter().enumerate().filter(|(_, client)| asked(**client));
    asked.filter_map(|(number, client)| Some((number, client.recognise(path, head)?))).next()
}
