//! What Profanity makes of its files, row by row of what is known about them.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod profanity_home;

use std::fs;
use std::path::{Path, PathBuf};

use profanity_home::{ACCOUNTS, BOOKMARKS, Home, PROFRC, TLSCERTS, account, accounts, idle, marked, profrc};
use xmpp_audit::clients::profanity::{Profanity, Release, read_as};
use xmpp_audit::clients::{Client, Found};
use xmpp_audit::model::{
    AddressFault, CertificateCheck, CleartextLogin, Encryption, ExtraAuthority, Fault, Idle, LoginKind, Loss,
    Origin, Outcome, RoomFault, Secret, Trouble,
};
use xmpp_audit::source::{Bounds, Reader};
use zeroize::Zeroizing;

#[test]
fn words_of_the_tls_policy() {
    use CertificateCheck::{Asks, Off};
    use CleartextLogin::{Always, Never};
    for (line, encryption, check, clear_text, misspelt) in [
        ("", Encryption::Required, Asks, Never, false),
        ("tls.policy=force", Encryption::Required, Asks, Never, false),
        ("tls.policy=", Encryption::Required, Asks, Never, false),
        ("tls.policy=allow", Encryption::Optional, Asks, Always, false),
        ("tls.policy=   allow", Encryption::Optional, Asks, Always, false),
        ("tls.policy = allow", Encryption::Optional, Asks, Always, false),
        ("tls.policy=trust", Encryption::Required, Off, Never, false),
        ("tls.policy=disable", Encryption::Never, Asks, Always, false),
        ("tls.policy=legacy", Encryption::Direct, Asks, Never, false),
        ("tls.policy=direct", Encryption::Direct, Asks, Never, false),
        ("tls.policy=bogus", Encryption::Required, Asks, Never, true),
        ("tls.policy=FORCE", Encryption::Required, Asks, Never, true),
        ("tls.policy=Disable", Encryption::Required, Asks, Never, true),
        ("tls.policy=disable ", Encryption::Required, Asks, Never, true),
        ("tls.policy=disable # comment", Encryption::Required, Asks, Never, true),
        ("tls.policy=\"disable\"", Encryption::Required, Asks, Never, true),
        ("tls.policy=disable\\s", Encryption::Required, Asks, Never, true),
        ("tls.policy=di\\x73able", Encryption::Required, Asks, Never, true),
        ("tls.policy[de]=disable", Encryption::Required, Asks, Never, false),
        ("TLS.POLICY=disable", Encryption::Required, Asks, Never, false),
        ("; tls.policy=disable", Encryption::Required, Asks, Never, false),
        ("# tls.policy=disable", Encryption::Required, Asks, Never, false),
        ("tls.policy=disable\ntls.policy=force", Encryption::Required, Asks, Never, false),
        ("tls.policy=force\ntls.policy=disable", Encryption::Never, Asks, Always, false),
        (
            "tls.policy=disable\n[b]\nk=v\n[alice@example.org]\ntls.policy=force",
            Encryption::Required,
            Asks,
            Never,
            false,
        ),
    ] {
        let account = account(line);
        assert_eq!(account.encryption.value, encryption, "{line}");
        assert_eq!(account.certificate_check.value, check, "{line}");
        assert_eq!(account.cleartext_login.value, clear_text, "{line}");
        assert_eq!(account.policy_misspelt, misspelt, "{line}");
    }
}

#[test]
fn a_policy_that_cannot_be_decoded_is_force() {
    let home = Home::new().write(ACCOUNTS, b"[a@example.org]\ntls.policy=disabl\xe9\n");
    let account = &home.read().accounts[0];
    assert_eq!(account.encryption.value, Encryption::Required);
    assert!(account.policy_misspelt);
}

#[test]
fn direct_is_a_word_since_0_16() {
    let home = Home::with(&[(ACCOUNTS, "[a@example.org]\ntls.policy=direct\n")]);
    let old = read_as(&home.found(), &Reader::default(), Release::Before0_16);
    assert_eq!(old.accounts[0].encryption.value, Encryption::Required);
    assert!(old.accounts[0].policy_misspelt);
}

#[test]
fn what_is_absent_has_the_default_of_the_client() {
    let account = account("");
    assert_eq!(account.encryption.default_word(), Some("force"));
    assert_eq!(account.certificate_check.default_word(), Some("force"));
    assert_eq!(account.cleartext_login.default_word(), Some("force"));
    assert_eq!(account.legacy_login.default_word(), Some("default"));
    assert_eq!((account.enabled.value, account.enabled.default_word()), (false, Some("false")));
    assert_eq!(account.server.value, None);
    assert_eq!(account.port.value, None);
    assert_eq!(account.room_service.value, None);
    assert_eq!(account.password.value, Secret::Absent);
    assert!(matches!(account.password.origin, Origin::Default { .. }));
    assert_eq!(account.place.words, "accounts[alice@example.org]");
}

#[test]
fn the_jid_is_the_key_or_the_name_of_the_group() {
    let jid = |text: &str| accounts(text).accounts[0].address.value.clone();
    assert_eq!(jid("[work]\njid=alice@example.org\n").bare(), "alice@example.org");
    assert_eq!(jid("[alice@example.org/laptop]\n").resource.as_deref(), Some("laptop"));
    assert_eq!(jid("[alice@example.org]\n").bare(), "alice@example.org");
    assert_eq!(jid("[work]\njid=\n").fault, AddressFault::Empty);
    let undecodable = Home::new().write(ACCOUNTS, b"[a@example.org]\njid=\xe9\n").read();
    assert_eq!(undecodable.accounts[0].address.value.bare(), "a@example.org");

    let profile = accounts("[a@example.org]\nk=v\n");
    assert_eq!(marked(&profile, profile.accounts[0].address.place()), "a@example.org");
    assert_eq!(profile.accounts[0].address.default_word(), None);
}

#[test]
fn without_a_local_part_the_login_is_anonymous() {
    let profile = accounts("[guest]\njid=example.org\ntls.policy=disable\n[a]\njid=a@example.org\n[@b]\n");
    let logins: Vec<_> = profile.accounts.iter().map(|account| account.login).collect();
    assert_eq!(logins, [LoginKind::Anonymous, LoginKind::Password, LoginKind::Password]);
    assert_eq!(profile.accounts[0].exposure.strips, Outcome::Safe);
}

#[test]
fn legacy_login_is_one_exact_word() {
    for (line, legacy, unknown) in [
        ("auth.policy=legacy", true, false),
        ("auth.policy=default", false, false),
        ("auth.policy=LEGACY", false, true),
        ("auth.policy=legacy ", false, true),
        ("auth.policy=", false, false),
        ("", false, false),
    ] {
        let profile = accounts(&format!("[a@example.org]\n{line}\n"));
        assert_eq!(profile.accounts[0].legacy_login.value, legacy, "{line}");
        assert_eq!(!profile.idle_settings.is_empty(), unknown, "{line}");
    }
}

#[test]
fn passwords_are_only_classified() {
    for (line, secret, holds) in [
        ("password=hunter2", Secret::Clear, true),
        ("password=", Secret::Empty, false),
        ("password={{ pass \"xmpp\" }}", Secret::TemplatePlaceholder, false),
        ("eval_password=pass show xmpp", Secret::Absent, false),
        ("password=old\npassword=", Secret::Empty, true),
        ("#password=hunter2", Secret::Absent, true),
        ("PASSWORD=hunter2", Secret::Absent, true),
        ("stray\npassword=hunter2", Secret::Absent, true),
    ] {
        let profile = accounts(&format!("[a@example.org]\n{line}\n"));
        assert_eq!(profile.accounts[0].password.value, secret, "{line}");
        assert_eq!(profile.files[0].holds_secret, holds, "{line}");
    }
    let undecodable = Home::new().write(ACCOUNTS, b"[a@example.org]\npassword=caf\xe9\n").read();
    assert_eq!(undecodable.accounts[0].password.value, Secret::Clear);
    assert_eq!(undecodable.idle_settings[0].reason, Idle::Unreadable);
}

#[test]
fn enabled_protects_nothing() {
    for (line, enabled) in
        [("enabled=true", true), ("enabled=1", true), ("enabled=false", false), ("enabled=yes", false)]
    {
        let account = account(line);
        assert_eq!(account.enabled.value, enabled, "{line}");
        assert!(!account.disabling_protects);
    }
}

#[test]
fn server_and_port() {
    assert_eq!(account("server=192.0.2.7").server.value.as_deref(), Some("192.0.2.7"));
    let nowhere = account("server=\ntls.policy=disable");
    assert_eq!(nowhere.server.value.as_deref(), Some(""));
    assert_eq!(nowhere.exposure.strips, Outcome::Safe);
    for (line, port) in [("5223", Some(5223)), ("0x1466", None), ("0", None), ("70000", None), ("-1", None)] {
        assert_eq!(account(&format!("port={line}")).port.value, port, "{line}");
    }
}

#[test]
fn the_service_of_rooms_stays_as_written() {
    for service in ["conference.riseup.net", "riseup.net", "talk@conference.riseup.net", "a/b"] {
        let account = account(&format!("muc.service={service}"));
        assert_eq!(account.room_service.value.as_deref(), Some(service));
    }
}

#[test]
fn an_empty_path_of_certificates_keeps_tls_from_starting() {
    let profile = |policy: &str| {
        Home::with(&[
            (ACCOUNTS, &format!("[a@example.org]\ntls.policy={policy}\n")),
            (PROFRC, "[connection]\ntls.certpath=\n"),
        ])
        .read()
    };
    let allow = profile("allow");
    assert_eq!(allow.accounts[0].encryption.value, Encryption::Never);
    assert_eq!(allow.accounts[0].exposure.listens, Outcome::Sent);
    assert_eq!(allow.extra_authority.as_ref().unwrap().value, ExtraAuthority::Empty);
    assert_eq!(marked(&allow, allow.accounts[0].encryption.place()), "allow");
    let force = profile("force");
    assert_eq!(force.accounts[0].encryption.value, Encryption::Required);
    assert_eq!(force.accounts[0].exposure.forges, Outcome::Safe);
    assert_eq!(profile("trust").accounts[0].exposure.forges, Outcome::Safe);
}

#[test]
fn where_further_authorities_lie() {
    let authority = |path: &str| {
        let profile = profrc(&format!("[connection]\ntls.certpath={path}\n"));
        profile.extra_authority.map(|setting| setting.value)
    };
    assert_eq!(authority("none"), None);
    assert_eq!(profrc("[connection]\n").extra_authority.map(|setting| setting.value), None);
    assert_eq!(authority(""), Some(ExtraAuthority::Empty));
    assert_eq!(authority("/"), Some(ExtraAuthority::System));
    assert_eq!(authority("/nonexistent-folder"), Some(ExtraAuthority::Missing));
    assert_eq!(authority("/etc/hostname"), Some(ExtraAuthority::Missing));
    assert_eq!(authority("certs"), Some(ExtraAuthority::Home));

    // In a repository, and on standard input, nothing can be said about the folders of the machine.
    let home = Home::with(&[(PROFRC, "[connection]\ntls.certpath=/usr/share/nonexistent\n")]);
    fs::create_dir(home.path(".git")).unwrap();
    assert_eq!(home.read().extra_authority.unwrap().value, ExtraAuthority::System);
    for (path, expected) in [
        ("/home/alice/certs", ExtraAuthority::Home),
        ("/tmp/certs", ExtraAuthority::Writable),
        ("/tmporary", ExtraAuthority::System),
    ] {
        let bytes = format!("[connection]\ntls.certpath={path}\n").into_bytes();
        let reader =
            Reader::of_standard_input(Bounds::default(), PathBuf::from(PROFRC), Zeroizing::new(bytes.clone()));
        let kind = Profanity.recognise(PROFRC.as_ref(), &bytes).unwrap();
        let found = Found { path: PROFRC.into(), kind, home: None };
        assert_eq!(Profanity.read(&[found], &reader).extra_authority.unwrap().value, expected, "{path}");
    }
}

#[cfg(unix)]
#[test]
fn a_folder_of_authorities_that_others_can_write_to() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let certs = folder.path().join("certs");
    fs::create_dir(&certs).unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    fs::set_permissions(&certs, fs::Permissions::from_mode(0o777)).unwrap();
    let profile = profrc(&format!("[connection]\ntls.certpath={}\n", certs.display()));
    assert_eq!(profile.extra_authority.unwrap().value, ExtraAuthority::Writable);
}

#[test]
fn a_weak_policy_spreads_if_there_is_another_account() {
    let from = |text: &str| accounts(text).policy_spreads_from;
    assert_eq!(from("[a@x]\ntls.policy=disable\n"), None);
    assert_eq!(from("[a@x]\n[b@x]\ntls.policy=trust\n"), Some(1));
    assert_eq!(from("[a@x]\ntls.policy=allow\n[b@x]\ntls.policy=disable\n"), Some(0));
    assert_eq!(from("[a@x]\ntls.policy=legacy\n[b@x]\ntls.policy=bogus\n"), None);
    // Disabled accounts count: Profanity connects them all the same.
    assert_eq!(from("[a@x]\nenabled=false\ntls.policy=allow\n[b@x]\n"), Some(0));
}

#[test]
fn pins_are_groups_in_lower_case() {
    let pin = "0a".repeat(20);
    let content = format!("[{pin}]\n[{}]\nversion=3\n[host.example.org]\n", pin.to_uppercase());
    let profile = Home::with(&[(TLSCERTS, &content)]).read();
    assert_eq!(profile.certificate_exceptions.len(), 1);
    assert_eq!(profile.certificate_exceptions[0].place.words, format!("tlscerts[{pin}]"));
}

#[test]
fn rooms_that_preferences_name() {
    let profile = profrc(
        "[alias]\nrs=/join talk@riseup.net\nb=/bookmark add room@muc.example.org nick me password hunter2\n\
         m=/msg alice@example.org hello\ni=/invite send bob@riseup.net\nshort=/join talk\nsp=/join\\sspaced@x.test\n\
         [help@riseup.net]\nnotify=true\nnotify.mention=false\n[alice@example.org]\ntls.policy=allow\n\
         [ui]\nbeep=true\n",
    );
    let rooms: Vec<_> = profile.rooms.iter().map(|room| room.address.bare()).collect();
    assert_eq!(rooms, ["help@riseup.net", "talk@riseup.net", "room@muc.example.org", "spaced@x.test"]);
    let services: Vec<_> = profile.rooms.iter().map(|room| marked(&profile, &room.service_place)).collect();
    assert_eq!(services, ["riseup.net", "riseup.net", "muc.example.org", "x.test"]);
    let with_password = &profile.rooms[2];
    assert_eq!(with_password.password.value, Secret::Clear);
    assert_eq!(marked(&profile, with_password.password.place()), "hunter2");
    assert!(profile.rooms.iter().all(|room| !room.autojoin && !room.answered && room.account.is_none()));
    assert!(profile.files[0].holds_secret);
    assert!(profile.idle_settings.iter().any(|setting| setting.name == "tls.policy"));
    // A question mark belongs to the name, but for an address of the kind `xmpp:`.
    let profile = profrc("[alias]\na=/join what?@riseup.net\nb=/join xmpp:talk@riseup.net?join\n");
    let rooms: Vec<_> = profile.rooms.iter().map(|room| room.address.bare()).collect();
    assert_eq!(rooms, ["what?@riseup.net", "talk@riseup.net"]);
    // Where escapes make the text longer in the file than it is, all of it is pointed at.
    let profile = profrc("[a\\\\b@riseup.net]\nnotify=true\n[alias]\na=/join a\\\\b@riseup.net\n");
    let services: Vec<_> = profile.rooms.iter().map(|room| marked(&profile, &room.service_place)).collect();
    assert_eq!(services, ["riseup.net", r"a\\b@riseup.net"]);
}

#[test]
fn rooms_are_faulty_as_their_addresses_are() {
    let profile = profrc("[@riseup.net]\n[ talk@riseup.net]\n[talk@]\n[a@b@c.test]\n");
    let faults: Vec<_> = profile.rooms.iter().map(|room| room.fault).collect();
    assert_eq!(faults, [RoomFault::NoName, RoomFault::Blank, RoomFault::NoService, RoomFault::ServiceNotHost]);
}

#[test]
fn ignored_bookmarks_are_rooms_of_an_account() {
    let profile = Home::with(&[
        (ACCOUNTS, "[work]\njid=alice@example.org\n"),
        (BOOKMARKS, "[alice@example.org]\ntalk@riseup.net=true\nnote=true\n[bob@example.org]\nr@x.test=true\n"),
    ])
    .read();
    let rooms: Vec<_> = profile.rooms.iter().map(|room| (room.address.bare(), room.account)).collect();
    assert_eq!(rooms, [("talk@riseup.net".to_owned(), Some(0)), ("r@x.test".to_owned(), None)]);
    assert_eq!(marked(&profile, &profile.rooms[0].place), "talk@riseup.net");
    assert_eq!(profile.rooms[1].account_address.as_ref().unwrap().bare(), "bob@example.org");
}

#[test]
fn scripts_beside_the_accounts_join_rooms() {
    let home = Home::with(&[
        (ACCOUNTS, "[a@example.org]\nscript.start=rooms\n"),
        (".local/share/profanity/scripts/rooms", "/join talk@riseup.net\n/join x@y.test password hunter2\n"),
        (".local/share/profanity/scripts/other", "hello\n/join z@y.test\n"),
        (".local/share/profanity/scripts/folder/file", "/join n@y.test\n"),
    ]);
    let profile = home.read();
    let mut rooms: Vec<_> = profile.rooms.iter().map(|room| (room.address.bare(), room.autojoin)).collect();
    rooms.sort();
    assert_eq!(
        rooms,
        [("talk@riseup.net".to_owned(), true), ("x@y.test".to_owned(), true), ("z@y.test".to_owned(), false)]
    );
    assert!(profile.notices.is_empty(), "{:?}", profile.notices);
    let script = profile.files.iter().find(|file| file.path.ends_with("rooms")).unwrap();
    assert!(script.holds_secret);
}

#[test]
fn stores_of_keys_and_messages_are_looked_at() {
    let home = Home::with(&[
        (ACCOUNTS, "[a@example.org]\n"),
        (".local/share/profanity/otr/a_at_example.org/keys.txt", "(privkeys)"),
        (".local/share/profanity/otr/a_at_example.org/fingerprints.txt", ""),
        (".local/share/profanity/omemo/a_at_example.org/identity.txt", "[identity]"),
        (".local/share/profanity/database/a_at_example.org/chatlog.db", "SQLite"),
        (".local/share/profanity/plugin_settings", "[p]"),
        (".local/share/profanity/capscache", ""),
    ]);
    let profile = home.read();
    let stores: Vec<_> = profile.files.iter().skip(1).map(|file| (file.kind.0, file.holds_secret)).collect();
    assert_eq!(
        stores,
        [("messages", false), ("OMEMO keys", true), ("OTR keys", true), ("plug-in settings", false)]
    );
    assert!(profile.files.iter().skip(1).all(|file| file.text.is_none() && file.mode.is_some()));
}

#[test]
fn what_has_no_effect_in_accounts() {
    use Idle::{Duplicate, ReadAsFalse, Unreadable, WrongPlace};
    for (lines, expected) in [
        ("tls.policy=disable\ntls.policy=force", vec![("tls.policy", Duplicate, "disable")]),
        ("tls.policy=force\ntls.policy=force", vec![]),
        ("presence.last=away\npresence.last=online", vec![]),
        ("TLS.POLICY=force", vec![("TLS.POLICY", WrongPlace, "force")]),
        ("tls policy=force", vec![("tls policy", WrongPlace, "force")]),
        ("tls.policy[de]=force", vec![("tls.policy[de]", WrongPlace, "force")]),
        ("tls.certpath=/x", vec![("tls.certpath", WrongPlace, "/x")]),
        (";tls.policy=force", vec![]),
        ("# TLS.POLICY=force", vec![]),
        ("something.else=1", vec![]),
        ("client.name=x", vec![]),
        ("enabled=yes", vec![("enabled", ReadAsFalse, "yes")]),
        ("enabled=true # really", vec![("enabled", ReadAsFalse, "true # really")]),
        ("enabled=No", vec![("enabled", Unreadable, "No")]),
        ("enabled=1", vec![]),
        ("port=0x1466", vec![("port", Unreadable, "0x1466")]),
        ("port=70000", vec![("port", Unreadable, "70000")]),
        ("port=0", vec![]),
        // A rule of its own says that the command is never run.
        ("password=\neval_password=x", vec![]),
        ("eval_password=x", vec![]),
        // A word that the client does not know is said of the account itself.
        ("tls.policy=bogus", vec![]),
    ] {
        let profile = accounts(&format!("[a@example.org]\n{lines}\n"));
        assert_eq!(idle(&profile), expected, "{lines}");
        assert!(profile.idle_settings.iter().all(|setting| setting.account == Some(0)), "{lines}");
        let profile = accounts(&format!("[b@example.org]\n[a@example.org]\n{lines}\n"));
        assert_eq!(idle(&profile), expected, "{lines}");
        assert!(profile.idle_settings.iter().all(|setting| setting.account == Some(1)), "{lines}");
    }
}

#[test]
fn what_has_no_effect_in_preferences() {
    use Idle::{Duplicate, ReadAsFalse, Unreadable, WrongPlace};
    for (lines, expected) in [
        ("[ui]\nenc.warn=on", vec![("enc.warn", ReadAsFalse, "on")]),
        ("[ui]\nenc.warn=true  ", vec![]),
        ("[connection]\nreveal.os=False", vec![("reveal.os", Unreadable, "False")]),
        ("[connection]\nReveal.OS=false", vec![("Reveal.OS", WrongPlace, "false")]),
        ("[Connection]\nreveal.os=false", vec![("Connection", WrongPlace, "Connection")]),
        ("[connection]\ntls.policy=force", vec![("tls.policy", WrongPlace, "force")]),
        ("[privacy]\nsomething=on", vec![]),
        ("[notifications]\nroom=mention", vec![]),
        ("[executables]\nurl.open.cmd[DEF]=false;x %u;", vec![]),
        ("[alias]\nTLS.POLICY=/help\ntls.policy=/help", vec![]),
        ("[r@x.test]\nnotify=on", vec![("notify", ReadAsFalse, "on")]),
        ("[logging]\nchlog=false\n[ui]\n[logging]\nchlog=true", vec![("chlog", Duplicate, "false")]),
        ("", vec![]),
    ] {
        assert_eq!(idle(&profrc(&format!("{lines}\n"))), expected, "{lines}");
    }
}

#[test]
fn what_stands_behind_a_malformed_line() {
    let profile = accounts(
        "[a@x.test]\ntls.policy=disable\nstray\ntls.policy=force\npassword=hunter2\n[b@x.test]\ntls.policy=allow\n\
         more stray\n[c@x.test]\n",
    );
    assert_eq!(profile.accounts.len(), 1);
    assert_eq!(profile.accounts[0].encryption.value, Encryption::Never);
    assert_eq!(
        idle(&profile),
        [
            ("tls.policy", Idle::AfterFault, "force"),
            ("b@x.test", Idle::AfterFault, "b@x.test"),
            ("c@x.test", Idle::AfterFault, "c@x.test"),
        ]
    );
    let accounts: Vec<_> = profile.idle_settings.iter().map(|setting| setting.account).collect();
    assert_eq!(accounts, [Some(0), None, None]);
    let of_second = profanity_home::accounts("[b@x.test]\n[a@x.test]\nstray\ntls.policy=force\n");
    assert_eq!(of_second.idle_settings[0].account, Some(1));
    let damage = profile.files[0].damage.as_ref().unwrap();
    assert_eq!((damage.fault, damage.loss), (Fault::StrayLine, Loss::Accounts));
    assert_eq!(marked(&profile, &damage.place), "stray");
}

#[test]
fn kinds_of_malformed_lines() {
    for (content, fault, at) in [
        ("[a]\nstray\n", Fault::StrayLine, "stray"),
        ("[a]\n; a comment, some think\n", Fault::StrayLine, "; a comment, some think"),
        ("[a\n", Fault::StrayLine, "[a"),
        ("[a] # comment\n", Fault::StrayLine, "[a] # comment"),
        ("[]\n", Fault::StrayLine, "[]"),
        ("[a]\n<<<<<<< HEAD\n", Fault::MergeMarker, "<<<<<<< HEAD"),
        ("[a]\n=======\n", Fault::MergeMarker, "======="),
        ("[a]\n>>>>>>> theirs\n", Fault::MergeMarker, ">>>>>>> theirs"),
        ("[a]\n{{ if .x }}\n", Fault::TemplateLine, "{{ if .x }}"),
        ("[a]\n{% endif %}\n", Fault::TemplateLine, "{% endif %}"),
        ("\u{feff}[a]\n", Fault::ByteOrderMark, "\u{feff}"),
        ("\u{feff}k=v\n", Fault::ByteOrderMark, "\u{feff}"),
        ("k=v\n[a]\n", Fault::KeyBeforeGroup, "k=v"),
        ("[a]\nEncoding=latin1\n", Fault::WrongEncoding, "latin1"),
        ("[a]\nx\0=y\n", Fault::WrongEncoding, "x\0=y"),
    ] {
        for (path, loss) in [(ACCOUNTS, Loss::Accounts), (PROFRC, Loss::Rest), (TLSCERTS, Loss::Settings)] {
            let profile = Home::with(&[(path, content)]).read();
            let damage = profile.files[0].damage.as_ref().unwrap_or_else(|| panic!("{content}"));
            assert_eq!((damage.fault, damage.loss), (fault, loss), "{content}");
            assert_eq!(marked(&profile, &damage.place), at, "{content}");
            let name = path.rsplit('/').next().unwrap();
            assert_eq!(damage.place.words, format!("{name} / {}", fault.word()));
        }
    }
}

#[test]
fn what_is_no_damage() {
    for content in [
        "",
        "\n\n",
        "# nothing yet\n",
        "[a]\r\nk=v\r\n",
        "[a]\npassword={{ pass }}\n",
        "[a]\n{% if yadm.os == \"Linux\" %}\n",
        "[a]\n;k=v\n",
        "  [a]  \n\tk = v\n",
    ] {
        for path in [ACCOUNTS, PROFRC, TLSCERTS, BOOKMARKS] {
            let profile = Home::with(&[(path, content)]).read();
            assert_eq!(profile.files[0].damage, None, "{content}");
        }
    }
}

#[test]
fn files_that_cannot_be_read_are_noticed_and_the_rest_is_read() {
    let home = Home::with(&[(ACCOUNTS, "[a@example.org]\n")]);
    let mut found = home.found();
    let kind = found[0].kind;
    found.push(Found { path: home.path("private/encrypted_private_accounts.age"), kind, home: None });
    found.push(Found { path: home.path(".local"), kind, home: None });
    let profile = Profanity.read(&found, &Reader::default());
    assert_eq!(profile.accounts.len(), 1);
    assert_eq!(profile.files.len(), 1);
    let troubles: Vec<_> = profile.notices.iter().map(|notice| notice.trouble.clone()).collect();
    assert_eq!(troubles, [Trouble::Encrypted, Trouble::NotRegular]);
}

#[test]
fn old_settings_are_only_looked_through_for_secrets() {
    let profile = Home::with(&[(".profanity/config", "[connections]\npassword=hunter2\nstray\n")]).read();
    assert_eq!(profile.files.len(), 1);
    assert!(profile.files[0].holds_secret);
    assert!(profile.idle_settings.is_empty() && profile.rooms.is_empty());
    assert_eq!(profile.files[0].damage, None);
}

#[test]
fn every_known_place_is_recognised() {
    for place in Profanity.known_places() {
        let path = match place.base {
            xmpp_audit::clients::Base::Home => format!("/home/alice/{}", place.path),
            xmpp_audit::clients::Base::Config => format!("/home/alice/.config/{}", place.path),
            xmpp_audit::clients::Base::Data => format!("/home/alice/.local/share/{}", place.path),
            xmpp_audit::clients::Base::Cache => panic!("Profanity has no cache"),
        };
        let path = PathBuf::from(path.replace('*', "x"));
        assert_eq!(Profanity.recognise(&path, b""), Some(place.kind), "{}", path.display());
        assert!(Profanity.may_be_named(path.file_name().unwrap().as_encoded_bytes()));
    }
    // Somewhere else its content must tell, unless there is none.
    assert_eq!(Profanity.recognise(Path::new("/tmp/profrc"), b"").map(|kind| kind.0), Some("settings"));
    assert_eq!(Profanity.recognise(Path::new("/tmp/profrc"), b"profile: rc\n"), None);
}
