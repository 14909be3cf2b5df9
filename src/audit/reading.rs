//! Reading what belongs together: databases that change meanwhile are read again, and what the program fails on is
//! found and left out.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock};

use super::Request;
use crate::clients::Found;
use crate::contained::contained;
use crate::discover::Group;
use crate::model::{ClientVersion, Fault, Notice, Profile, Trouble};
use crate::repository::Repositories;
use crate::source::Reader;

/// How often a profile is read whose databases change meanwhile.
const ATTEMPTS: usize = 4;

/// Lets several threads read at the same time, and one alone where it has to be.
pub(super) struct Gate {
    lock: RwLock<()>,
    is_shared: bool,
}

impl Gate {
    pub(super) const fn new(threads: NonZeroUsize) -> Self {
        Self { lock: RwLock::new(()), is_shared: threads.get() > 1 }
    }

    /// Reads beside others. Where SQLite has failed, it may have been for want of the memory that others took: then
    /// reads again alone, so that nobody's database can keep another one from being read.
    fn read(&self, reader: &Reader, read: impl Fn() -> Profile) -> Profile {
        let _of_before = reader.take_failed();
        {
            let _beside_others = self.lock.read().unwrap_or_else(PoisonError::into_inner);
            let profile = read();
            if !self.is_shared || !reader.take_failed() {
                return profile;
            }
        }
        let _alone = self.lock.write().unwrap_or_else(PoisonError::into_inner);
        read()
    }
}

/// Reads the files of one profile as their client does.
pub(super) fn read(group: &Group, reader: &Reader, request: &Request, gate: &Gate) -> Profile {
    let assumed = request.version_of(group);
    let read =
        |files: &[Found]| contained(|| gate.read(reader, || read_settled(group, files, reader, assumed.as_ref())));
    match read(&group.files) {
        Ok(profile) => profile,
        Err(failure) => leave_out(group, failure, &read),
    }
}

/// Reads them until no database changes while it is being read.
fn read_settled(group: &Group, files: &[Found], reader: &Reader, assumed: Option<&ClientVersion>) -> Profile {
    let _of_before = reader.take_unsettled();
    let mut attempt = 1;
    loop {
        let mut profile = group.client.read_as(files, reader, assumed);
        profile.note_what_was_left_out();
        let unsettled = reader.take_unsettled();
        let changes = unsettled.iter().any(|(_, trouble)| *trouble == Trouble::KeepsChanging);
        if !changes || attempt == ATTEMPTS {
            unsettled.into_iter().for_each(|(path, trouble)| note(&mut profile, path, trouble));
            return profile;
        }
        attempt += 1;
    }
}

/// Says that a database could not be read to its end: that is no fault of the database.
fn note(profile: &mut Profile, path: PathBuf, trouble: Trouble) {
    let file = profile.files.iter_mut().find(|file| file.path == path);
    let kind = file.map(|file| {
        file.damage.take_if(|damage| damage.fault == Fault::BrokenDatabase);
        file.kind
    });
    profile.notices.push(Notice { path, kind, trouble });
}

/// Reads those files together that the program does not fail on alone.
fn leave_out(group: &Group, failure: Trouble, read: &dyn Fn(&[Found]) -> Result<Profile, Trouble>) -> Profile {
    let mut notices = Vec::new();
    let mut sound = Vec::new();
    for file in &group.files {
        match read(std::slice::from_ref(file)) {
            Ok(_) => sound.push(file.clone()),
            Err(failure) => notices.push(failed(file, failure)),
        }
    }
    let whole = if notices.is_empty() { Err(failure) } else { read(&sound) };
    let root = group.files.first().and_then(|file| file.path.parent()).map(Path::to_owned).unwrap_or_default();
    let mut profile = whole.unwrap_or_else(|failure| {
        // It fails on none alone, and on all together.
        notices.extend(sound.iter().map(|file| failed(file, failure.clone())));
        Profile::new(group.client.name(), root)
    });
    profile.notices.append(&mut notices);
    profile
}

fn failed(file: &Found, trouble: Trouble) -> Notice {
    Notice { path: file.path.clone(), kind: Some(file.kind), trouble }
}

/// Has the repositories say which files of a profile git keeps; their own files may be anybody's.
pub(super) fn mark(repositories: &Repositories, profile: &mut Profile, reader: &Reader) {
    if let Err(trouble) = contained(|| repositories.mark(profile, reader)) {
        let notice = about(profile, trouble);
        profile.notices.push(notice);
    }
}

/// Says of a profile as a whole what went wrong with it: of its first file.
pub(super) fn about(profile: &Profile, trouble: Trouble) -> Notice {
    let path = profile.files.first().map_or_else(|| profile.root.clone(), |file| file.path.clone());
    Notice { path, kind: None, trouble }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clients::{Client, KnownPlace};
    use crate::model::{ClientName, FileKind, Purpose};
    use crate::source::Bounds;
    use crate::source::sqlite::{Database, MAGIC};

    const KIND: FileKind = FileKind("test", Purpose::Settings);

    /// A client that fails on what it reads.
    struct Fragile;

    impl Client for Fragile {
        fn name(&self) -> ClientName {
            ClientName("fragile")
        }

        fn title(&self) -> &'static str {
            "Fragile"
        }

        fn known_places(&self) -> &'static [KnownPlace] {
            &[]
        }

        fn may_be_named(&self, _: &[u8]) -> bool {
            true
        }

        fn name_parts(&self) -> &'static [&'static str] {
            &[]
        }

        fn recognise(&self, _: &Path, _: &[u8]) -> Option<FileKind> {
            Some(KIND)
        }

        fn profile_key(&self, _: &Found) -> PathBuf {
            PathBuf::new()
        }

        fn read_as(&self, found: &[Found], reader: &Reader, _: Option<&ClientVersion>) -> Profile {
            let mut profile = Profile::new(self.name(), PathBuf::new());
            let mut odd = 0;
            for found in found {
                let (file, bytes) = reader.read(&found.path, found.kind).unwrap();
                let text = String::from_utf8_lossy(&bytes);
                odd += u32::from(text.starts_with("odd"));
                assert!(!text.starts_with("bad"), "{text}");
                assert!(odd < 2, "{text}");
                profile.add_file(file);
            }
            profile
        }
    }

    fn read(contents: &[&str]) -> (Vec<String>, Vec<(String, bool)>) {
        let folder = tempfile::tempdir().unwrap();
        let file = |(number, content): (usize, &&str)| {
            let path = folder.path().join(number.to_string());
            std::fs::write(&path, content).unwrap();
            Found { path, kind: KIND, home: None }
        };
        let group = Group { client: &Fragile, files: contents.iter().enumerate().map(file).collect() };
        let gate = Gate::new(NonZeroUsize::MIN);
        let profile = super::read(&group, &Reader::default(), &Request::default(), &gate);
        let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
        let mut notices = Vec::new();
        for notice in &profile.notices {
            let Trouble::Failure { place } = &notice.trouble else { panic!("{notice:?}") };
            notices.push((name(&notice.path), place.starts_with("src/audit/reading.rs:")));
        }
        (profile.files.iter().map(|file| name(&file.path)).collect(), notices)
    }

    /// How often a profile is read that has such a database.
    fn times_read(database: &[u8], threads: usize) -> usize {
        let path = PathBuf::from("some.db");
        let files = [(path.clone(), zeroize::Zeroizing::new(database.to_vec()))];
        let reader = Reader::of_files(Bounds::default(), files);
        let times = std::cell::Cell::new(0);
        let gate = Gate::new(NonZeroUsize::new(threads).unwrap());
        gate.read(&reader, || {
            times.set(times.get() + 1);
            let _ = Database::open(&reader, &path, KIND).unwrap();
            Profile::new(ClientName("fragile"), PathBuf::new())
        });
        times.get()
    }

    #[test]
    fn where_a_database_fails_beside_others_it_is_read_alone() {
        let broken = [MAGIC.as_slice(), &[0xff; 1000]].concat();
        assert_eq!((times_read(&broken, 1), times_read(&broken, 2)), (1, 2));
        assert_eq!((times_read(b"no database", 1), times_read(b"no database", 2)), (1, 1));
    }

    #[test]
    fn what_the_program_fails_on_hides_nothing_else() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let failed = |names: &[&str]| names.iter().map(|name| ((*name).to_owned(), true)).collect::<Vec<_>>();
        assert_eq!(read(&["a", "b"]), (names(&["0", "1"]), failed(&[])));
        assert_eq!(read(&["a", "bad hunter2", "c", "bad"]), (names(&["0", "2"]), failed(&["1", "3"])));
        assert_eq!(read(&["odd", "a", "odd"]), (names(&[]), failed(&["0", "1", "2"])));
        assert_eq!(read(&["odd", "bad", "odd"]), (names(&[]), failed(&["1", "0", "2"])));
    }
}
