//! Commands that Profanity keeps for its user, the version of the client, and what lies beside its settings.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod profanity_home;

use profanity_home::{ACCOUNTS, Home, INPUTRC, PROFRC, TLSCERTS, idle, marked};
use xmpp_audit::model::{
    CertificateCheck, CommandEffect, Encryption, Idle, Outcome, PasswordCommand, Profile, Purpose, Spot,
};

const SCRIPT: &str = ".local/share/profanity/scripts/morning";

/// Effect, whether it is stored, name, what is marked.
fn commands(profile: &Profile) -> Vec<(CommandEffect, bool, &str, &str)> {
    let commands = profile.commands.iter();
    commands
        .map(|command| (command.effect, command.stores, command.name.as_str(), marked(profile, &command.place)))
        .collect()
}

#[test]
fn commands_in_aliases_scripts_and_key_bindings() {
    use CommandEffect::{
        ConnectsLegacy, ConnectsNever, ConnectsOptional, ConnectsUnchecked, HoldsPassword, HoldsRoomPassword,
        Registers,
    };
    let home = Home::with(&[
        (ACCOUNTS, "[alice@example.org]\n"),
        (
            PROFRC,
            "[alias]\nold=/connect a tls allow\nw=/connect alice@example.org tls disable\nold=/connect a tls force\n\
             n=/connect\\salice\\stls\\strust\nfix=/account set alice auth legacy\n\
             tell=/msg bob never type /connect alice tls disable\n[ui]\nx=/connect alice tls disable\n",
        ),
        (SCRIPT, "/connect alice tls allow auth legacy\n /connect a tls disable\n/connect b tls allow\n/help"),
        (
            INPUTRC,
            "\"\\C-x\": \"/register bob x.test\\n/account set a password hunter2\\n\"\n\"\\C-y\": next-line\n",
        ),
    ]);
    let profile = home.read();
    assert_eq!(
        commands(&profile),
        [
            (ConnectsNever, false, "w", "disable"),
            (ConnectsUnchecked, false, "n", "trust"),
            (ConnectsLegacy, true, "fix", "legacy"),
            (Registers, false, "\\C-x", "/register"),
            (HoldsPassword, true, "\\C-x", "hunter2"),
            (ConnectsOptional, false, "morning", "allow"),
            (ConnectsLegacy, false, "morning", "legacy"),
            (ConnectsOptional, false, "morning", "allow"),
        ]
    );
    let words: Vec<_> = profile.commands.iter().map(|command| command.place.words.as_str()).collect();
    assert_eq!(words[0], "profrc[alias] / w / connects_never");
    assert_eq!(words[3], "inputrc / \\C-x / registers");
    assert_eq!(words[5], "scripts/morning / connects_optional");
    assert_eq!(words[7], "scripts/morning / connects_optional (2)");

    let secret = Home::with(&[(PROFRC, "[alias]\nr=/join a@b.test password hunter2\n")]).read();
    assert_eq!(commands(&secret), [(HoldsRoomPassword, false, "r", "hunter2")]);
}

#[test]
fn secrets_of_commands_are_hidden_and_counted() {
    for (path, content) in [
        (SCRIPT, "/account set a password hunter2\n"),
        (SCRIPT, "/account set a pass\\word hunter2\n"),
        (INPUTRC, "\"\\C-x\": \"/account set a password hunter2\\n\"\n"),
        (INPUTRC, "\"\\C-x\": \"/account set a \\x70assword hunter2\\n/help\"\n"),
        (INPUTRC, "'\\C-x': \"/help\"\nControl-x: '/join a@b.test password hunter2'\n"),
        (PROFRC, "[alias]\nx=/account\\sset\\sa\\spassword\\shunter2\n"),
        (PROFRC, "[alias]\nx=/alias add y \"/account set a password hunter2\"\n"),
        (ACCOUNTS, "[alice@example.org]\neval_password=echo hunter2\n"),
    ] {
        let profile = Home::with(&[(ACCOUNTS, "[alice@example.org]\n"), (path, content)]).read();
        let file = profile.files.iter().find(|file| file.path.ends_with(path) && file.holds_secret);
        let file = file.unwrap_or_else(|| panic!("{content} holds no secret"));
        let text = file.text.as_ref().unwrap();
        for start in 0..content.len() {
            let excerpt = text.excerpt(xmpp_audit::model::Span::at(start));
            assert!(!excerpt.text.contains("hunter2"), "{content}");
        }
    }
    for (path, content) in [
        (SCRIPT, "/msg bob what was the password again?\n"),
        (INPUTRC, "# the password is in pass\n\"\\C-p\": \"/join passwords@x.test\"\n"),
    ] {
        let profile = Home::with(&[(ACCOUNTS, "[alice@example.org]\n"), (path, content)]).read();
        assert!(profile.files.iter().all(|file| !file.holds_secret), "{content}");
        assert!(profile.commands.is_empty(), "{content}");
    }
    // To the end of the line and no further.
    let script = "/account set a password hunter2\n/connect a tls disable\n";
    let profile = Home::with(&[(ACCOUNTS, "[alice@example.org]\n"), (SCRIPT, script)]).read();
    let next = profile.commands.iter().find(|command| command.effect == CommandEffect::ConnectsNever).unwrap();
    let Spot::Text(span) = next.place.spot else { panic!("{next:?}") };
    let text = profile.file(next.place.file).unwrap().text.as_ref().unwrap();
    assert_eq!(text.excerpt(span).text, "/connect a tls disable");
}

#[test]
fn key_bindings_join_rooms() {
    let profile = Home::with(&[(INPUTRC, "\"\\C-r\": \"/join talk@riseup.net\\n\"\n")]).read();
    let [room] = profile.rooms.as_slice() else { panic!() };
    assert_eq!(marked(&profile, &room.service_place), "riseup.net");
    assert_eq!(room.place.words, "inputrc / \\C-r / talk@riseup.net");
}

#[test]
fn scripts_are_found_beside_preferences_alone() {
    for (config, data) in [
        (".config/profanity/profrc", ".local/share/profanity"),
        ("dots/dot_config/profanity/profrc", "dots/dot_local/share/profanity"),
        ("stow/profanity/.config/profanity/profrc", "stow/profanity/.local/share/profanity"),
    ] {
        let home = Home::with(&[
            (config, "[ui]\nbeep=true\n"),
            (&format!("{data}/scripts/s"), "/connect alice tls disable\n"),
            (&format!("{data}/omemo/a_at_x/identity.txt"), "[identity]\n"),
        ]);
        let profile = home.read();
        assert_eq!(profile.commands.len(), 1, "{config}");
        assert!(profile.files.iter().any(|file| file.kind.1 == Purpose::Keys), "{config}");
    }
}

#[test]
fn commands_that_print_the_password() {
    use PasswordCommand::{Absent, HoldsSecret, NeedsShell, Sound};
    let judged = |lines: &str, version: Option<&str>| {
        let home = Home::with(&[(ACCOUNTS, &format!("[alice@example.org]\n{lines}\n"))]);
        let profile = version.map_or_else(|| home.read(), |version| home.read_with(version));
        assert!(idle(&profile).is_empty(), "{lines}");
        profile.accounts[0].password_command.value
    };
    for (lines, expected) in [
        ("", Absent),
        ("eval_password=", Absent),
        ("eval_password=pass show xmpp", Sound),
        ("eval_password=pass show xmpp | head -n 1", NeedsShell),
        ("eval_password=sh -c 'pass show xmpp | head -n 1'", Sound),
        ("eval_password=echo hunter2", HoldsSecret),
        // It is never run; the secret stands there all the same.
        ("password=\neval_password=pass show xmpp | head -n 1", Sound),
        ("password=\neval_password=echo hunter2", HoldsSecret),
    ] {
        assert_eq!(judged(lines, None), expected, "{lines}");
    }
    let piped = "eval_password=pass show xmpp | head -n 1";
    assert_eq!(judged(piped, Some("0.16.0")), Sound);
    assert_eq!(judged(piped, Some("0.17.0")), NeedsShell);
    assert_eq!(judged("eval_password=echo hunter2", Some("0.16.0")), HoldsSecret);
}

#[test]
fn what_the_version_decides_about_connections() {
    let read = |version: &str, policy: &str| {
        let content = format!("[a@x.test]\ntls.policy={policy}\n[b@x.test]\n");
        Home::with(&[(ACCOUNTS, &content), (PROFRC, "")]).read_with(version)
    };
    for (version, policy, encryption, check, misspelt) in [
        ("0.4.7", "force", Encryption::Optional, CertificateCheck::Asks, false),
        ("0.5.1", "trust", Encryption::Required, CertificateCheck::Asks, true),
        ("0.6.0", "trust", Encryption::Optional, CertificateCheck::Off, false),
        ("0.8.1", "trust", Encryption::Optional, CertificateCheck::Off, false),
        ("0.9.0", "trust", Encryption::Required, CertificateCheck::Off, false),
        ("0.15.1", "direct", Encryption::Required, CertificateCheck::Asks, true),
        ("0.16.0", "direct", Encryption::Direct, CertificateCheck::Asks, false),
    ] {
        let profile = read(version, policy);
        let account = &profile.accounts[0];
        assert_eq!(account.encryption.value, encryption, "{version} {policy}");
        assert_eq!(account.certificate_check.value, check, "{version} {policy}");
        assert_eq!(account.policy_misspelt, misspelt, "{version} {policy}");
        let old = version == "0.4.7";
        assert_eq!(idle(&profile), if old { vec![("tls.policy", Idle::OtherGeneration, "force")] } else { vec![] });
        assert_eq!(profile.version.as_ref().unwrap().text(), version);
    }
    let old = read("0.8.1", "trust");
    assert_eq!((old.accounts[0].exposure.strips, old.accounts[0].exposure.forges), (Outcome::Sent, Outcome::Sent));
    assert_eq!(read("0.4.7", "force").accounts[1].exposure.strips, Outcome::Sent);

    for (version, spreads) in
        [("0.12.1", None), ("0.13.0", Some(0)), ("0.13.1", Some(0)), ("0.14.0", None), ("0.18.2", None)]
    {
        assert_eq!(read(version, "allow").policy_spreads_from, spreads, "{version}");
    }
    let home = Home::with(&[(PROFRC, "[logging]\ndblog=off\n")]);
    assert_eq!(idle(&home.read_with("0.13.1")), [("dblog", Idle::OtherGeneration, "off")]);
    assert!(home.read_with("0.14.0").idle_settings.is_empty() && home.read().idle_settings.is_empty());
}

#[test]
fn accepted_certificates_are_of_the_hash_of_the_version() {
    let content = format!("[{}]\n[{}]\n", "0a".repeat(20), "0b".repeat(32));
    let home = Home::with(&[(TLSCERTS, &content)]);
    let accepted = |profile: Profile| -> Vec<usize> {
        profile.certificate_exceptions.iter().map(|exception| exception.name.len()).collect()
    };
    assert_eq!(accepted(home.read_with("0.15.1")), [40]);
    assert_eq!(accepted(home.read_with("0.16.0")), [64]);
    assert_eq!(accepted(home.read()), [40, 64]);
}

#[cfg(unix)]
#[test]
fn stores_and_logs_are_looked_at() {
    use std::os::unix::fs::PermissionsExt;
    let data = ".local/share/profanity";
    let mut home = Home::with(&[(ACCOUNTS, "[a@x.test]\n"), (".profanity/config", "[ui]\n")]);
    for file in [
        "otr/a_at_x/keys.txt",
        "otr/a_at_x/fingerprints.txt",
        "omemo/a_at_x/identity.txt",
        "omemo/a_at_x/sessions.txt",
        "omemo/a_at_x/trust.txt",
        "omemo/a_at_x/known_devices.txt",
        "database/a_at_x/chatlog.db",
        "chatlogs/a_at_x/b_at_x/2024_01_01.log",
        "chatlogs/a_at_x/b_at_x/2024_01_02.log",
        "chatlogs/a_at_x/rooms/r_at_x/2024_01_01.log",
        "logs/profanity.log",
        "logs/profanity12.001.log",
        "logs/other.log",
        "plugins/a.py",
    ] {
        home = home.write(&format!("{data}/{file}"), b"x");
    }
    home =
        home.write(".profanity/log/profanity.log", b"x").write(".profanity/log/a_at_x/b_at_x/2012_01_01.log", b"x");
    let open = home.path(&format!("{data}/chatlogs/a_at_x/rooms/r_at_x/2024_01_01.log"));
    for folder in open.ancestors().skip(1).take(8) {
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    for file in ["chatlogs/a_at_x/b_at_x/2024_01_01.log", "chatlogs/a_at_x/b_at_x/2024_01_02.log"] {
        std::fs::set_permissions(home.path(&format!("{data}/{file}")), std::fs::Permissions::from_mode(0o600))
            .unwrap();
    }
    std::fs::set_permissions(&open, std::fs::Permissions::from_mode(0o644)).unwrap();

    let profile = home.read();
    let mut kinds: Vec<_> =
        profile.files.iter().map(|file| (file.kind.0, file.kind.1, file.holds_secret)).collect();
    kinds.sort();
    assert_eq!(
        kinds,
        [
            ("OMEMO keys", Purpose::Keys, true),
            ("OMEMO keys", Purpose::Keys, true),
            ("OMEMO trust", Purpose::Other, false),
            ("OMEMO trust", Purpose::Other, false),
            ("OTR keys", Purpose::Keys, true),
            ("accounts", Purpose::Settings, false),
            ("chat log", Purpose::History, false),
            ("log", Purpose::Log, false),
            ("messages", Purpose::History, false),
            ("old chat log", Purpose::History, false),
            ("old log", Purpose::Log, false),
            ("old settings", Purpose::Leftover, false),
            ("plug-in", Purpose::Code, false),
        ]
    );
    let old = profile.files.iter().find(|file| file.kind.0 == "old chat log").unwrap();
    assert!(old.path.ends_with("a_at_x/b_at_x/2012_01_01.log"));
    // Of many logs, the one that most people get at.
    let log = profile.files.iter().find(|file| file.kind.0 == "chat log").unwrap();
    assert_eq!(log.path, open);
    assert!(profile.notices.is_empty());
}

#[test]
fn places_of_commands_lie_in_their_files() {
    let profile = Home::with(&[(INPUTRC, "\"x\": \"/connect a tls disable")]).read();
    let Spot::Text(span) = profile.commands[0].place.spot else { panic!() };
    assert_eq!(span.end, profile.files[0].text.as_ref().unwrap().bytes().len());
}
