//! `dino.db`, read as a whole.

use std::path::Path;

use super::recognise::{is_certain, is_encrypted_copy};
use super::schema::Schema;
use super::{DATABASE, LOG, accounts, conversations, fork, stores};
use crate::clients::Found;
use crate::model::{Damage, Fault, FileNumber, Format, Loss, Profile, ProfileFile, Secret, Trouble};
use crate::source::Reader;
use crate::source::sqlite::{Beside, Database, Image, Unreadable};

/// Reads the database into the profile. A database that turns out to be somebody else's leaves no trace there.
pub(super) fn read(profile: &mut Profile, found: &Found, reader: &Reader) -> Result<(), Trouble> {
    let (file, image) = Database::open(reader, &found.path, DATABASE)?;
    match image {
        Image::NotSqlite if is_encrypted_copy(&found.path) => return Err(Trouble::Encrypted),
        Image::NotSqlite => add_unreadable(profile, file, reader),
        Image::Broken => add_broken(profile, file, &found.path),
        Image::Open(database) => add(profile, file, &database, reader),
    }
    Ok(())
}

/// Not a database: encrypted as newer versions of DinoX do, empty, or something else under Dino's name.
fn add_unreadable(profile: &mut Profile, mut file: ProfileFile, reader: &Reader) {
    let head = reader.head(&file.path, 4096).unwrap_or_default();
    if looks_encrypted(&head) {
        file.format = Format::Encrypted;
        profile.add_file(file);
        return;
    }
    // An empty file is a new database to SQLite: the client fills it, and its accounts are gone.
    let (fault, loss) =
        if head.is_empty() { (Fault::Empty, Loss::Accounts) } else { (Fault::BrokenDatabase, Loss::Start) };
    add_damaged(profile, file, fault, loss);
}

/// Whether the bytes are such as a cipher makes: nearly all values occur, and none much oftener than others.
fn looks_encrypted(head: &[u8]) -> bool {
    let mut counts = [0_usize; 256];
    for byte in head {
        if let Some(count) = counts.get_mut(usize::from(*byte)) {
            *count += 1;
        }
    }
    let most = counts.iter().max().copied().unwrap_or_default();
    head.len() >= 512 && most * 256 < head.len() * 8
}

/// A database that SQLite does not take. Whose it is cannot be seen; only Dino's own name and folder tell.
fn add_broken(profile: &mut Profile, file: ProfileFile, path: &Path) {
    if path.file_name().is_some_and(|name| name == "dino.db") {
        add_damaged(profile, file, Fault::BrokenDatabase, Loss::Start);
    }
}

fn add_damaged(profile: &mut Profile, file: ProfileFile, fault: Fault, loss: Loss) {
    let number = profile.add_file(file);
    set_damage(profile, number, fault, loss);
}

/// Notes a fault of a file; the first counts.
fn set_damage(profile: &mut Profile, number: FileNumber, fault: Fault, loss: Loss) {
    if let Some(file) = profile.file_mut(number) {
        let place = file.place(number);
        file.damage.get_or_insert(Damage { fault, place, loss });
    }
}

fn add(profile: &mut Profile, mut file: ProfileFile, database: &Database, reader: &Reader) {
    let schema = match Schema::read(database) {
        Ok(Some(schema)) => schema,
        Ok(None) => {
            if is_certain(&file.path) {
                add_damaged(profile, file, Fault::MissingTables, Loss::Accounts);
            }
            return;
        }
        Err(_) => return add_damaged(profile, file, Fault::BrokenDatabase, Loss::Start),
    };
    file.format = schema.format;
    file.version = schema.version.map(|version| format!("schema {version}"));
    let number = profile.add_file(file);
    add_beside(profile, number, database.beside(), reader);
    stores::add_attachments(profile, number, reader);
    if schema.format == Format::Newer {
        // What a column means in a version that does not exist yet, nobody can say.
        return;
    }
    if schema.is_incomplete {
        set_damage(profile, number, Fault::MissingTables, Loss::Accounts);
    }
    if add_content(profile, number, database, schema).is_err() {
        set_damage(profile, number, Fault::BrokenDatabase, Loss::Accounts);
    }
}

/// Reads all tables that matter, as far as each can be read. The first failure is returned.
fn add_content(
    profile: &mut Profile,
    number: FileNumber,
    database: &Database,
    schema: Schema,
) -> Result<(), Unreadable> {
    let (accounts, accounts_read) = accounts::read(database, schema, number);
    let conversations_read = conversations::add(profile, number, database, &accounts);
    let (pinned, pinned_read) = fork::pinned_certificates(database, number);
    profile.certificate_exceptions.extend(pinned);
    profile.accounts.extend(accounts.into_iter().map(|stored| stored.account));
    let holds_secret = profile.accounts.iter().any(|account| account.password.value == Secret::Clear);
    if let Some(file) = profile.file_mut(number) {
        file.holds_secret = holds_secret;
    }
    accounts_read.and(conversations_read).and(pinned_read)
}

/// Says what stands beside the database and was left out. The log itself is a file of the profile where more
/// people get at it than at the database: SQLite gives both the same permissions.
fn add_beside(profile: &mut Profile, number: FileNumber, beside: &[Beside], reader: &Reader) {
    for file in beside {
        profile.note(&file.path, DATABASE, file.trouble.clone());
    }
    let Some(database) = profile.file(number) else { return };
    let mut path = database.path.clone().into_os_string();
    path.push("-wal");
    let Ok(log) = reader.look_at(Path::new(&path), LOG) else { return };
    if log.readable_by > database.readable_by || log.writable_by > database.writable_by {
        profile.add_file(log);
    }
}

#[cfg(test)]
mod tests {
    use super::looks_encrypted;

    #[test]
    fn tells_a_cipher_from_text_and_blanks() {
        let mut state = 1_u32;
        let noise: Vec<u8> = std::iter::repeat_with(|| {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            state.to_le_bytes()[1]
        })
        .take(4096)
        .collect();
        assert!(looks_encrypted(&noise));
        assert!(looks_encrypted(&noise[..512]));
        assert!(!looks_encrypted(&noise[..100]));
        assert!(!looks_encrypted(&[0; 4096]));
        assert!(!looks_encrypted("INSERT INTO account VALUES (1, 'alice@example.org');\n".repeat(80).as_bytes()));
    }
}
