//! Copies of the main database beside it, and dumps of it as SQL. Dino reads none of them; what matters is whether
//! passwords stand in them.

use zeroize::Zeroizing;

use super::cells::c_string;
use super::{LEFTOVER, dump};
use crate::clients::Found;
use crate::model::{Profile, Trouble};
use crate::source::Reader;
use crate::source::sqlite::{Database, Image, MAGIC};

/// How much of a dump is read, in bytes: the accounts are the second table.
const DUMP_HEAD: usize = 1 << 20;

/// Looks at a copy. What turns out to be something else leaves no trace in the profile.
pub(super) fn read(profile: &mut Profile, found: &Found, reader: &Reader) -> Result<(), Trouble> {
    let head = Zeroizing::new(reader.head(&found.path, DUMP_HEAD)?);
    let holds_secret = if head.starts_with(MAGIC) {
        copy_holds_password(found, reader)?
    } else if dump::is_dump(&head) {
        dump::holds_password(&head)
    } else {
        return Ok(());
    };
    let mut file = reader.look_at(&found.path, LEFTOVER)?;
    file.holds_secret = holds_secret;
    profile.add_file(file);
    Ok(())
}

/// Whether a password stands in a copy, or cannot be ruled out.
fn copy_holds_password(found: &Found, reader: &Reader) -> Result<bool, Trouble> {
    let Image::Open(database) = Database::open(reader, &found.path, LEFTOVER)?.1 else { return Ok(true) };
    let mut holds_password = false;
    let result = database.select("account", &["password"], |row| {
        holds_password |= row.text("password").is_some_and(|password| !c_string(&password).is_empty());
    });
    Ok(holds_password || result.is_err())
}
