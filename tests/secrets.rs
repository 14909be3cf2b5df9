//! No secret gets out: random ones are planted wherever a client keeps or might keep one, in sound files and in
//! damaged ones, and no output of any kind holds them, in any disguise.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::string_slice, clippy::unwrap_used)]

mod common;

use common::planted::{Planted, plant_everywhere};
use common::{MadeUpHome, run};
use xmpp_audit::report::FORMATS;

#[test]
fn nothing_gives_a_secret_away() {
    let home = MadeUpHome::new();
    let mut planted = Planted::default();
    plant_everywhere(&home, &mut planted);
    let traces = planted.traces();
    let mut runs = Vec::new();
    for format in ["full", "concise", "json"] {
        for language in ["en", "fr"] {
            for more in [&["--color=always"][..], &["-v"], &["-q", "--color=never"]] {
                let mut arguments =
                    vec!["check", "--output-format", format, "--lang", language, "--min-severity", "info"];
                arguments.extend(more);
                runs.push(arguments.clone());
                arguments.push(".");
                runs.push(arguments);
            }
        }
    }
    for format in FORMATS.map(|format| format.name()) {
        for path in [&[][..], &["."]] {
            let arguments = ["check", "--output-format", format, "--min-severity", "info", "--lang", "en"];
            runs.push([&arguments[..], path].concat());
        }
    }
    for arguments in runs {
        for backtrace in ["0", "full"] {
            let ran =
                run(home.program().args(&arguments).env("RUST_BACKTRACE", backtrace).env("RUST_LOG", "trace"));
            assert_eq!(ran.code, 1, "{arguments:?}: {}", ran.stderr);
            // GitHub takes few annotations, and this finding may not be among the worst.
            let told = ran.stdout.contains("password-stored") || arguments.contains(&"github");
            assert!(told, "{arguments:?} did not look where the secrets are");
            for (name, text) in [("standard output", &ran.stdout), ("standard error", &ran.stderr)] {
                if let Some(line) = traces.line_in(text) {
                    panic!("{arguments:?}: a trace of the secret in line {line} of {name}");
                }
            }
        }
    }
}

#[test]
fn nothing_on_standard_input_gives_a_secret_away() {
    let home = MadeUpHome::new();
    let mut planted = Planted::default();
    plant_everywhere(&home, &mut planted);
    let traces = planted.traces();
    for path in [
        ".purple/accounts.xml",
        ".config/gajim/config",
        ".local/share/profanity/accounts",
        ".config/profanity/profrc",
    ] {
        let content = std::fs::read(home.at(path)).unwrap();
        for format in FORMATS.map(|format| format.name()) {
            let ran = run(home
                .program()
                .args(["check", "-", "--as", path, "--output-format", format])
                .write_stdin(content.clone()));
            assert!(ran.code < 5, "{}", ran.stderr);
            assert!(
                traces.line_in(&ran.stdout).is_none() && traces.line_in(&ran.stderr).is_none(),
                "{path} {format}"
            );
        }
    }
}
