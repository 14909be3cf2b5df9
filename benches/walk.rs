//! What `benches/walk.sh` needs: a tree like a home of many years, and the peers that are no program of their own.
//!
//! ```text
//! walk make FOLDER [FILES]    makes the tree, a tenth as many folders as files
//! walk homes FOLDER COUNT     makes so many homes below FOLDER/home, and the user database that names them
//! walk home FOLDER            makes one home with a profile of each client
//! walk bare FOLDER THREADS    opens every folder and asks the kernel for its entries, and nothing else: the limit
//! walk walkdir FOLDER         the crate walkdir, looking at the kind of every entry
//! ```
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::print_stdout, clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::env;
use std::ffi::CString;
use std::fs;
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

use rustix::fs::{FileType, Mode, OFlags, RawDir, openat};

fn main() {
    let arguments: Vec<String> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["make", folder] => Maker::make(Path::new(folder), 1_000_000),
        ["make", folder, files] => Maker::make(Path::new(folder), files.parse().unwrap()),
        ["homes", folder, count] => make_homes(Path::new(folder), count.parse().unwrap()),
        ["home", folder] => fill_home(Path::new(folder), |_| true),
        ["bare", folder, threads] => println!("{} entries", bare(folder, threads.parse().unwrap())),
        ["walkdir", folder] => println!("{} entries", with_walkdir(folder)),
        _ => println!("benches/walk.sh runs this"),
    }
}

/// Homes with a profile of Pidgin and one of Profanity each.
fn make_homes(root: &Path, count: usize) {
    let mut users = String::new();
    for number in 0..count {
        let user = format!("user{number:05}");
        users.push_str(&format!("{user}:x:{0}:{0}::/home/{user}:/bin/sh\n", 1000 + number));
        fill_home(&root.join("home").join(user), |path| path.contains("purple") || path.contains("profanity"));
    }
    fs::create_dir_all(root.join("etc")).unwrap();
    fs::write(root.join("etc/passwd"), users).unwrap();
}

/// Puts files of clients into a home where they belong.
fn fill_home(home: &Path, is_wanted: impl Fn(&str) -> bool) {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    for (fixture, path) in PROFILES.iter().filter(|(_, path)| !path.starts_with(".gajim/") && is_wanted(path)) {
        let path = home.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::copy(fixtures.join(fixture), path).unwrap();
    }
}

fn with_walkdir(folder: &str) -> usize {
    walkdir::WalkDir::new(folder).into_iter().filter(|entry| !entry.as_ref().unwrap().path_is_symlink()).count()
}

/// Folders that are still to be opened, each by the folder that it lies in.
type Pending = Vec<(Arc<OwnedFd>, CString)>;

/// What threads without work wait for.
struct Shared {
    pending: Mutex<(Pending, usize)>,
    change: Condvar,
    hungry: AtomicUsize,
}

fn bare(folder: &str, threads: usize) -> usize {
    let start = (Arc::new(open(rustix::fs::CWD, &CString::new(".").unwrap())), CString::new(folder).unwrap());
    let shared =
        Shared { pending: Mutex::new((vec![start], threads)), change: Condvar::new(), hungry: AtomicUsize::new(0) };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(|| work(&shared))).collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).sum()
    })
}

fn work(shared: &Shared) -> usize {
    let mut buffer = vec![MaybeUninit::uninit(); 64 << 10];
    let mut entries = 0;
    let mut own = Pending::new();
    while let Some((above, name)) = own.pop().or_else(|| wait(shared, &mut own)) {
        let folder = Arc::new(open(&*above, &name));
        drop(above);
        let mut listing = RawDir::new(&*folder, &mut buffer);
        while let Some(entry) = listing.next() {
            let entry = entry.unwrap();
            let name = entry.file_name();
            if entry.file_type() != FileType::Directory {
                entries += 1;
            } else if name != c"." && name != c".." {
                entries += 1;
                own.push((Arc::clone(&folder), name.to_owned()));
            }
        }
        if own.len() > 1 && shared.hungry.load(Ordering::Relaxed) > 0 {
            let half = own.len() / 2;
            shared.pending.lock().unwrap().0.extend(own.drain(..half));
            shared.change.notify_one();
        }
    }
    entries
}

fn wait(shared: &Shared, own: &mut Pending) -> Option<(Arc<OwnedFd>, CString)> {
    let mut pending = shared.pending.lock().unwrap();
    pending.1 -= 1;
    shared.hungry.fetch_add(1, Ordering::Relaxed);
    while pending.0.is_empty() && pending.1 > 0 {
        pending = shared.change.wait(pending).unwrap();
    }
    shared.hungry.fetch_sub(1, Ordering::Relaxed);
    pending.1 += 1;
    own.append(&mut pending.0);
    if own.is_empty() {
        pending.1 -= 1;
        shared.change.notify_all();
    }
    own.pop()
}

fn open(above: impl std::os::fd::AsFd, name: &CString) -> OwnedFd {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
    openat(above, name, flags, Mode::empty()).unwrap()
}

/// Makes the tree.
struct Maker {
    files: usize,
    folders: usize,
    /// The state of a generator of numbers that are the same on every run (xorshift).
    state: u64,
    made: BTreeSet<PathBuf>,
}

/// Endings of the names of files, the more frequent ones several times. The last line has what clients’ files are
/// called as well, about as often as homes do.
const ENDINGS: &[&str] = &[
    ".js", ".js", ".js", ".js", ".ts", ".ts", ".d.ts", ".map", ".map", ".json", ".json", ".md", ".md", ".css",
    ".html", ".py", ".py", ".pyc", ".c", ".h", ".h", ".o", ".rs", ".rs", ".go", ".java", ".class", ".txt", ".png",
    ".svg", "", ".js", ".js", ".js", ".js", ".ts", ".ts", ".d.ts", ".map", ".map", ".json", ".json", ".md", ".md",
    ".css", ".html", ".py", ".py", ".pyc", ".c", ".h", ".h", ".o", ".rs", ".rs", ".go", ".java", ".class", ".txt",
    ".png", ".svg", "", ".js", ".js", ".js", ".js", ".ts", ".ts", ".d.ts", ".map", ".map", ".json", ".json", ".md",
    ".md", ".css", ".html", ".py", ".py", ".pyc", ".c", ".h", ".h", ".o", ".rs", ".rs", ".go", ".java", ".class",
    ".txt", ".png", ".svg", "", ".xml", ".yml", ".xml", ".lock", ".log", ".ini", ".toml", ".sh", ".ico", ".woff",
];

/// Names of files that are worth a look and turn out to be somebody else’s.
const STRANGERS: &[(&str, &str)] = &[
    ("config", "[core]\n\tbare = false\n"),
    ("accounts.xml", "<accounts><account id='1'/></accounts>\n"),
    ("settings.conf", "[main]\nkey = value\n"),
    ("app.desktop", "[Desktop Entry]\nName=Application\n"),
    ("notes.bak", "some notes\n"),
    ("cache.db", "SQLite format 3\0"),
    (".profile", "export EDITOR=vi\n"),
    ("default.nix", "{ pkgs }: pkgs.hello\n"),
];

const WORDS: &[&str] = &[
    "index",
    "main",
    "util",
    "core",
    "test",
    "parser",
    "render",
    "model",
    "view",
    "client",
    "server",
    "common",
    "loader",
    "address",
    "types",
    "helpers",
    "stream",
    "buffer",
    "error",
    "build",
    "page",
    "constants",
    "vendor",
    "plugin",
    "theme",
    "locale",
    "worker",
    "schema",
    "query",
    "router",
    "store",
    "hooks",
];

impl Maker {
    fn make(root: &Path, files: usize) {
        let mut maker = Self { files, folders: files / 10, state: 0x9e37_79b9_7f4a_7c15, made: BTreeSet::new() };
        fs::create_dir_all(root).unwrap();
        maker.profiles(root);
        let mut number = 0;
        while maker.files > 0 {
            // A tenth as many folders as files, all in all: where folders run short, many files go into one.
            if maker.folders * 10 < maker.files || maker.folders < 100 {
                match number % 4 {
                    0 => maker.fill(&root.join(format!("Mail/list-{number}/cur")), 1500, ":2,S"),
                    1 => maker.fill(&root.join(format!("Pictures/{}/{}", 2000 + number % 25, number)), 250, ".jpg"),
                    2 => {
                        maker.fill(&root.join(format!(".cache/mozilla/firefox/p{number}/cache2/entries")), 2500, "")
                    }
                    _ => maker.fill(&root.join(format!(".cache/thumbnails/large-{number}")), 1200, ".png"),
                }
            } else {
                match number % 5 {
                    0 | 3 => maker.packages(&root.join(format!("src/web-{number}/node_modules"))),
                    1 => maker.repository(&root.join(format!("src/project-{number}"))),
                    2 => maker.settings(root, number),
                    _ => maker.packages(&root.join(format!(".cargo/registry/src/index-{}", number % 3))),
                }
            }
            number += 1;
        }
        println!("made {files} files; {} folders were not needed", maker.folders);
    }

    fn random(&mut self, below: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        usize::try_from(self.state >> 33).unwrap() % below.max(1)
    }

    /// A name. About as many as on a machine of a developer have in them what clients’ names have, too.
    fn name(&mut self) -> String {
        let word = match self.random(1000) {
            0 => "account-service",
            1 | 2 => "profile-page",
            3..10 => "config-loader",
            _ => WORDS[self.random(WORDS.len())],
        };
        format!("{word}-{:x}", self.random(1 << 24))
    }

    /// Makes a folder and those above it, as long as there are any to be made.
    fn folder(&mut self, path: &Path) -> bool {
        let missing: Vec<&Path> = path.ancestors().take_while(|above| !self.made.contains(*above)).collect();
        if missing.len() > self.folders || self.files == 0 {
            return false;
        }
        let mut count = 0;
        for path in missing.into_iter().rev() {
            count += usize::from(fs::create_dir(path).is_ok());
            self.made.insert(path.to_owned());
        }
        self.folders -= count;
        true
    }

    fn file(&mut self, folder: &Path, name: &str, content: &str) {
        if self.files > 0 && fs::write(folder.join(name), content).is_ok() {
            self.files -= 1;
        }
    }

    fn fill(&mut self, folder: &Path, count: usize, ending: &str) {
        if !self.folder(folder) {
            return;
        }
        for _ in 0..count {
            let name = self.name() + ending;
            self.file(folder, &name, "");
        }
    }

    fn sources(&mut self, folder: &Path) {
        if !self.folder(folder) {
            return;
        }
        for _ in 0..self.random(18) {
            let name = self.name() + ENDINGS[self.random(ENDINGS.len())];
            self.file(folder, &name, "");
        }
        if self.random(40) == 0 {
            let (name, content) = STRANGERS[self.random(STRANGERS.len())];
            self.file(folder, name, content);
        }
    }

    /// Packages that somebody else has written, each with some folders, some of them with packages of their own.
    fn packages(&mut self, folder: &Path) {
        for _ in 0..60 {
            let mut package = folder.join(self.name());
            if self.random(5) == 0 {
                package = package.join("node_modules").join(self.name());
            }
            self.sources(&package);
            for part in ["lib", "dist", "src/internal", "test"].iter().take(self.random(5)) {
                self.sources(&package.join(part));
            }
        }
    }

    /// Sources in a git repository, with its objects.
    fn repository(&mut self, folder: &Path) {
        for number in 0..256 {
            let objects = folder.join(format!(".git/objects/{number:02x}"));
            if self.folder(&objects) {
                for _ in 0..self.random(8) {
                    let name = format!("{:038x}", self.random(usize::MAX));
                    self.file(&objects, &name, "");
                }
            }
        }
        self.file(&folder.join(".git"), "config", "[core]\n\tbare = false\n");
        for _ in 0..40 {
            let mut below = folder.to_owned();
            for _ in 0..=self.random(6) {
                below.push(WORDS[self.random(WORDS.len())]);
            }
            self.sources(&below);
        }
    }

    /// What desktop applications keep.
    fn settings(&mut self, root: &Path, number: usize) {
        for base in [".config", ".local/share", ".var/app", "Documents"] {
            for _ in 0..8 {
                let application = root.join(base).join(format!("{}-{number}", WORDS[self.random(WORDS.len())]));
                self.sources(&application);
                for _ in 0..self.random(4) {
                    let below = application.join(WORDS[self.random(WORDS.len())]);
                    self.sources(&below);
                }
            }
        }
    }

    /// Forty profiles: five in the home itself and in each of seven old homes.
    fn profiles(&mut self, root: &Path) {
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
        let homes = (1..8).map(|number| root.join(format!("backup/old-{number}/home/alice")));
        for home in std::iter::once(root.to_owned()).chain(homes) {
            for (fixture, path) in PROFILES {
                let path = home.join(path);
                self.folder(path.parent().unwrap());
                fs::copy(fixtures.join(fixture), path).unwrap();
                self.files -= 1;
            }
        }
    }
}

const PROFILES: &[(&str, &str)] = &[
    ("pidgin/samples/accounts-gui-two-accounts-opportunistic-tor.xml", ".purple/accounts.xml"),
    ("pidgin/samples/blist-written-by-client.xml", ".purple/blist.xml"),
    ("pidgin/samples/prefs-defaults.xml", ".purple/prefs.xml"),
    ("pidgin/samples/status.xml", ".purple/status.xml"),
    ("gajim/samples/1.7-many-problems.sqlite", ".config/gajim/settings.sqlite"),
    ("gajim/samples/text-0.16.3.config", ".gajim/config"),
    ("dino/samples/v26-dino-0.4-observed-wal/dino.db", ".local/share/dino/dino.db"),
    ("dino/samples/v26-dino-0.4-observed-wal/dino.db-wal", ".local/share/dino/dino.db-wal"),
    ("profanity/samples/accounts-0.13.1-insecure", ".local/share/profanity/accounts"),
    ("profanity/samples/profrc-0.13.1-many-settings", ".config/profanity/profrc"),
    ("profanity/samples/tlscerts-0.13.1-after-tls-always", ".local/share/profanity/tlscerts"),
];
