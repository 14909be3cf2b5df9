//! The hooks of `.pre-commit-hooks.yaml` look at every file that a walk would open.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::string_slice, clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use proptest::sample::select;
use regex::Regex;
use xmpp_audit::clients::{Base, CLIENTS, KnownPlace};

/// Which files the hooks are started for.
struct Hook {
    files: Regex,
    exclude: Regex,
}

impl Hook {
    fn read() -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(".pre-commit-hooks.yaml");
        let manifest = fs::read_to_string(path).unwrap();
        Self { files: block(&manifest, "files"), exclude: block(&manifest, "exclude") }
    }

    fn looks_at(&self, path: &str) -> bool {
        self.files.is_match(path) && !self.exclude.is_match(path)
    }
}

/// The expression that stands below a key of the first hook; the others refer to it.
fn block(manifest: &str, key: &str) -> Regex {
    let start = format!("  {key}: &{key} |\n");
    let (_, rest) = manifest.split_once(&start).unwrap();
    let lines: Vec<_> = rest.lines().map_while(|line| line.strip_prefix("    ")).collect();
    assert_eq!(manifest.matches(&format!("  {key}: *{key}\n")).count(), 2, "every hook has the same {key}");
    Regex::new(&lines.join("\n")).unwrap()
}

/// An example of a file at a known place, by its path below the home.
fn example(place: &KnownPlace) -> String {
    let base = match place.base {
        Base::Home => "",
        Base::Config => ".config/",
        Base::Data => ".local/share/",
        Base::Cache => ".cache/",
    };
    // A `*` that ends a name may stand for nothing.
    let path = place.path.strip_suffix("*").filter(|path| !path.ends_with(['/', '.'])).unwrap_or(place.path);
    format!("{base}{}", path.replace('*', "x"))
}

/// The path as it is, and as dotfiles managers spell it.
fn spellings(path: &str) -> Vec<String> {
    let parts = |dot: &str, attributes: &str| {
        let part = |part: &str| match part.strip_prefix('.') {
            Some(rest) => format!("{attributes}{dot}{rest}"),
            None => format!("{attributes}{part}"),
        };
        path.split('/').map(part).collect::<Vec<_>>().join("/")
    };
    vec![
        path.to_owned(),
        format!("home/alice/{path}"),
        parts("dot_", ""),
        parts("dot_", "private_"),
        format!("{}.tmpl", parts("dot_", "exact_private_")),
        format!("chat/{}", parts("dot-", "")),
        format!("{path}##hostname.laptop"),
    ]
}

#[test]
fn every_known_name_of_every_client_is_looked_at() {
    let hook = Hook::read();
    let mut missed = Vec::new();
    for client in CLIENTS {
        let examples = client.known_places().iter().flat_map(|place| spellings(&example(place)));
        missed.extend(examples.filter(|path| !hook.looks_at(path)));
    }
    assert!(missed.is_empty(), "\n{}", missed.join("\n"));
}

#[test]
fn what_others_keep_in_repositories_is_not_looked_at() {
    let hook = Hook::read();
    for path in [
        "README.md",
        "LICENSE",
        "Makefile",
        "Cargo.toml",
        "src/main.rs",
        "src/config.rs",
        "webpack.config.js",
        "package.json",
        ".gitignore",
        ".gitconfig",
        ".config/nvim/init.lua",
        ".config/Code/User/settings.json",
        "dot_config/alacritty/alacritty.toml",
        ".vimrc",
        "bin/backup.sh",
        "index.html",
        ".local/share/dino/dino.db-wal",
    ] {
        assert!(!hook.looks_at(path), "{path}");
    }
}

/// Names as people and clients make them up.
fn names() -> impl Strategy<Value = String> {
    let words = [
        "accounts",
        "blist",
        "prefs",
        "status",
        "pounces",
        "otr",
        "private_key",
        "fingerprints",
        "axc_db",
        "omemo",
        "settings",
        "config",
        "temp_config",
        "secrets",
        "logs",
        "openpgp",
        "cacerts",
        "gajim",
        "dino",
        "pgp",
        "profrc",
        "tlscerts",
        "bookmark_ignore",
        "inputrc",
        "profanity",
        "bashrc",
        "zprofile",
        "pam_environment",
        "global",
        "app-overrides",
        "work",
        "2024",
        "im",
        "Dino",
        "Buddies",
        "ROSTER",
    ];
    let ends = [
        "xml", "sqlite", "sqlite3", "db", "db3", "bak", "old", "orig", "save", "copy", "key3", "pem", "json",
        "conf", "desktop", "service", "fish", "sql", "dump", "tmpl", "literal", "age", "txt", "md", "backup",
    ];
    let before =
        ["", ".", "dot_", "private_dot_", "encrypted_private_", "exact_", "dot-", "my-", "alice@example.org_"];
    let after = ["", "~", "##os.Linux", "##class.work,template", ".tmpl", ".gpg"];
    let middle = prop::collection::vec((select(words.to_vec()), select(vec![".", "_", "-", ""])), 1..3);
    let tail = prop::collection::vec(select(ends.to_vec()), 0..3);
    (select(before.to_vec()), middle, tail, select(after.to_vec())).prop_map(|(before, middle, tail, after)| {
        let middle: Vec<_> = middle.iter().map(|(word, joint)| format!("{word}{joint}")).collect();
        let tail: String = tail.iter().map(|end| format!(".{end}")).collect();
        format!("{before}{}{tail}{after}", middle.concat().trim_end_matches(['.', '_', '-']))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// What a hook passes over is said by nobody: it must not be less than a walk would open.
    #[test]
    fn whatever_a_walk_would_open_is_looked_at(name in names()) {
        thread_local!(static HOOK: Hook = Hook::read());
        let opened = CLIENTS.into_iter().find(|client| client.may_be_named(name.as_bytes()));
        if let Some(client) = opened {
            prop_assert!(HOOK.with(|hook| hook.looks_at(&format!("a/{name}"))), "{}: {name}", client.title());
        }
    }
}
