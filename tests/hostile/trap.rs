//! What a trap is, and what must be said about it.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// Something in a home that was put there to harm whoever audits it.
pub struct Trap {
    /// The home that it lies in, below the folder of all.
    pub home: &'static str,
    /// What it is, in a line.
    pub about: &'static str,
    /// Puts it there.
    pub make: fn(&Home),
    /// What must be said about it: any of these.
    pub told: &'static [Told],
}

/// What is said about a trap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// Something was not looked at, or not in full; these words are in the reason.
    Notice(&'static str),
    /// A rule finds something.
    Finding(&'static str),
    /// Nothing: it hides nothing, or nobody comes by it.
    Nothing,
    /// Nobody says anything who walks by: only at a known place it is missed.
    NothingInWalk,
    /// Nobody comes by it who looks at known places only.
    NothingAtKnownPlaces,
}

/// The home of a trap.
pub struct Home(pub PathBuf);

impl Home {
    /// A path in it; the folders on the way are made.
    pub fn at(&self, path: &str) -> PathBuf {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        path
    }

    /// Writes a file.
    pub fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        fs::write(self.at(path), content).unwrap();
    }

    /// Writes a file of `size` bytes: a beginning, as many `part`s as fit, and an end.
    pub fn fill(&self, path: &str, size: usize, [begin, end]: [&str; 2], part: impl Fn(usize) -> String) {
        let mut file = BufWriter::new(File::create(self.at(path)).unwrap());
        file.write_all(begin.as_bytes()).unwrap();
        let mut left = size - begin.len() - end.len();
        for number in 0.. {
            let part = part(number);
            let Some(less) = left.checked_sub(part.len()) else { break };
            left = less;
            file.write_all(part.as_bytes()).unwrap();
        }
        file.write_all(end.as_bytes()).unwrap();
        file.flush().unwrap();
    }

    /// Makes a file of that size that takes no room on the disk.
    pub fn sparse(&self, path: &str, begin: &[u8], size: u64) {
        let mut file = File::create(self.at(path)).unwrap();
        file.write_all(begin).unwrap();
        file.set_len(size).unwrap();
    }
}

/// Where the clients keep their files.
pub const PURPLE: &str = ".purple/accounts.xml";
pub const BUDDIES: &str = ".purple/blist.xml";
pub const PREFERENCES: &str = ".purple/prefs.xml";
pub const PROFANITY: &str = ".local/share/profanity/accounts";
pub const PROFRC: &str = ".config/profanity/profrc";
pub const GAJIM: &str = ".config/gajim/settings.sqlite";
pub const GAJIM_TEXT: &str = ".config/gajim/config";
pub const DINO: &str = ".local/share/dino/dino.db";

/// A file of Profanity's in which something is wrong.
pub const WEAK: &str = "[alice@example.org]\nenabled=true\njid=alice@example.org\ntls.policy=allow\n";

/// A text of Pidgin's with an account in which something is wrong, and `more` in it.
pub fn weak_account(more: &str) -> String {
    format!(
        "<account version='1.0'>{more}<account><protocol>prpl-jabber</protocol><name>alice@example.org/</name>\
         <settings><setting name='connection_security' type='string'>opportunistic_tls</setting></settings></account>\
         </account>"
    )
}

/// Just below the longest text that is read, and the longest list of contacts.
pub const TEXT: usize = 1 << 20;
pub const LONG_TEXT: usize = 4 << 20;
/// Far above.
pub const HUGE: usize = 64 << 20;

/// Whether the path is one of a folder.
pub fn lies_in(path: &str, folder: &Path) -> bool {
    let folder = folder.to_str().unwrap();
    path == folder || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}
