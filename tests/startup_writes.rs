//! What repairs make of start-up files, and what they leave to the user.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use proptest::prelude::*;
use xmpp_audit::clients::startup::Startup;
use xmpp_audit::clients::{Client, Found, HEAD};
use xmpp_audit::fix::spliced;
use xmpp_audit::model::{Change, CommandEffect, LaunchEffect, Place, Profile, Splice, Step, Unrepairable, Wish};
use xmpp_audit::source::{Bounds, Reader};
use zeroize::Zeroizing;

const PROFILE: &str = ".profile";
const FISH: &str = ".config/fish/config.fish";
const ENVIRONMENT: &str = ".config/environment.d/a.conf";
const PAM: &str = ".pam_environment";
const UNIT: &str = ".config/systemd/user/dino.service";
const DESKTOP: &str = ".local/share/applications/chat.desktop";
const OVERRIDE: &str = ".local/share/flatpak/overrides/global";

fn read(path: &str, text: &str) -> (Profile, Reader) {
    let path = PathBuf::from("/home/alice").join(path);
    let bytes = text.as_bytes();
    let kind = Startup.recognise(&path, bytes.get(..HEAD).unwrap_or(bytes));
    let reader = Reader::of_files(Bounds::default(), [(path.clone(), Zeroizing::new(bytes.to_vec()))]);
    let found: Vec<_> =
        kind.map(|kind| Found { path: path.clone(), kind, home: Some("/home/alice".into()) }).into_iter().collect();
    (Startup.read(&found, &reader), reader)
}

/// What there is to put right.
fn wishes(profile: &Profile) -> Vec<Wish> {
    let wish =
        |number, subject, place: &Place| Wish { number, change: Change::Remove { subject }, place: place.clone() };
    let betrays =
        |effect| matches!(effect, LaunchEffect::TlsOff | LaunchEffect::StanzasLogged | LaunchEffect::TlsDisabled);
    let launches = profile.launches.iter().enumerate().filter(|(_, launch)| betrays(launch.effect));
    let launches = launches.map(|(number, launch)| wish(number, "launch", &launch.place));
    let secret = |effect| matches!(effect, CommandEffect::HoldsPassword | CommandEffect::HoldsRoomPassword);
    let commands = profile.commands.iter().enumerate().filter(|(_, command)| secret(command.effect));
    launches.chain(commands.map(|(number, command)| wish(number, "command", &command.place))).collect()
}

/// The splices of a wish.
fn written(path: &str, text: &str, number: usize) -> Option<Result<Vec<Splice>, Unrepairable>> {
    let (profile, reader) = read(path, text);
    let wishes = wishes(&profile);
    let edits = Startup.write(&profile, &reader, wishes.get(number)?);
    Some(edits.map(|edits| {
        let splice = |edit: xmpp_audit::model::Edit| match edit.step {
            Step::Text(splice) => splice,
            other => panic!("{other:?}"),
        };
        edits.into_iter().map(splice).collect()
    }))
}

/// The file when everything is put right.
fn mended(path: &str, text: &str) -> Result<String, Unrepairable> {
    let mut text = text.to_owned();
    while let Some(splices) = written(path, &text, 0) {
        text = String::from_utf8(spliced(text.as_bytes(), &splices?).unwrap().to_vec()).unwrap();
    }
    Ok(text)
}

/// Whether a shell takes the script; it is not run.
fn is_script(text: &str) -> bool {
    let mut shell = Command::new("sh").arg("-n").stdin(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    shell.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    shell.wait().unwrap().success()
}

#[test]
fn lines_that_say_nothing_else_go() {
    for (path, text, expected) in [
        (PROFILE, "a\n# why\nexport GIO_USE_TLS=dummy\nb\n", "a\n# why\nb\n"),
        (PROFILE, "a\r\n\texport  GIO_USE_TLS=\"dummy\" # why\r\nb\r\n", "a\r\nb\r\n"),
        (PROFILE, "GIO_USE_TLS=dummy\nexport GIO_USE_TLS", "export GIO_USE_TLS"),
        (PROFILE, "export GIO_MODULE_DIR=$HOME/\"x y\":/z;", ""),
        (PROFILE, "export GIO_USE_TLS=dummy\nexport GIO_USE_TLS='dummy'\n", ""),
        (PROFILE, "X=$(a)\nexport GIO_USE_TLS=dummy\n", "X=$(a)\n"),
        (PROFILE, "if a; then\n  b\n  export GIO_USE_TLS=dummy\nfi\n", "if a; then\n  b\nfi\n"),
        (PROFILE, "systemctl --user set-environment GIO_USE_TLS=dummy\n", ""),
        (PROFILE, "setenv GIO_USE_TLS dummy\n", ""),
        (FISH, "set -gx GIO_USE_TLS dummy\nset x y\n", "set x y\n"),
        (ENVIRONMENT, "A=b\nGIO_USE_TLS=dummy\n# c\n", "A=b\n# c\n"),
        (PAM, "GIO_USE_TLS DEFAULT=dummy\nA DEFAULT=b\n", "A DEFAULT=b\n"),
        (UNIT, "[Service]\nEnvironment=\"GIO_USE_TLS=dummy\"\nExecStart=dino\n", "[Service]\nExecStart=dino\n"),
        (OVERRIDE, "[Environment]\nGIO_USE_TLS=dummy\nA=b\n", "[Environment]\nA=b\n"),
    ] {
        assert_eq!(mended(path, text).as_deref(), Ok(expected), "{text}");
    }
}

#[test]
fn words_go_where_the_line_says_more() {
    for (path, text, expected) in [
        (PROFILE, "export A=b GIO_USE_TLS=dummy C=d\n", "export A=b C=d\n"),
        (PROFILE, "GIO_USE_TLS=dummy  dino &\n", "dino &\n"),
        (PROFILE, "env -i GIO_USE_TLS='dummy' dino | b\n", "env -i dino | b\n"),
        (PROFILE, "flatpak run --env=GIO_USE_TLS=dummy im.dino.Dino\n", "flatpak run im.dino.Dino\n"),
        (PROFILE, "alias d='GIO_USE_TLS=dummy dino'\n", "alias d='dino'\n"),
        (PROFILE, "alias d=\"dino --print-xmpp all\"\n", "alias d=\"dino\"\n"),
        (PROFILE, "dino --print-xmpp=all & b\n", "dino & b\n"),
        (PROFILE, "alias p='profanity -lDEBUG -a x'; b\n", "alias p='profanity -a x'; b\n"),
        (PROFILE, "profanity --log=DEBUG", "profanity"),
        (PROFILE, "profanity -d\t--log DEBUG\r\n", "profanity\r\n"),
        (FISH, "alias p 'profanity --disable-tls'\n", "alias p 'profanity'\n"),
        (DESKTOP, "[Desktop Entry]\nExec=dino --print-xmpp all %U\n", "[Desktop Entry]\nExec=dino %U\n"),
        (
            UNIT,
            "[Service]\nEnvironment=A=b GIO_USE_TLS=dummy\nExecStart=dino\n",
            "[Service]\nEnvironment=A=b\nExecStart=dino\n",
        ),
        (
            UNIT,
            "[Service]\nEnvironment=\"GIO_USE_TLS=dummy\" \"A=b c\"\nExecStart=dino\n",
            "[Service]\nEnvironment=\"A=b c\"\nExecStart=dino\n",
        ),
        (
            PROFILE,
            "alias g='profanity -a x --cmd \"/join a@b nick c password hunter2\" -t boothj5'\n",
            "alias g='profanity -a x --cmd \"/join a@b nick c\" -t boothj5'\n",
        ),
        (PROFILE, "profanity -r '/account set x password \"hunter 2\"' -a x\n", "profanity -a x\n"),
        (PROFILE, "profanity --cmd=\"/account set x password hunter2\"\n", "profanity\n"),
    ] {
        assert_eq!(mended(path, text).as_deref(), Ok(expected), "{text}");
    }
}

#[test]
fn what_cannot_be_told_apart_is_left_to_the_user() {
    for (path, text) in [
        // A shell takes no block without a command.
        (PROFILE, "if a; then\n  export GIO_USE_TLS=dummy\nfi\n"),
        (PROFILE, "if a; then # why\n\n  # why\n  export GIO_USE_TLS=dummy\nfi\n"),
        (PROFILE, "f() {\n  export GIO_USE_TLS=dummy\n}\n"),
        (PROFILE, "(\nexport GIO_USE_TLS=dummy\n)\n"),
        (PROFILE, "case x in\na)\nexport GIO_USE_TLS=dummy\n;;\nesac\n"),
        (PROFILE, "a &&\nexport GIO_USE_TLS=dummy\nb\n"),
        (PROFILE, "a \\\n&& export GIO_USE_TLS=dummy\n"),
        (PROFILE, "a && export GIO_USE_TLS=dummy\n"),
        (PROFILE, "GIO_USE_TLS=dummy; export GIO_USE_TLS\n"),
        (PROFILE, "sh -c 'export GIO_USE_TLS=dummy; dino'\n"),
        (PROFILE, "export GIO_USE_TLS=dum\\\nmy\n"),
        (PROFILE, "profanity -l \"DEBUG\"\n"),
        (PROFILE, "profanity -l \\\n DEBUG\n"),
        (PROFILE, "dino --print-xmpp \"$WHAT\"\n"),
        (PROFILE, "dino --print-xmpp\n"),
        (PROFILE, "profanity -r /account\\ set\\ x\\ password\\ hunter2\n"),
        (PROFILE, "profanity -r \"/join a@b password \\\"hunter2\\\"\"\n"),
        (DESKTOP, "[Desktop Entry]\nExec=dino --print-xmpp %U\n"),
        (UNIT, "[Service]\nEnvironment=GIO_USE_TLS=dummy \\\n  A=b\nExecStart=dino\n"),
    ] {
        assert_eq!(mended(path, text), Err(Unrepairable::Choice), "{text}");
        if path == PROFILE {
            assert!(is_script(text), "{text}");
        }
    }
}

#[test]
fn a_secret_that_is_taken_away_is_forgotten() {
    for text in
        ["profanity -r \"/join a@b password hunter2\"\n", "profanity -r \"/account set x password hunter2\"\n"]
    {
        let splices = written(PROFILE, text, 0).unwrap().unwrap();
        assert!(splices.iter().all(|splice| splice.forgets), "{text}");
    }
    let splices = written(PROFILE, "profanity -l DEBUG\n", 0).unwrap().unwrap();
    assert!(splices.iter().all(|splice| !splice.forgets));
}

#[test]
fn a_damaged_file_is_left_alone() {
    let text = "[Desktop Entry\nExec=dino --print-xmpp all\n";
    let (profile, reader) = read(DESKTOP, text);
    assert!(profile.files.iter().all(|file| file.damage.is_some()));
    assert!(wishes(&profile).iter().all(|wish| Startup.write(&profile, &reader, wish).is_err()));
}

/// Scripts that a shell takes, most of them.
fn script() -> impl Strategy<Value = String> {
    let line = prop::sample::select(vec![
        "export GIO_USE_TLS=dummy",
        "GIO_USE_TLS=dummy",
        "  export GIO_USE_TLS=\"dummy\" # c",
        "GIO_USE_TLS=dummy dino",
        "export A=b GIO_USE_TLS=dummy",
        "export GIO_USE_TLS=dummy A=b",
        "GIO_USE_TLS=dummy; export GIO_USE_TLS",
        "alias d='dino --print-xmpp all'",
        "alias p=\"profanity -l DEBUG -d\"",
        "dino --print-xmpp all &",
        "profanity -d;",
        "profanity -r \"/join a@b password hunter2\" -a x",
        "profanity -r '/account set x password hunter2'",
        "export GIO_MODULE_DIR=/x",
        "unset GIO_USE_TLS",
        "if a; then",
        "else",
        "fi",
        "for x in a b; do",
        "done",
        "f() {",
        "}",
        "(",
        ")",
        "case x in",
        "a)",
        ";;",
        "esac",
        "a &&",
        "a \\",
        "b",
        "# c",
        "",
        "cat <<E",
        "E",
        "echo 'don",
        "t'",
    ]);
    (proptest::collection::vec(line, 0..10), prop::sample::select(vec!["\n", "\r\n", ""]))
        .prop_map(|(lines, end)| lines.join(if end.is_empty() { "\n" } else { end }) + end)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1500) })]

    #[test]
    fn a_script_stays_one_and_says_nothing_new(text in script(), number in 0_usize..3) {
        let Some(Ok(splices)) = written(PROFILE, &text, number) else { return Ok(()) };
        let changed = String::from_utf8(spliced(text.as_bytes(), &splices).unwrap().to_vec()).unwrap();
        prop_assert!(changed.len() < text.len());
        let places = |text: &str| {
            let (profile, _) = read(PROFILE, text);
            let mut places: Vec<_> = wishes(&profile).into_iter().map(|wish| wish.place.words).collect();
            places.sort();
            places
        };
        let (before, after) = (places(&text), places(&changed));
        prop_assert!(after.len() <= before.len());
        prop_assert!(after.iter().all(|place| before.contains(place)));
        if is_script(&text) {
            prop_assert!(is_script(&changed), "{text}\nbecame\n{changed}");
        }
    }
}

#[test]
fn every_place_is_read() {
    for path in [PROFILE, FISH, ENVIRONMENT, PAM, UNIT, DESKTOP, OVERRIDE] {
        assert!(Startup.recognise(Path::new(path), b"GIO_USE_TLS").is_some(), "{path}");
    }
}
