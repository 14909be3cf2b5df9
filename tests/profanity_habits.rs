//! What Profanity does beside logging in: each thing where it does it, and not where it nearly does.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod profanity_home;

use std::path::PathBuf;

use profanity_home::{ACCOUNTS, Home, PROFRC, marked};
use xmpp_audit::clients::{Client, profanity::Profanity};
use xmpp_audit::model::{Access, ConversationEncryption, EndToEnd, HabitKind, Origin, Profile};
use xmpp_audit::source::{Bounds, Reader};
use zeroize::Zeroizing;

const ACCOUNT: &str = "[alice@example.org]\njid=alice@example.org\n";

fn home(profrc: &str) -> Home {
    Home::with(&[(ACCOUNTS, ACCOUNT), (PROFRC, profrc)])
}

/// The habits of that kind, by the words of their places; `=` before those that are a default.
fn places(profile: &Profile, kind: HabitKind) -> Vec<String> {
    let habits = profile.habits.iter().filter(|habit| habit.what.value == kind);
    habits
        .map(|habit| match &habit.what.origin {
            Origin::Written(place) => place.words.clone(),
            Origin::Default { near, .. } => format!("={}", near.words),
        })
        .collect()
}

fn has(profile: &Profile, kind: HabitKind) -> bool {
    profile.habits.iter().any(|habit| habit.what.value == kind)
}

#[test]
fn switches_are_on_where_they_are_and_where_that_is_the_default() {
    use HabitKind::{
        FilesSentClear, FirstKeyTrusted, HistoryKept, IdleTimeShown, KeysImported, NewKeysTrusted, ProjectAsked,
        ReceiptsSent, SystemShown, TypingShown, WarningOff,
    };
    for (lines, kind, expected) in [
        ("", ReceiptsSent, "=profrc[connection] / receipts.send"),
        ("[connection]\n", ReceiptsSent, "=profrc[connection] / receipts.send"),
        ("[connection]\nreceipts.send=1", ReceiptsSent, "profrc[connection] / receipts.send"),
        ("[connection]\nreceipts.send=false", ReceiptsSent, ""),
        ("[connection]\nreceipts.send=yes", ReceiptsSent, ""),
        ("", SystemShown, "=profrc[connection] / reveal.os"),
        ("[connection]\nreveal.os=true ", SystemShown, "profrc[connection] / reveal.os"),
        ("[connection]\nreveal.os=true # no", SystemShown, ""),
        ("[connection]\nReveal.os=false", SystemShown, "=profrc[connection] / reveal.os"),
        ("", IdleTimeShown, "=profrc[presence] / lastactivity"),
        ("[presence]\nlastactivity=0", IdleTimeShown, ""),
        ("", TypingShown, "=profrc[chatstates] / outtype"),
        ("[chatstates]\nenabled=false", TypingShown, ""),
        ("[chatstates]\nouttype=false", TypingShown, ""),
        ("[chatstates]\nenabled=true\nouttype=true", TypingShown, "profrc[chatstates] / outtype"),
        ("", ProjectAsked, ""),
        ("[ui]\nvercheck=true", ProjectAsked, "profrc[ui] / vercheck"),
        ("[ui]\nvercheck=on", ProjectAsked, ""),
        ("", WarningOff, ""),
        ("[ui]\nenc.warn=true", WarningOff, ""),
        ("[ui]\nenc.warn=false", WarningOff, "profrc[ui] / enc.warn"),
        ("[ui]\nenc.warn=on", WarningOff, "profrc[ui] / enc.warn"),
        ("[ui]\nENC.WARN=false", WarningOff, ""),
        ("", FilesSentClear, ""),
        ("[otr]\nsendfile=true", FilesSentClear, "profrc[otr] / sendfile"),
        ("[pgp]\nsendfile=1", FilesSentClear, "profrc[pgp] / sendfile"),
        ("[pgp]\nsendfile=yes", FilesSentClear, ""),
        ("[omemo]\nsendfile=true", FilesSentClear, ""),
        ("", KeysImported, ""),
        ("[pgp]\npgp.pubkey.autoimport=true", KeysImported, "profrc[pgp] / pgp.pubkey.autoimport"),
        ("[omemo]\ntrustmode=blind", NewKeysTrusted, "profrc[omemo] / trustmode"),
        ("[omemo]\ntrustmode=Blind", NewKeysTrusted, ""),
        ("[omemo]\ntrustmode=firstusage", FirstKeyTrusted, "profrc[omemo] / trustmode"),
        ("[omemo]\ntrustmode=manual", FirstKeyTrusted, ""),
        ("", HistoryKept, ""),
        ("[logging]\nchlog=true", HistoryKept, "profrc[logging] / chlog"),
        ("[logging]\nchlog=on", HistoryKept, ""),
        ("[logging]\nchlog=true\ndblog=redact", HistoryKept, ""),
        ("[logging]\nchlog=true\ndblog=Redact", HistoryKept, "profrc[logging] / chlog"),
        ("[logging]\ngrlog=true\ndblog=redact", HistoryKept, "profrc[logging] / grlog"),
        // Behind a line at which the client stops, a default is in force.
        ("[ui]\nstray\nenc.warn=false", WarningOff, ""),
        ("[x]\nstray\n[connection]\nreveal.os=false", SystemShown, "=profrc[connection] / reveal.os"),
    ] {
        let found = places(&home(&format!("{lines}\n")).read(), kind);
        let expected: Vec<_> = [expected].into_iter().filter(|words| !words.is_empty()).collect();
        assert_eq!(found, expected, "{lines}: {kind:?}");
    }
}

#[test]
fn decrypted_messages_are_kept_in_the_database_and_in_files() {
    for (lines, expected) in [
        ("", vec!["=profrc[logging] / dblog"]),
        ("[logging]\ndblog=on", vec!["profrc[logging] / dblog"]),
        ("[logging]\ndblog=OFF", vec!["profrc[logging] / dblog"]),
        ("[logging]\ndblog=off", vec![]),
        ("[logging]\ndblog=redact\nchlog=false\n[omemo]\nlog=on", vec![]),
        ("[logging]\ndblog=off\n[omemo]\nlog=on", vec![]),
        ("[logging]\ndblog=off\nchlog=true", vec!["profrc[logging] / chlog"]),
        (
            "[logging]\ndblog=off\nchlog=true\n[omemo]\nlog=on\n[otr]\nlog=redact\n[pgp]\nlog=off\n[ox]\nlog=ON",
            vec!["profrc[omemo] / log"],
        ),
        (
            "[logging]\ndblog=off\nchlog=true\n[omemo]\nlog=off\n[otr]\nlog=on\n[pgp]\nlog=on\n[ox]\nlog=redact",
            vec!["profrc[otr] / log", "profrc[pgp] / log"],
        ),
        // Files of chats are redacted along with the database, those of rooms are not.
        ("[logging]\ndblog=redact\nchlog=true\n[omemo]\nlog=off", vec![]),
        ("[logging]\ndblog=redact\nchlog=true\n[omemo]\nlog=on", vec!["profrc[omemo] / log"]),
    ] {
        let mut found = places(&home(&format!("{lines}\n")).read(), HabitKind::DecryptedKept);
        found.sort();
        assert_eq!(found, expected, "{lines}");
    }
}

#[test]
fn versions_have_other_defaults() {
    use HabitKind::{
        DecryptedKept, IdleTimeShown, KeysImported, NewKeysTrusted, ReceiptsSent, SystemShown, TypingShown,
    };
    for (version, lines, kind, expected) in [
        ("0.8.1", "", ReceiptsSent, false),
        ("0.8.1", "[connection]\nreceipts.send=true", ReceiptsSent, true),
        ("0.9.0", "", ReceiptsSent, true),
        ("0.8.1", "", TypingShown, false),
        ("0.9.0", "", TypingShown, true),
        ("0.7.1", "", SystemShown, false),
        ("0.8.0", "", SystemShown, true),
        ("0.4.7", "", IdleTimeShown, false),
        ("0.5.0", "", IdleTimeShown, true),
        ("0.8.1", "", DecryptedKept, false),
        ("0.13.1", "[logging]\ndblog=off", DecryptedKept, true),
        ("0.14.0", "[logging]\ndblog=off", DecryptedKept, false),
        ("0.8.1", "[logging]\nchlog=true", DecryptedKept, false),
        ("0.8.1", "[logging]\nchlog=true\n[otr]\nlog=on", DecryptedKept, true),
        ("0.10.0", "[omemo]\ntrustmode=blind", NewKeysTrusted, false),
        ("0.11.0", "[omemo]\ntrustmode=blind", NewKeysTrusted, true),
        ("0.13.1", "[pgp]\npgp.pubkey.autoimport=true", KeysImported, false),
        ("0.14.0", "[pgp]\npgp.pubkey.autoimport=true", KeysImported, true),
    ] {
        let profile = home(&format!("{lines}\n")).read_with(version);
        assert_eq!(has(&profile, kind), expected, "{version} {lines}: {kind:?}");
    }
}

#[test]
fn defaults_are_in_force_only_where_there_is_no_profrc_for_certain() {
    let in_home = Home::with(&[(ACCOUNTS, ACCOUNT)]).read();
    assert!(has(&in_home, HabitKind::SystemShown) && has(&in_home, HabitKind::DecryptedKept));
    assert_eq!(in_home.accounts[0].end_to_end.value, EndToEnd::DefaultOff);
    assert_eq!(in_home.accounts[0].end_to_end.place().words, "profrc[omemo] / policy");

    // On standard input nobody knows what stands in `profrc`.
    let bytes = Zeroizing::new(b"[a@x.test]\npgp.keyid=0123\n[b@x.test]\nomemo.policy=always\n".to_vec());
    let reader = Reader::of_standard_input(Bounds::default(), PathBuf::from(ACCOUNTS), bytes);
    let kind = Profanity.recognise(ACCOUNTS.as_ref(), b"").unwrap();
    let found = xmpp_audit::clients::Found { path: ACCOUNTS.into(), kind, home: None };
    let alone = Profanity.read(&[found], &reader);
    assert_eq!(alone.habits.len(), 1);
    assert_eq!(alone.habits[0].what.value, HabitKind::KeyShown);
    let decided: Vec<_> = alone.accounts.iter().map(|account| account.end_to_end.value).collect();
    assert_eq!(decided, [EndToEnd::Undecided, EndToEnd::DefaultOn]);
}

#[test]
fn no_two_habits_have_the_same_place_in_words() {
    let profile = home("[logging]\nchlog=true\ngrlog=true\n[otr]\nsendfile=true\n[pgp]\nsendfile=true\n").read();
    let mut known = std::collections::BTreeSet::new();
    for habit in &profile.habits {
        let words = format!("{} {}", habit.what.value.word(), habit.what.place().words);
        assert!(known.insert(words.clone()), "{words}");
    }
}

#[test]
fn an_account_shows_its_key_and_cannot_hide_its_name() {
    let name = "client.name=Pidgin 2\n";
    let shows = |lines: &str, version: Option<&str>| {
        let home = Home::with(&[(ACCOUNTS, &format!("{ACCOUNT}{lines}")), (PROFRC, "")]);
        let profile = version.map_or_else(|| home.read(), |version| home.read_with(version));
        (has(&profile, HabitKind::ClientShown), has(&profile, HabitKind::SystemShown))
    };
    assert_eq!(shows(name, None), (true, true));
    assert_eq!(shows("client.name=\n", None), (false, true));
    assert_eq!(shows("", None), (false, true));
    assert_eq!(shows(name, Some("0.18.2")), (true, true));
    assert_eq!(shows(name, Some("0.16.0")), (true, true));
    assert_eq!(shows(name, Some("0.15.1")), (false, false));
    assert_eq!(shows(name, Some("0.14.0")), (false, false));
    assert_eq!(shows(name, Some("0.13.1")), (true, true));
    assert_eq!(shows(&format!("{name}client.account_name=Pidgin\n"), Some("0.18.2")), (false, false));

    let profile =
        Home::with(&[(ACCOUNTS, "[a@x.test]\n[b@x.test]\npgp.keyid=0123\n[c@x.test]\npgp.keyid=\n")]).read();
    let habits: Vec<_> = profile.habits.iter().filter(|habit| habit.what.value == HabitKind::KeyShown).collect();
    assert_eq!(habits.len(), 1);
    assert_eq!(habits[0].account, Some(1));
    assert_eq!(marked(&profile, habits[0].what.place()), "0123");
}

#[test]
fn a_policy_counts_before_there_is_an_account() {
    for (profrc, may_be_clear) in [
        ("[omemo]\npolicy=automatic", true),
        ("[omemo]\npolicy=manual", true),
        ("[otr]\npolicy=opportunistic", true),
        ("[omemo]\npolicy=always", false),
        ("[otr]\npolicy=always", false),
        ("[omemo]\npolicy=always\n[otr]\npolicy=always", false),
    ] {
        let profile = Home::with(&[(PROFRC, &format!("{profrc}\n"))]).read();
        assert_eq!(has(&profile, HabitKind::ChatsMayBeClear), may_be_clear, "{profrc}");
    }
}

#[test]
fn end_to_end_encryption_by_policy() {
    use EndToEnd::{DefaultOff, DefaultOn, Undecided};
    for (own, profrc, value, words) in [
        ("", "", DefaultOff, "profrc[omemo] / policy"),
        ("", "[omemo]\npolicy=automatic", DefaultOff, "profrc[omemo] / policy"),
        ("", "[omemo]\npolicy=manual", DefaultOff, "profrc[omemo] / policy"),
        ("", "[omemo]\npolicy=Always", DefaultOff, "profrc[omemo] / policy"),
        ("", "[omemo]\npolicy=always", DefaultOn, "profrc[omemo] / policy"),
        ("", "[otr]\npolicy=always", DefaultOn, "profrc[otr] / policy"),
        ("", "[otr]\npolicy=opportunistic", DefaultOff, "profrc[omemo] / policy"),
        ("omemo.policy=always", "", DefaultOn, "accounts[alice@example.org] / omemo.policy"),
        ("omemo.policy=manual", "[omemo]\npolicy=always", DefaultOff, "accounts[alice@example.org] / omemo.policy"),
        ("omemo.policy=opportunistic", "", DefaultOff, "accounts[alice@example.org] / omemo.policy"),
        ("omemo.policy=automatic", "", Undecided, "accounts[alice@example.org] / omemo.policy"),
        ("omemo.policy=", "", Undecided, "accounts[alice@example.org] / omemo.policy"),
        ("otr.policy=always", "", DefaultOn, "accounts[alice@example.org] / otr.policy"),
        ("otr.policy=bogus", "[otr]\npolicy=always", DefaultOff, "profrc[omemo] / policy"),
        ("omemo.policy=automatic\notr.policy=always", "", DefaultOn, "accounts[alice@example.org] / otr.policy"),
    ] {
        let home = Home::with(&[(ACCOUNTS, &format!("{ACCOUNT}{own}\n")), (PROFRC, &format!("{profrc}\n"))]);
        let profile = home.read();
        let account = &profile.accounts[0];
        assert_eq!(account.end_to_end.value, value, "{own} {profrc}");
        assert_eq!(account.end_to_end.place().words, words, "{own} {profrc}");
        assert_eq!(has(&profile, HabitKind::PolicyUndefined), value == Undecided, "{own} {profrc}");
        assert_eq!(has(&profile, HabitKind::ChatsMayBeClear), value == DefaultOff, "{own} {profrc}");
        if value == DefaultOff {
            assert_eq!(places(&profile, HabitKind::ChatsMayBeClear).len(), 1);
        }
    }
    for (version, profrc, value) in [
        ("0.3.1", "[otr]\npolicy=always", EndToEnd::Unavailable),
        ("0.5.0", "[otr]\npolicy=always", DefaultOn),
        ("0.6.0", "[omemo]\npolicy=always", DefaultOff),
        ("0.7.0", "[omemo]\npolicy=always", DefaultOn),
    ] {
        assert_eq!(
            home(&format!("{profrc}\n")).read_with(version).accounts[0].end_to_end.value,
            value,
            "{version}"
        );
    }
}

#[test]
fn contacts_that_are_left_out() {
    let read = |own: &str, profrc: &str| {
        Home::with(&[(ACCOUNTS, &format!("{ACCOUNT}{own}\n")), (PROFRC, &format!("{profrc}\n"))]).read()
    };
    let always = "[omemo]\npolicy=always";
    let profile = read(
        "muc.service=salons.example.org\nomemo.disabled=bob@example.org;alice@example.org;r@conference.x.test;\
         r@salons.example.org;carol@example.org;dave@x.test;example.org\nox.enabled=carol@example.org;",
        always,
    );
    let left_out: Vec<_> = profile.conversations.iter().map(|chat| chat.address.bare()).collect();
    assert_eq!(left_out, ["bob@example.org", "dave@x.test"]);
    let chat = &profile.conversations[0];
    assert_eq!(chat.encryption, ConversationEncryption::ChosenClear);
    assert_eq!((chat.account, chat.group), (Some(0), false));
    assert_eq!(marked(&profile, &chat.place), "bob@example.org");
    assert_eq!(chat.place.words, "accounts[alice@example.org] / omemo.disabled / bob@example.org");

    let disabled = "omemo.disabled=bob@example.org;";
    for (own, profrc) in [
        (disabled, "[omemo]\npolicy=automatic"),
        (disabled, ""),
        (&format!("omemo.policy=manual\n{disabled}"), always),
        (&format!("otr.policy=always\n{disabled}"), always),
        (&format!("otr.always=bob@example.org\n{disabled}"), always),
        ("omemo.disabled=bob@example.org;\\q", always),
        ("omemo.enabled=bob@example.org", always),
    ] {
        assert!(read(own, profrc).conversations.is_empty(), "{own} {profrc}");
    }
}

#[test]
fn programs_that_the_preferences_name() {
    use HabitKind::{CommandRun, ShellRun};
    for (lines, expected) in [
        ("[executables]\nurl.open.cmd=firefox %u", Some((CommandRun, Some("firefox"), Access::Unknown))),
        ("[executables]\nurl.save.cmd=curl -o %p %u", Some((CommandRun, Some("curl"), Access::Unknown))),
        ("[executables]\navatar.cmd=TOKEN=hunter2 feh %p", Some((CommandRun, None, Access::Unknown))),
        ("[executables]\nurl.open.cmd=sh -c \"firefox %u\"", Some((ShellRun, Some("sh"), Access::Unknown))),
        ("[executables]\nurl.open.cmd=sh -c firefox", Some((CommandRun, Some("sh"), Access::Unknown))),
        ("[ui]\ncompose.editor=emacs -nw", Some((CommandRun, Some("emacs"), Access::Unknown))),
        ("[ui]\ncompose.editor=sh -c %u", Some((CommandRun, Some("sh"), Access::Unknown))),
        ("[executables]\nurl.open.cmd=xdg-open %u", None),
        ("[executables]\navatar.cmd=xdg-open %p\nvcard.photo.cmd=xdg-open %p", None),
        ("[ui]\ncompose.editor=vim", None),
        ("[executables]\nurl.open.cmd=", None),
        ("[executables]\nURL.OPEN.CMD=firefox %u", None),
        ("[ui]\nurl.open.cmd=firefox %u", None),
        ("", None),
    ] {
        let profile = home(&format!("{lines}\n")).read();
        let habits = profile.habits.iter().filter(|habit| [CommandRun, ShellRun].contains(&habit.what.value));
        let found: Vec<_> =
            habits.map(|habit| (habit.what.value, habit.detail.as_deref(), habit.writable_by)).collect();
        assert_eq!(found, expected.into_iter().collect::<Vec<_>>(), "{lines}");
    }
    let open = home("[executables]\nurl.open.cmd=/dev/shm/open %u\n").read();
    assert!(has(&open, ShellRun));
}

#[cfg(unix)]
#[test]
fn plugins_that_are_loaded_and_there() {
    use std::os::unix::fs::PermissionsExt;
    let data = ".local/share/profanity/plugins";
    let home = home("[plugins]\nload=a.py;b.so;a.py;missing.py;notes.txt;\n")
        .write(&format!("{data}/a.py"), b"x")
        .write(&format!("{data}/b.so"), b"x")
        .write(&format!("{data}/unused.py"), b"x")
        .write(&format!("{data}/notes.txt"), b"x");
    let loaded = |profile: &Profile| {
        let habits = profile.habits.iter().filter(|habit| habit.what.value == HabitKind::PluginLoaded);
        let habits = habits.map(|habit| (habit.detail.clone().unwrap(), habit.what.place().words.clone()));
        habits.collect::<Vec<_>>()
    };
    let profile = home.read();
    assert_eq!(
        loaded(&profile),
        [
            ("a.py".to_owned(), "profrc[plugins] / load / a.py".to_owned()),
            ("b.so".to_owned(), "profrc[plugins] / load / b.so".to_owned()),
        ]
    );
    let habit = profile.habits.iter().find(|habit| habit.what.value == HabitKind::PluginLoaded).unwrap();
    assert_eq!(marked(&profile, habit.what.place()), "a.py");
    assert_eq!(habit.writable_by, Access::Owner);
    assert_eq!(profile.files.iter().filter(|file| file.kind.0 == "plug-in").count(), 3);

    for folder in ["", ".local", ".local/share", ".local/share/profanity", data] {
        let mode = if folder == data { 0o777 } else { 0o755 };
        std::fs::set_permissions(home.path(folder), std::fs::Permissions::from_mode(mode)).unwrap();
    }
    let open = home.read();
    let habit = open.habits.iter().find(|habit| habit.what.value == HabitKind::PluginLoaded).unwrap();
    assert_eq!(habit.writable_by, Access::Everyone);
}
