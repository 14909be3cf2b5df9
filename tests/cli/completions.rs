//! What shells are told to complete.
#![allow(clippy::print_stdout)]

use std::io::Write;
use std::process::{Command, Stdio};

use crate::common::{MadeUpHome, run};

/// Each shell, and how it is asked to read a script without running it.
const SHELLS: [(&str, &[&str]); 6] = [
    ("bash", &["-n"]),
    ("elvish", &["-compileonly", "/dev/stdin"]),
    ("fish", &["--no-execute"]),
    ("nushell", &[]),
    ("powershell", &[]),
    ("zsh", &["-n"]),
];

fn completions(shell: &str) -> String {
    let ran = run(MadeUpHome::new().program().args(["completions", shell]));
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{shell}");
    ran.stdout
}

/// Whether the shell can read the script; none where this machine has no such shell.
fn is_read_by(shell: &str, arguments: &[&str], script: &str) -> Option<bool> {
    let mut child = Command::new(shell)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    child.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
    Some(child.wait().unwrap().success())
}

#[test]
fn every_shell_can_read_its_own() {
    for (shell, arguments) in SHELLS {
        let script = completions(shell);
        if arguments.is_empty() || is_read_by(shell, arguments, &script).is_none() {
            println!("skipped: {shell} cannot be asked here");
            continue;
        }
        assert_eq!(is_read_by(shell, arguments, &script), Some(true), "{shell}");
        let broken = format!("{script}\nif ((\n");
        assert_eq!(is_read_by(shell, arguments, &broken), Some(false), "{shell} reads anything");
    }
}

#[test]
fn every_shell_learns_commands_options_and_rules() {
    for (shell, _) in SHELLS {
        let script = completions(shell);
        for word in ["explain", "provider-file", "allow-empty"] {
            assert!(script.contains(word), "{shell} does not know {word}");
        }
        // The others do not complete what stands behind an option.
        let completes_values = !matches!(shell, "elvish" | "powershell");
        assert_eq!(script.contains("encryption-optional"), completes_values, "{shell}");
    }
    assert_eq!(run(MadeUpHome::new().program().args(["completions", "csh"])).code, 2);
}

#[test]
fn bash_completes_what_was_begun() {
    const ASK: &str = r#"
        COMP_WORDS=(xmpp-audit "$@"); COMP_CWORD=$#
        _xmpp__audit xmpp-audit "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
        echo "${COMPREPLY[@]}"
    "#;
    let completed = |words: &[&str]| {
        let script = completions("bash") + ASK;
        let output = Command::new("bash").args(["-c", &script, "bash"]).args(words).output().ok()?;
        Some(String::from_utf8(output.stdout).unwrap().trim().to_owned())
    };
    let Some(commands) = completed(&["comp"]) else { return println!("skipped: there is no bash here") };
    assert_eq!(commands, "completions");
    assert_eq!(completed(&["explain", "encryption-opt"]).unwrap(), "encryption-optional");
    assert_eq!(completed(&["check", "--fail-on", "crit"]).unwrap(), "critical");
    assert_eq!(completed(&["check", "--allow-e"]).unwrap(), "--allow-empty");
}
