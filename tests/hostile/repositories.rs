//! git repositories that run something, go round, or wait for ever.

use std::os::unix::fs::symlink;

use rustix::fs::{CWD, FileType, Mode, mknodat};

use super::trap::Told::Finding;
use super::trap::{Home, PROFANITY, Trap, WEAK};

/// The file that a hostile configuration would make.
pub const OWNED: &str = "owned";

const WEAK_FOUND: &[super::trap::Told] = &[Finding("encryption-optional")];

pub const TRAPS: &[Trap] = &[
    Trap {
        home: "git-configuration",
        about: "a repository whose configuration has git run programs",
        make: configuration,
        told: WEAK_FOUND,
    },
    Trap {
        home: "git-index",
        about: "an index of noise",
        make: |home| {
            repository(home, |home| {
                home.write(".git/index", [b"DIRC\0\0\0\x02\xff\xff\xff\xff".as_slice(), &[0xff; 4096]].concat())
            })
        },
        told: WEAK_FOUND,
    },
    Trap {
        home: "git-index-huge",
        about: "an index of a gigabyte",
        make: |home| repository(home, |home| home.sparse(".git/index", b"DIRC\0\0\0\x02\0\xff\xff\xff", 1 << 30)),
        told: WEAK_FOUND,
    },
    Trap {
        home: "git-index-fifo",
        about: "FIFOs in the places of index, HEAD and configuration",
        make: |home| repository(home, fifos),
        told: WEAK_FOUND,
    },
    Trap {
        home: "git-file-loop",
        about: "a .git file that leads to itself",
        make: |home| elsewhere(home, "gitdir: .git\n"),
        told: WEAK_FOUND,
    },
    Trap {
        home: "git-file-far",
        about: "a .git file that leads to the root of the system",
        make: |home| elsewhere(home, "gitdir: /\n"),
        told: WEAK_FOUND,
    },
    Trap { home: "git-file-long", about: "a .git file of a gigabyte", make: git_file_long, told: WEAK_FOUND },
    Trap { home: "git-link", about: "a .git that is a link to a device", make: git_link, told: WEAK_FOUND },
    Trap {
        home: "git-commondir",
        about: "a repository that says that it is a work tree of itself",
        make: |home| repository(home, |home| home.write(".git/commondir", ".\n")),
        told: WEAK_FOUND,
    },
    Trap {
        home: "git-alternates",
        about: "objects that are borrowed from themselves, and from a FIFO",
        make: |home| repository(home, alternates),
        told: WEAK_FOUND,
    },
];

fn repository(home: &Home, make: impl Fn(&Home)) {
    home.write(PROFANITY, WEAK);
    home.write(".git/objects/pack/x.pack", "PACK");
    make(home);
    for (path, content) in [(".git/HEAD", "ref: refs/heads/main\n"), (".git/config", "[core]\n")] {
        if !home.at(path).symlink_metadata().is_ok_and(|_| true) {
            home.write(path, content);
        }
    }
}

fn configuration(home: &Home) {
    let run = format!("touch {}", home.0.join(OWNED).display());
    repository(home, |home| {
        home.write(
            ".git/config",
            format!(
                "[core]\n\tfsmonitor = {run}\n\tpager = {run}\n\tsshCommand = {run}\n\thooksPath = hooks\n\
                 [filter \"x\"]\n\tclean = {run}\n\tsmudge = {run}\n\trequired\n[diff]\n\texternal = {run}\n\
                 [include]\n\tpath = config\n[include]\n\tpath = /dev/zero\n[alias]\n\tstatus = !{run}\n"
            ),
        );
        home.write(".gitattributes", "* filter=x diff=x\n");
        home.write(".git/hooks/post-index-change", format!("#!/bin/sh\n{run}\n"));
    });
}

fn fifos(home: &Home) {
    for name in ["index", "HEAD", "config", "packed-refs", "objects/info/alternates", "info/attributes", "shallow"]
    {
        fifo(home, &format!(".git/{name}"));
    }
}

fn fifo(home: &Home, path: &str) {
    mknodat(CWD, home.at(path), FileType::Fifo, Mode::from_raw_mode(0o600), 0).unwrap();
}

fn elsewhere(home: &Home, content: &str) {
    home.write(PROFANITY, WEAK);
    home.write(".git", content);
}

fn git_file_long(home: &Home) {
    home.write(PROFANITY, WEAK);
    home.sparse(".git", b"gitdir: ", 1 << 30);
}

fn git_link(home: &Home) {
    home.write(PROFANITY, WEAK);
    symlink("/dev/zero", home.at(".git")).unwrap();
}

fn alternates(home: &Home) {
    home.write(".git/objects/info/alternates", "../objects\n../../fifo\n/\n");
    fifo(home, "fifo");
}
