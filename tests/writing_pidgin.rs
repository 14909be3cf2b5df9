//! What is written into Pidgin's files, byte for byte.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "a test may fail"
)]

mod pidgin;

use pidgin::{accounts_xml, read, read_as};
use xmpp_audit::clients::Client;
use xmpp_audit::clients::pidgin::Pidgin;
use xmpp_audit::fix::spliced;
use xmpp_audit::model::{Change, Edit, Place, Profile, Step, Unrepairable, Wish};
use xmpp_audit::source::Reader;

fn set(fact: &'static str, value: &str) -> Change {
    Change::Set { fact, value: value.to_owned() }
}

fn write(profile: &Profile, number: usize, change: Change) -> Result<Vec<Edit>, Unrepairable> {
    let place = Place::of_file(xmpp_audit::model::FileNumber(0), "");
    Pidgin.write(profile, &Reader::default(), &Wish { number, change, place })
}

/// The text of a file after the edits, all of which are in it.
fn after(profile: &Profile, edits: &[Edit]) -> String {
    let file = edits.first().map_or(0, |edit| edit.file.0);
    let text = profile.files[file].text.as_ref().unwrap().bytes();
    let splices: Vec<_> = edits
        .iter()
        .map(|edit| match &edit.step {
            Step::Text(splice) if edit.file.0 == file => splice.clone(),
            other => panic!("{other:?}"),
        })
        .collect();
    String::from_utf8(spliced(text, &splices).unwrap().to_vec()).unwrap()
}

fn fixed(path: &str, text: &str, number: usize, change: Change) -> Result<String, Unrepairable> {
    let profile = read(&[(path, text.as_bytes())]);
    let edits = write(&profile, number, change.clone())?;
    let new = after(&profile, &edits);
    if !matches!(change, Change::Remove { .. }) {
        let profile = read(&[(path, new.as_bytes())]);
        assert_eq!(write(&profile, number, change), Ok(Vec::new()), "a second time:\n{new}");
    }
    Ok(new)
}

/// What becomes of the only account, whose element holds `body` besides its name.
fn of_account(body: &str, fact: &'static str, value: &str) -> Result<String, Unrepairable> {
    fixed(".purple/accounts.xml", &accounts_xml(body), 0, set(fact, value))
}

fn setting(name: &str, kind: &str, value: &str) -> String {
    format!("<setting name='{name}' type='{kind}'>{value}</setting>")
}

#[test]
fn encryption_is_required_where_libpurple_reads_it() {
    let cs = |value: &str| setting("connection_security", "string", value);
    let required = cs("require_tls");
    let (tls, ssl) = (|value| setting("require_tls", "bool", value), |value| setting("old_ssl", "bool", value));
    for (before, expected) in [
        (format!("<settings>{}</settings>", cs("opportunistic_tls")), format!("<settings>{required}</settings>")),
        (format!("<settings>{}</settings>", cs(" require_tls\n")), format!("<settings>{required}</settings>")),
        (format!("<settings>{required}</settings>"), format!("<settings>{required}</settings>")),
        ("<settings/>".to_owned(), "<settings/>".to_owned()),
        // Comments and what else stands in a value stay.
        (
            format!("<settings>{}</settings>", cs("op<!-- a -->port<b>x</b><![CDATA[&]]>&#95;tls")),
            format!("<settings>{}</settings>", cs("require_tls<!-- a --><b>x</b><![CDATA[]]>")),
        ),
        (
            format!("<settings>{}</settings>", cs("<![CDATA[none]]>")),
            format!("<settings>{}</settings>", cs("<![CDATA[require_tls]]>")),
        ),
        // The last one counts; others of another value would only mislead.
        (
            format!("<settings>\n\t\t\t{}\n\t\t\t{required}\n\t\t\t{}\n\t\t</settings>", cs("x"), cs("y")),
            format!("<settings>\n\t\t\t{required}\n\t\t\t{required}\n\t\t</settings>"),
        ),
        (
            format!("<settings>{}</settings><settings>{}{}</settings>", cs("x"), cs("y"), cs("")),
            format!("<settings></settings><settings>{required}{}</settings>", cs("")),
        ),
        // What older versions went by is not left to say otherwise.
        (
            format!("<settings>\n\t\t\t{}\n\t\t</settings>", tls("0")),
            format!("<settings>\n\t\t\t{}\n\t\t\t{required}\n\t\t</settings>", tls("1")),
        ),
        (
            format!("<settings>\r\n  {}\r\n</settings>", tls("0")),
            format!("<settings>\r\n  {}\r\n  {required}\r\n</settings>", tls("1")),
        ),
        (
            format!("<settings>{}{}</settings>", ssl("1"), setting("port", "int", "5223")),
            format!("<settings>{}{}{required}</settings>", ssl("0"), setting("port", "int", "5222")),
        ),
        (
            format!("<settings>{}{}{}</settings>", tls("0"), cs("old_ssl"), setting("port", "int", "443")),
            format!("<settings>{}{required}{}</settings>", tls("1"), setting("port", "int", "443")),
        ),
        // Without an element for settings nothing is migrated.
        (
            "<proxy><type>tor</type></proxy>".to_owned(),
            format!("<settings>\n\t\t\t{required}\n\t\t</settings>\n\t\t<proxy><type>tor</type></proxy>"),
        ),
        (
            "<alias>A</alias>".to_owned(),
            format!("<alias>A</alias>\n\t\t<settings>\n\t\t\t{required}\n\t\t</settings>"),
        ),
        // Settings of a user interface are none of the account's.
        (
            format!("<settings>{}</settings><settings ui='gtk-gaim'>{}</settings>", tls("0"), cs("old_ssl")),
            format!(
                "<settings>{}{required}</settings><settings ui='gtk-gaim'>{}</settings>",
                tls("1"),
                cs("old_ssl")
            ),
        ),
        // In the style of what is there.
        (
            "<settings>\n\t\t\t<setting type=\"bool\" name=\"require_tls\">0</setting >\n\t\t</settings>"
                .to_owned(),
            "<settings>\n\t\t\t<setting type=\"bool\" name=\"require_tls\">1</setting >\n\t\t\t\
             <setting name=\"connection_security\" type=\"string\">require_tls</setting>\n\t\t</settings>"
                .to_owned(),
        ),
        (
            "<settings xmlns:x='urn:x'><x:setting name='require_tls' type='bool'>0</x:setting></settings>"
                .to_owned(),
            "<settings xmlns:x='urn:x'><x:setting name='require_tls' type='bool'>1</x:setting>\
             <x:setting name='connection_security' type='string'>require_tls</x:setting></settings>"
                .to_owned(),
        ),
    ] {
        let new = of_account(&before, "account.encryption", "required").unwrap();
        assert_eq!(new, accounts_xml(&expected), "{before}");
    }
}

#[test]
fn every_element_of_an_account_counts() {
    let account = |name: &str, body: &str| {
        format!("<account><protocol>prpl-jabber</protocol><name>{name}</name>{body}</account>")
    };
    let cs = |value: &str| format!("<settings>{}</settings>", setting("connection_security", "string", value));
    let before = format!(
        "<a>{}{}{}</a>",
        account("a@x.test/one", &format!("<password>p</password><password>q</password>{}", cs("require_tls"))),
        account("b@x.test/", &format!("<password>stays</password>{}", cs("none"))),
        account("A@x.test/two", &format!("<password>r</password>{}", cs("opportunistic_tls"))),
    );
    let new = fixed(".purple/accounts.xml", &before, 0, set("account.encryption", "required")).unwrap();
    assert_eq!(new, before.replace("opportunistic_tls", "require_tls"));
    let new = fixed(".purple/accounts.xml", &before, 0, set("account.password", "absent")).unwrap();
    let without = ["p", "q", "r"]
        .iter()
        .fold(before.clone(), |text, password| text.replace(&format!("<password>{password}</password>"), ""));
    assert_eq!(new, without);
    let new = fixed(".purple/accounts.xml", &before, 1, set("account.encryption", "required")).unwrap();
    assert_eq!(new, before.replace("none", "require_tls"));
}

#[test]
fn older_versions_are_written_to_as_they_read() {
    let change = || set("account.encryption", "required");
    for (version, before, expected) in [
        (
            "2.5.9",
            "<settings/>",
            Some("<settings>\n\t\t\t<setting name='require_tls' type='bool'>1</setting>\n\t\t</settings>"),
        ),
        (
            "2.5.9",
            "<settings><setting name='require_tls' type='bool'>0</setting></settings>",
            Some("<settings><setting name='require_tls' type='bool'>1</setting></settings>"),
        ),
        ("2.6.9", "<settings/>", None),
        (
            "2.6.9",
            "<settings><setting name='old_ssl' type='bool'>1</setting></settings>",
            Some(
                "<settings><setting name='old_ssl' type='bool'>0</setting><setting name='require_tls' type='bool'>1</setting></settings>",
            ),
        ),
        ("2.7.4", "<settings/>", None),
    ] {
        let text = accounts_xml(before);
        let profile = read_as(&[(".purple/accounts.xml", text.as_bytes())], version);
        let edits = write(&profile, 0, change()).unwrap();
        assert_eq!(after(&profile, &edits), accounts_xml(expected.unwrap_or(before)), "{version}: {before}");
    }
}

#[test]
fn other_settings_of_an_account_are_written() {
    let cs = setting("connection_security", "string", "require_tls");
    let plain = |value: &str| setting("auth_plain_in_clear", "bool", value);
    let url = |value: &str| setting("bosh_url", "string", value);
    for (fact, value, before, expected) in [
        ("account.cleartext_login", "never", plain("false"), plain("0")),
        ("account.cleartext_login", "never", plain("1") + &plain("yes"), plain("0")),
        ("account.cleartext_login", "never", plain("1") + &plain("0"), plain("1") + &plain("0")),
        ("account.cleartext_login", "asks", String::new(), String::new()),
        ("account.transport", "tcp", url("http://h/") + &cs, url("") + &cs),
        ("account.transport", "tcp", url("http://a:b@h/") + &url("http://h/"), url("")),
        (
            "account.transport",
            "tcp",
            setting("connection_security", "string", "old_ssl") + &url("h"),
            cs.clone() + &url(""),
        ),
    ] {
        let new = of_account(&format!("<settings>{before}</settings>"), fact, value).unwrap();
        assert_eq!(new, accounts_xml(&format!("<settings>{expected}</settings>")), "{fact}: {before}");
    }
}

#[test]
fn a_secret_that_is_taken_away_is_kept_nowhere() {
    let proxy = "<proxy><type>http</type><host>h</host><port>1</port><password>x</password></proxy>";
    let url = "<settings><setting name='bosh_url' type='string'>http://a:b@h/</setting></settings>";
    for (body, change) in [
        ("<password>hunter2</password>", set("account.password", "absent")),
        (url, set("account.transport", "tcp")),
        (proxy, set("account.proxy.tor", "reached")),
        (proxy, set("proxy.password", "absent")),
    ] {
        let text = accounts_xml(body);
        let profile = read(&[(".purple/accounts.xml", text.as_bytes())]);
        let edits = write(&profile, 0, change.clone()).unwrap();
        let forgets = |edit: &Edit| matches!(&edit.step, Step::Text(splice) if splice.forgets);
        assert!(edits.iter().any(forgets), "{change:?}");
        let kept: String = edits
            .iter()
            .filter(|edit| !forgets(edit))
            .map(|edit| match &edit.step {
                Step::Text(splice) => &text[splice.span.start..splice.span.end],
                _ => "",
            })
            .collect();
        assert!(!kept.contains("hunter2") && !kept.contains("a:b") && !kept.contains(">x<"), "{change:?}: {kept}");
    }
}

#[test]
fn proxies_are_written() {
    let tor = "<type>tor</type><host>127.0.0.1</host><port>9050</port>";
    for (fact, value, before, expected) in [
        ("account.proxy.tor", "reached", "<proxy><type>none</type></proxy>", Ok("<proxy><host>127.0.0.1</host><port>9050</port><type>tor</type></proxy>".to_owned())),
        ("account.proxy.tor", "reached", "<proxy/>", Ok("<proxy>\n\t\t\t<type>tor</type>\n\t\t\t<host>127.0.0.1</host>\n\t\t\t<port>9050</port>\n\t\t</proxy>".to_owned())),
        ("account.proxy.tor", "reached", "<proxy><type>global</type></proxy><proxy><type>http</type></proxy>", Ok("<proxy><host>127.0.0.1</host><port>9050</port><type>tor</type></proxy><proxy><type>http</type></proxy>".to_owned())),
        ("account.proxy.tor", "reached", "<proxy>\n\t\t\t<type>http</type>\n\t\t\t<host>proxy.test</host>\n\t\t\t<port>80</port>\n\t\t\t<username>a</username>\n\t\t\t<password>b</password>\n\t\t</proxy>", Ok("<proxy>\n\t\t\t<type>tor</type>\n\t\t\t<host>127.0.0.1</host>\n\t\t\t<port>9050</port>\n\t\t</proxy>".to_owned())),
        ("account.proxy.tor", "reached", "<proxy><type>socks4</type><host>127.0.0.1</host><port>9150</port><password>b</password></proxy>", Ok("<proxy><type>tor</type><host>127.0.0.1</host><port>9150</port><password>b</password></proxy>".to_owned())),
        ("account.proxy.tor", "reached", "<settings/>", Ok(format!("<settings/>\n\t\t<proxy>\n\t\t\t{}\n\t\t</proxy>", tor.replace("><h", ">\n\t\t\t<h").replace("><p", ">\n\t\t\t<p")))),
        ("account.proxy.fault", "sound", "<proxy><type>tor</type><host>localhost</host><port>9050</port></proxy>", Ok(format!("<proxy>{tor}</proxy>"))),
        ("account.proxy.fault", "sound", "<proxy><type>tor</type><host>tor.test</host><port>9050</port></proxy>", Err(Unrepairable::Choice)),
        ("account.proxy.fault", "sound", "<proxy><type> Tor</type><host>::1</host><port>9150</port></proxy>", Ok("<proxy><type>tor</type><host>::1</host><port>9150</port></proxy>".to_owned())),
        ("account.proxy.fault", "sound", "<proxy><type>TOR</type></proxy>", Ok("<proxy><host>127.0.0.1</host><port>9050</port><type>tor</type></proxy>".to_owned())),
        ("account.proxy.fault", "sound", "<proxy><type>SOCKS5</type><host>h</host><port>1</port></proxy>", Err(Unrepairable::Choice)),
        ("account.proxy.fault", "sound", "<proxy><type>SOCKS5</type><host>127.0.0.1</host><port>9050</port></proxy>", Ok(format!("<proxy>{tor}</proxy>"))),
        ("account.proxy.fault", "sound", "<proxy><type>SOCKS5</type></proxy>", Err(Unrepairable::Choice)),
        ("account.proxy.fault", "sound", "<proxy><type>gnome</type></proxy>", Err(Unrepairable::Choice)),
        ("account.proxy.fault", "sound", "<proxy><type>Global</type></proxy>", Ok("<proxy><type>global</type></proxy>".to_owned())),
        ("proxy.password", "absent", "<password>a</password><proxy><type>http</type><host>h</host><port>1</port>\n<password>b</password>\n</proxy>", Ok("<password>a</password><proxy><type>http</type><host>h</host><port>1</port>\n</proxy>".to_owned())),
    ] {
        let text = accounts_xml(before);
        let profile = read(&[(".purple/accounts.xml", text.as_bytes())]);
        let new = write(&profile, 0, set(fact, value)).map(|edits| after(&profile, &edits));
        assert_eq!(new, expected.map(|expected| accounts_xml(&expected)), "{fact}: {before}");
    }
}

#[test]
fn an_account_that_goes_through_tor_is_not_led_round_it() {
    let preferences = pidgin::prefs_xml(&[
        ("/purple/proxy/type", "string", "tor"),
        ("/purple/proxy/host", "string", "127.0.0.1"),
        ("/purple/proxy/port", "int", "9050"),
    ]);
    let server = setting("connect_server", "string", "x.test");
    for (kind, expected) in [
        ("None", Err(Unrepairable::Choice)),
        ("HTTP", Err(Unrepairable::Choice)),
        ("SOCKS5", Ok(1)),
        ("Tor", Ok(1)),
    ] {
        let text = accounts_xml(&format!(
            "<settings>{server}</settings><proxy><type>{kind}</type><host>127.0.0.1</host><port>1</port></proxy>"
        ));
        let files = [(".purple/accounts.xml", text.as_bytes()), (".purple/prefs.xml", preferences.as_bytes())];
        let edits = write(&read(&files), 0, set("account.proxy.fault", "sound"));
        assert_eq!(edits.map(|edits| edits.len()), expected, "{kind}");
    }
    for (server, kind, expected) in [
        ("", "None", Ok(1)),
        ("x.onion", "None", Err(Unrepairable::Choice)),
        ("x.onion", "HTTP", Err(Unrepairable::Choice)),
        ("x.onion", "Socks5", Ok(1)),
        ("x.test", "Http", Ok(1)),
        ("", "Http", Err(Unrepairable::Choice)),
        ("x.test", "SOCKS4", Err(Unrepairable::Choice)),
        ("x.test", "EnvVar", Err(Unrepairable::Choice)),
    ] {
        let text = accounts_xml(&format!(
            "<settings>{}</settings><proxy><type>{kind}</type><host>h</host><port>1</port></proxy>",
            setting("connect_server", "string", server)
        ));
        let edits =
            write(&read(&[(".purple/accounts.xml", text.as_bytes())]), 0, set("account.proxy.fault", "sound"));
        assert_eq!(edits.map(|edits| edits.len()), expected, "{kind}, {server}");
    }
}

fn blist(chat: &str) -> String {
    format!(
        "<purple version='1.0'><blist><group name='g'>\n<chat account='a@x.test/' proto='prpl-jabber'>{chat}</chat>\n\
         </group></blist></purple>"
    )
}

#[test]
fn rooms_are_written() {
    let part = |name: &str, value: &str| format!("<component name='{name}'>{value}</component>");
    let (room, server) = (|value| part("room", value), |value| part("server", value));
    for (fact, value, before, expected) in [
        ("room.fault", "sound", room("r@muc.test") + &server("x.test"), Ok(room("r") + &server("muc.test"))),
        (
            "room.fault",
            "sound",
            "\n\t".to_owned() + &room("r@muc.test"),
            Ok("\n\t".to_owned() + &room("r") + "\n\t" + &server("muc.test")),
        ),
        ("room.fault", "sound", room("r@x.test") + &server("muc.test"), Err(Unrepairable::Choice)),
        ("room.fault", "sound", room("r") + &server("muc.test\n"), Ok(room("r") + &server("muc.test"))),
        ("room.fault", "sound", room("r"), Err(Unrepairable::Choice)),
        ("room.address", "r@muc.x.test", server("x.test") + &room("R"), Ok(server("muc.x.test") + &room("R"))),
        (
            "room.address",
            "s@muc.x.test",
            server("y") + &server("x.test") + &room("r"),
            Ok(server("y") + &server("muc.x.test") + &room("s")),
        ),
        ("room.address", "muc.x.test", server("x.test") + &room("r"), Err(Unrepairable::Choice)),
        (
            "room.password",
            "absent",
            room("r") + &server("m.test") + "\n" + &part("password", "p") + "\n",
            Ok(room("r") + &server("m.test") + "\n"),
        ),
        ("room.password", "absent", part("password", "a") + &room("r") + &part("password", "b"), Ok(room("r"))),
    ] {
        let new = fixed(".purple/blist.xml", &blist(&before), 0, set(fact, value));
        assert_eq!(new, expected.map(|expected| blist(&expected)), "{fact}: {before}");
    }
}

#[test]
fn habits_are_written_into_the_preferences() {
    let xml = |body: &str| format!("<?xml version='1.0'?>\n<pref version='1' name='/'>{body}</pref>\n");
    let none = "<pref name='purple'>\n\t<pref name='logging'>\n\t\t<pref name='log_ims' type='bool' value='0'/>\n\t\t\
                <pref name='log_chats' type='bool' value='0'/>\n\t</pref>\n\t";
    let rest = "</pref>";
    for (before, expected) in [
        (
            "<pref name='away'><pref name='idle_reporting' type='string' value='none'/></pref>\n",
            "<pref name='conversations'>\n\t\t<pref name='im'>\n\t\t\t<pref name='send_typing' type='bool' value='0'/>\n\t\t\
             </pref>\n\t</pref>\n\t",
        ),
        (
            "<pref name='conversations'><pref name='im'><pref name='send_typing' type='bool' value='1'/></pref></pref>\
             <pref name='away'><pref name='idle_reporting' type='string' value='none'/></pref>\n",
            "",
        ),
    ] {
        let profile = read(&[(".purple/prefs.xml", xml(&format!("{none}{before}{rest}")).as_bytes())]);
        assert_eq!(profile.habits.len(), 1, "{before}");
        let edits = write(&profile, 0, Change::Remove { subject: "habit" }).unwrap();
        let new = after(&profile, &edits);
        if expected.is_empty() {
            assert_eq!(
                new,
                xml(&format!("{none}{before}{rest}")
                    .replace("typing' type='bool' value='1'", "typing' type='bool' value='0'"))
            );
        } else {
            let none = none.replacen("\n\t", &format!("\n\t{expected}"), 1);
            assert_eq!(new, xml(&format!("{none}{before}{rest}")));
        }
        assert_eq!(read(&[(".purple/prefs.xml", new.as_bytes())]).habits.len(), 0, "{new}");
    }
}

#[test]
fn folders_of_preferences_are_made() {
    for (before, expected) in [
        (
            "<pref name='/'/>",
            "<pref name='/'><pref name='purple'><pref name='away'><pref name='idle_reporting' type='string' \
             value='none'/></pref></pref></pref>",
        ),
        (
            "\n<pref name='/' >\n  <pref name='purple' />\n</pref>",
            "\n<pref name='/' >\n  <pref name='purple' >\n    <pref name='away'>\n      <pref name='idle_reporting' \
             type='string' value='none'/>\n    </pref>\n  </pref>\n</pref>",
        ),
        (
            "\r\n<pref name='/'>\r\n\t<pref name='purple'>\r\n\t</pref>\r\n</pref>",
            "\r\n<pref name='/'>\r\n\t<pref name='purple'>\r\n\t\t<pref name='away'>\r\n\t\t\t<pref \
             name='idle_reporting' type='string' value='none'/>\r\n\t\t</pref>\r\n\t</pref>\r\n</pref>",
        ),
        // What follows an element that is passed over is read one level too high.
        (
            "<pref name='/'><pref name='purple'><pref name='x' type='y'/><pref name='away'><pref name='z'/></pref></pref></pref>",
            "<pref name='/'><pref name='purple'><pref name='away'><pref name='idle_reporting' type='string' \
             value='none'/></pref><pref name='x' type='y'/><pref name='away'><pref name='z'/></pref></pref></pref>",
        ),
    ] {
        let profile = read(&[(".purple/prefs.xml", before.as_bytes())]);
        let idle = |profile: &Profile| {
            profile.habits.iter().position(|habit| habit.what.value == xmpp_audit::model::HabitKind::IdleTimeShown)
        };
        let edits = write(&profile, idle(&profile).unwrap(), Change::Remove { subject: "habit" }).unwrap();
        let new = after(&profile, &edits);
        assert_eq!(new, expected);
        assert_eq!(idle(&read(&[(".purple/prefs.xml", new.as_bytes())])), None, "{new}");
    }
}

#[test]
fn what_does_nothing_is_taken_away() {
    let cs = |value: &str| setting("connection_security", "string", value);
    let idle = |body: &str, number: usize| {
        fixed(".purple/accounts.xml", &accounts_xml(body), number, Change::Remove { subject: "setting" })
    };
    let body = format!("<settings>\n\t\t\t{}\n\t\t\t{}\n\t\t</settings>", cs("none"), cs("require_tls"));
    let expected = format!("<settings>\n\t\t\t{}\n\t\t</settings>", cs("require_tls"));
    assert_eq!(idle(&body, 0), Ok(accounts_xml(&expected)));
    // The migration went by it.
    let (off, on) = (setting("require_tls", "bool", "0"), setting("require_tls", "bool", "1"));
    assert_eq!(idle(&format!("<settings>{off}</settings><settings>{on}</settings>"), 0), Err(Unrepairable::Choice));
    let wrong = setting("connection_security", "bool", "1");
    assert_eq!(idle(&format!("<settings>{wrong}</settings>"), 0), Err(Unrepairable::Unwritten));
    let twice = accounts_xml(
        "<settings/></account><account><protocol>prpl-jabber</protocol><name>Alice@example.org</name>",
    );
    let new = fixed(".purple/accounts.xml", &twice, 0, Change::Remove { subject: "setting" });
    assert_eq!(new, Err(Unrepairable::Choice));
    let duplicates = "<pref name='/'><pref name='purple'><pref name='proxy'>\n<pref name='type' type='string' value='x'/>\n\
                      <pref name='type' type='string' value='tor'></pref>\n<pref name='type' type='int' value='1'/>\n\
                      </pref></pref></pref>";
    for (number, gone) in
        [(0, "<pref name='type' type='string' value='x'/>\n"), (2, "<pref name='type' type='int' value='1'/>\n")]
    {
        let new = fixed(".purple/prefs.xml", duplicates, number, Change::Remove { subject: "setting" });
        assert_eq!(new, Ok(duplicates.replace(gone, "")));
    }
}

#[test]
fn what_cannot_be_written_is_refused() {
    let body = "<settings><setting name='connection_security' type='string'>none</setting></settings>";
    let sound = accounts_xml(body);
    let latin = sound.replace("UTF-8", "ISO-8859-1").replace("alice", "al\u{ec}ce");
    let latin: Vec<u8> = latin.chars().map(|character| u8::try_from(u32::from(character)).unwrap()).collect();
    let profile = read(&[(".purple/accounts.xml", &latin)]);
    assert_eq!(write(&profile, 0, set("account.encryption", "required")), Err(Unrepairable::Encoding));
    let profile = read(&[(".purple/accounts.xml", sound.as_bytes())]);
    for (number, change, reason) in [
        (1, set("account.encryption", "required"), Unrepairable::Gone),
        (0, set("account.encryption", "never"), Unrepairable::Unwritten),
        (0, set("account.legacy_login", "false"), Unrepairable::Unwritten),
        (0, Change::Remove { subject: "habit" }, Unrepairable::Gone),
        (0, Change::Remove { subject: "command" }, Unrepairable::Unwritten),
    ] {
        assert_eq!(write(&profile, number, change), Err(reason));
    }
    let cut_off = "<pref name='/'><pref name='purple'><pref name='x'/>";
    let profile = read(&[(".purple/prefs.xml", cut_off.as_bytes())]);
    for number in 0..profile.habits.len() {
        assert!(write(&profile, number, Change::Remove { subject: "habit" }).is_err());
    }
}
