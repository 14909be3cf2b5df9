//! The structure that the design promises: each module knows only the ones before it, and only the command line speaks.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::string_slice, clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Each module and what it may know, in the order of the way from a path to a report.
const KNOWS: [(&str, &[&str]); 18] = [
    ("model", &[]),
    ("source", &["model"]),
    ("syntax", &["model"]),
    ("clients", &["model", "source", "syntax"]),
    ("discover", &["model", "source", "clients"]),
    ("installed", &["model", "source", "clients"]),
    ("repository", &["model", "source"]),
    ("history", &["model", "source", "clients", "discover", "repository"]),
    ("providers", &["model"]),
    ("releases", &["model"]),
    ("finding", &["model"]),
    ("rules", &["model", "clients", "providers", "releases", "finding"]),
    ("policy", &["model", "finding", "rules"]),
    ("configuration", &["model", "source", "clients", "discover", "finding", "rules"]),
    ("baseline", &["model", "source", "clients", "finding"]),
    ("report", &["model", "clients", "finding"]),
    ("fix", &["model", "source", "clients", "finding"]),
    ("sandbox", &["model"]),
];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut sources: Vec<_> = walkdir::WalkDir::new(folder)
        .into_iter()
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect();
    sources.sort();
    sources
}

/// The modules of the crate that a source names, its tests left out.
fn named(source: &str) -> BTreeSet<String> {
    let code = source.split("#[cfg(test)]\nmod tests").next().unwrap();
    code.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| line.split("crate::").skip(1))
        .map(|rest| rest.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect())
        .collect()
}

#[test]
fn each_module_knows_only_the_ones_before_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = Vec::new();
    for (module, knows) in KNOWS {
        let paths = sources(&root.join(module));
        assert!(!paths.is_empty(), "{module} has no sources");
        for path in paths {
            for other in named(&fs::read_to_string(&path).unwrap()) {
                let is_module =
                    KNOWS.iter().any(|(module, _)| *module == other) || other == "cli" || other == "audit";
                if is_module && other != module && !knows.contains(&other.as_str()) {
                    wrong.push(format!("{} knows {other}", path.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn nothing_that_is_committed_leads_outside_the_repository() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let outside = concat!("..", "/shared");
    let texts = ["src", "rules", "tests", "README.md", "CONTRIBUTING.md", "CHANGELOG.md", ".ci", ".github"];
    for entry in texts.iter().flat_map(|path| walkdir::WalkDir::new(root.join(path))) {
        let path = entry.unwrap().into_path();
        if let Ok(text) = fs::read_to_string(&path) {
            assert!(!text.contains(outside), "{}", path.display());
        }
    }
}
