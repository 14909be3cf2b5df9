//! The samples of rule pages, laid out as the homes that they stand for.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use tempfile::TempDir;
use xmpp_audit::discover::{Home, Target};
use xmpp_audit::model::ClientName;
use xmpp_audit::rules::samples::Sample;

/// A home in which samples stand, those left out that stand in commits only.
pub fn home_of(samples: &[Sample]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    set_mode(folder.path(), 0o755);
    for sample in samples.iter().filter(|sample| sample.commit.is_none()) {
        write(folder.path(), sample);
    }
    folder
}

/// How a home of samples is looked at. What a dotfiles manager keeps under names of its own is in nobody's home.
pub fn target(home: &Path, samples: &[Sample]) -> Target {
    match samples.iter().any(|sample| sample.path.contains("dot_")) {
        true => Target::Path(home.to_owned()),
        false => Target::Home(Home::at(home)),
    }
}

/// Writes a sample where it stands in its home.
pub fn write(home: &Path, sample: &Sample) {
    let path = home.join(&sample.path);
    // A file that others may read is out of their reach all the same in a private folder.
    create_folder(home, path.parent().unwrap(), if sample.mode & 0o077 == 0 { 0o700 } else { 0o755 });
    if sample.language == "sql" {
        let database = rusqlite::Connection::open(&path).unwrap();
        database.execute_batch(&sample.content).unwrap_or_else(|error| panic!("line {}: {error}", sample.line));
    } else {
        fs::write(&path, &sample.content).unwrap();
    }
    set_mode(&path, sample.mode);
}

/// Whether a sample stands where a client keeps its files.
pub fn belongs_to(sample: &Sample, client: ClientName) -> bool {
    let client = xmpp_audit::clients::by_name(client.0).unwrap();
    client.known_places().iter().any(|place| Home::has_place_at(place, &sample.path))
}

fn create_folder(home: &Path, folder: &Path, mode: u32) {
    if folder != home && !folder.exists() {
        create_folder(home, folder.parent().unwrap(), mode);
        fs::create_dir(folder).unwrap();
        set_mode(folder, mode);
    }
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}
