//! Whatever stands in a start-up file: no crash, and every place is one of the file.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::path::{Path, PathBuf};

use proptest::prelude::*;
use xmpp_audit::clients::startup::Startup;
use xmpp_audit::clients::{Client, Found, HEAD};
use xmpp_audit::model::Spot;
use xmpp_audit::source::{Bounds, Reader};
use zeroize::Zeroizing;

const PATHS: [&str; 6] = [
    ".profile",
    ".config/fish/config.fish",
    ".config/environment.d/a.conf",
    ".pam_environment",
    ".config/systemd/user/dino.service",
    ".local/share/flatpak/overrides/global",
];

/// What such files are made of.
fn pieces() -> impl Strategy<Value = String> {
    let words: Vec<&'static str> = vec![
        "GIO_USE_TLS",
        "GIO_USE_TLS=dummy ",
        "export GIO_USE_TLS=dum\\\nmy\n",
        "GIO_MODULE_DIR",
        "all_proxy=socks5://127.0.0.1:9050 ",
        "http_proxy=x ",
        "DINO_PLUGIN_DIR=/x ",
        "torsocks ",
        "profanity -d ",
        "profanity --cmd \"/connect a@b tls \\disable password é\" ",
        "-r'/account set a password x y' ",
        "=",
        "dummy",
        "/x",
        "export ",
        "unset ",
        "set -gx ",
        "alias ",
        "dino",
        " ",
        "\n",
        "'",
        "\"",
        "\\",
        "$",
        "(",
        ")",
        "`",
        ";",
        "&",
        "|",
        "{",
        "}",
        "#",
        "<<E",
        "\nE\n",
        ">",
        " --print-xmpp all",
        "env ",
        "sh -c ",
        "profanity",
        " -l DEBUG",
        "[Service]",
        "[Environment]",
        "Environment",
        "Exec",
        "DEFAULT",
        "é",
        "\0",
        "\r",
    ]
    .into_iter()
    .collect();
    prop::collection::vec(prop::sample::select(words), 0..60).prop_map(|words| words.concat())
}

fn check(path: &str, bytes: &[u8]) {
    let kind = Startup.recognise(Path::new(path), &[b' '; HEAD]).unwrap();
    let reader = Reader::of_standard_input(Bounds::default(), PathBuf::from(path), Zeroizing::new(bytes.to_vec()));
    let found = Found { path: PathBuf::from(path), kind, home: None };
    let profile = Startup.read(&[found], &reader);
    for launch in &profile.launches {
        let Spot::Text(span) = launch.place.spot else { panic!("{launch:?}") };
        let value = bytes.get(span.start..span.end).unwrap();
        assert!(!value.is_empty());
        if launch.word == "GIO_USE_TLS" {
            // Quotes and line ends may stand inside a word.
            let letters: Vec<u8> = value.iter().copied().filter(u8::is_ascii_alphabetic).collect();
            assert_eq!(letters, b"dummy");
        }
        let file = profile.file(launch.place.file).unwrap();
        assert!(!file.text.as_ref().unwrap().excerpt(span).text.is_empty());
    }
    for command in &profile.commands {
        let Spot::Text(span) = command.place.spot else { panic!("{command:?}") };
        assert!(!bytes.get(span.start..span.end).unwrap().is_empty());
    }
}

proptest! {
    #[test]
    fn any_pieces(text in pieces()) {
        for path in PATHS {
            check(path, text.as_bytes());
        }
    }

    #[test]
    fn any_bytes(mut bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        bytes.extend(b"GIO_USE_TLS");
        for path in PATHS {
            check(path, &bytes);
        }
    }
}
