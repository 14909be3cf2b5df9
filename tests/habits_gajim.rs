//! What Gajim does beside logging in, by version: where it is told, where it is not, and what is no alarm.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

mod gajim_home;

use gajim_home::{DATABASE, Home, TEXT, database, database_home, database_with, only, text, text_file};
use serde_json::{Value, json};
use xmpp_audit::model::*;

use HabitKind::*;

fn habits(profile: &Profile, kind: HabitKind) -> Vec<&Habit> {
    profile.habits.iter().filter(|habit| habit.what.value == kind).collect()
}

fn has(profile: &Profile, kind: HabitKind) -> bool {
    !habits(profile, kind).is_empty()
}

/// A database read by this very version.
fn read_by(version: &str, user_version: i64, client: &[(&str, Value)], account: Value) -> Profile {
    database_home(user_version, client, account).read_as(&[DATABASE], Some(version))
}

#[test]
fn files_tell_the_version() {
    for (user_version, expected) in [
        (0, "1.3.0 – 1.3.3"),
        (1, "1.4.0 – 1.4.7"),
        (2, "1.5.0 – 1.5.2"),
        (3, "1.5.3 – 1.5.4"),
        (5, "1.6.0 – 1.9.0"),
        (6, "1.9.1 – 2.0.2"),
        (7, "≥ 2.0.3"),
    ] {
        let version = read_by("0.11", user_version, &[], json!({})).version.unwrap();
        assert_eq!((version.text().as_str(), version.source), (expected, VersionSource::File), "{user_version}");
        assert_eq!(version.place.unwrap().words, "user_version");
    }
    let version = text("0.16.8-5b7d2c", &[]).version.unwrap();
    assert_eq!((version.text().as_str(), version.source), ("0.16.8", VersionSource::File));
    let place = version.place.unwrap();
    assert_eq!((place.words.as_str(), place.spot), ("version", Spot::Text(Span::new(10, 23))));
    // Nothing tells: what is otherwise known counts.
    for (file, content) in [(TEXT, "accounts.x.name = a\n"), (TEXT, "version = none\naccounts.x.name = a\n")] {
        let version = Home::new().write(file, content).read_as(&[file], Some("1.1.3")).version.unwrap();
        assert_eq!((version.text().as_str(), version.source), ("1.1.3", VersionSource::Told));
    }
    assert!(Home::new().write(TEXT, "accounts.x.name = a\n").read(&[TEXT]).version.is_none());
    let newer = read_by("2.9.0", 8, &[], json!({})).version.unwrap();
    assert_eq!(newer.source, VersionSource::Told, "an unknown format tells nothing");
    // What is left behind says nothing about what is in use.
    let home = database_home(7, &[], json!({}));
    home.write(TEXT, "version = 1.1.3\naccounts.x.name = a\n");
    assert_eq!(home.read(&[DATABASE, TEXT]).version.unwrap().text(), "≥ 2.0.3");
    assert_eq!(home.read(&[TEXT]).version, None);
}

#[test]
fn a_text_without_a_version_is_read_as_by_the_version_in_use() {
    let read = |version| {
        let content = "time_stamp = x\naccounts.x.name = a\naccounts.x.connection_types = tls plain\n";
        only(&Home::new().write(TEXT, content).read_as(&[TEXT], version)).encryption.value
    };
    assert_eq!(read(None), Encryption::Optional);
    assert_eq!(read(Some("1.1.3")), Encryption::Required, "1.0 and later do not know the option");
    assert_eq!(read(Some("2.5.0")), Encryption::Optional, "no version that reads text");
}

#[test]
fn new_chats_are_encrypted_by_what_each_version_has() {
    use EndToEnd::*;
    let plugins = |active| [("plugins", json!({"omemo": {"active": active}}))];
    let omemo = json!({"encryption_default": "OMEMO"});
    for (user_version, client, account, expected) in [
        (3, vec![], json!({}), PluginMissing),
        (3, plugins(true).to_vec(), json!({}), DefaultOff),
        (3, plugins(false).to_vec(), json!({}), PluginMissing),
        (3, vec![], omemo.clone(), PluginMissing),
        (5, vec![], json!({}), Undecided),
        (5, plugins(true).to_vec(), json!({}), DefaultOff),
        (5, vec![], omemo.clone(), DefaultOn),
        (5, vec![], json!({"encryption_default": ""}), SwitchedOff),
        (6, vec![], json!({}), DefaultOff),
        (7, vec![], json!({"encryption_default": ""}), SwitchedOff),
        (7, vec![], json!({"encryption_default": "OpenPGP"}), DefaultOn),
        (7, vec![], json!({"encryption_default": "omemo"}), Undecided),
    ] {
        let profile = database_with(user_version, &client, account.clone());
        let found = &only(&profile).end_to_end;
        assert_eq!(found.value, expected, "{user_version} {client:?} {account}");
        assert_eq!(found.place().words, "accounts[b.test] / encryption_default");
    }
    let known = |version| only(&read_by(version, 5, &[], json!({}))).end_to_end.value;
    assert_eq!(known("1.7.3"), PluginMissing);
    assert_eq!(known("1.8.0"), DefaultOff);
    assert_eq!(known("1.8.4"), DefaultOff);
    assert_eq!(known("2.5.0"), Undecided, "it contradicts the file");
    let old = |version: &str, line: &str| {
        only(&text_file(&format!("version = {version}\naccounts.x.name = a\n{line}\n"))).end_to_end.value
    };
    assert_eq!(old("1.2.2", ""), PluginMissing);
    assert_eq!(old("1.2.2", "plugins.omemo.active = True"), DefaultOff);
    assert_eq!(old("1.2.2", "plugins.omemo.active = true"), PluginMissing, "it is no boolean");
    assert_eq!(old("1.2.2", "plugins.triggers.active = True"), PluginMissing);
    assert_eq!(old("0.16.9", "plugins.gotr.active = True"), DefaultOff);
    assert_eq!(old("0.14.4", ""), Undecided);
}

#[test]
fn conversations_and_their_encryption() {
    use ConversationEncryption::*;
    let conversations = |user_version,
                         default: &str,
                         active: bool|
     -> Vec<(String, bool, ConversationEncryption)> {
        let account = json!({"name": "a", "hostname": "b.test", "active": active, "encryption_default": default});
        let chosen = |word: &str| json!({"encryption": word});
        let cell = json!({
            "account": account,
            "contact": {"clear@c.test": chosen(""), "sure@c.test": chosen("OMEMO"), "else@c.test": {"x": 1},
                        "a@b.test": chosen(""), "room@c.test/nick": chosen(""), "shown@c.test": {}},
            "group_chat": {"public@c.test": chosen(""), "private@c.test": chosen("OMEMO")},
        });
        let chat = |jid: &str, kind: &str| json!({"account": "b.test", "jid": {"__type": "JID", "value": jid}, "type": kind});
        let chats = json!({"1": {"chats": [chat("shown@c.test", "chat"), chat("public@c.test", "groupchat"),
                           chat("public@c.test/nick", "pm"), chat("quiet@c.test", "groupchat")]}});
        let client = [("app", json!({})), ("proxies", json!({})), ("workspaces", chats)];
        let home = Home::new();
        let profile = home.database(DATABASE, user_version, &client, &[("b.test", cell)]).read(&[DATABASE]);
        assert!(profile.conversations.iter().all(|conversation| conversation.account == Some(0)));
        let all = profile.conversations.into_iter();
        all.map(|conversation| (conversation.address.bare(), conversation.group, conversation.encryption)).collect()
    };
    let expect = |expected: [(&str, bool, ConversationEncryption); 6]| {
        expected.map(|(jid, group, encryption)| (jid.to_owned(), group, encryption))
    };
    assert_eq!(
        conversations(7, "OMEMO", true),
        expect([
            ("shown@c.test", false, Encrypted),
            // Gajim itself writes it for rooms that are public.
            ("public@c.test", true, Undecided),
            ("quiet@c.test", true, Undecided),
            ("clear@c.test", false, ChosenClear),
            ("sure@c.test", false, Encrypted),
            ("private@c.test", true, Encrypted),
        ])
    );
    assert_eq!(
        conversations(7, "", true),
        expect([
            ("shown@c.test", false, Clear),
            ("public@c.test", true, Clear),
            ("quiet@c.test", true, Clear),
            ("clear@c.test", false, Clear),
            ("sure@c.test", false, Encrypted),
            ("private@c.test", true, Encrypted),
        ])
    );
    assert!(conversations(7, "OMEMO", false).is_empty(), "an account that is switched off has none");
}

#[test]
fn conversations_point_at_what_says_so() {
    let cell = json!({"account": {"name": "a", "hostname": "b.test", "active": true, "encryption_default": "OMEMO"},
                      "contact": {"clear@c.test": {"encryption": ""}}, "group_chat": {}});
    let client = [("app", json!({})), ("proxies", json!({}))];
    let profile = Home::new().database(DATABASE, 6, &client, &[("b.test", cell)]).read(&[DATABASE]);
    let [conversation] = &profile.conversations[..] else { panic!("one conversation") };
    assert_eq!(conversation.place.words, "accounts[b.test] / contact / clear@c.test / encryption");
    let Spot::Cell(cell) = &conversation.place.spot else { panic!("a cell") };
    assert_eq!(cell.pointer.as_deref(), Some("/contact/clear@c.test/encryption"));
    let excerpt = cell.excerpt.as_ref().unwrap();
    assert_eq!(&excerpt.text[excerpt.mark.start..excerpt.mark.end], "\"\"");
}

#[test]
fn conversations_of_text_files() {
    let profile = text_file(
        "version = 1.2.2\naccounts.my-own.name = a\naccounts.my-own.hostname = b.test\n\
         encryption.my-own-x@c.test.encryption = OMEMO\nencryption.my-own-y@c.test.encryption = \n\
         encryption.my-own-r@conference.c.test.encryption = OMEMO\nencryption.gone-z@c.test.encryption = \n\
         encryption.my-own-w@c.test.other = 1\n",
    );
    let found: Vec<_> = profile
        .conversations
        .iter()
        .map(|conversation| (conversation.address.bare(), conversation.group, conversation.encryption))
        .collect();
    assert_eq!(
        found,
        [
            ("x@c.test".to_owned(), false, ConversationEncryption::Encrypted),
            ("y@c.test".to_owned(), false, ConversationEncryption::Clear),
            ("r@conference.c.test".to_owned(), true, ConversationEncryption::Encrypted),
        ]
    );
    assert_eq!(profile.conversations[0].place.words, "encryption[my-own-x@c.test] / encryption");
    assert!(!profile.rooms.is_empty());
    for known in profile.rooms.iter().chain(&profile.contacts) {
        let Spot::Text(span) = known.place.spot else { panic!("a text") };
        let text = profile.files[0].text.as_ref().unwrap();
        assert_eq!(&text.bytes()[span.start..span.end], known.address.bare().as_bytes());
    }
}

/// An option of an account in a database, the habit, the value that counts, and whether it is the default.
#[test]
fn habits_of_accounts_follow_their_option() {
    for (option, kind, bad, default_is_bad) in [
        ("send_os_info", SystemShown, json!(true), true),
        ("send_idle_time", IdleTimeShown, json!(true), true),
        ("send_time_info", LocalTimeShown, json!(true), true),
        ("send_chatstate_default", TypingShown, json!("all"), true),
        ("publish_tune", TuneShown, json!(true), false),
        ("publish_location", PlaceShown, json!(true), false),
        ("ft_send_local_ips", AddressesShown, json!(true), true),
    ] {
        let good = if bad.is_string() { json!("disabled") } else { json!(false) };
        let words = format!("accounts[b.test] / {option}");
        let default = database(6, json!({}));
        assert_eq!(has(&default, kind), default_is_bad, "{option}");
        for habit in habits(&default, kind) {
            assert!(habit.what.default_word().is_some() && habit.account == Some(0), "{option}");
            assert_eq!(habit.what.place().words, words);
        }
        let written = database(6, json!({option: bad}));
        let [habit] = habits(&written, kind)[..] else { panic!("{option} is one habit") };
        assert!(matches!(habit.what.origin, Origin::Written(_)), "{option}");
        assert_eq!(habit.what.place().words, words);
        assert!(!has(&database(6, json!({option: good})), kind), "{option}");
        assert!(!has(&database(6, json!({option: bad, "active": false})), kind), "{option}: switched off");
    }
    let receipts = |account| habits(&database(6, account), ReceiptsSent).len();
    assert_eq!(receipts(json!({})), 2, "arrival and reading");
    assert_eq!(receipts(json!({"answer_receipts": false})), 1);
    assert_eq!(receipts(json!({"answer_receipts": false, "send_marker_default": false})), 0);
}

#[test]
fn options_count_in_the_versions_that_know_them() {
    let time = |version| has(&read_by(version, 7, &[], json!({})), LocalTimeShown);
    assert!(time("2.3.4") && !time("2.3.5"));
    assert!(!has(&database(7, json!({})), LocalTimeShown), "it may be gone");
    assert!(has(&database(7, json!({"send_time_info": true})), LocalTimeShown), "it was written down");
    assert!(!has(&read_by("2.5.0", 7, &[], json!({"send_time_info": true})), LocalTimeShown));

    let trusted = |profile: &Profile| -> Vec<String> {
        habits(profile, NewKeysTrusted).iter().map(|habit| habit.what.place().words.clone()).collect()
    };
    let omemo = "accounts[b.test] / omemo_blind_trust";
    assert_eq!(trusted(&database(6, json!({}))), [omemo]);
    assert_eq!(trusted(&database(7, json!({}))), [omemo]);
    assert!(trusted(&database(7, json!({"omemo_blind_trust": false}))).is_empty());
    assert!(trusted(&database(5, json!({}))).is_empty(), "perhaps there is no such option yet");
    assert_eq!(trusted(&database(5, json!({"omemo_blind_trust": true}))), [omemo]);
    assert!(trusted(&database(3, json!({"omemo_blind_trust": true}))).is_empty(), "there is none");
    assert_eq!(trusted(&read_by("1.8.0", 5, &[], json!({}))), [omemo]);
    assert_eq!(trusted(&read_by("2.5.0", 7, &[], json!({}))).len(), 2, "OpenPGP as well");
}

#[test]
fn text_versions_have_habits_of_their_own() {
    let shown = |version, line| has(&text(version, &[line]), SystemShown);
    assert!(shown("1.1.3", "name = a") && !shown("1.1.3", "send_os_info = False"));
    assert!(shown("1.1.3", "send_os_info = false"), "no boolean: the default stays");
    assert!(!has(&text("0.13.4", &[]), IdleTimeShown) && has(&text("0.14", &[]), IdleTimeShown));
    assert!(!has(&text("0.14.4", &[]), LocalTimeShown) && has(&text("0.15", &[]), LocalTimeShown));
    assert!(!has(&text("0.14.4", &[]), AddressesShown) && has(&text("0.15", &[]), AddressesShown));
    assert!(!has(&text("1.1.3", &["active = False"]), SystemShown));
    let typing =
        |version: &str, line: &str| has(&text_file(&format!("version = {version}\n{line}\n")), TypingShown);
    assert!(typing("0.16.9", "") && typing("1.2.2", ""));
    assert!(!typing("0.16.9", "outgoing_chat_state_notifications = disabled"));
    assert!(typing("1.2.2", "outgoing_chat_state_notifications = disabled"), "gone");
    assert!(!typing("1.2.2", "send_chatstate_default = disabled"));
    let remote =
        |version: &str, line: &str| has(&text_file(&format!("version = {version}\n{line}\n")), RemoteControlled);
    assert!(remote("0.15.4", "") && !remote("0.16", "") && remote("1.2.2", "remote_control = True"));
    assert!(!remote("0.15.4", "remote_control = False"));

    let key = |version, lines: &[&str]| has(&text(version, lines), KeyShown);
    assert!(key("1.1.3", &["keyid = 1F"]) && !key("1.1.3", &[]), "only with a key");
    assert!(!key("1.1.3", &["keyid = 1F", "gpg_sign_presence = False"]) && !key("1.2.2", &["keyid = 1F"]));

    let upload = |version, lines: &[&str]| has(&text(version, lines), UploadUnverified);
    assert!(upload("1.1.3", &["httpupload_verify = False"]) && !upload("1.1.3", &[]));
    assert!(!upload("1.2.2", &["httpupload_verify = False"]) && !upload("0.16.9", &["httpupload_verify = False"]));
}

#[test]
fn warnings_that_are_off_matter_where_there_is_something_to_warn_of() {
    let off = |version, lines: &[&str]| -> Vec<String> {
        let profile = text(version, lines);
        habits(&profile, WarningOff).iter().map(|habit| habit.what.place().words.clone()).collect()
    };
    let password = "warn_when_insecure_password = False";
    assert_eq!(off("0.16.5", &[password]), ["accounts[x] / warn_when_insecure_password"]);
    assert!(off("0.16.9", &[password]).is_empty(), "nothing goes out in the clear");
    assert!(off("0.16.5", &[password, "action_when_plaintext_connection = disconnect"]).is_empty());
    let silent = "action_when_plaintext_connection = connect";
    assert!(off("0.16.5", &[password, silent]).is_empty(), "that nothing asks is said of the account");
    assert!(off("1.2.2", &[password]).is_empty(), "another generation");
    assert!(off("0.16.5", &[]).is_empty());
    let library = "warn_when_insecure_ssl_connection = False";
    assert_eq!(off("0.16.9", &[library]), ["accounts[x] / warn_when_insecure_ssl_connection"]);
    assert!(off("1.2.2", &[library]).is_empty());
}

#[test]
fn habits_of_the_client_and_what_the_system_overrides() {
    let app = |user_version, value| database_with(user_version, &[("app", value)], json!({}));
    for (option, kind, bad) in [
        ("remote_control", RemoteControlled, true),
        ("preview_allow_all_images", MediaFetched, true),
        ("preview_anonymous_muc", MediaFetched, true),
        ("preview_verify_https", PreviewUnverified, false),
        ("use_keyring", KeyringOff, false),
        ("plugins_repository_enabled", ProjectAsked, true),
    ] {
        assert!(!has(&app(6, json!({})), kind), "{option} is safe by default, or not known");
        let profile = app(6, json!({option: bad}));
        let [habit] = habits(&profile, kind)[..] else { panic!("{option} is one habit") };
        assert_eq!((habit.what.place().words.clone(), habit.account), (format!("app / {option}"), None));
        assert!(!has(&app(6, json!({option: !bad})), kind), "{option}");

        let home = database_home(6, &[("app", json!({option: bad}))], json!({}));
        home.write("../../etc/gajim/app-overrides.json", json!({option: !bad}).to_string());
        assert!(!has(&home.read(&[DATABASE]), kind), "{option} is overridden");
        let home = database_home(6, &[("app", json!({option: !bad}))], json!({}));
        home.write("../../etc/gajim/app-overrides.json", json!({option: bad}).to_string());
        let profile = home.read(&[DATABASE]);
        let [habit] = habits(&profile, kind)[..] else { panic!("{option} is overridden") };
        assert!(profile.file(habit.what.place().file).unwrap().path.ends_with("app-overrides.json"));
    }
    assert!(!has(&app(0, json!({"preview_verify_https": false})), PreviewUnverified), "1.3 has no previews");
    assert!(has(&app(7, json!({"preview_verify_https": false})), PreviewUnverified));
    let gone = read_by("2.4.0", 7, &[("app", json!({"preview_verify_https": false}))], json!({}));
    assert!(!has(&gone, PreviewUnverified), "nothing asks for it any more");
    let home = database_home(0, &[("app", json!({"remote_control": false}))], json!({}));
    home.write("../../etc/gajim/app-overrides.json", r#"{"remote_control": true}"#);
    assert!(!has(&home.read(&[DATABASE]), RemoteControlled), "1.3 knows no overrides");
    let text = |version: &str| has(&text_file(&format!("version = {version}\nuse_keyring = False\n")), KeyringOff);
    assert!(text("1.1.3") && !text("0.16.9"));
}

#[test]
fn the_portable_edition_has_no_keyring_to_use() {
    let client = [("app", json!({"use_keyring": false})), ("proxies", json!({}))];
    let home = Home::new();
    let portable = "Gajim/UserData/settings.sqlite";
    assert!(!has(&home.database(portable, 6, &client, &[]).read(&[portable]), KeyringOff));
    assert!(has(&home.database(DATABASE, 6, &client, &[]).read(&[DATABASE]), KeyringOff));
}

#[test]
fn messages_are_kept_unless_they_are_not() {
    let kept = |user_version, account| {
        let profile = database(user_version, account);
        let kept = habits(&profile, HistoryKept).into_iter();
        kept.map(|habit| habit.what.place().words.clone()).collect::<Vec<_>>()
    };
    assert_eq!(kept(6, json!({})), ["accounts[b.test] / chat_history_max_age"]);
    assert_eq!(kept(6, json!({"chat_history_max_age": 86400})).len(), 1);
    assert!(kept(6, json!({"chat_history_max_age": 0})).is_empty());
    assert!(kept(0, json!({"no_log_for": "x@y.test b.test"})).is_empty());
    assert_eq!(kept(0, json!({"no_log_for": "x@y.test"})).len(), 1, "of others they are");
    assert_eq!(kept(2, json!({"no_log_for": "b.test"})).len(), 1, "gone in 1.4.2");
    assert!(has(&text("0.16.9", &[]), HistoryKept) && !has(&text("0.16.9", &["no_log_for = x"]), HistoryKept));

    let decrypted = |account| has(&database(7, account), DecryptedKept);
    assert!(decrypted(json!({"encryption_default": "OMEMO"})));
    assert!(!decrypted(json!({})), "nothing was encrypted");
    assert!(!decrypted(json!({"encryption_default": "OMEMO", "chat_history_max_age": 0})));
    let chat = "version = 1.2.2\naccounts.x.name = a\nencryption.x-c@d.test.encryption = OMEMO\n";
    let profile = text_file(chat);
    let [habit] = habits(&profile, DecryptedKept)[..] else { panic!("one habit") };
    assert_eq!(habit.what.place().words, "accounts[x] / logs.db");
}

#[test]
fn a_key_is_backed_up_where_there_is_one() {
    let openpgp = json!({"encryption_default": "OpenPGP"});
    assert!(has(&read_by("2.5.0", 7, &[], openpgp.clone()), KeyBackedUp));
    assert!(!has(&read_by("2.4.6", 7, &[], openpgp.clone()), KeyBackedUp));
    assert!(!has(&database(7, openpgp), KeyBackedUp), "perhaps there is no such option yet");
    let written = json!({"encryption_default": "OpenPGP", "openpgp_backup_secret_key": true});
    assert!(has(&database(7, written), KeyBackedUp));
    assert!(!has(&read_by("2.5.0", 7, &[], json!({"encryption_default": "OMEMO"})), KeyBackedUp), "no key");
    let off = json!({"encryption_default": "OpenPGP", "openpgp_backup_secret_key": false});
    assert!(!has(&read_by("2.5.0", 7, &[], off), KeyBackedUp));
}

#[test]
fn no_two_habits_of_a_kind_are_at_one_place() {
    for profile in
        [read_by("2.5.0", 7, &[], json!({"encryption_default": "OpenPGP"})), text("0.16.5", &["keyid = 1"])]
    {
        let mut places: Vec<_> =
            profile.habits.iter().map(|habit| (habit.what.value, habit.what.place().words.clone())).collect();
        let all = places.len();
        places.sort_unstable();
        places.dedup();
        assert!(places.len() == all && all > 5, "{places:?}");
    }
}
