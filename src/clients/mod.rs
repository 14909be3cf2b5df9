//! What each client reads, where it reads it, and what it will do: one folder a client.

pub mod dino;
pub(crate) mod dotfiles;
pub mod gajim;
pub mod pidgin;
pub mod profanity;
pub mod startup;

use std::path::{Path, PathBuf};

use crate::model::{ClientName, ClientVersion, Edit, FileKind, Profile, Unrepairable, Wish};
use crate::source::Reader;

/// Every client, in the order in which they are listed.
pub const CLIENTS: [&dyn Client; 5] =
    [&pidgin::Pidgin, &gajim::Gajim, &dino::Dino, &profanity::Profanity, &startup::Startup];

/// The client of that name.
#[must_use]
pub fn by_name(name: &str) -> Option<&'static dyn Client> {
    CLIENTS.into_iter().find(|client| client.name().0 == name)
}

/// A chat client: which files are its own, and what it makes of them.
pub trait Client: Sync {
    /// Its name, as on the command line.
    fn name(&self) -> ClientName;

    /// Its name, as people write it.
    fn title(&self) -> &'static str;

    /// What distributions call it.
    fn packages(&self) -> Packages {
        Packages::default()
    }

    /// Where its files lie in a home directory.
    fn known_places(&self) -> &'static [KnownPlace];

    /// Whether a file of that name is worth opening to see whether it is one of this client's. Asked for
    /// every file of a walk, so it must be quick and may be generous.
    fn may_be_named(&self, name: &[u8]) -> bool;

    /// Pieces of names: what has none of them in it, in whatever case, is no file of this client's by its name. A walk
    /// looks for all of them at once, and asks [`Self::may_be_named`] only where it finds one.
    fn name_parts(&self) -> &'static [&'static str];

    /// What the file at `path` is to this client, judged by its path and its first bytes (at most
    /// [`HEAD`] of them). A stranger's file of the same name is none; a damaged file at a path that can
    /// be nobody else's is one.
    fn recognise(&self, path: &Path, head: &[u8]) -> Option<FileKind>;

    /// What tells that it is running, and with which files.
    fn signs(&self) -> Signs {
        Signs::default()
    }

    /// Where stores of private keys lie that are looked for only beside its other files. Those out of a repository's
    /// history come one by one.
    fn key_stores(&self) -> &'static [KnownPlace] {
        &[]
    }

    /// Files with the same key are read together, as one profile.
    fn profile_key(&self, found: &Found) -> PathBuf;

    /// Reads the files of one profile as the client does. Never fails: what could not be read is in the
    /// profile's notices, what was read in part is judged as far as the client would honour it.
    ///
    /// `assumed` is the version that the client is believed to have, where its files do not tell.
    fn read_as(&self, found: &[Found], reader: &Reader, assumed: Option<&ClientVersion>) -> Profile;

    /// The same where nothing is known about the version but what the files tell.
    fn read(&self, found: &[Found], reader: &Reader) -> Profile {
        self.read_as(found, reader, None)
    }

    /// The edits that bring about what is wanted of a profile that [`Self::read_as`] has read with this reader. No
    /// edits where it is so already. Spans are those of the files as they were read.
    ///
    /// # Errors
    /// Says why it cannot be done.
    fn write(&self, profile: &Profile, reader: &Reader, wish: &Wish) -> Result<Vec<Edit>, Unrepairable> {
        let _ = (profile, reader, wish);
        Err(Unrepairable::Unwritten)
    }
}

/// What distributions call a client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Packages {
    /// Names of packages whose version is the client's.
    pub names: &'static [&'static str],
    /// Ids of Flatpak applications.
    pub flatpaks: &'static [&'static str],
}

/// What tells that a client is running, and with which files. A client without any is no program.
#[derive(Clone, Copy, Debug, Default)]
pub struct Signs {
    /// What its processes are called, or the files of its programs, in lower case.
    pub processes: &'static [&'static str],
    /// What it keeps open as long as it runs: paths from a folder with files of its own, `../` in front for the folders
    /// above. One `*` in a part stands for any characters.
    pub kept_open: &'static [&'static str],
    /// Whether the journals of databases that it keeps open are gone when it has been quit.
    pub removes_journals: bool,
    /// Options that name a folder for its files in place of the usual ones.
    pub folder_options: &'static [&'static str],
    /// Options that name one file that it reads besides those in the usual places.
    pub file_options: &'static [&'static str],
    /// How several profiles in the same folder are told apart.
    pub profiles: Option<NamedProfiles>,
}

/// Profiles in the same folder that are told apart by a name.
#[derive(Clone, Copy, Debug)]
pub struct NamedProfiles {
    /// Options that name the profile; without them it is the one with the empty name.
    pub options: &'static [&'static str],
    /// The profile that a file belongs to, by the file's name; none for files that do not tell.
    pub of_file: fn(&str) -> Option<String>,
}

/// How many bytes of a file [`Client::recognise`] is shown at most.
pub const HEAD: usize = 8192;

/// A file that was found to be a client's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Where it is.
    pub path: PathBuf,
    /// What it is to its client.
    pub kind: FileKind,
    /// The home directory in whose XDG folders it was found, where it was. Such files belong together even
    /// if the XDG variables lead them to different places.
    pub home: Option<PathBuf>,
}

/// A place in a home directory where a client keeps a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownPlace {
    /// Where the path begins.
    pub base: Base,
    /// The path below it, `/` between its parts; a `*` stands for any characters within one part.
    pub path: &'static str,
    /// What the file is to the client.
    pub kind: FileKind,
}

impl KnownPlace {
    /// A file at `path` below `base`.
    #[must_use]
    pub const fn new(base: Base, path: &'static str, kind: FileKind) -> Self {
        Self { base, path, kind }
    }
}

/// Where the path of a known place begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Base {
    /// The home directory.
    Home,
    /// `$XDG_CONFIG_HOME`, by default `~/.config`.
    Config,
    /// `$XDG_DATA_HOME`, by default `~/.local/share`.
    Data,
    /// `$XDG_CACHE_HOME`, by default `~/.cache`.
    Cache,
}
