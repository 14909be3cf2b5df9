//! The rules by which libpurple reads its files, row by row. Unless another source is named, each was observed with
//! Pidgin or Finch 2.14.12.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "a test may fail"
)]

mod pidgin;

use pidgin::{account, accounts_xml, at, idle, profile_of, read};
use xmpp_audit::model::{
    AddressFault, CertificateCheck, CleartextLogin, Encryption, Fault, Idle, Loss, Origin, Outcome, Profile,
    ProxyKind, RoomFault, Secret, TlsFloor, Tor, Transport, Trouble,
};

/// One `<settings>` block with these settings: name, type, text.
fn settings(all: &[(&str, &str, &str)]) -> String {
    let inner: String = all
        .iter()
        .map(|(name, kind, text)| format!("<setting name='{name}' type='{kind}'>{text}</setting>"))
        .collect();
    format!("<settings>{inner}</settings>")
}

fn encryption(body: &str) -> Encryption {
    account(&profile_of(body)).encryption.value
}

/// A profile of an `accounts.xml` with exactly these bytes.
fn of_bytes(bytes: &[u8]) -> Profile {
    read(&[(".purple/accounts.xml", bytes)])
}

mod xml_layer {
    use super::*;

    fn sound() -> String {
        accounts_xml(&settings(&[("connection_security", "string", "require_tls")]))
    }

    #[test]
    fn what_is_rejected_loads_no_account_at_all() {
        let sound = sound();
        let end = sound.len() - "</account>\n</account>\n".len();
        let cases: Vec<(&str, Vec<u8>, Fault)> = vec![
            ("truncated", sound.as_bytes()[..end].to_vec(), Fault::Truncated),
            ("unclosed tag", sound.replace("</name>", "").into_bytes(), Fault::NotWellFormed),
            ("bare &", sound.replace("alice@", "a&b@").into_bytes(), Fault::NotWellFormed),
            ("undeclared entity", sound.replace("alice@", "&o;@").into_bytes(), Fault::NotWellFormed),
            (
                "entity of an internal DTD",
                sound
                    .replace("<account version", "<!DOCTYPE account [<!ENTITY o 'alice'>]><account version")
                    .replace("alice@", "&o;@")
                    .into_bytes(),
                Fault::NotWellFormed,
            ),
            (
                "duplicate attribute",
                sound.replace("type='string'", "type='string' type='string'").into_bytes(),
                Fault::NotWellFormed,
            ),
            ("control character", sound.replace("alice", "al\u{1}ice").into_bytes(), Fault::NotWellFormed),
            ("text after the end", format!("{sound}text").into_bytes(), Fault::NotWellFormed),
            ("second root", format!("{sound}<account/>").into_bytes(), Fault::NotWellFormed),
            ("blank line before the declaration", format!("\n{sound}").into_bytes(), Fault::NotWellFormed),
            (
                "Latin-1 without declaration",
                sound.replace("alice", "al\u{e9}ce").chars().map(|c| c as u8).collect(),
                Fault::WrongEncoding,
            ),
            ("whitespace only", b" \n\t".to_vec(), Fault::Empty),
            ("0 bytes", Vec::new(), Fault::Empty),
            (
                "marks of a merge",
                sound.replace("<settings>", "\n<<<<<<< HEAD\n<settings>").into_bytes(),
                Fault::MergeMarker,
            ),
        ];
        for (what, bytes, fault) in cases {
            let profile = of_bytes(&bytes);
            assert!(profile.accounts.is_empty(), "{what}");
            let damage = profile.files[0].damage.clone().unwrap_or_else(|| panic!("{what}: no damage"));
            assert_eq!((damage.fault, damage.loss), (fault, Loss::Accounts), "{what}");
            at(&profile, &damage.place);
        }
    }

    #[test]
    fn what_is_accepted_means_the_same() {
        let sound = sound();
        let utf16: Vec<u8> = sound.replace("UTF-8", "UTF-16").encode_utf16().flat_map(u16::to_le_bytes).collect();
        let cases: Vec<(&str, Vec<u8>)> = vec![
            ("as it is", sound.clone().into_bytes()),
            ("byte-order mark", format!("\u{feff}{sound}").into_bytes()),
            ("no declaration", sound.split_once("?>").unwrap().1.trim_start().into()),
            ("ISO-8859-1", sound.replace("UTF-8", "ISO-8859-1").into_bytes()),
            ("UTF-16", utf16.clone()),
            ("UTF-16 with byte-order mark", [&[0xff, 0xfe], utf16.as_slice()].concat()),
            ("CRLF", sound.replace('\n', "\r\n").into_bytes()),
            ("comments", sound.replace("<settings>", "<!-- c --><settings><!-- d -->").into_bytes()),
            ("processing instruction", sound.replace("<settings>", "<?p i?><settings>").into_bytes()),
            (
                "another root",
                sound
                    .replace("<account version", "<x version")
                    .trim_end()
                    .strip_suffix("</account>")
                    .unwrap()
                    .to_owned()
                    .into_bytes()
                    .into_iter()
                    .chain(*b"</x>")
                    .collect(),
            ),
            ("CDATA", sound.replace("require_tls", "<![CDATA[require_tls]]>").into_bytes()),
            ("decimal reference", sound.replace("require_tls", "require&#95;tls").into_bytes()),
            ("hexadecimal reference", sound.replace("require_tls", "require&#x5f;tls").into_bytes()),
            (
                "reference in an attribute",
                sound.replace("connection_security", "connection&#95;security").into_bytes(),
            ),
            ("comment in the value", sound.replace("require_tls", "require_<!-- -->tls").into_bytes()),
            ("element in the value", sound.replace("require_tls", "require_<b>x</b>tls").into_bytes()),
        ];
        for (what, bytes) in cases {
            let profile = of_bytes(&bytes);
            assert_eq!(profile.files[0].damage, None, "{what}");
            let account = account(&profile);
            assert_eq!(account.encryption.value, Encryption::Required, "{what}");
            assert!(matches!(account.encryption.origin, Origin::Written(_)), "{what}");
            assert!(!account.policy_misspelt, "{what}");
            assert_eq!(account.address.value.bare(), "alice@example.org", "{what}");
        }
    }

    #[test]
    fn blanks_in_a_value_are_kept() {
        let profile = profile_of(&settings(&[("connection_security", "string", " require_tls ")]));
        assert_eq!(account(&profile).encryption.value, Encryption::Optional);
        assert!(account(&profile).policy_misspelt);
        assert_eq!(at(&profile, account(&profile).encryption.place()), " require_tls ");
    }

    #[test]
    fn after_an_account_in_a_namespace_those_in_none_are_passed_over() {
        let one = |name: &str, attribute: &str| {
            format!(
                "<account{attribute}><protocol>prpl-jabber</protocol><name>{name}@x.test</name><settings/></account>"
            )
        };
        let names = |all: &[(&str, &str)]| {
            let inner: String = all.iter().map(|(name, attribute)| one(name, attribute)).collect();
            let profile = of_bytes(format!("<account version='1.0'>{inner}</account>").as_bytes());
            let names: Vec<String> =
                profile.accounts.iter().map(|account| account.address.value.local.clone().unwrap()).collect();
            (names.join(" "), profile.idle_settings.len())
        };
        assert_eq!(names(&[("a", ""), ("b", " xmlns='urn:x'"), ("c", "")]), ("a b".to_owned(), 1));
        assert_eq!(names(&[("a", " xmlns='urn:x'"), ("b", " xmlns='urn:x'")]), ("a b".to_owned(), 0));
        assert_eq!(names(&[("a", ""), ("b", "")]), ("a b".to_owned(), 0));
    }

    #[test]
    fn a_template_that_is_no_xml_yet_is_passed_over_quietly() {
        let text = accounts_xml("{{ if .x }}<settings>{{ end }}");
        let profile = read(&[("dot_purple/private_accounts.xml.tmpl", text.as_bytes())]);
        assert!(profile.accounts.is_empty());
        assert_eq!(profile.files[0].damage, None);
    }
}

mod accounts {
    use super::*;

    fn file(accounts: &str) -> Profile {
        of_bytes(format!("<account version='1.0'>{accounts}</account>").as_bytes())
    }

    #[test]
    fn without_protocol_or_name_an_account_is_dropped() {
        let profile = file(
            "<account><name>a@x.test</name></account><account><protocol>prpl-jabber</protocol></account>\
             <account><protocol>prpl-jabber</protocol><name></name></account>\
             <account><protocol>prpl-jabber</protocol><username>b@x.test</username></account>",
        );
        assert_eq!(account(&profile).name, "b@x.test");
        assert_eq!(profile.idle_settings.len(), 3);
        assert!(profile.idle_settings.iter().all(|idle| idle.reason == Idle::Unreadable));
    }

    #[test]
    fn other_protocols_are_none_of_our_business() {
        for protocol in [" prpl-jabber ", "jabber", "prpl-irc", "prpl-bonjour", "prpl-gtalk"] {
            let profile = file(&format!(
                "<account><protocol>{protocol}</protocol><name>a@x.test</name><password>hunter2</password></account>"
            ));
            assert!(profile.accounts.is_empty() && profile.idle_settings.is_empty(), "{protocol}");
            assert!(profile.files[0].holds_secret, "{protocol}");
        }
    }

    #[test]
    fn of_anything_but_settings_the_first_counts() {
        let profile = profile_of(
            "<name>other@x.test</name><password>one</password><password>two</password><settings/>\
             <proxy><type>tor</type><host>127.0.0.1</host><port>9050</port></proxy><proxy><type>none</type></proxy>",
        );
        let account = account(&profile);
        assert_eq!(account.name, "alice@example.org/");
        assert_eq!(at(&profile, account.password.place()), "one");
        assert_eq!(account.proxy.value.kind, ProxyKind::Tor);
    }

    #[test]
    fn duplicates_are_merged_into_the_first() {
        for (first, second) in
            [("a@x.test/one", "a@x.test/two"), ("dupacct@x.test/", "DUPACCT@X.test/"), ("a@x.test", "a@x.test")]
        {
            let one = |name: &str, body: &str| {
                format!("<account><protocol>prpl-jabber</protocol><name>{name}</name>{body}</account>")
            };
            let profile = file(
                &(one(
                    first,
                    &("<password>one</password>".to_owned()
                        + &settings(&[("connection_security", "string", "require_tls"), ("port", "int", "1")])),
                ) + &one(
                    second,
                    &("<password>two</password>".to_owned()
                        + &settings(&[("connection_security", "string", "opportunistic_tls")])),
                )),
            );
            let account = account(&profile);
            assert_eq!(account.name, first);
            assert_eq!(account.encryption.value, Encryption::Optional);
            assert_eq!(account.port.value, Some(1));
            assert_eq!(at(&profile, account.password.place()), "two");
            assert_eq!(
                idle(&profile),
                [("name", second, Idle::Duplicate), ("connection_security", "require_tls", Idle::Duplicate)]
            );
        }
    }

    #[test]
    fn names_are_trimmed_of_nothing() {
        let profile =
            file("<account><protocol>prpl-jabber</protocol><name> Padded@X.test/Res </name><settings/></account>");
        assert_eq!(account(&profile).name, " Padded@X.test/Res ");
        assert_eq!(account(&profile).address.value.fault, AddressFault::Blank);
    }

    #[test]
    fn an_account_is_enabled_if_some_interface_enables_it() {
        let block = |interface: &str, kind: &str, text: &str| {
            format!(
                "<settings ui='{interface}'><setting name='auto-login' type='{kind}'>{text}</setting></settings>"
            )
        };
        for (body, enabled) in [
            (block("gtk-gaim", "bool", "1"), true),
            (block("gtk-gaim", "bool", "0"), false),
            (block("gtk-gaim", "bool", "0") + &block("gnt-purple", "bool", "1"), true),
            (block("gtk-gaim", "bool", "1") + &block("gtk-gaim", "bool", "0"), false),
            (block("gtk-gaim", "bool", "false"), true),
            (block("gtk-gaim", "int", "1"), false),
            (settings(&[("auto-login", "bool", "1")]), false),
            (String::new(), false),
        ] {
            assert_eq!(account(&profile_of(&body)).enabled.value, enabled, "{body}");
        }
    }
}

mod settings_of_an_account {
    use super::*;

    #[test]
    fn a_setting_without_name_or_with_another_type_is_passed_over() {
        for kind in ["String", "str", "boolean", "", "STRING"] {
            let body = settings(&[("connection_security", kind, "opportunistic_tls")]);
            assert_eq!(encryption(&body), Encryption::Required, "{kind}");
            assert_eq!(
                idle(&profile_of(&body)),
                [("connection_security", "opportunistic_tls", Idle::WrongType)],
                "{kind}"
            );
        }
        let body = "<settings><setting name='connection_security'>opportunistic_tls</setting>\
                    <setting type='string'>opportunistic_tls</setting></settings>";
        assert_eq!(encryption(body), Encryption::Required);
        assert_eq!(idle(&profile_of(body)).len(), 1);
    }

    #[test]
    fn an_element_without_text_resets_nothing() {
        let empty = ("connection_security", "string", "");
        let body = settings(&[("connection_security", "string", "opportunistic_tls"), empty]);
        assert_eq!(encryption(&body), Encryption::Optional);
        assert!(idle(&profile_of(&body)).is_empty());
        let profile = profile_of(&settings(&[empty, ("bosh_url", "string", ""), ("connect_server", "string", "")]));
        assert_eq!(account(&profile).encryption.value, Encryption::Required);
        assert_eq!(account(&profile).transport.value, Transport::Tcp);
        assert_eq!(account(&profile).server.value, None);
        assert!(profile.idle_settings.is_empty());
    }

    #[test]
    fn a_setting_is_looked_for_in_one_place_only() {
        for body in [
            "<settings><setting name='connection_security' type='string' value='opportunistic_tls'/></settings>",
            "<settings><option name='connection_security' type='string'>opportunistic_tls</option></settings>",
            "<settings/><setting name='connection_security' type='string'>opportunistic_tls</setting>",
            "<settings/><settings ui='gtk-gaim'><setting name='connection_security' type='string'>opportunistic_tls\
             </setting></settings>",
        ] {
            assert_eq!(encryption(body), Encryption::Required, "{body}");
            let profile = profile_of(body);
            assert_eq!(idle(&profile), [("connection_security", "opportunistic_tls", Idle::WrongPlace)], "{body}");
        }
    }

    #[test]
    fn of_duplicates_the_last_usable_one_counts_with_its_type() {
        let of = |all: &[(&str, &str, &str)]| {
            let profile = profile_of(&settings(all));
            let idle: Vec<String> =
                idle(&profile).iter().map(|(_, text, reason)| format!("{text} {}", reason.word())).collect();
            (account(&profile).encryption.value, idle.join(", "))
        };
        let name = "connection_security";
        assert_eq!(
            of(&[(name, "string", "require_tls"), (name, "string", "opportunistic_tls")]),
            (Encryption::Optional, "require_tls duplicate".to_owned())
        );
        assert_eq!(
            of(&[(name, "string", "opportunistic_tls"), (name, "string", "require_tls")]),
            (Encryption::Required, "opportunistic_tls duplicate".to_owned())
        );
        assert_eq!(
            of(&[(name, "string", "require_tls"), (name, "string", "require_tls")]),
            (Encryption::Required, String::new())
        );
        assert_eq!(
            of(&[(name, "string", "opportunistic_tls"), (name, "bool", "1")]),
            (Encryption::Required, "1 wrong_type, opportunistic_tls duplicate".to_owned())
        );
        let two_blocks = settings(&[(name, "string", "require_tls")]) + &settings(&[(name, "string", "none")]);
        assert_eq!(encryption(&two_blocks), Encryption::Optional);
    }

    #[test]
    fn numbers_are_read_as_c_does() {
        for (text, port) in [
            ("5222", Some(5222)),
            ("5222abc", Some(5222)),
            ("abc", None),
            ("0x10", None),
            ("4294972518", Some(5222)),
        ] {
            let profile = profile_of(&settings(&[("port", "int", text)]));
            assert_eq!(account(&profile).port.value, port, "{text}");
        }
        let profile = profile_of(&settings(&[("port", "int", "abc")]));
        assert_eq!(idle(&profile), [("port", "abc", Idle::Unreadable)]);
        let profile = profile_of(&settings(&[("port", "string", "5223")]));
        assert_eq!(account(&profile).port.value, None);
        assert_eq!(idle(&profile), [("port", "5223", Idle::WrongType)]);
    }

    #[test]
    fn a_truth_value_is_false_only_if_it_begins_with_a_zero() {
        for (kind, text, always) in [
            ("bool", "1", true),
            ("bool", "false", true),
            ("bool", "no", true),
            ("bool", " 0", true),
            ("bool", "\n0", true),
            ("bool", "-0", true),
            ("bool", "0", false),
            ("bool", "00", false),
            ("bool", "0x", false),
            ("bool", "", false),
            ("int", "1", false),
            ("string", "1", false),
            ("boolean", "1", false),
        ] {
            let body = settings(&[
                ("connection_security", "string", "opportunistic_tls"),
                ("auth_plain_in_clear", kind, text),
            ]);
            let profile = profile_of(&body);
            let login = if always { CleartextLogin::Always } else { CleartextLogin::Asks };
            assert_eq!(account(&profile).cleartext_login.value, login, "{kind} {text:?}");
            let strips = if always { Outcome::Sent } else { Outcome::Asks };
            assert_eq!(account(&profile).exposure.strips, strips, "{kind} {text:?}");
        }
    }

    #[test]
    fn cleartext_login_is_armed_even_where_it_cannot_come_to_it() {
        for (security, otherwise) in [
            ("require_tls", CleartextLogin::Never),
            ("old_ssl", CleartextLogin::Never),
            ("opportunistic_tls", CleartextLogin::Asks),
        ] {
            let of = |text| {
                let profile = profile_of(&settings(&[
                    ("connection_security", "string", security),
                    ("auth_plain_in_clear", "bool", text),
                ]));
                account(&profile).cleartext_login.value
            };
            assert_eq!(of("1"), CleartextLogin::Always, "{security}");
            assert_eq!(of("0"), otherwise, "{security}");
        }
    }
}

mod migration {
    use super::*;

    const UI: &str = "<settings ui='gtk-gaim'><setting name='auto-login' type='bool'>1</setting></settings>";

    fn origin(body: &str) -> String {
        let profile = profile_of(body);
        let encryption = &account(&profile).encryption;
        match &encryption.origin {
            Origin::Written(place) => format!("{} at {}", place.words, at(&profile, place)),
            Origin::Default { written_as, near } => format!("default {written_as} near {}", at(&profile, near)),
        }
    }

    #[test]
    fn three_words_and_no_others() {
        for (word, encryption, misspelt) in [
            ("require_tls", Encryption::Required, false),
            ("old_ssl", Encryption::Direct, false),
            ("opportunistic_tls", Encryption::Optional, false),
            ("none", Encryption::Optional, true),
            ("bogus", Encryption::Optional, true),
            ("REQUIRE_TLS", Encryption::Optional, true),
            ("require_starttls", Encryption::Optional, true),
        ] {
            let profile = profile_of(&settings(&[("connection_security", "string", word)]));
            assert_eq!(account(&profile).encryption.value, encryption, "{word}");
            assert_eq!(account(&profile).policy_misspelt, misspelt, "{word}");
            assert_eq!(account(&profile).certificate_check.value, CertificateCheck::Asks);
        }
    }

    #[test]
    fn an_absent_word_is_migrated() {
        let security = "accounts[alice@example.org]";
        for (body, encryption, from) in [
            (settings(&[]), Encryption::Required, "default require_tls near account".to_owned()),
            (UI.to_owned(), Encryption::Required, "default require_tls near account".to_owned()),
            (String::new(), Encryption::Optional, "default require_starttls near account".to_owned()),
            (
                settings(&[("require_tls", "bool", "0")]),
                Encryption::Optional,
                format!("{security} / require_tls at 0"),
            ),
            (
                settings(&[("require_tls", "bool", "1")]),
                Encryption::Required,
                format!("{security} / require_tls at 1"),
            ),
            (
                settings(&[("require_tls", "bool", "false")]),
                Encryption::Required,
                format!("{security} / require_tls at false"),
            ),
            (
                settings(&[("require_tls", "int", "0")]),
                Encryption::Required,
                "default require_tls near account".to_owned(),
            ),
            (settings(&[("old_ssl", "bool", "1")]), Encryption::Direct, format!("{security} / old_ssl at 1")),
            (
                settings(&[("old_ssl", "bool", "1"), ("require_tls", "bool", "0")]),
                Encryption::Direct,
                format!("{security} / old_ssl at 1"),
            ),
            (
                settings(&[("old_ssl", "bool", "0")]),
                Encryption::Required,
                "default require_tls near account".to_owned(),
            ),
            (
                settings(&[("use_tls", "bool", "0")]),
                Encryption::Required,
                "default require_tls near account".to_owned(),
            ),
        ] {
            assert_eq!(super::encryption(&body), encryption, "{body}");
            assert_eq!(origin(&body), from, "{body}");
        }
    }

    #[test]
    fn the_order_of_the_blocks_matters() {
        for (setting, after, before) in [
            (("require_tls", "bool", "0"), Encryption::Optional, Encryption::Required),
            (("old_ssl", "bool", "1"), Encryption::Direct, Encryption::Required),
        ] {
            let plain = settings(&[setting]);
            assert_eq!(encryption(&(plain.clone() + UI)), after);
            assert_eq!(encryption(&(UI.to_owned() + &plain)), before);
            let profile = profile_of(&(UI.to_owned() + &plain));
            assert_eq!(idle(&profile), [(setting.0, setting.2, Idle::OtherGeneration)]);
        }
        let explicit = settings(&[("connection_security", "string", "opportunistic_tls")]);
        assert_eq!(encryption(&(UI.to_owned() + &explicit)), Encryption::Optional);
    }

    #[test]
    fn an_explicit_word_beats_the_booleans_which_are_told_if_they_disagree() {
        let of = |word, boolean: &str, value| {
            let body = settings(&[("connection_security", "string", word), (boolean, "bool", value)]);
            idle(&profile_of(&body))
                .iter()
                .map(|(name, _, reason)| format!("{name} {}", reason.word()))
                .collect::<String>()
        };
        assert_eq!(of("require_tls", "require_tls", "0"), "require_tls overridden");
        assert_eq!(of("require_tls", "require_tls", "1"), "");
        assert_eq!(of("opportunistic_tls", "require_tls", "1"), "require_tls overridden");
        assert_eq!(of("require_tls", "old_ssl", "1"), "old_ssl overridden");
        assert_eq!(of("require_tls", "old_ssl", "0"), "");
        assert_eq!(of("old_ssl", "require_tls", "1"), "");
        assert_eq!(of("require_tls", "use_tls", "1"), "use_tls other_generation");
    }
}

mod bosh {
    use super::*;

    #[test]
    fn https_anywhere_in_the_url_means_tls() {
        for (url, transport, host, port) in [
            ("http://bosh.example.org:5280/x", Transport::BoshClear, "bosh.example.org", Some(5280)),
            ("bosh.example.org/x", Transport::BoshClear, "bosh.example.org", None),
            ("https://bosh.example.org/x", Transport::BoshTls, "bosh.example.org", None),
            ("HTTPS://bosh.example.org/x", Transport::BoshTls, "bosh.example.org", None),
            ("http://bosh.example.org/?x=https://", Transport::BoshTls, "bosh.example.org", None),
        ] {
            let profile = profile_of(&settings(&[("bosh_url", "string", url)]));
            let account = account(&profile);
            assert_eq!(account.transport.value, transport, "{url}");
            assert_eq!(at(&profile, account.transport.place()), url);
            assert_eq!(account.server.value.as_deref(), Some(host), "{url}");
            assert_eq!(account.port.value, port, "{url}");
        }
    }

    #[test]
    fn it_beats_server_and_old_ssl() {
        let profile = profile_of(&settings(&[
            ("connection_security", "string", "old_ssl"),
            ("connect_server", "string", "xmpp.example.org"),
            ("port", "int", "5223"),
            ("bosh_url", "string", "http://bosh.example.org/"),
            ("auth_plain_in_clear", "bool", "1"),
        ]));
        assert_eq!(account(&profile).exposure.listens, Outcome::Sent);
        assert_eq!(
            idle(&profile),
            [
                ("connect_server", "xmpp.example.org", Idle::Overridden),
                ("connection_security", "old_ssl", Idle::Overridden),
            ]
        );
    }

    #[test]
    fn a_login_in_the_url_is_hidden() {
        let profile = profile_of(&settings(&[("bosh_url", "string", "https://alice:hunter2@bosh.example.org/")]));
        assert_eq!(account(&profile).server.value.as_deref(), Some("bosh.example.org"));
        let file = &profile.files[0];
        let xmpp_audit::model::Spot::Text(span) = account(&profile).transport.place().spot else { panic!() };
        assert!(!file.text.as_ref().unwrap().excerpt(span).text.contains("hunter2"));
        assert!(file.holds_secret);
    }
}

mod passwords {
    use super::*;

    #[test]
    fn are_told_from_what_is_none() {
        for (element, secret) in [
            ("<password>hunter2</password>", Secret::Clear),
            ("<password> </password>", Secret::Clear),
            ("<password></password>", Secret::Empty),
            ("<password/>", Secret::Empty),
            ("", Secret::Absent),
            ("<password keyring_id='keyring-internal'>hunter2</password>", Secret::Clear),
            ("<password keyring_id='keyring-internal' mode='cleartext'>hunter2</password>", Secret::Clear),
            ("<password keyring_id='keyring-internal' mode='x'>b3BhcXVl</password>", Secret::Opaque),
            ("<password keyring_id='keyring-gnome'>b3BhcXVl</password>", Secret::Opaque),
            ("<password>{{ pass \"xmpp\" }}</password>", Secret::TemplatePlaceholder),
        ] {
            let profile = profile_of(&format!("{element}<settings/>"));
            assert_eq!(account(&profile).password.value, secret, "{element}");
            assert_eq!(profile.files[0].holds_secret, secret.is_clear(), "{element}");
        }
    }

    #[test]
    fn a_proxy_has_one_of_its_own() {
        let profile = profile_of(
            "<settings/><proxy><type>http</type><host>proxy.example.org</host><port>3128</port>\
             <username>alice</username><password>hunter2</password></proxy>",
        );
        assert_eq!(account(&profile).password.value, Secret::Absent);
        assert_eq!(profile.proxies.len(), 1);
        assert_eq!(profile.proxies[0].password.value, Secret::Clear);
        assert_eq!(profile.proxies[0].account, Some(0));
        assert!(profile.files[0].holds_secret);
    }
}

mod leftovers {
    use super::*;

    #[test]
    fn count_for_their_secrets_only() {
        let broken = "<account version='1.0'><account><protocol>prpl-jabber</protocol><name>a@x.test</name>\
                      <password>hunter2</password>&broken";
        let sound = accounts_xml("<settings/>");
        for name in [".purple/accounts.xml~", ".purple/accounts.xml.save", ".purple/blist.xml~"] {
            let profile = read(&[(".purple/accounts.xml", sound.as_bytes()), (name, broken.as_bytes())]);
            assert_eq!(profile.accounts.len(), 1, "{name}");
            let file = &profile.files[1];
            assert_eq!((file.kind.0, file.holds_secret, &file.damage), ("leftover copy", true, &None), "{name}");
        }
        let profile = read(&[(".gaim/accounts.xml", accounts_xml("<password>hunter2</password>").as_bytes())]);
        assert!(profile.accounts.is_empty() && profile.files[0].holds_secret);
        let profile = read(&[(".purple/accounts.xml~", sound.as_bytes())]);
        assert!(!profile.files[0].holds_secret);
    }

    #[test]
    fn a_renamed_copy_is_a_profile_of_its_own() {
        let sound = accounts_xml("<settings/>");
        let profiles = pidgin::read_all(&[
            (".purple/accounts.xml", sound.as_bytes()),
            (".purple/accounts.xml.bak", sound.as_bytes()),
            (".purple/status.xml", b"<statuses version='1.0'/>"),
        ]);
        assert_eq!(profiles.iter().map(|profile| profile.files.len()).collect::<Vec<_>>(), [2, 1]);
        assert_eq!(profiles[1].accounts.len(), 1);
    }

    #[test]
    fn key_stores_are_looked_at_and_not_read() {
        let profile = read(&[
            (".purple/otr.private_key", b"(privkeys"),
            (".purple/alice@example.org_axc_db.sqlite", b"SQLite format 3\0"),
            (".purple/certificates/x509/tls_peers/riseup.net", b"-----BEGIN CERTIFICATE-----\n"),
            (".purple/certificates/x509/tls_peers/notes", b"nothing"),
        ]);
        let files: Vec<_> =
            profile.files.iter().map(|file| (file.kind.0, file.holds_secret, file.text.is_none())).collect();
        assert_eq!(
            files,
            [("OTR keys", true, true), ("OMEMO keys", true, true), ("accepted certificate", false, true)]
        );
        assert_eq!(profile.certificate_exceptions.len(), 1);
        assert_eq!(profile.certificate_exceptions[0].name, "riseup.net");
        assert!(!profile.certificate_exceptions[0].every_host);
    }
}

mod preferences {
    use super::*;

    fn with(preferences: &str, body: &str) -> Profile {
        read(&[
            (".purple/accounts.xml", accounts_xml(body).as_bytes()),
            (".purple/prefs.xml", preferences.as_bytes()),
        ])
    }

    fn tor(inside: &str) -> String {
        format!(
            "<pref version='1' name='/'><pref name='purple'><pref name='proxy'>{inside}\
             <pref name='type' type='string' value='tor'/><pref name='host' type='string' value='127.0.0.1'/>\
             <pref name='port' type='int' value='9050'/></pref></pref></pref>"
        )
    }

    #[test]
    fn what_stands_before_a_fault_is_in_force() {
        let profile = with(&(tor("") + "text"), "<settings/>");
        assert_eq!(account(&profile).proxy.value.tor, Tor::Reached);
        let damage = profile.files[0].damage.as_ref().unwrap();
        assert_eq!((damage.fault, damage.loss), (Fault::NotWellFormed, Loss::Rest));
        let cut = tor("");
        let profile = with(&cut[..cut.len() - "</pref></pref></pref>".len()], "<settings/>");
        assert_eq!(account(&profile).proxy.value.tor, Tor::Reached);
        assert_eq!(profile.files[0].damage.as_ref().unwrap().fault, Fault::Truncated);
    }

    #[test]
    fn after_a_skipped_element_the_proxy_is_lost() {
        let profile = with(&tor("<pref name='x' type='bool'/>"), "<settings/>");
        assert_eq!(account(&profile).proxy.value.kind, ProxyKind::Direct);
        let names: Vec<&str> = idle(&profile).iter().map(|(name, ..)| *name).collect();
        assert_eq!(names, ["/purple/proxy/type", "/purple/proxy/host", "/purple/proxy/port"]);
        assert!(profile.idle_settings.iter().all(|idle| idle.reason == Idle::WrongPlace));
    }

    #[test]
    fn a_byte_order_mark_is_the_end_of_them() {
        let profile = with(&format!("\u{feff}{}", tor("")), "<settings/>");
        assert_eq!(account(&profile).proxy.value.kind, ProxyKind::Direct);
        assert!(profile.files[0].damage.is_some());
    }

    #[test]
    fn the_tls_floor_counts_only_with_its_plugin() {
        let of = |plugin: &str, min: &str| {
            let text = format!(
                "<pref name='/'><pref name='pidgin'><pref name='plugins'><pref name='loaded' type='pathlist'>\
                 <item value='{plugin}'/></pref></pref></pref><pref name='plugins'><pref name='core'>\
                 <pref name='nss_prefs'><pref name='min_tls' type='int' value='{min}'/></pref></pref></pref></pref>"
            );
            account(&with(&text, "<settings/>")).tls_floor.value
        };
        assert_eq!(of("/usr/lib/purple-2/nss-prefs.so", "769"), TlsFloor::OldVersion);
        assert_eq!(of("/usr/lib/purple-2/nss-prefs.so", "771"), TlsFloor::Modern);
        assert_eq!(of("/usr/lib/purple-2/nss-prefs.so", "0"), TlsFloor::Modern);
        assert_eq!(of("/usr/lib/purple-2/history.so", "769"), TlsFloor::Modern);
    }

    #[test]
    fn passwords_in_them_are_hidden() {
        let text = "<pref name='/'><pref name='purple'><pref name='network'>\
                    <pref name='turn_password' type='string' value='hunter2'/></pref></pref></pref>";
        let profile = with(text, "<settings/>");
        assert!(profile.files[0].holds_secret);
        let text = profile.files[0].text.as_ref().unwrap();
        assert!(!text.excerpt(xmpp_audit::model::Span::at(0)).text.contains("hunter2"));
    }
}

mod proxies {
    use super::*;

    fn of(proxy: &str) -> (ProxyKind, Tor) {
        let profile = profile_of(&format!("<settings/><proxy>{proxy}</proxy>"));
        let proxy = &account(&profile).proxy.value;
        (proxy.kind, proxy.tor)
    }

    #[test]
    fn of_an_account() {
        let at = |kind: &str| format!("<type>{kind}</type><host>127.0.0.1</host><port>9050</port>");
        for (proxy, kind, tor) in [
            (at("none"), ProxyKind::Direct, Tor::Unreached),
            (at("global"), ProxyKind::Direct, Tor::Unreached),
            (at("http"), ProxyKind::Http, Tor::Undecided),
            (at("socks4"), ProxyKind::Socks4, Tor::Unreached),
            (at("socks5"), ProxyKind::Socks5, Tor::Reached),
            (at("tor"), ProxyKind::Tor, Tor::Reached),
            (at("envvar"), ProxyKind::Environment, Tor::Undecided),
            (at("Tor"), ProxyKind::Misspelt, Tor::Unreached),
            (at("SOCKS5"), ProxyKind::Misspelt, Tor::Unreached),
            (at("gnome"), ProxyKind::Misspelt, Tor::Unreached),
            (at(""), ProxyKind::Direct, Tor::Unreached),
            (String::new(), ProxyKind::Direct, Tor::Unreached),
            ("<type>tor</type>".to_owned(), ProxyKind::Tor, Tor::Refused),
            ("<type>tor</type><host>127.0.0.1</host>".to_owned(), ProxyKind::Tor, Tor::Refused),
            ("<type>tor</type><host>127.0.0.1</host><port>0</port>".to_owned(), ProxyKind::Tor, Tor::Refused),
            ("<type>tor</type><host>localhost</host><port>9050</port>".to_owned(), ProxyKind::Tor, Tor::Refused),
            (
                "<type>socks5</type><host>localhost</host><port>9050</port>".to_owned(),
                ProxyKind::Socks5,
                Tor::Reached,
            ),
            ("<type>tor</type><host>::1</host><port>9050</port>".to_owned(), ProxyKind::Tor, Tor::Reached),
        ] {
            assert_eq!(of(&proxy), (kind, tor), "{proxy}");
        }
    }

    #[test]
    fn point_at_their_type() {
        let profile =
            profile_of("<settings/><proxy><type>Tor</type><host>127.0.0.1</host><port>9050</port></proxy>");
        let proxy = &account(&profile).proxy;
        assert_eq!((proxy.value.written.as_str(), at(&profile, proxy.place())), ("Tor", "Tor"));
        let profile = profile_of("<settings/>");
        let proxy = &account(&profile).proxy;
        assert_eq!((proxy.default_word(), at(&profile, proxy.place())), (Some("global"), "account"));
    }

    #[test]
    fn of_the_client_as_a_whole() {
        let with = |kind: &str, more: &str, own: &str| {
            let preferences = format!(
                "<pref name='/'><pref name='purple'><pref name='proxy'>\
                 <pref name='type' type='string' value='{kind}'/><pref name='host' type='string' value='127.0.0.1'/>\
                 <pref name='port' type='int' value='9050'/>{more}</pref></pref></pref>"
            );
            let profile = read(&[
                (".purple/accounts.xml", accounts_xml(&format!("<settings/>{own}")).as_bytes()),
                (".purple/prefs.xml", preferences.as_bytes()),
            ]);
            let proxy = &account(&profile).proxy.value;
            (proxy.kind, proxy.tor)
        };
        let remote = "<pref name='socks4_remotedns' type='bool' value='1'/>";
        let own = |kind: &str| format!("<proxy><type>{kind}</type></proxy>");
        for (kind, more, own, expected) in [
            ("none", "", String::new(), (ProxyKind::Direct, Tor::Unreached)),
            ("tor", "", String::new(), (ProxyKind::Tor, Tor::Reached)),
            ("socks5", "", String::new(), (ProxyKind::Socks5, Tor::Reached)),
            ("socks4", "", String::new(), (ProxyKind::Socks4, Tor::Unreached)),
            ("socks4", remote, String::new(), (ProxyKind::Socks4, Tor::Reached)),
            ("Tor", "", String::new(), (ProxyKind::Misspelt, Tor::Refused)),
            ("global", "", String::new(), (ProxyKind::Misspelt, Tor::Refused)),
            ("tor", "", own("none"), (ProxyKind::Direct, Tor::Unreached)),
            ("tor", "", own("envvar"), (ProxyKind::Environment, Tor::Undecided)),
            ("tor", "", own("Tor"), (ProxyKind::Misspelt, Tor::Reached)),
            ("tor", "", own("global"), (ProxyKind::Tor, Tor::Reached)),
        ] {
            assert_eq!(with(kind, more, &own), expected, "{kind} {own}");
        }
    }
}

mod rooms {
    use super::*;

    fn list(body: &str) -> Profile {
        let list = format!("<purple version='1.0'><blist><group name='g'>{body}</group></blist></purple>");
        read(&[
            (".purple/accounts.xml", accounts_xml("<settings/>").as_bytes()),
            (".purple/blist.xml", list.as_bytes()),
        ])
    }

    fn chat(components: &[(&str, &str)]) -> Profile {
        let inner: String =
            components.iter().map(|(name, text)| format!("<component name='{name}'>{text}</component>")).collect();
        list(&format!("<chat proto='prpl-jabber' account='alice@example.org/'>{inner}</chat>"))
    }

    #[test]
    fn have_their_faults() {
        for (room, server, fault) in [
            ("good", "conference.example.org", RoomFault::Sound),
            ("good", "example.org", RoomFault::Sound),
            ("whole@conference.example.org", "conference.example.org", RoomFault::WholeAddressInName),
            ("", "conference.example.org", RoomFault::NoName),
            ("good", "", RoomFault::NoService),
            ("good", "conference.example.org/x", RoomFault::ServiceNotHost),
            ("good", "x@conference.example.org", RoomFault::ServiceNotHost),
            ("good", " conference.example.org ", RoomFault::Blank),
            (" good ", "conference.example.org", RoomFault::Blank),
            ("go&lt;od", "conference.example.org", RoomFault::NotAnAddress),
        ] {
            let profile = chat(&[("room", room), ("server", server)]);
            assert_eq!(profile.rooms.len(), 1);
            assert_eq!(profile.rooms[0].fault, fault, "{room:?} {server:?}");
        }
        let profile = chat(&[]);
        assert_eq!(profile.rooms[0].fault, RoomFault::NoService);
        assert_eq!(at(&profile, &profile.rooms[0].place), "chat");
    }

    #[test]
    fn say_where_they_stand() {
        let profile = chat(&[("room", "Good"), ("server", "x.test"), ("server", "Conference.Example.org")]);
        let room = &profile.rooms[0];
        assert_eq!(room.address.bare(), "good@conference.example.org");
        assert_eq!(at(&profile, &room.place), "Good");
        assert_eq!(at(&profile, &room.service_place), "Conference.Example.org");
        assert_eq!(room.account, Some(0));
        assert_eq!(room.password.value, Secret::Absent);
    }

    #[test]
    fn may_have_a_password() {
        let profile = chat(&[("room", "r"), ("server", "c.test"), ("password", "hunter2")]);
        assert_eq!(profile.rooms[0].password.value, Secret::Clear);
        assert!(profile.files[1].holds_secret);
        let profile = chat(&[("room", "r"), ("server", "c.test"), ("password", "")]);
        assert_eq!(profile.rooms[0].password.value, Secret::Absent);
    }

    #[test]
    fn are_joined_by_what_is_a_number() {
        for (name, kind, text, joined) in [
            ("gtk-autojoin", " type='bool'", "1", true),
            ("gnt-autojoin", " type='bool'", "1", true),
            ("gtk-autojoin", " type='bool'", "true", false),
            ("gtk-autojoin", " type='bool'", "0", false),
            ("gtk-autojoin", "", "1", false),
            ("gtk-persistent", " type='bool'", "1", false),
        ] {
            let profile = list(&format!(
                "<chat proto='prpl-jabber' account='alice@example.org/'><setting name='{name}'{kind}>{text}</setting></chat>"
            ));
            assert_eq!(profile.rooms[0].autojoin, joined, "{name}{kind} {text}");
        }
    }

    #[test]
    fn belong_to_accounts_by_normalised_name() {
        let of = |attributes: &str| {
            let profile = list(&format!("<chat {attributes}/>"));
            profile.rooms.first().map(|room| room.account)
        };
        assert_eq!(of("proto='prpl-jabber' account='ALICE@example.org/other'"), Some(Some(0)));
        assert_eq!(of("protocol='prpl-jabber' account='alice@example.org/'"), Some(Some(0)));
        assert_eq!(of("proto='prpl-jabber' account='stranger@example.org/'"), Some(None));
        assert_eq!(of("proto='prpl-irc' account='alice@example.org/'"), None);
        assert_eq!(of("account='alice@example.org/'"), None);
        assert_eq!(of("proto='prpl-jabber'"), None);
    }

    #[test]
    fn contacts_stand_in_contacts_and_persons() {
        let buddy = "<buddy account='alice@example.org/' proto='prpl-jabber'><name>bob@example.org</name></buddy>";
        let profile = list(&format!("<contact>{buddy}</contact><person>{buddy}</person>{buddy}"));
        assert_eq!(profile.contacts.len(), 2);
        assert_eq!(at(&profile, &profile.contacts[0].place), "bob@example.org");
        assert_eq!(profile.contacts[0].address.bare(), "bob@example.org");
    }

    #[test]
    fn a_broken_list_is_lost() {
        let profile = list("<chat>");
        assert!(profile.rooms.is_empty());
        assert_eq!(profile.files[1].damage.as_ref().map(|damage| damage.loss), Some(Loss::Rest));
    }
}

#[test]
fn what_cannot_be_read_is_a_notice() {
    use std::path::Path;
    use xmpp_audit::clients::{Client, Found, pidgin::Pidgin};
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(".purple/accounts.xml");
    std::fs::create_dir_all(&path).unwrap();
    let kind = Pidgin.recognise(Path::new(".purple/accounts.xml"), b"").unwrap();
    let found = Found { path, kind, home: None };
    let profile = Pidgin.read(&[found], &xmpp_audit::source::Reader::default());
    assert!(profile.files.is_empty());
    assert_eq!(profile.notices[0].trouble, Trouble::NotRegular);
}
