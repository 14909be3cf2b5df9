//! What a user sees: the program run from end to end, as a careful, a naive and a hostile user would.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::string_slice, clippy::unwrap_used)]

mod common;

#[path = "cli/completions.rs"]
mod completions;
#[path = "cli/harm.rs"]
mod harm;
#[path = "cli/knowledge.rs"]
mod knowledge;
#[path = "cli/manual.rs"]
mod manual;
#[path = "cli/options.rs"]
mod options;
#[path = "cli/output.rs"]
mod output;
#[path = "cli/pages.rs"]
mod pages;
#[path = "cli/places.rs"]
mod places;
#[path = "cli/policies.rs"]
mod policies;
#[path = "cli/promises.rs"]
mod promises;
#[path = "cli/search.rs"]
mod search;
#[path = "cli/snapshots.rs"]
mod snapshots;
#[path = "cli/walks.rs"]
mod walks;

use std::fs;
use std::os::unix::fs::{MetadataExt, lchown};
use std::os::unix::process::CommandExt;
use std::time::Duration;

use assert_cmd::Command;
use common::{MadeUpHome, Ran, run};
use serde_json::Value;

/// An account of Profanity in which nothing is wrong.
const SOUND: &str = "[alice@example.org]\nenabled=true\njid=alice@example.org\ntls.policy=force\n";

/// An account of Profanity that does not insist on encryption.
const WEAK: &str = "[alice@example.org]\nenabled=true\njid=alice@example.org\ntls.policy=allow\n";

/// Where Profanity keeps its accounts.
const ACCOUNTS: &str = ".local/share/profanity/accounts";

/// Runs `check` in a home; no run may take long.
fn check(home: &MadeUpHome, arguments: &[&str]) -> Ran {
    run(home.program().arg("check").args(arguments).timeout(Duration::from_secs(60)))
}

/// The JSON report of `check` in a home, and the exit code.
fn report(home: &MadeUpHome, arguments: &[&str]) -> (i32, Value) {
    let ran = check(home, &[arguments, &["--output-format", "json"]].concat());
    let report = serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {}", ran.stderr));
    (ran.code, report)
}

/// The findings of a report as `rule path`, in their order.
fn found(report: &Value) -> Vec<String> {
    let findings = report["findings"].as_array().unwrap();
    findings.iter().map(|finding| format!("{} {}", word(&finding["rule"]), word(&finding["path"]))).collect()
}

fn word(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// The program as run by somebody who is not root and owns the home; none where that cannot be arranged.
fn as_ordinary_user(home: &MadeUpHome) -> Option<Command> {
    const NOBODY: u32 = 65_534;
    let is_root = fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0);
    if is_root {
        for entry in walkdir::WalkDir::new(home.path()).into_iter().flatten() {
            lchown(entry.path(), Some(NOBODY), Some(NOBODY)).unwrap();
        }
    }
    let command = || {
        let mut command = std::process::Command::new(home.program().get_program());
        command.env_clear().env("HOME", home.path()).current_dir("/");
        // Only root can become somebody else; everybody else is an ordinary user already.
        if is_root {
            command.uid(NOBODY).gid(NOBODY);
        }
        command
    };
    let starts = command().arg("--version").output().is_ok_and(|output| output.status.success());
    starts.then(|| Command::from_std(command()))
}
