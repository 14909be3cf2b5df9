//! The reports of a home in which every client keeps files that it wrote itself, word for word.
//!
//! After a change of the words: `INSTA_UPDATE=always cargo test --test cli snapshots`, then read the difference.

use crate::common::{MadeUpHome, run};

/// The report, without what differs from home to home and from version to version.
fn report(arguments: &[&str]) -> String {
    let home = MadeUpHome::with_all_clients();
    let ran = run(home.program().arg("check").args(arguments));
    assert_eq!((ran.code, ran.stderr.as_str()), (1, ""));
    ran.stdout
        .replace(home.path().to_str().unwrap(), "[HOME]")
        .replace(concat!("\"version\": \"", env!("CARGO_PKG_VERSION"), "\""), "\"version\": \"[VERSION]\"")
}

#[test]
fn full_in_english() {
    insta::assert_snapshot!(report(&["--lang", "en"]));
}

#[test]
fn full_in_french() {
    insta::assert_snapshot!(report(&["--lang", "fr"]));
}

#[test]
fn concise() {
    insta::assert_snapshot!(report(&["--output-format", "concise", "-v", "--min-severity", "info"]));
}

#[test]
fn json() {
    insta::assert_snapshot!(report(&["--output-format", "json", "--min-severity", "info"]));
}
