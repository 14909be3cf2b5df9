//! What holds of Profanity's files whatever stands in them: nothing breaks, and no secret shows.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod profanity_home;

use std::path::PathBuf;

use profanity_home::{ACCOUNTS, BOOKMARKS, INPUTRC, PROFRC, TLSCERTS, places};
use proptest::prelude::*;
use xmpp_audit::clients::{Client, Found, profanity::Profanity};
use xmpp_audit::model::{Profile, Spot, limits};
use xmpp_audit::source::{Bounds, Reader};
use zeroize::Zeroizing;

/// A password that cannot stand anywhere by chance.
const CANARY: &str = "xK9canaryQ2";

fn read(path: &str, bytes: &[u8]) -> Profile {
    let reader = Reader::of_standard_input(Bounds::default(), PathBuf::from(path), Zeroizing::new(bytes.to_vec()));
    let kind = Profanity.recognise(path.as_ref(), bytes).unwrap();
    Profanity.read(&[Found { path: path.into(), kind, home: None }], &reader)
}

fn a_path() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just(ACCOUNTS), Just(PROFRC), Just(TLSCERTS), Just(BOOKMARKS), Just(INPUTRC)]
}

/// Lines that keep the file readable, most of them with a password.
fn a_sound_line() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("[alice@example.org]".to_owned()),
        Just("[alias]".to_owned()),
        Just("[talk@riseup.net]".to_owned()),
        Just("tls.policy=allow".to_owned()),
        Just(format!("password={CANARY}")),
        Just(format!("  Password = {CANARY}")),
        Just(format!("password[de]={CANARY}")),
        Just(format!("# password: {CANARY}")),
        Just(format!("eval_password=echo {CANARY}")),
        Just(format!("rs=/join talk@riseup.net password {CANARY}")),
        Just(format!("rs=/join \"talk@riseup.net\" nick me password \"{CANARY}\"")),
        Just(format!("rs=/join \"talk@riseup.net password {CANARY}\"")),
        Just(format!("rs=/join xmpp:a@b.test?join;password={CANARY}")),
        Just(format!("rs=/bookmark add a@b.test password {CANARY} autojoin on")),
        Just(format!("pw=/account\\sset\\sme\\spass\\\\word {CANARY}")),
        Just(format!("k=/connect alice tls disable password {CANARY}")),
        Just(format!("\"\\C-x\": \"/account set me password {CANARY}\\n\"")),
        Just(format!("\"\\C-x\": \"/join a@b.test \\x70assword {CANARY}\\n/connect a tls allow\"")),
        Just(format!("url.open.cmd=TOKEN={CANARY} firefox %u")),
        Just(format!("compose.editor=PASS={CANARY} vim")),
        Just("[executables]".to_owned()),
        Just("[plugins]".to_owned()),
        Just("omemo.disabled=bob@example.org;".to_owned()),
        Just("omemo.policy=bogus".to_owned()),
        Just("load=a.py;".to_owned()),
    ]
}

/// Lines at which the client stops reading, or that may be anything.
fn a_broken_line() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("[bob@example.org".to_owned()),
        Just("<<<<<<< HEAD".to_owned()),
        Just("=======".to_owned()),
        Just(format!("{{{{ $password := \"{CANARY}\" }}}}")),
        Just(CANARY.to_owned()),
        "[a-z@.=\\[\\] ;#/]{0,12}",
    ]
}

fn a_group() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just(""), Just("[alias]\n"), Just("[alice@example.org]\n")]
}

fn a_line() -> impl Strategy<Value = String> {
    prop_oneof![12 => a_sound_line(), 1 => a_broken_line()]
}

proptest! {
    #[test]
    fn no_secret_shows(path in a_path(), group in a_group(), lines in proptest::collection::vec(a_line(), 0..20), crlf: bool) {
        let text = format!("{group}{}", lines.join(if crlf { "\r\n" } else { "\n" }));
        let profile = read(path, text.as_bytes());
        for place in places(&profile) {
            prop_assert!(!place.words.contains(CANARY), "{}", place.words);
            let Spot::Text(span) = place.spot else { continue };
            let excerpt = profile.file(place.file).unwrap().text.as_ref().unwrap().excerpt(span);
            prop_assert!(!excerpt.text.contains(CANARY), "{} in {text}", excerpt.text);
        }
        for habit in &profile.habits {
            prop_assert!(!habit.detail.as_ref().is_some_and(|detail| detail.contains(CANARY)));
        }
        prop_assert!(profile.commands.iter().all(|command| !command.name.contains(CANARY)));
        let debug = format!("{profile:?}");
        prop_assert!(!debug.contains(CANARY));
    }

    #[test]
    fn any_bytes_at_all(path in a_path(), bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let profile = read(path, &bytes);
        for place in places(&profile) {
            let Spot::Text(span) = place.spot else { continue };
            prop_assert!(span.start <= span.end && span.end <= bytes.len());
        }
    }

    #[test]
    fn recognising_never_breaks(path in "[a-z_.#-]{0,12}(/(accounts|profrc|tlscerts|config)[a-z.#]{0,6})?", head in any::<Vec<u8>>()) {
        let _ = Profanity.recognise(path.as_ref(), &head);
    }
}

#[test]
fn much_of_everything_takes_no_time() {
    let mut text = String::new();
    for number in 0..8_000 {
        text.push_str(&format!("[a{number}@example.org]\ntls.policy=allow\ntls.policy=force\n"));
    }
    text.push_str("stray\n");
    text.push_str(&"[x]\nk=v\npassword ".repeat(8_000));
    text.push_str(&"[".repeat(100_000));
    assert!((text.len() as u64) < limits::TEXT, "it would not be read at all");
    let start = std::time::Instant::now();
    let profile = read(ACCOUNTS, text.as_bytes());
    assert_eq!(profile.accounts.len(), limits::ACCOUNTS);
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}
