//! The code that Pidgin runs for its user, and the stores of keys and messages beside its files. Read in the source of
//! 2.14 (`plugin.c`, `gtknotify.c`, `gtksound.c`, `gtkpounce.c`, `log.c`).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "a test may fail"
)]

mod pidgin;

use pidgin::{accounts_xml, at, prefs_xml, read};
use xmpp_audit::model::{HabitKind, Profile, Purpose, Span, Spot};

const LIST: &str = "/pidgin/plugins/loaded";

fn read_with(preferences: &[(&str, &str, &str)], more: &[(&str, &[u8])]) -> Profile {
    let accounts = accounts_xml("<settings/>");
    let preferences = prefs_xml(preferences);
    let files = [(".purple/accounts.xml", accounts.as_bytes()), (".purple/prefs.xml", preferences.as_bytes())];
    read(&[&files, more].concat())
}

/// The code that is run: what it is about, and what stands at its place.
fn code(profile: &Profile) -> Vec<(HabitKind, String, &str)> {
    let kinds = [HabitKind::PluginLoaded, HabitKind::CommandRun, HabitKind::ShellRun];
    let habits = profile.habits.iter().filter(|habit| kinds.contains(&habit.what.value));
    habits
        .map(|habit| {
            let place = habit.what.place();
            let text = if place.spot == Spot::File { "file" } else { at(profile, place) };
            (habit.what.value, habit.detail.clone().unwrap_or_default(), text)
        })
        .collect()
}

mod plugins {
    use super::*;
    use HabitKind::PluginLoaded;

    #[test]
    fn of_the_own_folder_run_whether_listed_or_not() {
        let plugin = [(".purple/plugins/quote.so", b"x".as_slice())];
        let elsewhere = "/home/alice/.purple/plugins/quote.so";
        let profile = read_with(&[(LIST, "pathlist", elsewhere)], &plugin);
        assert_eq!(code(&profile), [(PluginLoaded, "quote.so".to_owned(), elsewhere)]);
        // It is opened to see what it is.
        let profile = read_with(&[], &plugin);
        assert_eq!(code(&profile), [(PluginLoaded, "quote.so".to_owned(), "file")]);
        let file = profile.files.iter().find(|file| file.kind.1 == Purpose::Code).unwrap();
        assert!(file.path.ends_with("plugins/quote.so") && file.text.is_none() && !file.holds_secret);
        assert_eq!(profile.habits.last().unwrap().what.place().words, "plugins[quote.so]");
    }

    #[test]
    fn that_are_scripts_run_if_they_are_listed() {
        let script = [(".purple/plugins/quote.pl", b"x".as_slice()), (".purple/plugins/README", b"x")];
        assert_eq!(code(&read_with(&[], &script)), []);
        let profile = read_with(&[(LIST, "pathlist", "/h/.purple/plugins/quote.pl")], &script);
        assert_eq!(code(&profile).len(), 1);
        assert_eq!(profile.files.iter().filter(|file| file.kind.1 == Purpose::Code).count(), 1);
    }

    #[test]
    fn of_the_system_are_not_the_users() {
        let items =
            "/usr/lib/pidgin/history.so|/nix/store/x/lib/y.so|C:\\Program Files\\Pidgin\\plugins\\z.dll|bare.so";
        assert_eq!(code(&read_with(&[(LIST, "pathlist", items)], &[])), []);
    }

    #[test]
    fn of_other_folders_are_the_users_if_they_exist() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("foreign.so");
        std::fs::write(&path, "x").unwrap();
        let path = path.to_str().unwrap();
        let gone = folder.path().join("gone.so");
        let items = format!("{path}|{}", gone.display());
        let profile = read_with(&[(LIST, "pathlist", &items)], &[]);
        assert_eq!(code(&profile), [(PluginLoaded, "foreign.so".to_owned(), path)]);
        let both = [(LIST, "pathlist", items.as_str()), ("/finch/plugins/loaded", "pathlist", items.as_str())];
        assert_eq!(code(&read_with(&both, &[])).len(), 1, "each once");
    }

    #[cfg(unix)]
    #[test]
    fn say_who_can_change_them() {
        use std::os::unix::fs::PermissionsExt;
        use xmpp_audit::model::Access;
        let folder = tempfile::tempdir().unwrap();
        let set = |path: &std::path::Path, mode| {
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
        };
        let path = folder.path().join("foreign.so");
        std::fs::write(&path, "x").unwrap();
        for (of_folder, of_file, expected) in [
            (0o755, 0o755, Access::Owner),
            (0o755, 0o777, Access::Everyone),
            (0o777, 0o755, Access::Everyone),
            (0o700, 0o777, Access::Owner),
        ] {
            set(folder.path(), of_folder);
            set(&path, of_file);
            let items = path.to_str().unwrap();
            let profile = read_with(&[(LIST, "pathlist", items)], &[]);
            let plugin = profile.habits.iter().find(|habit| habit.what.value == PluginLoaded).unwrap();
            assert_eq!(plugin.writable_by, expected, "{of_folder:o} {of_file:o}");
        }
    }
}

mod commands {
    use super::*;
    use HabitKind::{CommandRun, ShellRun};

    const BROWSER: &str = "/pidgin/browsers/browser";
    const FOR_LINKS: &str = "/pidgin/browsers/manual_command";
    const METHOD: &str = "/pidgin/sound/method";
    const FOR_SOUNDS: &str = "/pidgin/sound/command";

    #[test]
    fn run_only_where_they_are_chosen() {
        let links = |browser, command| [(BROWSER, "string", browser), (FOR_LINKS, "string", command)];
        let sounds = |method, command| [(METHOD, "string", method), (FOR_SOUNDS, "path", command)];
        for (preferences, expected) in [
            (links("custom", "torbrowser %s"), Some((CommandRun, "torbrowser %s"))),
            (links("xdg-open", "torbrowser %s"), None),
            (links("Custom", "torbrowser %s"), None),
            (links("custom", ""), None),
            // What Debian's Pidgin writes by itself (observed).
            (links("custom", "sensible-browser"), None),
            (links("custom", "xdg-open %s"), None),
            (links("custom", "sensible-browser2"), Some((CommandRun, "sensible-browser2"))),
            (links("custom", "sh -c &quot;firefox %s&quot;"), Some((ShellRun, "sh -c &quot;firefox %s&quot;"))),
            (sounds("custom", "aplay %s"), Some((CommandRun, "aplay %s"))),
            (sounds("custom", "sh -c &quot;aplay %s&quot;"), Some((CommandRun, "sh -c &quot;aplay %s&quot;"))),
            (sounds("automatic", "aplay %s"), None),
            (sounds("none", "aplay %s"), None),
            (sounds("custom", ""), None),
        ] {
            let found = read_with(&preferences, &[]);
            let expected: Vec<_> = expected.map(|(kind, text)| (kind, String::new(), text)).into_iter().collect();
            assert_eq!(code(&found), expected, "{preferences:?}");
        }
        let [method, command] = sounds("custom", "aplay %s");
        let muted = read_with(&[method, command, ("/pidgin/sound/mute", "bool", "1")], &[]);
        assert_eq!(code(&muted), []);
        let wrong_type = read_with(&[method, (FOR_SOUNDS, "string", "aplay %s")], &[]);
        assert_eq!(code(&wrong_type), []);
    }

    #[test]
    fn are_shown_without_what_may_be_a_password() {
        let profile =
            read_with(&[(BROWSER, "string", "custom"), (FOR_LINKS, "string", "notify --token hunter2 %s")], &[]);
        let text = profile.files[0].text.as_ref().unwrap();
        let Spot::Text(span) = profile.habits.last().unwrap().what.place().spot else { panic!("no place") };
        let shown = text.excerpt(span).text;
        assert!(shown.contains("notify") && !shown.contains("hunter2") && !shown.contains("--token"), "{shown}");
    }
}

mod pounces {
    use super::*;

    fn pounce(change: impl Fn(&str) -> String) -> Profile {
        let pounce = "<?xml version='1.0' encoding='UTF-8' ?>\n\n<pounces version='1.0'>\n\t<pounce ui='gtk-gaim'>\n\
            <account protocol='prpl-jabber'>alice@example.org</account>\n<pouncee>bob@example.org</pouncee>\n\
            <options/>\n<events>\n<event type='sign-on'/>\n</events>\n<actions>\n\
            <action type='execute-command'>\n<param name='command'>notify hunter2</param>\n</action>\n</actions>\n\
            </pounce>\n</pounces>\n";
        read_with(&[], &[(".purple/pounces.xml", change(pounce).as_bytes())])
    }

    #[test]
    fn run_commands() {
        let profile = pounce(str::to_owned);
        let expected = (HabitKind::CommandRun, "bob@example.org".to_owned(), "notify hunter2");
        assert_eq!(code(&profile), [expected]);
        let habit = profile.habits.last().unwrap();
        assert_eq!(habit.account, Some(0));
        assert_eq!(
            habit.what.place().words,
            "accounts[alice@example.org] / pounces[bob@example.org] / execute-command"
        );
        let text = profile.files[habit.what.place().file.0].text.as_ref().unwrap();
        let all = 0..text.bytes().len();
        assert!(all.step_by(7).all(|at| !text.excerpt(Span::at(at)).text.contains("hunter2")));
    }

    #[test]
    fn that_never_happen_run_nothing() {
        for (from, to) in [
            ("execute-command", "play-sound"),
            ("name='command'", "name='filename'"),
            ("notify hunter2", ""),
            ("alice@example.org", "stranger@example.org"),
            ("prpl-jabber", "prpl-irc"),
            ("<event type='sign-on'/>", ""),
            ("sign-on", "sign-up"),
            (" ui='gtk-gaim'", ""),
            ("<pouncee>bob@example.org</pouncee>", ""),
            ("</pounces>", ""),
        ] {
            let profile = pounce(|text| text.replace(from, to));
            assert_eq!(code(&profile), [], "{from}");
        }
    }
}

mod stores {
    use super::*;

    #[test]
    fn are_looked_at() {
        for (path, kind, purpose, holds_secret) in [
            (".purple/otr.private_key", "OTR keys", Purpose::Keys, true),
            (".purple/otr.fingerprints", "OTR fingerprints", Purpose::Other, false),
            (".purple/alice@example.org_axc_db.sqlite", "OMEMO keys", Purpose::Keys, true),
            (".purple/alice@example.org_omemo_db.sqlite", "OMEMO devices", Purpose::Other, false),
            (".purple/pounces.xml~", "leftover copy", Purpose::Leftover, false),
            (".purple/accounts.xml.save", "leftover copy", Purpose::Leftover, false),
        ] {
            let profile = read_with(&[], &[(path, b"")]);
            let file = profile.files.iter().find(|file| file.path.ends_with(path)).unwrap();
            assert_eq!((file.kind.0, file.kind.1, file.holds_secret), (kind, purpose, holds_secret), "{path}");
        }
    }

    #[test]
    fn one_log_stands_for_all() {
        let logs: [(&str, &[u8]); 5] = [
            (".purple/logs/jabber/alice@example.org/bob@example.org/2026-01-02.150405+0100CET.html", b"x"),
            (".purple/logs/jabber/alice@example.org/r@c.example.org.chat/2026-01-03.150405+0100CET.txt", b"x"),
            (".purple/logs/jabber/alice@example.org/bob@example.org/notes.doc", b"x"),
            (".purple/logs/irc/alice/bob/2026-01-02.150405+0100CET.html", b"x"),
            (".purple/logs/jabber/2026-01-02.150405+0100CET.html", b"x"),
        ];
        let count = |files: &[(&str, &[u8])]| {
            let profile = read_with(&[], files);
            profile.files.iter().filter(|file| file.kind.1 == Purpose::History).count()
        };
        assert_eq!(count(&logs), 1);
        assert_eq!(count(&logs[1..2]), 1);
        assert_eq!(count(&logs[2..]), 0);
        assert_eq!(count(&[]), 0);
        let marked = "dot_purple/logs/jabber/a@x.test/b@x.test/private_2026-01-02.150405+0100CET.html";
        let accounts = accounts_xml("<settings/>");
        let profile = read(&[("dot_purple/private_accounts.xml", accounts.as_bytes()), (marked, b"x")]);
        assert_eq!(profile.files.len(), 2);
    }

    #[cfg(unix)]
    #[test]
    fn the_log_that_most_can_read_stands_for_all() {
        use std::os::unix::fs::PermissionsExt;
        use xmpp_audit::clients::{Client, Found, pidgin::Pidgin};
        use xmpp_audit::model::Access;
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join(".purple");
        let logs = root.join("logs/jabber/a@x.test/b@x.test");
        std::fs::create_dir_all(&logs).unwrap();
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        for (name, mode) in [("1.html", 0o600), ("2.html", 0o644), ("3.html", 0o600)] {
            std::fs::write(logs.join(name), "x").unwrap();
            std::fs::set_permissions(logs.join(name), std::fs::Permissions::from_mode(mode)).unwrap();
        }
        let path = root.join("accounts.xml");
        std::fs::write(&path, accounts_xml("<settings/>")).unwrap();
        let kind = Pidgin.recognise(&path, b"").unwrap();
        let profile = Pidgin.read(&[Found { path, kind, home: None }], &xmpp_audit::source::Reader::default());
        let log = profile.files.iter().find(|file| file.kind.1 == Purpose::History).unwrap();
        assert!(log.path.ends_with("2.html"));
        assert_eq!(log.readable_by, Access::Everyone);
    }
}
