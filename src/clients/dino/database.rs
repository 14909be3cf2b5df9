//! `dino.db`, read as a whole.

use std::path::Path;

use super::keys::Keys;
use super::recognise::{is_certain, is_encrypted_copy};
use super::rows::Rows;
use super::schema::Schema;
use super::trust::Owners;
use super::{DATABASE, accounts, conversations, fork, plugins, settings, stores, trust, version};
use crate::clients::Found;
use crate::model::{
    Damage, Fault, FileNumber, Format, Loss, Plenty, Profile, ProfileFile, Secret, Trouble, limits,
};
use crate::source::Reader;
use crate::source::sqlite::{Database, Image, Unreadable};

/// Reads the database into the profile, and says whose the rows of other databases are. A database that turns out
/// to be somebody else's leaves no trace there.
pub(super) fn read(profile: &mut Profile, found: &Found, reader: &Reader, keys: &Keys) -> Result<Owners, Trouble> {
    let (file, image) = Database::open(reader, &found.path, DATABASE)?;
    let mut owners = Owners::default();
    match image {
        Image::NotSqlite if is_encrypted_copy(&found.path) => return Err(Trouble::Encrypted),
        Image::NotSqlite => add_unreadable(profile, file, reader),
        Image::Broken => add_broken(profile, file, &found.path),
        Image::Open(database) => {
            owners = add(profile, file, &database, keys, reader);
            if !profile.files.is_empty() {
                plugins::add(profile, found, reader);
            }
        }
    }
    Ok(owners)
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

fn add(profile: &mut Profile, mut file: ProfileFile, database: &Database, keys: &Keys, reader: &Reader) -> Owners {
    let mut owners = Owners::default();
    let schema = match Schema::read(database) {
        Ok(Some(schema)) => schema,
        Ok(None) => {
            if is_certain(&file.path) {
                add_damaged(profile, file, Fault::MissingTables, Loss::Accounts);
            }
            return owners;
        }
        Err(_) => {
            add_damaged(profile, file, Fault::BrokenDatabase, Loss::Start);
            return owners;
        }
    };
    file.format = schema.format;
    file.version = schema.version.map(|version| format!("schema {version}"));
    file.journal_missing = stores::lacks_journal(&file, database, reader);
    let lacks_journal = file.journal_missing;
    let number = profile.add_file(file);
    profile.version = version::of(schema, lacks_journal, number);
    stores::add_beside(profile, number, DATABASE, database.beside(), reader);
    stores::add_attachments(profile, number, reader);
    if schema.format == Format::Newer {
        // What a column means in a version that does not exist yet, nobody can say.
        return owners;
    }
    if schema.is_incomplete {
        set_damage(profile, number, Fault::MissingTables, Loss::Accounts);
    }
    // Accounts may stand where nobody looked.
    owners.are_all = !lacks_journal && !schema.is_incomplete && database.beside().is_empty();
    if add_content(profile, number, database, schema, keys, &mut owners).is_err() {
        set_damage(profile, number, Fault::BrokenDatabase, Loss::Accounts);
    }
    owners
}

/// Reads all tables that matter, as far as each can be read. The first failure is returned.
fn add_content(
    profile: &mut Profile,
    number: FileNumber,
    database: &Database,
    schema: Schema,
    keys: &Keys,
    owners: &mut Owners,
) -> Result<(), Unreadable> {
    let (accounts, accounts_read) = accounts::read(database, schema, number);
    owners.are_all &= accounts_read.is_ok();
    owners.numbers = accounts.iter().enumerate().map(|(number, owner)| (owner.id, number)).collect();
    let (rows, rows_read) = Rows::read(database, &accounts);
    if rows.is_cut {
        profile.note_plenty(number, Plenty::Contacts, limits::CONTACTS);
    }
    let conversations_read = conversations::add(profile, number, database, &rows, keys);
    if owners.are_all {
        trust::add_orphans(profile, number, &rows.orphans);
    }
    let (pinned, pinned_read) = fork::pinned_certificates(database, number);
    profile.certificate_exceptions.extend(pinned);
    profile.accounts.extend(accounts.into_iter().map(|stored| stored.account));
    let settings_read = settings::add(profile, number, database, schema);
    let holds_secret = profile.accounts.iter().any(|account| account.password.value == Secret::Clear);
    if let Some(file) = profile.file_mut(number) {
        file.holds_secret = holds_secret;
    }
    accounts_read.and(rows_read).and(conversations_read).and(pinned_read).and(settings_read)
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
