//! Things that are no files, links that lead elsewhere, and what may not be read.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, lchown, symlink};
use std::path::Path;

use rustix::fs::{CWD, FileType, Mode, OFlags, mkdirat, mknodat, openat};

use super::trap::Told::{Finding, Nothing, NothingAtKnownPlaces, NothingInWalk, Notice};
use super::trap::{DINO, GAJIM, GAJIM_TEXT, Home, PREFERENCES, PROFANITY, PROFRC, PURPLE, Trap, WEAK};

const NO_FILE: super::trap::Told = Notice("not a regular file");
/// A walk looks at files and at links that may lead to one.
const NO_FILE_AT_ITS_PLACE: &[super::trap::Told] = &[NO_FILE];

/// What lies in a folder of `trap` that nobody else can see, as a password.
pub const CANARY: &str = "hunter2-of-somebody-else";

/// How many folders lie inside one another.
pub const DEPTH: usize = 10_000;

pub const TRAPS: &[Trap] = &[
    Trap {
        home: "fifo-accounts",
        about: "a FIFO in the place of Pidgin’s accounts",
        make: |home| node(home, PURPLE, FileType::Fifo),
        told: NO_FILE_AT_ITS_PLACE,
    },
    Trap {
        home: "fifo-database",
        about: "a FIFO in the place of Dino’s database",
        make: |home| node(home, DINO, FileType::Fifo),
        told: NO_FILE_AT_ITS_PLACE,
    },
    Trap {
        home: "fifo-shell",
        about: "a FIFO in the place of a shell’s start-up file, which people use to switch it off",
        make: |home| node(home, ".profile", FileType::Fifo),
        told: &[Nothing],
    },
    Trap {
        home: "fifo-log",
        about: "a FIFO in the place of a database’s write-ahead log",
        make: fifo_log,
        told: &[NO_FILE],
    },
    Trap {
        home: "fifo-journal",
        about: "a FIFO in the place of a database’s rollback journal",
        make: fifo_journal,
        told: &[Finding("password-stored")],
    },
    Trap {
        home: "fifo-plugin",
        about: "FIFOs among the plugins and the accepted certificates",
        make: fifos_beside,
        told: &[Finding("encryption-optional")],
    },
    Trap {
        home: "socket",
        about: "a socket in the place of Gajim’s settings",
        make: |home| node(home, GAJIM, FileType::Socket),
        told: NO_FILE_AT_ITS_PLACE,
    },
    Trap {
        home: "zero",
        about: "a link to /dev/zero, which never ends",
        make: |home| link(home, PROFANITY, "/dev/zero"),
        told: NO_FILE_AT_ITS_PLACE,
    },
    Trap {
        home: "tty",
        about: "a link to the terminal",
        make: |home| link(home, PREFERENCES, "/dev/tty"),
        told: NO_FILE_AT_ITS_PLACE,
    },
    Trap {
        home: "memory",
        about: "a link to the memory of whoever reads it",
        make: |home| link(home, GAJIM_TEXT, "/proc/self/mem"),
        told: NO_FILE_AT_ITS_PLACE,
    },
    Trap {
        home: "environment",
        about: "a link to the environment of whoever reads it",
        make: |home| link(home, PROFRC, "/proc/self/environ"),
        told: NO_FILE_AT_ITS_PLACE,
    },
    Trap {
        home: "shadow",
        about: "a link to /etc/shadow",
        make: |home| link(home, PURPLE, "/etc/shadow"),
        told: &[Finding("file-malformed"), Notice("another user"), Notice("Permission denied"), Nothing],
    },
    Trap {
        home: "stranger",
        about: "a link to the accounts of another user, password and all",
        make: stranger,
        told: &[
            Finding("password-stored"),
            Notice("another user"),
            Notice("Permission denied"),
            Notice("not exist"),
        ],
    },
    Trap {
        home: "foreign-log",
        about: "a write-ahead log that is a link to elsewhere",
        make: foreign_log,
        told: &[NO_FILE],
    },
    Trap {
        home: "dangling",
        about: "a link to nothing",
        make: |home| link(home, PURPLE, "nowhere"),
        told: &[Notice("does not exist"), NothingInWalk],
    },
    Trap {
        home: "link-loop",
        about: "two links that lead to one another",
        make: link_loop,
        told: &[Notice("leads back to itself")],
    },
    Trap {
        home: "link-chain",
        about: "a chain of a hundred links",
        make: link_chain,
        told: &[Notice("leads back to itself")],
    },
    Trap {
        home: "folder-loop",
        about: "a link to the folder around it",
        make: |home| link(home, ".purple/plugins/again", ".."),
        told: &[Nothing],
    },
    Trap {
        home: "folder-as-home",
        about: "a client’s folder that is a link to the root of the system",
        make: |home| link(home, ".purple", "/"),
        told: &[Nothing],
    },
    Trap {
        home: "folder-accounts",
        about: "folders in the places of the accounts and of the database",
        make: folders,
        told: NO_FILE_AT_ITS_PLACE,
    },
    Trap {
        home: "hard-links",
        about: "one file under two names: said once",
        make: hard_links,
        told: &[Finding("encryption-optional")],
    },
    Trap {
        home: "deep",
        about: "10,000 folders inside one another, accounts at the bottom",
        make: deep,
        told: &[Notice("folders deep"), NothingAtKnownPlaces],
    },
    Trap {
        home: "unreadable-file",
        about: "accounts that nobody may read",
        make: |home| closed(home, PROFANITY, 0),
        told: &[Notice("Permission denied"), Finding("encryption-optional")],
    },
    Trap {
        home: "unreadable-folder",
        about: "a client’s folder that nobody may enter or list",
        make: |home| closed(home, ".local/share/profanity", 0),
        told: &[Notice("Permission denied"), Finding("encryption-optional")],
    },
    Trap {
        home: "unreadable-top",
        about: "a folder further up that may be listed and not entered",
        make: |home| closed(home, ".local", 0o600),
        told: &[Notice("Permission denied"), Finding("encryption-optional")],
    },
    Trap {
        home: "unlistable-folder",
        about: "a client’s folder that may be entered and not listed",
        make: |home| closed(home, ".local/share/profanity", 0o100),
        told: &[Finding("encryption-optional"), Notice("Permission denied")],
    },
    Trap {
        home: "unreadable-log",
        about: "a write-ahead log that nobody may read",
        make: unreadable_log,
        told: &[Notice("Permission denied"), Finding("password-stored")],
    },
];

fn node(home: &Home, path: &str, kind: FileType) {
    mknodat(CWD, home.at(path), kind, Mode::from_raw_mode(0o600), 0).unwrap();
}

fn link(home: &Home, path: &str, goal: &str) {
    symlink(goal, home.at(path)).unwrap();
}

/// Somebody else’s folder, which only he may enter, and the users to whom this and the link to it belong.
const SECRET: &str = "stranger/secret";
const STRANGER: u32 = 61_002;
const OWNER: u32 = 61_001;

fn stranger(home: &Home) {
    home.write("secret/accounts", format!("{WEAK}password={CANARY}\n"));
    link(home, PROFANITY, "../../../secret/accounts");
    estrange(home.0.parent().unwrap(), OWNER);
}

/// Gives the secret to somebody else than the link to it, where that can be arranged.
pub fn estrange(homes: &Path, owner: u32) {
    let (secret, stranger) = (homes.join(SECRET), Some(STRANGER));
    set_mode(&secret.join("accounts"), 0o600);
    set_mode(&secret, 0o700);
    if !super::run::is_root() {
        return;
    }
    for path in [secret.join("accounts"), secret] {
        lchown(path, stranger, stranger).unwrap();
    }
    lchown(homes.join("stranger").join(PROFANITY), Some(owner), Some(owner)).unwrap();
}

fn fifo_log(home: &Home) {
    super::databases::dino(home, "");
    node(home, &format!("{DINO}-wal"), FileType::Fifo);
}

fn fifo_journal(home: &Home) {
    super::databases::dino(home, "");
    node(home, &format!("{DINO}-journal"), FileType::Fifo);
}

fn fifos_beside(home: &Home) {
    home.write(PURPLE, super::trap::weak_account(""));
    node(home, ".purple/plugins/lurch.so", FileType::Fifo);
    node(home, ".purple/certificates/x509/tls_peers/example.org", FileType::Fifo);
    node(home, ".purple/otr.private_key", FileType::Fifo);
}

fn foreign_log(home: &Home) {
    super::databases::dino(home, "");
    home.write("elsewhere/dino.db-wal", CANARY);
    link(home, &format!("{DINO}-wal"), "../../../elsewhere/dino.db-wal");
}

fn link_loop(home: &Home) {
    link(home, PURPLE, "other");
    link(home, ".purple/other", "accounts.xml");
}

fn link_chain(home: &Home) {
    link(home, PROFANITY, "0");
    for number in 0..100 {
        link(home, &format!(".local/share/profanity/{number}"), &(number + 1).to_string());
    }
    home.write(".local/share/profanity/100", WEAK);
}

fn folders(home: &Home) {
    fs::create_dir_all(home.at(".purple/accounts.xml/inside")).unwrap();
    fs::create_dir_all(home.at(".local/share/dino/dino.db/inside")).unwrap();
}

fn hard_links(home: &Home) {
    home.write(PROFANITY, WEAK);
    fs::hard_link(home.at(PROFANITY), home.at("backup/profanity/accounts")).unwrap();
}

/// Longer than any path may be: only from one folder to the next it can be gone down.
fn deep(home: &Home) {
    fs::create_dir_all(&home.0).unwrap();
    let mut folder = rustix::fs::open(&home.0, OFlags::PATH, Mode::empty()).unwrap();
    for _ in 0..DEPTH {
        mkdirat(&folder, "d", Mode::from_raw_mode(0o700)).unwrap();
        folder = openat(&folder, "d", OFlags::PATH | OFlags::NOFOLLOW, Mode::empty()).unwrap();
    }
    let flags = OFlags::WRONLY | OFlags::CREATE;
    let file = openat(&folder, "accounts", flags, Mode::from_raw_mode(0o600)).unwrap();
    rustix::io::write(&file, WEAK.as_bytes()).unwrap();
}

fn closed(home: &Home, path: &str, mode: u32) {
    home.write(PROFANITY, WEAK);
    set_mode(&home.at(path), mode);
}

fn unreadable_log(home: &Home) {
    super::databases::dino(home, "");
    home.write(&format!("{DINO}-wal"), "");
    set_mode(&home.at(&format!("{DINO}-wal")), 0);
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}
