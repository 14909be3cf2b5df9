//! Languages and colours.

use crate::common::{MadeUpHome, run};
use crate::{ACCOUNTS, WEAK};

fn weak() -> MadeUpHome {
    let home = MadeUpHome::new();
    home.write(ACCOUNTS, WEAK);
    home
}

#[test]
fn the_language_is_that_of_the_locale() {
    let home = weak();
    let cases: [(&[(&str, &str)], bool); 14] = [
        (&[], false),
        (&[("LANG", "fr_FR.UTF-8")], true),
        (&[("LANG", "fr")], true),
        (&[("LANG", "fr_CA@euro")], true),
        (&[("LC_MESSAGES", "fr_BE.UTF-8"), ("LANG", "en_GB.UTF-8")], true),
        (&[("LC_ALL", "fr_CH"), ("LC_MESSAGES", "de_CH"), ("LANG", "de_CH")], true),
        (&[("LC_ALL", "C"), ("LANG", "fr_FR.UTF-8")], false),
        (&[("LC_ALL", "C.UTF-8"), ("LC_MESSAGES", "fr_FR.UTF-8")], false),
        (&[("LC_ALL", ""), ("LANG", "fr_FR.UTF-8")], true),
        (&[("LC_CTYPE", "fr_FR.UTF-8")], false),
        (&[("LANG", "de_DE.UTF-8")], false),
        // North Frisian and Arpitan are not French.
        (&[("LANG", "frr_DE.UTF-8")], false),
        (&[("LANG", "frp_FR")], false),
        (&[("LANG", "\u{1b}[2J")], false),
    ];
    for (variables, french) in cases {
        let ran = run(home.program().arg("check").envs(variables.iter().copied()));
        assert_eq!(ran.stdout.contains("Chiffrement"), french, "{variables:?}");
        assert_eq!(ran.stdout.contains("Encryption only"), !french, "{variables:?}");
    }
}

#[test]
fn the_option_decides_over_the_locale() {
    let home = weak();
    let french = run(home.program().args(["--lang", "fr", "check"]).env("LC_ALL", "en_GB.UTF-8"));
    assert!(french.stdout.contains("Chiffrement"));
    let english = run(home.program().args(["check", "--lang", "en"]).env("LC_ALL", "fr_FR.UTF-8"));
    assert!(english.stdout.contains("Encryption only"));
    assert_eq!(run(home.program().args(["check", "--lang", "tlh"])).code, 2);
}

/// Arguments, variables, and whether there are colours.
type Case = (&'static [&'static str], &'static [(&'static str, &'static str)], bool);

#[test]
fn colours_are_for_whoever_wants_them() {
    let home = weak();
    let cases: [Case; 14] = [
        (&[], &[], false),
        (&[], &[("TERM", "xterm-256color")], false),
        (&[], &[("FORCE_COLOR", "1")], true),
        (&[], &[("CLICOLOR_FORCE", "1")], true),
        (&[], &[("FORCE_COLOR", "0")], false),
        (&[], &[("CLICOLOR_FORCE", "0")], false),
        (&[], &[("NO_COLOR", "1"), ("FORCE_COLOR", "1")], false),
        (&[], &[("NO_COLOR", ""), ("FORCE_COLOR", "1")], true),
        (&["--color", "always"], &[], true),
        (&["--color", "always"], &[("NO_COLOR", "1"), ("TERM", "dumb")], true),
        (&["--color", "never"], &[("FORCE_COLOR", "1")], false),
        (&["--color", "auto"], &[("FORCE_COLOR", "1")], true),
        (&["--color=never"], &[("CLICOLOR_FORCE", "1")], false),
        (&[], &[("COLORTERM", "truecolor"), ("CLICOLOR", "1")], false),
    ];
    for (arguments, variables, coloured) in cases {
        for command in
            [&["check"][..], &["check", "--output-format", "concise"], &["explain", "encryption-optional"]]
        {
            let ran = run(home.program().args(command).args(arguments).envs(variables.iter().copied()));
            assert_eq!(ran.stdout.contains("\u{1b}["), coloured, "{command:?} {arguments:?} {variables:?}");
        }
        let json = run(home
            .program()
            .args(["check", "--output-format", "json"])
            .args(arguments)
            .envs(variables.iter().copied()));
        assert!(!json.stdout.contains('\u{1b}'), "JSON has no colours");
    }
    assert_eq!(run(home.program().args(["check", "--color", "sometimes"])).code, 2);
}

#[test]
fn colours_are_all_that_differs() {
    let home = MadeUpHome::with_all_clients();
    let plain = run(home.program().args(["check", "--color", "never"])).stdout;
    let coloured = run(home.program().args(["check", "--color", "always"])).stdout;
    let escape = regex::Regex::new("\u{1b}\\[[0-9;]*m").unwrap();
    // Where there are colours, they mark what is to be typed, instead of backticks; lines break elsewhere then.
    let words = |text: &str| text.replace('`', "").split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words(&escape.replace_all(&coloured, "")) == words(&plain));
}

/// Runs `check` on a terminal of its own; nothing where script(1) is missing.
fn on_terminal(home: &MadeUpHome, variables: &[(&str, &str)]) -> Option<String> {
    let program = home.program();
    let command = format!("{} check -q", program.get_program().to_str().unwrap());
    let output = std::process::Command::new("script")
        .args(["-qec", &command, "/dev/null"])
        .env_remove("NO_COLOR")
        .env_remove("CLICOLOR")
        .env_remove("FORCE_COLOR")
        .env_remove("CLICOLOR_FORCE")
        .env("LC_ALL", "C.UTF-8")
        .env("HOME", home.path())
        .envs(variables.iter().copied())
        .stdin(std::process::Stdio::null())
        .output()
        .ok()?;
    let shown = String::from_utf8(output.stdout).unwrap();
    shown.contains("encryption-optional").then_some(shown)
}

#[test]
fn a_terminal_has_colours_unless_it_is_dumb() {
    let home = weak();
    let cases: [(&[(&str, &str)], bool); 5] = [
        (&[("TERM", "xterm")], true),
        (&[("TERM", "dumb")], false),
        (&[("TERM", "xterm"), ("NO_COLOR", "1")], false),
        (&[("TERM", "xterm"), ("CLICOLOR", "0")], false),
        (&[("TERM", "dumb"), ("FORCE_COLOR", "1")], true),
    ];
    for (variables, coloured) in cases {
        let Some(shown) = on_terminal(&home, variables) else { return };
        assert_eq!(shown.contains("\u{1b}["), coloured, "{variables:?}");
    }
    let Some(ascii) = on_terminal(&home, &[("TERM", "dumb"), ("LC_ALL", "C")]) else { return };
    assert!(!ascii.contains('╭') && !ascii.contains('│'), "a terminal without UTF-8 gets no frames of it: {ascii}");
}
