//! Putting a new file into the place of another, so that at every moment one of the two stands there as a whole.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};

use rustix::fs::{OFlags, RenameFlags, Stat};
use rustix::io::Errno;
use zeroize::Zeroizing;

use super::attributes;
use super::spot::{Identity, Spot};
use super::trouble::{FileError, FileTrouble};

/// The names that one file has while it is being replaced or deleted. None can be taken for anybody else's.
#[derive(Clone, Debug)]
pub(super) struct Names {
    /// The new file, while it is being written.
    pub part: Spot,
    /// The new file, complete; and for a moment the old one, after they have changed places, or it was taken out.
    pub new: Spot,
    /// A file that was taken out, checked to be the old one, and is being overwritten and deleted.
    pub old: Spot,
}

impl Names {
    /// The names that a repair uses for its file of that number.
    pub(super) fn beside(spot: &Spot, stem: &str) -> Self {
        let name = |end: &str| spot.sibling(format!("{stem}.{end}"));
        Self { part: name("part"), new: name("new"), old: name("old") }
    }

    /// Gives up what was taken out and is what it was to be. Under a name of its own: what is half overwritten must not
    /// be taken for anything else.
    pub(super) fn give_up_taken_out(&self, forgets: bool) -> Result<(), FileError> {
        self.new.rename(&self.old)?;
        give_up(&self.old, forgets)
    }
}

/// What is to stand in the place of what.
pub(super) struct Replacement<'a> {
    /// What stands there.
    pub old: &'a [u8],
    /// What is to stand there.
    pub new: &'a [u8],
    /// The permission bits before and after, where they change.
    pub mode: Option<(u32, u32)>,
    /// Whether what stands there is to be overwritten before it is given up.
    pub forgets: bool,
}

/// The old file, open and checked.
pub(super) struct Planned {
    pub file: File,
    pub stat: Stat,
}

impl Replacement<'_> {
    /// Checks that the file is as it was when the repair was planned.
    pub(super) fn check(&self, spot: &Spot) -> Result<Planned, FileError> {
        let (mut file, stat) = spot.open(OFlags::RDONLY)?;
        check_mode(&stat, self.mode, spot)?;
        if content(&mut file, self.old.len(), spot)?.as_slice() != self.old {
            return Err(spot.error(FileTrouble::Changed));
        }
        if stat.st_nlink != 1 {
            return Err(spot.error(FileTrouble::HardLinked(stat.st_nlink as _)));
        }
        Ok(Planned { file, stat })
    }

    /// Replaces the file.
    pub(super) fn make(&self, spot: &Spot, names: &Names) -> Result<(), FileError> {
        self.make_with(spot, names, Spot::rename_with)
    }

    fn make_with(&self, spot: &Spot, names: &Names, exchange: Exchange) -> Result<(), FileError> {
        let planned = self.check(spot)?;
        self.prepare(spot, names, &planned).and_then(|()| self.exchange(spot, names, &planned, exchange))
    }

    /// Writes the new file, with everything that belongs to it, beside the old one.
    fn prepare(&self, spot: &Spot, names: &Names, planned: &Planned) -> Result<(), FileError> {
        let mut file = names.part.create().map_err(|error| FileError::new(spot.path(), error.trouble))?;
        let written = (|| {
            let io = |error: std::io::Error| spot.error(FileTrouble::of_io("write a file beside it", &error));
            file.write_all(self.new).map_err(io)?;
            attributes::copy(&planned.file, &planned.stat, &file, self.mode.map(|(_, new)| new), spot)?;
            file.sync_all().map_err(io)?;
            names.part.rename(&names.new).map_err(|error| FileError::new(spot.path(), error.trouble))
        })();
        if written.is_err() {
            let _ = names.part.unlink();
        }
        written
    }

    fn exchange(&self, spot: &Spot, names: &Names, planned: &Planned, exchange: Exchange) -> Result<(), FileError> {
        match exchange(&names.new, spot, RenameFlags::EXCHANGE) {
            Ok(()) => {}
            Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => return self.rename(spot, names, planned),
            Err(error) => {
                let error = spot.denied("replace it", error);
                let _ = names.new.unlink();
                return Err(error);
            }
        }
        if self.is_planned(&names.new, planned) {
            let _ = spot.sync_folder();
            return names.give_up_taken_out(self.forgets);
        }
        put_back(spot, names, exchange);
        Err(spot.error(FileTrouble::Changed))
    }

    /// For file systems that cannot exchange two files: looks a last time, and replaces.
    fn rename(&self, spot: &Spot, names: &Names, planned: &Planned) -> Result<(), FileError> {
        if !self.is_planned(spot, planned) {
            let _ = names.new.unlink();
            return Err(spot.error(FileTrouble::Changed));
        }
        let old = spot.open(OFlags::WRONLY).ok().map(|(file, _)| file);
        if let Err(error) = names.new.rename_over(spot) {
            let _ = names.new.unlink();
            return Err(error);
        }
        let has_no_name = |file: &File| rustix::fs::fstat(file).is_ok_and(|stat| stat.st_nlink == 0);
        if let Some(old) = old.filter(|old| self.forgets && has_no_name(old)) {
            overwrite(old, &planned.stat);
        }
        spot.sync_folder()
    }

    /// Whether what stands there is what was checked before, unchanged.
    fn is_planned(&self, at: &Spot, planned: &Planned) -> bool {
        let Ok((mut file, stat)) = at.open(OFlags::RDONLY) else { return false };
        Identity::of(&stat) == Identity::of(&planned.stat)
            && (stat.st_mode, stat.st_nlink) == (planned.stat.st_mode, planned.stat.st_nlink)
            && content(&mut file, self.old.len(), at).is_ok_and(|bytes| bytes.as_slice() == self.old)
    }
}

/// How two files change places.
type Exchange = fn(&Spot, &Spot, RenameFlags) -> Result<(), Errno>;

/// Puts back what stood there and was not what was planned.
///
/// Whoever put it there may put yet another thing there meanwhile; that then stays.
pub(super) fn put_back(spot: &Spot, names: &Names, exchange: Exchange) {
    let own = spot.stat().ok().map(|stat| Identity::of(&stat));
    if exchange(&names.new, spot, RenameFlags::EXCHANGE).is_err() {
        // Nothing may be lost: what was taken out stays beside.
        return;
    }
    if names.new.stat().ok().map(|stat| Identity::of(&stat)) != own {
        let _ = exchange(&names.new, spot, RenameFlags::EXCHANGE);
    }
    let _ = names.new.unlink();
    let _ = spot.sync_folder();
}

/// Checks that permission bits are as planned.
pub(super) fn check_mode(stat: &Stat, mode: Option<(u32, u32)>, spot: &Spot) -> Result<(), FileError> {
    if mode.is_some_and(|(old, _)| stat.st_mode & 0o777 != old & 0o777) {
        return Err(spot.error(FileTrouble::Changed));
    }
    Ok(())
}

/// What a file holds; no more than one byte more than wanted.
pub(super) fn content(file: &mut File, most: usize, spot: &Spot) -> Result<Zeroizing<Vec<u8>>, FileError> {
    let wrong = |error: std::io::Error| spot.error(FileTrouble::of_io("read it", &error));
    let size = file.metadata().map_err(wrong)?.len();
    // Never moved: that would leave a copy of a secret behind.
    let capacity = usize::try_from(size).unwrap_or(usize::MAX).min(most).saturating_add(64);
    let mut bytes = Zeroizing::new(Vec::with_capacity(capacity));
    file.seek(SeekFrom::Start(0)).map_err(wrong)?;
    file.take((most as u64).saturating_add(1)).read_to_end(&mut bytes).map_err(wrong)?;
    Ok(bytes)
}

/// Deletes a file that nobody needs any more; its content is overwritten before, if nobody else has it.
///
/// That is the best that can be done from here: what a journaling file system, a snapshot or a solid-state disk keeps
/// elsewhere is out of reach.
pub(super) fn give_up(spot: &Spot, forgets: bool) -> Result<(), FileError> {
    if forgets
        && let Ok((file, stat)) = writable(spot)
        && stat.st_nlink == 1
    {
        overwrite(file, &stat);
    }
    spot.unlink()?;
    spot.sync_folder()
}

/// Opens a file that is to be given up for writing, whatever its permissions.
fn writable(spot: &Spot) -> Result<(File, Stat), FileError> {
    spot.open(OFlags::WRONLY).or_else(|_| {
        let (file, stat) = spot.open(OFlags::RDONLY)?;
        if stat.st_nlink == 1 {
            attributes::set_mode(&file, 0o600, spot)?;
        }
        spot.open(OFlags::WRONLY)
    })
}

/// Writes zeros over a file, as well as it can be done.
pub(super) fn overwrite(mut file: File, stat: &Stat) {
    const ZEROS: [u8; 4096] = [0; 4096];
    let mut left = u64::try_from(stat.st_size).unwrap_or_default();
    while left > 0 {
        let count = usize::try_from(left).unwrap_or(usize::MAX).min(ZEROS.len());
        if file.write_all(ZEROS.get(..count).unwrap_or_default()).is_err() {
            break;
        }
        left -= count as u64;
    }
    let _ = file.sync_all();
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    const REPLACEMENT: Replacement<'_> = Replacement { old: b"old", new: b"new", mode: None, forgets: true };

    fn set_up(folder: &Path) -> (Spot, Names) {
        let path = fs::canonicalize(folder).unwrap().join("file");
        fs::write(&path, "old").unwrap();
        let spot = Spot::hold(&path).unwrap();
        let names = Names::beside(&spot, ".stem");
        (spot, names)
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// A file system that cannot exchange two files.
    fn cannot(_: &Spot, _: &Spot, _: RenameFlags) -> Result<(), Errno> {
        Err(Errno::INVAL)
    }

    #[test]
    fn files_are_replaced_where_they_cannot_be_exchanged() {
        let folder = tempfile::tempdir().unwrap();
        let (spot, beside) = set_up(folder.path());
        let mut old = fs::File::open(spot.path()).unwrap();
        REPLACEMENT.make_with(&spot, &beside, cannot).unwrap();
        assert_eq!(
            (fs::read_to_string(spot.path()).unwrap(), names(folder.path())),
            ("new".into(), vec!["file".into()])
        );
        // What stood there is overwritten.
        let mut left = String::new();
        old.read_to_string(&mut left).unwrap();
        assert_eq!(left, "\0\0\0");
    }

    /// Somebody saves the file between the last look at it and the exchange.
    fn saved_before(new: &Spot, spot: &Spot, flags: RenameFlags) -> Result<(), Errno> {
        if fs::read(spot.path()).unwrap() == b"old" {
            fs::write(spot.path().with_extension("saved"), "saved").unwrap();
            fs::rename(spot.path().with_extension("saved"), spot.path()).unwrap();
        }
        new.rename_with(spot, flags)
    }

    /// The same in the place, without a new file.
    fn written_before(new: &Spot, spot: &Spot, flags: RenameFlags) -> Result<(), Errno> {
        if fs::read(spot.path()).unwrap() == b"old" {
            fs::write(spot.path(), "saved").unwrap();
        }
        new.rename_with(spot, flags)
    }

    /// Somebody saves the file before the exchange, and another time before it is taken back.
    fn saved_twice(new: &Spot, spot: &Spot, flags: RenameFlags) -> Result<(), Errno> {
        let content = fs::read(spot.path()).unwrap();
        if content == b"old" || content == b"new" {
            let (text, name) =
                (if content == b"old" { "between" } else { "saved" }, spot.path().with_extension("saved"));
            fs::write(&name, text).unwrap();
            fs::rename(name, spot.path()).unwrap();
        }
        new.rename_with(spot, flags)
    }

    /// Somebody saves the file where files cannot be exchanged.
    fn saved_and_cannot(_: &Spot, spot: &Spot, _: RenameFlags) -> Result<(), Errno> {
        fs::write(spot.path(), "saved").unwrap();
        Err(Errno::INVAL)
    }

    #[test]
    fn what_somebody_saves_at_the_last_moment_is_not_lost() {
        for exchange in [saved_before as Exchange, written_before, saved_twice, saved_and_cannot] {
            let folder = tempfile::tempdir().unwrap();
            let (spot, beside) = set_up(folder.path());
            let error = REPLACEMENT.make_with(&spot, &beside, exchange).unwrap_err();
            assert!(matches!(error.trouble, FileTrouble::Changed));
            assert_eq!(fs::read_to_string(spot.path()).unwrap(), "saved");
            assert_eq!(names(folder.path()), ["file"]);
        }
    }
}
