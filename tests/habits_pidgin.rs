//! What Pidgin does beside logging in, as its preferences, its list of contacts and its plugins have it. Unless
//! another source is named, read in the source of 2.14; the defaults were observed with 2.14.12.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "a test may fail"
)]

mod pidgin;

use pidgin::{account, accounts_xml, at, fixture, prefs_xml, read};
use xmpp_audit::model::{
    ConversationEncryption, EndToEnd, Habit, HabitKind, Origin, Profile, Secret, Spot, TlsFloor,
};

/// A preference: path, type, value.
type Preference<'a> = (&'a str, &'a str, &'a str);

const OTR_LOADED: Preference = ("/pidgin/plugins/loaded", "pathlist", "/usr/lib/pidgin/pidgin-otr.so");
const QUIET: [Preference; 4] = [
    ("/purple/conversations/im/send_typing", "bool", "0"),
    ("/purple/away/idle_reporting", "string", "none"),
    ("/purple/logging/log_ims", "bool", "0"),
    ("/purple/logging/log_chats", "bool", "0"),
];

/// A profile with one account, these preferences and these entries of the list.
fn with(preferences: &[Preference], entries: &str) -> Profile {
    let list = format!("<purple version='1.0'><blist><group name='g'>{entries}</group></blist></purple>");
    read(&[
        (".purple/accounts.xml", accounts_xml("<settings/>").as_bytes()),
        (".purple/prefs.xml", prefs_xml(preferences).as_bytes()),
        (".purple/blist.xml", list.as_bytes()),
    ])
}

/// The same, where everything is off that is on by default.
fn quiet(preferences: &[Preference], entries: &str) -> Profile {
    let all: Vec<Preference> = QUIET.iter().chain(preferences).copied().collect();
    with(&all, entries)
}

fn kinds(profile: &Profile) -> Vec<HabitKind> {
    profile.habits.iter().map(|habit| habit.what.value).collect()
}

/// What is shown of a habit.
type Shown = (String, Option<&'static str>, Option<String>);

/// The habits of a kind: what stands at their place, the default if nothing does, and what they are about.
fn of_kind(profile: &Profile, kind: HabitKind) -> Vec<Shown> {
    let text = |habit: &Habit| match (&habit.what.origin, &habit.what.place().spot) {
        (Origin::Written(place), Spot::Text(_)) => at(profile, place).to_owned(),
        _ => String::new(),
    };
    let habits = profile.habits.iter().filter(|habit| habit.what.value == kind);
    habits.map(|habit| (text(habit), habit.what.default_word(), habit.detail.clone())).collect()
}

fn written(text: &str) -> Vec<Shown> {
    vec![(text.to_owned(), None, None)]
}

fn about(text: &str, detail: &str) -> Vec<Shown> {
    vec![(text.to_owned(), None, Some(detail.to_owned()))]
}

fn buddy(own: &str, of_contact: &str) -> String {
    format!(
        "<contact><buddy account='alice@example.org/' proto='prpl-jabber'><name>bob@example.org</name>{own}</buddy>\
         {of_contact}</contact>"
    )
}

fn setting(name: &str, kind: &str, text: &str) -> String {
    format!("<setting name='{name}' type='{kind}'>{text}</setting>")
}

mod defaults {
    use super::*;

    const ALL: [HabitKind; 4] =
        [HabitKind::TypingShown, HabitKind::IdleTimeShown, HabitKind::HistoryKept, HabitKind::HistoryKept];

    #[test]
    fn hold_where_nothing_is_written() {
        let profile = with(&[("/purple/proxy/type", "string", "none")], "");
        assert_eq!(kinds(&profile), ALL);
        let words: Vec<&str> = profile.habits.iter().map(|habit| habit.what.place().words.as_str()).collect();
        assert_eq!(
            words,
            [
                "preferences / /purple/conversations/im/send_typing",
                "preferences / /purple/away/idle_reporting",
                "preferences / /purple/logging/log_ims",
                "preferences / /purple/logging/log_chats"
            ]
        );
        assert!(profile.habits.iter().all(|habit| habit.what.default_word().is_some()));
        assert!(profile.habits.iter().all(|habit| at(&profile, habit.what.place()) == "/"));
    }

    #[test]
    fn are_what_a_first_run_writes() {
        let profile = read(&[(".purple/prefs.xml", &fixture("samples/prefs-defaults.xml"))]);
        assert_eq!(kinds(&profile), ALL);
        assert!(profile.habits.iter().all(|habit| matches!(habit.what.origin, Origin::Written(_))));
        assert_eq!(of_kind(&profile, HabitKind::IdleTimeShown), written("system"));
    }

    #[test]
    fn are_not_claimed_without_preferences_that_were_read_in_full() {
        let accounts = accounts_xml("<settings/>");
        assert!(read(&[(".purple/accounts.xml", accounts.as_bytes())]).habits.is_empty());
        for preferences in ["", "<pref name='/'>", "<pref name='/'/><x", "\u{feff}<pref name='/'/>"] {
            let profile = read(&[
                (".purple/accounts.xml", accounts.as_bytes()),
                (".purple/prefs.xml", preferences.as_bytes()),
            ]);
            assert!(profile.habits.is_empty(), "{preferences}");
            assert_eq!(account(&profile).end_to_end.value, EndToEnd::Undecided, "{preferences}");
        }
        let cut = prefs_xml(&[("/purple/logging/log_ims", "bool", "1")]).replace("</pref>\n</pref>\n", "");
        let profile = read(&[(".purple/prefs.xml", cut.as_bytes())]);
        assert_eq!(kinds(&profile), [HabitKind::HistoryKept], "what stands before the fault is in force");
    }

    #[test]
    fn do_not_matter_to_whoever_uses_other_networks_only() {
        let accounts = accounts_xml("<settings/>").replace("prpl-jabber", "prpl-irc");
        let preferences = prefs_xml(&[("/purple/network/turn_password", "string", "hunter2")]);
        let profile =
            read(&[(".purple/accounts.xml", accounts.as_bytes()), (".purple/prefs.xml", preferences.as_bytes())]);
        assert_eq!(kinds(&profile), [HabitKind::HelperPassword]);
    }

    #[test]
    fn yield_to_what_is_written() {
        assert_eq!(kinds(&quiet(&[], "")), []);
        for (path, kind, value, expected) in [
            ("/purple/conversations/im/send_typing", "bool", "1", Some(HabitKind::TypingShown)),
            ("/purple/conversations/im/send_typing", "bool", "true", None),
            // Of the wrong type: the client reads false (observed).
            ("/purple/conversations/im/send_typing", "string", "1", None),
            ("/purple/away/idle_reporting", "string", "purple", Some(HabitKind::IdleTimeShown)),
            ("/purple/away/idle_reporting", "string", "gaim", Some(HabitKind::IdleTimeShown)),
            ("/purple/away/idle_reporting", "string", "None", None),
            ("/purple/away/idle_reporting", "int", "1", None),
            ("/purple/logging/log_ims", "bool", "1", Some(HabitKind::HistoryKept)),
            ("/purple/logging/log_chats", "bool", "1", Some(HabitKind::HistoryKept)),
            ("/purple/logging/log_system", "bool", "1", None),
        ] {
            let others = QUIET.iter().filter(|(other, ..)| *other != path);
            let all: Vec<Preference> = others.copied().chain([(path, kind, value)]).collect();
            assert_eq!(kinds(&with(&all, "")), Vec::from_iter(expected), "{path} {value}");
        }
    }
}

mod history {
    use super::*;

    #[test]
    fn of_single_conversations_is_kept_if_they_say_so() {
        let logs = |value| setting("enable-logging", "bool", value);
        let profile = quiet(&[], &buddy(&logs("1"), ""));
        let bob = about("1", "bob@example.org");
        assert_eq!(of_kind(&profile, HabitKind::HistoryKept), bob);
        assert_eq!(profile.habits[0].account, Some(0));
        assert_eq!(
            profile.habits[0].what.place().words,
            "accounts[alice@example.org] / contacts[bob@example.org] / enable-logging"
        );
        for (own, of_contact) in [
            (logs("0"), String::new()),
            (logs("true"), String::new()),
            (setting("enable-logging", "int", "1"), String::new()),
            (setting("enable-logging", "string", "1"), String::new()),
            (logs("1") + &logs("0"), String::new()),
            (String::new(), logs("1")),
        ] {
            assert_eq!(kinds(&quiet(&[], &buddy(&own, &of_contact))), [], "{own} {of_contact}");
        }
        let twice = buddy(&logs("1"), "").repeat(2);
        assert_eq!(of_kind(&quiet(&[], &twice), HabitKind::HistoryKept).len(), 1);
        let profile = with(&[], &buddy(&logs("1"), ""));
        assert_eq!(of_kind(&profile, HabitKind::HistoryKept).len(), 2, "only what is kept of all");
        let stranger = buddy(&logs("1"), "").replace("alice@", "stranger@");
        assert_eq!(kinds(&quiet(&[], &stranger)), [], "the client drops it");
        let oneself = buddy(&logs("1"), "").replace("<name>bob@", "<name>alice@");
        assert_eq!(kinds(&quiet(&[], &oneself)), []);
    }

    #[test]
    fn of_single_rooms_too() {
        let room = "<chat proto='prpl-jabber' account='alice@example.org/'><component name='room'>r</component>\
                    <component name='server'>conference.example.org</component>\
                    <setting name='enable-logging' type='bool'>1</setting></chat>";
        let profile = quiet(&[], room);
        let expected = about("1", "r@conference.example.org");
        assert_eq!(of_kind(&profile, HabitKind::HistoryKept), expected);
        let ims = [QUIET[0], QUIET[1], ("/purple/logging/log_ims", "bool", "1"), QUIET[3]];
        assert_eq!(of_kind(&with(&ims, room), HabitKind::HistoryKept).len(), 2);
        assert_eq!(of_kind(&with(&[], room), HabitKind::HistoryKept).len(), 2);
    }
}

mod otr {
    use super::*;

    const ENABLED: &str = "/OTR/enabled";
    const AUTOMATIC: &str = "/OTR/automatic";
    const PRIVATE: &str = "/OTR/onlyprivate";
    const AVOID: &str = "/OTR/avoidloggingotr";

    fn prefs<'a>(otr: &[(&'a str, &'a str)]) -> Vec<Preference<'a>> {
        let otr = otr.iter().map(|(path, value)| (*path, "bool", *value));
        [OTR_LOADED].into_iter().chain(otr).collect()
    }

    fn end_to_end(profile: &Profile) -> EndToEnd {
        account(profile).end_to_end.value
    }

    /// pidgin-otr 4.0.2, `gtk-ui.c`.
    #[test]
    fn encrypts_as_its_switches_say() {
        let on = [(ENABLED, "1"), (AUTOMATIC, "1"), (PRIVATE, "1"), (AVOID, "1")];
        let but = |path: &'static str| on.map(|(name, value)| (name, if name == path { "0" } else { value }));
        for (switches, expected, weak_at) in [
            (on.to_vec(), EndToEnd::DefaultOn, None),
            (but(PRIVATE).to_vec(), EndToEnd::DefaultOff, Some(PRIVATE)),
            // `onlyprivate` counts only where `automatic` is set.
            (but(AUTOMATIC).to_vec(), EndToEnd::SwitchedOff, Some(AUTOMATIC)),
            (but(ENABLED).to_vec(), EndToEnd::SwitchedOff, Some(ENABLED)),
            // The defaults hold only where there is no `enabled`: then a missing sibling is off.
            (vec![], EndToEnd::DefaultOff, Some(PRIVATE)),
            (vec![(PRIVATE, "1")], EndToEnd::DefaultOff, Some(PRIVATE)),
            (vec![(ENABLED, "1")], EndToEnd::DefaultOff, Some(AUTOMATIC)),
            (vec![(ENABLED, "1"), (AUTOMATIC, "1")], EndToEnd::DefaultOff, Some(PRIVATE)),
            (vec![(ENABLED, "true"), (AUTOMATIC, "1"), (PRIVATE, "1")], EndToEnd::SwitchedOff, Some(ENABLED)),
        ] {
            let profile = quiet(&prefs(&switches), "");
            assert_eq!(end_to_end(&profile), expected, "{switches:?}");
            let places: Vec<String> = profile.habits.iter().map(|habit| habit.what.place().words.clone()).collect();
            let expected: Vec<String> = weak_at.iter().map(|path| format!("preferences / {path}")).collect();
            assert_eq!(places, expected, "{switches:?}");
            assert!(kinds(&profile).iter().all(|kind| *kind == HabitKind::ChatsMayBeClear));
        }
    }

    #[test]
    fn does_nothing_unless_it_is_loaded() {
        let off = [(ENABLED, "bool", "0"), (AVOID, "bool", "0")];
        for loaded in [
            ("/pidgin/plugins/loaded", "pathlist", "/usr/lib/purple-2/statenotify.so"),
            ("/pidgin/plugins/loaded", "pathlist", "/usr/lib/pidgin/pidgin-otr.so.bak"),
            // A bare name is not found.
            ("/pidgin/plugins/loaded", "pathlist", "pidgin-otr.so"),
            ("/pidgin/plugins/loaded", "stringlist", "/usr/lib/pidgin/pidgin-otr.so"),
            // It needs Pidgin.
            ("/finch/plugins/loaded", "pathlist", "/usr/lib/pidgin/pidgin-otr.so"),
        ] {
            let profile = quiet(&[loaded, off[0], off[1]], &buddy(&override_("0"), ""));
            assert_eq!(kinds(&profile), [], "{loaded:?}");
            assert!(profile.conversations.is_empty(), "{loaded:?}");
            assert_eq!(end_to_end(&profile), EndToEnd::PluginMissing, "{loaded:?}");
        }
        let windows = ("/pidgin/plugins/loaded", "pathlist", "C:\\Program Files\\Pidgin\\plugins\\pidgin-otr.dll");
        assert_eq!(end_to_end(&with(&[windows], "")), EndToEnd::DefaultOff);
    }

    #[test]
    fn has_its_encrypted_conversations_logged() {
        let log = |value| ("/purple/logging/log_ims", "bool", value);
        let of = |ims, enabled, avoid| {
            let otr = prefs(&[(ENABLED, enabled), (AUTOMATIC, "1"), (PRIVATE, "1"), (AVOID, avoid)]);
            let profile = with(&[otr, vec![log(ims)]].concat(), "");
            of_kind(&profile, HabitKind::DecryptedKept)
        };
        assert_eq!(of("1", "1", "0"), written("0"));
        assert_eq!(of("1", "1", "1"), []);
        assert_eq!(of("0", "1", "0"), []);
        assert_eq!(of("1", "0", "0"), [], "it never encrypts");
        let missing = with(&prefs(&[(ENABLED, "1")]), "");
        assert_eq!(of_kind(&missing, HabitKind::DecryptedKept), [(String::new(), Some("0"), None)]);
        assert_eq!(of_kind(&with(&prefs(&[]), ""), HabitKind::DecryptedKept), []);
    }

    fn override_(enabled: &str) -> String {
        setting("OTR/overridedefault", "bool", "1") + &setting("OTR/enabled", "bool", enabled)
    }

    #[test]
    fn can_be_turned_off_for_one_contact() {
        let conversations = |switches: &[(&'static str, &'static str)], own: &str| {
            let profile = with(&prefs(switches), &buddy(own, ""));
            let found = profile.conversations.iter();
            found
                .map(|found| {
                    assert_eq!((found.address.bare().as_str(), found.group), ("bob@example.org", false));
                    assert_eq!(found.account, Some(0));
                    (at(&profile, &found.place).to_owned(), found.encryption)
                })
                .collect::<Vec<_>>()
        };
        let chosen = |text: &str| vec![(text.to_owned(), ConversationEncryption::ChosenClear)];
        let all = [(ENABLED, "1"), (AUTOMATIC, "1"), (PRIVATE, "1")];
        assert_eq!(conversations(&all, &override_("0")), chosen("0"));
        assert_eq!(conversations(&[], &override_("0")), chosen("0"));
        // What is missing is off, once the defaults are overridden.
        assert_eq!(conversations(&all, &setting("OTR/overridedefault", "bool", "1")), chosen("1"));
        assert_eq!(conversations(&all, &override_("1")), []);
        assert_eq!(conversations(&all, &setting("OTR/enabled", "bool", "0")), []);
        let not_overridden = override_("0").replace("type='bool'>1", "type='bool'>0");
        assert_eq!(conversations(&all, &not_overridden), []);
        let clear = vec![("0".to_owned(), ConversationEncryption::Clear)];
        assert_eq!(conversations(&[(ENABLED, "0")], &override_("0")), clear, "nothing was turned off here");
    }

    #[test]
    fn can_be_logged_for_one_contact() {
        let of = |preferences: &[Preference], own: &str| {
            let profile = with(&[&[OTR_LOADED], preferences].concat(), &buddy(own, ""));
            of_kind(&profile, HabitKind::DecryptedKept).iter().map(|(text, ..)| text.clone()).collect::<Vec<_>>()
        };
        let own = |avoid: &str| override_("1") + &setting("OTR/avoidloggingotr", "bool", avoid);
        let silent = ("/purple/logging/log_ims", "bool", "0");
        assert_eq!(of(&[], &own("0")), ["0"]);
        assert_eq!(of(&[], &override_("1")), ["1"], "what is missing is off, which logs");
        assert_eq!(of(&[], &own("1")), [""; 0]);
        assert_eq!(of(&[], &override_("0")), [""; 0]);
        assert_eq!(of(&[silent], &own("0")), [""; 0]);
        assert_eq!(of(&[silent], &(own("0") + &setting("enable-logging", "bool", "1"))), ["0"]);
        let logged = [silent, (ENABLED, "bool", "1"), (AVOID, "bool", "0")];
        assert_eq!(of(&logged, &setting("enable-logging", "bool", "1")), ["1"]);
        assert_eq!(of(&[], &setting("enable-logging", "bool", "1")), [""; 0]);
    }

    #[test]
    fn stands_beside_omemo() {
        let lurch = "/usr/lib/purple-2/lurch.so";
        let both = format!("{}|{lurch}", OTR_LOADED.2);
        for (list, items, otr, expected) in [
            ("/pidgin/plugins/loaded", lurch, "1", (EndToEnd::DefaultOn, 1)),
            ("/finch/plugins/loaded", lurch, "1", (EndToEnd::DefaultOn, 1)),
            ("/pidgin/plugins/loaded", &both, "0", (EndToEnd::DefaultOn, 1)),
            ("/pidgin/plugins/loaded", "/usr/lib/pidgin/encrypt.so", "1", (EndToEnd::Undecided, 0)),
            ("/pidgin/plugins/loaded", "/usr/lib/pidgin/lurch-helper.so", "1", (EndToEnd::PluginMissing, 0)),
        ] {
            let profile = quiet(&[(list, "pathlist", items), (ENABLED, "bool", otr)], "");
            let found = (end_to_end(&profile), of_kind(&profile, HabitKind::ChatsMayBeClear).len());
            assert_eq!(found, expected, "{list} {items}");
        }
        // Where OTR insists, it is what keeps the conversation closed.
        let loaded = ("/pidgin/plugins/loaded", "pathlist", both.as_str());
        for (only, expected) in [("0", lurch), ("1", "1")] {
            let preferences = [
                loaded,
                (ENABLED, "bool", "1"),
                ("/OTR/automatic", "bool", "1"),
                ("/OTR/onlyprivate", "bool", only),
            ];
            let profile = quiet(&preferences, "");
            let marked = at(&profile, account(&profile).end_to_end.place());
            assert_eq!(marked, expected, "onlyprivate {only}");
        }
    }

    #[test]
    fn counts_in_the_interface_that_connects_the_account() {
        let of = |interface: &str, enabled: &str| {
            let block = format!(
                "<settings/><settings ui='{interface}'><setting name='auto-login' type='bool'>{enabled}</setting>\
                 </settings>"
            );
            let profile = read(&[
                (".purple/accounts.xml", accounts_xml(&block).as_bytes()),
                (".purple/prefs.xml", prefs_xml(&[OTR_LOADED]).as_bytes()),
            ]);
            end_to_end(&profile)
        };
        assert_eq!(of("gtk-gaim", "1"), EndToEnd::DefaultOff);
        assert_eq!(of("gnt-purple", "1"), EndToEnd::PluginMissing);
        assert_eq!(of("gnt-purple", "0"), EndToEnd::DefaultOff);
        assert_eq!(of("chatty", "1"), EndToEnd::Undecided);
    }
}

mod files {
    use super::*;

    const LOADED: Preference = ("/pidgin/plugins/loaded", "pathlist", "/usr/lib/purple-2/autoaccept.so");
    const STRANGER: &str = "/plugins/core/core-plugin_pack-autoaccept/stranger";

    #[test]
    fn are_taken_unasked_only_by_the_plugin() {
        let entry = buddy("", &setting("autoaccept", "int", "1"));
        let profile = quiet(&[LOADED], &entry);
        let bob = about("1", "bob@example.org");
        assert_eq!(of_kind(&profile, HabitKind::FilesTakenUnasked), bob);
        assert_eq!(kinds(&quiet(&[], &entry)), []);
        for (own, of_contact) in [
            (String::new(), setting("autoaccept", "int", "0")),
            (String::new(), setting("autoaccept", "int", "2")),
            (String::new(), setting("autoaccept", "bool", "1")),
            (setting("autoaccept", "int", "1"), String::new()),
        ] {
            assert_eq!(kinds(&quiet(&[LOADED], &buddy(&own, &of_contact))), [], "{own} {of_contact}");
        }
        let two = entry.replace(
            "</buddy>",
            "</buddy><buddy account='alice@example.org/' proto='prpl-jabber'><name>bob@example.net</name></buddy>",
        );
        assert_eq!(of_kind(&quiet(&[LOADED], &two), HabitKind::FilesTakenUnasked), bob, "once for the contact");
    }

    #[test]
    fn of_strangers_too() {
        let of = |value, loaded: &[Preference]| {
            of_kind(&quiet(&[loaded, &[(STRANGER, "int", value)]].concat(), ""), HabitKind::FilesTakenUnasked)
        };
        assert_eq!(of("1", &[LOADED]), written("1"));
        assert_eq!(of("2", &[LOADED]), []);
        assert_eq!(of("1", &[]), []);
    }
}

mod helpers {
    use super::*;

    const PASSWORD: &str = "/purple/network/turn_password";
    const SERVER: &str = "/purple/network/turn_server";

    #[test]
    fn have_their_passwords_in_the_clear() {
        let of = |server, password: &str| {
            let profile = quiet(&[(SERVER, "string", server), (PASSWORD, "string", password)], "");
            let details = of_kind(&profile, HabitKind::HelperPassword);
            details.into_iter().map(|(_, _, detail)| detail).collect::<Vec<_>>()
        };
        assert_eq!(of("turn.example.org", "hunter2"), [Some("turn.example.org".to_owned())]);
        assert_eq!(of("", "hunter2"), [None]);
        assert_eq!(of("alice:hunter2@turn.example.org", "hunter2"), [None], "no login is shown");
        assert_eq!(of("turn.example.org", ""), []);
        assert_eq!(of("turn.example.org", "{{ pass &quot;turn&quot; }}"), []);
        let profile = quiet(&[(PASSWORD, "string", "hunter2")], "");
        assert!(profile.files[0].holds_secret);
        assert_eq!(account(&profile).password.value, Secret::Absent);
    }
}

mod ciphers {
    use super::*;

    #[test]
    fn with_rc4_count_only_with_the_plugin() {
        let of = |plugin: &str, ciphers: &str, min: &str| {
            let loaded = ("/pidgin/plugins/loaded", "pathlist", plugin);
            let list = ("/plugins/core/nss_prefs/cipher_list", "stringlist", ciphers);
            let floor = with(&[loaded, list, ("/plugins/core/nss_prefs/min_tls", "int", min)], "");
            account(&floor).tls_floor.value
        };
        let plugin = "/usr/lib/purple-2/nss-prefs.so";
        assert_eq!(of(plugin, "0xc02f|0x0005", "0"), TlsFloor::OldCipher);
        assert_eq!(of(plugin, "0xc02f|C011", "771"), TlsFloor::OldCipher);
        assert_eq!(of(plugin, "0x0005", "769"), TlsFloor::OldVersion);
        assert_eq!(of(plugin, "0xc02f|0x1301", "0"), TlsFloor::Modern);
        assert_eq!(of("/usr/lib/purple-2/history.so", "0x0005", "0"), TlsFloor::Modern);
    }
}
